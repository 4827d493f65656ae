// How a node stands, in a few words: where there is no room for all, the last ones are out of sight.

/** @typedef {import('../types').Node} Node */
/** @typedef {{ text: string, kind: '' | 'position' | 'late' | 'bad', help?: string }} Said */

/** @param {Node} node @param {import('../words/words.js').Words} t @param {{ epochs?: boolean, compact?: boolean }} how whether epochs are told, and the position elsewhere @returns {Said[]} */
export function standingOf(node, t, { epochs = false, compact = false }) {
  const follows = node.role === 'slave' && node.process === 'up' && !['streaming', 'denied'].includes(node.replication);
  /** @type {[unknown, string, Said['kind']?, string?][]} */
  const all = [
    [!compact, t.place(node.applied), 'position', t.position],
    [node.process === 'down', t.off],
    [node.process === 'frozen', t.frozen],
    [node.diverged, t.diverged, 'bad'],
    [follows, t.streams[node.replication] ?? node.replication],
    [node.denial, t.refused, 'late', node.denial],
    [node.behind > 0, t.behind(node.behind), 'late'],
    [node.aside, t.aside, 'late', t.asideHelp],
    [node.degraded, t.degraded, 'late'],
    [node.waiting > 0, t.waiting(node.waiting)],
    [node.applyPaused, t.applyPaused],
    [node.readOnly, t.readOnly, 'late', t.readOnlyHelp],
    [node.applySpeed != null, t.applySpeed(node.applySpeed ?? 0)],
    [node.priority !== 100, t.priority(node.priority)],
    [epochs, t.epoch(node.epoch), '', t.epochHelp],
  ];
  return all.filter(([is]) => is).map(([, text, kind = '', help]) => ({ text, kind, help }));
}
