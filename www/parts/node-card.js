// A node as a database drum: its name, its values, its switch, and for a slave its two sliders.

import { html, nothing } from 'lit-html';
import { keyed } from 'lit-html/directives/keyed.js';
import { live } from 'lit-html/directives/live.js';
import { work } from './load.js';
import { standingOf } from '../model/standing.js';
import { linesOf, rowsOf } from '../model/rows.js';
import { duration, fromPlace, toPlace } from '../model/run-text.js';
import { time } from '../words/words.js';
import { badge, icons, room, stand, tint } from './marks.js';
import { part } from './view.js';

/** @typedef {import('../types').Node} Node */
/** @typedef {import('../types').Row} Row */
/** @typedef {import('./view.js').View} View */

/** Narrower ones have no room for a key beside its value, px. */
const SLIM = 140;

/** @param {View} view @param {Node} node @param {import('../model/paths.js').Box | undefined} box @param {string[]} keys those that were written last @param {boolean} compact */
export function nodeCard(view, node, box, keys, compact) {
  const epochs = view.state?.nodes.some((n) => n.epoch > 1);
  const link = node.role === 'slave' ? linkAbove(view, node) : undefined;
  const shown = [node, box, compact, view.sliders, epochs, keys.join(), link?.forth.latencyUs, link?.a];
  return part(view, shown, () => drawn(view, node, box, keys, compact));
}

/** @param {View} view @param {Node} node @param {import('../model/paths.js').Box | undefined} box @param {string[]} keys @param {boolean} compact */
function drawn(view, node, box, keys, compact) {
  const t = view.words;
  const role = node.role === 'master' ? t.roles.master : t.roles.slave;
  const { rows, more } = rowsOf(
    node,
    keys,
    compact ? 1 : linesOf(view.mode, view.crowding.includes('tight'), view.height),
  );
  const faults = view.shows('faults');
  const slim = box?.w !== undefined && box.w < SLIM;
  // On a card of another width, its words are others, and not those of before in another place.
  const name = keyed(box?.w, html`<b>${node.name}</b><span class="role">${role}</span>`);
  return html`<article
    part="node"
    class="node ${node.role} ${node.process} ${compact ? 'compact' : ''} ${slim ? 'slim' : ''}"
    data-node=${node.id}
    data-endpoint=${node.id}
    aria-label="${node.name}, ${role}"
    ${stand(box)}
  >
    <div class="lid" aria-hidden="true"></div>
    <header>
      ${
        faults
          ? html`<button class="name" data-do="node ${node.name}" aria-haspopup="dialog" @click=${(/** @type {Event} */ e) => view.act.openMenu({ kind: 'node', id: node.id }, e)}>
        ${name}<span class="hidden">${t.menuOf(node.name)}</span>
      </button>`
          : html`<span class="name">${name}</span>`
      }
      ${
        compact
          ? keyed(
              `${box?.w} ${room(node.applied)}`,
              html`<span class="position" title=${t.position}>${t.place(node.applied)}</span>`,
            )
          : !faults
            ? nothing
            : html`<button
            class="power"
              data-do="power ${node.name}"
              role="switch"
              aria-checked=${node.process !== 'down'}
              aria-label=${t.powerOf(node.name)}
              title=${node.process === 'down' ? t.start : t.crash}
              ?disabled=${view.locked('faults')}
              @click=${() => view.act.command(`${node.process === 'down' ? 'start' : 'crash'} ${node.name}`)}
            >
              ${icons.power}
            </button>`
      }
    </header>
    <p class="standing">${standing(view, node, compact, box?.w)}</p>
    ${work(view, node)}
    <ul class="rows" aria-label=${t.columns.rows}>
      ${rows.map((row) => keyed(`${box?.w} ${room(row.key, row.value, row.write, row.state)}`, rowLine(view, row)))}
      ${rows.length === 0 ? html`<li class="none">${t.empty}</li>` : nothing}
      ${more > 0 && rows.length > 0 ? html`<li class="none">${t.rowsMore(more)}</li>` : nothing}
    </ul>
    ${node.role === 'slave' && view.sliders ? html`<div class="sliders">${lagSlider(view, node)}${applySlider(view, node)}</div>` : nothing}
    ${node.process === 'frozen' ? html`<div class="frost" aria-hidden="true">${icons.snow}</div>` : nothing}
  </article>`;
}

/** @param {View} view @param {Node} node @param {boolean} compact @param {number} [width] */
function standing(view, node, compact, width) {
  const epochs = view.state?.nodes.some((n) => n.epoch > 1);
  const said = standingOf(node, view.words, { epochs, compact });
  return keyed(
    `${width} ${room(...said.map(({ text }) => text))}`,
    said.map(({ text, kind, help }) => html`<span class=${kind} title=${help ?? nothing}>${text}</span> `),
  );
}

/** @param {View} view @param {Row} row */
function rowLine(view, row) {
  const t = view.words;
  const word = row.write == null ? '' : (t.rowStates[row.state] ?? '');
  const title = row.versionsBehind > 0 ? `${word}: ${t.behind(row.versionsBehind)}` : word;
  return html`<li title=${title || nothing} class="kv ${row.state}" data-write=${row.write ?? nothing} ${tint(row.write != null ? view.hueOf(row.write) : undefined)}>
    <span class="key">${row.key}</span>
    <span class="value">${row.value ?? (row.write == null ? html`–<span class="hidden"> ${t.never}</span>` : t.deleted)}</span>
    ${row.write != null ? badge(row.write, view.hueOf(row.write)) : nothing}
    ${word ? html`<span class="word">${word}</span>` : nothing}
  </li>`;
}

/**
 * A logarithmic slider for a duration: shows while it is dragged, commands when it is let go.
 * @param {View} view
 * @param {{ id: string, word: string, label: string, us: number, zero: boolean, line: (text: string) => string }} s
 */
export function durationSlider(view, s) {
  const us = view.ui.drag.get(s.id) ?? s.us;
  const place = view.ui.drag.has(s.id) ? undefined : toPlace(s.us);
  return html`<label class="slider">
    <span class="what">${s.word}</span>
    <input
      type="range"
      min="0"
      max="100"
      .value=${live(String(place ?? toPlace(us)))}
      aria-label=${s.label}
      aria-valuetext=${time(us)}
      ?disabled=${view.locked('faults')}
      @input=${(/** @type {Event} */ e) => {
        view.ui.drag.set(s.id, fromPlace(Number(/** @type {HTMLInputElement} */ (e.target).value), s.zero));
        view.act.changed();
      }}
      @change=${(/** @type {Event} */ e) => {
        view.ui.drag.delete(s.id);
        view.act.command(s.line(duration(fromPlace(Number(/** @type {HTMLInputElement} */ (e.target).value), s.zero))));
      }}
    />
    <output>${time(us)}</output>
  </label>`;
}

/** The link to the node that it follows. @param {View} view @param {Node} node */
const linkAbove = (view, node) => view.linkBetween(node.upstream ?? view.state?.nodes[0]?.id ?? 0, node.id);

/** @param {View} view @param {Node} node */
export function lagSlider(view, node) {
  const link = linkAbove(view, node);
  if (!link) return nothing;
  const master = view.nameOf(link.a === node.id ? link.b : link.a);
  return durationSlider(view, {
    id: `lag ${node.id}`,
    word: view.words.lag,
    label: view.words.lagOf(node.name),
    us: (link.b === node.id ? link.forth : link.back).latencyUs,
    zero: false,
    line: (text) => `link ${master}-${node.name} latency ${text}`,
  });
}

/** @param {View} view @param {Node} node */
export function applySlider(view, node) {
  return durationSlider(view, {
    id: `apply ${node.id}`,
    word: view.words.apply,
    label: view.words.applyOf(node.name),
    us: node.applyDelayUs,
    zero: true,
    line: (text) => `delay ${node.name} ${text}`,
  });
}
