// The WebAssembly module of a run. Where it comes in parts (.ci/split.js), the first one can show the standard run and do what is
// pressed first; the next one is needed to open others, and the rest follows. What needs a part earlier waits: code that comes
// later itself holds nothing up, a call in the middle of its work holds up the page. In the builds that are one file it is whole.

import { firstPart, otherParts } from './beside.js';
import { once } from './once.js';

/** @typedef {import('./beside.js').Part} Part */
/** @typedef {{ first: WebAssembly.Module, others: WebAssembly.Module[] }} Parts */
/** @typedef {(loadRest?: () => void) => import('./core.js').Glue} MakeGlue */

/** Compiled once, for the page and for its workers, by name. @type {Map<string, () => Promise<WebAssembly.Module>>} */
const modules = new Map();
/** They were asked for before this code was there. @type {Map<string, Promise<WebAssembly.Module>>} */
const ahead = new Map();

/** @param {Part} part */
function moduleOf({ name, compile }) {
  const come = () => {
    const coming = ahead.get(name);
    ahead.delete(name);
    return coming ?? compile();
  };
  const known = modules.get(name) ?? once(come);
  modules.set(name, known);
  return known();
}

/** All of them. @returns {Promise<Parts>} */
export async function compiled() {
  const first = await moduleOf(firstPart);
  return { first, others: await Promise.all(otherParts(first).map(moduleOf)) };
}
/** Another thread has compiled them already. @param {{ first: WebAssembly.Module, others?: WebAssembly.Module[] }} given */
export function adopt({ first, others = [] }) {
  modules.set(firstPart.name, async () => first);
  for (const [i, { name }] of otherParts(first).entries()) modules.set(name, async () => others[i]);
}
/** @param {Iterable<[name: string, coming: Promise<WebAssembly.Module>]>} given */
export function expect(given) {
  for (const [name, coming] of given) if (!modules.has(name)) ahead.set(name, coming);
}
/** It comes anew: it may be what was broken. */
export function forget() {
  modules.clear();
  ahead.clear();
}

/**
 * An instance, as soon as the first part is there; `opens` waits until it can open any run, `complete` until it is whole.
 * @param {MakeGlue} glue
 */
export async function instantiate(glue) {
  const module = await moduleOf(firstPart);
  const others = otherParts(module).map((part) => ({ part, linked: false }));
  const link = (/** @type {typeof others[0]} */ other, /** @type {WebAssembly.Module} */ compiledPart) => {
    if (!other.linked) new WebAssembly.Instance(compiledPart, { first: exports });
    other.linked = true;
  };
  const linkNow = () => {
    for (const other of others) if (!other.linked) link(other, other.part.compileNow());
  };
  const made = glue(linkNow);
  const exports = /** @type {any} */ (await made({ module_or_path: module }));
  const come = others.map((other) => once(async () => other.linked || link(other, await moduleOf(other.part))));
  const complete = () => Promise.all(come.map((one) => one()));
  // Behind the run that waits for this one. Who needs them asks once more, and is told why there is none.
  setTimeout(() => complete().catch(() => {}));
  return { made, opens: async () => come[0]?.(), complete };
}
