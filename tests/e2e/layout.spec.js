// It fits: nothing scrolls sideways, and what is pressed is large enough.
import { expect, test } from './fixtures.js';
import {
  BUSY,
  BUSY_US,
  card,
  closeSettings,
  command,
  goOn,
  goTo,
  openSettings,
  openTab,
  pause,
  popover,
  QUICK,
  run,
} from './helpers.js';

/** @typedef {import('@playwright/test').Locator} Locator */

/** By how much something is wider than the window, and what. @param {Locator} playground @returns {Promise<string[]>} */
const tooWide = (playground) =>
  playground.evaluate((/** @type {any} */ element) => {
    const view = document.documentElement.clientWidth;
    const found = [];
    const page = /** @type {Element} */ (document.scrollingElement);
    if (page.scrollWidth > view) found.push(`the document: ${page.scrollWidth}`);
    if (element.scrollWidth > element.clientWidth) found.push(`the element: ${element.scrollWidth}`);
    for (const part of element.shadowRoot.querySelectorAll('*')) {
      if (!part.checkVisibility({ visibilityProperty: true }) || part.closest('.hidden, svg')) continue;
      // What is inside a scroller may be wide; hidden overflow is cut.
      let around = part.parentElement;
      while (around && getComputedStyle(around).overflowX === 'visible') around = around.parentElement;
      const { left, right } = part.getBoundingClientRect();
      if (!around && (right > view + 0.5 || left < -0.5))
        found.push(`${part.localName}.${part.className}: ${left.toFixed(1)} to ${right.toFixed(1)}`);
    }
    return found;
  });

for (const width of [320, 360, 640, 768, 1280]) {
  test(`nothing scrolls sideways, ${width} px wide`, async ({ open, page }) => {
    await page.setViewportSize({ width, height: 800 });
    const playground = await open();
    await expect.poll(() => tooWide(playground)).toEqual([]);

    await run(playground, BUSY);
    await goTo(playground, BUSY_US);
    await openSettings(playground);
    await expect(card(playground, 's3')).toContainText('frozen');
    await expect.poll(() => tooWide(playground)).toEqual([]);
    await closeSettings(playground);
    for (const tab of await playground.getByRole('tab').all()) {
      await openTab(playground, (await tab.textContent()) ?? '');
      await expect.poll(() => tooWide(playground)).toEqual([]);
    }
    await playground.getByRole('button', { name: /More about s3$/ }).click();
    await expect(popover(playground)).toBeVisible();
    await expect.poll(() => tooWide(playground)).toEqual([]);
    await page.keyboard.press('Escape');

    // Long words.
    await run(playground, QUICK);
    await pause(playground);
    await playground.getByLabel('Key', { exact: true }).fill('k'.repeat(64));
    await playground.getByLabel('Value', { exact: true }).fill('W'.repeat(1024));
    for (const name of ['Write', 'Read']) {
      await playground.getByRole('button', { name, exact: true }).click();
      await goOn(playground, 60_000);
    }
    await expect(card(playground, 's2').getByRole('listitem')).toContainText('WWW');
    for (const tab of await playground.getByRole('tab').all()) {
      await openTab(playground, (await tab.textContent()) ?? '');
      await expect.poll(() => tooWide(playground)).toEqual([]);
    }

    // Many slaves, with the longest names there can be.
    const names = Array.from({ length: 32 }, (_, i) => `s${i + 1}`.padEnd(i % 2 ? 16 : 3, 'w'));
    await run(
      playground,
      `cluster m + ${names.join(' ')}\nclients Abcdefghijklmnop B C D\nat 0ms write k v\nat 1s state m`,
    );
    await goTo(playground, 1_000_000);
    await expect(playground.getByRole('article')).toHaveCount(33);
    await expect.poll(() => tooWide(playground)).toEqual([]);
    await command(playground, `hold m-${names[3]}`);
    await expect.poll(() => tooWide(playground)).toEqual([]);
  });
}

/** Controls smaller than 24 by 24 pixels. @param {Locator} playground @returns {Promise<string[]>} */
const tooSmall = (playground) =>
  playground.evaluate((/** @type {any} */ element) => {
    const found = [];
    const controls = 'button, select, input, textarea, summary, a[href], [role=tab], [role=switch]';
    for (const control of element.shadowRoot.querySelectorAll(controls)) {
      if (!control.checkVisibility({ visibilityProperty: true })) continue;
      // A box to tick is pressed by its words as well.
      const target = control.type === 'checkbox' ? control.closest('label') : control;
      const { width, height } = target.getBoundingClientRect();
      if (width < 23.9 || height < 23.9)
        found.push(
          `${control.localName}.${control.className} “${control.ariaLabel ?? control.textContent.trim()}”: ${width.toFixed(1)} × ${height.toFixed(1)}`,
        );
    }
    return [...new Set(found)];
  });

for (const width of [320, 768, 1150, 1280]) {
  test(`what is pressed is at least 24 px high and wide, ${width} px wide`, async ({ open, page }) => {
    await page.setViewportSize({ width, height: 800 });
    const playground = await open();
    await run(playground, BUSY);
    await goTo(playground, BUSY_US);
    await openSettings(playground);
    expect(await tooSmall(playground)).toEqual([]);
    await closeSettings(playground);
    for (const why of await playground.locator('.verdicts summary:visible').all()) await why.click();
    for (const tab of await playground.getByRole('tab').all()) {
      await openTab(playground, (await tab.textContent()) ?? '');
      expect(await tooSmall(playground)).toEqual([]);
    }
    await playground.getByRole('button', { name: /More about s1$/ }).click();
    await expect(popover(playground)).toBeVisible();
    expect(await tooSmall(playground)).toEqual([]);
    await popover(playground).getByRole('button', { name: 'm–s1' }).click();
    await popover(playground).getByText('Each direction separately').click();
    expect(await tooSmall(playground)).toEqual([]);
    await page.keyboard.press('Escape');
    for (const slaves of [5, 12]) {
      const names = Array.from({ length: slaves }, (_, i) => `s${i + 1}`);
      await run(playground, `cluster m + ${names.join(' ')}\n`);
      await expect(playground.getByRole('article')).toHaveCount(slaves + 1);
      expect(await tooSmall(playground), `${slaves} slaves`).toEqual([]);
    }
  });
}
