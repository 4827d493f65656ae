// What a lesson waits to hear from the checker: asked of a worker, and told to the lesson.

import { checkClerk } from './check-clerk.js';

/** @typedef {import('../types').CheckWanted} Wanted */
/** @typedef {import('../parts/view.js').View} View */

export class LessonCheck {
  /** What is being looked for. @type {Wanted | undefined} */ #wanted;
  #view;
  #clerk = checkClerk((news) => this.#hear(news));

  /** @param {View} view */
  constructor(view) {
    this.#view = view;
  }

  /** What the lesson wants by now; it may be something else than before, or nothing. @param {Wanted | undefined} wanted */
  want(wanted) {
    const core = this.#view.run.core;
    if (same(wanted, this.#wanted) || !core) return;
    if (this.#wanted) this.#clerk.drop();
    this.#wanted = wanted;
    if (wanted) void this.#clerk.ask({ text: core.text, nowUs: core.nowUs, asked: wanted.asked });
  }

  /** @param {import('../types').CheckNews} news */
  #hear(news) {
    const wanted = this.#wanted;
    if (!wanted || !(news.done || news.refused || news.broken)) return;
    this.#wanted = undefined;
    // What cannot be asked of this cluster does not hold.
    if (this.#view.run.core?.checkTold(wanted, news.holds ?? false)) this.#view.act.changed();
  }

  close() {
    this.#wanted = undefined;
    this.#clerk.drop();
  }
}

/** @param {Wanted | undefined} a @param {Wanted | undefined} b */
const same = (a, b) => a?.asked === b?.asked && a?.cluster === b?.cluster;
