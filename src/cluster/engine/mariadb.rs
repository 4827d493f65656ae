//! MariaDB 10.11, with GTID.

use super::EngineRules;
use crate::facts::{Denial, Failure};
use crate::history::Kind;

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
            Denial::Ahead | Denial::Unlinked => return None,
        })
    }
}
