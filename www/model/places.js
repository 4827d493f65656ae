// Where the cards stand. Their sizes are fixed for each layout, so that nothing that a card says moves another one, and
// places follow from who follows whom. Cards are moved there by a transform: the browser lays nothing out for it.

import { linesOf } from './rows.js';

/** @typedef {import('./paths.js').Box} Box */
/** @typedef {import('./paths.js').Mode} Mode */
/** @typedef {import('./forest.js').Tree} Tree */
/**
 * @typedef {object} Room
 * @property {Mode} mode
 * @property {number} width of the stage, px
 * @property {boolean} compact whether cards are small
 * @property {boolean} sliders whether slaves have their sliders on them
 * @property {boolean} tight whether sliders need two lines each
 * @property {boolean} work whether cards tell how busy their nodes are
 * @property {number} observers how many watch over the master
 * @property {Height} height how high the screen is
 * @property {boolean} phone whether three slaves stand beside each other on a small screen
 */
/** @typedef {'low' | 'middle' | 'high'} Height */
/** @typedef {{ height: number, boxes: Map<number, Box>, clients: Map<number, Box> }} Places */

/** A card's height without what not all have, and for each line of values: as `.node` in stage.css has it, px. */
const CARD = { head: 98, line: 30, compact: 82, phone: 100, less: 18 };
/** Between a master and its slaves, and below these, px. */
const ROOM = { low: { gap: 62, below: 42 }, middle: { gap: 66, below: 46 }, high: { gap: 78, below: 62 } };
const SLIDERS = { wide: 51, tight: 86 };
const WORK = 20;
/** The lid stands over a card. */
const LID = { full: 11, compact: 7 };
const CLIENT = { width: 54, height: 46, gap: 14 };
/** What a load gets done is written above its client. */
const RATES = 40;
const TOP = 6;
/** Where no master stands, at the right: what adds a slave does, and who watches, px. */
const WATCHERS = 124;

/** @param {Room} room @param {boolean} slave */
export function cardHeight({ mode, compact, sliders, tight, work, height, phone }, slave) {
  if (phone && slave) return CARD.phone;
  if (compact && (slave || mode === 'tree')) return CARD.compact;
  const rest = (work ? WORK : 0) + (slave && sliders ? (tight ? SLIDERS.tight : SLIDERS.wide) : 0);
  return CARD.head - (height === 'low' ? CARD.less : 0) + CARD.line * linesOf(mode, tight, height) + rest;
}

/** @param {Tree[]} trees @param {{ id: number, load: boolean }[]} clients @param {Room} room @returns {Places} */
export function places(trees, clients, room) {
  const { boxes, height } = { row, grid, tree: column }[room.mode](trees, room);
  return { height, boxes, clients: clientPlaces(clients, room, height) };
}

/** Masters above, each over its slaves. @param {Tree[]} trees @param {Room} room */
function row(trees, room) {
  const edge = room.observers > 0 ? WATCHERS : 20;
  const [left, right] = room.phone ? [40, room.width - 6] : [84, room.width - edge];
  const space = ROOM[room.height];
  const count = trees.reduce((sum, tree) => sum + 1 + tree.slaves.length, 0);
  const units = trees.map((tree) => Math.max(1, tree.slaves.length));
  const all = units.reduce((sum, n) => sum + n, 0);
  const gap = room.phone ? 6 : Math.max(8, Math.min(22, (right - left) * 0.022));
  // As wide as with one master: a promotion makes no card wider or narrower.
  const cells = Math.max(all, count - 1, 1);
  const each = Math.min(226, (right - left - gap * (cells - 1)) / cells);
  const step = Math.min((right - left + gap) / all, each + gap);
  const top = TOP + LID.full + (room.phone ? Math.ceil(room.observers / 3) * 32 : 0);
  const below = top + cardHeight(room, false) + space.gap;
  const tall = cardHeight(room, true);
  /** @type {Map<number, Box>} */
  const boxes = new Map();
  let x = left + (right - left - (step * all - gap)) / 2;
  trees.forEach(({ root, slaves }, i) => {
    const span = step * units[i] - gap;
    const w = Math.min(room.phone ? 190 : 236, all === 1 ? right - left : Math.max(span, each));
    boxes.set(root.id, { x: x + (span - w) / 2, y: top, w, h: cardHeight(room, false) });
    slaves.forEach(({ node }, j) => {
      boxes.set(node.id, { x: x + step * j + (step - gap - each) / 2, y: below, w: each, h: tall });
    });
    x += step * units[i];
  });
  return { boxes, height: below + tall + space.below };
}

/** Masters above, slaves small and in rows; those of another master begin a new one. @param {Tree[]} trees @param {Room} room */
function grid(trees, room) {
  const [left, right] = [84, room.width - 30];
  const top = TOP + LID.full;
  /** @type {Map<number, Box>} */
  const boxes = new Map();
  const span = (room.width - WATCHERS - left) / trees.length;
  const w = Math.min(236, span - 12);
  const columns = Math.max(1, Math.floor((right - left + 10) / 98));
  const each = (right - left - 10 * (columns - 1)) / columns;
  const tall = cardHeight(room, true);
  let y = top + cardHeight(room, false) + 56;
  trees.forEach(({ root, slaves }, i) => {
    boxes.set(root.id, { x: left + span * i + (span - w) / 2, y: top, w, h: cardHeight(room, false) });
    slaves.forEach(({ node }, j) => {
      const at = { x: left + (j % columns) * (each + 10), y: y + Math.floor(j / columns) * (tall + 43) };
      boxes.set(node.id, { ...at, w: each, h: tall });
    });
    y += Math.ceil(slaves.length / columns) * (tall + 43);
  });
  // A second tree may need a row more: there is always room for it.
  const count = boxes.size - 1;
  const rows = Math.ceil(count / columns) + 1;
  return { boxes, height: Math.max(y, top + cardHeight(room, false) + 56 + rows * (tall + 43)) };
}

/** One under the other, where there is no room beside each other. @param {Tree[]} trees @param {Room} room */
function column(trees, room) {
  const lid = room.compact ? LID.compact : LID.full;
  /** @type {Map<number, Box>} */
  const boxes = new Map();
  let y = TOP + lid + Math.ceil(room.observers / 2) * 34;
  const put = (/** @type {number} */ id, /** @type {number} */ x, /** @type {boolean} */ slave) => {
    const h = cardHeight(room, slave);
    boxes.set(id, { x, y, w: room.width - 36 - x, h });
    y += h + lid + 20;
  };
  trees.forEach(({ root, slaves }, i) => {
    put(root.id, i === 0 ? 82 : 36, false);
    for (const { node } of slaves) put(node.id, 36, true);
  });
  // As high as with one master: slaves are the higher ones.
  const each = (/** @type {boolean} */ slave) => cardHeight(room, slave) + lid + 20;
  const least = TOP + lid + Math.ceil(room.observers / 2) * 34 + each(false) + (boxes.size - 1) * each(true);
  return { boxes, height: Math.max(y, least) + 40 };
}

/** @param {{ id: number, load: boolean }[]} clients @param {Room} room @param {number} height */
function clientPlaces(clients, { mode, observers, phone }, height) {
  const size = phone ? { width: 34, height: 34, gap: 10 } : CLIENT;
  const room = (/** @type {boolean} */ load, /** @type {number} */ i) => (load && i > 0 ? RATES : 0);
  const all = clients.reduce((sum, { load }, i) => sum + size.height + size.gap + room(load, i), -size.gap);
  const inTree = mode === 'tree';
  let y = inTree ? 36 + Math.ceil(observers / 2) * 34 : Math.max(40, (height - all) / 2 - 14);
  return new Map(
    clients.map(({ id, load }, i) => {
      y += room(load, i);
      const box = { x: inTree ? 6 : phone ? 2 : 20, y, w: size.width, h: size.height };
      y += size.height + size.gap;
      return [id, box];
    }),
  );
}
