// How the engine's speed and memory grow with the run.
import { freemem } from 'node:os';
import { native } from './places.js';
import { millions, printTable } from './report.js';
import { clusterText, modelEvents } from './size.js';

const SLAVES = [2, 8, 32];
const KEYS = [100, 10_000];

function play(name, size) {
  try {
    return native(name, size);
  } catch (error) {
    return { error: error.message.split('\n').find((line) => line.includes('rror')) ?? error.message };
  }
}

/** One line of the table. What would not fit into the memory is left out. */
function line(size, bytesAnEvent) {
  const events = modelEvents(size);
  const head = [size.slaves, size.seconds / 60, size.keys, millions(events)];
  const wanted = events * bytesAnEvent;
  if (wanted > 0.7 * freemem()) {
    return { cells: [...head, '–', '–', '–', `left out: needs ${(wanted / 1e9).toFixed(0)} GB`] };
  }
  const minimal = play('minimal', size);
  const engine = play('engine', { ...size, text: clusterText(size) });
  const rate = ({ seconds }) => millions(events / seconds);
  if (engine.error) return { error: engine.error, cells: [...head, rate(minimal), '–', '–', '–'] };
  const bytes = (engine.peakKb * 1024) / events;
  const ratio = (minimal.seconds / engine.seconds).toFixed(2);
  return { bytes, cells: [...head, rate(minimal), rate(engine), ratio, bytes.toFixed(0)] };
}

export function growth(minutes) {
  console.log(
    'Growth, native, one run each; M events/s of the model, and the peak of memory in MB a million events:\n',
  );
  const lines = [['slaves', 'minutes', 'keys', 'M events', 'minimal', 'engine', 'ratio', 'MB/M']];
  let [bytesAnEvent, error] = [0, null];
  for (const minute of minutes) {
    for (const slaves of SLAVES) {
      for (const keys of KEYS) {
        const result = line({ slaves, seconds: minute * 60, keys }, bytesAnEvent);
        bytesAnEvent = result.bytes ?? bytesAnEvent;
        error ??= result.error;
        lines.push(result.cells);
      }
    }
  }
  printTable(lines, 0);
  if (error) console.log(`The engine could not play: ${error}\n`);
}
