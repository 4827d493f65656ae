// What takes more room than the stage has: lag in all its parts, what reading costs, and the autopsy of each failover.

import { html, nothing } from 'lit-html';
import { sentence } from '../parts/marks.js';
import { allWords } from '../words/later-words.js';
import { clock, time } from '../words/words.js';

/** @typedef {import('../types').Stage} Stage */
/** @typedef {import('../types').Lag} Lag */
/** @typedef {import('../parts/view.js').View} View */

/** Fetched again when the run has changed, and only while it is shown. */
export class Report {
  /** @type {import('../types').Report | undefined} */ data;
  #version = -1;

  /** @param {View} view */
  pull(view) {
    const { core } = view.run;
    if (!core || core.version === this.#version) return;
    this.#version = core.version;
    this.data = core.report();
  }
}

/** @param {View} view */
function pulled(view) {
  const report = (view.kept.report ??= new Report());
  report.pull(view);
  return report;
}

/** @param {View} view */
export function lagAndCost(view) {
  const t = allWords(view.words);
  const { data } = pulled(view);
  if (!data) return nothing;
  const row = (/** @type {string} */ word, /** @type {(lag: Lag) => Stage} */ of) =>
    html`<tr>
      <th scope="row">${word}</th>
      ${data.lags.map((lag) => html`<td>${stageText(view, of(lag))}</td>`)}
    </tr>`;
  return html`<div class="report">
    <div class="scroll" tabindex="0" role="group" aria-label=${t.lagTitle}>
      <table>
        <caption>
          ${t.lagTitle}
        </caption>
        <thead>
          <tr><td></td>${data.lags.map((lag) => html`<th scope="col">${view.nameOf(lag.node)}</th>`)}</tr>
        </thead>
        <tbody>
          ${row(t.lagWhole, (lag) => lag.whole)} ${row(t.lagNetwork, (lag) => lag.network)} ${row(t.lagUnflushed, (lag) => lag.unflushed)}
          ${row(t.lagUnapplied, (lag) => lag.unapplied)}
        </tbody>
      </table>
    </div>
    ${data.lags.some((lag) => lag.meters.length > 0) ? meters(view, data.lags) : html`<p class="help">${t.metersNone}</p>`}
    <div class="scroll" tabindex="0" role="group" aria-label=${t.priceTitle}>
      <table>
        <caption>
          ${t.priceTitle}
        </caption>
        <thead>
          <tr>${t.priceColumns.map((column) => html`<th scope="col">${column}</th>`)}</tr>
        </thead>
        <tbody>
          ${data.prices.map(
            (price) => html`<tr>
              <th scope="row"><code>${price.policy}</code>${price.now ? html` <small>${t.inForce}</small>` : nothing}</th>
              <td class="number">${price.reads}</td>
              <td class="number">${price.reads ? `${price.atMasterPermille / 10} %` : '–'}</td>
              <td class="number">${price.reads ? time(price.meanUs) : '–'}</td>
              <td class="number">${price.reads ? price.stalePermille : '–'}</td>
              <td class="number">${price.failed}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </div>`;
}

/** @param {View} view @param {Stage} stage */
function stageText(view, stage) {
  if (stage.entries === 0) return html`<span class="none">–</span>`;
  return html`<span class="late">${view.words.entries(stage.entries)}</span>, ${stage.bytes} ${view.words.bytes}, ${time(stage.us)}`;
}

/** What the engine's own commands say. @param {View} view @param {Lag[]} lags */
function meters(view, lags) {
  return html`<h3>${allWords(view.words).metersTitle}</h3>
    <div class="meters">
      ${lags.map(
        (lag) => html`<section aria-label=${view.titled(view.nameOf(lag.node))}>
          <h4>${view.nameOf(lag.node)}</h4>
          <dl>${lag.meters.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
          ${lag.misleads ? html`<p class="misleads"><b>${allWords(view.words).misleads}</b> ${lag.misleads}</p>` : nothing}
        </section>`,
      )}
    </div>`;
}

/** What each failover did to the writes. @param {View} view */
export function autopsies(view) {
  const t = allWords(view.words);
  return (pulled(view).data?.autopsies ?? []).map(
    (autopsy) => html`<section class="autopsy" aria-label=${view.titled(`${t.autopsy} ${clock(autopsy.atUs)}`)}>
      <h4>${t.autopsy} <button class="quiet" @click=${() => view.act.seek(autopsy.atUs)}>${t.seeIt} ${clock(autopsy.atUs)}</button></h4>
      <p>${sentence(autopsy.summary)}</p>
      ${
        autopsy.ledger.length > 0
          ? html`<dl class="ledger">
              ${autopsy.ledger.map((account) => html`<dt class=${account.fate}>${account.title} (${account.count})</dt><dd>${sentence(account.writes)}</dd>`)}
            </dl>`
          : nothing
      }
    </section>`,
  );
}
