//! MongoDB. From its documents: it was not observed.

use super::EngineRules;
use crate::facts::Failure;
use crate::history::Kind;

/// MongoDB.
pub struct Mongo;

impl EngineRules for Mongo {
    fn failure(&self, failure: Failure, _: Kind) -> Option<&'static str> {
        Some(match failure {
            Failure::ReadOnly => "10107 not primary",
            Failure::NotInTime => "64 waiting for replication timed out",
            _ => return None,
        })
    }
}
