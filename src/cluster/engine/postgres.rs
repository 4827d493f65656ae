//! PostgreSQL 15, with and without Patroni.
//!
//! The log is the WAL, an epoch is a timeline. Beside what clients write, a primary writes records of its own: an
//! end-of-recovery record when it is promoted, a checkpoint when it starts as a primary and when it is stopped in good order
//! (sent to the standbys that are connected, before it exits), and when a segment is switched to drop old WAL. So histories
//! part without any write of a client, and then there is no way back but `pg_rewind`.

use super::{EngineRules, Node};
use crate::cluster::message::Handshake;
use crate::facts::{Denial, Failure};
use crate::history::{History, Kind};

/// PostgreSQL.
pub struct Postgres;

impl EngineRules for Postgres {
    fn failure(&self, failure: Failure, kind: Kind) -> Option<&'static str> {
        Some(match failure {
            Failure::ReadOnly if kind == Kind::Delete => "25006 cannot execute DELETE in a read-only transaction",
            Failure::ReadOnly => "25006 cannot execute INSERT in a read-only transaction",
            Failure::Overloaded => "53300 sorry, too many clients already",
            _ => return None,
        })
    }

    fn denial(&self, denial: Denial) -> Option<&'static str> {
        Some(match denial {
            Denial::Gap => "requested WAL segment has already been removed",
            Denial::Diverged => {
                "new timeline forked off current database system timeline before current recovery point"
            }
            Denial::Ahead | Denial::Duplicate | Denial::NoRow | Denial::Unlinked => return None,
        })
    }

    /// A receiver asks from the beginning of its segment on, on its own timeline: a standby that has received less on the
    /// same timeline serves it all the same, and goes on where it has more (walsender.c, `StartReplication`).
    fn refusal(&self, upstream: &Node, slave: &Handshake, history: &History) -> Option<Denial> {
        let (have, log) = (slave.have, &upstream.disk.log);
        let on_its_timeline = have.epoch == upstream.disk.epoch || have.lsn == 0;
        if log.at(have.lsn, history) == Some(have)
            || have.lsn > log.last().lsn && on_its_timeline && !upstream.is_master()
        {
            None
        } else if have.lsn < log.base() {
            Some(Denial::Gap)
        } else {
            Some(Denial::Diverged)
        }
    }

    /// A pause is a flag in shared memory (`pg_wal_replay_pause`).
    fn keeps_pause(&self) -> bool {
        false
    }

    /// The startup process asks for a WAL receiver when it has replayed all that is there, and while it is paused it does
    /// nothing else (xlogrecovery.c, `WaitForWALToBecomeAvailable`).
    fn connects_before_all_is_applied(&self) -> bool {
        false
    }

    /// Recovery begins at the last restart point, and waits with each commit until `recovery_min_apply_delay` has passed
    /// since it was made (xlogrecovery.c, `recoveryApplyDelay`).
    fn replays_from_restart_point(&self) -> bool {
        true
    }

    /// The server is restarted for it, which ends the session: 57P01.
    fn when_demoted(&self) -> Failure {
        Failure::ConnectionLost
    }

    fn logs_own_records(&self) -> bool {
        true
    }

    /// It has fetched the history file of the later timeline, and recovers towards it (`recovery_target_timeline = latest`)
    /// from a minimum recovery point that is not on it.
    fn start_fails(&self, denial: Denial, own_epoch: u32, upstream_epoch: u32) -> Option<&'static str> {
        (denial == Denial::Diverged && upstream_epoch > own_epoch)
            .then_some("FATAL: requested timeline does not contain minimum recovery point: pg_rewind it")
    }
}
