//! `holds PROMISE`: a condition that the checker answers. That takes seconds, so it is asked for and told later, by whoever
//! has the time: on the page a worker.

use std::hash::{Hash, Hasher};

use super::{Condition, Item, Lecture};
use crate::check::{Operator, Promise, Question, Reads, Search};
use crate::error::{Code, Error};
use crate::facts::Portable;
use crate::limits;
use crate::run::Run;

/// What a lesson asks of the checker: `PROMISE [operator O] [faults N|any] [reads master|routed] [depth N]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holds {
    /// The promise.
    pub promise: Promise,
    /// Who acts for the cluster; nothing for who fits its settings.
    pub operator: Option<Operator>,
    /// Faults at the same time; nothing for any number.
    pub faults: Option<u8>,
    /// Where clients read.
    pub reads: Reads,
    /// Actions of a way at most.
    pub depth: u8,
}

impl Holds {
    /// Reads the words behind `holds`.
    pub(super) fn parse(words: &[String]) -> Result<Self, Error> {
        let mut words = words.iter().map(String::as_str);
        let promise = Promise::named(words.next().unwrap_or_default())?;
        let mut holds = Self { promise, operator: None, faults: Some(1), reads: Reads::default(), depth: 5 };
        while let Some(word) = words.next() {
            let value = words.next().unwrap_or_default();
            match word {
                "operator" => holds.operator = Some(Operator::named(value)?),
                "faults" if value == "any" => holds.faults = None,
                "faults" => holds.faults = Some(number(word, value, 0, limits::CHECK_FAULTS_MAX)?),
                "reads" => holds.reads = Reads::named(value)?,
                "depth" => holds.depth = number(word, value, 1, limits::CHECK_DEPTH_MAX)?,
                _ => {
                    let shown: String = word.chars().take(24).collect();
                    let message = format!("“{shown}” says nothing of a check");
                    return Err(Error::new(Code::Syntax, message).expecting("operator, faults, reads or depth"));
                }
            }
        }
        Ok(holds)
    }

    /// What is asked, in the words of [`Question::ask`].
    pub fn words(&self) -> String {
        let faults = self.faults.map_or("any".to_owned(), |faults| faults.to_string());
        let operator = self.operator.map(|operator| format!(" operator {}", operator.name())).unwrap_or_default();
        let reads = if self.reads == Reads::Routed { "routed" } else { "master" };
        format!("promise {}{operator} faults {faults} reads {reads} depth {}", self.promise.name(), self.depth)
    }

    /// The question, for a cluster as it is now.
    pub fn question(&self, run: &Run) -> Question {
        let mut question = Question::new(run);
        question.promises = vec![self.promise];
        question.operator = self.operator.unwrap_or(question.operator);
        (question.faults, question.reads, question.depth) = (self.faults, self.reads, self.depth);
        question
    }

    /// Searches for a way that breaks the promise, however long that takes.
    ///
    /// # Errors
    ///
    /// The question cannot be asked of this cluster: then the promise does not hold.
    pub fn check(&self, run: &Run) -> Result<bool, Error> {
        let mut search = Search::new(&self.question(run))?;
        search.run();
        Ok(search.is_complete() && search.finding(self.promise).is_none())
    }
}

fn number(word: &str, value: &str, least: u8, most: u8) -> Result<u8, Error> {
    match value.parse() {
        Ok(number) if (least..=most).contains(&number) => Ok(number),
        _ => {
            let message = format!("A number is missing behind “{word}”, or it is too large");
            Err(Error::new(Code::Limit, message).expecting(format!("{least} to {most}")))
        }
    }
}

/// Something that a lesson waits for the checker to tell: what is asked, and of which cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// What is asked.
    pub holds: Holds,
    /// Settings, nodes and faults of the cluster: the answer holds as long as these do.
    pub cluster: u64,
}

impl Wanted {
    pub(super) fn of(holds: Holds, run: &Run) -> Self {
        Self { holds, cluster: fingerprint(run) }
    }
}

/// What the checker has told: the latest answers.
#[derive(Debug, Clone, Default)]
pub(super) struct Answers(Vec<(Wanted, bool)>);

/// Answers that are kept.
const ANSWERS_KEPT: usize = 64;

impl Answers {
    pub fn get(&self, wanted: &Wanted) -> Option<bool> {
        self.0.iter().find(|(known, _)| known == wanted).map(|(_, holds)| *holds)
    }

    pub fn note(&mut self, wanted: Wanted, holds: bool) {
        self.0.retain(|(known, _)| *known != wanted);
        self.0.push((wanted, holds));
        if self.0.len() > ANSWERS_KEPT {
            self.0.remove(0);
        }
    }
}

impl Lecture {
    /// What the checker must tell before the lesson can go on: the first thing that is not known yet of the cluster as it is
    /// now. Whoever has the time searches ([`Holds::question`]), and tells it with [`Lecture::hear`].
    pub fn wanted(&self, run: &Run) -> Option<Wanted> {
        let since = self.since.in_reach_of(run);
        let wanted = |condition: &Condition| condition.wanted(run, since, &self.answers);
        match self.lesson.items.get(self.at)? {
            Item::Until(condition) => wanted(condition),
            Item::Task { .. } => {
                let tasks = self.lesson.items.iter().enumerate().skip(self.at);
                let open = tasks.take_while(|(_, item)| matches!(item, Item::Task { .. }));
                open.filter(|(place, _)| !self.is_ticked(*place)).find_map(|(_, item)| match item {
                    Item::Task { when, .. } => wanted(when),
                    _ => None,
                })
            }
            _ => None,
        }
    }

    /// Takes note of what the checker has found; [`Lecture::look`] goes on with it.
    pub fn hear(&mut self, wanted: Wanted, holds: bool) {
        self.answers.note(wanted, holds);
    }
}

/// A number for the settings of a cluster, its nodes, and what is broken there now. What clients have written is no part of
/// it.
fn fingerprint(run: &Run) -> u64 {
    let (cluster, mut hasher) = (run.cluster(), Portable::default());
    for setting in cluster.settings() {
        setting.to_string().hash(&mut hasher);
    }
    for member in cluster.members().filter(|member| !member.removed) {
        let node = &member.node;
        member.name.as_str().hash(&mut hasher);
        (member.process, node.followed(), member.priority, node.apply_delay_us).hash(&mut hasher);
        (node.apply_paused, node.fenced, node.read_only).hash(&mut hasher);
    }
    for way in cluster.channels() {
        let held = matches!(way.condition, crate::simulator::Condition::Held { .. });
        (way.from, way.to, held, way.condition == crate::simulator::Condition::Cut).hash(&mut hasher);
        (way.quality.latency_us, way.quality.bandwidth).hash(&mut hasher);
    }
    hasher.finish()
}
