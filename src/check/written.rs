//! A state, written down under one order of its nodes, as words that are mixed into a hash.

use super::look::{is_streaming, members};
use super::question::Plan;
use super::state::State;
use crate::cluster::{Cluster, Member, Message, Process, Role, Upstream};
use crate::facts::Failure;
use crate::history::{History, Outcome};
use crate::scenario::Failover;
use crate::simulator::Condition;
use crate::time::Us;

/// Two hashes of 64 bits: among millions of states no two are alike by chance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mixer(u64, u64);

impl Mixer {
    pub fn new() -> Self {
        Mixer(0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344)
    }

    pub fn put(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.1 = (self.1.rotate_left(29) ^ word.wrapping_add(0x5851_f42d)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    }

    pub fn done(self) -> u128 {
        let mix = |word: u64| (word ^ word >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        u128::from(mix(self.0)) << 64 | u128::from(mix(self.1))
    }
}

/// Epochs, histories and terms count by their order.
pub(super) struct Ranks {
    epochs: Vec<u32>,
    lineages: Vec<u32>,
    terms: Vec<u32>,
}

impl Ranks {
    pub fn of(cluster: &Cluster) -> Self {
        let history = cluster.history();
        let (mut epochs, mut lineages, mut terms) = (Vec::new(), Vec::new(), Vec::new());
        for member in members(cluster) {
            let disk = &member.node.disk;
            epochs.extend([disk.epoch, disk.log.base_position().epoch]);
            epochs.extend(disk.log.entries(history).map(|entry| entry.epoch));
            lineages.push(disk.lineage.id);
            lineages.extend(disk.lineage.before.map(|(id, _)| id));
            terms.extend([member.ballot().0, member.ballot().1]);
        }
        for flight in cluster.channels().iter().flat_map(|way| &way.flights) {
            match &flight.message {
                Message::Follow { hello, .. } => epochs.push(hello.have.epoch),
                Message::Snapshot { state, .. } => epochs.push(state.at.epoch),
                _ => {}
            }
        }
        for list in [&mut epochs, &mut lineages, &mut terms] {
            list.sort_unstable();
            list.dedup();
        }
        Self { epochs, lineages, terms }
    }

    pub fn epoch(&self, epoch: u32) -> u64 {
        rank(&self.epochs, epoch)
    }
}

fn rank(sorted: &[u32], number: u32) -> u64 {
    sorted.binary_search(&number).map_or(u64::MAX, |place| place as u64)
}

/// Writes a state down under one order of its nodes.
pub(super) struct Writer<'a> {
    state: &'a State,
    plan: &'a Plan,
    order: &'a [u16],
    ranks: &'a Ranks,
    /// Writes of the way in the order in which they were met.
    met: Vec<u32>,
    out: Mixer,
}

/// Where a kind of words begins, so that none is taken for another.
mod at {
    pub const LOGGED: u64 = 1 << 40;
    pub const MEMBER: u64 = 2 << 40;
    pub const CELL: u64 = 3 << 40;
    pub const STREAM: u64 = 4 << 40;
    pub const WAY: u64 = 5 << 40;
    pub const MESSAGE: u64 = 6 << 40;
    pub const PENDING: u64 = 7 << 40;
    pub const KNOWN: u64 = 8 << 40;
    pub const WATCH: u64 = 9 << 40;
}

impl<'a> Writer<'a> {
    pub fn new(state: &'a State, plan: &'a Plan, order: &'a [u16], ranks: &'a Ranks) -> Self {
        Self { state, plan, order, ranks, met: Vec::new(), out: Mixer::new() }
    }

    fn put(&mut self, word: u64) {
        self.out.put(word);
    }

    fn node(&self, id: u16) -> u64 {
        self.order.iter().position(|&other| other == id).map_or(99, |place| place as u64)
    }

    /// Writes of before the search keep their numbers; those of the way are numbered as they are met.
    fn write(&mut self, write: u32) -> u64 {
        let before = self.plan.writes_before;
        if write <= before {
            return u64::from(write) | 1 << 32;
        }
        let place = self.met.iter().position(|&other| other == write).unwrap_or_else(|| {
            self.met.push(write);
            self.met.len() - 1
        });
        place as u64
    }

    fn passed(&self, since: Us) -> u64 {
        self.plan.pace.passed(self.state.run.now(), since)
    }

    pub fn all(mut self) -> u128 {
        let cluster = self.state.run.cluster();
        self.put(self.node(cluster.master()));
        self.truth();
        for &id in self.order {
            if let Some(member) = cluster.member(id) {
                self.member(member, cluster);
            }
        }
        self.ways(cluster);
        self.pendings(cluster);
        self.known(cluster.history());
        if cluster.failover() != Failover::Manual {
            self.watch(cluster);
        }
        self.out.done()
    }

    /// What the referee holds for the master's log.
    fn truth(&mut self) {
        let referee = self.state.run.referee();
        for write in (1..).map_while(|lsn| referee.logged_at(lsn)) {
            let write = self.write(write);
            self.put(at::LOGGED | write);
        }
    }

    fn member(&mut self, member: &Member, cluster: &Cluster) {
        let node = &member.node;
        let role = match node.role {
            Role::Master => 50,
            Role::Slave { upstream } => self.node(upstream),
        };
        let upstream = match node.upstream() {
            Upstream::Disconnected => 0,
            Upstream::Connecting => 1,
            Upstream::Streaming { .. } => 2,
        };
        let flags =
            [node.fenced, node.apply_paused, node.is_degraded(), node.read_only, node.abstains, node.has_copy()];
        let flags = flags.iter().fold(0, |bits, flag| bits << 1 | u64::from(*flag));
        self.put(at::MEMBER | role);
        self.put(member.process as u64 | upstream << 2 | flags << 4);
        self.put(node.denial_of_upstream().map_or(0, |why| why as u64 + 1));
        self.put(u64::from(member.priority) << 32 | node.waiting() as u64);
        self.put(node.apply_delay_us << 20 | u64::from(node.apply_speed.unwrap_or(0)));
        if let Some(next) = node.disk.next_upstream() {
            let next = self.node(next);
            self.put(at::MEMBER | next);
        }
        for standby in node.standbys.iter().flatten() {
            let standby = self.node(*standby);
            self.put(standby);
        }
        self.disk(member, cluster.history());
        self.streams(member);
        if member.process == Process::Frozen {
            self.put(member.inbox_len() as u64);
        }
        let outside = cluster.channels().iter().filter(|way| way.to == node.id && cluster.member(way.from).is_none());
        for way in outside.filter(|way| way.condition != Condition::Open) {
            self.put(at::WAY | u64::from(way.from));
        }
    }

    fn disk(&mut self, member: &Member, history: &History) {
        let (disk, ranks) = (&member.node.disk, self.ranks);
        self.put(
            ranks.epoch(disk.epoch) << 32 | rank(&ranks.lineages, disk.lineage.id) << 1 | u64::from(disk.lineage.known),
        );
        if let Some((id, upto)) = disk.lineage.before {
            self.put(rank(&ranks.lineages, id) << 32 | u64::from(upto));
        }
        let log = &disk.log;
        self.put(u64::from(log.base()) << 32 | ranks.epoch(log.base_position().epoch));
        for entry in log.entries(history) {
            let (write, origin) = (self.write(entry.write), self.node(entry.origin));
            self.put(at::LOGGED | write);
            self.put(ranks.epoch(entry.epoch) << 8 | origin);
        }
        self.put(u64::from(log.flushed()) << 32 | u64::from(disk.applied));
        for (_, cell) in disk.store.iter() {
            let write = self.write(cell.write);
            self.put(at::CELL | write << 1 | u64::from(cell.local));
        }
    }

    fn streams(&mut self, member: &Member) {
        let node = &member.node;
        for &other in self.order {
            let Some(progress) = node.acknowledged_by(other) else {
                self.put(at::STREAM);
                continue;
            };
            self.put(at::STREAM | u64::from(node.sent_to(other).unwrap_or(0)) | 1 << 39);
            self.put(u64::from(progress.received) << 32 | u64::from(progress.flushed));
            let age = self.passed(node.heard_of(other).unwrap_or(0));
            self.put(u64::from(progress.applied) << 8 | age);
        }
        if node.followed().is_some() && is_streaming(member) {
            let age = self.passed(node.heard_upstream_us());
            self.put(age);
        }
    }

    fn ways(&mut self, cluster: &Cluster) {
        for &from in self.order {
            for &to in self.order {
                let Some(way) = cluster.channel(from, to) else { continue };
                let quality = way.quality;
                self.put(at::WAY | quality.latency_us << 8 | quality.bandwidth.min(1 << 30) << 20);
                match way.condition {
                    Condition::Open => self.put(0),
                    Condition::Cut => self.put(1),
                    Condition::Held { since_us } => {
                        let age = self.passed(since_us);
                        self.put(2 + age);
                        way.flights.iter().for_each(|flight| self.message(&flight.message, cluster.history()));
                    }
                }
            }
        }
    }

    /// What hangs in a held link.
    fn message(&mut self, message: &Message, history: &History) {
        let ranks = self.ranks;
        let word = match message {
            Message::Heartbeat | Message::Watch(_) => return,
            Message::Entries { piece, .. } => {
                for entry in piece.entries(history) {
                    let write = self.write(entry.write);
                    self.put(at::MESSAGE | u64::from(entry.lsn));
                    self.put(write);
                }
                return;
            }
            Message::Acknowledge { progress, .. } => {
                self.put(u64::from(progress.received) << 32 | u64::from(progress.flushed));
                2 << 32 | u64::from(progress.applied)
            }
            Message::Follow { hello, .. } => 3 << 32 | u64::from(hello.have.lsn) << 8 | ranks.epoch(hello.have.epoch),
            Message::Snapshot { state, .. } => 4 << 32 | u64::from(state.at.lsn) << 8 | ranks.epoch(state.at.epoch),
            Message::Accept { .. } => 5 << 32,
            Message::Deny { why, .. } => 6 << 32 | *why as u64,
            Message::StreamEnded => 7 << 32,
            Message::Left => 8 << 32,
            Message::Closed => 9 << 32,
            Message::Refused { .. } => 10 << 32,
            Message::Request(_) => 11 << 32,
            Message::Answer { .. } => 12 << 32,
            Message::Cancel { .. } => 13 << 32,
        };
        self.put(at::MESSAGE | word);
    }

    fn pendings(&mut self, cluster: &Cluster) {
        for (number, pending) in cluster.pendings().iter() {
            let Some(asked) = cluster.history().operation(number) else { continue };
            let node = pending.node.map_or(99, |node| self.node(node));
            let (write, age) = (self.write(asked.write), self.passed(asked.asked_us));
            self.put(at::PENDING | node);
            self.put(write << 8 | age);
        }
    }

    /// What is known of the writes that are somewhere, and that something is nowhere any more that somebody was told of or
    /// has seen: else a loss would look like a write that never was.
    fn known(&mut self, history: &History) {
        let (referee, plan) = (self.state.run.referee(), self.plan);
        let seen = |write: u32| u64::from(self.state.seen & plan.bit(write) != 0);
        let mut words = Vec::new();
        for &number in &self.met {
            let Some(write) = history.write(number) else { continue };
            let answer = match history.operation(write.operation).map(|asked| asked.outcome) {
                Some(Outcome::Done) => 1,
                Some(Outcome::Failed(failure)) if says_not_done(failure) => 2,
                Some(Outcome::Failed(_)) => 3,
                Some(Outcome::TimedOut) => 4,
                _ => 0,
            };
            words.push(at::KNOWN | answer | u64::from(referee.is_gone(number)) << 3 | seen(number) << 4);
        }
        let diverged = referee.takeovers().overlaps().iter().filter(|overlap| overlap.diverged > 0).count();
        let mut missed = u64::from(diverged > plan.overlaps_before);
        for number in (plan.writes_before + 1..=history.write_count()).filter(|number| !self.met.contains(number)) {
            let told = history.write(number).is_some_and(|write| write.told_us.is_some());
            missed |= u64::from(told) << 1 | seen(number) << 2;
        }
        words.push(missed);
        words.into_iter().for_each(|word| self.put(word));
    }

    /// What those know who watch the master.
    fn watch(&mut self, cluster: &Cluster) {
        for &id in self.order {
            let (term, voted) = cluster.member(id).map_or((0, 0), Member::ballot);
            let (term, voted) = (rank(&self.ranks.terms, term), rank(&self.ranks.terms, voted));
            let awaits = cluster.member(id).is_some_and(Member::awaits_store);
            self.put(at::WATCH | u64::from(awaits) << 32 | term << 8 | voted);
        }
        let now = self.state.run.now();
        let mut words = Vec::new();
        for (_, observer) in cluster.observers() {
            if let Some((master, missing)) = observer.suspects() {
                words.push(self.node(master) << 1 | u64::from(missing));
            }
            if let Some(holder) = observer.lease_holder(now) {
                words.push(100 + holder.map_or(50, |holder| self.node(holder)));
            }
        }
        words.sort_unstable();
        words.into_iter().for_each(|word| self.put(word));
    }
}

/// Whether an error tells that nothing was done.
pub(super) fn says_not_done(failure: Failure) -> bool {
    !matches!(failure, Failure::ConnectionLost | Failure::NotInTime | Failure::Demoted)
}
