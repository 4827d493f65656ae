//! What a real client saw beside what the simulated one saw.

use replication_playground::conform;
use replication_playground::run::LineResult;
use replication_playground::scenario::{Command, Engine, Expect, Line, Request, Setting};

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
    /// Whether the two are alike.
    pub agrees: bool,
    /// Whether what the line expects is what the real client saw; nothing if it expects nothing.
    pub held: Option<bool>,
}

/// Facts that both can tell when a line asks for none in particular.
const COMMON: [&str; 3] = ["role", "link", "replication"];

/// The fact that a line asks for; nothing if it asks for none.
pub fn wanted(line: &Line) -> String {
    match &line.expect {
        Some(Expect::Text(fact)) => fact.clone(),
        _ => String::new(),
    }
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

/// Puts the two side by side.
pub fn row(engine: Engine, index: usize, line: &Line, real: String, result: &LineResult) -> Row {
    let wanted = wanted(line);
    let mut shown = line.clone();
    shown.comment = None;
    let is_state = real.starts_with("role=");
    let (real, simulated) = if !is_state {
        (as_written(line, real), result.got.clone())
    } else if wanted.is_empty() {
        (common(&real), common(&result.got))
    } else {
        (narrow(&real, &wanted), narrow(&result.got, &wanted))
    };
    let warned = |text: &str| text.starts_with("ok, warning");
    let agrees = real == simulated || (warned(&real) && warned(&simulated));
    let held = line.expect.as_ref().map(|expect| holds(engine, expect, &real));
    Row { line: index + 1, text: shown.to_string(), real, simulated, agrees, held }
}

fn holds(engine: Engine, expect: &Expect, real: &str) -> bool {
    match expect {
        Expect::Warning => real.starts_with("ok, warning"),
        Expect::Error(None) => real.starts_with("error: "),
        Expect::Text(fact) if real.contains('=') => conform::agrees(engine, fact, real),
        expect => conform::agrees(engine, &expect.to_string(), real),
    }
}

/// A value that was read as the run text writes it.
fn as_written(line: &Line, real: String) -> String {
    let reads = matches!(&line.command, Some(Command::Operation { request: Request::Read { .. }, .. }));
    let is_value = reads && !["nothing", "timeout", "pending"].contains(&real.as_str()) && !real.starts_with("error: ");
    if is_value { Expect::Text(real).to_string() } else { real }
}

fn common(facts: &str) -> String {
    let told = facts.split(' ').filter(|fact| COMMON.iter().any(|key| fact.starts_with(&format!("{key}="))));
    // A master has no link: neither says more than its role.
    let told: Vec<&str> = told.collect();
    if told.contains(&"role=master") { "role=master".to_owned() } else { told.join(" ") }
}
