// The experiment bar: behave as, a write is done when, kill, cut off, promote, ask. Read from left to right it sets up,
// breaks, and asks.

import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { byEngine, doneLine, doneWhen, isBroken, modeOf } from '../model/experiment.js';
import { besideButton } from './header.js';
import { icons } from './marks.js';
import { part } from './view.js';

/** @typedef {import('./view.js').View} View */
/** @typedef {import('../types').State} State */

/** @param {View} view */
export function experiment(view) {
  const { state } = view;
  if (!state) return nothing;
  const nodes = state.nodes.map((n) => `${n.name} ${n.role} ${n.process}`).join();
  return part(view, [nodes, state.settings, isBroken(state)], () => drawn(view, state));
}

/** @param {View} view @param {State} state */
function drawn(view, state) {
  const t = view.words.experiment;
  const [settings, faults] = [view.shows('settings'), view.shows('faults')];
  if (!settings && !faults) return nothing;
  return html`<section class="experiment" part="experiment" aria-label=${view.titled(t.title)}>
    ${settings ? html`<fieldset ?disabled=${view.locked('settings')}>${behaveAs(view, state)}${done(view, state)}</fieldset>` : nothing}
    ${faults ? html`<fieldset ?disabled=${view.locked('faults')}>${power(view, state)}${network(view, state)}${promote(view, state)}</fieldset>` : nothing}
    ${view.shows('details') ? questions(view) : nothing}
  </section>`;
}

/** What is asked of the run as it is. Where the header has room, it has the first one. @param {View} view */
function questions(view) {
  const t = view.words.experiment;
  const small = view.size === 'small' || view.size === 'narrow';
  return html`${small ? html`<div class="chip ask"><span>${t.compare}</span>${besideButton(view)}</div>` : nothing}
    <div class="chip ask"><span>${t.ask}</span><button type="button" class="second" @click=${() => view.act.openCheck()}>${t.wrong}</button>${view.size === 'narrow' ? html`<button type="button" class="second" @click=${(/** @type {Event} */ e) => view.act.openPaste(e)}>${view.words.pasteCluster}</button>` : nothing}</div>`;
}

/** @param {View} view @param {State} state */
function behaveAs(view, { settings }) {
  const t = view.words.experiment;
  const now = settings.preset || 'plain';
  return html`<label class="chip behave"
    ><span>${t.behaveAs}</span>
    <select class="presets" .value=${live(now)} @change=${(/** @type {Event} */ e) => view.act.command(`preset ${/** @type {HTMLSelectElement} */ (e.target).value}`)}>
      ${[...byEngine(view.presets)].map(([engine, presets]) =>
        engine === 'plain'
          ? html`<option value="plain" ?selected=${now === 'plain'}>${t.engines.plain}</option>`
          : html`<optgroup label=${t.engines[engine] ?? engine}>
              ${presets.map((p) => html`<option value=${p.name} ?selected=${p.name === now}>${t.engines[engine] ?? engine}: ${modeOf(p.title)}</option>`)}
            </optgroup>`,
      )}
    </select></label
  >`;
}

/** @param {View} view @param {State} state */
function done(view, state) {
  const t = view.words.experiment;
  const now = doneWhen(state.settings.values.replication);
  const one = (/** @type {'master' | 'one' | 'all'} */ when) =>
    html`<button type="button" aria-pressed=${now === when} ?disabled=${view.compares} @click=${() => view.act.command(doneLine(state, when))}>${t[when]}</button>`;
  const other = !['master', 'one', 'all'].includes(now);
  return html`<div class="chip done" role="group" aria-label=${t.doneWhen}>
    <span>${t.doneWhen}</span>
    <div class="segments">${one('master')}${one('one')}${other ? html`<button type="button" aria-pressed="true">${t.some(now)}</button>` : nothing}${one('all')}</div>
  </div>`;
}

/** @param {View} view @param {State} state */
function power(view, { nodes: [master] }) {
  const t = view.words.experiment;
  if (!master) return nothing;
  const down = master.process === 'down';
  return html`<div class="chip">
    <span>${t.power}</span>
    <button type="button" class="second" @click=${() => view.act.command(`${down ? 'start' : 'crash'} ${master.name}`)}>${icons.power} ${down ? t.start(master.name) : t.kill(master.name)}</button>
  </div>`;
}

/** A choice that is an order: it goes back to its name. @param {string} label @param {string} name @param {[string, string][]} orders @param {(line: string) => void} act */
const orders = (label, name, orders, act) =>
  html`<label class="chip"
    ><span>${label}</span>
    <select
      ?disabled=${orders.length === 0}
      .value=${live('')}
      @change=${(/** @type {Event} */ e) => {
        const field = /** @type {HTMLSelectElement} */ (e.target);
        const line = field.value;
        field.value = '';
        if (line) act(line);
      }}
    >
      <option value="" selected>${name}</option>
      ${orders.map(([line, word]) => html`<option value=${line}>${word}</option>`)}
    </select></label
  >`;

/** @param {View} view @param {State} state */
function network(view, state) {
  const t = view.words.experiment;
  /** @type {[string, string][]} */
  const cuts = state.nodes.map((n) => [`partition ${n.name}`, t.cut(n.name)]);
  return orders(t.network, t.cutOff, isBroken(state) ? [['heal all', t.heal], ...cuts] : cuts, (line) =>
    view.act.command(line),
  );
}

/** @param {View} view @param {State} state */
function promote(view, { nodes }) {
  const t = view.words.experiment;
  /** @type {[string, string][]} */
  const can = nodes.slice(1).flatMap((n) => (n.process === 'up' ? [[`promote ${n.name}`, n.name]] : []));
  return orders(t.promote, t.promoteWhom, can, (line) => view.act.command(line));
}
