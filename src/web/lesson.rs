//! The lesson that is being taken.

use std::rc::Rc;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::Playground;
use super::plain::{thrown, to_js, whole};
use super::player::Player;
use crate::lesson::{self, Wanted};
use crate::scenario::Line;
use crate::time::Us;
use crate::view;

/// What a lesson waits for.
#[derive(Serialize)]
struct CheckWanted {
    asked: String,
    cluster: String,
}

#[wasm_bindgen]
impl Playground {
    /// The lesson that is being taken, as far as it has gone: an object like [`view::lesson::LessonView`]; nothing for a
    /// run without one.
    ///
    /// # Errors
    ///
    /// Throws only if the browser runs out of memory.
    pub fn lesson(&self) -> Result<JsValue, JsValue> {
        let player = self.player.borrow();
        match &player.lecture {
            Some(lecture) => to_js(&view::lesson(lecture, player.session.run(), player.words())),
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// Answers the question of the lesson. False if nothing is asked, or there is no such answer.
    ///
    /// # Errors
    ///
    /// Throws if the number is out of range.
    pub fn answer(&self, answer: f64) -> Result<bool, JsValue> {
        let answer = whole(answer, 0, u64::from(u16::MAX), "The number of the answer").map_err(thrown)?;
        let mut player = self.player.borrow_mut();
        let Player { session, lecture, .. } = &mut *player;
        let answered = lecture.as_mut().is_some_and(|lecture| lecture.answer(answer as usize, session));
        player.text_changed();
        Ok(answered)
    }

    /// What the checker must tell before the lesson can go on: what is asked, in words that `Check` takes, and the cluster
    /// that it is asked of, to be handed back with the answer: `{asked, cluster}`. Nothing if the lesson waits for nothing of
    /// that kind.
    ///
    /// # Errors
    ///
    /// Throws only if the browser runs out of memory.
    #[wasm_bindgen(js_name = checkWanted)]
    pub fn check_wanted(&self) -> Result<JsValue, JsValue> {
        let player = self.player.borrow();
        let wanted = player.lecture.as_ref().and_then(|lecture| lecture.wanted(player.session.run()));
        match wanted {
            Some(Wanted { holds, cluster }) => {
                to_js(&CheckWanted { asked: holds.words(), cluster: format!("{cluster:016x}") })
            }
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// Tells the lesson what the checker has found. False if the lesson waits for something else by now.
    #[wasm_bindgen(js_name = checkTold)]
    pub fn check_told(&self, asked: &str, cluster: &str, holds: bool) -> bool {
        let mut player = self.player.borrow_mut();
        let Player { session, lecture, .. } = &mut *player;
        let Some(lecture) = lecture else { return false };
        let wanted = lecture.wanted(session.run());
        let same = |it: &Wanted| it.holds.words() == asked && format!("{:016x}", it.cluster) == cluster;
        let Some(wanted) = wanted.filter(same) else { return false };
        lecture.hear(wanted, holds);
        player.changed();
        true
    }

    /// Does the task that the lesson waits for. False if there is none, or the lesson does not know how.
    ///
    /// # Errors
    ///
    /// Throws if the text would be over a limit.
    #[wasm_bindgen(js_name = showMe)]
    pub fn show_me(&self) -> Result<bool, JsValue> {
        let mut player = self.player.borrow_mut();
        let Player { session, lecture, .. } = &mut *player;
        let shown = match lecture {
            Some(lecture) => lecture.show(session).map_err(thrown)?,
            None => false,
        };
        player.text_changed();
        Ok(shown)
    }

    /// Leaves the lesson: the run stays, at its moment, with all that was done. The text that the lesson began with; nothing if
    /// none was taken.
    #[wasm_bindgen(js_name = leaveLesson)]
    pub fn leave_lesson(&self) -> Option<String> {
        let mut player = self.player.borrow_mut();
        let left = player.lecture.take().map(|lecture| lecture.lesson().run.clone());
        player.changed();
        left
    }

    /// Takes the lesson up to a step, from 1 on; time stands still then. False if there is no such step, or it cannot be
    /// reached by what the lesson shows.
    ///
    /// # Errors
    ///
    /// Throws if the number is out of range, or the text would be over a limit.
    #[wasm_bindgen(js_name = goToStep)]
    pub fn go_to_step(&mut self, step: f64) -> Result<bool, JsValue> {
        let step = whole(step, 1, u64::from(u16::MAX), "The step").map_err(thrown)?;
        self.pause();
        let mut player = self.player.borrow_mut();
        let Player { session, lecture, .. } = &mut *player;
        let there = match lecture {
            Some(lecture) => lecture.go_to_step(step as usize, session).map_err(thrown)?,
            None => false,
        };
        player.all_changed();
        Ok(there)
    }

    /// What was done so far, line by line: `{place, atUs, line}`.
    ///
    /// # Errors
    ///
    /// Throws only if the browser runs out of memory.
    pub fn acts(&self) -> Result<JsValue, JsValue> {
        let player = self.player.borrow();
        let run = player.session.run();
        let lines = run.scenario().lines().iter().enumerate().take(run.cursor());
        let act = |(place, line): (usize, &Rc<Line>)| {
            Some(Act { place, at_us: line.at?, line: line.command.as_ref()?.to_string() })
        };
        to_js(&lines.filter_map(act).collect::<Vec<_>>())
    }

    /// The text of a lesson from what was done so far. `goals`: places of lines, as `acts` gives them, that the reader is to do.
    pub fn record(&self, title: &str, goals: Vec<u32>) -> String {
        let goals: Vec<usize> = goals.into_iter().map(|place| place as usize).collect();
        lesson::record(self.player.borrow().session.run(), title, &goals)
    }
}

/// Something that was done.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Act {
    place: usize,
    at_us: Us,
    line: String,
}
