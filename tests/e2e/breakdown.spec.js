// A core that breaks down: a real trap of the WebAssembly module.
import { readFileSync } from 'node:fs';
import binaryen from 'binaryen';
import { expect, test } from './fixtures.js';
import { answers, command, expectOpen, goOn, latest, pause, servePage, stateOf, textOf } from './helpers.js';

const file = new URL('../../dist/replication_playground_bg.wasm', import.meta.url);

/** The module, with nothing but a trap where this function was. @param {string} name */
function broken(name) {
  const module = binaryen.readBinary(readFileSync(file));
  const inside = binaryen.getExportInfo(module.getExport(name)).value;
  const { params, results } = binaryen.getFunctionInfo(module.getFunction(inside));
  module.removeFunction(inside);
  module.addFunction(inside, params, results, [], module.unreachable());
  const bytes = module.emitBinary();
  module.dispose();
  return Buffer.from(bytes);
}

/** @type {Buffer} */
let trapping;
test.beforeAll(() => {
  trapping = broken('playground_step');
});

/** Serves the broken module to the first who asks. @param {import('@playwright/test').Page} page */
const breakFirst = (page) =>
  page.route('**/*.wasm', (route) => route.fulfill({ contentType: 'application/wasm', body: trapping }), { times: 1 });

test('a trap shows a panel with the run text, and the run can be started again', async ({
  open,
  page,
  context,
  expectAccessible,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await breakFirst(page);
  const playground = await open();
  await pause(playground);
  await command(playground, 'A write cart 1');
  const text = await textOf(playground);
  const told = playground.evaluate(
    (element) =>
      new Promise((resolve) => element.addEventListener('error', (/** @type {any} */ e) => resolve(e.detail.name))),
  );
  await playground.getByRole('button', { name: 'Step to the next event' }).click();

  const panel = playground.getByRole('alert');
  await expect(panel).toContainText('The playground broke down.');
  await expect(panel).toContainText(/unreachable/);
  expect(await told).toBe('PlaygroundCrash');
  await expect(panel.getByRole('textbox', { name: 'Run text' })).toHaveValue(text);
  expect(await textOf(playground)).toBe(text);
  await expectAccessible();
  await panel.getByRole('button', { name: 'Copy the text' }).click();
  await expect(panel.getByText('Copied.')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);

  await panel.getByRole('button', { name: 'Start again' }).click();
  await expectOpen(playground);
  await expect(playground.getByRole('article')).toHaveCount(4);
  await expect(panel).toHaveCount(0);
  expect(await textOf(playground)).toBe(text);
  await pause(playground);
  await goOn(playground, 1_000_000);
  expect(await latest(playground)).toMatchObject({ kind: 'write', outcome: 'ok' });
  await playground.getByRole('button', { name: 'Write', exact: true }).click();
  await expect(answers(playground)).toHaveCount(2);
});

test('another one on the page goes on', async ({ open, page }) => {
  await breakFirst(page);
  const first = await open(await servePage(page, '<replication-playground></replication-playground>'.repeat(2)));
  const second = page.locator('replication-playground').nth(1);
  await second.scrollIntoViewIfNeeded();
  await expect(second.getByRole('article')).toHaveCount(4);
  await second.getByRole('button', { name: 'Write', exact: true }).click();
  await first.getByRole('button', { name: 'Step to the next event' }).click();
  await expect(first.getByRole('alert')).toContainText('The playground broke down.');
  const { nowUs } = await stateOf(second);
  await second.scrollIntoViewIfNeeded();
  await expect.poll(async () => (await stateOf(second)).nowUs).toBeGreaterThan(nowUs);
  await expect(answers(second).first()).toContainText('done');
  await first.getByRole('button', { name: 'Start again' }).click();
  await expectOpen(first);
  await expect(first.getByRole('article')).toHaveCount(4);
  await goOn(first, 1000);
  await expect(first.getByRole('alert')).toHaveCount(0);
});
