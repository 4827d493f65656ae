//! What a cluster may be held to.

use super::names;
use crate::error::Error;

/// A promise. Those that the referee knows have the names of its verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Promise {
    /// A write that was acknowledged is never lost.
    NoLostWrites,
    /// A client sees what it wrote and was told to be done.
    ReadYourWrites,
    /// What a client has seen once, it sees from then on.
    MonotonicReads,
    /// Never do two nodes take writes that are not of one history.
    OneMaster,
    /// All nodes hold the same once everything is mended.
    Convergence,
    /// A write that was answered with an error that says “not done” never turns up.
    NoFailedWrites,
    /// A write whose client heard an error that leaves it open never turns up.
    NoUnsureWrites,
    /// With one fault a write is still acknowledged, once things have settled.
    WritesGoOn,
    /// With the master down reads are still answered.
    ReadsGoOn,
}

/// All of them, in the order in which they are shown.
pub const PROMISES: [Promise; 9] = [
    Promise::NoLostWrites,
    Promise::ReadYourWrites,
    Promise::MonotonicReads,
    Promise::OneMaster,
    Promise::Convergence,
    Promise::NoFailedWrites,
    Promise::NoUnsureWrites,
    Promise::WritesGoOn,
    Promise::ReadsGoOn,
];

/// Those that are checked unless others are named: all but that of writes which ended in an error that leaves them open.
pub fn default_promises() -> impl Iterator<Item = Promise> {
    PROMISES.into_iter().filter(|promise| *promise != Promise::NoUnsureWrites)
}

impl Promise {
    /// Its name, as the command line and lessons call it.
    pub fn name(self) -> &'static str {
        match self {
            Promise::NoLostWrites => "no-lost-writes",
            Promise::ReadYourWrites => "read-your-writes",
            Promise::MonotonicReads => "monotonic-reads",
            Promise::OneMaster => "one-master",
            Promise::Convergence => "convergence",
            Promise::NoFailedWrites => "no-failed-writes",
            Promise::NoUnsureWrites => "no-unsure-writes",
            Promise::WritesGoOn => "writes-go-on",
            Promise::ReadsGoOn => "reads-go-on",
        }
    }

    /// What it says, in a sentence without its full stop.
    pub fn title(self) -> &'static str {
        match self {
            Promise::NoLostWrites => "No acknowledged write is lost",
            Promise::ReadYourWrites => "A client sees its own writes",
            Promise::MonotonicReads => "What a client has seen does not disappear",
            Promise::OneMaster => "Never two masters that take writes",
            Promise::Convergence => "All nodes hold the same once everything is mended",
            Promise::NoFailedWrites => "No write that failed turns up later",
            Promise::NoUnsureWrites => "No write whose connection broke turns up later",
            Promise::WritesGoOn => "Writes go on with one fault",
            Promise::ReadsGoOn => "Reads go on with the master down",
        }
    }

    /// The promise of this name.
    ///
    /// # Errors
    ///
    /// There is none: the error says which ones there are, and which one may have been meant.
    pub fn named(name: &str) -> Result<Self, Error> {
        names::find("promise", name, PROMISES.map(|promise| (promise.name(), promise)).as_slice())
    }

    pub(super) fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// A set of promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Promises(pub u32);

impl Promises {
    pub fn of(promises: &[Promise]) -> Self {
        Self(promises.iter().fold(0, |bits, promise| bits | promise.bit()))
    }

    pub fn has(self, promise: Promise) -> bool {
        self.0 & promise.bit() != 0
    }

    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub fn add(&mut self, promise: Promise) {
        self.0 |= promise.bit();
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn iter(self) -> impl Iterator<Item = Promise> {
        PROMISES.into_iter().filter(move |promise| self.has(*promise))
    }
}
