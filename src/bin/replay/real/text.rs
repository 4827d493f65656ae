//! `replay real ENGINE FILE`: a run text on real servers, line by line beside the simulator.
//!
//! The times between the lines are waited for. The clock stands still while a server starts or stops, while what a line set
//! going connects, while a request is out that the simulator answers before the next line, and, before a look at a slave that is
//! in step in the simulator, until the real one is: a machine is slower than a simulator, and that is no difference.

use std::path::Path;
use std::thread;
use std::time::Duration;

use replication_playground::cluster::{LineOutcome, Role};
use replication_playground::run::Run;
use replication_playground::scenario::{Command, Line, Name, NodeCommand, Request};

use super::asked::Asked;
use super::compare::{self, Row};
use super::driver::Real;
use super::installed::Installed;
use super::player::{Came, Player};
use super::story::{self, Clock};
use replication_playground::export::is_of_clients;

/// How much longer than in the simulator something may take here.
const SLOWER: Duration = Duration::from_secs(5);

/// What came of a text.
pub struct Played {
    /// The servers' version.
    pub version: String,
    /// How many there are.
    pub servers: usize,
    /// Their settings.
    pub settings: Vec<String>,
    /// The lines that were played.
    pub rows: Vec<Row>,
    /// What those who watch did, real and simulated.
    pub story: String,
    /// Why it ended early.
    pub fault: Option<String>,
}

struct Text<'a> {
    player: Player,
    run: &'a mut Run,
    /// The same run, played out: what the simulator says in the end.
    whole: &'a Run,
    /// Each `follow` that has no answer yet: its line, the node, and how long that one's log was.
    late: Vec<(usize, usize, usize)>,
    /// When lines of the text were played: the text's clock stands still at times.
    clock: Clock,
}

/// Plays a text. `run` is its run, at the start.
///
/// # Errors
///
/// The servers do not start.
pub fn play(installed: &Installed, mut run: Run, folder: &Path) -> Real<Played> {
    let mut whole = run.clone();
    whole.play_out();
    let player = Player::launch(installed.cluster(run.cluster(), folder, false)?)?;
    let (version, settings) = (player.driver.version()?, player.driver.settings());
    let servers = player.driver.site().all().len();
    let mut text = Text { player, run: &mut run, whole: &whole, late: Vec::new(), clock: Clock::begin() };
    let mut seen = Vec::new();
    let fault = text.all_lines(&mut seen).err();
    let rows = text.rows(seen);
    let story = story::both(&text.player.driver.story(), &text.clock, &whole);
    Ok(Played { version, servers, settings, rows, story, fault })
}

impl Text<'_> {
    fn all_lines(&mut self, seen: &mut Vec<(usize, Came)>) -> Real<()> {
        let lines = self.whole.scenario().lines().to_vec();
        let mut now = 0;
        for (index, line) in lines.iter().enumerate() {
            let Some(command) = &line.command else { continue };
            if *command == Command::End {
                break;
            }
            let Some(at) = line.at else {
                // A setting of the start is the servers' own by now; what is done to links and nodes is done now.
                if !matches!(
                    command,
                    Command::Set(_)
                        | Command::Cluster { .. }
                        | Command::Clients(_)
                        | Command::Seed(_)
                        | Command::Version(_)
                ) {
                    self.player.does(command).map_err(|why| format!("line {}: {why}", index + 1))?;
                }
                continue;
            };
            self.sleep_until(at, &mut now, seen);
            self.run.play_to(at.saturating_sub(1));
            self.clock.line(at);
            self.player.look_around();
            let came =
                self.does(index, line, command).map_err(|why| format!("line {}: {command}: {why}", index + 1))?;
            seen.push((index, came));
            self.note_late(index, command);
            if sets_going(command) {
                self.answer_late(seen);
            }
        }
        self.wait_for_the_rest(seen);
        Ok(())
    }

    /// A node that is down, or cannot reach the other, is let in or refused later.
    fn note_late(&mut self, index: usize, command: &Command) {
        let (Command::Follow { node, .. } | Command::Promote { node, .. }) = command else { return };
        let site = self.player.driver.site();
        let Some(n) = site.named(node.as_str()) else { return };
        let waits = matches!(command, Command::Follow { .. }) && !site.expects_link(n);
        let log_from = site.log_length(n);
        self.late.retain(|(_, late, _)| *late != n);
        self.late.extend(waits.then_some((index, n, log_from)));
    }

    fn answer_late(&mut self, seen: &mut [(usize, Came)]) {
        let driver = &self.player.driver;
        self.late.retain(|&(index, n, log_from)| {
            let can = driver.site().expects_link(n);
            if let Some((_, came)) = seen.iter_mut().find(|(line, _)| can && *line == index) {
                *came = Came::Said(driver.late_answer(n, log_from));
            }
            !can
        });
    }

    /// Waits as the text does; before that, for answers that the simulator has by then.
    fn sleep_until(&self, at: u64, now: &mut u64, seen: &[(usize, Came)]) {
        thread::sleep(Duration::from_micros(at.saturating_sub(*now)));
        *now = at;
        for (index, came) in seen {
            let Came::Asked(asked) = came else { continue };
            if self.answered_us(*index).is_some_and(|answered| answered <= at) {
                asked.answer_within(SLOWER);
            }
        }
    }

    /// When the simulator answers what a line asks, µs.
    fn answered_us(&self, index: usize) -> Option<u64> {
        let Some(LineOutcome::Operation(number)) = self.whole.outcome(index) else { return None };
        let operation = self.whole.cluster().history().operation(*number)?;
        operation.done_us()
    }

    fn does(&mut self, index: usize, line: &Line, command: &Command) -> Real<Came> {
        match command {
            Command::Operation { client, request, target: None, local } => {
                // Where the router sends it there, it goes here; but the master is whom the Sentinels tell.
                let target = self.told(self.routed(index));
                if let (Request::Read { .. }, Some(name)) = (request, &target) {
                    self.keep_up(name.as_str());
                }
                let (client, request, local) = (client.clone(), request.clone(), *local);
                self.player.does(&Command::Operation { client, request, target, local })
            }
            Command::Operation { request: Request::Read { .. }, target: Some(name), .. } => {
                self.keep_up(name.as_str());
                self.player.does(command)
            }
            Command::Node(NodeCommand::State, name) => {
                self.keep_up(name.as_str());
                Ok(self.player.state(name, &compare::wanted(line)))
            }
            Command::Set(setting) if !is_of_clients(setting) => {
                Err("settings of servers are not changed while they run".to_owned())
            }
            command => {
                let came = self.player.does(command)?;
                if sets_going(command) {
                    self.player.connect(SLOWER);
                }
                Ok(came)
            }
        }
    }

    /// The node that the simulator's router chose.
    fn routed(&self, index: usize) -> Option<Name> {
        let Some(LineOutcome::Operation(number)) = self.whole.outcome(index) else { return None };
        let node = self.whole.cluster().history().operation(*number)?.node?;
        self.whole.cluster().member(node).map(|member| member.name.clone())
    }

    /// If the simulator's clients hold this node for the master: the one that real clients are told.
    fn told(&self, routed: Option<Name>) -> Option<Name> {
        let cluster = self.run.cluster();
        let is_master = routed.as_ref() == cluster.member(cluster.master()).map(|member| &member.name);
        let Some(told) = self.player.driver.told_master().filter(|_| is_master) else { return routed };
        let told = &self.player.driver.site().node(told).name;
        cluster.members().map(|member| member.name.clone()).find(|name| name.as_str() == told)
    }

    /// If a slave is in step in the simulator, waits until the real one is.
    fn keep_up(&self, name: &str) {
        let cluster = self.run.cluster();
        let Some(member) = cluster.members().find(|member| member.name.as_str() == name) else { return };
        let Role::Slave { upstream } = member.node.role else { return };
        let is_in_step = cluster
            .member(upstream)
            .is_some_and(|upstream| member.node.progress_there().applied >= upstream.node.position().lsn);
        let site = self.player.driver.site();
        if let Some(n) = site.named(name).filter(|&n| is_in_step && site.expects_link(n)) {
            super::held::until(SLOWER, || self.player.driver.in_step(n).unwrap_or(false));
        }
    }

    /// Waits for answers that the simulator has in the end, no longer than a client waits.
    fn wait_for_the_rest(&self, seen: &[(usize, Came)]) {
        let patience = Duration::from_micros(self.whole.cluster().timeout_us());
        let waits = seen.iter().filter_map(|(index, came)| match came {
            Came::Asked(asked) => Some((index, asked)),
            _ => None,
        });
        for (index, asked) in waits {
            if self.answered_us(*index).is_some() {
                asked.answer_within(if self.says_timeout(*index) { patience } else { patience + SLOWER });
            }
        }
    }

    fn says_timeout(&self, index: usize) -> bool {
        self.whole.outcome(index).is_some_and(|outcome| self.whole.seen(outcome) == "timeout")
    }

    fn rows(&self, seen: Vec<(usize, Came)>) -> Vec<Row> {
        let results = self.whole.results();
        let engine = self.whole.cluster().rules().engine;
        seen.into_iter()
            .filter_map(|(index, came)| {
                let result = results.iter().find(|result| result.line == index)?;
                let line = self.whole.scenario().lines().get(index)?;
                let real = match came {
                    Came::Said(said) => said,
                    Came::Facts(facts) => facts.join(" "),
                    Came::Asked(asked) => self.answer(&asked, &result.got),
                };
                Some(compare::row(engine, index, line, real, result))
            })
            .collect()
    }

    /// A client gives up as it does in the simulator.
    fn answer(&self, asked: &Asked, simulated: &str) -> String {
        let patience = Duration::from_micros(self.whole.cluster().timeout_us());
        match asked.answer() {
            Some(answer) if asked.took() < patience || simulated != "timeout" => answer,
            None if simulated == "pending" => "pending".to_owned(),
            _ => "timeout".to_owned(),
        }
    }
}

/// Whether a line sets something going that connects in its own time.
fn sets_going(command: &Command) -> bool {
    match command {
        Command::Node(what, _) => {
            matches!(what, NodeCommand::Start | NodeCommand::Thaw | NodeCommand::Rewind | NodeCommand::Rebuild)
        }
        Command::HealAll | Command::Promote { .. } | Command::Follow { .. } | Command::Chain(_) => true,
        Command::Break(how, _) => *how == replication_playground::scenario::Break::Heal,
        _ => false,
    }
}
