// How the engine's speed and memory grow with the run.
import { freemem } from 'node:os';
import { errorLine, inNode, native } from './places.js';
import { printErrors } from './report.js';
import { clusterText, modelEvents } from './size.js';
import { millions } from './table.js';

const SLAVES = [2, 8, 32];
const KEYS = [100, 10_000];
// A module has at most 4 GB.
const WASM_BYTES_MAX = 2 ** 32;

const WARM_SECONDS = 5;

const contenders = [
  { label: 'minimal', where: 'native', play: (size) => native('minimal', size), room: freemem },
  { label: 'engine', where: 'native', play: (size) => native('engine', size), room: freemem },
  { label: 'engine', where: 'WASM Node', play: onceInNode, room: () => WASM_BYTES_MAX },
];

/** In a Node of its own, which gives the memory back, and with the module compiled as well as it will be. */
async function onceInNode(size) {
  const { play, close } = inNode();
  try {
    await play('engine', { text: clusterText({ ...size, seconds: WARM_SECONDS }) });
    return await play('engine', size);
  } finally {
    close();
  }
}

/** Plays a size, unless the last one says that it would not fit. */
async function measure(contender, size, events) {
  if ((contender.bytesAnEvent ?? 0) * events > 0.8 * contender.room()) return { rate: 'too big', memory: '' };
  try {
    const result = await contender.play(size);
    if (Math.abs(result.events / events - 1) > 0.02) throw new Error(`plays ${result.events} events of ${events}`);
    contender.bytesAnEvent = (result.bytes ?? result.peakKb * 1024) / events;
    return { rate: millions(events / (result.cpu ?? result.wall)), memory: contender.bytesAnEvent.toFixed(0) };
  } catch (error) {
    contender.error ??= errorLine(error);
    return { rate: '–', memory: '–' };
  }
}

const ratio = (rate, other) => (rate > 0 ? (rate / other).toFixed(2) : '–');

async function line(size) {
  const events = modelEvents(size);
  const results = [];
  for (const one of contenders) results.push(await measure(one, { ...size, text: clusterText(size) }, events));
  const [minimal, engine, wasm] = results;
  const rates = [minimal.rate, engine.rate, wasm.rate, ratio(engine.rate, minimal.rate)];
  return [size.slaves, size.seconds / 60, size.keys, millions(events), ...rates, engine.memory, wasm.memory];
}

/** Prints a line as soon as it is there: the long runs take their time. */
function printLine(cells) {
  console.log(cells.map((cell) => String(cell).padStart(9)).join(''));
}

export async function growth(minutes) {
  console.log(
    'Growth, one run each; M events/s of the model by the processor’s time, and the most memory, in bytes an event:\n',
  );
  printLine(['slaves', 'minutes', 'keys', 'M events', 'minimal', 'engine', 'in WASM', 'ratio', 'bytes', 'in WASM']);
  for (const minute of minutes) {
    for (const slaves of SLAVES) {
      for (const keys of KEYS) printLine(await line({ slaves, seconds: minute * 60, keys }));
    }
  }
  console.log();
  printErrors(contenders);
}
