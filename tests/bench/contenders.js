// The contenders that run in JavaScript or in WASM; the same in Node and in Chromium.
import { play as playPlain } from './plain.js';
import { play as playTyped } from './typed.js';

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

const counted = ['events', 'reads', 'writes', 'stale', 'behind'];

/** What a module counted, as far as it counts. */
function counts(wasm) {
  return Object.fromEntries(counted.filter((name) => name in wasm).map((name) => [name, wasm[name]()]));
}

function timed(play) {
  const begun = performance.now();
  const result = play();
  return { seconds: (performance.now() - begun) / 1000, ...result };
}

function playEngine(wasm, text) {
  const bytes = new TextEncoder().encode(text);
  const at = wasm.text_room(bytes.length);
  new Uint8Array(wasm.memory.buffer, at, bytes.length).set(bytes);
  if (!wasm.make_run()) throw new Error('the engine does not know a line of the text');
  return { ...timed(wasm.play_engine), ...counts(wasm), bytes: wasm.memory.buffer.byteLength };
}

/**
 * @param {(name: string) => Promise<BufferSource>} read reads a module
 * @returns for each contender a function that plays once: its counts, and the seconds that it took
 */
export async function contenders(read) {
  const baselines = await exportsOf(await read('baselines.wasm'));
  const engine = await exportsOf(await read('engine.wasm'));
  const fast = await exportsOf(await read('engine-fast.wasm'));
  return {
    queue: ({ events }) => ({ ...timed(() => baselines.play_queue(events)), ...counts(baselines) }),
    minimal: ({ slaves, seconds, keys }) => {
      return { ...timed(() => baselines.play_minimal(slaves, seconds, keys)), ...counts(baselines) };
    },
    engine: ({ text }) => playEngine(engine, text),
    'engine-fast': ({ text }) => playEngine(fast, text),
    typed: (size) => timed(() => playTyped(size)),
    plain: (size) => timed(() => playPlain(size)),
  };
}
