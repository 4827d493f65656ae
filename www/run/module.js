// The WebAssembly module of a run. Where it comes in two parts (.ci/split.js) the first one can show a run and do what is
// pressed first; the rest is asked for when the first is there. What needs it earlier waits for it. In the builds that are
// one file it is whole.

import { compile, restOf } from './beside.js';
import { once } from './once.js';

/** @typedef {{ first: WebAssembly.Module, rest?: WebAssembly.Module }} Parts */
/** @typedef {typeof import('../pkg/glue.js').glue} MakeGlue */

/** @type {Promise<WebAssembly.Module> | undefined} */
let first;
/** @type {() => Promise<WebAssembly.Module | undefined>} */
let rest = loadedRest();

const firstPart = () => (first ??= compile());
function loadedRest() {
  return once(async () => restOf(await firstPart())?.compile());
}

/** Compiled once, for the page and for its workers. @returns {Promise<Parts>} */
export async function compiled() {
  return { first: await firstPart(), rest: await rest() };
}
/** Another thread has compiled it already. @param {Parts} given */
export function adopt(given) {
  first = Promise.resolve(given.first);
  rest = async () => given.rest;
}
/** It was asked for before this code was there. @param {Promise<WebAssembly.Module> | undefined} coming */
export function expect(coming) {
  first ??= coming;
}
/** It comes anew: it may be what was broken. */
export function forget() {
  first = undefined;
  rest = loadedRest();
}

/**
 * An instance, as soon as the first part is there, and when it is whole.
 * @param {MakeGlue} glue
 */
export async function instantiate(glue) {
  const module = await firstPart();
  const beside = restOf(module);
  let whole = !beside;
  const link = (/** @type {WebAssembly.Module | undefined} */ part) => {
    if (part && !whole) new WebAssembly.Instance(part, { first: exports });
    whole = true;
  };
  const made = glue(() => link(beside?.compileNow()));
  const exports = /** @type {any} */ (await made({ module_or_path: module }));
  const complete = whole ? Promise.resolve() : rest().then(link);
  // Who needs the rest asks for it once more, and is told why there is none.
  complete.catch(() => {});
  return { made, complete };
}
