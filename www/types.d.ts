/** The object trees that the core hands out. They mirror src/view/model.rs, where each field is documented. */

export interface State {
  nowUs: number;
  lastLineUs: number;
  settings: Settings;
  observers: Observer[];
  waits: Wait[];
  nodes: Node[];
  clients: Client[];
  links: Link[];
  log: { first: number; last: number; strips: Strip[] };
  writes: Write[];
  verdicts: Verdict[];
  load?: Load | null;
  /** What a master, a slave, and slaves are called. */
  roles: { master: string; slave: string; slaves: string };
}
/** What of all that has changed since a version: src/view/sections.rs. What is left out is as it was. */
export interface Changes {
  version: number;
  nowUs: number;
  lastLineUs: number;
  settings?: Settings;
  observers?: Observer[];
  waits?: Wait[];
  nodes?: ListChange<number, Node>;
  clients?: ListChange<number, Client>;
  links?: ListChange<number, Link>;
  positions?: { first: number; last: number };
  strips?: ListChange<number, Strip>;
  writes?: ListChange<number, Write>;
  verdicts?: ListChange<string, Verdict>;
  load?: Load | null;
  roles?: State['roles'];
  lesson?: Lesson | null;
  past?: Past;
  /** Those before `from` are as they were. */
  marks?: { from: number; list: Mark[] };
}
export interface ListChange<K, T> {
  /** All keys in order, if that has changed. */
  keys?: K[];
  /** Those that are new or have changed. */
  items: T[];
}
/** What will happen by itself: `m’s lease runs out`. */
export interface Wait {
  fromUs: number;
  untilUs: number;
  parts: Part[];
}
export interface Load {
  client: number;
  waiting: number;
  reads: number;
  writes: number;
  failed: number;
}
export interface Capacity {
  text: string;
  readUs: number;
  writeUs: number;
  applyUs: number;
  workers: number;
  queue: number;
  random: boolean;
  waiting: number;
  working: number;
}
/** What was measured over time: see src/view/charts.rs. */
export interface Charts {
  widthS: number;
  atS: number[];
  reads: number[];
  writes: number[];
  failed: number[];
  stale: (number | null)[];
  readMs: Percentiles;
  writeMs: Percentiles;
  nodes: NodeCurves[];
}
export interface Percentiles {
  p50: (number | null)[];
  p95: (number | null)[];
  p99: (number | null)[];
}
export interface NodeCurves {
  id: number;
  name: string;
  lagMs: (number | null)[];
  behind: (number | null)[];
  waiting: (number | null)[];
  working: (number | null)[];
}
export interface Preset {
  name: string;
  title: string;
  configuration: string;
}
export interface Settings {
  values: Record<string, string>;
  differs: Record<string, string>;
  preset: string;
  seed: number;
}
export interface Node {
  id: number;
  name: string;
  role: 'master' | 'slave';
  upstream?: number | null;
  process: 'up' | 'down' | 'frozen';
  replication: '' | 'streaming' | 'connecting' | 'disconnected' | 'denied';
  denial: string;
  degraded: boolean;
  catchup: '' | 'partial' | 'full';
  epoch: number;
  received: number;
  flushed: number;
  applied: number;
  behind: number;
  behindUs: number;
  applyDelayUs: number;
  capacity?: Capacity | null;
  applyPaused: boolean;
  readOnly: boolean;
  aside: boolean;
  applySpeed?: number | null;
  priority: number;
  waiting: number;
  diverged: boolean;
  rows: Row[];
  rowsMore: number;
}
export interface Row {
  key: string;
  value?: string | null;
  write?: number | null;
  state: 'fresh' | 'stale' | 'ahead' | 'foreign';
  versionsBehind: number;
}
export interface Client {
  id: number;
  name: string;
  pending: number;
  waits?: number | null;
  operations: Operation[];
}
export interface Operation {
  id: number;
  kind: 'write' | 'read' | 'delete' | 'wait';
  key: string;
  node: string;
  write?: number | null;
  askedUs: number;
  doneUs?: number | null;
  outcome: 'pending' | 'ok' | 'value' | 'nothing' | 'count' | 'error' | 'timeout';
  text: string;
  verdict: '' | 'fresh' | 'stale' | 'ahead' | 'foreign';
  verdictText: string;
}
export interface Link {
  a: number;
  b: number;
  carries: string;
  forth: Direction;
  back: Direction;
}
export interface Direction {
  state: 'open' | 'cut' | 'held';
  latencyUs: number;
  jitterUs: number;
  lossPpm: number;
  bandwidth?: number | null;
  inFlight: number;
  rate: number;
}
export interface Strip {
  node: number;
  cells: Cell[];
}
export interface Cell {
  write?: number | null;
  state: 'applied' | 'flushed' | 'received' | 'sent' | 'missing' | 'snapshot';
}
export interface Write {
  id: number;
  hue: number;
  key: string;
  value?: string | null;
}
export interface Verdict {
  id: string;
  title: string;
  status: 'held' | 'behind' | 'broken' | 'untested';
  summary: Part[];
  witness: Part[];
  witnessUs?: number | null;
  witnessOperation?: number | null;
}
export interface Sentence {
  seq: number;
  atUs: number;
  kind: string;
  weight: 'detail' | 'plain' | 'behind' | 'broken';
  parts: Part[];
  /** Number of the request that it is about. */
  operation?: number;
}
export interface Part {
  text: string;
  write?: number;
  hue?: number;
  endpoint?: number;
}
export interface Mark {
  atUs: number;
  kind: 'write' | 'stale' | 'broken' | 'fault' | 'mend' | 'promotion';
  write: number;
  text: string;
}
export interface Past {
  canUndo: boolean;
  canRedo: boolean;
  here: number;
  branches: Branch[];
}
export interface Branch {
  number: number;
  parent?: number | null;
  forkedUs: number;
  command: string;
}
export interface Difference {
  what: string;
  one: Part[];
  other: Part[];
  statuses: [Verdict['status'] | '', Verdict['status'] | ''];
}
export interface Packet {
  id: number;
  title: string;
  parts: Part[];
  bytes: number;
  sentUs: number;
  arrivesUs?: number | null;
}

/** A lesson while it is being taken. */
export interface Lesson {
  title: string;
  /** The title as the text has it, whatever a master is called. */
  name: string;
  /** Steps in all. */
  steps: number;
  /** Whether the next step waits until the reader goes on. */
  rests: boolean;
  /** Whether it goes on by itself once something has happened. */
  waits: boolean;
  /** Whether it has waited for long, or for one who has tried: what the reader did may stand in the way. */
  long: boolean;
  done: boolean;
  /** What the reader has met so far. */
  items: LessonItem[];
}
/** What a task asks for: what the fields should say, and which control is meant. */
export interface Wanted {
  verb: string;
  line: string;
  client: string | null;
  key: string | null;
  value: string | null;
  node: string | null;
  link: [string, string] | null;
}
export interface LessonItem {
  kind: 'step' | 'say' | 'task' | 'ask' | 'reveal' | 'learned';
  words: string;
  done: boolean;
  /** Whether the page can do it for the reader. */
  by: boolean;
  wanted: Wanted | null;
  hint: string | null;
  answers: string[];
  given: number | null;
  right: number | null;
}
/** A question of a lesson, for paper. */
export interface Question {
  step: string;
  told: { done: boolean; words: string }[];
  words: string;
  answers: string[];
  right: number;
  reveal: string;
}
/** Why a request came out as it did. */
export interface Why {
  sentences: Part[][];
  fromUs: number;
  toUs: number;
  writes: number[];
  facts: number[];
  endpoints: number[];
  operation: number;
  heard: [from: number, to: number, atUs: number][];
}
/** A window of the space-time diagram. */
export interface SpaceTime {
  fromUs: number;
  toUs: number;
  lanes: {
    id: number;
    name: string;
    kind: 'client' | 'node' | 'observer';
    gaps: [fromUs: number, toUs: number, how: 'down' | 'frozen'][];
  }[];
  arrows: Arrow[];
  points: Point[];
  leftOut: number;
}
export interface Arrow {
  id: number;
  from: number;
  to: number;
  sentUs: number;
  endedUs: number | null;
  lost: boolean;
  kind: number;
  write: number;
  operation: number;
  text: string;
}
export interface Point {
  lane: number;
  atUs: number;
  kind: string;
  weight: 'detail' | 'plain' | 'behind' | 'broken';
  write: number;
  seq: number;
  text: string;
}

/** How far slaves lag, what reading costs, what failovers did. */
export interface Report {
  lags: Lag[];
  prices: {
    policy: string;
    now: boolean;
    reads: number;
    atMasterPermille: number;
    stalePermille: number;
    meanUs: number;
    failed: number;
  }[];
  autopsies: {
    atUs: number;
    summary: Part[];
    ledger: {
      fate: 'kept' | 'lost' | 'surfaced' | 'dropped' | 'diverged';
      title: string;
      count: number;
      writes: Part[];
    }[];
  }[];
}
export interface Lag {
  node: number;
  whole: Stage;
  network: Stage;
  unflushed: Stage;
  unapplied: Stage;
  meters: [name: string, value: string][];
  misleads: string;
}
export interface Stage {
  entries: number;
  bytes: number;
  us: number;
}
/** Somebody who watches over the master. */
export interface Observer {
  id: number;
  name: string;
  state: 'ok' | 'alarm';
  parts: Part[];
}

// --- studies: src/web/study.rs, and what goes to the worker and comes back ---

export interface StalenessCurve {
  seeds: number;
  failed: number;
  points: StalenessPoint[];
}
export interface StalenessPoint {
  atMs: number;
  reads: number;
  share?: number | null;
  low: number;
  high: number;
}
export interface VariantScore {
  reads: number;
  writes: number;
  failed: number;
  stale?: number | null;
  readMs: (number | null | undefined)[];
  writeMs: (number | null | undefined)[];
  /** Exact where all requests are in the text. */
  medianWriteMs?: number | null;
  /** Writes that were asked for. */
  asked: number;
  lost: number;
  blocked: number;
  leftOut: number;
}
export type StudyTask =
  | { kind: 'curve'; text: string; nowUs: number; spanMs?: number; seeds: number; narrow: number }
  | { kind: 'variants'; text: string; changes: string[]; seeds: (number | undefined)[]; untilUs: number };
export type StudyJob = StudyTask & { id: number };
export interface Refusal {
  code: string;
  message: string;
  line?: number;
  expected?: string;
}
export interface StudyNews {
  /** Of the job; 0 if it is of none. */
  id: number;
  curve?: StalenessCurve;
  variant?: number;
  /** Number of the seed. */
  place?: number;
  score?: VariantScore;
  done?: boolean;
  /** The core says no. */
  refused?: Refusal;
  /** The core, or the worker, broke down. */
  broken?: string;
}

/** What a lesson waits for: what is asked of the checker, and of which cluster. */
export interface CheckWanted {
  asked: string;
  cluster: string;
}
/** A remark on a line of a paste: src/import/notes.rs. */
export interface PasteNote {
  paste: number;
  line: number;
  text: string;
}
/** What was read of some pastes: src/web/paste.rs. */
export interface PasteView {
  cluster: string[];
  promoted: string;
  candidates: string[];
  meters: string[];
  cannotKnow: string[];
  guarantees: string[];
  read: PasteNote[];
  assumed: PasteNote[];
  notUnderstood: PasteNote[];
  leftOut: number;
  runText?: string | null;
  /** What the masks stand for. */
  names: [name: string, identities: string[]][];
  /** Lines with a password. */
  secrets: number;
  /** The pastes without their passwords. */
  pastes: string[];
}
export type PasteJob = { id: number; pastes: string[] };
export interface PasteNews {
  /** Of the job; 0 if it is of none. */
  id: number;
  told?: PasteView;
  refused?: { code: string; message: string; expected?: string };
  broken?: string;
}
/** A job for the checker. With a promise: what would have prevented that it is broken. */
export interface CheckTask {
  text: string;
  nowUs: number;
  /** `operator careful faults 1 depth 5` */
  asked: string;
  promise?: string;
  /** Only what real servers can do of it. */
  real?: boolean;
}
export type CheckJob = CheckTask & { id: number };
/** The question as it was understood: src/web/check.rs. */
export interface CheckAsked {
  nowUs: number;
  leftOut: string[];
  operator: string;
  operators: { name: string; runbook: string }[];
  faults?: number | null;
  depth: number;
  writeUs?: number | null;
}
/** How a search stands: src/view/check.rs. */
export interface CheckView {
  depth: number;
  at: number;
  of: number;
  states: number;
  transitions: number;
  ending: 'open' | 'complete' | 'out-of-states' | 'exhausted';
  unconfirmed: number;
  promises: CheckPromise[];
}
export interface CheckPromise {
  name: string;
  title: string;
  broken: boolean;
  actions: number;
  finding?: CheckFinding | null;
}
export interface CheckFinding {
  way: string[];
  why: string;
  text: string;
}
export interface CheckNeighbour {
  words: string;
  refused?: string | null;
  promises: CheckPromise[];
  complete: boolean;
  writeUs?: number | null;
}
/** The run on real servers: src/web/real.rs. */
export interface RealView {
  engine?: string | null;
  title?: string | null;
  refused?: string | null;
  noFolder?: string | null;
  notes: string[];
  files: string[];
}
export interface CheckNews {
  real?: RealView;
  /** The folder for Docker Compose. */
  archive?: Uint8Array;
  /** Of the job; 0 if it is of none. */
  id: number;
  asked?: CheckAsked;
  told?: CheckView;
  /** Every way was tried, and none breaks what was asked for. */
  holds?: boolean;
  /** The promise whose neighbours these are. */
  promise?: string;
  names?: string[];
  near?: CheckNeighbour;
  done?: boolean;
  /** The core says no. */
  refused?: Refusal;
  /** The core, or the worker, broke down. */
  broken?: string;
}
