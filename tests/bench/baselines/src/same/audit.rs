//! Whether the work was done, and what came of it. It reads all that is kept, so that no compiler leaves out any of it.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::Same;
use super::facts::KEPT_MAX;
use super::nodes::{Cell, MASTER, Node};
use crate::model::Counts;

/// What is left of a run.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    /// What was counted.
    pub counts: Counts,
    /// Facts that were noted.
    pub facts: u64,
    /// Facts that are kept.
    pub kept: u64,
    /// A hash of all that is kept, in 52 bits, which JSON has room for.
    pub state: u64,
}

impl Same {
    /// What is left of the run.
    ///
    /// # Errors
    ///
    /// Something that is kept does not fit the rest.
    pub fn audit(&self) -> Result<Kept, String> {
        let counts = self.model.counts;
        let kept = self.facts.kept();
        let parts = [
            ("facts", kept.len() as u64 == self.facts.ever().min(KEPT_MAX as u64)),
            ("order of facts", kept.iter().is_sorted_by_key(|fact| fact.at)),
            ("requests", self.requests.are(counts.reads + counts.writes, counts.writes)),
            ("waiting requests", self.requests.waiting_agrees()),
            ("logs", self.nodes.iter().all(|node| self.has_log_of_master(node))),
            ("cells", self.nodes.iter().all(has_cells_of_its_log)),
            ("streams", self.streams.iter().all(|stream| stream.sent == self.nodes[MASTER].end())),
            ("versions", self.referee.knows(self.nodes[MASTER].log().len())),
            ("measurements", self.meters.add_up(self.referee.reads(), self.referee.stale())),
        ];
        match parts.iter().find(|(_, holds)| !holds) {
            Some((part, _)) => Err(format!("error: the same work was not kept: {part}")),
            None => Ok(Kept { counts, facts: self.facts.ever(), kept: kept.len() as u64, state: self.state() }),
        }
    }

    fn has_log_of_master(&self, node: &Node) -> bool {
        self.nodes[MASTER].log().starts_with(node.log())
    }

    fn state(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.facts, &self.nodes, &self.streams, &self.requests, &self.referee, &self.meters).hash(&mut hasher);
        hasher.finish() >> 12
    }
}

fn has_cells_of_its_log(node: &Node) -> bool {
    let mut cells = vec![Cell::default(); node.cells().len()];
    for entry in node.log() {
        cells[entry.key as usize] = Cell { lsn: entry.lsn, write: entry.write };
    }
    cells == node.cells()
}
