//! The work that the engine does for a run of the bench cluster, by hand, to be put under any event loop: each fact is
//! noted and hashed, each node has a log and cells, each request a time-out and a record, each read a judge, and each
//! tenth of a second its measurements.
//!
//! Not in it is what the engine can do besides: other routes, retries, connections, sizes of messages, rules, sessions,
//! prices, and copies of a run that share what they keep (so there is no way back).

pub mod audit;
mod facts;
mod meters;
mod nodes;
mod referee;
mod requests;

use crate::model::{Chance, Link, Model, Size, Time};
use facts::{Fact, Facts, Kind};
use meters::Meters;
use nodes::Node;
pub use nodes::{Cell, LogEntry, Progress};
use nodes::{Lsn, Stream};
use referee::Referee;
use requests::Requests;
pub use requests::{Asked, Outcome};

const MILLISECOND: Time = 1_000_000;
/// Who asks, where a fact needs a node.
const CLIENTS: u16 = u16::MAX;

/// A cluster, and all that is kept of what happens to it.
#[derive(Debug)]
pub struct Same {
    /// Chance, links and counts, as the bare contenders have them.
    pub model: Model,
    facts: Facts,
    /// The master, then the slaves.
    nodes: Vec<Node>,
    /// What the master knows of each slave.
    streams: Vec<Stream>,
    requests: Requests,
    referee: Referee,
    meters: Meters,
}

impl Same {
    /// A cluster to which nothing has happened.
    pub fn new(size: Size) -> Self {
        Self {
            model: Model::new(size),
            facts: Facts::default(),
            nodes: (0..=size.slaves).map(|_| Node::new(size.keys)).collect(),
            streams: vec![Stream::default(); size.slaves as usize],
            requests: Requests::default(),
            referee: Referee::new(size.keys),
            meters: Meters::default(),
        }
    }

    /// For the gaps between the requests.
    pub fn chance(&mut self) -> &mut Chance {
        &mut self.model.chance
    }

    /// When a message that leaves now arrives.
    pub fn arrival(&mut self, link: Link, now: Time) -> Time {
        self.model.arrival(link, now)
    }

    /// Before each event: what is due by then.
    #[inline]
    pub fn begin(&mut self, now: Time) {
        self.model.counts.events += 1;
        if self.meters.due(now) {
            self.meters.close(now, &self.nodes);
        }
        while let Some((at, operation)) = self.requests.out_of_patience(now) {
            self.finish(at, operation, Outcome::TimedOut);
        }
    }

    /// A client asks a slave for a key: which slave, and what it is asked.
    pub fn ask_read(&mut self, now: Time) -> (u32, Asked) {
        self.model.counts.reads += 1;
        let (slave, key) = (self.model.any_slave(), self.model.any_key());
        let operation = self.requests.ask_read(now, key, slave);
        self.note(now, Kind::Asked, nodes::place(slave), operation.into(), 0);
        (slave, Asked { key, operation, write: 0 })
    }

    /// A client asks the master to write a key.
    pub fn ask_write(&mut self, now: Time) -> Asked {
        self.model.counts.writes += 1;
        let key = self.model.any_key();
        let (operation, write) = self.requests.ask_write(now, key);
        self.facts.hash_word(u64::from(key) << 32 | u64::from(write));
        self.note(now, Kind::Asked, nodes::MASTER, operation.into(), 0);
        Asked { key, operation, write }
    }

    /// A slave looks a key up, and the referee judges what it finds.
    pub fn serve(&mut self, now: Time, slave: u32, asked: Asked) -> Cell {
        let node = nodes::place(slave);
        let cell = self.nodes[node].cell(asked.key);
        self.note(now, Kind::Served, node, u64::from(asked.operation) << 32 | u64::from(cell.write), cell.lsn);
        let judgement = self.referee.judge(now, asked.key, cell);
        self.requests.judged(asked.operation, slave, judgement);
        cell
    }

    /// The master takes a write: the entry that goes to the slaves.
    pub fn log(&mut self, now: Time, Asked { key, write, .. }: Asked) -> LogEntry {
        let entry = LogEntry { lsn: self.nodes[nodes::MASTER].end() + 1, at: now, write, key, epoch: 1, bytes: 40 };
        self.apply(now, nodes::MASTER, entry, Kind::Logged);
        self.referee.shown(now, entry);
        for stream in &mut self.streams {
            stream.sent = entry.lsn;
        }
        entry
    }

    /// An entry arrives at a slave: how far it is then.
    pub fn receive(&mut self, now: Time, slave: u32, entry: LogEntry) -> Progress {
        let node = nodes::place(slave);
        if entry.lsn == self.nodes[node].end() + 1 {
            self.apply(now, node, entry, Kind::Received);
        }
        self.nodes[node].progress()
    }

    /// The master hears how far a slave is.
    pub fn acknowledge(&mut self, now: Time, slave: u32, progress: Progress) {
        let stream = &mut self.streams[slave as usize];
        stream.heard = now;
        if stream.progress != progress {
            stream.progress = progress;
            let Progress { received, flushed, applied } = progress;
            let subject = u64::from(received) << 32 | u64::from(flushed);
            self.note(now, Kind::Acknowledged, nodes::place(slave), subject, applied);
        }
    }

    /// An answer arrives at the client.
    pub fn answer(&mut self, now: Time, operation: u32, outcome: Outcome) {
        if self.requests.is_pending(operation) {
            self.finish(now, operation, outcome);
        } else {
            self.note(now, Kind::Late, CLIENTS.into(), operation.into(), 0);
        }
    }

    fn apply(&mut self, now: Time, node: usize, entry: LogEntry, kind: Kind) {
        self.nodes[node].append(entry);
        let lsn: Lsn = entry.lsn;
        self.note(now, kind, node, lsn.into(), entry.write);
        self.note(now, Kind::Flushed, node, lsn.into(), 0);
        self.note(now, Kind::Applied, node, lsn.into(), entry.write);
    }

    fn finish(&mut self, now: Time, operation: u32, outcome: Outcome) {
        let Some(finished) = self.requests.finish(now, operation, outcome) else { return };
        self.facts.hash_word(outcome.word());
        self.note(now, Kind::Finished, CLIENTS.into(), operation.into(), 0);
        self.referee.finished(&finished);
        self.meters.finished(&finished);
        self.model.counts.stale = self.referee.stale();
    }

    #[inline(always)]
    fn note(&mut self, at: Time, kind: Kind, node: usize, subject: u64, detail: u32) {
        self.facts.note(Fact { at, subject, detail, node: node as u16, kind });
    }
}
