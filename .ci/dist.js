// Builds dist/ from www/ and www/pkg: node .ci/dist.js [es]
//
// `es` makes only the build of many files, which `make serve` serves; without it all builds are made, packed for hosts that
// serve packed files, and it is told how large they are.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as esbuild from 'esbuild';
import { buildParts, NAME, small, smallCss, TARGET } from './es.js';
import { card, changed, preloads } from './index.js';
import { deflated, pack } from './packed.js';

process.chdir(join(import.meta.dirname, '..'));
const { configurations, firstStill, seen, writeLessons } = await import('./stills.js');

/** What a first view needs. */
const WASM = 'replication_playground_bg.wasm';
/** The other parts, which it names. */
const OTHER_PARTS = readdirSync('www/pkg/parts').filter((file) => file !== 'first.wasm');
/** With the checker: a worker loads it when it is asked for, and the builds that are one file have it alone. */
const WHOLE = 'replication_playground_check_bg.wasm';
/** Reads pastes: a worker loads it when somebody pastes. */
const READER = 'replication_playground_paste_bg.wasm';
/** Fetched when they are asked for. */
const TEXTS = ['lessons', 'runs'];
/** What the page of `make serve` needs besides the element; dist/ has it at the same places. */
const PAGE = ['index.html', 'www/icon.svg', 'www/page.css', 'www/card.png'];
/** The showcase and the example sites are in dist/, too, each with a copy of its own. */
const OTHERS = ['docs', 'sites'];

const read = (/** @type {string} */ path) => readFileSync(path, 'utf8');

/** What lies beside the script elsewhere comes inside. @param {import('./es.js').Stills} stills */
const inside = (stills) =>
  /** @type {esbuild.Plugin} */ ({
    name: 'inside',
    setup(build) {
      const instead = (/** @type {RegExp} */ filter, /** @type {string} */ path) =>
        build.onResolve({ filter }, () => ({ path: join(process.cwd(), path) }));
      instead(/\/beside\.js$/, 'www/element/inside.js');
      instead(/\/ahead\.js$/, 'www/element/ahead-inside.js');
      instead(/\/pkg\/glue\.js$/, 'www/pkg/check/glue.js');
      build.onResolve({ filter: /^(inside|still):/ }, ({ path }) => ({ path, namespace: 'inside' }));
      build.onLoad({ filter: /^still:/, namespace: 'inside' }, ({ path }) => ({
        contents: JSON.stringify(stills[path.slice('still:'.length)]),
        loader: 'json',
      }));
      build.onLoad({ filter: /wasm$/, namespace: 'inside' }, async ({ path }) => ({
        contents: await deflated(path.endsWith('paste.wasm') ? `www/pkg/paste/${READER}` : `www/pkg/check/${WHOLE}`),
        loader: 'text',
      }));
      build.onLoad({ filter: /texts$/, namespace: 'inside' }, () => {
        const paths = TEXTS.flatMap((folder) => readdirSync(`www/${folder}`).map((file) => `${folder}/${file}`));
        return {
          contents: JSON.stringify(Object.fromEntries(paths.map((path) => [path, read(`www/${path}`)]))),
          loader: 'json',
        };
      });
    },
  });

mkdirSync('dist', { recursive: true });
for (const name of readdirSync('dist').filter((name) => !OTHERS.includes(name)))
  rmSync(join('dist', name), { recursive: true });
/** What the sources import as `still:NAME`. */
const stills = {
  first: firstStill(),
  configurations: await configurations(),
  seen: seen(),
  parts: { runs: OTHER_PARTS.find((file) => file.includes('_runs-')) },
};
const parts = await buildParts(stills);
cpSync('www/pkg/parts/first.wasm', `dist/${WASM}`);
for (const part of OTHER_PARTS) cpSync(`www/pkg/parts/${part}`, `dist/${part}`);
cpSync(`www/pkg/check/${WHOLE}`, `dist/${WHOLE}`);
cpSync(`www/pkg/paste/${READER}`, `dist/${READER}`);
for (const folder of TEXTS) cpSync(`www/${folder}`, `dist/${folder}`, { recursive: true });
writeLessons('dist/lessons');
for (const file of PAGE) {
  mkdirSync(dirname(`dist/${file}`), { recursive: true });
  cpSync(file, `dist/${file}`);
}
for (const types of [`${NAME}.d.ts`, 'types.d.ts']) cpSync(`www/${types}`, `dist/${types}`);
const own = [...preloads(NAME, firstScripts().slice(1)), ...card(process.env.SITE_URL)];
writeFileSync('dist/index.html', changed(read('index.html'), own));

if (process.argv[2] !== 'es') {
  await buildWholes();
  const { tell } = await import('./sizes.js');
  await pack('dist', OTHERS);
  const scripts = parts.map(({ fileName }) => `dist/${fileName}`);
  const modules = [WASM, ...OTHER_PARTS, WHOLE, READER].map((file) => `dist/${file}`);
  const texts = TEXTS.flatMap((folder) => readdirSync(`www/${folder}`).map((file) => `dist/${folder}/${file}`));
  tell(NAME, { scripts, modules, texts, first: new Set([...firstScripts(), WASM].map((file) => `dist/${file}`)) });
}

/** The scripts that a first view loads: the loader, the page, and what these import. */
function firstScripts() {
  const page = parts.find(({ moduleIds }) => moduleIds.some((id) => id.endsWith('/www/app.js')));
  return [`${NAME}.js`, ...(page ? [page.fileName, ...page.imports] : [])];
}

/** The builds that are one file. */
async function buildWholes() {
  /** @type {esbuild.BuildOptions} */
  const one = {
    bundle: true,
    minify: true,
    target: TARGET,
    outdir: 'dist',
    loader: { '.run': 'text' },
    logLevel: 'warning',
    plugins: [small, inside(stills)],
  };
  await esbuild.build({ ...one, entryPoints: { [`${NAME}.inline`]: 'www/element/inline.js' }, format: 'esm' });
  await esbuild.build({
    ...one,
    entryPoints: { [`${NAME}.classic`]: 'www/element/classic.js' },
    format: 'iife',
    define: { 'import.meta.url': 'undefined' },
  });
  writeFileSync(`dist/${NAME}.html`, await onePage());
}

/** The page with its style, its icon and the classic script inside. */
async function onePage() {
  // Nothing in a script may look like its end, nor like a comment: to JavaScript it is the same.
  const script = read(`dist/${NAME}.classic.js`).replace(/<(?=\/script|script|!--)/gi, '\\x3c');
  const icon = `data:image/svg+xml;base64,${Buffer.from(read('www/icon.svg')).toString('base64')}`;
  /** @type {[from: string, to: string][]} */
  const changes = [
    ['href="www/icon.svg"', `href="${icon}"`],
    ['<link rel="stylesheet" href="www/page.css" />', `<style>${await smallCss('www/page.css')}</style>`],
    ['    <script type="module" src="./replication-playground.js"></script>\n', ''],
    ['  </body>', `    <script>${script}</script>\n  </body>`],
  ];
  return changed(read('index.html'), changes);
}
