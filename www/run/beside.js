// What lies beside the script. The builds that are one file have inside.js in its place.

import { fromBlob } from './blob.js';

const place = (/** @type {string} */ path) => new URL(path, import.meta.url);

/** The WebAssembly module. @returns {Promise<WebAssembly.Module>} */
export const compile = () => compiled(new URL('replication_playground_bg.wasm', import.meta.url));
/** The one that has the checker, too. @returns {Promise<WebAssembly.Module>} */
export const compileWhole = () => compiled(new URL('replication_playground_check_bg.wasm', import.meta.url));
/** The one that reads pastes. @returns {Promise<WebAssembly.Module>} */
export const compilePaste = () => compiled(new URL('replication_playground_paste_bg.wasm', import.meta.url));

/** @param {URL} url */
async function compiled(url) {
  const response = await fetch(url);
  // Some hosts serve it as something else.
  const streams = response.headers.get('Content-Type')?.startsWith('application/wasm');
  return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** A lesson or a run. @param {string} path @returns {Promise<string>} */
export async function textOf(path) {
  const answer = await fetch(place(path.split('/').map(encodeURIComponent).join('/')));
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.text();
}

/** Ways to start a worker, the best one first. @returns {(() => Worker)[]} */
export function workers() {
  const { href, origin } = place('replication-playground-worker.js');
  // A worker's file must be of the page's origin; what it imports need not.
  const through = () => fromBlob(`import ${JSON.stringify(href)};`, { type: 'module' });
  return origin === self.origin ? [() => new Worker(href, { type: 'module' }), through] : [through];
}
