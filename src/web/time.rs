//! Time: it passes along with the wall clock, stands still, goes a step or to an instant.

use std::rc::Rc;

use gloo_timers::callback::Interval;
use wasm_bindgen::prelude::*;

use super::plain::{thrown, wall_clock_ms, whole};
use super::player::{PauseOn, on_timer};
use super::{Playground, TIMER_MS};
use crate::error::{Code, Error};
use crate::limits;
use crate::time;

#[wasm_bindgen]
impl Playground {
    /// The simulated time, µs.
    #[wasm_bindgen(js_name = nowUs)]
    pub fn now_us(&self) -> f64 {
        self.player.borrow().session.run().now() as f64
    }

    /// Lets the run go along with the wall clock.
    pub fn play(&mut self) {
        {
            let mut player = self.player.borrow_mut();
            player.playing = true;
            player.moved_ms = Some(wall_clock_ms());
        }
        let player = Rc::downgrade(&self.player);
        let target = self.target.clone();
        self.timer.get_or_insert_with(|| Interval::new(TIMER_MS, move || on_timer(&player, &target)));
    }

    /// Lets time stand still.
    pub fn pause(&mut self) {
        self.player.borrow_mut().playing = false;
        self.timer = None;
    }

    /// Whether the run goes along with the wall clock.
    #[wasm_bindgen(js_name = isPlaying)]
    pub fn is_playing(&self) -> bool {
        self.player.borrow().playing
    }

    /// Simulated time by the wall clock's, in thousandths: 1 to [`limits::SPEED_PERMILLE_MAX`].
    ///
    /// # Errors
    ///
    /// Throws if it is out of range.
    #[wasm_bindgen(js_name = setSpeed)]
    pub fn set_speed(&self, permille: f64) -> Result<(), JsValue> {
        let permille = whole(permille, 1, u64::from(limits::SPEED_PERMILLE_MAX), "The speed").map_err(thrown)?;
        self.player.borrow_mut().permille = u32::try_from(permille).unwrap_or(1_000);
        Ok(())
    }

    /// The speed, as it was set.
    pub fn speed(&self) -> u32 {
        self.player.borrow().permille
    }

    /// When a playing run pauses by itself: `nothing`; `broken`, when a guarantee is broken or a write lost; `stale`, also
    /// when a read is stale.
    ///
    /// # Errors
    ///
    /// Throws for another word.
    #[wasm_bindgen(js_name = setPauseOn)]
    pub fn set_pause_on(&self, what: &str) -> Result<(), JsValue> {
        self.player.borrow_mut().pause_on = match what {
            "nothing" => PauseOn::Nothing,
            "broken" => PauseOn::Broken,
            "stale" => PauseOn::Stale,
            _ => {
                let error = Error::new(Code::Syntax, "There is no such thing to pause on");
                return Err(thrown(error.expecting("nothing, broken or stale")));
            }
        };
        Ok(())
    }

    /// Whether the run has paused by itself since this was asked last.
    #[wasm_bindgen(js_name = tookPause)]
    pub fn took_pause(&self) -> bool {
        std::mem::take(&mut self.player.borrow_mut().broke)
    }

    /// Moves a playing run up to the wall clock. A page calls it in each animation frame.
    pub fn advance(&self) {
        self.player.borrow_mut().advance();
    }

    /// Pauses and goes on by exactly one event or line. False when nothing is left to happen.
    pub fn step(&mut self) -> bool {
        self.pause();
        let mut player = self.player.borrow_mut();
        let stepped = player.session.timeline().step();
        player.count_changes();
        stepped
    }

    /// Pauses and goes back by exactly one event or line. False at the start.
    #[wasm_bindgen(js_name = stepBack)]
    pub fn step_back(&mut self) -> bool {
        self.pause();
        let mut player = self.player.borrow_mut();
        let stepped = player.session.timeline().step_back();
        player.changed();
        stepped
    }

    /// The furthest time that was seen of this text, µs.
    #[wasm_bindgen(js_name = furthestUs)]
    pub fn furthest_us(&self) -> f64 {
        self.player.borrow().session.furthest_us() as f64
    }

    /// Goes to a time of the run, back or forth, µs.
    ///
    /// # Errors
    ///
    /// Throws if it is no time, or longer than a run may be.
    pub fn seek(&self, us: f64) -> Result<(), JsValue> {
        let at = whole(us, 0, limits::RUN_US_MAX, "The time").map_err(thrown)?;
        let mut player = self.player.borrow_mut();
        let there = player.session.timeline().seek(at, limits::EVENTS_PER_SEEK_MAX);
        player.changed();
        if there {
            return Ok(());
        }
        let message = "Too much happens before that time to go there at once: the run stands where it came to";
        Err(thrown(Error::new(Code::Limit, message)))
    }

    /// A time of a run, µs: a span of the run text (`1.2s`, `800ms`), or whole microseconds.
    ///
    /// # Errors
    ///
    /// Throws if it is neither, or longer than a run may be.
    #[wasm_bindgen(js_name = parseTime)]
    pub fn parse_time(text: &str) -> Result<f64, JsValue> {
        time::parse_moment(text).map(|us| us as f64).map_err(thrown)
    }
}
