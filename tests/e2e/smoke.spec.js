import { expect, test } from './fixtures.js';

test('the playground gets ready on a clean page', async ({ open, expectAccessible }) => {
  const playground = await open();
  await expect(playground).toBeVisible();
  await expectAccessible();
});
