// Words of the experiment bar and of the first screen.

/** @typedef {import('./words.js').Roles} Roles */

/** @param {Roles} r */
export const experimentWords = (r) => ({
  tagline: `One ${r.master} takes the writes, its ${r.slaves} copy them later. See what that means.`,
  experiment: {
    title: 'Experiment',
    behaveAs: 'Behave as',
    /** @type {Record<string, string>} */
    engines: {
      plain: 'Playground',
      pg: 'PostgreSQL',
      patroni: 'PostgreSQL with Patroni',
      mariadb: 'MariaDB',
      mysql8: 'MySQL',
      redis: 'Redis',
      mongo: 'MongoDB',
    },
    doneWhen: 'A write is done when … has it',
    master: `the ${r.master}`,
    one: `one ${r.slave}`,
    all: 'all',
    /** @param {string} n */
    some: (n) => (n === 'majority' ? 'a majority' : `${n} ${r.slaves}`),
    power: r.master.replace(/^./, (c) => c.toUpperCase()),
    /** @param {string} n */
    kill: (n) => `Kill ${n}`,
    /** @param {string} n */
    start: (n) => `Start ${n}`,
    network: 'Network',
    cutOff: 'Cut off …',
    /** @param {string} n */
    cut: (n) => `cut off ${n}`,
    heal: 'heal all',
    promote: 'Promote',
    promoteWhom: 'choose …',
    ask: 'Ask',
    wrong: 'What can go wrong?',
    compare: 'Compare',
    beside: 'Side by side',
  },
  ledger: {
    title: 'Promises',
    /** @type {Record<string, string>} */
    counts: { broken: 'broken', behind: 'behind', held: 'hold', untested: 'untested' },
    allWell: 'Nothing is broken.',
    allWellHelp: 'What breaks a promise will be told here first.',
  },
  opening: {
    /** @param {string} key @param {string} value @param {string[]} has @param {string} last */
    told: (key, value, has, last) =>
      `A wrote ${key} = ${value}. ${has.join(' and ')} have it. On the way to ${last}, time stands still.`,
    /** @param {string} key @param {string} value */
    travels: (key, value) => `A writes ${key} = ${value}. The ${r.master} takes it, and it travels to the ${r.slaves}.`,
    watch: 'Watch it go.',
    /** @param {string} last */
    ask: (last) => `Read from ${last} now. What will you get?`,
    /** @param {string} last */
    read: (last) => `Read from ${last}`,
    skip: 'Skip',
  },
});
