// All of it with the keyboard alone.
import { expect, test } from './fixtures.js';
import { answers, goOn, latest, nodeOf, pause, popover, servePage, stateOf, textOf } from './helpers.js';

/** @typedef {import('@playwright/test').Page} Page */

/** What has the focus, however deep, and whether that can be seen. @param {Page} page */
const focused = (page) =>
  page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    if (!active || active === document.body) return undefined;
    const label = /** @type {HTMLInputElement} */ (active).labels?.[0];
    const name = active.getAttribute('aria-label') ?? label?.querySelector('span')?.textContent ?? active.textContent;
    const style = getComputedStyle(active);
    return {
      name: (name ?? '').replace(/\s+/g, ' ').trim(),
      seen: active.matches(':focus-visible') && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1,
    };
  });

/** Presses Tab until something of this name has the focus; all that is passed must be seen to have it. @param {Page} page @param {RegExp} name @param {string} [key] */
async function tabTo(page, name, key = 'Tab') {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press(key);
    const now = await focused(page);
    if (!now) continue; // the page itself, between its end and its beginning
    expect(now.seen, `the focus on “${now.name}” can be seen`).toBe(true);
    if (name.test(now.name)) return;
  }
  throw new Error(`Tab never reaches ${name}.`);
}

test('the whole lesson', async ({ open, page }) => {
  const playground = await open();
  const { keyboard } = page;
  await tabTo(page, /^Key$/);
  await keyboard.press('ControlOrMeta+A');
  await keyboard.type('stock');
  await tabTo(page, /^Write$/);
  await keyboard.press('Enter');
  await expect.poll(async () => (await stateOf(playground)).nowUs).toBeGreaterThan(0);
  await pause(playground);
  await expect(playground.getByText('Time stands still.')).toBeVisible();

  await tabTo(page, /^Read from$/);
  await keyboard.press('End');
  await expect(playground.getByLabel('Read from')).toHaveValue('@s3');
  await tabTo(page, /^Read$/, 'Shift+Tab');
  await keyboard.press('Space');
  await goOn(playground, 600_000);
  expect(await latest(playground)).toMatchObject({ kind: 'read', node: 's3', verdict: 'stale' });
  await expect(answers(playground).first()).toContainText('old');

  await tabTo(page, /^Power of m$/);
  await keyboard.press('Space');
  expect((await nodeOf(playground, 'm')).process).toBe('down');
  await tabTo(page, /^Read$/, 'Shift+Tab');
  await keyboard.press('Enter');
  await goOn(playground, 600_000);
  expect(await latest(playground)).toMatchObject({ kind: 'read', node: 's3' });
  expect((await latest(playground))?.outcome).toMatch(/value|nothing/);
  await tabTo(page, /^Write$/, 'Shift+Tab');
  await keyboard.press('Enter');
  await goOn(playground, 600_000);
  await expect(answers(playground).first()).toContainText('error: connection refused');
  await tabTo(page, /^Power of m$/);
  await keyboard.press('Enter');
  expect((await nodeOf(playground, 'm')).process).toBe('up');

  await tabTo(page, /^Lag of s1/);
  await keyboard.press('Home');
  await tabTo(page, /^Apply delay of s1/);
  await keyboard.press('ArrowRight');
  await expect.poll(() => textOf(playground)).toMatch(/link m-s1 latency 1ms\n.* delay s1 [\d.]+(us|ms)\n$/);
  await tabTo(page, /^Link between m and s1/);
  await keyboard.press('Enter');
  await tabTo(page, /^cut$/);
  await keyboard.press('Enter');
  await keyboard.press('Escape');
  await expect.poll(() => textOf(playground)).toMatch(/ cut m-s1\n$/);
  await tabTo(page, /^Play$/, 'Shift+Tab');
  const { nowUs } = await stateOf(playground);
  await keyboard.press('Enter');
  await expect.poll(async () => (await stateOf(playground)).nowUs).toBeGreaterThan(nowUs);
});

test('a menu opens with its first choice focused; Escape closes it and gives the focus back', async ({
  open,
  page,
}) => {
  const playground = await open();
  await pause(playground);
  const text = await textOf(playground);
  for (const [opener, first] of [
    [/^s2 ?slave ?More about s2$/, /^Crash/],
    [/^Link between m and s3/, /^open$/],
    [/^Client A$/, /^Close$/],
  ]) {
    await tabTo(page, opener);
    const from = (await focused(page))?.name;
    await page.keyboard.press('Enter');
    await expect(popover(playground)).toBeVisible();
    await expect.poll(async () => (await focused(page))?.name).toMatch(first);
    await page.keyboard.press('Escape');
    await expect(popover(playground)).toBeHidden();
    await expect.poll(async () => (await focused(page))?.name).toBe(from);
  }
  // Also by its own button, and after a choice.
  await page.keyboard.press('Enter');
  await tabTo(page, /^Close$/);
  await page.keyboard.press('Space');
  await expect(popover(playground)).toBeHidden();
  await expect.poll(async () => (await focused(page))?.name).toBe('Client A');
  expect(await textOf(playground)).toBe(text);
  await tabTo(page, /^s1 ?slave ?More about s1$/);
  await page.keyboard.press('Enter');
  await tabTo(page, /^Freeze/);
  await page.keyboard.press('Enter');
  await expect(popover(playground)).toBeHidden();
  await expect.poll(async () => (await focused(page))?.name).toMatch(/More about s1$/);
  expect((await nodeOf(playground, 's1')).process).toBe('frozen');
});

test('Escape also closes a menu while much is going on', async ({ open, page }) => {
  const playground = await open();
  await playground.getByRole('button', { name: 'Write', exact: true }).click();
  for (let i = 0; i < 8; i++) {
    await playground.getByRole('button', { name: /More about s1$/ }).press('Enter');
    await expect(popover(playground)).toBeVisible();
    // As if an event of the run came in the same moment.
    await page.keyboard.press('Escape');
    await playground.evaluate((/** @type {any} */ element) => element.command('A read cart'));
    await expect(popover(playground)).toBeHidden();
  }
});

test('arrows move along the tabs', async ({ open, page }) => {
  const playground = await open();
  await tabTo(page, /^Text$/);
  const selected = playground.getByRole('tab', { selected: true });
  for (const [key, name] of [
    ['ArrowRight', 'Space-time'],
    ['ArrowLeft', 'Text'],
    ['ArrowLeft', 'Messages & nodes'],
    ['Home', 'Text'],
    ['End', 'Messages & nodes'],
  ]) {
    await page.keyboard.press(key);
    await expect(selected).toHaveText(name);
    await expect(selected).toBeFocused();
  }
});

test('arrows along the log follow one write', async ({ open, page }) => {
  const playground = await open();
  await pause(playground);
  for (const value of ['1', '2'])
    await playground.evaluate((/** @type {any} */ e, v) => e.command(`write cart ${v}`), value);
  await goOn(playground, 6_000_000);
  await expect(playground.getByRole('region', { name: 'Log' }).getByRole('table')).toBeVisible();
  await tabTo(page, /^Log\. Left and right/);
  const lit = playground.locator('.cell[data-lit]');
  await page.keyboard.press('ArrowRight');
  await expect(lit).toHaveCount(4);
  await expect(lit.first()).toHaveAttribute('data-write', '1');
  await page.keyboard.press('ArrowRight');
  await expect(lit.first()).toHaveAttribute('data-write', '2');
  await page.keyboard.press('Escape');
  await expect(lit).toHaveCount(0);
});

test('arrows and letters that are used inside do not reach the page around', async ({ open, page }) => {
  const playground = await open(await servePage(page, '<replication-playground></replication-playground>'));
  await pause(playground);
  await page.evaluate(() => {
    const heard = /** @type {string[]} */ ([]);
    Object.assign(window, { heard });
    document.addEventListener('keydown', (event) => heard.push(event.key));
  });
  await playground.getByRole('slider', { name: 'Lag of s1' }).press('ArrowRight');
  await playground.getByRole('tab', { name: 'Text' }).press('ArrowRight');
  await playground.getByLabel('Key').press('s');
  await playground.getByLabel('Key').press('ArrowLeft');
  await playground.getByRole('button', { name: 'Write', exact: true }).press('ArrowDown');
  await playground.getByRole('button', { name: 'Write', exact: true }).press('F2'); // what means nothing here goes on
  expect(await page.evaluate(() => /** @type {any} */ (window).heard)).toEqual(['F2']);
});
