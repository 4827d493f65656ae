// The logs side by side: which positions are shown, and where two logs differ.

/** @typedef {import('../types').Strip} Strip */

/** Positions that are shown at once, as in src/limits.rs. */
export const PLACES = 32;

/** As many from the start as there will be. @param {{ first: number }} log @returns {number[]} */
export const placesOf = ({ first }) => Array.from({ length: PLACES }, (_, i) => first + i);

/** From one place to the next, as log.css has it, px; and how many places a row has from which it counts. */
const PLACE = 41;
const ROW = 512;

/**
 * Where the positions stand in their row, by how much the rows are moved, and what their cells are known by. When one more is
 * logged, only the rows move, and by a transform, for which nothing is laid out. Where many come with each frame the rows
 * stand still, and other positions are written into their cells.
 * @param {number} first the first position shown @param {number} name the width of a name, px @param {boolean} many
 */
export function placesFor(first, name, many) {
  const base = many ? first : Math.floor(first / ROW) * ROW;
  return {
    over: (first - base) * PLACE,
    at: (/** @type {number} */ lsn) => name + 3 + (lsn - base) * PLACE,
    // Those of the one kind are never those of the other, which stand elsewhere.
    key: (/** @type {number} */ lsn) => (many ? base - lsn - 1 : lsn),
  };
}

/** Whether this node has another write here than the master. @param {Strip} strip @param {Strip} master @param {number} i */
export function isForked(strip, master, i) {
  const mine = strip.cells[i]?.write;
  return (
    strip !== master &&
    mine != null &&
    strip.cells[i].state !== 'sent' &&
    mine !== master.cells[i]?.write &&
    master.cells[i]?.state !== 'snapshot'
  );
}

/** The same one, the same strip on the page. @param {Strip} strip @param {Strip} master */
export const signature = (strip, master) =>
  strip.cells.map((cell, i) => `${cell.state}${cell.write ?? ''}${isForked(strip, master, i)}`).join();

/** All that are named in them, in order. @param {Strip[]} strips */
export const writesOf = (strips) =>
  [...new Set(strips.flatMap((strip) => strip.cells.flatMap((cell) => cell.write ?? [])))].sort((a, b) => a - b);

/** The next one in a list, or the first or last. @param {number[]} list @param {number | undefined} from @param {1 | -1 | number} way */
export function step(list, from, way) {
  const at = from === undefined ? (way > 0 ? -1 : list.length) : list.indexOf(from);
  return list[Math.max(0, Math.min(list.length - 1, at + way))];
}
