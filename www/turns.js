// While time plays, the parts of the page take turns: one is drawn in a frame, so that no frame has to draw all.

import { noChange } from 'lit-html';

/** Where they are, and how often they are drawn at most, ms: what is read can come later than what is watched. */
const PARTS = {
  stage: { place: '.stage', beat: 80 },
  lesson: { place: '.lesson', beat: 200 },
  top: { place: '.playground', beat: 300 },
  console: { place: '.console', beat: 200 },
  verdict: { place: '.side .verdicts', beat: 500 },
  story: { place: '.side .story, .latest', beat: 500 },
  log: { place: 'section.log', beat: 500 },
  tabs: { place: '.tabs', beat: 300 },
};
/** @typedef {keyof typeof PARTS} Part */
const NAMES = /** @type {Part[]} */ (Object.keys(PARTS));

const UNSEEN_MS = 2000; // the same of all that is out of view
const LATE_MS = 25; // a frame so long after the one before shows that the machine is slow:
const REST = 2; // the next part waits so many times as long,
const REST_MS_MAX = 300; // but not longer than this

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
  ask(parts = NAMES) {
    for (const part of parts) this.#waiting.add(part);
  }

  /** Whose turn it is in this frame: of the one that has waited longest, by its beat. @param {number} now ms @returns {Part | undefined} */
  next(now) {
    if (now < this.#restUntil) return undefined;
    const due = [...this.#waiting].filter((part) => this.#waited(part, now) >= 1);
    return due.sort((a, b) => this.#waited(b, now) - this.#waited(a, now))[0];
  }
  /** @param {Part} part */
  drawnAt(part) {
    return this.#drawnAt.get(part) ?? 0;
  }
  /** Since it was drawn, in beats. @param {Part} part @param {number} now */
  #waited(part, now) {
    const place = this.#places.get(part);
    if (!place) return 0;
    return (now - this.drawnAt(part)) / (this.#unseen.has(place) ? UNSEEN_MS : PARTS[part].beat);
  }

  /** A frame begins. @param {number} now ms */
  frame(now) {
    const late = now - this.#frameAt;
    this.#frameAt = now;
    if (this.#drew && late > LATE_MS) this.#restUntil = now + Math.min(late * REST, REST_MS_MAX);
    this.#drew = false;
  }

  /** Draws one part, or all. @param {Part | undefined} part @param {number} now ms @param {() => void} draw */
  draw(part, now, draw) {
    this.#now = part;
    draw();
    this.#now = undefined;
    for (const one of part ? [part] : NAMES) {
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
    for (const part of NAMES) {
      const [place, before] = [root.querySelector(PARTS[part].place), this.#places.get(part)];
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
