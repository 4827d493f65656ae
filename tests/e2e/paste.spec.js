// “Paste your cluster”: what people paste when they ask for help becomes the picture, and answers in words.
import { readFile, readdir } from 'node:fs/promises';
import { expect, test } from './fixtures.js';
import {
  expectNoSidewaysScroll,
  FIRST_MODULES,
  hashOf,
  nameOf,
  openTab,
  popover,
  run,
  seek,
  stateOf,
  textOf,
} from './helpers.js';

/** @typedef {import('@playwright/test').Locator} Locator */
/** @typedef {import('@playwright/test').Page} Page */

const pastes = new URL('../pastes/', import.meta.url);
/** What a real server printed. @param {string} name */
const recorded = async (name) => {
  const file = (await readdir(pastes)).find((one) => one.includes(name));
  if (!file) throw new Error(`There is no paste ${name}.`);
  return readFile(new URL(file, pastes), 'utf8');
};
const REDIS = `127.0.0.1:6379> INFO replication
# Replication
role:master
connected_slaves:2
slave0:ip=10.1.2.3,port=6379,state=online,offset=1000,lag=0
slave1:ip=10.1.2.4,port=6379,state=online,offset=400,lag=1
master_repl_offset:1000
`;

/** @param {Locator} playground */
const panel = (playground) => playground.getByRole('region', { name: 'Paste your cluster' });
/** @param {Locator} playground */
const begin = (playground) => playground.getByRole('button', { name: 'Paste your cluster' }).first().click();
/** @param {Locator} playground @param {string[]} texts */
async function read(playground, ...texts) {
  await begin(playground);
  for (const [place, text] of texts.entries()) {
    if (place > 0) await panel(playground).getByRole('button', { name: 'Add another paste' }).click();
    await panel(playground).getByRole('textbox').nth(place).fill(text);
  }
  await panel(playground).getByRole('button', { name: 'Read it' }).click();
}
/** @param {Locator} playground @param {RegExp | string} words */
const said = (playground, words) => expect(panel(playground).getByRole('status')).toContainText(words);
/** @param {Locator} playground */
const answer = (playground) => panel(playground).locator('.paste-answer');
/** All that the page holds as text, with its shadow. @param {Locator} playground */
const everything = (playground) =>
  playground.evaluate((element) => {
    const fields = [...(element.shadowRoot?.querySelectorAll('textarea, input') ?? [])];
    const values = fields.map((field) => /** @type {HTMLInputElement} */ (field).value);
    return [element.shadowRoot?.innerHTML, ...values, location.href, JSON.stringify({ ...localStorage })].join('\n');
  });
/** @param {Locator} playground */
const nodes = async (playground) => (await stateOf(playground)).nodes.map((node) => node.name);

test('Redis: the picture at once, who would be promoted, and what would be lost with each', async ({ open, page }) => {
  const modules = /** @type {string[]} */ ([]);
  page.context().on('request', (request) => request.url().endsWith('.wasm') && modules.push(request.url()));
  const playground = await open();
  await read(playground, REDIS);
  await said(playground, 'Read: 3 nodes.');
  await expect.poll(() => nodes(playground)).toEqual(['m', 's1', 's2']);
  await expect(answer(playground)).toContainText('By hand, s1 would be the one that is furthest');
  await expect(answer(playground)).toContainText('s1: nothing that the paste shows');
  await expect(answer(playground)).toContainText('s2: up to 600 bytes');
  await expect(panel(playground)).toContainText('If the settings are those of redis-async');
  await expect(panel(playground)).toContainText('“No acknowledged write is lost” (3)');
  await expect(panel(playground)).toContainText('its offset is what it acknowledged last');
  // The names are beside it on this page, and nowhere else.
  await expect(panel(playground)).toContainText('pasted as 10.1.2.4:6379');
  expect(await textOf(playground)).not.toContain('10.1.2');
  expect(modules.map(nameOf)).toEqual([...FIRST_MODULES, 'replication_playground_paste_bg.wasm']);
});

test('nothing of it is in a link', async ({ open, page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const playground = await open();
  await read(playground, REDIS);
  await said(playground, 'Read:');
  await playground.getByRole('button', { name: 'Share' }).click();
  const link = popover(playground).getByRole('button', { name: /link/i }).first();
  await expect(link).toHaveAttribute('aria-disabled', 'false');
  await link.click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('#run');
  const url = await page.evaluate(() => navigator.clipboard.readText());
  expect(url).not.toMatch(/10\.1\.2|6379/);
  const other = await (await page.context().newPage()).goto(url);
  expect(other?.status()).toBe(200);
});

for (const [what, name, preset, words] of /** @type {const} */ ([
  ['pg_stat_replication', 'postgresql-link-held-master-x', 'pg-async', /s1: .*|s2: .*/],
  ['patronictl list', 'patroni', 'patroni', /Patroni would promote|Nobody/],
])) {
  test(`${what}, as a real server printed it`, async ({ open }) => {
    const playground = await open();
    await read(playground, await recorded(name));
    await said(playground, /Read: \d nodes/);
    await expect.poll(() => textOf(playground)).toContain(`preset ${preset}`);
    await expect(answer(playground)).toContainText(words);
  });
}

test('MySQL: a lag that is NULL is not 0, and it says so', async ({ open }) => {
  const playground = await open();
  await read(
    playground,
    `*************************** 1. row ***************************
             Replica_IO_State:
                  Source_Host: db-prod-1.example.com
                  Source_Port: 3306
              Source_Log_File: binlog.000002
          Read_Source_Log_Pos: 1200
           Relay_Source_Log_File: binlog.000002
           Replica_IO_Running: Yes
          Replica_SQL_Running: No
          Exec_Source_Log_Pos: 900
        Seconds_Behind_Source: NULL
1 row in set (0.00 sec)
`,
  );
  await said(playground, 'Read: 2 nodes.');
  await expect(panel(playground)).toContainText('the lag is NULL or unknown. That is not 0');
  await expect.poll(() => textOf(playground)).toContain('preset mysql8-async');
  expect(await textOf(playground)).not.toContain('db-prod');
});

test('a file of settings beside a status: the password is nowhere, and it says that one stood there', async ({
  open,
}) => {
  const playground = await open();
  await read(
    playground,
    REDIS,
    'port 6379\nmin-replicas-to-write 1\nrequirepass s3cr3t-w0rd\nmasterauth s3cr3t-w0rd\n',
  );
  await said(playground, 'Read:');
  await expect(answer(playground)).toContainText('Passwords stood in 2 lines');
  await panel(playground)
    .getByText(/^Read \(/)
    .click();
  await expect(panel(playground)).toContainText('a password: dropped while reading');
  const all = await everything(playground);
  expect(all).toContain('requirepass (dropped: a password)');
  expect(all).not.toContain('s3cr3t');
  expect(await textOf(playground)).not.toContain('s3cr3t');
});

test('each remark shows the line that it comes from', async ({ open }) => {
  const playground = await open();
  await read(playground, REDIS, 'port 6379\nfrobnicate 7\n');
  await said(playground, 'Read:');
  await panel(playground).getByRole('button', { name: 'paste 2, line 2' }).first().click();
  const field = panel(playground).getByRole('textbox', { name: 'Paste 2' });
  await expect(field).toBeFocused();
  const selected = await field.evaluate((/** @type {HTMLTextAreaElement} */ it) =>
    it.value.slice(it.selectionStart, it.selectionEnd),
  );
  expect(selected).toBe('frobnicate 7');
});

test('what is no status is refused in a sentence, and so is too much; the run stays', async ({ open }) => {
  const playground = await open();
  const before = [await textOf(playground), await hashOf(playground)];
  await read(playground, 'lorem ipsum\n\u0000\u0001 dolor | sit\n');
  await expect(panel(playground).getByRole('alert')).toContainText(
    'No node was found in it, so your run stays as it is.',
  );
  const field = panel(playground).getByRole('textbox');
  await field.evaluate((/** @type {HTMLTextAreaElement} */ it) => {
    it.value = 'a'.repeat(512 * 1024 + 1);
    it.dispatchEvent(new Event('input'));
  });
  await panel(playground).getByRole('button', { name: 'Read it' }).click();
  await expect(panel(playground).getByRole('alert')).toContainText('has 524289 bytes; at most 524288 are read');
  await field.fill('  ');
  await panel(playground).getByRole('button', { name: 'Read it' }).click();
  await expect(panel(playground).getByRole('alert')).toContainText('There is nothing to read');
  expect([await textOf(playground), await hashOf(playground)]).toEqual(before);
});

test('names are text, whatever they look like', async ({ open, page }) => {
  await page.addInitScript(() => Object.assign(window, { harmed: 0 }));
  const playground = await open();
  const evil = '<img src=x onerror=window.harmed++><script>window.harmed++</script>';
  await read(
    playground,
    `${evil}\n-[ RECORD 1 ]----+---\napplication_name | ${evil}\nclient_addr | 10.0.0.7\nstate | streaming\nsent_lsn | 0/3000060\nwrite_lsn | 0/3000060\nflush_lsn | 0/3000060\nreplay_lsn | 0/3000000\nsync_state | async\n${evil}\n`,
  );
  await said(playground, 'Read: 2 nodes.');
  await panel(playground)
    .getByText(/^Read \(/)
    .click();
  expect(await page.evaluate(() => /** @type {any} */ (window).harmed)).toBe(0);
  expect(await panel(playground).locator('img, script').count()).toBe(0);
});

test('the run before is kept, and one press goes back to it', async ({ open }) => {
  const playground = await open();
  await run(playground, 'cluster m + s1\nclients A\npreset pg-async\nat 0ms A write cart 1\n');
  await seek(playground, 2_000_000);
  const before = [await textOf(playground), await hashOf(playground)];
  await read(playground, REDIS);
  await said(playground, 'Read:');
  await expect(playground.locator('.hint.notice')).toContainText('The run before is branch 1.');
  await answer(playground).getByRole('button', { name: 'Back to the run before' }).click();
  await expect.poll(() => textOf(playground)).toBe(before[0]);
  expect(await hashOf(playground)).toBe(before[1]);
  await answer(playground).getByRole('button', { name: 'Show it again' }).click();
  await expect.poll(() => textOf(playground)).toContain('preset redis-async');
});

test('a lesson is left for it', async ({ open }) => {
  const playground = await open();
  await playground.evaluate((element) => element.setAttribute('lesson', '02-the-stale-read'));
  await expect(playground.getByRole('region', { name: /^Lesson: / })).toBeVisible();
  await read(playground, REDIS);
  await said(playground, 'Read:');
  await expect(playground.getByRole('region', { name: /^Lesson: / })).toHaveCount(0);
});

test('one press asks the checker about it', async ({ open }) => {
  const playground = await open();
  await read(playground, REDIS);
  await said(playground, 'Read:');
  await answer(playground).getByRole('button', { name: 'What can go wrong?' }).click();
  const checker = playground.getByRole('region', { name: 'What can go wrong?' });
  await expect(checker.getByRole('listitem').filter({ hasText: 'No acknowledged write is lost' })).toContainText(
    /broken (as it is|in \d)/,
    { timeout: 60_000 },
  );
});

test('files are dropped, several at once', async ({ open }) => {
  const playground = await open();
  await begin(playground);
  const files = { REDIS, settings: 'port 6379\nappendonly yes\n' };
  const data = await playground.page().evaluateHandle((given) => {
    const transfer = new DataTransfer();
    for (const [name, text] of Object.entries(given)) transfer.items.add(new File([text], `${name}.txt`));
    return transfer;
  }, files);
  await panel(playground).locator('.paste-in').dispatchEvent('drop', { dataTransfer: data });
  await expect(panel(playground).getByRole('textbox')).toHaveCount(2);
  await panel(playground).getByRole('button', { name: 'Remove paste 2' }).click();
  await expect(panel(playground).getByRole('textbox')).toHaveCount(1);
  await panel(playground).getByRole('button', { name: 'Read it' }).click();
  await said(playground, 'Read: 3 nodes.');
});

test('by keyboard alone: opened, pasted, read, a line shown, and back', async ({ open, page }) => {
  const playground = await open();
  const way = playground.getByRole('button', { name: 'Paste your cluster' }).first();
  await way.focus();
  await page.keyboard.press('Enter');
  const field = panel(playground).getByRole('textbox');
  await expect(field).toBeFocused();
  await page.keyboard.insertText(REDIS);
  await page.keyboard.press('Tab');
  await expect(panel(playground).getByRole('button', { name: 'Read it' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(answer(playground)).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(answer(playground).getByRole('button', { name: 'What can go wrong?' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(way).toBeFocused();
});

for (const scheme of /** @type {const} */ (['light', 'dark'])) {
  for (const width of [1280, 360]) {
    test(`it is accessible and fits in ${scheme}, ${width} px wide`, async ({ open, page, expectAccessible }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 740 });
      const playground = await open();
      await begin(playground);
      await expect(panel(playground).getByRole('textbox')).toBeFocused();
      await expectAccessible('.tabs');
      await openTab(playground, 'Paste your cluster');
      await read(playground, REDIS, 'requirepass x1y2z3\n');
      await said(playground, 'Read:');
      await panel(playground)
        .getByText(/^Read \(/)
        .click();
      await expectAccessible('.tabs');
      await expectNoSidewaysScroll(page);
      if (width > 360) return;
      for (const button of await panel(playground).getByRole('button').all())
        expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    });
  }
}
