// Words of the page: time, sharing, the console.

import { count } from './quantities.js';

/** @typedef {import('./words.js').Roles} Roles */

/** @param {Roles} r */
export const pageWords = (r) => ({
  // time
  time: 'Time',
  clear: 'Clear',
  clearHelp: 'Forget what was done: the cluster as it was at first',
  play: 'Play',
  pause: 'Pause',
  step: 'Step to the next event',
  stepBack: 'Step back to the event before',
  restart: 'Start again from 0',
  over: 'This is the end of the run.',
  playAgain: 'Play again',
  speed: 'Speed',
  still: 'Time stands still.',
  stillHelp: 'What you do now happens at this very moment.',
  movedHelp: 'Write or read, and it goes on from here.',
  details: 'Details',
  waitsFor: 'in',
  goThere: 'Go there',
  goThereHelp: 'Skip the wait',
  timeline: 'Time line',
  moment: 'Moment',
  /** @param {string} now @param {string} end */
  ofTime: (now, end) => `${now} of ${end}`,
  lastMark: 'To the mark before',
  nextMark: 'To the next mark',
  markHelp: 'old read, broken guarantee, fault or promotion',
  undo: 'Undo',
  redo: 'Redo',
  undone: 'Undone.',
  redone: 'Done again.',
  marksList: 'Marks as a list',
  marksNone: 'Writes, old reads, faults and promotions will be listed here.',
  /** @param {number} n */
  marksMore: (n) => `${count(n, 'more mark is', 'more marks are')} not in this list, the lightest first.`,
  /** @type {Record<string, string>} */
  markKinds: {
    write: 'write',
    stale: 'old read',
    broken: 'broken',
    fault: 'fault',
    mend: 'mended',
    promotion: 'promotion',
  },
  branches: 'Branches',
  branchFirst: 'the first run',
  /** @param {number} was */
  forked: (was) => `You went back and did something else: your earlier run is kept as branch ${was}.`,
  /** @param {number} n */
  switched: (n) => `Branch ${n} is shown.`,
  compare: 'Compare',
  /** @param {number} n */
  branchHere: (n) => `Here (branch ${n})`,
  /** @param {number} n */
  branchThere: (n) => `There (branch ${n})`,
  /** @param {number} a @param {number} b */
  differences: (a, b) => `What differs between branches ${a} and ${b}, each played to its end`,
  /** @param {number} a @param {number} b */
  alike: (a, b) => `Played to their ends, branches ${a} and ${b} hold the same values and keep the same promises.`,

  // taking it along
  share: {
    title: 'Share',
    link: 'Copy link',
    linkHelp: 'Opens this run at its start.',
    moment: 'Copy link to this moment',
    /** @param {string} at */
    momentHelp: (at) => `Opens it at ${at}.`,
    text: 'Copy text',
    textHelp: 'The run, line by line.',
    save: 'Save as a file',
    saveHelp: 'The same text.',
    open: 'Open a file',
    openHelp: 'A run text that was saved.',
    real: 'On a real server',
    realHelp: 'The command, and a folder for Docker.',
    /** @param {string} engine @param {string} file */
    realHow: (engine, file) =>
      `Plays it on ${engine} servers of your own machine, beside the simulator (docs/real-servers.md). Save it as ${file} first.`,
    realCopy: 'Copy the command',
    realNot: 'Real servers cannot play this run as it is.',
    /** @param {string[]} files */
    realFolder: (files) =>
      `A folder with ${files.join(', ')}: unpack it, then “docker compose up -d && sh play.sh”. It was tested without Docker only.`,
    realSave: 'Save replication.tar',
    realNoFolder: 'No folder for Docker can be made of it.',
    long: 'The link is long: some programs cut such links. A file is safer.',
    stuck: 'What could not be copied',
  },
  /** @type {Record<string, string>} */
  wrongLink: {
    newer: 'This link was made by a newer version of the playground: reload the page, or ask for the run as a text.',
    large: 'This link holds more than a run may: 512 KiB of text. Ask for a shorter run.',
    broken: 'This link is damaged or not whole: copy it again from end to end, or ask for the run as a text.',
    unknown: 'This link holds no run that is known here: reload the page, or ask for the run as a text.',
  },
  sourceFailed: 'The run could not be fetched.',
  sourceMissing: 'The run did not arrive.',
  /** @param {string} word */
  wrongTime: (word) => `The attribute time, “${word.slice(0, 40)}”, was left out.`,
  wrongSeed: 'The attribute seed was left out.',
  /** @param {string} attribute @param {string} word @param {readonly string[]} known */
  wrongAttribute: (attribute, word, known) =>
    `The attribute ${attribute} does not know “${word.slice(0, 40)}”. It takes: ${known.join(', ')}.`,
  /** @param {string} id */
  wrongFor: (id) => `There is no playground with the id “${id.slice(0, 40)}” whose run could be shown here.`,
  linkStandard: 'The standard run is shown.',
  linkStays: 'The run here stays as it was.',
  badLink: 'The run in this link could not be read; see the Text below.',
  otherVersion: 'This link was made with another version: the run may differ.',
  /** @param {string} what */
  linkUnknown: (what) => `A part of this link is not known here and was left out: ${what}.`,
  tooLarge: 'This file is too large: a run text has 512 KiB at most.',

  // console
  client: 'Client',
  key: 'Key',
  value: 'Value',
  noKey: 'A request needs a key, such as cart.',
  write: 'Write',
  read: 'Read',
  remove: 'Delete',
  readFrom: 'Read from',
  /** @type {Record<string, string>} */
  routers: {
    'round-robin': `a ${r.slave}, in turn`,
    random: `a ${r.slave}, at random`,
    nearest: `the nearest ${r.slave}`,
    'least-lag': `the ${r.slave} with least lag`,
    sticky: `always the same ${r.slave}`,
    master: `the ${r.master}`,
  },
  /** @param {number} n */
  slavesHaveIt: (n) => `${n} ${n === 1 ? `${r.slave} has` : `${r.slaves} have`} it`,
  sessionHelp: 'Each client is a session of its own.',
  local: 'Do not wait, this once',
  stopWaiting: 'Stop waiting',
  stopWaitingHelp: `The ${r.master}’s own word is enough now.`,
  more: 'More settings',
  answers: 'Answers',
  /** @param {string} client */
  answersOf: (client) => `What client ${client} heard`,
  answersNone: 'Answers will appear here.',
  reads: 'reads',
  writes: 'writes',
  from: 'from',
  at: 'at',
  /** @type {Record<string, string>} */
  verbs: { write: 'write', read: 'read', delete: 'delete', wait: 'wait' },
  /** @type {Record<string, string>} */
  outcomes: { pending: 'waiting…', ok: 'done', nothing: 'nothing there', timeout: 'no answer', error: 'error' },
  /** @type {Record<string, string>} */
  opVerdicts: { stale: 'old', ahead: 'early', foreign: 'only here' },
});
