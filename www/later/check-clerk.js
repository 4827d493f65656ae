// Hands checks to a worker of their own, which loads the module that has the checker.

import { compiledWhole, wholeInstance } from '../run/core.js';
import { CheckDesk } from './check-worker.js';
import { Clerk } from './study-clerk.js';

/** @type {import('./study-clerk.js').Trade} */
const CHECKS = {
  name: 'checks',
  compiled: compiledWhole,
  desk: async (tell) => new CheckDesk(await wholeInstance(), tell),
};

/** @param {(news: import('../types').CheckNews) => void} tell */
export const checkClerk = (tell) => new Clerk(tell, CHECKS);
