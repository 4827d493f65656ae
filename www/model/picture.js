// The picture of a cluster: where its cards stand, where its lines run, and how messages travel on them.

import { forest } from './forest.js';
import { aside, layout, straight } from './paths.js';
import { places } from './places.js';

/** @typedef {import('../types').State} State */
/** @typedef {import('./paths.js').Path} Path */
/** @typedef {import('./paths.js').Box} Box */
/** @typedef {import('./places.js').Room} Room */
/** @typedef {{ path: Path, forth: boolean }} Way */

/** The picture stays the same one until something in it stands elsewhere. */
export class Picture {
  /** @type {Map<number, Way | undefined>} */ #ways = new Map();

  /**
   * @param {Pick<State, 'nodes'>} state @param {{ id: number, load: boolean }[]} clients
   * @param {Map<number, Box>} observers where they are @param {Room} room
   */
  constructor({ nodes }, clients, observers, room) {
    this.mode = room.mode;
    this.width = room.width;
    const trees = forest(nodes);
    const { height, boxes, clients: asking } = places(trees, clients, room);
    this.height = height;
    this.boxes = boxes;
    this.clients = asking;
    this.observers = observers;
    this.roots = new Set(trees.map(({ root }) => root.id));
    this.paths = layout(room.mode, room, trees, boxes, asking);
  }

  /** The path of a link, by `a-b`. @param {string} key */
  pathOf(key) {
    const known = this.paths.get(key);
    if (known) return known;
    const [a, b] = key.split(/(?<=\d)-/).map(Number);
    const way = this.way(a, b);
    return way?.forth ? way.path : undefined;
  }

  /** How a message goes from one to another. @param {number} from @param {number} to @returns {Way | undefined} */
  way(from, to) {
    const key = from * 65536 + to;
    if (!this.#ways.has(key)) this.#ways.set(key, this.#find(from, to));
    return this.#ways.get(key);
  }

  /** @param {number} from @param {number} to @returns {Way | undefined} */
  #find(from, to) {
    const [there, back] = [this.paths.get(`${from}-${to}`), this.paths.get(`${to}-${from}`)];
    if (there) return { path: there, forth: true };
    if (back) return { path: back, forth: false };
    // The way back is the same path.
    const [a, b] = from < to ? [from, to] : [to, from];
    const place = (/** @type {number} */ id) => {
      const box = this.boxes.get(id) ?? this.observers.get(id);
      return box && { id, box };
    };
    const [one, other] = [place(a), place(b)];
    if (!one || !other) return undefined;
    const watches = this.observers.has(a) || this.observers.has(b);
    const path = watches ? straight(one, other) : aside(this.mode, { width: this.width }, one, other);
    return { path, forth: from < to };
  }
}

/** All that places depend on, as a text: the same one, the same picture. @param {State} state @param {{ id: number, load: boolean }[]} clients @param {Map<number, Box>} observers @param {Room} room */
export const signature = (state, clients, observers, room) =>
  JSON.stringify([
    state.nodes.map((node) => [node.id, node.role === 'master' ? -1 : node.upstream]),
    clients,
    [...observers],
    room,
  ]);
