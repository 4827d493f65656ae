// The book of examples/mdbook, as mdBook has built it: the element among the book's own keys, themes and styles.
import { expect, test } from './fixtures.js';
import { expectNoSidewaysScrolling, expectStaleRead, inkOf, stateOf } from './helpers.js';

const BOOK = 'sites/mdbook/';

/** Long enough for a page that would be left. @param {import('@playwright/test').Page} page */
const aMoment = (page) => page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));

test('a lesson that is named comes to life', async ({ open, page }) => {
  const playground = await open(`${BOOK}writes.html`);
  await expect(page.getByRole('heading', { name: 'One node takes the writes', level: 1 })).toBeVisible();
  await expect(playground.getByRole('heading', { name: 'Write to the master, read from a slave' })).toBeVisible();
  await expect(playground.getByRole('article')).not.toHaveCount(0);
});

test('a run in a <pre>: a write, and an old answer from the far slave', async ({ open }) => {
  const playground = await open(`${BOOK}old-answers.html`);
  expect((await stateOf(playground)).nodes.map((n) => n.name)).toEqual(['m', 's1', 's2']);
  await expectStaleRead(playground, 's2');
});

test('in the compact layout, too', async ({ open }) => {
  const playground = await open(`${BOOK}without-the-master.html`);
  await expectStaleRead(playground, 's2');
});

test('arrow keys turn the chapter outside of the element, and not inside', async ({ open, page }) => {
  const playground = await open(`${BOOK}old-answers.html`);
  const { href } = await page.evaluate(() => ({ href: location.href }));
  const inside = [
    playground.getByRole('button', { name: 'Write', exact: true }),
    playground.getByRole('slider', { name: 'Lag of s2' }),
    playground.getByLabel('Key', { exact: true }),
    playground.getByLabel('Read from'),
  ];
  for (const control of inside) {
    await control.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await aMoment(page);
    expect(page.url()).toBe(href);
  }
  await page.evaluate(() => /** @type {any} */ (document.activeElement)?.blur());
  await page.keyboard.press('ArrowRight');
  await page.waitForURL('**/without-the-master.html');
  await page.keyboard.press('ArrowLeft');
  await page.waitForURL('**/old-answers.html');
});

test('letters typed into a field of the element stay there', async ({ open, page }) => {
  const playground = await open(`${BOOK}old-answers.html`);
  const key = playground.getByLabel('Key', { exact: true });
  await key.fill('');
  await key.pressSequentially('s/?'); // the book's keys for its search and its help
  await expect(key).toHaveValue('s/?');
  await expect(page.getByRole('searchbox')).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Keyboard shortcuts' })).toBeHidden();
});

test('it follows the theme that is chosen in the book', async ({ open, page }) => {
  const playground = await open(`${BOOK}old-answers.html`);
  const choose = async (/** @type {string} */ theme) => {
    const item = page.getByRole('menuitem', { name: theme, exact: true });
    if (!(await item.isVisible())) await page.getByRole('button', { name: 'Change theme' }).click();
    await item.click();
  };
  await choose('Light');
  await expect.poll(() => inkOf(playground)).toBeLessThan(100);
  for (const dark of ['Coal', 'Navy', 'Ayu']) {
    await choose(dark);
    await expect.poll(() => inkOf(playground)).toBeGreaterThan(150);
  }
  await choose('Rust');
  await expect.poll(() => inkOf(playground)).toBeLessThan(100);
});

test('nothing needs scrolling sideways on a telephone', async ({ open, page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  for (const chapter of ['writes', 'old-answers', 'without-the-master']) {
    const playground = await open(`${BOOK}${chapter}.html`);
    await expectNoSidewaysScrolling(playground);
  }
});
