// Whether the contenders did one and the same work. Who keeps the same as the engine also audits itself after each run
// (same/audit.js, baselines/src/same/audit.rs); here they are held against each other. A finding makes the bench fail.
import { isEngine, keepsTheSame } from './roster.js';

// Facts of requests that are under way at the end are missing: of some ten thousand at most one.
const UNDER_WAY = 0.002;
// Two native peers draw the same numbers, and differ in what is at the same instant.
const SAME_DRAWS = 1e-4;
// The engine has links, draws and microseconds of its own.
const OWN_DRAWS = 0.01;

const near = (one, other, share) => Math.abs(one / other - 1) <= share;

/** Whether two runs of one model differ only by chance: by at most four standard deviations. */
export function agreeByChance(one, other) {
  const reads = Math.min(one.reads, other.reads);
  // Some more than two counts scatter: one write makes several reads stale.
  const scatter = (count) => (4 * 1.5) / Math.sqrt(count);
  const load = near(one.reads / one.events, other.reads / other.events, scatter(reads));
  const stale = scatter(other.stale * (reads / other.reads));
  return load && near(one.stale / one.reads, other.stale / other.reads, stale);
}

/** Asked, served and finished for a read; for a write asked, three at the master, finished, and four at each slave. */
const factsOf = ({ reads, writes }, slaves) => 3 * reads + (5 + 4 * slaves) * writes;

function findingsOfPeer(row, slaves) {
  const found = [];
  const last = row.results.at(-1);
  if (!near(last.facts, factsOf(last, slaves), UNDER_WAY)) found.push(`noted ${last.facts} facts`);
  // What has a seed ends in the same state each time.
  if (new Set(row.results.map(({ state }) => state)).size > 1) found.push('ended in different states');
  return found;
}

/** Natively the peers have the same seed; and the engine notes as many facts for each event as they do. */
function findingsBetween(rows, withEngine) {
  const [first, ...others] = rows.filter((row) => keepsTheSame(row) && row.place === 'native');
  if (!first) return [];
  const expected = first.results.at(-1);
  const found = others
    .filter((row) =>
      ['facts', 'reads', 'stale'].some((what) => !near(row.results.at(-1)[what], expected[what], SAME_DRAWS)),
    )
    .map((row) => `${row.label} (${row.where}) did not do what ${first.label} did`);
  for (const row of rows.filter((one) => withEngine && isEngine(one))) {
    const { facts, events } = row.results.at(-1);
    if (!near(facts / events, expected.facts / expected.events, OWN_DRAWS)) {
      found.push(`${row.label} (${row.where}) notes ${(facts / events).toFixed(3)} facts an event`);
    }
  }
  return found;
}

/**
 * @param withEngine whether the engine plays the same model
 * @returns what is wrong, a sentence each
 */
export function findings(rows, slaves, withEngine) {
  const failed = rows.filter((row) => keepsTheSame(row) && row.error);
  const played = rows.filter((row) => !row.error && row.results.length);
  const peers = played.filter(keepsTheSame);
  const minimal = played.find(({ name, place }) => name === 'minimal' && place === 'native');
  const held = peers.concat(played.filter((row) => withEngine && isEngine(row)));
  return [
    ...failed.map((row) => `${row.label} (${row.where}): ${row.error}`),
    ...peers.flatMap((row) => findingsOfPeer(row, slaves).map((what) => `${row.label} (${row.where}) ${what}`)),
    ...held
      .filter((row) => minimal && !agreeByChance(row.results.at(-1), minimal.results.at(-1)))
      .map((row) => `${row.label} (${row.where}) differs from the minimal version by more than chance`),
    ...findingsBetween(played, withEngine),
  ];
}
