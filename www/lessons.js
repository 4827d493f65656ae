// The lessons that come with the playground, in the order in which they are best taken.

/** What there is to take: file and title. */
export const LESSONS = /** @type {[file: string, title: string][]} */ ([
  ['01-write-to-the-master-read-from-a-slave', 'Write to the master, read from a slave'],
  ['02-the-stale-read', 'The stale read'],
  ['03-consistency-or-availability', 'Consistency or availability'],
  ['04-an-update-at-a-slave', 'An update at a slave'],
  ['05-the-master-is-down', 'The master is down: read on'],
  ['06-promote-a-slave', 'Promote a slave: which writes are lost'],
  ['07-semi-synchronous', 'Semi-synchronous, and how it silently stops being so'],
  ['08-the-old-master-returns', 'The old master returns'],
  ['09-read-your-own-writes', 'Read your own writes'],
  ['10-reads-scale-out', 'Reads scale out'],
  ['11-cqrs', 'CQRS: two sides, one truth'],
  ['12-lag', 'Lag: three meters that disagree'],
]);
