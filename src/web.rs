//! The bindings: the only room that names the browser. It holds a run, moves it along with the wall clock, and
//! hands out plain data. Everything that comes in is checked here or in the rooms behind.

mod study;

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, Once};

use gloo_timers::callback::Interval;
use js_sys::Float64Array;
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{CustomEvent, EventTarget};

use crate::error::{Code, Error};
use crate::lesson::{Lecture, Lesson, is_lesson};
use crate::limits;
use crate::run::Advance;
use crate::scenario;
use crate::session::Session;
use crate::time::{self, MS, Us};
use crate::view::{self, Vocabulary, Words, model};

pub use study::{StalenessCurve, StalenessPoint, StalenessStudy, VariantRun, VariantScore};

/// How often the timer looks whether somebody else moves the run, ms.
const TIMER_MS: u32 = 100;
/// One frame's share of work, ms, and events between two looks at the clock: what does not fit is left out, and the
/// simulated clock goes slower.
const WORK_MS: f64 = 10.0;
const PIECE: u64 = 2_000;
/// A call moves the run by at most this much of the wall clock, ms: after a long sleep it does not jump.
const ELAPSED_MS_MAX: f64 = 250.0;

#[wasm_bindgen]
extern "C" {
    /// Windows and workers have it; the ways of `web-sys` to find out in which of them this is take more than a kilobyte.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn wall_clock_ms() -> f64;
}

static LAST_PANIC: Mutex<Option<String>> = Mutex::new(None);
/// Playgrounds that live in this module.
static ALIVE: AtomicU32 = AtomicU32::new(0);
static PANIC_HOOK: Once = Once::new();

/// Keeps the words of a panic: the trap that reaches JavaScript has none.
fn keep_panics() {
    PANIC_HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            if let Ok(mut last) = LAST_PANIC.lock() {
                *last = Some(info.to_string());
            }
        }));
    });
}

/// One run on a page.
#[wasm_bindgen]
pub struct Playground {
    player: Rc<RefCell<Player>>,
    target: EventTarget,
    timer: Option<Interval>,
}

struct Player {
    session: Session,
    /// The lesson that is being taken, if it is one.
    lecture: Option<Lecture>,
    marks: view::Marks,
    playing: bool,
    /// Whether it pauses when something is broken, and whether a stale read counts as that.
    pause_on: PauseOn,
    /// Whether it did so since somebody asked.
    broke: bool,
    /// Simulated time by the wall clock's, in thousandths.
    permille: u32,
    /// Wall clock at the last move, ms.
    moved_ms: Option<f64>,
    /// What a move left over because it was less than the clock's step, µs of simulated time.
    rest_us: f64,
    /// Grows when anything but the time and the places of messages may have changed.
    version: u32,
    steps: u64,
    columns: Vec<f64>,
    vocabulary: Vocabulary,
}

/// What was done, and what can be returned to.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Past {
    /// Whether a command can be taken back.
    pub can_undo: bool,
    /// Whether one that was taken back can be done again.
    pub can_redo: bool,
    /// Number of the branch of now.
    pub here: u32,
    /// All branches, the first one first.
    pub branches: Vec<BranchView>,
}

/// A branch of the run.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BranchView {
    /// Its number.
    pub number: u32,
    /// The branch that it was forked from.
    pub parent: Option<u32>,
    /// When it was forked off, µs.
    pub forked_us: u64,
    /// The command that made the fork; empty for the first branch.
    pub command: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PauseOn {
    Nothing,
    Broken,
    Stale,
}

#[wasm_bindgen]
impl Playground {
    /// A run of a text, or of a lesson's text, at its start, not playing. `target` gets an event `advanced` whenever the timer has moved
    /// the run, because no animation frame did.
    ///
    /// # Errors
    ///
    /// Throws `{code, message, line, column, expected}` if the text breaks the grammar or a limit.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &str, target: EventTarget) -> Result<Playground, JsValue> {
        keep_panics();
        let (session, lecture) = opened(text).map_err(thrown)?;
        let mut player = Player {
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
            columns: Vec::new(),
            vocabulary: Vocabulary::default(),
        };
        player.changed();
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Ok(Self { player: Rc::new(RefCell::new(player)), target, timer: None })
    }

    /// The simulated time, µs.
    #[wasm_bindgen(js_name = nowUs)]
    pub fn now_us(&self) -> f64 {
        self.player.borrow().session.run().now() as f64
    }

    /// Lets the run go along with the wall clock.
    pub fn play(&mut self) {
        {
            let mut player = self.player.borrow_mut();
            player.playing = true;
            player.moved_ms = Some(wall_clock_ms());
        }
        let player = Rc::downgrade(&self.player);
        let target = self.target.clone();
        self.timer.get_or_insert_with(|| Interval::new(TIMER_MS, move || on_timer(&player, &target)));
    }

    /// Lets time stand still.
    pub fn pause(&mut self) {
        self.player.borrow_mut().playing = false;
        self.timer = None;
    }

    /// Whether the run goes along with the wall clock.
    #[wasm_bindgen(js_name = isPlaying)]
    pub fn is_playing(&self) -> bool {
        self.player.borrow().playing
    }

    /// Simulated time by the wall clock's, in thousandths: 1 to [`limits::SPEED_PERMILLE_MAX`].
    ///
    /// # Errors
    ///
    /// Throws if it is out of range.
    #[wasm_bindgen(js_name = setSpeed)]
    pub fn set_speed(&self, permille: f64) -> Result<(), JsValue> {
        let permille = whole(permille, 1, u64::from(limits::SPEED_PERMILLE_MAX), "The speed").map_err(thrown)?;
        self.player.borrow_mut().permille = u32::try_from(permille).unwrap_or(1_000);
        Ok(())
    }

    /// When a playing run pauses by itself: `nothing`; `broken`, when a guarantee is broken or a write lost; `stale`, also
    /// when a read is stale.
    ///
    /// # Errors
    ///
    /// Throws for another word.
    #[wasm_bindgen(js_name = setPauseOn)]
    pub fn set_pause_on(&self, what: &str) -> Result<(), JsValue> {
        self.player.borrow_mut().pause_on = match what {
            "nothing" => PauseOn::Nothing,
            "broken" => PauseOn::Broken,
            "stale" => PauseOn::Stale,
            _ => {
                let error = Error::new(Code::Syntax, "There is no such thing to pause on");
                return Err(thrown(error.expecting("nothing, broken or stale")));
            }
        };
        Ok(())
    }

    /// Whether the run has paused by itself since this was asked last.
    #[wasm_bindgen(js_name = tookPause)]
    pub fn took_pause(&self) -> bool {
        std::mem::take(&mut self.player.borrow_mut().broke)
    }

    /// In which words a master and its slaves are spoken of: `master` (master and slave), `primary` (primary and replica), or
    /// `engine` (as the engine of the run calls them), which is so from the start. Keys, values, names and what an engine
    /// itself says stay as they are, and so do the run, its text and its hash.
    ///
    /// # Errors
    ///
    /// Throws for another word.
    #[wasm_bindgen(js_name = setVocabulary)]
    pub fn set_vocabulary(&self, name: &str) -> Result<(), JsValue> {
        let mut player = self.player.borrow_mut();
        player.vocabulary = Vocabulary::named(name).ok_or_else(|| {
            thrown(Error::new(Code::Syntax, "There is no such vocabulary").expecting("master, primary or engine"))
        })?;
        player.changed();
        Ok(())
    }

    /// Playgrounds that live in this module now: those that were freed do not count.
    pub fn alive() -> u32 {
        ALIVE.load(Ordering::Relaxed)
    }

    /// The text of a run or a lesson with this seed, in place of its own.
    ///
    /// # Errors
    ///
    /// Throws if the seed is no whole number from 0 to 2^53 - 1, or the text breaks the grammar or a limit.
    #[wasm_bindgen(js_name = withSeed)]
    pub fn with_seed(text: &str, seed: f64) -> Result<String, JsValue> {
        // A part of a number is no seed, though it lies between two.
        let seed = if seed.trunc() == seed { seed } else { f64::NAN };
        let seed = whole(seed, 0, limits::SEED_MAX, "The seed").map_err(thrown)?;
        crate::lesson::with_seed(text, seed).map_err(thrown)
    }

    /// A time of a run, µs: a span of the run text (`1.2s`, `800ms`), or whole microseconds.
    ///
    /// # Errors
    ///
    /// Throws if it is neither, or longer than a run may be.
    #[wasm_bindgen(js_name = parseTime)]
    pub fn parse_time(text: &str) -> Result<f64, JsValue> {
        time::parse_moment(text).map(|us| us as f64).map_err(thrown)
    }

    /// The speed, as it was set.
    pub fn speed(&self) -> u32 {
        self.player.borrow().permille
    }

    /// Moves a playing run up to the wall clock. A page calls it in each animation frame.
    pub fn advance(&self) {
        self.player.borrow_mut().advance();
    }

    /// Pauses and goes on by exactly one event or line. False when nothing is left to happen.
    pub fn step(&mut self) -> bool {
        self.pause();
        let mut player = self.player.borrow_mut();
        let stepped = player.session.timeline().step();
        player.count_changes();
        stepped
    }

    /// Pauses and goes back by exactly one event or line. False at the start.
    #[wasm_bindgen(js_name = stepBack)]
    pub fn step_back(&mut self) -> bool {
        self.pause();
        let mut player = self.player.borrow_mut();
        let stepped = player.session.timeline().step_back();
        player.changed();
        stepped
    }

    /// The furthest time that was seen of this text, µs.
    #[wasm_bindgen(js_name = furthestUs)]
    pub fn furthest_us(&self) -> f64 {
        self.player.borrow().session.furthest_us() as f64
    }

    /// What the time line is marked with: objects like [`view::marks::Mark`].
    ///
    /// # Errors
    ///
    /// Throws only if the browser runs out of memory.
    pub fn marks(&self) -> Result<JsValue, JsValue> {
        to_js(&self.player.borrow().marks.list())
    }

    /// Takes the last command back, and returns to its instant, paused. False if there is none.
    pub fn undo(&mut self) -> bool {
        self.pause();
        let mut player = self.player.borrow_mut();
        let undone = player.session.undo();
        player.text_changed();
        undone
    }

    /// Does again what was taken back last, at its instant. False if there is nothing.
    ///
    /// # Errors
    ///
    /// Throws if the text would be over a limit.
    pub fn redo(&mut self) -> Result<bool, JsValue> {
        self.pause();
        let mut player = self.player.borrow_mut();
        let redone = player.session.redo().map_err(thrown);
        player.text_changed();
        redone
    }

    /// Undo and redo that are possible, and the branches: an object like [`Past`].
    ///
    /// # Errors
    ///
    /// Throws only if the browser runs out of memory.
    pub fn past(&self) -> Result<JsValue, JsValue> {
        let player = self.player.borrow();
        let session = &player.session;
        let branch = |branch: &crate::session::Branch| BranchView {
            number: branch.number,
            parent: branch.parent,
            forked_us: branch.forked_us,
            command: branch.command.clone(),
        };
        to_js(&Past {
            can_undo: session.can_undo(),
            can_redo: session.can_redo(),
            here: session.here(),
            branches: session.branches().iter().map(branch).collect(),
        })
    }

    /// Returns to another branch, where it was left, paused. False if there is none with this number.
    ///
    /// # Errors
    ///
    /// Throws if the number is out of range.
    #[wasm_bindgen(js_name = switchTo)]
    pub fn switch_to(&mut self, number: f64) -> Result<bool, JsValue> {
        let number = whole(number, 0, u64::from(u32::MAX), "The number of the branch").map_err(thrown)?;
        self.pause();
        let mut player = self.player.borrow_mut();
        let there = player.session.switch(number as u32).map_err(thrown)?;
        player.marks = view::Marks::default();
        player.changed();
        Ok(there)
    }

    /// What is different between the branch of now and another one, each played to its end: objects like
    /// [`view::marks::Difference`].
    ///
    /// # Errors
    ///
    /// Throws if there is no such branch, or too much happens in one of them.
    pub fn compare(&self, number: f64) -> Result<JsValue, JsValue> {
        let number = whole(number, 0, u64::from(u32::MAX), "The number of the branch").map_err(thrown)?;
        let player = self.player.borrow();
        let (session, words) = (&player.session, player.words());
        match (session.played_out(session.here()), session.played_out(number as u32)) {
            (Some(here), Some(other)) => to_js(&view::differences(&here, &other, words)),
            _ => {
                let message = "There is no such branch, or too much happens in it to compare it at once";
                Err(thrown(Error::new(Code::Limit, message)))
            }
        }
    }

    /// Goes to a time of the run, back or forth, µs.
    ///
    /// # Errors
    ///
    /// Throws if it is no time, or longer than a run may be.
    pub fn seek(&self, us: f64) -> Result<(), JsValue> {
        let at = whole(us, 0, limits::RUN_US_MAX, "The time").map_err(thrown)?;
        let mut player = self.player.borrow_mut();
        let there = player.session.timeline().seek(at, limits::EVENTS_PER_SEEK_MAX);
        player.changed();
        if there {
            return Ok(());
        }
        let message = "Too much happens before that time to go there at once: the run stands where it came to";
        Err(thrown(Error::new(Code::Limit, message)))
    }

    /// The text of the run, with all that was done.
    pub fn text(&self) -> String {
        self.player.borrow().session.run().text()
    }

    /// Starts the run of another text, paused.
    ///
    /// # Errors
    ///
    /// Throws if the text breaks the grammar or a limit; the run stays as it was.
    #[wasm_bindgen(js_name = setText)]
    pub fn set_text(&mut self, text: &str) -> Result<(), JsValue> {
        let (session, lecture) = opened(text).map_err(thrown)?;
        self.pause();
        let mut player = self.player.borrow_mut();
        player.session = session;
        player.lecture = lecture;
        player.marks = view::Marks::default();
        player.rest_us = 0.0;
        player.changed();
        Ok(())
    }

    /// Does a command now and writes it into the text.
    ///
    /// # Errors
    ///
    /// Throws if the command breaks the grammar or a limit; nothing has changed.
    pub fn command(&self, line: &str) -> Result<(), JsValue> {
        let mut player = self.player.borrow_mut();
        let done = player.session.command(line);
        player.text_changed();
        done.map(|_| ()).map_err(thrown)
    }

    /// A key or value as a word of the run text.
    ///
    /// # Errors
    ///
    /// Throws if it is longer than a value may be.
    pub fn quote(word: &str) -> Result<String, JsValue> {
        if word.len() > limits::VALUE_BYTES_MAX {
            let message = format!("At most {} bytes are allowed here", limits::VALUE_BYTES_MAX);
            return Err(thrown(Error::new(Code::Limit, message)));
        }
        Ok(scenario::quote(word))
    }

    /// Grows when [`Playground::state`] may have changed. Messages that merely move do not count.
    pub fn version(&self) -> u32 {
        self.player.borrow().version
    }

    /// Everything that is drawn: an object like [`model::State`].
    ///
    /// # Errors
    ///
    /// Throws only if the browser runs out of memory.
    pub fn state(&self) -> Result<JsValue, JsValue> {
        let player = self.player.borrow();
        to_js(&view::state(player.session.run(), player.words()))
    }

    /// The lesson that is being taken, as far as it has gone: an object like [`view::lesson::LessonView`]; nothing for a
    /// run without one.
    ///
    /// # Errors
    ///
    /// Throws only if the browser runs out of memory.
    pub fn lesson(&self) -> Result<JsValue, JsValue> {
        let player = self.player.borrow();
        match &player.lecture {
            Some(lecture) => to_js(&view::lesson(lecture, player.session.run(), player.words())),
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// Answers the question of the lesson. False if nothing is asked, or there is no such answer.
    ///
    /// # Errors
    ///
    /// Throws if the number is out of range.
    pub fn answer(&self, answer: f64) -> Result<bool, JsValue> {
        let answer = whole(answer, 0, u64::from(u16::MAX), "The number of the answer").map_err(thrown)?;
        let mut player = self.player.borrow_mut();
        let Player { session, lecture, .. } = &mut *player;
        let answered = lecture.as_mut().is_some_and(|lecture| lecture.answer(answer as usize, session));
        player.text_changed();
        Ok(answered)
    }

    /// Does the task that the lesson waits for. False if there is none, or the lesson does not know how.
    ///
    /// # Errors
    ///
    /// Throws if the text would be over a limit.
    #[wasm_bindgen(js_name = showMe)]
    pub fn show_me(&self) -> Result<bool, JsValue> {
        let mut player = self.player.borrow_mut();
        let Player { session, lecture, .. } = &mut *player;
        let shown = match lecture {
            Some(lecture) => lecture.show(session).map_err(thrown)?,
            None => false,
        };
        player.text_changed();
        Ok(shown)
    }

    /// Why a request came out as it did: an object like [`view::why::Why`]; nothing for one that there is not.
    ///
    /// # Errors
    ///
    /// Throws if it is no number of a request.
    pub fn why(&self, operation: f64) -> Result<JsValue, JsValue> {
        let operation = whole(operation, 0, u64::from(u32::MAX), "The number of the request").map_err(thrown)?;
        let player = self.player.borrow();
        match view::why(player.session.run(), operation as u32, player.words(), |at| player.session.copy_at(at)) {
            Some(why) => to_js(&why),
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// The space-time diagram of a window: an object like [`view::spacetime::SpaceTime`].
    ///
    /// # Errors
    ///
    /// Throws if a time is out of range, or too much happens before the window.
    pub fn spacetime(&self, from_us: f64, to_us: f64) -> Result<JsValue, JsValue> {
        let from = whole(from_us, 0, limits::RUN_US_MAX, "The time").map_err(thrown)?;
        let to = whole(to_us, 0, limits::RUN_US_MAX, "The time").map_err(thrown)?;
        let player = self.player.borrow();
        match player.session.copy_at(from) {
            Some(run) => to_js(&view::spacetime(run, to, player.words())),
            None => Err(thrown(Error::new(Code::Limit, "Too much happens before that time to go there at once"))),
        }
    }

    /// How far slaves lag, what reading costs, the autopsy of each failover: an object like [`view::report::Report`].
    ///
    /// # Errors
    ///
    /// Throws only if the browser runs out of memory.
    pub fn report(&self) -> Result<JsValue, JsValue> {
        let player = self.player.borrow();
        to_js(&view::report(player.session.run(), player.words()))
    }

    /// What was measured between two times, µs, in at most so many points: an object like [`view::charts::Charts`].
    ///
    /// # Errors
    ///
    /// Throws if a time is not within the run's limits, or the number of points is not.
    pub fn charts(&self, from_us: f64, to_us: f64, points: f64) -> Result<JsValue, JsValue> {
        let time = |us, what| whole(us, 0, limits::RUN_US_MAX, what).map_err(thrown);
        let (from_us, to_us) = (time(from_us, "The begin")?, time(to_us, "The end")?);
        let points = whole(points, 1, limits::CHART_POINTS_MAX, "The number of points").map_err(thrown)?;
        let points = usize::try_from(points).unwrap_or(1);
        to_js(&view::charts(self.player.borrow().session.run(), from_us, to_us, points))
    }

    /// Facts so far.
    #[wasm_bindgen(js_name = storyLength)]
    pub fn story_length(&self) -> f64 {
        self.player.borrow().session.run().cluster().history().len() as f64
    }

    /// What happened from a fact on: objects like [`model::Sentence`].
    ///
    /// # Errors
    ///
    /// Throws if `since` is no number of a fact.
    pub fn story(&self, since: f64) -> Result<JsValue, JsValue> {
        let since = whole(since, 0, u64::MAX >> 12, "The number of the fact").map_err(thrown)?;
        let player = self.player.borrow();
        to_js(&view::story(player.session.run(), since, player.words()))
    }

    /// The messages on their way, in columns: see [`model::PACKET_STRIDE`].
    pub fn packets(&self) -> Float64Array {
        let mut player = self.player.borrow_mut();
        let Player { session, columns, .. } = &mut *player;
        view::packets(session.run(), columns);
        Float64Array::from(columns.as_slice())
    }

    /// What one message carries: an object like [`model::Packet`], or nothing when it has arrived.
    ///
    /// # Errors
    ///
    /// Throws if `id` is no number of a message.
    pub fn packet(&self, id: f64) -> Result<JsValue, JsValue> {
        let id = whole(id, 0, u64::from(u32::MAX), "The number of the message").map_err(thrown)?;
        let player = self.player.borrow();
        match view::packet(player.session.run(), id as u32, player.words()) {
            Some(packet) => to_js(&packet),
            None => Ok(JsValue::UNDEFINED),
        }
    }

    /// The kinds of messages, at the index that the columns use.
    #[wasm_bindgen(js_name = packetKinds)]
    pub fn packet_kinds() -> Vec<String> {
        model::PACKET_KINDS.iter().map(|kind| (*kind).to_owned()).collect()
    }

    /// The presets to choose from: objects like [`model::PresetView`].
    ///
    /// # Errors
    ///
    /// Throws only if the browser runs out of memory.
    pub fn presets() -> Result<JsValue, JsValue> {
        to_js(&view::presets())
    }

    /// Numbers for each message in the columns.
    #[wasm_bindgen(js_name = packetStride)]
    pub fn packet_stride() -> usize {
        model::PACKET_STRIDE
    }

    /// The hue of a write on the colour wheel, degrees.
    pub fn hue(write: u32) -> u16 {
        view::hue(write)
    }

    /// A hash of the state and of all that happened, 16 hexadecimal digits. The same on every machine.
    pub fn hash(&self) -> String {
        format!("{:016x}", self.player.borrow().session.run().hash())
    }

    /// The words of the last panic, after a call has thrown a `WebAssembly.RuntimeError`.
    #[wasm_bindgen(js_name = lastPanic)]
    pub fn last_panic() -> Option<String> {
        LAST_PANIC.try_lock().ok().and_then(|last| last.clone())
    }
}

impl Drop for Playground {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Player {
    /// What a master and a slave are called now.
    fn words(&self) -> Words {
        self.vocabulary.words(self.session.run().cluster().rules().engine)
    }

    fn advance(&mut self) {
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
        while came == Advance::Busy && wall_clock_ms() < now_ms + WORK_MS {
            came = self.session.timeline().advance(until, PIECE, pause_on);
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

    fn count_changes(&mut self) {
        self.look_at_lesson();
        if self.session.run().steps() != self.steps {
            self.changed();
        }
    }

    /// The text is another one now, or another branch: marks of later times no longer hold.
    fn text_changed(&mut self) {
        self.marks.forget_later(self.session.run());
        self.changed();
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

    fn changed(&mut self) {
        self.look_at_lesson();
        let words = self.words();
        self.marks.gather(self.session.run(), words);
        self.steps = self.session.run().steps();
        self.version = self.version.wrapping_add(1);
    }
}

/// The run of a text, and the lesson if it is one.
fn opened(text: &str) -> Result<(Session, Option<Lecture>), Error> {
    if !is_lesson(text) {
        return Ok((Session::new(text)?, None));
    }
    let lesson = Lesson::parse(text)?;
    Ok((Session::new(&lesson.run)?, Some(Lecture::new(lesson))))
}

/// Moves the run when no animation frame has done it for a while: the page is hidden, or draws nothing.
fn on_timer(player: &Weak<RefCell<Player>>, target: &EventTarget) {
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

/// A number that came from outside, if it is a whole one in this range. Many places ask for one: it is not inlined there.
#[inline(never)]
fn whole(number: f64, min: u64, max: u64, what: &str) -> Result<u64, Error> {
    if number.is_finite() && number >= min as f64 && number <= max as f64 {
        return Ok(number as u64);
    }
    Err(Error::new(Code::Limit, format!("{what} is out of range")).expecting(format!("{min} to {max}")))
}

fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(JsValue::from)
}

#[inline(never)]
fn thrown(error: Error) -> JsValue {
    to_js(&error).unwrap_or_else(|error| error)
}
