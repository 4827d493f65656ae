// What happened, in the core's sentences.

import { html, nothing } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { live } from 'lit-html/directives/live.js';
import { sentence } from './marks.js';
import { clock } from '../words/words.js';

/** @typedef {import('../types').Sentence} Sentence */
/** @typedef {import('../run/core.js').Core} Core */
/** @typedef {import('../app.js').App} App */

const PAGE = 100;
const KEPT_MAX = 4000;

/** The sentences that the page holds: the latest ones. It shows a page of them, and more when asked. */
export class Story {
  /** @type {Sentence[]} */ sentences = [];
  /** Sentences shown at most. */ shown = PAGE;
  #next = 0;

  /** Fetches what is new and gives it back. @param {Core} core @returns {Sentence[]} */
  pull(core) {
    const length = core.storyLength;
    if (length < this.#next) this.reset();
    if (length === this.#next) return [];
    const fresh = core.story(this.#next);
    this.#next = length;
    this.sentences.push(...fresh);
    if (this.sentences.length > KEPT_MAX * 1.5) this.sentences.splice(0, this.sentences.length - KEPT_MAX);
    return fresh;
  }

  earlier() {
    this.shown += PAGE;
  }

  reset() {
    this.sentences = [];
    this.#next = 0;
    this.shown = PAGE;
  }
}

/** @param {App} app */
export function story(app) {
  return app.part([app.story.sentences.at(-1), app.story.sentences.length], () => drawn(app));
}

/** @param {App} app */
function drawn(app) {
  const t = app.words;
  const every = app.ui.everyStep;
  const { sentences, shown } = app.story;
  return html`<div class="story">
    <label class="check filter"
      ><input type="checkbox" .checked=${live(every)} @change=${(/** @type {Event} */ e) => app.set({ everyStep: /** @type {HTMLInputElement} */ (e.target).checked })} /><span
        >${t.everyStep}</span
      ></label
    >
    <div class="scroll" tabindex="0" role="group" aria-label=${t.tabs.story}>
      ${guard([sentences.at(-1), sentences.length, every, shown], () => list(app, every))}
    </div>
  </div>`;
}

/** The newest first. @param {App} app @param {boolean} every */
function list(app, every) {
  const t = app.words;
  const told = every ? app.story.sentences : app.story.sentences.filter((s) => s.weight !== 'detail');
  if (told.length === 0) return html`<p class="none">${t.storyEmpty}</p>`;
  return html`<ol>
      ${repeat(
        told.slice(-app.story.shown).reverse(),
        (s) => s.seq,
        (s) => html`<li class=${s.weight}><time>${clock(s.atUs)}</time><span>${sentence(s.parts)}</span></li>`,
      )}
    </ol>
    ${told.length > app.story.shown ? html`<button class="quiet" @click=${() => app.earlier()}>${t.earlier}</button>` : nothing}`;
}
