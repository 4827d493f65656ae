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

use super::node::{Joint, Lineage, Node};
use crate::cluster::message::Handshake;
use crate::facts::{Denial, Failure};
use crate::history::{History, Kind};
use crate::scenario::{Durability, Engine};
use crate::time::{SECOND, Us};

/// When the threads of a slave stop and start again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// The process comes up.
    Restart,
    /// It is told to follow another node.
    Follow,
    /// Its delay is changed.
    Delay,
}

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

    /// Where the stream of the log to a slave that is let in begins, if not where its own log ends.
    fn joint(&self, _upstream: &Node, _slave: &Handshake, _history: &History) -> Option<Joint> {
        None
    }

    /// When a node that was not let in asks again, µs; nothing if it does not before it is told to. PostgreSQL:
    /// `wal_retrieve_retry_interval`.
    fn asks_again_after(&self, why: Denial, retry_us: Us) -> Option<Us> {
        Some(if matches!(why, Denial::Ahead | Denial::Unlinked) { retry_us } else { 5 * SECOND })
    }

    /// Whether a slave that comes up goes on with a pause of applying.
    fn keeps_pause(&self) -> bool {
        true
    }

    /// Whether a node that was made read-only by a command is so still when it comes up again.
    fn keeps_read_only(&self) -> bool {
        true
    }

    /// Whether a slave connects while it has not yet applied all that its log has, or may not apply.
    fn connects_before_all_is_applied(&self) -> bool {
        true
    }

    /// Whether a slave that crashed begins again at its last restart point, and delays what it applied since once more.
    fn replays_from_restart_point(&self) -> bool {
        false
    }

    /// What a client hears that waits for a master which becomes a slave.
    fn when_demoted(&self) -> Failure {
        Failure::Demoted
    }

    /// Whether a master writes records of its own into its log: when it is promoted, when it starts, when it is stopped in
    /// good order, and before it drops old log.
    fn logs_own_records(&self) -> bool {
        false
    }

    /// Why a process does not start that was stopped in good order after it had not been let in, by a node of this epoch;
    /// nothing if it starts.
    fn start_fails(&self, _denial: Denial, _own_epoch: u32, _upstream_epoch: u32) -> Option<&'static str> {
        None
    }

    /// Whether a slave throws away what it has received and not applied on some occasion.
    fn throws_relay_log_away(&self, _: Occasion) -> bool {
        false
    }

    /// Whether a node's log is its own: writes of clients at a slave stand in it as well, and what comes from others is put
    /// behind what is there already.
    fn binary_log(&self) -> bool {
        false
    }

    /// Whether a slave tells all that it has when it asks to follow.
    fn tells_all(&self) -> bool {
        false
    }

    /// How far a slave lags as a router sees it: entries, and the age of the oldest one, µs. Nothing if the router leaves it
    /// out. `reported`: what the node that it follows knows.
    fn router_lag(&self, _: &Node, _: Us, _: &History, reported: Option<(u64, Us)>) -> Option<(u64, Us)> {
        reported
    }

    /// What a slave says to a read while it is denied by the node that it follows; nothing if it answers all the same.
    fn read_when_denied(&self, _denial: Denial) -> Option<Failure> {
        None
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

/// `Seconds_Behind_Master`, which ProxySQL asks a replica for: the age of what is received and not applied. NULL when the
/// receiver does not run, then ProxySQL shuns it; 0 when all that came is applied, also when nothing comes any more.
fn seconds_behind(slave: &Node, now: Us, history: &History) -> Option<(u64, Us)> {
    if !matches!(slave.upstream(), super::Upstream::Streaming { .. }) {
        return None;
    }
    let progress = slave.progress();
    let age = slave.disk.log.get(progress.applied + 1, history).map_or(0, |entry| now.saturating_sub(entry.at_us));
    Some((u64::from(progress.received.saturating_sub(progress.applied)), age))
}

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
            Failure::Recovering => "recovering",
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
            Denial::Duplicate => "it has made a row of its own under the same key",
            Denial::NoRow => "it no longer has the row that is changed",
            Denial::Unlinked => "the other does not follow its own master now",
        })
    }
}
