// What the page draws, without a page: who stands where, which lines run, what is shown of much.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forest } from '../../www/model/forest.js';
import { isForked, placesOf, step, writesOf } from '../../www/model/log.js';
import { Picture, signature } from '../../www/model/picture.js';
import { latestKeys, rowsOf } from '../../www/model/rows.js';
import { anomalies, Progress, Teller } from '../../www/model/tell.js';
import { left, waitAt } from '../../www/model/waits.js';
import { momentOf, near, scaleFor, thinned, ticksOf } from '../../www/model/timeline.js';
import { doneLine, doneWhen } from '../../www/model/experiment.js';
import { byWeight } from '../../www/model/verdicts.js';
import { makeWords } from '../../www/words/words.js';

/** @param {number} id @param {number} [upstream] @param {object} [more] @returns {any} */
const node = (id, upstream, more) => ({
  id,
  name: upstream === undefined ? 'm' : `s${id}`,
  role: upstream === undefined ? 'master' : 'slave',
  upstream: upstream ?? null,
  rows: [],
  rowsMore: 0,
  ...more,
});
/** @param {any[]} nodes */
const shape = (nodes) =>
  forest(nodes).map(({ root, slaves }) => [root.id, slaves.map(({ node: slave, depth }) => `${slave.id}/${depth}`)]);

test('a slave stands under the node that it follows, whoever is written to', () => {
  assert.deepEqual(shape([node(0), node(1, 0), node(2, 0), node(3, 0)]), [[0, ['1/1', '2/1', '3/1']]]);
  // After a split brain the new master comes first in the state, and has nobody yet.
  assert.deepEqual(shape([node(3), node(0), node(1, 0), node(2, 0)]), [
    [0, ['1/1', '2/1']],
    [3, []],
  ]);
  assert.deepEqual(shape([node(3), node(0), node(1, 3), node(2, 0)]), [
    [0, ['2/1']],
    [3, ['1/1']],
  ]);
  // A chain, a slave of one that has left, and two that follow each other.
  assert.deepEqual(shape([node(0), node(1, 0), node(2, 1)]), [[0, ['1/1', '2/2']]]);
  assert.deepEqual(shape([node(0), node(2, 1)]), [
    [0, []],
    [2, []],
  ]);
  assert.deepEqual(shape([node(0), node(1, 2), node(2, 1)]), [
    [0, []],
    [1, ['2/1']],
  ]);
});

/** @type {import('../../www/model/places.js').Room} */
const room = {
  mode: 'row',
  width: 860,
  compact: false,
  sliders: true,
  tight: false,
  work: false,
  observers: 0,
  height: 'high',
  phone: false,
};
const client = [{ id: 9, load: false }];
/** @param {any[]} nodes @param {Partial<import('../../www/model/places.js').Room>} [how] */
const picture = (nodes, how) => new Picture({ nodes }, client, new Map(), { ...room, ...how });
/** @param {import('../../www/model/paths.js').Box} a @param {import('../../www/model/paths.js').Box} b */
const overlap = (a, b) => a.x < b.x + b.w - 0.5 && b.x < a.x + a.w - 0.5 && a.y < b.y + b.h && b.y < a.y + a.h;

/** @type {[name: string, before: any[], after: any[]][]} */
const CHANGES = [
  ['a split brain', [node(0), node(1, 0), node(2, 0), node(3, 0)], [node(3), node(0), node(1, 0), node(2, 0)]],
  ['a failover', [node(0), node(1, 0), node(2, 0), node(3, 0)], [node(3), node(0), node(1, 3), node(2, 3)]],
];
for (const [mode, how] of /** @type {[any, object][]} */ ([
  ['row', {}],
  ['row', { width: 560, tight: true }],
  ['tree', { width: 330 }],
  ['grid', { compact: true, width: 600 }],
])) {
  for (const [name, before, after] of CHANGES) {
    test(`${name} as ${mode} ${JSON.stringify(how)}: no card lies on another one, the stage keeps its height`, () => {
      const [one, other] = [picture(before, { mode, ...how }), picture(after, { mode, ...how })];
      assert.equal(one.height, other.height);
      for (const it of [one, other]) {
        const boxes = [...it.boxes.values()];
        assert.equal(boxes.length, 4);
        boxes.forEach((a, i) => {
          assert.ok(a.x >= 0 && a.x + a.w <= it.width && a.y >= 0 && a.y + a.h <= it.height, JSON.stringify(a));
          for (const b of boxes.slice(i + 1)) assert.ok(!overlap(a, b), JSON.stringify([a, b]));
        });
        for (const path of it.paths.values()) assert.ok(path.length > 0 && path.points.flat().every(Number.isFinite));
      }
    });
  }
}

test('a message goes along the line of its link, and back on the same one', () => {
  const it = picture([node(0), node(1, 0), node(2, 1)]);
  const [there, back] = [it.way(0, 1), it.way(1, 0)];
  assert.equal(there?.path, back?.path);
  assert.deepEqual([there?.forth, back?.forth], [true, false]);
  assert.equal(it.way(1, 2)?.path, it.paths.get('1-2'));
  // Who has no line between them has a way nevertheless.
  assert.ok((it.way(0, 2)?.path.length ?? 0) > 0);
  assert.equal(it.way(0, 77), undefined);
  assert.ok(it.way(9, 2));
});

test('the picture is another one only when something stands elsewhere', () => {
  const state = (/** @type {any[]} */ nodes) => /** @type {any} */ ({ nodes });
  const of = (/** @type {any[]} */ nodes, how = {}) => signature(state(nodes), client, new Map(), { ...room, ...how });
  assert.equal(of([node(0), node(1, 0)]), of([node(0, undefined, { applied: 7 }), node(1, 0, { behind: 3 })]));
  assert.notEqual(of([node(0), node(1, 0)]), of([node(0), node(1)]));
  assert.notEqual(of([node(0)]), of([node(0)], { width: 500 }));
});

test('all cards show the same keys: those that were written last', () => {
  const rows = (/** @type {[string, number | null][]} */ ...list) => list.map(([key, write]) => ({ key, write }));
  const m = node(0, undefined, { rows: rows(['a', 5], ['b', 2], ['c', 3], ['d', 4]), rowsMore: 2 });
  const s = node(1, 0, { rows: rows(['a', 1], ['b', 2], ['c', null], ['d', null]), rowsMore: 1 });
  const keys = latestKeys([m, s]);
  assert.deepEqual(keys, ['a', 'd', 'c', 'b']);
  for (const [one, more] of /** @type {[any, number][]} */ ([
    [m, 4],
    [s, 3],
  ])) {
    const shown = rowsOf(one, keys, 3);
    assert.deepEqual(
      shown.rows.map(({ key }) => key),
      ['a', 'd'],
    );
    assert.equal(shown.more, more);
  }
  assert.equal(rowsOf(node(2, 0, { rows: rows(['a', 1], ['b', 2], ['c', 3]) }), ['c', 'b', 'a'], 3).more, 0);
  assert.equal(rowsOf(m, keys, 1).rows[0].key, 'a');
});

test('the time line grows in few steps, and names round times', () => {
  const scales = new Set();
  for (let us = 0; us <= 120e6; us += 50_000) scales.add(scaleFor(us));
  assert.deepEqual([...scales], [5e6, 10e6, 20e6, 50e6, 100e6, 200e6]);
  assert.deepEqual(ticksOf(5e6), [1e6, 2e6, 3e6, 4e6, 5e6]);
  for (const scale of scales) assert.ok(ticksOf(scale).length >= 4 && ticksOf(scale).length <= 6, String(scale));
});

test('of marks that lie on each other the weightiest is seen, and told', () => {
  const mark = (/** @type {number} */ atUs, /** @type {any} */ kind) => ({
    atUs,
    kind,
    write: 0,
    text: `${kind} ${atUs}`,
  });
  const marks = [mark(1e6, 'write'), mark(1.001e6, 'fault'), mark(2e6, 'stale'), mark(2.001e6, 'broken')];
  assert.equal(near(marks, 1e6, 5_000)?.kind, 'fault');
  assert.equal(near(marks, 1.5e6, 5_000), undefined);
  assert.deepEqual(
    thinned(marks, 100_000).map(({ kind }) => kind),
    ['write', 'fault', 'broken'],
  );
  const moment = momentOf(marks, 1.5e6, 5e6, 1000);
  assert.equal(moment.told?.kind, 'fault');
  assert.equal(moment.before?.kind, 'fault');
  assert.equal(moment.after?.kind, 'stale');
});

test('logs have their places from the start, and a fork is seen', () => {
  assert.equal(placesOf({ first: 1 }).length, 32);
  const strip = (/** @type {any[]} */ ...cells) => ({
    node: 1,
    cells: cells.map(([write, state]) => ({ write, state })),
  });
  const master = strip([1, 'applied'], [2, 'applied']);
  const slave = strip([1, 'applied'], [5, 'applied']);
  assert.deepEqual(
    [isForked(slave, master, 0), isForked(slave, master, 1), isForked(master, master, 1)],
    [false, true, false],
  );
  assert.deepEqual(writesOf([master, slave]), [1, 2, 5]);
  assert.deepEqual([step([1, 2, 5], undefined, 1), step([1, 2, 5], 5, 1), step([1, 2, 5], undefined, -1)], [1, 5, 5]);
});

test('what is broken comes first', () => {
  const all = ['fresh-reads', 'no-lost-writes', 'convergence', 'one-history', 'one-master', 'monotonic-reads'].map(
    (id) =>
      /** @type {any} */ ({
        id,
        status: id === 'monotonic-reads' ? 'broken' : id === 'convergence' ? 'behind' : 'held',
      }),
  );
  const { bad, first, rest } = byWeight(all);
  assert.equal(bad?.id, 'monotonic-reads');
  assert.deepEqual(
    first.map(({ id }) => id),
    ['convergence', 'fresh-reads', 'no-lost-writes', 'one-history'],
  );
  assert.equal(rest.length, 1);
  assert.equal(byWeight(all.map((v) => ({ ...v, status: 'held' }))).bad, undefined);
});

test('each answer is told once, each task once, and what is wrong as an anomaly', () => {
  const t = makeWords();
  const teller = new Teller();
  const op = (/** @type {object} */ more) => ({
    id: 1,
    kind: 'write',
    key: 'k',
    node: 'm',
    verdict: '',
    text: '',
    outcome: 'pending',
    ...more,
  });
  const state = (/** @type {object} */ one) =>
    /** @type {any} */ ({ clients: [{ id: 5, name: 'A', operations: [one] }], nodes: [], verdicts: [] });
  assert.deepEqual(teller.news(state(op({})), [], t), []);
  assert.deepEqual(teller.news(state(op({ doneUs: 3, outcome: 'ok' })), [], t), ['write k at m: done.']);
  assert.deepEqual(teller.news(state(op({ doneUs: 3, outcome: 'ok' })), [], t), []);
  const done = op({ doneUs: 3, outcome: 'ok' });
  const broken = { id: 'no-lost-writes', title: 'None is lost', status: 'broken', summary: [{ text: 'One is lost.' }] };
  const arrived = /** @type {any} */ ({ kind: 'replication', weight: 'plain', parts: [{ text: 's1 applies it.' }] });
  const later = { ...state(done), verdicts: [broken] };
  assert.deepEqual(teller.news(later, [arrived], t), ['s1 applies it.', 'None is lost: broken. One is lost.']);
  assert.deepEqual(teller.news({ ...later, nodes: Array(7).fill({}) }, [arrived], t), []);
  const sentence = (/** @type {string} */ weight) =>
    /** @type {any} */ ({ weight, kind: 'client', atUs: 7, parts: [{ text: 'A ' }, { text: 'reads' }] });
  assert.deepEqual(
    anomalies(['plain', 'behind', 'broken'].map(sentence)).map(({ kind, text }) => `${kind} ${text}`),
    ['stale A reads', 'broken A reads'],
  );
  const progress = new Progress();
  const lesson = (/** @type {boolean[]} */ ...done) =>
    /** @type {any} */ ({
      done: done.every(Boolean),
      title: 'T',
      items: done.map((one) => ({ kind: 'task', done: one, words: 'w' })),
    });
  assert.deepEqual(progress.events(lesson(true, false)), [['task', { index: 0, words: 'w' }]]);
  assert.deepEqual(progress.events(lesson(true, false)), []);
  assert.deepEqual(
    progress.events(lesson(true, true)).map(([type]) => type),
    ['task', 'finished'],
  );
});

test('the experiment bar reads when a write is done, and writes it as the engine means it', () => {
  const of = (/** @type {string} */ replication, engine = 'plain') =>
    /** @type {any} */ ({ settings: { values: { replication, engine } } });
  assert.deepEqual(
    [
      'async',
      'sync 1 applied',
      'sync first 1 flushed hidden',
      'sync all applied',
      'sync 2 applied',
      'sync majority applied',
    ].map(doneWhen),
    ['master', 'one', 'one', 'all', '2', 'majority'],
  );
  assert.equal(doneLine(of('async', 'postgresql'), 'one'), 'replication sync 1 flushed hidden');
  assert.equal(doneLine(of('async', 'mysql'), 'all'), 'replication sync all received hidden');
  assert.equal(doneLine(of('sync first 1 flushed hidden', 'postgresql'), 'all'), 'replication sync all flushed hidden');
  assert.equal(doneLine(of('sync majority applied', 'mongodb'), 'master'), 'replication async');
});

test('what is waited for is the next thing that is worth a word, and its time is rounded up', () => {
  const wait = (/** @type {number} */ fromUs, /** @type {number} */ untilUs) => ({ fromUs, untilUs, parts: [] });
  const waits = [wait(5_000_000, 6_000_000), wait(1_000_000, 30_000_000)];
  assert.equal(waitAt(waits, 0), undefined);
  assert.equal(waitAt(waits, 1_000_000), waits[1]);
  assert.equal(waitAt(waits, 5_500_000), waits[0]);
  assert.equal(waitAt(waits, 6_000_000), waits[1]);
  assert.equal(waitAt(waits, 30_000_000), undefined);
  assert.deepEqual([1, 100_000, 26_240_001, 99_900_000, 100_000_000, 3_600_000_000].map(left), [
    '0.1 s',
    '0.1 s',
    '26.3 s',
    '99.9 s',
    '1 min 40 s',
    '60 min 0 s',
  ]);
});
