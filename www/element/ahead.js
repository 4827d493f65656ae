// What is asked for as soon as an element is about to be seen, before the code that uses it is there. The builds that are one
// file have ahead-inside.js in its place.

import parts from 'still:parts';

/** @typedef {import('../run/still.js').Still} Still */

const FIRST = 'replication_playground_bg.wasm';

/**
 * The code is wanted first: it draws the picture. On a slow line the module would take half of the line from it, so it is
 * asked for when most of the code is there, ms. A page that asked for the code in its head is further by now.
 */
const CODE_FIRST_MS = 350;
const preloaded = () => document.querySelector('link[rel="modulepreload"][href*="replication-playground-app"]');

/** Parts of the WebAssembly module by name, once for all elements. @type {Map<string, Promise<WebAssembly.Module>>} */
const modules = new Map();

/** What of it a page begins with. @param {Promise<unknown>} code that draws the picture @param {boolean} standard whether it begins with the standard run */
export function moduleAhead(code, standard) {
  for (const name of standard ? [FIRST] : [FIRST, parts.runs]) {
    const coming = modules.get(name) ?? fetched(code, name);
    modules.set(name, coming);
    // A failure (offline for a moment) is not kept.
    coming.catch(() => modules.delete(name));
  }
  return modules;
}

/** @param {Promise<unknown>} code @param {string} name */
async function fetched(code, name) {
  const most = new Promise((resolve) => setTimeout(resolve, preloaded() ? CODE_FIRST_MS / 4 : CODE_FIRST_MS));
  await Promise.race([code.catch(() => {}), most]);
  const response = await fetch(new URL(name, import.meta.url));
  // Some hosts serve it as something else.
  const streams = response.headers.get('Content-Type')?.startsWith('application/wasm');
  return streams ? WebAssembly.compileStreaming(response) : WebAssembly.compile(await response.arrayBuffer());
}

/** By their names. @type {Map<string, Promise<Still | undefined>>} */
const lessons = new Map();

/**
 * A lesson with its picture; nothing if there is none of this name, which is told when its text is asked for.
 * @param {string} name
 */
export function lessonAhead(name) {
  const coming = lessons.get(name) ?? lesson(name);
  lessons.set(name, coming);
  return coming;
}

/** @param {string} name @returns {Promise<Still | undefined>} */
async function lesson(name) {
  try {
    const answer = await fetch(new URL(`lessons/${encodeURIComponent(name)}.json`, import.meta.url));
    return answer.ok ? await answer.json() : undefined;
  } catch {
    lessons.delete(name);
    return undefined;
  }
}
