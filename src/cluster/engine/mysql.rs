//! MySQL 8, with GTID. From its documents: it was not observed.

use super::EngineRules;
use crate::facts::{Denial, Failure};
use crate::history::Kind;

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
            Denial::Ahead | Denial::Unlinked => return None,
        })
    }
}
