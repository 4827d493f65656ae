//! What the time line is marked with, and how two runs differ in the end.

use serde::Serialize;

use super::model::Part;
use super::sections::MarksChange;
use super::state::state;
use super::story::{plain, seen_write, sentence};
use super::vocabulary::Words;
use crate::facts::{Event, Fact};
use crate::history::OWN_RECORD;
use crate::in_order::put;
use crate::limits;
use crate::referee::Freshness;
use crate::run::Run;
use crate::time::Us;

/// Something that happened, on the time line.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Mark {
    /// When, µs.
    pub at_us: u64,
    /// `write`, `stale`, `broken`, `fault` (crash, freeze, cut), `mend` or `promotion`.
    pub kind: &'static str,
    /// Number of the write that it is about, 0 for none.
    pub write: u32,
    /// What happened, as the story tells it.
    pub text: String,
}

/// The marks of a run, gathered as it goes on.
#[derive(Debug, Default)]
pub struct Marks {
    list: Vec<Mark>,
    /// For each mark the version that brought it to its place: it never falls from one to the next.
    stamps: Vec<u32>,
    /// The version that took some away at the end.
    shortened: u32,
    /// Facts that were looked at.
    seen: u64,
    /// Losses that were marked: when, and of which write.
    losses: Vec<(Us, u32)>,
    /// The words in which they are told.
    words: Option<Words>,
}

impl Marks {
    /// None yet, from this version on: what was told before does not hold.
    pub fn anew(version: u32) -> Self {
        Self { shortened: version, ..Self::default() }
    }

    /// Takes note of what has happened since, as part of this version.
    pub fn gather(&mut self, run: &Run, words: Words, version: u32) {
        if self.words.is_some_and(|before| before != words) {
            *self = Self::anew(version);
        }
        self.words = Some(words);
        let history = run.cluster().history();
        for fact in history.since(self.seen) {
            if self.list.len() >= limits::MARKS_MAX {
                break;
            }
            if let Some((kind, write)) = kind_of(run, &fact) {
                let text = sentence(run, &fact, words).map(|told| plain(&told.parts)).unwrap_or_default();
                self.list.push(Mark { at_us: fact.at_us, kind, write, text });
                self.stamps.push(version);
            }
        }
        self.seen = self.seen.max(history.len());
        // They come in the order of their loss: behind one that is known there is nothing new.
        let lost = run.referee().lost().iter().rev();
        let mut fresh: Vec<(Us, u32)> = lost
            .map(|lost| (lost.at_us, lost.write))
            .take_while(|loss| self.losses.binary_search(loss).is_err())
            .collect();
        fresh.reverse();
        let marks: Vec<Mark> = fresh
            .iter()
            .map(|&(at_us, write)| Mark {
                at_us,
                kind: "broken",
                write,
                text: format!("The acknowledged write #{write} is lost."),
            })
            .collect();
        for loss in fresh {
            put(&mut self.losses, loss, |loss| *loss);
        }
        for mark in marks {
            let place = put(&mut self.list, mark, |mark| mark.at_us);
            self.stamps.push(version);
            for stamp in self.stamps.iter_mut().skip(place) {
                *stamp = version;
            }
        }
    }

    /// Forgets what comes later than now, as part of this version: the text has changed.
    pub fn forget_later(&mut self, run: &Run, version: u32) {
        let kept = self.list.partition_point(|mark| mark.at_us <= run.now());
        if kept < self.list.len() {
            self.list.truncate(kept);
            self.stamps.truncate(kept);
            self.shortened = version;
        }
        self.seen = self.seen.min(run.cluster().history().len());
        self.losses.retain(|(at_us, _)| *at_us <= run.now());
    }

    /// What has changed since a version; nothing if all is as it was.
    pub fn since(&self, since: u32) -> Option<MarksChange<'_>> {
        let from = self.stamps.partition_point(|stamp| *stamp <= since);
        let list = self.list.get(from..).unwrap_or_default();
        (!list.is_empty() || self.shortened > since || since == 0).then_some(MarksChange { from, list })
    }

    /// All marks, the first one first.
    pub fn list(&self) -> &[Mark] {
        &self.list
    }
}

fn kind_of(run: &Run, fact: &Fact) -> Option<(&'static str, u32)> {
    let (history, referee) = (run.cluster().history(), run.referee());
    if history.is_of_load(&fact.event) {
        return None;
    }
    Some(match fact.event {
        Event::Logged { write: OWN_RECORD, .. } => return None,
        Event::Logged { write, .. } | Event::WrittenLocally { write, .. } => ("write", write),
        Event::Crashed { .. } | Event::Stopped { .. } | Event::Frozen { .. } => ("fault", 0),
        Event::Cut { .. } | Event::Held { .. } => ("fault", 0),
        Event::Started { .. } | Event::Thawed { .. } | Event::Healed { .. } => ("mend", 0),
        Event::Promoted { .. } => ("promotion", 0),
        Event::Finished { operation } => {
            let asked = history.operation(operation)?;
            let saw = seen_write(asked);
            let broke = referee.sessions().breaches_of(operation).next().is_some();
            match referee.judgement(operation).map(|judged| judged.freshness) {
                _ if broke => ("broken", saw),
                Some(Freshness::Foreign) => ("broken", saw),
                Some(Freshness::Stale { .. }) => ("stale", saw),
                _ => return None,
            }
        }
        _ => return None,
    })
}

/// What is different between two runs in the end.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// What it is: a verdict's title, or a node and a key.
    pub what: String,
    /// How it is in the one run.
    pub one: Vec<Part>,
    /// How it is in the other.
    pub other: Vec<Part>,
    /// How good it is in each: a verdict's status, else empty.
    pub statuses: (&'static str, &'static str),
}

/// What is different between two runs, each played to its end: values, verdicts, lost writes.
pub fn differences(one: &Run, other: &Run, words: Words) -> Vec<Difference> {
    let (one, other) = (state(one, words), state(other, words));
    let mut found = Vec::new();
    for (a, b) in one.verdicts.iter().zip(&other.verdicts) {
        if (a.status, plain(&a.summary)) != (b.status, plain(&b.summary)) {
            found.push(Difference {
                what: a.title.clone(),
                one: a.summary.clone(),
                other: b.summary.clone(),
                statuses: (a.status, b.status),
            });
        }
    }
    let text = |text: String| vec![Part { text, write: None, hue: None, endpoint: None }];
    for a in &one.nodes {
        let b = other.nodes.iter().find(|b| b.name == a.name);
        let how =
            |node: &super::model::Node| format!("{}, {}, epoch {}", words.say(node.role), node.process, node.epoch);
        let gone = || "not in the cluster".to_owned();
        if b.is_none_or(|b| how(a) != how(b)) {
            let other = b.map_or_else(gone, how);
            found.push(Difference { what: a.name.clone(), one: text(how(a)), other: text(other), statuses: ("", "") });
        }
        let value = |node: &super::model::Node, key: &str| {
            let row = node.rows.iter().find(|row| row.key == key);
            row.and_then(|row| row.value.clone()).unwrap_or_else(|| "–".to_owned())
        };
        let others = b.map(|b| b.rows.iter()).into_iter().flatten();
        let mut keys: Vec<&str> = Vec::new();
        for row in a.rows.iter().chain(others) {
            if let Err(place) = keys.binary_search(&row.key.as_str()) {
                keys.insert(place, &row.key);
            }
        }
        for key in keys {
            let (in_a, in_b) = (value(a, key), b.map_or_else(|| "–".to_owned(), |b| value(b, key)));
            if in_a != in_b {
                let what = format!("{} on {}", super::sentence::shorten(key), a.name);
                found.push(Difference { what, one: text(in_a), other: text(in_b), statuses: ("", "") });
            }
        }
    }
    found
}
