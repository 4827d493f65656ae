// The module comes in three parts. The first one shows the standard run and does what is pressed first, with the second one others
// are opened; what needs more waits for the rest.
import { expect, test } from './fixtures.js';
import { answers, expectOpen, goOn, hashOf, openTab, pause, servePage, stateOf, textOf } from './helpers.js';

/** @typedef {import('@playwright/test').Page} Page */

const REST = '**/replication_playground_rest-*.wasm';
const RUNS = '**/replication_playground_runs-*.wasm';

/** Holds a part back. @param {Page} page */
async function hold(page, part = REST) {
  /** How it was asked for. @type {string[]} */
  const asked = [];
  let release = () => {};
  const gate = new Promise((resolve) => (release = () => resolve(undefined)));
  await page.route(part, async (route) => {
    asked.push(route.request().resourceType());
    await gate;
    await route.continue();
  });
  return { asked, release };
}

test('without the others the standard run plays, is written to and read from, loses its master and gets another', async ({
  open,
  page,
}) => {
  const { asked } = await hold(page);
  const runs = await hold(page, RUNS);
  const playground = await open();
  const write = playground.getByRole('button', { name: 'Write', exact: true });
  await write.click();
  await expect(answers(playground).first()).toContainText('done');
  await playground.getByRole('button', { name: 'Read', exact: true }).click();
  await expect(answers(playground)).toHaveCount(2);
  await playground.getByRole('button', { name: 'Kill m' }).click();
  await expect.poll(async () => (await stateOf(playground)).nodes[0].process).toBe('down');
  await playground.getByLabel('Promote').first().selectOption({ label: 's1' });
  await expect.poll(async () => (await stateOf(playground)).nodes[1].role).toBe('master');
  await playground.getByRole('switch', { name: 'Power of m' }).click();
  await expect.poll(async () => (await stateOf(playground)).nodes[0].process).toBe('up');
  expect([...asked, ...runs.asked]).toEqual(['fetch', 'fetch']);
});

test('what opens other runs is asked for at once where it is needed, and another run waits for it', async ({
  page,
}) => {
  const { asked, release } = await hold(page, RUNS);
  const module = await hold(page, '**/replication_playground_bg.wasm');
  await page.goto(
    await servePage(page, '<replication-playground lesson="02-the-stale-read"></replication-playground>'),
  );
  await expect.poll(() => asked.length).toBe(1);
  module.release();
  const playground = page.locator('replication-playground');
  await expect(playground.locator('.playground')).toHaveAttribute('aria-busy', 'true');
  expect(await stateOf(playground)).toBeUndefined();
  release();
  await expectOpen(playground);
  expect(asked).toEqual(['fetch']);
});

test('a part that opens other runs and cannot be had says so, and is asked for again', async ({ page, tolerate }) => {
  tolerate(/Failed to load resource|Failed to fetch|playground_runs/);
  await page.route(RUNS, (route) => route.abort());
  await page.goto(
    await servePage(page, '<replication-playground lesson="02-the-stale-read"></replication-playground>'),
  );
  const playground = page.locator('replication-playground');
  const told = playground.getByRole('alert');
  await expect(told).toContainText('Failed to fetch');
  await page.unroute(RUNS);
  await told.getByRole('button').click();
  await expectOpen(playground);
});

for (const [name, attributes] of [
  ['a lesson', 'lesson="02-the-stale-read"'],
  ['a challenge', 'lesson="challenge-2-lose-exactly-one-write"'],
  ['a run of PostgreSQL', 'run="cluster m + s1 s2&#10;preset pg-sync-any1&#10;at 1s A write k 1&#10;"'],
])
  test(`without the rest ${name} is there and plays`, async ({ open, page }) => {
    const { asked } = await hold(page);
    const playground = await open(
      await servePage(page, `<replication-playground ${attributes}></replication-playground>`),
    );
    await expectOpen(playground);
    // A lesson stops by itself where something is to be done.
    await playground.evaluate((/** @type {any} */ element) => element.ready.then(() => element.play()));
    await expect.poll(async () => (await stateOf(playground)).nowUs).toBeGreaterThan(500_000);
    expect(asked).toEqual(['fetch']);
  });

test('code that comes later waits for the rest, and holds nothing up', async ({ open, page }) => {
  const { asked, release } = await hold(page);
  const playground = await open();
  await playground.evaluate((/** @type {any} */ element) => element.play());
  await openTab(playground, 'Space-time');
  const { nowUs } = await stateOf(playground);
  await expect.poll(async () => (await stateOf(playground)).nowUs).toBeGreaterThan(nowUs);
  await expect(playground.locator('.spacetime')).toHaveCount(0);
  release();
  await expect(playground.locator('.spacetime')).toBeVisible();
  expect(asked).toEqual(['fetch']);
});

test('a call that needs the rest in the middle of its work waits for it', async ({ open, page }) => {
  const { asked, release } = await hold(page);
  const playground = await open();
  await pause(playground);
  setTimeout(release, 1000);
  expect(await hashOf(playground)).toMatch(/^[0-9a-f]{16}$/);
  expect(asked).toEqual(['fetch', 'xhr']);
  await goOn(playground, 1_000_000);
  await expect(playground.getByRole('alert')).toHaveCount(0);
});

test('a rest that fails once is asked for again when it is needed', async ({ open, page, tolerate }) => {
  tolerate(/Failed to load resource|playground_rest/);
  await page.route(REST, (route) => route.abort(), { times: 1 });
  const playground = await open();
  expect(await hashOf(playground)).toMatch(/^[0-9a-f]{16}$/);
});

test('when the rest cannot be had, what comes later says so, and can be tried again', async ({
  open,
  page,
  tolerate,
}) => {
  tolerate(/Failed to load resource|playground_rest/);
  await page.route(REST, (route) => route.abort());
  const playground = await open();
  const text = await textOf(playground);
  await playground.getByRole('tab', { name: 'Space-time' }).click();
  const told = playground.getByRole('alert');
  await expect(told).toContainText('could not be loaded');
  await playground.getByRole('button', { name: 'Write', exact: true }).click();
  await expect(answers(playground)).toHaveCount(1);
  await page.unroute(REST);
  await told.getByRole('button', { name: 'Try again' }).click();
  await expect(playground.locator('.spacetime')).toBeVisible();
  expect(await textOf(playground)).toContain(text.trim());
});

test('a call that cannot have the rest fails with words, and the run can be started again', async ({
  open,
  page,
  tolerate,
  expectAccessible,
}) => {
  tolerate(/Failed to load resource|playground_rest|PlaygroundCrash/);
  await page.route(REST, (route) => route.abort());
  const playground = await open();
  await pause(playground);
  await playground.getByRole('button', { name: 'Write', exact: true }).click();
  const text = await textOf(playground);
  await playground.getByRole('button', { name: 'Step to the next event' }).click();
  await playground.getByRole('button', { name: 'Step back to the event before' }).click();
  const told = playground.getByRole('alert');
  await expect(told).toContainText('A part of the playground could not be loaded');
  await expectAccessible();
  expect(await textOf(playground)).toContain(text.trim());
  await page.unroute(REST);
  await told.getByRole('button', { name: 'Start again' }).click();
  await expectOpen(playground);
  expect(await textOf(playground)).toContain(text.trim());
});
