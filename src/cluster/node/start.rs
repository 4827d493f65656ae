//! What a node has when a run begins with slaves that are behind.

use super::{Node, Timer, TimerKind, Turn, Upstream, Waiting};
use crate::facts::{Event, Lsn, Progress};
use crate::history::Entry;
use crate::scenario::{Replication, TooFew};
use crate::time::MS;

/// A write that is in the log from the start.
#[derive(Debug, Clone, Copy)]
pub struct Beginning {
    /// Number of the key.
    pub key: u32,
    /// Number of the write.
    pub write: u32,
    /// Number of the request.
    pub operation: u32,
    /// Who asked.
    pub client: u16,
    /// Size of key and value.
    pub bytes: u32,
}

impl Node {
    /// The master logs a write. Returns the number of its entry.
    pub(in crate::cluster) fn log_at_start(&mut self, turn: &mut Turn<'_>, beginning: Beginning) -> u32 {
        let Beginning { key, write, operation, client, bytes } = beginning;
        let (lsn, epoch, origin) = (self.disk.log.last().lsn + 1, self.disk.epoch, self.id);
        let entry = Entry { lsn, epoch, write, key, delete: false, bytes, origin, at_us: turn.now };
        let number = turn.add_entry(entry);
        self.disk.log.push(number, &entry);
        turn.note_frequent(Event::Logged { node: self.id, lsn, write, epoch });
        let waiting = Waiting { lsn, key, operation, reply_to: client, enough: false, cancelled: false };
        self.memory.waiting.push_back(waiting);
        number
    }

    /// All of it is on disk.
    pub(in crate::cluster) fn flush_at_start(&mut self, turn: &mut Turn<'_>) {
        self.mark_flushed(turn, self.disk.log.last().lsn);
    }

    /// A slave has received these entries, and done so much with them.
    pub(in crate::cluster) fn begin_with(
        &mut self,
        turn: &mut Turn<'_>,
        numbers: &[u32],
        progress: Progress,
        gap: bool,
    ) {
        for &number in numbers {
            if let Some(entry) = turn.history().entry(number) {
                self.disk.log.push(number, entry);
            }
        }
        turn.note_frequent(Event::Received { node: self.id, lsn: self.disk.log.last().lsn });
        self.mark_flushed(turn, progress.flushed);
        while self.disk.applied < progress.applied && self.apply_next(turn) {}
        self.memory.told = progress;
        if gap {
            self.memory.upstream = Upstream::Disconnected;
            self.memory.down_since_us = Some(turn.now);
            turn.timer(turn.now + MS, Timer { boot: self.boot, kind: TimerKind::Retry });
        }
    }

    /// What the node that it follows knows of it.
    pub(in crate::cluster) fn begin_stream(&mut self, turn: &mut Turn<'_>, slave: u16, progress: Progress, gap: bool) {
        if let Some(stream) = self.memory.streams.iter_mut().find(|stream| stream.peer == slave) {
            stream.sent = progress.received;
            stream.progress = progress;
        }
        self.memory.sent = self.memory.sent.max(progress.received);
        self.memory.sent_to_all = Lsn::MAX;
        self.remember_slot(slave, progress.flushed);
        turn.note_frequent(Event::Acknowledged { node: self.id, slave, progress });
        if gap {
            self.memory.streams.retain(|stream| stream.peer != slave);
        }
    }

    /// Which clients have had their answers, and whether these say that it is done. A master that waits only for a while
    /// has given up.
    pub(in crate::cluster) fn answers_at_start(&mut self, turn: &mut Turn<'_>) -> Vec<(u32, bool)> {
        let last = self.disk.log.last().lsn;
        let acknowledged = self.acknowledged_upto(turn.rules).min(last);
        let waits = turn.rules.replication != Replication::Async && acknowledged < last;
        if waits && matches!(turn.rules.too_few, TooFew::Degrade(_)) {
            self.memory.degraded = true;
            turn.note(Event::Degraded { node: self.id });
        }
        let safe = if self.memory.degraded { last } else { acknowledged };
        let gives_up = matches!(turn.rules.too_few, TooFew::Error(_));
        let visible = if turn.rules.is_hidden() { safe } else { last };
        while self.disk.applied < visible && self.apply_next(turn) {}
        let mut told = Vec::new();
        while let Some(waiting) = self.memory.waiting.front().copied().filter(|it| it.lsn <= safe || gives_up) {
            self.memory.waiting.pop_front();
            told.push((waiting.operation, waiting.lsn <= safe));
        }
        let rest: Vec<Lsn> = self.memory.waiting.iter().map(|waiting| waiting.lsn).collect();
        rest.into_iter().for_each(|lsn| self.set_patience(turn, lsn, false));
        told
    }

    /// The log no longer has what a slave lacks.
    pub(in crate::cluster) fn trim_at_start(&mut self, turn: &mut Turn<'_>, upto: Lsn) {
        self.disk.log.trim(upto.min(self.disk.applied), turn.history());
        turn.note(Event::Trimmed { node: self.id, lsn: self.disk.log.base() });
    }

    /// Everything goes on: what is missing is sent now, what is not flushed or applied comes next.
    pub(in crate::cluster) fn begin_to_serve(&mut self, turn: &mut Turn<'_>) {
        if self.is_master() {
            self.serve(turn);
            return;
        }
        self.begin_flush(turn);
        let ready = self.disk.log.last().lsn;
        let hands_on = if turn.rules.relay == crate::scenario::Relay::Applied { self.disk.applied } else { ready };
        self.send_entries(turn, hands_on);
        turn.timer(turn.now + MS, Timer { boot: self.boot, kind: TimerKind::Apply });
    }
}
