// A node as a database drum: its name, its values, its switch, and for a slave its two sliders.

import { html, nothing } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import { live } from 'lit-html/directives/live.js';
import { work } from './load.js';
import { badge, icons, tint } from './marks.js';
import { duration, fromPlace, toPlace } from '../run/run-text.js';
import { time } from '../words/words.js';

/** @typedef {import('../types').Node} Node */
/** @typedef {import('../types').Row} Row */
/** @typedef {import('../app.js').App} App */

/** @param {App} app @param {Node} node @param {boolean} compact */
export function nodeCard(app, node, compact) {
  const epochs = app.state?.nodes.some((n) => n.epoch > 1);
  const shown = [node, compact, app.sliders, epochs, node.role === 'slave' ? linkAbove(app, node) : undefined];
  return app.part(shown, () => drawn(app, node, compact));
}

/** @param {App} app @param {Node} node @param {boolean} compact */
function drawn(app, node, compact) {
  const t = app.words;
  const role = node.role === 'master' ? t.roles.master : t.roles.slave;
  const rows = compact ? node.rows.slice(-1) : node.rows;
  const more = node.rows.length - rows.length + node.rowsMore;
  const faults = app.shows('faults');
  const name = html`<b>${node.name}</b><span class="role">${role}</span>`;
  return html`<article
    part="node"
    class="node ${node.role} ${node.process} ${compact ? 'compact' : ''}"
    data-node=${node.id}
    data-endpoint=${node.id}
    aria-label="${node.name}, ${role}"
  >
    <div class="lid" aria-hidden="true"></div>
    <header>
      ${
        faults
          ? html`<button class="name" aria-haspopup="dialog" @click=${(/** @type {Event} */ e) => app.openMenu({ kind: 'node', id: node.id }, e)}>
        ${name}<span class="hidden">${t.menuOf(node.name)}</span>
      </button>`
          : html`<span class="name">${name}</span>`
      }
      ${
        compact
          ? html`<span class="position">#${node.applied}</span>`
          : !faults
            ? nothing
            : html`<button
              class="power"
              role="switch"
              aria-checked=${node.process !== 'down'}
              aria-label=${t.powerOf(node.name)}
              title=${node.process === 'down' ? t.start : t.crash}
              ?disabled=${app.locked('faults')}
              @click=${() => app.command(`${node.process === 'down' ? 'start' : 'crash'} ${node.name}`)}
            >
              ${icons.power}
            </button>`
      }
    </header>
    <p class="standing">${standing(app, node, compact)}</p>
    ${work(app, node)}
    <ul class="rows" aria-label=${t.columns.rows}>
      ${repeat(
        rows,
        (row) => row.key,
        (row) => rowLine(app, row),
      )}
      ${rows.length === 0 ? html`<li class="none">${t.empty}</li>` : nothing}
      ${more > 0 && !compact ? html`<li class="none">${t.rowsMore(more)}</li>` : nothing}
    </ul>
    ${node.role === 'slave' && app.sliders && faults ? html`<div class="sliders">${lagSlider(app, node)}${applySlider(app, node)}</div>` : nothing}
    ${node.process === 'frozen' ? html`<div class="frost" aria-hidden="true">${icons.snow}</div>` : nothing}
  </article>`;
}

/** How it stands, in a few words. @param {App} app @param {Node} node @param {boolean} compact */
function standing(app, node, compact) {
  const t = app.words;
  /** @type {unknown[]} */
  const said = compact ? [] : [html`<span class="position" title=${t.position}>#${node.applied}</span>`];
  if (node.process === 'down') said.push(html`<span>${t.off}</span>`);
  else if (node.process === 'frozen') said.push(html`<span>${t.frozen}</span>`);
  if (node.role === 'slave' && node.process === 'up' && !['streaming', 'denied'].includes(node.replication))
    said.push(html`<span>${t.streams[node.replication] ?? node.replication}</span>`);
  if (node.denial) said.push(html`<span class="late" title=${node.denial}>${t.refused}</span>`);
  if (node.aside) said.push(html`<span class="late" title=${t.asideHelp}>${t.aside}</span>`);
  if (app.state?.nodes.some((n) => n.epoch > 1))
    said.push(html`<span title=${t.epochHelp}>${t.epoch(node.epoch)}</span>`);
  if (node.degraded) said.push(html`<span class="late">${t.degraded}</span>`);
  if (node.applyPaused) said.push(html`<span>${t.applyPaused}</span>`);
  if (node.applySpeed != null) said.push(html`<span>${t.applySpeed(node.applySpeed)}</span>`);
  if (node.priority !== 100) said.push(html`<span>${t.priority(node.priority)}</span>`);
  if (node.waiting > 0) said.push(html`<span>${t.waiting(node.waiting)}</span>`);
  if (node.behind > 0) said.push(html`<span class="late">${t.behind(node.behind)}</span>`);
  if (node.diverged) said.push(html`<span class="bad">${t.diverged}</span>`);
  return said;
}

/** @param {App} app @param {Row} row */
function rowLine(app, row) {
  const t = app.words;
  const word = row.write == null ? '' : (t.rowStates[row.state] ?? '');
  return html`<li title=${row.versionsBehind > 0 ? t.behind(row.versionsBehind) : nothing} class="kv ${row.state}" data-write=${row.write ?? nothing} ${tint(row.write != null ? app.hueOf(row.write) : undefined)}>
    <span class="key">${row.key}</span>
    <span class="value">${row.value ?? (row.write == null ? html`–<span class="hidden"> ${t.never}</span>` : t.deleted)}</span>
    ${row.write != null ? badge(row.write, app.hueOf(row.write)) : nothing}
    ${word ? html`<span class="word">${word}</span>` : nothing}
  </li>`;
}

/**
 * A logarithmic slider for a duration: shows while it is dragged, commands when it is let go.
 * @param {App} app
 * @param {{ id: string, word: string, label: string, us: number, zero: boolean, line: (text: string) => string }} s
 */
export function durationSlider(app, s) {
  const us = app.ui.drag.get(s.id) ?? s.us;
  const place = app.ui.drag.has(s.id) ? undefined : toPlace(s.us);
  return html`<label class="slider">
    <span class="what">${s.word}</span>
    <input
      type="range"
      min="0"
      max="100"
      .value=${live(String(place ?? toPlace(us)))}
      aria-label=${s.label}
      aria-valuetext=${time(us)}
      ?disabled=${app.locked('faults')}
      @input=${(/** @type {Event} */ e) => {
        app.ui.drag.set(s.id, fromPlace(Number(/** @type {HTMLInputElement} */ (e.target).value), s.zero));
        app.changed();
      }}
      @change=${(/** @type {Event} */ e) => {
        app.ui.drag.delete(s.id);
        app.command(s.line(duration(fromPlace(Number(/** @type {HTMLInputElement} */ (e.target).value), s.zero))));
      }}
    />
    <output>${time(us)}</output>
  </label>`;
}

/** The link to the node that it follows. @param {App} app @param {Node} node */
const linkAbove = (app, node) => app.linkBetween(node.upstream ?? app.state?.nodes[0]?.id ?? 0, node.id);

/** @param {App} app @param {Node} node */
export function lagSlider(app, node) {
  const link = linkAbove(app, node);
  if (!link) return nothing;
  const master = app.nameOf(link.a === node.id ? link.b : link.a);
  return durationSlider(app, {
    id: `lag ${node.id}`,
    word: app.words.lag,
    label: app.words.lagOf(node.name),
    us: (link.b === node.id ? link.forth : link.back).latencyUs,
    zero: false,
    line: (text) => `link ${master}-${node.name} latency ${text}`,
  });
}

/** @param {App} app @param {Node} node */
export function applySlider(app, node) {
  return durationSlider(app, {
    id: `apply ${node.id}`,
    word: app.words.apply,
    label: app.words.applyOf(node.name),
    us: node.applyDelayUs,
    zero: true,
    line: (text) => `delay ${node.name} ${text}`,
  });
}
