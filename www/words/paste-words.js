// The words of the panel “Paste your cluster”. What a paste tells is worded by the core.

import { makeCheckWords } from './check-words.js';
import { count } from './words.js';

/** @param {import('./words.js').Roles} r */
export const makePasteWords = (r) => ({
  title: 'Paste your cluster',
  help: `Paste what your servers print when you ask how replication is: INFO replication, pg_stat_replication, SHOW REPLICA STATUS, patronictl list, repmgr cluster show, rs.status(), or a file of settings. In any order, also several at once.`,
  kept: 'It is read on your computer. Names and addresses stay on this page, passwords are dropped, and no link holds any of it.',
  example: `127.0.0.1:6379> INFO replication
role:master
connected_slaves:1
slave0:ip=10.0.0.2,port=6379,state=online,offset=4190,lag=1
master_repl_offset:5120`,
  /** @param {number} n 0: there is one only */
  label: (n) => (n === 0 ? 'Status or settings' : `Paste ${n}`),
  read: 'Read it',
  add: 'Add another paste',
  files: 'Files…',
  remove: 'Remove',
  /** @param {number} n */
  removeOf: (n) => `Remove paste ${n}`,
  /** @param {number} pastes */
  limits: (pastes) =>
    `Files can be dropped here. At most ${pastes} pastes, 512 KiB and 40,000 lines in all, and 33 nodes.`,
  works: 'Reading…',
  /** @param {number} nodes */
  status: (nodes) => `Read: ${count(nodes, 'node')}. The picture shows the cluster; your run before is kept.`,
  branch: 'pasted',
  /** @param {number} [was] */
  notice: (was) =>
    `This is the cluster that you pasted, as it stood then. The run before is ${was === undefined ? 'kept' : `branch ${was}`}.`,
  empty: 'There is nothing to read: paste a status or settings first.',
  nothing:
    'No node was found in it, so your run stays as it is. Paste the status with its first line or heading, such as “# Replication”, “-[ RECORD 1 ]” or “1. row”.',
  notPlayed:
    'The cluster was read, but it cannot be played: it is over a limit of the playground. Your run stays as it is.',
  /** @param {string} why @param {string} [expected] */
  refused: (why, expected) => `${why}.${expected ? ` Paste ${expected}.` : ''} Your run stays as it is.`,
  /** @param {string} why */
  broke: (why) => `The reader broke down (${why}). Your run stays as it is. Try it with less of the paste.`,
  tells: 'What the paste tells',
  died: `If the ${r.master} died now`,
  lost: `What would be lost, if this ${r.slave} were promoted:`,
  check: 'What can go wrong?',
  back: 'Back to the run before',
  again: 'Show it again',
  picture: 'Show the picture',
  nodes: 'The cluster',
  masks: 'The run has only the short names: a link to it holds nothing that you pasted.',
  pastedAs: 'pasted as',
  meters: 'What the meters do not say',
  promise: 'What the settings promise',
  cannot: 'What nobody can know from this',
  /** @param {number} n */
  secrets: (n) =>
    `${n === 1 ? 'A password stood' : `Passwords stood in ${n} lines`} in what you pasted. ${n === 1 ? 'It was' : 'They were'} dropped, also from the text on this page.`,
  lists: {
    /** @param {number} n */
    read: (n) => `Read (${n})`,
    /** @param {number} n */
    assumed: (n) => `Assumed (${n})`,
    /** @param {number} n */
    notUnderstood: (n) => `Not understood (${n})`,
  },
  /** @param {number} paste 0: there is one only @param {number} line */
  where: (paste, line) => `${paste === 0 ? '' : `paste ${paste}, `}line ${line}`,
  showLine: 'Show this line',
  /** @param {number} n */
  leftOut: (n) => `${count(n, 'remark')} more did not fit.`,
  own: makeCheckWords(r).own,
});

/** @typedef {ReturnType<typeof makePasteWords>} PasteWords */
