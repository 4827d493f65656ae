// The build of many files: what a first view needs in as few of them as can be, all else in files that come when they are
// asked for.
import { readFileSync } from 'node:fs';
import resolve from '@rollup/plugin-node-resolve';
import * as esbuild from 'esbuild';
import { rollup } from 'rollup';

/** What the core told when this was built, by name. @typedef {Record<string, unknown>} Stills */

export const NAME = 'replication-playground';
export const TARGET = 'es2022';
/** What the page and its workers have in common, so that a worker loads nothing of the page. */
const SHARED = /\/www\/(run\/(core|module|beside|blob|errors|once)|pkg\/glue)\.js$/;
const STILL = 'still:';
/** Whose lines are indented, and hold templates. */
const OURS = /\bwww\/(app|(words|run|model|verbs|parts|later|frame|element)\/[\w-]+)\.js$/;

const read = (/** @type {string} */ path) => readFileSync(path, 'utf8');

/** A style sheet as small as it can be. @param {string} path */
export async function smallCss(path) {
  return (await esbuild.transform(read(path), { loader: 'css', minify: true })).code.trim();
}
/** No name is left in the page: this one only counts the copies of the library. @param {string} code */
const nameless = (code) => code.replace(/\(\w+\.litHtmlVersions\?\?=\[\]\)\.push\("[\d.]+"\)/, '0');
/** In a template of HTML the newline that stays is as good as the blanks behind it. @param {string} code */
const unindented = (code) => code.replace(/\n[ \t]+/g, '\n');

/** Style sheets are texts to the page, and the lines of all sources are indented: to a browser, both are blanks. */
export const small = /** @type {esbuild.Plugin} */ ({
  name: 'small',
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => ({ contents: await smallCss(path), loader: 'text' }));
    build.onLoad({ filter: /lit-html\/lit-html\.js$/ }, ({ path }) => ({ contents: nameless(read(path)) }));
    build.onLoad({ filter: OURS }, ({ path }) => ({ contents: unindented(read(path)) }));
  },
});

/** Data, which a browser reads faster as JSON. @param {unknown} data */
const asModule = (data) => `export default JSON.parse(${JSON.stringify(JSON.stringify(data))});`;

/** The same for the build of many files. @param {Stills} stills @returns {import('rollup').Plugin} */
const smallParts = (stills) => ({
  name: 'small',
  resolveId: (id) => (id.startsWith(STILL) ? id : undefined),
  async load(id) {
    if (id.endsWith('.css')) return `export default ${JSON.stringify(await smallCss(id))};`;
    if (id.startsWith(STILL)) return asModule(stills[id.slice(STILL.length)]);
    if (id.endsWith('.run')) return `export default ${JSON.stringify(read(id))};`;
    if (/lit-html\/lit-html\.js$/.test(id)) return { code: nameless(read(id)), map: { mappings: '' } };
    if (OURS.test(id)) return { code: unindented(read(id)), map: null };
    return undefined;
  },
  async renderChunk(code) {
    return esbuild.transform(code, { minify: true, target: TARGET, format: 'esm', sourcemap: 'external' });
  },
});

/** Writes it to dist/. @param {Stills} stills */
export async function buildParts(stills) {
  const build = await rollup({
    input: { [NAME]: 'www/element/element.js', [`${NAME}-worker`]: 'www/element/worker.js' },
    plugins: [resolve({ browser: true }), smallParts(stills)],
    treeshake: { moduleSideEffects: true },
    // The parts come when they are asked for: what imports them back was there before.
    onwarn: (warning) => {
      if (warning.code !== 'CIRCULAR_DEPENDENCY') throw new Error(warning.message);
    },
  });
  const { output } = await build.write({
    dir: 'dist',
    format: 'es',
    sourcemap: true,
    hoistTransitiveImports: true,
    entryFileNames: '[name].js',
    chunkFileNames: `${NAME}-[name]-[hash].js`,
    manualChunks: (id) => (SHARED.test(id) ? 'core' : undefined),
  });
  await build.close();
  return output.filter((file) => file.type === 'chunk');
}
