//! The referee watches the facts and judges. It never takes part.
//!
//! Truth is the master's log: a version of a key counts from the instant at which reads on the master see it. A
//! read is judged at the instant at which the node that answered looked the key up.

mod convergence;
mod local;
mod lookup;
mod sessions;
mod takeover;
mod versions;

use std::collections::BTreeSet;

use crate::chunks::Chunks;
use crate::cluster::{Cluster, Node};
use crate::facts::Event;
use crate::facts::{Cell, Lsn};
use crate::history::{Entry, History, Kind, OWN_RECORD, Operation, Outcome};
use crate::in_order::set_of;
use crate::time::Us;
pub use convergence::Convergence;
use local::Held;
pub use local::LocalFates;
pub(crate) use local::holds;
use lookup::{How, Lookup, Lookups};
use sessions::Seen;
pub use sessions::{Breach, GUARANTEES, Guarantee, Sessions, Standing};
pub use takeover::{Overlap, Takeover, Takeovers};
use versions::{Version, Versions};

/// How a read was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// It saw what the master showed.
    Fresh,
    /// The master showed newer versions.
    Stale {
        /// How many.
        versions: u32,
        /// Since when the oldest of them, µs.
        by_us: Us,
    },
    /// It saw a write of the master's log that the master did not show yet.
    Ahead,
    /// It saw what is in no master's log: written past the master, or lost by it.
    Foreign,
}

/// A judged read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    /// Number of the operation.
    pub operation: u32,
    /// The node that answered.
    pub node: u16,
    /// When it looked the key up, µs.
    pub at_us: Us,
    /// What it saw, 0 for nothing ever written.
    pub saw: u32,
    /// What the master showed then, 0 for nothing ever written.
    pub newest: u32,
    /// How the read was.
    pub freshness: Freshness,
}

/// How a write was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// Its node crashed before it was on disk.
    NotFlushed,
    /// Its node was stopped, and keeps nothing on disk.
    Forgotten,
    /// A slave was promoted that did not have it.
    NotReplicated,
    /// Others were told to follow a node that did not have it.
    NotFollowed,
    /// Its node took over the state of another one that did not have it.
    Replaced,
    /// A slave was promoted that had received it, and threw away what it had not applied.
    ThrownAway,
    /// A master took it that was no longer the one that clients write to.
    Diverged,
    /// A slave had taken it for itself, and an entry of the master's log overwrote it.
    Overwritten,
    /// A slave had taken it for itself, and started over with a snapshot.
    Discarded,
    /// A slave had taken it for itself, and left the cluster.
    Removed,
}

/// An acknowledged write that no master has any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LostWrite {
    /// Number of the write.
    pub write: u32,
    /// When it was lost (or acknowledged, if that came later), µs.
    pub at_us: Us,
    /// The node that lost it.
    pub node: u16,
    /// How.
    pub loss: Loss,
}

/// A value on a node that no master logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalWrite {
    /// Number of the write.
    pub write: u32,
    /// The node that took it.
    pub node: u16,
    /// When, µs.
    pub at_us: Us,
}

/// What one way to route has cost so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Price {
    /// Reads that were answered.
    pub reads: u64,
    /// Those that the master answered.
    pub at_master: u64,
    /// Those that were stale.
    pub stale: u64,
    /// How long all of them took together, µs.
    pub took_us: Us,
    /// Reads that got an error or no answer.
    pub failed: u64,
}

/// What has been seen so far. Positions, requests and writes are numbered from 1 without gaps, so plain vectors
/// hold what is known of each.
#[derive(Debug, Clone, Default)]
pub struct Referee {
    versions: Versions,
    /// The write at each position of the master's log.
    logged: Chunks<u32>,
    lookups: Lookups,
    stale: u64,
    reads: u64,
    first_stale: Option<Judgement>,
    first_foreign: Option<Judgement>,
    /// For each write that was lost, acknowledged or not: the node and how. Empty as long as nothing was lost.
    gone: Chunks<Option<(u16, Loss)>>,
    /// What nodes hold now that is in no master's log.
    held: Vec<Held>,
    /// Those of them that something newer has replaced there.
    replaced: BTreeSet<u32>,
    acknowledged: u64,
    lost: Vec<LostWrite>,
    local: Vec<LocalWrite>,
    /// The position of each write in the master's log.
    positions: Chunks<Option<Lsn>>,
    sessions: Sessions,
    takeovers: Takeovers,
    /// By the number of the way to route.
    prices: Vec<Price>,
    /// Losses that were ever seen, also of writes that came back.
    losses: u64,
    foreign: u64,
}

/// The place of a number from 1 on in a vector.
fn place(number: u32) -> usize {
    number.saturating_sub(1) as usize
}

/// Puts a value at a place, and makes the vector longer where it must.
fn put<T: Clone>(list: &mut Vec<Option<T>>, place: usize, value: T) {
    if list.len() <= place {
        list.resize(place + 1, None);
    }
    if let Some(slot) = list.get_mut(place) {
        *slot = Some(value);
    }
}

/// Whether a write is among those that are lost.
fn is_in(gone: &Chunks<Option<(u16, Loss)>>, write: u32) -> bool {
    gone.get(place(write)).is_some_and(Option::is_some)
}

impl Referee {
    /// Whether it matters what slaves apply: some hold a write of their own that could be overwritten.
    #[inline(always)]
    pub fn minds_slaves(&self) -> bool {
        !self.held.is_empty()
    }

    /// A node has read a key for a client.
    pub fn read_served(&mut self, at_us: Us, operation: u32, node: u16, cell: Option<Cell>, history: &History) {
        // A node that the client has given up for another one answers nobody.
        if let Some(asked) = history.operation(operation).filter(|asked| asked.node == Some(node)) {
            let newest = self.versions.newest(asked.key).map_or(0, |version| version.write);
            let saw = cell.map_or(0, |cell| cell.write);
            let freshness = self.freshness_of(at_us, asked.key, cell);
            let judgement = Judgement { operation, node, at_us, saw, newest, freshness };
            self.lookups.note(operation, Lookup::new(&judgement), history.load_operations().dropped());
        }
    }

    /// Takes note of one more fact, right after it has happened in the cluster.
    pub fn take_note(&mut self, at_us: Us, event: &Event, cluster: &Cluster) {
        let (history, master) = (cluster.history(), cluster.master());
        self.takeovers.watch(at_us, event, cluster);
        match *event {
            Event::Logged { write: OWN_RECORD, node, .. } if node != master => {}
            Event::Logged { node, lsn, write, .. } if node != master => {
                self.note_position(write, lsn);
                self.takeovers.diverged(node, write);
                self.go(at_us, node, write, Loss::Diverged, history);
            }
            Event::Promoted { node, epoch, lsn, discarded } if node == master && node != self.takeovers.master() => {
                let doubtful = self.doubtful(node, cluster);
                let fork = self.crown(at_us, node, Loss::NotReplicated, cluster);
                self.call_thrown_away(lsn, discarded);
                self.takeovers.take_over(at_us, node, epoch, fork, doubtful);
            }
            Event::Promoted { node, .. } if node == master => {
                self.crown(at_us, node, Loss::NotReplicated, cluster);
            }
            Event::Connected { node, full: true, .. } if node == master => {
                self.crown(at_us, node, Loss::Replaced, cluster);
            }
            Event::Follows { upstream, .. } if upstream == master => {
                self.takeovers.set_master(master);
                self.crown(at_us, upstream, Loss::NotFollowed, cluster);
            }
            Event::Applied { node, lsn, write } if node == master && self.logged_at(lsn) != Some(write) => {
                self.crown(at_us, node, Loss::Replaced, cluster);
            }
            Event::Logged { lsn, write, .. } => {
                self.logged.truncate(place(lsn));
                self.logged.push(write);
                self.note_position(write, lsn);
            }
            Event::Applied { node, lsn, write } if node == master => self.visible(at_us, lsn, write, history),
            Event::Crashed { node, last, lost } if node == master && lost > 0 => {
                self.lose_behind(at_us, node, last, Loss::NotFlushed, &BTreeSet::new(), history);
            }
            Event::Forgotten { node, lost } if node == master && lost > 0 => {
                self.lose_behind(at_us, node, 0, Loss::Forgotten, &BTreeSet::new(), history);
            }
            Event::ReadServed { .. } => {}
            _ => {}
        }
        self.watch_locals(at_us, event, cluster);
    }

    fn visible(&mut self, at_us: Us, lsn: Lsn, write: u32, history: &History) {
        let Some(record) = history.write(write) else { return };
        // A node that was promoted and has written in the same instant: its whole log counts already.
        if self.versions.newest(record.key).is_none_or(|last| last.lsn < lsn) {
            self.versions.add(record.key, Version { lsn, write, visible_us: at_us });
        }
    }

    /// The master's log was torn off behind `last`; these of its writes stand somewhere else in it.
    fn lose_behind(&mut self, at_us: Us, node: u16, last: Lsn, loss: Loss, stay: &BTreeSet<u32>, history: &History) {
        let kept = place(last + 1).min(self.logged.len());
        let torn: Vec<u32> = self.logged.range(kept).copied().filter(|write| !stay.contains(write)).collect();
        self.logged.truncate(kept);
        for write in torn {
            self.go(at_us, node, write, loss, history);
        }
        self.versions.forget_behind(last);
    }

    /// A promoted slave's log is the truth from now on: what it lacks is lost, and what others had lost and it has is
    /// there again.
    /// Returns the last position that both logs have in common.
    fn crown(&mut self, at_us: Us, node: u16, loss: Loss, cluster: &Cluster) -> Lsn {
        let (history, Some(member)) = (cluster.history(), cluster.member(node)) else { return 0 };
        let log = &member.node.disk.log;
        let differs = |lsn: Lsn| self.logged_at(lsn) != log.get(lsn, history).map(|entry| entry.write);
        let known = self.logged.len() as Lsn;
        let snapshot = self.snapshot_of(&member.node, history);
        let lacks = snapshot.iter().find(|(lsn, write)| self.logged_at(*lsn) != Some(*write)).map(|(lsn, _)| *lsn);
        let fork = lacks.or_else(|| (log.base() + 1..=known.max(log.last().lsn)).find(|&lsn| differs(lsn)));
        let Some(fork) = fork else { return log.last().lsn };
        let logged = log.entries(history).map(|entry| (entry.lsn, entry.write));
        let new: Vec<(Lsn, u32)> = snapshot.into_iter().chain(logged).filter(|(lsn, _)| *lsn >= fork).collect();
        let stay = set_of(new.iter().map(|(_, write)| *write));
        self.lose_behind(at_us, node, fork - 1, loss, &stay, history);
        for (lsn, write) in new {
            self.logged.push(write);
            self.find_again(write, lsn);
            if lsn <= member.node.disk.applied {
                self.visible(at_us, lsn, write, history);
            }
        }
        fork - 1
    }

    /// A write stands in the master's log, at this position.
    fn find_again(&mut self, write: u32, lsn: Lsn) {
        if write == OWN_RECORD {
            return;
        }
        if let Some(slot) = self.gone.get_mut(place(write)) {
            *slot = None;
        }
        self.lost.retain(|lost| lost.write != write);
        self.sessions.found(write);
        self.held.retain(|held| held.write != write);
        self.note_position(write, lsn);
    }

    /// What stands before a node's log, as far as its store tells: a write that it holds, or that it holds a later one
    /// of the same history of. Where it holds neither, nobody's.
    fn snapshot_of(&self, node: &Node, history: &History) -> Vec<(Lsn, u32)> {
        let held = |lsn: Lsn| {
            let write = self.logged_at(lsn).unwrap_or(OWN_RECORD);
            let key = history.write(write)?.key;
            let cell = self.as_logged(node.disk.store.get(key).filter(|cell| !cell.local)?);
            let later = cell.lsn >= lsn && self.logged_at(cell.lsn) == Some(cell.write);
            (cell.write == write || later).then_some(write)
        };
        let base = node.disk.log.base();
        let mut snapshot: Vec<(Lsn, u32)> = (1..=base).map(|lsn| (lsn, held(lsn).unwrap_or(OWN_RECORD))).collect();
        for (_, cell) in node.disk.store.iter().filter(|(_, cell)| !cell.local && cell.lsn <= base) {
            let stands = self.as_logged(cell).lsn == cell.lsn || self.logged_at(cell.lsn).is_none();
            if let Some(slot) = snapshot.get_mut(place(cell.lsn)).filter(|slot| stands && slot.1 == OWN_RECORD) {
                slot.1 = cell.write;
            }
        }
        snapshot
    }

    fn note_position(&mut self, write: u32, lsn: Lsn) {
        if write != OWN_RECORD {
            self.positions.put(place(write), lsn);
        }
    }

    /// What the promoted slave threw away had arrived there.
    fn call_thrown_away(&mut self, last: Lsn, discarded: u64) {
        for lost in &mut self.lost {
            let lsn = self.positions.get(place(lost.write)).copied().flatten().unwrap_or(0);
            if lost.loss == Loss::NotReplicated && lsn > last && u64::from(lsn) <= u64::from(last) + discarded {
                lost.loss = Loss::ThrownAway;
            }
        }
    }

    /// Writes that not all nodes have, when this one takes the master's place.
    fn doubtful(&self, node: u16, cluster: &Cluster) -> Vec<u32> {
        let before = self.takeovers.master();
        let others = cluster.members().filter(|member| !member.removed && member.node.id != before);
        let safe = others.map(|member| member.node.position().lsn).min().unwrap_or(0);
        let mut doubtful: Vec<u32> =
            self.logged.range(place(safe + 1)).copied().filter(|it| *it != OWN_RECORD).collect();
        if let Some(member) = cluster.member(node) {
            let new = |entry: &&Entry| entry.lsn > safe && self.logged_at(entry.lsn) != Some(entry.write);
            doubtful.extend(member.node.disk.log.entries(cluster.history()).filter(new).map(|entry| entry.write));
        }
        doubtful
    }

    fn go(&mut self, at_us: Us, node: u16, write: u32, loss: Loss, history: &History) {
        if write == OWN_RECORD {
            return;
        }
        self.gone.put(place(write), (node, loss));
        let told = history.write(write).and_then(|write| Some((write.client, write.told_us?)));
        self.sessions.lost(write, told);
        if told.is_some() {
            self.lost.push(LostWrite { write, at_us, node, loss });
            self.losses += 1;
        }
    }

    fn loss_of(&self, write: u32) -> Option<(u16, Loss)> {
        self.gone.get(place(write)).copied().flatten()
    }

    /// What a node holds, at the position that it has in the master's log: in a binary log it may stand at another one.
    fn as_logged(&self, cell: Cell) -> Cell {
        if self.logged_at(cell.lsn) == Some(cell.write) {
            return cell;
        }
        let there = self.positions.get(place(cell.write)).copied().flatten();
        let there = there.filter(|lsn| self.logged_at(*lsn) == Some(cell.write));
        Cell { lsn: there.unwrap_or(cell.lsn), ..cell }
    }

    /// How what a node holds for a key stands to the master now.
    pub fn freshness_of(&self, at_us: Us, key: u32, cell: Option<Cell>) -> Freshness {
        // Mostly a node holds the newest version, and all is well.
        if let Some(cell) = cell
            && let Some(newest) = self.versions.newest(key)
            && newest.lsn == cell.lsn
            && newest.write == cell.write
            && !cell.local
            && self.gone.is_empty()
        {
            return Freshness::Fresh;
        }
        let cell = cell.map(|cell| self.as_logged(cell));
        let (newer, next, shown) = self.versions.behind(key, cell.map_or(0, |cell| cell.lsn));
        if let Some(cell) = cell {
            if cell.local || self.is_gone(cell.write) || self.logged_at(cell.lsn) != Some(cell.write) {
                return Freshness::Foreign;
            }
            if shown.is_none_or(|version| version.lsn != cell.lsn) {
                return Freshness::Ahead;
            }
        }
        match next {
            None => Freshness::Fresh,
            Some(next) => Freshness::Stale { versions: newer, by_us: at_us.saturating_sub(next.visible_us) },
        }
    }

    /// A request has come to its end. Whether it is a read that was stale.
    pub fn finished(&mut self, at_us: Us, number: u32, operation: &Operation) -> bool {
        match operation.outcome {
            Outcome::Value(cell) => {
                let Some(lookup) = self.lookups.get_mut(number) else { return false };
                lookup.answered = true;
                let (lookup, stale) = (*lookup, matches!(lookup.how, How::Stale));
                let at_master = lookup.node == self.takeovers.master();
                self.count(number, &lookup);
                self.price(operation.policy, |price| {
                    price.reads += 1;
                    price.took_us += at_us.saturating_sub(operation.asked_us);
                    price.at_master += u64::from(at_master);
                    price.stale += u64::from(stale);
                });
                let seen = Seen {
                    operation: number,
                    at_us,
                    write: lookup.saw,
                    lsn: cell.map_or(0, |cell| cell.lsn),
                    foreign: matches!(lookup.how, How::Foreign),
                };
                let gone = &self.gone;
                self.sessions.read(operation, seen, |write| is_in(gone, write));
                return stale;
            }
            Outcome::Done if operation.write > 0 => self.wrote(at_us, number, operation),
            Outcome::Failed(_) | Outcome::TimedOut if operation.kind == Kind::Read => {
                self.price(operation.policy, |price| price.failed += 1);
            }
            _ => {}
        }
        false
    }

    fn wrote(&mut self, at_us: Us, number: u32, operation: &Operation) {
        self.acknowledged += 1;
        let loss = self.loss_of(operation.write);
        if let Some((node, loss)) = loss {
            self.lost.push(LostWrite { write: operation.write, at_us, node, loss });
            self.losses += 1;
        }
        let lsn = self.positions.get(place(operation.write)).copied().flatten().unwrap_or(0);
        self.sessions.wrote(number, operation, at_us, lsn, loss.is_some());
        if loss.is_none() && lsn > 0 {
            self.takeovers.acknowledged(at_us, lsn);
        }
    }

    fn price(&mut self, policy: Option<u16>, change: impl FnOnce(&mut Price)) {
        let Some(index) = policy.map(usize::from) else { return };
        if self.prices.len() <= index {
            self.prices.resize(index + 1, Price::default());
        }
        self.prices.get_mut(index).map(change);
    }

    fn count(&mut self, operation: u32, lookup: &Lookup) {
        self.reads += 1;
        match lookup.how {
            How::Stale => {
                self.stale += 1;
                self.first_stale.get_or_insert_with(|| lookup.judgement(operation));
            }
            How::Foreign => {
                self.foreign += 1;
                self.first_foreign.get_or_insert_with(|| lookup.judgement(operation));
            }
            How::Fresh | How::Ahead => {}
        }
    }

    /// What each way to route has cost, by its place in [`crate::cluster::Routing::policies`].
    pub fn prices(&self) -> &[Price] {
        &self.prices
    }

    /// What the clients may expect of their sessions.
    pub fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// When one node took another's place as the master.
    pub fn takeovers(&self) -> &Takeovers {
        &self.takeovers
    }

    /// Cases so far in which a guarantee was broken. It never goes down.
    pub fn broken(&self) -> u64 {
        let overlaps: u64 = self.takeovers.overlaps().iter().map(|overlap| 1 + u64::from(overlap.diverged > 0)).sum();
        self.losses + self.foreign + self.sessions.broken() + self.local.len() as u64 + overlaps
    }

    /// How a read was, once it is answered.
    pub fn judgement(&self, operation: u32) -> Option<Judgement> {
        self.lookups.get(operation).filter(|lookup| lookup.answered).map(|lookup| lookup.judgement(operation))
    }

    /// The write that the master shows for a key, 0 for none.
    pub fn newest(&self, key: u32) -> u32 {
        self.versions.newest(key).map_or(0, |version| version.write)
    }

    /// The write that the master logged at a position, if it still has it.
    pub fn logged_at(&self, lsn: Lsn) -> Option<u32> {
        self.logged.get(place(lsn)).copied().filter(|_| lsn > 0)
    }

    /// When the entry behind a position became visible on the master, if there is one.
    pub fn visible_after(&self, lsn: Lsn, history: &History) -> Option<Us> {
        let next = lsn + 1;
        let key = history.write(self.logged_at(next)?)?.key;
        let (.., shown) = self.versions.behind(key, next);
        shown.filter(|version| version.lsn == next).map(|version| version.visible_us)
    }

    /// Reads that were answered.
    pub fn reads(&self) -> u64 {
        self.reads
    }

    /// Reads that were stale.
    pub fn stale_reads(&self) -> u64 {
        self.stale
    }

    /// Reads of a value that no master has.
    pub fn foreign_reads(&self) -> u64 {
        self.foreign
    }

    /// The first stale read.
    pub fn first_stale(&self) -> Option<&Judgement> {
        self.first_stale.as_ref()
    }

    /// The first read of a value that no master has.
    pub fn first_foreign(&self) -> Option<&Judgement> {
        self.first_foreign.as_ref()
    }

    /// Writes that were acknowledged.
    pub fn acknowledged(&self) -> u64 {
        self.acknowledged
    }

    /// Acknowledged writes that are lost, in the order of their loss.
    pub fn lost(&self) -> &[LostWrite] {
        &self.lost
    }

    /// Writes that a slave took for itself.
    pub fn local(&self) -> &[LocalWrite] {
        &self.local
    }

    /// How this write was lost, if it was.
    pub fn loss(&self, write: u32) -> Option<Loss> {
        self.loss_of(write).map(|(_, loss)| loss)
    }

    /// Whether this write is lost.
    pub fn is_gone(&self, write: u32) -> bool {
        self.loss_of(write).is_some()
    }
}
