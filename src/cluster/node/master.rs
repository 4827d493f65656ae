//! What a master does: log, stream, wait, answer.

use smallvec::SmallVec;

use super::{Node, Turn, Waiting};
use crate::cluster::log::{Entry, Lsn, Position};
use crate::cluster::message::{Message, Progress, Reply, Request, RequestKind};
use crate::cluster::rules::Rules;
use crate::history::Event;
use crate::limits;
use crate::scenario::{Level, Replication};

/// The stream of the log to one connected slave.
#[derive(Debug, Clone, Copy)]
pub struct Stream {
    /// The slave.
    pub peer: u16,
    /// Number of the connection, as the slave counts.
    pub connection: u32,
    /// Position up to which the log was sent.
    pub sent: Lsn,
    /// How far the slave says that it has come.
    pub progress: Progress,
}

impl Stream {
    fn at(&self, level: Level) -> Lsn {
        match level {
            Level::Received => self.progress.received,
            Level::Flushed => self.progress.flushed,
            Level::Applied => self.progress.applied,
        }
    }
}

impl Node {
    pub(super) fn write(&mut self, turn: &mut Turn<'_>, from: u16, request: Request) {
        let RequestKind::Write { write, delete, bytes } = request.kind else { return };
        let lsn = self.disk.log.last().lsn + 1;
        let entry = Entry { lsn, epoch: self.disk.epoch, write, key: request.key, delete, bytes, at_us: turn.now };
        self.disk.log.push(entry);
        turn.note(Event::Logged { node: self.id, lsn, write, epoch: entry.epoch });
        self.memory.waiting.push_back(Waiting { lsn, operation: request.operation, reply_to: from });
        self.begin_flush(turn);
        self.serve(turn);
    }

    /// Sends, shows and answers what can be sent, shown and answered by now.
    pub(super) fn serve(&mut self, turn: &mut Turn<'_>) {
        let ready = self.ready(turn.rules);
        self.send_entries(turn, ready);
        let safe = ready.min(self.acknowledged_upto(turn.rules));
        let visible = if turn.rules.is_hidden() { safe } else { ready };
        while self.disk.applied < visible {
            self.apply_next(turn);
        }
        while let Some(&waiting) = self.memory.waiting.front() {
            if waiting.lsn > safe {
                break;
            }
            self.memory.waiting.pop_front();
            turn.answer(waiting.reply_to, waiting.operation, Reply::Done);
        }
        self.keep_log_short(turn);
    }

    fn send_entries(&mut self, turn: &mut Turn<'_>, ready: Lsn) {
        for stream in &mut self.memory.streams {
            while stream.sent < ready {
                let mut entries: SmallVec<[Entry; 1]> = SmallVec::new();
                while stream.sent < ready && entries.len() < limits::ENTRIES_PER_MESSAGE_MAX {
                    let Some(entry) = self.disk.log.get(stream.sent + 1) else { break };
                    entries.push(*entry);
                    stream.sent += 1;
                }
                if entries.is_empty() {
                    break;
                }
                turn.send(stream.peer, Message::Entries { connection: stream.connection, entries });
            }
        }
    }

    /// The last position that enough slaves have acknowledged: the k-th highest of their positions.
    fn acknowledged_upto(&self, rules: &Rules) -> Lsn {
        let Replication::Sync { count, level, .. } = rules.replication else { return Lsn::MAX };
        let needed = count.map_or(rules.slaves, usize::from);
        if needed == 0 {
            return Lsn::MAX;
        }
        let mut positions: SmallVec<[Lsn; 8]> = SmallVec::new();
        for stream in &self.memory.streams {
            let position = stream.at(level);
            positions.insert(positions.partition_point(|&other| other >= position), position);
        }
        positions.get(needed - 1).copied().unwrap_or(0)
    }

    pub(super) fn acknowledged(&mut self, turn: &mut Turn<'_>, from: u16, connection: u32, progress: Progress) {
        let same = |stream: &&mut Stream| stream.peer == from && stream.connection == connection;
        let Some(stream) = self.memory.streams.iter_mut().find(same) else { return };
        stream.progress = progress;
        turn.note(Event::Acknowledged { node: self.id, slave: from, progress });
        self.serve(turn);
    }

    /// A slave connects: it goes on from the log if its history is part of this one, else it gets a snapshot.
    pub(super) fn follow(
        &mut self,
        turn: &mut Turn<'_>,
        from: u16,
        connection: u32,
        have: Position,
        progress: Progress,
    ) {
        if !self.is_master() {
            // A slave of a slave is a later story: refuse, so that it can look elsewhere.
            turn.send(from, Message::Refused { operation: 0 });
            return;
        }
        self.memory.streams.retain(|stream| stream.peer != from);
        let known = self.disk.log.at(have.lsn) == Some(have);
        let stream = if known {
            turn.send(from, Message::Accept { connection });
            Stream { peer: from, connection, sent: have.lsn, progress }
        } else {
            let lsn = self.disk.applied;
            let at = self.disk.log.at(lsn).unwrap_or(Position { lsn, epoch: self.disk.epoch });
            turn.send(from, Message::Snapshot { connection, at, store: Box::new(self.disk.store.clone()) });
            Stream { peer: from, connection, sent: lsn, progress: Progress::default() }
        };
        turn.note(Event::StreamOpened { node: self.id, slave: from, from: stream.sent, full: !known });
        let place = self.memory.streams.partition_point(|stream| stream.peer < from);
        self.memory.streams.insert(place, stream);
        self.serve(turn);
    }

    pub(super) fn drop_stream(&mut self, turn: &mut Turn<'_>, peer: u16) {
        let before = self.memory.streams.len();
        self.memory.streams.retain(|stream| stream.peer != peer);
        if self.memory.streams.len() < before {
            turn.note(Event::Disconnected { node: self.id, peer });
        }
    }

    /// The process comes up with what is on disk: all of it counts, also what no client was answered.
    pub(super) fn recover(&mut self, turn: &mut Turn<'_>) {
        while self.disk.applied < self.disk.log.last().lsn {
            self.apply_next(turn);
        }
    }

    fn is_master(&self) -> bool {
        matches!(self.role, super::Role::Master)
    }
}
