// The same run under other settings, all of them at one instant, in an instance of the core of their own: what breaks down
// there leaves the run on the page alone.

import { instance } from './core.js';
import { PlaygroundError } from './errors.js';

/** @typedef {import('../types').State} State */
/** @typedef {import('../types').VariantScore} VariantScore */
/** @typedef {{ state?: State, score?: VariantScore, refused?: PlaygroundError }} Seen */
/** @typedef {{ text: string, changes: readonly string[], atUs: number, vocabulary: string }} Asked */

/** A frame is not held up for longer, ms. */
const BUDGET_MS = 12;

export class Variants {
  #glue;
  /** @type {{ run?: InstanceType<import('./core.js').Glue['VariantRun']>, refused?: PlaygroundError }[]} */ #runs = [];
  #of = '';
  #words = '';
  #atUs = 0;
  /** Something is otherwise than when they were seen last. */ #fresh = false;
  /** They have not come to where they are to go. */ behind = false;

  static async open() {
    return new Variants(await instance());
  }
  /** @param {import('./core.js').Glue} glue */
  constructor(glue) {
    this.#glue = glue;
  }

  /** Goes there, as far as one frame allows. What is to be seen, if it is otherwise than before. @param {Asked} asked @returns {Seen[] | undefined} */
  look({ text, changes, atUs, vocabulary }) {
    const of = JSON.stringify([text, changes]);
    if (of !== this.#of || atUs < this.#atUs) this.#begin(text, changes);
    this.#of = of;
    this.#atUs = atUs;
    const until = performance.now() + BUDGET_MS;
    this.behind = false;
    for (const { run } of this.#runs) {
      if (!run) continue;
      if (run.aim(atUs)) this.#fresh = true;
      while (!run.play() && !this.behind) this.behind = performance.now() > until;
    }
    if (this.behind || !(this.#fresh || vocabulary !== this.#words)) return undefined;
    this.#fresh = false;
    this.#words = vocabulary;
    return this.#runs.map(({ run, refused }) =>
      run
        ? { state: /** @type {any} */ (run.state(vocabulary)), score: /** @type {any} */ (run.score()) }
        : { refused },
    );
  }

  /** @param {string} text @param {readonly string[]} changes */
  #begin(text, changes) {
    this.close();
    this.#fresh = true;
    this.#runs = changes.map((change) => {
      try {
        return { run: new this.#glue.VariantRun(text, change, undefined, 0) };
      } catch (error) {
        const thrown = /** @type {any} */ (error);
        if (typeof thrown?.code !== 'string') throw error;
        return { refused: new PlaygroundError(thrown) };
      }
    });
  }
  close() {
    for (const { run } of this.#runs) run?.free();
    this.#runs = [];
    this.#of = '';
  }
}
