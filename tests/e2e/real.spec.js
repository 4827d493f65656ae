// “On a real server” in the share menu: the command, what cannot be done, and the folder for Docker Compose.
import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures.js';
import { expectNoSidewaysScroll, popover, run, textOf } from './helpers.js';

/** @typedef {import('@playwright/test').Locator} Locator */

/** @param {Locator} playground */
async function ask(playground) {
  await playground.getByRole('button', { name: 'Share' }).click();
  await popover(playground)
    .getByRole('button', { name: /^On a real server/ })
    .click();
  return popover(playground).getByRole('group', { name: 'On a real server' });
}

test('the command of the engine, and the folder, whose text is the run', async ({ open, page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const playground = await open();
  await run(playground, 'cluster m + s1\nclients A\npreset redis-async\nat 0ms A write cart 1\n');
  const told = await ask(playground);
  await told.getByRole('button', { name: 'Copy the command' }).click();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toBe('replay real redis replication.run.txt');
  const coming = page.waitForEvent('download');
  await told.getByRole('button', { name: 'Save replication.tar' }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toBe('replication.tar');
  const archive = await readFile(await file.path(), 'latin1');
  expect(archive.length % 512).toBe(0);
  for (const name of ['compose.yaml', 'toxiproxy.json', 'settings.conf', 'start.sh', 'play.sh', 'run.txt'])
    expect(archive).toContain(`replication/${name}\0`);
  expect(archive).toContain(await textOf(playground));
});

test('what an engine cannot do is said with its line', async ({ open }) => {
  const playground = await open();
  await run(playground, 'cluster m + s1\nclients A\npreset redis-async\nat 0ms pause-apply s1\n');
  const told = await ask(playground);
  await expect(told).toContainText('Real servers cannot play this run as it is.');
  await expect(told).toContainText('a Redis replica cannot pause applying');
  await expect(told.getByRole('button')).toHaveCount(0);
});

test('a run of no engine says which ones there are', async ({ open }) => {
  const playground = await open();
  await run(playground, 'cluster m + s1\nclients A\n');
  await expect(await ask(playground)).toContainText('name a preset of Redis, PostgreSQL or MariaDB');
});

for (const width of [1280, 360]) {
  test(`it is accessible and fits, ${width} px wide`, async ({ open, page, expectAccessible }) => {
    await page.setViewportSize({ width, height: 740 });
    const playground = await open();
    await run(playground, 'cluster m + s1\nclients A\npreset pg-async\nat 0ms A write cart 1\n');
    const told = await ask(playground);
    await expect(told.getByRole('button', { name: 'Copy the command' })).toBeVisible();
    await expectAccessible('.pop');
    await expectNoSidewaysScroll(page);
  });
}
