//! A node: a state machine. An input goes in; what comes out goes through its [`Turn`]. It has no clock and no network of
//! its own, and it does nothing unless it is asked to.
//!
//! What is on its disk survives a crash, what is in its memory does not: see [`Disk`] and [`Memory`].

mod gtid;
mod lineage;
mod master;
mod service;
mod slave;
mod start;
mod stream;

use std::rc::Rc;

use super::log::Log;
use super::message::{Gtid, Message, Reply, Request, RequestKind, State};
use super::rules::Rules;
use super::store::Store;
use super::turn::Turn;
use crate::chunks::Chunks;
use crate::facts::{Denial, Event, Failure, Lsn, Position, Progress};
use crate::history::{Entry, History, OWN_RECORD};
use crate::scenario::{Capacity, Durability};
use crate::simulator::{Chance, Stream as Tape};
use crate::time::Us;
pub use gtid::Joint;
pub use lineage::{Copied, Lineage};
use master::Count;
use service::Service;
pub use slave::Upstream;
pub use start::Beginning;
use stream::Stream;

/// What a node is in the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Takes the writes.
    Master,
    /// Follows another node.
    Slave {
        /// The node that it follows.
        upstream: u16,
    },
}

/// What survives a crash.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    /// The log, up to its flushed position.
    pub log: Log,
    /// The state that reads see.
    pub store: Store,
    /// Position up to which the log is applied to the store.
    pub applied: Lsn,
    /// The epoch in which a master writes; for a slave that of its master.
    pub epoch: u32,
    /// The name of the history in the log.
    pub lineage: Lineage,
    /// The last whole copy of another node's state, as it lies in a file, where nothing else is ever on disk.
    copy: Option<Copied>,
    /// Whether the process ended in good order.
    clean: bool,
    /// Where replay begins after a crash, and the data at that point, where that is not simply the end of what was applied;
    /// nothing for the very beginning.
    restart: Option<Rc<(Lsn, Store)>>,
    /// Why its process does not start.
    pub stuck: Option<&'static str>,
    /// Whether a crash took log away that slaves may have.
    torn: bool,
    /// How far each slave has come that was ever connected.
    slots: Vec<(u16, Lsn)>,
    /// The end of what it logged as a master: that is no relay log.
    mastered: Lsn,
    /// The node that it is to follow as soon as it has replayed all that it holds.
    next_upstream: Option<u16>,
    /// Writes in the log that the node that it follows does not have.
    own: Vec<u32>,
    /// Writes that are no longer in the log, the first one first, where these have names.
    purged: Chunks<Gtid>,
}

/// What a crash wipes out.
#[derive(Debug, Clone, Default)]
pub(super) struct Memory {
    /// Whether a flush is under way.
    flushing: bool,
    /// Flushes that were begun.
    flushes: u32,
    /// The furthest position that was ever sent to a slave.
    sent: Lsn,
    /// The position that all of them were sent; the greatest one if that is not known.
    sent_to_all: Lsn,
    /// A master's slaves that are connected, by their number.
    streams: Vec<Stream>,
    /// Writes whose clients wait for an answer, by position.
    waiting: std::collections::VecDeque<Waiting>,
    /// Writes that wait for the lock of their row: who asks, and what.
    locked: Vec<(u16, Request)>,
    /// Whether one of them may need not wait for slaves.
    impatient: bool,
    /// Clients that ask how many slaves have their writes.
    counts: Vec<Count>,
    /// Entries that were shown before others in front of them: position and key.
    shown_early: Vec<(Lsn, u32)>,
    /// Whether it has given up to wait for slaves, for now.
    degraded: bool,
    /// When it looks again for room in the host's buffer, µs.
    room_us: Option<Us>,
    /// Whether its tick is set.
    tick_us: Option<Us>,
    /// A slave's connection to its master.
    upstream: Upstream,
    /// Since when a slave's link to its master is down that was up before, µs.
    down_since_us: Option<Us>,
    /// Where its log ended when the process came up.
    began: Lsn,
    /// Why its master did not let it in, the last time.
    denied: Option<Denial>,
    /// The epoch of the node that did not let it in.
    denied_by: u32,
    /// Whether it does not try again by itself.
    given_up: bool,
    /// Why it cannot apply the next entry.
    broken: Option<Denial>,
    /// How many positions its log is ahead of that of the node that it follows.
    ahead: i32,
    /// When it last heard of its master, µs.
    heard_us: Us,
    /// Clients for whom a slave asks its master: operation and client.
    forwarded: Vec<(u32, u16)>,
    /// When the timer for the next delayed entry rings.
    apply_due_us: Option<Us>,
    /// The entry that is being applied, and since when, µs.
    applying: Option<(Lsn, Us)>,
    /// Reads that wait until enough is applied: client, request, position.
    parked: Vec<(u16, Request, Lsn)>,
    /// What the slave last told its master.
    told: Progress,
    service: Service,
}

/// A write whose client waits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiting {
    lsn: Lsn,
    key: u32,
    operation: u32,
    /// Who gets the answer: the client, or the slave that passed the write on.
    reply_to: u16,
    /// Whether the master's own word is enough.
    enough: bool,
    /// Whether the client does not want to wait any longer.
    cancelled: bool,
}

/// Something for a node to deal with, other than a message.
#[derive(Debug)]
pub enum Input {
    /// A connection is closed or was refused.
    Closed {
        /// Who was at the other end.
        peer: u16,
    },
    /// A timer rings.
    Timer(Timer),
    /// The process comes up. If it did not end in good order and may have lost what slaves have, a master goes on in
    /// this new epoch.
    Start {
        /// An epoch that nobody has used.
        epoch: u32,
    },
    /// Become a master.
    Promote {
        /// An epoch that nobody has used.
        epoch: u32,
        /// First apply all that was received.
        drain: bool,
    },
    /// Become a slave of this node, or of another one than before.
    Follow {
        /// The node to follow.
        upstream: u16,
        /// A position that counts as common, whatever the logs say.
        common: Option<Lsn>,
    },
    /// Take over the state of another node.
    CopyState(Box<State>),
    /// The settings have changed.
    RulesChanged,
    /// Apply no sooner than this after an entry was written, µs.
    ApplyDelay(Us),
    /// Apply so many entries in a second at most.
    ApplySpeed(Option<u32>),
    /// What its work takes.
    Capacity(Option<Capacity>),
    /// Stop or go on applying.
    ApplyPaused(bool),
    /// Take no writes, or take them again.
    Fence(bool),
    /// Wait for these slaves from now on; nothing for those that the settings name.
    Standbys(Option<Vec<u16>>),
    /// Bytes travel again on one of its links.
    LinkHealed,
    /// Take no writes of clients, because an operator says so, or take them again.
    ReadOnly(bool),
    /// Drop all log that may be dropped.
    TrimLog,
}

/// A timer of a node. `boot` is the start of the process that set it: after a restart it rings for nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timer {
    /// Which start of the process.
    pub boot: u32,
    /// What it is for.
    pub kind: TimerKind,
}

/// What a timer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimerKind {
    /// The log is on disk up to here.
    Flushed {
        /// The position.
        upto: Lsn,
        /// Which flush of this process it was: one that was begun under other settings no longer counts.
        number: u32,
    },
    /// A delayed entry is due.
    Apply,
    /// Time to connect again.
    Retry,
    /// The write at this position has waited long enough for slaves.
    Patience(Lsn),
    /// An operation has waited long enough for slaves to be counted.
    CountEnds(u32),
    /// A read has waited long enough for a position to be applied.
    ReadEnds(u32),
    /// The work with this number is done.
    Worked(u32),
    /// There is room in the host's buffer again.
    Room,
    /// It has replayed all that it holds, and is to follow another node.
    ChangeUpstream,
    /// Time to tell that it is there.
    Tick,
}

impl TimerKind {
    /// Whether it belongs to no work that is under way: such timers go on for ever.
    pub fn is_background(self) -> bool {
        matches!(self, TimerKind::Retry | TimerKind::Tick)
    }
}

/// A master or a slave.
#[derive(Debug, Clone)]
pub struct Node {
    /// Endpoint number.
    pub id: u16,
    /// What it is in the cluster.
    pub role: Role,
    /// What survives a crash.
    pub disk: Disk,
    /// The delay set for applying, µs.
    pub apply_delay_us: Us,
    /// Entries that it applies in a second at most.
    pub apply_speed: Option<u32>,
    /// What its work takes; nothing if it takes no time.
    pub capacity: Option<Capacity>,
    /// Whether applying is paused.
    pub apply_paused: bool,
    /// Whether a master takes no writes, because it may not be the only one.
    pub fenced: bool,
    /// Whether it takes no writes of clients, because an operator said so.
    pub read_only: bool,
    /// How it last came into step with the node that it follows: by a full copy or from the log. Nothing if it never did.
    pub caught_up: Option<bool>,
    /// The synchronous standbys that a lease's rules have given it; nothing if the settings say who they are.
    pub standbys: Option<Vec<u16>>,
    /// Whether it has voted for another leader than the node that it follows: it acknowledges nothing to that one.
    pub abstains: bool,
    pub(super) memory: Memory,
    /// For the time that its work takes.
    chance: Chance,
    boot: u32,
    /// Number of its latest connection to a master.
    connection: u32,
}

impl Disk {
    /// The node that it is to follow as soon as it has replayed all that it holds.
    pub fn next_upstream(&self) -> Option<u16> {
        self.next_upstream
    }
}

impl Node {
    /// A node with an empty store and log, not yet started.
    pub fn new(id: u16, role: Role, capacity: Option<Capacity>, chance: Chance) -> Self {
        // The slaves of the first hour have their copy of the empty master.
        let copy = matches!(role, Role::Slave { .. }).then(Copied::default);
        let disk = Disk { epoch: 1, copy, ..Disk::default() };
        Self {
            id,
            role,
            disk,
            apply_delay_us: 0,
            apply_speed: None,
            capacity,
            chance,
            apply_paused: false,
            fenced: false,
            read_only: false,
            caught_up: None,
            abstains: false,
            standbys: None,
            memory: Memory::default(),
            boot: 0,
            connection: 0,
        }
    }

    /// It joins later than the others: nothing of theirs is on its disk.
    pub fn join_late(&mut self) {
        self.disk.copy = None;
        self.disk.lineage.known = false;
    }

    /// How long a slave's link to its master has been down, µs; 0 if it is up, or never was.
    pub fn link_down_us(&self, now: Us) -> Us {
        self.memory.down_since_us.map_or(0, |since_us| now.saturating_sub(since_us))
    }

    /// Where its log ended when the process came up.
    pub fn began(&self) -> Lsn {
        self.memory.began
    }

    /// Whether a whole copy of another node's state is on its disk where nothing else ever is.
    pub fn has_copy(&self) -> bool {
        self.disk.copy.is_some()
    }

    /// All chance from now on comes from another seed.
    pub fn reseed(&mut self, seed: u64) {
        self.chance = Chance::new(seed, Tape::Node(self.id));
    }

    /// Deals with one input.
    pub(super) fn handle(&mut self, turn: &mut Turn<'_>, input: Input) {
        match input {
            Input::Closed { peer } => self.closed(turn, peer),
            Input::Timer(timer) if timer.boot == self.boot => match timer.kind {
                TimerKind::Flushed { upto, number } if number == self.memory.flushes => self.flushed(turn, upto),
                TimerKind::Flushed { .. } => {}
                TimerKind::Apply => {
                    self.memory.apply_due_us = None;
                    self.apply_ready(turn);
                }
                TimerKind::Retry if self.memory.upstream == Upstream::Disconnected && !self.memory.given_up => {
                    self.connect(turn);
                }
                TimerKind::Retry => {}
                TimerKind::Patience(lsn) => self.patience_is_over(turn, lsn),
                TimerKind::CountEnds(operation) => self.count_ends(turn, operation),
                TimerKind::ReadEnds(operation) => self.read_ends(turn, operation),
                TimerKind::Worked(number) => self.worked(turn, number),
                TimerKind::Room => self.go_on(turn),
                // The cluster sees to it: who is a slave of whom is its business.
                TimerKind::ChangeUpstream => {}
                TimerKind::Tick => self.tick(turn),
            },
            Input::Timer(_) => {}
            Input::Start { epoch } => self.start(turn, epoch),
            Input::Promote { epoch, drain } => self.promote(turn, epoch, drain),
            Input::Follow { upstream, common } => self.follow(turn, upstream, common),
            Input::CopyState(state) => self.copy_state(turn, *state),
            Input::RulesChanged => {
                self.begin_tick(turn);
                // What was to be flushed later, or never, may have to be flushed now.
                self.memory.flushing = false;
                self.memory.flushes += 1;
                self.begin_flush(turn);
                self.memory.apply_due_us = None;
                self.go_on(turn);
            }
            Input::ApplyDelay(us) => {
                self.apply_delay_us = us;
                self.memory.apply_due_us = None;
                self.restart_replication(turn);
                self.go_on(turn);
            }
            Input::ApplySpeed(rate) => {
                self.apply_speed = rate;
                self.memory.apply_due_us = None;
                self.go_on(turn);
            }
            Input::Capacity(capacity) => self.set_capacity(turn, capacity),
            Input::ApplyPaused(paused) => {
                self.apply_paused = paused;
                self.memory.broken = None;
                self.go_on(turn);
            }
            Input::Fence(fenced) => {
                self.fenced = fenced;
                if fenced {
                    self.step_down(turn);
                }
            }
            Input::Standbys(standbys) => {
                self.standbys = standbys;
                self.go_on(turn);
            }
            Input::LinkHealed => self.go_on(turn),
            Input::ReadOnly(read_only) => self.read_only = read_only,
            Input::TrimLog => {
                if self.is_master() {
                    self.log_own_record(turn);
                    self.go_on(turn);
                }
                self.trim(turn, 0);
            }
        }
    }

    /// Deals with a message that has arrived.
    pub(super) fn message(&mut self, turn: &mut Turn<'_>, from: u16, message: Message) {
        match message {
            Message::Request(request) => self.take_in(turn, from, request),
            Message::Answer { operation, reply } => self.forwarded_answer(turn, operation, reply),
            Message::Follow { connection, hello } => {
                self.follow_request(turn, from, connection, *hello);
            }
            Message::Accept { connection, joined, lineage } => self.accepted(turn, from, connection, joined, lineage),
            Message::Deny { connection, why, epoch } => {
                self.memory.denied_by = epoch;
                self.denied(turn, from, connection, why);
            }
            Message::Heartbeat => self.heartbeat(turn, from),
            Message::Cancel { operation } => self.cancel(turn, operation),
            Message::Snapshot { connection, state } => {
                self.load_snapshot(turn, (from, connection), *state);
            }
            Message::Entries { connection, piece } => self.receive(turn, from, connection, &piece),
            Message::Acknowledge { connection, progress } => self.acknowledged(turn, from, connection, progress),
            Message::StreamEnded => self.stream_ended(turn, from),
            Message::Left => self.drop_stream(turn, from),
            Message::Closed | Message::Refused { .. } => self.closed(turn, from),
            // Those who watch get these: see the detector.
            Message::Watch(_) => {}
        }
    }

    fn request(&mut self, turn: &mut Turn<'_>, from: u16, request: Request) {
        match (request.kind, self.role) {
            (RequestKind::Read { after, within_us }, _) if self.own_position(after) > self.disk.applied => {
                self.memory.parked.push((from, request, self.own_position(after)));
                let timer = Timer { boot: self.boot, kind: TimerKind::ReadEnds(request.operation) };
                turn.timer(turn.now + Us::from(within_us), timer);
            }
            (RequestKind::Read { .. }, _) => self.read(turn, from, request),
            (RequestKind::Write { .. }, Role::Master) => self.write(turn, from, request),
            (RequestKind::Write { write, delete, .. }, Role::Slave { upstream }) => {
                self.write_at_slave(turn, from, upstream, request, write, delete);
            }
            (RequestKind::Wait { slaves, within_us }, Role::Master) => {
                self.count(turn, from, request.operation, slaves, within_us.into());
            }
            (RequestKind::Wait { .. }, Role::Slave { .. }) => {
                turn.answer(from, request.operation, Reply::Failed(Failure::WaitAtSlave));
            }
        }
    }

    fn read(&self, turn: &mut Turn<'_>, from: u16, request: Request) {
        let denied = self.memory.denied.filter(|_| !self.is_master());
        if let Some(failure) = denied.and_then(|denial| turn.rules.engine().read_when_denied(denial)) {
            turn.answer(from, request.operation, Reply::Failed(failure));
            return;
        }
        let cell = self.disk.store.get(request.key);
        turn.note_frequent(Event::ReadServed { operation: request.operation, node: self.id, cell });
        turn.answer_read(from, request.operation, cell);
    }

    /// Answers the reads that waited for what is applied by now.
    pub(super) fn answer_parked(&mut self, turn: &mut Turn<'_>) {
        if self.memory.parked.is_empty() {
            return;
        }
        while let Some(index) = self.memory.parked.iter().position(|(.., after)| *after <= self.disk.applied) {
            let (from, request, _) = self.memory.parked.remove(index);
            self.read(turn, from, request);
        }
    }

    fn read_ends(&mut self, turn: &mut Turn<'_>, operation: u32) {
        let waits = |parked: &(u16, Request, Lsn)| parked.1.operation == operation;
        if let Some(index) = self.memory.parked.iter().position(waits) {
            let (from, ..) = self.memory.parked.remove(index);
            turn.answer(from, operation, Reply::Failed(Failure::NotCaughtUp));
        }
    }

    fn start(&mut self, turn: &mut Turn<'_>, epoch: u32) {
        self.boot += 1;
        self.read_only &= turn.rules.engine().keeps_read_only();
        if std::mem::take(&mut self.disk.torn) && self.role == Role::Master {
            // What the lost tail of the log held may live on in a slave: from here on it is another history.
            self.disk.epoch = epoch;
        }
        let clean = std::mem::take(&mut self.disk.clean);
        if !clean && !self.is_master() && self.apply_delay_us > 0 && turn.rules.engine().replays_from_restart_point() {
            self.go_back_to_restart_point();
        }
        self.disk.lineage = turn.rules.engine().lineage_at_start(self, turn.rules.durability, clean, epoch);
        self.begin_tick(turn);
        turn.note(Event::Started { node: self.id, epoch: self.disk.epoch });
        match self.role {
            Role::Master => {
                self.recover(turn);
                self.log_own_record(turn);
                self.serve(turn);
            }
            Role::Slave { .. } => {
                self.restart_as_slave(turn);
                self.go_on(turn);
            }
        }
        self.memory.began = self.disk.log.last().lsn;
        self.connect(turn);
    }

    /// What was applied since the last restart point is applied again, each entry when its delay is over.
    fn go_back_to_restart_point(&mut self) {
        let (lsn, store) = self.disk.restart.as_deref().cloned().unwrap_or_default();
        if lsn >= self.disk.log.base() {
            self.disk.applied = self.disk.applied.min(lsn);
            self.disk.store = store;
        }
    }

    /// What is applied is on disk as data, too: a checkpoint, or a restart point.
    pub(super) fn set_restart_point(&mut self, rules: &Rules) {
        if rules.engine().replays_from_restart_point() {
            self.disk.restart = Some(Rc::new((self.disk.applied, self.disk.store.clone())));
        }
    }

    /// Looks what can be done now, after something has changed.
    pub(super) fn go_on(&mut self, turn: &mut Turn<'_>) {
        match self.role {
            Role::Master => self.serve(turn),
            Role::Slave { .. } => self.apply_ready(turn),
        }
    }

    fn closed(&mut self, turn: &mut Turn<'_>, peer: u16) {
        match self.role {
            Role::Slave { upstream } if upstream == peer => self.lost_upstream(turn, peer),
            _ => self.drop_stream(turn, peer),
        }
    }

    fn begin_tick(&mut self, turn: &mut Turn<'_>) {
        let due =
            turn.rules.tick_us().map(|us| self.next_deadline(turn).map_or(turn.now + us, |at| at.min(turn.now + us)));
        // A tick that was set under slower settings comes too late.
        if let Some(at) = due.filter(|at| self.memory.tick_us.is_none_or(|set| set > *at)) {
            self.memory.tick_us = Some(at);
            let timer = Timer { boot: self.boot, kind: TimerKind::Tick };
            turn.timer(at, timer);
        }
    }

    /// When the first link has been silent for too long, if nothing is heard until then, µs.
    fn next_deadline(&self, turn: &Turn<'_>) -> Option<Us> {
        let timeout_us = turn.rules.link_timeout_us?;
        let upstream = (self.memory.upstream != Upstream::Disconnected).then_some(self.memory.heard_us);
        let streams = self.memory.streams.iter().map(|stream| stream.heard_us);
        streams.chain(upstream).map(|heard_us| heard_us + timeout_us).filter(|at| *at > turn.now).min()
    }

    fn tick(&mut self, turn: &mut Turn<'_>) {
        // A process that hung hears of it late. One that was set under slower settings rings for nobody.
        if self.memory.tick_us.is_none_or(|due_us| due_us > turn.now) {
            return;
        }
        self.memory.tick_us = None;
        self.begin_tick(turn);
        self.tick_streams(turn);
        self.tick_upstream(turn);
    }

    /// Begins to flush the log if there is something to flush and no flush under way. One flush takes along
    /// all that was logged before it began (group commit).
    fn begin_flush(&mut self, turn: &mut Turn<'_>) {
        let last = self.disk.log.last().lsn;
        if self.memory.flushing || self.disk.log.flushed() == last {
            return;
        }
        match turn.rules.flush_takes_us() {
            None => {}
            Some(0) => self.mark_flushed(turn, last),
            Some(us) => {
                self.memory.flushing = true;
                self.memory.flushes += 1;
                // A lazy flush takes along what comes while it waits.
                let upto = if turn.rules.is_lazy() { Lsn::MAX } else { last };
                let timer = Timer { boot: self.boot, kind: TimerKind::Flushed { upto, number: self.memory.flushes } };
                turn.timer(turn.now + us, timer);
            }
        }
    }

    fn flushed(&mut self, turn: &mut Turn<'_>, upto: Lsn) {
        self.memory.flushing = false;
        self.mark_flushed(turn, upto);
        self.begin_flush(turn);
        self.go_on(turn);
    }

    fn mark_flushed(&mut self, turn: &mut Turn<'_>, upto: Lsn) {
        let before = self.disk.log.flushed();
        self.disk.log.flush(upto);
        let lsn = self.disk.log.flushed();
        self.disk.store.forget_undo(lsn);
        if lsn > before {
            turn.note_frequent(Event::Flushed { node: self.id, lsn });
        }
    }

    /// The last position that may be used: what is on disk, or all of it when durability is lazy.
    fn ready(&self, rules: &Rules) -> Lsn {
        if rules.is_lazy() { self.disk.log.last().lsn } else { self.disk.log.flushed() }
    }

    /// Applies the next entry of the log. False if there is none.
    fn apply_next(&mut self, turn: &mut Turn<'_>) -> bool {
        let Some(&entry) = self.disk.log.get(self.disk.applied + 1, turn.history()) else { return false };
        self.apply(turn, &entry);
        true
    }

    /// Applies an entry, the next one of the log.
    fn apply(&mut self, turn: &mut Turn<'_>, entry: &Entry) {
        let lsn = self.disk.applied + 1;
        let flushed = self.disk.log.flushed() >= lsn;
        self.disk.applied = lsn;
        if entry.write == OWN_RECORD {
            return;
        }
        let mut early = false;
        if !self.memory.shown_early.is_empty() {
            early = self.memory.shown_early.iter().any(|&(shown, key)| shown >= lsn && key == entry.key);
            self.memory.shown_early.retain(|&(shown, _)| shown > lsn);
        }
        if !early {
            self.disk.store.apply(entry, flushed);
            turn.note_frequent(Event::Applied { node: self.id, lsn, write: entry.write });
        }
    }

    /// The power is cut. Returns the position behind which everything is lost, and how many entries that are.
    pub fn crash(&mut self, rules: &Rules, history: &History) -> (Lsn, u64) {
        let sent = std::mem::take(&mut self.memory).sent;
        if rules.durability == Durability::None {
            return self.lose_everything(rules.engine().saves_copies());
        }
        self.disk.store.lose_unflushed();
        let lost = self.disk.log.lose_unflushed(history);
        let last = self.disk.log.last().lsn;
        self.disk.torn |= rules.is_lazy() || sent > last;
        self.disk.applied = self.disk.applied.min(last);
        (last, lost)
    }

    fn lose_everything(&mut self, keeps_copy: bool) -> (Lsn, u64) {
        let before = self.disk.log.last().lsn;
        let (epoch, copy) = (self.disk.epoch, self.disk.copy.take().filter(|_| keeps_copy));
        self.disk = Disk { epoch, torn: true, ..Disk::default() };
        if let Some(Copied { at, store, lineage }) = &copy {
            let (at, store, lineage) = (*at, store.clone(), *lineage);
            self.take_state(State { at, common: at.lsn, store, lineage, known: Chunks::default() });
            self.disk.lineage = Lineage::named(lineage);
        }
        self.disk.copy = copy;
        let last = self.disk.log.last().lsn;
        (last, u64::from(before.saturating_sub(last)))
    }

    /// A graceful stop: everything is flushed, and a master hands all that it has to its slaves. Without a disk it
    /// forgets all the same: then it returns what [`Node::crash`] returns.
    pub(super) fn stop(&mut self, turn: &mut Turn<'_>) -> (Lsn, u64) {
        self.mark_flushed(turn, self.disk.log.last().lsn);
        if self.is_master() {
            self.log_own_record(turn);
        }
        self.go_on(turn);
        let (own, denied) = (self.disk.epoch, self.memory.denied);
        self.disk.stuck = denied.and_then(|why| turn.rules.engine().start_fails(why, own, self.memory.denied_by));
        self.memory = Memory::default();
        if turn.rules.durability == Durability::None {
            return self.lose_everything(turn.rules.engine().saves_copies());
        }
        self.disk.clean = true;
        self.set_restart_point(turn.rules);
        (self.disk.log.last().lsn, 0)
    }

    /// Whether it is a master, and takes writes.
    pub fn takes_writes(&self) -> bool {
        self.is_master() && !self.fenced
    }

    /// The node that it follows, if it is a slave.
    pub fn followed(&self) -> Option<u16> {
        match self.role {
            Role::Slave { upstream } => Some(upstream),
            Role::Master => None,
        }
    }

    /// How far a connected slave lags, as this node knows it: entries that it has not applied, and the age of the oldest
    /// one, µs.
    pub fn reported_lag(&self, now: Us, slave: u16, history: &History) -> Option<(u64, Us)> {
        let stream = self.memory.streams.iter().find(|stream| stream.peer == slave)?;
        let applied = stream.progress.applied;
        let age = self.disk.log.get(applied + 1, history).map_or(0, |entry| now.saturating_sub(entry.at_us));
        Some((u64::from(self.disk.log.last().lsn.saturating_sub(applied)), age))
    }

    /// How far this node has come.
    pub fn progress(&self) -> Progress {
        Progress { received: self.disk.log.last().lsn, flushed: self.disk.log.flushed(), applied: self.disk.applied }
    }

    /// A slave's connection to its master.
    pub fn upstream(&self) -> Upstream {
        self.memory.upstream
    }

    /// Why its master did not let it in, or why it cannot apply what comes.
    pub fn denial_of_upstream(&self) -> Option<Denial> {
        self.memory.denied.or(self.memory.broken)
    }

    /// Writes whose clients wait for slaves.
    pub fn waiting(&self) -> usize {
        self.memory.waiting.len()
    }

    /// Whether the client of this write waits for slaves, and has not cancelled.
    pub fn waits(&self, operation: u32) -> bool {
        self.memory.waiting.iter().any(|waiting| waiting.operation == operation && !waiting.cancelled)
    }

    /// Position up to which a master has sent its log to a connected slave.
    pub fn sent_to(&self, slave: u16) -> Option<Lsn> {
        self.memory.streams.iter().find(|stream| stream.peer == slave).map(|stream| stream.sent)
    }

    /// When a connected slave was last heard of, µs.
    pub fn heard_of(&self, slave: u16) -> Option<Us> {
        self.memory.streams.iter().find(|stream| stream.peer == slave).map(|stream| stream.heard_us)
    }

    /// When a slave last heard of the node that it follows, µs.
    pub fn heard_upstream_us(&self) -> Us {
        self.memory.heard_us
    }

    /// Up to where a connected slave has applied the log, and when it told so on this connection, µs.
    pub fn replayed_by(&self, slave: u16) -> Option<(Lsn, Option<Us>)> {
        let stream = self.memory.streams.iter().find(|stream| stream.peer == slave)?;
        Some((stream.progress.applied, stream.replayed_us))
    }

    /// How far a connected slave has come, as it has told this node.
    pub fn acknowledged_by(&self, slave: u16) -> Option<Progress> {
        self.memory.streams.iter().find(|stream| stream.peer == slave).map(|stream| stream.progress)
    }

    /// The last point of history in the log.
    pub fn position(&self) -> Position {
        self.disk.log.last()
    }
}
