// The client: what it asks, what it heard.

import { html, nothing } from 'lit-html';
import { keyed } from 'lit-html/directives/keyed.js';
import { live } from 'lit-html/directives/live.js';
import { choice, fold } from './fields.js';
import { loadSwitch } from './load.js';
import { badge, tint } from './marks.js';
import { time } from '../words/words.js';
import { part } from './view.js';

/** @typedef {import('../types').Operation} Operation */
/** @typedef {import('./view.js').View} View */

const ANSWERS_SHOWN = 6;

/** The whole of it, in a column of its own or below the picture. @param {View} view */
export function clientConsole(view) {
  const { state } = view;
  if (!state) return nothing;
  return part(view, shownOf(view, state), () => {
    const small = view.surface.layout !== 'full';
    const load = small ? nothing : loads(view);
    return section(
      view,
      unfolded(view),
      html`${view.shows('requests') ? html`<div class="ask-for">${asks(view, state)}</div>${load}` : nothing}${rest(view)}`,
    );
  });
}

/** What is asked, as a bar at the lower edge of a small screen. @param {View} view */
export function askBar(view) {
  const { state } = view;
  if (!state || !view.shows('requests')) return nothing;
  return part(view, shownOf(view, state), () =>
    section(view, 'ask-bar', html`<div class="ask-for">${asks(view, state, true)}</div>`),
  );
}

/** What was heard, and all else that goes with the client, where the bar has the rest. @param {View} view */
export function heard(view) {
  const { state } = view;
  if (!state) return nothing;
  const asks = view.shows('requests');
  return part(
    view,
    shownOf(view, state),
    () =>
      html`<section class="console answers-only ${unfolded(view)}" part="console" aria-label=${view.titled(view.words.answersOf(view.ui.session))}>${asks ? html`${loads(view)}<fieldset ?disabled=${view.locked('requests')}>${remove(view)}</fieldset>` : nothing}${rest(view)}</section>`,
  );
}

/** @param {View} view @param {import('../types').State} state */
function shownOf(view, state) {
  const client = state.clients.find((c) => c.name === view.ui.session);
  /** @type {unknown[]} */
  const shown = [client, state.settings, state.clients.length, view.slaves().join(), state.nodes[0]?.name];
  // What is unfolded shows what work takes at each node.
  if (view.ui.open.has('more')) shown.push(state.nodes);
  return shown;
}

/** @param {View} view */
const unfolded = (view) => (view.ui.open.has('more') ? 'unfolded' : '');

/** @param {View} view @param {string} kind @param {unknown} what */
const section = (view, kind, what) =>
  html`<section class="console ${kind}" part="console" aria-label=${view.titled(`${view.words.client} ${view.ui.session}`)}>${what}</section>`;

/** @param {View} view */
const remove = (view) =>
  html`<button class="quiet" type="button" data-do="delete" @click=${() => view.act.remove()}>${view.words.remove}</button>`;

/** @param {View} view */
const loads = (view) => html`<fieldset ?disabled=${view.locked('requests')}>${loadSwitch(view)}</fieldset>`;

/** @param {View} view */
const rest = (view) =>
  html`${answers(view)}
  ${view.shows('settings') ? fold(view, 'more', view.words.more, () => view.later.settings.show(view, (code) => html`<fieldset ?disabled=${view.locked('settings')}>${code.settings(view)}</fieldset>`)) : nothing}`;

/** @param {View} view @param {import('../types').State} state @param {boolean} [bar] there is room for the most needed only */
function asks(view, state, bar = false) {
  const t = view.words;
  const { ui } = view;
  const { values } = state.settings;
  const input = (/** @type {'key' | 'value'} */ name) => html`<label class="field"
    ><span>${t[name]}</span>
    <input
      name=${name}
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      .value=${live(ui[name])}
      @keydown=${(/** @type {KeyboardEvent} */ e) => e.key === 'Enter' && !e.isComposing && view.act.write()}
      @input=${(/** @type {Event} */ e) => (ui[name] = /** @type {HTMLInputElement} */ (e.target).value)}
    />
  </label>`;
  // No form: a frame that is sandboxed may not submit one.
  return html`<fieldset ?disabled=${view.locked('requests')}>
    <div class="pair">${input('key')}${input('value')}</div>
    <div class="acts">
      <button class="primary" type="button" data-do="write" @click=${() => view.act.write()}>${t.write}${ui.writeTo ? html` <small>${t.at} ${ui.writeTo}</small>` : nothing}</button>
      <button class="second" type="button" data-do="read" @click=${() => view.act.read()}>${t.read}</button>${bar ? nothing : remove(view)}
    </div>
    ${
      values.replication === 'async'
        ? nothing
        : html`<label class="check"
            ><input type="checkbox" .checked=${live(ui.local)} @change=${(/** @type {Event} */ e) => view.act.set({ local: /** @type {HTMLInputElement} */ (e.target).checked })} /><span
              >${t.local}</span
            ></label
          >`
    }
    ${choice({ id: 'router', label: t.readFrom }, ui.readFrom ? `@${ui.readFrom}` : values.router, [...Object.entries(t.routers), ...view.slaves().map((n) => [`@${n}`, n])], (v) => view.act.readFrom(v))}
  </fieldset>`;
}

/** There is always the same room for them: the newest one in full, those before in a line each. @param {View} view */
function answers(view) {
  const t = view.words;
  const client = view.state?.clients.find((c) => c.name === view.ui.session);
  const shown = client?.operations.filter((op, i) => i < ANSWERS_SHOWN - 1 || op.id === client.waits) ?? [];
  return html`<div class="answers-room"><div>
    ${
      shown.length > 0
        ? html`<ol class="answers" aria-label=${t.answers}>
            ${shown.slice(0, ANSWERS_SHOWN).map((op, i) => keyed(i === 0 && `${op.id} ${op.outcome}`, answer(view, op, op.id === client?.waits, i === 0)))}
          </ol>`
        : html`<p class="none">${view.shows('requests') ? t.answersNone : nothing}</p>`
    }
  </div></div>`;
}

/** Where it went; that writes go to the master needs no words. @param {View} view @param {Operation} op */
function where(view, op) {
  if (!op.node || (op.kind !== 'read' && op.node === view.state?.nodes[0]?.name)) return '';
  return ` ${op.kind === 'read' ? view.words.from : view.words.at} ${op.node}`;
}

/** @param {View} view @param {Operation} op @param {boolean} waits whether it waits for slaves, and need not @param {boolean} whole not only a line */
function answer(view, op, waits, whole) {
  const t = view.words;
  const hue = op.write != null ? view.hueOf(op.write) : undefined;
  const said =
    op.outcome === 'value'
      ? html`<b class="got">${op.text}</b>`
      : op.outcome === 'error'
        ? html`<span class="got">${t.outcomes.error}: ${op.text}</span>`
        : op.outcome === 'count'
          ? html`<b class="got">${t.slavesHaveIt(Number(op.text))}</b>`
          : html`<span class="got">${t.outcomes[op.outcome]}</span>`;
  const late = op.verdict !== '' && op.verdict !== 'fresh';
  const verdict = late ? `${t.opVerdicts[op.verdict]}${op.verdictText ? ` — ${op.verdictText}` : ''}` : '';
  return html`<li class="answer ${op.outcome} ${op.verdict} ${whole ? 'whole' : ''}" data-write=${op.write ?? nothing} ${tint(hue)} title=${(!whole && verdict) || nothing}>
    <span class="asked">${`${t.verbs[op.kind]} ${op.key}`}<i>${where(view, op)}</i></span>
    <span class="heard">
      ${op.write != null ? badge(op.write, hue) : nothing}${said}
      ${op.doneUs != null ? html`<span class="took">${time(op.doneUs - op.askedUs)}</span>` : nothing}
    </span>
    ${
      waits
        ? html`<button class="second small" title=${t.stopWaitingHelp} @click=${() => view.act.command(`${view.ui.session} cancel`)}>${t.stopWaiting}</button>`
        : html`<button class="quiet why" aria-label=${t.whyOf(`${t.verbs[op.kind]} ${op.key}`)} aria-haspopup="dialog" @click=${(/** @type {Event} */ e) => view.act.askWhy(op.id, e)}>${t.why}</button>`
    }
    ${late ? html`<span class="verdict-text ${whole ? '' : 'hidden'}">${verdict}</span>` : nothing}
  </li>`;
}
