// What a page knows of a run, kept up to date by what has changed: what is as it was stays the same object, so that who
// draws it can tell at a glance.

/** @typedef {import('../types').State} State */
/** @typedef {import('../types').Changes} Changes */
/** @typedef {{ version: number, state: State, lesson?: import('../types').Lesson, past: import('../types').Past, marks: import('../types').Mark[] }} Seen */

/**
 * A list with the items that have changed, in the order of the keys.
 * @template {string | number} K @template T
 * @param {T[] | undefined} before @param {import('../types').ListChange<K, T> | undefined} change @param {(item: T) => K} keyOf
 * @returns {T[]}
 */
export function merged(before = [], change, keyOf) {
  if (!change) return before;
  const items = new Map(before.map((item) => [keyOf(item), item]));
  for (const item of change.items) items.set(keyOf(item), item);
  return (change.keys ?? before.map(keyOf)).flatMap((key) => items.get(key) ?? []);
}

/** What is seen now. @param {Seen | undefined} seen what was seen before @param {Changes} changes since then @returns {Seen} */
export function seenWith(seen, changes) {
  const before = seen?.state;
  const log = before?.log;
  const { positions, strips, nowUs, lastLineUs, marks } = changes;
  const state = {
    nowUs,
    lastLineUs,
    settings: changes.settings ?? before?.settings,
    observers: changes.observers ?? before?.observers,
    waits: changes.waits ?? before?.waits,
    nodes: merged(before?.nodes, changes.nodes, (node) => node.id),
    clients: merged(before?.clients, changes.clients, (client) => client.id),
    links: merged(before?.links, changes.links, (link) => link.a * 65536 + link.b),
    log:
      log && !positions && !strips
        ? log
        : { ...log, ...positions, strips: merged(log?.strips, strips, (strip) => strip.node) },
    writes: merged(before?.writes, changes.writes, (write) => write.id),
    verdicts: merged(before?.verdicts, changes.verdicts, (verdict) => verdict.id),
    load: changes.load === undefined ? before?.load : changes.load,
    roles: changes.roles ?? before?.roles,
  };
  return {
    version: changes.version,
    // The first changes are everything.
    state: /** @type {State} */ (state),
    lesson: changes.lesson === undefined ? seen?.lesson : (changes.lesson ?? undefined),
    past: /** @type {import('../types').Past} */ (changes.past ?? seen?.past),
    marks: marks ? [...(seen?.marks.slice(0, marks.from) ?? []), ...marks.list] : (seen?.marks ?? []),
  };
}
