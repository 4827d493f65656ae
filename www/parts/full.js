// The page in the layout `full`: which parts there are, and where.

import { html, nothing } from 'lit-html';
import { clientConsole } from './console.js';
import { header } from './header.js';
import { hintLine } from './hint.js';
import { learn } from './learn.js';
import { logs } from './logs.js';
import { stage } from './stage.js';
import { story } from './story.js';
import { tabs } from './tabs.js';
import { timeline } from './timeline.js';
import { verdicts } from './verdicts.js';
import { part } from './view.js';

/** @typedef {import('./view.js').View} View */

/** @param {View} view */
export function fullPage(view) {
  if (view.ui.sheet) return html`${view.later.learn.show(view, (code) => code.quiz(view))}`;
  const { size } = view;
  const [wide, details] = [size === 'wide', view.shows('details')];
  const lessonHere = (/** @type {boolean} */ here) => (here ? learn(view) : nothing);
  const bare = `${view.shows('requests') || view.shows('settings') ? '' : 'no-console'} ${details ? '' : 'no-side'}`;
  return html`${part(view, [view.lesson], () => header(view))} ${view.shows('timeline') ? timeline(view) : nothing}
    ${lessonHere(size === 'small' || size === 'narrow' || (wide && !details))}
    <div class="body ${bare}">
      ${clientConsole(view)}
      <div class="middle">${lessonHere(size === 'medium')}${hintLine(view)}${stage(view)}</div>
      ${wide && details ? side(view, lessonHere(true)) : nothing} ${view.shows('log') ? logs(view) : nothing}
    </div>
    ${details ? tabs(view) : nothing}`;
}

/** @param {View} view @param {unknown} taken the lesson */
function side(view, taken) {
  const t = view.words.tabs;
  return html`<div class="side">
    <div class="inner">
      ${taken}
      <section class="judged" tabindex="0" aria-label=${view.titled(t.verdict)}><h3>${t.verdict}</h3>${verdicts(view)}</section>
      <section class="grow"><h3>${t.story}</h3>${story(view)}</section>
    </div>
  </div>`;
}
