// The words of “Side by side”.

import { count, time } from './words.js';

/** @param {import('./words.js').Roles} r */
export const makeCompareWords = (r) => ({
  title: 'What does each way of replicating cost?',
  caption: 'The same run, three ways',
  same: 'The same requests, the same faults. What differs is when a write is done.',
  none: `Write, read, kill the ${r.master}: whatever you do happens in all three.`,
  example: 'Show an example',
  again: 'Play again',
  /** @type {Record<string, [name: string, done: string]>} */
  ways: {
    master: ['asynchronous', `done when the ${r.master} has it`],
    one: ['semi-synchronous', `done when one ${r.slave} has it`],
    all: ['synchronous', `done when all ${r.slaves} have it`],
  },
  here: 'your run',
  refused: 'This way is not there with these settings.',
  picture: 'Picture',
  lost: 'lost',
  /** @param {number} n */
  ofDone: (n) => `of ${n} done`,
  open: 'not done',
  /** @param {number} n */
  ofWrites: (n) => `of ${n} asked for`,
  stale: 'stale',
  /** @param {number} n */
  ofReads: (n) => `of ${count(n, 'read')}`,
  takes: 'a write takes',
  median: 'median',
  noWrite: 'none is done',
  gone: 'lost',
  onlyHere: 'only here',
  /** @param {number} n */
  moreNodes: (n) => `and ${n} more`,
  /** @param {number} us */
  time,
  /** What a screen reader says of a picture. @param {{ name: string, role: string, said: string, holds: string }[]} nodes */
  described: (nodes) =>
    nodes
      .map(({ name, role, said, holds }) => `${name}, ${role}${said && `, ${said}`}: ${holds || 'nothing'}.`)
      .join(' '),
});
/** @typedef {ReturnType<typeof makeCompareWords>} CompareWords */
