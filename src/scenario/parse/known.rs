//! What the lines so far have introduced: nodes, clients, and those who watch the master.

use super::reader::{limit, shown};
use crate::error::{Code, Error};
use crate::limits;
use crate::scenario::{Command, Failover, Name, NodeCommand, Scenario, Setting};
use crate::time::Us;

/// What the lines so far have introduced.
#[derive(Default)]
pub(super) struct Known {
    pub nodes: Vec<Name>,
    pub clients: Vec<Name>,
    /// Those who watch the master, and the store of the lease.
    pub observers: Vec<Name>,
    pub has_cluster: bool,
    pub has_seed: bool,
    pub last_at: Option<Us>,
}

pub(super) fn known_of(scenario: &Scenario, index: usize) -> Known {
    let mut known = Known { has_cluster: true, ..Known::default() };
    for line in scenario.lines.iter().take(index) {
        match &line.command {
            Some(Command::Cluster { master, slaves }) => {
                known.nodes.push(master.clone());
                known.nodes.extend(slaves.iter().cloned());
            }
            Some(Command::Node(NodeCommand::Add, name)) if !known.nodes.contains(name) => {
                known.nodes.push(name.clone())
            }
            Some(Command::Clients(clients)) => clients.iter().for_each(|client| known.note_client(client)),
            Some(
                Command::Operation { client: Some(client), .. }
                | Command::Wait { client: Some(client), .. }
                | Command::Cancel(Some(client)),
            ) => known.note_client(client),
            Some(Command::Set(setting)) => known.note_observers(setting),
            _ => {}
        }
    }
    known
}

impl Known {
    pub fn note_client(&mut self, client: &Name) {
        if !self.clients.contains(client) {
            self.clients.push(client.clone());
        }
    }

    pub fn note_observers(&mut self, setting: &Setting) {
        for name in setting.failover().map(Failover::observers).unwrap_or_default() {
            if !self.observers.contains(&name) {
                self.observers.push(name);
            }
        }
    }

    /// Takes note of those whom a setting brings along, if no node has such a name.
    pub fn meet_observers(&mut self, setting: &Setting, column: usize) -> Result<(), Error> {
        self.note_observers(setting);
        match self.observers.iter().find(|name| self.nodes.contains(name)) {
            None => Ok(()),
            Some(name) => Err(taken(name, column)),
        }
    }
}

pub(super) fn taken(name: &Name, column: usize) -> Error {
    let message = format!("A node cannot be named {name}: that is who watches the master");
    Error::new(Code::Name, message).at_column(column).expecting("another name for the node")
}

pub(super) fn name(text: &str, column: usize, kind: &str) -> Result<Name, Error> {
    let begins_well =
        text.starts_with(|c: char| if kind == "node" { c.is_ascii_lowercase() } else { c.is_ascii_uppercase() });
    if !begins_well || !text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        let case = if kind == "node" { "a lower-case" } else { "an upper-case" };
        return Err(Error::new(Code::Name, format!("“{}” is no name for a {kind}", shown(text)))
            .at_column(column)
            .expecting(format!("{case} letter, then letters, digits and _")));
    }
    if text.len() > limits::NAME_CHARS_MAX {
        return Err(limit(format!("A name has at most {} characters", limits::NAME_CHARS_MAX), column));
    }
    Ok(Name(text.into()))
}

pub(super) fn node_name(text: &str, column: usize, known: &Known) -> Result<Name, Error> {
    let name = name(text, column, "node")?;
    if known.nodes.contains(&name) {
        return Ok(name);
    }
    let names: Vec<&str> = known.nodes.iter().take(8).map(Name::as_str).collect();
    Err(Error::new(Code::Name, format!("There is no node named {name}")).at_column(column).expecting(names.join(", ")))
}

/// An end of a link: a node that is known, or any client.
pub(super) fn end_name(text: &str, column: usize, known: &Known) -> Result<Name, Error> {
    if text.starts_with(|c: char| c.is_ascii_uppercase()) {
        return name(text, column, "client");
    }
    match known.observers.iter().find(|name| name.as_str() == text) {
        Some(observer) => Ok(observer.clone()),
        None => node_name(text, column, known),
    }
}
