// What the experiment bar offers: which engines and modes, when a write is done, what can be broken now.

import { parseReplication, replicationLine } from './run-text.js';

/** @typedef {import('../types').State} State */
/** @typedef {import('../types').Preset} Preset */

/** Presets by engine, in the order in which they come: the playground's own first. @param {readonly Preset[]} presets */
export function byEngine(presets) {
  /** @type {Map<string, Preset[]>} */
  const engines = new Map([['plain', []]]);
  for (const preset of presets) {
    const engine = preset.name.split('-')[0];
    engines.set(engine, [...(engines.get(engine) ?? []), preset]);
  }
  return engines;
}

/** A preset's title without the engine's name, which stands above it. @param {string} title */
export function modeOf(title) {
  const mode = title.replace(/^[^,]*?(?:, |: | \(|$)/, '') || title;
  // What stood in brackets stands alone now.
  return mode.endsWith(')') && !mode.includes('(') ? mode.slice(0, -1) : mode;
}

/** How far a slave must have come with a write that counts, by engine, where nothing else is set. @type {Record<string, string>} */
const LEVELS = {
  plain: 'applied',
  postgresql: 'flushed hidden',
  mariadb: 'received',
  mysql: 'received hidden',
  redis: 'applied',
  mongodb: 'applied',
};

/** When a write is done, as one of the bar's choices: `master`, `one`, `all`; else how many. @param {string} replication */
export function doneWhen(replication) {
  const { who } = parseReplication(replication);
  return { async: 'master', 1: 'one' }[who] ?? who;
}

/** The line that makes a write done then. @param {State} state @param {'master' | 'one' | 'all'} when */
export function doneLine({ settings: { values } }, when) {
  const now = parseReplication(values.replication);
  const level = now.who === 'async' ? parseReplication(`sync all ${LEVELS[values.engine] ?? ''}`) : now;
  const who = { master: 'async', one: '1', all: 'all' }[when];
  return replicationLine({ ...level, who, first: false });
}

/** The same, for one of three ways that are compared: nobody reads what is not done yet. @param {State} state @param {'master' | 'one' | 'all'} when */
export function wayLine(state, when) {
  const { replication, engine } = state.settings.values;
  const line = doneLine(state, when);
  return engine === 'plain' && replication === 'async' && when !== 'master' ? `${line} hidden` : line;
}

/** Whether anything between nodes is cut or held. @param {State} state */
export const isBroken = (state) => state.links.some((l) => l.forth.state !== 'open' || l.back.state !== 'open');
