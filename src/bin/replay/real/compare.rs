//! What a real client saw beside what the simulated one saw.

use replication_playground::conform;
use replication_playground::run::LineResult;
use replication_playground::scenario::{Command, Engine, Expect, Line, NodeCommand, Request};

use super::conform::narrow;

/// A line of the report.
pub struct Row {
    /// Its number in the text, from 1.
    pub line: usize,
    /// The line.
    pub text: String,
    /// What the real client saw.
    pub real: String,
    /// What the simulated one saw.
    pub simulated: String,
    /// Whether the two are alike; nothing if no server can tell.
    pub agrees: Option<bool>,
    /// Whether what the line expects is what the real client saw; nothing if it expects nothing, or no server can tell.
    pub held: Option<bool>,
}

/// Facts that both can tell when a line asks for none in particular.
const COMMON: [&str; 4] = ["process", "role", "link", "replication"];
/// Facts that servers can tell. Others are numbers of the simulator's own.
const TOLD: [&str; 8] = ["process", "role", "link", "catchup", "replication", "sync", "semisync", "master_link_status"];

/// The fact that a line asks for; nothing if it asks for none.
pub fn wanted(line: &Line) -> String {
    match &line.expect {
        Some(Expect::Text(fact)) => fact.clone(),
        _ => String::new(),
    }
}

/// Puts the two side by side.
pub fn row(engine: Engine, index: usize, line: &Line, real: String, result: &LineResult) -> Row {
    let wanted = wanted(line);
    let mut shown = line.clone();
    shown.comment = None;
    let text = shown.to_string();
    let is_state = matches!(line.command, Some(Command::Node(NodeCommand::State, _))) && real.starts_with("process=");
    let (real, simulated) = if !is_state {
        (as_written(line, real), result.got.clone())
    } else if wanted.is_empty() {
        (common(&real), common(&result.got))
    } else if wanted.contains('>') {
        (has(&real, &wanted), has(&result.got, &wanted))
    } else if TOLD.iter().any(|key| wanted.split('=').next() == Some(key)) {
        (narrow(&real, &wanted), narrow(&result.got, &wanted))
    } else {
        let simulated = narrow(&result.got, &wanted);
        let real = "(no server tells)".to_owned();
        return Row { line: index + 1, text, real, simulated, agrees: None, held: None };
    };
    let warned = |text: &str| text.starts_with("ok, warning");
    let agrees = Some(real == simulated || (warned(&real) && warned(&simulated)));
    let held = line.expect.as_ref().map(|expect| holds(engine, expect, &real));
    Row { line: index + 1, text, real, simulated, agrees, held }
}

fn holds(engine: Engine, expect: &Expect, real: &str) -> bool {
    match expect {
        Expect::Warning => real.starts_with("ok, warning"),
        Expect::Error(None) => real.starts_with("error: "),
        Expect::Text(text) => text == real || expect.to_string() == real || conform::agrees(engine, text, real),
        expect => conform::agrees(engine, &expect.to_string(), real),
    }
}

/// A value that was read as the run text writes it.
fn as_written(line: &Line, real: String) -> String {
    let reads = matches!(&line.command, Some(Command::Operation { request: Request::Read { .. }, .. }));
    let is_value = reads && !["nothing", "timeout", "pending"].contains(&real.as_str()) && !real.starts_with("error: ");
    if is_value { Expect::Text(real).to_string() } else { real }
}

/// A fact that holds or does not, such as `received>applied`.
fn has(facts: &str, fact: &str) -> String {
    if facts.split(' ').any(|held| held == fact) { fact.to_owned() } else { format!("not {fact}") }
}

fn common(facts: &str) -> String {
    let told = facts.split(' ').filter(|fact| COMMON.iter().any(|key| fact.starts_with(&format!("{key}="))));
    let told: Vec<&str> = told.collect();
    // Nobody can ask a server that is not there.
    if let Some(down) = told.iter().find(|fact| fact.starts_with("process=") && **fact != "process=up") {
        return (*down).to_owned();
    }
    // A master has no link: neither says more than its role.
    let keeps = |fact: &&&str| {
        !told.contains(&"role=master") || !(fact.starts_with("link=") || fact.starts_with("replication="))
    };
    told.iter().filter(keeps).copied().collect::<Vec<_>>().join(" ")
}
