// The module in its parts, as the build makes them.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { glue } from '../../www/pkg/glue.js';
import { Core } from '../../www/run/core.js';

const PARTS = new URL('../../www/pkg/parts/', import.meta.url);
const bytesOf = (/** @type {string} */ name) => readFileSync(new URL(name, PARTS));
const first = new WebAssembly.Module(bytesOf('first.wasm'));
const [named] = WebAssembly.Module.customSections(first, 'parts');
const names = new TextDecoder().decode(named).split(' ');
const [runs, rest] = names.map((name) => new WebAssembly.Module(bytesOf(name)));
const textOf = (/** @type {string} */ path) => readFileSync(new URL(`../../www/${path}`, import.meta.url), 'utf8');

/** An instance of the first part that says how often it asked for others, and gets them. @param {WebAssembly.Module[]} there that are there at once */
async function inParts(...there) {
  const seen = { asked: 0 };
  const link = (/** @type {WebAssembly.Module} */ part) => new WebAssembly.Instance(part, { first: exports });
  const core = glue(() => {
    seen.asked++;
    [runs, rest].filter((part) => !there.includes(part)).forEach(link);
  });
  const exports = /** @type {any} */ (await core({ module_or_path: first }));
  there.forEach(link);
  return { core, seen };
}
async function inOne() {
  const core = glue();
  const whole = new URL('../../www/pkg/replication_playground_bg.wasm', import.meta.url);
  await core({ module_or_path: readFileSync(whole) });
  return core;
}

/** @param {any} core @param {string} text @param {number} [us] */
function played(core, text, us) {
  const run = new Core(core, text, new EventTarget());
  const { hash } = run.goAndHash(us);
  const told = { text: run.text, changes: run.changes(0), story: run.story(0), report: run.report() };
  run.free();
  return { hash, told };
}

test('the first part names the one that opens other runs, then the rest', () => {
  assert.match(
    names.join(' '),
    /^replication_playground_runs-[0-9a-f]{8}\.wasm replication_playground_rest-[0-9a-f]{8}\.wasm$/,
  );
});

test('what a page can begin with is opened without the rest', async () => {
  const { core, seen } = await inParts(runs);
  const lessons = readdirSync(new URL('../../www/lessons', import.meta.url)).map((file) => `lessons/${file}`);
  const examples = readdirSync(new URL('../../www/runs', import.meta.url)).map((file) => `runs/${file}`);
  for (const path of ['first.run', ...lessons, ...examples]) {
    const run = new Core(core, textOf(path), new EventTarget());
    assert.ok(run.changes(0).nodes, path);
    run.free();
  }
  assert.equal(seen.asked, 0);
});

test('the standard run is opened, and what is pressed first is done, by the first part alone', async () => {
  const { core, seen } = await inParts();
  const run = new Core(core, textOf('first.run'), new EventTarget());
  for (const line of ['A write b 2', 'A read b', 'crash m', 'promote s2', 'A write b 3']) {
    run.command(line);
    run.seek(run.nowUs + 3_000_000);
    run.changes(0);
  }
  assert.equal(seen.asked, 0);
});

test('the rest is asked for once, in the middle of what needs it, and all is as in one', async () => {
  const whole = await inOne();
  for (const file of readdirSync(new URL('../../www/runs', import.meta.url))) {
    const text = textOf(`runs/${file}`);
    const told = played(whole, text);
    // Whichever is there first.
    for (const there of [[], [runs], [rest]]) {
      const { core, seen } = await inParts(...there);
      assert.deepEqual(played(core, text), told, file);
      assert.equal(seen.asked, 1, file);
    }
  }
});
