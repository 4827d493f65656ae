//! Reads the run text. A line is read here; each verb and setting in the file of its kind: `requests`, `topology`, `settings`,
//! `load`. A [`Reader`] hands them the words, [`Known`] what was introduced before.

mod known;
mod load;
mod reader;
mod requests;
pub(super) mod settings;
mod topology;

use std::rc::Rc;

use super::words::split;
use super::{Break, Command, Line, NodeCommand, Scenario};
use crate::error::{Code, Error, did_you_mean};
use crate::limits;
use crate::time::Us;
use known::{Known, known_of};
use load::capacity;
use reader::{Reader, shown, unknown};
use requests::{operation, wait};
use settings::setting;
use topology::{break_or_heal, chain, clients, cluster, link, node_command, start_behind, version};

pub(super) fn scenario(text: &str) -> Result<Scenario, Error> {
    if text.len() > limits::TEXT_BYTES_MAX {
        let message = format!("The text has {} bytes; a run text has at most {}", text.len(), limits::TEXT_BYTES_MAX);
        return Err(Error::new(Code::Limit, message));
    }
    let mut known = Known::default();
    let mut lines = Vec::new();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (index, source) in text.lines().enumerate() {
        let source = source.strip_suffix('\r').unwrap_or(source);
        let line = line(source, &mut known, index == 0).map_err(|error| error.in_line(index + 1))?;
        lines.push(Rc::new(line));
        if lines.len() > limits::LINES_MAX {
            let message = format!("A run text has at most {} lines", limits::LINES_MAX);
            return Err(Error::new(Code::Limit, message).in_line(index + 1));
        }
    }
    if !known.has_cluster {
        let message = "The text names no cluster: begin with a line such as “cluster m + s1 s2”";
        return Err(Error::new(Code::Syntax, message).in_line(lines.len().max(1)).expecting("cluster MASTER + SLAVES"));
    }
    let bytes = lines.iter().map(|line| printed_bytes(line)).sum();
    check_bytes(bytes)?;
    Ok(Scenario { lines, bytes })
}

/// What a line takes in the printed text.
pub(super) fn printed_bytes(line: &Line) -> usize {
    line.to_string().len() + 1
}

fn check_bytes(bytes: usize) -> Result<(), Error> {
    if bytes <= limits::TEXT_BYTES_MAX {
        return Ok(());
    }
    let message = format!("The text would have {bytes} bytes; a run text has at most {}", limits::TEXT_BYTES_MAX);
    Err(Error::new(Code::Limit, message))
}

pub(super) fn command(scenario: &Scenario, index: usize, text: &str) -> Result<Line, Error> {
    if text.len() > limits::TEXT_BYTES_MAX || text.contains(['\n', '\r']) {
        return Err(Error::new(Code::Syntax, "A command is one line").expecting("one line"));
    }
    let mut known = known_of(scenario, index);
    check_characters(text)?;
    let words = split(text)?;
    let mut reader = Reader::new(&words);
    let line = body(&mut reader, &mut known, Some(0))?;
    let Some(command) = &line.command else {
        return Err(reader.syntax("There is no command here", "a command such as “crash m”"));
    };
    if header_only(command) {
        return Err(Error::new(Code::Order, "This is set at the start of a run: change it in the text").at_column(1));
    }
    Ok(line)
}

/// Checks that one more line fits.
pub(super) fn check_room(scenario: &Scenario, line: &Line) -> Result<(), Error> {
    check_bytes(scenario.bytes + printed_bytes(line))?;
    if scenario.lines.len() >= limits::LINES_MAX {
        let message = format!("A run text has at most {} lines: start a new run", limits::LINES_MAX);
        return Err(Error::new(Code::Limit, message));
    }
    if line.at.is_some_and(|at| at > limits::RUN_US_MAX) {
        return Err(Error::new(Code::Limit, "A run lasts at most a day of simulated time: start a new run"));
    }
    Ok(())
}

fn header_only(command: &Command) -> bool {
    matches!(
        command,
        Command::Version(_)
            | Command::Cluster { .. }
            | Command::Clients(_)
            | Command::Seed(_)
            | Command::StartBehind { .. }
    )
}

fn check_characters(source: &str) -> Result<(), Error> {
    match source.chars().position(|c| c.is_control() && c != '\t') {
        None => Ok(()),
        Some(index) => {
            let message = "A control character stands in the line: this is not a run text, or it needs an escape";
            Err(Error::new(Code::Encoding, message)
                .at_column(index + 1)
                .expecting("text; \\u{HEX} in quotes for such a character"))
        }
    }
}

fn line(source: &str, known: &mut Known, first: bool) -> Result<Line, Error> {
    check_characters(source)?;
    let words = split(source)?;
    let mut reader = Reader::new(&words);
    let at = reader.time(known)?;
    let line = body(&mut reader, known, at)?;
    match &line.command {
        Some(Command::Version(_)) if !first => {
            Err(Error::new(Code::Order, "The version stands in the first line of the text").at_column(1))
        }
        Some(command) if at.is_some() && header_only(command) => {
            Err(Error::new(Code::Order, "This is set at the start of a run: write it without a time").at_column(1))
        }
        Some(Command::Follow { node, .. }) if at.is_none() && known.nodes.first() == Some(node) => {
            let message = format!("{node} is the master: at the start it follows nobody");
            Err(Error::new(Code::Name, message).at_column(1).expecting("“follow SLAVE NODE”, or a time in front"))
        }
        Some(command) if at.is_none() && !header_only(command) && !settable_at_start(command) => {
            // At 0 a run would end before anything happens.
            let at = if *command == Command::End { "TIME" } else { "0ms" };
            Err(Error::new(Code::Syntax, "This needs a time").at_column(1).expecting(format!("“at {at} {command}”")))
        }
        _ => Ok(line),
    }
}

/// A line behind its time.
fn body(reader: &mut Reader<'_>, known: &mut Known, at: Option<Us>) -> Result<Line, Error> {
    let comment = reader.words.comment.clone();
    if reader.peek().is_none() {
        if at.is_some() {
            return Err(reader.syntax("There is a time, but no command", "a command such as “crash m”"));
        }
        return Ok(Line { comment, ..Line::default() });
    }
    if at.is_none() && known.last_at.is_some() {
        let column = reader.column();
        let message = "Behind the first line with a time, each line needs one";
        let rest = if reader.take_word("end") { "end" } else { "…" };
        let expected = format!("“at TIME {rest}” or “+SPAN {rest}”");
        return Err(Error::new(Code::Order, message).at_column(column).expecting(expected));
    }
    let command = verb(reader, known)?;
    let expect = reader.expectation(&command)?;
    reader.finish()?;
    if at.is_some() {
        known.last_at = at;
    }
    Ok(Line { at, command: Some(command), expect, comment })
}

fn settable_at_start(command: &Command) -> bool {
    matches!(
        command,
        Command::Set(_)
            | Command::Link(..)
            | Command::Delay(..)
            | Command::ApplySpeed(..)
            | Command::Priority(..)
            | Command::Capacity(..)
            | Command::Follow { force: false, .. }
            | Command::Node(NodeCommand::PauseApply | NodeCommand::ResumeApply, _)
    )
}

/// Words that begin a line, beside the settings.
const VERBS: [&str; 39] = [
    "write",
    "read",
    "delete",
    "crash",
    "stop",
    "start",
    "start-behind",
    "freeze",
    "thaw",
    "cut",
    "hold",
    "heal",
    "partition",
    "link",
    "delay",
    "pause-apply",
    "resume-apply",
    "apply-speed",
    "priority",
    "capacity",
    "add",
    "remove",
    "promote",
    "follow",
    "rewind",
    "rebuild",
    "chain",
    "read-only",
    "read-write",
    "trim-log",
    "fill-log",
    "state",
    "wait",
    "cancel",
    "end",
    "cluster",
    "clients",
    "seed",
    "version",
];

/// A word that begins no line. The nearest one is offered; if none is near, some are named.
fn unknown_verb(word: &str, column: usize) -> Error {
    let meant = did_you_mean(word, VERBS.into_iter().chain(settings::NAMES));
    let error = Error::new(Code::Syntax, format!("Unknown command “{}”{meant}", shown(word))).at_column(column);
    match meant.is_empty() {
        true => error.expecting("a command such as write, crash, cut or promote, or a setting such as replication"),
        false => error,
    }
}

fn verb(reader: &mut Reader<'_>, known: &mut Known) -> Result<Command, Error> {
    let client = reader.client(known)?;
    let first = reader.next("a command")?;
    let (word, column) = (first.text.clone(), first.column);
    match word.as_str() {
        "write" | "read" | "delete" => return operation(&word, client, reader, known),
        "wait" => return wait(client, reader, known),
        "cancel" => return Ok(Command::Cancel(client)),
        _ if client.is_some() => {
            return Err(unknown(&word, column, "A client can only ask", "write, read, delete, wait or cancel"));
        }
        _ => {}
    }
    if word != "cluster" && word != "version" && !known.has_cluster && !allowed_before_cluster(&word) {
        if !VERBS.contains(&word.as_str()) && !settings::NAMES.contains(&word.as_str()) {
            return Err(unknown_verb(&word, column));
        }
        return Err(Error::new(Code::Order, "The cluster must be named before this")
            .at_column(column)
            .expecting("a line “cluster MASTER + SLAVES” above"));
    }
    if let Some(command) = NodeCommand::from_word(&word) {
        return node_command(command, reader, known);
    }
    if let Some(kind) = Break::from_word(&word) {
        return break_or_heal(kind, reader, known);
    }
    match word.as_str() {
        "version" => version(reader),
        "cluster" => cluster(reader, known),
        "clients" => clients(reader, known),
        "start-behind" => start_behind(reader, known),
        "seed" if known.has_seed => Err(Error::new(Code::Name, "The seed is named already").at_column(column)),
        "seed" => {
            known.has_seed = true;
            Ok(Command::Seed(reader.number("a whole number", 0, limits::SEED_MAX)?))
        }
        "link" => link(reader, known),
        "delay" => {
            let name = reader.node(known)?;
            Ok(Command::Delay(name, reader.span(0, limits::SPAN_US_MAX)?))
        }
        "apply-speed" => Ok(Command::ApplySpeed(reader.node(known)?, reader.rate()?)),
        "priority" => {
            let node = reader.node(known)?;
            let priority = reader.number("a priority", 0, limits::PRIORITY_MAX)?;
            Ok(Command::Priority(node, u8::try_from(priority).unwrap_or(u8::MAX)))
        }
        "capacity" => {
            let node = if reader.take_word("nodes") { None } else { Some(reader.node(known)?) };
            Ok(Command::Capacity(node, capacity(reader)?))
        }
        "promote" => {
            let node = reader.node(known)?;
            Ok(Command::Promote { node, drain: reader.take_word("drain") })
        }
        "follow" => {
            let (node, upstream) = (reader.node(known)?, reader.node(known)?);
            if node == upstream {
                return Err(Error::new(Code::Name, "A node cannot follow itself").at_column(column));
            }
            Ok(Command::Follow { node, upstream, force: reader.take_word("force") })
        }
        "chain" => chain(reader, known),
        "end" => Ok(Command::End),
        _ => match setting(&word, reader, known)? {
            Some(setting) => {
                known.meet_observers(&setting, column)?;
                Ok(Command::Set(setting))
            }
            None => Err(unknown_verb(&word, column)),
        },
    }
}

/// All settings but those that name nodes, or bring some along.
fn allowed_before_cluster(word: &str) -> bool {
    let names_nodes = matches!(word, "router" | "sync-slaves" | "failover");
    matches!(word, "seed" | "clients") || settings::NAMES.contains(&word) && !names_nodes
}
