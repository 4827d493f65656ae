// What `make dist` leaves: each build does the same, wherever it is put.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from './fixtures.js';
import {
  answers,
  card,
  command,
  FIRST_MODULES,
  goTo,
  nameOf,
  nodeOf,
  openTab,
  pause,
  QUICK,
  run,
  seek,
  textOf,
} from './helpers.js';

/** @typedef {import('@playwright/test').Locator} Locator */
/** @typedef {import('@playwright/test').Page} Page */

const dist = new URL('../../dist/', import.meta.url);
const bytesOf = (/** @type {string} */ file) => readFileSync(new URL(file, dist));

const BUILDS = [
  { file: 'replication-playground.js', type: 'module' },
  { file: 'replication-playground.inline.js', type: 'module' },
  { file: 'replication-playground.classic.js', type: 'text/javascript' },
];
const TAG = '<replication-playground></replication-playground>';

/** @param {typeof BUILDS[number]} build */
function scriptOf({ file, type }) {
  const integrity = createHash('sha384').update(bytesOf(file)).digest('base64');
  return `<script type="${type}" src="${file}" integrity="sha384-${integrity}"></script>`;
}

/** A page under a strict policy, and what it asks the server for. @param {Page} page @param {string} head @param {string} [body] */
async function serve(page, head, body = TAG) {
  /** @type {string[]} */
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname.slice(1)));
  await page.route('**/host.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      headers: { 'content-security-policy': "script-src 'self' 'wasm-unsafe-eval'; style-src 'self'" },
      body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title><link rel="icon" href="www/icon.svg">${head}<body>${body}`,
    }),
  );
  return asked;
}

/** A write, a read of the old value from a slave, a crash of the master. @param {Locator} playground */
async function play(playground) {
  await pause(playground);
  await run(playground, `${QUICK}link m-s1 latency 800ms\n`);
  await pause(playground);
  await command(playground, 'A write cart 1');
  await goTo(playground, 12_000);
  await command(playground, 'A read cart @s1');
  await goTo(playground, 60_000);
  await expect(answers(playground)).toHaveCount(2);
  await expect(answers(playground).first()).toContainText('one version behind');
  await command(playground, 'crash m');
  await expect.poll(async () => (await nodeOf(playground, 'm')).process).toBe('down');
  await expect(card(playground, 'm')).toBeVisible();
}

/** In a worker of its own, if one is allowed. @param {Locator} playground */
async function study(playground) {
  await run(playground, 'cluster m + s1\nflush 0ms\nlink nodes latency 50ms\nlink clients latency 1ms\n');
  await seek(playground, 2_000_000);
  await openTab(playground, 'Studies');
  const curve = playground.getByRole('region', { name: 'How likely is a stale read' });
  await expect(curve.getByRole('status')).toContainText('After 49 ms', { timeout: 30_000 });
  await expect(curve).not.toContainText('This page forbids workers');
}

/** A paste: in a third one, with the module that reads it. @param {Locator} playground */
async function pastes(playground) {
  await playground.getByRole('button', { name: 'Paste your cluster' }).first().click();
  const panel = playground.getByRole('region', { name: 'Paste your cluster' });
  const status = 'role:master\nconnected_slaves:1\nslave0:ip=10.0.0.2,port=6379,state=online,offset=7,lag=0\n';
  await panel.getByRole('textbox').fill(`# Replication\n${status}master_repl_offset:9\n`);
  await panel.getByRole('button', { name: 'Read it' }).click();
  await expect(panel.getByRole('status')).toContainText('Read: 2 nodes.', { timeout: 30_000 });
}

/** What can go wrong: in another worker, with the module that has the checker. @param {Locator} playground */
async function checks(playground) {
  await run(playground, 'cluster m + s1 s2\nclients A B\npreset pg-async\n');
  await playground.getByRole('button', { name: 'What can go wrong?' }).click();
  const panel = playground.getByRole('region', { name: 'What can go wrong?' });
  await panel.getByLabel('Actions of a way, at most').selectOption('3');
  const lost = panel.getByRole('listitem').filter({ hasText: 'No acknowledged write is lost' });
  await expect(lost).toContainText('broken in 3 actions', { timeout: 30_000 });
  await expect(panel).not.toContainText('This page forbids workers');
}

for (const build of BUILDS) {
  test(`${build.file} plays, studies, checks and reads pastes under a strict policy, with its integrity`, async ({
    open,
    page,
  }) => {
    const asked = await serve(page, scriptOf(build));
    const playground = await open('host.html');
    await play(playground);
    await study(playground);
    expect(page.workers()).toHaveLength(1);
    await checks(playground);
    await pastes(playground);
    const once = asked.filter((path) => !/^(host.html|www\/icon.svg)$/.test(path));
    if (build === BUILDS[0])
      expect(once.filter((path) => path.endsWith('.wasm')).map(nameOf)).toEqual([
        ...FIRST_MODULES,
        'replication_playground_check_bg.wasm',
        'replication_playground_paste_bg.wasm',
      ]);
    // The worker may ask for the same file again.
    else expect([...new Set(once)]).toEqual([build.file]);
  });

  test(`${build.file} brings its lessons`, async ({ open, page }) => {
    await serve(page, scriptOf(build), '<replication-playground lesson="02-the-stale-read"></replication-playground>');
    const playground = await open('host.html');
    await expect(playground.getByRole('heading', { name: 'The stale read' })).toBeVisible();
    await playground.evaluate((element) => element.setAttribute('lesson', 'surprise-02-a-cancelled-write-is-done'));
    await expect.poll(() => textOf(playground)).toContain('preset pg-sync-any1');
  });

  test(`${build.file} twice on a page, and with another build, does no harm`, async ({ open, page }) => {
    const again = scriptOf(build).replace('.js"', '.js?again"');
    await serve(page, scriptOf(build) + again + BUILDS.map(scriptOf).join(''));
    const playground = await open('host.html');
    await expect(playground.getByRole('article')).toHaveCount(4);
    await play(playground);
  });

  test(`${build.file} can be evaluated on a server`, () => {
    const import_ = `await import(${JSON.stringify(new URL(build.file, dist).href)})`;
    const script = `(0, eval)(require('node:fs').readFileSync(${JSON.stringify(fileURLToPath(new URL(build.file, dist)))}, 'utf8'))`;
    const ways = build.type === 'module' ? [import_] : [import_, script];
    for (const way of ways) {
      const code = `(async () => { const before = Object.keys(globalThis); ${way}; console.log(String(Object.keys(globalThis).length - before.length)); })()`;
      expect(execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' }).trim()).toBe('0');
    }
  });
}

test('the classic script leaves no name in the page, and takes what stands in the element', async ({ open, page }) => {
  await page.addInitScript(() => Object.assign(window, { before: Object.keys(window) }));
  await serve(page, scriptOf(BUILDS[2]), `<replication-playground><pre>\n${QUICK}</pre></replication-playground>`);
  const playground = await open('host.html');
  expect(await textOf(playground)).toContain('cluster m + s1 s2');
  const names = await page.evaluate(() => {
    const { before } = /** @type {any} */ (window);
    return Object.keys(window).filter((name) => name !== 'before' && !before.includes(name));
  });
  expect(names).toEqual([]);
});

test('the HTML file opens from the disk, without a request', async ({ open, context }) => {
  /** @type {string[]} */
  const asked = [];
  context.on('request', (request) => asked.push(request.url()));
  const file = new URL('replication-playground.html', dist).href;
  await context.setOffline(true);
  const playground = await open(file);
  await play(playground);
  await study(playground);
  expect(asked.filter((url) => !/^(data|blob):/.test(url))).toEqual([file]);
});

test('a part that does not arrive can be asked for again', async ({ open, page, tolerate }) => {
  tolerate(/tables/);
  await page.route('**/*-tables-*.js', (route) => route.abort(), { times: 1 });
  const playground = await open();
  await openTab(playground, 'Messages & nodes');
  const panel = playground.getByRole('tabpanel');
  await expect(panel.getByRole('alert')).toBeVisible();
  await panel.getByRole('button', { name: 'Try again' }).click();
  await expect(panel.getByRole('table').first()).toBeVisible();
});

test('the loader is small, and packing costs a one-file build little', () => {
  const gzipped = (/** @type {string} */ file) => gzipSync(bytesOf(file), { level: 9 }).length;
  expect(gzipped('replication-playground.js')).toBeLessThan(5_000);
  const scripts = readdirSync(dist).filter((file) => /^replication-playground(-.*)?\.js$/.test(file));
  const modules = ['replication_playground_check_bg.wasm', 'replication_playground_paste_bg.wasm'];
  const apart = [...scripts, ...modules].reduce((sum, file) => sum + gzipped(file), 0);
  for (const { file } of BUILDS.slice(1)) expect(gzipped(file)).toBeLessThan((apart + 25_000) * 1.03);
  // A quarter of it is what reads pastes: a page without a network has it, too.
  expect(statSync(new URL('replication-playground.html', dist)).size).toBeLessThan(1_300_000);
});
