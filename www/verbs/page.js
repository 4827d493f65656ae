// What changes on the page alone: what is chosen, unfolded, asked about.

import { doing, set } from './desk.js';

/** @param {import('./desk.js').Desk} desk */
export function pageVerbs(desk) {
  const { run, ui } = desk;
  return {
    /** @param {Partial<import('../model/ui.js').Ui>} change */
    set: (change) => set(desk, change),
    changed: () => desk.changed(),
    /** @param {string} id @param {boolean} open */
    unfold(id, open) {
      if (open) ui.open.add(id);
      else ui.open.delete(id);
      desk.changed();
    },
    /** More of the story. */
    earlier() {
      run.story.earlier();
      desk.changed();
    },
    /** Why a request came out as it did. @param {number} operation @returns {boolean} whether that is known */
    explain(operation) {
      doing(desk, (core) => (ui.why = core.why(operation)));
      return ui.why !== undefined;
    },
    /** What a message carries. @param {number} id @returns {boolean} whether it is still on its way */
    inspect(id) {
      const { notice } = ui;
      doing(desk, (core) => (ui.packet = core.packet(id)));
      ui.notice ??= notice;
      return ui.packet !== undefined;
    },
  };
}
