/** Made when it is asked for first, and kept; a failure is not kept. @template T @param {() => Promise<T>} make */
export function once(make) {
  /** @type {Promise<T> | undefined} */
  let made;
  return () => {
    made ??= make();
    made.catch(() => (made = undefined));
    return made;
  };
}
