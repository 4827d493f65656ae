//! Questions without end, and those of the lessons for paper. No run is needed for them.

use wasm_bindgen::prelude::*;

use super::Playground;
use super::plain::{thrown, to_js, whole};
use crate::limits;
use crate::{lesson, practice};

#[wasm_bindgen]
impl Playground {
    /// A lesson with one question under a preset, at a level of 1 to 4: the same for the same seed, always.
    ///
    /// # Errors
    ///
    /// Throws if there is no such preset or level, the seed is no whole number from 0 to 2^53 - 1, or no run with this seed
    /// decides its question.
    pub fn practice(preset: &str, level: f64, seed: f64) -> Result<String, JsValue> {
        let level = whole(level, 1, u64::from(practice::LEVEL_MAX), "The level").map_err(thrown)?;
        let seed = if seed.trunc() == seed { seed } else { f64::NAN };
        let seed = whole(seed, 0, limits::SEED_MAX, "The seed").map_err(thrown)?;
        practice::puzzle(preset, level as u8, seed).map(|puzzle| puzzle.text).map_err(thrown)
    }

    /// The questions of a lesson, with the answers that its own run makes right: objects like [`lesson::Question`].
    ///
    /// # Errors
    ///
    /// Throws if the lesson breaks the grammar or a limit, or does not come to its end by itself.
    pub fn questions(text: &str) -> Result<JsValue, JsValue> {
        to_js(&lesson::questions(text).map_err(thrown)?)
    }
}
