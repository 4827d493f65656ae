//! A text for real servers: what it needs besides, and whether it can be played.

use crate::run::Run;
use crate::scenario::{Command, Failover, Scenario, Setting, TooFew};
use crate::time;

use super::{Engine, refusal};
use crate::error::Error;

/// More servers than a small machine bears.
const NODES_MAX: usize = 8;
/// Refusals that are told at once.
const REFUSALS_MAX: usize = 8;

/// A text as it is played: with lines that the file does not have.
pub struct Prepared {
    /// Its run, at the start.
    pub run: Run,
    /// Number of each line in the file, from 1; 0 for those that it does not have.
    pub numbers: Vec<usize>,
    /// What was added, in words.
    pub notes: Vec<String>,
}

/// Whether a setting is one of the clients, which no server knows.
pub fn is_of_clients(setting: &Setting) -> bool {
    matches!(
        setting,
        Setting::Router(_)
            | Setting::Timeout(_)
            | Setting::OwnWrites(_)
            | Setting::MaxLag(_)
            | Setting::NoNode(_)
            | Setting::SyncSlaves(_)
    )
}

/// Reads a text for an engine. `scale` times the time-outs of the servers.
///
/// # Errors
///
/// It breaks the grammar, or the engine cannot play it.
pub fn prepare(engine: Engine, text: &str, scale: f64) -> Result<Prepared, Error> {
    let scenario = Scenario::parse(text)?;
    scenario.check_end()?;
    refuse(engine, &scenario)?;
    let mut lines: Vec<(usize, String)> =
        text.lines().map(str::to_owned).enumerate().map(|(i, line)| (i + 1, line)).collect();
    let mut notes = Vec::new();
    let names_engine = |command: &Command| matches!(command, Command::Set(Setting::Preset(_) | Setting::Engine(_)));
    let commands = || scenario.lines().iter().map(|line| line.command.as_ref());
    let place = commands().position(|command| matches!(command, Some(Command::Cluster { .. }))).unwrap_or(0);
    if !commands().flatten().any(names_engine) {
        let preset = engine.usual_preset();
        lines.insert(place + 1, (0, format!("preset {preset}")));
        notes.push(format!("the text names no preset: it is played as {preset}, here and in the simulator"));
    }
    if scale < 1.0 {
        let at = scenario.lines().iter().position(|line| line.at.is_some());
        let at = at.map_or(lines.len(), |at| at + lines.len() - scenario.lines().len());
        for line in scaled(&joined(&lines), scale)? {
            notes.push(format!("scaled: {line}"));
            lines.insert(at, (0, line));
        }
    }
    let run = Run::new(&joined(&lines))?;
    Ok(Prepared { run, numbers: lines.into_iter().map(|(number, _)| number).collect(), notes })
}

fn joined(lines: &[(usize, String)]) -> String {
    lines.iter().map(|(_, line)| format!("{line}\n")).collect()
}

/// Lines that make the time-outs of a text shorter.
fn scaled(text: &str, scale: f64) -> Result<Vec<String>, Error> {
    let run = Run::new(text)?;
    let rules = run.cluster().rules();
    // Whole milliseconds: servers know nothing finer.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a time-out is small"
    )]
    let at_least = |unit: u64, us: u64| ((us as f64 * scale / unit as f64).ceil() as u64).max(1) * unit;
    let shorter = |us: u64| time::print(at_least(time::MS, us));
    let mut lines: Vec<String> =
        rules.link_timeout_us.map(|us| format!("link-timeout {}", shorter(us))).into_iter().collect();
    if let TooFew::Degrade(us) = rules.too_few {
        lines.push(format!("too-few degrade {}", shorter(us)));
    }
    match run.cluster().failover() {
        Failover::Quorum { observers, quorum, down_after_us } => {
            lines.push(format!("failover quorum {observers} {quorum} {}", shorter(down_after_us)));
        }
        Failover::Lease { ttl_us, loop_us, max_lag } => {
            // Whole seconds: Patroni knows nothing finer.
            let [ttl, every] = [ttl_us, loop_us].map(|us| time::print(at_least(time::SECOND, us)));
            let lag = max_lag.map(|entries| format!(" max-lag {entries}")).unwrap_or_default();
            lines.push(format!("failover lease {ttl} {every}{lag}"));
        }
        Failover::Manual | Failover::Election { .. } => {}
    }
    Ok(lines)
}

/// Says why a text cannot be played on an engine, before anything starts.
fn refuse(engine: Engine, scenario: &Scenario) -> Result<(), Error> {
    let mut refusals = Vec::new();
    let mut nodes = 0;
    for (index, line) in scenario.lines().iter().enumerate() {
        let Some(command) = &line.command else { continue };
        if let Command::Cluster { slaves, .. } = command {
            nodes = slaves.len() + 1;
        }
        let changes = matches!(command, Command::Set(setting) if line.at.is_some() && !is_of_clients(setting));
        let why = engine
            .refuses(command)
            .or_else(|| changes.then(|| "settings of the servers are given at the start only".to_owned()));
        if let Some(why) = why {
            refusals.push(format!("line {}: {command}: {why}", index + 1));
        }
    }
    if nodes > NODES_MAX {
        refusals.push(format!("the cluster has {nodes} nodes; at most {NODES_MAX} real servers are started"));
    }
    if refusals.is_empty() {
        return Ok(());
    }
    let more = refusals.len().saturating_sub(REFUSALS_MAX);
    refusals.truncate(REFUSALS_MAX);
    if more > 0 {
        refusals.push(format!("and {more} more"));
    }
    let why = format!("this text cannot be played on {}:\n  {}", engine.title(), refusals.join("\n  "));
    Err(refusal(why))
}
