//! MariaDB 10.11, with GTID, `log_slave_updates = ON`, `gtid_strict_mode = OFF`, `binlog_format = ROW`.
//!
//! - A slave's position is one GTID (domain, server, sequence number), and what counts is that the node which it asks has
//!   it in its binary log, that is: has *applied* it. Whether that node has gone elsewhere or is merely behind, the answer
//!   is error 1236 (knowledge base “GTID”, sql_repl.cc `check_slave_start_position`).
//! - Error 1236 is fatal: the IO thread stops and does not try again before a new `CHANGE MASTER`, `START SLAVE` or restart.
//! - A master that has nothing in its binary log lets everybody in; the first event there must be the one that was asked for
//!   (`START_ON_EMPTY_DOMAIN`).
//! - Both threads start with the server, so a pause is forgotten; and whenever both start (also after a change of
//!   `MASTER_DELAY`) the relay log is thrown away:
//!   what was not applied is fetched again, if there is a node that has it (MDEV-4698).
//! - A write at a slave stands in its own binary log, with its own server id. The slave's position (`slave_pos`) does not count
//!   it. It goes to those whose position is before it, once the slave is promoted or has slaves itself.
//! - Rows are logged: an insert of a key that the slave has made itself is error 1062, a change of a row that is not there error
//!   1032, and the applier stops. An update of a row that is there overwrites it.

use super::{EngineRules, Occasion};
use crate::cluster::message::Handshake;
use crate::cluster::node::{Joint, Node};
use crate::facts::{Denial, Failure, Lsn};
use crate::history::{History, Kind};
use crate::time::Us;

/// Where the slave's position stands in the binary log of the node that it asks: there it goes on. Nothing if it is not there.
fn place(upstream: &Node, slave: &Handshake, history: &History) -> Option<Lsn> {
    let (have, log) = (slave.have, &upstream.disk.log);
    let place = match slave.gtid {
        // It has nothing.
        0 => (log.at(have.lsn, history) == Some(have)).then_some(have.lsn),
        gtid => {
            let before = upstream.purged().last().is_some_and(|last| last.write == gtid);
            if before { Some(log.base()) } else { log.place_of(gtid, have.lsn, history) }
        }
    };
    place.filter(|place| *place <= upstream.logged_upto())
}

/// MariaDB.
pub struct Mariadb;

impl EngineRules for Mariadb {
    fn failure(&self, failure: Failure, _: Kind) -> Option<&'static str> {
        Some(match failure {
            Failure::ReadOnly => {
                "1290 The MariaDB server is running with the --read-only option so it cannot execute this statement"
            }
            Failure::Overloaded => "1040 Too many connections",
            _ => return None,
        })
    }

    fn denial(&self, denial: Denial) -> Option<&'static str> {
        Some(match denial {
            Denial::Gap => {
                "Got fatal error 1236 from master when reading data from binary log: 'Could not find GTID state requested \
                 by slave in any binlog files. Probably the slave state is too old and required binlog files have been \
                 purged.'"
            }
            Denial::Diverged => {
                "Got fatal error 1236 from master when reading data from binary log: 'Error: connecting slave requested to \
                 start from a GTID which is not in the master's binlog'"
            }
            Denial::Duplicate => "Error 1062: Could not execute Write_rows_v1 event; Duplicate entry for key 'PRIMARY'",
            Denial::NoRow => "Error 1032: Could not execute Update_rows_v1 event; Can't find record",
            Denial::Ahead | Denial::Unlinked => return None,
        })
    }

    fn refusal(&self, upstream: &Node, slave: &Handshake, history: &History) -> Option<Denial> {
        let log = &upstream.disk.log;
        if place(upstream, slave, history).is_some() || log.last().lsn == 0 {
            None
        } else if slave.gtid == 0 || upstream.purged().iter().any(|gtid| gtid.write == slave.gtid) {
            Some(Denial::Gap)
        } else {
            Some(Denial::Diverged)
        }
    }

    fn joint(&self, upstream: &Node, slave: &Handshake, history: &History) -> Option<Joint> {
        let found = place(upstream, slave, history);
        let sent = found.unwrap_or(0);
        let ahead = slave.have.lsn as i32 - sent as i32;
        let stranger = if found.is_none() { slave.gtid } else { 0 };
        (ahead != 0).then_some(Joint { sent, ahead, stranger, ..Joint::default() })
    }

    fn asks_again_after(&self, _: Denial, _: Us) -> Option<Us> {
        None
    }

    fn keeps_pause(&self) -> bool {
        false
    }

    /// `SET GLOBAL read_only = ON` stands in no file.
    fn keeps_read_only(&self) -> bool {
        false
    }

    fn throws_relay_log_away(&self, _: Occasion) -> bool {
        true
    }

    fn binary_log(&self) -> bool {
        true
    }

    fn router_lag(&self, slave: &Node, now: Us, history: &History, _: Option<(u64, Us)>) -> Option<(u64, Us)> {
        super::seconds_behind(slave, now, history)
    }
}
