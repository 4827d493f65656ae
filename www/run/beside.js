// What lies beside the script. The builds that are one file have inside.js in its place.

import { fromBlob } from './blob.js';

const place = (/** @type {string} */ path) => new URL(path, import.meta.url);

/** @typedef {{ name: string, compile: () => Promise<WebAssembly.Module>, compileNow: () => WebAssembly.Module }} Part */

/** @param {string} name @returns {Part} */
const part = (name) => ({ name, compile: () => compiled(place(name)), compileNow: () => compiledNow(place(name)) });

/** Of the WebAssembly module. */
export const firstPart = part('replication_playground_bg.wasm');
/** The others, which the first one names: what it needs to open any run, and the rest. @param {WebAssembly.Module} first */
export function otherParts(first) {
  const [names] = WebAssembly.Module.customSections(first, 'parts');
  return names ? new TextDecoder().decode(names).split(' ').map(part) : [];
}
/** The one that has the checker, too. @returns {Promise<WebAssembly.Module>} */
export const compileWhole = () => compiled(place('replication_playground_check_bg.wasm'));
/** The one that reads pastes. @returns {Promise<WebAssembly.Module>} */
export const compilePaste = () => compiled(place('replication_playground_paste_bg.wasm'));

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
