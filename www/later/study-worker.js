// Does the studies, piece by piece.

import { breath, PIECE_MS, WorkerDesk } from './worker-desk.js';

/** @typedef {import('../run/core.js').Glue} Glue */
/** @typedef {import('../types').StudyJob} StudyJob */

/** @extends {WorkerDesk<Glue, StudyJob>} */
export class Desk extends WorkerDesk {
  /** @override @protected @param {StudyJob} job @param {() => boolean} wanted */
  work(job, wanted) {
    return job.kind === 'curve' ? this.#curve(job, wanted) : this.#variants(job, wanted);
  }

  /** @param {Extract<StudyJob, { kind: 'curve' }>} job @param {() => boolean} wanted */
  async #curve({ id, text, nowUs, spanMs, seeds, narrow }, wanted) {
    const study = new this.glue.StalenessStudy(text, nowUs, spanMs);
    try {
      for (;;) {
        const until = performance.now() + PIECE_MS;
        /** @type {import('../types').StalenessCurve} */
        let curve;
        let done;
        do {
          study.addSeed();
          curve = study.curve();
          done = curve.seeds >= seeds || curve.points.every((point) => point.high - point.low <= narrow);
        } while (!done && performance.now() < until);
        this.post({ id, curve, done });
        if (done) return;
        await breath();
        if (!wanted()) return;
      }
    } finally {
      study.free();
    }
  }

  /** @param {Extract<StudyJob, { kind: 'variants' }>} job @param {() => boolean} wanted */
  async #variants({ id, text, changes, seeds, untilUs }, wanted) {
    // What is refused is told before anything is played.
    for (const [variant, change] of changes.entries()) {
      try {
        new this.glue.VariantRun(text, change, undefined, 0).free();
      } catch (error) {
        return this.post({ id, variant, ...this.failure(error) });
      }
    }
    for (const [place, seed] of seeds.entries()) {
      for (const [variant, change] of changes.entries()) {
        const run = new this.glue.VariantRun(text, change, seed, untilUs);
        try {
          while (!run.play()) {
            await breath();
            if (!wanted()) return;
          }
          const done = place === seeds.length - 1 && variant === changes.length - 1;
          this.post({ id, variant, place, score: run.score(), done });
        } finally {
          run.free();
        }
        await breath();
        if (!wanted()) return;
      }
    }
  }
}
