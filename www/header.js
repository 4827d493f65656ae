// Name, time and its controls.

import { html, nothing } from 'lit-html';
import { live } from 'lit-html/directives/live.js';
import { LESSONS, SURPRISES } from './lessons.js';
import { icons } from './marks.js';

/** @typedef {import('./app.js').App} App */

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
  const { playing, speed } = app.time;
  const taken = [...LESSONS, ...SURPRISES].find(([, title]) => title === app.lesson?.name)?.[0] ?? '';
  const known = SPEEDS.some(([permille]) => permille === speed);
  return html`<header class="bar">
    <h2>${t.name}</h2>
    <select
      class="lessons"
      aria-label=${t.lessons}
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
    </select>
    <div class="time" role="group" aria-label=${t.time}>
      <button class="tool" aria-label=${t.restart} title=${t.restart} @click=${() => app.restart()}>${icons.restart}</button>
      <button class="tool" aria-label=${t.stepBack} title=${t.stepBack} @click=${() => app.stepBack()}>${icons.stepBack}</button>
      <button class="tool play" aria-label=${playing ? t.pause : t.play} title=${playing ? t.pause : t.play} @click=${() => (playing ? app.pause() : app.play())}>
        ${playing ? icons.pause : icons.play}
      </button>
      <button class="tool" aria-label=${t.step} title=${t.step} @click=${() => app.step()}>${icons.step}</button>
      <select aria-label=${t.speed} title=${t.speed} .value=${live(String(speed))} @change=${(/** @type {Event} */ e) => app.setSpeed(Number(/** @type {HTMLSelectElement} */ (e.target).value))}>
        ${SPEEDS.map(([permille, word]) => html`<option value=${permille} ?selected=${permille === speed}>${word}</option>`)}
        ${known ? nothing : html`<option value=${speed} selected>${Number(speed) / 1000}×</option>`}
      </select>
      <span class="clock" role="timer" aria-live="off"></span>
    </div>
    <div class="ends">
      <button class="quiet clear" title=${t.clearHelp} @click=${() => app.clear()}>${t.clear}</button>
      <button class="tool" aria-label=${t.share.title} title=${t.share.title} aria-haspopup="dialog" @click=${(/** @type {Event} */ e) => app.openShare(e)}>${icons.share}</button>
    </div>
  </header>`;
}
