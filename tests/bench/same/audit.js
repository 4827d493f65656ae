// Whether the same work was done, and what came of it; see baselines/src/same/audit.rs.
import { KEPT_MAX } from './facts.js';
import { PENDING } from './requests.js';

const sum = (list, what) => list.reduce((total, one) => total + what(one), 0);

/** What is left of a run; an error if something that is kept does not fit the rest. */
export function audit({ model, facts, nodes, streams, requests, referee, meters }) {
  const { events, reads, writes } = model.counts;
  const [master] = nodes;
  const kept = inOrder(facts);
  const slots = [...meters.closed, meters.open];
  const parts = {
    facts: kept === Math.min(facts.ever, KEPT_MAX),
    hash: facts.low !== 0 && facts.high !== 0,
    requests: requests.asked === reads + writes && requests.writes.length === writes,
    'waiting requests': requests.operations.filter((one) => one?.outcome === PENDING).length === requests.waiting,
    logs: nodes.every(({ log }) => log.every((entry, place) => entry === master.log[place])),
    cells: nodes.every(hasCellsOfItsLog),
    streams: streams.every(({ sent }) => sent === master.log.length),
    versions: referee.versions.length === master.log.length && referee.foreign === 0,
    measurements: sum(slots, (slot) => slot.reads) === referee.reads && meters.closed.every(isTimed),
    'stale reads': sum(slots, (slot) => slot.stale) === referee.stale,
  };
  const broken = Object.keys(parts).find((part) => !parts[part]);
  if (broken) throw new Error(`the same work was not kept: ${broken}`);
  return { events, reads, writes, stale: referee.stale, facts: facts.ever, kept };
}

/** How many facts are kept, if they are in order of their times, the oldest behind the newest. */
function inOrder(facts) {
  let before = -Infinity;
  let count = 0;
  for (let step = 0; step < KEPT_MAX; step++) {
    const fact = facts.fact((facts.place + step) % KEPT_MAX);
    if (fact === undefined) continue;
    if (fact.at < before) return NaN;
    before = fact.at;
    count++;
  }
  return count;
}

function hasCellsOfItsLog({ log, writes, lsns }) {
  const cells = new Map(log.map(({ key, write, lsn }) => [key, { write, lsn }]));
  return writes.every(
    (write, key) => write === (cells.get(key)?.write ?? 0) && lsns[key] === (cells.get(key)?.lsn ?? 0),
  );
}

/** Whether as many times as requests were measured in a slot. */
function isTimed({ reads, writes, readTimes, writeTimes }) {
  const counted = (times) => sum([...times.keys()], (place) => (place % 2 ? times[place] : 0));
  return counted(readTimes) === reads && counted(writeTimes) === writes;
}
