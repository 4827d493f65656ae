// Serves one folder for development and for the tests: node .ci/serve.js FOLDER [PATH]
// PATH is what to look at in it; it is only said.
// PORT chooses the port (0: any free one), HOST the address (only this machine, if unset).
// What lies packed beside a file (`make dist` makes it) is sent in its place to those who can unpack it.
// Nothing is cached, so that a reload shows the last build.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';

/** @type {Record<string, string>} */
const types = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.lesson': 'text/plain; charset=utf-8',
  '.map': 'application/json',
  '.png': 'image/png',
  '.run': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.xml': 'application/xml',
};

/** The better one first. */
const CODINGS = { br: '.br', gzip: '.gz' };

const folder = resolve(process.argv[2] ?? 'dist');
const host = process.env.HOST ?? '127.0.0.1';
const port = Number(process.env.PORT ?? 8080);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  fail(`PORT is ${process.env.PORT}; it must be a whole number from 0 to 65535.`);
}

/**
 * The file that a request asks for, or undefined if there is none inside the folder.
 * @param {string} url
 */
async function find(url) {
  try {
    const path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path);
    const inside = file.startsWith(folder + sep);
    return inside && (await stat(file)).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}

/** How a file is sent: as it lies packed beside it, if whoever asks can unpack that. @param {string} file @param {string} accepted */
async function coded(file, accepted) {
  const words = accepted.split(',').map((word) => word.trim().split(/\s*;\s*/));
  for (const [coding, ending] of Object.entries(CODINGS)) {
    if (!words.some(([word, weight]) => word === coding && !/^q=0(\.0*)?$/.test(weight ?? ''))) continue;
    const packed = await stat(file + ending).catch(() => undefined);
    if (packed?.isFile()) return { path: file + ending, coding };
  }
  return { path: file };
}

const server = createServer(async (request, response) => {
  response.setHeader('Cache-Control', 'no-store');
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    return;
  }
  const file = await find(request.url ?? '/');
  if (!file) {
    response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not found\n');
    return;
  }
  response.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream');
  response.setHeader('Vary', 'Accept-Encoding');
  const { path, coding } = await coded(file, String(request.headers['accept-encoding'] ?? ''));
  if (coding) response.setHeader('Content-Encoding', coding);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  createReadStream(path)
    .on('error', () => response.destroy())
    .pipe(response);
});

server.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
  if (error.code === 'EADDRINUSE') {
    fail(`Port ${port} is taken. Choose another one: make serve PORT=${port + 1}`);
  }
  fail(`Cannot serve on ${host}:${port}: ${error.message}`);
});

server.listen(port, host, () => {
  const address = server.address();
  const actual = address && typeof address === 'object' ? address.port : port;
  console.log(`The playground is at http://localhost:${actual}/${process.argv[3] ?? ''} (Ctrl-C ends it)`);
});

// Without this, make would report Ctrl-C as an error.
process.on('SIGINT', () => process.exit(0));

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message);
  process.exit(1);
}
