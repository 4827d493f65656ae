// The words of a first view. What happened is worded by the core; what comes later has words of its own.

import { experimentWords } from './experiment-words.js';
import { learnWords } from './learn-words.js';
import { pageWords } from './page-words.js';
import { stageWords } from './stage-words.js';

export { clock, count, time } from './quantities.js';

/** @typedef {{ master: string, slave: string, slaves: string }} Roles */

/** What the core says a master, a slave, and slaves are called. @type {Roles} */
const ROLES = { master: 'master', slave: 'slave', slaves: 'slaves' };

/** @param {Roles} r */
export function makeWords(r = ROLES) {
  return {
    name: 'Replication Playground',
    roles: r,
    ...pageWords(r),
    ...stageWords(r),
    ...learnWords(r),
    ...experimentWords(r),
  };
}

/** @typedef {ReturnType<typeof makeWords>} Words */
