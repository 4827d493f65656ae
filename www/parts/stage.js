// The stage: cards laid out by CSS, lines behind them, beads above the lines.

import { html, svg, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { icons, sentence } from './marks.js';
import { nodeCard } from './node-card.js';
import { dragToPromote } from './promote-drag.js';
import { nextSlave } from '../run/run-text.js';
import { time } from '../words/words.js';

/** @typedef {import('../types').Link} Link */
/** @typedef {import('../types').Direction} Direction */
/** @typedef {import('../model/layout.js').Path} Path */
/** @typedef {import('../app.js').App} App */

/** @param {App} app */
export function stage(app) {
  const { state } = app;
  if (!state) return nothing;
  const { nodes, clients, observers, load, links } = state;
  return app.part([nodes, clients, observers, load, links, app.mode, app.crowding], () => drawn(app, state));
}

/** @param {App} app @param {import('../types').State} state */
function drawn(app, state) {
  const t = app.words;
  const [master, ...slaves] = state.nodes;
  return html`<section class="stage ${app.mode} ${app.crowding}" part="stage" aria-label=${app.titled(t.stage)} @click=${(/** @type {MouseEvent} */ e) => app.pressStage(e)} @pointerdown=${(/** @type {PointerEvent} */ e) => dragToPromote(app, e)}>
    <svg class="lines" aria-hidden="true"></svg>
    <canvas aria-hidden="true"></canvas>
    <div class="clients">
      ${repeat(
        app.clients(),
        (c) => c.name,
        (c) => html`<button
          class="client ${c.name === app.ui.session ? 'current' : ''}"
          data-client=${c.id}
          data-endpoint=${c.id}
          aria-haspopup="dialog"
          ?disabled=${!app.can('requests')}
          @click=${(/** @type {Event} */ e) => app.openMenu({ kind: 'client', name: c.name }, e)}
        >
          <span class="hidden">${t.client} </span><span class="who">${c.name}</span>${c.id === state.load?.client ? rates(app, state.load) : nothing}${c.pending ? html`<span class="pending"><span class="hidden">${t.outcomes.pending}</span></span>` : nothing}
        </button>`,
      )}
    </div>
    ${
      state.observers.length > 0
        ? html`<div class="observers" role="group" aria-label=${t.watches}>
            ${state.observers.map(
              (
                o,
              ) => html`<button class="observer ${o.state}" data-observer=${o.id} data-endpoint=${o.id} aria-haspopup="dialog" ?disabled=${!app.shows('faults')} @click=${(/** @type {Event} */ e) => app.openMenu({ kind: 'node', id: o.id }, e)}>
                <b>${o.name}</b> <span>${sentence(o.parts)}</span>
              </button>`,
            )}
          </div>`
        : nothing
    }
    <div class="masters" data-words=${t.promote}>${master ? nodeCard(app, master, false) : nothing}</div>
    <div class="slaves">
      ${repeat(
        slaves,
        (n) => n.id,
        (n) => nodeCard(app, n, app.compact),
      )}
    </div>
    <div class="labels"></div>
    ${app.shows('faults') ? html`<button class="quiet add" ?disabled=${slaves.length >= 32 || app.locked('faults')} @click=${() => app.command(`add ${nextSlave(state.nodes)}`)}>${icons.plus} ${t.addSlave}</button>` : nothing}
  </section>`;
}

/** What a load has got done in the last second. @param {App} app @param {import('../types').Load} load */
function rates(app, { reads, writes, failed }) {
  const t = app.words;
  return html`<span class="rates"><span>${t.readsPerSecond(reads)}</span> <span>${t.writesPerSecond(writes)}</span> ${failed ? html`<span class="bad">${t.failedPerSecond(failed)}</span>` : nothing}</span>`;
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

/** The lines of all links. @param {App} app */
export function lines(app) {
  /** @type {unknown[]} */
  const drawn = [];
  for (const [key, path] of app.paths) {
    const link = app.links.get(key);
    // Signs of life need no line, unless it is broken.
    if (link?.carries === 'watch' && alike(link) && link.forth.state === 'open') continue;
    const kind = link?.carries === 'log' || (!link && app.isNode(Number(key.split('-')[0]))) ? 'log' : 'requests';
    if (!link || alike(link)) drawn.push(line(path, link?.forth.state ?? 'open', 0, kind));
    else
      drawn.push(
        line(path, link.forth.state, 4, kind),
        line(path, link.back.state, -4, kind),
        arrow(path, true, 4),
        arrow(path, false, -4),
      );
    const rate = link ? Math.max(link.forth.rate, link.back.rate) : 0;
    if (link && app.flows(rate)) drawn.push(rateSign(path, rate));
    if (link) drawn.push(svg`<path class="touch" data-link=${key} d=${path.data()}/>`);
  }
  return svg`${drawn}${app.mode === 'row' ? captions(app) : nothing}`;
}

/** Which requests take which way: commands up, queries down. @param {App} app */
function captions(app) {
  const t = app.words;
  const { state } = app;
  const [master, slave] = state?.nodes ?? [];
  const clients = app.clients();
  if (!state || !master || !slave || clients.length > 2 || state.load) return nothing;
  const up = app.paths.get(`${clients[0].id}-${master.id}`);
  const down = app.paths.get(`${clients[clients.length - 1].id}-${slave.id}`);
  if (!up || !down) return nothing;
  const reads = state.settings.values.router === 'master';
  const text = (/** @type {Path} */ path, /** @type {string} */ words) => {
    const [x, y] = path.walk(62, [0, 0, 0, 0]);
    return svg`<text class="caption" transform="translate(${x - 8 - (clients.length - 1) * 7} ${y}) rotate(-90)">${words}</text>`;
  };
  return svg`${text(up, reads ? `${t.writes}, ${t.reads}` : t.writes)}${reads ? nothing : text(down, t.reads)}`;
}

/** A button at each link of the log, to see and change it. Positions are set by the app. @param {App} app */
export function labels(app) {
  const t = app.words;
  return html`${repeat(
    [...app.links.values()].filter((l) => l.carries === 'log' && app.paths.has(`${l.a}-${l.b}`)),
    (l) => `${l.a}-${l.b}`,
    (l) => {
      const states = [l.forth.state, l.back.state].filter((s) => s !== 'open');
      return html`<button
        class="label ${states.length ? 'broken-link' : ''}"
        data-label="${l.a}-${l.b}"
        aria-haspopup="dialog"
        ?disabled=${!app.shows('faults')}
        @click=${(/** @type {Event} */ e) => app.openMenu({ kind: 'link', a: l.a, b: l.b }, e)}
      >
        <span class="hidden">${t.linkOf(app.nameOf(l.a), app.nameOf(l.b))}: </span>${states.length ? t.linkStateWords[states[0]] : time(l.forth.latencyUs)}${
          !states.length && l.back.latencyUs !== l.forth.latencyUs ? html` / ${time(l.back.latencyUs)}` : nothing
        }
      </button>`;
    },
  )}`;
}
