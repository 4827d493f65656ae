// Reads pastes.

import { WorkerDesk } from './worker-desk.js';

/** @typedef {import('../run/core.js').Reader} Reader */
/** @typedef {import('../types').PasteJob} PasteJob */

/** @extends {WorkerDesk<Reader, PasteJob>} */
export class PasteDesk extends WorkerDesk {
  /** @override @protected @param {PasteJob} job */
  async work({ id, pastes }) {
    this.post({ id, told: this.glue.readPastes(pastes) });
  }
}
