// The way to the lessons, and how many of them are done.

import { html, nothing } from 'lit-html';
import { LESSONS } from '../words/lessons.js';

/** @param {import('./view.js').View} view */
export function lessonsButton(view) {
  if (!view.shows('lessons')) return nothing;
  const t = view.words;
  const done = LESSONS.filter(([file]) => view.isDone(file)).length;
  return html`<button class="second lessons" aria-haspopup="dialog" ?disabled=${view.locked('lessons')} @click=${(/** @type {Event} */ e) => view.act.openMenu({ kind: 'lessons' }, e)}>
    ${t.lessons}${done > 0 ? html` <small>${t.doneOf(done, LESSONS.length)}</small>` : nothing}
  </button>`;
}
