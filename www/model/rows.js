// Which of its values a card shows. It has room for a few, always for the same number, and all cards show the same keys.

/** @typedef {import('../types').Node} Node */

/** Lines for values, as `--lines` in card.css. @param {import('./paths.js').Mode} mode @param {boolean} tight @param {import('./places.js').Height} height */
export const linesOf = (mode, tight, height) =>
  height === 'low' ? 1 : mode === 'tree' || tight || height === 'middle' ? 2 : 3;

/** The keys that were written last, the latest one first. @param {Node[]} nodes @returns {string[]} */
export function latestKeys(nodes) {
  /** @type {Map<string, number>} */
  const latest = new Map();
  for (const node of nodes)
    for (const { key, write } of node.rows) latest.set(key, Math.max(latest.get(key) ?? 0, write ?? 0));
  return [...latest].sort(([, a], [, b]) => b - a).map(([key]) => key);
}

/**
 * The rows to show of a node, and how many keys it has beside them.
 * @param {Node} node @param {string[]} keys those that were written last @param {number} lines that there is room for
 */
export function rowsOf(node, keys, lines) {
  const compact = lines === 1;
  const all = node.rows.length + node.rowsMore;
  // One line tells how many more there are.
  const chosen = keys.slice(0, all <= lines || compact ? lines : lines - 1);
  const rows = node.rows.filter((row) => chosen.includes(row.key));
  return { rows, more: compact ? 0 : all - rows.length };
}
