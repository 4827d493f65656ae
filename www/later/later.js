// Parts of the page that a first view does not show: their code comes when they are shown first.

import { html } from 'lit-html';
import { whole } from '../run/core.js';

/** @typedef {import('../parts/view.js').View} View */
/** @typedef {typeof later} Later */
/**
 * What these parts know; they make it when they are first shown.
 * @typedef {object} Kept
 * @property {import('./spacetime.js').Diagram} [diagram]
 * @property {import('./report.js').Report} [report]
 * @property {import('./studies.js').Studies} [studies]
 * @property {import('./charts.js').Charts} [charts]
 * @property {import('./compare.js').Compare} [compare]
 * @property {import('./check.js').Checks} [check]
 * @property {import('./check-lesson.js').LessonCheck} [checkLesson]
 * @property {import('./paste.js').Pastes} [paste]
 * @property {import('./real.js').Reals} [real]
 */

/** @template Code */
class Part {
  /** @type {Code | undefined} */ code;
  #fetch;
  /** @type {Promise<void> | undefined} */ #coming;
  /** @type {Error | undefined} */ failed;
  /** To be drawn again once it is there. @type {Set<View>} */ #waiting = new Set();

  /** @param {() => Promise<Code>} fetch */
  constructor(fetch) {
    this.#fetch = fetch;
  }

  /** Once it is there, `code` is set. @param {View} view */
  load(view) {
    this.#waiting.add(view);
    // They ask the core for more than a first view.
    this.#coming ??= Promise.all([this.#fetch(), whole()])
      .then(
        ([code]) => (this.code = code),
        (error) => (this.failed = error),
      )
      .then(() => {
        for (const one of this.#waiting) one.act.changed();
        this.#waiting.clear();
      });
    return this.#coming;
  }

  /** What is drawn of it, else that it is on its way. @param {View} view @param {(code: Code) => unknown} draw */
  show(view, draw) {
    if (this.code) return draw(this.code);
    const t = view.words;
    const again = () => {
      this.failed = this.#coming = undefined;
      view.act.changed();
    };
    if (this.failed)
      return html`<p role="alert">${t.failed} (${this.failed.message}) <button class="second small" @click=${again}>${t.retry}</button></p>`;
    void this.load(view);
    return html`<p class="help" role="status">${t.loading}</p>`;
  }
}

export const later = {
  charts: new Part(() => import('./charts.js')),
  check: new Part(() => import('./check.js')),
  checkLesson: new Part(() => import('./check-lesson.js')),
  compare: new Part(() => import('./compare.js')),
  learn: new Part(() => import('./learn.js')),
  menus: new Part(() => import('./menus.js')),
  paste: new Part(() => import('./paste.js')),
  report: new Part(() => import('./report.js')),
  settings: new Part(() => import('./settings.js')),
  spacetime: new Part(() => import('./spacetime.js')),
  studies: new Part(() => import('./studies.js')),
  tables: new Part(() => import('./tables.js')),
};
