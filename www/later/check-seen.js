// Which ways were seen on real servers, too: as `make guarantees-real` has played them.

import seen from 'still:seen';
import { standing } from '../model/shape.js';
import { Core } from '../run/core.js';

/** @typedef {import('../types').State} State */

/**
 * The preset as whose run `make guarantees-real` would begin with this cluster: nothing about it is otherwise, no setting, no
 * link, no node, and nothing is under way. Empty if there is none.
 * @param {State | undefined} state @param {string} text
 */
export async function presetOf(state, text) {
  const preset = state?.settings.preset;
  if (!state || !preset || !seen[preset] || !isAtRest(state)) return '';
  // A line of this very moment may still be due, and the check begins behind it.
  if (/^at /m.test(text) && state.lastLineUs >= state.nowUs) return '';
  // Those that were played had the clients A and B: one that asks for nothing changes nothing, and a way names those that do.
  const clients = state.clients.map(({ name }) => name).join(' ');
  const fresh = await Core.open(`cluster m + s1 s2\nclients ${clients}\npreset ${preset}\n`, new EventTarget());
  try {
    return standing(fresh.state()) === standing(state) ? preset : '';
  } finally {
    fresh.free();
  }
}

/** All have the same, in the epoch in which it began, and nobody waits. @param {State} state */
function isAtRest({ nodes, clients, links }) {
  const [first] = nodes;
  return (
    nodes.every(
      ({ epoch, received, flushed, applied, diverged }) =>
        !diverged && epoch === 1 && [received, flushed, applied].every((at) => at === first?.applied),
    ) &&
    clients.every(({ pending }) => pending === 0) &&
    links.every(({ forth, back }) => forth.inFlight + back.inFlight === 0)
  );
}

/**
 * With which version and when a way was seen, if it was.
 * @param {string} preset @param {import('../types').CheckAsked | undefined} asked @param {string} reads @param {import('../types').CheckPromise} promise
 */
export function seenOn(preset, asked, reads, { name, finding }) {
  if (!asked || !finding || reads !== 'master') return undefined;
  return seen[preset]?.[`${asked.operator} ${asked.faults} ${name} ${finding.way.join(' · ')}`];
}
