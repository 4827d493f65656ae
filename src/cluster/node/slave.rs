//! What a slave does: connect, receive, flush, apply, acknowledge.

use smallvec::SmallVec;

use super::{Effect, Node, Role, Timer, TimerKind, Turn};
use crate::cluster::log::{Entry, Log, Lsn, Position};
use crate::cluster::message::{Failure, Message, Reply, Request};
use crate::cluster::store::Store;
use crate::history::Event;
use crate::scenario::SlaveWrites;

/// A slave's connection to its master.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Upstream {
    /// There is none; it will try again.
    #[default]
    Disconnected,
    /// It has asked, and waits for an answer.
    Connecting,
    /// Entries come.
    Streaming {
        /// Whether the connection began with a snapshot.
        full: bool,
    },
}

impl Node {
    pub(super) fn connect(&mut self, turn: &mut Turn<'_>) {
        let Role::Slave { upstream } = self.role else { return };
        self.memory.upstream = Upstream::Connecting;
        self.memory.told = self.progress();
        self.connection += 1;
        let (connection, have) = (self.connection, self.disk.log.last());
        let message = Message::Follow { connection, have, progress: self.memory.told };
        turn.effects.push(Effect::Connect { to: upstream, message });
    }

    pub(super) fn lost_upstream(&mut self, turn: &mut Turn<'_>, peer: u16) {
        if self.memory.upstream == Upstream::Disconnected {
            return;
        }
        if matches!(self.memory.upstream, Upstream::Streaming { .. }) {
            turn.note(Event::Disconnected { node: self.id, peer });
        }
        self.memory.upstream = Upstream::Disconnected;
        for (operation, client) in std::mem::take(&mut self.memory.forwarded) {
            turn.answer(client, operation, Reply::Failed(Failure::ConnectionLost));
        }
        let timer = Timer { boot: self.boot, kind: TimerKind::Retry };
        turn.effects.push(Effect::Timer { at: turn.now + turn.rules.retry_us, timer });
    }

    pub(super) fn accepted(&mut self, turn: &mut Turn<'_>, from: u16, connection: u32) {
        if !self.awaits(from, connection) {
            return;
        }
        self.memory.upstream = Upstream::Streaming { full: false };
        turn.note(Event::Connected { node: self.id, peer: from, lsn: self.disk.log.last().lsn, full: false });
        self.apply_ready(turn);
    }

    /// A snapshot replaces everything, also what only this node knew. It counts as flushed when it is loaded.
    pub(super) fn load_snapshot(
        &mut self,
        turn: &mut Turn<'_>,
        from: u16,
        connection: u32,
        at: Position,
        store: Store,
    ) {
        if !self.awaits(from, connection) {
            return;
        }
        self.memory.upstream = Upstream::Streaming { full: true };
        self.disk.log = Log::behind(at);
        self.disk.store = store;
        self.disk.store.forget_undo(Lsn::MAX);
        self.disk.applied = at.lsn;
        self.disk.epoch = at.epoch.max(1);
        self.memory.apply_due_us = None;
        turn.note(Event::Connected { node: self.id, peer: from, lsn: at.lsn, full: true });
        self.acknowledge(turn);
    }

    pub(super) fn receive(&mut self, turn: &mut Turn<'_>, from: u16, connection: u32, entries: &SmallVec<[Entry; 1]>) {
        if connection != self.connection || !self.streams_from(from) {
            return;
        }
        for entry in entries {
            if entry.lsn == self.disk.log.last().lsn + 1 {
                self.disk.log.push(*entry);
                self.disk.epoch = entry.epoch;
            }
        }
        turn.note(Event::Received { node: self.id, lsn: self.disk.log.last().lsn });
        self.begin_flush(turn);
        if turn.rules.acknowledges_receipt() {
            self.acknowledge(turn);
        }
        self.apply_ready(turn);
    }

    /// Applies what is due and tells the master if something has come further.
    pub(super) fn apply_ready(&mut self, turn: &mut Turn<'_>) {
        let ready = self.ready(turn.rules);
        while self.disk.applied < ready && !self.apply_paused {
            let Some(entry) = self.disk.log.get(self.disk.applied + 1) else { break };
            let due_us = entry.at_us + self.apply_delay_us;
            if self.apply_delay_us > 0 && due_us > turn.now {
                if self.memory.apply_due_us != Some(due_us) {
                    self.memory.apply_due_us = Some(due_us);
                    let timer = Timer { boot: self.boot, kind: TimerKind::Apply };
                    turn.effects.push(Effect::Timer { at: due_us, timer });
                }
                break;
            }
            self.apply_next(turn);
        }
        let progress = self.progress();
        let told = self.memory.told;
        if progress.flushed > told.flushed || progress.applied > told.applied {
            self.acknowledge(turn);
        }
        self.keep_log_short(turn);
    }

    fn acknowledge(&mut self, turn: &mut Turn<'_>) {
        let Role::Slave { upstream } = self.role else { return };
        if matches!(self.memory.upstream, Upstream::Streaming { .. }) {
            self.memory.told = self.progress();
            let (connection, progress) = (self.connection, self.memory.told);
            turn.send(upstream, Message::Acknowledge { connection, progress });
        }
    }

    /// A client's write has come to a slave.
    pub(super) fn write_at_slave(
        &mut self,
        turn: &mut Turn<'_>,
        from: u16,
        upstream: u16,
        request: Request,
        write: u32,
        delete: bool,
    ) {
        let operation = request.operation;
        match turn.rules.slave_writes {
            SlaveWrites::Ignored => turn.note(Event::WriteIgnored { node: self.id, operation }),
            SlaveWrites::Refused => turn.answer(from, operation, Reply::Failed(Failure::ReadOnly)),
            SlaveWrites::Forwarded if matches!(self.memory.upstream, Upstream::Streaming { .. }) => {
                self.memory.forwarded.push((operation, from));
                turn.note(Event::WriteForwarded { node: self.id, operation });
                turn.send(upstream, Message::Request(request));
            }
            SlaveWrites::Forwarded => turn.answer(from, operation, Reply::Failed(Failure::MasterUnreachable)),
            SlaveWrites::Accepted => {
                self.disk.store.write_locally(request.key, write, delete, self.disk.applied);
                turn.note(Event::WrittenLocally { node: self.id, write });
                turn.answer(from, operation, Reply::Done);
            }
        }
    }

    /// The master has answered a write that this slave passed on.
    pub(super) fn forwarded_answer(&mut self, turn: &mut Turn<'_>, operation: u32, reply: Reply) {
        if let Some(index) = self.memory.forwarded.iter().position(|(waiting, _)| *waiting == operation) {
            let (_, client) = self.memory.forwarded.swap_remove(index);
            turn.answer(client, operation, reply);
        }
    }

    /// Whether it waits for an answer to this very attempt to connect.
    fn awaits(&self, peer: u16, connection: u32) -> bool {
        let follows = self.role == Role::Slave { upstream: peer };
        follows && self.connection == connection && self.memory.upstream == Upstream::Connecting
    }

    fn streams_from(&self, peer: u16) -> bool {
        let follows = self.role == Role::Slave { upstream: peer };
        follows && matches!(self.memory.upstream, Upstream::Streaming { .. })
    }
}
