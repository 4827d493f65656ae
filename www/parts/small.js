// The playground in a column of text: `compact`, what a lesson needs; and `stage`, the picture alone.

import { html, nothing } from 'lit-html';
import { clientConsole } from './console.js';
import { ends, timeControls } from './header.js';
import { lesson } from './lesson.js';
import { logs } from './logs.js';
import { sentence } from './marks.js';
import { stage } from './stage.js';
import { timeline } from './timeline.js';
import { clock } from '../words/words.js';

/** @typedef {import('../app.js').App} App */

/** @param {App} app @param {string} size */
export function smallPage(app, size) {
  const { layout } = app.surface;
  return html`<div class="playground" data-layout=${layout} data-size=${size}>
    <h2 class="hidden">${app.words.name}</h2>
    ${layout === 'stage' ? stageOnly(app) : compact(app)} ${app.tail()}
  </div>`;
}

/** @param {App} app */
function compact(app) {
  const { lesson: taken, ui } = app;
  return html`${top(app)} ${taken ? app.part([taken], () => lesson(app)) : nothing}
    <div class="middle">${!taken || ui.notice ? app.hintLine() : nothing}${stage(app)}</div>
    ${clientConsole(app)} ${app.shows('log') ? logs(app) : nothing} ${latest(app)}`;
}

/** @param {App} app */
function top(app) {
  return html`<header class="bar" part="header">${app.part([], () => html`${timeControls(app)} ${app.shows('share') ? ends(app) : nothing}`)}</header>
    ${app.shows('timeline') ? timeline(app) : nothing}`;
}

/** @param {App} app */
function stageOnly(app) {
  return html`${app.ui.notice ? app.hintLine() : nothing}
    <div class="middle">${stage(app)}</div>
    ${app.shows('requests') ? clientConsole(app) : nothing}
    <footer class="bar" part="header">${app.part([], () => timeControls(app, true))} ${latest(app)}</footer>`;
}

/** What happened last. @param {App} app */
function latest(app) {
  const said = app.story.sentences.findLast((s) => s.weight !== 'detail');
  return app.part(
    [said],
    () => html`<p class="latest ${said?.weight ?? ''}">
    ${said ? html`<time>${clock(said.atUs)}</time> <span>${sentence(said.parts)}</span>` : app.words.storyEmpty}
  </p>`,
  );
}
