// Writes the plain pages: node examples/plain/build.js DIST FOLDER
// Each {name of a file} in a page becomes the hash of that file of DIST, as `integrity` wants it, and the file is put
// beside the page.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

const [dist, folder] = process.argv.slice(2);
const here = new URL('.', import.meta.url);
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
].join('; ');

mkdirSync(folder, { recursive: true });
for (const name of readdirSync(here)) {
  if (name.endsWith('.css')) copyFileSync(new URL(name, here), `${folder}/${name}`);
  if (!name.endsWith('.html')) continue;
  const page = readFileSync(new URL(name, here), 'utf8')
    .replaceAll('{policy}', POLICY)
    .replace(/\{(replication-playground[\w.-]*\.js)\}/g, (_, file) => {
      copyFileSync(`${dist}/${file}`, `${folder}/${file}`);
      return `sha384-${createHash('sha384')
        .update(readFileSync(`${dist}/${file}`))
        .digest('base64')}`;
    });
  writeFileSync(`${folder}/${name}`, page);
}
copyFileSync(`${dist}/www/icon.svg`, `${folder}/icon.svg`);
copyFileSync(`${dist}/replication-playground.html`, `${folder}/playground.html`);
