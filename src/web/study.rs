//! Studies, for a worker: each call does one piece, so that progress can be told and a study be given up.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::keep_panics;
use super::plain::{thrown, to_js, whole};
use crate::error::{Code, Error};
use crate::limits;
use crate::run::Run;
use crate::study::{Score, Staleness, Variant};
use crate::view::{self, Vocabulary};

/// Events of one call.
const PIECE: u64 = limits::EVENTS_PER_CALL_MAX;

/// How probable a stale read is, by the time since the write.
#[wasm_bindgen]
pub struct StalenessStudy(Staleness);

/// The curve as far as it is known.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StalenessCurve {
    /// Seeds that were played.
    pub seeds: f64,
    /// Writes that were not acknowledged, and reads that were not answered.
    pub failed: u32,
    /// The points, the earliest first.
    pub points: Vec<StalenessPoint>,
}

/// A point of the curve.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StalenessPoint {
    /// Time since the write was acknowledged, ms.
    pub at_ms: f64,
    /// Reads that were answered.
    pub reads: u32,
    /// The share of them that was stale, 0 to 1; nothing without reads.
    pub share: Option<f64>,
    /// Where the true share lies with a probability of 95 %.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

#[wasm_bindgen]
impl StalenessStudy {
    /// A study of the run of a text as it stands at a time, µs. `span_ms`: how far behind a write to look; without it, as far
    /// as a write needs to reach all slaves.
    ///
    /// # Errors
    ///
    /// Throws if the text breaks the grammar or a limit, or if too much happens before that time.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &str, now_us: f64, span_ms: Option<f64>) -> Result<StalenessStudy, JsValue> {
        keep_panics();
        let now = whole(now_us, 0, limits::RUN_US_MAX, "The time").map_err(thrown)?;
        let span = |ms: f64| whole(ms * 1e3, 1, limits::SPAN_US_MAX, "The time behind a write").map_err(thrown);
        let span_us = span_ms.map(span).transpose()?;
        let mut run = Run::new(text).map_err(thrown)?;
        if !run.advance(now, limits::EVENTS_PER_SEEK_MAX) {
            return Err(thrown(too_much()));
        }
        Ok(Self(Staleness::new(&run, span_us)))
    }

    /// Plays with one more seed.
    ///
    /// # Errors
    ///
    /// Throws if too much happens in this cluster for a study.
    #[wasm_bindgen(js_name = addSeed)]
    pub fn add_seed(&mut self) -> Result<(), JsValue> {
        if self.0.add_seed() { Ok(()) } else { Err(thrown(too_much())) }
    }

    /// The curve as far as it is known: an object like [`StalenessCurve`].
    ///
    /// # Errors
    ///
    /// Throws only if the browser runs out of memory.
    pub fn curve(&self) -> Result<JsValue, JsValue> {
        let points = self.0.points().into_iter().map(|point| StalenessPoint {
            at_ms: point.at_us as f64 / 1e3,
            reads: point.reads,
            share: point.share,
            low: point.low,
            high: point.high,
        });
        to_js(&StalenessCurve { seeds: self.0.seeds() as f64, failed: self.0.failed(), points: points.collect() })
    }
}

fn too_much() -> Error {
    Error::new(Code::Limit, "Too much happens in this run for a study: let it be calmer, or begin earlier in it")
}

/// A run with one thing changed.
#[wasm_bindgen]
pub struct VariantRun(Variant);

/// How a variant went.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VariantScore {
    /// Reads that were answered, per second.
    pub reads: f64,
    /// Writes that were acknowledged, per second.
    pub writes: f64,
    /// Requests that got an error or no answer.
    pub failed: u32,
    /// Of a thousand reads, those that were stale; nothing without reads.
    pub stale: Option<f64>,
    /// The times in which 50, 95 and 99 of a hundred reads were answered, ms.
    pub read_ms: [Option<f64>; 3],
    /// The same for writes.
    pub write_ms: [Option<f64>; 3],
    /// The time in which half of the writes were done at most, ms: exact where all requests are in the text.
    pub median_write_ms: Option<f64>,
    /// Writes that were asked for.
    pub asked: u32,
    /// Acknowledged writes that are lost.
    pub lost: f64,
    /// Writes without an answer, or with none in time.
    pub blocked: f64,
    /// Lines of the text that name what is not there in this variant, and were left out.
    pub left_out: u32,
}

impl From<Score> for VariantScore {
    fn from(score: Score) -> Self {
        let (total, seconds) = (&score.total, score.length_us.max(1) as f64 / 1e6);
        let ms = |us: Option<f64>| us.map(|us| us / 1e3);
        Self {
            reads: f64::from(total.reads) / seconds,
            writes: f64::from(total.writes) / seconds,
            failed: total.failed,
            stale: (total.reads > 0).then(|| f64::from(total.stale) * 1e3 / f64::from(total.reads)),
            read_ms: [50, 95, 99].map(|percent| ms(total.read_us(percent))),
            write_ms: [50, 95, 99].map(|percent| ms(total.write_us(percent))),
            median_write_ms: ms(score.median_write_us),
            asked: score.asked,
            lost: score.lost as f64,
            blocked: score.blocked as f64,
            left_out: u32::try_from(score.left_out).unwrap_or(u32::MAX),
        }
    }
}

#[wasm_bindgen]
impl VariantRun {
    /// The run of a text with another setting (`replication async`) or with so many slaves (`slaves 4`), up to a time, µs.
    /// `seed`: another seed than the text's.
    ///
    /// # Errors
    ///
    /// Throws if the text or the change breaks the grammar or a limit.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &str, change: &str, seed: Option<f64>, until_us: f64) -> Result<VariantRun, JsValue> {
        keep_panics();
        let until = whole(until_us, 0, limits::RUN_US_MAX, "The end").map_err(thrown)?;
        let seed = seed.map(|seed| whole(seed, 0, limits::SEED_MAX, "The seed").map_err(thrown)).transpose()?;
        Variant::new(text, change, seed, until).map(Self).map_err(thrown)
    }

    /// Plays on for a piece. True when it has come to its end.
    pub fn play(&mut self) -> bool {
        self.0.play(PIECE)
    }

    /// Where it is to be played to from now on, µs. Whether anything happens on the way.
    ///
    /// # Errors
    ///
    /// Throws if the time is out of range.
    pub fn aim(&mut self, until_us: f64) -> Result<bool, JsValue> {
        Ok(self.0.aim(whole(until_us, 0, limits::RUN_US_MAX, "The end").map_err(thrown)?))
    }

    /// What is there at the moment, as [`super::Playground::state`] gives it. `words`: whose words the roles have.
    ///
    /// # Errors
    ///
    /// Throws only if the browser runs out of memory.
    pub fn state(&self, words: &str) -> Result<JsValue, JsValue> {
        let words = Vocabulary::named(words).unwrap_or_default().words(self.0.run().cluster().rules().engine);
        to_js(&view::state(self.0.run(), words))
    }

    /// How it went: an object like [`VariantScore`].
    ///
    /// # Errors
    ///
    /// Throws only if the browser runs out of memory.
    pub fn score(&self) -> Result<JsValue, JsValue> {
        to_js(&VariantScore::from(self.0.score()))
    }
}
