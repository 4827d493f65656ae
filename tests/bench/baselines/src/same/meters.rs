//! What is measured in each tenth of a second.

use std::mem::{replace, take};

use super::MILLISECOND;
use super::nodes::{MASTER, Node};
use super::requests::{Operation, Outcome};
use crate::model::Time;

const SLOT: Time = 100 * MILLISECOND;
const MICROSECOND: Time = 1_000;
const BUCKETS: usize = 312;
const LONGEST_US: Time = (1 << 30) - 1;

/// How long requests took, µs: eight buckets for each doubling.
#[derive(Debug, Hash)]
struct Histogram([u32; BUCKETS]);

/// The buckets that are not empty, and their counts.
type Sparse = Box<[(u16, u32)]>;

impl Histogram {
    const EMPTY: Self = Self([0; BUCKETS]);

    fn add(&mut self, took: Time) {
        let micros = (took / MICROSECOND).min(LONGEST_US) as u32;
        // The highest four bits, and how many come behind them.
        let behind = (micros | 8).ilog2() - 3;
        self.0[(behind * 8 + (micros >> behind)) as usize] += 1;
    }

    fn take(&mut self) -> Sparse {
        let counts = replace(self, Self::EMPTY).0;
        let filled = counts.iter().enumerate().filter(|&(_, &count)| count > 0);
        filled.map(|(bucket, &count)| (bucket as u16, count)).collect()
    }
}

/// How far a node is behind the master: entries, and since when.
#[derive(Debug, Hash)]
struct Behind {
    entries: u32,
    since: Time,
}

/// What was measured in one slot.
#[derive(Debug, Default, Hash)]
struct Slot {
    reads: u32,
    writes: u32,
    failed: u32,
    stale: u32,
    read_times: Sparse,
    write_times: Sparse,
    nodes: Box<[Behind]>,
}

/// All measurements.
#[derive(Debug, Hash)]
pub struct Meters {
    closed: Vec<Slot>,
    open: Slot,
    /// When the open slot ends.
    ends: Time,
    read_times: Histogram,
    write_times: Histogram,
}

impl Default for Meters {
    fn default() -> Self {
        let (read_times, write_times) = (Histogram::EMPTY, Histogram::EMPTY);
        Self { closed: Vec::new(), open: Slot::default(), ends: SLOT, read_times, write_times }
    }
}

impl Meters {
    /// Whether the open slot is over.
    #[inline]
    pub fn due(&self, now: Time) -> bool {
        now >= self.ends
    }

    /// Closes the slots that are over.
    #[cold]
    pub fn close(&mut self, now: Time, nodes: &[Node]) {
        while self.due(now) {
            let mut slot = take(&mut self.open);
            slot.read_times = self.read_times.take();
            slot.write_times = self.write_times.take();
            slot.nodes = nodes.iter().map(|node| behind(now, node, &nodes[MASTER])).collect();
            self.closed.push(slot);
            self.ends += SLOT;
        }
    }

    /// A request has its outcome.
    pub fn finished(&mut self, operation: &Operation) {
        match operation.outcome {
            Outcome::Value(_) => {
                self.open.reads += 1;
                self.open.stale += u32::from(operation.judgement.is_stale());
                self.read_times.add(operation.took());
            }
            Outcome::Done => {
                self.open.writes += 1;
                self.write_times.add(operation.took());
            }
            Outcome::Pending | Outcome::TimedOut => self.open.failed += 1,
        }
    }

    /// Whether all slots together have so many reads and stale reads, and as many times as requests.
    pub fn add_up(&self, reads: u64, stale: u64) -> bool {
        let slots = || self.closed.iter().chain([&self.open]);
        let sum = |what: fn(&Slot) -> u32| slots().map(|slot| u64::from(what(slot))).sum::<u64>();
        let timed = |times: &Sparse| times.iter().map(|&(_, count)| count).sum::<u32>();
        let all_timed = self.closed.iter().all(|slot| timed(&slot.read_times) == slot.reads)
            && self.closed.iter().all(|slot| timed(&slot.write_times) == slot.writes);
        all_timed && sum(|slot| slot.reads) == reads && sum(|slot| slot.stale) == stale
    }
}

fn behind(now: Time, node: &Node, master: &Node) -> Behind {
    let applied = node.progress().applied;
    let since = master.log().get(applied as usize).map_or(0, |first_lacking| now - first_lacking.at);
    Behind { entries: master.end() - applied, since }
}
