// Before the core is there: a picture, what is pressed meanwhile, what happens if it never comes; and what a first view asks for.
import { readdirSync, readFileSync } from 'node:fs';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { expect, test } from './fixtures.js';
import { card, expectOpen, FIRST_MODULES, nameOf, notice, QUICK, servePage, stateOf, textOf } from './helpers.js';

/** @typedef {import('@playwright/test').Page} Page */

const dist = new URL('../../dist/', import.meta.url);
const MODULE = '**/replication_playground_bg.wasm';
const first = readFileSync(new URL('../../www/first.run', import.meta.url), 'utf8');

/** Holds the module back. @param {Page} page @returns {Promise<() => void>} lets it go */
async function hold(page) {
  let release = () => {};
  const gate = new Promise((resolve) => (release = () => resolve(undefined)));
  await page.route(MODULE, async (route) => {
    await gate;
    await route.continue();
  });
  return release;
}

/** Opens a page and waits for its picture. @param {Page} page @param {string} path @param {string} [node] that is in it */
async function pictured(page, path, node = 'm') {
  await page.addInitScript(() => {
    localStorage.setItem('replication-playground opening', '1');
    Object.assign(window, { shifts: [] });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        /** @type {any} */ (window).shifts.push([entry.startTime, /** @type {any} */ (entry).value]);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(path);
  const playground = page.locator('replication-playground').first();
  await expect(card(playground, node)).toBeVisible();
  return playground;
}

/** How much has moved since then, by the browser's own measure. @param {Page} page @param {number} since ms */
const movedSince = (page, since) =>
  page.evaluate(
    (from) =>
      /** @type {any} */ (window).shifts.reduce(
        (/** @type {number} */ sum, /** @type {number[]} */ [at, value]) => sum + (at > from ? value : 0),
        0,
      ),
    since,
  );
/** Until what was drawn has been laid out and measured. @param {Page} page @returns {Promise<number>} */
const settled = (page) =>
  page.evaluate(() => new Promise((resolve) => setTimeout(() => resolve(performance.now()), 300)));

/** Pages that are opened without the core: what is in them, and the nodes of the picture. */
const PAGES = [
  { name: 'the standard run', body: '<replication-playground></replication-playground>', nodes: 4 },
  {
    name: 'a lesson in a column of text',
    body: '<replication-playground layout="compact" lesson="02-the-stale-read"></replication-playground>',
    nodes: 3,
  },
  {
    name: 'a text of the host’s own',
    body: `<replication-playground layout="compact"><pre>${QUICK}link m-s1 latency 800ms\n</pre></replication-playground>`,
    nodes: 3,
  },
  {
    name: 'a lesson of the host’s own',
    body: `<replication-playground layout="compact"><pre>lesson Mine\n${QUICK}link m-s1 latency 800ms\nstep One\nuntil after 20s\nsay Two</pre></replication-playground>`,
    nodes: 3,
  },
  { name: 'the stage alone', body: '<replication-playground layout="stage"></replication-playground>', nodes: 4 },
];

for (const { name, body, nodes } of PAGES) {
  for (const width of [390, 1280]) {
    test(`the picture is there before the core, and nothing moves when it comes: ${name}, ${width} px`, async ({
      page,
      expectAccessible,
    }) => {
      await page.setViewportSize({ width, height: 900 });
      const release = await hold(page);
      const playground = await pictured(page, await servePage(page, body));
      await expect(playground.getByRole('article')).toHaveCount(nodes);
      expect(await stateOf(playground)).toBeUndefined();
      await expect(playground.locator('.playground')).toHaveAttribute('aria-busy', 'true');
      const cards = await playground
        .getByRole('article')
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON()));
      const labels = await playground.locator('.label').allTextContents();
      await expectAccessible('.playground');
      const since = await settled(page);
      release();
      await expectOpen(playground);
      await expect(playground.locator('.playground')).not.toHaveAttribute('aria-busy');
      await settled(page);
      expect(await movedSince(page, since)).toBeLessThan(0.001);
      expect(
        await playground
          .getByRole('article')
          .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON())),
      ).toEqual(cards);
      expect(await playground.locator('.label').allTextContents()).toEqual(labels);
    });
  }
}

test('on a wide screen the stage is seen a frame before what stands below it', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.addInitScript(() => {
    const root = () => document.querySelector('replication-playground')?.shadowRoot;
    const seen = () => ['.stage .node', '.time-bar', 'section.log'].map((part) => !!root()?.querySelector(part));
    const look = () => {
      const [stage, ...below] = seen();
      if (stage) Object.assign(window, { below });
      else requestAnimationFrame(look);
    };
    look();
  });
  await hold(page);
  const playground = await pictured(page, './');
  await expect(playground.locator('section.log')).toBeVisible();
  expect(await page.evaluate('below')).toEqual([false, false]);
});

test('what is pressed before the core is there is done when it is', async ({ page }) => {
  const release = await hold(page);
  const playground = await pictured(page, './');
  await playground.getByRole('textbox', { name: 'Value' }).fill('7');
  await playground.getByRole('button', { name: 'Write', exact: true }).click();
  await expect(notice(playground)).toContainText('what you pressed is done when it is here');
  const readFrom = playground.getByLabel('Read from');
  await readFrom.selectOption({ label: 's3' });
  await playground.getByRole('button', { name: 'Kill m' }).click();
  await expect.poll(() => readFrom.evaluate((/** @type {any} */ field) => field.selectedOptions[0].label)).toBe('s3');
  expect(await textOf(playground)).toBe(first);
  release();
  await expectOpen(playground);
  await expect.poll(() => textOf(playground)).toContain('A write cart 7');
  const lines = (await textOf(playground)).split('\n').filter((line) => line.startsWith('at '));
  expect(lines.map((line) => line.replace(/^at \S+ +/, ''))).toEqual(['A write cart 7', 'router @s3', 'crash m']);
  await expect(notice(playground)).toHaveCount(0);
});

test('the opening does not begin for those who have pressed something', async ({ page }) => {
  const release = await hold(page);
  await page.goto('./');
  const playground = page.locator('replication-playground');
  await playground.getByRole('button', { name: 'Read', exact: true }).click();
  release();
  await expectOpen(playground);
  await expect.poll(() => textOf(playground)).toContain('A read cart');
  expect(await textOf(playground)).not.toContain('A write cart 1');
});

test('a text that names no cluster, or a wrong one, has no picture of it', async ({ page, tolerate }) => {
  tolerate(/never/);
  const release = await hold(page);
  const wrong = 'cluster m + <img src=x> s1\n';
  await page.goto(
    await servePage(page, `<replication-playground run="${wrong.replace(/</g, '&lt;')}"></replication-playground>`),
  );
  const playground = page.locator('replication-playground');
  await expect(playground.getByText('Loading…')).toBeVisible();
  await expect(playground.getByRole('article')).toHaveCount(0);
  release();
  await expect(playground.getByRole('heading', { name: /cannot be read/i })).toBeVisible();
});

test('when the core does not come, that is said, the picture stays, and it can be tried again', async ({
  page,
  tolerate,
  expectAccessible,
}) => {
  tolerate(/replication_playground_bg\.wasm|WebAssembly|Failed to load/);
  await page.route(MODULE, (route) => route.fulfill({ status: 503, body: 'away' }), { times: 1 });
  const playground = await pictured(page, './');
  const told = playground.getByRole('alert');
  await expect(told).toContainText('The playground could not be loaded.');
  await expect(playground.getByRole('article')).toHaveCount(4);
  await expectAccessible('.playground');
  await playground.getByRole('button', { name: 'Write', exact: true }).click();
  await told.getByRole('button', { name: 'Try again' }).click();
  await expectOpen(playground);
  await expect(told).toHaveCount(0);
  await expect.poll(() => textOf(playground)).toContain('A write cart 1');
});

test('a first view asks for each of its files once, and for no other', async ({ open, page }) => {
  /** @type {string[]} */
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname.slice(1)));
  await open();
  const html = readFileSync(new URL('index.html', dist), 'utf8');
  const links = [...html.matchAll(/<link rel="modulepreload" href="\.\/([^"]+)"/g)].map(([, file]) => file);
  expect(links.map((file) => file.replace(/-[\w-]{8}\.js$/, ''))).toEqual([
    'replication-playground-app',
    'replication-playground-core',
  ]);
  const files = readdirSync(dist);
  for (const link of links) expect(files).toContain(link);
  const wanted = ['', 'page.css', 'icon.svg', 'replication-playground.js', ...links, ...FIRST_MODULES];
  await expect.poll(() => asked.map(nameOf).sort()).toEqual(wanted.sort());
});

test('one in another folder asks for its lesson at once, with the page and before the module', async ({ page }) => {
  /** @type {string[]} */
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.route('**/guide/page.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Guide</title><link rel="icon" href="data:,">
        <script type="module" src="../replication-playground.js"></script><body><replication-playground layout="compact" lesson="02-the-stale-read"></replication-playground>`,
    }),
  );
  await page.goto('guide/page.html');
  const playground = page.locator('replication-playground');
  await expectOpen(playground);
  await expect(playground.getByRole('heading', { name: 'The stale read' })).toBeVisible();
  const order = asked.slice(2).map((path) => path.replace(/^.*\/(replication-playground-)?|-[\w-]{8}\.js$/g, ''));
  expect(order.slice(0, 3).sort()).toEqual(['02-the-stale-read.json', 'app', 'core']);
  expect(order.slice(3).map(nameOf)).toEqual(FIRST_MODULES);
});

test('twelve lessons on one page fetch and compile one module, each of its parts once', async ({ page }) => {
  await page.addInitScript(() => {
    Object.assign(window, { compiled: 0 });
    for (const way of /** @type {const} */ (['compile', 'compileStreaming'])) {
      const act = /** @type {any} */ (WebAssembly[way]).bind(WebAssembly);
      WebAssembly[way] = (/** @type {any} */ bytes) => {
        /** @type {any} */ (window).compiled += 1;
        return act(bytes);
      };
    }
  });
  /** @type {string[]} */
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname.slice(1)));
  const one = '<replication-playground layout="compact" lesson="02-the-stale-read"></replication-playground>';
  await page.goto(await servePage(page, one.repeat(12)));
  const all = page.locator('replication-playground');
  for (let i = 0; i < 12; i++) {
    await all.nth(i).scrollIntoViewIfNeeded();
    await expectOpen(all.nth(i));
  }
  expect(await page.evaluate(() => /** @type {any} */ (window).compiled)).toBe(FIRST_MODULES.length);
  expect(asked.filter((path) => path.endsWith('.wasm')).map(nameOf)).toEqual(FIRST_MODULES);
  expect(asked.filter((path) => path.endsWith('.json'))).toHaveLength(1);
});

test('what is packed beside the files is what they are', async ({ request }) => {
  const packed = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(br|gz)$/.test(file) && !/^(docs|sites)\b/.test(file),
  );
  expect(packed).toContain('replication_playground_bg.wasm.br');
  expect(packed).toContain('replication-playground.js.gz');
  for (const file of packed) {
    const bytes = readFileSync(new URL(file, dist));
    const plain = file.endsWith('.br') ? brotliDecompressSync(bytes) : gunzipSync(bytes);
    expect(plain.equals(readFileSync(new URL(file.replace(/\.(br|gz)$/, ''), dist))), file).toBe(true);
  }
  for (const [accepted, coding] of [
    ['br, gzip', 'br'],
    ['gzip', 'gzip'],
    ['identity', undefined],
  ]) {
    const answer = await request.get('replication_playground_bg.wasm', {
      headers: { 'accept-encoding': accepted ?? '' },
    });
    expect(answer.headers()['content-encoding']).toBe(coding);
    expect(answer.headers()['content-type']).toBe('application/wasm');
    expect(answer.headers().vary).toBe('Accept-Encoding');
  }
});
