declare module '*.css' {
  const text: string;
  export default text;
}
declare module '*.run' {
  const text: string;
  export default text;
}
// The standard run as it looks at its beginning: .ci/stills.js makes it.
declare module 'still:first' {
  const first: import('./run/still.js').First;
  export default first;
}
// The part of the module that is needed to open others than the standard run: its file has a hash in its name.
declare module 'still:parts' {
  const parts: { runs: string };
  export default parts;
}
// What each preset stands for in its engine's own configuration, by name.
declare module 'still:configurations' {
  const texts: Record<string, string>;
  export default texts;
}
// The ways of the table of guarantees that were seen on real servers, by preset: who acts, how many faults, the promise and the
// way; and with which version, and when.
declare module 'still:seen' {
  const ways: Record<string, Record<string, string>>;
  export default ways;
}
// What .ci/dist.js puts into the builds that are one file.
declare module 'inside:wasm' {
  /** The WebAssembly module, packed by raw deflate, as base64. */
  const packed: string;
  export default packed;
}
declare module 'inside:paste.wasm' {
  /** What reads pastes, packed likewise. */
  const packed: string;
  export default packed;
}
declare module 'inside:texts' {
  /** The lessons and runs, by their paths. */
  const texts: Record<string, string>;
  export default texts;
}
