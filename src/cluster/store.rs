//! The store: for each key the write that made its value.

use std::collections::VecDeque;

use crate::facts::{Cell, Lsn};
use crate::history::Entry;

#[derive(Debug, Clone, Copy)]
struct Undo {
    lsn: Lsn,
    key: u32,
    before: Option<Cell>,
}

/// Key to value, by the numbers of key and write.
#[derive(Debug, Clone, Default)]
pub struct Store {
    cells: Vec<Option<Cell>>,
    /// Keys that have a cell.
    len: usize,
    /// How to take back what was applied before it was flushed.
    undo: VecDeque<Undo>,
}

impl Store {
    /// What is held for a key.
    pub fn get(&self, key: u32) -> Option<Cell> {
        self.cells.get(key as usize).copied().flatten()
    }

    /// How many keys were ever written here.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Keys from this number on were never written here.
    pub fn places(&self) -> usize {
        self.cells.len()
    }

    /// All keys that were ever written here.
    pub fn iter(&self) -> impl Iterator<Item = (u32, Cell)> + '_ {
        (0..).zip(&self.cells).filter_map(|(key, cell)| Some((key, (*cell)?)))
    }

    /// Applies an entry of the log. If it is not yet flushed, a crash can take it back.
    pub fn apply(&mut self, entry: &Entry, flushed: bool) {
        let cell = Cell { write: entry.write, lsn: entry.lsn, deleted: entry.delete, local: false };
        let before = self.replace(entry.key, Some(cell));
        if !flushed {
            self.undo.push_back(Undo { lsn: entry.lsn, key: entry.key, before });
        }
    }

    /// Writes past the log, on this node alone. It counts as flushed at once.
    pub fn write_locally(&mut self, key: u32, write: u32, deleted: bool, lsn: Lsn) {
        self.replace(key, Some(Cell { write, lsn, deleted, local: true }));
    }

    /// What was written on this node alone, and stands in its log, is no longer so: it goes to all others.
    pub fn adopt_local(&mut self, logged: &[u32]) {
        for cell in self.cells.iter_mut().flatten().filter(|cell| logged.contains(&cell.write)) {
            cell.local = false;
        }
    }

    /// What is flushed can no longer be taken back.
    pub fn forget_undo(&mut self, flushed: Lsn) {
        while self.undo.front().is_some_and(|undo| undo.lsn <= flushed) {
            self.undo.pop_front();
        }
    }

    /// A crash: takes back what was not flushed.
    pub fn lose_unflushed(&mut self) {
        while let Some(undo) = self.undo.pop_back() {
            // What a slave wrote for itself since then is on disk at once.
            if self.get(undo.key).is_none_or(|cell| !cell.local) {
                self.replace(undo.key, undo.before);
            }
        }
    }

    fn replace(&mut self, key: u32, cell: Option<Cell>) -> Option<Cell> {
        let index = key as usize;
        if self.cells.len() <= index {
            self.cells.resize(index + 1, None);
        }
        let before = self.cells.get_mut(index).and_then(|slot| std::mem::replace(slot, cell));
        self.len = self.len + usize::from(cell.is_some()) - usize::from(before.is_some());
        before
    }
}
