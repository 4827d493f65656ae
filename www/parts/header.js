// The name of it, what can be taken up, and what moves time.

import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { lessonsButton } from './lessons-button.js';
import { icons } from './marks.js';

/** @typedef {import('./view.js').View} View */

/** Parts of a thousand. */
const SPEEDS = [
  [10, '1/100×'],
  [50, '1/20×'],
  [100, '1/10×'],
  [250, '1/4×'],
  [500, '1/2×'],
  [1000, '1×'],
  [2000, '2×'],
  [5000, '5×'],
  [10000, '10×'],
  [100000, '100×'],
];

/** @param {View} view */
export function header(view) {
  const t = view.words;
  return html`<header class="bar" part="header">
    <h2>${t.name}</h2>
    <p class="tagline">${t.tagline}</p>
    ${lessonsButton(view)}${pasteButton(view)}
    ${(view.size === 'wide' || view.size === 'medium') && view.shows('details') ? besideButton(view) : nothing}
    ${ends(view)}
  </header>`;
}

/** The way to one's own cluster. @param {View} view */
export function pasteButton(view) {
  // In the narrow header there is no room for it: there it stands beside “What can go wrong?”.
  if (!view.shows('details') || view.size === 'narrow') return nothing;
  return html`<button class="second paste-own" ?disabled=${view.locked('details')} @click=${(/** @type {Event} */ e) => view.act.openPaste(e)}>${view.words.pasteCluster}</button>`;
}

/** The same run three ways, in place of the picture. @param {View} view */
export const besideButton = (view) =>
  html`<button type="button" class="second beside" aria-pressed=${view.ui.beside} @click=${() => view.act.set({ beside: !view.ui.beside })}>${icons.columns} ${view.words.experiment.beside}</button>`;

/** Clear, and Share. @param {View} view */
export function ends(view) {
  const t = view.words;
  if (!view.shows('share') && !view.shows('time')) return nothing;
  return html`<div class="ends">
    ${view.shows('time') ? html`<button class="quiet clear" title=${t.clearHelp} ?disabled=${view.locked('time')} @click=${() => view.act.clear()}>${t.clear}</button>` : nothing}
    ${view.shows('share') ? html`<button class="tool" aria-label=${t.share.title} title=${t.share.title} aria-haspopup="dialog" ?disabled=${view.locked('share')} @click=${(/** @type {Event} */ e) => view.act.openShare(e)}>${icons.share}</button>` : nothing}
  </div>`;
}

/** What moves time, and the clock. @param {View} view @param {boolean} [few] only the most needed */
export function timeControls(view, few = false) {
  const t = view.words;
  const { playing, speed } = view.time;
  const known = SPEEDS.some(([permille]) => permille === speed);
  const locked = view.locked('time');
  const tool = (/** @type {string} */ word, /** @type {unknown} */ icon, /** @type {() => void} */ act, kind = '') =>
    html`<button class="tool ${kind}" aria-label=${word} title=${word} ?disabled=${locked} @click=${act}>${icon}</button>`;
  const play = tool(
    playing ? t.pause : t.play,
    playing ? icons.pause : icons.play,
    () => (playing ? view.act.pause() : view.over ? view.act.beginAgain() : view.act.play()),
    'play',
  );
  const speeds = html`<select aria-label=${t.speed} title=${t.speed} ?disabled=${locked} .value=${live(String(speed))} @change=${(/** @type {Event} */ e) => view.act.setSpeed(Number(/** @type {HTMLSelectElement} */ (e.target).value))}>
        ${SPEEDS.map(([permille, word]) => html`<option value=${permille} ?selected=${permille === speed}>${word}</option>`)}
        ${known ? nothing : html`<option value=${speed} selected>${Number(speed) / 1000}×</option>`}
      </select>`;
  return html`<div class="time" role="group" aria-label=${t.time}>
      ${
        view.shows('time')
          ? html`${tool(t.restart, icons.restart, () => view.act.restart())}
              ${few ? nothing : tool(t.stepBack, icons.stepBack, () => view.act.stepBack())} ${play}
              ${few ? nothing : html`${tool(t.step, icons.step, () => view.act.step())} ${speeds}`}`
          : nothing
      }
      <span class="clock" role="timer" aria-live="off"><span></span></span>
    </div>`;
}
