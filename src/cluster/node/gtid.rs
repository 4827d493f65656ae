//! A log that is a node's own: MariaDB's and MySQL's binary log. Each write keeps its name (its GTID: here the number of
//! the write, which no other has) wherever it is logged, and its place in one node's log need not be its place in another's.

use super::{Node, Role, Stream, Turn};
use crate::chunks::Chunks;
use crate::cluster::engine::Occasion;
use crate::cluster::message::{Gtid, Handshake, Joined, Message, Request, RequestKind};
use crate::cluster::rules::Rules;
use crate::facts::{Denial, Event, Lsn, Progress};
use crate::history::{Entry, History};

/// Where the stream of a log to a slave begins.
#[derive(Debug, Default)]
pub struct Joint {
    /// Behind this position.
    pub sent: Lsn,
    /// Entries before it that the slave lacks as well.
    pub missing: Vec<Lsn>,
    /// How many positions the slave's log is ahead, with these.
    pub ahead: i32,
    /// The writes that the slave has and this node does not, if they were compared.
    pub own: Option<Vec<u32>>,
    /// The log is empty, and the slave asked for this write in it: the first entry decides; 0 for nothing like that.
    pub stranger: u32,
}

impl Node {
    /// The end of what it has in its binary log: a slave logs what it applies.
    pub fn logged_upto(&self) -> Lsn {
        if self.is_master() { self.disk.log.last().lsn } else { self.disk.applied }
    }

    /// A position of its master's in its own log.
    #[inline(always)]
    pub(super) fn own_position(&self, lsn: Lsn) -> Lsn {
        if self.memory.ahead == 0 { lsn } else { lsn.saturating_add_signed(self.memory.ahead) }
    }

    /// How far it has come, in positions of the node that it follows.
    pub fn progress_there(&self) -> Progress {
        self.progress().behind(self.memory.ahead)
    }

    /// Whether nothing is applied: somebody has paused it, or it cannot go on.
    pub fn applier_stands(&self) -> bool {
        self.apply_paused || self.memory.broken.is_some()
    }

    /// What it says of itself when it asks to follow.
    pub(super) fn hello(&self, turn: &Turn<'_>) -> Handshake {
        let engine = turn.rules.engine();
        let gtid = if engine.binary_log() { self.gtid(turn.history()) } else { 0 };
        let last = self.disk.log.last();
        let known = if engine.tells_all() { self.names_upto(last.lsn, turn.history()) } else { Chunks::default() };
        Handshake { have: last, progress: self.memory.told, gtid, known, lineage: self.disk.lineage.asked() }
    }

    /// The last write in its log that is not its own alone.
    fn gtid(&self, history: &History) -> u32 {
        let log = &self.disk.log;
        let entries = (log.base() + 1..=log.last().lsn).rev().filter_map(|lsn| log.get(lsn, history));
        let purged = self.disk.purged.iter().rev().map(|gtid| gtid.write);
        let writes = entries.map(|entry| entry.write).chain(purged);
        writes.into_iter().find(|write| !self.disk.own.contains(write)).unwrap_or(0)
    }

    /// The writes that it has up to a position of its log, those that are no longer in it as well.
    pub fn names_upto(&self, lsn: Lsn, history: &History) -> Chunks<Gtid> {
        let mut names = self.disk.purged.clone();
        for entry in self.disk.log.entries(history).take_while(|entry| entry.lsn <= lsn) {
            names.push(Gtid { write: entry.write, origin: entry.origin });
        }
        names
    }

    /// The writes in its store, where these have names.
    pub fn known(&self, rules: &Rules, history: &History) -> Chunks<Gtid> {
        let named = rules.engine().binary_log();
        if named { self.names_upto(self.disk.applied, history) } else { Chunks::default() }
    }

    /// Writes whose entries are no longer in its log, the first one first.
    pub fn purged(&self) -> &Chunks<Gtid> {
        &self.disk.purged
    }

    /// These will be dropped from its log.
    pub(super) fn note_purged(&mut self, upto: Lsn, history: &History) {
        let upto = upto.min(self.disk.log.flushed());
        for entry in self.disk.log.entries(history).take_while(|entry| entry.lsn <= upto) {
            self.disk.purged.push(Gtid { write: entry.write, origin: entry.origin });
        }
    }

    /// A slave comes up again.
    pub(super) fn restart_as_slave(&mut self, turn: &mut Turn<'_>) {
        if !turn.rules.engine().keeps_pause() {
            self.apply_paused = false;
        }
        if turn.rules.engine().throws_relay_log_away(Occasion::Restart) {
            self.throw_relay_log_away(turn);
        }
    }

    /// Its delay is changed: where both threads must be stopped for that, they start anew.
    pub(super) fn restart_replication(&mut self, turn: &mut Turn<'_>) {
        let Role::Slave { upstream } = self.role else { return };
        if turn.rules.engine().throws_relay_log_away(Occasion::Delay) {
            self.throw_relay_log_away(turn);
            self.memory.given_up = false;
            self.memory.broken = None;
            turn.send(upstream, Message::Left);
            self.leave_upstream(turn);
            self.connect(turn);
        }
    }

    /// What it has received and not applied is fetched again.
    pub(super) fn throw_relay_log_away(&mut self, turn: &mut Turn<'_>) {
        let kept = self.disk.applied.max(self.disk.mastered);
        if self.disk.log.truncate(kept, turn.history()) > 0 {
            self.memory.apply_due_us = None;
        }
    }

    /// It is told to go on behind this position: what it has behind it stays where it is.
    pub(super) fn keep_as_own(&mut self, common: Lsn, history: &History) {
        let log = &self.disk.log;
        let behind = (common + 1..=log.last().lsn).filter_map(|lsn| log.get(lsn, history));
        let own: Vec<u32> = behind.map(|entry| entry.write).filter(|write| !self.disk.own.contains(write)).collect();
        self.disk.own.extend(own);
    }

    /// It is the master: all that is in its log goes to those who follow it.
    pub(super) fn keep_no_own(&mut self, rules: &Rules) {
        self.memory.ahead = 0;
        self.memory.broken = None;
        if rules.engine().binary_log() && !self.disk.own.is_empty() {
            self.disk.store.adopt_local(&std::mem::take(&mut self.disk.own));
        }
    }

    /// A slave is let in whose log is not the beginning of this one.
    pub(super) fn join_logs(&mut self, turn: &mut Turn<'_>, new: Stream, joint: Joint) {
        let Joint { sent, missing, ahead, own, stranger } = joint;
        let joined = Some(Box::new(Joined { ahead, own }));
        turn.send(new.peer, Message::Accept { connection: new.connection, joined, lineage: self.disk.lineage.id });
        self.open_stream(turn, Stream { sent, progress: new.progress.behind(ahead), stranger, ..new }, false);
        for piece in self.disk.log.pieces(&missing, turn.history()) {
            turn.send_wordless(new.peer, Message::Entries { connection: new.connection, piece });
        }
    }

    /// The log was empty when these were let in. Now it has a first entry: either it is the one that they asked for, or it
    /// is not to be found here.
    pub(super) fn meet_strangers(&mut self, turn: &mut Turn<'_>, peers: &[u16]) {
        for &peer in peers {
            let Some(place) = self.memory.streams.iter().position(|stream| stream.peer == peer) else { continue };
            let stream = self.memory.streams.remove(place);
            let first = self.disk.log.get(1, turn.history()).map(|entry| entry.write);
            let known = first == Some(stream.stranger);
            let deny = Message::Deny { connection: stream.connection, why: Denial::Diverged, epoch: self.disk.epoch };
            turn.send(peer, if known { Message::StreamEnded } else { deny });
            turn.note(Event::Disconnected { node: self.id, peer });
        }
    }

    /// An entry has come whose place is not that of its own number: it is put at the end, unless it is there already.
    pub(super) fn receive_out_of_place(&mut self, turn: &mut Turn<'_>, entry: Entry) {
        if !turn.rules.engine().binary_log() {
            return;
        }
        if let Some(place) = self.disk.own.iter().position(|write| *write == entry.write) {
            self.disk.own.remove(place);
            self.memory.ahead -= 1;
            return;
        }
        let copy = Entry { lsn: self.disk.log.last().lsn + 1, ..entry };
        let number = turn.add_entry(copy);
        self.disk.log.push(number, &copy);
        self.disk.epoch = entry.epoch;
    }

    /// A client has written at a slave: that stands in its log before what it has not applied yet.
    pub(super) fn log_own_write(&mut self, turn: &mut Turn<'_>, request: Request) {
        let RequestKind::Write { write, delete, bytes, .. } = request.kind else { return };
        // A delete that finds no row changes none, and so is not logged.
        if delete && self.disk.store.get(request.key).is_none_or(|cell| cell.deleted) {
            return;
        }
        let (applied, last) = (self.disk.applied, self.disk.log.last().lsn);
        let behind = (applied + 1..=last).filter_map(|lsn| self.disk.log.get(lsn, turn.history()).copied());
        let relay: Vec<Entry> = behind.collect();
        self.disk.log.truncate(applied, turn.history());
        let (epoch, key, origin) = (self.disk.epoch, request.key, self.id);
        let own = Entry { lsn: applied + 1, epoch, write, key, delete, bytes, origin, at_us: turn.now };
        let flushed = own.lsn;
        for entry in std::iter::once(own).chain(relay) {
            let entry = Entry { lsn: self.disk.log.last().lsn + 1, ..entry };
            let number = turn.add_entry(entry);
            self.disk.log.push(number, &entry);
        }
        self.disk.log.flush(flushed);
        self.disk.store.forget_undo(flushed);
        self.disk.applied = flushed;
        self.disk.own.push(write);
        self.memory.ahead += 1;
        self.memory.told.applied = flushed;
        self.memory.flushing = false;
        self.memory.flushes += 1;
        self.begin_flush(turn);
        let ready = self.disk.applied;
        self.send_entries(turn, ready);
    }

    /// Whether an entry cannot be applied because of what only this node has written. Logs are of rows: what was an insert
    /// where it was written is one here, and so are updates and deletes.
    pub(super) fn collides(&mut self, turn: &mut Turn<'_>, entry: &Entry) -> bool {
        let why = self.collision(entry, turn.history());
        if let (Some(why), Role::Slave { upstream }) = (why, self.role) {
            self.memory.broken = Some(why);
            turn.note(Event::Denied { node: self.id, peer: upstream, why });
        }
        why.is_some()
    }

    fn collision(&self, entry: &Entry, history: &History) -> Option<Denial> {
        let (own, log) = (&self.disk.own, &self.disk.log);
        let here = self.disk.store.get(entry.key).filter(|cell| own.contains(&cell.write))?;
        let before = (log.base() + 1..entry.lsn).rev().filter_map(|lsn| log.get(lsn, history));
        let there = before.filter(|other| other.key == entry.key).find(|other| !own.contains(&other.write));
        // What was before the log began is not known.
        let existed = there.map_or(log.base() > 0 && !here.deleted, |other| !other.delete);
        match (here.deleted, existed) {
            (false, false) if !entry.delete => Some(Denial::Duplicate),
            (true, true) => Some(Denial::NoRow),
            _ => None,
        }
    }
}
