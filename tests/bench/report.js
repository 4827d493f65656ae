// The tables of the comparison.
import { agreeByChance } from './checks.js';
import { isEngine, legend, roster } from './roster.js';
import { median, millions, printTable } from './table.js';

const GOALS = [
  { name: 'engine', where: 'native', against: 'desque-same', wanted: 0.9 },
  { name: 'engine', where: 'WASM Chromium', against: 'typed-same', wanted: 2.2 },
  { name: 'engine', where: 'WASM Chromium', against: 'objects-same', wanted: 3 },
  { name: 'engine', where: 'WASM Chromium', against: 'plain', wanted: 1 },
];

/** How many times as fast: the median over the rounds, since what else the machine does changes from round to round. */
function ratio(row, other) {
  if (!row?.results.length || !other?.results.length) return NaN;
  return median(row.results.map((result, round) => result.rate / other.results[round].rate));
}

const best = ({ results }) => Math.max(...results.map((result) => result.rate));

/** The same of the best rounds, those with the least time: what is least disturbed by the machine. */
function bestRatio(row, other) {
  return row?.results.length && other?.results.length ? best(row) / best(other) : NaN;
}

const shown = (value) => (Number.isNaN(value) ? '–' : value < 0.1 ? value.toFixed(3) : value.toFixed(2));

/** The median, and in brackets the ratio of the best rounds. */
function shownRatio(row, other) {
  const middle = ratio(row, other);
  return Number.isNaN(middle) ? '–' : `${shown(middle)} (${shown(bestRatio(row, other))})`;
}

const of = (rows, name, place) => rows.find((row) => row.name === name && row.place === place);

export function printRates(rows, rounds) {
  console.log(`The bench cluster, ${rounds} rounds, all in turn; M events/s of the model, by the median and by the best round.
CPU: by the processor's time, the system's part too; wall: by the clock, where the processor's time cannot be had.\n
${legend}\n`);
  const lines = rows.map((row) => {
    const { label, keeps } = roster[row.name];
    if (!row.results.length) return [label, row.where, keeps, '–', '–', '–'];
    const time = row.results.every(({ cpu }) => cpu !== undefined) ? 'CPU' : 'wall';
    const rates = row.results.map((result) => result.rate);
    return [label, row.where, keeps, time, millions(median(rates)), millions(best(row))];
  });
  printTable([['contender', 'where', 'keeps', 'time', 'median', 'best'], ...lines], 4);
}

/** The engine against each of the others at the same place. */
export function printRatios(rows) {
  console.log('How many times as fast the engine is, by the median of the rounds (and by the best rounds):\n');
  const engines = rows.filter(isEngine);
  const others = Object.keys(roster).filter((name) => !isEngine({ name }) && rows.some((row) => row.name === name));
  const head = engines.map(({ name, place }) => (name === 'engine' ? place : `${place}, opt-level 3`));
  const lines = others.map((name) => {
    const ratios = engines.map((engine) => shownRatio(engine, of(rows, name, engine.place)));
    return [roster[name].label, roster[name].keeps, ...ratios];
  });
  printTable([['the engine against', 'which keeps', ...head], ...lines]);
}

export function printErrors(rows) {
  for (const error of new Set(rows.map((row) => row.error).filter(Boolean))) {
    const which = rows.filter((row) => row.error === error).map((row) => `${row.label} (${row.where})`);
    console.log(`Could not play: ${which.join(', ')}\n  ${error}\n`);
  }
}

/** What each counted in its last round: one model, so they agree but for chance. */
export function printCounts(rows) {
  console.log('What each counted, and whether it agrees with the minimal version but for chance:\n');
  const share = (count, reads) => (count == null ? '–' : `${((100 * count) / reads).toFixed(2)} %`);
  const last = (row) => row.results.at(-1);
  const minimal = last(of(rows, 'minimal', 'native'));
  const lines = rows
    .filter((row) => last(row)?.reads > 0)
    .map((row) => {
      const { events, reads, writes, stale, behind, facts } = last(row);
      const shares = [share(stale, reads), share(behind, reads)];
      const verdict = minimal && agreeByChance(last(row), minimal) ? 'yes' : 'no';
      return [row.label, row.where, events, reads, writes ?? '–', ...shares, facts || '–', verdict];
    });
  const head = ['contender', 'where', 'events', 'reads', 'writes', 'stale at look-up', 'at answer', 'facts', 'agrees'];
  printTable([head, ...lines]);
}

export function printGoals(rows) {
  console.log('Goals, by the median of the rounds (and by the best rounds):\n');
  const lines = [];
  for (const { name, where, against, wanted } of GOALS) {
    for (const row of rows.filter((one) => one.name === name && one.where.startsWith(where))) {
      const other = of(rows, against, row.place);
      const measured = ratio(row, other);
      const verdict = Number.isNaN(measured) ? 'not measured' : measured >= wanted ? 'met' : 'not met';
      lines.push([
        `engine against ${roster[against].label}`,
        row.where,
        `≥ ${wanted}`,
        shownRatio(row, other),
        verdict,
      ]);
    }
  }
  printTable([['', '', 'wanted', 'measured', ''], ...lines]);
}
