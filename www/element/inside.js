// In the builds that are one file: what lies beside the script elsewhere is inside of it.

import { fromBlob } from '../run/blob.js';
import packed from 'inside:wasm';
import reader from 'inside:paste.wasm';
import texts from 'inside:texts';

/** By this name the file knows that it is in a worker, and is to work. */
export const NAME = 'replication-playground-worker';

// A module has an address; any other script has an element, which is known only while it runs for the first time.
const script = /** @type {HTMLScriptElement | null | undefined} */ (globalThis.document?.currentScript);

/** It is unpacked here, without a request: a strict Content-Security-Policy allows that. @param {string} packed */
async function unpacked(packed) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return WebAssembly.compile(await new Response(stream).arrayBuffer());
}

/** The WebAssembly module: here it has the checker. */
export const compileWhole = () => unpacked(packed);
/** It is whole. */
export const firstPart = { name: '', compile: compileWhole };
/** @returns {import('../run/beside.js').Part[]} */
export const otherParts = () => [];
/** What reads pastes. */
export const compilePaste = () => unpacked(reader);

/** A lesson or a run. @param {string} path @returns {Promise<string>} */
export async function textOf(path) {
  if (!Object.hasOwn(texts, path)) throw new Error('404');
  return texts[path];
}

/** Ways to start a worker, the best one first. @returns {(() => Worker)[]} */
export function workers() {
  const href = import.meta.url ?? script?.src;
  /** @type {WorkerOptions} */
  const options = { type: import.meta.url ? 'module' : 'classic', name: NAME };
  if (!href) return [() => fromBlob(script?.textContent ?? '', options)];
  // Bundled into a script of another name, it does not know what else that one does; and a bundler may have written down
  // where the file was on its own disk.
  const { pathname, protocol } = new URL(href);
  if (!/\/replication-playground\.(inline|classic)\.js$/.test(pathname)) return [];
  if (protocol === 'file:' && location.protocol !== 'file:') return [];
  const load = `${import.meta.url ? 'import ' : 'importScripts'}(${JSON.stringify(href)});`;
  const through = () => fromBlob(load, options);
  return new URL(href).origin === self.origin ? [() => new Worker(href, options), through] : [through];
}
