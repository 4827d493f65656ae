//! A run: a text, and the cluster that it makes, at one instant.

use std::borrow::Cow;
use std::hash::Hasher;
use std::rc::Rc;

use crate::chunks::Chunks;
use crate::cluster::{Cluster, LineOutcome, StartLag};
use crate::error::{Code, Error};
use crate::facts::Denial;
use crate::facts::{Event, Portable};
use crate::history::{Operation, Outcome};
use crate::limits;
use crate::meters::Meters;
use crate::referee::Referee;
use crate::scenario::{Command, Expect, Line, Name, Scenario};
use crate::time::Us;

/// What PostgreSQL says to a client that no longer wants to wait for a standby.
pub const UNCONFIRMED: &str = "canceling wait for synchronous replication due to user request";

/// A text and its state at one instant. The state is a function of the text and the time: however one gets there,
/// by playing, by steps, by going back, or by giving the lines one by one as they happen.
#[derive(Debug, Clone)]
pub struct Run {
    /// Shared with the copies of this run.
    scenario: Rc<Scenario>,
    cluster: Cluster,
    referee: Referee,
    meters: Meters,
    /// Lines done so far: all before this index.
    cursor: usize,
    /// The next line with a time, and when it is due, µs.
    next_timed: (usize, Option<Us>),
    /// What came of them.
    outcomes: Chunks<LineOutcome>,
    now: Us,
    steps: u64,
}

/// What came of a line, as the client or operator saw it.
#[derive(Debug, Clone, PartialEq)]
pub struct LineResult {
    /// Index of the line in the text.
    pub line: usize,
    /// What was seen, in the words of the run text: `ok`, `nothing`, `timeout`, `error: …`, a value, `pending`.
    pub got: String,
    /// Whether the line expected it; nothing if it expected nothing in particular.
    pub held: Option<bool>,
}

/// How far [`Run::advance_until_broken`] came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advance {
    /// To the time that was wanted.
    There,
    /// As far as the events went that were allowed.
    Busy,
    /// To an event that broke something.
    Broken,
}

impl Run {
    /// The run of a text, at its start: the settings of the start hold, no line with a time is done.
    ///
    /// # Errors
    ///
    /// The text breaks the grammar or a limit.
    pub fn new(text: &str) -> Result<Self, Error> {
        Self::start(Scenario::parse(text)?)
    }

    /// The run of a text that was read before.
    ///
    /// # Errors
    ///
    /// The text names no cluster.
    pub fn start(scenario: Scenario) -> Result<Self, Error> {
        let cluster = build(&scenario)?;
        let mut run = Self {
            scenario: Rc::new(scenario),
            cluster,
            referee: Referee::default(),
            meters: Meters::default(),
            cursor: 0,
            next_timed: (0, None),
            outcomes: Chunks::default(),
            now: 0,
            steps: 0,
        };
        while run.scenario.lines().get(run.cursor).is_some_and(|line| line.at.is_none()) {
            run.do_line();
        }
        run.begin_behind()?;
        run.find_next_timed();
        Ok(run)
    }

    /// Some slaves are behind from the start.
    fn begin_behind(&mut self) -> Result<(), Error> {
        let mut lags = Vec::new();
        for (line, text) in (1..).zip(self.scenario.lines()) {
            if let Some(Command::StartBehind { node, entries, stage }) = &text.command {
                lags.push(StartLag { line, node: node.clone(), entries: *entries, stage: *stage });
            }
        }
        if !lags.is_empty() {
            self.cluster.begin_behind(&lags)?;
            self.watch();
        }
        Ok(())
    }

    /// The text, as it is printed.
    pub fn text(&self) -> String {
        self.scenario.to_string()
    }

    /// The text, read.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The cluster now.
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// What the referee saw so far.
    pub fn referee(&self) -> &Referee {
        &self.referee
    }

    /// What was measured over time.
    pub fn meters(&self) -> &Meters {
        &self.meters
    }

    /// The time now, µs.
    pub fn now(&self) -> Us {
        self.now
    }

    /// Index of the next line to be done.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// What came at once of a line that is done.
    pub fn outcome(&self, line: usize) -> Option<&LineOutcome> {
        self.outcomes.get(line)
    }

    /// When the last line of the text is due, µs.
    pub fn last_line_us(&self) -> Us {
        self.scenario.lines().iter().rev().find_map(|line| line.at).unwrap_or(0)
    }

    /// When something happens next: an event of the cluster or a line of the text.
    pub fn next_at(&mut self) -> Option<Us> {
        let (_, line) = self.next_timed;
        let event = self.cluster.next_at();
        line.into_iter().chain(event).min()
    }

    /// Lets the next thing happen, if it happens no later than `until`: at one instant first what the cluster has
    /// to do, then the lines of the text.
    fn step_until(&mut self, until: Us) -> bool {
        let line_at = self.next_timed.1.filter(|&at| at <= until);
        if self.cluster.step(line_at.unwrap_or(until)) {
            self.now = self.cluster.now();
            self.watch();
            return true;
        }
        let Some(at) = line_at else { return false };
        self.now = at;
        self.cluster.wait_until(at);
        while self.scenario.lines().get(self.cursor).is_some_and(|line| line.at.is_none()) {
            self.do_line();
        }
        self.do_line();
        true
    }

    /// Goes on by exactly one event or line. False at the end of a day, or when nothing is left.
    pub fn step(&mut self) -> bool {
        self.step_until(limits::RUN_US_MAX)
    }

    /// Plays up to a time, or as far as `events_max` events go. True if it came there.
    pub fn advance(&mut self, until: Us, events_max: u64) -> bool {
        let until = until.min(limits::RUN_US_MAX);
        for _ in 0..events_max {
            if !self.step_until(until) {
                self.wait_until(until);
                return true;
            }
        }
        false
    }

    /// Nothing happens up to a time.
    fn wait_until(&mut self, until: Us) {
        self.now = self.now.max(until);
        self.cluster.wait_until(self.now);
        self.meters.close_until(self.now, &self.cluster);
    }

    /// Plays up to a time like [`Run::advance`], but stops right behind an event that broke something: a guarantee, or,
    /// if `stale` counts as well, the freshness of a read.
    pub fn advance_until_broken(&mut self, until: Us, events_max: u64, stale: bool) -> Advance {
        let until = until.min(limits::RUN_US_MAX);
        let before = self.broken(stale);
        for _ in 0..events_max {
            if !self.step_until(until) {
                self.wait_until(until);
                return Advance::There;
            }
            if self.broken(stale) > before {
                return Advance::Broken;
            }
        }
        Advance::Busy
    }

    /// Cases so far in which something was broken.
    fn broken(&self, stale: bool) -> u64 {
        self.referee.broken() + if stale { self.referee.stale_reads() } else { 0 }
    }

    /// Plays up to a time, however many events that takes.
    pub fn play_to(&mut self, until: Us) {
        while !self.advance(until, u64::MAX) {}
    }

    /// Plays to the `end` line; without one, until the last line is done and the cluster has settled, or a
    /// quarter of an hour has passed since. For a failover that is still to come it waits two minutes; a load that goes on
    /// for ever, ten seconds.
    pub fn play_out(&mut self) {
        while !self.play_out_piece(u64::MAX) {}
    }

    /// Goes on as [`Run::play_out`] does, by about as many events. True if it came to the end. In pieces it comes to the same
    /// end as at once.
    pub fn play_out_piece(&mut self, events_max: u64) -> bool {
        let end = self.scenario.lines().iter().find(|line| line.command == Some(Command::End));
        if let Some(at) = end.and_then(|line| line.at) {
            return self.advance(at, events_max);
        }
        let last = self.last_line_us();
        if !self.advance(last, events_max) {
            return false;
        }
        let settles_us = if self.cluster.load().is_some() { limits::SETTLE_LOAD_US } else { limits::SETTLE_US_MAX };
        let until = last.saturating_add(settles_us).min(limits::RUN_US_MAX);
        let failover_until = last.saturating_add(limits::SETTLE_FAILOVER_US_MAX);
        let goes_on =
            |run: &Self| !run.cluster.is_settled() || run.now < failover_until && !run.cluster.watch_is_settled();
        for _ in 0..events_max {
            if !goes_on(self) || !self.step_until(until) {
                return true;
            }
        }
        false
    }

    /// Goes to a time, back or forth, by playing the text from its start, as far as `events_max` events go. True if it
    /// came there.
    pub fn seek(&mut self, at: Us, events_max: u64) -> bool {
        if at < self.now
            && let Ok(fresh) = Self::start(Scenario::clone(&self.scenario))
        {
            *self = fresh;
        }
        self.advance(at, events_max)
    }

    /// Does a command now, and writes it into the text with the time of now: behind all that is due by now, before
    /// all that comes later.
    ///
    /// # Errors
    ///
    /// The command breaks the grammar or a limit: then nothing was done but what was due by now.
    pub fn command(&mut self, text: &str) -> Result<LineOutcome, Error> {
        while self.step_until(self.now) {}
        self.pass_trailing_comments();
        let mut line = self.scenario.parse_command(self.cursor, text)?;
        line.at = Some(self.now);
        Rc::make_mut(&mut self.scenario).insert(self.cursor, line)?;
        self.find_next_timed();
        self.do_line();
        self.outcomes.last().cloned().ok_or_else(|| Error::new(Code::Syntax, "There is no command here"))
    }

    /// Comments at the end of the text stay above a line that is added; those above a later line stay with it.
    fn pass_trailing_comments(&mut self) {
        while self.next_timed.1.is_none() && self.cursor < self.scenario.lines().len() {
            self.do_line();
        }
    }

    fn do_line(&mut self) {
        let number = u32::try_from(self.cursor).unwrap_or(u32::MAX);
        let line = self.scenario.lines().get(self.cursor);
        let outcome = match line.and_then(|line| line.command.as_ref()) {
            // Whom a slave follows at the start: so it was built.
            Some(Command::Follow { .. }) if line.is_some_and(|line| line.at.is_none()) => LineOutcome::Done,
            Some(command) => self.cluster.execute(number, command),
            None => LineOutcome::Done,
        };
        self.outcomes.push(outcome);
        self.cursor += 1;
        if self.next_timed.0 < self.cursor {
            self.find_next_timed();
        }
        self.watch();
    }

    /// Does a command that no text tells of: for copies only.
    pub(crate) fn do_unwritten(&mut self, command: &Command) -> LineOutcome {
        let outcome = self.cluster.execute(u32::MAX, command);
        self.watch();
        outcome
    }

    /// Measures nothing any more, which takes a third of the time where little happens: for copies only.
    pub(crate) fn stop_meters(&mut self) {
        self.meters = Meters::off();
    }

    /// Goes on with other chance: for copies only.
    pub(crate) fn reseed(&mut self, seed: u64) {
        self.cluster.reseed(seed);
    }

    fn find_next_timed(&mut self) {
        let rest = self.scenario.lines().get(self.cursor..).unwrap_or_default();
        let place = rest.iter().position(|line| line.at.is_some()).unwrap_or(rest.len());
        self.next_timed = (self.cursor + place, rest.get(place).and_then(|line| line.at));
    }

    /// This run, to go on with the text of another one that has the same lines as far as this one is done.
    pub fn with_text_of(&self, other: &Run) -> Run {
        let mut run = Run { scenario: Rc::clone(&other.scenario), ..self.clone() };
        run.find_next_timed();
        run
    }

    /// Takes lines out of the text that are still to be done, up to a time. True if there were any.
    pub fn drop_lines_until(&mut self, until: Us) -> bool {
        let cursor = self.cursor;
        let due = |(place, line): (usize, &Rc<Line>)| place >= cursor && line.at.is_some_and(|at| at <= until);
        if !self.scenario.lines().iter().enumerate().any(due) {
            return false;
        }
        Rc::make_mut(&mut self.scenario).retain(|place, line| !due((place, line)));
        self.find_next_timed();
        true
    }

    /// Takes a line with a time out of the text that is still to be done.
    pub fn take_out(&mut self, place: usize) -> Option<Rc<Line>> {
        let line = self.scenario.lines().get(place).filter(|line| place >= self.cursor && line.at.is_some())?.clone();
        Rc::make_mut(&mut self.scenario).retain(|other, _| other != place);
        self.find_next_timed();
        Some(line)
    }

    /// Counts up with every event and every line: as long as it stays, nothing but the time has changed.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    #[cold]
    fn close_slots(&mut self) {
        self.meters.close_until(self.now, &self.cluster);
    }

    #[inline(always)]
    fn watch(&mut self) {
        self.steps += 1;
        if self.meters.ends_us() <= self.now {
            self.close_slots();
        }
        if !self.cluster.history().unjudged().is_empty() {
            self.judge();
            self.cluster.clear_unjudged();
        }
    }

    /// Referee and meters take note of what has happened.
    fn judge(&mut self) {
        let (cluster, master) = (&self.cluster, self.cluster.master());
        let history = cluster.history();
        for &packed in history.unjudged() {
            let at_us = packed.at_us();
            if let Some(number) = packed.finished() {
                let Some(operation) = history.operation(number) else { continue };
                let stale = self.referee.finished(at_us, number, operation);
                self.meters.finished(operation, stale);
            } else if let Some((operation, node, cell)) = packed.read_served() {
                self.referee.read_served(at_us, operation, node, cell, history);
            } else if packed.applied_by().is_none_or(|node| node == master || self.referee.minds_slaves()) {
                let Some(event) = history.event(packed) else { continue };
                self.referee.take_note(at_us, &event, cluster);
            }
        }
    }

    /// What came of each command so far, in the order of the text.
    pub fn results(&self) -> Vec<LineResult> {
        let done = self.scenario.lines().iter().zip(self.outcomes.iter()).enumerate();
        done.filter(|(_, (line, _))| line.command.is_some() && (line.at.is_some() || line.expect.is_some()))
            .map(|(index, (line, outcome))| self.result(index, line, outcome))
            .collect()
    }

    fn result(&self, index: usize, line: &Line, outcome: &LineOutcome) -> LineResult {
        let got = self.seen(outcome);
        let held = line.expect.as_ref().map(|expect| match (expect, outcome) {
            (Expect::Text(fact), LineOutcome::Facts(facts)) => facts.contains(fact),
            (Expect::Text(value), LineOutcome::Operation(operation)) => {
                self.value_read(*operation).as_deref() == Some(value.as_str())
                    || self.count_told(*operation).is_some_and(|slaves| slaves.to_string() == *value)
            }
            (Expect::Warning, _) => got.starts_with("ok, warning"),
            (Expect::Error(None), _) => got.starts_with("error: "),
            (Expect::Text(text), _) => *text == got,
            (expect, _) => expect.to_string() == got,
        });
        LineResult { line: index, got, held }
    }

    fn value_read(&self, operation: u32) -> Option<Cow<'_, str>> {
        let history = self.cluster.history();
        match history.operation(operation)?.outcome {
            Outcome::Value(Some(cell)) => history.value(cell.write),
            _ => None,
        }
    }

    fn count_told(&self, operation: u32) -> Option<u8> {
        match self.cluster.history().operation(operation)?.outcome {
            Outcome::Count(slaves) => Some(slaves),
            _ => None,
        }
    }

    /// What somebody has seen of an outcome so far, in the words of the run text.
    pub fn seen(&self, outcome: &LineOutcome) -> String {
        let history = self.cluster.history();
        match outcome {
            LineOutcome::Done => "ok".to_owned(),
            LineOutcome::Facts(facts) => facts.join(" "),
            LineOutcome::Failed(why) => format!("error: {why}"),
            LineOutcome::Operation(number) => match history.operation(*number) {
                Some(operation) => self.seen_of(operation),
                None => "pending".to_owned(),
            },
            LineOutcome::Follows { node, from } => self.let_in(*node, *from).to_owned(),
        }
    }

    fn seen_of(&self, operation: &Operation) -> String {
        let history = self.cluster.history();
        match operation.outcome {
            Outcome::Pending => "pending".to_owned(),
            Outcome::Done => "ok".to_owned(),
            Outcome::Unconfirmed => format!("ok, warning: {UNCONFIRMED}"),
            Outcome::Count(slaves) => slaves.to_string(),
            Outcome::TimedOut => "timeout".to_owned(),
            Outcome::Failed(failure) => {
                format!("error: {}", failure.text(self.cluster.rules().engine, operation.kind))
            }
            Outcome::Value(cell) => match cell.and_then(|cell| history.value(cell.write)) {
                Some(value) => Expect::Text(value.into_owned()).to_string(),
                None => "nothing".to_owned(),
            },
        }
    }

    /// What came of the order to follow: the first fact that tells.
    fn let_in(&self, node: u16, from: u64) -> &'static str {
        let told = self.cluster.history().since(from).find_map(|fact| match fact.event {
            Event::Connected { node: who, .. } if who == node => Some("ok"),
            // As a refusal that is expected is printed.
            Event::Denied { node: who, why, .. } if who == node => Some(match why {
                Denial::Diverged => "refused: diverged",
                Denial::Gap => "refused: gap",
                Denial::Ahead => "refused: ahead",
                // It goes on asking, and gets in once the other one can take it.
                Denial::Unlinked => "ok",
                // It was let in.
                Denial::Duplicate | Denial::NoRow => return None,
            }),
            _ => None,
        });
        told.unwrap_or("ok")
    }

    /// A hash of the state of all nodes and of everything that happened. The same on every machine.
    pub fn hash(&self) -> u64 {
        let mut hasher = Portable::default();
        hasher.write_u64(self.cluster.state_hash());
        hasher.write_u64(self.cluster.history().hash());
        hasher.finish()
    }
}

fn build(scenario: &Scenario) -> Result<Cluster, Error> {
    let seed = scenario.lines().iter().find_map(|line| match line.command {
        Some(Command::Seed(seed)) => Some(seed),
        _ => None,
    });
    let cluster = scenario.lines().iter().find_map(|line| match &line.command {
        Some(Command::Cluster { master, slaves }) => Some((master, slaves)),
        _ => None,
    });
    let follows = follows_at_start(scenario)?;
    match cluster {
        Some((master, slaves)) => Ok(Cluster::new(seed.unwrap_or(0), master, slaves, &follows)),
        None => Err(Error::new(Code::Syntax, "The text names no cluster").expecting("cluster MASTER + SLAVES")),
    }
}

/// Which slaves follow another slave from the start, and whom.
fn follows_at_start(scenario: &Scenario) -> Result<Vec<(&Name, &Name)>, Error> {
    let mut follows: Vec<(&Name, &Name)> = Vec::new();
    for (number, line) in (1..).zip(scenario.lines()) {
        let Some(Command::Follow { node, upstream, .. }) = line.command.as_ref().filter(|_| line.at.is_none()) else {
            continue;
        };
        follows.retain(|(slave, _)| *slave != node);
        let mut above = Some(upstream);
        while let Some(name) = above {
            if name == node {
                let message = format!("{upstream} follows {node} already: a circle has no master");
                return Err(Error::new(Code::Name, message).in_line(number));
            }
            above = follows.iter().find(|(slave, _)| *slave == name).map(|(_, upstream)| *upstream);
        }
        follows.push((node, upstream));
    }
    Ok(follows)
}
