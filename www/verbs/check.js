// What is done with a way that the checker has found.

import { broke, doing, set } from './desk.js';

/** So long somebody looks at it, µs of the wall clock. */
const SHOWN_US = 8_000_000;
/** Speeds that can be chosen, in parts of a thousand. */
const SPEEDS = [10, 50, 100, 250, 500, 1000];

/** @param {import('./desk.js').Desk} desk */
export function checkVerbs(desk) {
  const { run, ui, browser } = desk;
  /** @param {string} text */
  const toClipboard = async (text) => {
    try {
      await browser.copy(text);
      set(desk, { notice: desk.words().copied });
    } catch {
      set(desk, { notice: desk.words().copyFailed, tab: 'text', text: { draft: text } });
      browser.point('text');
    }
  };
  return {
    /**
     * Plays it as a branch of its own, slowly enough to be watched.
     * @param {string} text @param {number} fromUs @param {string} name of the branch @param {string} words to say
     */
    playFinding(text, fromUs, name, words) {
      run.quiet = true;
      const done = doing(desk, (core) => {
        core.branchOff(text, fromUs, name);
        const permille = ((core.state().lastLineUs - fromUs) * 1000) / SHOWN_US;
        core.speed = SPEEDS.findLast((speed) => speed <= permille) ?? SPEEDS[0];
        core.held = false;
        core.play();
      });
      if (!done) return;
      ui.scrubTo = undefined;
      run.core?.tell('turned');
      desk.say(words);
    },
    /** @param {string} text */
    copyFinding: (text) => toClipboard(text),
    /** @param {string} text */
    async copyLinkOf(text) {
      const { core } = run;
      if (!core) return;
      try {
        const { toFragment } = await import('../run/link.js');
        const link = browser.address() + (await toFragment(text, undefined, core.hashAt(undefined, text)));
        await toClipboard(link);
      } catch (error) {
        broke(desk, error);
      }
    },
  };
}
