// The stage: cards where the picture has them, lines behind them, beads above the lines.

import { html, nothing } from 'lit-html';
import { keyed } from 'lit-html/directives/keyed.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { latestKeys } from '../model/rows.js';
import { nextSlave } from '../model/run-text.js';
import { labels, lines, shownLines } from './lines.js';
import { icons, sentence, stand } from './marks.js';
import { nodeCard } from './node-card.js';
import { dragToPromote } from './promote-drag.js';
import { part } from './view.js';

/** @typedef {import('../model/picture.js').Picture} Picture */
/** @typedef {import('./view.js').View} View */

/** @param {View} view */
export function stage(view) {
  const { state, picture } = view;
  if (!state || !picture) return nothing;
  const { nodes, clients, observers, load, links } = state;
  return part(view, [nodes, clients, observers, load, links, picture], () => drawn(view, state, picture));
}

/** @param {View} view @param {import('../types').State} state @param {Picture} picture */
function drawn(view, state, picture) {
  const t = view.words;
  const { mode, crowding } = view;
  const [master] = state.nodes;
  const keys = latestKeys(state.nodes);
  const inOrder = [...state.nodes].sort((a, b) => a.id - b.id);
  const isCompact = (/** @type {import('../types').Node} */ { id }) =>
    view.compact && !((mode === 'grid' || view.phone) && picture.roots.has(id));
  const split = picture.roots.size > 1;
  return html`<section class="stage ${mode} ${crowding}" part="stage" ${stand({ h: picture.height })} aria-label=${view.titled(t.stage)} @click=${(/** @type {MouseEvent} */ e) => view.act.pressStage(e)} @pointerdown=${(/** @type {PointerEvent} */ e) => dragToPromote(view, e)}>
    ${view.surface.layout === 'full' && view.shows('settings') ? html`<button class="second small skip" @click=${() => skip(view)}>${t.skipPicture}</button>` : nothing}
    <svg class="lines" aria-hidden="true">${part(view, shownLines(view, picture), () => lines(view, picture))}</svg>
    <canvas aria-hidden="true"></canvas>
    ${clientButtons(view, picture)} ${watchers(view)}
    <div class="masters" data-words=${t.promote} ${stand(master && picture.boxes.get(master.id))}></div>
    ${repeat(
      inOrder,
      // A card that becomes a small one is another card: what is in it does not move, it is new.
      (node) => `${node.id} ${isCompact(node)}`,
      (node) => nodeCard(view, node, picture.boxes.get(node.id), keys, isCompact(node)),
    )}
    <div class="labels">${part(view, shownLines(view, picture), () => labels(view, picture))}</div>
    ${view.shows('faults') ? keyed(split, html`<button class="quiet add ${split ? 'aside' : ''}" ?disabled=${inOrder.length > 32 || view.locked('faults')} @click=${() => view.act.command(`add ${nextSlave(state.nodes)}`)}>${icons.plus} ${t.addSlave}</button>`) : nothing}
  </section>`;
}

/** The picture has many stops for the Tab key. @param {View} view */
const skip = (view) => /** @type {HTMLElement | null} */ (view.root.querySelector('.experiment select'))?.focus();

/** @param {View} view @param {Picture} picture */
function clientButtons(view, picture) {
  const t = view.words;
  const load = view.state?.load;
  return repeat(
    view.clients(),
    (c) => c.name,
    (c) => html`<button
      class="client ${c.name === view.ui.session ? 'current' : ''}"
      data-client=${c.id}
      data-endpoint=${c.id}
      aria-haspopup="dialog"
      ?disabled=${!view.can('requests')}
      ${stand(picture.clients.get(c.id))}
      @click=${(/** @type {Event} */ e) => view.act.openMenu({ kind: 'client', name: c.name }, e)}
    >
      <span class="hidden">${t.client} </span><span class="who">${c.name}</span>${load && c.id === load.client ? rates(view, load) : nothing}${c.pending ? html`<span class="pending"><span class="hidden">${t.outcomes.pending}</span></span>` : nothing}
    </button>`,
  );
}

/** Who watches over the masters. @param {View} view */
function watchers(view) {
  const all = view.state?.observers ?? [];
  if (all.length === 0) return nothing;
  return html`<div class="observers" role="group" aria-label=${view.words.watches}>
    ${all.map(
      (o) =>
        html`<button class="observer ${o.state}" data-observer=${o.id} data-endpoint=${o.id} aria-haspopup="dialog" ?disabled=${!view.shows('faults')} @click=${(/** @type {Event} */ e) => view.act.openMenu({ kind: 'node', id: o.id }, e)}><b>${o.name}</b> <span>${sentence(o.parts)}</span></button>`,
    )}
  </div>`;
}

/** What a load has got done in the last second. @param {View} view @param {import('../types').Load} load */
function rates(view, { reads, writes, failed }) {
  const t = view.words;
  return keyed(
    `${reads} ${writes} ${failed}`,
    html`<span class="rates"><span>${t.readsPerSecond(reads)}</span> <span>${t.writesPerSecond(writes)}</span> ${failed ? html`<span class="bad">${t.failedPerSecond(failed)}</span>` : nothing}</span>`,
  );
}
