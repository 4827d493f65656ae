// Every word on the page but those of settings and studies. What happened is worded by the core; this is the rest.

/** @typedef {{ master: string, slave: string, slaves: string }} Roles */

/** A duration for reading. @param {number} us */
export function time(us) {
  if (us < 1000) return us === 0 ? '0 ms' : `${us} µs`;
  if (us < 1_000_000) return `${trim(us / 1000)} ms`;
  return `${trim(us / 1_000_000)} s`;
}
/** @param {number} n */
const trim = (n) =>
  n >= 100 ? n.toFixed(0) : n >= 10 ? n.toFixed(1).replace(/\.0$/, '') : n.toFixed(2).replace(/\.?0+$/, '');

/** The clock. @param {number} us */
export const clock = (us) => `${(us / 1_000_000).toFixed(3)} s`;

/** @param {number} n @param {string} one @param {string} [many] */
export const count = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

/** What the core says a master, a slave, and slaves are called. @type {Roles} */
const ROLES = { master: 'master', slave: 'slave', slaves: 'slaves' };

/** @param {Roles} r */
export function makeWords(r = ROLES) {
  return {
    name: 'Replication Playground',
    roles: r,

    // time
    time: 'Time',
    clear: 'Clear',
    clearHelp: 'Forget what was done: the cluster as it was at first',
    play: 'Play',
    pause: 'Pause',
    step: 'Step to the next event',
    stepBack: 'Step back to the event before',
    restart: 'Start again from 0',
    speed: 'Speed',
    still: 'Time stands still.',
    stillHelp: 'What you do now happens at this very moment.',
    details: 'Details',
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
    forked: (was) => `You went back and did something else: the run as it was is branch ${was}.`,
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
    sourceFailed: 'The run could not be fetched; the standard one is shown.',
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
    opVerdicts: { stale: 'old', ahead: 'early', foreign: 'not the truth' },

    // stage
    stage: 'The cluster',
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
    degraded: `no longer waits for ${r.slaves}`,
    applyPaused: 'apply paused',
    /** @param {number} n */
    waiting: (n) => `${count(n, 'write waits', 'writes wait')} for ${r.slaves}`,
    diverged: 'diverged',
    divergedNote: `A ${r.slave} took a write of its own. This is no ${r.master}–${r.slave} architecture any more.`,
    /** @param {string[]} names */
    otherHistoryNote: (names) =>
      `${names.join(', ')} ${names.length === 1 ? 'holds' : 'hold'} what the ${r.master} of the others does not have.`,
    /** @type {Record<string, string>} */
    rowStates: { stale: 'old', ahead: 'early', foreign: 'not the truth' },

    // menus
    crash: 'Crash',
    crashHelp: 'Power cut: what was not flushed is gone.',
    start: 'Start',
    startHelp: 'Comes back with what was on its disk.',
    stop: 'Stop gracefully',
    stopHelp: 'Flushes, says goodbye, then stops.',
    freeze: 'Freeze',
    freezeHelp: 'The process hangs; its connections stay open.',
    thaw: 'Thaw',
    thawHelp: 'Goes on where it hung.',
    pauseApply: 'Pause applying',
    pauseApplyHelp: 'Receives the log but does not show it.',
    resumeApply: 'Resume applying',
    resumeApplyHelp: 'Works through what has piled up.',
    partition: 'Cut it from all other nodes',
    partitionHelp: 'Clients still reach it; no node does.',
    healNode: 'Heal all its links',
    healNodeHelp: 'Everything flows again.',
    trim: 'Trim its log',
    trimHelp: `A ${r.slave} that is too far behind then needs a snapshot.`,
    removeNode: 'Remove',
    removeNodeHelp: 'Takes it out of the cluster for good.',
    promote: `Make it the ${r.master}`,
    promoteHelp: 'It takes the writes from now on, in a new epoch. The others must be told to follow it.',
    moreActs: 'More',
    promoteDrain: `Apply all, then make it the ${r.master}`,
    promoteDrainHelp: 'Nothing that it has received is thrown away.',
    chain: 'Chain the others behind it',
    chainHelp: 'Each follows the one before it.',
    rebuild: 'Rebuild',
    rebuildHelp: `Starts over with a copy of its ${r.master}.`,
    fillLog: 'Fill its log',
    fillLogHelp: 'Writes more than the log retains.',
    followForce: 'Let it follow by force',
    followForceHelp: 'From the last common position on; it keeps what only it has.',
    rewind: 'Rewind',
    rewindHelp: `Throws away what only it has, and takes its ${r.master}’s state.`,
    follow: 'Let it follow',
    links: 'Links',
    latency: 'Latency',
    jitter: 'Jitter',
    loss: 'Loss',
    bandwidth: 'Bandwidth',
    unlimited: 'unlimited',
    /** @type {Record<string, string>} */
    linkStates: { open: 'open', held: 'hold', cut: 'cut' },
    /** @type {Record<string, string>} */
    linkStateWords: { open: 'open', held: 'held', cut: 'cut' },
    linkHelp: 'Cut: closed and refused. Hold: stays open, but nothing gets through.',
    bothWays: 'Both ways',
    eachWay: 'Each way apart',
    beThis: 'Ask as this client',
    clientIdle: 'It has not asked anything yet.',

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
    logKeys: 'Log. Left and right arrow keys follow one write.',

    // panels
    tabs: {
      story: 'What happened',
      verdict: 'Verdict',
      spacetime: 'Space-time',
      charts: 'Charts',
      report: 'Lag & cost',
      studies: 'Studies',
      table: 'Messages & nodes',
      text: 'Text',
    },
    everyStep: 'every step',
    earlier: 'Earlier…',
    storyEmpty: 'Nothing has happened yet.',
    /** @type {Record<string, string>} */
    verdictWords: {
      held: 'holds',
      behind: 'not yet',
      'fresh-reads behind': 'not always',
      broken: 'broken',
      untested: 'not tested',
    },
    why: 'why',
    seeIt: 'Go to',
    /** @type {Record<string, string>} */
    processes: { up: 'up', down: 'off', frozen: 'frozen' },
    messages: 'Messages on their way',
    messagesNone: 'No message is on its way.',
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
    packetStates: ['moving', 'held', 'lost once, sent again'],
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
    heldPacket: 'held',
    bytes: 'bytes',

    // hints
    hint: 'Next',
    dismiss: 'No more hints',
    hints: {
      write: `Press Write. The ${r.master} takes it; the ${r.slaves} get it later.`,
      /** @param {string} n */
      early: (n) => `It is still on its way to ${n}. Read it there before it arrives.`,
      /** @param {string} n */
      readAt: (n) => `Read from ${n}`,
      replay: 'This is the run again from 0. Press Play to see it once more, or Clear to begin anew.',
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

    // lag, cost, failover
    lagTitle: `How far each ${r.slave} is behind`,
    lagWhole: 'behind in all',
    lagNetwork: 'not received (network)',
    lagUnflushed: 'received, not flushed',
    lagUnapplied: 'flushed, not applied',
    /** @param {number} n */
    entries: (n) => (n === 1 ? '1 entry' : `${n} entries`),
    metersTitle: 'What the engine’s own meters say',
    metersNone: 'Under the preset of an engine, its own meters stand here.',
    misleads: 'This misleads.',
    priceTitle: 'What reading costs, by the way it is routed',
    priceColumns: ['read from', 'reads', `at the ${r.master}`, 'mean latency', 'stale of 1000', 'failed'],
    inForce: 'now',
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
    lessons: 'Lessons',
    surprises: 'Surprises of real databases',
    lessonDone: 'Done.',
    /** @param {number} at @param {number} of */
    stepOf: (at, of) => `Step ${at} of ${of}`,
    leaveLesson: 'Leave the lesson, keep the run',
    lessonFailed: 'The lesson did not arrive.',
    before: 'Before',
    taskDone: 'Done',
    taskOpen: 'To do',
    showMe: 'Show me',
    soItWas: 'So it was.',
    youThought: 'you thought',
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
    charts: {
      throughput: 'Throughput',
      perSecond: 'a second',
      reads: 'reads',
      writes: 'writes',
      failed: 'failed',
      readTime: 'Time of a read',
      writeTime: 'Time of a write',
      lag: `Lag of the ${r.slaves}`,
      stale: 'Stale reads',
      perThousand: 'of a thousand',
      staleReads: 'stale',
      queues: 'Waiting for a worker',
      requests: 'requests',
      all: 'the whole run',
      csv: 'Download the figures as CSV',
      png: 'Download a picture of the curves',
      table: 'As a table',
      time: 'time',
      empty: 'Nothing was asked in this time. Switch a load on, or ask by hand: what is measured comes here.',
      noLibrary: 'The curves cannot be drawn: their library did not arrive. The table has the same figures.',
    },
    whyTitle: 'Why?',
    /** @param {string} what */
    whyOf: (what) => `why: ${what}`,
    inDiagram: 'Show it in the diagram',
    whatLedToIt: 'What led to it',
    chainLit: 'Lit: what led to it.',
    allAlike: 'Show all alike',
    ledToIt: 'Led to it:',
    window: 'Show ',
    /** @param {number} s */
    lastSeconds: (s) => (s === 1 ? 'the last second' : s === 120 ? 'the last two minutes' : `the last ${s} seconds`),
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    /** @param {number} n */
    leftOut: (n) => `${n} messages are left out.`,
    diagramHelp: 'Time goes downwards. Point at a message, or go through them with the arrow keys; + and − zoom.',
    asList: 'As a list',

    // crash panel
    crashed: 'The playground broke down.',
    crashedHelp: 'That is our fault. Nothing else on the page is touched, and the run is kept as its text:',
    copyText: 'Copy the text',
    again: 'Start again',
    loading: 'Loading…',
    failed: 'The playground could not be loaded.',
    failedHelp:
      'Its WebAssembly file did not arrive. Build it with “make build” and serve the folder, for instance with “make serve”.',
    badText: 'This run could not be read; the standard one is shown.',
    retry: 'Try again',
  };
}

/** @typedef {ReturnType<typeof makeWords>} Words */
