//! What the pastes say, fact by fact, and of which node: nodes that turn out to be one are put together.

use serde::Serialize;

use super::position::{Amount, Position};
use super::text::{Place, is_address};
use crate::limits;

/// Whose status it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// PostgreSQL, also under Patroni or repmgr.
    Postgresql,
    /// MariaDB.
    Mariadb,
    /// MySQL.
    Mysql,
    /// Redis or Valkey.
    Redis,
    /// MongoDB.
    Mongodb,
}

/// Why a node is behind, or cannot follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// The log it needs is gone: it must be copied anew.
    Gap,
    /// It has what its master has not: it is not let in.
    Diverged,
    /// It does not run, or does not answer.
    Down,
    /// It is not let in: the password is wrong, or it may not.
    Refused,
    /// It stopped with an error.
    Error,
    /// Receiving is stopped.
    NotReceiving,
    /// Applying is stopped or paused.
    Stopped,
    /// It applies later on purpose.
    Delayed,
    /// It is being copied anew.
    Copying,
    /// There is no connection.
    NoLink,
    /// It follows a node that is down.
    DeadMaster,
    /// It is about to connect.
    Connecting,
    /// It comes nearer.
    CatchingUp,
    /// Nothing is heard of it: its link or its process stands still.
    Silent,
    /// What is sent does not arrive, or not yet.
    Network,
    /// It arrives, and is not on disk.
    Flush,
    /// It is on disk, and is not applied.
    Apply,
    /// The node that it follows hands on nothing.
    Upstream,
    /// It is behind, and nothing says why.
    Unknown,
}

impl Why {
    /// The word of the report.
    pub fn as_str(self) -> &'static str {
        match self {
            Why::Gap => "gap",
            Why::Diverged => "diverged",
            Why::Down => "down",
            Why::Refused => "refused",
            Why::Error => "error",
            Why::NotReceiving => "not receiving",
            Why::Stopped => "stopped",
            Why::Delayed => "delayed",
            Why::Copying => "copying",
            Why::NoLink => "no link",
            Why::DeadMaster => "dead master",
            Why::Connecting => "connecting",
            Why::CatchingUp => "catching up",
            Why::Silent => "silent",
            Why::Network => "network",
            Why::Flush => "flush",
            Why::Apply => "apply",
            Why::Upstream => "upstream",
            Why::Unknown => "unknown",
        }
    }
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// It takes writes.
    Master,
    /// It follows another one.
    Slave,
    /// It only votes.
    Arbiter,
    /// Nothing says.
    Unknown,
}

/// Up to where something has come at a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Its own log, as a master.
    Written,
    Received,
    Flushed,
    Applied,
}

/// What a master says of a slave that is connected, or a slave's part of a table of senders.
#[derive(Debug, Clone, Default)]
pub(super) struct Sender {
    pub state: Option<String>,
    pub sent: Option<Position>,
    pub written: Option<Position>,
    pub flushed: Option<Position>,
    pub applied: Option<Position>,
    /// Bytes that are still to be sent, received, applied, if somebody has subtracted.
    pub lags: [Option<u64>; 3],
    pub total: Option<u64>,
    /// ms, written, flushed and replayed, as PostgreSQL measures it.
    pub waits_ms: [Option<u64>; 3],
    pub sync: Option<String>,
    /// Seconds since it was last heard of.
    pub silent_s: Option<u64>,
}

impl Sender {
    /// How much of it is shown.
    pub fn shown(&self) -> usize {
        let positions = [&self.sent, &self.written, &self.flushed, &self.applied];
        let lags = self.lags.iter().chain([&self.total, &self.silent_s]);
        positions.iter().filter(|position| position.is_some()).count() + lags.filter(|lag| lag.is_some()).count()
    }
}

/// One thing that a paste says of a node.
#[derive(Debug, Clone)]
pub(super) enum Fact {
    /// The node itself says what it is.
    IsRole(Role),
    /// A tool says so, which may be old.
    CalledRole(Role),
    /// It is set to follow this one.
    Follows(usize),
    /// A tool holds that, and a mark says that it is not so.
    FollowsDoubtful(usize),
    At(Stage, Position),
    /// How far it is behind, as somebody says who knows more than this node.
    Lag(Amount),
    /// How far it says itself to be behind.
    OwnLag(Option<u64>),
    /// It is connected to what it follows.
    LinkUp,
    /// Somebody who is asked sees it connected to this one.
    AttachedTo(usize, Box<Sender>),
    /// It is not connected, or why it is behind.
    Because(Why),
    /// What its own log said last: connected, or why not.
    LogSays(Option<Why>),
    /// No receiver runs: it is a master, or a slave without a connection.
    NoReceiver,
    /// How long it applies later on purpose, ms.
    Delay(u64),
    /// It was asked whose slave it is, and answered nothing.
    NoStatus,
    /// Its settings are those of a master.
    LooksLikeMaster,
    /// All that it has received is applied.
    AppliesAll,
    /// Applying goes on, as far as the node can tell.
    ApplyRuns,
    Sync(String),
    Priority(u64),
    NoFailover,
    ReadOnly(bool),
    /// Whose transactions its own log ends with, and those that it got from a master.
    Gtids {
        slave: Option<Position>,
    },
    ServerId(u64),
    /// The name of its history, as a master.
    History(String),
    /// So many slaves are connected to it.
    Slaves(u64),
    /// Semi-synchronous replication, as master: on or not, and slaves that take part.
    SemiMaster {
        on: bool,
        clients: Option<u64>,
        gave_up: u64,
        waiting: u64,
    },
    SemiSlave(bool),
}

/// A node, as far as it is known.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    pub hosts: Vec<(String, Option<u16>)>,
    pub names: Vec<String>,
    pub facts: Vec<(Fact, Place)>,
    pub kind: Option<Kind>,
    /// Nothing but its own answer tells who it is.
    pub anonymous: bool,
    pub first: Option<Place>,
}

impl Seen {
    pub fn is(&self, test: impl Fn(&Fact) -> bool) -> bool {
        self.facts.iter().any(|(fact, _)| test(fact))
    }

    pub fn find<'s, T>(&'s self, pick: impl Fn(&'s Fact) -> Option<T>) -> Option<T> {
        self.facts.iter().rev().find_map(|(fact, _)| pick(fact))
    }

    pub fn at(&self, stage: Stage) -> Option<&Position> {
        self.find(|fact| match fact {
            Fact::At(at, position) if *at == stage => Some(position),
            _ => None,
        })
    }
}

/// All nodes. A node keeps its number; when two are one, the later number stands for the earlier one.
#[derive(Debug, Default)]
pub(super) struct Evidence {
    nodes: Vec<Seen>,
    same: Vec<usize>,
}

impl Evidence {
    /// The number that stands for a node now.
    pub fn of(&self, node: usize) -> usize {
        let mut node = node;
        while let Some(&other) = self.same.get(node).filter(|other| **other != node) {
            node = other;
        }
        node
    }

    pub fn seen(&self, node: usize) -> Option<&Seen> {
        self.nodes.get(self.of(node))
    }

    fn seen_mut(&mut self, node: usize) -> Option<&mut Seen> {
        let node = self.of(node);
        self.nodes.get_mut(node)
    }

    /// The numbers of all nodes that are not another one.
    pub fn all(&self) -> Vec<usize> {
        (0..self.nodes.len()).filter(|node| self.of(*node) == *node).collect()
    }

    /// A node of which nothing is known yet.
    pub fn fresh(&mut self, place: Place) -> Option<usize> {
        if self.all().len() >= limits::IMPORT_NODES_MAX {
            return None;
        }
        self.nodes.push(Seen { anonymous: true, first: Some(place), ..Seen::default() });
        self.same.push(self.nodes.len() - 1);
        Some(self.nodes.len() - 1)
    }

    pub fn note(&mut self, node: usize, place: Place, fact: Fact) {
        if let Some(seen) = self.seen_mut(node) {
            seen.facts.push((fact, place));
        }
    }

    pub fn note_kind(&mut self, node: usize, kind: Kind) {
        if let Some(seen) = self.seen_mut(node)
            && (seen.kind.is_none() || kind == Kind::Mysql && seen.kind == Some(Kind::Mariadb))
        {
            seen.kind = Some(kind);
        }
    }

    /// The node at a host.
    pub fn at_host(&mut self, host: &str, port: Option<u16>, place: Place) -> Option<usize> {
        if let Some(node) = self.find_host(host, port) {
            self.learn_host(node, host, port);
            return Some(node);
        }
        if let Some(node) = self.find_name(host).filter(|_| !is_address(host)) {
            self.learn_host(node, host, port);
            return Some(node);
        }
        let node = self.fresh(place)?;
        self.learn_host(node, host, port);
        Some(node)
    }

    /// The node with a name.
    pub fn named(&mut self, name: &str, place: Place) -> Option<usize> {
        if let Some(node) = self.find_name(name).or_else(|| self.find_host(&name.to_ascii_lowercase(), None)) {
            self.learn_name(node, name);
            return Some(node);
        }
        let node = self.fresh(place)?;
        self.learn_name(node, name);
        Some(node)
    }

    fn find_host(&self, host: &str, port: Option<u16>) -> Option<usize> {
        let fits = |known: &(String, Option<u16>)| {
            known.0 == host && (known.1 == port || known.1.is_none() || port.is_none()) && !host.contains('*')
        };
        self.all().into_iter().find(|node| self.nodes.get(*node).is_some_and(|seen| seen.hosts.iter().any(fits)))
    }

    pub fn find_name(&self, name: &str) -> Option<usize> {
        let is = |seen: &Seen| seen.names.iter().any(|known| known.eq_ignore_ascii_case(name));
        self.all().into_iter().find(|node| self.nodes.get(*node).is_some_and(is))
    }

    pub fn learn_host(&mut self, node: usize, host: &str, port: Option<u16>) {
        let other = self.find_host(host, port);
        if let Some(seen) = self.seen_mut(node) {
            seen.anonymous = false;
            match seen.hosts.iter_mut().find(|known| known.0 == host) {
                Some(known) => known.1 = known.1.or(port),
                None => seen.hosts.push((host.to_owned(), port)),
            }
        }
        if let Some(other) = other.filter(|other| *other != self.of(node)) {
            self.unite(other, node);
        }
    }

    pub fn learn_name(&mut self, node: usize, name: &str) {
        let other = self.find_name(name);
        if let Some(seen) = self.seen_mut(node) {
            seen.anonymous = false;
            if !seen.names.iter().any(|known| known == name) {
                seen.names.push(name.to_owned());
            }
        }
        if let Some(other) = other.filter(|other| *other != self.of(node)) {
            self.unite(other, node);
        }
    }

    /// What a tool said of a node before no longer counts: it has said something newer.
    pub fn forget_what_was_called(&mut self, node: usize) {
        if let Some(seen) = self.seen_mut(node) {
            seen.facts.retain(|(fact, _)| {
                !matches!(
                    fact,
                    Fact::CalledRole(_)
                        | Fact::Because(_)
                        | Fact::Lag(_)
                        | Fact::LinkUp
                        | Fact::Follows(_)
                        | Fact::Sync(_)
                )
            });
        }
    }

    /// Two nodes are one.
    pub fn unite(&mut self, a: usize, b: usize) {
        let (a, b) = (self.of(a), self.of(b));
        if a == b {
            return;
        }
        let (keep, gone) = (a.min(b), a.max(b));
        let Some(other) = self.nodes.get_mut(gone).map(std::mem::take) else { return };
        if let Some(place) = self.same.get_mut(gone) {
            *place = keep;
        }
        if let Some(seen) = self.nodes.get_mut(keep) {
            for host in other.hosts {
                match seen.hosts.iter_mut().find(|known| known.0 == host.0) {
                    Some(known) => known.1 = known.1.or(host.1),
                    None => seen.hosts.push(host),
                }
            }
            seen.names.extend(other.names);
            seen.facts.extend(other.facts);
            seen.kind = seen.kind.or(other.kind);
            seen.anonymous &= other.anonymous;
            seen.first = seen.first.min(other.first).or(seen.first).or(other.first);
        }
    }
}

/// A span in words, ms.
pub(super) fn span_words(ms: u64) -> String {
    Amount::Milliseconds(ms).words()
}
