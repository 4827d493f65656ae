//! What a page is told of a search of the checker: how each promise stands, the findings, and how far it is.

use serde::Serialize;

use crate::check::{Counts, Ending, Finding, OPERATORS, Operator, Promise, Search, Standing};
use crate::time::Us;

/// How a search stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckView {
    /// Actions of the ways that are tried now.
    pub depth: u8,
    /// States of this level whose ways were gone on with, and how many there are.
    pub at: u32,
    /// See `at`.
    pub of: u32,
    /// States so far that differ.
    pub states: u32,
    /// Actions that were tried.
    pub transitions: f64,
    /// `open`, `complete`, `out-of-states` or `exhausted`.
    pub ending: &'static str,
    /// Findings that were left out because their run does not show them.
    pub unconfirmed: u32,
    /// Each promise that was asked for.
    pub promises: Vec<PromiseView>,
}

/// How a promise stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PromiseView {
    /// Its name.
    pub name: &'static str,
    /// Its sentence.
    pub title: &'static str,
    /// Whether a way was found to break it.
    pub broken: bool,
    /// Actions of the shortest way, or up to how many no way was found.
    pub actions: u8,
    /// The shortest way.
    pub finding: Option<FindingView>,
}

/// A way that breaks a promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FindingView {
    /// What is done, in a few words each.
    pub way: Vec<String>,
    /// Why, the data first.
    pub why: String,
    /// The run, as text.
    pub text: String,
}

/// An operator to choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OperatorView {
    /// Its name.
    pub name: &'static str,
    /// Its rules, in the words of a runbook.
    pub runbook: &'static str,
}

/// Something that could be otherwise, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NeighbourView {
    /// The line of the run text, or “operator careful”.
    pub words: String,
    /// Why it cannot be checked, where it cannot.
    pub refused: Option<String>,
    /// How the promise stands then, and whether writes go on.
    pub promises: Vec<PromiseView>,
    /// Whether every way was tried.
    pub complete: bool,
    /// How long a write takes that is acknowledged, µs; nothing if it is not.
    pub write_us: Option<f64>,
}

/// How a search stands.
pub fn check(search: &Search) -> CheckView {
    let (depth, at, of) = search.progress();
    let Counts { states, transitions, unconfirmed, .. } = search.counts();
    let ending = match search.ending() {
        Ending::Open => "open",
        Ending::Complete => "complete",
        Ending::OutOfStates => "out-of-states",
        Ending::Exhausted => "exhausted",
    };
    let promises = promises(search);
    CheckView { depth, at, of, states, transitions: transitions as f64, ending, unconfirmed, promises }
}

fn promises(search: &Search) -> Vec<PromiseView> {
    search.standings().into_iter().map(|(promise, standing)| promise_view(search, promise, standing)).collect()
}

fn promise_view(search: &Search, promise: Promise, standing: Standing) -> PromiseView {
    let (broken, actions) = match standing {
        Standing::Broken(actions) => (true, actions),
        Standing::NoneUpTo(actions) => (false, actions),
    };
    let finding = search.finding(promise).map(finding_view);
    PromiseView { name: promise.name(), title: promise.title(), broken, actions, finding }
}

fn finding_view(finding: &Finding) -> FindingView {
    FindingView { way: finding.way.clone(), why: finding.why.clone(), text: finding.text.clone() }
}

/// A neighbour whose search has ended.
pub fn neighbour(words: String, search: &Search, write_us: Option<Us>) -> NeighbourView {
    let write_us = write_us.map(|us| us as f64);
    NeighbourView { words, refused: None, promises: promises(search), complete: search.is_complete(), write_us }
}

/// A neighbour that these settings do not allow.
pub fn neighbour_refused(words: String, why: String) -> NeighbourView {
    NeighbourView { words, refused: Some(why), promises: Vec::new(), complete: false, write_us: None }
}

/// The operators to choose from, for settings that fail over by themselves or do not.
pub fn operators(manual: bool) -> Vec<OperatorView> {
    let fits = |operator: &&Operator| match operator {
        Operator::Nobody => true,
        Operator::BuiltIn => !manual,
        _ => manual,
    };
    let view = |operator: &Operator| OperatorView { name: operator.name(), runbook: operator.runbook() };
    OPERATORS.iter().filter(fits).map(view).collect()
}
