// The showcase: the playground in a site made by MkDocs Material, with instant navigation.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from './fixtures.js';
import { answers, expectNoSidewaysScroll, goOn, pause, stateOf } from './helpers.js';

/** @typedef {import('@playwright/test').Page} Page */

const PAGES = [
  'docs/',
  'docs/synchronous/',
  'docs/stale-reads/',
  'docs/update-at-a-slave/',
  'docs/failure/',
  'docs/scaling/',
  'docs/cqrs-and-lag/',
  'docs/guarantees/',
  'docs/write-your-own/',
];
/** Instant navigation. @param {Page} page @param {string} name */
const follow = (page, name) => page.getByRole('navigation').getByRole('link', { name, exact: true }).first().click();

/** The first playground of the page, once it is there. @param {Page} page */
async function first(page) {
  const playground = page.locator('replication-playground').first();
  await playground.scrollIntoViewIfNeeded(); // it does not start before
  await playground.evaluate((/** @type {any} */ element) => element.ready);
  return playground;
}

/** The page stays the same document. @param {Page} page */
const mark = (page) => page.evaluate(() => Object.assign(window, { stayed: true }));
/** @param {Page} page */
const stayed = (page) => page.evaluate(() => 'stayed' in window);

// Instant navigation goes by the addresses in the sitemap, which has the port that the site was built for.
test.beforeEach(async ({ page, baseURL }) => {
  await page.route('**/docs/sitemap.xml', async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replaceAll(/http:\/\/localhost:\d+\//g, baseURL ?? '');
    await route.fulfill({ response, body });
  });
});

test('a reader writes, and reads an old value from a slave', async ({ open, page }) => {
  const playground = await open('docs/');
  await pause(playground);
  await playground.getByRole('button', { name: 'Write', exact: true }).click();
  await goOn(playground, 400_000);
  await playground.getByLabel('Read from').selectOption('s3');
  await playground.getByRole('button', { name: 'Read', exact: true }).click();
  await goOn(playground, 500_000);
  await expect(answers(playground).first()).toContainText('nothing');
  await expect(answers(playground).first()).toContainText('old');
  await expect(page).toHaveTitle('Replication, to touch');
});

test('instant navigation there and back: the playgrounds work, and the script is loaded once', async ({
  open,
  page,
}) => {
  /** @type {string[]} */
  const scripts = [];
  page.on('request', (request) => {
    if (request.resourceType() === 'script' && request.url().includes('/playground/')) scripts.push(request.url());
  });
  await open('docs/');
  await mark(page);
  for (const [name, title] of [
    ['An update at a slave', 'An update at a slave'],
    ['Write your own', 'Write your own'],
    ['Master and slaves', 'Master and slaves'],
  ]) {
    await follow(page, name);
    await expect(page.getByRole('heading', { level: 1 })).toContainText(title);
    const playground = await first(page);
    await playground.evaluate((/** @type {any} */ element) => element.command('A write cart 1'));
    await goOn(playground, 600_000);
    const { nodes } = await stateOf(playground);
    expect(nodes[0]?.applied).toBeGreaterThan(0);
    expect(await stayed(page)).toBe(true);
  }
  expect(new Set(scripts).size).toBe(scripts.length);
});

test('the switch of the site turns the playground dark, and light again', async ({ open, page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  const playground = await open('docs/');
  const ink = () =>
    playground.evaluate((element) => {
      const canvas = new OffscreenCanvas(1, 1).getContext('2d');
      if (!canvas) throw new Error('no canvas');
      canvas.fillStyle = getComputedStyle(element).color;
      canvas.fillRect(0, 0, 1, 1);
      return canvas.getImageData(0, 0, 1, 1).data[0] ?? 0;
    });
  expect(await ink()).toBeLessThan(100);
  await page.getByTitle('Switch to dark').click();
  await expect.poll(ink).toBeGreaterThan(200);
  await page.getByTitle('Switch to light').click();
  await expect.poll(ink).toBeLessThan(100);
});

test('keys that the site knows are letters in the fields of the playground', async ({ page }) => {
  await page.goto('docs/synchronous/');
  const playground = await first(page);
  await mark(page);
  const address = page.url();
  const search = page.locator('#__search');
  for (const label of ['Key', 'Value']) {
    const field = playground.getByRole('textbox', { name: label, exact: true });
    await field.fill('');
    await field.pressSequentially('npsf/.,');
    await expect(field).toHaveValue('npsf/.,');
  }
  expect(page.url()).toBe(address);
  await expect(search).not.toBeChecked();
  // Outside, they are the site's.
  await page.locator('h1').click();
  await page.keyboard.press('/');
  await expect(search).toBeChecked();
  await page.keyboard.press('Escape');
  await expect(search).not.toBeChecked();
  await page.keyboard.press('n');
  await expect(page).toHaveURL(/stale-reads/);
  expect(await stayed(page)).toBe(true);
});

test('the page lists what a playground tells it, also after instant navigation', async ({ page }) => {
  await page.goto('docs/');
  await mark(page);
  await follow(page, 'Write your own');
  const heard = page.getByRole('list', { name: 'What the page was told' }).getByRole('listitem');
  await page.locator('#watched').evaluate((element) => {
    element.dispatchEvent(new CustomEvent('task', { detail: { index: 0, words: 'Write cart = 1.' } }));
    element.dispatchEvent(new CustomEvent('anomaly', { detail: { kind: 'stale', text: 'An old read.', atUs: 1 } }));
  });
  await expect(heard).toHaveText(['Done: Write cart = 1.', 'Seen: An old read.']);
  expect(await stayed(page)).toBe(true);
});

test.describe('the examples of the last page', () => {
  test('a task that is done is listed below the playground', async ({ page }) => {
    await page.goto('docs/write-your-own/');
    const watched = page.locator('#watched');
    await watched.scrollIntoViewIfNeeded();
    await watched.getByRole('button', { name: 'Show me' }).first().click();
    await watched.getByRole('button', { name: 'Do it for me' }).click();
    const heard = page.getByRole('list', { name: 'What the page was told' }).getByRole('listitem');
    await expect(heard.first()).toHaveText(/^Done: Write/);
  });

  test('a moment stands still where it was opened', async ({ page }) => {
    await page.goto('docs/write-your-own/');
    const playground = await first(page);
    const { nowUs, nodes } = await stateOf(playground);
    expect(nowUs).toBe(1_200_000);
    expect(nodes.map(({ applied }) => applied)).toEqual([1, 1, 0]);
  });

  test('what is done at one of two pictures is seen at both', async ({ page }) => {
    await page.goto('docs/write-your-own/');
    const [one, other] = [page.locator('#cluster'), page.locator('[for=cluster]')];
    for (const playground of [one, other]) await playground.scrollIntoViewIfNeeded();
    await one.getByRole('button', { name: 'Write', exact: true }).click();
    await goOn(one, 600_000);
    await expect(other.getByRole('article', { name: /^s1, / })).toContainText('cart');
  });

  test('it speaks of primary and replica where it is told to', async ({ page }) => {
    await page.goto('docs/write-your-own/');
    const playground = page.locator('[vocabulary=primary]');
    await playground.scrollIntoViewIfNeeded();
    await expect(playground.getByRole('article', { name: /^p, primary/ })).toBeVisible();
    await expect(playground).not.toContainText(/\b(master|slave)\b/);
  });
});

for (const scheme of /** @type {const} */ (['light', 'dark'])) {
  for (const path of ['docs/update-at-a-slave/', 'docs/write-your-own/']) {
    test(`axe finds nothing at ${path}, ${scheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto(path);
      for (const playground of await page.locator('replication-playground').all()) {
        await playground.scrollIntoViewIfNeeded();
        await playground.evaluate((/** @type {any} */ element) => element.ready);
      }
      // Material's own: its search is a dialog without a name, and its blocks of code all have the same one.
      const axe = new AxeBuilder({ page }).exclude('.md-search');
      const { violations } = await axe.analyze();
      const found = violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target }) => `${id}: ${target.flat().join(' ')}`),
      );
      expect(found.filter((one) => !/^landmark-unique: (?!.*replication-playground)/.test(one))).toEqual([]);
    });
  }
}

test('nothing is wider than a telephone', async ({ page }) => {
  test.slow(); // many playgrounds
  await page.setViewportSize({ width: 360, height: 740 });
  for (const path of PAGES) {
    await page.goto(path);
    await expectNoSidewaysScroll(page); // before they are there
    for (const playground of await page.locator('replication-playground').all()) {
      await playground.scrollIntoViewIfNeeded();
      await playground.evaluate((/** @type {any} */ element) => element.ready);
    }
    await expectNoSidewaysScroll(page);
  }
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('each playground is a paragraph that says what it would show', async ({ page }) => {
    for (const path of PAGES) {
      await page.goto(path);
      for (const playground of await page.locator('replication-playground').all()) {
        await expect(playground).toBeVisible();
        await expect(playground.locator('p, pre').first()).toBeVisible();
      }
    }
  });
});

test('a cell of the table of guarantees opens its run in the playground of the page', async ({ open, page }) => {
  const playground = await open('docs/guarantees/');
  await expect
    .poll(() => playground.evaluate((/** @type {any} */ element) => element.text))
    .toContain('preset pg-async');
  const row = page.getByRole('row').filter({ hasText: 'redis-async' }).filter({ hasText: 'careful' }).first();
  await row
    .getByRole('link', { name: /^broken in/ })
    .first()
    .click();
  await expect
    .poll(() => playground.evaluate((/** @type {any} */ element) => element.text))
    .toContain('preset redis-async');
  await expect(page.locator('#finding-name')).toContainText('redis-async, operator careful: broken in');
  expect(new URL(page.url()).pathname).toMatch(/\/docs\/guarantees\/$/);
});
