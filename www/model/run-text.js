// Lines of the run text that the controls issue, and the units they are written in.

/** @typedef {import('../types').Node} Node */

/** A duration as the run text writes it, exactly. @param {number} us @returns {string} */
export function duration(us) {
  const whole = Math.max(0, Math.round(us));
  if (whole % 1_000_000 === 0) return `${whole / 1_000_000}s`;
  if (whole % 1000 === 0) return `${whole / 1000}ms`;
  return `${whole}us`;
}

/** A bandwidth as the run text writes it. @param {number} n bytes per second */
export function rate(n) {
  const [unit, word] = n % 1_000_000 === 0 ? [1_000_000, 'MB/s'] : n % 1000 === 0 ? [1000, 'kB/s'] : [1, 'B/s'];
  return `${n / unit}${word}`;
}

/**
 * Sliders for durations are logarithmic: place 0 to 100 stands for 1 ms to 10 s (or, where `zero` is allowed,
 * place 0 stands for none). Rounded to two figures.
 */
const TOP_MS = 10_000;
/** @param {number} place @param {boolean} [zero] @returns {number} µs */
export function fromPlace(place, zero = false) {
  if (zero && place <= 0) return 0;
  const ms = TOP_MS ** (place / 100);
  const unit = 10 ** (Math.floor(Math.log10(ms)) - 1);
  return Math.round(Math.round(ms / unit) * unit * 1000);
}
/** @param {number} us @returns {number} place from 0 to 100 */
export function toPlace(us) {
  if (us <= 1000) return us > 0 ? 1 : 0;
  return Math.min(100, Math.round((Math.log10(us / 1000) / Math.log10(TOP_MS)) * 100));
}

/** The value to offer after this one: a number at its end counts up. @param {string} value @returns {string} */
export function nextValue(value) {
  return value.replace(/\d{1,9}$/, (digits) => String(Number(digits) + 1));
}

/** A free name for the next slave. @param {Node[]} nodes */
export function nextSlave(nodes) {
  const taken = new Set(nodes.map((n) => n.name));
  let n = nodes.length;
  while (taken.has(`s${n}`)) n += 1;
  return `s${n}`;
}

/**
 * `replication …` as its pieces, and back.
 * @param {string} text as in `settings.replication`
 * @returns {{ who: string, first: boolean, stage: string, hidden: boolean }}
 */
export function parseReplication(text) {
  const [mode, ...rest] = text.split(/\s+/);
  return {
    who: mode === 'sync' ? (rest.find((w) => w === 'all' || w === 'majority' || /^\d+$/.test(w)) ?? 'all') : 'async',
    first: rest.includes('first'),
    stage: rest.find((w) => w === 'received' || w === 'flushed' || w === 'applied') ?? 'applied',
    hidden: rest.includes('hidden'),
  };
}
/** @param {{ who: string, first: boolean, stage: string, hidden: boolean }} r */
export function replicationLine(r) {
  return r.who === 'async'
    ? 'replication async'
    : `replication sync ${r.first ? 'first ' : ''}${r.who} ${r.stage}${r.hidden ? ' hidden' : ''}`;
}
