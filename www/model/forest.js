// Who follows whom: each master with its slaves is a tree, and after a split brain there are two.

/** @typedef {import('../types').Node} Node */
/** @typedef {{ root: Node, slaves: { node: Node, depth: number }[] }} Tree */

/** The trees in the order in which their roots joined, the slaves of each as they joined. @param {Node[]} nodes @returns {Tree[]} */
export function forest(nodes) {
  const joined = [...nodes].sort((a, b) => a.id - b.id);
  /** @type {Map<number, Node[]>} */
  const below = new Map();
  const ids = new Set(nodes.map((node) => node.id));
  const isRoot = (/** @type {Node} */ node) =>
    node.role === 'master' || node.upstream == null || !ids.has(node.upstream);
  for (const node of joined) {
    if (isRoot(node)) continue;
    const above = /** @type {number} */ (node.upstream);
    below.set(above, [...(below.get(above) ?? []), node]);
  }
  const met = new Set();
  const tree = (/** @type {Node} */ root) => {
    /** @type {Tree['slaves']} */
    const slaves = [];
    const walk = (/** @type {Node} */ node, /** @type {number} */ depth) => {
      met.add(node.id);
      for (const slave of below.get(node.id) ?? []) {
        if (met.has(slave.id)) continue;
        slaves.push({ node: slave, depth });
        walk(slave, depth + 1);
      }
    };
    walk(root, 1);
    return { root, slaves };
  };
  const trees = joined.filter(isRoot).map(tree);
  // Slaves may be told to follow each other in a circle: the first of them counts as its root.
  for (const node of joined) if (!met.has(node.id)) trees.push(tree(node));
  return trees.sort((a, b) => a.root.id - b.root.id);
}
