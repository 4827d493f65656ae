// Time: on, still, a step, to an instant; and what was done, back and forth.

import { parseTime } from '../run/core.js';
import { broke, doing, move, set, still } from './desk.js';

/** @typedef {import('../run/core.js').Core} Core */

/** @param {import('./desk.js').Desk} desk */
export function timeVerbs(desk) {
  const { run, ui } = desk;
  /** From the beginning, for all who show it. @param {(core: Core) => void} act */
  const anew = (act) => {
    const done = doing(desk, (core) => {
      act(core);
      core.held = false;
    });
    if (done) run.core?.tell('begun');
  };
  /** Another text, or another way through it. @param {(core: Core) => unknown} act @param {string} words @param {boolean} [playsOn] a run that plays goes on playing */
  const turn = (act, words, playsOn = false) => {
    const { playing, held } = run.core ?? {};
    run.quiet = true;
    ui.scrubTo = undefined;
    if (!move(desk, act)) return;
    if (playsOn && playing && run.core) {
      run.core.held = held ?? false;
      run.core.play();
    }
    run.core?.tell('turned');
    desk.say(words);
  };
  /** @param {number} us */
  const seek = (us) => {
    ui.scrubTo = undefined;
    run.quiet = true;
    const done = move(desk, (core) => {
      core.pause();
      core.seek(us);
    });
    if (done) desk.tell('seeked');
  };
  return {
    play: () =>
      void doing(desk, (core) => {
        core.held = false;
        core.play();
      }),
    /** The run is over: nothing is held, an act sets it going again. */
    rest: () => void doing(desk, (core) => core.pause()),
    pause: () => void still(desk, (core) => core.pause()),
    step: () => void still(desk, (core) => core.step()),
    stepBack: () => void still(desk, (core) => core.stepBack()),
    restart: () => anew((core) => core.restart()),
    /** Forgets what was done. */
    clear: () => anew((core) => core.run(core.first)),
    seek,
    /** Skips what nothing happens in, and goes on as before. @param {number} us */
    goOnTo(us) {
      const { core } = run;
      if (!core) return;
      const { playing, held, moved } = core;
      seek(us);
      [core.held, core.moved] = [held, moved];
      if (playing) doing(desk, (run) => run.play());
    },
    /** A time as an attribute gives it. @param {string} word */
    async seekTo(word) {
      try {
        seek(await parseTime(word));
      } catch (error) {
        broke(desk, error);
        if (ui.notice) set(desk, { notice: `${desk.words().wrongTime(word)} ${ui.notice}` });
      }
    },
    /** Goes to a time at the next frame, however often it is asked. @param {number} us @param {number} scale of the line, µs */
    scrub(us, scale) {
      const to = Math.max(0, Math.min(us, run.furthest));
      // Whole milliseconds, where nobody can point finer; but the end is the end.
      ui.scrubTo = to === run.furthest ? to : scale > 100_000 ? Math.round(to / 1000) * 1000 : Math.round(to);
      desk.changed();
    },
    /** @param {number} permille */
    setSpeed: (permille) => void doing(desk, (core) => (core.speed = permille)),
    /** @param {string} what */
    setPauseOn(what) {
      ui.pauseOn = what;
      doing(desk, (core) => core.pauseOn(what));
    },
    undo: () => turn((core) => core.undo(), desk.words().undone, true),
    redo: () => turn((core) => core.redo(), desk.words().redone, true),
    /** @param {number} branch */
    switchTo(branch) {
      if (branch !== run.past?.here) turn((core) => core.switchTo(branch), desk.words().switched(branch));
    },
    /** With the branch of now. @param {number} number */
    compare: (number) => void doing(desk, (core) => (ui.compared = { number, list: core.compare(number) })),
  };
}
