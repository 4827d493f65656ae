//! Conformance: scenarios that were observed on real databases, played on the simulated cluster under each of
//! their presets.
//!
//! The notation is that of `tests/observed.txt`, whose head defines it: a step is an operation, an arrow, and what
//! the client saw. Half a second passes after each step.

use crate::cluster::LineOutcome;
use crate::error::{Code, Error};
use crate::facts::Failure;
use crate::history::Kind;
use crate::run::Run;
use crate::scenario::{Engine, PRESETS, Scenario, quote};
use crate::time::{self, MS, SECOND, Us};

/// What passes after each step, µs.
const STEP_US: Us = 500 * MS;
/// How long `sync` waits at most, µs.
const SYNC_US_MAX: Us = 60 * SECOND;
/// How long clients wait: longer than any scenario.
const CLIENT_TIMEOUT: &str = "600s";

/// A scenario of the notation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// Its name.
    pub name: String,
    /// The presets under which it holds.
    pub presets: Vec<String>,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Line in the file, from 1.
    pub line: usize,
    /// The operation.
    pub operation: String,
    /// What was seen.
    pub expected: String,
}

/// The first step of a scenario that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The step.
    pub step: Step,
    /// What the simulated cluster did.
    pub got: String,
}

/// Reads a file in the notation.
///
/// # Errors
///
/// A line that is no comment, `scenario`, `presets` or a step with an arrow, with its number; a scenario that has no presets
/// or no steps, with the line of its name; no scenario at all.
pub fn read(text: &str) -> Result<Vec<Observed>, Error> {
    let mut scenarios: Vec<Observed> = Vec::new();
    let mut begun = Vec::new();
    for (index, source) in text.lines().enumerate() {
        let line = source.trim();
        let wrong =
            |message: &str, expected: &str| Error::new(Code::Syntax, message).in_line(index + 1).expecting(expected);
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(name) = line.strip_prefix("scenario ") {
            begun.push(index + 1);
            scenarios.push(Observed { name: name.trim().to_owned(), presets: Vec::new(), steps: Vec::new() });
            continue;
        }
        let Some(scenario) = scenarios.last_mut() else {
            return Err(wrong("A step stands before the first scenario", "scenario NAME"));
        };
        if let Some(presets) = line.strip_prefix("presets ") {
            scenario.presets = presets.split_whitespace().map(str::to_owned).collect();
        } else if let Some((operation, expected)) = line.split_once(" -> ") {
            let step = Step { line: index + 1, operation: operation.trim().into(), expected: expected.trim().into() };
            scenario.steps.push(step);
        } else {
            return Err(wrong("This is no step", "OPERATION -> WHAT WAS SEEN"));
        }
    }
    if scenarios.is_empty() {
        let last = text.lines().count().max(1);
        return Err(Error::new(Code::Syntax, "There is no scenario here").in_line(last).expecting("scenario NAME"));
    }
    for (scenario, &line) in scenarios.iter().zip(&begun) {
        let (lacks, expected) = match (scenario.presets.is_empty(), scenario.steps.is_empty()) {
            (true, _) => ("presets", "a line “presets NAME …” below it"),
            (false, true) => ("steps", "lines “OPERATION -> WHAT WAS SEEN” below it"),
            (false, false) => continue,
        };
        let message = format!("The scenario {} has no {lacks}: nothing of it would be played", scenario.name);
        return Err(Error::new(Code::Syntax, message).in_line(line).expecting(expected));
    }
    Ok(scenarios)
}

/// Plays a scenario under a preset. Nothing if all of it holds.
///
/// # Errors
///
/// The preset or an operation is not known.
pub fn play(scenario: &Observed, preset: &str) -> Result<Option<Difference>, Error> {
    let mut player = Player::new(preset)?;
    for step in &scenario.steps {
        let got = player.step(&step.operation).map_err(|error| error.in_line(step.line))?;
        if !player.agrees(&step.expected, &got) {
            return Ok(Some(Difference { step: step.clone(), got }));
        }
    }
    Ok(None)
}

/// What the simulated cluster says at each step of a scenario under a preset, whatever was expected.
///
/// # Errors
///
/// The preset or an operation is not known.
pub fn seen(scenario: &Observed, preset: &str) -> Result<Vec<String>, Error> {
    let mut player = Player::new(preset)?;
    let steps = scenario.steps.iter();
    steps.map(|step| player.step(&step.operation).map_err(|error| error.in_line(step.line))).collect()
}

/// Whether what was seen is what was expected. `engine` is the one whose words `error: read-only` stands for.
pub fn agrees(engine: Engine, expected: &str, got: &str) -> bool {
    match expected {
        either if either.contains(" | ") => either.split(" | ").any(|expected| agrees(engine, expected, got)),
        "error: read-only" => got == format!("error: {}", Failure::ReadOnly.text(engine, Kind::Write)),
        // A fact is one of those that hold.
        fact if fact.contains(['=', '>']) && !fact.starts_with("error") => got.split(' ').any(|held| held == fact),
        "ok, warning: TEXT" => got.starts_with("ok, warning: "),
        "error: TEXT" => got.starts_with("error: "),
        expected => expected == got,
    }
}

/// The line of the run text for an operation of the notation, if it is one; nothing for `wait`, `sync` and `waiter`.
pub fn line(operation: &str) -> Option<String> {
    let words: Vec<&str> = operation.split_whitespace().collect();
    match words.as_slice() {
        ["wait" | "sync" | "waiter", ..] => None,
        ["cancel", "waiter"] => Some("cancel".to_owned()),
        ["config", "sync", slaves @ ..] => Some(format!("sync-slaves {}", slaves.join(" "))),
        ["WAIT", slaves, within, rest @ ..] => Some(format!("wait {slaves} {within} {}", rest.join(" "))),
        words => Some(line_of(words)),
    }
}

struct Player {
    run: Run,
    /// The blocked write that `waiter` and `cancel waiter` speak of.
    waiter: Option<LineOutcome>,
    ack_timeout_us: Us,
    link_timeout_us: Us,
}

impl Player {
    fn new(preset: &str) -> Result<Self, Error> {
        let Some(known) = PRESETS.iter().find(|known| known.name == preset) else {
            let names: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
            return Err(Error::new(Code::Name, format!("There is no preset {preset}")).expecting(names.join(", ")));
        };
        let text = format!("cluster m + s1 s2\npreset {preset}\ntimeout {CLIENT_TIMEOUT}\nretry 100ms\n");
        let span_of = |setting: &str, default: Us| {
            let lines = known.settings.lines().rev();
            let word = lines.filter_map(|line| line.strip_prefix(setting)).find_map(|rest| time::parse(rest.trim()));
            word.unwrap_or(default)
        };
        Ok(Self {
            run: Run::start(Scenario::parse(&text)?)?,
            waiter: None,
            ack_timeout_us: span_of("too-few degrade", 10 * SECOND),
            link_timeout_us: span_of("link-timeout", 60 * SECOND),
        })
    }

    fn pass(&mut self, us: Us) {
        self.run.play_to(self.run.now() + us);
    }

    /// Does a step, lets half a second pass, and says what was seen.
    fn step(&mut self, operation: &str) -> Result<String, Error> {
        let words: Vec<&str> = operation.split_whitespace().collect();
        match words.as_slice() {
            ["wait", "ack-timeout"] => self.pass(self.ack_timeout_us),
            ["wait", "link-timeout"] => self.pass(self.link_timeout_us),
            ["wait", span] => self.pass(span_of(span)?),
            ["sync", whom] => self.sync(whom),
            ["waiter"] => {
                self.pass(STEP_US);
                return Ok(self.waiter.as_ref().map_or_else(|| "nothing".to_owned(), |outcome| self.said(outcome)));
            }
            ["cancel", ..] | ["config", ..] => {
                self.run.command(&line(operation).unwrap_or_default())?;
            }
            ["WAIT", _, within, ..] => {
                let asked = self.run.command(&line(operation).unwrap_or_default())?;
                self.pass(span_of(within)?);
                self.pass(STEP_US);
                return Ok(self.said(&asked));
            }
            _ => return self.command(&words),
        }
        self.pass(STEP_US);
        Ok("ok".to_owned())
    }

    fn command(&mut self, words: &[&str]) -> Result<String, Error> {
        let outcome = self.run.command(&line_of(words))?;
        if words.first() == Some(&"state") {
            // A state is looked at when the step before it has had its time, and takes no effect of its own.
            let said = self.said(&outcome);
            self.pass(STEP_US);
            return Ok(said);
        }
        self.pass(STEP_US);
        let said = self.said(&outcome);
        if said == "blocked" {
            self.waiter = Some(outcome);
        }
        Ok(said)
    }

    fn said(&self, outcome: &LineOutcome) -> String {
        match self.run.seen(outcome).as_str() {
            "pending" => "blocked".to_owned(),
            said => said.to_owned(),
        }
    }

    fn sync(&mut self, whom: &str) {
        let until = self.run.now() + SYNC_US_MAX;
        while self.run.now() < until && !self.in_step(whom) {
            self.pass(10 * MS);
        }
    }

    fn in_step(&self, whom: &str) -> bool {
        let cluster = self.run.cluster();
        cluster.slaves().iter().filter_map(|&slave| cluster.member(slave)).all(|slave| {
            let upstream = match slave.node.role {
                crate::cluster::Role::Slave { upstream } => cluster.member(upstream),
                crate::cluster::Role::Master => None,
            };
            let named = whom == "all" || slave.name.as_str() == whom;
            !named || upstream.is_none_or(|master| slave.node.progress_there().applied >= master.node.position().lsn)
        })
    }

    fn agrees(&self, expected: &str, got: &str) -> bool {
        agrees(self.run.cluster().rules().engine, expected, got)
    }
}

fn span_of(word: &str) -> Result<Us, Error> {
    time::parse(word)
        .ok_or_else(|| Error::new(Code::Syntax, format!("This is no span: {word}")).expecting("such as 3s"))
}

/// The line of the run text for a step: the same words, with keys and values as the run text writes them.
fn line_of(words: &[&str]) -> String {
    match words {
        ["write", key, value, rest @ ..] => {
            format!("write {} {} {}", quote(key), quote(value), rest.join(" "))
        }
        ["read", key, rest @ ..] => format!("read {} {}", quote(key), rest.join(" ")),
        words => words.join(" "),
    }
}
