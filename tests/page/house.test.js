// The rooms of the page, and what each of them may know: node --test tests/page/*.test.js, which `make check` runs.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const www = fileURLToPath(new URL('../../www', import.meta.url));
/** What each room may import, itself included. `app.js` wires them, and is the only file that knows all. */
const MAY = {
  words: ['words'],
  run: ['words', 'run'],
  model: ['words', 'model'],
  verbs: ['words', 'run', 'model', 'verbs'],
  parts: ['words', 'model', 'parts'],
  later: ['words', 'run', 'model', 'parts', 'later'],
  frame: ['words', 'model', 'frame'],
};
const LINES_MAX = 400;
/** Of the document, and of drawing. */
const DOM =
  /\b(document|window|navigator|location|HTMLElement|ShadowRoot|Element|querySelector\w*|getBoundingClientRect|getComputedStyle|matchMedia|requestAnimationFrame|ResizeObserver)\b|lit-html/;

/** @typedef {{ path: string, room: string, code: string, text: string }} File */

/** Without what is said about it. @param {string} text */
const code = (text) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[\s;{}(),])\/\/.*$/gm, '$1');

/** @type {File[]} */
const files = readdirSync(www, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(js|css)$/.test(path) && !path.startsWith('pkg'))
  .map((path) => {
    const text = readFileSync(join(www, path), 'utf8');
    return { path, room: path.includes('/') ? path.split('/')[0] : '', code: code(text), text };
  });
const scripts = files.filter(({ path }) => path.endsWith('.js'));

/** What a script imports, at once or later, as paths in www. @param {File} file */
function importsOf({ path, code: text }) {
  const found = [...text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)'(\.[^']+)'/g)].map(([, spec]) => spec);
  return found.map((spec) => normalize(join(dirname(path), spec)));
}
/** @param {string} path */
const roomOf = (path) => (path.includes('/') ? path.split('/')[0] : path);

test('there are the rooms that there should be', () => {
  const rooms = new Set(scripts.map(({ room }) => room));
  assert.deepEqual([...rooms].sort(), ['', ...Object.keys(MAY), 'element'].sort());
  assert.deepEqual(
    scripts.filter(({ room }) => room === '').map(({ path }) => path),
    ['app.js'],
  );
  // What this test looks for is there to be found.
  assert.ok(scripts.flatMap(importsOf).length > 150);
  assert.ok(scripts.some((file) => importsOf(file).includes('later/charts.js')));
});

test('imports go down only', () => {
  const wrong = scripts.flatMap((file) => {
    const may = MAY[/** @type {keyof typeof MAY} */ (file.room)];
    if (!may) return [];
    return (
      importsOf(file)
        .filter((to) => !may.includes(roomOf(to)) && !(file.path === 'run/core.js' && to.startsWith('pkg/')))
        // The parts that come later are of their own room's making.
        .map((to) => `${file.path} imports ${to}`)
    );
  });
  assert.deepEqual(wrong, []);
});

test('only the element knows the wiring, and it comes when it is needed', () => {
  const knowing = scripts.filter((file) => importsOf(file).includes('app.js')).map(({ path }) => path);
  assert.deepEqual(knowing, ['element/element.js']);
  assert.match(scripts.find(({ path }) => path === 'element/element.js')?.code ?? '', /\bimport\('\.\.\/app\.js'\)/);
});

test('one file asks for frames, and one touches the module', () => {
  const asking = scripts.filter((file) => file.code.includes('requestAnimationFrame')).map(({ path }) => path);
  assert.deepEqual(asking, ['frame/frame.js']);
  const touching = scripts.filter((file) => file.code.includes('pkg/glue')).map(({ path }) => path);
  assert.deepEqual(touching, ['run/core.js']);
});

test('run, verbs and model touch neither the document nor lit', () => {
  const wrong = scripts
    .filter(({ room }) => ['run', 'verbs', 'model'].includes(room))
    .flatMap(({ path, code: text }) => {
      const found = DOM.exec(text);
      return found ? [`${path}: ${found[0]}`] : [];
    });
  assert.deepEqual(wrong, []);
});

test('no file is longer than one can read', () => {
  const long = files.filter(({ text }) => text.split('\n').length - 1 > LINES_MAX).map(({ path }) => path);
  assert.deepEqual(long, []);
});

test('no style asks what is inside of something', () => {
  // With `:has`, each change inside makes the browser look at all that the rule could mean: an eighth of a frame.
  const asking = files.filter(({ path, code: text }) => path.endsWith('.css') && text.includes(':has('));
  assert.deepEqual(
    asking.map(({ path }) => path),
    [],
  );
  assert.ok(files.some(({ path }) => path.endsWith('.css')));
});

test('the wiring is short', () => {
  const lines = scripts.find(({ path }) => path === 'app.js')?.text.split('\n').length ?? 0;
  assert.ok(lines > 100 && lines < 260, String(lines));
});
