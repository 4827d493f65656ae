// Parts of the page that a first view does not show: their code comes when they are shown first.

import { html } from 'lit-html';

/** @typedef {import('../app.js').App} App */

/** @template Code */
class Part {
  /** @type {Code | undefined} */ code;
  #fetch;
  /** @type {Promise<void> | undefined} */ #coming;
  /** @type {Error | undefined} */ failed;
  /** To be drawn again once it is there. @type {Set<App>} */ #waiting = new Set();

  /** @param {() => Promise<Code>} fetch */
  constructor(fetch) {
    this.#fetch = fetch;
  }

  /** Once it is there, `code` is set. @param {App} app */
  load(app) {
    this.#waiting.add(app);
    this.#coming ??= this.#fetch()
      .then(
        (code) => (this.code = code),
        (error) => (this.failed = error),
      )
      .then(() => {
        for (const one of this.#waiting) one.changed();
        this.#waiting.clear();
      });
    return this.#coming;
  }

  /** What is drawn of it, else that it is on its way. @param {App} app @param {(code: Code) => unknown} draw */
  show(app, draw) {
    if (this.code) return draw(this.code);
    const t = app.words;
    const again = () => {
      this.failed = this.#coming = undefined;
      app.changed();
    };
    if (this.failed)
      return html`<p role="alert">${t.failed} (${this.failed.message}) <button class="second small" @click=${again}>${t.retry}</button></p>`;
    void this.load(app);
    return html`<p class="help" role="status">${t.loading}</p>`;
  }
}

export const parts = {
  charts: new Part(() => import('./charts.js')),
  menus: new Part(() => import('./menus.js')),
  report: new Part(() => import('./report.js')),
  settings: new Part(() => import('./settings.js')),
  spacetime: new Part(() => import('./spacetime.js')),
  studies: new Part(() => import('./studies.js')),
  tables: new Part(() => import('./tables.js')),
};
