//! The search: breadth first over what can be done, so that the first way that breaks a promise is the shortest.
//!
//! Only the keys of states are kept, and for each the act that led there from which other state: a state is played again from
//! the start when it is its turn. Those of one level come in the order of their parents, so most of the way is still there.

use std::collections::{BTreeMap, BTreeSet};
use std::vec::IntoIter;

use super::act::Act;
use super::adversary;
use super::finding::{self, Finding};
use super::judge::{Breach, judge};
use super::key::key;
use super::promise::{Promise, Promises};
use super::question::{Plan, Question};
use super::state::State;
use crate::error::Error;

/// How a search ended, or that it has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It goes on.
    Open,
    /// Every way of so many actions was tried, or every promise is broken.
    Complete,
    /// As many states were kept as the budget allows.
    OutOfStates,
    /// There are no more states: longer ways lead to nothing new.
    Exhausted,
}

/// What was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// States that differ.
    pub states: u32,
    /// Acts that were tried.
    pub transitions: u64,
    /// Of these, those that led to a state that was known.
    pub duplicates: u64,
    /// Events of the engine.
    pub events: u64,
    /// Breaches whose run did not show them, and that are not reported.
    pub unconfirmed: u32,
}

/// How a promise stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is broken, in so many actions at least.
    Broken(u8),
    /// No way was found of up to so many actions.
    NoneUpTo(u8),
}

/// A search, in slices.
#[derive(Debug)]
pub struct Search {
    pub(super) plan: Plan,
    pub(super) first: State,
    states_max: u32,
    all_ways: bool,
    seen: BTreeSet<u128>,
    /// For each state the one before, and the act that led from there.
    tree: Vec<(u32, Act)>,
    /// States along the way to the one that is at work, with their numbers.
    stack: Vec<(u32, State)>,
    level: IntoIter<u32>,
    next: Vec<u32>,
    /// What is still to be tried from the state on top of the stack.
    acts: IntoIter<Act>,
    /// Actions of the ways of this level, and how many states they go on from.
    depth: u8,
    level_size: u32,
    /// Promises that were broken in a level before this one.
    done: Promises,
    findings: BTreeMap<Breach, Finding>,
    counts: Counts,
    /// The first breaches whose run did not show them.
    doubtful: Vec<(Promise, Vec<Act>)>,
    pub(super) ending: Ending,
}

/// Ways that are kept of those whose run did not show what they break.
const DOUBTFUL_KEPT: usize = 20;

impl Search {
    /// Begins a search: nothing has been tried yet.
    ///
    /// # Errors
    ///
    /// The question cannot be asked: see [`Question::check`].
    pub fn new(question: &Question) -> Result<Self, Error> {
        let (plan, run) = Plan::new(question)?;
        let first = State::first(run, &plan);
        let mut search = Self {
            states_max: question.states_max,
            all_ways: question.all_ways,
            seen: BTreeSet::new(),
            tree: vec![(0, Act::HealAll)],
            stack: Vec::new(),
            level: vec![0].into_iter(),
            next: Vec::new(),
            acts: Vec::new().into_iter(),
            depth: 1,
            level_size: 1,
            done: Promises::default(),
            findings: BTreeMap::new(),
            counts: Counts { states: 1, ..Counts::default() },
            doubtful: Vec::new(),
            ending: Ending::Open,
            plan,
            first,
        };
        search.seen.insert(key(&search.first, &search.plan));
        let mut first = search.first.clone();
        let sessions = first.look(&search.plan);
        search.examine(&first, 0, sessions);
        search.done = search.broken();
        search.stack.push((0, first));
        Ok(search)
    }

    /// Tries so many acts more. True once the search has ended.
    pub fn step(&mut self, transitions: u32) -> bool {
        for _ in 0..transitions {
            if self.ending != Ending::Open || !self.try_next() {
                break;
            }
        }
        self.ending != Ending::Open
    }

    /// Searches to the end, however long that takes.
    pub fn run(&mut self) {
        while !self.step(u32::MAX) {}
    }

    /// How it has ended, or that it has not.
    pub fn ending(&self) -> Ending {
        self.ending
    }

    /// Whether every way was tried that was asked for.
    pub fn is_complete(&self) -> bool {
        matches!(self.ending, Ending::Complete | Ending::Exhausted)
    }

    /// What was counted so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// Actions of the ways that are tried now, and how many states of that level are done, of how many.
    pub fn progress(&self) -> (u8, u32, u32) {
        (self.depth, self.level_size.saturating_sub(self.level.len() as u32), self.level_size)
    }

    /// The findings, the shortest way to break each promise; for lost writes one for each way to lose them that was met.
    pub fn findings(&self) -> Vec<&Finding> {
        let mut findings: Vec<&Finding> = self.findings.values().collect();
        findings.sort_by_key(|finding| (finding.promise, finding.acts.len()));
        findings
    }

    /// The shortest way to break a promise.
    pub fn finding(&self, promise: Promise) -> Option<&Finding> {
        self.findings().into_iter().find(|finding| finding.promise == promise)
    }

    /// The first ways that seemed to break a promise and whose run did not show it: they are no findings.
    pub fn doubtful(&self) -> Vec<(Promise, Vec<String>)> {
        let cluster = self.first.run.cluster();
        let words = |acts: &Vec<Act>| acts.iter().map(|act| act.words(cluster)).collect();
        self.doubtful.iter().map(|(promise, acts)| (*promise, words(acts))).collect()
    }

    /// The promises that are asked for, and how each stands.
    pub fn standings(&self) -> Vec<(Promise, Standing)> {
        let tried = match self.ending {
            Ending::Complete | Ending::Exhausted => self.plan.depth,
            Ending::Open | Ending::OutOfStates => self.depth - 1,
        };
        let standing = |promise: Promise| match self.finding(promise) {
            Some(finding) => Standing::Broken(finding.acts.len() as u8),
            None => Standing::NoneUpTo(tried),
        };
        self.plan.promises.iter().map(|promise| (promise, standing(promise))).collect()
    }

    /// Promises for which a way was found.
    fn broken(&self) -> Promises {
        let mut broken = Promises::default();
        self.findings.keys().for_each(|breach| broken.add(breach.promise));
        broken
    }

    /// Tries one act. False if there is none left.
    fn try_next(&mut self) -> bool {
        loop {
            if let Some(act) = self.acts.next() {
                self.try_act(act);
                return true;
            }
            match self.level.next() {
                Some(number) => self.go_to(number),
                None if !self.next_level() => return false,
                None => {}
            }
        }
    }

    /// Goes on with the states that this level has found. False if the search has ended.
    fn next_level(&mut self) -> bool {
        self.done = self.broken();
        let all_broken = !self.all_ways && self.plan.promises.without(self.done).is_empty();
        if all_broken || self.depth >= self.plan.depth {
            self.ending = Ending::Complete;
        } else if self.next.is_empty() {
            self.ending = Ending::Exhausted;
        } else {
            self.depth += 1;
            self.level_size = self.next.len() as u32;
            self.level = std::mem::take(&mut self.next).into_iter();
        }
        self.ending == Ending::Open
    }

    /// The acts that lead to a state.
    fn way_to(&self, mut number: u32) -> Vec<(u32, Act)> {
        let mut way = Vec::new();
        while let Some(&(before, act)) = self.tree.get(number as usize).filter(|_| number > 0) {
            way.push((number, act));
            number = before;
        }
        way.reverse();
        way
    }

    /// Plays to a state, from the last one on the way that is still there.
    fn go_to(&mut self, number: u32) {
        let way = self.way_to(number);
        let shared = self.stack.iter().skip(1).zip(&way).take_while(|((known, _), (step, _))| known == step).count();
        self.stack.truncate(shared + 1);
        for (step, act) in way.into_iter().skip(shared) {
            let Some(mut state) = self.stack.last().and_then(|(_, before)| before.after(act, &self.plan)) else {
                return;
            };
            state.look(&self.plan);
            self.stack.push((step, state));
        }
        let Some((_, state)) = self.stack.last() else { return };
        self.acts = adversary::acts(state.run.cluster(), &self.plan).into_iter();
    }

    fn try_act(&mut self, act: Act) {
        let Some((before, state)) = self.stack.last() else { return };
        let before = *before;
        let Some(mut state_after) = state.after(act, &self.plan) else { return };
        self.counts.transitions += 1;
        self.counts.events += state_after.run.steps() - state.run.steps();
        let sessions = state_after.look(&self.plan);
        if !self.seen.insert(key(&state_after, &self.plan)) {
            self.counts.duplicates += 1;
            return;
        }
        self.counts.states += 1;
        let number = self.tree.len() as u32;
        self.tree.push((before, act));
        let broken = self.examine(&state_after, number, sessions);
        // What has broken everything that is asked need not go on.
        let hopeless = !self.all_ways && self.plan.promises.without(broken).is_empty();
        if !hopeless && self.depth < self.plan.depth {
            self.next.push(number);
        }
        if self.counts.states >= self.states_max {
            self.ending = Ending::OutOfStates;
        }
    }

    /// Promises for which a way is still looked for.
    fn wanted(&self) -> Promises {
        if self.all_ways { self.plan.promises } else { self.plan.promises.without(self.done) }
    }

    /// Judges a new state, and keeps what it breaks if no plainer way of that length is known. What it breaks.
    fn examine(&mut self, state: &State, number: u32, sessions: Promises) -> Promises {
        let mut broken = Promises::default();
        for breach in judge(state, &self.plan, self.wanted(), sessions) {
            let acts: Vec<Act> = self.way_to(number).into_iter().map(|(_, act)| act).collect();
            let known = self.findings.get(&breach);
            if known.is_some_and(|known| known.rank() <= finding::rank(&acts)) {
                broken.add(breach.promise);
                continue;
            }
            match finding::tell(&self.plan, &acts, breach) {
                Some(found) => {
                    self.findings.insert(breach, found);
                    broken.add(breach.promise);
                }
                None => {
                    self.counts.unconfirmed += 1;
                    if self.doubtful.len() < DOUBTFUL_KEPT {
                        self.doubtful.push((breach.promise, acts));
                    }
                }
            }
        }
        broken
    }
}
