//! Files of settings: `key = value`, INI, YAML, the directives of Redis.

use configparser::ini::{Ini, IniDefault};
use saphyr_parser::{Event, Parser};
use serde_json::{Map, Value};

use super::{Item, context, key_of};
use crate::import::text::{Line, Place};
use crate::limits;

/// Whose file it is, as far as its form tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) enum Dialect {
    /// `postgresql.conf`, `repmgr.conf`.
    Equals,
    /// `my.cnf`.
    Ini,
    /// `patroni.yml`, what `patronictl show-config` prints, `mongod.conf`.
    Yaml,
    /// `redis.conf`, `sentinel.conf`.
    Words,
}

/// A setting.
#[derive(Debug, Clone)]
pub(in crate::import) struct Entry {
    /// The section of an INI file; of YAML the names above the key, with points between them.
    pub section: String,
    pub key: String,
    pub values: Vec<String>,
    pub place: Place,
}

impl Entry {
    /// The values as one text.
    pub fn value(&self) -> String {
        self.values.join(" ")
    }
}

/// Reads settings that begin here.
pub(super) fn read(rest: &[Line]) -> Option<(Item, usize)> {
    let first = rest.first()?.text.trim();
    if section(first).is_some() {
        return Some(ini(rest));
    }
    if equals(first).is_some() {
        return Some(block(rest, Dialect::Equals, equals));
    }
    directive(first)?;
    Some(block(rest, Dialect::Words, words))
}

fn is_comment(text: &str) -> bool {
    text.is_empty() || text.starts_with(['#', ';']) || text.starts_with("--")
}

/// A setting, as a line of a file has it: its key and its values.
type Setting = (String, Vec<String>);

/// Lines of one form, with comments and blank lines between them.
fn block(rest: &[Line], dialect: Dialect, read: fn(&str) -> Option<Setting>) -> (Item, usize) {
    let (mut entries, mut taken, mut end) = (Vec::new(), 0, 0);
    for line in rest {
        taken += 1;
        let text = line.text.trim();
        if is_comment(text) {
            continue;
        }
        let Some((key, values)) = read(text) else { break };
        entries.push(Entry { section: String::new(), key: key_of(&key), values, place: line.place });
        end = taken;
    }
    (Item::Conf(dialect, entries), end)
}

/// `key = value`, `key value` is not: that could be anything.
fn equals(text: &str) -> Option<Setting> {
    let (key, value) = text.split_once('=')?;
    let key = key.trim();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.' || c == '-';
    if key.is_empty()
        || key.len() > 64
        || !key.chars().all(plain)
        || !key.starts_with(|c: char| c.is_ascii_alphabetic())
    {
        return None;
    }
    Some((key.to_owned(), vec![unquote(value.trim())]))
}

/// A value without its quotes and the comment behind it.
fn unquote(value: &str) -> String {
    let mut chars = value.chars();
    match chars.next() {
        Some(quote @ ('\'' | '"')) => {
            let mut text = String::new();
            let mut rest = chars.peekable();
            while let Some(c) = rest.next() {
                // A quote is doubled, or stands behind a backslash.
                if c == quote && rest.peek() == Some(&quote) || c == '\\' {
                    text.extend(rest.next());
                } else if c == quote {
                    break;
                } else {
                    text.push(c);
                }
            }
            text
        }
        _ => value.split(['#', '\t']).next().unwrap_or("").trim().to_owned(),
    }
}

/// Directives by which a file of Redis or Sentinel is known.
fn directive(text: &str) -> Option<()> {
    const KNOWN: [&str; 36] = [
        "bind",
        "port",
        "requirepass",
        "masterauth",
        "masteruser",
        "appendonly",
        "appendfsync",
        "save",
        "replicaof",
        "slaveof",
        "replica-read-only",
        "slave-read-only",
        "replica-priority",
        "slave-priority",
        "min-replicas-to-write",
        "min-slaves-to-write",
        "min-replicas-max-lag",
        "min-slaves-max-lag",
        "repl-backlog-size",
        "repl-timeout",
        "repl-diskless-sync",
        "replica-serve-stale-data",
        "slave-serve-stale-data",
        "sentinel",
        "protected-mode",
        "daemonize",
        "tcp-backlog",
        "timeout",
        "tcp-keepalive",
        "pidfile",
        "loglevel",
        "logfile",
        "databases",
        "dir",
        "user",
        "maxmemory",
    ];
    let (word, rest) = text.split_once([' ', '\t'])?;
    let usual = !rest.trim().is_empty() && text.len() < 2_000;
    (usual && KNOWN.contains(&word.to_ascii_lowercase().as_str())).then_some(())
}

fn words(text: &str) -> Option<Setting> {
    let (word, rest) = text.split_once([' ', '\t'])?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !word.chars().all(|c| plain(c.to_ascii_lowercase())) || word.len() > 64 {
        return None;
    }
    Some((word.to_owned(), rest.split_whitespace().map(|word| word.trim_matches(['"', '\'']).to_owned()).collect()))
}

fn section(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('[')?.strip_suffix(']')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-. ".contains(c);
    (!inside.is_empty() && inside.len() < 64 && inside.chars().all(plain)).then_some(inside)
}

/// The lines of an INI file; the values as the crate reads them, each with the line on which its key stands last.
fn ini(rest: &[Line]) -> (Item, usize) {
    let option = |text: &str| {
        let key = text.split('=').next().unwrap_or("").trim();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        !key.is_empty() && key.len() <= 64 && key.chars().all(plain)
    };
    let mut keys: Vec<(String, String, Place)> = Vec::new();
    let (mut text, mut current, mut taken, mut end) = (String::new(), String::new(), 0, 0);
    for line in rest {
        taken += 1;
        let trimmed = line.text.trim();
        if is_comment(trimmed) || trimmed.starts_with('!') {
            continue;
        }
        if let Some(name) = section(trimmed) {
            current = name.trim().to_lowercase();
        } else if option(trimmed) {
            let key = trimmed.split('=').next().unwrap_or("").trim().to_lowercase();
            keys.retain(|(section, known, _)| (section, known) != (&current, &key));
            keys.push((current.clone(), key, line.place));
        } else {
            break;
        }
        text.push_str(trimmed);
        text.push('\n');
        end = taken;
    }
    let mut form = IniDefault::default();
    form.delimiters = vec!['='];
    form.comment_symbols = vec!['#', ';'];
    form.multiline = false;
    let mut file = Ini::new_from_defaults(form);
    file.set_inline_comment_symbols(Some(&['#', ';']));
    let read = file.read(text).is_ok();
    let entry = |(section, key, place): (String, String, Place)| {
        let value = file.get(&section, &key).map(|value| unquote(value.trim()));
        Entry { section, key: key_of(&key), values: value.into_iter().collect(), place }
    };
    let entries = if read { keys.into_iter().map(entry).collect() } else { Vec::new() };
    (Item::Conf(Dialect::Ini, entries), end)
}

/// YAML, if it begins with a key by which such files are known.
pub(super) fn yaml(rest: &[Line]) -> Option<(Item, usize)> {
    const KNOWN: [&str; 22] = [
        "scope",
        "namespace",
        "name",
        "restapi",
        "etcd",
        "etcd3",
        "consul",
        "zookeeper",
        "kubernetes",
        "bootstrap",
        "postgresql",
        "tags",
        "ttl",
        "loop_wait",
        "retry_timeout",
        "maximum_lag_on_failover",
        "synchronous_mode",
        "synchronous_mode_strict",
        "synchronous_node_count",
        "- Cluster",
        "replication",
        "watchdog",
    ];
    let first = rest.first()?;
    let (key, value) = first.text.split_once(':')?;
    if !KNOWN.contains(&key) || !(value.is_empty() || value.starts_with(' ')) {
        return None;
    }
    let belongs = |line: &&Line| {
        let text = &line.text;
        let nested = text.is_empty() || text.starts_with([' ', '#', '-']) || text == "---";
        nested || text.contains(':') && context::read(line).is_none() && !text.starts_with(|c: char| c.is_ascii_digit())
    };
    let lines: Vec<&Line> = rest.iter().take_while(belongs).collect();
    let text: String = lines.iter().map(|line| line.text.replace('\t', "    ") + "\n").collect();
    let taken = lines.len();
    let leaves = leaves(&text);
    if key.starts_with('-') {
        return Some((Item::Json(table(&leaves), first.place), taken));
    }
    let entries = leaves.into_iter().filter_map(|leaf| {
        let place = lines.get(leaf.line.checked_sub(1)?)?.place;
        let (key, above) = leaf.path.split_last()?;
        Some(Entry { section: above.join("."), key: key_of(key), values: vec![leaf.value], place })
    });
    Some((Item::Conf(Dialect::Yaml, entries.collect()), taken))
}

/// A scalar of YAML with the keys that lead to it. Aliases are not followed: nothing can grow that way.
struct Leaf {
    path: Vec<String>,
    value: String,
    line: usize,
}

enum Level {
    /// The key that waits for its value.
    Map(Option<String>),
    List(usize),
}

fn leaves(text: &str) -> Vec<Leaf> {
    let mut found = Vec::new();
    let mut levels: Vec<Level> = Vec::new();
    for event in Parser::new_from_str(text) {
        let Ok((event, span)) = event else { break };
        match event {
            Event::MappingStart(..) => levels.push(Level::Map(None)),
            Event::SequenceStart(..) => levels.push(Level::List(0)),
            Event::MappingEnd | Event::SequenceEnd => {
                levels.pop();
                value_is_over(&mut levels);
            }
            Event::Scalar(value, ..) => {
                if let Some(Level::Map(key @ None)) = levels.last_mut() {
                    *key = Some(value.into_owned());
                    continue;
                }
                let step = |level: &Level| match level {
                    Level::Map(key) => key.clone().unwrap_or_default(),
                    Level::List(number) => number.to_string(),
                };
                found.push(Leaf {
                    path: levels.iter().map(step).collect(),
                    value: value.into_owned(),
                    line: span.start.line(),
                });
                value_is_over(&mut levels);
            }
            Event::Alias(_) => value_is_over(&mut levels),
            _ => {}
        }
        if levels.len() > limits::IMPORT_DEPTH_MAX {
            break;
        }
    }
    found
}

fn value_is_over(levels: &mut [Level]) {
    match levels.last_mut() {
        Some(Level::Map(key)) => *key = None,
        Some(Level::List(number)) => *number += 1,
        None => {}
    }
}

/// A list of objects, as `patronictl list -f json` has it too.
fn table(leaves: &[Leaf]) -> Value {
    let mut rows: Vec<Map<String, Value>> = Vec::new();
    for leaf in leaves {
        let [number, path @ ..] = leaf.path.as_slice() else { continue };
        let Ok(number) = number.parse::<usize>() else { continue };
        if number >= rows.len() {
            rows.push(Map::new());
        }
        let (Some(row), Some((key, above))) = (rows.last_mut(), path.split_last()) else { continue };
        let value = leaf.value.parse::<i64>().map_or_else(|_| Value::String(leaf.value.clone()), Value::from);
        match above.first() {
            None => row.insert(key.clone(), value),
            Some(parent) => {
                let inner = row.entry(parent.clone()).or_insert_with(|| Value::Object(Map::new()));
                inner.as_object_mut().and_then(|inner| inner.insert(key.clone(), value))
            }
        };
    }
    Value::Array(rows.into_iter().map(Value::Object).collect())
}
