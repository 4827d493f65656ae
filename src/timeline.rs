//! Going back and forth in a run. Keyframes are copies of the run at a few instants, which share what has not changed
//! since; between them the text is played again.

use std::rc::Rc;

use crate::cluster::LineOutcome;
use crate::error::Error;
use crate::limits;
use crate::run::{Advance, Run};
use crate::scenario::Line;
use crate::time::Us;

/// Keyframes at most. When they are used up, every second one goes, and they are taken half as often.
const KEYFRAMES_MAX: usize = 24;
/// Steps between the first keyframes.
const SPACING: u64 = 2_048;

/// A run that can go back.
#[derive(Debug)]
pub struct Timeline {
    run: Run,
    /// In order of their steps; the first one is the start.
    keyframes: Vec<Run>,
    spacing: u64,
    /// The furthest that the run has come with this text: time and steps.
    furthest: (Us, u64),
}

impl Timeline {
    /// The run of a text, at its start.
    ///
    /// # Errors
    ///
    /// The text breaks the grammar or a limit.
    pub fn new(text: &str) -> Result<Self, Error> {
        Ok(Self::of(Run::new(text)?))
    }

    /// A run that is at its start.
    pub fn of(run: Run) -> Self {
        Self { keyframes: vec![run.clone()], furthest: (run.now(), run.steps()), run, spacing: SPACING }
    }

    /// The run now.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The furthest time that was seen of this text, µs.
    pub fn furthest_us(&self) -> Us {
        self.furthest.0.max(self.run.now())
    }

    /// Keyframes that are kept now.
    pub fn keyframes(&self) -> usize {
        self.keyframes.len()
    }

    fn keep_keyframe(&mut self) {
        let last = self.keyframes.last().map_or(0, Run::steps);
        if self.run.steps() < last + self.spacing {
            return;
        }
        self.keyframes.push(self.run.clone());
        if self.keyframes.len() > KEYFRAMES_MAX {
            self.spacing *= 2;
            let mut place = 0;
            self.keyframes.retain(|_| {
                place += 1;
                place % 2 == 1
            });
        }
    }

    fn note_furthest(&mut self) {
        let here = (self.run.now(), self.run.steps());
        self.furthest = (self.furthest.0.max(here.0), self.furthest.1.max(here.1));
    }

    /// Plays up to a time, as far as `events_max` events go. With `pause_on` it stops right behind an event that broke
    /// something: a guarantee, or with `Some(true)` also the freshness of a read.
    pub fn advance(&mut self, until: Us, events_max: u64, pause_on: Option<bool>) -> Advance {
        let mut left = events_max;
        loop {
            let piece = left.min(self.spacing);
            let before = self.run.steps();
            let came = match pause_on {
                Some(stale) => self.run.advance_until_broken(until, piece, stale),
                None if self.run.advance(until, piece) => Advance::There,
                None => Advance::Busy,
            };
            left = left.saturating_sub(piece.max(self.run.steps() - before));
            self.keep_keyframe();
            self.note_furthest();
            if came != Advance::Busy || left == 0 {
                return came;
            }
        }
    }

    /// Goes on as [`Run::play_out`] does, by about as many events. True if it came to the end.
    pub fn play_out_piece(&mut self, events_max: u64) -> bool {
        let until = self.run.steps().saturating_add(events_max);
        loop {
            let came = self.run.play_out_piece(self.spacing.min(events_max));
            self.keep_keyframe();
            self.note_furthest();
            if came || self.run.steps() >= until {
                return came;
            }
        }
    }

    /// Goes on by exactly one event or line. False when nothing is left to happen.
    pub fn step(&mut self) -> bool {
        let stepped = self.run.step();
        self.keep_keyframe();
        self.note_furthest();
        stepped
    }

    /// Goes back by exactly one event or line. False at the start.
    pub fn step_back(&mut self) -> bool {
        let Some(target) = self.run.steps().checked_sub(1) else { return false };
        if target < self.keyframes.first().map_or(0, Run::steps) {
            return false;
        }
        self.return_to(|keyframe| keyframe.steps() <= target);
        while self.run.steps() < target && self.run.step() {}
        true
    }

    /// Goes to a time, back or forth, as far as `events_max` events go. True if it came there.
    pub fn seek(&mut self, at: Us, events_max: u64) -> bool {
        let here = (self.run.now(), self.run.steps());
        let nearest = self.keyframes.iter().rev().find(|keyframe| keyframe.now() <= at);
        if at < here.0 || nearest.is_some_and(|keyframe| keyframe.steps() > here.1) {
            self.return_to(|keyframe| keyframe.now() <= at);
        }
        self.advance(at, events_max, None) == Advance::There
    }

    /// A copy of the run as it was at a time, as far as `events_max` events go.
    pub fn copy_at(&self, at: Us, events_max: u64) -> Option<Run> {
        let keyframe = self.keyframes.iter().rev().find(|keyframe| keyframe.now() <= at)?;
        let mut run = keyframe.with_text_of(&self.run);
        run.advance(at, events_max).then_some(run)
    }

    /// Takes up the last keyframe that will do.
    fn return_to(&mut self, will_do: impl Fn(&Run) -> bool) {
        let keyframe = self.keyframes.iter().rev().find(|keyframe| will_do(keyframe)).or(self.keyframes.first());
        if let Some(keyframe) = keyframe {
            self.run = keyframe.with_text_of(&self.run);
        }
    }

    /// Does a command now, and writes it into the text. What was seen of later times no longer holds.
    ///
    /// # Errors
    ///
    /// As [`Run::command`].
    pub fn command(&mut self, text: &str) -> Result<LineOutcome, Error> {
        let done = self.run.command(text)?;
        self.forget_later();
        Ok(done)
    }

    /// Drops lines that were done later than now: those between now and the furthest time. What is still to come stays.
    /// True if there were any.
    pub fn drop_later(&mut self) -> bool {
        let until = self.furthest_us();
        let dropped = self.run.drop_lines_until(until);
        if dropped {
            self.forget_later();
        }
        dropped
    }

    /// Takes a line out of the text, and returns to the instant before it.
    pub fn take_out(&mut self, line: usize) -> Option<Rc<Line>> {
        let at = self.run.scenario().lines().get(line)?.at?;
        // Before the instant, so that nothing of it is done; at the start there is no such.
        let keyframe = self.keyframes.iter().rev().find(|keyframe| keyframe.cursor() <= line)?;
        self.run = keyframe.with_text_of(&self.run);
        let taken = self.run.take_out(line)?;
        self.furthest = (self.run.now(), self.run.steps());
        self.forget_later();
        self.advance(at, limits::EVENTS_PER_SEEK_MAX, None);
        Some(taken)
    }

    fn forget_later(&mut self) {
        let steps = self.run.steps();
        self.keyframes.retain(|keyframe| keyframe.steps() < steps);
        if self.keyframes.is_empty() {
            self.keyframes.push(self.run.clone());
        }
        self.furthest = (self.run.now(), steps);
    }
}
