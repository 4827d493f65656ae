// A worker from a piece of code.

const START_MS = 15_000;

/** @param {string} code @param {WorkerOptions} options */
export function fromBlob(code, options) {
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  setTimeout(() => URL.revokeObjectURL(url), START_MS);
  return new Worker(url, options);
}
