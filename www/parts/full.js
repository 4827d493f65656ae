// The page in the layout `full`: which parts there are, and where.

import { html, nothing } from 'lit-html';
import { askBar, clientConsole, heard } from './console.js';
import { comparison } from './comparison.js';
import { experiment } from './experiment.js';
import { header, timeControls } from './header.js';
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
  const beside = view.compares;
  const side = details && !beside;
  const taught = wide && side && (view.ui.recording || view.lesson);
  const bare = `${view.shows('requests') || view.shows('settings') ? '' : 'no-console'} ${side ? '' : 'no-side'} ${taught ? 'taught' : ''}`;
  const small = size === 'small' || size === 'narrow';
  return html`${small ? askBar(view) : nothing}${part(view, [view.lesson], () => header(view))}
    ${lessonHere(small || (wide && !side))}
    <div class="body ${bare}">
      ${small ? nothing : clientConsole(view)}
      <div class="middle">${lessonHere(size === 'medium')}${beside ? comparison(view) : html`${hintLine(view)}${stage(view)}`}</div>
      ${view.begins ? nothing : html`${timeBar(view)}${experiment(view)}`}
      ${wide && side ? sidePanel(view, lessonHere(true)) : nothing} ${small ? heard(view) : nothing}
      ${view.shows('log') && !view.begins ? logs(view) : nothing}
    </div>
    ${details && !view.begins ? tabs(view) : nothing}`;
}

/** Time: its controls, and its line. @param {View} view */
function timeBar(view) {
  const line = view.shows('timeline');
  if (!line && !view.shows('time')) return nothing;
  return html`<div class="time-bar">${part(view, [], () => timeControls(view))}${line ? timeline(view) : nothing}</div>`;
}

/** @param {View} view @param {unknown} taken the lesson */
function sidePanel(view, taken) {
  const { tabs: t } = view.words;
  if (view.begins) return html`<div class="side"></div>`;
  return html`<div class="side">
    <div class="inner">
      ${taken}
      <section class="judged" tabindex="0" aria-label=${view.titled(t.verdict)}><h3>${view.words.ledger.title}</h3>${verdicts(view)}</section>
      <section class="grow"><h3>${t.story}</h3>${story(view)}</section>
    </div>
  </div>`;
}
