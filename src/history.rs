//! What happened: every fact of a run, and the tables of requests and writes that the facts name by number.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};

use crate::chunks::{Chunks, PART, Recent};
use crate::cluster::{Cell, Denial, Failure, Lsn, Progress};
use crate::limits;
use crate::time::Us;

/// A fact. Nodes and clients are named by their endpoint numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact {
    /// Its number, from 0.
    pub seq: u64,
    /// When, µs.
    pub at_us: Us,
    /// What.
    pub event: Event,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the fields are named for what they hold: node, slave, peer, lsn, write, operation")]
pub enum Event {
    /// A client asked.
    Asked { operation: u32, node: Option<u16> },
    /// Its router tries another node.
    Retried { operation: u32, node: u16 },
    /// A node read a key for a client: this is what it held.
    ReadServed { operation: u32, node: u16, cell: Option<Cell> },
    /// A client has its answer, or has given up.
    Finished { operation: u32 },
    /// An answer came for a client that had given up.
    AnswerTooLate { operation: u32, failed: bool },
    /// A slave dropped a client's write.
    WriteIgnored { node: u16, operation: u32 },
    /// A slave passed a client's write on.
    WriteForwarded { node: u16, operation: u32 },
    /// A slave took a client's write for itself.
    WrittenLocally { node: u16, write: u32 },
    /// The master logged a write.
    Logged { node: u16, lsn: Lsn, write: u32, epoch: u32 },
    /// A slave has the log up to here in memory.
    Received { node: u16, lsn: Lsn },
    /// A node has the log up to here on disk.
    Flushed { node: u16, lsn: Lsn },
    /// Reads on a node see this write from now on.
    Applied { node: u16, lsn: Lsn, write: u32 },
    /// The master has heard how far a slave has come.
    Acknowledged { node: u16, slave: u16, progress: Progress },
    /// The master opened a stream to a slave.
    StreamOpened { node: u16, slave: u16, from: Lsn, full: bool },
    /// A slave is connected, from the log or with a snapshot.
    Connected { node: u16, peer: u16, lsn: Lsn, full: bool },
    /// A node is not let in as a slave.
    Denied { node: u16, peer: u16, why: Denial },
    /// A slave became a master, in a new epoch, with its log up to `lsn`; so many entries were thrown away.
    Promoted { node: u16, epoch: u32, lsn: Lsn, discarded: u64 },
    /// An observer has not heard of the master for too long.
    Suspected { observer: u16, node: u16 },
    /// Enough observers let this one act: it has chosen a node to be the master.
    Chosen { observer: u16, node: u16 },
    /// A slave took the lease that the master had let go.
    LeaseTaken { node: u16 },
    /// A node asks the others to elect it.
    Stands { node: u16, term: u32 },
    /// A master takes no more writes: it may no longer be the only one.
    SteppedAside { node: u16 },
    /// A node follows another from now on.
    Follows { node: u16, upstream: u16 },
    /// A node threw its own history away behind this position, and took its master's.
    Rewound { node: u16, lsn: Lsn },
    /// A node goes on from this position and keeps what it has beside it.
    Forced { node: u16, lsn: Lsn },
    /// What only this node had was thrown away, and saved to a file.
    RolledBack { node: u16, entries: u64 },
    /// Too few slaves acknowledged in time: the master no longer waits for any.
    Degraded { node: u16 },
    /// Enough slaves have caught up: the master waits for them again.
    SyncRestored { node: u16 },
    /// A node noticed that a connection is gone.
    Disconnected { node: u16, peer: u16 },
    /// Power cut: everything behind `last` is gone.
    Crashed { node: u16, last: Lsn, lost: u64 },
    /// Graceful stop.
    Stopped { node: u16 },
    /// The process is up.
    Started { node: u16, epoch: u32 },
    /// The process hangs.
    Frozen { node: u16 },
    /// It goes on.
    Thawed { node: u16 },
    /// One way of a link is closed.
    Cut { from: u16, to: u16 },
    /// One way of a link stands still.
    Held { from: u16, to: u16 },
    /// It works again.
    Healed { from: u16, to: u16 },
    /// A slave joined.
    Added { node: u16 },
    /// A slave left.
    Removed { node: u16 },
    /// Old log was dropped up to here.
    Trimmed { node: u16, lsn: Lsn },
    /// The load has made as many writes as a run may have, and stops.
    LoadEnded,
    /// A setting was changed by this line of the text.
    Set { line: u32 },
    /// A line could not be done.
    LineFailed { line: u32 },
}

/// A fact as it is kept: when and what in the first word, numbers in the others. What is rare is kept whole, elsewhere.
#[derive(Debug, Clone, Copy)]
pub struct Packed([u64; 3]);

const RARE: u64 = 0;
const ASKED: u64 = 1;
const READ_SERVED: u64 = 2;
const FINISHED: u64 = 3;
const LOGGED: u64 = 4;
const RECEIVED: u64 = 5;
const FLUSHED: u64 = 6;
const APPLIED: u64 = 7;
const ACKNOWLEDGED: u64 = 8;

impl Packed {
    /// Packs what happens often.
    #[inline(always)]
    fn of(event: &Event) -> Option<(u64, u64, u64)> {
        let two = |low: u32, high: u32| u64::from(low) | u64::from(high) << 32;
        Some(match *event {
            Event::Asked { operation, node } => (ASKED, two(operation, node.map_or(0, |node| u32::from(node) + 1)), 0),
            Event::ReadServed { operation, node, cell } => {
                let (flags, word) = match cell {
                    None => (0, 0),
                    Some(cell) => {
                        (1 | u32::from(cell.deleted) << 1 | u32::from(cell.local) << 2, two(cell.write, cell.lsn))
                    }
                };
                (READ_SERVED, two(operation, u32::from(node) | flags << 16), word)
            }
            Event::Finished { operation } => (FINISHED, operation.into(), 0),
            Event::Logged { node, lsn, write, epoch } => (LOGGED, two(lsn, node.into()), two(write, epoch)),
            Event::Received { node, lsn } => (RECEIVED, two(lsn, node.into()), 0),
            Event::Flushed { node, lsn } => (FLUSHED, two(lsn, node.into()), 0),
            Event::Applied { node, lsn, write } => (APPLIED, two(lsn, node.into()), write.into()),
            Event::Acknowledged { node, slave, progress } => (
                ACKNOWLEDGED,
                two(progress.received, u32::from(node) | u32::from(slave) << 16),
                two(progress.flushed, progress.applied),
            ),
            _ => return None,
        })
    }

    fn open(&self, seq: u64, rare: &Chunks<Event>) -> Fact {
        let [head, a, b] = self.0;
        let (low, high, low_b, high_b) = (a as u32, (a >> 32) as u32, b as u32, (b >> 32) as u32);
        let node = high as u16;
        let event = match head & 0xff {
            ASKED => Event::Asked { operation: low, node: high.checked_sub(1).map(|node| node as u16) },
            READ_SERVED => {
                let flags = high >> 16;
                let cell = Cell { write: low_b, lsn: high_b, deleted: flags & 2 > 0, local: flags & 4 > 0 };
                Event::ReadServed { operation: low, node, cell: (flags & 1 > 0).then_some(cell) }
            }
            FINISHED => Event::Finished { operation: low },
            LOGGED => Event::Logged { node, lsn: low, write: low_b, epoch: high_b },
            RECEIVED => Event::Received { node, lsn: low },
            FLUSHED => Event::Flushed { node, lsn: low },
            APPLIED => Event::Applied { node, lsn: low, write: low_b },
            ACKNOWLEDGED => {
                let progress = Progress { received: low, flushed: low_b, applied: high_b };
                Event::Acknowledged { node, slave: (high >> 16) as u16, progress }
            }
            _ => rare.get(a as usize).copied().unwrap_or(Event::LoadEnded),
        };
        Fact { seq, at_us: head >> 8, event }
    }

    /// Whether no judge has anything to say on it, whoever the master is.
    #[inline(always)]
    pub fn says_nothing(&self) -> bool {
        const SILENT: u64 = 1 << ASKED | 1 << RECEIVED | 1 << FLUSHED | 1 << ACKNOWLEDGED;
        SILENT >> (self.0[0] & 0xff) & 1 > 0
    }

    /// The request that has come to its end, if that is what happened.
    #[inline(always)]
    pub fn finished(&self) -> Option<(Us, u32)> {
        (self.0[0] & 0xff == FINISHED).then_some((self.0[0] >> 8, self.0[1] as u32))
    }

    /// A node has read a key: when, for which request, which node, what it held.
    #[inline(always)]
    pub fn read_served(&self) -> Option<(Us, u32, u16, Option<Cell>)> {
        let [head, a, b] = self.0;
        if head & 0xff != READ_SERVED {
            return None;
        }
        let flags = a >> 48;
        let cell = Cell { write: b as u32, lsn: (b >> 32) as u32, deleted: flags & 2 > 0, local: flags & 4 > 0 };
        Some((head >> 8, a as u32, (a >> 32) as u16, (flags & 1 > 0).then_some(cell)))
    }

    /// The node that has applied something, if that is what happened.
    #[inline(always)]
    pub fn applied_by(&self) -> Option<u16> {
        (self.0[0] & 0xff == APPLIED).then_some((self.0[1] >> 32) as u16)
    }
}

/// The first number of the requests that a load asks. Those of the lines of the text are below.
pub const LOAD_FIRST: u32 = 1 << 31;

/// A write or delete of a client.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Write {
    /// Number of the key.
    pub key: u32,
    /// The value.
    pub value: Value,
    /// Number of the request.
    pub operation: u32,
    /// The client.
    pub client: u16,
    /// When the client was told that it is done, µs.
    pub told_us: Option<Us>,
}

/// What a write puts in the place of what was there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Value {
    /// Nothing: the key is deleted.
    Deleted,
    /// A text.
    Text(Box<str>),
    /// So many bytes that a load has made up; shown by the number of the write.
    Made(u16),
}

/// What a client wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// To write.
    Write,
    /// To read.
    Read,
    /// To delete.
    Delete,
    /// To know how many slaves have its writes.
    Wait,
}

/// A request of a client and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Operation {
    /// The client.
    pub client: u16,
    /// What it wants.
    pub kind: Kind,
    /// Whether the master's own word is enough for it.
    pub local: bool,
    /// How many slaves are enough for a wait, and how long it waits for them, µs.
    pub enough: (u8, u32),
    /// The position that a slave must have applied to answer a read, and how long it may take, µs.
    pub after: (Lsn, u32),
    /// Which way to route was in force: its place in [`crate::cluster::Routing::policies`]; nothing if the node was named.
    pub policy: Option<u16>,
    /// Number of the key.
    pub key: u32,
    /// Number of the write, 0 for a read.
    pub write: u32,
    /// The node asked last; nothing if the router found none.
    pub node: Option<u16>,
    /// When it was asked, µs.
    pub asked_us: Us,
    /// When it was answered or given up, µs.
    pub done_us: Option<Us>,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Nothing yet.
    Pending,
    /// A write was acknowledged.
    Done,
    /// A write is done on the master; its client did not wait for slaves.
    Unconfirmed,
    /// So many slaves had acknowledged.
    Count(u8),
    /// A read was answered.
    Value(Option<Cell>),
    /// It failed.
    Failed(Failure),
    /// No answer in time.
    TimedOut,
}

/// All facts of a run, and what they speak of.
#[derive(Debug, Clone, Default)]
pub struct History {
    facts: Chunks<Packed>,
    rare: Chunks<Event>,
    /// Facts that no judge has seen yet.
    unjudged: Vec<Packed>,
    count: u64,
    dropped: u64,
    hash: Portable,
    keys: Vec<Box<str>>,
    /// Their numbers, in the order of the keys.
    sorted: Vec<u32>,
    writes: Chunks<Write>,
    operations: Chunks<Operation>,
    /// Those of a load, by their number behind [`LOAD_FIRST`]. Old ones are dropped.
    load: Recent<Operation>,
}

impl History {
    /// Writes a fact down.
    pub fn note(&mut self, at_us: Us, event: Event) {
        match Packed::of(&event) {
            Some(packed) => self.push(at_us, packed),
            None => {
                self.hash.take(event);
                let place = self.rare.len() as u64;
                self.rare.push(event);
                self.push(at_us, (RARE, place, 0));
            }
        }
    }

    /// The same, for what happens with every request and entry: one copy at each place, for one kind of fact.
    #[inline(always)]
    pub fn note_hot(&mut self, at_us: Us, event: Event) {
        match Packed::of(&event) {
            Some(packed) => self.push(at_us, packed),
            None => self.note(at_us, event),
        }
    }

    #[inline(always)]
    fn push(&mut self, at_us: Us, (code, a, b): (u64, u64, u64)) {
        let head = at_us << 8 | code;
        // Its number does not count in the hash: the order does.
        self.hash.word(head);
        self.hash.word(a);
        self.hash.word(b);
        let seq = self.count;
        self.count += 1;
        let packed = Packed([head, a, b]);
        self.facts.push(packed);
        if !packed.says_nothing() {
            self.unjudged.push(packed);
        }
        const FIRST: u64 = (limits::FACTS_KEPT_MAX + PART) as u64;
        if seq % PART as u64 == FIRST % PART as u64 && seq >= FIRST {
            self.drop_facts();
        }
    }

    #[cold]
    fn drop_facts(&mut self) {
        self.dropped += self.facts.drop_first_part() as u64;
    }

    /// Facts from a number on, where they are the latest ones.
    #[inline(always)]
    pub fn latest(&self, seq: u64) -> Option<&[Packed]> {
        self.facts.latest((seq - self.dropped) as usize)
    }

    /// Lets words count in the hash that no fact carries: keys, values, commands.
    pub fn absorb(&mut self, words: impl Hash) {
        self.hash.take(words);
    }

    /// Facts so far, dropped ones counted.
    pub fn len(&self) -> u64 {
        self.count
    }

    /// Whether nothing has happened yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Facts that are no longer kept, the oldest.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Facts from a number on.
    pub fn since(&self, seq: u64) -> impl DoubleEndedIterator<Item = Fact> {
        let skip = usize::try_from(seq.saturating_sub(self.dropped)).unwrap_or(usize::MAX);
        let len = self.facts.len();
        (skip.min(len)..len)
            .filter_map(|place| Some(self.facts.get(place)?.open(self.dropped + place as u64, &self.rare)))
    }

    /// Facts that no judge has seen yet.
    #[inline(always)]
    pub fn take_unjudged(&mut self) -> Option<Vec<Packed>> {
        (!self.unjudged.is_empty()).then(|| std::mem::take(&mut self.unjudged))
    }

    /// Gives the list back, to be used again.
    pub fn give_back(&mut self, mut list: Vec<Packed>) {
        list.clear();
        self.unjudged = list;
    }

    /// A kept fact, read.
    pub fn open(&self, packed: &Packed) -> Fact {
        packed.open(0, &self.rare)
    }

    /// Whether a fact is one of the many that only a load brings about: one request, one write.
    pub fn is_of_load(&self, event: &Event) -> bool {
        let write = match *event {
            Event::Asked { operation, .. }
            | Event::Retried { operation, .. }
            | Event::ReadServed { operation, .. }
            | Event::Finished { operation }
            | Event::AnswerTooLate { operation, .. }
            | Event::WriteIgnored { operation, .. }
            | Event::WriteForwarded { operation, .. } => return operation >= LOAD_FIRST,
            Event::Logged { write, .. } | Event::Applied { write, .. } | Event::WrittenLocally { write, .. } => write,
            _ => return false,
        };
        self.write(write).is_some_and(|write| write.operation >= LOAD_FIRST)
    }

    /// A hash of all facts so far, the dropped ones too, and of keys, values, outcomes and commands. The same on every machine.
    pub fn hash(&self) -> u64 {
        self.hash.finish()
    }

    /// The numbers of the keys `k1` to `kN`; nothing when there are too many.
    pub fn load_keys(&mut self, count: u16) -> Option<Vec<u32>> {
        (1..=count).map(|number| self.key_number(&format!("k{number}"))).collect()
    }

    /// The number of a key, a new one if it is new; nothing when there are too many.
    pub fn key_number(&mut self, key: &str) -> Option<u32> {
        let place = match self.sorted.binary_search_by(|&number| self.key(number).cmp(key)) {
            Ok(place) => return self.sorted.get(place).copied(),
            Err(place) => place,
        };
        if self.keys.len() >= limits::KEYS_MAX {
            return None;
        }
        let number = u32::try_from(self.keys.len()).ok()?;
        self.hash.take(key);
        self.keys.push(key.into());
        self.sorted.insert(place, number);
        Some(number)
    }

    /// The key with a number.
    pub fn key(&self, number: u32) -> &str {
        self.keys.get(number as usize).map_or("", |key| key)
    }

    /// Notes a write. Its number is from 1.
    pub fn add_write(&mut self, write: Write) -> u32 {
        self.hash.take(&write);
        self.writes.push(write);
        self.write_count()
    }

    /// Writes so far.
    pub fn write_count(&self) -> u32 {
        u32::try_from(self.writes.len()).unwrap_or(u32::MAX)
    }

    /// The write with a number.
    pub fn write(&self, number: u32) -> Option<&Write> {
        self.writes.get((number as usize).checked_sub(1)?)
    }

    /// The value that a write made, nothing for a delete.
    pub fn value(&self, write: u32) -> Option<Cow<'_, str>> {
        match &self.write(write)?.value {
            Value::Deleted => None,
            Value::Text(text) => Some(Cow::Borrowed(text)),
            Value::Made(_) => Some(Cow::Owned(format!("v{write}"))),
        }
    }

    /// Size of that value, bytes.
    pub fn value_bytes(&self, write: u32) -> usize {
        match self.write(write).map(|write| &write.value) {
            Some(Value::Text(text)) => text.len(),
            Some(Value::Made(bytes)) => usize::from(*bytes),
            Some(Value::Deleted) | None => 0,
        }
    }

    /// The client was told that its write is done.
    pub(crate) fn told(&mut self, write: u32, at_us: Us) {
        let place = (write as usize).checked_sub(1);
        if let Some(write) = place.and_then(|place| self.writes.get_mut(place)) {
            write.told_us = Some(at_us);
        }
    }

    /// Notes a request. Its number is from 1.
    pub fn add_operation(&mut self, operation: Operation) -> u32 {
        self.operations.push(operation);
        u32::try_from(self.operations.len()).unwrap_or(u32::MAX)
    }

    /// Notes a request of a load. Its number is from [`LOAD_FIRST`].
    pub fn add_load_operation(&mut self, operation: Operation) -> u32 {
        let over = self.load.kept() >= limits::LOAD_REQUESTS_KEPT;
        if over && self.load.first().is_some_and(|first| first.outcome != Outcome::Pending) {
            self.load.drop_first();
        }
        self.load.push(operation);
        LOAD_FIRST + (self.load.next_number() - 1)
    }

    /// The number that the next request of a load gets.
    pub fn next_load_operation(&self) -> u32 {
        LOAD_FIRST + self.load.next_number()
    }

    /// Requests of a load: all there were, those no longer kept as well.
    pub fn load_operations(&self) -> &Recent<Operation> {
        &self.load
    }

    /// All requests of the text's lines, the first one first.
    pub fn operations(&self) -> &Chunks<Operation> {
        &self.operations
    }

    /// The request with a number.
    pub fn operation(&self, number: u32) -> Option<&Operation> {
        if number >= LOAD_FIRST {
            return self.load.get(number - LOAD_FIRST);
        }
        self.operations.get((number as usize).checked_sub(1)?)
    }

    /// The request with a number, to change it.
    pub(crate) fn operation_mut(&mut self, number: u32) -> Option<&mut Operation> {
        if number >= LOAD_FIRST {
            return self.load.get_mut(number - LOAD_FIRST);
        }
        self.operations.get_mut((number as usize).checked_sub(1)?)
    }
}

/// A hasher that gives the same result on 32-bit and 64-bit machines. Hundreds of thousands of facts go through it in a
/// second, so small numbers share a word, and a word takes two steps. It finds changes, it does not keep out those who want
/// to forge them.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Portable {
    state: u64,
    /// Numbers that wait until a word is full, and how many bits they have.
    word: u64,
    bits: u32,
}

impl Portable {
    /// Takes in something whole. A word of its own begins with it: so the compiler knows which numbers share one.
    #[inline(always)]
    fn take(&mut self, what: impl Hash) {
        let mut own = Self { state: self.state, word: 0, bits: 0 };
        what.hash(&mut own);
        self.state = own.flushed();
    }

    /// Takes in a word.
    #[inline(always)]
    fn word(&mut self, word: u64) {
        self.state = (self.state.rotate_left(25) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    #[inline(always)]
    fn flushed(self) -> u64 {
        // The golden ratio's bits, odd.
        (self.state.rotate_left(25) ^ self.word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    #[inline(always)]
    fn put(&mut self, number: u64, bits: u32) {
        if self.bits + bits > 64 {
            self.state = self.flushed();
            (self.word, self.bits) = (number, bits);
        } else {
            self.word |= number << self.bits;
            self.bits += bits;
        }
    }
}

impl Hasher for Portable {
    /// With the bits mixed once more, as MurmurHash 3 does it in the end (`fmix64`).
    fn finish(&self) -> u64 {
        let mut hash = self.flushed();
        hash = (hash ^ hash >> 33).wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash = (hash ^ hash >> 33).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        hash ^ hash >> 33
    }
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            self.put(u64::from_le_bytes(word), 64);
        }
        self.put(bytes.len() as u64, 64);
    }
    #[inline(always)]
    fn write_u8(&mut self, n: u8) {
        self.put(n.into(), 8);
    }
    #[inline(always)]
    fn write_u16(&mut self, n: u16) {
        self.put(n.into(), 16);
    }
    #[inline(always)]
    fn write_u32(&mut self, n: u32) {
        self.put(n.into(), 32);
    }
    #[inline(always)]
    fn write_u64(&mut self, n: u64) {
        self.put(n, 64);
    }
    fn write_usize(&mut self, n: usize) {
        self.put(n as u64, 64);
    }
    /// Which of an enumeration's variants it is: all of them have fewer than 256.
    #[inline(always)]
    fn write_isize(&mut self, n: isize) {
        self.put(n as u64 & 0xff, 8);
    }
}
