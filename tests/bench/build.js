// Builds the contenders into target/bench. Each step is a command to repeat by hand.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';

const SIMPY = '4.1.2';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const built = 'target/bench';
export const modules = `${built}/modules`;
const wasm = 'wasm32-unknown-unknown';

const wasmOpt = process.env.WASM_OPT?.split(/\s+/).filter(Boolean) ?? ['-O3'];
const crate = (name) => ['--manifest-path', `tests/bench/${name}/Cargo.toml`, '--target-dir', built];

export const steps = [
  ['cargo', 'build', '--release', ...crate('baselines')],
  ['cargo', 'build', '--release', ...crate('baselines'), '--lib', '--target', wasm],
  ['cargo', 'build', '--profile', 'fast', ...crate('engine')],
  ['cargo', 'build', '--profile', 'fast', ...crate('engine'), '--lib', '--target', wasm],
  ['cargo', 'build', '--release', ...crate('engine'), '--lib', '--target', wasm],
  optimized('release/baselines', 'baselines'),
  optimized('fast/engine', 'engine-fast'),
  optimized('release/engine', 'engine'),
];

// All modules get what the page's module gets.
function optimized(from, to) {
  const files = [`${built}/${wasm}/${from}.wasm`, '-o', `${modules}/${to}.wasm`];
  return ['node', 'node_modules/binaryen/bin/wasm-opt', ...wasmOpt, ...files];
}

export function build() {
  mkdirSync(`${root}${modules}`, { recursive: true });
  // The engine with the versions that the playground has.
  copyFileSync(`${root}Cargo.lock`, `${root}tests/bench/engine/Cargo.lock`);
  for (const step of steps) run(step);
}

function run([program, ...options]) {
  execFileSync(program, options, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
}

/** A Python that has SimPy, if need be in a folder of its own in the cache; null if it cannot be had. */
export function pythonWithSimpy() {
  const cache = process.env.TOOLS ?? `${process.env.XDG_CACHE_HOME ?? `${homedir()}/.cache`}/replication-playground`;
  const folder = `${cache}/simpy-${SIMPY}`;
  const python = `${folder}/bin/python`;
  try {
    if (!existsSync(python)) run(['python3', '-m', 'venv', folder]);
    if (!hasSimpy(python)) run([python, '-m', 'pip', 'install', '--quiet', `simpy==${SIMPY}`]);
    return hasSimpy(python) ? python : null;
  } catch {
    return null;
  }
}

function hasSimpy(python) {
  try {
    run([python, '-c', 'import simpy']);
    return true;
  } catch {
    return false;
  }
}
