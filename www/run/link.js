// A run as the fragment of a link, and back. What comes in is untrusted: it is text, it is bounded, and the core reads it
// like any other text.

import { TEXT_MAX } from './fetch-text.js';

/** @typedef {{ text: string, at?: number, hash: string, unknown: string[] }} Linked */
/** @typedef {'newer' | 'large' | 'broken' | 'unknown'} Wrong why a link could not be read */

/** Up to so many characters a link can be read by people; a longer one is packed. */
const PLAIN_MAX = 1500;

/** What stays as it is: enough to be read, and nothing that Markdown or a chat takes for its own. */
const plain = (/** @type {string} */ text) =>
  encodeURIComponent(text)
    .replace(/[_!~*'()]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%(20|0A|2C|2F|3A|3D|40)/g, (code) => ({ '%20': '+', '%0A': ';' })[code] ?? decodeURIComponent(code));

/** @param {Uint8Array<ArrayBuffer>} bytes @param {CompressionStream | DecompressionStream} way */
async function through(bytes, way) {
  const reader = new Blob([bytes]).stream().pipeThrough(way).getReader();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  let size = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    parts.push(read.value);
    size += read.value.length;
    if (size <= TEXT_MAX) continue;
    void reader.cancel();
    throw new Bad('large');
  }
  return new Blob(parts).arrayBuffer();
}

/** @param {string} text */
async function pack(text) {
  const bytes = new Uint8Array(await through(new TextEncoder().encode(text), new CompressionStream('deflate-raw')));
  let letters = '';
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
}
/** @param {string} packed */
async function unpack(packed) {
  const letters = atob(packed.replace(/-/g, '+').replace(/_/g, '/'));
  const bytes = Uint8Array.from(letters, (c) => c.charCodeAt(0));
  const text = await through(bytes, new DecompressionStream('deflate-raw'));
  return new TextDecoder('utf-8', { fatal: true }).decode(text);
}

class Bad extends Error {
  /** @param {Wrong} why */
  constructor(why) {
    super(why);
    this.why = why;
  }
}

/**
 * The fragment for a run.
 * @param {string} run its text @param {number | undefined} at where it is opened, µs; else at its start
 * @param {string} hash of its state there; else where its last line is done
 */
export async function toFragment(run, at, hash) {
  // The blanks that line up the commands come back when the text is read.
  const text = run.replace(/\n$/, '').replace(/^(at \S+) +/gm, '$1 ');
  const short = plain(text);
  const what = short.length <= PLAIN_MAX ? `run=${short}` : `runz=${await pack(text)}`;
  // The hash is last: of a link that was cut off, no part is taken for the whole.
  return `#${what}&v=1${at === undefined ? '' : `&at=${at}`}&hash=${hash}`;
}

/**
 * Reads a fragment. Nothing if it is not one of a run, but a place on the page.
 * @param {string} fragment @returns {Promise<Linked | { wrong: Wrong } | undefined>}
 */
export async function fromFragment(fragment) {
  if (!/^#(run[^=&]{0,8}|v)=/.test(fragment)) return undefined;
  try {
    return await read(fragment.slice(1));
  } catch (error) {
    return { wrong: error instanceof Bad ? error.why : 'broken' };
  }
}

/** @param {string} fragment @returns {Promise<Linked>} */
async function read(fragment) {
  if (fragment.length > TEXT_MAX * 3 + 1000) throw new Bad('large');
  /** @type {Map<string, string>} */
  const parts = new Map();
  for (const part of fragment.split('&')) {
    const [key, ...value] = part.split('=');
    if (parts.has(key)) throw new Bad('broken');
    parts.set(key, value.join('='));
  }
  const take = (/** @type {string} */ key) => {
    const value = parts.get(key);
    parts.delete(key);
    return value;
  };
  const version = take('v') ?? '';
  if (/^\d+$/.test(version) && Number(version) > 1) throw new Bad('newer');
  const [run, packed, at, hash] = ['run', 'runz', 'at', 'hash'].map(take);
  if (run === undefined && packed === undefined) throw new Bad('unknown');
  const whole = version === '1' && /^[0-9a-f]{16}$/.test(hash ?? '') && /^\d{1,11}$/.test(at ?? '0');
  if (!hash || !whole || (run !== undefined && packed !== undefined)) throw new Bad('broken');
  const text = packed
    ? await unpack(packed)
    : decodeURIComponent((run ?? '').replace(/[;+]/g, (c) => (c === ';' ? '\n' : ' ')));
  if (new Blob([text]).size > TEXT_MAX) throw new Bad('large');
  return { text, at: at === undefined ? undefined : Number(at), hash, unknown: [...parts.keys()] };
}
