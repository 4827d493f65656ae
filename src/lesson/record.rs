//! A lesson made by playing: what was done becomes its `do` lines, what was marked as a goal becomes its tasks.

use crate::cluster::LineOutcome;
use crate::history::Outcome;
use crate::referee::Freshness;
use crate::run::Run;
use crate::scenario::{Command, Line, NodeCommand, Request, pair_text};
use crate::time::{self, MS, Us};

/// A pause that is worth a line, µs.
const PAUSE_US: Us = 100 * MS;

/// The text of a lesson from what has been done in a run so far. `goals` are lines of its text, from 0: what they did is what
/// the reader is to do, and when it has come out as it did here, the task is done. It is a beginning, to be edited.
pub fn record(run: &Run, title: &str, goals: &[usize]) -> String {
    let lines = run.scenario().lines();
    let title: String = title.chars().filter(|letter| !letter.is_control()).collect();
    let head: String = lines.iter().filter(|line| line.at.is_none()).map(|line| format!("{line}\n")).collect();
    let mut text =
        format!("lesson {}\n\n{head}\nstep Begin\n", if title.trim().is_empty() { "A lesson" } else { title.trim() });
    let mut last_us = 0;
    for (place, line) in lines.iter().enumerate().take(run.cursor()) {
        let (Some(at), Some(command)) = (line.at, &line.command) else { continue };
        if at >= last_us + PAUSE_US {
            text.push_str(&format!("until after {}\n", time::print(at - last_us)));
        }
        last_us = at;
        if goals.contains(&place) {
            text.push_str(&task(run, place, line, command));
        } else if !matches!(command, Command::End) {
            text.push_str(&format!("do {command}\n"));
        }
    }
    text + "learned What there was to learn.\n"
}

fn task(run: &Run, place: usize, line: &Line, command: &Command) -> String {
    let conditions = conditions(run, place, command);
    let when: String = conditions.iter().map(|condition| format!("  when {condition}\n")).collect();
    let words = line.comment.clone().filter(|words| !words.is_empty()).unwrap_or_else(|| words(command));
    format!("task {words}\n{when}  by {command}\n")
}

/// What to do, in words.
fn words(command: &Command) -> String {
    match command {
        Command::Operation { request: Request::Write { key, value }, target: None, .. } => {
            format!("Write `{key}` = {value}.")
        }
        Command::Operation { request: Request::Write { key, value }, target: Some(node), .. } => {
            format!("Write `{key}` = {value} at {node}.")
        }
        Command::Operation { request: Request::Read { key }, target: None, .. } => format!("Read `{key}`."),
        Command::Operation { request: Request::Read { key }, target: Some(node), .. } => {
            format!("Read `{key}` from {node}.")
        }
        Command::Operation { request: Request::Delete { key }, .. } => format!("Delete `{key}`."),
        Command::Node(NodeCommand::Crash, node) => format!("Switch {node} off."),
        Command::Node(NodeCommand::Start, node) => format!("Switch {node} on."),
        Command::Promote { node, .. } => format!("Promote {node}."),
        Command::Follow { node, upstream, .. } => format!("Let {node} follow {upstream}."),
        other => format!("Do this: `{other}`."),
    }
}

/// What must be so for the task to be done: what came of the line here.
fn conditions(run: &Run, place: usize, command: &Command) -> Vec<String> {
    let plain = |word: &str, node: &str| vec![format!("{word} {node}")];
    match command {
        Command::Operation { .. } => vec![request(run, place, command)],
        Command::Node(kind, node) => match kind {
            NodeCommand::Crash => plain("crash", node.as_str()),
            NodeCommand::Stop => plain("stop", node.as_str()),
            NodeCommand::Start => plain("start", node.as_str()),
            NodeCommand::Freeze => plain("freeze", node.as_str()),
            NodeCommand::Thaw => plain("thaw", node.as_str()),
            NodeCommand::Partition => plain("cut", node.as_str()),
            NodeCommand::Add => plain("joined", node.as_str()),
            NodeCommand::Rewind | NodeCommand::Rebuild => plain("rewound", node.as_str()),
            _ => vec!["after 0s".to_owned()],
        },
        Command::Promote { node, .. } => plain("promote", node.as_str()),
        Command::Follow { node, .. } => match run.outcome(place).map(|outcome| run.seen(outcome)) {
            Some(said) if said.starts_with("refused") => plain("denied", node.as_str()),
            _ => plain("follow", node.as_str()),
        },
        Command::Break(kind, pair) => {
            let word = if *kind == crate::scenario::Break::Heal { "heal" } else { "cut" };
            vec![format!("{word} {}", pair_text(pair).replace("->", "-"))]
        }
        Command::HealAll => vec!["heal".to_owned()],
        Command::Set(setting) => vec![format!("set {setting}")],
        _ => vec!["after 0s".to_owned()],
    }
}

/// A request has come out as it did here. Words with blanks cannot stand in a condition, so they are left out.
fn request(run: &Run, place: usize, command: &Command) -> String {
    let Command::Operation { request, target, .. } = command else { return String::new() };
    let Some(LineOutcome::Operation(number)) = run.outcome(place) else { return "error".to_owned() };
    let at = target.as_ref().map_or(String::new(), |node| format!(" @{node}"));
    let word = |text: &str| if text.contains(char::is_whitespace) { String::new() } else { format!(" {text}") };
    let outcome = run.cluster().history().operation(*number).map(|operation| operation.outcome);
    let freshness = run.referee().judgement(*number).map(|judgement| judgement.freshness);
    match (request, outcome) {
        (_, Some(Outcome::Failed(_))) => format!("error{at}"),
        (_, Some(Outcome::TimedOut | Outcome::Pending)) => format!("timeout{at}"),
        (Request::Write { key, value }, _) if word(key).is_empty() || word(value).is_empty() => format!("write{at}"),
        (Request::Write { key, value }, _) => format!("write{}{}{at}", word(key), word(value)),
        (Request::Delete { key }, _) => format!("write{}{at}", word(key)),
        (Request::Read { key }, _) => {
            let kind = match freshness {
                Some(Freshness::Stale { .. }) => "stale-read",
                Some(Freshness::Foreign) => "foreign-read",
                Some(Freshness::Fresh) => "fresh-read",
                _ => "read",
            };
            format!("{kind}{}{at}", word(key))
        }
    }
}
