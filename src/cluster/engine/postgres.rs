//! PostgreSQL 15, with and without Patroni.

use super::EngineRules;
use crate::facts::{Denial, Failure};
use crate::history::Kind;

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
}
