// A cluster in small: who follows whom, what each node holds, and how it is. As wide as its column.

import { svg, nothing } from 'lit-html';
import { forest } from '../model/forest.js';
import { latestKeys } from '../model/rows.js';
import { standingOf } from '../model/standing.js';
import { tint } from '../parts/marks.js';

/** @typedef {import('../types').State} State */
/** @typedef {import('../types').Node} Node */
/** @typedef {import('../parts/view.js').View} View */
/** @typedef {import('../words/compare-words.js').CompareWords} CompareWords */
/** @typedef {{ node: Node, x: number, y: number, w: number, above?: Place }} Place */

/** Sizes of cards that stand beside each other, and of those in a list, px. */
const CARD = { wide: 150, least: 80, gap: 10, high: 70, row: 112, top: 8 };
const LINE = { high: 62, row: 74, in: 8, most: 8, wide: 190 };
/** How wide a letter is, about, px. */
const LETTER = 6.6;

/** Whether cards have room beside each other. @param {number} width @param {number} nodes */
const besides = (width, nodes) => width / nodes >= CARD.least + CARD.gap;
/** How high a picture is, px: as high for each way of the same run. @param {number} width @param {number} nodes @param {number} depth */
export const heightOf = (width, nodes, depth) =>
  besides(width, nodes) ? CARD.top * 2 + CARD.row * depth + CARD.high : Math.min(nodes, LINE.most + 1) * LINE.row + 6;

/** How many rows stand below the masters; at least one, so that a promotion does not make the picture lower. @param {State} state */
export const depthOf = (state) =>
  Math.max(1, ...forest(state.nodes).flatMap((tree) => tree.slaves.map((s) => s.depth)));

/** @param {State} state @param {number} width @returns {Place[]} */
function places(state, width) {
  const trees = forest(state.nodes);
  if (!besides(width, state.nodes.length)) {
    const all = trees.flatMap(({ root, slaves }) => [{ node: root, depth: 0 }, ...slaves]);
    return all.slice(0, LINE.most).map(({ node, depth }, i) => {
      const [w, aside] = [Math.min(width, LINE.wide), Math.min(depth, 3) * LINE.in];
      return { node, x: (width - w) / 2 + 1 + aside, y: 6 + i * LINE.row, w: w - aside - 2 };
    });
  }
  const pitch = Math.min(CARD.wide + CARD.gap, width / state.nodes.length);
  const slots = trees.reduce((sum, tree) => sum + leaves(tree), 0);
  let left = (width - slots * pitch) / 2;
  return trees.flatMap((tree) => {
    const from = left;
    left += leaves(tree) * pitch;
    return placed(tree, from, pitch);
  });
}

/** @param {import('../model/forest.js').Tree} tree */
const leaves = ({ slaves }) =>
  Math.max(1, slaves.filter(({ node }) => !slaves.some((s) => s.node.upstream === node.id)).length);

/** @param {import('../model/forest.js').Tree} tree @param {number} left @param {number} pitch @returns {Place[]} */
function placed({ root, slaves }, left, pitch) {
  const w = pitch - CARD.gap;
  let next = left;
  /** @param {Node} node @param {number} depth @returns {Place[]} */
  const stand = (node, depth) => {
    const from = next;
    const below = slaves.filter((s) => s.node.upstream === node.id && s.depth === depth + 1);
    const all = below.flatMap((s) => stand(s.node, depth + 1));
    if (below.length === 0) next += pitch;
    /** @type {Place} */
    const mine = { node, x: (from + next) / 2 - w / 2, y: CARD.top + depth * CARD.row, w };
    for (const place of all) if (place.node.upstream === node.id) place.above ??= mine;
    return [mine, ...all];
  };
  return stand(root, 0);
}

/** @typedef {{ view: View, state: State, key: string | undefined, t: CompareWords, high: number, lost: (write: number) => boolean }} Drawing */

/** @param {View} view @param {import('../run/variants.js').Seen} seen @param {number} width @param {number} height @param {CompareWords} t */
export function picture(view, { state, score }, width, height, t) {
  if (!state) return nothing;
  const all = places(state, width);
  const [key] = latestKeys(state.nodes);
  const left = state.nodes.length - all.length;
  const asked = state.clients.flatMap(({ operations }) => operations);
  // What nobody was told is done is not lost.
  const lost = (/** @type {number} */ write) =>
    (score?.lost ?? 0) > 0 && asked.some((op) => op.write === write && op.kind !== 'read' && op.outcome === 'ok');
  const high = besides(width, state.nodes.length) ? CARD.high : LINE.high;
  /** @type {Drawing} */
  const drawing = { view, state, key, t, high, lost };
  return svg`<svg class="compare-picture" viewBox="0 0 ${width} ${height}" role="img" aria-label=${described(drawing)}>
    ${all.map((place) => link(place))} ${all.map((place) => card(drawing, place))}
    ${left > 0 ? svg`<text class="soft" x="8" y=${height - 14}>${t.moreNodes(left)}</text>` : nothing}
  </svg>`;
}

/** @param {Place} place */
function link({ node, x, y, w, above }) {
  if (!above) return nothing;
  const [ax, ay, bx] = [above.x + above.w / 2, above.y + CARD.high, x + w / 2];
  const middle = (ay + y) / 2;
  return svg`<path class="link ${node.replication === 'streaming' ? '' : 'away'}" d="M${ax} ${ay}C${ax} ${middle} ${bx} ${middle} ${bx} ${y}"/>`;
}

/** How it is: what is bad first, then what is behind. @param {View} view @param {Node} node */
function said(view, node) {
  const all = standingOf(node, view.words, { compact: true });
  return all.find(({ kind }) => kind === 'bad') ?? all.find(({ kind }) => kind === 'late') ?? all[0];
}
/** @param {View} view @param {Node} node */
const roleOf = ({ words: { roles } }, { role }) => (role === 'master' ? roles.master : roles.slave);

/** @param {Drawing} drawing @param {Place} place */
function card(drawing, { node, x, y, w }) {
  const { view, key, high } = drawing;
  const how = said(view, node);
  const lid = node.role === 'master' && node.process === 'up' ? 'lid' : 'open';
  const half = w / 2;
  const row = node.rows.find((one) => one.key === key);
  const base = y + high - 6;
  const room = Math.max(0, Math.floor((w - 20 - node.name.length * 8.5) / 6));
  return svg`<g class="card ${node.process}">
    <path class="drum" d="M${x} ${y}V${base}A${half} 6 0 0 0 ${x + w} ${base}V${y}"/>
    <ellipse class=${lid} cx=${x + half} cy=${y} rx=${half} ry="6"/>
    <text class="name" x=${x + 8} y=${y + 22}>${short(node.name, Math.floor((w - 16) / 8.5))}</text>
    <text class="end ${how?.kind || 'soft'}" x=${x + w - 8} y=${y + 22}>${whole(how?.text ?? roleOf(view, node), room)}</text>
    ${row ? value(drawing, row, x + 5, y + 30, w - 10) : nothing}
  </g>`;
}

/** @param {Drawing} drawing @param {import('../types').Row} row @param {number} x @param {number} y @param {number} w */
function value({ view, t, lost }, { key, value: held, write, state }, x, y, w) {
  const hue = write != null ? view.hueOf(write) : undefined;
  const gone = state === 'foreign' && write != null && lost(write);
  const note = gone ? t.gone : state === 'foreign' ? t.onlyHere : '';
  const letters = Math.floor((w - 30) / LETTER);
  const words = held ?? view.words.outcomes.nothing;
  const [most, ...less] = note ? [`${key} ${words} ${note}`, `${words} ${note}`] : [`${key} ${words}`];
  const fits = [most, ...less].find((text) => text.length <= letters) ?? words;
  return svg`<g data-write=${write ?? nothing} ${tint(hue)}>
    <rect class="value ${state}" x=${x} y=${y} width=${w} height="24" rx="4"/>
    <text x=${x + 6} y=${y + 16}>${short(fits, letters)}</text>
    ${write == null ? nothing : svg`<circle class="bead ${gone ? 'gone' : ''}" cx=${x + w - 12} cy=${y + 12} r="8.5"/><text class="number" x=${x + w - 12} y=${y + 16}>${write}</text>`}
  </g>`;
}

/** @param {string} text @param {number} letters */
const short = (text, letters) => (text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1))}…`);
/** All of it, or nothing. @param {string} text @param {number} letters */
const whole = (text, letters) => (text.length <= letters ? text : '');

/** @param {Drawing} drawing */
function described({ view, state, key, t }) {
  const told = state.nodes.map((node) => {
    const row = node.rows.find((one) => one.key === key);
    const holds = row ? `${row.key} = ${row.value ?? ''}` : '';
    return { name: node.name, role: roleOf(view, node), said: said(view, node)?.text ?? '', holds };
  });
  return t.described(told);
}
