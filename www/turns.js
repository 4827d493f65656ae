// While time plays, the parts of the page take turns: one is drawn in a frame, so that no frame has to draw all.

import { noChange } from 'lit-html';

/** What is seen best comes first. */
const PLACES = {
  stage: '.stage',
  lesson: '.lesson',
  top: '.bar',
  console: '.console',
  verdict: '.side .verdicts',
  story: '.side .story, .latest',
  log: '.log',
  tabs: '.tabs',
};
/** @typedef {keyof typeof PLACES} Part */
const PARTS = /** @type {Part[]} */ (Object.keys(PLACES));

const LIST_MS = 300; // lists and words are drawn at most this often: they are read, where the stage is watched
const UNSEEN_MS = 1000; // the same of what is out of view
const LATE_MS = 25; // a frame that comes later after the one before shows that the machine is slow,
const REST_MS_MAX = 200; // and the next part waits as long as it was late, but not longer than this

export class Turns {
  /** Those with something new. @type {Set<Part>} */ #waiting = new Set();
  /** Where they are on the page. @type {Map<Part, Element>} */ #places = new Map();
  /** @type {WeakSet<Element>} */ #unseen = new WeakSet();
  /** When they were drawn. @type {Map<Part, number>} */ #drawnAt = new Map();
  /** The one that is being drawn; all, if there is none. @type {Part | undefined} */ #now;
  #sight;
  #frameAt = 0;
  #restUntil = 0;
  /** Whether one was drawn in the last frame. */ #drew = false;

  /** @param {() => void} appeared something that was out of view has come into it */
  constructor(appeared) {
    this.#sight = new IntersectionObserver((entries) => {
      const before = entries.filter(({ target }) => this.#unseen.has(target));
      for (const { target, isIntersecting } of entries) this.#unseen[isIntersecting ? 'delete' : 'add'](target);
      if (before.some(({ isIntersecting }) => isIntersecting)) appeared();
    });
  }

  /** These have something new. @param {Part[]} parts */
  ask(parts = PARTS) {
    for (const part of parts) this.#waiting.add(part);
  }

  /** Who is to be drawn next. @param {number} now ms @returns {Part | undefined} */
  due(now) {
    return [...this.#waiting].find((part) => this.#places.has(part) && this.#isDue(part, now));
  }
  /** Whose turn it is in this frame. @param {number} now ms */
  next(now) {
    return now < this.#restUntil ? undefined : this.due(now);
  }
  /** @param {Part} part */
  drawnAt(part) {
    return this.#drawnAt.get(part) ?? 0;
  }
  /** @param {Part} part @param {number} now */
  #isDue(part, now) {
    const place = /** @type {Element} */ (this.#places.get(part));
    const beat = this.#unseen.has(place) ? UNSEEN_MS : part === 'stage' ? 0 : LIST_MS;
    return now - this.drawnAt(part) >= beat;
  }

  /** A frame begins. @param {number} now ms */
  frame(now) {
    const late = now - this.#frameAt;
    this.#frameAt = now;
    if (this.#drew && late > LATE_MS) this.#restUntil = now + Math.min(late, REST_MS_MAX);
    this.#drew = false;
  }

  /** Draws one part, or all. @param {Part | undefined} part @param {number} now ms @param {() => void} draw */
  draw(part, now, draw) {
    this.#now = part;
    draw();
    this.#now = undefined;
    for (const one of part ? [part] : PARTS) {
      this.#waiting.delete(one);
      this.#drawnAt.set(one, now);
    }
    this.#drew = true;
  }

  /** What a part shows; what it showed before, if it is the turn of another one. @param {Part} part @param {() => unknown} draw */
  part(part, draw) {
    return this.#now === undefined || this.#now === part ? draw() : noChange;
  }

  /** Looks where the parts are. @param {ShadowRoot} root */
  look(root) {
    for (const part of PARTS) {
      const [place, before] = [root.querySelector(PLACES[part]), this.#places.get(part)];
      if (place === (before ?? null)) continue;
      if (before) this.#sight.unobserve(before);
      this.#places.delete(part);
      if (!place) continue;
      this.#places.set(part, place);
      this.#sight.observe(place);
    }
  }

  close() {
    this.#sight.disconnect();
  }
}
