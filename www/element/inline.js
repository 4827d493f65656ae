// What the builds that are one file begin with.

import { NAME } from './inside.js';

export * from './element.js';

// In a worker the same file does studies.
if (!globalThis.document && globalThis.self?.name === NAME)
  void import('../later/study-worker.js').then((it) => it.serve());
