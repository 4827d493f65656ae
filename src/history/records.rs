//! What facts and logs name by number: requests, writes and entries.

use std::num::NonZeroU32;

use crate::facts::{Cell, Failure, Lsn, Position};
use crate::time::Us;

/// The first number of the requests that a load asks. Those of the lines of the text are below.
pub const LOAD_FIRST: u32 = 1 << 31;

/// The number in the place of a write for a record that a server writes into its log on its own: nothing is seen of it.
pub const OWN_RECORD: u32 = 0;

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
    /// What must be true before it is answered.
    pub needs: Needs,
    /// Which way to route was in force: its place in the cluster's list of them; nothing if the node was named.
    pub policy: Option<u16>,
    /// Number of the key.
    pub key: u32,
    /// Number of the write, 0 for a read.
    pub write: u32,
    /// The node asked last; nothing if the router found none.
    pub node: Option<u16>,
    /// When it was asked, µs.
    pub asked_us: Us,
    /// How long it took until it was answered or given up, µs.
    pub(crate) took_us: Option<NonZeroU32>,
    /// What came of it.
    pub outcome: Outcome,
}

/// A run under load keeps a hundred thousand of them.
const _: () = assert!(size_of::<Operation>() <= 56);

impl Operation {
    /// A request at the moment when it is asked. `policy`: the way to route that is in force.
    pub fn new(client: u16, kind: Kind, policy: u16, asked_us: Us) -> Self {
        Self {
            client,
            kind,
            local: false,
            needs: Needs::Nothing,
            policy: Some(policy),
            key: 0,
            write: 0,
            node: None,
            asked_us,
            took_us: None,
            outcome: Outcome::Pending,
        }
    }

    /// When it was answered or given up, µs.
    pub fn done_us(&self) -> Option<Us> {
        // One is added to what is kept, so that no time at all is a number as well.
        self.took_us.map(|took_us| self.asked_us + Us::from(took_us.get()) - 1)
    }

    /// It is answered or given up now. No client waits longer than an hour, so a number of 32 bits has room for it.
    pub(crate) fn end(&mut self, now: Us, outcome: Outcome) {
        let took_us = u32::try_from(now.saturating_sub(self.asked_us)).unwrap_or(u32::MAX - 1);
        self.took_us = NonZeroU32::new(took_us.saturating_add(1));
        self.outcome = outcome;
    }
}

/// What must be true before a request is answered. Spans are of 32 bits: [`crate::limits::SPAN_US_MAX`] fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Needs {
    /// Nothing in particular.
    Nothing,
    /// So many slaves have its client's writes, or so much time has passed, µs.
    Slaves(u8, u32),
    /// A slave has applied this position; it may wait so long for it, µs.
    Position(Lsn, u32),
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

/// One write in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Its position.
    pub lsn: Lsn,
    /// The epoch in which the master logged it.
    pub epoch: u32,
    /// Number of the write.
    pub write: u32,
    /// Number of the key.
    pub key: u32,
    /// Whether it deletes the key.
    pub delete: bool,
    /// Size on the wire and on disk.
    pub bytes: u32,
    /// The node that logged it first.
    pub origin: u16,
    /// When the master logged it, µs.
    pub at_us: Us,
}

/// Every log names the same ones: a run has as many as it has writes.
const _: () = assert!(size_of::<Entry>() <= 32);

impl Entry {
    /// The point of history that it makes.
    pub fn position(&self) -> Position {
        Position { lsn: self.lsn, epoch: self.epoch }
    }
}
