//! What is seen of a run: what has changed, the messages on their way, and what is looked up when somebody asks.

use js_sys::Float64Array;
use wasm_bindgen::prelude::*;

use super::Playground;
use super::plain::{thrown, to_js, whole};
use super::player::Player;
use crate::error::{Code, Error};
use crate::limits;
use crate::view::{self, Vocabulary, model};

#[wasm_bindgen]
impl Playground {
    /// In which words a master and its slaves are spoken of: `master` (master and slave), `primary` (primary and replica), or
    /// `engine` (as the engine of the run calls them), which is so from the start. Keys, values, names and what an engine
    /// itself says stay as they are, and so do the run, its text and its hash.
    ///
    /// # Errors
    ///
    /// Throws for another word.
    #[wasm_bindgen(js_name = setVocabulary)]
    pub fn set_vocabulary(&self, name: &str) -> Result<(), JsValue> {
        let mut player = self.player.borrow_mut();
        player.vocabulary = Vocabulary::named(name).ok_or_else(|| {
            thrown(Error::new(Code::Syntax, "There is no such vocabulary").expecting("master, primary or engine"))
        })?;
        player.changed();
        Ok(())
    }

    /// Grows when [`Playground::state`] may have changed. Messages that merely move do not count.
    pub fn version(&self) -> u32 {
        self.player.borrow().version
    }

    /// What of all that is drawn has changed since a version, 0 for everything: an object like
    /// [`view::sections::Changes`], which has the version to ask from the next time.
    ///
    /// # Errors
    ///
    /// Throws if it is no version, or the browser runs out of memory.
    pub fn changes(&self, since: f64) -> Result<JsValue, JsValue> {
        let since = whole(since, 0, u64::from(u32::MAX), "The version").map_err(thrown)?;
        to_js(&self.player.borrow_mut().changes(since as u32))
    }

    /// Everything that is drawn: an object like [`model::State`].
    ///
    /// # Errors
    ///
    /// Throws only if the browser runs out of memory.
    pub fn state(&self) -> Result<JsValue, JsValue> {
        let player = self.player.borrow();
        to_js(&view::state(player.session.run(), player.words()))
    }

    /// Why a request came out as it did: an object like [`view::why::Why`]; nothing for one that there is not.
    ///
    /// # Errors
    ///
    /// Throws if it is no number of a request.
    pub fn why(&self, operation: f64) -> Result<JsValue, JsValue> {
        let operation = whole(operation, 0, u64::from(u32::MAX), "The number of the request").map_err(thrown)?;
        let player = self.player.borrow();
        match view::why(player.session.run(), operation as u32, player.words(), |at| player.session.copy_at(at)) {
            Some(why) => to_js(&why),
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// The space-time diagram of a window: an object like [`view::spacetime::SpaceTime`].
    ///
    /// # Errors
    ///
    /// Throws if a time is out of range, or too much happens before the window.
    pub fn spacetime(&self, from_us: f64, to_us: f64) -> Result<JsValue, JsValue> {
        let from = whole(from_us, 0, limits::RUN_US_MAX, "The time").map_err(thrown)?;
        let to = whole(to_us, 0, limits::RUN_US_MAX, "The time").map_err(thrown)?;
        let player = self.player.borrow();
        match player.session.copy_at(from) {
            Some(run) => to_js(&view::spacetime(run, to, player.words())),
            None => Err(thrown(Error::new(Code::Limit, "Too much happens before that time to go there at once"))),
        }
    }

    /// How far slaves lag, what reading costs, the autopsy of each failover: an object like [`view::report::Report`].
    ///
    /// # Errors
    ///
    /// Throws only if the browser runs out of memory.
    pub fn report(&self) -> Result<JsValue, JsValue> {
        let player = self.player.borrow();
        to_js(&view::report(player.session.run(), player.words()))
    }

    /// What was measured between two times, µs, in at most so many points: an object like [`view::charts::Charts`].
    ///
    /// # Errors
    ///
    /// Throws if a time is not within the run's limits, or the number of points is not.
    pub fn charts(&self, from_us: f64, to_us: f64, points: f64) -> Result<JsValue, JsValue> {
        let time = |us, what| whole(us, 0, limits::RUN_US_MAX, what).map_err(thrown);
        let (from_us, to_us) = (time(from_us, "The begin")?, time(to_us, "The end")?);
        let points = whole(points, 1, limits::CHART_POINTS_MAX, "The number of points").map_err(thrown)?;
        let points = usize::try_from(points).unwrap_or(1);
        to_js(&view::charts(self.player.borrow().session.run(), from_us, to_us, points))
    }

    /// Facts so far.
    #[wasm_bindgen(js_name = storyLength)]
    pub fn story_length(&self) -> f64 {
        self.player.borrow().session.run().cluster().history().len() as f64
    }

    /// What happened from a fact on: objects like [`model::Sentence`].
    ///
    /// # Errors
    ///
    /// Throws if `since` is no number of a fact.
    pub fn story(&self, since: f64) -> Result<JsValue, JsValue> {
        let since = whole(since, 0, u64::MAX >> 12, "The number of the fact").map_err(thrown)?;
        let player = self.player.borrow();
        to_js(&view::story(player.session.run(), since, player.words()))
    }

    /// The messages on their way, in columns: see [`model::PACKET_STRIDE`].
    pub fn packets(&self) -> Float64Array {
        let mut player = self.player.borrow_mut();
        let Player { session, columns, .. } = &mut *player;
        view::packets(session.run(), columns);
        Float64Array::from(columns.as_slice())
    }

    /// What one message carries: an object like [`model::Packet`], or nothing when it has arrived.
    ///
    /// # Errors
    ///
    /// Throws if `id` is no number of a message.
    pub fn packet(&self, id: f64) -> Result<JsValue, JsValue> {
        let id = whole(id, 0, u64::from(u32::MAX), "The number of the message").map_err(thrown)?;
        let player = self.player.borrow();
        match view::packet(player.session.run(), id as u32, player.words()) {
            Some(packet) => to_js(&packet),
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// The kinds of messages, at the index that the columns use.
    #[wasm_bindgen(js_name = packetKinds)]
    pub fn packet_kinds() -> Vec<String> {
        model::PACKET_KINDS.iter().map(|kind| (*kind).to_owned()).collect()
    }

    /// Numbers for each message in the columns.
    #[wasm_bindgen(js_name = packetStride)]
    pub fn packet_stride() -> usize {
        model::PACKET_STRIDE
    }

    /// The hue of a write on the colour wheel, degrees.
    pub fn hue(write: u32) -> u16 {
        view::hue(write)
    }
}
