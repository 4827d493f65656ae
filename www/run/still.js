// What can be drawn of a run before the core is there: all of it where a picture was made of it when the page was built,
// else who is there and how far they are from each other, as the text says it.

/** @typedef {import('../types').Changes} Changes */
/** @typedef {import('../types').Link} Link */
/** A run at its beginning. @typedef {{ text: string, changes: Changes, rough?: boolean }} Still */
/** The standard run, and what there is to choose from. @typedef {Still & { presets: import('../types').Preset[] }} First */

/** What a text says. @typedef {{ nodes: string[], clients: string[], latencies: [string, number][], follows: Map<string, string> }} Said */

const LINES_MAX = 2000;
const NODES_MAX = 33;
const CLIENTS_MAX = 32;
/** A word of the text that needs no quotes. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}_-]{0,31}$/u;
/** @type {Record<string, number>} */
const UNITS = { us: 1, ms: 1000, s: 1_000_000, m: 60_000_000 };
const LATENCY_US = 1000;

/** @param {string} text @param {First} first @param {Still} [made] when the page was built @returns {Still | undefined} nothing if no cluster is found */
export function stillOf(text, first, made) {
  if (made?.text === text) return made;
  if (text === first.text) return first;
  return rough(text, first);
}

/** Names and links only. What it cannot make out, the core will tell. @param {string} text @param {First} first @returns {Still | undefined} */
function rough(text, first) {
  /** @type {Said} */
  const said = { nodes: [], clients: ['A'], latencies: [], follows: new Map() };
  for (const line of text.split('\n', LINES_MAX)) {
    const [word, ...rest] = line.replace(/#.*$/, '').trim().split(/\s+/);
    if (word === 'cluster') said.nodes = rest.filter((name) => name !== '+');
    else if (word === 'clients') said.clients = rest;
    else if (word === 'follow') said.follows.set(rest[0], rest[1]);
    else if (word === 'link') {
      const us = spanUs(rest[rest.indexOf('latency') + 1]);
      if (us !== undefined) said.latencies.push([rest[0], us]);
    }
  }
  const { nodes, clients } = said;
  const names = [...nodes, ...clients];
  const named = names.every((name) => NAME.test(name)) && new Set(names).size === names.length;
  if (!named || nodes.length === 0 || nodes.length > NODES_MAX || clients.length > CLIENTS_MAX) return undefined;
  return { text, changes: { ...changesOf(said, first.changes), lesson: lessonOf(text) }, rough: true };
}

/** Of a lesson what it begins with: it stands above the picture, and takes its room. @param {string} text @returns {import('../types').Lesson | null} */
function lessonOf(text) {
  const title = text.match(/^lesson (.*)$/m)?.[1];
  if (title === undefined) return null;
  const [, begin = '', ...others] = text.split(/^step /m);
  // Lines that are indented go on with the one before. Then something is waited for.
  const lines = begin.replace(/\n[ \t]+/g, ' ').split('\n');
  const shown = lines.slice(1).filter((line) => /^(say|task|until) /.test(line));
  const waits = shown.findIndex((line) => !line.startsWith('say '));
  const item = (/** @type {string} */ kind, /** @type {string} */ words) =>
    /** @type {import('../types').LessonItem} */ ({
      ...{ kind, words, done: false, by: false, wanted: null, hint: null, answers: [], given: null, right: null },
    });
  const says = shown.slice(0, waits < 0 ? undefined : waits).map((line) => item('say', line.slice(4)));
  const items = [item('step', lines[0]), ...says];
  return { title, name: title, steps: others.length + 1, rests: false, waits: true, long: false, done: false, items };
}

/** @param {string} [word] */
function spanUs(word) {
  const [, number, unit] = word?.match(/^(\d+(?:\.\d+)?)(us|ms|s|m)$/) ?? [];
  return unit ? Number(number) * UNITS[unit] : undefined;
}

/** @param {Said} said @param {Changes} like @returns {Changes} */
function changesOf({ nodes, clients, latencies, follows }, like) {
  const [master, slave] = like.nodes?.items ?? [];
  const [client] = like.clients?.items ?? [];
  const [sample] = like.links?.items ?? [];
  const above = (/** @type {string} */ name) => Math.max(0, nodes.indexOf(follows.get(name) ?? nodes[0]));
  const all = nodes.map((name, id) => (id === 0 ? { ...master, name } : { ...slave, id, name, upstream: above(name) }));
  const asking = clients.map((name, i) => ({ ...client, id: nodes.length + i, name }));
  const between = (/** @type {number} */ a, /** @type {number} */ b, /** @type {string} */ carries) => {
    const names = [...nodes, ...clients];
    const kind = carries === 'log' ? 'nodes' : 'clients';
    const mine = [kind, `${names[a]}-${names[b]}`, `${names[b]}-${names[a]}`];
    const latencyUs = latencies.findLast(([which]) => mine.includes(which))?.[1] ?? LATENCY_US;
    return { ...sample, a, b, carries, forth: { ...sample.forth, latencyUs }, back: { ...sample.back, latencyUs } };
  };
  const links = [
    ...all.slice(1).map(({ id, upstream }) => between(upstream ?? 0, id, 'log')),
    ...asking.flatMap((one) => all.map(({ id }) => between(one.id, id, 'requests'))),
  ];
  return {
    ...like,
    nodes: { keys: all.map(({ id }) => id), items: all },
    clients: { keys: asking.map(({ id }) => id), items: asking },
    links: { keys: links.map(({ a, b }) => a * 65536 + b), items: links },
    strips: { keys: all.map(({ id }) => id), items: all.map(({ id }) => ({ node: id, cells: [] })) },
  };
}
