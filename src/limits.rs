//! Every limit of the playground, in one place.
//!
//! A text, a key, a number or a link that comes from outside is checked against these in Rust, whatever the page
//! did before. Beyond a limit there is an [`Error`](crate::error::Error) with the code `limit`.

/// Bytes in a run text (UTF-8).
pub const TEXT_BYTES_MAX: usize = 512 * 1024;
/// Lines in a run text.
pub const LINES_MAX: usize = 20_000;
/// The newest version of the run text that is understood.
pub const VERSION_MAX: u64 = 1;
/// The greatest seed: what a number of JavaScript still holds exactly.
pub const SEED_MAX: u64 = (1 << 53) - 1;
/// Slaves at one time.
pub const SLAVES_MAX: usize = 32;
/// Nodes over a whole run, removed ones counted.
pub const NODES_EVER_MAX: usize = 256;
/// Clients in a run.
pub const CLIENTS_MAX: usize = 32;
/// Characters in the name of a node or a client.
pub const NAME_CHARS_MAX: usize = 16;
/// Bytes in a key.
pub const KEY_BYTES_MAX: usize = 64;
/// Bytes in a value.
pub const VALUE_BYTES_MAX: usize = 1_024;
/// Different keys in a run.
pub const KEYS_MAX: usize = 20_000;
/// Length of a run, µs: a day.
pub const RUN_US_MAX: u64 = 24 * 3_600 * 1_000_000;
/// A latency, jitter, delay, timeout or interval, µs: ten minutes.
pub const SPAN_US_MAX: u64 = 600 * 1_000_000;
/// The shortest latency of a link, µs. A message never arrives at the instant at which it was sent.
pub const LATENCY_US_MIN: u64 = 1;
/// The shortest wait before a slave connects again, µs.
pub const RETRY_US_MIN: u64 = 10_000;
/// The shortest wait of a client for an answer, µs.
pub const TIMEOUT_US_MIN: u64 = 1_000;
/// The shortest time after which a silent link counts as broken, µs.
pub const LINK_TIMEOUT_US_MIN: u64 = 100_000;
/// The shortest time after which a detector holds a master for gone, µs.
pub const DETECTOR_US_MIN: u64 = 200_000;
/// Observers that watch a master.
pub const OBSERVERS_MAX: u64 = 7;
/// The greatest priority of a slave.
pub const PRIORITY_MAX: u64 = 100;
/// Entries that a slave can be told to apply in a second.
pub const APPLY_SPEED_MAX: u64 = 1_000_000;
/// Requests of a load in a second.
pub const LOAD_RATE_MAX: u64 = 20_000;
/// Clients of a load that waits for its answers.
pub const LOAD_CLIENTS_MAX: u64 = 1_000;
/// Keys of a load.
pub const LOAD_KEYS_MAX: u64 = 10_000;
/// Zipf's exponent for the keys of a load, in hundredths.
pub const LOAD_ZIPF_MAX: u64 = 200;
/// Writes of a run with which a load stops: their log must fit into the memory of a page.
pub const LOAD_WRITES_MAX: u32 = 1_000_000;
/// Entries in the logs of all nodes together with which a load stops.
pub const LOAD_ENTRIES_MAX: usize = 8_000_000;
/// Requests of a load that wait at one time: one more fails at its client.
pub const LOAD_WAITING_MAX: usize = 50_000;
/// Messages on one way of a link, or before a node that hangs, with which one more of a load is lost.
pub const LOAD_MESSAGES_MAX: usize = 50_000;
/// Requests of a load whose story is kept; of older ones only what they add up to.
pub const LOAD_REQUESTS_KEPT: usize = 100_000;
/// Events of one piece of a study.
pub const STUDY_EVENTS_MAX: u64 = 1_000_000;
/// Lines of a text that a study may leave out.
pub const STUDY_LINES_LEFT_OUT_MAX: usize = 200;
/// Slots of time for which is kept what was measured; when they are used up, each two become one.
pub const SLOTS_MAX: usize = 4_096;
/// Points of a curve that one call returns.
pub const CHART_POINTS_MAX: u64 = 1_000;
/// Requests that broke a guarantee of their session of which it is kept how; of later ones only the number.
pub const BREACHES_KEPT: usize = 10_000;
/// How long a run with a load and without an `end` line is played after its last line, µs.
pub const SETTLE_LOAD_US: u64 = 10 * 1_000_000;
/// What one work of a node may take, µs.
pub const SERVICE_US_MAX: u64 = 10 * 1_000_000;
/// Workers of a node.
pub const WORKERS_MAX: u64 = 256;
/// Requests that may wait for a worker.
pub const QUEUE_MAX: u64 = 100_000;
/// The greatest denominator of a probability.
pub const RATIO_MAX: u64 = 1_000_000;
/// The greatest probability of loss, in parts of a hundred: beyond it a link hardly works at all.
pub const LOSS_PERCENT_MAX: u64 = 90;
/// Bandwidth of a link, bytes per second.
pub const BANDWIDTH_MIN: u64 = 10;
/// Bandwidth of a link, bytes per second: 100 GB/s.
pub const BANDWIDTH_MAX: u64 = 100_000_000_000;
/// Entries that a log can be told to keep.
pub const LOG_KEEP_MAX: u64 = 1_000_000;
/// What a host keeps of a connection until the wire takes it, bytes. Linux: the greatest of `net.ipv4.tcp_wmem` is 4 MB.
pub const SEND_BUFFER: u32 = 4_000_000;
/// The least that it can be told to keep, bytes.
pub const SEND_BUFFER_MIN: u32 = 1_000;
/// The most that it can be told to keep, bytes.
pub const SEND_BUFFER_MAX: u32 = 1_000_000_000;
/// Entries in one message of the replication stream.
pub const ENTRIES_PER_MESSAGE_MAX: usize = 64;
/// Entries that `fill-log` writes at most.
pub const FILL_ENTRIES_MAX: u32 = 2_000;
/// Entries that a slave can begin behind.
pub const START_BEHIND_MAX: u64 = 1_000;
/// The greatest position of a log: positions are numbers of 32 bits. No run comes near it: each line of the text fills a log
/// by at most [`FILL_ENTRIES_MAX`] entries, and a load stops with [`LOAD_WRITES_MAX`] writes.
pub const POSITION_MAX: u32 = u32::MAX;
const _: () = assert!(LINES_MAX as u64 * FILL_ENTRIES_MAX as u64 + (LOAD_WRITES_MAX as u64) < POSITION_MAX as u64);
/// Requests that wait are kept with spans of 32 bits.
const _: () = assert!(SPAN_US_MAX * 2 < u32::MAX as u64);
/// Times that one message is lost before it gets through all the same.
pub const RETRANSMISSIONS_MAX: u32 = 12;
/// Events that one window of the space-time diagram plays.
pub const SPACETIME_STEPS_MAX: u64 = 20_000;
/// Messages in it.
pub const SPACETIME_ARROWS_MAX: usize = 1_500;
/// Parts of a lesson.
pub const LESSON_ITEMS_MAX: usize = 200;
/// Marks on the time line; what comes later has none.
pub const MARKS_MAX: usize = 20_000;
/// Branches of a run that are kept; the oldest ones go.
pub const BRANCHES_MAX: usize = 12;
/// Events that one call may process before it returns to its caller.
pub const EVENTS_PER_CALL_MAX: u64 = 200_000;
/// Events that one jump to a time may process.
pub const EVENTS_PER_SEEK_MAX: u64 = 5_000_000;
/// Facts kept in the history; the oldest are dropped, and how many is said.
pub const FACTS_KEPT_MAX: usize = 300_000;
/// A lease that is taken from a pasted configuration, s.
pub const IMPORT_LEASE_S: std::ops::RangeInclusive<u64> = 2..=600;
/// How often it is renewed, s; every half of the lease at most.
pub const IMPORT_LOOP_S: std::ops::RangeInclusive<u64> = 1..=300;

/// How long a run without an `end` line is played after its last line until it has settled, µs.
pub const SETTLE_US_MAX: u64 = 900 * 1_000_000;
/// How long such a run goes on for a failover that is still to come, µs.
pub const SETTLE_FAILOVER_US_MAX: u64 = 120 * 1_000_000;
/// Keys that a node shows on the page.
pub const VIEW_ROWS_MAX: usize = 6;
/// Requests of a client that the page shows.
pub const VIEW_OPERATIONS_MAX: usize = 12;
/// Positions in the window of the log strips.
pub const VIEW_POSITIONS_MAX: u32 = 32;
/// Sentences that one call returns.
pub const VIEW_SENTENCES_MAX: usize = 400;
/// Messages in the packet columns.
pub const VIEW_PACKETS_MAX: usize = 2_000;
/// Speed of the clock, in thousandths of the wall clock's.
pub const SPEED_PERMILLE_MAX: u32 = 100_000;
/// Nodes of a cluster that is checked.
pub const CHECK_NODES_MAX: usize = 5;
/// Actions of a way that the checker tries.
pub const CHECK_DEPTH_MAX: u8 = 8;
/// States that it keeps: each takes about 60 bytes.
pub const CHECK_STATES_MAX: u32 = 2_000_000;
/// Faults at the same time that can be asked for; more are any number.
pub const CHECK_FAULTS_MAX: u8 = 9;
/// Writes of a way: each has its bit.
pub const CHECK_WRITES_MAX: u32 = 64;
/// Events with which a cluster is taken as it is, though it has not come to rest.
pub const CHECK_SETTLE_EVENTS_MAX: u64 = 20_000;
/// Texts that are read together as one paste.
pub const IMPORT_PASTES_MAX: usize = 16;
/// Bytes in all of them.
pub const IMPORT_BYTES_MAX: usize = 512 * 1024;
/// Lines in all of them.
pub const IMPORT_LINES_MAX: usize = 40_000;
/// Nodes that a paste can tell of; what comes later is not read.
pub const IMPORT_NODES_MAX: usize = 33;
/// Columns of a table in a paste.
pub const IMPORT_COLUMNS_MAX: usize = 200;
/// How deep lists and objects in a paste may lie in each other.
pub const IMPORT_DEPTH_MAX: usize = 64;
/// Lines of each list of what was read, assumed and not understood; of later ones only the number.
pub const IMPORT_NOTES_MAX: usize = 500;
