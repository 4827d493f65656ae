// What can be drawn of a run before the core is there: all of it where a picture was made of it when the page was built,
// else who is there and how far they are from each other, as the text says it.

/** @typedef {import('../types').Changes} Changes */
/** @typedef {import('../types').Link} Link */
/** A run at its beginning. @typedef {{ text: string, changes: Changes, rough?: boolean }} Still */
/** The standard run, and what there is to choose from. @typedef {Still & { presets: import('../types').Preset[] }} First */

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
  /** @type {string[]} */
  let nodes = [];
  let clients = ['A'];
  /** @type {[string, number][]} */
  const latencies = [];
  /** @type {Map<string, string>} */
  const follows = new Map();
  for (const line of text.split('\n', 2000)) {
    const [word, ...rest] = line.replace(/#.*$/, '').trim().split(/\s+/);
    if (word === 'lesson' || word === 'step') return undefined;
    if (word === 'cluster') nodes = rest.filter((name) => name !== '+');
    else if (word === 'clients') clients = rest;
    else if (word === 'follow') follows.set(rest[0], rest[1]);
    else if (word === 'link') {
      const at = rest.indexOf('latency');
      const us = spanUs(rest[at + 1]);
      if (at > 0 && us !== undefined) latencies.push([rest[0], us]);
    }
  }
  const named = [...nodes, ...clients].every((name) => NAME.test(name));
  if (!named || nodes.length === 0 || nodes.length > NODES_MAX || clients.length > CLIENTS_MAX) return undefined;
  return { text, changes: changesOf(nodes, clients, latencies, first.changes), rough: true };
}

/** @param {string} [word] */
function spanUs(word) {
  const [, number, unit] = word?.match(/^(\d+(?:\.\d+)?)(us|ms|s|m)$/) ?? [];
  return unit ? Number(number) * UNITS[unit] : undefined;
}

/** @param {string[]} nodes @param {string[]} clients @param {[string, number][]} latencies @param {Changes} like @returns {Changes} */
function changesOf(nodes, clients, latencies, like) {
  const [master, slave] = like.nodes?.items ?? [];
  const [client] = like.clients?.items ?? [];
  const [sample] = like.links?.items ?? [];
  const all = nodes.map((name, id) => ({ ...(id === 0 ? master : slave), id, name }));
  const asking = clients.map((name, i) => ({ ...client, id: nodes.length + i, name }));
  const between = (/** @type {number} */ a, /** @type {number} */ b, /** @type {string} */ carries) => {
    const names = [...nodes, ...clients];
    const kind = carries === 'log' ? 'nodes' : 'clients';
    const mine = [kind, `${names[a]}-${names[b]}`, `${names[b]}-${names[a]}`];
    const latencyUs = latencies.findLast(([which]) => mine.includes(which))?.[1] ?? LATENCY_US;
    return { ...sample, a, b, carries, forth: { ...sample.forth, latencyUs }, back: { ...sample.back, latencyUs } };
  };
  const links = [
    ...all.slice(1).map(({ id }) => between(0, id, 'log')),
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
