// What lies beside the script. The builds that are one file have inside.js in its place.

import { fromBlob } from './blob.js';

const place = (/** @type {string} */ path) => new URL(path, import.meta.url);

/** The first part of the WebAssembly module. @returns {Promise<WebAssembly.Module>} */
export const compile = () => compiled(new URL('replication_playground_bg.wasm', import.meta.url));
/** The rest of it, which the first part names. @param {WebAssembly.Module} first */
export function restOf(first) {
  const [name] = WebAssembly.Module.customSections(first, 'rest');
  if (!name) return undefined;
  const url = place(new TextDecoder().decode(name));
  return { compile: () => compiled(url), compileNow: () => compiledNow(url) };
}
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

/** In the middle of a call: the page stands still until it is there. A request that does so gives letters, not bytes. @param {URL} url */
function compiledNow(url) {
  const request = new XMLHttpRequest();
  request.open('GET', url, false);
  request.overrideMimeType('text/plain; charset=x-user-defined');
  try {
    request.send();
  } catch {
    // There is no status then.
  }
  if (request.status !== 200) throw new Error(`A part of the playground could not be loaded: ${url}`);
  return new WebAssembly.Module(Uint8Array.from(request.responseText, (letter) => letter.charCodeAt(0)));
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
