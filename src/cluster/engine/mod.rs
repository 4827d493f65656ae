//! The engines: what each does its own way, in one file each. What [`EngineRules`] says itself is what all others do, and
//! what the playground's own engine does.
//!
//! Settings (`replication`, `durability`, `gap`, …) are what an operator configures. What stands here cannot be configured:
//! it is how the engine is built.

mod mariadb;
mod mongo;
mod mysql;
mod postgres;
mod redis;

use super::node::{Lineage, Node};
use crate::cluster::message::Handshake;
use crate::facts::{Denial, Failure};
use crate::history::{History, Kind};
use crate::scenario::{Durability, Engine};
use crate::time::Us;

/// What an engine does its own way.
pub trait EngineRules: Sync {
    /// The error text that a client sees; nothing if the engine has no words of its own for it.
    fn failure(&self, _failure: Failure, _kind: Kind) -> Option<&'static str> {
        None
    }

    /// What it says to a node that it does not let in; nothing if it has no words of its own for it.
    fn denial(&self, _denial: Denial) -> Option<&'static str> {
        None
    }

    /// Why a node cannot go on from the log of another one; nothing if it can. What comes of it is a setting (`gap`,
    /// `rejoin`).
    fn refusal(&self, upstream: &Node, slave: &Handshake, history: &History) -> Option<Denial> {
        let (have, log) = (slave.have, &upstream.disk.log);
        if log.at(have.lsn, history) == Some(have) {
            None
        } else if have.lsn < log.base() {
            Some(Denial::Gap)
        } else if have.lsn > log.last().lsn && have.epoch == log.last().epoch && !upstream.is_master() {
            Some(Denial::Ahead)
        } else {
            Some(Denial::Diverged)
        }
    }

    /// Whether a master closes the connection of a slave for which too much waits; else it reads its log on when there is
    /// room again.
    fn drops_slow_slaves(&self) -> bool {
        false
    }

    /// The name of its history with which a process comes up: `clean` if it was stopped in good order. `fresh` is an id that
    /// nobody has used.
    fn lineage_at_start(&self, node: &Node, _durability: Durability, _clean: bool, _fresh: u32) -> Lineage {
        node.disk.lineage
    }

    /// Whether a whole copy of another node's state is in a file that stays, also where nothing else is ever on disk.
    fn saves_copies(&self) -> bool {
        false
    }

    /// Whether those who follow a node must ask again when the id of its history changes.
    fn renaming_ends_streams(&self) -> bool {
        false
    }

    /// How often a node tells another that it is there, where a link breaks after this silence, µs.
    fn heartbeat_us(&self, link_timeout_us: Us) -> Us {
        link_timeout_us / 2
    }
}

/// The playground's own engine.
struct Plain;

impl EngineRules for Plain {}

/// The rules of an engine.
pub fn rules_of(engine: Engine) -> &'static dyn EngineRules {
    match engine {
        Engine::Plain => &Plain,
        Engine::Postgres => &postgres::Postgres,
        Engine::Mariadb => &mariadb::Mariadb,
        Engine::Mysql => &mysql::Mysql,
        Engine::Redis => &redis::Redis,
        Engine::Mongo => &mongo::Mongo,
    }
}

impl Failure {
    /// The error text that a client sees: the engine's own where it has one.
    pub fn text(self, engine: Engine, kind: Kind) -> &'static str {
        rules_of(engine).failure(self, kind).unwrap_or(match self {
            Failure::ReadOnly => "read-only",
            Failure::TooFewSlaves => "too few slaves: not written",
            Failure::NotInTime => "too few slaves in time: written all the same",
            Failure::WaitAtSlave => "only the master can wait for slaves",
            Failure::Demoted => "the master became a slave",
            Failure::Overloaded => "overloaded: the queue is full",
            Failure::NotCaughtUp => "not caught up in time",
            Failure::MasterUnreachable => "master unreachable",
            Failure::ConnectionRefused => "connection refused",
            Failure::ConnectionLost => "connection lost",
            Failure::NoNode => "no node to ask",
        })
    }
}

impl Denial {
    /// What the engine says of it, as it was observed (MySQL: as its documents have it).
    pub fn text(self, engine: Engine) -> &'static str {
        rules_of(engine).denial(self).unwrap_or(match self {
            Denial::Gap => "the log no longer reaches back to where it stands",
            Denial::Diverged => "it has what the other does not have",
            Denial::Ahead => "it is ahead of the node that it follows",
            Denial::Unlinked => "the other does not follow its own master now",
        })
    }
}
