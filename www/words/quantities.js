// Times and numbers for reading.

/** A duration for reading. @param {number} us */
export function time(us) {
  if (us < 1000) return us === 0 ? '0 ms' : `${us} µs`;
  if (us < 1_000_000) return `${trim(us / 1000)} ms`;
  return `${trim(us / 1_000_000)} s`;
}
/** @param {number} n */
const trim = (n) =>
  n >= 100 ? n.toFixed(0) : n >= 10 ? n.toFixed(1).replace(/\.0$/, '') : n.toFixed(2).replace(/\.?0+$/, '');

/** The clock. @param {number} us */
export const clock = (us) => `${(us / 1_000_000).toFixed(3)} s`;

/** @param {number} n @param {string} one @param {string} [many] */
export const count = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
