// The tables.

const GOALS = [
  { what: 'engine in WASM against the minimal version in WASM', name: 'engine', against: 'minimal', wanted: 0.8 },
  { what: 'engine in WASM against plain JavaScript', name: 'engine', against: 'plain', wanted: 3 },
  { what: 'engine, native, against desque', name: 'engine', against: 'desque', wanted: 1 },
];

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

export const millions = (count) => (count / 1e6).toFixed(2);

/** How many times as fast: the median over the rounds, since what else the machine does changes from round to round. */
function ratio(row, other) {
  if (!row?.results.length || !other?.results.length) return NaN;
  return median(row.results.map((result, round) => result.rate / other.results[round].rate));
}

/** The same of the best rounds: what is least disturbed by the machine. */
function bestRatio(row, other) {
  const best = ({ results }) => Math.max(...results.map((result) => result.rate));
  return row?.results.length && other?.results.length ? best(row) / best(other) : NaN;
}

const shown = (value) => (Number.isNaN(value) ? '–' : value < 0.1 ? value.toFixed(3) : value.toFixed(2));

/** Prints lines of cells in columns: the first two to the left, numbers to the right. */
function printTable(lines) {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => String(line[column] ?? '').length)));
  for (const line of lines) {
    const cells = line.map((cell, column) =>
      column < 2 ? String(cell).padEnd(widths[column]) : String(cell).padStart(widths[column]),
    );
    console.log(`  ${cells.join('  ')}`.trimEnd());
  }
  console.log();
}

export function printRates(rows, rounds) {
  console.log(`The bench cluster, median of ${rounds} rounds, all in turn; M events/s of the model:\n`);
  const lines = rows.map((row) => {
    if (row.error) return [row.label, row.where, '–', '–', '–'];
    const rates = row.results.map((result) => result.rate);
    const minimal = rows.find((other) => other.place === row.place && other.name === 'minimal');
    return [row.label, row.where, millions(median(rates)), millions(Math.max(...rates)), shown(ratio(row, minimal))];
  });
  printTable([['contender', 'where', 'median', 'best', 'of minimal'], ...lines]);
}

export function printErrors(rows) {
  for (const error of new Set(rows.map((row) => row.error).filter(Boolean))) {
    const which = rows.filter((row) => row.error === error).map((row) => `${row.label} (${row.where})`);
    console.log(`Could not play: ${which.join(', ')}\n  ${error}\n`);
  }
}

/** Whether two runs of one model differ only by chance: by at most four standard deviations. */
function agree(one, other) {
  const reads = Math.min(one.reads, other.reads);
  const near = (a, b, deviation) => Math.abs(a / b - 1) < 4 * deviation;
  const load = near(one.reads / one.events, other.reads / other.events, 1.5 / Math.sqrt(reads));
  // Some more than two counts scatter: one write makes several reads stale.
  return (
    load && near(one.stale / one.reads, other.stale / other.reads, 1.5 / Math.sqrt(other.stale * (reads / other.reads)))
  );
}

/** What each counted in its last round: one model, so they agree but for chance. */
export function printCounts(rows) {
  console.log('What each counted, and whether it agrees with the minimal version but for chance:\n');
  const share = (count, reads) => (count == null ? '–' : `${((100 * count) / reads).toFixed(2)} %`);
  const last = (row) => row.results.at(-1);
  const minimal = last(rows.find((row) => row.name === 'minimal'));
  const lines = rows
    .filter((row) => last(row)?.reads > 0)
    .map((row) => {
      const { events, reads, writes, stale, behind } = last(row);
      const verdict = agree(last(row), minimal) ? 'yes' : 'no';
      return [row.label, row.where, events, reads, writes ?? '–', share(stale, reads), share(behind, reads), verdict];
    });
  const head = ['contender', 'where', 'events', 'reads', 'writes', 'stale at look-up', 'at answer', 'agrees'];
  printTable([head, ...lines]);
}

export function printGoals(rows) {
  console.log('Goals, by the median of the rounds (and by the best rounds):\n');
  const lines = [];
  for (const { what, name, against, wanted } of GOALS) {
    for (const other of rows.filter((row) => row.name === against)) {
      const native = other.place === 'native';
      if (native !== (against === 'desque')) continue;
      const row = rows.find((one) => one.name === name && one.place === other.place);
      const measured = ratio(row, other);
      const verdict = Number.isNaN(measured) ? 'not measured' : measured >= wanted ? 'met' : 'not met';
      lines.push([
        what,
        native ? '' : other.place,
        `≥ ${wanted}`,
        shown(measured),
        `(${shown(bestRatio(row, other))})`,
        verdict,
      ]);
    }
  }
  printTable(lines);
}
