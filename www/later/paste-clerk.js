// Hands pastes to a worker of their own, which loads the module that reads them.

import { compiledPaste, readerInstance } from '../run/core.js';
import { PasteDesk } from './paste-worker.js';
import { Clerk } from './study-clerk.js';

/** @type {import('./study-clerk.js').Trade} */
const PASTES = {
  name: 'pastes',
  compiled: compiledPaste,
  desk: async (tell) => new PasteDesk(await readerInstance(), tell),
};

/** @param {(news: import('../types').PasteNews) => void} tell */
export const pasteClerk = (tell) => new Clerk(tell, PASTES);
