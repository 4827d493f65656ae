//! What each read saw and how it was, until its answer comes and afterwards.

use super::{Freshness, Judgement, place};
use crate::chunks::{Chunks, Recent};
use crate::history::LOAD_FIRST;
use crate::time::Us;

/// A judged read as it is kept: a run under load has a hundred thousand of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lookup {
    pub at_us: Us,
    /// By how much it was stale, µs, and by how many versions.
    pub by_us: Us,
    pub versions: u32,
    pub saw: u32,
    pub newest: u32,
    pub node: u16,
    pub how: How,
    /// Whether the answer has come to the client.
    pub answered: bool,
}

const _: () = assert!(size_of::<Option<Lookup>>() <= 32);

/// [`Freshness`] without its numbers.
#[derive(Debug, Clone, Copy)]
pub(super) enum How {
    Fresh,
    Stale,
    Ahead,
    Foreign,
}

impl Lookup {
    pub fn new(judgement: &Judgement) -> Self {
        let Judgement { node, at_us, saw, newest, freshness, .. } = *judgement;
        let (how, versions, by_us) = match freshness {
            Freshness::Fresh => (How::Fresh, 0, 0),
            Freshness::Stale { versions, by_us } => (How::Stale, versions, by_us),
            Freshness::Ahead => (How::Ahead, 0, 0),
            Freshness::Foreign => (How::Foreign, 0, 0),
        };
        Self { at_us, by_us, versions, saw, newest, node, how, answered: false }
    }

    pub fn judgement(&self, operation: u32) -> Judgement {
        let Self { at_us, by_us, versions, saw, newest, node, how, .. } = *self;
        let freshness = match how {
            How::Fresh => Freshness::Fresh,
            How::Stale => Freshness::Stale { versions, by_us },
            How::Ahead => Freshness::Ahead,
            How::Foreign => Freshness::Foreign,
        };
        Judgement { operation, node, at_us, saw, newest, freshness }
    }
}

/// The last lookup for each request.
#[derive(Debug, Clone, Default)]
pub(super) struct Lookups {
    /// Those of the text's lines, and those of a load that are kept.
    hand: Chunks<Option<Lookup>>,
    load: Recent<Option<Lookup>>,
}

impl Lookups {
    /// A node has looked something up. `dropped`: so many requests of the load are no longer kept.
    pub fn note(&mut self, operation: u32, lookup: Lookup, dropped: u32) {
        if operation < LOAD_FIRST {
            self.hand.put(place(operation), lookup);
            return;
        }
        let (list, number) = (&mut self.load, operation - LOAD_FIRST);
        while list.kept() > 0 && list.dropped() < dropped {
            list.drop_first();
        }
        if list.kept() == 0 && list.next_number() < number {
            list.skip_to(number);
        }
        while list.next_number() < number {
            list.push(None);
        }
        if list.next_number() == number {
            list.push(Some(lookup));
        } else if let Some(slot) = list.get_mut(number) {
            *slot = Some(lookup);
        }
    }

    /// The lookup for a request.
    pub fn get(&self, operation: u32) -> Option<&Lookup> {
        match operation.checked_sub(LOAD_FIRST) {
            Some(number) => self.load.get(number)?.as_ref(),
            None => self.hand.get(place(operation))?.as_ref(),
        }
    }

    /// The same, to change it.
    pub fn get_mut(&mut self, operation: u32) -> Option<&mut Lookup> {
        match operation.checked_sub(LOAD_FIRST) {
            Some(number) => self.load.get_mut(number)?.as_mut(),
            None => self.hand.get_mut(place(operation))?.as_mut(),
        }
    }
}
