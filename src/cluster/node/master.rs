//! What a master does: log, wait for slaves, answer.

use super::stream::Stream;
use super::{Node, Role, Timer, TimerKind, Turn, Waiting};
use crate::cluster::message::{Message, Reply, Request, RequestKind};
use crate::cluster::rules::{Rules, by_rank};
use crate::facts::{Event, Failure, Lsn};
use crate::history::{Entry, OWN_RECORD};
use crate::scenario::{Gate, Level, LogKeep, Replication, TooFew, Unapplied};
use crate::time::Us;

/// What a record of the server's own takes in the log. PostgreSQL: a checkpoint record has 114.
const OWN_RECORD_BYTES: u32 = 114;

/// A client that asks how many slaves have its writes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Count {
    lsn: Lsn,
    enough: usize,
    operation: u32,
    reply_to: u16,
}

impl Node {
    pub(super) fn write(&mut self, turn: &mut Turn<'_>, from: u16, request: Request) {
        let RequestKind::Write { write, delete, bytes, local } = request.kind else { return };
        if self.fenced || self.read_only {
            turn.answer(from, request.operation, Reply::Failed(Failure::ReadOnly));
            return;
        }
        if turn.rules.is_hidden() && self.memory.waiting.iter().any(|waiting| waiting.key == request.key) {
            // The row is locked until the write before this one is done: only then is this one logged.
            self.memory.locked.push((from, request));
            return;
        }
        if !self.gate_is_open(turn) {
            turn.answer(from, request.operation, Reply::Failed(Failure::TooFewSlaves));
            return;
        }
        let lsn = self.disk.log.last().lsn + 1;
        let (epoch, key, origin) = (self.disk.epoch, request.key, self.id);
        let entry = Entry { lsn, epoch, write, key, delete, bytes, origin, at_us: turn.now };
        let number = turn.add_entry(entry);
        self.disk.log.push(number, &entry);
        turn.note_frequent(Event::Logged { node: self.id, lsn, write, epoch: entry.epoch });
        let operation = request.operation;
        let waiting = Waiting { lsn, key, operation, reply_to: from, enough: local, cancelled: false };
        self.memory.impatient |= local;
        self.memory.waiting.push_back(waiting);
        self.set_patience(turn, lsn, local);
        self.begin_flush(turn);
        self.serve(turn);
    }

    fn gate_is_open(&self, turn: &Turn<'_>) -> bool {
        let Some(Gate { slaves, within_us }) = turn.rules.gate else { return true };
        let heard = self.memory.streams.iter().filter(|stream| stream.heard_us + within_us >= turn.now).count();
        heard >= usize::from(slaves)
    }

    /// A write that waits for slaves does so only for a while, if the settings say so.
    pub(super) fn set_patience(&mut self, turn: &mut Turn<'_>, lsn: Lsn, local: bool) {
        let patience_us = match turn.rules.too_few {
            TooFew::Block => return,
            TooFew::Degrade(us) | TooFew::Error(us) => us,
        };
        if !local && !self.memory.degraded && turn.rules.replication != Replication::Async {
            let timer = Timer { boot: self.boot, kind: TimerKind::Patience(lsn) };
            turn.timer(turn.now + patience_us, timer);
        }
    }

    pub(super) fn patience_is_over(&mut self, turn: &mut Turn<'_>, lsn: Lsn) {
        let Some(index) = self.memory.waiting.iter().position(|waiting| waiting.lsn == lsn) else { return };
        match turn.rules.too_few {
            TooFew::Block => return,
            // The lease's rules say when it waits no longer.
            TooFew::Degrade(_) if self.standbys.is_some() => return,
            TooFew::Degrade(_) => {
                self.memory.degraded = true;
                turn.note(Event::Degraded { node: self.id });
            }
            TooFew::Error(_) => {
                if let Some(waiting) = self.memory.waiting.remove(index) {
                    turn.answer(waiting.reply_to, waiting.operation, Reply::Failed(Failure::NotInTime));
                }
            }
        }
        self.serve(turn);
    }

    /// The request that this timer ends, if it still waits when it rings.
    pub(in crate::cluster) fn ends(&self, rules: &Rules, timer: Timer) -> Option<u32> {
        let waits = match rules.too_few {
            TooFew::Block => true,
            TooFew::Degrade(_) => self.standbys.is_some(),
            TooFew::Error(_) => false,
        };
        match timer.kind {
            _ if timer.boot != self.boot => None,
            TimerKind::Patience(lsn) if !waits => {
                let mut waiting = self.memory.waiting.iter().filter(|waiting| !waiting.cancelled);
                waiting.find(|waiting| waiting.lsn == lsn).map(|waiting| waiting.operation)
            }
            TimerKind::CountEnds(operation) => {
                self.memory.counts.iter().any(|count| count.operation == operation).then_some(operation)
            }
            _ => None,
        }
    }

    /// Sends, shows and answers what can be sent, shown and answered by now.
    pub(super) fn serve(&mut self, turn: &mut Turn<'_>) {
        let ready = self.ready(turn.rules);
        // Mostly an acknowledgement changes nothing: all is sent, shown and answered.
        if self.memory.sent_to_all == ready
            && self.disk.applied >= ready
            && self.memory.waiting.is_empty()
            && self.memory.counts.is_empty()
            && self.memory.parked.is_empty()
            && !self.memory.degraded
            && turn.rules.log_keep == LogKeep::All
        {
            return;
        }
        self.send_entries(turn, ready);
        let acknowledged = self.acknowledged_upto(turn.rules);
        if self.memory.degraded && acknowledged >= self.disk.log.last().lsn {
            self.memory.degraded = false;
            turn.note(Event::SyncRestored { node: self.id });
        }
        let safe = if self.memory.degraded { ready } else { ready.min(acknowledged) };
        let visible = if turn.rules.is_hidden() { safe } else { ready };
        while self.disk.applied < visible && self.apply_next(turn) {}
        let waited = self.memory.waiting.len();
        self.answer_writes(turn, ready, safe);
        if self.memory.waiting.len() < waited && !self.memory.locked.is_empty() {
            self.take_locked(turn);
        }
        self.answer_counts(turn);
        self.answer_parked(turn);
        self.keep_log_short(turn);
    }

    /// Writes go on whose rows are free now, in the order in which they came.
    fn take_locked(&mut self, turn: &mut Turn<'_>) {
        for (from, request) in std::mem::take(&mut self.memory.locked) {
            self.write(turn, from, request);
        }
    }

    fn answer_writes(&mut self, turn: &mut Turn<'_>, ready: Lsn, safe: Lsn) {
        // What is waited for in order goes first, without a look at the rest.
        while let Some(&waiting) = self.memory.waiting.front().filter(|waiting| waiting.lsn <= safe) {
            self.memory.waiting.pop_front();
            turn.answer(waiting.reply_to, waiting.operation, Reply::Done { lsn: waiting.lsn });
        }
        // Thousands may wait: they are looked through only if one of them need not.
        if !self.memory.impatient {
            return;
        }
        let out_of_order = |waiting: &Waiting| waiting.lsn <= ready && (waiting.enough || waiting.cancelled);
        while let Some(index) = self.memory.waiting.iter().position(out_of_order) {
            let Some(waiting) = self.memory.waiting.remove(index) else { break };
            self.apply_early(turn, waiting.lsn);
            let lsn = waiting.lsn;
            let reply = if waiting.cancelled { Reply::DoneUnconfirmed { lsn } } else { Reply::Done { lsn } };
            turn.answer(waiting.reply_to, waiting.operation, reply);
        }
        self.memory.impatient = self.memory.waiting.iter().any(|waiting| waiting.enough || waiting.cancelled);
    }

    /// Shows a write whose client was answered although others before it still wait.
    fn apply_early(&mut self, turn: &mut Turn<'_>, lsn: Lsn) {
        if lsn <= self.disk.applied || !turn.rules.is_hidden() {
            return;
        }
        let flushed = self.disk.log.flushed() >= lsn;
        if let Some(entry) = self.disk.log.get(lsn, turn.history()) {
            self.disk.store.apply(entry, flushed);
            self.memory.shown_early.push((lsn, entry.key));
            turn.note(Event::Applied { node: self.id, lsn, write: entry.write });
        }
    }

    /// The last position that enough slaves have acknowledged.
    pub(super) fn acknowledged_upto(&self, rules: &Rules) -> Lsn {
        let Replication::Sync { count, first, level, .. } = rules.replication else { return Lsn::MAX };
        let named = self.standbys.as_ref().map_or(usize::MAX, Vec::len);
        let needed = rules.needed(count, self.id).min(named);
        if needed == 0 {
            return Lsn::MAX;
        }
        let counting = self.counting_streams(rules);
        // The k-th best: of the first k by priority the one that lags most, or of all the k-th that is furthest.
        let ranked = by_rank(counting.map(|stream| {
            let position = stream.at(level);
            (if first { rules.priority(stream.peer) as u64 } else { u64::MAX - u64::from(position) }, position)
        }));
        if ranked.len() < needed {
            return 0;
        }
        ranked.iter().take(needed).map(|(_, position)| *position).min().unwrap_or(0)
    }

    /// Streams to slaves that count when a write waits.
    fn counting_streams<'a>(&'a self, rules: &'a Rules) -> impl Iterator<Item = &'a Stream> {
        let named = |peer: u16| self.standbys.as_ref().is_none_or(|named| named.contains(&peer));
        let counts = move |stream: &&Stream| {
            rules.counts(stream.peer) && rules.follows(stream.peer, self.id) && named(stream.peer)
        };
        self.memory.streams.iter().filter(counts)
    }

    /// Whether a slave is one of those that a write waits for now.
    pub fn waits_for(&self, rules: &Rules, slave: u16) -> bool {
        let Replication::Sync { count, first, .. } = rules.replication else { return false };
        // A slave that has slaves of its own waits for none of them.
        if !self.is_master() || !self.counting_streams(rules).any(|stream| stream.peer == slave) {
            return false;
        }
        let before = |stream: &&Stream| rules.priority(stream.peer) < rules.priority(slave);
        let better = self.counting_streams(rules).filter(before).count();
        !self.memory.degraded && (!first || better < rules.needed(count, self.id))
    }

    /// Whether the master has given up to wait for slaves, for now.
    pub fn is_degraded(&self) -> bool {
        self.memory.degraded
    }

    pub(super) fn count(&mut self, turn: &mut Turn<'_>, from: u16, operation: u32, slaves: u8, within_us: Us) {
        let lsn = self.disk.log.last().lsn;
        self.memory.counts.push(Count { lsn, enough: usize::from(slaves), operation, reply_to: from });
        // 0: for ever.
        if within_us > 0 {
            let timer = Timer { boot: self.boot, kind: TimerKind::CountEnds(operation) };
            turn.timer(turn.now + within_us, timer);
        }
        self.answer_counts(turn);
    }

    fn acknowledgements(&self, lsn: Lsn) -> usize {
        self.memory.streams.iter().filter(|stream| stream.at(Level::Applied) >= lsn).count()
    }

    fn answer_counts(&mut self, turn: &mut Turn<'_>) {
        while let Some(index) =
            self.memory.counts.iter().position(|count| self.acknowledgements(count.lsn) >= count.enough)
        {
            self.answer_count(turn, index);
        }
    }

    fn answer_count(&mut self, turn: &mut Turn<'_>, index: usize) {
        let count = self.memory.counts.remove(index);
        let slaves = u8::try_from(self.acknowledgements(count.lsn)).unwrap_or(u8::MAX);
        turn.answer(count.reply_to, count.operation, Reply::Count(slaves));
    }

    pub(super) fn count_ends(&mut self, turn: &mut Turn<'_>, operation: u32) {
        if let Some(index) = self.memory.counts.iter().position(|count| count.operation == operation) {
            self.answer_count(turn, index);
        }
    }

    /// A client does not want to wait for slaves any longer: its write is done, on the master at least.
    pub(super) fn cancel(&mut self, turn: &mut Turn<'_>, operation: u32) {
        if let Some(waiting) = self.memory.waiting.iter_mut().find(|waiting| waiting.operation == operation) {
            waiting.cancelled = true;
            self.memory.impatient = true;
            self.serve(turn);
        }
    }

    /// The process comes up with what is on disk: all of it counts, also what no client was answered.
    pub(super) fn recover(&mut self, turn: &mut Turn<'_>) {
        while self.apply_next(turn) {}
    }

    /// Goes on as a master in an epoch of its own.
    pub(super) fn promote(&mut self, turn: &mut Turn<'_>, epoch: u32, drain: bool) {
        let mut discarded = 0;
        if let Role::Slave { upstream } = self.role {
            discarded = self.settle_unapplied(turn, drain);
            self.leave_upstream(turn);
            turn.send(upstream, Message::Left);
            self.rename_history(turn, epoch);
            self.memory.down_since_us = None;
        }
        self.role = Role::Master;
        self.disk.next_upstream = None;
        self.keep_no_own(turn.rules);
        self.fenced = false;
        self.read_only = false;
        self.abstains = false;
        // PostgreSQL, functions-admin: a pause ends when the standby is promoted.
        self.apply_paused = false;
        self.disk.epoch = epoch;
        turn.note(Event::Promoted { node: self.id, epoch, lsn: self.disk.log.last().lsn, discarded });
        self.end_streams_ahead(turn);
        self.log_own_record(turn);
        self.serve(turn);
        self.set_restart_point(turn.rules);
    }

    /// What was received and not applied is applied, or thrown away: then this is how many entries that are.
    fn settle_unapplied(&mut self, turn: &mut Turn<'_>, drain: bool) -> u64 {
        if drain || turn.rules.unapplied == Unapplied::Apply {
            self.mark_flushed(turn, self.disk.log.last().lsn);
            self.recover(turn);
            return 0;
        }
        let discarded = self.disk.log.truncate(self.disk.applied, turn.history());
        if discarded > 0 {
            self.drop_all_streams(turn);
        }
        discarded
    }

    /// A master becomes a slave: who waits for it is told.
    pub(super) fn step_down(&mut self, turn: &mut Turn<'_>) {
        let why = turn.rules.engine().when_demoted();
        for waiting in std::mem::take(&mut self.memory.waiting) {
            turn.answer(waiting.reply_to, waiting.operation, Reply::Failed(why));
        }
        for count in std::mem::take(&mut self.memory.counts) {
            turn.answer(count.reply_to, count.operation, Reply::Failed(why));
        }
        for (from, request) in std::mem::take(&mut self.memory.locked) {
            turn.answer(from, request.operation, Reply::Failed(why));
        }
        self.memory.degraded = false;
    }

    /// Writes a record of its own into the log, if the engine does so: it is on disk at once, and nothing is seen of it.
    pub(super) fn log_own_record(&mut self, turn: &mut Turn<'_>) {
        if !turn.rules.engine().logs_own_records() {
            return;
        }
        let (lsn, epoch) = (self.disk.log.last().lsn + 1, self.disk.epoch);
        let (key, origin, at_us) = (0, self.id, turn.now);
        let entry = Entry { lsn, epoch, write: OWN_RECORD, key, delete: false, bytes: OWN_RECORD_BYTES, origin, at_us };
        let number = turn.add_entry(entry);
        self.disk.log.push(number, &entry);
        turn.note_frequent(Event::Logged { node: self.id, lsn, write: OWN_RECORD, epoch });
        self.mark_flushed(turn, lsn);
    }

    pub(in crate::cluster) fn is_master(&self) -> bool {
        self.role == Role::Master
    }
}
