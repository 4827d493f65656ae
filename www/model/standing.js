// How a node stands, in a few words.

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
    [follows, t.streams[node.replication] ?? node.replication],
    [node.denial, t.refused, 'late', node.denial],
    [node.aside, t.aside, 'late', t.asideHelp],
    [epochs, t.epoch(node.epoch), '', t.epochHelp],
    [node.degraded, t.degraded, 'late'],
    [node.applyPaused, t.applyPaused],
    [node.readOnly, t.readOnly, 'late', t.readOnlyHelp],
    [node.applySpeed != null, t.applySpeed(node.applySpeed ?? 0)],
    [node.priority !== 100, t.priority(node.priority)],
    [node.waiting > 0, t.waiting(node.waiting)],
    [node.behind > 0, t.behind(node.behind), 'late'],
    [node.diverged, t.diverged, 'bad'],
  ];
  return all.filter(([is]) => is).map(([, text, kind = '', help]) => ({ text, kind, help }));
}
