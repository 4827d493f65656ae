// What the build makes of index.html: node --test tests/page/*.test.js
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { card, changed, preloads } from '../../.ci/index.js';

const page = readFileSync(new URL('../../index.html', import.meta.url), 'utf8');
const NAME = 'replication-playground';

test('a build for a site has the card’s whole address, and its preloads', () => {
  const scripts = [`${NAME}-app-1.js`, `${NAME}-core-2.js`];
  const built = changed(page, [...preloads(NAME, scripts), ...card('https://example.org/a/?b&c')]);
  assert.ok(built.includes('<meta property="og:image" content="https://example.org/a/www/card.png" />'));
  for (const file of scripts) assert.ok(built.includes(`<link rel="modulepreload" href="./${file}" />`));
  assert.ok(built.includes(`<script type="module" src="./${NAME}.js"></script>`));
});

test('a build without an address keeps the one that it has', () => {
  assert.ok(changed(page, card()).includes('content="www/card.png"'));
});

test('what is not there once is told, and not passed over', () => {
  assert.throws(() => changed(page, [['<nowhere>', '']]), /not exactly one <nowhere>/);
});
