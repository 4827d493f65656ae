// What happened, in the core's sentences.

import { html, nothing } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { live } from 'lit-html/directives/live.js';
import { sentence } from './marks.js';
import { clock } from '../words/words.js';
import { part } from './view.js';

/** @typedef {import('./view.js').View} View */

const LEAVE = 50;
/** So many are in sight at once where one scrolls to the end: they have their size before. */
const LATEST = 12;

/** @param {View} view */
export function story(view) {
  const { sentences } = view.story;
  return part(view, [sentences.at(-1), sentences.length, !view.state?.load], () => drawn(view));
}

/** @param {View} view */
function drawn(view) {
  const t = view.words;
  const every = view.ui.everyStep;
  const { sentences, shown } = view.story;
  return html`<div class="story">
    <label class="check filter"
      ><input type="checkbox" .checked=${live(every)} @change=${(/** @type {Event} */ e) => view.act.set({ everyStep: /** @type {HTMLInputElement} */ (e.target).checked })} /><span
        >${t.everyStep}</span
      ></label
    >
    <div class="scroll newest-last" tabindex="0" role="group" aria-label=${t.tabs.story}>
      ${guard([sentences.at(-1), sentences.length, every, shown, !view.state?.load], () => list(view, every))}
    </div>
  </div>`;
}

/** The newest last: what is told there moves nothing that was told before. @param {View} view @param {boolean} every */
function list(view, every) {
  const t = view.words;
  const { sentences, shown } = view.story;
  const told = every ? sentences : sentences.filter((s) => s.weight !== 'detail');
  if (told.length === 0) return html`<p class="none">${view.state?.load ? t.storyLoad : t.storyEmpty}</p>`;
  // The oldest ones leave many at once: the browser holds the others where they are.
  const from = Math.max(0, Math.floor((told.length - shown) / LEAVE) * LEAVE);
  const latest = told.length - from - LATEST;
  return html`${from > 0 ? html`<button class="quiet" @click=${() => view.act.earlier()}>${t.earlier}</button>` : nothing}
    <ol>
      ${repeat(
        told.slice(from),
        (s) => s.seq,
        (s, i) =>
          html`<li class=${i < latest ? `${s.weight} earlier` : s.weight}><time>${clock(s.atUs)}</time><span>${sentence(s.parts)}</span></li>`,
      )}
    </ol>`;
}
