// The tab “What can go wrong?”: the checker on the page, apart from the run, which it leaves as it is.
import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures.js';
import {
  command,
  expectNoSidewaysScroll,
  FIRST_MODULES,
  hashOf,
  nameOf,
  openTab,
  run,
  seek,
  stateOf,
  textOf,
} from './helpers.js';

/** @typedef {import('@playwright/test').Locator} Locator */
/** @typedef {import('@playwright/test').Page} Page */

const ASYNC = 'cluster m + s1 s2\nclients A B\npreset pg-async\n';
const SYNC = 'cluster m + s1 s2\nclients A B\npreset pg-sync-any1\n';
/** So many ways that it takes its time. */
const HEAVY = 'cluster m + s1 s2 s3 s4\nclients A B\npreset pg-sync-any2\n';
const MINUTE = 60_000;

/** @param {Locator} playground */
const panel = (playground) => playground.getByRole('region', { name: 'What can go wrong?' });
/** @param {Locator} playground @param {string} title */
const promise = (playground, title) =>
  panel(playground).getByRole('list', { name: 'Promises' }).getByRole('listitem').filter({ hasText: title }).first();
/** @param {Locator} playground */
const open_ = (playground) => playground.getByRole('button', { name: 'What can go wrong?' }).click();
/** @param {Locator} playground */
const done = (playground) =>
  expect(panel(playground).getByRole('status').first()).toHaveText(/tried/, { timeout: MINUTE });
/** @param {Locator} playground @param {string} label @param {string} value */
const choose = (playground, label, value) => panel(playground).getByLabel(label).selectOption(value);

/** Checks with few actions, so that it is quick. @param {Locator} playground @param {string} text @param {string} [depth] */
async function check(playground, text, depth = '3') {
  await run(playground, text);
  await open_(playground);
  await choose(playground, 'Actions of a way, at most', depth);
  await done(playground);
}

/** Without the blanks that line up its commands. @param {string} text */
const words = (text) => text.replace(/^(at \S+) +/gm, '$1 ').trim();

test('asynchronous replication loses a write; how is told, data first, in the words and run of the native program', async ({
  open,
  page,
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const playground = await open();
  await check(playground, ASYNC);
  const lost = promise(playground, 'No acknowledged write is lost');
  await expect(lost).toContainText('broken in 3 actions');
  await lost.getByRole('button', { name: 'How?' }).click();
  await expect(lost).toContainText('A was told that w1 is done. Only m had it.');
  await expect(lost).toContainText('So w1 is lost.');
  await expect(lost.getByRole('list', { name: 'The shortest way' }).getByRole('listitem')).toHaveText([
    'partition m',
    'write @m',
    'failover to s1',
  ]);
  await lost.getByRole('button', { name: 'Copy as a test' }).click();
  // What the program writes for the table of guarantees: the same question, and the same answer.
  const native = await readFile(
    new URL('../../docs/guarantees/pg-async-careful-no-lost-writes.run', import.meta.url),
    'utf8',
  );
  await expect.poll(async () => words(await page.evaluate(() => navigator.clipboard.readText()))).toBe(words(native));
  await expect(promise(playground, 'Never two primaries that take writes')).toContainText(
    'no way found up to 3 actions',
  );
  await expect(panel(playground)).not.toContainText(/\bsafe\b|proved/);
});

test('a way that was seen on real servers says so, and only of a cluster that stood as theirs did', async ({
  open,
}) => {
  const seen = /✓ seen on PostgreSQL [\d.]+, 20\d\d-\d\d-\d\d/;
  const playground = await open();
  const lost = promise(playground, 'No acknowledged write is lost');
  await check(playground, ASYNC.replace('pg-async', 'patroni-async'));
  await expect(lost).toContainText(/✓ seen on Patroni [\d.]+, 20/);
  await check(playground, ASYNC);
  await expect(lost).toContainText(seen);
  await expect(lost.getByTitle(/played on real servers/)).toBeVisible();
  await check(playground, 'cluster m + s1 s2\nclients A\npreset pg-async\n');
  await expect(lost).toContainText(seen);
  await expect(promise(playground, 'Never two primaries that take writes')).not.toContainText('seen on');
  // Somebody else acts, and another way is found, or the same one: it was not theirs.
  await choose(playground, 'Who acts when the primary is gone', 'hasty');
  await done(playground);
  await expect(lost).toContainText('broken in');
  await expect(panel(playground)).not.toContainText('seen on');
  await choose(playground, 'Who acts when the primary is gone', 'careful');
  await done(playground);
  await expect(lost).toContainText(seen);
  for (const other of [
    // A setting that no preset has; a preset’s setting, otherwise; a slave that applies later; another cluster.
    `${ASYNC}timeout 3s\n`,
    `${ASYNC}link m-s1 latency 5ms\n`,
    `${ASYNC}log keep 100\n`,
    `${ASYNC}at 0ms delay s2 1s\n`,
    ASYNC.replace('s2', 's2 s3'),
    ASYNC.replace('preset pg-async', ''),
  ]) {
    await check(playground, other);
    await expect(lost, other).toContainText('broken in');
    await expect(panel(playground), other).not.toContainText('seen on');
  }
});

test('with one acknowledgement no way is found up to 4 actions, and so many states are counted as natively', async ({
  open,
}) => {
  const playground = await open();
  await check(playground, SYNC, '4');
  await expect(promise(playground, 'No acknowledged write is lost')).toContainText('no way found up to 4 actions');
  await expect(panel(playground)).toContainText('Every way of up to 4 actions was tried: 610 states, 1,129 actions.');
});

test('a hasty operator loses what was acknowledged all the same', async ({ open }) => {
  const playground = await open();
  await check(playground, SYNC);
  await expect(promise(playground, 'No acknowledged write is lost')).toContainText('no way found up to 3 actions');
  await choose(playground, 'Who acts when the primary is gone', 'hasty');
  await choose(playground, 'Faults at the same time', 'any');
  await done(playground);
  await expect(promise(playground, 'No acknowledged write is lost')).toContainText('broken in 2 actions');
});

test('what it found is played as a branch, and the run before is kept', async ({ open }) => {
  const playground = await open();
  await run(playground, `${ASYNC}at 0ms A write cart 1\n`);
  await seek(playground, 2_000_000);
  const before = [await textOf(playground), await hashOf(playground)];
  await open_(playground);
  await choose(playground, 'Actions of a way, at most', '3');
  await done(playground);
  expect([await textOf(playground), await hashOf(playground)], 'the check leaves the run alone').toEqual(before);
  const lost = promise(playground, 'No acknowledged write is lost');
  await lost.getByRole('button', { name: 'How?' }).click();
  await lost.getByRole('button', { name: 'Play it' }).click();
  const verdict = async () =>
    (await stateOf(playground)).verdicts.find((/** @type {any} */ v) => v.id === 'no-lost-writes')?.status;
  await expect.poll(verdict, { timeout: 30_000 }).toBe('broken');
  expect(await textOf(playground)).toContain('promote s1');
  expect(words(await textOf(playground))).toContain(words(before[0]));
  await openTab(playground, 'Text');
  await playground.getByRole('button', { name: /^1 / }).first().click();
  await expect.poll(() => textOf(playground)).toBe(before[0]);
  expect(await hashOf(playground)).toBe(before[1]);
});

test('a link to what it found opens the run that breaks the promise', async ({ open, page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const playground = await open();
  await check(playground, ASYNC);
  const lost = promise(playground, 'No acknowledged write is lost');
  await lost.getByRole('button', { name: 'How?' }).click();
  await lost.getByRole('button', { name: 'Copy the link' }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('#run=');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.goto('about:blank');
  const other = await open(link);
  await expect.poll(() => textOf(other)).toContain('follow s2 s1');
  await expect(other.locator('.hint.notice')).toHaveCount(0);
});

test('what would have prevented it is checked too, with what it costs', async ({ open }) => {
  const playground = await open();
  await check(playground, ASYNC);
  const lost = promise(playground, 'No acknowledged write is lost');
  await lost.getByRole('button', { name: 'How?' }).click();
  await lost.getByRole('button', { name: 'What would have prevented it?' }).click();
  const table = lost.getByRole('table');
  const row = (/** @type {string} */ name) =>
    table.getByRole('row').filter({ has: playground.page().getByRole('rowheader', { name, exact: true }) });
  await expect(lost.getByRole('status')).toHaveText('What is checked, with one thing otherwise', { timeout: MINUTE });
  await expect(row('as it is')).toContainText('broken in 3 actions');
  await expect(row('replication sync 1 flushed')).toContainText('no way found up to 3 actions');
  // Nobody promotes, so nothing is lost: but with one fault writes stop.
  await expect(row('operator nobody')).toContainText('no way found up to 3 actions');
  await expect(row('operator nobody')).toContainText('stop in 1 action');
  await expect(row('replication sync 1 flushed')).toContainText('go on');
  const ms = async (/** @type {string} */ name) => {
    const word = (await row(name).getByRole('cell').last().textContent()) ?? '';
    return parseFloat(word) * (/\d s/.test(word) ? 1000 : 1);
  };
  expect(await ms('replication sync 1 flushed')).toBeGreaterThan(await ms('as it is'));
});

test('it tells how far it is while the page goes on, and stops at once when it is told to', async ({ open, page }) => {
  const playground = await open();
  await run(playground, HEAVY);
  const before = await hashOf(playground);
  await open_(playground);
  await choose(playground, 'Actions of a way, at most', '8');
  await choose(playground, 'Faults at the same time', 'any');
  await expect(panel(playground).getByRole('progressbar')).toBeVisible();
  const states = async () =>
    Number(/([\d,]+) states so far/.exec((await panel(playground).textContent()) ?? '')?.[1].replaceAll(',', '') ?? 0);
  await expect.poll(states, { timeout: 30_000 }).toBeGreaterThan(100);
  const early = await states();
  await expect.poll(states).toBeGreaterThan(early);
  await panel(playground).getByRole('button', { name: 'Stop the check' }).click();
  await expect(panel(playground)).toContainText('Stopped: this is how far it came.');
  await expect.poll(() => page.workers().length).toBe(0);
  expect(await hashOf(playground)).toBe(before);
  await panel(playground).getByRole('button', { name: 'Check it as it is now' }).click();
  await expect(panel(playground).getByRole('progressbar')).toBeVisible();
});

test('nothing on the page moves while it searches, in a worker', async ({ open, page }) => {
  await page.addInitScript(() => {
    Object.assign(window, { shifts: [] });
    new PerformanceObserver((list) => {
      for (const entry of /** @type {any[]} */ (list.getEntries()))
        if (!entry.hadRecentInput)
          /** @type {any} */ (window).shifts.push(
            [entry.value, ...entry.sources.map((/** @type {any} */ it) => it.node?.className)].join(' '),
          );
    }).observe({ type: 'layout-shift', buffered: true });
  });
  const playground = await open();
  await run(playground, HEAVY);
  await open_(playground);
  await choose(playground, 'Actions of a way, at most', '8');
  await choose(playground, 'Faults at the same time', 'any');
  await expect(promise(playground, 'No acknowledged write is lost')).toBeVisible();
  await page.waitForTimeout(600); // what follows a choice within half a second is no shift
  await page.evaluate(() => void Object.assign(window, { shifts: [] }));
  await page.waitForTimeout(4000);
  expect(page.workers()).toHaveLength(1);
  expect(await page.evaluate(() => /** @type {any} */ (window).shifts)).toEqual([]);
  await panel(playground).getByRole('button', { name: 'Stop the check' }).click();
  await expect.poll(() => page.workers().length).toBe(0);
});

test('the checker comes with the panel: a first view loads the smaller module alone, in its two parts', async ({
  open,
  page,
}) => {
  const modules = /** @type {string[]} */ ([]);
  page.context().on('request', (request) => {
    if (request.url().endsWith('.wasm')) modules.push(nameOf(request.url()));
  });
  const playground = await open();
  await expect.poll(() => modules).toEqual(FIRST_MODULES);
  expect(page.workers()).toHaveLength(0);
  await check(playground, ASYNC);
  expect(modules).toEqual([...FIRST_MODULES, 'replication_playground_check_bg.wasm']);
  expect(page.workers()).toHaveLength(1);
});

test('more nodes than can be checked are left out, and it says which', async ({ open }) => {
  const playground = await open();
  await run(playground, 'cluster m + s1 s2 s3 s4 s5 s6\nclients A\npreset pg-async\n');
  await open_(playground);
  await choose(playground, 'Actions of a way, at most', '3');
  await expect(panel(playground)).toContainText('At most 5 nodes can be checked, so s5, s6 were left out.');
  expect(await textOf(playground)).not.toContain('remove');
});

test('a cluster of a master alone cannot be checked, and it says why', async ({ open }) => {
  const playground = await open();
  await run(playground, 'cluster m + s1\nclients A\nat 0ms remove s1\n');
  await seek(playground, 1_000_000);
  await open_(playground);
  await expect(panel(playground).getByRole('alert')).toContainText('A cluster of 1 nodes cannot be checked');
});

test('another cluster is told apart, and checked when it is asked for', async ({ open }) => {
  const playground = await open();
  await check(playground, ASYNC);
  await command(playground, 'preset pg-sync-any1');
  await expect(panel(playground)).toContainText('The cluster is another one by now.');
  await panel(playground).getByRole('button', { name: 'Check it as it is now' }).click();
  await done(playground);
  await expect(promise(playground, 'No acknowledged write is lost')).toContainText('no way found up to 3 actions');
});

test('by keyboard alone: opened, asked, told how, played', async ({ open, page }) => {
  const playground = await open();
  await run(playground, ASYNC);
  await playground.getByRole('button', { name: 'What can go wrong?' }).focus();
  await page.keyboard.press('Enter');
  await expect(panel(playground).getByRole('heading', { name: 'What can go wrong?' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(panel(playground).getByLabel('Who acts when the primary is gone')).toBeFocused();
  await done(playground);
  const how = promise(playground, 'No acknowledged write is lost').getByRole('button', { name: 'How?' });
  for (let i = 0; i < 8 && !(await how.evaluate((it) => it.matches(':focus'))); i++) await page.keyboard.press('Tab');
  await expect(how).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(how).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect.poll(() => textOf(playground)).toContain('promote s1');
});

test('a lesson hears what the checker finds', async ({ open }) => {
  const playground = await open();
  await run(
    playground,
    `lesson Lose nothing

cluster m + s1 s2
clients A B
preset pg-async

step Settings
task Choose settings that lose nothing with one failure.
  when holds no-lost-writes operator careful faults 1 depth 3
  by preset pg-sync-any1
learned Done.
`,
  );
  const lesson = () =>
    playground.evaluate((/** @type {any} */ element) => element.state && element.shadowRoot.textContent);
  await expect(playground.locator('.lesson')).toContainText('Choose settings that lose nothing');
  await expect.poll(lesson).not.toContain('Done.');
  await command(playground, 'preset pg-sync-any1');
  await expect.poll(lesson, { timeout: MINUTE }).toContain('Done.');
});

for (const scheme of /** @type {const} */ (['light', 'dark'])) {
  for (const width of [1280, 360]) {
    test(`it is accessible and fits in ${scheme}, ${width} px wide`, async ({ open, page, expectAccessible }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 800 });
      const playground = await open();
      await run(playground, ASYNC);
      await openTab(playground, 'What can go wrong?');
      await panel(playground).getByRole('button', { name: 'Check it' }).click();
      await expectAccessible('.tabs');
      await choose(playground, 'Actions of a way, at most', '3');
      await done(playground);
      const lost = promise(playground, 'No acknowledged write is lost');
      await lost.getByRole('button', { name: 'How?' }).click();
      await lost.getByRole('button', { name: 'What would have prevented it?' }).click();
      await expect(lost.getByRole('status')).toHaveText(/What is checked/, { timeout: MINUTE });
      await expectAccessible('.tabs');
      await expectNoSidewaysScroll(page);
      if (width > 360) return;
      for (const button of await panel(playground).getByRole('button').all())
        expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    });
  }
}
