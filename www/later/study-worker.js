// Does the studies, piece by piece: in a worker, or on the page's own thread where workers are forbidden.

/** @typedef {import('../run/core.js').Glue} Glue */
/** @typedef {import('../types').StudyJob} StudyJob */
/** @typedef {import('../types').StudyNews} StudyNews */

const PIECE_MS = 15; // so long it works before it tells how far it is, and hears whether it is still wanted

/** Answers jobs; a new one ends the one before. */
export class Desk {
  #glue;
  #post;
  #turn = 0;

  /** @param {Glue} glue @param {(news: StudyNews) => void} post */
  constructor(glue, post) {
    this.#glue = glue;
    this.#post = post;
  }

  stop() {
    this.#turn++;
  }

  /** @param {StudyJob} job */
  async take(job) {
    const turn = ++this.#turn;
    const wanted = () => turn === this.#turn;
    try {
      if (job.kind === 'curve') await this.#curve(job, wanted);
      else await this.#variants(job, wanted);
    } catch (error) {
      if (wanted()) this.#post({ id: job.id, ...this.#failure(error) });
    }
  }

  /** @param {any} error */
  #failure(error) {
    if (typeof error?.code === 'string') return { refused: { ...error } };
    let words = String(error?.message ?? error);
    try {
      words = this.#glue.Playground.lastPanic() ?? words;
    } catch {
      // It is beyond answering.
    }
    return { broken: words };
  }

  /** @param {Extract<StudyJob, { kind: 'curve' }>} job @param {() => boolean} wanted */
  async #curve({ id, text, nowUs, spanMs, seeds, narrow }, wanted) {
    const study = new this.#glue.StalenessStudy(text, nowUs, spanMs);
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
        this.#post({ id, curve, done });
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
        new this.#glue.VariantRun(text, change, undefined, 0).free();
      } catch (error) {
        return this.#post({ id, variant, ...this.#failure(error) });
      }
    }
    for (const [place, seed] of seeds.entries()) {
      for (const [variant, change] of changes.entries()) {
        const run = new this.#glue.VariantRun(text, change, seed, untilUs);
        try {
          while (!run.play()) {
            await breath();
            if (!wanted()) return;
          }
          const done = place === seeds.length - 1 && variant === changes.length - 1;
          this.#post({ id, variant, place, score: run.score(), done });
        } finally {
          run.free();
        }
        await breath();
        if (!wanted()) return;
      }
    }
  }
}

/** Lets messages, and on a page everything else, have their turn. */
export const breath = () => new Promise((done) => setTimeout(done));
