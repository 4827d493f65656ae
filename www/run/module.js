// The WebAssembly module of a run. Where it comes in two parts (.ci/split.js), the first one can show a run and do what is
// pressed first; the rest is asked for when the first is there. What needs it earlier waits: code that comes later itself
// holds nothing up, a call in the middle of its work holds up the page. In the builds that are one file it is whole.

import { compile, restOf } from './beside.js';
import { once } from './once.js';

/** @typedef {{ first: WebAssembly.Module, rest?: WebAssembly.Module }} Parts */
/** @typedef {(loadRest?: () => void) => import('./core.js').Glue} MakeGlue */

/** @type {Promise<WebAssembly.Module> | undefined} */
let first;
/** Of a first part. @type {WeakMap<WebAssembly.Module, () => Promise<WebAssembly.Module | undefined>>} */
const rests = new WeakMap();

const firstPart = () => (first ??= compile());
/** @param {WebAssembly.Module} module */
function restFor(module) {
  const rest = rests.get(module) ?? once(async () => restOf(module)?.compile());
  rests.set(module, rest);
  return rest();
}

/** Compiled once, for the page and for its workers. @returns {Promise<Parts>} */
export async function compiled() {
  const module = await firstPart();
  return { first: module, rest: await restFor(module) };
}
/** Another thread has compiled it already. @param {Parts} given */
export function adopt(given) {
  first = Promise.resolve(given.first);
  rests.set(given.first, async () => given.rest);
}
/** It was asked for before this code was there. @param {Promise<WebAssembly.Module> | undefined} coming */
export function expect(coming) {
  first ??= coming;
}
/** It comes anew: it may be what was broken. */
export function forget() {
  first = undefined;
}

/**
 * An instance, as soon as the first part is there; `complete` waits until it is whole.
 * @param {MakeGlue} glue
 */
export async function instantiate(glue) {
  const module = await firstPart();
  const beside = restOf(module);
  let whole = !beside;
  const link = (/** @type {WebAssembly.Module | undefined} */ rest) => {
    if (rest && !whole) new WebAssembly.Instance(rest, { first: exports });
    return (whole = true);
  };
  const made = glue(() => link(beside?.compileNow()));
  const exports = /** @type {any} */ (await made({ module_or_path: module }));
  const complete = once(async () => whole || link(await restFor(module)));
  // Who needs the rest asks for it once more, and is told why there is none.
  complete().catch(() => {});
  return { made, complete };
}
