// What is told beside the picture: aloud to those who do not see it, and as events to the host page.

/** @typedef {import('../types').State} State */
/** @typedef {import('../types').Operation} Operation */
/** @typedef {import('../types').Sentence} Sentence */
/** @typedef {import('../words/words.js').Words} Words */

const KEPT = 500;

/** A sentence of the core without its marks. @param {import('../types').Part[]} parts */
export const plain = (parts) => parts.map((part) => part.text).join('');

/** With more nodes, what arrives where is too much to be heard. */
const NODES_TOLD_MAX = 6;

/** What was told already. */
export class Teller {
  /** @type {Map<string, boolean>} */ #answered = new Map();
  /** Promises that are broken. @type {Set<string>} */ #broken = new Set();

  forget() {
    this.#answered.clear();
    this.#broken.clear();
  }

  /** Answers, arrivals, faults and broken promises that are new. @param {State} state @param {Sentence[]} fresh @param {Words} t @returns {string[]} */
  news(state, fresh, t) {
    const told = [];
    for (const client of state.clients) {
      if (client.id === state.load?.client) continue;
      for (const op of client.operations) {
        const key = `${client.name} ${op.id}`;
        const done = op.doneUs != null;
        if (this.#answered.get(key) === done) continue;
        if (done) told.push(answerText(op, t));
        this.#answered.set(key, done);
      }
    }
    if (this.#answered.size > KEPT) this.#answered = new Map([...this.#answered].slice(-200));
    const few = state.nodes.length <= NODES_TOLD_MAX;
    for (const s of fresh)
      if (s.kind === 'fault' ? s.weight !== 'detail' : few && s.kind === 'replication' && s.weight === 'plain')
        told.push(plain(s.parts));
    for (const { id, status, title, summary } of state.verdicts) {
      if (status === 'broken' && !this.#broken.has(id))
        told.push(`${title}: ${t.verdictWords.broken}. ${plain(summary)}`);
      this.#broken[status === 'broken' ? 'add' : 'delete'](id);
    }
    return told;
  }
}

/** @param {Operation} op @param {Words} t */
function answerText(op, t) {
  const heard =
    op.outcome === 'value'
      ? op.text
      : op.outcome === 'error'
        ? `${t.outcomes.error}: ${op.text}`
        : t.outcomes[op.outcome];
  const judged = op.verdict && op.verdict !== 'fresh' ? ` ${t.opVerdicts[op.verdict]}. ${op.verdictText}` : '';
  return `${t.verbs[op.kind]} ${op.key} ${op.kind === 'read' ? t.from : t.at} ${op.node}: ${heard}.${judged}`;
}

/** What a host page may want to mark. @param {Sentence[]} fresh */
export const anomalies = (fresh) =>
  fresh.flatMap(({ weight, parts, atUs, operation }) =>
    weight === 'behind' || weight === 'broken'
      ? [
          {
            kind: weight === 'behind' ? 'stale' : 'broken',
            text: plain(parts),
            atUs,
            operation: operation ?? undefined,
          },
        ]
      : [],
  );

/** How far a lesson has come, as events. */
export class Progress {
  #tasks = 0;
  #finished = false;

  /** @param {import('../types').Lesson | undefined} lesson @returns {[type: 'task' | 'finished', detail: object][]} what has come since */
  events(lesson) {
    if (!lesson) return [];
    const done = lesson.items.filter((item) => item.kind === 'task' && item.done);
    /** @type {[type: 'task' | 'finished', detail: object][]} */
    const found = done.slice(this.#tasks).map(({ words }, i) => ['task', { index: this.#tasks + i, words }]);
    this.#tasks = Math.max(this.#tasks, done.length);
    if (lesson.done && !this.#finished) found.push(['finished', { title: lesson.title }]);
    this.#finished = lesson.done;
    return found;
  }
}
