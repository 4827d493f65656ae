//! A run text for real servers: what it needs besides, whether it can be played, and the report.

use std::path::Path;
use std::process::ExitCode;

use replication_playground::run::Run;
use replication_playground::scenario::{Command, Scenario, Setting, TooFew};
use replication_playground::time;

use super::Options;
use super::compare::{Row, is_of_clients};
use super::engine::Engine;
use super::text;
use crate::files::{Done, print, read};

/// More servers than a small machine bears.
const NODES_MAX: usize = 8;
/// Refusals that are told at once.
const REFUSALS_MAX: usize = 8;

/// A text as it is played: with lines that the file does not have.
struct Prepared {
    run: Run,
    /// Number of each line in the file, from 1; 0 for those that it does not have.
    numbers: Vec<usize>,
    /// What was added, in words.
    notes: Vec<String>,
}

/// Plays the text of a file.
pub fn play(engine: Engine, file: &Path, options: &Options) -> Done<ExitCode> {
    let prepared = prepare(engine, &read(file)?, options.scale)?;
    engine.find()?;
    let folder = options.folder()?;
    let installed = engine.prepare(folder.path())?;
    let played = text::play(&installed, prepared.run, &folder.path().join("cluster"))?;
    print(&format!("{}, {} servers\n", played.version, played.servers))?;
    for note in &prepared.notes {
        print(&format!("note: {note}\n"))?;
    }
    for line in &played.settings {
        print(&format!("  {line}\n"))?;
    }
    print("\n")?;
    print(&table(&played.rows, &prepared.numbers))?;
    options.tell_kept(&folder)?;
    if let Some(why) = played.fault {
        return Err(format!("the servers did not do it: {}", with_number(&why, &prepared.numbers)).into());
    }
    let differ = played.rows.iter().filter(|row| row.agrees == Some(false)).count();
    let untold = played.rows.iter().filter(|row| row.agrees.is_none()).count();
    let failed = played.rows.iter().filter(|row| row.held == Some(false)).count();
    let lines = played.rows.len();
    let alike = lines - differ - untold;
    let untold = if untold > 0 { format!(", {untold} that no server tells") } else { String::new() };
    print(&format!(
        "
{lines} lines: {alike} alike, {differ} differ{untold}; {failed} expectations fail on the real servers
"
    ))?;
    Ok(if differ + failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn prepare(engine: Engine, text: &str, scale: f64) -> Done<Prepared> {
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
fn scaled(text: &str, scale: f64) -> Done<Vec<String>> {
    let run = Run::new(text)?;
    let rules = run.cluster().rules();
    // Whole milliseconds: servers know nothing finer.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a time-out is small"
    )]
    let shorter = |us: u64| time::print(((us as f64 * scale / 1_000.0).ceil() as u64).max(1) * time::MS);
    let mut lines: Vec<String> =
        rules.link_timeout_us.map(|us| format!("link-timeout {}", shorter(us))).into_iter().collect();
    if let TooFew::Degrade(us) = rules.too_few {
        lines.push(format!("too-few degrade {}", shorter(us)));
    }
    Ok(lines)
}

/// Says why a text cannot be played on an engine, before anything starts.
fn refuse(engine: Engine, scenario: &Scenario) -> Done<()> {
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
    Err(format!("this text cannot be played on {}:\n  {}", engine.title(), refusals.join("\n  ")).into())
}

/// Line by line: what the real client saw beside what the simulated one saw.
fn table(rows: &[Row], numbers: &[usize]) -> String {
    let width = |texts: &dyn Fn(&Row) -> usize, most: usize| rows.iter().map(texts).max().unwrap_or(0).min(most);
    let (text, real) = (width(&|row| row.text.chars().count(), 60), width(&|row| row.real.chars().count(), 40));
    let mut out = format!("line  {:<text$}  {:<real$}  simulated\n", "", "real");
    for row in rows {
        let number = numbers.get(row.line - 1).copied().unwrap_or(0);
        let mark = match (row.agrees, row.held) {
            (Some(false), Some(false)) => "  DIFFERS, and the real one is not as expected",
            (Some(false), _) => "  DIFFERS",
            (_, Some(false)) => "  not as expected",
            _ => "",
        };
        out.push_str(&format!("{number:>4}  {:<text$}  {:<real$}  {}{mark}\n", row.text, row.real, row.simulated));
    }
    out
}

/// A message about a line with the number that the line has in the file.
fn with_number(why: &str, numbers: &[usize]) -> String {
    let parts = why.strip_prefix("line ").and_then(|rest| rest.split_once(':'));
    let Some((played, rest)) = parts.and_then(|(number, rest)| Some((number.parse::<usize>().ok()?, rest))) else {
        return why.to_owned();
    };
    format!("line {}:{rest}", numbers.get(played - 1).copied().unwrap_or(played))
}
