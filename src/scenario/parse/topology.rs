//! Who is there, who follows whom, and the links between them: `version`, `cluster`, `clients`, `add`, `crash` and the other
//! verbs of one node, `cut`, `hold`, `heal`, `link`, `chain`.

use super::known::{Known, name, taken};
use super::reader::{Reader, limit, unknown};
use crate::error::{Code, Error};
use crate::limits;
use crate::scenario::{Break, Command, LinkChange, Name, NodeCommand, StartStage};

pub(super) fn chain(reader: &mut Reader<'_>, known: &Known) -> Result<Command, Error> {
    let mut nodes = vec![reader.node(known)?, reader.node(known)?];
    while reader.peek().is_some_and(|word| word.quoted || word.text != "->") {
        nodes.push(reader.node(known)?);
    }
    let mut distinct = nodes.iter().enumerate();
    if distinct.any(|(index, node)| nodes.iter().skip(index + 1).any(|other| other == node)) {
        return Err(Error::new(Code::Name, "A chain names each node once").at_column(1));
    }
    Ok(Command::Chain(nodes))
}

/// `start-behind s1 40 entries unapplied`
pub(super) fn start_behind(reader: &mut Reader<'_>, known: &Known) -> Result<Command, Error> {
    let column = reader.column();
    let node = reader.node(known)?;
    if known.nodes.first() == Some(&node) {
        let message = format!("{node} is the master: only a slave begins behind");
        return Err(Error::new(Code::Name, message).at_column(column).expecting("the name of a slave"));
    }
    let entries = reader.number("how many entries", 1, limits::START_BEHIND_MAX)?;
    if !reader.take_word("entries") && !reader.take_word("entry") {
        return Err(reader.syntax("It is said how many, and not of what", "entries"));
    }
    let stage = reader.one_of("missing, unflushed, unapplied or gap", StartStage::from_word)?;
    Ok(Command::StartBehind { node, entries: u32::try_from(entries).unwrap_or(1), stage })
}

pub(super) fn node_command(command: NodeCommand, reader: &mut Reader<'_>, known: &mut Known) -> Result<Command, Error> {
    if command != NodeCommand::Add {
        use NodeCommand::{Crash, Freeze, Partition, Start, Stop, Thaw};
        let of_process = matches!(command, Crash | Stop | Start | Freeze | Thaw | Partition);
        let name = if of_process { reader.node_or_observer(known)? } else { reader.node(known)? };
        return Ok(Command::Node(command, name));
    }
    let word = reader.next("a name for the new slave")?;
    let name = name(&word.text, word.column, "node")?;
    if known.observers.contains(&name) {
        return Err(taken(&name, word.column));
    }
    if !known.nodes.contains(&name) {
        if known.nodes.len() >= limits::NODES_EVER_MAX {
            return Err(limit(format!("A run has at most {} nodes in all", limits::NODES_EVER_MAX), word.column));
        }
        known.nodes.push(name.clone());
    }
    Ok(Command::Node(command, name))
}

pub(super) fn break_or_heal(kind: Break, reader: &mut Reader<'_>, known: &Known) -> Result<Command, Error> {
    if kind == Break::Heal && reader.take_word("all") {
        return Ok(Command::HealAll);
    }
    Ok(Command::Break(kind, reader.pair(known)?))
}

pub(super) fn version(reader: &mut Reader<'_>) -> Result<Command, Error> {
    let column = reader.column();
    let number = reader.number("a version number", 1, u64::MAX)?;
    if number > limits::VERSION_MAX {
        let message = format!(
            "This text is of version {number}, this playground reads up to version {}: open it in a newer one",
            limits::VERSION_MAX
        );
        return Err(Error::new(Code::Version, message).at_column(column));
    }
    Ok(Command::Version(number))
}

pub(super) fn cluster(reader: &mut Reader<'_>, known: &mut Known) -> Result<Command, Error> {
    if known.has_cluster {
        return Err(Error::new(Code::Name, "The cluster is named already").at_column(1));
    }
    let word = reader.next("the master, + and the slaves, such as “cluster m + s1”")?;
    let master = name(&word.text, word.column, "node")?;
    let plus = reader.next(&format!("+ and the slaves, such as “cluster {master} + s1”"))?;
    if plus.text != "+" {
        return Err(unknown(&plus.text, plus.column, "A + stands between master and slaves", "+"));
    }
    let mut slaves: Vec<Name> = Vec::new();
    while let Some(word) = reader.take_if(|word| word.quoted || word.text != "->") {
        let slave = name(&word.text, word.column, "node")?;
        if slave == master || slaves.contains(&slave) {
            return Err(Error::new(Code::Name, format!("There are two nodes named {slave}")).at_column(word.column));
        }
        slaves.push(slave);
        if slaves.len() > limits::SLAVES_MAX {
            return Err(limit(format!("A cluster has at most {} slaves", limits::SLAVES_MAX), word.column));
        }
    }
    if slaves.is_empty() {
        return Err(
            reader.syntax("A cluster has at least one slave", &format!("a slave, such as “cluster {master} + s1”"))
        );
    }
    known.nodes.push(master.clone());
    known.nodes.extend(slaves.iter().cloned());
    known.has_cluster = true;
    if let Some(name) = known.observers.iter().find(|name| known.nodes.contains(name)) {
        return Err(taken(name, 1));
    }
    Ok(Command::Cluster { master, slaves })
}

pub(super) fn clients(reader: &mut Reader<'_>, known: &mut Known) -> Result<Command, Error> {
    let mut clients = Vec::new();
    while reader.peek().is_some() {
        match reader.client(known)? {
            Some(client) if !clients.contains(&client) => clients.push(client),
            Some(client) => return Err(Error::new(Code::Name, format!("Client {client} is named twice"))),
            None => return Err(reader.syntax("A client's name begins with an upper-case letter", "a name such as A")),
        }
    }
    if clients.is_empty() {
        return Err(reader.syntax("No client is named", "a name such as A"));
    }
    Ok(Command::Clients(clients))
}

pub(super) fn link(reader: &mut Reader<'_>, known: &Known) -> Result<Command, Error> {
    let pair = reader.pair(known)?;
    let mut change = LinkChange::default();
    while let Some(word) = reader.take_if(|word| word.text != "->") {
        match word.text.as_str() {
            "latency" => change.latency_us = Some(reader.span(limits::LATENCY_US_MIN, limits::SPAN_US_MAX)?),
            "jitter" => change.jitter_us = Some(reader.span(0, limits::SPAN_US_MAX)?),
            "loss" => change.loss = Some(reader.loss()?),
            "bandwidth" => change.bandwidth = Some(reader.bandwidth()?),
            other => {
                let expected = "latency, jitter, loss or bandwidth";
                return Err(unknown(other, word.column, "This is no property of a link", expected));
            }
        }
    }
    if change == LinkChange::default() {
        return Err(reader.syntax("Nothing is said of the link", "latency, jitter, loss or bandwidth"));
    }
    Ok(Command::Link(pair, change))
}
