// The playground in a column of text: `compact`, what a lesson needs; `stage`, the picture alone; `compare`, the same run
// three ways.

import { html, nothing } from 'lit-html';
import { clock } from '../words/words.js';
import { comparison } from './comparison.js';
import { clientConsole } from './console.js';
import { ends, timeControls } from './header.js';
import { hintLine, notice } from './hint.js';
import { lesson } from './lesson.js';
import { logs } from './logs.js';
import { sentence } from './marks.js';
import { stage } from './stage.js';
import { timeline } from './timeline.js';
import { part } from './view.js';

/** @typedef {import('./view.js').View} View */

/** @param {View} view */
export const smallPage = (view) =>
  html`<h2 class="hidden">${view.words.name}</h2>
    ${LAYOUTS[view.surface.layout](view)}`;

/** @param {View} view */
function compact(view) {
  const taken = view.lesson;
  return html`${top(view)} ${taken ? part(view, [taken], () => lesson(view)) : nothing}
    <div class="middle">${hintLine(view)}${stage(view)}</div>
    ${clientConsole(view)} ${view.shows('log') ? logs(view) : nothing} ${latest(view)}`;
}

/** @param {View} view */
function top(view) {
  return html`<header class="bar" part="header">${part(view, [], () => html`${timeControls(view)} ${view.shows('share') ? ends(view) : nothing}`)}</header>
    ${view.shows('timeline') ? timeline(view) : nothing}`;
}

/** @param {View} view */
function stageOnly(view) {
  return html`<div class="middle">${notice(view)}${stage(view)}</div>
    ${view.shows('requests') ? clientConsole(view) : nothing}
    <footer class="bar" part="header">${part(view, [], () => timeControls(view, true))} ${latest(view)}</footer>`;
}

/** @param {View} view */
function compareOnly(view) {
  return html`<div class="middle">${comparison(view)}</div>
    ${view.shows('requests') ? clientConsole(view) : nothing} ${view.shows('timeline') ? timeline(view) : nothing}
    <footer class="bar" part="header">${part(view, [], () => timeControls(view, true))} ${latest(view)}</footer>`;
}

/** @type {Record<string, (view: View) => unknown>} */
const LAYOUTS = { compact, stage: stageOnly, compare: compareOnly };

/** What happened last. @param {View} view */
function latest(view) {
  const said = view.story.sentences.findLast((s) => s.weight !== 'detail');
  const over = view.over && !view.time.playing;
  return part(
    view,
    [said, over],
    () => html`<p class="latest ${said?.weight ?? ''}">
      ${over ? html`<b>${view.words.over}</b> ${view.can('time') ? html`<button class="quiet again" @click=${() => view.act.beginAgain()}>${view.words.playAgain}</button>` : nothing}` : said ? html`<time>${clock(said.atUs)}</time> <span>${sentence(said.parts)}</span>` : view.words.storyEmpty}
    </p>`,
  );
}
