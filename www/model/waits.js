// What everybody waits for: what will happen by itself, if nothing comes in between.

/** @typedef {import('../types').Wait} Wait */

/** The next one that is worth a word. @param {Wait[]} waits the next first @param {number} nowUs */
export const waitAt = (waits, nowUs) => waits.find((w) => w.fromUs <= nowUs && nowUs < w.untilUs);

/** How long still, for reading. @param {number} us */
export function left(us) {
  const tenths = Math.ceil(us / 100_000);
  if (tenths < 1000) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.ceil(tenths / 10);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
