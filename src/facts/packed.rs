//! A fact in three words.
//!
//! A run under load has millions of facts, of eight kinds. These are kept as numbers, 24 bytes each: when and what in the
//! first word, the rest in the two others. All other facts are rare: they are kept whole in a list of their own, and what
//! is packed names their number in it.

use super::{Cell, Event, Progress};
use crate::time::Us;

/// A fact as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packed([u64; 3]);

/// The bits of the first word that say what; the others say when, µs.
const CODE_BITS: u32 = 8;

const RARE: u64 = 0;
const ASKED: u64 = 1;
const READ_SERVED: u64 = 2;
const FINISHED: u64 = 3;
const LOGGED: u64 = 4;
const RECEIVED: u64 = 5;
const FLUSHED: u64 = 6;
const APPLIED: u64 = 7;
const ACKNOWLEDGED: u64 = 8;

/// What no judge has anything to say on, whoever the master is.
const SILENT: u64 = 1 << ASKED | 1 << RECEIVED | 1 << FLUSHED | 1 << ACKNOWLEDGED;

#[inline(always)]
fn two(low: u32, high: u32) -> u64 {
    u64::from(low) | u64::from(high) << 32
}

#[inline(always)]
fn low(word: u64) -> u32 {
    word as u32
}

#[inline(always)]
fn high(word: u64) -> u32 {
    (word >> 32) as u32
}

/// A cell as three flags (there is one, deleted, local) and a word.
#[inline(always)]
fn pack_cell(cell: Option<Cell>) -> (u32, u64) {
    cell.map_or((0, 0), |cell| {
        (1 | u32::from(cell.deleted) << 1 | u32::from(cell.local) << 2, two(cell.write, cell.lsn))
    })
}

#[inline(always)]
fn open_cell(flags: u32, word: u64) -> Option<Cell> {
    let cell = Cell { write: low(word), lsn: high(word), deleted: flags & 2 > 0, local: flags & 4 > 0 };
    (flags & 1 > 0).then_some(cell)
}

impl Packed {
    /// Packs an event of the many; nothing if it is a rare one.
    #[inline(always)]
    pub fn of(at_us: Us, event: &Event) -> Option<Self> {
        let (code, a, b) = match *event {
            Event::Asked { operation, node } => (ASKED, two(operation, node.map_or(0, |node| u32::from(node) + 1)), 0),
            Event::ReadServed { operation, node, cell } => {
                let (flags, word) = pack_cell(cell);
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
        };
        Some(Self([at_us << CODE_BITS | code, a, b]))
    }

    /// A rare event, by its number among them.
    pub fn rare(at_us: Us, number: u32) -> Self {
        Self([at_us << CODE_BITS | RARE, number.into(), 0])
    }

    #[inline(always)]
    fn code(self) -> u64 {
        self.0[0] & ((1 << CODE_BITS) - 1)
    }

    /// When, µs.
    #[inline(always)]
    pub fn at_us(self) -> Us {
        self.0[0] >> CODE_BITS
    }

    /// The words that count in the hash.
    #[inline(always)]
    pub fn words(self) -> [u64; 3] {
        self.0
    }

    /// The event, unless it is a rare one.
    pub fn event(self) -> Option<Event> {
        let [_, a, b] = self.0;
        let node = high(a) as u16;
        Some(match self.code() {
            ASKED => Event::Asked { operation: low(a), node: high(a).checked_sub(1).map(|node| node as u16) },
            READ_SERVED => Event::ReadServed { operation: low(a), node, cell: open_cell(high(a) >> 16, b) },
            FINISHED => Event::Finished { operation: low(a) },
            LOGGED => Event::Logged { node, lsn: low(a), write: low(b), epoch: high(b) },
            RECEIVED => Event::Received { node, lsn: low(a) },
            FLUSHED => Event::Flushed { node, lsn: low(a) },
            APPLIED => Event::Applied { node, lsn: low(a), write: low(b) },
            ACKNOWLEDGED => {
                let progress = Progress { received: low(a), flushed: low(b), applied: high(b) };
                Event::Acknowledged { node, slave: (high(a) >> 16) as u16, progress }
            }
            _ => return None,
        })
    }

    /// The number of a rare event among them.
    pub fn rare_number(self) -> Option<u32> {
        (self.code() == RARE).then_some(low(self.0[1]))
    }

    /// Whether no judge has anything to say on it, whoever the master is.
    #[inline(always)]
    pub fn says_nothing(self) -> bool {
        SILENT >> self.code() & 1 > 0
    }

    /// The request that has come to its end, if that is what happened.
    #[inline(always)]
    pub fn finished(self) -> Option<u32> {
        (self.code() == FINISHED).then_some(low(self.0[1]))
    }

    /// A node has read a key, if that is what happened: for which request, which node, what it held.
    #[inline(always)]
    pub fn read_served(self) -> Option<(u32, u16, Option<Cell>)> {
        let [_, a, b] = self.0;
        (self.code() == READ_SERVED).then(|| (low(a), high(a) as u16, open_cell(high(a) >> 16, b)))
    }

    /// The node that has applied something, if that is what happened.
    #[inline(always)]
    pub fn applied_by(self) -> Option<u16> {
        (self.code() == APPLIED).then_some(high(self.0[1]) as u16)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_out_as_it_went_in() {
        let cell = |deleted, local| Some(Cell { write: u32::MAX - 1, lsn: u32::MAX - 2, deleted, local });
        let progress = Progress { received: u32::MAX, flushed: 7, applied: u32::MAX - 9 };
        let (operation, node, lsn, write, epoch) = (u32::MAX - 3, u16::MAX, u32::MAX - 4, u32::MAX - 5, u32::MAX - 6);
        for event in [
            Event::Asked { operation, node: None },
            Event::Asked { operation, node: Some(node) },
            Event::ReadServed { operation, node, cell: None },
            Event::ReadServed { operation, node, cell: cell(false, false) },
            Event::ReadServed { operation, node, cell: cell(true, false) },
            Event::ReadServed { operation, node, cell: cell(false, true) },
            Event::Finished { operation },
            Event::Logged { node, lsn, write, epoch },
            Event::Received { node, lsn },
            Event::Flushed { node, lsn },
            Event::Applied { node, lsn, write },
            Event::Acknowledged { node, slave: u16::MAX - 1, progress },
        ] {
            let packed = Packed::of(crate::limits::RUN_US_MAX, &event);
            assert_eq!(packed.and_then(Packed::event), Some(event));
            assert_eq!(packed.map(Packed::at_us), Some(crate::limits::RUN_US_MAX));
        }
    }

    #[test]
    fn a_rare_event_is_named_by_its_number() {
        assert_eq!(Packed::of(3, &Event::LoadEnded), None);
        let packed = Packed::rare(3, 9);
        assert_eq!((packed.at_us(), packed.rare_number(), packed.event()), (3, Some(9), None));
    }
}
