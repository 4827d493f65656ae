// What happened, in the core's sentences.

import { html, nothing } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { live } from 'lit-html/directives/live.js';
import { sentence } from './marks.js';
import { clock } from '../words/words.js';
import { part } from './view.js';

/** @typedef {import('../types').Sentence} Sentence */
/** @typedef {import('./view.js').View} View */

const LEAVE = 50;
/** Lines that are drawn together, once they are all there. */
const BLOCK = 10;

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
  return html`${from > 0 ? html`<button class="quiet" @click=${() => view.act.earlier()}>${t.earlier}</button>` : nothing}
    <ol>
      ${repeat(
        inBlocks(told.slice(from)),
        ([first]) => first.seq,
        (block) => guard([block.at(-1), block.length], () => block.map(line)),
      )}
    </ol>`;
}

/** @param {Sentence} sentence */
const line = ({ weight, atUs, parts }) =>
  html`<li class=${weight}><time>${clock(atUs)}</time><span>${sentence(parts)}</span></li>`;

/** @param {Sentence[]} sentences */
const inBlocks = (sentences) =>
  Array.from({ length: Math.ceil(sentences.length / BLOCK) }, (_, i) => sentences.slice(i * BLOCK, (i + 1) * BLOCK));
