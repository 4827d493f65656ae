// What can be drawn of a run before the core is there, beside what the core then says.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { Core } from '../../www/run/core.js';
import { adopt } from '../../www/run/module.js';
import { Run } from '../../www/run/run.js';
import { stillOf } from '../../www/run/still.js';

const WASM = new URL('../../www/pkg/replication_playground_bg.wasm', import.meta.url);
const RUNS = new URL('../runs/', import.meta.url);

/** @param {string} text */
async function changesOf(text) {
  const core = await Core.open(text, new EventTarget());
  const changes = core.changes(0);
  core.free();
  return changes;
}

/** @type {import('../../www/run/still.js').First} */
let first;
before(async () => {
  adopt({ first: await WebAssembly.compile(readFileSync(WASM)) });
  const text = readFileSync(new URL('../../www/first.run', import.meta.url), 'utf8');
  first = { text, changes: await changesOf(text), presets: [] };
});

/** Who is there, who follows whom, how far from each other. @param {import('../../www/types').Changes} changes */
function picture({ nodes, clients, links }) {
  const names = new Map([...(nodes?.items ?? []), ...(clients?.items ?? [])].map(({ id, name }) => [id, name]));
  return {
    nodes: nodes?.items.map(({ name, role, upstream }) => `${name} ${role} ${names.get(upstream ?? -1) ?? ''}`),
    log: (links?.items ?? [])
      .filter(({ carries }) => carries === 'log')
      .map(({ a, b, forth, back }) => `${names.get(a)}-${names.get(b)} ${forth.latencyUs} ${back.latencyUs}`),
  };
}

test('the standard run, and one that has a picture of its own, are known whole', () => {
  assert.equal(stillOf(first.text, first), first);
  const made = { text: 'lesson A\ncluster m + s1\n', changes: first.changes };
  assert.equal(stillOf(made.text, first, made), made);
  assert.notEqual(stillOf('cluster m + s1\n', first, made), made);
});

test('of other texts it knows what the core says of who is there', async () => {
  let known = 0;
  let alike = 0;
  for (const file of readdirSync(RUNS).filter((name) => name.endsWith('.run'))) {
    const text = readFileSync(new URL(file, RUNS), 'utf8');
    const still = stillOf(text, first);
    if (!still) continue;
    known += 1;
    const [mine, its] = [picture(still.changes), picture(await changesOf(text))];
    assert.deepEqual(mine.nodes, its.nodes, file);
    if (JSON.stringify(mine.log) === JSON.stringify(its.log)) alike += 1;
  }
  assert.ok(known > 60, String(known));
  assert.ok(alike / known > 0.9, `${alike} of ${known}`);
});

test('of a lesson it knows what stands above the picture at first', async () => {
  const folder = new URL('../../www/lessons/', import.meta.url);
  for (const file of readdirSync(folder)) {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const [mine, its] = [stillOf(text, first)?.changes, await changesOf(text)];
    assert.equal(mine?.lesson?.steps, its.lesson?.steps, file);
    // In the words of an engine it is told by the core; here it takes the room only.
    if (its.roles?.slave !== 'slave') continue;
    const words = (/** @type {typeof its | undefined} */ changes) =>
      changes?.lesson?.items.filter(({ kind }) => kind !== 'task' && kind !== 'ask').map((item) => item.words);
    assert.equal(mine?.lesson?.title, its.lesson?.title, file);
    assert.deepEqual(words(mine), words(its), file);
  }
});

test('what is no cluster of ours has no picture', () => {
  const names = Array.from({ length: 40 }, (_, i) => `s${i}`).join(' ');
  for (const text of [
    '',
    'nonsense',
    'cluster',
    `cluster m + ${names}`,
    'cluster m + <b>',
    'cluster m + "a b"',
    'cluster m m',
  ])
    assert.equal(stillOf(`${text}\n`, first), undefined, text);
});

test('it is drawn until the core is there, and forgotten then', async () => {
  const run = new Run();
  run.foresee(stillOf('cluster m + s1 s2\nlink m-s2 latency 2s\n', first));
  assert.deepEqual(run.slaves(), ['s1', 's2']);
  assert.equal(run.linkBetween(0, 2)?.forth.latencyUs, 2_000_000);
  run.foresee(first);
  assert.deepEqual(run.slaves(), ['s1', 's2']);
  run.core = await Core.open('cluster m + s1\n', new EventTarget());
  run.begin();
  assert.equal(run.still, undefined);
  run.pull();
  assert.deepEqual(run.slaves(), ['s1']);
  run.core.free();
});
