//! What was done, and what can be returned to.

use serde::Serialize;

use crate::session::{Branch, Session};

/// What was done, and what can be returned to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Past {
    /// Whether a command can be taken back.
    pub can_undo: bool,
    /// Whether one that was taken back can be done again.
    pub can_redo: bool,
    /// Number of the branch of now.
    pub here: u32,
    /// All branches, the first one first.
    pub branches: Vec<BranchView>,
}

/// A branch of the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BranchView {
    /// Its number.
    pub number: u32,
    /// The branch that it was forked from.
    pub parent: Option<u32>,
    /// When it was forked off, µs.
    pub forked_us: u64,
    /// The command that made the fork; empty for the first branch.
    pub command: String,
}

/// Undo and redo that are possible, and the branches.
pub fn past(session: &Session) -> Past {
    let branch = |branch: &Branch| BranchView {
        number: branch.number,
        parent: branch.parent,
        forked_us: branch.forked_us,
        command: branch.command.clone(),
    };
    Past {
        can_undo: session.can_undo(),
        can_redo: session.can_redo(),
        here: session.here(),
        branches: session.branches().iter().map(branch).collect(),
    }
}
