//! What was read, what was assumed, what was not understood: each with the line it comes from. Nothing of the paste itself
//! is in these words: they name nodes by their masks, and keys only where these are known words.

use std::collections::BTreeSet;

use serde::Serialize;

use super::text::Place;
use crate::limits;

/// A remark on a line of the paste.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Note {
    /// The line.
    #[serde(flatten)]
    pub place: Place,
    /// The remark.
    pub text: String,
}

/// The three lists.
#[derive(Debug, Clone, Default)]
pub(super) struct Notes {
    pub read: List,
    pub assumed: List,
    pub unclear: List,
    /// Lines with a password.
    pub secrets: BTreeSet<Place>,
}

/// One of them; what does not fit is only counted.
#[derive(Debug, Clone, Default)]
pub(super) struct List {
    pub notes: Vec<Note>,
    pub more: u64,
}

impl List {
    fn add(&mut self, place: Place, text: String) {
        if self.notes.iter().rev().take(8).any(|note| note.place == place && note.text == text) {
            return;
        }
        if self.notes.len() < limits::IMPORT_NOTES_MAX {
            self.notes.push(Note { place, text });
        } else {
            self.more += 1;
        }
    }
}

impl Notes {
    pub fn read(&mut self, place: Place, text: impl Into<String>) {
        self.read.add(place, text.into());
    }

    /// It was read, and nothing secret of it is kept.
    pub fn dropped(&mut self, place: Place, text: impl Into<String>) {
        self.secrets.insert(place);
        self.read(place, text);
    }

    pub fn assume(&mut self, place: Place, text: impl Into<String>) {
        self.assumed.add(place, text.into());
    }

    pub fn unclear(&mut self, place: Place, text: impl Into<String>) {
        self.unclear.add(place, text.into());
    }

    /// Puts the masks of the nodes where their numbers stand.
    pub fn put_masks(&mut self, name: impl Fn(usize) -> String) {
        for list in [&mut self.read, &mut self.assumed, &mut self.unclear] {
            for note in &mut list.notes {
                note.text = with_masks(&note.text, &name);
            }
            list.notes.sort();
            list.notes.dedup();
        }
    }
}

/// Stands for a node until it has its mask.
pub(super) fn mask(node: usize) -> String {
    format!("\u{1}{node}\u{1}")
}

fn with_masks(text: &str, name: impl Fn(usize) -> String) -> String {
    let parts = text.split('\u{1}').enumerate();
    let part = |(number, part): (usize, &str)| match part.parse() {
        Ok(node) if number % 2 == 1 => name(node),
        _ => part.to_owned(),
    };
    parts.map(part).collect()
}
