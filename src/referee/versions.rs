//! What the master has shown for each key, and since when.

use crate::chunks::Chunks;
use crate::facts::Lsn;
use crate::time::Us;

/// A version of a key in the master's history.
#[derive(Debug, Clone, Copy)]
pub(super) struct Version {
    pub lsn: Lsn,
    pub write: u32,
    pub visible_us: Us,
}

/// All of them: one list for all keys, in which each version knows the one before it of the same key. So copies of a run
/// share all but its end.
#[derive(Debug, Clone, Default)]
pub(super) struct Versions {
    /// A version, and the place of the one before it, from 1; 0 for none.
    list: Chunks<(Version, u32)>,
    /// By key: the place of the newest one, from 1; 0 for none.
    newest: Vec<u32>,
}

impl Versions {
    fn at(&self, place: u32) -> Option<&(Version, u32)> {
        self.list.get((place as usize).checked_sub(1)?)
    }

    /// The newest version of a key.
    pub fn newest(&self, key: u32) -> Option<&Version> {
        self.at(*self.newest.get(key as usize)?).map(|(version, _)| version)
    }

    /// Adds a version that is newer than all others of its key.
    pub fn add(&mut self, key: u32, version: Version) {
        let index = key as usize;
        if self.newest.len() <= index {
            self.newest.resize(index + 1, 0);
        }
        if let Some(newest) = self.newest.get_mut(index) {
            self.list.push((version, *newest));
            *newest = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        }
    }

    /// How many versions of a key are behind a position, the first one of them, and the last one up to the position.
    pub fn behind(&self, key: u32, lsn: Lsn) -> (u32, Option<&Version>, Option<&Version>) {
        let (mut count, mut first) = (0, None);
        let mut place = self.newest.get(key as usize).copied().unwrap_or(0);
        while let Some((version, before)) = self.at(place) {
            if version.lsn <= lsn {
                return (count, first, Some(version));
            }
            count += 1;
            first = Some(version);
            place = *before;
        }
        (count, first, None)
    }

    /// What is behind a position was never shown, as far as anybody can tell now.
    pub fn forget_behind(&mut self, last: Lsn) {
        for key in 0..self.newest.len() {
            let mut place = self.newest.get(key).copied().unwrap_or(0);
            while let Some((_, before)) = self.at(place).filter(|(version, _)| version.lsn > last) {
                place = *before;
            }
            if let Some(newest) = self.newest.get_mut(key) {
                *newest = place;
            }
        }
    }
}
