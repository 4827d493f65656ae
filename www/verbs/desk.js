// What verbs work with: a run, what the page knows beside it, and a few services of the page around.

import { keep } from '../run/kept.js';

/** @typedef {import('../run/core.js').Core} Core */
/** @typedef {import('../run/core.js').PlaygroundError} PlaygroundError */
/** @typedef {import('../run/core.js').PlaygroundCrash} PlaygroundCrash */
/**
 * @typedef {object} Desk
 * @property {import('../run/run.js').Run} run
 * @property {import('../model/ui.js').Ui} ui
 * @property {() => import('../words/words.js').Words} words
 * @property {() => void} changed something is to be drawn
 * @property {(type: string, detail?: unknown) => void} tell what the host page may hear
 * @property {(words: string) => void} say aloud, to screen readers
 * @property {() => void} letGo shows no run any more
 * @property {Browser} browser
 */
/**
 * @typedef {object} Browser
 * @property {(text: string) => Promise<void>} copy rejects where that is not allowed
 * @property {() => Promise<string>} paste
 * @property {() => string} address of the page, without its fragment
 * @property {(what: 'text' | 'stuck' | 'line', from?: number, to?: number) => void} point puts the focus into a text
 */

/** @param {unknown} error @returns {error is PlaygroundError} */
export const isRefusal = (error) => error instanceof Error && error.name === 'PlaygroundError';
/** @param {unknown} error @returns {error is PlaygroundCrash} */
export const isCrash = (error) => error instanceof Error && error.name === 'PlaygroundCrash';

/** Something went wrong: a refusal becomes a notice, a breakdown a panel. @param {Desk} desk @param {unknown} error */
export function broke(desk, error) {
  const { ui, run } = desk;
  if (isRefusal(error))
    ui.notice = `${error.message}${error.expected ? ` ${desk.words().expected}: ${error.expected}.` : ''}`;
  else {
    // Not ours to hide: anything that is not a refusal ends this run, and only this.
    ui.crash = {
      words: String(/** @type {Error} */ (error)?.message ?? error),
      text: isCrash(error) ? error.text : run.text,
    };
    desk.letGo();
  }
  desk.tell('error', error);
  desk.changed();
}

/** The opening was seen. */
export const OPENING = 'opening';

/** Does something with the core; it ends the opening. @param {Desk} desk @param {(core: Core) => void} act @returns {boolean} whether it was not refused */
export function doing(desk, act) {
  const { core } = desk.run;
  if (!core) return false;
  if (desk.ui.opening) {
    desk.ui.opening = undefined;
    keep(OPENING);
    core.speed = 1000;
  }
  try {
    act(core);
    desk.ui.notice = undefined;
    desk.changed();
    core.tell('advanced');
    return true;
  } catch (error) {
    broke(desk, error);
    return false;
  }
}

/** Does something after which time stands still. @param {Desk} desk @param {(core: Core) => void} act */
export const still = (desk, act) =>
  doing(desk, (core) => {
    core.moved = false;
    core.held = true;
    act(core);
  });

/**
 * Somebody goes elsewhere in time, where it stands still: until something is asked, or as long as it was paused before.
 * @param {Desk} desk @param {(core: Core) => void} act
 */
export const move = (desk, act) =>
  doing(desk, (core) => {
    core.moved ||= !core.held;
    core.held = true;
    act(core);
  });

/** A request of a client, as a line: whoever has gone elsewhere in time goes on from there. @param {Core} core @param {string} line */
export function askLine(core, line) {
  if (core.moved) core.held = core.moved = false;
  sayLine(core, line);
}

/** A line of the run text, now; time goes on with it, unless somebody has stopped it. @param {Core} core @param {string} line */
export function sayLine(core, line) {
  core.command(line);
  if (!core.playing && !core.held) core.play();
}

/** @param {Desk} desk @param {Partial<import('../model/ui.js').Ui>} change */
export function set(desk, change) {
  Object.assign(desk.ui, change);
  desk.changed();
}
