//! Reads the run text. Each verb has one small function; [`Reader`] hands it the words.

use std::rc::Rc;

use super::words::{Word, Words, split};
use super::{
    Arrivals, Break, Capacity, Command, Durability, Engine, Expect, Failover, Gap, Gate, Level, Line, LinkChange, Load,
    LogKeep, Name, NoNode, NodeCommand, OwnWrites, Pair, Preset, Ratio, Rejoin, Relay, Replication, Request, Router,
    Scenario, Setting, SlaveWrites, TooFew, Unapplied,
};
use crate::error::{Code, Error};
use crate::limits;
use crate::time::{self, MS, Us};

/// What the lines so far have introduced.
#[derive(Default)]
struct Known {
    nodes: Vec<Name>,
    clients: Vec<Name>,
    /// Those who watch the master, and the store of the lease.
    observers: Vec<Name>,
    has_cluster: bool,
    has_seed: bool,
    last_at: Option<Us>,
}

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

fn known_of(scenario: &Scenario, index: usize) -> Known {
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
    fn note_client(&mut self, client: &Name) {
        if !self.clients.contains(client) {
            self.clients.push(client.clone());
        }
    }

    fn note_observers(&mut self, setting: &Setting) {
        for name in setting.failover().map(Failover::observers).unwrap_or_default() {
            if !self.observers.contains(&name) {
                self.observers.push(name);
            }
        }
    }

    /// Takes note of those whom a setting brings along, if no node has such a name.
    fn meet_observers(&mut self, setting: &Setting, column: usize) -> Result<(), Error> {
        self.note_observers(setting);
        match self.observers.iter().find(|name| self.nodes.contains(name)) {
            None => Ok(()),
            Some(name) => Err(taken(name, column)),
        }
    }
}

fn taken(name: &Name, column: usize) -> Error {
    let message = format!("A node cannot be named {name}: that is who watches the master");
    Error::new(Code::Name, message).at_column(column).expecting("another name for the node")
}

fn header_only(command: &Command) -> bool {
    matches!(command, Command::Version(_) | Command::Cluster { .. } | Command::Clients(_) | Command::Seed(_))
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
        Some(command) if at.is_none() && !header_only(command) && !settable_at_start(command) => {
            Err(Error::new(Code::Syntax, "This needs a time").at_column(1).expecting(format!("“at 0ms {command}”")))
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
        let message = "Behind the first line with a time, each line needs one";
        return Err(reader.syntax(message, "“at TIME …” or “+SPAN …”").with_code(Code::Order));
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
            | Command::Node(NodeCommand::PauseApply | NodeCommand::ResumeApply, _)
    )
}

const VERBS: &str = "write, read, delete, crash, stop, start, freeze, thaw, cut, hold, heal, partition, link, delay, \
                     pause-apply, resume-apply, apply-speed, priority, capacity, add, remove, promote, follow, rewind, rebuild, chain, trim-log, \
                     fill-log, state, wait, cancel, end, or a setting";

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
            None => Err(unknown(&word, column, "This is no command that the run text knows", VERBS)),
        },
    }
}

fn allowed_before_cluster(word: &str) -> bool {
    const NAMELESS: [&str; 22] = [
        "load",
        "seed",
        "clients",
        "replication",
        "slave-writes",
        "timeout",
        "flush",
        "durability",
        "log",
        "retry",
        "too-few",
        "gate",
        "gap",
        "relay",
        "unapplied",
        "rejoin",
        "link-timeout",
        "engine",
        "preset",
        "own-writes",
        "max-lag",
        "no-node",
    ];
    NAMELESS.contains(&word)
}

fn unknown(word: &str, column: usize, message: &str, expected: &str) -> Error {
    Error::new(Code::Syntax, format!("{message}: “{}”", shown(word))).at_column(column).expecting(expected)
}

/// A word from outside, short enough to stand in a message.
fn shown(word: &str) -> String {
    let short: String = word.chars().take(24).collect();
    if short.len() < word.len() { format!("{short}…") } else { short }
}

fn operation(verb: &str, client: Option<Name>, reader: &mut Reader<'_>, known: &Known) -> Result<Command, Error> {
    if !known.has_cluster {
        return Err(reader.syntax("The cluster must be named before this", "a line “cluster MASTER + SLAVES” above"));
    }
    let key = reader.text("a key", "key", limits::KEY_BYTES_MAX)?;
    let request = match verb {
        "write" => {
            let value = reader.text("a value", "value", limits::VALUE_BYTES_MAX)?;
            Request::Write { key, value }
        }
        "read" => Request::Read { key },
        _ => Request::Delete { key },
    };
    let target = reader.target(known)?;
    let local = matches!(request, Request::Write { .. } | Request::Delete { .. }) && reader.take_word("level=local");
    Ok(Command::Operation { client, request, target, local })
}

fn wait(client: Option<Name>, reader: &mut Reader<'_>, known: &Known) -> Result<Command, Error> {
    if !known.has_cluster {
        return Err(reader.syntax("The cluster must be named before this", "a line “cluster MASTER + SLAVES” above"));
    }
    let slaves = reader.slave_count()?;
    let within_us = reader.span(limits::TIMEOUT_US_MIN, limits::SPAN_US_MAX)?;
    Ok(Command::Wait { client, slaves, within_us, target: reader.target(known)? })
}

fn chain(reader: &mut Reader<'_>, known: &Known) -> Result<Command, Error> {
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

fn node_command(command: NodeCommand, reader: &mut Reader<'_>, known: &mut Known) -> Result<Command, Error> {
    if command != NodeCommand::Add {
        return Ok(Command::Node(command, reader.node(known)?));
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

fn break_or_heal(kind: Break, reader: &mut Reader<'_>, known: &Known) -> Result<Command, Error> {
    if kind == Break::Heal && reader.take_word("all") {
        return Ok(Command::HealAll);
    }
    Ok(Command::Break(kind, reader.pair(known)?))
}

fn version(reader: &mut Reader<'_>) -> Result<Command, Error> {
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

fn cluster(reader: &mut Reader<'_>, known: &mut Known) -> Result<Command, Error> {
    if known.has_cluster {
        return Err(Error::new(Code::Name, "The cluster is named already").at_column(1));
    }
    let word = reader.next("the master's name")?;
    let master = name(&word.text, word.column, "node")?;
    let plus = reader.next("+")?;
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
        return Err(reader.syntax("A cluster has at least one slave", "the name of a slave"));
    }
    known.nodes.push(master.clone());
    known.nodes.extend(slaves.iter().cloned());
    known.has_cluster = true;
    if let Some(name) = known.observers.iter().find(|name| known.nodes.contains(name)) {
        return Err(taken(name, 1));
    }
    Ok(Command::Cluster { master, slaves })
}

fn clients(reader: &mut Reader<'_>, known: &mut Known) -> Result<Command, Error> {
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

fn link(reader: &mut Reader<'_>, known: &Known) -> Result<Command, Error> {
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

fn setting(word: &str, reader: &mut Reader<'_>, known: &Known) -> Result<Option<Setting>, Error> {
    Ok(Some(match word {
        "replication" => Setting::Replication(replication(reader)?),
        "slave-writes" => {
            Setting::SlaveWrites(reader.one_of("ignored, refused, forwarded or accepted", SlaveWrites::from_word)?)
        }
        "router" => Setting::Router(router(reader, known)?),
        "timeout" => Setting::Timeout(reader.span(limits::TIMEOUT_US_MIN, limits::SPAN_US_MAX)?),
        "flush" => Setting::Flush(reader.span(0, limits::SPAN_US_MAX)?),
        "durability" => {
            let kind = reader.one_of("sync, lazy or none", |word| match word {
                "sync" => Some(Durability::Sync),
                "lazy" => Some(Durability::Lazy(0)),
                "none" => Some(Durability::None),
                _ => None,
            })?;
            Setting::Durability(match kind {
                Durability::Lazy(_) => Durability::Lazy(reader.span(1, limits::SPAN_US_MAX)?),
                kind => kind,
            })
        }
        "log" => {
            reader.one_of("keep", |w| (w == "keep").then_some(()))?;
            Setting::LogKeep(if reader.take_word("all") {
                LogKeep::All
            } else if reader.take_word("slots") {
                LogKeep::Slots
            } else {
                let entries = reader.number("a number of entries, all, or slots", 1, limits::LOG_KEEP_MAX)?;
                LogKeep::Entries(u32::try_from(entries).unwrap_or(u32::MAX))
            })
        }
        "retry" => Setting::Retry(reader.span(limits::RETRY_US_MIN, limits::SPAN_US_MAX)?),
        "too-few" => Setting::TooFew(too_few(reader)?),
        "gate" if reader.take_word("off") => Setting::Gate(None),
        "gate" => {
            let slaves = reader.slave_count()?;
            Setting::Gate(Some(Gate { slaves, within_us: reader.span(limits::TIMEOUT_US_MIN, limits::SPAN_US_MAX)? }))
        }
        "gap" => Setting::Gap(reader.one_of("snapshot or stop", Gap::from_word)?),
        "relay" => Setting::Relay(reader.one_of("received or applied", Relay::from_word)?),
        "unapplied" => Setting::Unapplied(reader.one_of("apply or discard", Unapplied::from_word)?),
        "rejoin" => Setting::Rejoin(reader.one_of("discard, refuse or rollback", Rejoin::from_word)?),
        "link-timeout" if reader.take_word("never") => Setting::LinkTimeout(None),
        "link-timeout" => Setting::LinkTimeout(Some(reader.span(limits::LINK_TIMEOUT_US_MIN, limits::SPAN_US_MAX)?)),
        "engine" => {
            Setting::Engine(reader.one_of("plain, postgresql, mariadb, mysql, redis or mongodb", Engine::from_word)?)
        }
        "sync-slaves" => Setting::SyncSlaves(sync_slaves(reader, known)?),
        "preset" => {
            let preset = reader.one_of("the name of a preset, such as pg-async or redis-async", Preset::named)?;
            Setting::Preset(preset)
        }
        "own-writes" => Setting::OwnWrites(own_writes(reader)?),
        "max-lag" if reader.take_word("off") => Setting::MaxLag(None),
        "max-lag" => Setting::MaxLag(Some(reader.span(limits::TIMEOUT_US_MIN, limits::SPAN_US_MAX)?)),
        "no-node" => Setting::NoNode(reader.one_of("master, wait or error", NoNode::from_word)?),
        "failover" => Setting::Failover(failover(reader)?),
        "load" if reader.take_word("off") => Setting::Load(None),
        "load" => Setting::Load(Some(load(reader)?)),
        _ => return Ok(None),
    }))
}

/// A setting that names no node, as it stands in a preset.
pub(super) fn preset_line(line: &str) -> Result<Setting, Error> {
    let words = split(line)?;
    let mut reader = Reader::new(&words);
    let verb = reader.next("a setting")?;
    let setting = setting(&verb.text, &mut reader, &Known::default())?;
    reader.finish()?;
    setting.ok_or_else(|| unknown(&verb.text, verb.column, "This is no setting", "a setting"))
}

fn capacity(reader: &mut Reader<'_>) -> Result<Option<Capacity>, Error> {
    let expected = "read, write, apply, workers, queue, steady, random, or unlimited";
    if reader.take_word("unlimited") {
        return Ok(None);
    }
    let mut capacity = Capacity::default();
    let mut word = reader.next(expected)?;
    loop {
        let max = limits::SERVICE_US_MAX;
        match word.text.as_str() {
            "read" => capacity.read_us = reader.span(0, max)?,
            "write" => capacity.write_us = reader.span(0, max)?,
            "apply" => capacity.apply_us = reader.span(0, max)?,
            "workers" => capacity.workers = reader.short("a number of workers", 1, limits::WORKERS_MAX)?,
            "queue" => {
                let queue = reader.number("a number of requests", 0, limits::QUEUE_MAX)?;
                capacity.queue = u32::try_from(queue).unwrap_or(u32::MAX);
            }
            "steady" => capacity.random = false,
            "random" => capacity.random = true,
            other => return Err(unknown(other, word.column, "This is no property of a node's capacity", expected)),
        }
        match reader.take_if(|word| word.text != "->") {
            Some(next) => word = next,
            None => return Ok(Some(capacity)),
        }
    }
}

fn load(reader: &mut Reader<'_>) -> Result<Load, Error> {
    let mut load =
        Load { arrivals: arrivals(reader)?, reads_percent: 80, keys: 1_000, zipf_hundredths: 0, value_bytes: 100 };
    while let Some(word) = reader.take_if(|word| word.text != "->") {
        match (word.text.as_str(), &mut load.arrivals) {
            ("think", Arrivals::Closed { think_us, .. }) => *think_us = reader.span(0, limits::SPAN_US_MAX)?,
            ("reads", _) => load.reads_percent = reader.percent()?,
            ("keys", _) => load.keys = reader.short("a number of keys", 1, limits::LOAD_KEYS_MAX)?,
            ("uniform", _) => load.zipf_hundredths = 0,
            ("zipf", _) => load.zipf_hundredths = reader.hundredths()?,
            ("value", _) => load.value_bytes = reader.bytes()?,
            (other, Arrivals::Closed { .. }) => {
                let expected = "think, reads, keys, uniform, zipf or value";
                return Err(unknown(other, word.column, "This is no property of a load of clients", expected));
            }
            (other, Arrivals::Open { .. }) => {
                let expected = "reads, keys, uniform, zipf or value";
                return Err(unknown(other, word.column, "This is no property of a load", expected));
            }
        }
    }
    Ok(load)
}

fn arrivals(reader: &mut Reader<'_>) -> Result<Arrivals, Error> {
    let expected = "a rate such as 500/s, or a number of clients such as “20 clients”, or off";
    let word = reader.next(expected)?;
    if let Some(rate) = word.text.strip_suffix("/s") {
        let rate = whole_number(rate, word.column, expected, 1, limits::LOAD_RATE_MAX)?;
        return Ok(Arrivals::Open { rate: u32::try_from(rate).unwrap_or(u32::MAX) });
    }
    let clients = whole_number(&word.text, word.column, expected, 1, limits::LOAD_CLIENTS_MAX)?;
    reader.one_of("clients", |word| (word == "clients").then_some(()))?;
    Ok(Arrivals::Closed { clients: u16::try_from(clients).unwrap_or(u16::MAX), think_us: 100 * MS })
}

fn own_writes(reader: &mut Reader<'_>) -> Result<OwnWrites, Error> {
    let kind = reader.one_of("off, master or position", |word| match word {
        "off" => Some(OwnWrites::Off),
        "master" => Some(OwnWrites::Master(0)),
        "position" => Some(OwnWrites::Position(0)),
        _ => None,
    })?;
    let mut span = || reader.span(limits::TIMEOUT_US_MIN, limits::SPAN_US_MAX);
    Ok(match kind {
        OwnWrites::Off => OwnWrites::Off,
        OwnWrites::Master(_) => OwnWrites::Master(span()?),
        OwnWrites::Position(_) => OwnWrites::Position(span()?),
    })
}

fn failover(reader: &mut Reader<'_>) -> Result<Failover, Error> {
    let expected = "manual, quorum, lease or election";
    let word = reader.next(expected)?;
    let (min, max) = (limits::DETECTOR_US_MIN, limits::SPAN_US_MAX);
    match word.text.as_str() {
        "manual" => Ok(Failover::Manual),
        "quorum" => {
            let observers = reader.small("a number of observers", 1, limits::OBSERVERS_MAX)?;
            let quorum = reader.small("how many of them must agree", 1, u64::from(observers))?;
            Ok(Failover::Quorum { observers, quorum, down_after_us: reader.span(min, max)? })
        }
        "lease" => {
            let ttl_us = reader.span(min, max)?;
            let loop_us = reader.span(min / 2, ttl_us / 2)?;
            let max_lag = match reader.take_word("max-lag") {
                true => Some(reader.number("a number of entries", 0, limits::LOG_KEEP_MAX)?),
                false => None,
            };
            Ok(Failover::Lease { ttl_us, loop_us, max_lag: max_lag.and_then(|entries| u32::try_from(entries).ok()) })
        }
        "election" => Ok(Failover::Election { timeout_us: reader.span(min, max)? }),
        other => Err(unknown(other, word.column, "This is no way to notice that a master is gone", expected)),
    }
}

fn too_few(reader: &mut Reader<'_>) -> Result<TooFew, Error> {
    let kind = reader.one_of("block, degrade or error", |word| match word {
        "block" => Some(TooFew::Block),
        "degrade" => Some(TooFew::Degrade(0)),
        "error" => Some(TooFew::Error(0)),
        _ => None,
    })?;
    let mut span = || reader.span(limits::TIMEOUT_US_MIN, limits::SPAN_US_MAX);
    Ok(match kind {
        TooFew::Block => TooFew::Block,
        TooFew::Degrade(_) => TooFew::Degrade(span()?),
        TooFew::Error(_) => TooFew::Error(span()?),
    })
}

fn sync_slaves(reader: &mut Reader<'_>, known: &Known) -> Result<Vec<Name>, Error> {
    let mut slaves = Vec::new();
    if reader.take_word("all") {
        return Ok(slaves);
    }
    slaves.push(reader.node(known)?);
    while reader.peek().is_some_and(|word| word.quoted || word.text != "->") {
        slaves.push(reader.node(known)?);
    }
    Ok(slaves)
}

fn replication(reader: &mut Reader<'_>) -> Result<Replication, Error> {
    let is_sync = reader.one_of("async or sync", |word| match word {
        "async" => Some(false),
        "sync" => Some(true),
        _ => None,
    })?;
    if !is_sync {
        return Ok(Replication::Async);
    }
    let first = reader.take_word("first");
    let (mut count, mut level) = (None, Level::Applied);
    let digits = |word: &Word| word.text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    if !reader.take_word("all") && reader.peek().is_some_and(digits) {
        count = Some(reader.slave_count()?);
    }
    if let Some(word) = reader.take_if(|word| Level::from_word(&word.text).is_some()) {
        level = Level::from_word(&word.text).unwrap_or(level);
    }
    Ok(Replication::Sync { count, first, level, hidden: reader.take_word("hidden") })
}

fn router(reader: &mut Reader<'_>, known: &Known) -> Result<Router, Error> {
    let expected = "random, round-robin, nearest, least-lag, sticky, master or @NODE";
    let word = reader.next(expected)?;
    match word.text.as_str() {
        "random" => Ok(Router::Random),
        "round-robin" => Ok(Router::RoundRobin),
        "nearest" => Ok(Router::Nearest),
        "least-lag" => Ok(Router::LeastLag),
        "sticky" => Ok(Router::Sticky),
        "master" => Ok(Router::Master),
        text => match text.strip_prefix('@') {
            Some(node) => Ok(Router::Node(node_name(node, word.column + 1, known)?)),
            None => Err(unknown(text, word.column, "This is no router", expected)),
        },
    }
}

fn limit(message: String, column: usize) -> Error {
    Error::new(Code::Limit, message).at_column(column)
}

fn name(text: &str, column: usize, kind: &str) -> Result<Name, Error> {
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

fn node_name(text: &str, column: usize, known: &Known) -> Result<Name, Error> {
    let name = name(text, column, "node")?;
    if known.nodes.contains(&name) {
        return Ok(name);
    }
    let names: Vec<&str> = known.nodes.iter().take(8).map(Name::as_str).collect();
    Err(Error::new(Code::Name, format!("There is no node named {name}")).at_column(column).expecting(names.join(", ")))
}

/// Hands out the words of a line.
struct Reader<'a> {
    words: &'a Words,
    at: usize,
}

impl<'a> Reader<'a> {
    fn new(words: &'a Words) -> Self {
        Self { words, at: 0 }
    }

    fn peek(&self) -> Option<&'a Word> {
        self.words.words.get(self.at)
    }

    /// Column of the next word, or behind the last one.
    fn column(&self) -> usize {
        self.peek().map_or(self.words.end_column, |word| word.column)
    }

    fn syntax(&self, message: &str, expected: &str) -> Error {
        Error::new(Code::Syntax, message).at_column(self.column()).expecting(expected)
    }

    fn next(&mut self, expected: &str) -> Result<&'a Word, Error> {
        let ended = self.syntax("The line ends too soon", expected);
        let word = self.peek().ok_or(ended)?;
        self.at += 1;
        Ok(word)
    }

    fn take_if(&mut self, wanted: impl Fn(&Word) -> bool) -> Option<&'a Word> {
        let word = self.peek().filter(|word| wanted(word))?;
        self.at += 1;
        Some(word)
    }

    /// Takes the next word if it is this one.
    fn take_word(&mut self, wanted: &str) -> bool {
        self.take_if(|word| !word.quoted && word.text == wanted).is_some()
    }

    /// `@NODE`, if it is there.
    fn target(&mut self, known: &Known) -> Result<Option<Name>, Error> {
        match self.take_if(|word| !word.quoted && word.text.starts_with('@')) {
            Some(word) => node_name(word.text.get(1..).unwrap_or(""), word.column + 1, known).map(Some),
            None => Ok(None),
        }
    }

    fn slave_count(&mut self) -> Result<u8, Error> {
        let count = self.number("a number of slaves", 1, limits::SLAVES_MAX as u64)?;
        Ok(u8::try_from(count).unwrap_or(u8::MAX))
    }

    fn small(&mut self, expected: &str, min: u64, max: u64) -> Result<u8, Error> {
        Ok(u8::try_from(self.number(expected, min, max)?).unwrap_or(u8::MAX))
    }

    fn short(&mut self, expected: &str, min: u64, max: u64) -> Result<u16, Error> {
        Ok(u16::try_from(self.number(expected, min, max)?).unwrap_or(u16::MAX))
    }

    /// `80%`
    fn percent(&mut self) -> Result<u8, Error> {
        let expected = "a share of reads such as 80%";
        let word = self.next(expected)?;
        let digits = word.text.strip_suffix('%').unwrap_or("");
        Ok(u8::try_from(whole_number(digits, word.column, expected, 0, 100)?).unwrap_or(100))
    }

    /// `0.99`, in hundredths.
    fn hundredths(&mut self) -> Result<u8, Error> {
        let expected = "Zipf's exponent such as 0.99, with at most two digits behind the point";
        let word = self.next(expected)?;
        let (whole, part) = word.text.split_once('.').unwrap_or((&word.text, "0"));
        if part.is_empty() || part.len() > 2 {
            return Err(unknown(&word.text, word.column, "This is no exponent", expected));
        }
        let whole = whole_number(whole, word.column, expected, 0, limits::LOAD_ZIPF_MAX / 100)?;
        let part = whole_number(&format!("{part:0<2}"), word.column, expected, 0, 99)?;
        match whole * 100 + part {
            number @ 1..=limits::LOAD_ZIPF_MAX => Ok(u8::try_from(number).unwrap_or(u8::MAX)),
            _ => Err(limit(format!("{} is out of range", shown(&word.text)), word.column).expecting("0.01 to 2.00")),
        }
    }

    /// `100B`
    fn bytes(&mut self) -> Result<u16, Error> {
        let expected = "a size such as 100B";
        let word = self.next(expected)?;
        let digits = word.text.strip_suffix('B').unwrap_or("");
        let bytes = whole_number(digits, word.column, expected, 1, limits::VALUE_BYTES_MAX as u64)?;
        Ok(u16::try_from(bytes).unwrap_or(u16::MAX))
    }

    /// `50/s` or `unlimited`.
    fn rate(&mut self) -> Result<Option<u32>, Error> {
        let expected = "a rate such as 50/s, or unlimited";
        let word = self.next(expected)?;
        if word.text == "unlimited" {
            return Ok(None);
        }
        let digits = word.text.strip_suffix("/s").unwrap_or("");
        let rate = whole_number(digits, word.column, expected, 1, limits::APPLY_SPEED_MAX)?;
        Ok(u32::try_from(rate).ok())
    }

    fn finish(&self) -> Result<(), Error> {
        match self.peek() {
            None => Ok(()),
            Some(word) => {
                Err(unknown(&word.text, word.column, "The line should end here", "the end of the line, -> or #"))
            }
        }
    }

    /// `at T` or `+D`.
    fn time(&mut self, known: &Known) -> Result<Option<Us>, Error> {
        let column = self.column();
        let at = if self.take_if(|word| !word.quoted && word.text == "at").is_some() {
            self.span(0, limits::RUN_US_MAX)?
        } else if let Some(word) = self.take_if(|word| !word.quoted && word.text.starts_with('+')) {
            let span = time::parse(word.text.get(1..).unwrap_or("")).ok_or_else(|| {
                unknown(&word.text, word.column, "This is no span of time", "+ and a span such as +200ms")
            })?;
            known.last_at.unwrap_or(0).saturating_add(span)
        } else {
            return Ok(None);
        };
        if at > limits::RUN_US_MAX {
            return Err(limit("A run lasts at most a day of simulated time".to_owned(), column));
        }
        match known.last_at {
            Some(last) if at < last => {
                let message = format!("The time goes back: the line before is at {}", time::print(last));
                Err(Error::new(Code::Order, message)
                    .at_column(column)
                    .expecting(format!("{} or later", time::print(last))))
            }
            _ => Ok(Some(at)),
        }
    }

    fn client(&mut self, known: &mut Known) -> Result<Option<Name>, Error> {
        let upper = |word: &Word| !word.quoted && word.text.starts_with(|c: char| c.is_ascii_uppercase());
        let Some(word) = self.take_if(upper) else { return Ok(None) };
        let client = name(&word.text, word.column, "client")?;
        known.note_client(&client);
        if known.clients.len() > limits::CLIENTS_MAX {
            return Err(limit(format!("A run has at most {} clients", limits::CLIENTS_MAX), word.column));
        }
        Ok(Some(client))
    }

    fn node(&mut self, known: &Known) -> Result<Name, Error> {
        let word = self.next("the name of a node")?;
        node_name(&word.text, word.column, known)
    }

    fn pair(&mut self, known: &Known) -> Result<Pair, Error> {
        let expected = "a link such as m-s1 (both ways) or m->s1 (one way), nodes, or clients";
        let word = self.next(expected)?;
        match word.text.as_str() {
            "nodes" => return Ok(Pair::Nodes),
            "clients" => return Ok(Pair::Clients),
            _ => {}
        }
        let (one_way, ends) = match around_arrow(&word.text) {
            Some(ends) => (true, Some(ends)),
            None => (false, word.text.split_once('-')),
        };
        let Some((a, b)) = ends else {
            return Err(unknown(&word.text, word.column, "This is no link", expected));
        };
        let column_b = word.column + a.chars().count() + if one_way { 2 } else { 1 };
        let (a, b) = (end_name(a, word.column, known)?, end_name(b, column_b, known)?);
        if a == b {
            return Err(Error::new(Code::Name, "A link joins two different ends").at_column(word.column));
        }
        Ok(if one_way { Pair::OneWay(a, b) } else { Pair::Both(a, b) })
    }

    fn span(&mut self, min: Us, max: Us) -> Result<Us, Error> {
        let word = self.next("a time such as 800ms or 1.5s")?;
        let us = time::parse(&word.text).ok_or_else(|| {
            unknown(&word.text, word.column, "This is no time", "a number with a unit: 250us, 800ms, 1.5s, 2m")
        })?;
        if us < min || us > max {
            let message = format!("{} is out of range", shown(&word.text));
            return Err(limit(message, word.column).expecting(format!("{} to {}", time::print(min), time::print(max))));
        }
        Ok(us)
    }

    fn number(&mut self, expected: &str, min: u64, max: u64) -> Result<u64, Error> {
        let word = self.next(expected)?;
        whole_number(&word.text, word.column, expected, min, max)
    }

    fn loss(&mut self) -> Result<Ratio, Error> {
        let expected = "a share such as 1/100 or 5%";
        let word = self.next(expected)?;
        let (part, of) = match (word.text.strip_suffix('%'), word.text.split_once('/')) {
            (Some(percent), _) => (whole_number(percent, word.column, expected, 0, 100)?, 100),
            (None, Some((part, of))) => (
                whole_number(part, word.column, expected, 0, limits::RATIO_MAX)?,
                whole_number(of, word.column, expected, 1, limits::RATIO_MAX)?,
            ),
            (None, None) => return Err(unknown(&word.text, word.column, "This is no share", expected)),
        };
        if part * 100 > of * limits::LOSS_PERCENT_MAX {
            return Err(limit(format!("At most {}% can be lost", limits::LOSS_PERCENT_MAX), word.column));
        }
        // Both are at most a million.
        Ok(Ratio { part: part as u32, of: of as u32 })
    }

    fn bandwidth(&mut self) -> Result<u64, Error> {
        let expected = "a rate such as 500B/s, 10kB/s, 2MB/s, or unlimited";
        let word = self.next(expected)?;
        if word.text == "unlimited" {
            return Ok(0);
        }
        let unit = word.text.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = word.text.strip_suffix(unit).unwrap_or("");
        let scale = match unit {
            "B/s" => 1,
            "kB/s" => 1_000,
            "MB/s" => 1_000_000,
            _ => return Err(unknown(&word.text, word.column, "This is no rate", expected)),
        };
        let number = whole_number(digits, word.column, expected, 1, limits::BANDWIDTH_MAX / scale)?;
        let rate = number * scale;
        if rate < limits::BANDWIDTH_MIN {
            return Err(limit(
                format!("A link carries at least {} bytes per second", limits::BANDWIDTH_MIN),
                word.column,
            ));
        }
        Ok(rate)
    }

    fn one_of<T>(&mut self, expected: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, Error> {
        let word = self.next(expected)?;
        read(&word.text).ok_or_else(|| unknown(&word.text, word.column, "This word does not fit here", expected))
    }

    fn text(&mut self, expected: &str, what: &str, bytes_max: usize) -> Result<String, Error> {
        let word = self.next(expected)?;
        if !word.quoted && word.text == "->" {
            self.at -= 1;
            return Err(self.syntax("A word is missing before the arrow", expected));
        }
        if !word.quoted && word.text.starts_with('@') {
            let message = format!("A {what} that begins with @ stands in quotes");
            return Err(Error::new(Code::Syntax, message).at_column(word.column).expecting(expected));
        }
        if word.text.len() > bytes_max {
            let message = format!("This {what} has {} bytes; at most {bytes_max} are allowed", word.text.len());
            return Err(limit(message, word.column));
        }
        Ok(word.text.clone())
    }

    fn expectation(&mut self, command: &Command) -> Result<Option<Expect>, Error> {
        if self.take_if(|word| !word.quoted && word.text == "->").is_none() {
            return Ok(None);
        }
        if header_only(command) || matches!(command, Command::End) {
            return Err(self.syntax("Nothing comes of this line: it can expect nothing", "the end of the line"));
        }
        let word = self.next("a result: ok, warning, nothing, timeout, error, error: TEXT, or a value")?;
        if word.quoted {
            return Ok(Some(Expect::Text(word.text.clone())));
        }
        Ok(Some(match word.text.as_str() {
            "ok" => Expect::Ok,
            "nothing" => Expect::Nothing,
            "timeout" => Expect::Timeout,
            "warning" => Expect::Warning,
            "error" => Expect::Error(None),
            "error:" => match &self.words.error_text {
                Some(text) => Expect::Error(Some(text.clone())),
                None => {
                    return Err(self.syntax("The text of the error is missing", "its text, or error without a colon"));
                }
            },
            _ => Expect::Text(word.text.clone()),
        }))
    }
}

/// What stands before the first arrow, and behind it.
fn around_arrow(text: &str) -> Option<(&str, &str)> {
    text.match_indices('>').find_map(|(at, _)| {
        let (before, behind) = (text.get(..at)?, text.get(at + 1..)?);
        Some((before.strip_suffix('-')?, behind))
    })
}

/// An end of a link: a node that is known, or any client.
fn end_name(text: &str, column: usize, known: &Known) -> Result<Name, Error> {
    if text.starts_with(|c: char| c.is_ascii_uppercase()) {
        return name(text, column, "client");
    }
    match known.observers.iter().find(|name| name.as_str() == text) {
        Some(observer) => Ok(observer.clone()),
        None => node_name(text, column, known),
    }
}

fn whole_number(text: &str, column: usize, expected: &str, min: u64, max: u64) -> Result<u64, Error> {
    if text.is_empty() || !text.chars().all(|c| c.is_ascii_digit()) {
        return Err(unknown(text, column, "This is no whole number", expected));
    }
    match text.parse::<u64>() {
        Ok(number) if (min..=max).contains(&number) => Ok(number),
        _ => {
            let range = if max == u64::MAX { format!("{min} or more") } else { format!("{min} to {max}") };
            Err(limit(format!("{} is out of range", shown(text)), column).expecting(range))
        }
    }
}
