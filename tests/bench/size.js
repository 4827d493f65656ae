// The sizes of the bench cluster.
import { readFileSync } from 'node:fs';

const READS_A_SECOND = 4000;
const WRITES_A_SECOND = 1000;

/** Arrivals and deliveries: three for a read; for a write three, and an entry and its acknowledgement for each slave. */
export function modelEvents({ slaves, seconds }) {
  return seconds * (READS_A_SECOND * 3 + WRITES_A_SECOND * (3 + 2 * slaves));
}

/** The run text of the bench cluster in another size. */
export function clusterText({ slaves, seconds, keys }) {
  const names = Array.from({ length: slaves }, (_, number) => `s${number + 1}`);
  return readFileSync(new URL('bench-cluster.run', import.meta.url), 'utf8')
    .replace(/^cluster .*$/m, `cluster m + ${names.join(' ')}`)
    .replace(/\bkeys \d+/, `keys ${keys}`)
    .replace(/^at \S+ end$/m, `at ${seconds}s end`);
}
