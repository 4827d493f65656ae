/** The object trees that the core hands out. They mirror src/view/model.rs, where each field is documented. */

export interface State {
  nowUs: number;
  lastLineUs: number;
  settings: Settings;
  nodes: Node[];
  clients: Client[];
  links: Link[];
  log: { first: number; last: number; strips: Strip[] };
  writes: Write[];
  verdicts: Verdict[];
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
  applyPaused: boolean;
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
}
export interface Sentence {
  seq: number;
  atUs: number;
  kind: string;
  weight: 'detail' | 'plain' | 'behind' | 'broken';
  parts: Part[];
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
