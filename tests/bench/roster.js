// Who is compared, and what each keeps of what happens. The engine is held against both: those that keep nothing show
// what keeping costs, those that keep the same show what the engine is worth.

export const NOTHING = 'nothing';
export const SAME = 'the same';
const ALL = 'all';

export const legend = `Keeps: nothing: it only counts. The same: what the engine keeps for this one cluster, by hand: facts and their hash, logs,
cells, requests with time-outs, a verdict on each read, measurements. All: the engine, for any cluster, with ways back.`;

export const roster = {
  queue: { label: 'bare queue', keeps: NOTHING },
  minimal: { label: 'minimal version', keeps: NOTHING },
  desque: { label: 'desque', keeps: NOTHING },
  plain: { label: 'plain JavaScript', keeps: NOTHING },
  typed: { label: 'typed arrays', keeps: NOTHING },
  simpy: { label: 'SimPy', keeps: NOTHING },
  'minimal-same': { label: 'minimal version, same work', keeps: SAME },
  'desque-same': { label: 'desque, same work', keeps: SAME },
  'typed-same': { label: 'JavaScript, same work, facts in typed arrays', keeps: SAME },
  'objects-same': { label: 'JavaScript, same work, a fact an object', keeps: SAME },
  engine: { label: 'engine', keeps: ALL },
  'engine-fast': { label: 'engine, opt-level 3', keeps: ALL },
};

/** Those that run natively; who runs in WASM or in JavaScript is in contenders.js. */
export const natives = ['queue', 'minimal', 'desque', 'minimal-same', 'desque-same', 'engine'];

export const isEngine = ({ name }) => name.startsWith('engine');
export const keepsTheSame = ({ name }) => roster[name].keeps === SAME;
