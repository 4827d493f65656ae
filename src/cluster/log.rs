//! The log: every write in order, each at its position.
//!
//! The entries themselves are in the history, each once. A node's log has their numbers, and so has a message that carries
//! some of them.

use std::rc::Rc;

use crate::chunks::Chunks;
use crate::facts::{Lsn, Position};
use crate::history::{Entry, History};
use crate::in_order::set_of;
use crate::limits;

/// A node's log. What is behind `flushed` is in memory only and does not survive a crash.
#[derive(Debug, Clone, Default)]
pub struct Log {
    base: Position,
    last: Position,
    /// The numbers of the entries behind the base.
    entries: Chunks<u32>,
    /// Bytes from where the log begins to the base, and to its end.
    base_bytes: u64,
    bytes: u64,
    flushed: Lsn,
}

impl Log {
    /// A log that begins behind a snapshot.
    pub fn behind(base: Position) -> Self {
        Self { base, last: base, flushed: base.lsn, ..Self::default() }
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

    /// The point of history before the first entry that is kept.
    pub fn base_position(&self) -> Position {
        self.base
    }

    /// The last position.
    #[inline(always)]
    pub fn last(&self) -> Position {
        self.last
    }

    /// The last position that is on disk.
    pub fn flushed(&self) -> Lsn {
        self.flushed
    }

    /// The number of the entry at a position, if it is kept.
    fn number(&self, lsn: Lsn) -> Option<u32> {
        self.entries.get(lsn.checked_sub(self.base.lsn + 1)? as usize).copied()
    }

    /// The entry at a position, if it is kept.
    pub fn get<'h>(&self, lsn: Lsn, history: &'h History) -> Option<&'h Entry> {
        history.entry(self.number(lsn)?)
    }

    /// The point of history at a position, if it is still known.
    pub fn at(&self, lsn: Lsn, history: &History) -> Option<Position> {
        if lsn == self.base.lsn {
            return Some(self.base);
        }
        self.get(lsn, history).map(Entry::position)
    }

    /// The last position that two logs have in common, if both still reach back to it.
    pub fn common(&self, other: &Log, history: &History) -> Option<Lsn> {
        let lowest = self.base.lsn.max(other.base.lsn);
        let highest = self.last.lsn.min(other.last.lsn);
        (lowest..=highest).rev().find(|&lsn| {
            let write = |log: &Log| log.get(lsn, history).map(|entry| entry.write);
            let known = write(self).zip(write(other));
            self.at(lsn, history) == other.at(lsn, history) && known.is_none_or(|(own, other)| own == other)
        })
    }

    /// The last position here whose write is also in another log, wherever it stands there; else that which they have in
    /// common.
    pub fn common_write(&self, other: &Log, history: &History) -> Option<Lsn> {
        let theirs = set_of(other.entries(history).map(|entry| entry.write));
        let shared = |lsn: &Lsn| self.get(*lsn, history).is_some_and(|entry| theirs.contains(&entry.write));
        (self.base.lsn + 1..=self.last.lsn).rev().find(shared).or_else(|| self.common(other, history))
    }

    /// Where the entry of a write stands: mostly at this position.
    pub fn place_of(&self, write: u32, near: Lsn, history: &History) -> Option<Lsn> {
        let is_it = |lsn: &Lsn| self.get(*lsn, history).is_some_and(|entry| entry.write == write);
        Some(near).filter(is_it).or_else(|| (self.base.lsn + 1..=self.last.lsn).rev().find(is_it))
    }

    /// The entries at some positions, as messages carry them.
    pub fn pieces(&self, places: &[Lsn], history: &History) -> Vec<Piece> {
        let numbers: Vec<u32> = places.iter().filter_map(|lsn| self.number(*lsn)).collect();
        let messages = numbers.chunks(limits::ENTRIES_PER_MESSAGE_MAX);
        messages.filter_map(|numbers| Piece::of(numbers.iter().copied(), history)).collect()
    }

    /// The last position of a history that ends here and is part of this one, as far as epochs tell: PostgreSQL keeps the
    /// same in its timeline history files.
    pub fn shared_with(&self, end: Position, history: &History) -> Lsn {
        let later = |entry: &&Entry| entry.epoch > end.epoch;
        let until = self.entries(history).find(later).map_or(self.last.lsn, |entry| entry.lsn - 1);
        until.min(end.lsn)
    }

    /// The entries that are kept, the first one first.
    pub fn entries<'h>(&self, history: &'h History) -> impl Iterator<Item = &'h Entry> {
        self.entries.iter().filter_map(|number| history.entry(*number))
    }

    /// The entries behind a position for one message, up to another position; nothing if they are no longer kept.
    pub fn piece(&self, sent: Lsn, upto: Lsn, history: &History) -> Option<Piece> {
        let most = upto.min(sent + limits::ENTRIES_PER_MESSAGE_MAX as Lsn);
        Piece::of((sent + 1..=most).map_while(|lsn| self.number(lsn)), history)
    }

    /// Adds an entry, by its number, at the next position.
    pub fn push(&mut self, number: u32, entry: &Entry) {
        debug_assert_eq!(entry.lsn, self.last.lsn + 1);
        self.last = entry.position();
        self.bytes += u64::from(entry.bytes);
        self.entries.push(number);
    }

    /// Bytes that were ever logged here: a position as Redis counts it.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Bytes up to a position, as far as it is known: added up from the nearer end.
    pub fn bytes_upto(&self, lsn: Lsn, history: &History) -> u64 {
        let sum = |from: Lsn, to: Lsn| -> u64 {
            (from + 1..=to).filter_map(|lsn| self.get(lsn, history)).map(|entry| u64::from(entry.bytes)).sum()
        };
        if lsn <= self.base.lsn {
            self.base_bytes
        } else if lsn - self.base.lsn < self.last.lsn.saturating_sub(lsn) {
            self.base_bytes + sum(self.base.lsn, lsn)
        } else {
            self.bytes - sum(lsn, self.last.lsn)
        }
    }

    /// Marks the log as on disk up to a position.
    pub fn flush(&mut self, upto: Lsn) {
        self.flushed = self.flushed.max(upto.min(self.last.lsn));
    }

    /// Throws away what is behind a position. Returns how many entries that are.
    pub fn truncate(&mut self, last: Lsn, history: &History) -> u64 {
        let (before, last) = (self.last.lsn, last.max(self.base.lsn));
        if last >= before {
            return 0;
        }
        self.bytes = self.bytes_upto(last, history);
        self.last = self.at(last, history).unwrap_or(self.base);
        self.entries.truncate((last - self.base.lsn) as usize);
        self.flushed = self.flushed.min(last);
        u64::from(before - last)
    }

    /// A crash: what was not flushed is gone. Returns how many entries that are.
    pub fn lose_unflushed(&mut self, history: &History) -> u64 {
        self.truncate(self.flushed, history)
    }

    /// Drops entries up to a position; only what is flushed and applied may go.
    pub fn trim(&mut self, upto: Lsn, history: &History) {
        while self.base.lsn < upto.min(self.flushed) {
            let Some(entry) = self.entries.pop_first().and_then(|number| history.entry(number)) else { break };
            self.base = entry.position();
            self.base_bytes += u64::from(entry.bytes);
        }
    }
}

/// Entries of a log in order and without gaps, as one message carries them.
#[derive(Debug, Clone)]
pub struct Piece {
    numbers: Numbers,
    bytes: u32,
}

/// Numbers of entries. Mostly they have been logged one after the other, and so have these.
#[derive(Debug, Clone)]
enum Numbers {
    Row { first: u32, count: u32 },
    List(Rc<Vec<u32>>),
}

impl Piece {
    /// Nothing, if there are no entries.
    fn of(numbers: impl Iterator<Item = u32> + Clone, history: &History) -> Option<Self> {
        let first = numbers.clone().next()?;
        let (mut count, mut bytes, mut row) = (0, 0u32, true);
        for number in numbers.clone() {
            row &= number == first + count;
            count += 1;
            bytes = bytes.saturating_add(history.entry(number).map_or(0, |entry| entry.bytes));
        }
        let numbers = if row { Numbers::Row { first, count } } else { Numbers::List(Rc::new(numbers.collect())) };
        Some(Self { numbers, bytes })
    }

    /// How many entries there are.
    pub fn count(&self) -> u32 {
        match &self.numbers {
            Numbers::Row { count, .. } => *count,
            Numbers::List(numbers) => numbers.len() as u32,
        }
    }

    /// Their size on the wire.
    pub fn bytes(&self) -> u32 {
        self.bytes
    }

    fn number(&self, place: u32) -> Option<u32> {
        match &self.numbers {
            Numbers::Row { first, .. } => Some(first + place),
            Numbers::List(numbers) => numbers.get(place as usize).copied(),
        }
    }

    /// The entries.
    pub fn entries<'h>(&self, history: &'h History) -> impl DoubleEndedIterator<Item = &'h Entry> {
        (0..self.count()).filter_map(|place| history.entry(self.number(place)?))
    }

    /// Their numbers.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        (0..self.count()).filter_map(|place| self.number(place))
    }
}
