// Hands studies, or checks, to a worker, which is started with the first of them.

import { workers } from '../run/beside.js';
import { instance } from '../run/core.js';
import { compiled } from '../run/module.js';
import { Desk } from './study-worker.js';

/** @typedef {import('../types').StudyNews} StudyNews */
/** @typedef {{ ask: (job: any) => void, close: () => void, ownThread?: boolean }} Helper */

const START_MS = 15_000;

/**
 * What a worker is there for.
 * @typedef {object} Trade
 * @property {import('./worker.js').Trade} name
 * @property {() => Promise<WebAssembly.Module | import('../run/module.js').Parts>} compiled what it needs
 * @property {(tell: (news: any) => void) => Promise<{ take: (job: any) => Promise<void>, stop: () => void }>} desk who does
 *   it where workers are forbidden
 */
/** A copy of its own: what breaks down there leaves the run alone. @type {Trade} */
const STUDIES = { name: 'studies', compiled, desk: async (tell) => new Desk(await instance(), tell) };

/** One job at a time. @template {{ id: number, broken?: string }} [News=StudyNews] */
export class Clerk {
  #tell;
  #trade;
  #id = 0;
  /** @type {Promise<Helper> | undefined} */ #helper;
  /** Workers are forbidden here: the study is done between the frames. */ ownThread = false;

  /** @param {(news: News) => void} tell @param {Trade} [trade] */
  constructor(tell, trade = STUDIES) {
    this.#tell = tell;
    this.#trade = trade;
  }

  /** @param {object} task */
  async ask(task) {
    const id = ++this.#id;
    try {
      this.#helper ??= start(this.#trade, (news) => this.#hear(news));
      const helper = await this.#helper;
      this.ownThread = helper.ownThread ?? false;
      if (id === this.#id) helper.ask({ ...task, id });
    } catch (error) {
      this.#hear(/** @type {News} */ ({ id, broken: String(/** @type {Error} */ (error).message ?? error) }));
    }
  }

  /** @param {News} news */
  #hear(news) {
    // An instance that broke down is not asked again.
    if (news.broken) this.#end();
    if (news.id === this.#id || news.id === 0) this.#tell(news);
  }

  /** At once, whatever it is busy with. */
  drop() {
    this.#id++;
    this.#end();
  }
  #end() {
    this.#helper?.then(
      (helper) => helper.close(),
      () => {},
    );
    this.#helper = undefined;
  }
}

/** @param {Trade} trade @param {(news: any) => void} tell @returns {Promise<Helper>} */
async function start({ name, compiled, desk }, tell) {
  for (const begin of workers()) {
    try {
      const worker = await ready(begin());
      worker.addEventListener('message', ({ data }) => tell(data));
      worker.addEventListener('error', (e) => tell({ id: 0, broken: e.message || 'error' }));
      worker.postMessage({ trade: name });
      worker.postMessage({ module: await compiled() });
      return { ask: (job) => worker.postMessage({ job }), close: () => worker.terminate() };
    } catch {
      // The next way.
    }
  }
  const own = await desk(tell);
  return { ask: (job) => void own.take(job), close: () => own.stop(), ownThread: true };
}

/** @param {Worker} worker @returns {Promise<Worker>} */
function ready(worker) {
  return new Promise((resolve, reject) => {
    const listening = new AbortController();
    const { signal } = listening;
    const end = (/** @type {() => void} */ act) => {
      listening.abort();
      clearTimeout(late);
      act();
    };
    const fail = () =>
      end(() => {
        worker.terminate();
        reject(new Error('no worker'));
      });
    const late = setTimeout(fail, START_MS);
    worker.addEventListener('message', () => end(() => resolve(worker)), { signal });
    worker.addEventListener('error', fail, { signal });
  });
}
