//! How a node serves its log to those that follow it. A master does, and so does a slave that has slaves.

use smallvec::SmallVec;

use super::{Node, Timer, TimerKind, Turn};
use crate::cluster::log::Piece;
use crate::cluster::message::{Handshake, Message, State};
use crate::facts::{Denial, Event, Lsn, Position, Progress};
use crate::scenario::{Gap, Level, LogKeep, Rejoin};
use crate::time::Us;

type Peers = SmallVec<[u16; 4]>;

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
    /// When it was last heard of, µs.
    pub heard_us: Us,
    /// When it last told that it has applied more, µs.
    pub replayed_us: Option<Us>,
    /// What it asked for of a log that was empty; 0 for nothing like that.
    pub stranger: u32,
}

impl Stream {
    pub(super) fn at(&self, level: Level) -> Lsn {
        match level {
            Level::Received => self.progress.received,
            Level::Flushed => self.progress.flushed,
            Level::Applied => self.progress.applied,
        }
    }
}

impl Node {
    pub(super) fn send_entries(&mut self, turn: &mut Turn<'_>, ready: Lsn) {
        self.memory.sent_to_all = ready;
        if self.memory.streams.is_empty() {
            return;
        }
        let mut last: Option<(Lsn, Piece)> = None;
        let (mut blocked, mut gone, mut strangers) = (Peers::new(), Peers::new(), Peers::new());
        for stream in &mut self.memory.streams {
            while stream.sent < ready {
                if stream.stranger != 0 {
                    strangers.push(stream.peer);
                    break;
                }
                if turn.unsent_bytes(stream.peer) >= u64::from(turn.rules.send_buffer) {
                    let full = if turn.rules.engine().drops_slow_slaves() { &mut gone } else { &mut blocked };
                    full.push(stream.peer);
                    break;
                }
                // Mostly all slaves get the same.
                let piece = match &last {
                    Some((from, piece)) if *from == stream.sent => piece.clone(),
                    _ => {
                        let Some(piece) = self.disk.log.piece(stream.sent, ready, turn.history()) else {
                            gone.push(stream.peer);
                            break;
                        };
                        last = Some((stream.sent, piece.clone()));
                        piece
                    }
                };
                stream.sent += piece.count();
                turn.send_wordless(stream.peer, Message::Entries { connection: stream.connection, piece });
            }
            self.memory.sent = self.memory.sent.max(stream.sent);
            if stream.sent < ready {
                self.memory.sent_to_all = Lsn::MAX;
            }
        }
        if !blocked.is_empty() || !gone.is_empty() || !strangers.is_empty() {
            self.wait_for_room(turn, &blocked);
            self.give_up_readers(turn, &gone);
            self.meet_strangers(turn, &strangers);
        }
    }

    /// The host's buffer for some slaves is full: the log is read on when half of it is free.
    fn wait_for_room(&mut self, turn: &mut Turn<'_>, blocked: &[u16]) {
        let Some(at) = blocked.iter().filter_map(|peer| turn.room_at(*peer)).min() else { return };
        let at = at.max(turn.now + 1);
        if self.memory.room_us.is_none_or(|set| set > at || set <= turn.now) {
            self.memory.room_us = Some(at);
            turn.timer(at, Timer { boot: self.boot, kind: TimerKind::Room });
        }
    }

    /// The log no longer has what some slaves were still to be sent.
    fn give_up_readers(&mut self, turn: &mut Turn<'_>, gone: &[u16]) {
        for &peer in gone {
            turn.send(peer, Message::StreamEnded);
            self.memory.streams.retain(|stream| stream.peer != peer);
            turn.note(Event::Disconnected { node: self.id, peer });
        }
    }

    /// Somebody wants to follow. If its history is part of this one, it goes on from the log; else the settings say
    /// whether it starts over or is denied.
    pub(super) fn follow_request(&mut self, turn: &mut Turn<'_>, from: u16, connection: u32, hello: Handshake) {
        self.memory.streams.retain(|stream| stream.peer != from);
        let Handshake { have, progress, .. } = hello;
        let new = Stream {
            peer: from,
            connection,
            sent: have.lsn,
            progress,
            heard_us: turn.now,
            replayed_us: None,
            stranger: 0,
        };
        match turn.rules.engine().refusal(self, &hello, turn.history()) {
            None => match turn.rules.engine().joint(self, &hello, turn.history()) {
                None => {
                    turn.send(from, Message::Accept { connection, joined: None, lineage: self.disk.lineage.id });
                    self.open_stream(turn, new, false);
                }
                Some(joint) => self.join_logs(turn, new, joint),
            },
            Some(Denial::Gap) if turn.rules.gap == Gap::Snapshot => self.send_snapshot(turn, new, have),
            Some(Denial::Diverged) if turn.rules.rejoin != Rejoin::Refuse => self.send_snapshot(turn, new, have),
            Some(why) => turn.send(from, Message::Deny { connection, why, epoch: self.disk.epoch }),
        }
        self.go_on(turn);
    }

    fn send_snapshot(&mut self, turn: &mut Turn<'_>, new: Stream, have: Position) {
        let lsn = self.disk.applied;
        let at = self.disk.log.at(lsn, turn.history()).unwrap_or(Position { lsn, epoch: self.disk.epoch });
        let (store, lineage) = (self.disk.store.clone(), self.disk.lineage.id);
        let known = self.known(turn.rules, turn.history());
        let state = State { at, common: self.disk.log.shared_with(have, turn.history()), store, lineage, known };
        turn.send(new.peer, Message::Snapshot { connection: new.connection, state: Box::new(state) });
        self.open_stream(turn, Stream { sent: lsn, progress: Progress::default(), ..new }, true);
    }

    pub(super) fn open_stream(&mut self, turn: &mut Turn<'_>, new: Stream, full: bool) {
        turn.note(Event::StreamOpened { node: self.id, slave: new.peer, from: new.sent, full });
        self.memory.sent_to_all = Lsn::MAX;
        let place = self.memory.streams.partition_point(|stream| stream.peer < new.peer);
        self.memory.streams.insert(place, new);
        self.remember_slot(new.peer, new.progress.flushed);
    }

    pub(super) fn acknowledged(&mut self, turn: &mut Turn<'_>, from: u16, connection: u32, progress: Progress) {
        let now = turn.now;
        let same = |stream: &&mut Stream| stream.peer == from && stream.connection == connection;
        let Some(stream) = self.memory.streams.iter_mut().find(same) else { return };
        let news = stream.progress != progress;
        if progress.applied > stream.progress.applied {
            stream.replayed_us = Some(now);
        }
        stream.progress = progress;
        stream.heard_us = now;
        self.remember_slot(from, progress.flushed);
        if news {
            turn.note_frequent(Event::Acknowledged { node: self.id, slave: from, progress });
            self.go_on(turn);
        }
    }

    /// What a slave has on disk need not be kept for it. The disk remembers that, also when the slave is away.
    pub(super) fn remember_slot(&mut self, slave: u16, flushed: Lsn) {
        match self.disk.slots.iter_mut().find(|(peer, _)| *peer == slave) {
            Some((_, known)) => *known = flushed,
            None => self.disk.slots.push((slave, flushed)),
        }
    }

    pub(super) fn drop_stream(&mut self, turn: &mut Turn<'_>, peer: u16) {
        let before = self.memory.streams.len();
        self.memory.streams.retain(|stream| stream.peer != peer);
        if self.memory.streams.len() < before {
            turn.note(Event::Disconnected { node: self.id, peer });
            self.go_on(turn);
        }
    }

    /// Those who stream from it and have more than it has are on another history from here on.
    pub(super) fn end_streams_ahead(&mut self, turn: &mut Turn<'_>) {
        let last = self.disk.log.last().lsn;
        let ahead: Peers = self.memory.streams.iter().filter(|stream| stream.sent > last).map(|it| it.peer).collect();
        self.give_up_readers(turn, &ahead);
    }

    /// This node's own history has changed: who follows it must ask again.
    pub(super) fn drop_all_streams(&mut self, turn: &mut Turn<'_>) {
        for stream in std::mem::take(&mut self.memory.streams) {
            turn.send(stream.peer, Message::StreamEnded);
        }
    }

    /// Drops log that is flushed and applied, but for the last `keep` entries and what slots hold back.
    pub(super) fn trim(&mut self, turn: &mut Turn<'_>, keep: Lsn) {
        let before = self.disk.log.base();
        let mut upto = self.disk.log.last().lsn.saturating_sub(keep).min(self.disk.applied);
        if turn.rules.log_keep == LogKeep::Slots {
            let follows = |slave: u16| turn.rules.follows(slave, self.id);
            let held = self.disk.slots.iter().filter(|(slave, _)| follows(*slave)).map(|(_, lsn)| *lsn).min();
            upto = upto.min(held.unwrap_or(upto));
        }
        if upto > before && turn.rules.engine().binary_log() {
            self.note_purged(upto, turn.history());
        }
        self.disk.log.trim(upto, turn.history());
        if keep == 0 && self.disk.log.base() > before {
            turn.note(Event::Trimmed { node: self.id, lsn: self.disk.log.base() });
        }
    }

    pub(super) fn keep_log_short(&mut self, turn: &mut Turn<'_>) {
        if let LogKeep::Entries(keep) = turn.rules.log_keep {
            self.trim(turn, keep);
        }
    }

    /// Tells the slaves that it is there, and gives up those that have been silent for too long.
    pub(super) fn tick_streams(&mut self, turn: &mut Turn<'_>) {
        let deadline = turn.rules.link_timeout_us.map(|us| turn.now.saturating_sub(us));
        let silent = |heard_us: Us| deadline.is_some_and(|deadline| heard_us <= deadline && turn.now > 0);
        let lost: SmallVec<[u16; 4]> =
            self.memory.streams.iter().filter(|stream| silent(stream.heard_us)).map(|stream| stream.peer).collect();
        for peer in lost {
            turn.send(peer, Message::StreamEnded);
            self.drop_stream(turn, peer);
        }
        for stream in &self.memory.streams {
            turn.send(stream.peer, Message::Heartbeat);
        }
    }
}
