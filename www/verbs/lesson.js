// Lessons: taken, answered, shown, left.

import { fetchLesson } from '../run/lessons.js';
import { doing, set } from './desk.js';

/** @param {import('./desk.js').Desk} desk @param {{ open: (text: string) => Promise<void> }} runs @param {{ play: () => void }} time */
export function lessonVerbs(desk, runs, time) {
  return {
    /** @param {number} answer */
    answer(answer) {
      if (doing(desk, (core) => core.answer(answer))) time.play();
    },
    showMe() {
      if (doing(desk, (core) => core.showMe())) time.play();
    },
    /** @param {string} file */
    async takeLesson(file) {
      try {
        await runs.open(await fetchLesson(file));
        time.play();
      } catch (error) {
        set(desk, { notice: `${desk.words().lessonFailed} (${/** @type {Error} */ (error).message})` });
      }
    },
    leaveLesson: () => void runs.open(desk.run.text),
  };
}
