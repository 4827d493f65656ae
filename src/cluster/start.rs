//! How a run begins with slaves that follow slaves, and with slaves that are behind. The log is there already, at 0, and
//! each write in it has its client, who was told what the settings say of the slaves as they are.

use super::node::Beginning;
use super::pending::Pending;
use super::rules::by_rank;
use super::{Cluster, Endpoint, Role, Turn};
use crate::error::{Code, Error};
use crate::facts::{Event, Failure, Lsn, Progress};
use crate::history::{Kind, Operation, Outcome, Value, Write};
use crate::scenario::{Name, Relay, StartStage};

/// What a line of the text says of a slave at the start.
#[derive(Debug, Clone)]
pub struct StartLag {
    /// Number of the line, from 1.
    pub line: usize,
    /// The slave.
    pub node: Name,
    /// How many of the last entries of the log.
    pub entries: u32,
    /// What it has not done with them.
    pub stage: StartStage,
}

impl Cluster {
    /// Slaves follow other slaves before anything begins.
    pub(super) fn follow_from_the_start(&mut self, follows: &[(&Name, &Name)]) {
        for (node, upstream) in follows {
            let (Some(id), Some(upstream)) = (self.named(node), self.named(upstream)) else { continue };
            self.join(upstream, id);
            if let Some(member) = self.member_mut(id) {
                member.node.role = Role::Slave { upstream };
            }
        }
        self.note_topology();
    }

    /// The run begins with slaves that are behind.
    ///
    /// # Errors
    ///
    /// A slave would have what the node that it follows cannot have handed on, or a log would have to reach back to one
    /// slave and not to another.
    pub fn begin_behind(&mut self, lags: &[StartLag]) -> Result<(), Error> {
        let before = self.member(self.master).map_or(0, |member| member.node.position().lsn);
        let entries = lags.iter().map(|lag| lag.entries).max().unwrap_or(0);
        let end = before + entries;
        let begins: Vec<(u16, Progress, bool)> = self.slaves.iter().map(|&id| self.begins(id, lags, end)).collect();
        self.check_cascades(&begins, lags)?;
        self.check_gaps(&begins, lags)?;
        let operations = self.written_before(entries).map_err(|why| Error::new(Code::Limit, why))?;
        let numbers = self.log_at_start(&operations);
        // From the master down: who is above hands on what it has.
        for (_, (id, progress, gap)) in by_rank(begins.iter().map(|begin| (self.depth(begin.0) as u64, *begin))) {
            self.begin_slave(id, &numbers, before, progress, gap);
        }
        self.answer_at_start(&operations);
        for (id, ..) in begins.iter().filter(|(.., gap)| *gap) {
            self.trim_for_gap(*id, &begins);
        }
        for id in std::iter::once(self.master).chain(self.slaves.clone()) {
            self.with_turn(id, |node, turn| node.begin_to_serve(turn));
        }
        Ok(())
    }

    /// Where a slave begins, and whether the log that it needs is gone.
    fn begins(&self, id: u16, lags: &[StartLag], end: Lsn) -> (u16, Progress, bool) {
        let mut progress = Progress { received: end, flushed: end, applied: end };
        let mut gap = false;
        for lag in lags.iter().filter(|lag| self.named(&lag.node) == Some(id)) {
            let last = end - lag.entries;
            gap |= lag.stage == StartStage::Gap;
            if matches!(lag.stage, StartStage::Missing | StartStage::Gap) {
                progress.received = progress.received.min(last);
            }
            if lag.stage != StartStage::Unapplied {
                progress.flushed = progress.flushed.min(last);
            }
            progress.applied = progress.applied.min(last);
        }
        (id, progress, gap)
    }

    fn depth(&self, id: u16) -> usize {
        let above = |id: &u16| self.member(*id).and_then(|member| member.node.followed());
        std::iter::successors(Some(id), above).take(self.slaves.len() + 2).count()
    }

    fn check_cascades(&self, begins: &[(u16, Progress, bool)], lags: &[StartLag]) -> Result<(), Error> {
        for (id, progress, _) in begins {
            let upstream = self.member(*id).and_then(|member| member.node.followed());
            let Some((upstream, above, _)) = begins.iter().find(|(other, ..)| Some(*other) == upstream) else {
                continue;
            };
            let handed_on = if self.rules.relay == Relay::Applied { above.applied } else { above.received };
            if progress.received > handed_on {
                let (name, upstream) = (self.name(*id), self.name(*upstream));
                let message = format!("{name} would begin with more than {upstream}, which it follows, has handed on");
                let line = lags.iter().rev().find(|lag| lag.node.as_str() == name || lag.node.as_str() == upstream);
                let missing = begins.iter().map(|(_, other, _)| other.received).max().unwrap_or(0) - handed_on;
                let expected = format!("“start-behind {name} N entries missing” with N of {missing} or more");
                let error = Error::new(Code::Order, message).expecting(expected);
                return Err(error.in_line(line.map_or(1, |lag| lag.line)));
            }
        }
        Ok(())
    }

    /// A log that no longer reaches back to one slave must reach back to the others.
    fn check_gaps(&self, begins: &[(u16, Progress, bool)], lags: &[StartLag]) -> Result<(), Error> {
        for (id, progress, _) in begins.iter().filter(|(.., gap)| *gap) {
            let upstream = self.member(*id).and_then(|member| member.node.followed());
            let reached = self.reaches_back(upstream, begins);
            if reached.is_some_and(|lsn| lsn <= progress.received) {
                let message =
                    format!("The log would have to reach back to another slave, and not to {}", self.name(*id));
                let line = lags.iter().find(|lag| lag.stage == StartStage::Gap && self.named(&lag.node) == Some(*id));
                let error =
                    Error::new(Code::Order, message).expecting("a gap that is wider than what other slaves miss");
                return Err(error.in_line(line.map_or(1, |lag| lag.line)));
            }
        }
        Ok(())
    }

    /// The first position that a slave of a node still needs, of those that are not out of its log.
    fn reaches_back(&self, upstream: Option<u16>, begins: &[(u16, Progress, bool)]) -> Option<Lsn> {
        let follows = |id: u16| self.member(id).and_then(|member| member.node.followed()) == upstream;
        begins.iter().filter(|(id, _, gap)| !gap && follows(*id)).map(|(_, progress, _)| progress.received).min()
    }

    /// The writes that are in the log, and their requests.
    fn written_before(&mut self, entries: u32) -> Result<Vec<u32>, String> {
        let client = self.add_client(&Name("Before".into()))?;
        let mut operations = Vec::new();
        for number in 1..=entries {
            let key = self.history.key_number(&format!("k{number}")).ok_or("too many keys")?;
            let record =
                Operation { key, node: Some(self.master), policy: None, ..self.new_operation(client, Kind::Write) };
            let operation = self.history.add_operation(record);
            let value = Value::Text(number.to_string().into());
            self.note_write(operation, Write { key, value, operation, client, told_us: None });
            self.note(Event::Asked { operation, node: Some(self.master) });
            operations.push(operation);
        }
        Ok(operations)
    }

    /// The master logs them. The numbers of their entries.
    fn log_at_start(&mut self, operations: &[u32]) -> Vec<u32> {
        let mut numbers = Vec::new();
        for &operation in operations {
            let Some(record) = self.history.operation(operation) else { continue };
            let (client, key, write) = (record.client, record.key, record.write);
            let bytes = self.history.key(key).len() + self.history.value_bytes(write);
            let beginning = Beginning { key, write, operation, client, bytes: bytes as u32 };
            numbers.extend(self.with_turn(self.master, |node, turn| node.log_at_start(turn, beginning)));
        }
        self.with_turn(self.master, |node, turn| node.flush_at_start(turn));
        numbers
    }

    fn begin_slave(&mut self, id: u16, numbers: &[u32], before: Lsn, progress: Progress, gap: bool) {
        let Some(upstream) = self.member(id).and_then(|member| member.node.followed()) else { return };
        let has = progress.received.saturating_sub(before) as usize;
        let received = numbers.get(..has).unwrap_or(numbers);
        self.with_turn(id, |node, turn| node.begin_with(turn, received, progress, gap));
        self.with_turn(upstream, |node, turn| node.begin_stream(turn, id, progress, gap));
    }

    /// Clients hear what they would have heard.
    fn answer_at_start(&mut self, operations: &[u32]) {
        let told = self.with_turn(self.master, |node, turn| node.answers_at_start(turn)).unwrap_or_default();
        for &operation in operations {
            if let Some((_, in_time)) = told.iter().find(|(known, _)| *known == operation) {
                let outcome = if *in_time { Outcome::Done } else { Outcome::Failed(Failure::NotInTime) };
                self.finish(operation, outcome);
            } else if let Some(client) = self.history.operation(operation).map(|record| record.client) {
                let node = Some(self.master);
                let pending =
                    Pending { client, node, others: smallvec::SmallVec::new(), routed: false, gives_up: (0, 0) };
                self.pendings.insert(operation, pending, self.sim.now() + self.timeout_us);
            }
        }
    }

    fn trim_for_gap(&mut self, id: u16, begins: &[(u16, Progress, bool)]) {
        let upstream = self.member(id).and_then(|member| member.node.followed());
        let upto = self.reaches_back(upstream, begins).unwrap_or(Lsn::MAX);
        if let Some(upstream) = upstream {
            self.with_turn(upstream, |node, turn| node.trim_at_start(turn, upto));
        }
    }

    fn with_turn<T>(&mut self, id: u16, act: impl FnOnce(&mut super::Node, &mut Turn<'_>) -> T) -> Option<T> {
        match self.endpoints.get_mut(usize::from(id)) {
            Some(Endpoint::Node(member)) => {
                Some(act(&mut member.node, &mut Turn::new(id, &self.rules, &mut self.sim, &mut self.history)))
            }
            _ => None,
        }
    }
}
