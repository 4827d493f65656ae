//! Lessons: a run text with words and tasks. A task ticks itself when the facts of the run say so, and the words behind
//! it wait for that.
//!
//! ```text
//! lesson The stale read
//!
//! cluster m + s1 s2
//! clients A
//! link m-s1 latency 2s
//!
//! step A write is on its way
//! say One node, the master, takes the writes.
//!   The slaves hear of them later.
//! task Write `cart` = 2.
//!   when write cart
//!   by A write cart 2
//! ask What will A read from s1, right now?
//!   answer 2, what it wrote
//!     when got 2
//!   answer nothing
//!     when got nothing
//! do A read cart @s1
//! reveal The write was still on its way.
//! ```
//!
//! # Lines
//!
//! The first line that is no comment is `lesson TITLE`. What follows up to the first `step` is a run text as in
//! [`crate::scenario`]. Then come the items, in the order in which a reader meets them; each begins at the left edge, and
//! goes on in lines that are indented. `#` begins a comment where a line begins.
//!
//! | line | meaning |
//! |---|---|
//! | `step TITLE` | a heading |
//! | `say WORDS` | words; `` `code` `` between backticks |
//! | `task WORDS` | what to do. `when CONDITION` (indented) tells when it is done, several of them: when all hold; `by COMMAND`, as often as needed, does it for a reader who asks for that. Tasks behind each other can be done in any order |
//! | `ask QUESTION` | the run stops and the reader predicts. Each `answer WORDS` (indented) has a `when CONDITION` below it |
//! | `do COMMAND` | a line of the run text, done now; a node that is off is not crashed or stopped again, one that is up not started |
//! | `mend` | whatever the reader may have broken works again: nodes start or thaw, links heal, slaves apply. Nothing if nothing is broken |
//! | `until CONDITION` | the words behind it wait |
//! | `learned WORDS` | what there was to learn, in a few sentences: the last part of a lesson |
//! | `par N` | tells how many lines of the text the reader needed for the tasks above, and that N are a good solution |
//! | `reveal WORDS` | waits until the run has decided the last `ask`, and tells which answer was right |
//!
//! # Conditions
//!
//! What has happened since the item was reached: `write [KEY [VALUE]]`, `read [KEY] [@NODE]`, `got VALUE [@NODE]` (`got nothing`),
//! `fresh-read`, `stale-read`, `foreign-read` (with KEY and NODE, too), `ignored`, `refused`, `forwarded`, `accepted`, `error`, `timeout`,
//! `crash [N]`, `stop [N]`, `start [N]`, `freeze [N]`, `thaw [N]`, `cut [N|L]`, `heal [N|L]` (L is a link
//! such as `m-s1`), `promote [N]`, `follow [N]`,
//! `denied [N]`, `rewound [N]`, `snapshot [N]`, `joined`, `degraded`, `restored`, `lost [KEY]`,
//! `losses N` (exactly so many acknowledged writes were lost), `two-masters`,
//! `broken GUARANTEE` (as the verdicts are named; those that speak of the whole run are looked at as they are now),
//! `after D`, `never` (for an answer that is always wrong). A request that has its answer may say how long that took:
//! `write cart within 500ms`, `read @s1 over 2s`.
//!
//! What is so now: `set WORDS` (a setting whose text begins with them), `waiting` (a write waits for slaves),
//! `holds PROMISE [operator O] [faults N|any] [reads master|routed] [depth N]` (the checker finds no way of up to N actions,
//! 5 unless it says otherwise, that breaks the promise: see [`crate::check`]),
//! `converged`, `diverged`, `value KEY VALUE @N`, `meter NAME VALUE @N` (what the engine's own meter says of a slave).

mod attempt;
mod condition;
mod holds;
mod mend;
mod parse;
mod record;
mod walk;

pub use attempt::{Attempt, verb};
pub use condition::Condition;
pub use holds::{Holds, Wanted};
pub use record::record;
pub use walk::{Question, Told, questions};

use holds::Answers;
use mend::{broken, is_so};

use crate::error::Error;
use crate::run::Run;
use crate::scenario::Scenario;
use crate::session::Session;
use crate::time::{MS, Us};

/// A lesson, read and checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Lesson {
    /// Its title.
    pub title: String,
    /// The run text that it begins with.
    pub run: String,
    /// What a reader meets, in order.
    pub items: Vec<Item>,
}

/// Something that a reader meets.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A heading.
    Step(String),
    /// Words.
    Say(String),
    /// Something to do.
    Task {
        /// What.
        words: String,
        /// When it is done.
        when: Condition,
        /// Lines that do it.
        by: Vec<String>,
    },
    /// Something to predict.
    Ask {
        /// What.
        question: String,
        /// The answers, and when each is right.
        answers: Vec<(String, Condition)>,
    },
    /// A line of the run text.
    Do(String),
    /// What is broken works again.
    Mend,
    /// The words behind it wait.
    Until(Condition),
    /// Which answer was right.
    Reveal(String),
    /// What there was to learn, at the end.
    Learned(String),
    /// So many lines are a good solution of the task above: golf.
    Par(u32),
}

/// Whether a text is a lesson, and no run text alone.
pub fn is_lesson(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    first.is_some_and(|line| line.split_whitespace().next() == Some("lesson"))
}

/// The text of a run or a lesson with another seed: the line of its own seed is replaced, or one is added behind the line of
/// the cluster.
///
/// # Errors
///
/// With line and column: the text breaks the grammar or a limit.
pub fn with_seed(text: &str, seed: u64) -> Result<String, Error> {
    if is_lesson(text) {
        Lesson::parse(text)?;
    } else {
        Scenario::parse(text)?;
    }
    let begins = |line: &str, with: &str| line.split_whitespace().next() == Some(with);
    // Behind the first step of a lesson there are words, not settings.
    let head = text.lines().position(|line| begins(line, "step")).unwrap_or(usize::MAX);
    let own = if text.lines().take(head).any(|line| begins(line, "seed")) { "seed" } else { "cluster" };
    let mut seeded = String::with_capacity(text.len() + 32);
    for (place, line) in text.lines().enumerate() {
        let here = place < head && begins(line, own);
        if !here || own == "cluster" {
            seeded.push_str(line);
            seeded.push('\n');
        }
        if here {
            seeded.push_str(&format!("seed {seed}\n"));
        }
    }
    Ok(seeded)
}

impl Lesson {
    /// Reads a lesson.
    ///
    /// # Errors
    ///
    /// With line and column: the lesson, or the run text in it, breaks the grammar or a limit.
    pub fn parse(text: &str) -> Result<Self, Error> {
        parse::lesson(text)
    }
}

/// Whoever has done so many things at a task has tried.
const TRIED: usize = 3;
/// What waits for something other than time or the reader is looked at in such steps of simulated time, µs.
const LOOK_US: Us = 20 * MS;

/// Where a run is.
#[derive(Debug, Clone, Copy, Default)]
struct Since {
    /// Facts that were there.
    facts: u64,
    us: Us,
    /// Lines of the text that were done by then: those behind them are the reader's.
    line: usize,
}

impl Since {
    fn here(run: &Run) -> Self {
        Self { facts: run.cluster().history().len(), us: run.now(), line: run.cursor() }
    }

    /// After a step back there are fewer facts than before.
    fn in_reach_of(self, run: &Run) -> Self {
        let here = Self::here(run);
        Self { facts: self.facts.min(here.facts), us: self.us.min(here.us), line: self.line.min(here.line) }
    }
}

/// A lesson while it is being taken.
#[derive(Debug, Clone)]
pub struct Lecture {
    lesson: Lesson,
    /// The item that is waited for: all before it are done.
    at: usize,
    /// Where the run was when it was reached.
    since: Since,
    /// Tasks that are done, by their place.
    ticked: Vec<usize>,
    /// The answers that were given, and those that were right: the place of the question and of the answer.
    given: Vec<(usize, usize)>,
    right: Vec<(usize, usize)>,
    /// Where the facts begin that decide the last question.
    asked: (usize, Since),
    /// Lines that the reader needed for the last tasks.
    needed: usize,
    /// What the checker has told.
    answers: Answers,
    /// In which [`LOOK_US`] it was looked at last what happens by itself.
    looked: Us,
}

impl Lecture {
    /// A lesson at its beginning.
    pub fn new(lesson: Lesson) -> Self {
        Self {
            lesson,
            at: 0,
            since: Since::default(),
            ticked: Vec::new(),
            given: Vec::new(),
            right: Vec::new(),
            asked: (0, Since::default()),
            needed: 0,
            answers: Answers::default(),
            looked: 0,
        }
    }

    /// The lesson.
    pub fn lesson(&self) -> &Lesson {
        &self.lesson
    }

    /// The item that is waited for; as many as there are items when all is done.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Whether a task is done.
    pub fn is_ticked(&self, place: usize) -> bool {
        self.ticked.contains(&place)
    }

    /// The answer that was given to a question, by its place, and the right one once it is known.
    pub fn answers(&self, place: usize) -> (Option<usize>, Option<usize>) {
        let of = |list: &[(usize, usize)]| list.iter().find(|(ask, _)| *ask == place).map(|(_, answer)| *answer);
        (of(&self.given), of(&self.right))
    }

    /// How many lines the reader needed for the last tasks.
    pub fn needed(&self) -> usize {
        self.needed
    }

    /// Whether a question waits for its answer: then the run stands still.
    pub fn asks(&self) -> bool {
        matches!(self.lesson.items.get(self.at), Some(Item::Ask { .. }))
    }

    /// Whether the next step waits until the reader has read the words of the last one. The run goes on meanwhile.
    pub fn rests(&self) -> bool {
        let (read, ahead) = self.lesson.items.split_at(self.at.min(self.lesson.items.len()));
        let told = read.iter().rev().find(|item| !matches!(item, Item::Do(_) | Item::Mend | Item::Until(_)));
        matches!(ahead.first(), Some(Item::Step(_))) && matches!(told, Some(Item::Say(_) | Item::Reveal(_)))
    }

    /// How long it has waited for something other than the reader, or for one who has tried at a task, µs. What the reader did
    /// may stand in the way.
    pub fn waited_us(&self, run: &Run) -> Us {
        let is_tried = run.cursor() >= self.since.line + TRIED;
        match self.lesson.items.get(self.at) {
            Some(Item::Task { .. }) if !is_tried => 0,
            Some(Item::Until(_) | Item::Reveal(_) | Item::Task { .. }) => run.now().saturating_sub(self.since.us),
            _ => 0,
        }
    }

    /// When the run must be looked at next, µs: what goes on by itself goes on at the same moments of the run, however fast
    /// frames come. [`Us::MAX`] while only the reader is waited for.
    pub fn next_look(&self, run: &Run) -> Us {
        let next = (run.now() / LOOK_US + 1) * LOOK_US;
        match self.lesson.items.get(self.at) {
            Some(Item::Until(condition)) => condition.after().map_or(next, |span| self.since.us + span),
            Some(Item::Reveal(_)) => next,
            _ => Us::MAX,
        }
    }

    /// Whether it is one of those moments, or one was passed over, as by hand.
    fn is_due(&mut self, run: &Run) -> bool {
        let (now, slot) = (run.now(), run.now() / LOOK_US);
        now.is_multiple_of(LOOK_US) || std::mem::replace(&mut self.looked, slot) != slot
    }

    /// Looks what has happened, and goes on as far as it goes. True if anything is new.
    pub fn look(&mut self, session: &mut Session) -> bool {
        let mut news = false;
        loop {
            let run = session.run();
            self.since = self.since.in_reach_of(run);
            let moved = match self.lesson.items.get(self.at).cloned() {
                None | Some(Item::Ask { .. }) => false,
                Some(Item::Step(_)) => !self.rests(),
                Some(Item::Say(_) | Item::Learned(_) | Item::Par(_)) => true,
                Some(Item::Task { .. }) => {
                    let before = self.ticked.len();
                    let done = self.look_at_tasks(run);
                    news |= self.ticked.len() > before;
                    done
                }
                Some(Item::Do(line)) => {
                    if !is_so(run, &line) {
                        // The grammar was checked; what cannot be done is told in the story.
                        let _ = session.command(&line);
                    }
                    true
                }
                Some(Item::Mend) => {
                    for line in broken(run) {
                        let _ = session.command(&line);
                    }
                    true
                }
                Some(Item::Until(condition)) => {
                    (condition.after().is_some() || self.is_due(run)) && condition.holds(run, self.since, &self.answers)
                }
                Some(Item::Reveal(_)) => self.is_due(run) && self.decide(run),
            };
            if !moved {
                return news;
            }
            news = true;
            self.next(session.run());
        }
    }

    fn next(&mut self, run: &Run) {
        let was_task = matches!(self.lesson.items.get(self.at), Some(Item::Task { .. }));
        let is_do = matches!(self.lesson.items.get(self.at), Some(Item::Do(_) | Item::Mend));
        self.at += 1;
        if was_task {
            self.needed = run.cursor().saturating_sub(self.since.line);
            // Behind the last one of those that can be done in any order.
            while self.is_ticked(self.at) {
                self.at += 1;
            }
        }
        self.looked = run.now() / LOOK_US;
        // What a line of the lesson does counts for what waits behind it, but not as a line of the reader's.
        match is_do {
            true => self.since.line = run.cursor(),
            false => self.since = Since::here(run),
        }
    }

    /// Ticks those that are done of the tasks behind each other. True if all are.
    fn look_at_tasks(&mut self, run: &Run) -> bool {
        let mut all = true;
        for (place, item) in self.lesson.items.iter().enumerate().skip(self.at) {
            let Item::Task { when, by, .. } = item else { break };
            if !self.ticked.contains(&place) {
                // What was switched on before the task was reached need not be once more.
                let is_new = run.cursor() == self.since.line;
                let done_before = is_new && !by.is_empty() && by.iter().all(|line| is_so(run, line));
                if done_before || when.holds(run, self.since, &self.answers) {
                    self.ticked.push(place);
                } else {
                    all = false;
                }
            }
        }
        all
    }

    fn decide(&mut self, run: &Run) -> bool {
        let (place, since) = self.asked;
        let since = since.in_reach_of(run);
        let Some(Item::Ask { answers, .. }) = self.lesson.items.get(place) else { return true };
        match answers.iter().position(|(_, when)| when.holds(run, since, &self.answers)) {
            Some(right) => {
                self.right.push((place, right));
                true
            }
            None => false,
        }
    }

    /// The reader predicts; or has read the words, where the next step waits for that. False if nothing is asked, or
    /// there is no such answer.
    pub fn answer(&mut self, answer: usize, session: &mut Session) -> bool {
        match self.lesson.items.get(self.at) {
            Some(Item::Step(_)) if self.rests() => {
                self.next(session.run());
                self.look(session);
                return true;
            }
            Some(Item::Ask { answers, .. }) if answer < answers.len() => {}
            _ => return false,
        }
        self.given.push((self.at, answer));
        self.asked = (self.at, Since::here(session.run()));
        self.next(session.run());
        self.look(session);
        true
    }

    /// Does the first task that waits for the reader. False if none does, or it has no lines that do it.
    ///
    /// # Errors
    ///
    /// A line cannot be added to the text.
    pub fn show(&mut self, session: &mut Session) -> Result<bool, Error> {
        let tasks = self.lesson.items.iter().enumerate().skip(self.at);
        let open = tasks.take_while(|(_, item)| matches!(item, Item::Task { .. }));
        let waiting = open.filter(|(place, _)| !self.is_ticked(*place)).find_map(|(place, item)| match item {
            Item::Task { by, .. } if !by.is_empty() => Some((place, by.clone())),
            _ => None,
        });
        let Some((place, lines)) = waiting else { return Ok(false) };
        if lines.iter().all(|line| is_so(session.run(), line)) {
            // There is nothing left to do.
            self.ticked.push(place);
        }
        for line in lines {
            if !is_so(session.run(), &line) {
                session.command(&line)?;
            }
        }
        Ok(true)
    }
}
