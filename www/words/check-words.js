// The words of the panel “What can go wrong?”.

import { count } from './words.js';

const thousands = new Intl.NumberFormat('en').format;

/** @param {import('./words.js').Roles} r */
export const makeCheckWords = (r) => ({
  title: 'What can go wrong?',
  /** @param {string} at */
  help: (at) =>
    `Every short way in which this cluster, as it stood at ${at} and with its settings, could break a promise is played on copies. Your run stays as it is.`,
  question: 'What is tried',
  operator: `Who acts when the ${r.master} is gone`,
  /** @type {Record<string, string>} */
  operators: {
    nobody: 'nobody',
    careful: 'a careful operator',
    strict: 'a strict operator',
    unfenced: 'an operator who cannot switch it off',
    hasty: 'a hasty operator',
    'built-in': 'the failover of the settings',
  },
  faults: 'Faults at the same time',
  anyFaults: 'any number',
  reads: 'Clients read',
  readsMaster: `at the ${r.master}`,
  readsRouted: 'where the router sends them',
  depth: 'Actions of a way, at most',
  depthHelp:
    'An action is a write, a fault, its end, what the operator does, or that a time-out passes. Each action more takes several times as long.',
  begin: 'Check it',
  again: 'Check it as it is now',
  cancel: 'Stop the check',
  starting: 'The checker is on its way…',
  /** @param {number} depth @param {number} at @param {number} of @param {number} states */
  progress: (depth, at, of, states) =>
    `Ways of ${count(depth, 'action')}: ${thousands(at)} of ${thousands(of)} gone on with; ${thousands(states)} states so far`,
  /** @param {number} depth @param {number} states @param {number} transitions */
  complete: (depth, states, transitions) =>
    `Every way of up to ${count(depth, 'action')} was tried: ${thousands(states)} states, ${thousands(transitions)} actions.`,
  /** @param {number} depth @param {number} states */
  early: (depth, states) =>
    `Each promise is broken by a way of at most ${count(depth, 'action')}, so nothing longer was tried: ${thousands(states)} states.`,
  /** @param {number} states */
  exhausted: (states) => `Every way was tried, and longer ones lead to nothing new: ${thousands(states)} states.`,
  /** @param {number} depth @param {number} states */
  outOfStates: (depth, states) =>
    `The search ended in ways of ${count(depth, 'action')}, at its limit of ${thousands(states)} states.`,
  stopped: 'Stopped: this is how far it came.',
  changed: 'The cluster is another one by now.',
  /** @param {string[]} names */
  leftOut: (names) =>
    `At most 5 nodes can be checked, so ${names.join(', ')} ${names.length === 1 ? 'was' : 'were'} left out.`,
  promises: 'Promises',
  /** What the core says of any cluster, in the words of this one. @param {string} text */
  own: (text) =>
    text
      .replace(/\bmasters\b/g, `${r.master}s`.replace(/ys$/, 'ies'))
      .replace(/\bmaster\b/g, r.master)
      .replace(/\bslaves\b/g, r.slaves)
      .replace(/\bslave\b/g, r.slave),
  waiting: 'not looked at yet',
  /** @param {number} n */
  broken: (n) => (n === 0 ? 'broken as it is' : `broken in ${count(n, 'action')}`),
  /** @param {number} n */
  none: (n) => `no way found up to ${count(n, 'action')}`,
  noneYet: 'no way found so far',
  /** @param {string} on a version and a day */
  seen: (on) => `✓ seen on ${on}`,
  seenHelp:
    'This way was played on real servers, from a cluster that stood like this one, and each answer was the same (docs/guarantees.md).',
  how: 'How?',
  way: 'The shortest way',
  play: 'Play it',
  playHelp: 'as a branch of its own: your run is kept',
  link: 'Copy the link',
  test: 'Copy as a test',
  testHelp: 'the run as text, with what each line is expected to do: for “replay run”',
  prevent: 'What would have prevented it?',
  preventing: 'Settings and operators nearby are checked, one after the other…',
  prevented: 'What is checked, with one thing otherwise',
  preventColumns: ['with', 'then', 'writes, with one fault', 'a write takes'],
  preventNone: 'Nothing nearby is known that could prevent it.',
  now: 'as it is',
  pending: '…',
  notComplete: 'not looked through',
  goOn: 'go on',
  /** @param {number} n */
  stop: (n) => (n === 0 ? 'do not go on' : `stop in ${count(n, 'action')}`),
  /** @param {string} why */
  notHere: (why) => `not possible here: ${why}`,
  unanswered: 'no answer',
  noProof:
    '“No way found” is no proof: a longer way, another fault, or a moment that the search does not stop at may break it.',
  played: 'The way that breaks it is played as a branch of its own.',
  refused: 'This cannot be checked.',
  broke: 'The check broke down. The run is untouched.',
  retry: 'Try again',
  ownThread: 'This page forbids workers, so the check is done between its frames: it may stutter.',
});

/** @typedef {ReturnType<typeof makeCheckWords>} CheckWords */
