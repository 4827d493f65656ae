// Side by side: the same run, asynchronous, semi-synchronous and synchronous, at the instant of the page.
import { expect, test } from './fixtures.js';
import { expectNoSidewaysScroll, run, seek, servePage, stateOf, textOf } from './helpers.js';

/** @typedef {import('@playwright/test').Locator} Locator */

/** Two writes are told to be done and are on the master alone when it dies. */
const LOSES = `cluster m + s1 s2
clients A
link nodes latency 300ms
link clients latency 50ms
at 100ms A write cart 1
at 2s partition m
at 2.1s A write cart 2
at 2.2s A write cart 3
at 3s crash m
at 4s promote s1
at 5s A read cart @s2
at 6s end
`;

/** @param {Locator} playground */
const compared = (playground) => playground.getByRole('region', { name: 'Side by side' });
/** @param {Locator} playground */
const press = (playground) => playground.getByRole('button', { name: 'Side by side' }).click();
/** The numbers of a row, one for each way. @param {Locator} playground @param {string} name */
const row = (playground, name) =>
  compared(playground)
    .getByRole('row')
    .filter({ has: playground.page().getByRole('rowheader', { name, exact: true }) })
    .locator('.number:is(b)');

test('one press shows what each way costs, and one press takes it back', async ({ open, expectAccessible }) => {
  const playground = await open();
  await run(playground, LOSES);
  await seek(playground, 6_000_000);
  const before = [await textOf(playground), await stateOf(playground)];
  await press(playground);
  await expect(row(playground, 'lost')).toHaveText(['2', '0', '0']);
  await expect(row(playground, 'not done')).toHaveText(['0', '2', '2']);
  await expect(row(playground, 'stale')).toHaveCount(3);
  await expect(row(playground, 'a write takes')).toHaveText(['101 ms', '702 ms', '702 ms']);
  const heads = compared(playground).getByRole('columnheader');
  await expect(heads).toContainText(['asynchronous', 'semi-synchronous', 'synchronous']);
  await expect(heads.first()).toContainText('your run');
  await expect(compared(playground).getByRole('table', { name: 'The same run, three ways' })).toBeVisible();
  const pictures = compared(playground).getByRole('img');
  await expect(pictures).toHaveCount(3);
  await expect(pictures.first()).toHaveAccessibleName(/m, master, off: cart = 3\./);
  await expect(pictures.first()).toHaveAccessibleName(/s1, master: cart = 1\./);
  await expect(pictures.first()).toContainText('3 lost');
  await expectAccessible('.compare');
  // It changes nothing of the run.
  expect([await textOf(playground), await stateOf(playground)]).toEqual(before);
  await press(playground);
  await expect(compared(playground)).toHaveCount(0);
  await expect(playground.getByRole('article')).toHaveCount(3);
});

test('whatever is done happens in all three, at the same instant', async ({ open }) => {
  const playground = await open();
  await press(playground);
  await expect(compared(playground).getByText('Write, read, kill the master')).toBeVisible();
  await playground.getByRole('button', { name: 'Write', exact: true }).click();
  await expect(row(playground, 'not done').last()).toHaveText('1');
  await expect(row(playground, 'not done').first()).toHaveText('0');
  // One slave has it 700 ms later, all have it after 5 s.
  await expect(row(playground, 'not done').nth(1)).toHaveText('0');
  await expect(row(playground, 'not done').last()).toHaveText('0');
  await playground.getByRole('button', { name: 'Kill m' }).click();
  for (const picture of await compared(playground).getByRole('img').all())
    await expect(picture).toHaveAccessibleName(/m, master, off/);
  // Back in time, all three go back.
  await seek(playground, 0);
  await expect(row(playground, 'a write takes')).toHaveText(['–', '–', '–']);
});

test('under an engine that is chosen later, the three ways stay three', async ({ open }) => {
  const playground = await open();
  await run(playground, LOSES);
  await seek(playground, 0);
  await playground.getByLabel('Behave as').selectOption('pg-async');
  await press(playground);
  await playground.evaluate((/** @type {any} */ element) => element.pause());
  await seek(playground, 2_050_000);
  const times = await row(playground, 'a write takes').allTextContents();
  expect(parseFloat(times[0])).toBeLessThan(200);
  expect(parseFloat(times[1])).toBeGreaterThan(600);
  expect(parseFloat(times[2])).toBeGreaterThan(600);
});

test('the example loses writes in one way, and lets them wait in the others', async ({ open }) => {
  const playground = await open();
  await press(playground);
  await playground.getByRole('button', { name: 'Show an example' }).click();
  await expect.poll(() => textOf(playground)).toContain('promote s1');
  await seek(playground, 10_000_000);
  await expect(row(playground, 'lost')).toHaveText(['2', '0', '0']);
  await expect(row(playground, 'stale')).toHaveText(['4', '0', '0']);
});

test('nothing moves while it plays', async ({ open, page }) => {
  const playground = await open();
  await press(playground);
  await playground.getByRole('button', { name: 'Show an example' }).click();
  await expect(row(playground, 'lost')).toHaveCount(3);
  await page.waitForTimeout(600); // what was unfolded just now may move
  const moved = await page.evaluate(
    () =>
      new Promise((resolve) => {
        let sum = 0;
        const watch = new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) sum += /** @type {any} */ (entry).value;
        });
        watch.observe({ type: 'layout-shift' });
        setTimeout(() => resolve(sum), 8000);
      }),
  );
  expect(moved).toBe(0);
});

for (const [width, height] of [
  [360, 740],
  [820, 900],
  [1440, 900],
]) {
  test(`has room at ${width} px, dark too`, async ({ open, page, expectAccessible }) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: 'dark' });
    const playground = await open();
    await run(playground, LOSES);
    await seek(playground, 6_000_000);
    await press(playground);
    await expect(row(playground, 'lost')).toHaveText(['2', '0', '0']);
    await expectNoSidewaysScroll(page);
    const cut = await compared(playground).evaluate((section) =>
      [...section.querySelectorAll('td, th, p, h3')]
        .filter((el) => !el.querySelector('.hidden') && !el.matches('.word') && el.scrollWidth > el.clientWidth + 1)
        .map((el) => el.textContent),
    );
    expect(cut).toEqual([]);
    await expectAccessible('.compare');
  });
}

test('is a layout of the element, for articles', async ({ open, page, expectAccessible }) => {
  const playground = await open(
    await servePage(page, `<replication-playground layout="compare"><pre>${LOSES}</pre></replication-playground>`),
  );
  // It stands at its end; nothing plays by itself.
  await expect(row(playground, 'lost')).toHaveText(['2', '0', '0']);
  await expect(playground.getByRole('timer')).toHaveText('6.000 s');
  await expect(playground.getByRole('button', { name: 'Write', exact: true })).toHaveCount(0);
  await expectAccessible();
});

test('as a layout without a run, it shows the example', async ({ open, page }) => {
  const playground = await open(
    await servePage(page, '<replication-playground layout="compare"></replication-playground>'),
  );
  await expect(row(playground, 'lost')).toHaveText(['2', '0', '0']);
});
