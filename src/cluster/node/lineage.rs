//! The name of a node's history, as Redis gives it: a replication id, and up to where the one before it holds, too.
//! Engines that compare the histories themselves do not look at it.

use crate::cluster::store::Store;
use crate::facts::{Lsn, Position};

/// The name of a history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lineage {
    /// Its id (`master_replid`): a number that no other history has.
    pub id: u32,
    /// The id before that, and the last position that the two have in common (`master_replid2`, `second_repl_offset`).
    pub before: Option<(u32, Lsn)>,
    /// Whether a slave knows to which history its position belongs; else it asks for a copy.
    pub known: bool,
}

/// A whole copy of another node's state, in a file.
#[derive(Debug, Clone)]
pub struct Copied {
    /// Its point of history.
    pub at: Position,
    /// Keys and values.
    pub store: Store,
    /// The id of its history.
    pub lineage: u32,
}

impl Default for Copied {
    fn default() -> Self {
        Self { at: Position::default(), store: Store::default(), lineage: 1 }
    }
}

impl Default for Lineage {
    fn default() -> Self {
        Self::named(1)
    }
}

impl Lineage {
    /// A history that shares nothing with another one, as far as is known.
    pub fn named(id: u32) -> Self {
        Self { id, before: None, known: true }
    }

    /// The same history, under another id from behind this position on.
    pub fn renamed(self, id: u32, upto: Lsn) -> Self {
        Self { id, before: self.known.then_some((self.id, upto)), known: true }
    }

    /// The id under which a slave asks to go on; nothing if it needs a copy.
    pub fn asked(&self) -> Option<u32> {
        self.known.then_some(self.id)
    }

    /// Whether a position in the history of that id is one of this history.
    pub fn holds(&self, id: u32, lsn: Lsn) -> bool {
        id == self.id || self.before.is_some_and(|(before, upto)| id == before && lsn <= upto)
    }
}
