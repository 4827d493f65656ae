// A host of the playground as one would have it in the world: gzip on, pages in another folder than the element.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, resolve } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { root } from './build.js';

const TYPES = {
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};
/** Packed already. */
const PLAIN = new Set(['.png']);

const docs = (body) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Docs</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<script type="module" src="../assets/playground/replication-playground.js"></script></head>
<body><h1>A page of docs</h1><p>Some words above the picture.</p>${body}<p>Some words below it.</p></body></html>`;

const lessons = Array.from({ length: 12 }, (_, i) => {
  const name = i % 2 ? '02-the-stale-read' : '12-lag';
  return `<h2>Part ${i + 1}</h2><p>Some words.</p><replication-playground layout="compact" lesson="${name}"></replication-playground>`;
});

/** Pages that are not in dist/, by path. */
const PAGES = {
  '/docs/element.html': docs('<replication-playground></replication-playground>'),
  '/docs/lesson.html': docs(
    '<replication-playground layout="compact" lesson="02-the-stale-read"></replication-playground>',
  ),
  '/docs/twelve.html': docs(lessons.join('\n')),
};
/** Where the docs have the element. */
const ELEMENT = '/assets/playground/';

const WAYS = { gzip: (bytes) => gzipSync(bytes, { level: 9 }), br: brotliCompressSync };
const ENDINGS = { gzip: '.gz', br: '.br' };

/** Serves a build on a free port: what `make dist` has packed, as it is; what it has not, packed as a host does it. */
export async function host(folder = 'dist', coding = 'gzip') {
  const packed = new Map();
  const answer = (path) => {
    const page = PAGES[path];
    const file = path.replace(ELEMENT, '/').replace(/\/$/, '/index.html');
    const place = join(resolve(root, folder), normalize(file));
    const type = extname(page ? '.html' : file) || '.html';
    const [packs, kind] = [!PLAIN.has(type), TYPES[type] ?? 'text/plain'];
    if (!page && existsSync(place + ENDINGS[coding]))
      return { bytes: readFileSync(place + ENDINGS[coding]), packs: true, type: kind };
    const bytes = page ? Buffer.from(page) : readFileSync(place);
    return { bytes: packs ? WAYS[coding](bytes) : bytes, packs, type: kind };
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    try {
      if (!packed.has(pathname)) packed.set(pathname, answer(pathname));
    } catch {
      response.writeHead(404).end();
      return;
    }
    const { bytes, packs, type } = packed.get(pathname);
    response.writeHead(200, {
      'Content-Type': type,
      'Content-Length': bytes.length,
      ...(packs ? { 'Content-Encoding': coding } : {}),
    });
    response.end(bytes);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://localhost:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
