// Splits the module of a page in three: what a first view of the standard run runs, what lessons and other runs begin with
// besides, and the rest, which comes after it.
//
//   node .ci/split.js FROM FOLDER OPTION...     FROM: as wasm-bindgen made it; OPTION: of wasm-opt, for all parts
//
// FOLDER gets first.wasm, and runs and rest under names with a hash; the first part names them in a section of its own. What
// runs is not written down: it is found here, by running it. The module is split in two, and the first of these once more. In
// the first part a function of another one is a stub: it has the others there if they are not yet (src/web/rest.rs), and calls
// it through the table of functions. The others have the memory, the tables, the globals and the functions of the first part
// for their own.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import binaryen from 'binaryen';
import { glue } from '../www/pkg/glue.js';
import { otherRuns, presetRuns, standardRun } from './first-view.js';

/** What the others call the first part. */
const FIRST = 'first';
const MEMORY = 'memory';
/** A table grows with each split; who imports it says how far at most. */
const TABLE_MOST = 65536;
const UNUSED = ['remove-unused-module-elements'];
/** Of the glue, in the module. */
const LOAD = /loadRest/;
const { i32, none } = binaryen;
/** Its types lack it. @type {{ setBody: (of: number, body: number) => void }} */
const { setBody } = /** @type {any} */ (binaryen).Function;

const [from, folder, ...options] = process.argv.slice(2);
const whole = readFileSync(from);

/** @typedef {ReturnType<typeof binaryen.readBinary>} Module */
/** What is split off, and of what. @typedef {{ name: string, from: Uint8Array, has: (name: string) => boolean }} Part */

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
const exported = (module) => all(module.getNumExports(), (i) => binaryen.getExportInfo(module.getExportByIndex(i)));
/** @param {Module} module */
const imported = (module) => functions(module).filter(({ base }) => base);
/** @param {Part} part @param {Module} module */
const functionsOf = ({ has }, module) => functions(module).filter(({ name, base }) => !base && has(name));

/** The names of the functions that run with the standard run, and of those that run with any. */
async function ran() {
  const module = binaryen.readBinary(whole);
  const own = functions(module).filter(({ base }) => !base);
  // Each sets a mark of its own at the far end of the stack, which nobody uses.
  for (const [place, { name, body, results }] of own.entries()) {
    const mark = module.i32.store8(place, 1, module.i32.const(0), module.i32.const(1));
    setBody(module.getFunction(name), module.block(null, [mark, body], results));
  }
  const [core, other] = [glue(), glue()];
  const { memory } = await core({ module_or_path: module.emitBinary() });
  module.dispose();
  const marked = () => {
    const marks = new Uint8Array(memory.buffer, 0, own.length);
    return new Set(own.filter((_, place) => marks[place]).map(({ name }) => name));
  };
  standardRun(core);
  const standard = marked();
  // A page has the presets from when it was built.
  await other({ module_or_path: whole });
  otherRuns(core, presetRuns(other));
  return { standard, any: marked() };
}

/** The global that says whether it is there. @param {Part} part */
const there = ({ name }) => `${name} is there`;

/** All with stubs in place of a part. @param {Part} part @param {Map<string, number>} slots in the table of functions */
function withStubs(part, slots) {
  const module = binaryen.readBinary(part.from);
  const load = imported(module).find(({ base }) => LOAD.test(base ?? ''));
  if (!load) throw new Error(`${from} does not import what has the rest there: src/web/rest.rs`);
  const { table } = calls(module);
  module.addGlobal(there(part), i32, true, module.i32.const(0));
  for (const { name, params, results } of functionsOf(part, module)) {
    const given = binaryen.expandType(params).map((type, i) => module.local.get(i, type));
    const slot = module.i32.const(slots.get(name) ?? 0);
    const isThere = module.global.get(there(part), i32);
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
  module.addTable(table, size, TABLE_MOST);
}

/** The places in the table of what the first part calls of another one. @param {Part} part */
function findSlots(part) {
  const module = withStubs(part, new Map());
  module.runPasses(UNUSED);
  const { size } = calls(module);
  return new Map(functionsOf(part, module).map(({ name }, i) => [name, size + i]));
}

/** @param {Module} module @param {{ name: string, params: number, results: number }} what @param {string} as */
function importFunction(module, { name, params, results }, as) {
  module.removeFunction(name);
  module.addFunctionImport(name, FIRST, as, params, results);
}

/** @param {Module} module @param {Map<string, number>} slots */
function fillSlots(module, slots) {
  const { segment, table, size } = calls(module);
  module.addActiveElementSegment(table, 'slots', [...slots.keys()], module.i32.const(size));
  module.removeElementSegment(segment);
}

/** A part, and by which names it calls functions of the first one. @param {Part} part @param {Map<string, number>} slots */
function makeOther(part, slots) {
  const module = binaryen.readBinary(part.from);
  const mine = new Set(functionsOf(part, module).map(({ name }) => name));
  for (const one of functions(module)) if (!mine.has(one.name)) importFunction(module, one, one.name);
  const { value: memory } = binaryen.getExportInfo(module.getExport(MEMORY));
  const known = exported(module);
  for (const { name } of known) module.removeExport(name);
  const { size } = calls(module);
  fillSlots(module, slots);
  resizeTable(module, size + slots.size);
  module.addGlobal(there(part), i32, true, module.i32.const(0));
  module.setStart(module.addFunction('start', none, none, [], module.global.set(there(part), module.i32.const(1))));
  module.setMemory(1, -1, undefined, [], false, false, memory);
  module.addMemoryImport(memory, FIRST, MEMORY, false);
  for (const { name } of tables(module)) module.addTableImport(name, FIRST, `table ${name}`);
  for (const { name, type } of globals(module)) module.addGlobalImport(name, FIRST, `global ${name}`, type, true);
  module.runPasses(UNUSED);
  const names = new Map(
    known.filter(({ kind }) => kind === binaryen.ExternalFunction).map(({ value, name }) => [value, name]),
  );
  for (const one of imported(module)) {
    const as = names.get(one.name) ?? names.size.toString(36);
    names.set(one.name, as);
    importFunction(module, one, as);
  }
  return { module, names };
}

/** The first part, with what another one has of it. @param {Part} part @param {Map<string, number>} slots @param {Map<string, string>} names */
function makeFirst(part, slots, names) {
  const module = withStubs(part, slots);
  resizeTable(module, calls(module).size + slots.size);
  const known = new Set(exported(module).map(({ name }) => name));
  const isNew = (/** @type {string} */ as) => !known.has(as);
  for (const { name } of tables(module)) if (isNew(`table ${name}`)) module.addTableExport(name, `table ${name}`);
  for (const { name } of globals(module)) if (isNew(`global ${name}`)) module.addGlobalExport(name, `global ${name}`);
  for (const [name, as] of names) if (isNew(as)) module.addFunctionExport(name, as);
  module.runPasses(UNUSED);
  return module;
}

/** With the names of functions, by which wasm-opt puts like ones together. @param {Module} module */
function bytesOf(module) {
  if (!module.validate()) throw new Error(`What was split off ${from} is no valid module`);
  binaryen.setDebugInfo(true);
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}

/** @param {Part} part */
function split(part) {
  const slots = findSlots(part);
  const { module, names } = makeOther(part, slots);
  return { first: bytesOf(makeFirst(part, slots, names)), other: bytesOf(module) };
}

/** As small as it can be. @param {Uint8Array} module */
function small(module) {
  const path = join(folder, 'part.wasm');
  writeFileSync(path, module);
  execFileSync('wasm-opt', [...options, path, '-o', path]);
  const made = readFileSync(path);
  rmSync(path);
  return made;
}

/** Writes it under a name that no other build has. @param {string} name @param {Uint8Array} module */
function write(name, module) {
  const made = small(module);
  const file = `replication_playground_${name}-${createHash('sha256').update(made).digest('hex').slice(0, 8)}.wasm`;
  writeFileSync(join(folder, file), made);
  return file;
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
const { standard, any } = await ran();
const { first: shown, other: rest } = split({ name: 'rest', from: whole, has: (name) => !any.has(name) });
// What calls the rest stays in the first part.
const isOfRuns = (/** @type {string} */ name) => any.has(name) && !standard.has(name);
const { first, other: runs } = split({ name: 'runs', from: shown, has: isOfRuns });
const files = [write('runs', runs), write('rest', rest)];
writeFileSync(join(folder, 'first.wasm'), Buffer.concat([small(first), section('parts', files.join(' '))]));
