// Words of the stage, its menus, the log and what is said of the run.

import { count } from './quantities.js';

/** @typedef {import('./words.js').Roles} Roles */

/** @param {Roles} r */
export const stageWords = (r) => ({
  // stage
  stage: 'The cluster',
  skipPicture: 'Skip to the experiments',
  addSlave: `Add a ${r.slave}`,
  lag: 'lag',
  /** @param {string} n */
  lagOf: (n) => `Lag of ${n}: latency from the ${r.master}`,
  apply: 'apply',
  /** @param {string} n */
  applyOf: (n) => `Apply delay of ${n}`,
  /** @param {string} n */
  powerOf: (n) => `Power of ${n}`,
  /** @param {string} n */
  menuOf: (n) => `More about ${n}`,
  /** @param {string} a @param {string} b */
  linkOf: (a, b) => `Link between ${a} and ${b}`,
  empty: 'empty',
  never: 'nothing yet',
  /** @param {number} n */
  rowsMore: (n) => `and ${count(n, 'more key')}`,
  deleted: 'deleted',
  /** @param {number} n */
  behind: (n) => `${n} behind`,
  off: 'off',
  frozen: 'frozen',
  /** @type {Record<string, string>} */
  streams: { connecting: 'connecting…', disconnected: 'disconnected' },
  refused: 'cannot follow',
  degraded: 'fell back to async',
  applyPaused: 'apply paused',
  readOnly: 'read-only',
  /** @param {number} n */
  waiting: (n) => `${count(n, 'write waits', 'writes wait')} for ${r.slaves}`,
  diverged: 'diverged',
  divergedNote: `A ${r.slave} took a write of its own. This is no ${r.master}–${r.slave} architecture any more.`,
  /** @param {string[]} names @param {string} master */
  otherHistoryNote: (names, master) =>
    `${new Intl.ListFormat('en').format(names)} ${names.length === 1 ? 'holds' : 'hold'} what ${master}, the ${r.master}, does not. Replication will not fix it.`,
  /** @type {Record<string, string>} */
  rowStates: { stale: 'old', ahead: 'early', foreign: 'only here' },

  // menus
  crash: 'Crash',
  start: 'Start',
  stop: 'Stop gracefully',
  readOnlyHelp: 'Clients that write there get the error of a read-only node.',
  partition: 'Cut it from all other nodes',
  trim: 'Trim its log',
  promote: `Make it the ${r.master}`,
  follow: 'Follow',
  links: 'Links',
  latency: 'Latency',
  bandwidth: 'Bandwidth',
  unlimited: 'unlimited',
  /** @type {Record<string, string>} */
  linkStateWords: { open: 'open', held: 'held', cut: 'cut' },
  linkHelp: 'Cut: closed and refused. Hold: stays open, but nothing gets through.',

  // log
  log: 'Log',
  logEmpty: 'Each write will appear here, one row per node.',
  /** @type {Record<string, string>} */
  cells: {
    applied: 'applied',
    flushed: 'on disk, not applied',
    received: 'in memory only',
    sent: 'on its way',
    missing: 'missing',
    snapshot: 'in the snapshot',
  },
  torn: `not in the ${r.master}’s log`,
  position: 'Position: how far it has applied the log',
  /** A place in the log. @param {number} n */
  place: (n) => `pos ${n}`,
  logKeys: 'Log. Left and right arrows follow one write.',

  // panels
  tabs: {
    story: 'What happened',
    verdict: 'Verdict',
    spacetime: 'Space-time',
    charts: 'Charts',
    report: 'Lag & cost',
    check: 'What can go wrong?',
    paste: 'Paste your cluster',
    studies: 'Studies',
    table: 'Messages & nodes',
    text: 'Text',
  },
  everyStep: 'every step',
  earlier: 'Earlier…',
  storyEmpty: 'Nothing has happened yet.',
  storyLoad: 'What the load asks is told by the charts, all else here.',
  /** @type {Record<string, string>} */
  verdictWords: {
    held: 'holds',
    behind: 'not yet',
    'fresh-reads behind': 'not always',
    'one-master behind': 'at risk',
    'no-lost-writes behind': 'at risk',
    broken: 'broken',
    untested: 'not tested',
  },
  why: 'why',
  seeIt: 'Go to',
  messages: 'Messages on their way',
  nodes: 'Nodes',
  /** @type {Record<string, string>} */
  kinds: {
    write: 'write',
    read: 'read',
    answer: 'answer',
    error: 'error',
    entries: 'log entries',
    acknowledge: 'acknowledgement',
    snapshot: 'snapshot',
    connect: 'connect',
    closed: 'connection closed',
  },
  columns: {
    what: 'What',
    from: 'From',
    to: 'To',
    write: 'Write',
    way: 'Way done',
    state: 'State',
    node: 'Node',
    log: 'Log',
    reads: 'Reads see',
    rows: 'Values',
  },
  textHelp: 'The whole run is this text. Each control adds a line to it.',
  textLabel: 'Run text',
  runText: 'Run this text',
  copy: 'Copy',
  paste: 'Paste',
  revert: 'Back to the run',
  copied: 'Copied.',
  copyFailed: 'The browser did not allow it: select the text and copy it.',
  pasteFailed: 'The browser did not allow it: press in the text and paste there.',
  /** @param {number} line @param {number} [column] */
  errorAt: (line, column) => `Line ${line}${column ? `, column ${column}` : ''}`,
  expected: 'Expected',
  close: 'Close',
  sent: 'sent',
  arrives: 'arrives',
  bytes: 'bytes',
});
