//! The shapes that status comes in, whatever it says: tables, records, replies, objects, files of settings.
//!
//! They are known by their signature lines, not by their order: a paste may hold several, of several kinds.

mod conf;
mod context;
mod html;
mod json;
mod keyed;
mod loose;
mod reply;
mod table;
mod wrapped;

use serde_json::Value;

use super::text::{Line, Place};
pub(super) use conf::{Dialect, Entry};
pub(super) use context::{Context, Tool};
pub(super) use json::parse as parse_json;
pub(super) use keyed::SOURCE_WORDS;
pub(super) use reply::{Reply, record as reply_record};

/// A value under its key.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub key: String,
    /// Nothing for an empty value, and for one that says that there is none.
    pub value: Option<String>,
    pub place: Place,
}

/// A row of a table, or whatever has the same in another shape.
#[derive(Debug, Clone)]
pub(super) struct Record {
    pub place: Place,
    pub fields: Vec<Field>,
}

impl Record {
    /// The value under the first of some keys that is there and has one.
    pub fn get(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().find_map(|key| self.field(key)?.value.as_deref())
    }

    /// The field with a key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// Whether there is such a key, with a value or without.
    pub fn has(&self, key: &str) -> bool {
        self.field(key).is_some()
    }

    /// The value under a key as a whole number.
    pub fn number(&self, keys: &[&str]) -> Option<i64> {
        self.get(keys)?.trim().parse().ok()
    }

    /// Where a key stands, or the record, if it is not there.
    pub fn place_of(&self, key: &str) -> Place {
        self.field(key).map_or(self.place, |field| field.place)
    }
}

/// One thing that was found in a paste.
#[derive(Debug)]
pub(super) enum Item {
    /// From here on somebody else is asked, or something else.
    Context(Context),
    /// Rows under their keys: a table, records, CSV. There may be none.
    Rows { keys: Vec<String>, rows: Vec<Record>, place: Place },
    /// Rows without a header: the values in their order.
    Bare { rows: Vec<Vec<String>>, place: Place },
    /// An answer without rows that does not even name its columns.
    Nothing(Place),
    /// `key:value` lines as Redis gives them.
    Info(Record),
    /// What a command of Redis returned.
    Reply(Reply, Place),
    /// An object or a list, of JSON or of the shell of MongoDB.
    Json(Value, Place),
    /// Settings of a file.
    Conf(Dialect, Vec<Entry>),
    /// A line that stands for itself.
    Line(Line),
    /// A table that the terminal has cut into pieces.
    Broken(Place),
}

/// A key as all shapes write it: small letters, `_` between words, one vocabulary for masters and slaves.
pub(super) fn key_of(text: &str) -> String {
    let text = text.trim().trim_matches(['"', '\'', '`']).trim_start_matches('@');
    let text = text.strip_prefix("global.").or_else(|| text.strip_prefix("GLOBAL.")).unwrap_or(text);
    let mut key = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' ' | '-' | '_' if key.ends_with('_') => {}
            ' ' | '-' | '_' => key.push('_'),
            '.' | ':' | '(' | ')' | '#' => {}
            c => key.extend(c.to_lowercase()),
        }
    }
    let key = key.trim_matches('_');
    if !key.contains('_') {
        return key.replace("replica", "slave").replace("slavetion", "replication");
    }
    let word = |word: &str| match word {
        "replica" => "slave".to_owned(),
        "replicas" => "slaves".to_owned(),
        "source" => "master".to_owned(),
        word => word.to_owned(),
    };
    key.split('_').map(word).collect::<Vec<_>>().join("_")
}

/// A value, unless it says that there is none.
pub(super) fn value_of(text: &str) -> Option<String> {
    let text = text.trim();
    let nothing = ["", "NULL", "null", "(null)", "[null]", "\\N", "<null>", "¤", "∅"].contains(&text);
    (!nothing).then(|| text.to_owned())
}

/// Takes the pastes apart, each for itself.
pub(super) fn items(lines: &[Line]) -> Vec<Item> {
    let mut found = Vec::new();
    for lines in lines.chunk_by(|line, next| line.place.paste == next.place.paste) {
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            if line.text.trim().is_empty() || is_small_talk(&line.text) {
                at += 1;
                continue;
            }
            let (item, taken) = one(lines.get(at..).unwrap_or_default(), &found);
            at += taken.max(1);
            found.extend(item);
        }
    }
    found
}

/// What the first lines are, and how many they are.
fn one(rest: &[Line], before: &[Item]) -> (Vec<Item>, usize) {
    let Some(first) = rest.first() else { return (Vec::new(), 1) };
    if let Some(context) = context::read(first) {
        return (vec![Item::Context(context)], 1);
    }
    if let Some(lines) = quoted(first) {
        return (items(&lines), 1);
    }
    let whole = |(item, taken): (Item, usize)| (vec![item], taken);
    None.or_else(|| keyed::expanded(rest))
        .or_else(|| keyed::vertical(rest))
        .or_else(|| keyed::xml(rest))
        .or_else(|| html::read(rest))
        .or_else(|| table::read(rest))
        .or_else(|| json::read(rest))
        .or_else(|| reply::read(rest))
        .or_else(|| conf::yaml(rest))
        .or_else(|| loose::read(rest))
        .or_else(|| keyed::info(rest))
        .or_else(|| conf::read(rest))
        .or_else(|| reply::raw(rest, before))
        .map_or_else(|| (vec![plain(first)], 1), whole)
}

/// A whole answer as one string, with its line ends written out: what `redis-cli --json` and `--csv` print. No string is
/// in another one here.
fn quoted(line: &Line) -> Option<Vec<Line>> {
    let text = line.text.trim();
    if !text.starts_with('"') || !(text.contains("\\r\\n") || text.contains("\\n")) {
        return None;
    }
    let inside: String = serde_json::from_str(text).ok()?;
    let part = |part: &str| Line { place: line.place, text: part.trim_end().to_owned() };
    let lines: Vec<Line> = inside.lines().map(part).collect();
    (!lines.iter().any(|line| line.text.starts_with('"'))).then_some(lines)
}

/// A line that is nothing more than a line.
fn plain(line: &Line) -> Item {
    let text = line.text.trim();
    let empty = ["(0 rows)", "Empty set", "(0 lignes)", "(0 Zeilen)", "(0 filas)", "Query OK, 0 rows"];
    if empty.iter().any(|start| text.starts_with(start)) { Item::Nothing(line.place) } else { Item::Line(line.clone()) }
}

/// What clients say beside the answers.
fn is_small_talk(text: &str) -> bool {
    let text = text.trim();
    const STARTS: [&str; 27] = [
        "Expanded display is",
        "Output format is",
        "Target width is",
        "Border style is",
        "Line style is",
        "Null display is",
        "Tuples only is",
        "Pager usage is",
        "Pager is",
        "Timing is",
        "Time: ",
        "Welcome to",
        "Your MariaDB connection",
        "Your MySQL connection",
        "Server version:",
        "Copyright (c)",
        "Oracle is a registered",
        "affiliates.",
        "owners.",
        "Type 'help",
        "Type \"help\"",
        "Reading table information",
        "You can turn off this",
        "Database changed",
        "Warning: Using a password",
        "mysql: [Warning]",
        "HINT: execute",
    ];
    let footer = |unit: &str| text.starts_with('(') && text.ends_with(&format!("{unit})")) && !text.starts_with("(0 ");
    let rows_in_set = text.contains(" in set") && text.starts_with(|c: char| c.is_ascii_digit());
    STARTS.iter().any(|start| text.starts_with(start))
        || rows_in_set
        || ["row", "rows", "ligne", "lignes", "Zeile", "Zeilen", "fila", "filas"].iter().any(|unit| footer(unit))
        || ["OK", "Bye", "Aborted!", "QUEUED", "Current cluster topology", "quit", "exit"].contains(&text)
}
