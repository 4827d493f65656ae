// All that can be done, by name. Keyboard, menus, the element's methods and links do the same.

import { checkVerbs } from './check.js';
import { lessonVerbs } from './lesson.js';
import { openingVerbs } from './opening.js';
import { pageVerbs } from './page.js';
import { pasteVerbs } from './paste.js';
import { practiceVerbs } from './practice.js';
import { requestVerbs } from './requests.js';
import { textVerbs } from './text.js';
import { timeVerbs } from './time.js';

/** @typedef {ReturnType<typeof makeVerbs>} Verbs */

/** @param {import('./desk.js').Desk} desk @param {{ open: (text: string) => Promise<void> }} runs */
export function makeVerbs(desk, runs) {
  const time = timeVerbs(desk);
  const lessons = lessonVerbs(desk, runs, time);
  return {
    ...time,
    ...requestVerbs(desk),
    ...textVerbs(desk),
    ...pageVerbs(desk),
    ...checkVerbs(desk),
    ...openingVerbs(desk),
    ...pasteVerbs(desk, lessons),
    ...lessons,
    ...practiceVerbs(desk, runs, lessons, time),
  };
}
