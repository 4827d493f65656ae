//! The log: every write in order, each at its position.

use std::rc::Rc;

use crate::chunks::Chunks;
use crate::facts::{Lsn, Position};
use crate::limits;
use crate::time::Us;

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
    /// When the master logged it, µs.
    pub at_us: Us,
}

/// A node's log. What is behind `flushed` is in memory only and does not survive a crash.
#[derive(Debug, Clone, Default)]
pub struct Log {
    base: Position,
    entries: Chunks<Entry>,
    /// Bytes from where the log begins to the end of each entry that is kept, and those before the first of them.
    ends: Chunks<u64>,
    base_bytes: u64,
    flushed: Lsn,
}

impl Log {
    /// A log that begins behind a snapshot.
    pub fn behind(base: Position) -> Self {
        Self { base, flushed: base.lsn, ..Self::default() }
    }

    /// Entries that are kept.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none are.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The position before the first entry that is kept.
    pub fn base(&self) -> Lsn {
        self.base.lsn
    }

    /// The last position.
    #[inline(always)]
    pub fn last(&self) -> Position {
        self.entries.last().map_or(self.base, |entry| Position { lsn: entry.lsn, epoch: entry.epoch })
    }

    /// The last position that is on disk.
    pub fn flushed(&self) -> Lsn {
        self.flushed
    }

    /// The entry at a position, if it is kept.
    pub fn get(&self, lsn: Lsn) -> Option<&Entry> {
        let index = lsn.checked_sub(self.base.lsn + 1)?;
        self.entries.get(usize::try_from(index).ok()?)
    }

    /// The entries behind a position for one message, up to another position; nothing if they are no longer kept.
    pub fn piece(&self, sent: Lsn, upto: Lsn) -> Option<Rc<[Entry]>> {
        if upto == sent + 1 {
            return Some(Rc::from([*self.get(upto)?]));
        }
        let most = upto.min(sent + limits::ENTRIES_PER_MESSAGE_MAX as Lsn);
        let entries: Rc<[Entry]> = (sent + 1..=most).map_while(|lsn| self.get(lsn).copied()).collect();
        (!entries.is_empty()).then_some(entries)
    }

    /// The point of history at a position, if it is still known.
    pub fn at(&self, lsn: Lsn) -> Option<Position> {
        if lsn == self.base.lsn {
            return Some(self.base);
        }
        self.get(lsn).map(|entry| Position { lsn, epoch: entry.epoch })
    }

    /// The last position that two logs have in common, if both still reach back to it.
    pub fn common(&self, other: &Log) -> Option<Lsn> {
        let lowest = self.base.lsn.max(other.base.lsn);
        let highest = self.last().lsn.min(other.last().lsn);
        (lowest..=highest).rev().find(|&lsn| self.at(lsn) == other.at(lsn))
    }

    /// The last position of a history that ends here and is part of this one, as far as epochs tell: PostgreSQL keeps the
    /// same in its timeline history files.
    pub fn shared_with(&self, end: Position) -> Lsn {
        let later = |entry: &&Entry| entry.epoch > end.epoch;
        let until = self.entries.iter().find(later).map_or(self.last().lsn, |entry| entry.lsn - 1);
        until.min(end.lsn)
    }

    /// The entries that are kept, the first one first.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// Adds an entry at the next position.
    pub fn push(&mut self, entry: Entry) {
        debug_assert_eq!(entry.lsn, self.last().lsn + 1);
        self.ends.push(self.bytes() + u64::from(entry.bytes));
        self.entries.push(entry);
    }

    /// Bytes that were ever logged here: a position as Redis counts it.
    pub fn bytes(&self) -> u64 {
        self.ends.last().copied().unwrap_or(self.base_bytes)
    }

    /// Bytes up to a position, as far as it is known.
    pub fn bytes_upto(&self, lsn: Lsn) -> u64 {
        let index = lsn.checked_sub(self.base.lsn + 1).and_then(|index| usize::try_from(index).ok());
        match index {
            Some(index) => self.ends.get(index).copied().unwrap_or(self.bytes()),
            None => self.base_bytes,
        }
    }

    /// Marks the log as on disk up to a position.
    pub fn flush(&mut self, upto: Lsn) {
        self.flushed = self.flushed.max(upto.min(self.last().lsn));
    }

    /// Throws away what is behind a position. Returns how many entries that are.
    pub fn truncate(&mut self, last: Lsn) -> u64 {
        let before = self.last().lsn;
        while self.last().lsn > last.max(self.base.lsn) {
            self.entries.pop();
            self.ends.pop();
        }
        self.flushed = self.flushed.min(self.last().lsn);
        u64::from(before - self.last().lsn)
    }

    /// A crash: what was not flushed is gone. Returns how many entries that are.
    pub fn lose_unflushed(&mut self) -> u64 {
        self.truncate(self.flushed)
    }

    /// Drops entries up to a position; only what is flushed and applied may go.
    pub fn trim(&mut self, upto: Lsn) {
        while let Some(&first) = self.entries.first() {
            if first.lsn > upto.min(self.flushed) {
                break;
            }
            self.base = Position { lsn: first.lsn, epoch: first.epoch };
            self.entries.pop_first();
            self.base_bytes = self.ends.pop_first().unwrap_or(self.base_bytes);
        }
    }
}
