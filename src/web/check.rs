//! The checker, for a worker: a search in slices, so that it can tell how far it is, and be given up.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::keep_panics;
use super::plain::{thrown, to_js, whole};
use crate::check::{Neighbour, Promise, Question, Search, neighbours, write_us};
use crate::error::{Code, Error};
use crate::limits;
use crate::run::Run;
use crate::scenario::Failover;
use crate::time::Us;
use crate::view::check as told;

/// A search for ways to break what a cluster promises.
#[wasm_bindgen]
pub struct Check {
    question: Question,
    left_out: Vec<String>,
    search: Search,
}

/// What is asked, as it was understood.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    /// When the search begins, µs.
    now_us: f64,
    /// Slaves that are left out because there are too many.
    left_out: Vec<String>,
    /// Who acts.
    operator: &'static str,
    /// Who could.
    operators: Vec<told::OperatorView>,
    /// Faults at the same time; nothing for any number.
    faults: Option<u8>,
    /// Actions of a way at most.
    depth: u8,
    /// How long a write takes that is acknowledged, µs.
    write_us: Option<f64>,
}

#[wasm_bindgen]
impl Check {
    /// A search from the run of a text as it stands at a time, µs. `asked`: what is asked otherwise than usual, such as
    /// `operator hasty faults any depth 4 promise no-lost-writes`.
    ///
    /// # Errors
    ///
    /// Throws if the text breaks the grammar or a limit, if too much happens before that time, or if this cannot be asked.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &str, now_us: f64, asked: &str) -> Result<Check, JsValue> {
        keep_panics();
        let now = whole(now_us, 0, limits::RUN_US_MAX, "The time").map_err(thrown)?;
        Self::of(text, now, asked).map_err(thrown)
    }

    /// Tries so many actions more. True once the search has ended.
    pub fn step(&mut self, transitions: u32) -> bool {
        self.search.step(transitions)
    }

    /// How it stands: an object like [`told::CheckView`].
    ///
    /// # Errors
    ///
    /// Throws only if the browser runs out of memory.
    pub fn told(&self) -> Result<JsValue, JsValue> {
        to_js(&told::check(&self.search))
    }

    /// What is asked, as it was understood.
    ///
    /// # Errors
    ///
    /// Throws only if the browser runs out of memory.
    pub fn asked(&self) -> Result<JsValue, JsValue> {
        let question = &self.question;
        to_js(&Asked {
            now_us: question.run.now() as f64,
            left_out: self.left_out.clone(),
            operator: question.operator.name(),
            operators: told::operators(question.run.cluster().failover() == Failover::Manual),
            faults: question.faults,
            depth: question.depth,
            write_us: write_us(&question.run).map(|us| us as f64),
        })
    }

    /// Whether every way was tried and none breaks what was asked for.
    pub fn holds(&self) -> bool {
        self.search.is_complete() && self.search.findings().is_empty()
    }

    /// What is near and may keep a promise that is broken here.
    ///
    /// # Errors
    ///
    /// Throws if there is no such promise.
    pub fn neighbours(&self, promise: &str) -> Result<Vec<CheckNeighbour>, JsValue> {
        let promise = Promise::named(promise).map_err(thrown)?;
        let near = neighbours(&self.question, promise).into_iter();
        Ok(near.map(|near| CheckNeighbour { near, promise, question: self.question.clone(), search: None }).collect())
    }
}

impl Check {
    fn of(text: &str, now: Us, asked: &str) -> Result<Self, Error> {
        let mut run = Run::new(text)?;
        if !run.advance(now, limits::EVENTS_PER_SEEK_MAX) {
            let message = "Too much happens in this run before the check: let it be calmer, or check it earlier";
            return Err(Error::new(Code::Limit, message));
        }
        let (mut question, left_out) = Question::fitted(&run)?;
        question.ask(asked)?;
        let search = Search::new(&question)?;
        Ok(Self { question, left_out, search })
    }
}

/// One thing that could be otherwise, to be searched in its turn.
#[wasm_bindgen]
pub struct CheckNeighbour {
    near: Neighbour,
    promise: Promise,
    question: Question,
    /// Begun with the first step.
    search: Option<Result<(Search, Option<Us>), Error>>,
}

#[wasm_bindgen]
impl CheckNeighbour {
    /// What is otherwise.
    pub fn words(&self) -> String {
        self.near.words()
    }

    /// Tries so many actions more. True once the search has ended.
    pub fn step(&mut self, transitions: u32) -> bool {
        let (near, question, promise) = (&self.near, &self.question, self.promise);
        let begin = || {
            let other = near.question(question, promise)?;
            Ok((Search::new(&other)?, write_us(&other.run)))
        };
        match self.search.get_or_insert_with(begin) {
            Ok((search, _)) => search.step(transitions),
            Err(_) => true,
        }
    }

    /// What came of it: an object like [`told::NeighbourView`].
    ///
    /// # Errors
    ///
    /// Throws only if the browser runs out of memory.
    pub fn told(&self) -> Result<JsValue, JsValue> {
        let words = self.near.words();
        match &self.search {
            Some(Ok((search, write_us))) => to_js(&told::neighbour(words, search, *write_us)),
            Some(Err(error)) => to_js(&told::neighbour_refused(words, error.message.clone())),
            None => Ok(JsValue::UNDEFINED),
        }
    }
}
