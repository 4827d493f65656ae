// What does not fit beside the stage, one at a time.

import { html } from 'lit-html';
import { story } from './story.js';
import { textPanel } from './text-panel.js';
import { verdicts } from './verdicts.js';
import { part } from './view.js';

/** @typedef {import('./view.js').View} View */
/** @typedef {import('../model/ui.js').Tab} Tab */

/** @type {Tab[]} */
const WIDE = ['text', 'spacetime', 'charts', 'report', 'check', 'paste', 'studies', 'table'];
/** Where there is no side beside the stage. @type {Tab[]} */
const OTHERS = ['story', 'verdict', 'spacetime', 'charts', 'report', 'check', 'paste', 'studies', 'text', 'table'];

/** @param {View} view */
export function tabs(view) {
  const { ui, words: t } = view;
  const all = view.size === 'wide' ? WIDE : OTHERS;
  const open = all.includes(ui.tab) ? ui.tab : all[0];
  if (open !== 'studies') view.kept.studies?.leave();
  return html`<div class="tabs" part="details">
    ${part(
      view,
      [],
      () => html`<div role="tablist" aria-label=${t.details} @keydown=${(/** @type {KeyboardEvent} */ e) => move(view, e, all, open)}>
        ${all.map((tab) => html`<button role="tab" id="tab-${tab}" aria-selected=${tab === open} aria-controls="panel" tabindex=${tab === open ? 0 : -1} @click=${() => view.act.set({ tab })}>${t.tabs[tab]}</button>`)}
      </div>`,
    )}
    <div role="tabpanel" id="panel" aria-labelledby="tab-${open}">${panel(view, open)}</div>
  </div>`;
}

/** @param {View} view @param {KeyboardEvent} e @param {Tab[]} all @param {Tab} open */
function move(view, e, all, open) {
  const step = { ArrowLeft: -1, ArrowRight: 1, Home: -all.length, End: all.length }[e.key];
  if (step === undefined) return;
  e.preventDefault();
  e.stopPropagation();
  const at = all.indexOf(open) + step;
  const next = Math.abs(step) > 1 ? Math.max(0, Math.min(all.length - 1, at)) : (at + all.length) % all.length;
  view.act.set({ tab: all[next] });
  /** @type {HTMLElement | null} */ (view.root.querySelector(`#tab-${all[next]}`))?.focus();
}

/** @param {View} view @param {Tab} open */
function panel(view, open) {
  if (open === 'story') return story(view);
  if (open === 'verdict') return verdicts(view);
  if (open === 'text') return part(view, [open], () => textPanel(view));
  return part(view, [open, view.version, view.readings], () => laterTab(view, open));
}

/** @param {View} view @param {'charts' | 'check' | 'paste' | 'report' | 'spacetime' | 'studies' | 'table'} open */
function laterTab(view, open) {
  const { later } = view;
  if (open === 'charts') return later.charts.show(view, (code) => code.charts(view));
  if (open === 'check') return later.check.show(view, (code) => code.check(view));
  if (open === 'paste') return later.paste.show(view, (code) => code.paste(view));
  if (open === 'report') return later.report.show(view, (code) => code.lagAndCost(view));
  if (open === 'spacetime') return later.spacetime.show(view, (code) => code.spacetime(view));
  if (open === 'studies') return later.studies.show(view, (code) => code.studies(view));
  return later.tables.show(view, (code) => code.tables(view));
}
