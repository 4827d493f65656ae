// What a native run takes besides time: instructions, counted by valgrind, and memory.
import { spawnSync } from 'node:child_process';
import { root } from './build.js';
import { nativeCommand } from './places.js';
import { isEngine, roster } from './roster.js';
import { clusterText, modelEvents } from './size.js';
import { median, printTable } from './table.js';

const SECONDS = 20;
// Counted is what the contender's time is taken of: not its start, and not the audit.
const OPTIONS = ['--tool=callgrind', '--callgrind-out-file=/dev/null', '--toggle-collect=measure::taken*'];

const hasValgrind = () => spawnSync('valgrind', ['--version']).status === 0;

/** Instructions an event, or null if they could not be counted. */
function instructionsOf(row, size) {
  const { file, options, input } = nativeCommand(row.name, size);
  const { stdout, stderr } = spawnSync('valgrind', [...OPTIONS, file, ...options], {
    cwd: root,
    input,
    encoding: 'utf8',
  });
  const counted = stderr.match(/Collected : (\d+)/)?.[1];
  if (!counted || !stdout) return null;
  return counted / (isEngine(row) ? size.events : JSON.parse(stdout).events);
}

/** Prints a line for each native contender that played. */
export function printInstructions(rows, base, eventsPlayed) {
  const valgrind = hasValgrind();
  const size = { ...base, seconds: SECONDS };
  Object.assign(size, { text: clusterText(size), events: modelEvents(size) });
  console.log(
    valgrind
      ? `Natively, instructions (callgrind, ${SECONDS} s of the cluster), and the most memory (${base.seconds} s of it):\n`
      : 'Natively, the most memory. With valgrind (apt-get install valgrind) there are instructions an event beside it.\n',
  );
  const lines = rows
    .filter((row) => row.place === 'native' && row.results.some(({ peakKb }) => peakKb))
    .map((row) => {
      const kb = median(row.results.map(({ peakKb }) => peakKb));
      const instructions = valgrind ? instructionsOf(row, size) : null;
      const bytes = ((kb * 1024) / eventsPlayed).toFixed(0);
      return [roster[row.name].label, roster[row.name].keeps, instructions?.toFixed(0) ?? '–', kb, bytes];
    });
  printTable([['contender', 'keeps', 'instructions an event', 'peak kB', 'bytes an event'], ...lines]);
}
