// How runs look at their beginning, so that a page can draw them before the core is there. The core itself tells it, here.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'node:path';
import { glue as whole } from '../www/pkg/check/glue.js';
import { glue } from '../www/pkg/glue.js';
import { asLesson } from '../www/run/lessons.js';

const core = glue();
await core({ module_or_path: readFileSync('www/pkg/replication_playground_bg.wasm') });

/** @param {string} text */
function stillOf(text) {
  const run = new core.Playground(text, new EventTarget());
  const changes = run.changes(0);
  run.free();
  return { text, changes };
}

/** The standard run, with what there is to choose from. */
export function firstStill() {
  const presets = core.Playground.presets().map((/** @type {any} */ { name, title }) => ({ name, title }));
  return { ...stillOf(readFileSync('www/first.run', 'utf8')), presets };
}

/** What the presets stand for: the first module of a page has no room for it. */
export async function configurations() {
  const made = whole();
  await made({ module_or_path: readFileSync('www/pkg/check/replication_playground_check_bg.wasm') });
  const presets = made.Playground.presets().map((/** @type {any} */ { name, configuration }) => [name, configuration]);
  return Object.fromEntries(presets);
}

/** What `make guarantees-real` has seen, of the cells of the table of guarantees: for the panel of the checker. */
export function seen() {
  /** @type {{ preset: string, operator: string, faults: number, cells: { promise: string, way?: string, confirmed?: string }[] }[]} */
  const rows = JSON.parse(readFileSync('docs/guarantees.json', 'utf8'));
  /** @type {Record<string, Record<string, string>>} */
  const ways = {};
  for (const { preset, operator, faults, cells } of rows)
    for (const { promise, way, confirmed } of cells)
      if (confirmed) (ways[preset] ??= {})[`${operator} ${faults} ${promise} ${way}`] = confirmed;
  return ways;
}

/** Beside the texts of the lessons: each with its picture, so that a page asks for one file. @param {string} folder */
export function writeLessons(folder) {
  const texts = (/** @type {string} */ from, /** @type {RegExp} */ which) =>
    readdirSync(`www/${from}`)
      .filter((file) => which.test(file))
      .map((file) => [parse(file).name, readFileSync(`www/${from}/${file}`, 'utf8')]);
  const surprises = texts('runs', /^surprise-/).map(([name, text]) => [name, asLesson(text)]);
  for (const [name, text] of [...texts('lessons', /\.lesson$/), ...surprises])
    writeFileSync(`${folder}/${name}.json`, JSON.stringify(stillOf(text)));
}
