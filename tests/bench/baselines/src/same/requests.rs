//! The requests of the clients: what became of each, and how long each may wait.

use std::collections::VecDeque;

use super::MILLISECOND;
use super::referee::Judgement;
use crate::model::Time;

/// Requests that are kept, those that wait apart.
const KEPT_MAX: usize = 100_000;
const TIME_OUT: Time = 5_000 * MILLISECOND;
const VALUE_BYTES: u16 = 8;
/// Where a write goes, among the slaves.
const NO_SLAVE: u32 = u32::MAX;

/// What travels with a request.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// The key.
    pub key: u32,
    /// The number of the request.
    pub operation: u32,
    /// The number of the write, 0 for a read.
    pub write: u32,
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Nothing yet.
    Pending,
    /// It is written.
    Done,
    /// This write was read, 0 for none.
    Value(u32),
    /// No answer came in time.
    TimedOut,
}

impl Outcome {
    /// For the hash.
    pub fn word(self) -> u64 {
        match self {
            Outcome::Pending => 0,
            Outcome::Done => 1,
            Outcome::Value(write) => 2 | u64::from(write) << 8,
            Outcome::TimedOut => 3,
        }
    }
}

/// A request.
#[derive(Debug, Clone, Copy, Hash)]
pub struct Operation {
    asked: Time,
    done: Time,
    key: u32,
    write: u32,
    slave: u32,
    /// What became of it.
    pub outcome: Outcome,
    /// How its read was.
    pub judgement: Judgement,
}

impl Operation {
    /// How long it took.
    pub fn took(&self) -> Time {
        self.done - self.asked
    }
}

/// A write, kept for good.
#[derive(Debug, Clone, Copy, Hash)]
struct Write {
    /// When its client heard that it is done, 0 for not yet.
    told: Time,
    key: u32,
    operation: u32,
    bytes: u16,
}

/// All requests.
#[derive(Debug, Default, Hash)]
pub struct Requests {
    operations: VecDeque<Operation>,
    /// The number of the first one that is kept.
    first: u32,
    writes: Vec<Write>,
    /// When each gives up, in this order. Those that have their outcome leave when they come to the front.
    patience: VecDeque<(Time, u32)>,
    waiting: u32,
}

impl Requests {
    /// A client asks a slave: the number of the request.
    pub fn ask_read(&mut self, now: Time, key: u32, slave: u32) -> u32 {
        self.ask(now, key, 0, slave)
    }

    /// A client asks the master: the numbers of the request and of the write.
    pub fn ask_write(&mut self, now: Time, key: u32) -> (u32, u32) {
        let write = self.writes.len() as u32 + 1;
        let operation = self.ask(now, key, write, NO_SLAVE);
        self.writes.push(Write { told: 0, key, operation, bytes: VALUE_BYTES });
        (operation, write)
    }

    fn ask(&mut self, now: Time, key: u32, write: u32, slave: u32) -> u32 {
        if self.operations.len() >= KEPT_MAX && self.operations[0].outcome != Outcome::Pending {
            self.operations.pop_front();
            self.first += 1;
        }
        let number = self.first + self.operations.len() as u32;
        let (outcome, judgement) = (Outcome::Pending, Judgement::default());
        self.operations.push_back(Operation { asked: now, done: 0, key, write, slave, outcome, judgement });
        self.patience.push_back((now + TIME_OUT, number));
        self.waiting += 1;
        number
    }

    fn get_mut(&mut self, number: u32) -> Option<&mut Operation> {
        self.operations.get_mut(number.wrapping_sub(self.first) as usize)
    }

    /// Whether it has no outcome yet.
    pub fn is_pending(&self, number: u32) -> bool {
        let operation = self.operations.get(number.wrapping_sub(self.first) as usize);
        operation.is_some_and(|operation| operation.outcome == Outcome::Pending)
    }

    /// The referee has judged a read.
    pub fn judged(&mut self, number: u32, slave: u32, judgement: Judgement) {
        if let Some(operation) = self.get_mut(number)
            && operation.slave == slave
        {
            operation.judgement = judgement;
        }
    }

    /// A request has its outcome: what is kept of it.
    pub fn finish(&mut self, now: Time, number: u32, outcome: Outcome) -> Option<Operation> {
        let operation = self.get_mut(number)?;
        operation.outcome = outcome;
        operation.done = now;
        let finished = *operation;
        self.waiting -= 1;
        if outcome == Outcome::Done {
            self.writes[finished.write as usize - 1].told = now;
        }
        while let Some(&(_, front)) = self.patience.front()
            && !self.is_pending(front)
        {
            self.patience.pop_front();
        }
        Some(finished)
    }

    /// The first request that gives up by now, and when.
    #[inline]
    pub fn out_of_patience(&self, now: Time) -> Option<(Time, u32)> {
        self.patience.front().filter(|&&(at, _)| at <= now).copied()
    }

    /// Whether as many wait as the counter says.
    pub fn waiting_agrees(&self) -> bool {
        self.operations.iter().filter(|operation| operation.outcome == Outcome::Pending).count()
            == self.waiting as usize
    }

    /// Whether so many were asked, and so many of them writes.
    pub fn are(&self, asked: u64, writes: u64) -> bool {
        u64::from(self.first) + self.operations.len() as u64 == asked && self.writes.len() as u64 == writes
    }
}
