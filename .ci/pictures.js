// Makes the pictures of the README and the social card, from the real core and the real page: node .ci/pictures.js
// `make pictures` builds both first. The card is what index.html names as og:image.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import config from '../tests/e2e/playwright.config.js';

process.chdir(join(import.meta.dirname, '..'));

/** The same PNG, packed as small as its filters allow: a browser packs in haste. @param {Buffer} png */
function packed(png) {
  const chunks = [];
  const lines = [];
  for (let at = 8; at < png.length;) {
    const [length, kind] = [png.readUInt32BE(at), png.toString('latin1', at + 4, at + 8)];
    if (kind === 'IDAT') lines.push(png.subarray(at + 8, at + 8 + length));
    else chunks.push(png.subarray(at, at + 12 + length));
    at += 12 + length;
  }
  const data = Buffer.concat([
    Buffer.from('IDAT'),
    deflateSync(inflateSync(Buffer.concat(lines)), { level: 9, memLevel: 9 }),
  ]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length - 4);
  sum.writeUInt32BE(crc32(data));
  return Buffer.concat([png.subarray(0, 8), ...chunks.slice(0, -1), length, data, sum, chunks[chunks.length - 1]]);
}

/** What sites that show it ask for, px and bytes. */
const CARD = { width: 1200, height: 630 };
const CARD_MAX = 100_000;
/** The slowest slave still shows the old value. */
const RUN = `${readFileSync('www/first.run', 'utf8').trim()}\nat 0ms A write cart 1\nat 4s A write cart 2\n`;
const AT = '5.6s';

mkdirSync('target/pictures', { recursive: true });
writeFileSync('target/pictures/first.run', RUN);
const replay = join(process.env.CARGO_TARGET_DIR ?? 'target', 'release/replay');
writeFileSync('www/picture.svg', execFileSync(replay, ['still', 'target/pictures/first.run', '--at', AT]));

const server = spawn('node', ['.ci/serve.js', 'dist'], { env: { ...process.env, PORT: '0' } });
const address = await new Promise((resolve) =>
  server.stdout.on('data', (said) => {
    const [found] = /http:\S+/.exec(String(said)) ?? [];
    if (found) resolve(found);
  }),
);
const browser = await chromium.launch(config.use?.launchOptions);
try {
  const page = await browser.newPage({ viewport: CARD, colorScheme: 'light' });
  await page.addInitScript(() => localStorage.setItem('replication-playground opening', '1'));
  await page.goto(address);
  // What one sees, without what one presses.
  await page
    .locator('replication-playground')
    .evaluate((element) => element.setAttribute('controls', 'time faults details'));
  await page.getByRole('button', { name: 'Side by side' }).click();
  await page.getByRole('button', { name: 'Show an example' }).click();
  await page.getByRole('img', { name: 's1, master' }).first().waitFor();
  await page.locator('replication-playground').evaluate((/** @type {any} */ element) => element.seek(10_000_000));
  await page.waitForTimeout(500);
  const png = packed(await page.screenshot());
  writeFileSync('www/card.png', png);
  if (png.length > CARD_MAX) throw new Error(`www/card.png has ${png.length} bytes; ${CARD_MAX} are enough`);
  console.log(`www/picture.svg, and www/card.png with ${png.length} bytes`);
} finally {
  await browser.close();
  server.kill();
}
