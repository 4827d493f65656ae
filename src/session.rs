//! What somebody does with a run: commands, undo and redo, and forks. Whoever goes back and does something else leaves the
//! run as it was, and may return to it.

use crate::cluster::LineOutcome;
use crate::error::Error;
use crate::limits;
use crate::run::Run;
use crate::time::Us;
use crate::timeline::Timeline;

/// A run that was left for another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch {
    /// Its number: it stays, also when others go.
    pub number: u32,
    /// The branch that it was forked from.
    pub parent: Option<u32>,
    /// When it was forked off, µs.
    pub forked_us: Us,
    /// The command that made the fork; empty for the first branch.
    pub command: String,
    /// Where it was left, µs. For the branch of now as of its last visit.
    pub left_us: Us,
    text: String,
}

/// A run with all that was done to it.
#[derive(Debug)]
pub struct Session {
    timeline: Timeline,
    branches: Vec<Branch>,
    /// Number of the branch of now.
    here: u32,
    /// Lines that were done by hand, by their place in the text, and those that were taken back, with their times.
    done: Vec<usize>,
    undone: Vec<(Us, String)>,
}

impl Session {
    /// The run of a text, at its start.
    ///
    /// # Errors
    ///
    /// The text breaks the grammar or a limit.
    pub fn new(text: &str) -> Result<Self, Error> {
        let timeline = Timeline::new(text)?;
        let first = Branch {
            number: 1,
            parent: None,
            forked_us: 0,
            command: String::new(),
            left_us: 0,
            text: timeline.run().text(),
        };
        Ok(Self { timeline, branches: vec![first], here: 1, done: Vec::new(), undone: Vec::new() })
    }

    /// The run now.
    pub fn run(&self) -> &Run {
        self.timeline.run()
    }

    /// The run, to move in it.
    pub fn timeline(&mut self) -> &mut Timeline {
        &mut self.timeline
    }

    /// A copy of the run as it was at a time; nothing if more happens until then than one call may do.
    pub fn copy_at(&self, at: Us) -> Option<Run> {
        self.timeline.copy_at(at, limits::EVENTS_PER_SEEK_MAX)
    }

    /// The furthest time that was seen of this branch, µs.
    pub fn furthest_us(&self) -> Us {
        self.timeline.furthest_us()
    }

    /// All branches, the first one first.
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// Number of the branch of now.
    pub fn here(&self) -> u32 {
        self.here
    }

    /// Whether something can be taken back.
    pub fn can_undo(&self) -> bool {
        !self.done.is_empty()
    }

    /// Whether something that was taken back can be done again.
    pub fn can_redo(&self) -> bool {
        !self.undone.is_empty()
    }

    /// Does a command now, and writes it into the text. If lines were done later than now, they stay in a branch of
    /// their own, and this one goes on without them.
    ///
    /// # Errors
    ///
    /// As [`Run::command`]; then nothing was forked.
    pub fn command(&mut self, text: &str) -> Result<LineOutcome, Error> {
        self.run().scenario().parse_command(self.run().cursor(), text)?;
        self.undone.clear();
        self.do_command(text)
    }

    fn do_command(&mut self, text: &str) -> Result<LineOutcome, Error> {
        let (now, before) = (self.run().now(), self.run().text());
        if self.timeline.drop_later() {
            self.fork(now, before, text);
        }
        let done = self.timeline.command(text)?;
        let place = self.run().cursor().saturating_sub(1);
        self.done.retain(|&line| line < place);
        self.done.push(place);
        Ok(done)
    }

    fn fork(&mut self, now: Us, text: String, command: &str) {
        let number = self.branches.iter().map(|branch| branch.number).max().unwrap_or(0) + 1;
        let here = self.here;
        if let Some(branch) = self.branches.iter_mut().find(|branch| branch.number == here) {
            branch.text = text;
            branch.left_us = now;
        }
        let fork = Branch {
            number,
            parent: Some(here),
            forked_us: now,
            command: command.trim().to_owned(),
            left_us: now,
            text: String::new(),
        };
        self.branches.push(fork);
        self.here = number;
        if self.branches.len() > limits::BRANCHES_MAX {
            // The oldest one goes, but not the one that was just left.
            if let Some(place) =
                self.branches.iter().position(|branch| branch.number != here && branch.number != number)
            {
                self.branches.remove(place);
            }
        }
    }

    /// Goes on with another text from a time on, as a branch of its own: the run as it was is kept. `name` is what the
    /// branch is called.
    ///
    /// # Errors
    ///
    /// The text breaks the grammar or a limit; then nothing has changed.
    pub fn branch_off(&mut self, text: &str, at: Us, name: &str) -> Result<(), Error> {
        let timeline = Timeline::new(text)?;
        let before = self.run().text();
        let left_us = self.run().now();
        self.fork(left_us, before, name);
        self.timeline = timeline;
        self.timeline.seek(at, limits::EVENTS_PER_SEEK_MAX);
        if let Some(branch) = self.branches.last_mut() {
            branch.forked_us = at;
        }
        self.done.clear();
        self.undone.clear();
        Ok(())
    }

    /// Takes the last command back, and returns to its instant. False if there is none.
    pub fn undo(&mut self) -> bool {
        let Some(place) = self.done.pop() else { return false };
        match self.timeline.take_out(place) {
            Some(line) => {
                let command = line.command.as_ref().map(ToString::to_string).unwrap_or_default();
                self.undone.push((line.at.unwrap_or(0), command));
                true
            }
            None => false,
        }
    }

    /// Does again what was taken back last, at its instant. False if there is nothing.
    ///
    /// # Errors
    ///
    /// As [`Session::command`].
    pub fn redo(&mut self) -> Result<bool, Error> {
        let Some((at, command)) = self.undone.pop() else { return Ok(false) };
        self.timeline.seek(at, limits::EVENTS_PER_SEEK_MAX);
        self.do_command(&command)?;
        Ok(true)
    }

    /// Returns to another branch, where it was left. False if there is none with this number.
    ///
    /// # Errors
    ///
    /// None that can be expected: the text was read before.
    pub fn switch(&mut self, number: u32) -> Result<bool, Error> {
        let Some(other) = self.branches.iter().find(|branch| branch.number == number).cloned() else {
            return Ok(false);
        };
        if number == self.here {
            return Ok(true);
        }
        let (text, left_us, here) = (self.run().text(), self.run().now(), self.here);
        if let Some(branch) = self.branches.iter_mut().find(|branch| branch.number == here) {
            branch.text = text;
            branch.left_us = left_us;
        }
        self.timeline = Timeline::new(&other.text)?;
        self.timeline.seek(other.left_us, limits::EVENTS_PER_SEEK_MAX);
        self.here = number;
        self.done.clear();
        self.undone.clear();
        Ok(true)
    }

    /// A branch played to its end: until all that it tells has happened and come to rest. Nothing if there is none with
    /// this number, or if more happens in it than one call may do.
    pub fn played_out(&self, number: u32) -> Option<Run> {
        let branch = self.branches.iter().find(|branch| branch.number == number)?;
        let text = if number == self.here { self.run().text() } else { branch.text.clone() };
        let mut run = Run::new(&text).ok()?;
        let last = run.last_line_us();
        if !run.advance(last, limits::EVENTS_PER_SEEK_MAX) {
            return None;
        }
        run.play_out();
        Some(run)
    }
}
