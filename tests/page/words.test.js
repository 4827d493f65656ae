// The words of the page: those that come later are added to the others, and replace none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allWords } from '../../www/words/later-words.js';
import { makeWords } from '../../www/words/words.js';

test('what comes later says all that the page says in the same words', () => {
  const words = makeWords();
  const all = allWords(words);
  assert.deepEqual(Object.fromEntries(Object.keys(words).map((key) => [key, /** @type {any} */ (all)[key]])), words);
  assert.equal(allWords(words), all);
});
