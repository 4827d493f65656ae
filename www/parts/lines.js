// The lines between those who talk to each other, and what stands at them.

import { html, svg, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { time } from '../words/words.js';
import { stand } from './marks.js';

/** @typedef {import('../types').Link} Link */
/** @typedef {import('../types').Direction} Direction */
/** @typedef {import('../model/paths.js').Path} Path */
/** @typedef {import('../model/picture.js').Picture} Picture */
/** @typedef {import('./view.js').View} View */

/** All that the lines and their labels show. @param {View} view @param {Picture} picture @returns {unknown[]} */
export function shownLines(view, picture) {
  const links = [...view.links.values()].map(({ a, b, forth, back }) => {
    const rate = Math.max(forth.rate, back.rate);
    return [a, b, forth.state, back.state, forth.latencyUs, back.latencyUs, view.flows(rate) ? rate : 0].join();
  });
  const connected = (view.state?.nodes ?? []).map((node) => node.replication);
  return [picture, view.state?.settings.values.router, view.state?.load == null, links.join(' '), connected.join()];
}

/** Both ways alike are one line; different ones are two beside each other. @param {Link} link */
const alike = (link) => link.forth.state === link.back.state;

/** @param {Path} path @param {Direction['state']} state @param {number} shift @param {string} kind */
function line(path, state, shift, kind) {
  // Two signs beside each other would lie on top of each other: each moves aside.
  const mid = path.mark - Math.sign(shift) * Math.min(13, path.length - path.mark - 10);
  if (state === 'cut') {
    const [x, y, dx, dy] = path.walk(mid, [0, 0, 0, 0]);
    return svg`<path class="line cut ${kind}" d="${path.data(0, mid - 13, shift)}${path.data(mid + 13, path.length, shift)}"/>
      <g class="sign" transform="translate(${x - dy * shift} ${y + dx * shift}) rotate(${(Math.atan2(dy, dx) * 180) / Math.PI})"><path d="M-6 -5L6 5M-6 5L6 -5"/><circle cx="-7.5" cy="-6" r="2.2"/><circle cx="-7.5" cy="6" r="2.2"/></g>`;
  }
  if (state === 'held') {
    const [x, y, dx, dy] = path.walk(mid, [0, 0, 0, 0]);
    return svg`<path class="line held ${kind}" d=${path.data(0, path.length, shift)}/>
      <g class="sign" transform="translate(${x - dy * shift} ${y + dx * shift})"><circle class="disc" r="9"/><path d="M-2.6 -4V4M2.6 -4V4"/></g>`;
  }
  return svg`<path class="line ${kind}" d=${path.data(0, path.length, shift)}/>`;
}

/** How many messages a second take a way on which single ones cannot be told apart. @param {Path} path @param {number} rate */
function rateSign(path, rate) {
  const [x, y] = path.walk(path.length * 0.3, [0, 0, 0, 0]);
  return svg`<text class="rate" x=${x + 9} y=${y + 4}>${rate}/s</text>`;
}

/** Which way a line of its own goes: an arrowhead near its end. @param {Path} path @param {boolean} forth @param {number} shift */
function arrow(path, forth, shift) {
  const [x, y, dx, dy] = path.walk(forth ? path.length - 20 : 20, [0, 0, 0, 0]);
  const turn = (Math.atan2(dy, dx) * 180) / Math.PI + (forth ? 0 : 180);
  return svg`<path class="arrow" transform="translate(${x - dy * shift} ${y + dx * shift}) rotate(${turn})" d="M5 0L-4 -4.500V4.500z"/>`;
}

/** A slave's line is broken up while it is not connected to the node that it follows. @param {View} view @param {Link} link */
function isLoose(view, { carries, b }) {
  const slave = carries === 'log' && view.state?.nodes.find((node) => node.id === b);
  return slave && slave.replication !== 'streaming';
}

/** The lines of all links. @param {View} view @param {Picture} picture */
export function lines(view, picture) {
  /** @type {unknown[]} */
  const drawn = [];
  for (const [key, link] of view.links) {
    const path = picture.pathOf(key);
    // Signs of life need no line, unless it is broken.
    if (!path || (link.carries === 'watch' && alike(link) && link.forth.state === 'open')) continue;
    const kind = `${link.carries === 'log' ? 'log' : 'requests'} ${isLoose(view, link) ? 'loose' : ''}`;
    if (alike(link)) drawn.push(line(path, link.forth.state, 0, kind));
    else
      drawn.push(
        line(path, link.forth.state, 4, kind),
        line(path, link.back.state, -4, kind),
        arrow(path, true, 4),
        arrow(path, false, -4),
      );
    const rate = Math.max(link.forth.rate, link.back.rate);
    if (view.flows(rate)) drawn.push(rateSign(path, rate));
    drawn.push(svg`<path class="touch" data-link=${key} d=${path.data()}/>`);
  }
  // One who has not asked yet has no links.
  for (const client of picture.clients.keys())
    for (const node of client < 0 ? picture.boxes.keys() : []) {
      const path = picture.paths.get(`${client}-${node}`);
      if (path) drawn.push(line(path, 'open', 0, 'requests'));
    }
  return svg`${drawn}${picture.mode === 'row' ? captions(view, picture) : nothing}`;
}

/** Which requests take which way: commands up, queries down. @param {View} view @param {Picture} picture */
function captions(view, picture) {
  const t = view.words;
  const { state } = view;
  const [first, ...others] = picture.roots;
  const slave = state?.nodes.find((node) => !picture.roots.has(node.id));
  const clients = view.clients();
  if (!state || first === undefined || !slave || others.length > 0 || clients.length > 2 || state.load) return nothing;
  const up = picture.paths.get(`${clients[0].id}-${first}`);
  const down = picture.paths.get(`${clients[clients.length - 1].id}-${slave.id}`);
  if (!up || !down) return nothing;
  const reads = state.settings.values.router === 'master';
  const text = (/** @type {Path} */ path, /** @type {string} */ words) => {
    const [x, y] = path.walk(62, [0, 0, 0, 0]);
    return svg`<text class="caption" transform="translate(${x - 8 - (clients.length - 1) * 7} ${y}) rotate(-90)">${words}</text>`;
  };
  return svg`${text(up, reads ? `${t.writes}, ${t.reads}` : t.writes)}${reads ? nothing : text(down, t.reads)}`;
}

/** A button at each link of the log, to see and change it. @param {View} view @param {Picture} picture */
export function labels(view, picture) {
  const t = view.words;
  const point = [0, 0, 0, 0];
  return repeat(
    [...view.links].filter(([key, link]) => link.carries === 'log' && picture.paths.has(key)),
    ([key]) => key,
    ([key, l]) => {
      const path = /** @type {Path} */ (picture.paths.get(key));
      path.walk(path.length * (picture.mode === 'row' ? 0.56 : 0.5), point);
      const left = point[2] < -0.2;
      const states = [l.forth.state, l.back.state].filter((s) => s !== 'open');
      return html`<button
        class="label ${states.length ? 'broken-link' : ''} ${left ? 'left' : ''}"
        data-label=${key}
        data-do="link ${view.nameOf(l.a)}-${view.nameOf(l.b)}"
        aria-haspopup="dialog"
        ?disabled=${!view.shows('faults')}
        ${stand({ x: point[0] + (left ? -14 : 14), y: point[1] })}
        @click=${(/** @type {Event} */ e) => view.act.openMenu({ kind: 'link', a: l.a, b: l.b }, e)}
      >
        <span class="hidden">${t.linkOf(view.nameOf(l.a), view.nameOf(l.b))}: </span>${states.length ? t.linkStateWords[states[0]] : time(l.forth.latencyUs)}${
          !states.length && l.back.latencyUs !== l.forth.latencyUs ? html` / ${time(l.back.latencyUs)}` : nothing
        }
      </button>`;
    },
  );
}
