// What to do next, or what is to be known.

import { html, nothing } from 'lit-html';
import { keyed } from 'lit-html/directives/keyed.js';
import { hint } from '../model/hints.js';
import { icons } from './marks.js';
import { opening } from './opening.js';
import { part } from './view.js';

/** @typedef {import('./view.js').View} View */

/** It always has the same room; a notice lies over it, wherever there is one. @param {View} view */
export function hintLine(view) {
  const { state } = view;
  if (!state) return nothing;
  const { nodes, clients, verdicts, settings } = state;
  const shown = [
    nodes,
    clients,
    verdicts,
    settings,
    state.writes.length,
    view.held,
    view.moved,
    view.nowUs === 0,
    view.lesson,
    view.ui.opening,
  ];
  return html`${part(view, shown, () => (view.lesson ? nothing : view.ui.opening ? opening(view, state) : html`<div class="hint-room"><p class="hint ${isDiverged(view) ? 'diverged' : ''}">${words(view)}</p></div>`))}${notice(view)}`;
}

/** @param {View} view */
export function notice(view) {
  const { ui, words: t } = view;
  if (!ui.notice) return nothing;
  return html`<p class="hint notice" role="alert"><span>${ui.notice}</span><button class="tool" aria-label=${t.close} @click=${() => view.act.set({ notice: undefined })}>${icons.close}</button></p>`;
}

/** @param {View} view */
const isStill = (view) => view.held && !view.time.playing;
/** @param {View} view */
const isDiverged = (view) => !isStill(view) && (view.state?.nodes.some((n) => n.diverged) ?? false);

/** @param {View} view */
function words(view) {
  const { ui, words: t } = view;
  const state = /** @type {import('../types').State} */ (view.state);
  if (isStill(view)) {
    // Other words are another line: it stands in the middle, and would move what is left of the one before.
    const line = html`<span><b>${t.still}</b> ${view.size === 'narrow' ? nothing : view.moved ? t.movedHelp : t.stillHelp}</span>${view.can('time') ? html`<button class="second small" @click=${() => view.act.play()}>${t.play}</button>` : nothing}`;
    return keyed(view.moved, line);
  }
  if (isDiverged(view)) {
    const local = state.verdicts.some((v) => v.id === 'one-history' && v.status === 'broken');
    const others = state.nodes.filter((n) => n.diverged).map((n) => n.name);
    return html`<span>${local ? t.divergedNote : t.otherHistoryNote(others, state.nodes[0].name)}</span>`;
  }
  if (!ui.hints || !view.can('requests') || !view.met) return nothing;
  const next = hint(state, view.met, t, {
    client: ui.session,
    key: ui.key || 'cart',
    value: ui.value || '1',
    seen: view.seen,
    quote: (w) => view.quote(w),
  });
  if (!next) return nothing;
  return html`${keyed(next.text, html`<span>${next.text}</span>`)}
    ${next.act && next.line && view.can('faults') ? html`<button class="second small" @click=${() => view.act.command(/** @type {string} */ (next.line))}>${next.act}</button>` : nothing}
    <button class="tool" aria-label=${t.dismiss} title=${t.dismiss} @click=${() => view.act.set({ hints: false })}>${icons.close}</button>`;
}
