//! The run as a text: opened, added to by commands, taken back, branched.

use wasm_bindgen::prelude::*;

use super::Playground;
use super::plain::{thrown, to_js, whole};
use super::player::opened;
use crate::error::{Code, Error};
use crate::limits;
use crate::scenario;
use crate::view;

#[wasm_bindgen]
impl Playground {
    /// The text of the run, with all that was done.
    pub fn text(&self) -> String {
        self.player.borrow().session.run().text()
    }

    /// Starts the run of another text, paused.
    ///
    /// # Errors
    ///
    /// Throws if the text breaks the grammar or a limit; the run stays as it was.
    #[wasm_bindgen(js_name = setText)]
    pub fn set_text(&mut self, text: &str) -> Result<(), JsValue> {
        let (session, lecture) = opened(text).map_err(thrown)?;
        self.pause();
        let mut player = self.player.borrow_mut();
        player.session = session;
        player.lecture = lecture;
        player.rest_us = 0.0;
        player.all_changed();
        Ok(())
    }

    /// Does a command now and writes it into the text.
    ///
    /// # Errors
    ///
    /// Throws if the command breaks the grammar or a limit; nothing has changed.
    pub fn command(&self, line: &str) -> Result<(), JsValue> {
        let mut player = self.player.borrow_mut();
        let done = player.session.command(line);
        player.text_changed();
        done.map(|_| ()).map_err(thrown)
    }

    /// A key or value as a word of the run text.
    ///
    /// # Errors
    ///
    /// Throws if it is longer than a value may be.
    pub fn quote(word: &str) -> Result<String, JsValue> {
        if word.len() > limits::VALUE_BYTES_MAX {
            let message = format!("At most {} bytes are allowed here", limits::VALUE_BYTES_MAX);
            return Err(thrown(Error::new(Code::Limit, message)));
        }
        Ok(scenario::quote(word))
    }

    /// Takes the last command back, and returns to its instant, paused. False if there is none.
    pub fn undo(&mut self) -> bool {
        self.pause();
        let mut player = self.player.borrow_mut();
        let undone = player.session.undo();
        player.all_changed();
        undone
    }

    /// Does again what was taken back last, at its instant. False if there is nothing.
    ///
    /// # Errors
    ///
    /// Throws if the text would be over a limit.
    pub fn redo(&mut self) -> Result<bool, JsValue> {
        self.pause();
        let mut player = self.player.borrow_mut();
        let redone = player.session.redo().map_err(thrown);
        player.all_changed();
        redone
    }

    /// Returns to another branch, where it was left, paused. False if there is none with this number.
    ///
    /// # Errors
    ///
    /// Throws if the number is out of range.
    #[wasm_bindgen(js_name = switchTo)]
    pub fn switch_to(&mut self, number: f64) -> Result<bool, JsValue> {
        let number = whole(number, 0, u64::from(u32::MAX), "The number of the branch").map_err(thrown)?;
        self.pause();
        let mut player = self.player.borrow_mut();
        let there = player.session.switch(number as u32).map_err(thrown)?;
        player.all_changed();
        Ok(there)
    }

    /// Goes on with another text from a time on, µs, paused: as a branch of its own, of this name. The run as it was is kept.
    ///
    /// # Errors
    ///
    /// Throws if the text breaks the grammar or a limit, or the time is out of range; the run stays as it was.
    #[wasm_bindgen(js_name = branchOff)]
    pub fn branch_off(&mut self, text: &str, at_us: f64, name: &str) -> Result<(), JsValue> {
        let at = whole(at_us, 0, limits::RUN_US_MAX, "The time").map_err(thrown)?;
        self.pause();
        let mut player = self.player.borrow_mut();
        player.session.branch_off(text, at, name).map_err(thrown)?;
        player.all_changed();
        Ok(())
    }

    /// What is different between the branch of now and another one, each played to its end: objects like
    /// [`view::marks::Difference`].
    ///
    /// # Errors
    ///
    /// Throws if there is no such branch, or too much happens in one of them.
    pub fn compare(&self, number: f64) -> Result<JsValue, JsValue> {
        let number = whole(number, 0, u64::from(u32::MAX), "The number of the branch").map_err(thrown)?;
        let player = self.player.borrow();
        let (session, words) = (&player.session, player.words());
        match (session.played_out(session.here()), session.played_out(number as u32)) {
            (Some(here), Some(other)) => to_js(&view::differences(&here, &other, words)),
            _ => {
                let message = "There is no such branch, or too much happens in it to compare it at once";
                Err(thrown(Error::new(Code::Limit, message)))
            }
        }
    }

    /// The text of a run or a lesson with this seed, in place of its own.
    ///
    /// # Errors
    ///
    /// Throws if the seed is no whole number from 0 to 2^53 - 1, or the text breaks the grammar or a limit.
    #[wasm_bindgen(js_name = withSeed)]
    pub fn with_seed(text: &str, seed: f64) -> Result<String, JsValue> {
        // A part of a number is no seed, though it lies between two.
        let seed = if seed.trunc() == seed { seed } else { f64::NAN };
        let seed = whole(seed, 0, limits::SEED_MAX, "The seed").map_err(thrown)?;
        crate::lesson::with_seed(text, seed).map_err(thrown)
    }

    /// The presets to choose from: objects like `PresetView` of `types.d.ts`.
    ///
    /// # Errors
    ///
    /// Throws only if the browser runs out of memory.
    pub fn presets() -> Result<JsValue, JsValue> {
        to_js(&view::presets())
    }

    /// A hash of the state and of all that happened, 16 hexadecimal digits. The same on every machine.
    pub fn hash(&self) -> String {
        format!("{:016x}", self.player.borrow().session.run().hash())
    }
}
