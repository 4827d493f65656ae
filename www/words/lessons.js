// The lessons that come with the playground, in the order in which they are best taken.

/** What there is to take: file, title, and about how many minutes it takes: 180 words a minute, and 20 s for each thing to do. */
export const LESSONS = /** @type {[file: string, title: string, minutes: number][]} */ ([
  ['01-write-to-the-master-read-from-a-slave', 'Write to the master, read from a slave', 4],
  ['02-the-stale-read', 'The stale read', 4],
  ['03-consistency-or-availability', 'Consistency or availability', 5],
  ['04-an-update-at-a-slave', 'An update at a slave', 5],
  ['05-the-master-is-down', 'The master is down: read on', 4],
  ['06-promote-a-slave', 'Promote a slave: which writes are lost', 4],
  ['07-semi-synchronous', 'Semi-synchronous, and how it silently stops being so', 4],
  ['08-the-old-master-returns', 'The old master returns', 5],
  ['09-read-your-own-writes', 'Read your own writes', 6],
  ['10-reads-scale-out', 'Reads scale out', 6],
  ['11-cqrs', 'CQRS: two sides, one truth', 4],
  ['12-lag', 'Lag: three meters that disagree', 5],
]);

/** Settings or lines that the reader finds, and the checker judges: file and title. */
export const CHALLENGES = /** @type {[file: string, title: string][]} */ ([
  ['challenge-1-lose-nothing-and-go-on', 'Lose nothing, and go on'],
  ['challenge-2-lose-exactly-one-write', 'Lose one write, in few lines'],
  ['challenge-3-your-own-writes-from-slaves', 'Your own writes, read from slaves'],
]);

/** What surprises people in real databases, each as a run: file and title. */
export const SURPRISES = /** @type {[file: string, title: string][]} */ ([
  ['surprise-01-a-slave-shows-a-value-before-the-master', 'A slave can show a value before the master does'],
  ['surprise-02-a-cancelled-write-is-done', 'Cancel a write that waits, and it is done'],
  ['surprise-03-a-failed-write-appears-after-a-restart', 'A write that ended in an error appears after a restart'],
  [
    'surprise-04-the-fence-lasts-one-time-out',
    'Semi-synchronous: the old master is fenced off for one time-out, and no longer',
  ],
  ['surprise-05-a-slave-says-it-is-fine-and-is-behind', 'A slave can say that all is well while it falls behind'],
  [
    'surprise-06-a-diverged-node-answers-with-rows-of-its-own',
    'A node that was left behind answers with rows that exist nowhere else',
  ],
  [
    'surprise-07-what-a-promoted-slave-has-not-applied',
    'Promote a delayed slave: one database applies what is waiting, another throws it away',
  ],
  ['surprise-08-an-acknowledged-write-is-thrown-away', 'Semi-synchronous and acknowledged, and lost all the same'],
  ['surprise-09-a-slave-is-newer-than-the-one-it-follows', 'A slave can be newer than the node that it follows'],
  [
    'surprise-10-positions-move-though-nobody-writes',
    'In Redis positions move though nobody writes: an offset is no number of writes',
  ],
  ['surprise-11-the-wrong-slave-is-promoted', '“Any one slave has it” does not help if another one is promoted'],
  [
    'surprise-12-a-promotion-alone-makes-histories-part',
    'A promotion alone makes histories part, without a single write',
  ],
  ['surprise-13-a-paused-standby-stays-away', 'A standby that is paused does not come back'],
  [
    'surprise-14-each-restart-costs-a-full-copy',
    'With an append-only file, each restart of a replica costs a full copy',
  ],
  [
    'surprise-15-an-errant-transaction-travels',
    'A row written on a replica by mistake waits, and travels when that replica is promoted',
  ],
  [
    'surprise-16-a-lag-check-is-blind-on-a-link-that-hangs',
    'A proxy that checks the lag goes on reading from a replica that gets nothing',
  ],
]);

const all = () => [...LESSONS, ...CHALLENGES, ...SURPRISES];
/** The file of a lesson, a challenge or a surprise. @param {string} title as its text has it */
export const fileOf = (title) => all().find((entry) => entry[1] === title)?.[0];
/** @param {string} file */
export const isKnown = (file) => all().some(([name]) => name === file);
/** @param {string} file */
export const isSurprise = (file) => SURPRISES.some(([name]) => name === file);
