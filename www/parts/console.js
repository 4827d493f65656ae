// The client: what it asks, what it heard.

import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { choice, fold } from './fields.js';
import { parts } from '../later/later.js';
import { loadSwitch } from './load.js';
import { badge, tint } from './marks.js';
import { time } from '../words/words.js';

/** @typedef {import('../types').Operation} Operation */
/** @typedef {import('../app.js').App} App */

const ANSWERS_SHOWN = 6;

/** @param {App} app */
export function clientConsole(app) {
  const { state } = app;
  if (!state) return nothing;
  const client = state.clients.find((c) => c.name === app.ui.session);
  /** @type {unknown[]} */
  const shown = [client, state.settings, state.clients.length, app.slaves().join(), state.nodes[0]?.name];
  // What is unfolded shows what work takes at each node.
  if (app.ui.open.has('more')) shown.push(state.nodes);
  return app.part(shown, () => drawn(app, state));
}

/** @param {App} app @param {import('../types').State} state */
function drawn(app, state) {
  const t = app.words;
  const { ui } = app;
  const { values } = state.settings;
  const input = (/** @type {'key' | 'value'} */ name) => html`<label class="field"
    ><span>${t[name]}</span>
    <input
      name=${name}
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      .value=${live(ui[name])}
      @keydown=${(/** @type {KeyboardEvent} */ e) => e.key === 'Enter' && !e.isComposing && app.write()}
      @input=${(/** @type {Event} */ e) => (ui[name] = /** @type {HTMLInputElement} */ (e.target).value)}
    />
  </label>`;
  const small = app.surface.layout !== 'full';
  return html`<section class="console" part="console" aria-label=${app.titled(`${t.client} ${ui.session}`)}>
    ${
      app.shows('requests')
        ? // No form: a frame that is sandboxed may not submit one.
          html`<div class="ask-for"><fieldset ?disabled=${app.locked('requests')}>
      <div class="pair">${input('key')}${input('value')}</div>
      <div class="acts">
        <button class="primary" type="button" @click=${() => app.write()}>${t.write}${ui.writeTo ? html` <small>${t.at} ${ui.writeTo}</small>` : nothing}</button>
        <button class="second" type="button" @click=${() => app.read()}>${t.read}</button>
        <button class="quiet" type="button" @click=${() => app.remove()}>${t.remove}</button>
      </div>
      ${
        values.replication === 'async'
          ? nothing
          : html`<label class="check"
              ><input type="checkbox" .checked=${live(ui.local)} @change=${(/** @type {Event} */ e) => app.set({ local: /** @type {HTMLInputElement} */ (e.target).checked })} /><span
                >${t.local}</span
              ></label
            >`
      }
      ${choice({ id: 'router', label: t.readFrom }, values.router, [...Object.entries(t.routers), ...app.slaves().map((n) => [`@${n}`, n])], (v) => app.command(`router ${v}`))}
    </fieldset></div>
    ${small ? nothing : html`<fieldset ?disabled=${app.locked('requests')}>${loadSwitch(app)}</fieldset>`}`
        : nothing
    }
    ${answers(app)}
    ${app.shows('settings') ? fold(app, 'more', t.more, () => parts.settings.show(app, (code) => html`<fieldset ?disabled=${app.locked('settings')}>${code.settings(app)}</fieldset>`)) : nothing}
  </section>`;
}

/** @param {App} app */
function answers(app) {
  const t = app.words;
  const client = app.state?.clients.find((c) => c.name === app.ui.session);
  if (!client?.operations.length) return nothing;
  return html`<ol class="answers" aria-label=${t.answers}>
    ${repeat(
      client.operations.filter((op, i) => i < ANSWERS_SHOWN || op.id === client.waits),
      (op) => op.id,
      (op) => answer(app, op, op.id === client.waits),
    )}
  </ol>`;
}

/** Where it went; that writes go to the master needs no words. @param {App} app @param {Operation} op */
function where(app, op) {
  if (!op.node || (op.kind !== 'read' && op.node === app.state?.nodes[0]?.name)) return '';
  return ` ${op.kind === 'read' ? app.words.from : app.words.at} ${op.node}`;
}

/** @param {App} app @param {Operation} op @param {boolean} waits whether it waits for slaves, and need not */
function answer(app, op, waits) {
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
      <button class="quiet why" aria-label=${t.whyOf(`${t.verbs[op.kind]} ${op.key}`)} aria-haspopup="dialog" @click=${(/** @type {Event} */ e) => app.askWhy(op.id, e)}>${t.why}</button>
    </span>
    ${waits ? html`<button class="second small" title=${t.stopWaitingHelp} @click=${() => app.command(`${app.ui.session} cancel`)}>${t.stopWaiting}</button>` : nothing}
    ${late ? html`<span class="verdict-text">${t.opVerdicts[op.verdict]}${op.verdictText ? html` — ${op.verdictText}` : nothing}</span>` : nothing}
  </li>`;
}
