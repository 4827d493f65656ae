// One next thing to try, derived from what the cluster shows and what has been seen of it.

/** @typedef {import('../types').State} State */
/** @typedef {import('../words/words.js').Words} Words */
/** @typedef {{ text: string, act?: string, line?: string }} Hint */
/** @typedef {ReturnType<typeof freshSeen>} Met */

/** What a visitor has met so far in this run. */
export function freshSeen() {
  return { stale: false, down: false, readDown: false, writeDown: false, sync: false, slaveWrite: false };
}

/** @param {ReturnType<typeof freshSeen>} seen @param {State} state */
export function look(seen, state) {
  const master = state.nodes[0];
  const down = master !== undefined && master.process !== 'up';
  if (down) seen.down = true;
  if (state.settings.values.replication !== 'async') seen.sync = true;
  for (const client of state.clients) {
    for (const op of client.operations) {
      if (op.verdict === 'stale') seen.stale = true;
      const slave = state.nodes.find((n) => n.name === op.node)?.role === 'slave';
      if (down && op.kind === 'read' && slave && op.doneUs != null) seen.readDown = true;
      if (down && op.kind !== 'read' && op.doneUs != null && op.outcome !== 'ok') seen.writeDown = true;
      if (op.kind !== 'read' && slave) seen.slaveWrite = true;
    }
  }
}

/**
 * @param {State} state @param {ReturnType<typeof freshSeen>} seen @param {Words} t
 * @param {{ client: string, key: string, value: string, seen: boolean, quote: (w: string) => string }} now seen: whether the run was played before
 * @returns {Hint | undefined}
 */
export function hint(state, seen, t, now) {
  const master = state.nodes[0];
  if (!master) return undefined;
  if (state.nowUs === 0 && state.lastLineUs > 0) return { text: now.seen ? t.hints.replay : t.hints.first };
  const slaves = state.nodes.slice(1).filter((n) => n.process === 'up');
  if (master.process === 'down') {
    if (!seen.readDown) return { text: t.hints.downRead };
    if (!seen.writeDown) return { text: t.hints.down };
    return { text: t.hints.up, act: `${t.start} ${master.name}`, line: `start ${master.name}` };
  }
  if (state.writes.length === 0) return { text: t.hints.write };
  if (!seen.stale) {
    const slowest = slaves.filter((n) => n.behind > 0).at(-1);
    const stale = slowest?.rows.find((r) => r.state === 'stale');
    if (slowest && stale) {
      return {
        text: t.hints.early(slowest.name),
        act: t.hints.readAt(slowest.name),
        line: `${now.client} read ${now.quote(stale.key)} @${slowest.name}`,
      };
    }
    return { text: t.hints.again };
  }
  if (slaves.some((n) => n.behind > 0) && !seen.down) return { text: t.hints.wait };
  if (!seen.down)
    return { text: t.hints.crash(master.name), act: `${t.crash} ${master.name}`, line: `crash ${master.name}` };
  if (!seen.sync) return { text: t.hints.sync, act: t.hints.syncDo, line: 'replication sync all applied' };
  if (!seen.slaveWrite && slaves[0]) {
    return {
      text: t.hints.slaveWrite,
      act: t.hints.slaveWriteDo(slaves[0].name),
      line: `${now.client} write ${now.quote(now.key)} ${now.quote(now.value)} @${slaves[0].name}`,
    };
  }
  return undefined;
}
