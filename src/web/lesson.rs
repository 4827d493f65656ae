//! The lesson that is being taken.

use wasm_bindgen::prelude::*;

use super::Playground;
use super::plain::{thrown, to_js, whole};
use super::player::Player;
use crate::view;

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
}
