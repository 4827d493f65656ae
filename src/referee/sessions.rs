//! What each client may expect of its own session (Terry et al., “Session Guarantees for Weakly Consistent Replicated
//! Data”, 1994), and whether it got it.

use super::{place, put};
use crate::chunks::Chunks;
use crate::facts::Lsn;
use crate::history::{Kind, LOAD_FIRST, Operation};
use crate::limits;
use crate::time::Us;

/// A guarantee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guarantee {
    /// A read shows what the same client wrote and was told to be done.
    ReadYourWrites,
    /// A read shows nothing older than an earlier read of the same client.
    MonotonicReads,
    /// A client's write is nowhere without its earlier ones.
    MonotonicWrites,
    /// A client's write is nowhere without what it had read before.
    WritesFollowReads,
    /// A read shows what the master had at some time.
    ConsistentPrefix,
}

/// All of them, in the order in which they are shown.
pub const GUARANTEES: [Guarantee; 5] = [
    Guarantee::ReadYourWrites,
    Guarantee::MonotonicReads,
    Guarantee::MonotonicWrites,
    Guarantee::WritesFollowReads,
    Guarantee::ConsistentPrefix,
];

impl Guarantee {
    /// Its name, as a verdict and a lesson call it.
    pub fn name(self) -> &'static str {
        match self {
            Guarantee::ReadYourWrites => "read-your-writes",
            Guarantee::MonotonicReads => "monotonic-reads",
            Guarantee::MonotonicWrites => "monotonic-writes",
            Guarantee::WritesFollowReads => "writes-follow-reads",
            Guarantee::ConsistentPrefix => "consistent-prefix",
        }
    }
}

/// A case against a guarantee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Breach {
    /// Which one.
    pub guarantee: Guarantee,
    /// When it could be seen, µs.
    pub at_us: Us,
    /// The request that shows it.
    pub operation: u32,
    /// The write that is missing.
    pub missing: u32,
}

/// How a guarantee stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Requests that it had something to say on.
    pub checked: u64,
    /// How many of them broke it.
    pub broken: u64,
    /// The first one that did.
    pub first: Option<Breach>,
}

/// A write that a client wrote or read: what a later read may not fall behind.
#[derive(Debug, Clone, Copy)]
struct Mark {
    write: u32,
    lsn: Lsn,
    done_us: Us,
}

#[derive(Debug, Clone, Default)]
struct Session {
    /// By key: its own last acknowledged write, and what it saw last.
    own: Vec<Option<Mark>>,
    seen: Vec<Option<Mark>>,
    /// A write of its own that was acknowledged and is lost; one that it had read and that is lost; and since when it
    /// knew of them, µs.
    lost_own: Option<(u32, Us)>,
    lost_read: Option<(u32, Us)>,
}

/// All sessions.
#[derive(Debug, Clone, Default)]
pub struct Sessions {
    /// By the client's endpoint number.
    sessions: Vec<Session>,
    /// By write: who has read it, and when it was first told.
    readers: Chunks<Vec<(u16, Us)>>,
    standings: [Standing; 5],
    /// Requests that broke something, and what: the first ones.
    breaches: Vec<Breach>,
    /// How many there were.
    broken: u64,
}

/// A read as its client got it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub operation: u32,
    pub at_us: Us,
    /// The write, 0 for nothing, and its position.
    pub write: u32,
    pub lsn: Lsn,
    /// Whether no master has it.
    pub foreign: bool,
}

impl Sessions {
    fn session(&mut self, client: u16) -> &mut Session {
        let index = usize::from(client);
        if self.sessions.len() <= index {
            self.sessions.resize(index + 1, Session::default());
        }
        // The vector was just made long enough.
        #[allow(clippy::indexing_slicing, reason = "resized above")]
        &mut self.sessions[index]
    }

    /// A read was answered. `gone` tells whether a write is lost.
    pub(super) fn read(&mut self, asked: &Operation, saw: Seen, gone: impl Fn(u32) -> bool) {
        // A load stands for many clients that know nothing of each other: nobody's session.
        if saw.operation >= LOAD_FIRST {
            let broken = saw.foreign.then_some(Breach {
                guarantee: Guarantee::ConsistentPrefix,
                at_us: saw.at_us,
                operation: saw.operation,
                missing: saw.write,
            });
            self.count(Guarantee::ConsistentPrefix, broken);
            return;
        }
        let key = asked.key as usize;
        let session = self.session(asked.client);
        let own = session.own.get(key).copied().flatten().filter(|mark| mark.done_us <= asked.asked_us);
        let seen = session.seen.get(key).copied().flatten().filter(|mark| mark.done_us <= asked.asked_us);
        let falls_behind =
            |mark: &Mark| saw.write != mark.write && (saw.lsn < mark.lsn || mark.lsn == 0 || gone(mark.write));
        let breach = |guarantee, missing| Breach { guarantee, at_us: saw.at_us, operation: saw.operation, missing };
        // A value that nobody has says nothing on the order of others.
        let later = !saw.foreign && session.seen.get(key).copied().flatten().is_none_or(|mark| mark.lsn <= saw.lsn);
        // Who sees the same again has seen it since the first time.
        let again = session.seen.get(key).copied().flatten().is_some_and(|mark| mark.write == saw.write);
        if saw.write > 0 && !again && (later || seen.as_ref().is_some_and(|mark| gone(mark.write))) {
            put(&mut session.seen, key, Mark { write: saw.write, lsn: saw.lsn, done_us: saw.at_us });
        }
        if let Some(mark) = own {
            let broken = falls_behind(&mark).then(|| breach(Guarantee::ReadYourWrites, mark.write));
            self.count(Guarantee::ReadYourWrites, broken);
        }
        if let Some(mark) = seen {
            let broken = falls_behind(&mark).then(|| breach(Guarantee::MonotonicReads, mark.write));
            self.count(Guarantee::MonotonicReads, broken);
        }
        let broken = saw.foreign.then(|| breach(Guarantee::ConsistentPrefix, saw.write));
        self.count(Guarantee::ConsistentPrefix, broken);
        if saw.write > 0 {
            self.note_reader(saw.write, asked.client, saw.at_us);
            if gone(saw.write) {
                self.session(asked.client).lost_read.get_or_insert((saw.write, saw.at_us));
            }
        }
    }

    fn note_reader(&mut self, write: u32, client: u16, at_us: Us) {
        let index = place(write);
        while self.readers.len() <= index {
            self.readers.push(Vec::new());
        }
        let known = self.readers.get(index).is_some_and(|readers| readers.iter().any(|(reader, _)| *reader == client));
        if let Some(readers) = self.readers.get_mut(index).filter(|_| !known) {
            readers.push((client, at_us));
        }
    }

    /// A write was acknowledged, at this position of the master's log; at none, if a slave took it for itself.
    pub(super) fn wrote(&mut self, number: u32, asked: &Operation, at_us: Us, lsn: Lsn, gone: bool) {
        if number >= LOAD_FIRST {
            return;
        }
        let session = self.session(asked.client);
        let (lost_own, lost_read) = (session.lost_own, session.lost_read);
        if gone {
            session.lost_own.get_or_insert((asked.write, at_us));
        }
        put(&mut session.own, asked.key as usize, Mark { write: asked.write, lsn, done_us: at_us });
        if asked.kind != Kind::Read && !gone && lsn > 0 {
            let breach = |guarantee, lost: Option<(u32, Us)>| {
                lost.filter(|(_, known_us)| *known_us <= asked.asked_us).map(|(missing, _)| Breach {
                    guarantee,
                    at_us,
                    operation: number,
                    missing,
                })
            };
            self.count(Guarantee::MonotonicWrites, breach(Guarantee::MonotonicWrites, lost_own));
            self.count(Guarantee::WritesFollowReads, breach(Guarantee::WritesFollowReads, lost_read));
        }
    }

    /// A write is lost. `own`: the client that was told it is done, and when.
    pub(super) fn lost(&mut self, write: u32, own: Option<(u16, Us)>) {
        if let Some((client, told_us)) = own {
            self.session(client).lost_own.get_or_insert((write, told_us));
        }
        for (reader, at_us) in self.readers.get(place(write)).cloned().unwrap_or_default() {
            self.session(reader).lost_read.get_or_insert((write, at_us));
        }
    }

    /// A write that was lost is in the master's log again.
    pub(super) fn found(&mut self, write: u32) {
        for session in &mut self.sessions {
            for lost in [&mut session.lost_own, &mut session.lost_read] {
                if lost.is_some_and(|(lost, _)| lost == write) {
                    *lost = None;
                }
            }
        }
    }

    fn count(&mut self, guarantee: Guarantee, broken: Option<Breach>) {
        let Some(standing) = self.standings.get_mut(guarantee as usize) else { return };
        standing.checked += 1;
        if let Some(breach) = broken {
            standing.broken += 1;
            standing.first.get_or_insert(breach);
            self.broken += 1;
            if self.breaches.len() < limits::BREACHES_KEPT {
                self.breaches.push(breach);
            }
        }
    }

    /// How a guarantee stands.
    pub fn standing(&self, guarantee: Guarantee) -> Standing {
        self.standings.get(guarantee as usize).copied().unwrap_or_default()
    }

    /// Cases against any of them.
    pub fn broken(&self) -> u64 {
        self.broken
    }

    /// What a request broke.
    pub fn breaches_of(&self, operation: u32) -> impl Iterator<Item = &Breach> {
        self.breaches.iter().filter(move |breach| breach.operation == operation)
    }
}
