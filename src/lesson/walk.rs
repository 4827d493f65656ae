//! A lesson that is taken by nobody: up to a step that a link leads to, or to its end for the answers of its questions.

use serde::Serialize;

use super::{Item, Lecture, Lesson};
use crate::error::{Code, Error};
use crate::limits;
use crate::session::Session;
use crate::time::{MS, SECOND, Us};

/// How far the run goes between two looks, µs.
const PACE_US: Us = 50 * MS;
/// A task that is not done by then is done again, µs.
const AGAIN_US: Us = 6 * SECOND;
/// How long a lesson may stand at one place, µs.
const STUCK_US: Us = 180 * SECOND;

/// Of what stands before a question, so many items go with it.
const TOLD_MAX: usize = 3;

/// What stands before a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Whether it is a task, which is done by then.
    pub done: bool,
    /// Its words.
    pub words: String,
}

/// A question of a lesson, for paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Question {
    /// The step that it stands in.
    pub step: String,
    /// What is told and done since the question before it, as far as paper has room for it.
    pub told: Vec<Told>,
    /// What is asked.
    pub words: String,
    /// What can be answered.
    pub answers: Vec<String>,
    /// The place of the answer that the run makes right.
    pub right: usize,
    /// What is told when it is known.
    pub reveal: String,
}

impl Lecture {
    /// Takes the lesson up to a step, from 1 on: tasks are done as the lesson shows them, nothing is predicted. Whether it came
    /// there.
    ///
    /// # Errors
    ///
    /// A line cannot be added to the text.
    pub fn go_to_step(&mut self, step: usize, session: &mut Session) -> Result<bool, Error> {
        let steps = self.lesson.items.iter().enumerate().filter(|(_, item)| matches!(item, Item::Step(_)));
        let Some((place, _)) = steps.into_iter().nth(step.saturating_sub(1)) else { return Ok(false) };
        self.walk(place + 1, session)
    }

    /// Takes the lesson until the items before `to` are done. Whether that came to an end within limits.
    fn walk(&mut self, to: usize, session: &mut Session) -> Result<bool, Error> {
        let begun = session.run().steps();
        let (mut moved_us, mut shown) = (session.run().now(), None);
        self.look(session);
        while self.at < to {
            let (at, now) = (self.at, session.run().now());
            if now > moved_us + STUCK_US || session.run().steps() - begun > limits::EVENTS_PER_SEEK_MAX {
                return Ok(false);
            }
            let here = (at, self.ticked.len(), now / AGAIN_US);
            match self.lesson.items.get(at) {
                Some(Item::Ask { .. }) => {
                    self.answer(0, session);
                    self.given.retain(|(place, _)| *place != at);
                }
                Some(Item::Step(_)) if self.rests() => {
                    self.answer(0, session);
                }
                Some(Item::Task { .. }) if shown != Some(here) => {
                    shown = Some(here);
                    if !self.show(session)? {
                        return Ok(false);
                    }
                }
                _ => {
                    let next = self.next_look(session.run()).min(now + PACE_US);
                    session.timeline().advance(next, limits::EVENTS_PER_SEEK_MAX, None);
                }
            }
            // What the lesson itself shows is right: `cargo test --test challenges` asks the checker.
            while let Some(wanted) = self.wanted(session.run()) {
                self.hear(wanted, true);
            }
            self.look(session);
            if self.at != at {
                moved_us = session.run().now();
            }
        }
        Ok(true)
    }
}

/// The questions of a lesson, with the answers that its own run makes right.
///
/// # Errors
///
/// The lesson breaks the grammar or a limit, or it cannot be taken to its end by what it shows itself.
pub fn questions(text: &str) -> Result<Vec<Question>, Error> {
    let lesson = Lesson::parse(text)?;
    let mut session = Session::new(&lesson.run)?;
    let mut lecture = Lecture::new(lesson);
    if !lecture.walk(lecture.lesson.items.len(), &mut session)? {
        let message = "This lesson does not come to its end by what it shows: it has no answers";
        return Err(Error::new(Code::Limit, message));
    }
    let mut found: Vec<Question> = Vec::new();
    let (mut step, mut told) = ("", Vec::new());
    let tell = |told: &mut Vec<Told>, done, words: &str| told.push(Told { done, words: words.to_owned() });
    for (place, item) in lecture.lesson.items.iter().enumerate() {
        match item {
            Item::Step(words) => step = words,
            Item::Say(words) => tell(&mut told, false, words),
            Item::Task { words, .. } => tell(&mut told, true, words),
            Item::Ask { question, answers } => found.push(Question {
                step: step.to_owned(),
                told: told.split_off(told.len().saturating_sub(TOLD_MAX)),
                words: question.clone(),
                answers: answers.iter().map(|(words, _)| words.clone()).collect(),
                right: lecture.answers(place).1.unwrap_or(0),
                reveal: String::new(),
            }),
            Item::Reveal(words) => {
                told.clear();
                if let Some(question) = found.last_mut() {
                    question.reveal.clone_from(words);
                }
            }
            _ => {}
        }
    }
    Ok(found)
}
