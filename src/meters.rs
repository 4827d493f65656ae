//! What a run is like over time: how much is asked and answered, how long that takes, how far slaves lag, what waits.
//!
//! Time is cut into slots. There are at most [`limits::SLOTS_MAX`] of them: when they are used up, each two become one.

use std::rc::Rc;

use crate::chunks::Chunks;
use crate::cluster::{Cluster, Member, Process, Role};
use crate::history::{History, Kind, Operation, Outcome};
use crate::limits;
use crate::time::{MS, Us};

/// Width of a slot at first, µs.
const SLOT_US: Us = 100 * MS;
/// Steps of a histogram for each doubling of the time: so a time is known to a sixteenth.
const STEPS: u32 = 8;
/// Steps in all: up to 2^30 µs.
const BUCKETS: usize = 27 * STEPS as usize + 8;

/// How long requests took: counts by time, in steps of an eighth of the time.
#[derive(Debug, Clone)]
struct Histogram {
    counts: Vec<u32>,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { counts: vec![0; BUCKETS] }
    }
}

fn bucket(us: Us) -> usize {
    let us = us.min((1 << 30) - 1) as u32;
    if us < STEPS {
        return us as usize;
    }
    let octave = us.ilog2() - 3;
    (octave * STEPS + (us >> octave)) as usize
}

/// The middle of a bucket, µs.
fn middle_us(bucket: usize) -> f64 {
    let bucket = bucket as u32;
    if bucket < 2 * STEPS {
        return f64::from(bucket);
    }
    let octave = bucket / STEPS - 1;
    let low = (bucket % STEPS + STEPS) << octave;
    f64::from(low) + f64::from((1u32 << octave) - 1) / 2.0
}

impl Histogram {
    fn add(&mut self, us: Us) {
        if let Some(count) = self.counts.get_mut(bucket(us)) {
            *count += 1;
        }
    }

    fn take_sparse(&mut self) -> Sparse {
        let counts = self.counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let sparse = counts.map(|(bucket, count)| (u8::try_from(bucket).unwrap_or(u8::MAX), *count)).collect();
        self.counts.fill(0);
        sparse
    }
}

/// A histogram without its empty places.
type Sparse = Rc<[(u8, u32)]>;

/// What was measured in one slot of time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Slot {
    /// Reads that were answered.
    pub reads: u32,
    /// Writes that were acknowledged.
    pub writes: u32,
    /// Requests that got an error or no answer.
    pub failed: u32,
    /// Writes that got no answer in time.
    pub writes_timed_out: u32,
    /// Reads that were stale.
    pub stale: u32,
    read_times: Sparse,
    write_times: Sparse,
    /// How the nodes stood at its end.
    pub nodes: Rc<[Sample]>,
}

/// How a node stood at an instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Endpoint number.
    pub node: u16,
    /// Entries of the master's log that it has not applied; nothing for the master, or if it is down.
    pub behind: Option<u32>,
    /// Age of the first of them, µs.
    pub behind_us: u32,
    /// Requests that wait for a worker, and those in work.
    pub waiting: u32,
    /// Requests and entries in work.
    pub working: u16,
}

/// Slots of equal width from the start on, and the one that is not over yet.
#[derive(Debug, Clone)]
pub struct Meters {
    width_us: Us,
    /// When the slot ends that is open now, µs.
    ends_us: Us,
    slots: Chunks<Slot>,
    open: Slot,
    read_times: Histogram,
    write_times: Histogram,
}

impl Default for Meters {
    fn default() -> Self {
        Self {
            width_us: SLOT_US,
            ends_us: SLOT_US,
            slots: Chunks::default(),
            open: Slot::default(),
            read_times: Histogram::default(),
            write_times: Histogram::default(),
        }
    }
}

impl Meters {
    /// Meters that are switched off: their only slot never ends.
    pub fn off() -> Self {
        Self { width_us: Us::MAX, ends_us: Us::MAX, ..Self::default() }
    }

    /// When the slot ends that is open now, µs.
    pub fn ends_us(&self) -> Us {
        self.ends_us
    }

    /// Closes the slots that are over.
    pub fn close_until(&mut self, now: Us, cluster: &Cluster) {
        while now / self.width_us >= limits::SLOTS_MAX as Us {
            self.merge();
        }
        self.ends_us = (self.slots.len() as Us + 1) * self.width_us;
        while self.ends_us <= now {
            let mut slot = std::mem::take(&mut self.open);
            slot.read_times = self.read_times.take_sparse();
            slot.write_times = self.write_times.take_sparse();
            slot.nodes = samples(cluster, self.ends_us);
            self.slots.push(slot);
            self.ends_us += self.width_us;
        }
    }

    /// Makes one of each two slots.
    fn merge(&mut self) {
        let slots: Vec<Slot> = self.slots.iter().cloned().collect();
        self.slots = Chunks::default();
        self.width_us *= 2;
        let mut pairs = slots.chunks_exact(2);
        for pair in pairs.by_ref() {
            self.slots.push(summed(pair));
        }
        if let [odd] = pairs.remainder() {
            self.reopen(odd);
        }
    }

    /// A slot that was over goes on, as the first half of a wider one.
    fn reopen(&mut self, slot: &Slot) {
        for (times, sparse) in [(&mut self.read_times, &slot.read_times), (&mut self.write_times, &slot.write_times)] {
            for &(bucket, count) in sparse.iter() {
                if let Some(sum) = times.counts.get_mut(usize::from(bucket)) {
                    *sum += count;
                }
            }
        }
        self.open.reads += slot.reads;
        self.open.writes += slot.writes;
        self.open.failed += slot.failed;
        self.open.writes_timed_out += slot.writes_timed_out;
        self.open.stale += slot.stale;
    }

    /// A request has come to its end.
    pub fn finished(&mut self, operation: &Operation, stale: bool) {
        let took_us = took_us(operation);
        match (operation.outcome, operation.kind) {
            (Outcome::Value(_), _) => {
                self.open.reads += 1;
                self.read_times.add(took_us);
                self.open.stale += u32::from(stale);
            }
            (Outcome::Done | Outcome::Unconfirmed, Kind::Write | Kind::Delete) => {
                self.open.writes += 1;
                self.write_times.add(took_us);
            }
            (Outcome::Failed(_) | Outcome::TimedOut, kind) => {
                self.open.failed += 1;
                let no_answer = operation.outcome == Outcome::TimedOut && matches!(kind, Kind::Write | Kind::Delete);
                self.open.writes_timed_out += u32::from(no_answer);
            }
            _ => {}
        }
    }

    /// Width of a slot, µs.
    pub fn width_us(&self) -> Us {
        self.width_us
    }

    /// The slot that is not over yet, without its nodes.
    pub fn open(&self) -> Slot {
        let mut open = self.open.clone();
        open.read_times = self.read_times.clone().take_sparse();
        open.write_times = self.write_times.clone().take_sparse();
        open
    }

    /// Slots that are over.
    pub fn slots(&self) -> &Chunks<Slot> {
        &self.slots
    }
}

fn took_us(operation: &Operation) -> Us {
    operation.done_us().unwrap_or(operation.asked_us).saturating_sub(operation.asked_us)
}

/// Several slots as one; the nodes as they stood at the end of the last one.
pub fn summed(slots: &[Slot]) -> Slot {
    let mut sum = Slot::default();
    let (mut reads, mut writes) = (Histogram::default(), Histogram::default());
    for slot in slots {
        sum.reads += slot.reads;
        sum.writes += slot.writes;
        sum.failed += slot.failed;
        sum.writes_timed_out += slot.writes_timed_out;
        sum.stale += slot.stale;
        for (times, sparse) in [(&mut reads, &slot.read_times), (&mut writes, &slot.write_times)] {
            for &(bucket, count) in sparse.iter() {
                if let Some(sum) = times.counts.get_mut(usize::from(bucket)) {
                    *sum += count;
                }
            }
        }
    }
    sum.read_times = reads.take_sparse();
    sum.write_times = writes.take_sparse();
    sum.nodes = slots.last().map_or_else(|| Rc::from([]), |last| Rc::clone(&last.nodes));
    sum
}

impl Slot {
    /// The time in which this share (in hundredths) of the reads was answered, µs; nothing without reads.
    pub fn read_us(&self, percent: u32) -> Option<f64> {
        percentile(&self.read_times, percent)
    }

    /// The same for writes.
    pub fn write_us(&self, percent: u32) -> Option<f64> {
        percentile(&self.write_times, percent)
    }
}

fn percentile(times: &[(u8, u32)], percent: u32) -> Option<f64> {
    let total: u64 = times.iter().map(|(_, count)| u64::from(*count)).sum();
    let wanted = (total * u64::from(percent)).div_ceil(100);
    let mut so_far = 0;
    let place = times.iter().find(|(_, count)| {
        so_far += u64::from(*count);
        so_far >= wanted
    });
    place.map(|(bucket, _)| middle_us(usize::from(*bucket)))
}

fn samples(cluster: &Cluster, at_us: Us) -> Rc<[Sample]> {
    let master = cluster.member(cluster.master());
    cluster
        .members()
        .filter(|member| !member.removed)
        .map(|member| sample(cluster.history(), member, master, at_us))
        .collect()
}

fn sample(history: &History, member: &Member, master: Option<&Member>, at_us: Us) -> Sample {
    let node = &member.node;
    let (waiting, working) = node.work();
    let slave = matches!(node.role, Role::Slave { .. }) && member.process != Process::Down;
    let log = master.map(|master| &master.node.disk.log).filter(|_| slave);
    let applied = node.progress_there().applied;
    let age_us = log.and_then(|log| log.get(applied + 1, history)).map_or(0, |entry| at_us.saturating_sub(entry.at_us));
    let behind = log.map(|log| log.last().lsn.saturating_sub(applied));
    Sample {
        node: node.id,
        behind,
        behind_us: u32::try_from(age_us).unwrap_or(u32::MAX),
        waiting: u32::try_from(waiting).unwrap_or(u32::MAX),
        working: u16::try_from(working).unwrap_or(u16::MAX),
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_known_to_a_sixteenth() {
        for us in (0..2_000).chain((11..30).flat_map(|power| [(1 << power) - 1, 1 << power, (1 << power) + 777])) {
            let seen = middle_us(bucket(us));
            assert!((seen - us as f64).abs() <= us as f64 / 16.0 + 0.5, "{us} is taken for {seen}");
        }
        assert!(bucket(Us::MAX) < BUCKETS);
    }

    #[test]
    fn percentiles_of_a_hundred_times() {
        let mut times = Histogram::default();
        (1..=100).for_each(|us| times.add(us * 1_000));
        let sparse = times.take_sparse();
        for percent in [1, 50, 95, 99, 100] {
            let seen = percentile(&sparse, percent).unwrap_or(0.0);
            let right = f64::from(percent) * 1_000.0;
            assert!((seen - right).abs() < right / 12.0, "p{percent}: {seen}");
        }
        assert_eq!(percentile(&times.take_sparse(), 50), None);
    }
}
