//! Plays the notation of `tests/observed.txt` on real servers.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use replication_playground::conform::{self, Observed};
use replication_playground::run::Run;
use replication_playground::scenario::{Command, NodeCommand, Scenario, TooFew};
use replication_playground::time::{self, SECOND};

use super::asked::Asked;
use super::driver::Real;
use super::installed::Installed;
use super::player::{Came, Player};

/// Time that passes at least after a step. What it sets going is waited for besides.
const STEP: Duration = Duration::from_millis(300);
/// The same after a look, which sets nothing going.
const LOOK: Duration = Duration::from_millis(20);
/// A request that is not back after this time is asked about.
const QUICK: Duration = Duration::from_millis(250);
/// How long a slow machine may take for what does not wait.
const SLOW: Duration = Duration::from_secs(4);
const SETTLES: Duration = Duration::from_secs(6);

/// Plays scenarios of one preset, each on servers of its own.
pub struct Steps {
    player: Player,
    text: Scenario,
    ack_timeout: Duration,
    waiter: Option<Asked>,
}

/// The text and the run of a preset, for a master and two slaves.
fn of_preset(preset: &str) -> Real<(Scenario, Run)> {
    let text = format!("cluster m + s1 s2\npreset {preset}\nretry 300ms\n");
    let text = Scenario::parse(&text).map_err(|why| why.to_string())?;
    let run = Run::start(text.clone()).map_err(|why| why.to_string())?;
    Ok((text, run))
}

impl Steps {
    /// Starts the servers.
    ///
    /// # Errors
    ///
    /// The preset is not known; a server does not start.
    pub fn begin(installed: &Installed, preset: &str, folder: &Path) -> Real<Self> {
        let (text, run) = of_preset(preset)?;
        let ack_timeout = match run.cluster().rules().too_few {
            TooFew::Degrade(us) => us,
            _ => 10 * SECOND,
        };
        let player = Player::launch(installed.cluster(run.cluster(), folder, true)?)?;
        Ok(Self { player, text, ack_timeout: Duration::from_micros(ack_timeout), waiter: None })
    }

    /// The servers.
    pub fn player(&self) -> &Player {
        &self.player
    }

    /// Does a step, lets it settle, and says what was seen. `wanted` is what a `state` is asked for.
    ///
    /// # Errors
    ///
    /// The operation is not known, or a server does not do it.
    pub fn step(&mut self, operation: &str, wanted: &str) -> Real<String> {
        let begun = Instant::now();
        let words: Vec<&str> = operation.split_whitespace().collect();
        let (seen, least) = match words.as_slice() {
            ["wait", "ack-timeout"] => {
                thread::sleep(self.ack_timeout + QUICK);
                ("ok".to_owned(), LOOK)
            }
            ["wait", "link-timeout"] => {
                self.player.driver.link_timeout()?;
                ("ok".to_owned(), STEP)
            }
            ["wait", span] => {
                let us = time::parse(span).ok_or_else(|| format!("this is no span: {span}"))?;
                thread::sleep(Duration::from_micros(us));
                ("ok".to_owned(), LOOK)
            }
            ["sync", "all"] => {
                self.player.sync(None);
                ("ok".to_owned(), LOOK)
            }
            ["sync", node] => {
                let n = self.player.driver.site().named(node).ok_or_else(|| format!("there is no server {node}"))?;
                self.player.sync(Some(n));
                ("ok".to_owned(), LOOK)
            }
            ["waiter"] => (self.waited(), LOOK),
            _ => {
                let line = conform::line(operation).unwrap_or_default();
                let command = self.text.parse_command(self.text.lines().len(), &line).map_err(|why| why.to_string())?;
                let command = command.command.ok_or_else(|| format!("this is no step: {operation}"))?;
                (self.does(&command, wanted)?, if is_look(&command) { LOOK } else { STEP })
            }
        };
        if least == STEP {
            self.player.settle(SETTLES);
        }
        thread::sleep(least.saturating_sub(begun.elapsed()));
        Ok(seen)
    }

    fn does(&mut self, command: &Command, wanted: &str) -> Real<String> {
        let came = match command {
            Command::Node(NodeCommand::State, name) => self.player.state(name, wanted),
            command => self.player.does(command)?,
        };
        match came {
            Came::Said(said) => Ok(said),
            Came::Facts(facts) => Ok(facts.join(" ")),
            Came::Asked(asked) => match command {
                Command::Wait { within_us, .. } => {
                    let answer = asked.answer_within(Duration::from_micros(*within_us) + SLOW);
                    Ok(answer.unwrap_or_else(|| "blocked".to_owned()))
                }
                _ => self.answer(asked),
            },
        }
    }

    /// What is answered; `blocked` when the server says twice that the request waits.
    fn answer(&mut self, asked: Asked) -> Real<String> {
        let end = Instant::now() + SLOW;
        let mut waits = 0;
        loop {
            if let Some(answer) = asked.answer_within(QUICK) {
                return Ok(answer);
            }
            waits = if self.player.driver.waits(&asked).unwrap_or(false) { waits + 1 } else { 0 };
            if waits == 2 || Instant::now() > end {
                self.waiter = Some(asked);
                return Ok("blocked".to_owned());
            }
        }
    }

    /// What the write that blocked has come to.
    fn waited(&self) -> String {
        let Some(waiter) = &self.waiter else { return "nothing".to_owned() };
        waiter.answer_within(Duration::from_millis(500)).unwrap_or_else(|| "blocked".to_owned())
    }
}

fn is_look(command: &Command) -> bool {
    match command {
        Command::Node(NodeCommand::State, _) => true,
        Command::Operation { request, .. } => matches!(request, replication_playground::scenario::Request::Read { .. }),
        _ => false,
    }
}

/// Plays a scenario under a preset on servers of its own: what was seen at each step.
///
/// # Errors
///
/// A server does not start, or does not do what it should; the steps before it are lost.
pub fn play(installed: &Installed, scenario: &Observed, preset: &str, folder: &Path) -> Real<Vec<String>> {
    let mut steps = Steps::begin(installed, preset, folder)?;
    scenario
        .steps
        .iter()
        .map(|step| {
            let seen = steps.step(&step.operation, &step.expected);
            seen.map_err(|why| format!("line {}: {}: {why}", step.line, step.operation))
        })
        .collect()
}
