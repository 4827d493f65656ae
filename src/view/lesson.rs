//! A lesson as a page shows it: what the reader has met so far.

use std::cmp::Ordering;

use serde::Serialize;

use super::hint::{Wanted, hint, wanted};
use super::vocabulary::Words;
use crate::lesson::{Item, Lecture};
use crate::run::Run;
use crate::time::{SECOND, Us};

/// No lesson waits for longer by itself, µs; tests/lesson_walk.rs measures it.
const LONG_US: Us = 20 * SECOND;

/// A lesson while it is being taken.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LessonView {
    /// Its title.
    pub title: String,
    /// The same as the text has it, whatever a master is called.
    pub name: String,
    /// Steps in all.
    pub steps: u32,
    /// Whether the next step waits until the reader goes on.
    pub rests: bool,
    /// Whether it goes on by itself once something has happened: then time must not stand still.
    pub waits: bool,
    /// Whether it has waited for longer than any lesson does by itself: what the reader did may stand in the way.
    pub long: bool,
    /// Whether all is done.
    pub done: bool,
    /// What the reader has met so far, the first one first.
    pub items: Vec<ItemView>,
}

/// One part of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemView {
    /// `step`, `say`, `task`, `ask`, `reveal` or `learned`.
    pub kind: &'static str,
    /// Its words; code stands between backticks.
    pub words: String,
    /// Whether a task is done, or a question answered.
    pub done: bool,
    /// Whether the page can do the task for the reader.
    pub by: bool,
    /// What the first task that waits asks for, so that a page can fill in its fields and point at the control.
    pub wanted: Option<Wanted>,
    /// What to say of the reader's last try at it, if it went wrong.
    pub hint: Option<String>,
    /// The answers to a question; for `reveal` those of the question that it is about.
    pub answers: Vec<String>,
    /// Place of the answer that the reader gave.
    pub given: Option<u32>,
    /// Place of the answer that was right, once the run has decided it.
    pub right: Option<u32>,
}

/// What a reader has met of a lesson so far.
pub fn lesson(lecture: &Lecture, run: &Run, words: Words) -> LessonView {
    let items = &lecture.lesson().items;
    let mut seen = Vec::new();
    let mut asked = 0;
    for (place, item) in items.iter().enumerate() {
        // Of tasks behind each other all are seen: they can be done in any order.
        let among_tasks = matches!(item, Item::Task { .. })
            && items
                .get(lecture.at()..place)
                .is_some_and(|some| some.iter().all(|item| matches!(item, Item::Task { .. })));
        if place > lecture.at() && !among_tasks {
            break;
        }
        if matches!(item, Item::Ask { .. }) {
            asked = place;
        }
        seen.extend(view(lecture, place, item, asked, words));
    }
    let mut tasks = seen.iter_mut().filter(|item| item.kind == "task" && !item.done);
    if let Some(task) = tasks.next() {
        let lines = lecture.lines_wanted(run);
        task.wanted = lines.first().map(wanted);
        task.hint = lecture.attempt(run, &lines).and_then(|attempt| hint(&attempt, run, words));
    }
    LessonView {
        title: words.say(&lecture.lesson().title),
        name: lecture.lesson().title.clone(),
        steps: items.iter().filter(|item| matches!(item, Item::Step(_))).count() as u32,
        rests: lecture.rests(),
        waits: matches!(items.get(lecture.at()), Some(Item::Until(_) | Item::Reveal(_) | Item::Task { .. })),
        long: lecture.waited_us(run) > LONG_US,
        done: lecture.at() >= items.len(),
        items: seen,
    }
}

fn view(lecture: &Lecture, place: usize, item: &Item, asked: usize, said: Words) -> Option<ItemView> {
    let passed = place < lecture.at();
    let plain = |kind, words: &str| ItemView {
        kind,
        words: said.say(words),
        done: passed,
        by: false,
        wanted: None,
        hint: None,
        answers: Vec::new(),
        given: None,
        right: None,
    };
    let place_of = |place: Option<usize>| place.and_then(|place| u32::try_from(place).ok());
    let (given, right) = lecture.answers(asked);
    Some(match item {
        Item::Step(_) if !passed => return None,
        Item::Step(words) => plain("step", words),
        Item::Say(words) => plain("say", words),
        Item::Task { words, by, .. } => {
            ItemView { done: lecture.is_ticked(place), by: !by.is_empty(), ..plain("task", words) }
        }
        Item::Ask { question, answers } => ItemView {
            answers: answers.iter().map(|(words, _)| said.say(words)).collect(),
            given: place_of(given),
            right: place_of(right),
            ..plain("ask", question)
        },
        Item::Par(par) if passed => plain("say", &against_par(lecture.needed(), *par)),
        Item::Learned(words) => plain("learned", words),
        Item::Reveal(words) if passed => plain("reveal", words),
        Item::Reveal(_) | Item::Par(_) | Item::Do(_) | Item::Mend | Item::Until(_) => return None,
    })
}

/// Golf: fewer lines are better.
fn against_par(needed: usize, par: u32) -> String {
    let lines = if needed == 1 { "one line".to_owned() } else { format!("{needed} lines") };
    let how = match needed.cmp(&(par as usize)) {
        Ordering::Less => "Fewer than par",
        Ordering::Equal => "As good as par",
        Ordering::Greater => "Go back in time to do it in fewer",
    };
    format!("You needed {lines}; par is {par}. {how}.")
}
