//! MongoDB. From its documents and its sources: it was not observed. How its members elect a primary is in
//! `detector/election.rs`.

use super::EngineRules;
use crate::facts::{Denial, Failure};
use crate::history::Kind;

/// MongoDB.
pub struct Mongo;

impl EngineRules for Mongo {
    fn failure(&self, failure: Failure, _: Kind) -> Option<&'static str> {
        Some(match failure {
            Failure::ReadOnly => "10107 not primary",
            Failure::Recovering => "13436 not primary or secondary; cannot currently read from this replSet member",
            Failure::NotInTime => "64 waiting for replication timed out",
            _ => return None,
        })
    }

    /// The manual, “Resync a Member of a Replica Set” and “Replica Set Member States”: a member that is too stale to go on
    /// from anybody's oplog is RECOVERING, which answers no reads.
    fn read_when_denied(&self, denial: Denial) -> Option<Failure> {
        (denial == Denial::Gap).then_some(Failure::Recovering)
    }
}
