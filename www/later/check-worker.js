// Looks for what can go wrong, piece by piece.

import { breath, PIECE_MS, WorkerDesk } from './worker-desk.js';

/** @typedef {import('../run/core.js').Whole} Whole */
/** @typedef {import('../types').CheckJob} CheckJob */

const TOLD_MS = 150; // as often it tells how far it is: to read it, that is enough
const ACTIONS = 16; // between two looks at the clock

/** @extends {WorkerDesk<Whole, CheckJob>} */
export class CheckDesk extends WorkerDesk {
  /** @override @protected @param {CheckJob} job @param {() => boolean} wanted */
  async work(job, wanted) {
    if (job.real) return this.#real(job.id, job.text);
    const check = new this.glue.Check(job.text, job.nowUs, job.asked);
    try {
      if (job.promise) await this.#near(job.id, check, job.promise, wanted);
      else await this.#search(job.id, check, wanted);
    } finally {
      check.free();
    }
  }

  /** What can be told of the run on real servers. @param {number} id @param {string} text */
  #real(id, text) {
    const servers = new this.glue.RealServers(text);
    try {
      this.post({ id, real: servers.told(), archive: servers.archive(), done: true });
    } finally {
      servers.free();
    }
  }

  /** To its end, or until nobody wants it any more. @param {{ step: (actions: number) => boolean }} search @param {() => boolean} wanted @param {() => void} [tell] */
  async #through(search, wanted, tell) {
    for (let toldAt = performance.now(); ;) {
      const until = performance.now() + PIECE_MS;
      do {
        if (search.step(ACTIONS)) return true;
      } while (performance.now() < until);
      if (performance.now() - toldAt >= TOLD_MS) {
        toldAt = performance.now();
        tell?.();
      }
      await breath();
      if (!wanted()) return false;
    }
  }

  /** @param {number} id @param {InstanceType<Whole['Check']>} check @param {() => boolean} wanted */
  async #search(id, check, wanted) {
    this.post({ id, asked: check.asked(), told: check.told() });
    const ended = await this.#through(check, wanted, () => this.post({ id, told: check.told() }));
    if (ended) this.post({ id, told: check.told(), holds: check.holds(), done: true });
  }

  /** What would have prevented it. @param {number} id @param {InstanceType<Whole['Check']>} check @param {string} promise @param {() => boolean} wanted */
  async #near(id, check, promise, wanted) {
    const all = check.neighbours(promise);
    try {
      this.post({ id, promise, names: all.map((one) => one.words()) });
      for (const one of all) {
        if (!(await this.#through(one, wanted))) return;
        this.post({ id, promise, near: one.told() });
      }
      this.post({ id, promise, done: true });
    } finally {
      for (const one of all) one.free();
    }
  }
}
