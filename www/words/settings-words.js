// The words of the settings. They come with these.

/** @typedef {import('../parts/view.js').View} View */
/** @typedef {import('./words.js').Roles} Roles */

/** @param {Roles} r */
function makeSettingWords(r) {
  return {
    preset: 'Behave as',
    presetHelp: 'A database and its mode: its rules, its words, its errors.',
    differs: 'Differs from the preset:',
    allBack: 'all back',
    backTo: 'Back to',
    /** @param {number} n */
    changed: (n) => `${n} changed`,
    configuration: 'What it stands for in its configuration',
    acknowledge: 'Answer a write',
    acknowledgeHelp: `When the client hears “done”: at once, or when ${r.slaves} have it too.`,
    ackAsync: 'at once (asynchronous)',
    ackMajority: 'when a majority of all nodes has it',
    ackAll: `when all ${r.slaves} have it`,
    /** @param {string} n */
    ackN: (n) => (n === '1' ? `when one ${r.slave} has it` : `when ${n} ${r.slaves} have it`),
    ackStage: '“Have it” means',
    ackStageHelp: 'Received into memory, flushed to disk, or applied, so that reads there see it.',
    /** @type {Record<string, string>} */
    stages: { received: 'received', flushed: 'flushed to disk', applied: 'applied' },
    first: 'By rank, not by speed',
    firstHelp: 'The first of the order below that are connected must have it.',
    hidden: 'Hide the write until then',
    hiddenHelp: `Reads at the ${r.master} do not see a write that still waits.`,
    writeTo: 'Write to',
    writeToHelp: `Writes belong to the ${r.master}. Send one to a ${r.slave} to see what happens.`,
    session: 'As client',
    groups: {
      acknowledged: 'When a write is acknowledged',
      missing: `When ${r.slaves} are missing`,
      log: 'Log and catching up',
      promotion: `Promotion and the old ${r.master}`,
      network: 'Network and disk',
      load: 'Load and service times',
      clients: 'Clients',
    },
    /**
     * For each setting its label, its help, and what it may say (after each `|` the caption of a field).
     * @type {Record<string, string[]>}
     */
    settings: {
      'sync-slaves': [
        'Who counts, in which order',
        `Press the ${r.slaves} whose word counts, the most important first. Nobody pressed: all count.`,
      ],
      'too-few': [
        `If too few ${r.slaves} confirm`,
        `What happens to a write that waits for too long. It is not undone.`,
        'the write keeps waiting',
        'done without them|after',
        'an error|after',
      ],
      gate: [
        'A write is taken',
        `A ${r.master} that hears of too few ${r.slaves} can refuse writes at once.`,
        'in any case',
        `only while enough ${r.slaves} respond|at least|within`,
      ],
      log: [
        'The log keeps',
        `What is left for a ${r.slave} that comes back.`,
        'everything',
        `what a ${r.slave} lacks`,
        'only the latest|entries',
      ],
      gap: [
        'Where the log no longer reaches',
        `A ${r.slave} was away for too long: its next entry is gone.`,
        'it takes a snapshot',
        'it stops, and stays old',
      ],
      relay: [
        'It passes on',
        `What a ${r.slave} gives to ${r.slaves} of its own.`,
        'what it has received',
        'what it has applied',
      ],
      retry: ['Connects again after', `How long a ${r.slave} waits after it lost its connection.`],
      failover: [
        `When the ${r.master} is gone`,
        `Who notices it, and puts a ${r.slave} in its place.`,
        'nobody does anything',
        'observers agree on it|there are|agree|silent for',
        'its lease runs out|after|renewed each',
        'its lease runs out (lag)|after|renewed each|behind at most',
        'the nodes elect one|silent for',
      ],
      unapplied: [
        `What a new ${r.master} has not applied`,
        'It has received more than it shows when it is promoted.',
        'is applied',
        'is thrown away',
      ],
      rejoin: [
        'Writes that only the old one has',
        `An old ${r.master} comes back with a history that is not the new one’s.`,
        'are thrown away',
        'keep it out',
        'are saved aside',
      ],
      durability: [
        'Flush to disk',
        'A crash takes what was not flushed; never: all of it.',
        'before answering',
        'after answering|within',
        'as snapshots|within',
        'never',
      ],
      flush: ['A flush takes', 'How long the disk needs.'],
      'link-timeout': [
        'A silent link counts as broken',
        'Nothing is heard, and nobody has closed it.',
        'never',
        'after a while|after',
      ],
      'send-buffer': ['A host keeps for a slow link', 'What the wire has not taken yet. A power cut loses it.'],
      'slave-writes': [
        `A write at a ${r.slave} is`,
        `What a ${r.slave} does with an update that reaches it.`,
        'ignored',
        'refused with an error',
        `passed on to the ${r.master}`,
        'accepted (diverges)',
      ],
      'own-writes': [
        'After its own write, a client reads',
        'A client that has just written would like to see it.',
        `from any ${r.slave}`,
        `from the ${r.master}|for`,
        'where they have arrived|or after',
      ],
      'max-lag': [
        'Reads leave out',
        `As the nodes report the lag, not as it is.`,
        'nobody',
        `${r.slaves} that lag|more than`,
      ],
      'no-node': [
        `With no ${r.slave} to ask`,
        'What comes of a read.',
        `the ${r.master} is asked`,
        'it waits for one',
        'it gets an error',
      ],
      load: [
        'Load',
        'What clients ask beside what you ask by hand. Single requests are not in the text; this line is.',
        'nobody else asks',
        'requests at random instants|a second|reads|keys|value',
        'the same, a few keys more often (Zipf)|a second|reads|keys|exponent|value',
        'clients that wait for their answers|clients|think|reads|keys|value',
        'the same, a few keys more often (Zipf)|clients|think|reads|keys|exponent|value',
      ],
      capacity: [
        'Work takes',
        'How long a read, a write and an applied entry keep a worker busy, and how many requests may wait for one.',
        'no time',
        'always as long|read|write|apply|workers|queue',
        'a random time (exponential)|read|write|apply|workers|queue',
      ],
      'capacity nodes': [
        'Work of all nodes takes',
        'How long a read, a write and an applied entry keep a worker busy, and how many requests may wait for one.',
        'no time',
        'always as long|read|write|apply|workers|queue',
        'a random time (exponential)|read|write|apply|workers|queue',
      ],
      'apply-speed': ['Applies', 'Entries in a second.', 'as fast as it can', 'at a speed of|at most'],
      priority: ['Priority', 'Failover priority, 1 to 100 (0: never promote).'],
      timeout: ['Give up after', 'How long a client waits for an answer.'],
      engine: [
        'Errors in the words of',
        'The texts only; the rules come with “Behave as”.',
        'the playground',
        'PostgreSQL',
        'MariaDB',
        'MySQL',
        'Redis',
        'MongoDB',
      ],
    },
    wait: ['How many have it?', `Asks for all writes so far, as WAIT of Redis does.`, 'Ask', `${r.slaves}`, 'within'],
  };
}

/** @typedef {ReturnType<typeof makeSettingWords>} SettingWords */

/** @type {WeakMap<Roles, SettingWords>} */
const made = new WeakMap();

/** @param {View} view */
export function settingWords(view) {
  const { roles } = view.words;
  const words = made.get(roles) ?? makeSettingWords(roles);
  made.set(roles, words);
  return words;
}
