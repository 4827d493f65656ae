//! Redis 7.0, with and without Sentinel.

use super::EngineRules;
use crate::facts::Failure;
use crate::history::Kind;
use crate::time::{SECOND, Us};

/// Redis.
pub struct Redis;

impl EngineRules for Redis {
    fn failure(&self, failure: Failure, _: Kind) -> Option<&'static str> {
        Some(match failure {
            Failure::ReadOnly => "-READONLY You can't write against a read only replica.",
            Failure::TooFewSlaves => "-NOREPLICAS Not enough good replicas to write.",
            Failure::WaitAtSlave => {
                "-ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a replica is \
                 configured to be writable (which is not the default) writes to replicas are just local and are not \
                 propagated."
            }
            Failure::Demoted => {
                "-UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)"
            }
            Failure::Overloaded => "-ERR max number of clients reached",
            _ => return None,
        })
    }

    /// What a replica is still to be sent is in the master's memory, not read from a log: beyond
    /// `client-output-buffer-limit replica` the connection is closed.
    fn drops_slow_slaves(&self) -> bool {
        true
    }

    /// Each second: `replicationCron` sends a newline or an acknowledgement.
    fn heartbeat_us(&self, link_timeout_us: Us) -> Us {
        (link_timeout_us / 2).min(SECOND)
    }
}
