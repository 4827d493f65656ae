// How large all builds are, as a table.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';

/** What a first view waits for should not exceed, gzipped, bytes. */
const FIRST_VIEW_MAX = 150_000;

const sum = (/** @type {number[]} */ numbers) => numbers.reduce((a, b) => a + b, 0);
const number = (/** @type {number} */ n) => n.toLocaleString('en');

/** Plain, gzipped, and by brotli: of what lies packed beside it, else as it is. @param {Iterable<string>} files */
function sizes(files) {
  const all = [...files].map((file) =>
    ['', '.gz', '.br'].map((ending) => readFileSync(existsSync(file + ending) ? file + ending : file).length),
  );
  return [0, 1, 2].map((way) => sum(all.map((one) => one[way])));
}

/** @param {string} words @param {Iterable<string>} files @param {number} [max] */
function line(words, files, max = 0) {
  const [bytes, packed, best] = sizes(files);
  const bar = max ? ` (${packed > max ? 'over' : 'within'} ${number(max)})` : '';
  console.log(
    `${number(bytes).padStart(11)} ${number(packed).padStart(10)} ${number(best).padStart(10)}  ${words}${bar}`,
  );
}

/** @param {string} file of dist/ */
const integrity = (file) =>
  `sha384-${createHash('sha384')
    .update(readFileSync(`dist/${file}`))
    .digest('base64')}`;

/**
 * @param {string} name of the element
 * @param {{ scripts: string[], modules: string[], first: Set<string>, texts: string[] }} parts the files of the build of many
 */
export function tell(name, { scripts, modules, first, texts }) {
  console.log('      bytes    gzipped     brotli  file');
  for (const file of [...scripts, ...modules].sort()) line(`${file}${first.has(file) ? '  *' : ''}`, [file]);
  line('dist/lessons and dist/runs', texts);
  line('* what a first view of the standard run waits for', first, FIRST_VIEW_MAX);
  line('all of the ES build, lessons and runs apart', [...scripts, ...modules]);
  for (const build of ['inline.js', 'classic.js', 'html']) line(`dist/${name}.${build}`, [`dist/${name}.${build}`]);

  for (const [file, type] of [
    [`${name}.js`, ' type="module"'],
    [`${name}.inline.js`, ' type="module"'],
    [`${name}.classic.js`, ' defer'],
  ])
    console.log(`\n<script${type} src="${file}"\n  integrity="${integrity(file)}"></script>`);
  console.log(`\n${name}.html: open it from the disk\n  ${integrity(`${name}.html`)}`);
}
