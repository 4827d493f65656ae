// The logs of all nodes, aligned by position: lag is a gap, a lost write a torn end, a divergence a fork. Each node has its
// row from the start, and there are always as many places: what is logged moves nothing.

import { html, nothing } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { keyed } from 'lit-html/directives/keyed.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { isForked, placesFor, placesOf, signature, step, writesOf } from '../model/log.js';
import { room, stand, tint } from './marks.js';
import { part } from './view.js';

/** @typedef {import('../types').Strip} Strip */
/** @typedef {import('./view.js').View} View */

/** How wide the names are, as `--name` in log.css has it, px. */
const NAME = { short: 58, long: 112 };

/** @param {View} view */
export function logs(view) {
  const { log, nodes } = view.state ?? {};
  if (!log) return nothing;
  return part(view, [log, nodes?.map((n) => n.name).join()], () => drawn(view, log));
}

/** @param {View} view @param {import('../types').State['log']} log */
function drawn(view, log) {
  const t = view.words;
  const places = placesOf(log);
  const master = log.strips[0];
  const strips = [...log.strips].sort((a, b) => a.node - b.node);
  const named = view.state?.nodes.some((n) => n.name.length > 6);
  const many = view.flows(view.state?.load?.writes ?? 0);
  const { over, at, key } = placesFor(log.first, named ? NAME.long : NAME.short, many);
  const digits = String(Math.max(log.last, ...(view.state?.writes.slice(-1).map((w) => w.id) ?? []))).length;
  return html`<section class="log" part="log" aria-label=${view.titled(t.log)}>
    <h3>${t.log} <small class=${log.last > 0 ? 'hidden' : ''}>${t.logEmpty}</small></h3>
    <div class="scroll" tabindex="0" role="group" aria-label=${t.logKeys} data-last=${log.last} data-first=${log.first} @keydown=${(/** @type {KeyboardEvent} */ e) => keys(view, e)}>
      <table role="table" class="${digits > 4 ? `digits-${Math.min(digits, 6)}` : ''} ${named ? 'named' : ''}">
        <thead role="rowgroup">
          <tr role="row" ${stand({ x: -over })}>
            <th role="columnheader" scope="col" ${stand({ x: over })}><span class="hidden">${t.columns.node}</span></th>
            ${part(view, [log.first, named, many], () => repeat(places, key, (lsn) => html`<th role="columnheader" scope="col" ${stand({ left: at(lsn) })}>${keyed(room(lsn), html`<span>${lsn}</span>`)}</th>`))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${repeat(
            strips,
            (s) => s.node,
            (s) => html`<tr role="row" data-endpoint=${s.node} ${stand({ x: -over })}>
              <th role="rowheader" scope="row" ${stand({ x: over })}>${view.nameOf(s.node)}</th>
              ${part(view, [signature(s, master), log.first, named, many], () => repeat(places.slice(0, s.cells.length), key, (lsn, i) => cell(view, s, master, i, at(lsn))))}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

/** @param {View} view @param {Strip} strip @param {Strip} master @param {number} i @param {number} x */
function cell(view, strip, master, i, x) {
  const t = view.words;
  const { state, write: id } = strip.cells[i];
  const fork = isForked(strip, master, i);
  const write = id ?? undefined;
  return guard([state, write, fork, x, t], () => {
    const word = `${t.cells[state]}${fork ? `, ${t.torn}` : ''}`;
    return html`<td role="cell" class="cell ${state} ${fork ? 'fork' : ''}" data-write=${write ?? nothing} title=${word} ${stand({ left: x })} ${tint(write !== undefined ? view.hueOf(write) : undefined)}>${keyed(room(write), html`<span>${write ?? ''}<span class="hidden"> ${word}</span></span>`)}</td>`;
  });
}

/** Arrows light up one write after the other. @param {View} view @param {KeyboardEvent} e */
function keys(view, e) {
  const way = e.key === 'ArrowLeft' ? -1 : e.key === 'ArrowRight' ? 1 : 0;
  if (e.key === 'Escape') view.act.light(undefined);
  if (way === 0) return;
  e.preventDefault();
  e.stopPropagation();
  const next = step(writesOf(view.state?.log.strips ?? []), view.ui.lit, way);
  view.act.light(next);
  view.act.reveal(next);
}
