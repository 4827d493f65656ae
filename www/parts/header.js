// Name, time and its controls.

import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { LESSONS, SURPRISES } from '../run/lessons.js';
import { icons } from './marks.js';

/** @typedef {import('../app.js').App} App */

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
];

/** @param {App} app */
export function header(app) {
  const t = app.words;
  const taken = [...LESSONS, ...SURPRISES].find(([, title]) => title === app.lesson?.name)?.[0] ?? '';
  return html`<header class="bar" part="header">
    <h2>${t.name}</h2>
    ${
      app.shows('lessons')
        ? html`<select
      class="lessons"
      aria-label=${t.lessons}
      ?disabled=${app.locked('lessons')}
      .value=${live(taken)}
      @change=${(/** @type {Event} */ e) => {
        const { value } = /** @type {HTMLSelectElement} */ (e.target);
        if (value) void app.takeLesson(value);
        else app.leaveLesson();
      }}
    >
      <option value="" ?selected=${taken === ''}>${app.lesson && !taken ? app.lesson.title : t.lessons}</option>
      ${LESSONS.map(([file, title], i) => html`<option value=${file} ?selected=${file === taken}>${i + 1} ${title}</option>`)}
      <optgroup label=${t.surprises}>
        ${SURPRISES.map(([file, title]) => html`<option value=${file} ?selected=${file === taken}>${title}</option>`)}
      </optgroup>
    </select>`
        : nothing
    }
    ${timeControls(app)}
    ${ends(app)}
  </header>`;
}

/** Clear, and Share. @param {App} app */
export function ends(app) {
  const t = app.words;
  if (!app.shows('share') && !app.shows('time')) return nothing;
  return html`<div class="ends">
    ${app.shows('time') ? html`<button class="quiet clear" title=${t.clearHelp} ?disabled=${app.locked('time')} @click=${() => app.clear()}>${t.clear}</button>` : nothing}
    ${app.shows('share') ? html`<button class="tool" aria-label=${t.share.title} title=${t.share.title} aria-haspopup="dialog" ?disabled=${app.locked('share')} @click=${(/** @type {Event} */ e) => app.openShare(e)}>${icons.share}</button>` : nothing}
  </div>`;
}

/** What moves time, and the clock. @param {App} app @param {boolean} [few] only the most needed */
export function timeControls(app, few = false) {
  const t = app.words;
  const { playing, speed } = app.time;
  const known = SPEEDS.some(([permille]) => permille === speed);
  const locked = app.locked('time');
  const tool = (/** @type {string} */ word, /** @type {unknown} */ icon, /** @type {() => void} */ act, kind = '') =>
    html`<button class="tool ${kind}" aria-label=${word} title=${word} ?disabled=${locked} @click=${act}>${icon}</button>`;
  const play = tool(
    playing ? t.pause : t.play,
    playing ? icons.pause : icons.play,
    () => (playing ? app.pause() : app.play()),
    'play',
  );
  const speeds = html`<select aria-label=${t.speed} title=${t.speed} ?disabled=${locked} .value=${live(String(speed))} @change=${(/** @type {Event} */ e) => app.setSpeed(Number(/** @type {HTMLSelectElement} */ (e.target).value))}>
        ${SPEEDS.map(([permille, word]) => html`<option value=${permille} ?selected=${permille === speed}>${word}</option>`)}
        ${known ? nothing : html`<option value=${speed} selected>${Number(speed) / 1000}×</option>`}
      </select>`;
  return html`<div class="time" role="group" aria-label=${t.time}>
      ${
        app.shows('time')
          ? html`${tool(t.restart, icons.restart, () => app.restart())}
              ${few ? nothing : tool(t.stepBack, icons.stepBack, () => app.stepBack())} ${play}
              ${few ? nothing : html`${tool(t.step, icons.step, () => app.step())} ${speeds}`}`
          : nothing
      }
      <span class="clock" role="timer" aria-live="off"><span></span></span>
    </div>`;
}
