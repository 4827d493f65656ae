//! A state of the search: a run at rest, and what readers have seen in it.

use super::act::{self, Act};
use super::look::{has, is_up};
use super::promise::{Promise, Promises};
use super::question::{Plan, Reads};
use crate::history::{Outcome, Value};
use crate::limits;
use crate::run::Run;
use crate::scenario::{Request, Router};
use crate::time::SECOND;

/// A state.
#[derive(Debug, Clone)]
pub(super) struct State {
    pub run: Run,
    /// Writes of the way that a reader has seen at some rest, by their bit.
    pub seen: u64,
}

/// What two clients get who read everything now.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Glance {
    /// What the reader sees.
    pub seen: u64,
    /// Whether the reader no longer sees what it saw.
    pub went_back: bool,
    /// Whether the writer does not see what it was told to be done.
    pub own_missing: bool,
}

/// Promises of sessions: those that clients see who read.
const SESSIONS: [Promise; 2] = [Promise::ReadYourWrites, Promise::MonotonicReads];

impl State {
    /// The cluster of the question, at rest.
    pub fn first(mut run: Run, plan: &Plan) -> Self {
        plan.pace.settle(&mut run);
        Self { run, seen: 0 }
    }

    /// What comes of an act, once things are at rest; nothing if it cannot be done.
    pub fn after(&self, act: Act, plan: &Plan) -> Option<Self> {
        let mut state = self.clone();
        if !act::perform(&mut state.run, act, plan) {
            return None;
        }
        plan.pace.settle(&mut state.run);
        Some(state)
    }

    /// Two clients read everything. What that breaks of the promises of sessions.
    pub fn look(&mut self, plan: &Plan) -> Promises {
        let mut broken = Promises::default();
        if SESSIONS.into_iter().any(|promise| plan.promises.has(promise)) {
            let glance = match plan.reads {
                Reads::Master => self.glance_at_master(plan),
                Reads::Routed => self.glance_as_routed(plan),
            };
            self.seen |= glance.seen;
            for (promise, breaks) in SESSIONS.into_iter().zip([glance.own_missing, glance.went_back]) {
                if breaks {
                    broken.add(promise);
                }
            }
        }
        broken
    }

    fn glance_at_master(&self, plan: &Plan) -> Glance {
        let cluster = self.run.cluster();
        let master = cluster.master();
        let mut glance = Glance::default();
        if !is_up(cluster, master) {
            return glance;
        }
        for write in own_writes(&self.run, plan) {
            let bit = plan.bit(write);
            if has(cluster, master, write) {
                glance.seen |= bit;
            } else {
                glance.went_back |= self.seen & bit != 0;
                glance.own_missing |= is_told(&self.run, write);
            }
        }
        glance
    }

    /// A copy asks through the router: so often that each node answers that may.
    fn glance_as_routed(&self, plan: &Plan) -> Glance {
        let mut glance = Glance { seen: self.seen, ..Glance::default() };
        if last_of(&self.run, plan) == 0 {
            return glance;
        }
        let mut run = self.run.clone();
        let mut asked = Vec::new();
        for _ in 0..rounds(&run) {
            for write in own_writes(&self.run, plan) {
                let key = run.cluster().history().write(write).map_or(0, |write| write.key);
                let key = run.cluster().history().key(key).to_owned();
                let read = run.try_out(plan.reader.as_str(), Request::Read { key: key.clone() });
                let own = is_told(&run, write).then(|| run.try_out(plan.writer.as_str(), Request::Read { key }));
                asked.push((write, read, own));
            }
        }
        let until = run.now() + 3 * SECOND;
        run.advance(until, limits::CHECK_SETTLE_EVENTS_MAX);
        let sees = |read: u32| match run.cluster().history().operation(read).map(|read| read.outcome) {
            Some(Outcome::Value(cell)) => Some(cell.is_some()),
            _ => None,
        };
        for (write, read, own) in asked {
            let bit = plan.bit(write);
            match sees(read) {
                Some(true) => glance.seen |= bit,
                Some(false) => glance.went_back |= glance.seen & bit != 0,
                None => {}
            }
            glance.own_missing |= own.is_some_and(|own| sees(own) == Some(false));
        }
        glance
    }
}

/// How often a client must ask until each node has answered that its router may choose, and the first one once more.
pub(super) fn rounds(run: &Run) -> usize {
    let slaves = run.cluster().slaves().len();
    match run.cluster().routing().router {
        Router::RoundRobin => slaves + 1,
        Router::Random => 3 * slaves + 1,
        _ => 1,
    }
}

fn last_of(run: &Run, plan: &Plan) -> u32 {
    plan.own_number(super::look::last_write(run))
}

/// The writes of the way that set a value.
pub(super) fn own_writes(run: &Run, plan: &Plan) -> impl Iterator<Item = u32> {
    let history = run.cluster().history();
    let sets = move |write: &u32| history.write(*write).is_some_and(|write| write.value != Value::Deleted);
    (plan.writes_before + 1..=history.write_count()).filter(sets)
}

/// Whether its client was told that a write is done.
pub(super) fn is_told(run: &Run, write: u32) -> bool {
    run.cluster().history().write(write).is_some_and(|write| write.told_us.is_some())
}
