// The client: what it asks, what it heard.

import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { badge, tint } from './marks.js';
import { durationSlider } from './node-card.js';
import { parseReplication, replicationLine } from './run-text.js';
import { time } from './words.js';

/** @typedef {import('./types').Operation} Operation */
/** @typedef {import('./types').State} State */
/** @typedef {import('./app.js').App} App */
/** @typedef {[value: string, word: string]} Option */

const ANSWERS_SHOWN = 6;

/** A labelled choice. @param {string} label @param {string} value @param {Option[]} options @param {(value: string) => void} choose @param {string} [help] */
function choice(label, value, options, choose, help) {
  const all = options.some(([v]) => v === value) ? options : [...options, /** @type {Option} */ ([value, value])];
  return html`<label class="field"
    ><span>${label}</span>
    <select .value=${live(value)} @change=${(/** @type {Event} */ e) => choose(/** @type {HTMLSelectElement} */ (e.target).value)}>
      ${repeat(
        all,
        ([v]) => v,
        ([v, word]) => html`<option value=${v} ?selected=${v === value}>${word}</option>`,
      )}
    </select>
    ${help ? html`<small>${help}</small>` : nothing}
  </label>`;
}

/** @param {App} app */
export function clientConsole(app) {
  const t = app.words;
  const { state, ui } = app;
  if (!state) return nothing;
  const { settings } = state;
  const input = (/** @type {'key' | 'value'} */ name) => html`<label class="field"
    ><span>${t[name]}</span>
    <input
      name=${name}
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      .value=${live(ui[name])}
      @input=${(/** @type {Event} */ e) => (ui[name] = /** @type {HTMLInputElement} */ (e.target).value)}
    />
  </label>`;
  return html`<section class="console" aria-label="${t.client} ${ui.session}">
    <form
      @submit=${(/** @type {Event} */ e) => {
        e.preventDefault();
        app.write();
      }}
    >
      <div class="pair">${input('key')}${input('value')}</div>
      <div class="acts">
        <button class="primary" type="submit">${t.write}${ui.writeTo ? html` <small>${t.at} ${ui.writeTo}</small>` : nothing}</button>
        <button class="second" type="button" @click=${() => app.read()}>${t.read}</button>
        <button class="quiet" type="button" @click=${() => app.remove()}>${t.remove}</button>
      </div>
      ${choice(t.readFrom, settings.router, [.../** @type {Option[]} */ (Object.entries(t.routers)), ...state.nodes.filter((n) => n.role === 'slave').map((n) => /** @type {Option} */ ([`@${n.name}`, n.name]))], (v) => app.command(`router ${v}`))}
    </form>
    ${answers(app)}
    <details class="more">
      <summary>${t.more}</summary>
      ${settingsFields(app, state)}
    </details>
  </section>`;
}

/** @param {App} app @param {State} state */
function settingsFields(app, state) {
  const t = app.words;
  const { settings, nodes } = state;
  const replication = parseReplication(settings.replication);
  const set = (/** @type {Partial<typeof replication>} */ change) =>
    app.command(replicationLine({ ...replication, ...change }));
  const slaves = nodes.length - 1;
  /** @type {Option[]} */
  const who = [['async', t.ackAsync]];
  for (let n = 1; n < Math.min(slaves, 4); n++) who.push([String(n), t.ackN(String(n))]);
  who.push(['all', t.ackAll]);
  const sync = replication.who !== 'async';
  const presets = app.core?.presets ?? [];
  const preset = presets.find((p) => p.name === settings.preset);
  return html`
    ${choice(
      t.preset,
      settings.preset,
      [['', t.presetNone], ...presets.map((p) => /** @type {Option} */ ([p.name, p.title]))],
      (v) => app.command(`preset ${v || 'plain'}`),
      settings.presetChanged ? t.presetChanged : t.presetHelp,
    )}
    ${preset?.configuration ? html`<pre class="configuration" aria-label=${t.configuration}>${preset.configuration}</pre>` : nothing}
    ${choice(t.acknowledge, replication.who, who, (v) => set({ who: v }), t.acknowledgeHelp)}
    ${sync ? choice(t.ackStage, replication.stage, /** @type {Option[]} */ (Object.entries(t.stages)), (v) => set({ stage: v }), t.ackStageHelp) : nothing}
    ${
      sync
        ? html`<label class="check"
            ><input type="checkbox" .checked=${live(replication.hidden)} @change=${(/** @type {Event} */ e) => set({ hidden: /** @type {HTMLInputElement} */ (e.target).checked })} /><span>${t.hidden}</span
            ><small>${t.hiddenHelp}</small></label
          >`
        : nothing
    }
    ${choice(t.slaveWrites, settings.slaveWrites, /** @type {Option[]} */ (Object.entries(t.slaveWriteModes)), (v) => app.command(`slave-writes ${v}`), t.slaveWritesHelp)}
    ${choice(
      t.writeTo,
      app.ui.writeTo,
      [
        ['', t.routers.master],
        ...nodes.filter((n) => n.role === 'slave').map((n) => /** @type {Option} */ ([n.name, n.name])),
      ],
      (v) => {
        app.ui.writeTo = v;
        app.changed();
      },
      t.writeToHelp,
    )}
    ${choice(
      t.session,
      app.ui.session,
      app.sessions().map((s) => /** @type {Option} */ ([s, s])),
      (v) => {
        app.ui.session = v;
        app.changed();
      },
      t.sessionHelp,
    )}
    ${choice(t.durability, settings.durability, /** @type {Option[]} */ (Object.entries(t.durabilities)), (v) => app.command(`durability ${v}`), t.durabilityHelp)}
    <div class="field">${durationSlider(app, { id: 'timeout', word: t.timeout, label: t.timeout, us: settings.timeoutUs, zero: false, line: (text) => `timeout ${text}` })}<small>${t.timeoutHelp}</small></div>
  `;
}

/** @param {App} app */
function answers(app) {
  const t = app.words;
  const operations = app.state?.clients.find((c) => c.name === app.ui.session)?.operations ?? [];
  if (operations.length === 0) return nothing;
  return html`<ol class="answers" aria-label=${t.answers}>
    ${repeat(
      operations.slice(0, ANSWERS_SHOWN),
      (op) => op.id,
      (op) => answer(app, op),
    )}
  </ol>`;
}

/** Where it went; that writes go to the master needs no words. @param {App} app @param {Operation} op */
function where(app, op) {
  if (!op.node || (op.kind !== 'read' && op.node === app.state?.nodes[0]?.name)) return '';
  return ` ${op.kind === 'read' ? app.words.from : app.words.at} ${op.node}`;
}

/** @param {App} app @param {Operation} op */
function answer(app, op) {
  const t = app.words;
  const hue = op.write != null ? app.hueOf(op.write) : undefined;
  const said =
    op.outcome === 'value'
      ? html`<b class="got">${op.text}</b>`
      : op.outcome === 'error'
        ? html`<span class="got">${t.outcomes.error}: ${op.text}</span>`
        : op.outcome === 'count'
          ? html`<b class="got">${t.slavesHaveIt(Number(op.text))}</b>`
          : html`<span class="got">${t.outcomes[op.outcome]}</span>`;
  const late = op.verdict !== '' && op.verdict !== 'fresh';
  return html`<li class="answer ${op.outcome} ${op.verdict}" data-write=${op.write ?? nothing} ${tint(hue)}>
    <span class="asked">${t.verbs[op.kind]} ${op.key}<i>${where(app, op)}</i></span>
    <span class="heard">
      ${op.write != null ? badge(op.write, hue) : nothing}${said}
      ${op.doneUs != null ? html`<span class="took">${time(op.doneUs - op.askedUs)}</span>` : nothing}
    </span>
    ${late ? html`<span class="verdict-text">${t.opVerdicts[op.verdict]}${op.verdictText ? html` — ${op.verdictText}` : nothing}</span>` : nothing}
  </li>`;
}
