//! The plain data that a page sees. Nothing here decides anything: [`super::state`] fills it.
//!
//! Field names become camelCase and enum variants lower-case words in JavaScript. Times are microseconds of
//! simulated time, positions are log sequence numbers, and an *endpoint* number names a node or a client for as
//! long as the run lasts (numbers are not used again).

use crate::facts::Lsn;
use serde::{Serialize, Serializer};

use super::vocabulary::Words;

/// Everything that is drawn and does not move between two events.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct State {
    /// Simulated time, µs.
    pub now_us: u64,
    /// Time of the last line of the text, µs.
    pub last_line_us: u64,
    /// The settings in force now.
    pub settings: Settings,
    /// Those who watch over the master, or the store of its lease.
    pub observers: Vec<Observer>,
    /// What will happen by itself if nothing comes in between, the next first.
    pub waits: Vec<Wait>,
    /// The master first, then the slaves in the order in which they joined.
    pub nodes: Vec<Node>,
    /// Clients, in order of appearance.
    pub clients: Vec<Client>,
    /// The links between the master and each slave, and between each client and each node.
    pub links: Vec<Link>,
    /// The logs of all nodes, aligned by position.
    pub log: LogStrips,
    /// Every write that is named anywhere in this state.
    pub writes: Vec<Write>,
    /// What the referee says.
    pub verdicts: Vec<Verdict>,
    /// What clients ask beside the lines of the text; nothing if nobody does.
    pub load: Option<Load>,
    /// What a master and a slave are called.
    pub roles: Words,
}

/// What clients ask beside the lines of the text.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Load {
    /// Endpoint number of the client that stands for all of them.
    pub client: u16,
    /// Its requests without an answer.
    pub waiting: u32,
    /// Reads that were answered in the last second, and so for the others.
    pub reads: u32,
    /// Writes that were acknowledged.
    pub writes: u32,
    /// Requests that got an error or no answer.
    pub failed: u32,
}

/// What the work of a node takes.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Capacity {
    /// As in the text: `read 5ms write 5ms apply 1ms workers 1 queue 100 steady`.
    pub text: String,
    /// A read, µs.
    pub read_us: u64,
    /// A write that a client asks for, µs.
    pub write_us: u64,
    /// An entry that a slave applies, µs.
    pub apply_us: u64,
    /// How many do the work side by side.
    pub workers: u16,
    /// How many requests may wait for a worker.
    pub queue: u32,
    /// Whether a work takes a random time with that mean.
    pub random: bool,
    /// Requests that wait for a worker now.
    pub waiting: u32,
    /// Requests and entries in work now.
    pub working: u32,
}

/// The settings in force.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Each as in the text, the rest of its line by the first word: `replication`: `async`, `log`: `keep all`.
    #[serde(serialize_with = "object")]
    pub values: Vec<(String, String)>,
    /// What the preset has (or the playground's defaults, when none was chosen) where that is something else.
    #[serde(serialize_with = "object")]
    pub differs: Vec<(String, String)>,
    /// Name of the preset that was chosen last, empty for none.
    pub preset: &'static str,
    /// The seed of all chance.
    pub seed: u64,
}

fn object<S: Serializer>(pairs: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(pairs.iter().map(|(name, text)| (name, text)))
}

/// Somebody who watches over the master.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Observer {
    /// Endpoint number.
    pub id: u16,
    /// Its name in the run text.
    pub name: String,
    /// `ok`, or `alarm` if it misses a master or nobody holds the lease.
    pub state: &'static str,
    /// What it knows, in a few words.
    pub parts: Vec<Part>,
}

/// Something that will happen by itself if nothing comes in between.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Wait {
    /// From when on it is worth a word, µs.
    pub from_us: u64,
    /// When it happens, µs.
    pub until_us: u64,
    /// What: “m’s lease runs out”.
    pub parts: Vec<Part>,
}

/// A master or a slave.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Node {
    /// Endpoint number.
    pub id: u16,
    /// Its name in the run text.
    pub name: String,
    /// `master` or `slave`.
    pub role: &'static str,
    /// The endpoint that a slave follows.
    pub upstream: Option<u16>,
    /// `up`, `down` or `frozen`.
    pub process: &'static str,
    /// `streaming`, `connecting`, `disconnected` or `denied` for a slave; empty for a master.
    pub replication: &'static str,
    /// Why its master does not let it in, in the engine's words; empty if it does.
    pub denial: &'static str,
    /// Whether a master has given up to wait for slaves, for now.
    pub degraded: bool,
    /// How its last connection began: `partial` (from the log), `full` (a snapshot), or empty.
    pub catchup: &'static str,
    /// The epoch (timeline) of its history.
    pub epoch: u32,
    /// Last position received (for the master: written to its log).
    pub received: Lsn,
    /// Last position that survives a crash.
    pub flushed: Lsn,
    /// Last position applied: what a read sees.
    pub applied: Lsn,
    /// Positions that the master can show and this node cannot yet.
    pub behind: Lsn,
    /// Age of the oldest of them, µs.
    pub behind_us: u64,
    /// The delay set for applying, µs.
    pub apply_delay_us: u64,
    /// Entries that it applies in a second at most; nothing for any number.
    pub apply_speed: Option<u32>,
    /// What its work takes; nothing if it takes no time.
    pub capacity: Option<Capacity>,
    /// Whether applying is paused.
    pub apply_paused: bool,
    /// Whom a quorum promotes first, 0 for never.
    pub priority: u8,
    /// Whether it takes no writes of clients, because an operator said so.
    pub read_only: bool,
    /// Whether a master takes no writes, because it may not be the only one.
    pub aside: bool,
    /// Writes that wait for slaves before their client is answered (master only).
    pub waiting: u32,
    /// Whether it holds a value that no master logged.
    pub diverged: bool,
    /// Its keys, the latest written first, at most [`crate::limits::VIEW_ROWS_MAX`] of them.
    pub rows: Vec<Row>,
    /// Keys beyond those.
    pub rows_more: u32,
}

/// A key that a node holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// The key.
    pub key: String,
    /// The value; nothing for a deleted key that another node still shows.
    pub value: Option<String>,
    /// Number of the write that made it; nothing where this node has never seen the key.
    pub write: Option<u32>,
    /// `fresh`; `stale` (the master shows a newer one); `ahead` (the master does not show it yet);
    /// `foreign` (no master logged it, or it was lost).
    pub state: &'static str,
    /// Versions behind the master's, when stale.
    pub versions_behind: u32,
}

/// A session and its latest requests.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Client {
    /// Endpoint number.
    pub id: u16,
    /// Its name in the run text.
    pub name: String,
    /// Requests without an answer yet.
    pub pending: u32,
    /// The request that `cancel` would free: its oldest, if that is a write that waits for slaves.
    pub waits: Option<u32>,
    /// The latest requests, newest first, at most [`crate::limits::VIEW_OPERATIONS_MAX`].
    pub operations: Vec<Operation>,
}

/// One request of a client and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// Number of the request in this run, from 1.
    pub id: u32,
    /// `write`, `read`, `delete` or `wait`.
    pub kind: &'static str,
    /// The key.
    pub key: String,
    /// Name of the node that was asked (the last one, if the router tried several).
    pub node: String,
    /// For a write or delete its own number; for a read the write whose value it saw.
    pub write: Option<u32>,
    /// When it was asked, µs.
    pub asked_us: u64,
    /// When it was answered or given up, µs.
    pub done_us: Option<u64>,
    /// `pending`, `ok`, `value`, `nothing`, `count`, `error` or `timeout`.
    pub outcome: &'static str,
    /// The value read, the number of slaves, a warning, or the error's text.
    pub text: String,
    /// For a read: `fresh`, `stale`, `ahead` or `foreign`; for others empty.
    pub verdict: &'static str,
    /// One short sentence on the verdict, empty when fresh or not a read.
    pub verdict_text: String,
}

/// A link between two endpoints, both ways.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// Endpoint number of one side (the master, or the client).
    pub a: u16,
    /// Endpoint number of the other side.
    pub b: u16,
    /// Whether it carries the log (master–slave) or requests (client–node).
    pub carries: &'static str,
    /// From `a` to `b`.
    pub forth: Direction,
    /// From `b` to `a`.
    pub back: Direction,
}

/// One way of a link.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Direction {
    /// `open`, `cut` (closed and refused) or `held` (open, but bytes stop).
    pub state: &'static str,
    /// Time from end to end, µs.
    pub latency_us: u64,
    /// Up to this much more, by chance, µs.
    pub jitter_us: u64,
    /// Chance that a packet is lost and sent again, in parts of a million.
    pub loss_ppm: u32,
    /// Bytes per second; nothing for unlimited.
    pub bandwidth: Option<u64>,
    /// Messages on their way.
    pub in_flight: u32,
    /// Messages that were sent in the last full second.
    pub rate: u32,
}

/// The logs of all nodes over one window of positions.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogStrips {
    /// First position of the window; 1 when it begins with the log.
    pub first: Lsn,
    /// Last position of the window, 0 when nothing was logged.
    pub last: Lsn,
    /// One strip for each node, in the order of [`State::nodes`].
    pub strips: Vec<Strip>,
}

/// The log of one node over the window.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Strip {
    /// Endpoint number.
    pub node: u16,
    /// One cell for each position of the window.
    pub cells: Vec<Cell>,
}

/// One position of one node's log.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    /// Number of the write; nothing for a position that this node does not know.
    pub write: Option<u32>,
    /// `applied`, `flushed`, `received` (in memory only), `sent` (on its way to this slave), `missing`, or
    /// `snapshot` (came with a snapshot, or was trimmed from the log after it was applied).
    pub state: &'static str,
}

/// A write or delete.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Write {
    /// Its number in this run, from 1.
    pub id: u32,
    /// Its hue on the colour wheel, degrees. Red and amber are left out: they have a meaning of their own.
    pub hue: u16,
    /// The key.
    pub key: String,
    /// The value, or nothing for a delete.
    pub value: Option<String>,
}

/// One judgement over the whole run.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// A stable name: `fresh-reads`, `no-lost-writes`, `convergence`, `one-history`, `one-master`, `read-your-writes`,
    /// `monotonic-reads`, `monotonic-writes`, `writes-follow-reads`, `consistent-prefix`.
    pub id: &'static str,
    /// What it asks, as a short statement: "Every read was fresh".
    pub title: String,
    /// `held`, `behind` (expected of asynchronous replication, shown in amber), `broken` (red), or `untested`.
    pub status: &'static str,
    /// How it stands now, in one sentence.
    pub summary: Vec<Part>,
    /// The first case against it, told in one or two sentences; empty when there is none.
    pub witness: Vec<Part>,
    /// When the witness happened, µs.
    pub witness_us: Option<u64>,
    /// The request that it is about, if it is about one: [`super::why()`] explains it.
    pub witness_operation: Option<u32>,
}

/// One thing that happened, as a sentence.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sentence {
    /// Sequence number of the fact in the history.
    pub seq: u64,
    /// When, µs.
    pub at_us: u64,
    /// `client`, `replication`, `fault`, `network` or `setting`.
    pub kind: &'static str,
    /// `detail` (a single step, hidden at first), `plain`, `behind` (amber) or `broken` (red).
    pub weight: &'static str,
    /// The sentence.
    pub parts: Vec<Part>,
    /// Number of the request that it is about, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<u32>,
}

/// A preset to choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PresetView {
    /// Its name in the run text.
    pub name: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Lines of the engine's own configuration that it stands for.
    pub configuration: &'static str,
}

/// A piece of a sentence. In JavaScript: `{text}`, `{text, write, hue}`, `{text, endpoint}`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Part {
    /// The words.
    pub text: String,
    /// Set where the words name a write: its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub write: Option<u32>,
    /// The hue of that write.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hue: Option<u16>,
    /// Set where the words name a node or client: its endpoint number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<u16>,
}

/// What a message in flight carries, for somebody who presses it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Packet {
    /// Its number, as in the columns of [`super::packets`].
    pub id: u32,
    /// "Entries 4 to 6", "Read cart", …
    pub title: String,
    /// What it is for, in one sentence.
    pub parts: Vec<Part>,
    /// Size on the wire, bytes.
    pub bytes: u32,
    /// When it was sent, µs.
    pub sent_us: u64,
    /// When it will arrive, µs; nothing while it is held.
    pub arrives_us: Option<u64>,
}

/// Words for the kinds of messages, at the index that the packet columns use.
pub const PACKET_KINDS: [&str; 10] =
    ["write", "read", "answer", "error", "entries", "acknowledge", "snapshot", "connect", "closed", "watch"];

/// Numbers in a row of the packet columns: id, from, to, progress (0 to 1), kind, write (0: none), entries, state
/// (0 moving, 1 held, 2 lost once and sent again), whether it is of a load (0 or 1).
pub const PACKET_STRIDE: usize = 9;
