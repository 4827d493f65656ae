// What can be seen of a run while the core is on its way.

import { stillOf } from '../run/still.js';
import { followLesson } from './lesson.js';

/**
 * Shows it, if it is the first one and something is known of it. Another one's words are not shown.
 * @param {import('./desk.js').Desk} desk @param {import('../model/page.js').Surface} surface
 * @param {import('../run/still.js').First} first @param {string} text @param {import('../run/still.js').Still} [made] when the page was built
 */
export function foresee(desk, { layout, vocabulary }, first, text, made) {
  const { run } = desk;
  // Three ways are told apart by how they end.
  if (layout === 'compare' || run.core || run.known) return undefined;
  const still = stillOf(text, first, made);
  if (!still || (!still.rough && !['engine', still.changes.roles?.master].includes(vocabulary))) return undefined;
  run.foresee(still);
  followLesson(desk);
  return run.state;
}
