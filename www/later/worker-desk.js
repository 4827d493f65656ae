// What studies and checks have in common, in a worker or on the page's own thread where workers are forbidden: jobs come, and
// a new one ends the one before.

/** So long it works before it hears whether it is still wanted, ms. */
export const PIECE_MS = 15;

/** Lets messages, and on a page everything else, have their turn. */
export const breath = () => new Promise((done) => setTimeout(done));

/** @template {import('../run/core.js').Glue | import('../run/core.js').Whole | import('../run/core.js').Reader} G @template {{ id: number }} Job */
export class WorkerDesk {
  /** @protected */ glue;
  /** @protected */ post;
  #turn = 0;

  /** @param {G} glue @param {(news: any) => void} post */
  constructor(glue, post) {
    this.glue = glue;
    this.post = post;
  }

  stop() {
    this.#turn++;
  }

  /** @param {Job} job */
  async take(job) {
    const turn = ++this.#turn;
    const wanted = () => turn === this.#turn;
    try {
      await this.work(job, wanted);
    } catch (error) {
      if (wanted()) this.post({ id: job.id, ...this.failure(error) });
    }
  }

  /** @protected @param {Job} _job @param {() => boolean} _wanted @returns {Promise<void>} */
  async work(_job, _wanted) {}

  /** @protected @param {any} error */
  failure(error) {
    if (typeof error?.code === 'string') return { refused: { ...error } };
    let words = String(error?.message ?? error);
    try {
      if ('Playground' in this.glue) words = this.glue.Playground.lastPanic() ?? words;
    } catch {
      // It is beyond answering.
    }
    return { broken: words };
  }
}
