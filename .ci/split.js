// Splits the module of a page in two: what a first view runs, and the rest, which comes after it.
//
//   node .ci/split.js FROM FOLDER OPTION...     FROM: as wasm-bindgen made it; OPTION: of wasm-opt, for both parts
//
// FOLDER gets first.wasm and rest-HASH.wasm; the first part names the rest in a section of its own. What runs is not written
// down: it is found here, by running it. In the first part a function of the rest is a stub: it has the rest there if it is not
// yet (src/web/rest.rs), and calls it through the table of functions. The rest has the memory, the tables, the globals and the
// functions of the first part for its own.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import binaryen from 'binaryen';
import { glue } from '../www/pkg/glue.js';
import { firstView, presetRuns } from './first-view.js';

/** What the rest calls the first part. */
const FIRST = 'first';
const MEMORY = 'memory';
/** Whether the rest is there. */
const THERE = 'there';
const UNUSED = ['remove-unused-module-elements'];
/** Of the glue, in the module. */
const LOAD = /loadRest/;
const { i32, none } = binaryen;
/** Its types lack it. @type {{ setBody: (of: number, body: number) => void }} */
const { setBody } = /** @type {any} */ (binaryen).Function;

const [from, folder, ...options] = process.argv.slice(2);
const bytes = readFileSync(from);

const read = () => binaryen.readBinary(bytes);
/** @typedef {ReturnType<typeof read>} Module */

/** @template T @param {number} length @param {(place: number) => T} at */
const all = (length, at) => Array.from({ length }, (_, place) => at(place));
/** @param {Module} module */
const functions = (module) =>
  all(module.getNumFunctions(), (i) => binaryen.getFunctionInfo(module.getFunctionByIndex(i)));
/** @param {Module} module */
const tables = (module) => all(module.getNumTables(), (i) => binaryen.getTableInfo(module.getTableByIndex(i)));
/** Those that change: the others each part has for itself. @param {Module} module */
const globals = (module) =>
  all(module.getNumGlobals(), (i) => binaryen.getGlobalInfo(module.getGlobalByIndex(i))).filter(
    ({ mutable }) => mutable,
  );
/** @param {Module} module */
const imported = (module) => functions(module).filter(({ base }) => base);

/** The names of the functions that run in a first view. */
async function ran() {
  const module = read();
  const own = functions(module).filter(({ base }) => !base);
  // Each sets a mark of its own at the far end of the stack, which nobody uses.
  for (const [place, { name, body, results }] of own.entries()) {
    const mark = module.i32.store8(place, 1, module.i32.const(0), module.i32.const(1));
    setBody(module.getFunction(name), module.block(null, [mark, body], results));
  }
  const [core, other] = [glue(), glue()];
  const { memory } = await core({ module_or_path: module.emitBinary() });
  module.dispose();
  // A page has the presets from when it was built.
  await other({ module_or_path: bytes });
  firstView(core, presetRuns(other));
  const marks = new Uint8Array(memory.buffer, 0, own.length);
  return new Set(own.filter((_, place) => marks[place]).map(({ name }) => name));
}

const first = await ran();
const isOfTheRest = (/** @type {{ name: string, base: string | null }} */ { name, base }) => !base && !first.has(name);

/** The whole with stubs in place of the rest. @param {Map<string, number>} slots in the table of functions */
function withStubs(slots) {
  const module = read();
  const load = imported(module).find(({ base }) => LOAD.test(base ?? ''));
  if (!load) throw new Error(`${from} does not import what has the rest there: src/web/rest.rs`);
  const { table } = calls(module);
  module.addGlobal(THERE, i32, true, module.i32.const(0));
  for (const { name, params, results } of functions(module).filter(isOfTheRest)) {
    const given = binaryen.expandType(params).map((type, i) => module.local.get(i, type));
    const slot = module.i32.const(slots.get(name) ?? 0);
    const isThere = module.global.get(THERE, i32);
    const stub = [
      module.if(module.i32.eqz(isThere), module.call(load.name, [], none)),
      module.call_indirect(table, slot, given, params, results),
    ];
    setBody(module.getFunction(name), module.block(null, stub, results));
  }
  return module;
}

/** What calls by number go through: the table of functions, and what fills it. @param {Module} module */
function calls(module) {
  const { name, table } = binaryen.getElementSegmentInfo(module.getElementSegmentByIndex(0));
  return { segment: name, table, size: binaryen.getTableInfo(module.getTable(table)).initial };
}

/** @param {Module} module @param {number} size */
function resizeTable(module, size) {
  const { table } = calls(module);
  module.removeTable(table);
  module.addTable(table, size, size);
}

/** The places in the table of those of the rest that are called from the first part. */
function findSlots() {
  const module = withStubs(new Map());
  module.runPasses(UNUSED);
  const { size } = calls(module);
  return new Map(
    functions(module)
      .filter(isOfTheRest)
      .map(({ name }, i) => [name, size + i]),
  );
}

/** @param {Module} module @param {{ name: string, params: number, results: number }} what @param {string} as */
function importFunction(module, { name, params, results }, as) {
  module.removeFunction(name);
  module.addFunctionImport(name, FIRST, as, params, results);
}

/** @param {Module} module @param {Map<string, number>} slots */
function fillSlots(module, slots) {
  const { segment, table, size } = calls(module);
  module.addActiveElementSegment(table, 'rest', [...slots.keys()], module.i32.const(size));
  module.removeElementSegment(segment);
}

/** The rest, and by which names it calls functions of the first part. @param {Map<string, number>} slots */
function makeRest(slots) {
  const module = read();
  for (const one of functions(module)) if (!isOfTheRest(one)) importFunction(module, one, one.name);
  const { value: memory } = binaryen.getExportInfo(module.getExport(MEMORY));
  for (const { name } of all(module.getNumExports(), (i) => binaryen.getExportInfo(module.getExportByIndex(i))))
    module.removeExport(name);
  const { size } = calls(module);
  fillSlots(module, slots);
  resizeTable(module, size + slots.size);
  module.addGlobal(THERE, i32, true, module.i32.const(0));
  module.setStart(module.addFunction('start', none, none, [], module.global.set(THERE, module.i32.const(1))));
  module.setMemory(1, -1, undefined, [], false, false, memory);
  module.addMemoryImport(memory, FIRST, MEMORY, false);
  for (const { name } of tables(module)) module.addTableImport(name, FIRST, `table ${name}`);
  for (const { name, type } of globals(module)) module.addGlobalImport(name, FIRST, `global ${name}`, type, true);
  module.runPasses(UNUSED);
  const names = new Map();
  for (const [i, one] of imported(module).entries()) {
    names.set(one.name, i.toString(36));
    importFunction(module, one, i.toString(36));
  }
  return { module, names };
}

/** The first part, with what the rest has of it. @param {Map<string, number>} slots @param {Map<string, string>} names */
function makeFirst(slots, names) {
  const module = withStubs(slots);
  resizeTable(module, calls(module).size + slots.size);
  for (const { name } of tables(module)) module.addTableExport(name, `table ${name}`);
  for (const { name } of globals(module)) module.addGlobalExport(name, `global ${name}`);
  for (const [name, as] of names) module.addFunctionExport(name, as);
  module.runPasses(UNUSED);
  return module;
}

/** @param {Module} module @param {string} path */
function write(module, path) {
  if (!module.validate()) throw new Error(`${path} is no valid module`);
  // The names of functions, by which wasm-opt puts like ones together.
  binaryen.setDebugInfo(true);
  writeFileSync(path, module.emitBinary());
  module.dispose();
  execFileSync('wasm-opt', [...options, path, '-o', path]);
  return readFileSync(path);
}

/** A section that engines pass over. @param {string} name @param {string} words both are short */
function section(name, words) {
  const text = (/** @type {string} */ of) => [of.length, ...Buffer.from(of)];
  const inside = [...text(name), ...Buffer.from(words)];
  if (inside.length > 127) throw new Error(`${words} is too long`);
  return Buffer.from([0, inside.length, ...inside]);
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const slots = findSlots();
const { module, names } = makeRest(slots);
const rest = write(module, join(folder, 'rest.wasm'));
const file = `replication_playground_rest-${createHash('sha256').update(rest).digest('hex').slice(0, 8)}.wasm`;
renameSync(join(folder, 'rest.wasm'), join(folder, file));
const path = join(folder, 'first.wasm');
writeFileSync(path, Buffer.concat([write(makeFirst(slots, names), path), section('rest', file)]));
