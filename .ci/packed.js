// Packs what is served as text or code, once and as well as can be, beside the files themselves.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { deflateAsync, gzipAsync } from '@gfx/zopfli';

const WORTH_BYTES = 1024;
/** The best there is, 5 % smaller, takes seconds. */
const BEST = { numiterations: 5 };
/** Up to this size; more is in the builds that are one file. */
const BEST_BYTES_MAX = 1_000_000;
const PACKED = new Set(['.css', '.html', '.js', '.json', '.lesson', '.run', '.svg', '.wasm']);

/** @type {[string, (bytes: Buffer) => Promise<Uint8Array>][]} */
const WAYS = [
  [
    '.br',
    (bytes) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  ],
  ['.gz', (bytes) => (bytes.length > BEST_BYTES_MAX ? promisify(gzip)(bytes, { level: 9 }) : gzipAsync(bytes, BEST))],
];

/** By their paths. @type {Map<string, Promise<string>>} */
const inside = new Map();
/** A file as base64, packed by raw deflate, for a script that has it inside. @param {string} path */
export function deflated(path) {
  const known =
    inside.get(path) ?? deflateAsync(readFileSync(path), BEST).then((bytes) => Buffer.from(bytes).toString('base64'));
  inside.set(path, known);
  return known;
}

/** @param {string} folder @param {string[]} not folders in it that have a say of their own */
export async function pack(folder, not) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => PACKED.has(extname(file)) && !not.includes(file.split('/')[0]),
  );
  await Promise.all(
    files.map(async (file) => {
      const path = join(folder, file);
      const bytes = readFileSync(path);
      if (bytes.length < WORTH_BYTES) return;
      for (const [ending, way] of WAYS) {
        const packed = await way(bytes);
        if (packed.length < bytes.length) writeFileSync(path + ending, packed);
      }
    }),
  );
}
