// What clients ask beside what is asked by hand, and what the work of a node takes.

import { html, nothing } from 'lit-html';

/** @typedef {import('../types').Node} Node */
/** @typedef {import('./view.js').View} View */

const RATES = [10, 100, 1000];
/** What else a load is. */
export const REST = 'reads 80% keys 1000 uniform value 100B';

/** Off, or one of a few rates, at a press. @param {View} view */
export function loadSwitch(view) {
  const t = view.words;
  const now = view.state?.settings.values.load ?? 'off';
  const [, rate, rest] = /^(\d+)\/s (.*)/.exec(now) ?? [undefined, now === 'off' ? 'off' : '', REST];
  const button = (/** @type {string} */ value, /** @type {string} */ word, /** @type {string} */ line) =>
    html`<button type="button" aria-pressed=${rate === value} @click=${() => view.act.command(line)}>${word}</button>`;
  return html`<div class="load-switch" role="group" aria-label=${t.load}>
    <span>${t.load}</span>
    <div class="segments">
      ${button('off', t.loadOff, 'load off')}
      ${RATES.map((r) => button(String(r), `${r}/s`, `load ${r}/s ${rest}`))}
    </div>
    <button type="button" class="quiet small" @click=${() => view.act.showCharts()}>${t.toCharts}</button>
  </div>`;
}

/** How busy a node is: its workers, and what waits for them. @param {View} view @param {Node} node */
export function work(view, node) {
  const { capacity } = node;
  if (!capacity) return nothing;
  const down = node.process === 'down';
  const { working, workers, waiting, queue } = capacity;
  const part = (/** @type {number} */ n, /** @type {number} */ of) =>
    Math.round((100 * Math.min(n, of)) / Math.max(1, of));
  const full = waiting >= queue && working >= workers;
  return html`<p class="work ${full ? 'full' : ''} ${down ? 'off' : ''}" title=${view.words.workOf(working, workers, waiting, queue)}>
    <span class="hidden">${view.words.workOf(working, workers, waiting, queue)}</span>
    <svg aria-hidden="true" viewBox="0 0 100 8" preserveAspectRatio="none">
      <rect class="room" width="30" height="8" rx="1" /><rect class="busy" width=${0.3 * part(working, workers)} height="8" rx="1" />
      <rect class="room" x="34" width="66" height="8" rx="1" /><rect class="queued" x="34" width=${0.66 * part(waiting, queue)} height="8" rx="1" />
    </svg>
    <span aria-hidden="true">${waiting}</span>
  </p>`;
}
