// Runs and verbs, with the real core and without a page.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, before, test } from 'node:test';
import { makeUi } from '../../www/model/ui.js';
import { Core } from '../../www/run/core.js';
import { adopt } from '../../www/run/module.js';
import { Run } from '../../www/run/run.js';
import { merged } from '../../www/run/sections.js';
import { makeVerbs } from '../../www/verbs/verbs.js';
import { makeWords } from '../../www/words/words.js';

const WASM = new URL('../../www/pkg/replication_playground_bg.wasm', import.meta.url);
const TEXT = 'cluster m + s1 s2\nclients A\nlink nodes latency 50ms\nlink clients latency 5ms\n';

before(async () => adopt({ first: await WebAssembly.compile(readFileSync(WASM)) }));

/** The cores that were opened: one that plays has a timer, for which Node would wait. @type {Core[]} */
const cores = [];
afterEach(() => {
  for (const core of cores.splice(0)) core.pause();
});

/** @param {string} [text] */
async function desk(text = TEXT) {
  const run = new Run();
  const ui = makeUi();
  run.core = await Core.open(text, new EventTarget());
  cores.push(run.core);
  /** @type {string[]} */
  const told = [];
  const nothing = () => {};
  /** @type {import('../../www/verbs/desk.js').Desk} */
  const it = {
    run,
    ui,
    words: () => makeWords(),
    changed: nothing,
    tell: (type) => told.push(type),
    say: nothing,
    letGo: () => (run.core = undefined),
    browser: {
      copy: () => Promise.reject(new Error('not allowed')),
      paste: async () => '',
      address: () => 'here',
      point: nothing,
    },
  };
  const opened = /** @type {string[]} */ ([]);
  const act = makeVerbs(it, { open: async (text) => void opened.push(text) });
  return { run, ui, act, told, opened, core: run.core };
}

test('what changes is taken in, what does not stays the same object', async () => {
  const { run, act } = await desk();
  run.pull();
  const first = run.state;
  assert.equal(first?.nodes.length, 3);
  assert.equal(run.pull(), undefined);
  act.seek(1_000_000);
  act.write();
  const news = run.pull();
  assert.equal(news?.before, first);
  assert.equal(run.state?.settings, first?.settings);
  assert.equal(run.state?.nodes, first?.nodes, 'nothing has reached a node yet');
  assert.notEqual(run.state?.clients, first?.clients);
  act.seek(1_006_000);
  run.pull();
  assert.notEqual(run.state?.nodes[0], first?.nodes[0]);
});

test('at every step the page knows what the core shows', async () => {
  const { run, act, core } = await desk(`${TEXT}seed 3\nload 200/s reads 50% keys 20 uniform value 8B\n`);
  const lines = ['crash s1', 'A write k 1', 'promote s2', 'start s1', 'A read k', 'add s3', 'hold m-s2', 'remove s1'];
  for (let i = 0; i < 120; i++) {
    if (i % 12 === 5) act.command(lines[(i / 12) | 0] ?? 'A read k');
    if (i === 70) act.undo();
    if (i === 90) act.redo();
    act.seek(core.nowUs + 37_000);
    if (i % 3 === 1) continue;
    run.pull();
    const whole = core.state();
    // These two change all the time, and are not drawn.
    for (const node of whole.nodes) node.behindUs = 0;
    for (const { forth, back } of whole.links) forth.inFlight = back.inFlight = 0;
    assert.deepEqual(run.state, { ...whole, load: whole.load ?? null }, `step ${i}`);
    // Of a load the story tells nothing, so there may be no late sentence.
    const latest = core.story(Math.max(0, core.storyLength - 300)).at(-1);
    if (latest) assert.deepEqual(run.story.sentences.at(-1), latest);
  }
});

test('marks follow the run, also back', async () => {
  const { run, act } = await desk();
  act.write();
  act.seek(500_000);
  act.command('crash m');
  run.pull();
  assert.deepEqual(
    run.marks.map(({ kind }) => kind),
    ['write', 'fault'],
  );
  act.undo();
  run.pull();
  assert.deepEqual(
    run.marks.map(({ kind }) => kind),
    ['write'],
  );
  assert.equal(run.past?.canRedo, true);
  act.redo();
  run.pull();
  assert.deepEqual(
    run.marks.map(({ kind }) => kind),
    ['write', 'fault'],
  );
});

test('what is undone is no longer marked as lost', async () => {
  const { run, act } = await desk();
  act.command('hold m-s1');
  act.command('hold m-s2');
  act.write();
  act.seek(300_000);
  act.command('crash m');
  act.command('promote s1');
  act.seek(301_000);
  run.pull();
  assert.ok(
    run.marks.some(({ kind, text }) => kind === 'broken' && text.includes('lost')),
    JSON.stringify(run.marks),
  );
  act.undo();
  run.pull();
  assert.ok(!run.marks.some(({ text }) => text.includes('lost')), JSON.stringify(run.marks));
});

test('a refusal becomes a notice, and changes nothing', async () => {
  const { run, ui, act, told, core } = await desk();
  const text = core.text;
  assert.equal(act.command('crash x'), false);
  assert.match(ui.notice ?? '', /m, s1, s2/);
  assert.deepEqual(told, ['error']);
  assert.equal(core.text, text);
  assert.equal(act.command('crash m'), true);
  assert.equal(ui.notice, undefined);
  assert.equal(run.core, core);
  assert.throws(() => act.commandOrThrow('crash x'), { name: 'PlaygroundError' });
});

test('the console asks in lines of the text', async () => {
  const { run, ui, act, core } = await desk();
  run.pull();
  act.write();
  assert.equal(ui.value, '2');
  ui.writeTo = 's1';
  ui.key = 'a key';
  act.pause();
  act.write();
  act.read();
  act.remove();
  assert.match(core.text, /A write cart 1\n[^]*A write "a key" 2 @s1\n[^]*A read "a key"\n[^]*A delete "a key" @s1\n/);
});

test('a command sets time going, unless somebody has stopped it', async () => {
  const { act, core } = await desk();
  act.write();
  assert.equal(core.playing, true);
  act.pause();
  act.write();
  assert.equal(core.playing, false);
  act.play();
  assert.equal(core.playing, true);
  core.pause();
});

test('scrubbing stays within what was seen', async () => {
  const { ui, act, run } = await desk();
  act.seek(2_000_000);
  run.pull();
  act.scrub(9e9, 5e6);
  assert.equal(ui.scrubTo, 2_000_000);
  act.scrub(1_234_567, 5e6);
  assert.equal(ui.scrubTo, 1_235_000);
  act.scrub(-5, 5e6);
  assert.equal(ui.scrubTo, 0);
});

test('a draft runs, or is shown with its error', async () => {
  const { ui, act, core } = await desk();
  ui.text = { draft: 'cluster m + s1\nat 1s crash x' };
  act.runDraft();
  assert.equal(ui.text.error?.line, 2);
  ui.text = { draft: 'cluster m + s1\n' };
  act.runDraft();
  assert.deepEqual(ui.text, {});
  assert.equal(core.state().nodes.length, 2);
  await act.copy('x');
  assert.ok(ui.text.note);
});

test('a list is merged by its keys', () => {
  const [a, b, c] = [{ id: 1 }, { id: 2 }, { id: 3 }];
  const of = (/** @type {{ id: number }} */ one) => one.id;
  const before = [a, b];
  assert.equal(merged(before, undefined, of), before);
  const fresh = { id: 2 };
  assert.deepEqual(merged(before, { items: [fresh] }, of), [a, fresh]);
  assert.equal(merged(before, { items: [fresh] }, of)[0], a);
  assert.deepEqual(merged(before, { keys: [3, 1], items: [c] }, of), [c, a]);
  assert.deepEqual(merged(undefined, { keys: [1], items: [a] }, of), [a]);
});

test('what the core hands out is the data itself: letters that need an escape, floats, nothing', async () => {
  const { core } = await desk();
  const value = 'a"b\\c\n\t\u0001 \u2028 é 😀';
  core.command(`A write ${core.quote('k"')} ${core.quote(value)}`);
  core.seek(1_000_000);
  const [node] = core.state().nodes;
  assert.deepEqual(node.rows, [{ key: 'k"', value, write: 1, state: 'fresh', versionsBehind: 0 }]);
  assert.equal(node.upstream, null);
  const { atS, writeMs } = core.charts(0, 1_000_000, 10);
  assert.ok(atS.some((at) => !Number.isInteger(at)));
  assert.ok(writeMs.p50.includes(null) && writeMs.p50.some((ms) => ms !== null && ms > 10));
});
