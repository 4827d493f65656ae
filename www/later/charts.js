// Curves: how much is asked and answered, how long that takes, how far slaves lag, what waits.

import { html, nothing } from 'lit-html';
import { saveFile } from './save.js';
import { adopt } from '../parts/styles.js';
import { allWords } from '../words/later-words.js';
import { clock } from '../words/words.js';

/** @typedef {import('../types').Charts} Data */
/** @typedef {import('../parts/view.js').View} View */
/** @typedef {(number | null)[]} Curve */
/** @typedef {{ label: string, values: Curve }} Line */
/** @typedef {{ id: string, title: string, unit: string, lines: Line[] }} Panel */

const SPANS = [10, 30, 120, 0]; // seconds; 0: all
const UPDATE_MS = 250; // curves are brought up to date at most this often
const POINTS = 240;
const HEIGHT = 150;
const ROWS = 20; // of the table
/** By place of the curve: told apart by their dashes too. */
const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3], [4, 2], [1, 3]];

export class Charts {
  span = 30;
  /** @type {Data | undefined} */ data;
  /** @type {string | undefined} */ failed;
  /** @type {{ uPlot: any, css: string } | undefined} */ #library;
  #loading = false;
  /** @type {Map<string, any>} */ #plots = new Map();
  #key = '';
  #at = -Infinity;

  /** @param {View} view @param {number} now wall clock, ms */
  pull(view, now) {
    const { core } = view.run;
    if (!core || (view.time.playing && now - this.#at < UPDATE_MS)) return;
    const to = core.nowUs;
    const from = this.span ? Math.max(0, to - this.span * 1e6) : 0;
    const key = `${core.version} ${from} ${to}`;
    if (key === this.#key) return;
    this.#key = key;
    this.#at = now;
    this.data = core.charts(from, to, POINTS);
  }

  /** The library comes when it is needed. @param {View} view */
  async load(view) {
    if (this.#library || this.#loading) return;
    this.#loading = true;
    try {
      this.#library = await import('./plots.js');
      adopt(view.root, this.#library.css);
      this.failed = undefined;
    } catch (error) {
      this.failed = /** @type {Error} */ (error).message;
    }
    this.#loading = false;
    view.act.changed();
  }

  /** Draws into the places that the page has for them. @param {View} view @param {Panel[]} panels */
  draw(view, panels) {
    const uPlot = this.#library?.uPlot;
    const { data } = this;
    if (!uPlot || !data) return;
    for (const panel of panels) {
      const place = /** @type {HTMLElement | null} */ (view.root.querySelector(`[data-plot="${panel.id}"]`));
      if (!place || place.clientWidth === 0) continue;
      const columns = [data.atS, ...panel.lines.map((line) => line.values)];
      const names = panel.lines.map((line) => line.label).join(' ');
      let plot = this.#plots.get(panel.id);
      if (plot && (plot.root.parentElement !== place || plot.names !== names)) {
        plot.destroy();
        plot = undefined;
      }
      if (!plot) {
        plot = new uPlot(options(view, panel, place), columns, place);
        plot.names = names;
        plot.root
          .querySelectorAll('.u-legend, canvas')
          .forEach((/** @type {Element} */ el) => el.setAttribute('aria-hidden', 'true'));
        this.#plots.set(panel.id, plot);
      } else plot.setData(columns);
      if (plot.width !== place.clientWidth) plot.setSize({ width: place.clientWidth, height: HEIGHT });
    }
  }

  /** All curves on one picture. @param {View} view @param {Panel[]} panels @returns {Promise<Blob | null>} */
  picture(view, panels) {
    const plots = panels.map((panel) => ({ panel, plot: this.#plots.get(panel.id) })).filter(({ plot }) => plot);
    const canvas = view.root.ownerDocument.createElement('canvas');
    const ratio = devicePixelRatio || 1;
    const title = 22 * ratio;
    canvas.width = Math.max(...plots.map(({ plot }) => plot.ctx.canvas.width));
    canvas.height = plots.reduce((sum, { plot }) => sum + plot.ctx.canvas.height + title, 0);
    const c = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
    const style = getComputedStyle(/** @type {Element} */ (view.root.querySelector('.probe')));
    c.fillStyle = style.backgroundColor;
    c.fillRect(0, 0, canvas.width, canvas.height);
    let y = 0;
    for (const { panel, plot } of plots) {
      c.fillStyle = style.borderTopColor;
      c.font = `600 ${13 * ratio}px system-ui, sans-serif`;
      c.fillText(
        `${panel.title}, ${panel.unit}: ${panel.lines.map((line) => line.label).join(', ')}`,
        8 * ratio,
        y + 15 * ratio,
      );
      c.drawImage(plot.ctx.canvas, 0, y + title);
      y += plot.ctx.canvas.height + title;
    }
    return new Promise((done) => canvas.toBlob(done));
  }

  close() {
    for (const plot of this.#plots.values()) plot.destroy();
    this.#plots.clear();
  }

  /** Colours may be others now: all is drawn anew. */
  forget() {
    this.close();
  }
}

/** @param {View} view @param {Panel} panel @param {HTMLElement} place */
function options(view, panel, place) {
  // A canvas knows no variables: a probe tells what they come to.
  const probe = place.appendChild(place.ownerDocument.createElement('i'));
  const colour = (/** @type {string} */ name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const axis = {
    stroke: colour('--soft-ink'),
    grid: { stroke: colour('--hair'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  const lines = panel.lines.map((_, i) => colour(`--curve-${(i % 6) + 1}`));
  probe.remove();
  return {
    width: place.clientWidth,
    height: HEIGHT,
    scales: {
      x: { time: false },
      y: {
        range: (/** @type {any} */ _, /** @type {number} */ _min, /** @type {number} */ max) => [
          0,
          max > 0 ? max * 1.08 : 1,
        ],
      },
    },
    axes: [
      { ...axis, size: 26, values: (/** @type {any} */ _, /** @type {number[]} */ at) => at.map((s) => `${s} s`) },
      { ...axis, size: 52 },
    ],
    cursor: { sync: { key: 'replication-playground' }, drag: { x: false, y: false }, focus: { prox: 16 } },
    legend: { live: true },
    series: [
      { label: 's', value: (/** @type {any} */ _, /** @type {number | null} */ s) => (s == null ? '' : s.toFixed(1)) },
      ...panel.lines.map((line, i) => ({
        label: line.label,
        stroke: lines[i],
        width: 1.8,
        dash: DASHES[i % DASHES.length],
        points: { show: false },
        spanGaps: false,
        value: (/** @type {any} */ _, /** @type {number | null} */ v) => (v == null ? '–' : short(v)),
      })),
    ],
    hooks: {
      setCursor: [
        (/** @type {any} */ plot) =>
          view.act.pointCharts(plot.cursor.idx == null ? undefined : plot.data[0][plot.cursor.idx] * 1e6),
      ],
      ready: [
        (/** @type {any} */ plot) =>
          plot.over.addEventListener(
            'click',
            () => plot.cursor.idx != null && view.act.seek(plot.data[0][plot.cursor.idx] * 1e6),
          ),
      ],
    },
  };
}

/** @param {number} v */
const short = (v) => (v >= 100 ? v.toFixed(0) : v >= 10 ? v.toFixed(1) : v.toFixed(2));

/** What is drawn, in the order of the page. @param {View} view @param {Data} data @returns {Panel[]} */
function panelsOf(view, data) {
  const t = allWords(view.words);
  const times = (/** @type {Data['readMs']} */ of) => [
    { label: 'p50', values: of.p50 },
    { label: 'p95', values: of.p95 },
    { label: 'p99', values: of.p99 },
  ];
  const slaves = data.nodes.filter((node) => node.lagMs.some((v) => v !== null));
  const queued = data.nodes.some((node) => node.waiting.some((n) => n) || node.working.some((n) => n));
  /** @type {Panel[]} */
  const all = [
    {
      id: 'throughput',
      title: t.charts.throughput,
      unit: t.charts.perSecond,
      lines: [
        { label: t.charts.reads, values: data.reads },
        { label: t.charts.writes, values: data.writes },
        { label: t.charts.failed, values: data.failed },
      ],
    },
    { id: 'reads', title: t.charts.readTime, unit: 'ms', lines: times(data.readMs) },
    { id: 'writes', title: t.charts.writeTime, unit: 'ms', lines: times(data.writeMs) },
    {
      id: 'lag',
      title: t.charts.lag,
      unit: 'ms',
      lines: slaves.map((node) => ({ label: node.name, values: node.lagMs })),
    },
    {
      id: 'stale',
      title: t.charts.stale,
      unit: t.charts.perThousand,
      lines: [{ label: t.charts.staleReads, values: data.stale }],
    },
  ];
  if (queued) {
    all.push({
      id: 'queues',
      title: t.charts.queues,
      unit: t.charts.requests,
      lines: data.nodes.map((node) => ({ label: node.name, values: node.waiting })),
    });
  }
  return all.filter((panel) => panel.lines.length > 0);
}

/** @param {View} view */
export function charts(view) {
  const t = allWords(view.words);
  const it = (view.kept.charts ??= new Charts());
  it.pull(view, performance.now());
  const { data } = it;
  if (!data) return nothing;
  const measured = [...data.reads, ...data.writes, ...data.failed].some((n) => n > 0);
  const panels = panelsOf(view, data);
  void it.load(view);
  view.act.afterDrawn(() => it.draw(view, panels));
  return html`<div class="charts">
    <p class="acts">
      <label class="check"><span>${t.window}</span>
        <select @change=${(/** @type {Event} */ e) => {
          it.span = Number(/** @type {HTMLSelectElement} */ (e.target).value);
          view.act.changed();
        }}>
          ${SPANS.map((s) => html`<option value=${s} ?selected=${s === it.span}>${s ? t.lastSeconds(s) : t.charts.all}</option>`)}
        </select></label
      >
      <button class="second small" aria-label=${t.charts.csv} @click=${() => saveFile(new Blob([csv(panels, data)], { type: 'text/csv' }), 'replication-playground.csv')}>CSV</button>
      <button class="second small" aria-label=${t.charts.png} @click=${async () => {
        const blob = await it.picture(view, panels);
        if (blob) saveFile(blob, 'replication-playground.png');
      }}>PNG</button>
      ${it.failed ? html`<span role="alert">${t.charts.noLibrary} (${it.failed})</span>` : nothing}
    </p>
    ${measured ? nothing : html`<p class="help">${t.charts.empty}</p>`}
    <div class="plots">
      ${panels.map(
        (panel) => html`<figure aria-label="${panel.title}, ${panel.unit}. ${summary(panel)}">
          <figcaption><b>${panel.title}</b> <span>${panel.unit}</span></figcaption>
          <div class="plot" data-plot=${panel.id}></div>
        </figure>`,
      )}
    </div>
    ${table(view, panels, data)}
  </div>`;
}

/** The latest values, in words. @param {Panel} panel */
function summary(panel) {
  const last = (/** @type {Curve} */ values) => values.filter((v) => v !== null).at(-1);
  return panel.lines
    .map((line) => ({ line, v: last(line.values) }))
    .filter(({ v }) => v !== undefined)
    .map(({ line, v }) => `${line.label} ${short(/** @type {number} */ (v))}`)
    .join(', ');
}

/** The curves as numbers. @param {View} view @param {Panel[]} panels @param {Data} data */
function table(view, panels, data) {
  const t = allWords(view.words);
  const open = view.ui.open.has('chart-table');
  const step = Math.max(1, Math.ceil(data.atS.length / ROWS));
  const rows = data.atS.map((_, i) => i).filter((i) => (data.atS.length - 1 - i) % step === 0);
  return html`<details ?open=${open} @toggle=${(/** @type {Event} */ e) => view.act.unfold('chart-table', /** @type {HTMLDetailsElement} */ (e.target).open)}>
    <summary>${t.charts.table}</summary>
    ${
      open
        ? html`<div class="scroll" tabindex="0" role="group" aria-label=${t.charts.table}><table>
            <thead>
              <tr><th scope="col" rowspan="2">${t.charts.time}</th>${panels.map((panel) => html`<th scope="colgroup" colspan=${panel.lines.length}>${panel.title}, ${panel.unit}</th>`)}</tr>
              <tr>${panels.map((panel) => panel.lines.map((line) => html`<th scope="col">${line.label}</th>`))}</tr>
            </thead>
            <tbody>${rows.map(
              (i) =>
                html`<tr><th scope="row"><button class="quiet" @click=${() => view.act.seek(data.atS[i] * 1e6)}>${clock(data.atS[i] * 1e6)}</button></th>${panels.map((panel) => panel.lines.map(({ values }) => html`<td>${values[i] === null ? '–' : short(/** @type {number} */ (values[i]))}</td>`))}</tr>`,
            )}</tbody>
          </table></div>`
        : nothing
    }
  </details>`;
}

/** @param {Panel[]} panels @param {Data} data */
function csv(panels, data) {
  const cell = (/** @type {string} */ text) => `"${text.replaceAll('"', '""')}"`;
  const head = [
    'time s',
    ...panels.flatMap((panel) => panel.lines.map((line) => `${panel.title} ${panel.unit} ${line.label}`)),
  ];
  const rows = data.atS.map((at, i) =>
    [at, ...panels.flatMap((panel) => panel.lines.map((line) => line.values[i] ?? ''))].join(','),
  );
  return [head.map(cell).join(','), ...rows, ''].join('\r\n');
}
