// axe finds nothing: light and dark, wide and narrow, with much going on, in every tab, with every menu open.
import { expect, test } from './fixtures.js';
import { BUSY, BUSY_US, card, closeSettings, command, goTo, openSettings, openTab, popover, run } from './helpers.js';

for (const scheme of /** @type {const} */ (['light', 'dark'])) {
  for (const width of [1280, 360, 320]) {
    test(`nothing is found in ${scheme}, ${width} px wide`, async ({ open, page, expectAccessible }) => {
      test.slow(); // many tabs
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 800 });
      const playground = await open();
      await run(playground, BUSY);
      await goTo(playground, BUSY_US);
      await command(playground, 'crash s2');
      await expect(card(playground, 's2')).toContainText('off');
      await openSettings(playground);
      await expectAccessible('.console');
      await closeSettings(playground);
      for (const why of await playground.locator('.verdicts summary:visible').all()) await why.click();
      const tabs = playground.getByRole('tab');
      expect(await tabs.count()).toBe(width > 1000 ? 8 : 10);
      for (const tab of await tabs.all()) {
        await openTab(playground, (await tab.textContent()) ?? '');
        await expectAccessible('.tabs');
      }
      // A text that is refused, and a menu.
      await openTab(playground, 'Text');
      await playground.getByRole('textbox', { name: 'Run text' }).fill('cluster m + s1\nat 0ms explode\n');
      await playground.getByRole('button', { name: 'Run this text' }).click();
      await expect(playground.getByRole('alert')).toBeVisible();
      await playground.getByRole('button', { name: /More about s1$/ }).click();
      await expect(popover(playground)).toBeVisible();
      await expectAccessible('.pop');
      await popover(playground).getByRole('button', { name: 'm–s1' }).click();
      await popover(playground).getByText('Each direction separately').click();
      await expectAccessible('.pop');
      await expectAccessible();
    });
  }
}

test('what happens is announced', async ({ open }) => {
  const playground = await open();
  const said = playground.locator('.say[aria-live=polite]');
  await expect(said).toHaveText('');
  await playground.getByRole('button', { name: 'Write', exact: true }).click();
  await expect(said).toContainText('write cart at m: done.');
  await playground.getByRole('switch', { name: 'Power of m' }).click();
  await expect(said).toContainText('m crashes.');
});
