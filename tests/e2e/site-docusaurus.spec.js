// The site of examples/docusaurus: rendered on a server, then taken over by React 19.
import { expect, test } from './fixtures.js';
import { expectNoSidewaysScrolling, expectStaleRead, goOn, inkOf, pause, stateOf, textOf } from './helpers.js';

const SITE = 'sites/docusaurus/';

/** @param {import('@playwright/test').Page} page @param {string} title */
const goThere = async (page, title) => {
  await page.getByRole('navigation', { name: 'Docs sidebar' }).getByRole('link', { name: title, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
};

// The fixture fails on whatever React says of the server's HTML that it takes over.
test('the element in a page, by a script tag: an old answer from the far slave', async ({ open }) => {
  const playground = await open(SITE);
  expect((await stateOf(playground)).nodes.map((n) => n.name)).toEqual(['m', 's1', 's2']);
  await expectStaleRead(playground, 's2');
});

test('by the bundle alone: React’s properties arrive, and its events', async ({ open, page }) => {
  await page.route('**/playground/replication-playground.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: '' }),
  );
  const playground = await open(`${SITE}react/`);
  expect(await textOf(playground)).toMatch(/cluster m \+ s1 s2/);
  await expect(playground).toHaveAttribute('layout', 'compact');
  const status = page.getByRole('status').filter({ hasText: 'Tasks done' });
  await expect(status).toHaveText('The cluster is running. Tasks done: 0 of 2.');
  await pause(playground);
  await playground.getByRole('button', { name: 'Write', exact: true }).click();
  await goOn(playground, 200_000);
  await expect(status).toHaveText('The cluster is running. Tasks done: 1 of 2.');
});

test('the script tag and the bundle on one page do not get into each other’s way', async ({ open, page }) => {
  const playground = await open(`${SITE}react/`);
  await expect(page.getByText('The cluster is running.')).toBeVisible();
  await expect(playground.getByRole('article')).toHaveCount(3);
});

test('buttons of the page command it, and a property changes later', async ({ open, page }) => {
  const playground = await open(`${SITE}failover/`);
  await page.getByRole('button', { name: 'Crash the master' }).click();
  await expect.poll(async () => (await stateOf(playground)).nodes[0].process).toBe('down');
  await page.getByRole('button', { name: 'Promote s1' }).click();
  await expect.poll(async () => (await stateOf(playground)).nodes[1].role).toBe('master');
  expect(await textOf(playground)).toMatch(/crash m\n.*promote s1/);
  await page.getByRole('button', { name: 'Dark or not' }).click();
  await expect.poll(() => inkOf(playground)).toBeGreaterThan(150);
});

test('left by a link and come back to, it runs again', async ({ open, page }) => {
  await open(SITE);
  await page.evaluate(() => Object.assign(window, { same: true }));
  for (let round = 0; round < 2; round++) {
    await goThere(page, 'Properties and events');
    await expect(page.locator('replication-playground')).toHaveCount(1);
    await expect(page.getByText('The cluster is running.')).toBeVisible();
    // Longer than an element that was taken out waits before it lets go of its run.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1500)));
    await goThere(page, 'The element in a page');
    await expect(page.locator('replication-playground')).toHaveCount(1);
    await expect(page.locator('replication-playground').getByRole('article')).toHaveCount(3);
  }
  expect(await page.evaluate(() => /** @type {any} */ (window).same)).toBe(true);
  // The runs of the pages that were left are given back.
  const alive = () => page.evaluate(() => /** @type {any} */ (customElements.get('replication-playground')).alive());
  await expect.poll(alive).toBe(1);
  await expectStaleRead(page.locator('replication-playground'), 's2');
});

test('it follows the switch for the dark mode', async ({ open, page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  const playground = await open(SITE);
  expect(await inkOf(playground)).toBeLessThan(100);
  const theme = page.getByRole('button', { name: /^Switch between dark and light mode/ });
  const html = page.locator('html');
  for (let i = 0; i < 3 && (await html.getAttribute('data-theme')) !== 'dark'; i++) await theme.click();
  await expect(html).toHaveAttribute('data-theme', 'dark');
  await expect.poll(() => inkOf(playground)).toBeGreaterThan(150);
});

test('nothing needs scrolling sideways on a telephone', async ({ open, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  for (const path of ['', 'react/', 'failover/']) {
    const playground = await open(`${SITE}${path}`);
    await expectNoSidewaysScrolling(playground);
  }
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });
  test('the words in the element’s place are read', async ({ page }) => {
    await page.goto(`${SITE}react/`);
    await expect(page.getByText('A small lesson, for which JavaScript is needed.')).toBeVisible();
  });
});
