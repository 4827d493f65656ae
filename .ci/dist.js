// Builds dist/ from www/ and www/pkg: node .ci/dist.js [es]
//
// `es` makes only the build of many files, which `make serve` serves; without it all builds are made, and it is told how
// large they are.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deflateRawSync, gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';

process.chdir(join(import.meta.dirname, '..'));

const NAME = 'replication-playground';
const WASM = 'replication_playground_bg.wasm';
/** With the checker: a worker loads it when it is asked for, and the builds that are one file have it alone. */
const WHOLE = 'replication_playground_check_bg.wasm';
/** Reads pastes: a worker loads it when somebody pastes. */
const READER = 'replication_playground_paste_bg.wasm';
/** Fetched when they are asked for. */
const TEXTS = ['lessons', 'runs'];
/** What the page of `make serve` needs besides the element; dist/ has it at the same places. */
const PAGE = ['index.html', 'www/icon.svg', 'www/page.css', 'www/card.png'];
/** What the gzipped build of many files should not exceed, bytes. */
const FIRST_VIEW_MAX = 100_000;
const ALL_MAX = 150_000;

const read = (/** @type {string} */ path) => readFileSync(path, 'utf8');

/** Style sheets are texts to the page, and the lines of all sources are indented: to a browser, both are blanks. */
const small = /** @type {esbuild.Plugin} */ ({
  name: 'small',
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(read(path), { loader: 'css', minify: true });
      return { contents: code.trim(), loader: 'text' };
    });
    // No name is left in the page: this one only counts the copies of the library.
    build.onLoad({ filter: /lit-html\/lit-html\.js$/ }, ({ path }) => ({
      contents: read(path).replace(/\(\w+\.litHtmlVersions\?\?=\[\]\)\.push\("[\d.]+"\)/, '0'),
    }));
    // In a template of HTML the newline that stays is as good as the blanks behind it.
    build.onLoad(
      { filter: /\bwww\/(app|(words|run|model|verbs|parts|later|frame|element)\/[\w-]+)\.js$/ },
      ({ path }) => ({
        contents: read(path).replace(/\n[ \t]+/g, '\n'),
      }),
    );
  },
});

/** What lies beside the script elsewhere comes inside. */
const inside = /** @type {esbuild.Plugin} */ ({
  name: 'inside',
  setup(build) {
    build.onResolve({ filter: /\/beside\.js$/ }, () => ({ path: join(process.cwd(), 'www/element/inside.js') }));
    build.onResolve({ filter: /\/pkg\/glue\.js$/ }, () => ({ path: join(process.cwd(), 'www/pkg/check/glue.js') }));
    build.onResolve({ filter: /^inside:/ }, ({ path }) => ({ path, namespace: 'inside' }));
    build.onLoad({ filter: /wasm$/, namespace: 'inside' }, ({ path }) => ({
      contents: deflateRawSync(
        readFileSync(path.endsWith('paste.wasm') ? `www/pkg/paste/${READER}` : `www/pkg/check/${WHOLE}`),
        { level: 9 },
      ).toString('base64'),
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

/** @type {esbuild.BuildOptions & { metafile: true }} */
const common = {
  bundle: true,
  minify: true,
  target: 'es2022',
  outdir: 'dist',
  loader: { '.run': 'text' },
  metafile: true,
  logLevel: 'warning',
};

mkdirSync('dist', { recursive: true });
// The showcase and the example sites are in there, too, each with a copy of its own.
for (const name of readdirSync('dist').filter((name) => !['docs', 'sites'].includes(name)))
  rmSync(join('dist', name), { recursive: true });
const es = await esbuild.build({
  ...common,
  entryPoints: { [NAME]: 'www/element/element.js', [`${NAME}-worker`]: 'www/element/worker.js' },
  chunkNames: `${NAME}-[name]-[hash]`,
  format: 'esm',
  splitting: true,
  sourcemap: true,
  plugins: [small],
});
cpSync(`www/pkg/${WASM}`, `dist/${WASM}`);
cpSync(`www/pkg/check/${WHOLE}`, `dist/${WHOLE}`);
cpSync(`www/pkg/paste/${READER}`, `dist/${READER}`);
for (const folder of TEXTS) cpSync(`www/${folder}`, `dist/${folder}`, { recursive: true });
for (const file of PAGE) {
  mkdirSync(dirname(`dist/${file}`), { recursive: true });
  cpSync(file, `dist/${file}`);
}
// Sites that show a card want its whole address.
if (process.env.SITE_URL) {
  const card = new URL('www/card.png', process.env.SITE_URL).href.replaceAll('&', '&amp;');
  const page = read('dist/index.html').replace('content="www/card.png"', () => `content="${card}"`);
  writeFileSync('dist/index.html', page);
}
for (const types of [`${NAME}.d.ts`, 'types.d.ts']) cpSync(`www/${types}`, `dist/${types}`);

if (process.argv[2] !== 'es') {
  const one = { ...common, plugins: [small, inside] };
  await esbuild.build({ ...one, entryPoints: { [`${NAME}.inline`]: 'www/element/inline.js' }, format: 'esm' });
  await esbuild.build({
    ...one,
    entryPoints: { [`${NAME}.classic`]: 'www/element/classic.js' },
    format: 'iife',
    define: { 'import.meta.url': 'undefined' },
  });
  writeFileSync(`dist/${NAME}.html`, onePage());
  tell();
}

/** The page with its style, its icon and the classic script inside. */
function onePage() {
  // Nothing in a script may look like its end, nor like a comment: to JavaScript it is the same.
  const script = read(`dist/${NAME}.classic.js`).replace(/<(?=\/script|script|!--)/gi, '\\x3c');
  const icon = `data:image/svg+xml;base64,${Buffer.from(read('www/icon.svg')).toString('base64')}`;
  const css = esbuild.transformSync(read('www/page.css'), { loader: 'css', minify: true }).code.trim();
  /** @type {[from: string, to: string][]} */
  const changes = [
    ['href="www/icon.svg"', `href="${icon}"`],
    ['<link rel="stylesheet" href="www/page.css" />', `<style>${css}</style>`],
    ['    <script type="module" src="./replication-playground.js"></script>\n', ''],
    ['  </body>', `    <script>${script}</script>\n  </body>`],
  ];
  return changes.reduce((page, [from, to]) => {
    if (page.split(from).length !== 2) throw new Error(`index.html has not exactly one ${from}`);
    return page.replace(from, () => to);
  }, read('index.html'));
}

/** Files that a script of the ES build loads at once, itself included. @param {string} file @returns {Set<string>} */
function withStatic(file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  for (const { path, kind } of es.metafile.outputs[file].imports)
    if (kind === 'import-statement') withStatic(path, found);
  return found;
}

/** How large all builds are, as a table. */
function tell() {
  const sizes = (/** @type {Iterable<string>} */ files) => {
    const all = [...files].map((file) => readFileSync(file));
    const sum = (/** @type {number[]} */ numbers) => numbers.reduce((a, b) => a + b, 0);
    return [sum(all.map((bytes) => bytes.length)), sum(all.map((bytes) => gzipSync(bytes, { level: 9 }).length))];
  };
  const scripts = Object.keys(es.metafile.outputs).filter((file) => file.endsWith('.js'));
  const app = scripts.find((file) => es.metafile.outputs[file].entryPoint === 'www/app.js') ?? '';
  const first = new Set([...withStatic(`dist/${NAME}.js`), ...withStatic(app), `dist/${WASM}`]);
  const texts = TEXTS.flatMap((folder) => readdirSync(`dist/${folder}`).map((file) => `dist/${folder}/${file}`));
  const number = (/** @type {number} */ n) => n.toLocaleString('en');
  const line = (/** @type {string} */ words, /** @type {Iterable<string>} */ files, max = 0) => {
    const [bytes, packed] = sizes(files);
    const bar = max ? ` (${packed > max ? 'over' : 'within'} ${number(max)})` : '';
    console.log(`${number(bytes).padStart(11)} ${number(packed).padStart(10)}  ${words}${bar}`);
  };

  console.log('      bytes    gzipped  file');
  const modules = [WASM, WHOLE, READER].map((file) => `dist/${file}`);
  for (const file of [...scripts, ...modules].sort()) line(`${file}${first.has(file) ? '  *' : ''}`, [file]);
  line('dist/lessons and dist/runs', texts);
  line('* what a first view loads', first, FIRST_VIEW_MAX);
  line('all of the ES build, lessons and runs apart', [...scripts, ...modules], ALL_MAX);
  for (const build of ['inline.js', 'classic.js', 'html']) line(`dist/${NAME}.${build}`, [`dist/${NAME}.${build}`]);

  const integrity = (/** @type {string} */ file) =>
    `sha384-${createHash('sha384')
      .update(readFileSync(`dist/${file}`))
      .digest('base64')}`;
  for (const [file, type] of [
    [`${NAME}.js`, ' type="module"'],
    [`${NAME}.inline.js`, ' type="module"'],
    [`${NAME}.classic.js`, ' defer'],
  ])
    console.log(`\n<script${type} src="${file}"\n  integrity="${integrity(file)}"></script>`);
  console.log(`\n${NAME}.html: open it from the disk\n  ${integrity(`${NAME}.html`)}`);
}
