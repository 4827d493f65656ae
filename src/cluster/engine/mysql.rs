//! MySQL 8.0, with GTID, `SOURCE_AUTO_POSITION = 1`, `log_replica_updates = ON`, `binlog_format = ROW`. From its
//! documents: it was not observed.
//!
//! - Sets of GTIDs are compared, not positions: the source sends whatever the replica lacks (manual 17.1.3.3 “GTID
//!   Auto-Positioning”). A replica is refused only if it has more under the *source's* UUID than the source, or if
//!   what it lacks is purged (error 1236, and the receiver stops for good); what it has under its own UUID goes unnoticed, and its rows
//!   stay where they are (17.1.3.4, “errant transactions”).
//! - A write at a replica is such a transaction: it stands in its binary log, and all others get it once it is promoted.
//! - A source that is behind lets a replica in; what it has already is skipped when it comes.
//! - Both threads start with the server (`skip_replica_start = OFF`), so a pause is forgotten; the relay log stays at a
//!   restart (`relay_log_recovery = OFF`), and while one thread runs, and is thrown away by `CHANGE REPLICATION SOURCE TO` another
//!   source with both stopped (13.4.2.3).
//! - Rows are logged: 1062 and 1032 stop the applier as in MariaDB.

use super::{EngineRules, Occasion};
use crate::cluster::message::{Gtid, Handshake};
use crate::cluster::node::{Joint, Node};
use crate::facts::{Denial, Failure, Lsn};
use crate::history::{History, Kind};
use crate::in_order::set_of;
use crate::time::Us;

/// What two nodes have, compared: the set of executed GTIDs of each.
struct Sets {
    /// Where the entries stand in the source's log that the replica lacks.
    missing: Vec<Lsn>,
    /// Whether it lacks some that are no longer there.
    gap: bool,
    /// What the replica has and the source does not.
    own: Vec<Gtid>,
}

impl Sets {
    fn of(source: &Node, replica: &Handshake, history: &History) -> Self {
        let end = source.logged_upto();
        let logged = source.disk.log.entries(history).take_while(|entry| entry.lsn <= end);
        let here = set_of(source.names_upto(end, history).iter().map(|gtid| gtid.write));
        let there = set_of(replica.known.iter().map(|gtid| gtid.write));
        Self {
            missing: logged.filter(|entry| !there.contains(&entry.write)).map(|entry| entry.lsn).collect(),
            gap: source.purged().iter().any(|gtid| !there.contains(&gtid.write)),
            own: replica.known.iter().filter(|gtid| !here.contains(&gtid.write)).copied().collect(),
        }
    }
}

/// MySQL.
pub struct Mysql;

impl EngineRules for Mysql {
    fn failure(&self, failure: Failure, _: Kind) -> Option<&'static str> {
        Some(match failure {
            Failure::ReadOnly => {
                "1290 The MySQL server is running with the --read-only option so it cannot execute this statement"
            }
            Failure::Overloaded => "1040 Too many connections",
            _ => return None,
        })
    }

    fn denial(&self, denial: Denial) -> Option<&'static str> {
        Some(match denial {
            Denial::Gap => {
                "1236 Cannot replicate because the source purged required binary logs. Replicate the missing transactions \
                 from elsewhere, or provision a new replica from backup."
            }
            Denial::Diverged => "1236 Slave has more GTIDs than the master has, using the master's SERVER_UUID.",
            Denial::Duplicate => "1062 Could not execute Write_rows event; Duplicate entry for key 'PRIMARY'",
            Denial::NoRow => "1032 Could not execute Update_rows event; Can't find record",
            Denial::Ahead | Denial::Unlinked => return None,
        })
    }

    fn refusal(&self, upstream: &Node, slave: &Handshake, history: &History) -> Option<Denial> {
        let sets = Sets::of(upstream, slave, history);
        if sets.own.iter().any(|gtid| gtid.origin == upstream.id) {
            Some(Denial::Diverged)
        } else if sets.gap {
            Some(Denial::Gap)
        } else {
            None
        }
    }

    fn joint(&self, upstream: &Node, slave: &Handshake, history: &History) -> Option<Joint> {
        let sets = Sets::of(upstream, slave, history);
        let (end, have) = (upstream.logged_upto(), slave.have.lsn as i32);
        let first = sets.missing.first().copied().unwrap_or(end + 1);
        let whole = sets.missing.len() as Lsn == end + 1 - first;
        let own = Some(sets.own.iter().map(|gtid| gtid.write).collect());
        Some(if whole {
            Joint { sent: first - 1, ahead: have - (first as i32 - 1), own, ..Joint::default() }
        } else {
            let ahead = have + sets.missing.len() as i32 - end as i32;
            Joint { sent: end, ahead, own, missing: sets.missing, ..Joint::default() }
        })
    }

    fn asks_again_after(&self, _: Denial, _: Us) -> Option<Us> {
        None
    }

    fn keeps_pause(&self) -> bool {
        false
    }

    /// `SET GLOBAL read_only = ON`, not `SET PERSIST`.
    fn keeps_read_only(&self) -> bool {
        false
    }

    fn throws_relay_log_away(&self, occasion: Occasion) -> bool {
        occasion == Occasion::Follow
    }

    fn binary_log(&self) -> bool {
        true
    }

    fn tells_all(&self) -> bool {
        true
    }

    fn router_lag(&self, slave: &Node, now: Us, history: &History, _: Option<(u64, Us)>) -> Option<(u64, Us)> {
        super::seconds_behind(slave, now, history)
    }
}
