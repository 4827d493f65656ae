//! What clients and operators are told when something cannot be done: in the engine's own words where it has some.

use crate::facts::{Denial, Failure};
use crate::history::Kind;
use crate::scenario::Engine;

impl Failure {
    /// The error text that a client sees: the engine's own where it has one.
    pub fn text(self, engine: Engine, kind: Kind) -> &'static str {
        match (self, engine) {
            (Failure::ReadOnly, Engine::Plain) => "read-only",
            (Failure::ReadOnly, Engine::Postgres) if kind == Kind::Delete => {
                "25006 cannot execute DELETE in a read-only transaction"
            }
            (Failure::ReadOnly, Engine::Postgres) => "25006 cannot execute INSERT in a read-only transaction",
            (Failure::ReadOnly, Engine::Mariadb) => {
                "1290 The MariaDB server is running with the --read-only option so it cannot execute this statement"
            }
            (Failure::ReadOnly, Engine::Mysql) => {
                "1290 The MySQL server is running with the --read-only option so it cannot execute this statement"
            }
            (Failure::ReadOnly, Engine::Redis) => "-READONLY You can't write against a read only replica.",
            (Failure::ReadOnly, Engine::Mongo) => "10107 not primary",
            (Failure::TooFewSlaves, Engine::Redis) => "-NOREPLICAS Not enough good replicas to write.",
            (Failure::TooFewSlaves, _) => "too few slaves: not written",
            (Failure::NotInTime, Engine::Mongo) => "64 waiting for replication timed out",
            (Failure::NotInTime, _) => "too few slaves in time: written all the same",
            (Failure::WaitAtSlave, Engine::Redis) => {
                "-ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a replica is \
                 configured to be writable (which is not the default) writes to replicas are just local and are not \
                 propagated."
            }
            (Failure::WaitAtSlave, _) => "only the master can wait for slaves",
            (Failure::Demoted, Engine::Redis) => {
                "-UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)"
            }
            (Failure::Demoted, _) => "the master became a slave",
            (Failure::Overloaded, Engine::Postgres) => "53300 sorry, too many clients already",
            (Failure::Overloaded, Engine::Mariadb | Engine::Mysql) => "1040 Too many connections",
            (Failure::Overloaded, Engine::Redis) => "-ERR max number of clients reached",
            (Failure::Overloaded, _) => "overloaded: the queue is full",
            (Failure::NotCaughtUp, _) => "not caught up in time",
            (Failure::MasterUnreachable, _) => "master unreachable",
            (Failure::ConnectionRefused, _) => "connection refused",
            (Failure::ConnectionLost, _) => "connection lost",
            (Failure::NoNode, _) => "no node to ask",
        }
    }
}

impl Denial {
    /// What the engine says of it, as it was observed (MySQL: as its documents have it).
    pub fn text(self, engine: Engine) -> &'static str {
        match (self, engine) {
            (Denial::Gap, Engine::Postgres) => "requested WAL segment has already been removed",
            (Denial::Gap, Engine::Mariadb) => {
                "Got fatal error 1236 from master when reading data from binary log: 'Could not find GTID state requested \
                 by slave in any binlog files. Probably the slave state is too old and required binlog files have been \
                 purged.'"
            }
            (Denial::Gap, Engine::Mysql) => {
                "1236 Cannot replicate because the source purged required binary logs. Replicate the missing transactions \
                 from elsewhere, or provision a new replica from backup."
            }
            (Denial::Diverged, Engine::Postgres) => {
                "new timeline forked off current database system timeline before current recovery point"
            }
            (Denial::Diverged, Engine::Mariadb) => {
                "Got fatal error 1236 from master when reading data from binary log: 'Error: connecting slave requested to \
                 start from a GTID which is not in the master's binlog'"
            }
            (Denial::Diverged, Engine::Mysql) => {
                "1236 Slave has more GTIDs than the master has, using the master's SERVER_UUID."
            }
            (Denial::Gap, _) => "the log no longer reaches back to where it stands",
            (Denial::Diverged, _) => "it has what the other does not have",
            (Denial::Ahead, _) => "it is ahead of the node that it follows",
        }
    }
}
