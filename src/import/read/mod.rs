//! What the shapes say: each kind of status has its reader, which notes facts.

mod logs;
mod mongo;
mod mysql;
mod mysql_servers;
mod orchestrator;
mod patroni;
mod postgres;
mod processes;
mod redis;
mod repmgr;
mod sentinel;
mod settings;

use std::collections::BTreeSet;

use serde_json::Value;

use super::cannot::Topic;
use super::evidence::{Evidence, Fact, Kind};
use super::notes::Notes;
pub(super) use settings::{Settings, SyncMethod};

use super::shape::{Context, Item, Record, Tool};
use super::text::{Line, Place};

/// What is being read, and what has been read so far.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub evidence: Evidence,
    pub notes: Notes,
    pub settings: Settings,
    /// What cannot be known from what was read.
    pub topics: BTreeSet<Topic>,
    context: Option<Context>,
    /// The node that is asked.
    speaker: Option<usize>,
    /// Whether somebody else answers from here on, if nobody is named.
    answered: bool,
    paste: u32,
    /// The node whose lines follow.
    subject: Option<usize>,
    /// The nodes above the one that is read, in a topology drawn by indentation.
    above: Vec<(usize, usize)>,
    /// Nodes that a list has named, by the paste it stands in: a later list tells what is newer.
    listed: BTreeSet<(u32, usize)>,
}

/// Reads everything that was found.
pub(super) fn read(items: &[Item]) -> Reading {
    let mut reading = Reading::default();
    for item in items {
        reading.item(item);
    }
    reading
}

fn place_of(item: &Item) -> Option<Place> {
    match item {
        Item::Context(context) => Some(context.place),
        Item::Rows { place, .. } | Item::Bare { place, .. } | Item::Nothing(place) | Item::Broken(place) => {
            Some(*place)
        }
        Item::Info(record) => Some(record.place),
        Item::Reply(_, place) | Item::Json(_, place) => Some(*place),
        Item::Conf(_, entries) => entries.first().map(|entry| entry.place),
        Item::Line(line) => Some(line.place),
    }
}

impl Reading {
    fn item(&mut self, item: &Item) {
        if let Some(place) = place_of(item)
            && place.paste != self.paste
        {
            self.paste = place.paste;
            self.forget_who();
            self.context = None;
        }
        match item {
            Item::Context(context) => self.enter(context),
            Item::Rows { keys, rows, place } => self.rows(keys, rows, *place),
            Item::Bare { rows, place } => postgres::bare(self, rows, *place),
            Item::Nothing(place) => self.nothing(*place),
            Item::Info(record) => redis::info(self, record),
            Item::Reply(reply, place) => {
                if !redis::role(self, reply, *place) && !sentinel::reply(self, reply, *place) {
                    self.notes.unclear(*place, "a reply of Redis that says nothing of replication");
                }
            }
            Item::Json(value, place) => self.json(value, *place),
            Item::Conf(dialect, entries) => settings::file(self, *dialect, entries),
            Item::Line(line) => self.line(line),
            Item::Broken(place) => {
                self.notes
                    .unclear(*place, "a table that the terminal has broken: paste it with \\x (psql) or \\G (mysql)");
            }
        }
    }

    fn forget_who(&mut self) {
        self.speaker = None;
        self.subject = None;
        self.answered = false;
        self.above.clear();
    }

    fn enter(&mut self, context: &Context) {
        let other_tool = self.context.as_ref().is_some_and(|before| before.tool != context.tool);
        // What follows a heading is asked of the node in it.
        let headed = context.host.is_none() && self.context.as_ref().is_some_and(|before| before.tool == Tool::Heading);
        if (context.fresh || other_tool) && !headed {
            self.forget_who();
        }
        let mut context = context.clone();
        if headed || !context.fresh && context.host.is_none() {
            context.host = self.context.as_ref().and_then(|before| before.host.clone());
        }
        if context.fresh {
            self.settings.drop_secrets_of(&context.command, context.place, &mut self.notes);
        }
        let command = context.command.clone();
        let place = context.place;
        let mongo = context.secondary;
        self.context = Some(context);
        settings::statement(self, &command, place);
        if mongo.is_some() && command.is_empty() {
            self.notes.read(place, "a prompt of MongoDB");
        }
    }

    /// What was typed before the answer that is read, in small letters.
    fn command(&self) -> String {
        self.context.as_ref().map(|context| context.command.to_ascii_lowercase()).unwrap_or_default()
    }

    fn tool(&self) -> Option<Tool> {
        self.context.as_ref().map(|context| context.tool)
    }

    /// The node that is asked, if anybody can say who it is or not.
    fn speaker(&mut self, place: Place) -> Option<usize> {
        if let Some(node) = self.speaker {
            return Some(self.evidence.of(node));
        }
        let host = self.context.as_ref().and_then(|context| context.host.clone());
        let node = match host {
            Some((host, port)) => self.evidence.at_host(&host, port, place),
            None => self.evidence.fresh(place),
        };
        self.speaker = node;
        node
    }

    /// The same, where each answer has its own sender if nothing says who it is.
    fn next_speaker(&mut self, place: Place) -> Option<usize> {
        let named = self.context.as_ref().is_some_and(|context| context.host.is_some());
        if self.answered && !named {
            self.speaker = None;
        }
        self.answered = true;
        self.speaker(place)
    }

    fn rows(&mut self, keys: &[String], rows: &[Record], place: Place) {
        let has = |key: &str| keys.iter().any(|known| known == key);
        if let [key] = keys
            && let Some(record) = rows.first()
            && record.get(&[key]).is_some_and(|value| value.trim_start().starts_with(['{', '[']))
        {
            let cells: Vec<&str> = rows.iter().filter_map(|row| row.get(&[key])).collect();
            match super::shape::parse_json(&cells.join("\n")) {
                Some(value) => self.json(&value, place),
                None => self.notes.unclear(place, "a column of JSON that cannot be read"),
            }
            return;
        }
        let read = mysql::rows(self, &has, rows, place)
            || patroni::rows(self, &has, rows, place)
            || repmgr::rows(self, &has, rows, place)
            || postgres::rows(self, &has, keys, rows, place);
        if !read && !keys.is_empty() {
            self.notes.unclear(place, "a table whose columns say nothing of replication that is known here");
        }
    }

    /// An answer without rows.
    fn nothing(&mut self, place: Place) {
        let command = self.command();
        let read = postgres::nothing(self, &command, place) || mysql::nothing(self, &command, place);
        if !read {
            self.notes.unclear(place, "an empty answer, and nothing says to what");
        }
    }

    fn json(&mut self, value: &Value, place: Place) {
        let read = mongo::status(self, value, place)
            || patroni::json(self, value, place)
            || sentinel::json(self, value, place)
            || redis::role_json(self, value, place)
            || mysql_servers::shell(self, value, place)
            || self.json_rows(value, place);
        if !read {
            self.notes.unclear(place, "an object that says nothing of replication that is known here");
        }
    }

    /// A list of flat objects is a table.
    fn json_rows(&mut self, value: &Value, place: Place) -> bool {
        let list = match value {
            Value::Array(list) => list.as_slice(),
            Value::Object(_) => std::slice::from_ref(value),
            _ => return false,
        };
        let rows: Vec<Record> = list.iter().filter_map(|value| record_of(value, place)).collect();
        let keys: Vec<String> =
            rows.first().map(|row| row.fields.iter().map(|field| field.key.clone()).collect()).unwrap_or_default();
        if rows.len() != list.len() || keys.len() < 2 {
            return false;
        }
        let has = |key: &str| keys.iter().any(|known| known == key);
        mysql::rows(self, &has, &rows, place) || postgres::rows(self, &has, &keys, &rows, place)
    }

    fn line(&mut self, line: &Line) {
        let text = line.text.trim();
        let read = orchestrator::line(self, line)
            || repmgr::line(self, line)
            || processes::line(self, line)
            || mongo::line(self, line)
            || logs::line(self, line)
            || settings::line(self, line);
        // Comments say nothing to a server.
        let comment = text.starts_with(['#', ';']) || text.starts_with("--") || text.starts_with("//");
        if !read && !comment {
            self.notes.unclear(line.place, "this line");
        }
    }

    fn fact(&mut self, node: usize, place: Place, fact: Fact) {
        self.evidence.note(node, place, fact);
    }

    fn kind(&mut self, node: Option<usize>, kind: Kind) {
        if let Some(node) = node {
            self.evidence.note_kind(node, kind);
        }
    }
}

/// A flat object as a record.
fn record_of(value: &Value, place: Place) -> Option<Record> {
    let map = value.as_object()?;
    let field = |(key, value): (&String, &Value)| super::shape::Field {
        key: super::shape::key_of(key),
        value: text_of(value),
        place,
    };
    Some(Record { place, fields: map.iter().map(field).collect() })
}

/// A scalar of JSON as text.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => super::shape::value_of(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(true) => Some("t".to_owned()),
        Value::Bool(false) => Some("f".to_owned()),
        _ => None,
    }
}

/// `key=value` words: a connection string, a slave's line of Redis. Values may stand in quotes.
fn word_in<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    text.split([' ', ',', '\t'])
        .find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
        .map(|value| value.trim_matches(['\'', '"']))
}
