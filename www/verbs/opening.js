// The ten-second opening: one write travels by itself, slowly, and stops just before it reaches the last slave. Then the page
// asks. Whatever is pressed meanwhile ends it: from then on the run is the reader's.

import { isKept } from '../run/kept.js';
import { doing, OPENING } from './desk.js';

/** When the write is asked for, and for how long it travels until time stands still, µs. */
const WRITE_US = 4_000_000;
const TRAVEL_US = 2_000_000;
/** Half as fast as it is. */
const SLOW = 500;

/** @param {import('./desk.js').Desk} desk */
export function openingVerbs(desk) {
  const { run, ui } = desk;
  /** What the opening does itself does not end it. @param {(core: import('./desk.js').Core) => void} act */
  const own = (act) => {
    const opening = ui.opening;
    ui.opening = undefined;
    const done = doing(desk, act);
    ui.opening = done ? opening : undefined;
    desk.changed();
  };
  const stop = (/** @type {import('./desk.js').Core} */ core) => {
    core.pause();
    core.seek(WRITE_US + TRAVEL_US);
    core.held = true;
  };
  /** As with whatever is pressed: the opening is over. @param {(core: import('./desk.js').Core) => void} act */
  const goOn = (act) =>
    void doing(desk, (core) => {
      core.held = false;
      act(core);
      core.play();
    });
  return {
    /** Begins it, unless it was seen before. @param {boolean} calm the reader wants no motion: only its last picture */
    beginOpening(calm) {
      const last = run.state?.nodes.at(-1);
      if (!run.core || isKept(OPENING) || !last || run.state?.nodes.length !== 4) return;
      ui.opening = { asks: calm };
      own((core) => {
        run.quiet = true;
        core.command('A write cart 1');
        core.seek(WRITE_US);
        core.command('A write cart 2');
        core.speed = SLOW;
        if (calm) stop(core);
        else core.play();
      });
      ui.value = '3';
    },
    /** Looks whether the write is about to arrive: then time stands still. */
    lookAtOpening() {
      if (!ui.opening || ui.opening.asks || run.nowUs < WRITE_US + TRAVEL_US) return;
      ui.opening = { asks: true };
      own(stop);
    },
    /** The answer is what the reader came for. @param {string} node */
    readInOpening: (node) => goOn((core) => core.command(`A read cart @${node}`)),
    endOpening: () => goOn(() => {}),
  };
}
