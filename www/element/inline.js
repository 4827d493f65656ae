// What the builds that are one file begin with.

import { NAME } from './inside.js';

export * from './element.js';

// In a worker the same file does studies and checks.
if (!globalThis.document && globalThis.self?.name === NAME) void import('../later/worker.js').then((it) => it.serve());
