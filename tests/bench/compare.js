// The bench cluster on the engine, and on everything that it is held against: node tests/bench/compare.js
//   --rounds N    so many rounds (7)
//   --long        the growth table has runs of an hour
//   --text FILE   another run text for the engine; the growth table is left out
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { build, pythonWithSimpy, root, steps } from './build.js';
import { findings } from './checks.js';
import { namesInJavaScript, namesInWasm } from './contenders.js';
import { growth } from './growth.js';
import { printInstructions } from './instructions.js';
import { errorLine, inChromium, inNode, native, python } from './places.js';
import { printCounts, printErrors, printGoals, printRates, printRatios } from './report.js';
import { isEngine, natives, roster } from './roster.js';
import { clusterText, modelEvents } from './size.js';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, long: { type: 'boolean' }, text: { type: 'string' } },
});
const rounds = Number(options.rounds);

const base = { slaves: 4, seconds: 60, keys: 1000 };
const size = {
  ...base,
  events: modelEvents(base),
  text: options.text ? readFileSync(options.text, 'utf8') : clusterText(base),
};
// Python takes seconds for what the others do in a tenth of one.
const sizeForPython = { ...base, seconds: 5 };

async function rows() {
  const node = inNode();
  const browser = await inChromium().catch(missing('Chromium', 'make setup-e2e'));
  const interpreter = pythonWithSimpy() ?? missing('SimPy', 'python3 -m pip install simpy')();
  const row = (name, where, place, play) => ({ name, label: roster[name].label, where, place, play, results: [] });
  const list = natives.map((name) => row(name, 'native', 'native', () => native(name, size)));
  for (const [place, { play }] of [['Node', node], ...(browser ? [['Chromium', browser]] : [])]) {
    for (const name of [...namesInWasm, ...namesInJavaScript]) {
      const where = `${namesInWasm.includes(name) ? 'WASM' : 'JS'} ${place}`;
      list.push(row(name, where, place, () => play(name, size)));
    }
  }
  if (interpreter) list.push(row('simpy', 'Python', 'native', () => python(interpreter, sizeForPython)));
  const close = async () => {
    node.close();
    await browser?.close();
  };
  return { list, close };
}

function missing(what, command) {
  return () => console.log(`${what} is not there (${command}): the comparison goes on without it.\n`);
}

/** One more run. What cannot play says so once, and is left out. */
async function playOnce(row) {
  if (row.error) return null;
  try {
    const result = await row.play();
    // One count for all: the engine's own steps are more than the model's events.
    const counted = isEngine(row) && !options.text ? size.events : result.events;
    return { ...result, rate: counted / (result.cpu ?? result.wall) };
  } catch (error) {
    row.error = errorLine(error);
    return null;
  }
}

function printCommands() {
  console.log('To repeat it, all or by parts:\n');
  console.log(`  node tests/bench/compare.js ${process.argv.slice(2).join(' ')}`.trimEnd());
  const quoted = (word) => (/^[\w./=-]+$/.test(word) ? word : `'${word}'`);
  for (const step of steps) console.log(`  ${step.map(quoted).join(' ')}`);
  for (const name of natives.filter((name) => !isEngine({ name }))) {
    console.log(`  target/bench/release/baselines ${name} ${base.slaves} ${base.seconds} ${base.keys}`);
  }
  console.log('  target/bench/fast/engine < tests/bench/bench-cluster.run');
  console.log(`  python3 tests/bench/model.py ${base.slaves} ${sizeForPython.seconds} ${base.keys}\n`);
}

/** Other work that runs makes the figures low, and the ratios uncertain. */
function sayIfBusy() {
  const [load, cores] = [loadavg()[0], availableParallelism()];
  if (load > cores) console.log(`The machine is busy with other work (load ${load.toFixed(1)} on ${cores} cores).\n`);
}

/** A contender that did other work makes its figures worthless. */
function failIfWorkDiffers(list) {
  const found = findings(list, base.slaves, !options.text);
  for (const sentence of found) console.log(`The work differs: ${sentence}`);
  if (found.length === 0) return console.log('Who keeps the same did the same work, and kept it.\n');
  console.log();
  process.exitCode = 1;
}

process.chdir(root);
printCommands();
console.log('Building…\n');
build();
const { list, close } = await rows();
// Warm: what is compiled while it runs is compiled before it is timed.
for (const row of list) await playOnce(row);
for (let round = 0; round < rounds; round++) {
  for (const row of list) {
    const result = await playOnce(row);
    if (result) row.results.push(result);
  }
}
await close();
printRates(list, rounds);
printRatios(list);
printErrors(list);
sayIfBusy();
printCounts(list);
failIfWorkDiffers(list);
printInstructions(list, base, size.events);
printGoals(list);
if (!options.text) await growth(options.long ? [1, 10, 60] : [1, 10]);
