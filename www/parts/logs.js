// The logs of all nodes, aligned by position: lag is a gap, a lost write a torn end, a divergence a fork.

import { html, nothing } from 'lit-html';
import { guard } from 'lit-html/directives/guard.js';
import { repeat } from 'lit-html/directives/repeat.js';
import { tint } from './marks.js';

/** @typedef {import('../types').Strip} Strip */
/** @typedef {import('../app.js').App} App */

/** @param {App} app */
export function logs(app) {
  return app.part([app.state?.log, app.state?.nodes.map((n) => n.name).join()], () => drawn(app));
}

/** @param {App} app */
function drawn(app) {
  const t = app.words;
  const log = app.state?.log;
  if (!log) return nothing;
  const width = log.last >= log.first ? log.last - log.first + 1 : 0;
  const master = log.strips[0];
  return html`<section class="log" part="log" aria-label=${app.titled(t.log)}>
    <h3>${t.log}</h3>
    ${
      width === 0
        ? html`<p class="none">${t.logEmpty}</p>`
        : html`<div class="scroll" tabindex="0" role="group" aria-label=${t.logKeys} @keydown=${(/** @type {KeyboardEvent} */ e) => keys(app, e)}>
            <table role="table" class="${log.last > 999 ? 'long' : ''} ${app.state?.nodes.some((n) => n.name.length > 6) ? 'named' : ''}">
              <thead role="rowgroup">
                <tr role="row">
                  <th role="columnheader" scope="col"><span class="hidden">${t.columns.node}</span></th>
                  ${guard([log.first, width], () => Array.from({ length: width }, (_, i) => html`<th role="columnheader" scope="col">${log.first + i}</th>`))}
                </tr>
              </thead>
              <tbody role="rowgroup">
                ${repeat(
                  log.strips,
                  (s) => s.node,
                  (s) => html`<tr role="row" data-endpoint=${s.node}>
                    <th role="rowheader" scope="row">${app.nameOf(s.node)}</th>
                    ${guard([signature(s, master), log.first], () => cells(app, s, master, log.first))}
                  </tr>`,
                )}
              </tbody>
            </table>
          </div>`
    }
  </section>`;
}

/** @param {Strip} strip @param {Strip} master */
const signature = (strip, master) =>
  strip.cells.map((c, i) => `${c.state}${c.write ?? ''}${forked(strip, master, i)}`).join();

/** Whether this node has another write here than the master. @param {Strip} strip @param {Strip} master @param {number} i */
function forked(strip, master, i) {
  const mine = strip.cells[i]?.write;
  return (
    strip !== master &&
    mine != null &&
    strip.cells[i].state !== 'sent' &&
    mine !== master.cells[i]?.write &&
    master.cells[i]?.state !== 'snapshot'
  );
}

/** Cells keep their position when the window moves on. @param {App} app @param {Strip} strip @param {Strip} master @param {number} first */
function cells(app, strip, master, first) {
  const t = app.words;
  const one = (/** @type {import('../types').Cell} */ cell, /** @type {number} */ i) => {
    const fork = forked(strip, master, i);
    const word = `${t.cells[cell.state]}${fork ? `, ${t.torn}` : ''}`;
    return html`<td role="cell" class="cell ${cell.state} ${fork ? 'fork' : ''}" data-write=${cell.write ?? nothing} title=${word} ${tint(cell.write != null ? app.hueOf(cell.write) : undefined)}>
      <span>${cell.write ?? ''}<span class="hidden"> ${word}</span></span>
    </td>`;
  };
  return repeat(strip.cells, (_, i) => first + i, one);
}

/** Arrows light up one write after the other. @param {App} app @param {KeyboardEvent} e */
function keys(app, e) {
  const step = e.key === 'ArrowLeft' ? -1 : e.key === 'ArrowRight' ? 1 : 0;
  if (e.key === 'Escape') app.light(undefined);
  if (step === 0) return;
  e.preventDefault();
  e.stopPropagation();
  const writes = [
    ...new Set(app.state?.log.strips.flatMap((s) => s.cells.map((c) => c.write)).filter((w) => w != null)),
  ].sort((a, b) => a - b);
  const at = app.ui.lit === undefined ? (step > 0 ? -1 : writes.length) : writes.indexOf(app.ui.lit);
  const next = writes[Math.max(0, Math.min(writes.length - 1, at + step))];
  app.light(next);
  app.reveal(next);
}
