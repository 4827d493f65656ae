// In a worker: waits for what it is to do, and for the compiled module; then for jobs.

import { instance, readerInstance, wholeInstance } from '../run/core.js';
import { adopt } from '../run/module.js';

/** @typedef {{ take: (job: any) => Promise<void> }} Desk */
/** @typedef {'studies' | 'checks' | 'pastes'} Trade */

export function serve() {
  const post = (/** @type {any} */ news) => postMessage(news);
  /** @type {Trade} */
  let trade = 'studies';
  /** @type {Promise<Desk> | undefined} */
  let desk;
  addEventListener('message', async ({ data }) => {
    try {
      if (data.trade) trade = data.trade;
      if ('module' in data) desk ??= open(trade, data.module, post);
      const there = await desk;
      if (data.job) void there?.take(data.job);
    } catch (error) {
      post({ id: data.job?.id ?? 0, broken: String(/** @type {Error} */ (error).message ?? error) });
    }
  });
  // A module that may not be handed over is fetched here.
  addEventListener('messageerror', () => (desk ??= open(trade, undefined, post)));
  postMessage({ ready: true });
}

/** @param {Trade} trade @param {any} module compiled by the page @param {(news: any) => void} post @returns {Promise<Desk>} */
async function open(trade, module, post) {
  if (trade === 'checks') return new (await import('./check-worker.js')).CheckDesk(await wholeInstance(module), post);
  if (trade === 'pastes') return new (await import('./paste-worker.js')).PasteDesk(await readerInstance(module), post);
  if (module) adopt(module);
  return new (await import('./study-worker.js')).Desk(await instance(), post);
}
