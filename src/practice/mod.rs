//! *What happens next?*: short runs without end, each a lesson with one question, made from a seed. The engine is the judge:
//! nothing here knows the right answer but by playing the run.
//!
//! The same engine, level and seed give the same lesson, always.

mod kinds;

use crate::error::{Code, Error, did_you_mean};
use crate::lesson::{Item, Lecture, Lesson};
use crate::scenario::PRESETS;
use crate::session::Session;
use crate::simulator::{Chance, Stream};
use crate::time::{MS, SECOND, Us};

/// The hardest level.
pub const LEVEL_MAX: u8 = 4;
/// Runs that are tried for one with another answer than the likeliest.
const TRIES: u64 = 8;
/// How long a run may take until its question is decided, µs.
const DECIDED_WITHIN_US: Us = 150 * SECOND;
/// In such steps, µs.
const PACE_US: Us = 100 * MS;

/// A lesson with one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Puzzle {
    /// The lesson, as a text.
    pub text: String,
    /// The place of the right answer, as the run decides it.
    pub right: usize,
}

/// What draws the parts of a run.
pub(super) struct Dice(Chance);

impl Dice {
    fn pick<T: Copy + Default>(&mut self, from: &[T]) -> T {
        from.get(self.0.below(from.len() as u64) as usize).copied().unwrap_or_default()
    }
}

/// The puzzle with this seed under a preset. `level`: 1 (reads) to [`LEVEL_MAX`] (failovers, too).
///
/// # Errors
///
/// There is no such preset, or no such level.
pub fn puzzle(preset: &str, level: u8, seed: u64) -> Result<Puzzle, Error> {
    let names = PRESETS.iter().map(|preset| preset.name);
    if !names.clone().any(|name| name == preset) {
        let meant = did_you_mean(preset, names);
        let short: String = preset.chars().take(24).collect();
        return Err(Error::new(Code::Name, format!("There is no preset “{short}”{meant}")));
    }
    if !(1..=LEVEL_MAX).contains(&level) {
        return Err(Error::new(Code::Limit, "There is no such level").expecting(format!("1 to {LEVEL_MAX}")));
    }
    // What is right most often would be guessed without thinking: so a place is drawn first, and a run looked for that
    // has its right answer there.
    let mut dice = Dice(Chance::new(seed, Stream::Client(u16::MAX - 2)));
    let wanted = dice.0.below(3) as usize;
    let kind = kinds::draw(preset, level, &mut dice);
    let mut found = None;
    for _ in 0..TRIES {
        let text = kind(preset, &mut dice);
        if let Some(right) = decide(&text) {
            let is_wanted = right == wanted;
            found = Some(Puzzle { text, right });
            if is_wanted {
                break;
            }
        }
    }
    found.ok_or_else(|| Error::new(Code::Limit, "No run with this seed decides its question: take another one"))
}

/// Takes a lesson with one question to its end. Which answer the run makes right; nothing if it does not.
fn decide(text: &str) -> Option<usize> {
    let lesson = Lesson::parse(text).ok()?;
    let ask = lesson.items.iter().position(|item| matches!(item, Item::Ask { .. }))?;
    let mut session = Session::new(&lesson.run).ok()?;
    let mut lecture = Lecture::new(lesson);
    lecture.look(&mut session);
    while session.run().now() < DECIDED_WITHIN_US {
        if lecture.rests() || lecture.asks() {
            lecture.answer(0, &mut session);
        }
        if let (_, Some(right)) = lecture.answers(ask) {
            return Some(right);
        }
        let next = lecture.next_look(session.run()).min(session.run().now() + PACE_US);
        session.timeline().advance(next, u64::MAX, None);
        lecture.look(&mut session);
    }
    None
}
