// What is done with a cluster that was pasted.

import { doing, set } from './desk.js';

/** @param {import('./desk.js').Desk} desk @param {ReturnType<typeof import('./lesson.js').lessonVerbs>} lessons */
export function pasteVerbs(desk, lessons) {
  const { run, ui } = desk;
  return {
    /**
     * Shows it as it stands, as a branch of its own: the run before is kept. Whether that was possible.
     * @param {string} text @param {string} name of the branch @param {string} words to say
     */
    playPasted(text, name, words) {
      if (run.lesson) lessons.leaveLesson();
      const done = doing(desk, (core) => {
        core.branchOff(text, 0, name);
        core.held = true;
      });
      if (!done) return false;
      ui.scrubTo = undefined;
      run.quiet = true;
      run.core?.tell('turned');
      set(desk, { text: {} });
      desk.say(words);
      return true;
    },
  };
}
