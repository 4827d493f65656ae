//! A run on a page, and how it moves along with the wall clock.

use std::cell::RefCell;
use std::rc::Weak;

use web_sys::{CustomEvent, EventTarget};

use super::TIMER_MS;
use super::plain::wall_clock_ms;
use crate::error::Error;
use crate::lesson::{Lecture, Lesson, is_lesson};
use crate::run::Advance;
use crate::session::Session;
use crate::time::{MS, Us};
use crate::view::sections::Changes;
use crate::view::{self, Sections, Vocabulary, Words};

/// One frame's share of work, ms, and events between two looks at the clock: what does not fit is left out, and the
/// simulated clock goes slower.
const WORK_MS: f64 = 10.0;
const PIECE: u64 = 2_000;
/// A call moves the run by at most this much of the wall clock, ms: after a long sleep it does not jump.
const ELAPSED_MS_MAX: f64 = 250.0;

pub(super) struct Player {
    pub(super) session: Session,
    /// The lesson that is being taken, if it is one.
    pub(super) lecture: Option<Lecture>,
    pub(super) marks: view::Marks,
    pub(super) playing: bool,
    /// Whether it pauses when something is broken, and whether a stale read counts as that.
    pub(super) pause_on: PauseOn,
    /// Whether it did so since somebody asked.
    pub(super) broke: bool,
    /// Simulated time by the wall clock's, in thousandths.
    pub(super) permille: u32,
    /// Wall clock at the last move, ms.
    pub(super) moved_ms: Option<f64>,
    /// What a move left over because it was less than the clock's step, µs of simulated time.
    pub(super) rest_us: f64,
    /// Grows when anything but the time and the places of messages may have changed.
    pub(super) version: u32,
    pub(super) steps: u64,
    /// Who looks for what has changed since.
    sections: Sections,
    /// The version that the sections were looked at.
    looked: u32,
    pub(super) columns: Vec<f64>,
    pub(super) vocabulary: Vocabulary,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PauseOn {
    Nothing,
    Broken,
    Stale,
}

impl Player {
    pub(super) fn new(session: Session, lecture: Option<Lecture>) -> Self {
        let mut player = Self {
            session,
            lecture,
            marks: view::Marks::default(),
            playing: false,
            pause_on: PauseOn::Nothing,
            broke: false,
            permille: 1_000,
            moved_ms: None,
            rest_us: 0.0,
            version: 1,
            steps: 0,
            sections: Sections::default(),
            looked: 0,
            columns: Vec::new(),
            vocabulary: Vocabulary::default(),
        };
        player.changed();
        player
    }

    /// What a master and a slave are called now.
    pub(super) fn words(&self) -> Words {
        self.vocabulary.words(self.session.run().cluster().rules().engine)
    }

    pub(super) fn advance(&mut self) {
        let now_ms = wall_clock_ms();
        let elapsed_ms = (now_ms - self.moved_ms.unwrap_or(now_ms)).clamp(0.0, ELAPSED_MS_MAX);
        self.moved_ms = Some(now_ms);
        if !self.playing {
            return;
        }
        let due_us = elapsed_ms * f64::from(self.permille) + self.rest_us;
        // Whole milliseconds make a text that one likes to read; slow motion needs finer steps.
        let step_us = if self.permille >= 500 { MS } else { 1 };
        let move_us = due_us as Us / step_us * step_us;
        self.rest_us = due_us - move_us as f64;
        let until = self.session.run().now().saturating_add(move_us);
        let pause_on = match self.pause_on {
            PauseOn::Nothing => None,
            PauseOn::Broken => Some(false),
            PauseOn::Stale => Some(true),
        };
        let mut came = Advance::Busy;
        while self.playing && wall_clock_ms() < now_ms + WORK_MS {
            let look = self.lecture.as_ref().map_or(Us::MAX, |lecture| lecture.next_look(self.session.run()));
            came = self.session.timeline().advance(until.min(look), PIECE, pause_on);
            match came {
                Advance::Busy => {}
                Advance::There if look < until => {
                    came = Advance::Busy;
                    self.look_at_lesson();
                }
                Advance::There | Advance::Broken => break,
            }
        }
        match came {
            Advance::There => {}
            // Too much happens for this speed: what was not reached is left out, the clock goes slower.
            Advance::Busy => self.rest_us = 0.0,
            Advance::Broken => {
                self.rest_us = 0.0;
                self.playing = false;
                self.broke = true;
            }
        }
        self.count_changes();
    }

    pub(super) fn count_changes(&mut self) {
        self.look_at_lesson();
        if self.session.run().steps() != self.steps {
            self.changed();
        }
    }

    /// The text goes on otherwise: marks of later times no longer hold.
    pub(super) fn text_changed(&mut self) {
        self.marks.forget_later(self.session.run(), self.sections.next());
        self.changed();
    }

    /// The text is another one, or another branch: what was marked need not have happened.
    pub(super) fn all_changed(&mut self) {
        self.marks = view::Marks::anew(self.sections.next());
        self.changed();
    }

    /// What has changed since a version that [`Changes::version`] gave before; 0 for everything.
    pub(super) fn changes(&mut self, since: u32) -> Changes<'_> {
        if self.looked != self.version {
            let words = self.words();
            let lesson = self.lecture.as_ref().map(|lecture| view::lesson(lecture, self.session.run(), words));
            self.sections.look(view::state(self.session.run(), words), lesson, view::past(&self.session));
            self.looked = self.version;
        }
        self.sections.since(since, &self.marks)
    }

    /// What has happened may be what a lesson waits for. While it asks, the run stands still.
    fn look_at_lesson(&mut self) {
        let Some(lecture) = &mut self.lecture else { return };
        if lecture.look(&mut self.session) {
            self.version = self.version.wrapping_add(1);
        }
        if lecture.asks() {
            self.playing = false;
        }
    }

    pub(super) fn changed(&mut self) {
        self.look_at_lesson();
        let words = self.words();
        self.marks.gather(self.session.run(), words, self.sections.next());
        self.steps = self.session.run().steps();
        self.version = self.version.wrapping_add(1);
    }
}

/// The run of a text, and the lesson if it is one.
pub(super) fn opened(text: &str) -> Result<(Session, Option<Lecture>), Error> {
    if !is_lesson(text) {
        return Ok((Session::new(text)?, None));
    }
    let lesson = Lesson::parse(text)?;
    Ok((Session::new(&lesson.run)?, Some(Lecture::new(lesson))))
}

/// Moves the run when no animation frame has done it for a while: the page is hidden, or draws nothing.
pub(super) fn on_timer(player: &Weak<RefCell<Player>>, target: &EventTarget) {
    let Some(player) = player.upgrade() else { return };
    {
        let Ok(mut player) = player.try_borrow_mut() else { return };
        let still_ms = wall_clock_ms() - player.moved_ms.unwrap_or(0.0);
        if still_ms < f64::from(TIMER_MS) {
            return;
        }
        player.advance();
    }
    // Nothing is borrowed here: whoever listens may call back.
    if let Ok(event) = CustomEvent::new("advanced") {
        let _ = target.dispatch_event(&event);
    }
}
