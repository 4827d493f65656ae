// The contenders that run in JavaScript or in WASM; the same in Node and in Chromium. Each has a process of its own:
// what the just-in-time compiler learns from one is no good for another, and neither is its garbage.
import { play as playPlain } from './plain.js';
import { audit } from './same/audit.js';
import { playObjects, playTyped as playTypedSame } from './same/play.js';
import { play as playTyped } from './typed.js';

const sized =
  (play) =>
  (wasm, { slaves, seconds, keys }) =>
    wasm[play](slaves, seconds, keys);
const engine = { prepare: makeRun, play: (wasm) => wasm.play_engine() };

const inWasm = {
  queue: { module: 'baselines', play: (wasm, { events }) => wasm.play_queue(events) },
  minimal: { module: 'baselines', play: sized('play_minimal') },
  'minimal-same': { module: 'baselines', play: sized('play_minimal_same'), audit: auditModule },
  engine: { module: 'engine', ...engine },
  'engine-fast': { module: 'engine-fast', ...engine },
};

const inJavaScript = {
  plain: { play: playPlain, count: (counts) => counts },
  typed: { play: playTyped, count: (counts) => counts },
  'typed-same': { play: playTypedSame, count: audit },
  'objects-same': { play: playObjects, count: audit },
};

export const namesInWasm = Object.keys(inWasm);
export const namesInJavaScript = Object.keys(inJavaScript);

/** The exports of a module; what it imports is only for the page, and not called while it plays. */
async function exportsOf(bytes) {
  const module = await WebAssembly.compile(bytes);
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = () => {
      throw new Error(`${name} is not there`);
    };
  }
  return (await WebAssembly.instantiate(module, imports)).exports;
}

const counted = ['events', 'reads', 'writes', 'stale', 'behind', 'facts'];

/** What a module counted, as far as it counts. */
function counts(wasm) {
  const numbers = counted.filter((name) => name in wasm).map((name) => [name, wasm[name]()]);
  return { ...Object.fromEntries(numbers), bytes: wasm.memory.buffer.byteLength };
}

function makeRun(wasm, { text }) {
  const bytes = new TextEncoder().encode(text);
  const at = wasm.text_room(bytes.length);
  new Uint8Array(wasm.memory.buffer, at, bytes.length).set(bytes);
  if (!wasm.make_run()) throw new Error('the engine does not know a line of the text');
}

function auditModule(wasm) {
  if (!wasm.audit()) throw new Error('the same work was not kept');
}

/**
 * @param {(name: string) => Promise<BufferSource>} read reads a module
 * @returns a contender: `prepare`, then `play`, which alone is timed, then `count`, what came of it
 */
export async function load(name, read) {
  if (name in inWasm) {
    const { module, prepare, play, audit } = inWasm[name];
    const wasm = await exportsOf(await read(`${module}.wasm`));
    const count = () => {
      if (!audit) return counts(wasm);
      audit(wasm);
      // Not counted by the same work.
      return { ...counts(wasm), behind: undefined };
    };
    return { prepare: (size) => prepare?.(wasm, size), play: (size) => play(wasm, size), count };
  }
  const { play, count } = inJavaScript[name];
  let left = null;
  return {
    prepare() {
      left = null;
      globalThis.gc?.();
    },
    play(size) {
      left = play(size);
    },
    count: () => count(left),
  };
}
