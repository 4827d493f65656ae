// Which verdicts are seen at once: what is broken comes first.

/** @typedef {import('../types').Verdict} Verdict */

/** Those that are seen while nothing is wrong. */
const USUAL = ['fresh-reads', 'no-lost-writes', 'convergence', 'one-history'];
const WEIGHTS = { broken: 0, behind: 1, held: 2, untested: 2 };

/**
 * The worst one, if it is bad; as many others as there are usual ones, the worst first; and the rest.
 * @param {Verdict[]} all
 */
export function byWeight(all) {
  const weight = (/** @type {Verdict} */ v) => WEIGHTS[v.status] * 2 + (USUAL.includes(v.id) ? 0 : 1);
  const sorted = [...all].sort((a, b) => weight(a) - weight(b));
  const bad = sorted[0] && WEIGHTS[sorted[0].status] < 2 ? sorted.shift() : undefined;
  return { bad, first: sorted.slice(0, USUAL.length), rest: sorted.slice(USUAL.length) };
}
