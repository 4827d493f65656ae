// Words of hints, lessons, reports, diagrams, and of what went wrong.

/** @typedef {import('./words.js').Roles} Roles */

/** @param {Roles} r */
export const learnWords = (r) => ({
  // hints
  hint: 'Next',
  dismiss: 'No more hints',
  hints: {
    write: `Press Write. The ${r.master} takes it; the ${r.slaves} get it later.`,
    /** @param {string} n */
    early: (n) => `It is still on its way to ${n}. Read it there before it arrives.`,
    /** @param {string} n */
    readAt: (n) => `Read from ${n}`,
    first: 'Press Play to watch this run.',
    replay: 'This is the run from its start once more. Press Play to watch it again.',
    again: 'Write it again, then read it from the slowest before it arrives.',
    wait: 'An old answer! Not wrong, only late: the write was still on its way. Read again once it has arrived.',
    /** @param {string} m */
    crash: (m) => `Now switch ${m} off and read again: the ${r.slaves} still answer.`,
    down: `The ${r.master} is off. Reads still work. Try a write.`,
    downRead: `The ${r.master} is off. Read: a ${r.slave} still answers.`,
    up: `A write needs the ${r.master}. Switch it on again.`,
    sync: `Let writes wait for all ${r.slaves} and compare how long they take.`,
    syncDo: 'Make it synchronous',
    slaveWrite: `What does a ${r.slave} do with a write? Send it one.`,
    /** @param {string} n */
    slaveWriteDo: (n) => `Write at ${n}`,
  },
  /** @param {number} n */
  entries: (n) => (n === 1 ? '1 entry' : `${n} entries`),
  autopsy: 'Failover',
  /** @param {number} n */
  moreVerdicts: (n) => `${n} more`,
  pauseOn: 'Pause when',
  /** @type {Record<string, string>} */
  pauseOns: { nothing: 'never', broken: 'a guarantee breaks', stale: 'or a read is stale' },
  paused: 'Paused:',
  pausedVerdict: 'a guarantee was broken; see the verdict.',
  watches: 'Who watches',
  aside: 'takes no writes',
  asideHelp: `It may no longer be the only ${r.master}, so it stepped aside.`,
  /** @param {number} n */
  epoch: (n) => `epoch ${n}`,
  epochHelp:
    'Each promotion begins a new epoch of history (timeline, term). The same position of another epoch is another write.',
  /** @param {number} n */
  applySpeed: (n) => `applies ${n}/s`,
  /** @param {number} n */
  priority: (n) => (n === 0 ? 'never promoted' : `priority ${n}`),

  // lessons, why, diagram
  lesson: 'Lesson',
  pasteCluster: 'Paste your cluster',
  lessons: 'Lessons',
  surprises: 'Surprises of real databases',
  lessonDone: 'Done.',
  /** @param {number} at @param {number} of */
  stepOf: (at, of) => `Step ${at} of ${of}`,
  leaveLesson: 'Leave the lesson, keep the run',
  beginAgain: 'Begin this lesson again',
  backToOwn: 'Back to my run',
  /** @param {number} n @param {number} of */
  doneOf: (n, of) => `${n} of ${of}`,
  /** @param {number} n */
  minutes: (n) => `about ${n} min`,
  after: 'Then',
  practice: 'What happens next?',
  practiceOf: 'Engine',
  /** @param {number} n */
  level: (n) => `Level ${n} of 4`,
  /** @param {number} n @param {number} best */
  streak: (n, best) => `${n} right in a row${best > n ? ` (best ${best})` : ''}`,
  /** @param {number} n */
  rightGuess: (n) => (n > 1 ? `Right: ${n} in a row.` : 'Right.'),
  wrongGuess: 'Not this time.',
  nextQuestion: 'Next question',
  linkQuestion: 'Copy a link to this question',
  linkStep: 'Copy a link to this step',
  toSurprises: 'Surprises of real databases',
  nextSurprise: 'Next surprise',
  record: 'Record a lesson',
  myLesson: 'My lesson',
  writeLesson: 'Make the lesson',
  stopRecording: 'Stop recording',
  tryLesson: 'Try it',
  linkLesson: 'Copy a link to it',
  editLesson: 'Back to the text',
  quiz: 'Quiz to print',
  back: 'Back',
  lessonOver: 'That was all: everything in this lesson is done.',
  lessonStill: 'Time stands still: nothing happens until it goes on.',
  lessonLong: 'Does it not go on? Something that you did may stand in the way: undo it, or begin again.',
  beginAgainShort: 'Begin again',
  learned: 'What you have learned',
  pointedAt: 'The control has a ring around it now.',
  doIt: 'Do it for me',
  /** @param {number} n */
  noStep: (n) => `This lesson has no step ${n}: it begins at its start.`,
  /** @param {string} name */
  unknownLesson: (name) => `There is no lesson “${name}”.`,
  lessonFailed: 'The lesson did not arrive.',
  before: 'Before',
  taskDone: 'Done',
  taskOpen: 'To do',
  showMe: 'Show me',
  soItWas: 'what happened',
  guessedRight: 'your guess, and what happened',
  youThought: 'your guess',
  goOn: 'Next step',
  nextLesson: 'Next lesson',
  load: 'Load',
  loadOff: 'off',
  toCharts: 'Charts',
  /** @param {number} n */
  readsPerSecond: (n) => `${n} reads/s`,
  /** @param {number} n */
  writesPerSecond: (n) => `${n} writes/s`,
  /** @param {number} n */
  failedPerSecond: (n) => `${n} failed/s`,
  /** @param {number} working @param {number} workers @param {number} waiting @param {number} queue */
  workOf: (working, workers, waiting, queue) =>
    `${working} of ${workers} ${workers === 1 ? 'worker' : 'workers'} busy, ${waiting} of at most ${queue} requests wait`,
  whyTitle: 'Why?',
  /** @param {string} what */
  whyOf: (what) => `why: ${what}`,
  whatLedToIt: 'What led to it',
  window: 'Show ',

  // crash panel
  crashed: 'The playground broke down.',
  crashedHelp: 'That is our fault. Nothing else on the page is touched, and the run is kept as its text:',
  copyText: 'Copy the text',
  again: 'Start again',
  loading: 'Loading…',
  held: 'The simulator is on its way: what you pressed is done when it is here.',
  failed: 'The playground could not be loaded.',
  failedHelp:
    'Its WebAssembly file did not arrive. If this is your page: build it with “make build” and serve the folder, for instance with “make serve”.',
  badText: 'This run text cannot be read.',
  retry: 'Try again',
});
