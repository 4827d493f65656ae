// The words of the tab “Studies”.

import { count, time } from './words.js';

/** A share in per cent. @param {number} share */
export const percent = (share) => {
  const n = share * 100;
  return n === 0 || n >= 9.95 ? n.toFixed(0) : n.toFixed(1).replace(/\.0$/, '');
};
/** @param {number} ms */
export const ms = (ms) => time(Math.round(ms * 1000));
const thousands = new Intl.NumberFormat('en').format;

/** @param {import('./words.js').Roles} r */
export const makeStudyWords = (r) => ({
  curve: {
    title: 'How likely is a stale read, this long after a write?',
    /** @param {string} at */
    help: (at) =>
      `For this cluster as it stood at ${at} of the run: with its settings, faults and load. A copy of it is played again and again, with another chance each time. A client writes, and others read the key so long after the write was acknowledged, by the ${r.slave} or ${r.master} that the router chooses.`,
    chart: 'Share of stale reads by the time since the write was acknowledged',
    span: 'Time range after the write',
    spanAll: `until all ${r.slaves} have it, 20 s at most`,
    legend: 'Legend',
    line: 'stale reads, as counted',
    band: 'where the true share lies, 95 % sure',
    x: 'time since the write was acknowledged',
    y: 'stale reads',
    slider: 'Time after the write',
    /** @param {import('../types').StalenessPoint} p */
    point: (p) =>
      p.share == null
        ? `${ms(p.atMs)} after: no read was answered`
        : `${ms(p.atMs)} after: ${percent(p.share)} % of reads are stale, ${percent(p.low)}–${percent(p.high)} %`,
    /** @param {number} seeds @param {number} of @param {number} reads */
    progress: (seeds, of, reads) => `${seeds} of ${count(of, 'seed')}, ${thousands(reads)} reads counted`,
    /** @param {number} seeds @param {number} reads */
    done: (seeds, reads) => `${count(seeds, 'seed')}, ${thousands(reads)} reads counted.`,
    narrow: 'The band is narrow: more seeds would tell little more.',
    working: 'Studying…',
    stopped: 'Cancelled.',
    cancel: 'Cancel the study',
    again: 'Study it as it is now',
    more: 'More seeds',
    none: 'No read was answered, so nothing can be said.',
    never: 'No read was stale, however early it came.',
    rarely: 'However early it comes, at most 1 read in 100 is stale.',
    /** @param {string} at */
    after: (at) => `After ${at} at most 1 read in 100 is stale.`,
    /** @param {string} at @param {number} share */
    always: (at, share) => `Even ${at} after the write, ${percent(share)} of 100 reads are stale.`,
    /** @param {number} share */
    first: (share) => `Right after the answer, ${percent(share)} of 100 are.`,
    /** @param {number} n */
    failed: (n) => `${count(n, 'request')} failed: writes that were not acknowledged, or reads without an answer.`,
    table: 'As a table',
    columns: ['after', 'stale', '95 % sure', 'reads'],
  },
  beside: {
    title: 'The same run under other settings',
    /** @param {string} end @param {number} seeds */
    help: (end, seeds) =>
      `The first ${end} of this run, played with each setting: the same requests, load and faults. Each is played with ${seeds} seeds, the run’s own first, so that chance shows as a range.`,
    what: 'Compare',
    whatHelp: 'A setting is put at the start; what the text says of it later is left out.',
    /** @type {Record<string, string>} */
    choices: {
      replication: 'when a write is acknowledged',
      slaves: `1, 2 or 4 ${r.slaves}`,
      router: `which ${r.slave} is read`,
      own: 'settings of your own',
    },
    own: 'Settings, one in a line',
    ownHelp: 'Up to 5 lines, as in the run text; or “slaves 3”.',
    ownNone: 'Write a setting first that differs from the run’s own.',
    run: 'Compare',
    /** @param {number} rate */
    runLoad: (rate) => `Compare with a load of ${rate} requests/s`,
    runAsIs: 'Compare the run as it is',
    noLoad:
      'Nobody asks by itself in this run, so there is little to measure. A load can be added for this study only; the run stays as it is.',
    cancel: 'Cancel the comparison',
    /** @param {number} n @param {number} of */
    progress: (n, of) => `${n} of ${of} runs played`,
    stopped: 'Cancelled: what was played so far is shown.',
    changed: 'The run has changed since: compare it again.',
    asIs: 'as it is',
    /** @param {string} line */
    withLoad: (line) => `With “${line}” added for this study.`,
    /** @param {string} end @param {number} seeds */
    table: (end, seeds) => `${end} of simulated time; the middle of ${seeds} seeds, and from the least to the most`,
    best: 'best',
    worst: 'worst',
    notes: `A read is stale if the ${r.master} showed something newer when it was asked, acknowledged or not. A write is unanswered if no answer came in time, or none yet at the end.`,
    marks: '“Best” and “worst” stand where their ranges do not meet.',
    /** @param {number} n @param {string} change */
    leftOut: (n, change) =>
      `${change}: ${count(n, 'line')} of the text ${n === 1 ? 'names' : 'name'} what is not there then, and ${n === 1 ? 'was' : 'were'} left out.`,
    save: 'Save as CSV',
    groups: {
      read: 'Reads: half of them, 95 and 99 of 100 took at most',
      write: 'Writes: half of them, 95 and 99 of 100 took at most',
      rate: 'Per second',
      wrong: 'What went wrong',
    },
    metrics: {
      'read p50': 'p50',
      'read p95': 'p95',
      'read p99': 'p99',
      'write p50': 'p50',
      'write p95': 'p95',
      'write p99': 'p99',
      'reads/s': 'reads',
      'writes/s': 'writes',
      'stale reads per 1000': 'stale of 1000 reads',
      'lost writes': 'writes lost',
      'blocked writes': 'writes unanswered',
      failed: 'requests failed',
    },
  },
  refused: 'The core refuses this study.',
  broken: 'The study broke down. The run is untouched.',
  retry: 'Try again',
  ownThread: 'This page forbids workers, so studies are done between its frames: it may stutter.',
});

/** @typedef {ReturnType<typeof makeStudyWords>} StudyWords */
