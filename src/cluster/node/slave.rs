//! What a slave does: connect, receive, flush, apply, acknowledge.

use std::rc::Rc;

use super::{Copied, Lineage, Node, Role, Timer, TimerKind, Turn};
use crate::cluster::engine::Occasion;
use crate::cluster::log::{Log, Piece};
use crate::cluster::message::{Joined, Message, Reply, Request, State};
use crate::cluster::rules::Rules;
use crate::facts::{Denial, Event, Failure, Lsn};
use crate::history::History;
use crate::scenario::{Durability, Rejoin, Relay, SlaveWrites};
use crate::time::{SECOND, Us};

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
    /// Connects to its master, or later, if it cannot yet.
    pub(super) fn connect(&mut self, turn: &mut Turn<'_>) {
        let Role::Slave { upstream } = self.role else { return };
        if self.abstains || self.replays_first(turn.rules) {
            self.memory.upstream = Upstream::Disconnected;
            self.retry_after(turn, turn.rules.retry_us);
            return;
        }
        self.memory.upstream = Upstream::Connecting;
        self.memory.heard_us = turn.now;
        self.memory.told = self.progress();
        self.connection += 1;
        let (connection, hello) = (self.connection, Box::new(self.hello(turn)));
        turn.connect(upstream, Message::Follow { connection, hello });
    }

    /// Whether it has something to replay, and does nothing else until that is done.
    fn replays_first(&self, rules: &Rules) -> bool {
        let replays = self.apply_paused || self.disk.applied < self.disk.log.last().lsn;
        replays && !rules.engine().connects_before_all_is_applied()
    }

    /// The node that it is to follow next, if nothing keeps it from doing so any longer.
    pub(in crate::cluster) fn due_upstream(&self, rules: &Rules) -> Option<u16> {
        self.disk.next_upstream.filter(|_| !self.is_master() && !self.replays_first(rules))
    }

    /// An order that comes while it streams and has something to replay is carried out later: until then it stays with the
    /// node that it has. PostgreSQL: only the startup process looks at `primary_conninfo`, and it is busy or paused.
    fn is_put_off(&mut self, turn: &mut Turn<'_>, upstream: u16) -> bool {
        let streams = matches!(self.memory.upstream, Upstream::Streaming { .. });
        if !streams || self.follows(upstream) || self.abstains || !self.replays_first(turn.rules) {
            return false;
        }
        if self.disk.next_upstream != Some(upstream) {
            turn.note(Event::WillFollow { node: self.id, upstream });
        }
        self.disk.next_upstream = Some(upstream);
        true
    }

    fn change_upstream_when_ready(&mut self, turn: &mut Turn<'_>) {
        if self.due_upstream(turn.rules).is_some() {
            turn.timer(turn.now, Timer { boot: self.boot, kind: TimerKind::ChangeUpstream });
        }
    }

    pub(super) fn lost_upstream(&mut self, turn: &mut Turn<'_>, peer: u16) {
        if self.memory.upstream == Upstream::Disconnected {
            return;
        }
        if matches!(self.memory.upstream, Upstream::Streaming { .. }) {
            turn.note(Event::Disconnected { node: self.id, peer });
            self.memory.down_since_us = Some(turn.now);
        }
        self.leave_upstream(turn);
        self.retry_after(turn, turn.rules.retry_us);
    }

    /// Forgets the connection; who waited for an answer through it is told.
    pub(super) fn leave_upstream(&mut self, turn: &mut Turn<'_>) {
        self.memory.upstream = Upstream::Disconnected;
        for (operation, client) in std::mem::take(&mut self.memory.forwarded) {
            turn.answer(client, operation, Reply::Failed(Failure::ConnectionLost));
        }
    }

    pub(super) fn stream_ended(&mut self, turn: &mut Turn<'_>, from: u16) {
        if self.follows(from) {
            self.lost_upstream(turn, from);
        }
    }

    fn retry_after(&mut self, turn: &mut Turn<'_>, us: Us) {
        let timer = Timer { boot: self.boot, kind: TimerKind::Retry };
        turn.timer(turn.now + us, timer);
    }

    /// The node that it wants to follow does not let it in. It goes on answering reads with what it has.
    pub(super) fn denied(&mut self, turn: &mut Turn<'_>, from: u16, connection: u32, why: Denial) {
        let streams = self.streams_from(from) && connection == self.connection;
        if !streams && !self.awaits(from, connection) {
            return;
        }
        if self.memory.denied != Some(why) {
            turn.note(Event::Denied { node: self.id, peer: from, why });
        }
        self.memory.denied = Some(why);
        self.leave_upstream(turn);
        match turn.rules.engine().asks_again_after(why, turn.rules.retry_us) {
            Some(us) => self.retry_after(turn, us),
            None => self.memory.given_up = true,
        }
    }

    /// It follows this node from now on. `common`: it counts as having that much of its history, whatever it holds.
    pub(super) fn follow(&mut self, turn: &mut Turn<'_>, upstream: u16, common: Option<Lsn>) {
        if common.is_none() && self.is_put_off(turn, upstream) {
            return;
        }
        if let Role::Slave { upstream: before } = self.role {
            turn.send(before, Message::Left);
            if turn.rules.engine().throws_relay_log_away(Occasion::Follow) {
                self.throw_relay_log_away(turn);
            }
        }
        if self.is_master() {
            // It is stopped in good order for that.
            self.log_own_record(turn);
            self.go_on(turn);
        }
        if self.is_master() {
            self.set_restart_point(turn.rules);
        }
        self.prepare_to_follow(upstream, common, turn.rules, turn.history());
        self.step_down(turn);
        self.leave_upstream(turn);
        turn.note(Event::Follows { node: self.id, upstream });
        if let Some(lsn) = common {
            self.drop_all_streams(turn);
            turn.note(Event::Forced { node: self.id, lsn });
        }
        self.connect(turn);
    }

    /// What following another node changes on the disk: also done for a node that is down.
    pub fn prepare_to_follow(&mut self, upstream: u16, common: Option<Lsn>, rules: &Rules, history: &History) {
        if self.is_master() {
            self.disk.mastered = self.disk.log.last().lsn;
        }
        self.role = Role::Slave { upstream };
        self.disk.next_upstream = None;
        self.fenced = false;
        self.read_only = false;
        self.abstains = false;
        self.memory.denied = None;
        self.memory.given_up = false;
        self.memory.broken = None;
        if let Some(lsn) = common.filter(|_| rules.engine().binary_log()) {
            self.keep_as_own(lsn, history);
        } else if let Some(lsn) = common {
            self.disk.log.truncate(lsn, history);
            // What the log no longer holds cannot be taken back.
            self.disk.applied = self.disk.applied.min(self.disk.log.last().lsn);
        }
    }

    /// Its own history behind the common position is thrown away for a copy of another node's state.
    pub(super) fn copy_state(&mut self, turn: &mut Turn<'_>, state: State) {
        let at = state.at;
        self.take_state(state);
        self.memory.denied = None;
        self.memory.given_up = false;
        self.drop_all_streams(turn);
        turn.note(Event::Rewound { node: self.id, lsn: at.lsn });
        self.leave_upstream(turn);
        self.connect(turn);
    }

    /// Throws the own state away for another one, on the disk: also done for a node that is down.
    pub fn take_state(&mut self, state: State) {
        let State { at, store, known, .. } = state;
        self.disk.stuck = None;
        self.disk.purged = known;
        self.disk.mastered = 0;
        self.disk.log = Log::behind(at);
        self.disk.own.clear();
        self.memory.ahead = 0;
        self.memory.broken = None;
        self.disk.store = store;
        self.disk.store.forget_undo(Lsn::MAX);
        self.disk.restart = Some(Rc::new((at.lsn, self.disk.store.clone())));
        self.disk.applied = at.lsn;
        self.disk.epoch = at.epoch.max(1);
        self.disk.lineage.known = false;
        self.memory.apply_due_us = None;
    }

    pub(super) fn accepted(
        &mut self,
        turn: &mut Turn<'_>,
        from: u16,
        connection: u32,
        joined: Option<Box<Joined>>,
        lineage: u32,
    ) {
        if !self.awaits(from, connection) {
            return;
        }
        self.memory.upstream = Upstream::Streaming { full: false };
        self.memory.ahead = joined.as_ref().map_or(0, |joined| joined.ahead);
        if let Some(own) = joined.and_then(|joined| joined.own) {
            self.disk.own = own;
        }
        self.caught_up = Some(false);
        self.memory.down_since_us = None;
        if self.disk.lineage.asked() != Some(lineage) {
            self.rename_history(turn, lineage);
        }
        self.memory.denied = None;
        self.memory.heard_us = turn.now;
        turn.note(Event::Connected { node: self.id, peer: from, lsn: self.disk.log.last().lsn, full: false });
        self.apply_ready(turn);
    }

    /// Its history has another name from here on.
    pub(super) fn rename_history(&mut self, turn: &mut Turn<'_>, id: u32) {
        self.disk.lineage = self.disk.lineage.renamed(id, self.disk.log.last().lsn);
        if turn.rules.engine().renaming_ends_streams() {
            self.drop_all_streams(turn);
        }
    }

    /// A snapshot replaces everything, also what only this node knew. It counts as flushed when it is loaded.
    pub(super) fn load_snapshot(&mut self, turn: &mut Turn<'_>, (from, connection): (u16, u32), state: State) {
        if !self.awaits(from, connection) {
            return;
        }
        let State { at, common, lineage, .. } = state;
        let own = self.disk.log.last();
        if turn.rules.rejoin == Rejoin::Rollback && own.lsn > 0 && own.epoch < at.epoch {
            let entries = u64::from(own.lsn.saturating_sub(common));
            turn.note(Event::RolledBack { node: self.id, entries });
        }
        self.memory.upstream = Upstream::Streaming { full: true };
        self.caught_up = Some(true);
        self.memory.down_since_us = None;
        self.memory.denied = None;
        self.memory.heard_us = turn.now;
        if turn.rules.durability == Durability::None && turn.rules.engine().saves_copies() {
            self.disk.copy = Some(Copied { at, store: state.store.clone(), lineage });
        }
        self.take_state(state);
        self.disk.lineage = Lineage::named(lineage);
        self.drop_all_streams(turn);
        turn.note(Event::Connected { node: self.id, peer: from, lsn: at.lsn, full: true });
        self.acknowledge(turn);
    }

    pub(super) fn receive(&mut self, turn: &mut Turn<'_>, from: u16, connection: u32, piece: &Piece) {
        if connection != self.connection || !self.streams_from(from) {
            return;
        }
        self.memory.heard_us = turn.now;
        for number in piece.numbers() {
            let Some(&entry) = turn.history().entry(number) else { continue };
            if entry.lsn == self.disk.log.last().lsn + 1 {
                if entry.epoch != self.disk.epoch {
                    // walsender.c, XLogSendPhysical: a timeline that has become a historic one is sent up to where it ends.
                    self.end_streams_ahead(turn);
                }
                self.disk.log.push(number, &entry);
                self.disk.epoch = entry.epoch;
            } else {
                self.receive_out_of_place(turn, entry);
            }
        }
        turn.note_frequent(Event::Received { node: self.id, lsn: self.disk.log.last().lsn });
        self.begin_flush(turn);
        if turn.rules.acknowledges_receipt() {
            self.acknowledge(turn);
        }
        self.apply_ready(turn);
    }

    /// Applies what is due and tells the master if something has come further.
    pub(super) fn apply_ready(&mut self, turn: &mut Turn<'_>) {
        let ready = self.ready(turn.rules);
        while self.disk.applied < ready && !self.apply_paused && self.memory.broken.is_none() {
            let Some(&entry) = self.disk.log.get(self.disk.applied + 1, turn.history()) else { break };
            if let Some(due_us) = self.not_before(turn.now, entry.lsn, entry.at_us) {
                if self.memory.apply_due_us != Some(due_us) {
                    self.memory.apply_due_us = Some(due_us);
                    let timer = Timer { boot: self.boot, kind: TimerKind::Apply };
                    turn.timer(due_us, timer);
                }
                break;
            }
            if !self.disk.own.is_empty() && self.collides(turn, &entry) {
                break;
            }
            if !self.may_apply(turn) {
                break;
            }
            self.apply(turn, &entry);
        }
        let progress = self.progress();
        let told = self.memory.told;
        let receipt = turn.rules.acknowledges_receipt() && progress.received > told.received;
        if receipt || progress.flushed > told.flushed || progress.applied > told.applied {
            self.acknowledge(turn);
        }
        let relayed = if turn.rules.relay == Relay::Applied { progress.applied } else { ready };
        self.send_entries(turn, relayed);
        self.answer_parked(turn);
        self.keep_log_short(turn);
        if self.disk.next_upstream.is_some() {
            self.change_upstream_when_ready(turn);
        }
    }

    /// When the next entry can be applied; nothing for now. A delay counts from the time when the master logged it, the
    /// work of applying from the time when the one before was done.
    fn not_before(&mut self, now: Us, lsn: Lsn, at_us: Us) -> Option<Us> {
        let delayed_us = at_us + self.apply_delay_us;
        if self.apply_delay_us > 0 && delayed_us > now {
            return Some(delayed_us);
        }
        let work_us = self.apply_speed.map(|rate| SECOND.div_ceil(Us::from(rate.max(1))))?;
        let begun_us = match self.memory.applying {
            Some((begun, us)) if begun == lsn => us,
            _ => now,
        };
        self.memory.applying = Some((lsn, begun_us));
        Some(begun_us + work_us).filter(|&done_us| done_us > now)
    }

    /// Tells its master that it is there, and gives it up if it has been silent for too long.
    pub(super) fn tick_upstream(&mut self, turn: &mut Turn<'_>) {
        let Role::Slave { upstream } = self.role else { return };
        let silent = |us: Us| self.memory.heard_us + us <= turn.now;
        if self.memory.upstream != Upstream::Disconnected && turn.rules.link_timeout_us.is_some_and(silent) {
            turn.send(upstream, Message::Left);
            self.lost_upstream(turn, upstream);
        }
        self.acknowledge(turn);
    }

    pub(super) fn heartbeat(&mut self, turn: &mut Turn<'_>, from: u16) {
        if self.follows(from) {
            self.memory.heard_us = turn.now;
        }
    }

    fn acknowledge(&mut self, turn: &mut Turn<'_>) {
        let Role::Slave { upstream } = self.role else { return };
        if matches!(self.memory.upstream, Upstream::Streaming { .. }) && !self.abstains {
            self.memory.told = self.progress();
            let (connection, progress) = (self.connection, self.memory.told.behind(self.memory.ahead));
            turn.send_wordless(upstream, Message::Acknowledge { connection, progress });
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
            SlaveWrites::Accepted if self.read_only => turn.answer(from, operation, Reply::Failed(Failure::ReadOnly)),
            SlaveWrites::Refused => turn.answer(from, operation, Reply::Failed(Failure::ReadOnly)),
            SlaveWrites::Forwarded if matches!(self.memory.upstream, Upstream::Streaming { .. }) => {
                self.memory.forwarded.push((operation, from));
                turn.note(Event::WriteForwarded { node: self.id, operation });
                turn.send(upstream, Message::Request(request));
            }
            SlaveWrites::Forwarded => turn.answer(from, operation, Reply::Failed(Failure::MasterUnreachable)),
            SlaveWrites::Accepted => {
                if turn.rules.engine().binary_log() {
                    self.log_own_write(turn, request);
                }
                self.disk.store.write_locally(request.key, write, delete, self.disk.applied);
                turn.note(Event::WrittenLocally { node: self.id, write });
                turn.answer(from, operation, Reply::Done { lsn: self.disk.applied });
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

    fn follows(&self, peer: u16) -> bool {
        self.role == Role::Slave { upstream: peer }
    }

    /// Whether it waits for an answer to this very attempt to connect.
    fn awaits(&self, peer: u16, connection: u32) -> bool {
        self.follows(peer) && self.connection == connection && self.memory.upstream == Upstream::Connecting
    }

    pub(super) fn streams_from(&self, peer: u16) -> bool {
        self.follows(peer) && matches!(self.memory.upstream, Upstream::Streaming { .. })
    }
}
