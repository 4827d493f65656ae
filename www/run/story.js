// The sentences of what happened that the page holds: the latest ones.

/** @typedef {import('../types').Sentence} Sentence */

const PAGE = 100;
const KEPT_MAX = 4000;

export class Story {
  /** @type {Sentence[]} */ sentences = [];
  /** Sentences shown at most. */ shown = PAGE;
  #next = 0;

  /** Fetches what is new and gives it back. @param {Pick<import('./core.js').Core, 'storyLength' | 'story'>} core @returns {Sentence[]} */
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
