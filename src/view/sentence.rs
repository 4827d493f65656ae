//! Sentences, piece by piece.

use super::hue;
use super::model::Part;
use super::vocabulary::Words;
use crate::cluster::Cluster;
use crate::facts::Failure;
use crate::history::{Kind, OWN_RECORD};
use crate::scenario::Engine;
use crate::time::{self, Us};

/// Characters of a key or value that a sentence shows.
const SHOWN_CHARS_MAX: usize = 40;

/// A sentence in the making. It goes from hand to hand: boxed, that moves one pointer.
pub(super) struct Telling<'a>(Box<Said<'a>>);

/// What has been said so far, and whose names are known.
struct Said<'a> {
    cluster: &'a Cluster,
    words: Words,
    parts: Vec<Part>,
}

impl<'a> Telling<'a> {
    pub fn new(cluster: &'a Cluster, words: Words) -> Self {
        Self(Box::new(Said { cluster, words, parts: Vec::new() }))
    }

    /// The words in which it is said.
    pub fn words(&self) -> Words {
        self.0.words
    }

    /// Our own words. What comes from outside goes through [`Telling::quote`].
    pub fn text(self, text: impl AsRef<str>) -> Self {
        let said = self.0.words.say(text.as_ref());
        self.quote(&said)
    }

    /// Why a request failed: an engine's error as it is, one of ours in these words.
    pub fn failure(self, failure: Failure, kind: Kind) -> Self {
        let text = failure_text(self.0.cluster, failure, kind, self.0.words);
        self.quote(&text)
    }

    /// Words from outside: a key, a value, a line of the text.
    pub fn quote(mut self, text: &str) -> Self {
        match self.0.parts.last_mut() {
            Some(last) if last.write.is_none() && last.endpoint.is_none() => last.text.push_str(text),
            _ => self.0.parts.push(Part { text: text.to_owned(), write: None, hue: None, endpoint: None }),
        }
        self
    }

    /// The name of a node or client.
    pub fn name(mut self, id: u16) -> Self {
        let text = self.0.cluster.name(id).to_owned();
        self.0.parts.push(Part { text, write: None, hue: None, endpoint: Some(id) });
        self
    }

    /// The number of a write.
    pub fn write(mut self, write: u32) -> Self {
        self.0.parts.push(Part {
            text: format!("#{write}"),
            write: Some(write),
            hue: Some(hue(write)),
            endpoint: None,
        });
        self
    }

    /// `cart = 2 #2`, or `cart deleted #3`.
    pub fn assignment(self, write: u32) -> Self {
        if write == OWN_RECORD {
            return self.text("a record of its own");
        }
        let history = self.0.cluster.history();
        let key = history.write(write).map_or("", |record| history.key(record.key));
        let said = match history.value(write) {
            Some(value) => format!("{} = {} ", shorten(key), shorten(&value)),
            None => format!("{} deleted ", shorten(key)),
        };
        self.quote(&said).write(write)
    }

    /// A time since the start of the run.
    pub fn at(self, at: Us) -> Self {
        self.quote(&clock(at))
    }

    pub fn done(self) -> Vec<Part> {
        self.0.parts
    }
}

/// Why a request failed: an engine's error as it is, one of ours in these words.
pub(super) fn failure_text(cluster: &Cluster, failure: Failure, kind: Kind, words: Words) -> String {
    let text = failure.text(cluster.rules().engine, kind);
    // An engine that has no error for it borrows ours.
    if text == failure.text(Engine::Plain, kind) { words.say(text) } else { text.to_owned() }
}

/// A time of the clock: `1.200 s`.
pub fn clock(at: Us) -> String {
    let ms = at / time::MS;
    format!("{}.{:03} s", ms / 1_000, ms % 1_000)
}

/// A span as one says it, to two or three digits: `850 ms`, `1.25 s`.
pub(super) fn span(us: Us) -> String {
    let rounded = if us < 10 * time::MS {
        us / 10 * 10
    } else if us < time::SECOND {
        us / time::MS * time::MS
    } else {
        us / (10 * time::MS) * (10 * time::MS)
    };
    time::say(rounded)
}

/// A count with its noun.
pub(super) fn count(number: u64, one: &str, many: &str) -> String {
    if number == 1 { format!("one {one}") } else { format!("{number} {many}") }
}

/// The same with an upper-case letter in front.
pub(super) fn capital(sentence: &str) -> String {
    let mut capital = sentence.to_owned();
    if let Some(first) = capital.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    capital
}

/// A word from outside, short enough for a sentence.
pub(super) fn shorten(word: &str) -> String {
    if word.chars().count() <= SHOWN_CHARS_MAX {
        return word.to_owned();
    }
    let short: String = word.chars().take(SHOWN_CHARS_MAX).collect();
    format!("{short}…")
}
