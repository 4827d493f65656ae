//! What commands of Redis and Sentinel return: numbered lists in each other, or the bare values below each other.

use super::{Item, Record, Tool};
use crate::import::text::{Line, Place};
use crate::limits;

/// A value or a list of them.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::import) enum Reply {
    Text(String),
    List(Vec<Reply>),
}

impl Reply {
    pub fn text(&self) -> Option<&str> {
        match self {
            Reply::Text(text) => Some(text),
            Reply::List(_) => None,
        }
    }

    pub fn list(&self) -> &[Reply] {
        match self {
            Reply::Text(_) => &[],
            Reply::List(list) => list,
        }
    }

    /// The value behind a name, in a list of names and values.
    pub fn named(&self, name: &str) -> Option<&str> {
        self.list().chunks(2).find(|pair| pair.first().and_then(Reply::text) == Some(name))?.get(1)?.text()
    }
}

/// `1) "master"`, `3) 1) 1) "10.0.0.2"`.
pub(super) fn read(rest: &[Line]) -> Option<(Item, usize)> {
    let first = rest.first()?;
    numbered(first.text.trim_start())?;
    let mut root: Vec<Reply> = Vec::new();
    // Where the numbers of the lists that are open stand, from the outermost on.
    let mut open: Vec<usize> = Vec::new();
    let mut taken = 0;
    for line in rest {
        let text = &line.text;
        let Some(leaf) = leaf(text) else { break };
        let (columns, value) = leaf;
        let Some(first_column) = columns.first() else { break };
        let depth = open.iter().position(|column| column >= first_column).unwrap_or(open.len());
        open.truncate(depth);
        open.extend(&columns);
        if open.len() > limits::IMPORT_DEPTH_MAX {
            break;
        }
        put(&mut root, depth, open.len(), value);
        taken += 1;
    }
    Some((Item::Reply(Reply::List(root), first.place), taken))
}

/// Puts a value into the last list of a depth; from there on new lists are opened.
fn put(list: &mut Vec<Reply>, depth: usize, wanted: usize, value: Reply) {
    if depth > 0
        && let Some(Reply::List(inner)) = list.last_mut()
    {
        put(inner, depth - 1, wanted - 1, value);
        return;
    }
    let mut value = value;
    for _ in 1..wanted.saturating_sub(depth) {
        value = Reply::List(vec![value]);
    }
    list.push(value);
}

/// `12) rest`
fn numbered(text: &str) -> Option<&str> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = text.get(digits..)?.strip_prefix(')')?;
    (digits > 0 && digits < 6).then_some(rest)
}

/// The columns right behind the numbers of a line, which are the same for all of a list, and the value.
fn leaf(text: &str) -> Option<(Vec<usize>, Reply)> {
    let mut columns = Vec::new();
    let mut rest = text;
    loop {
        let trimmed = rest.trim_start();
        let Some(behind) = numbered(trimmed) else { break };
        columns.push(text.len() - behind.len());
        rest = behind;
    }
    let value = rest.trim();
    let value = value.strip_prefix("(integer) ").unwrap_or(value);
    let value = if value == "(nil)" || value == "(empty array)" { "" } else { value };
    let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
    (!columns.is_empty()).then(|| (columns, Reply::Text(value.to_owned())))
}

/// The same without numbers, as a pipe gets it.
pub(super) fn raw(rest: &[Line], before: &[Item]) -> Option<(Item, usize)> {
    let first = rest.first()?;
    if let Some(reply) = csv(&first.text) {
        return Some((Item::Reply(reply, first.place), 1));
    }
    let value = |at: usize| rest.get(at).map(|line| line.text.trim());
    let text = |at: usize| Some(Reply::Text(value(at)?.to_owned()));
    let number = |at: usize| value(at).is_some_and(|text| text.parse::<i64>().is_ok());
    let place = first.place;
    match first.text.trim() {
        "master" if number(1) => {
            let (mut slaves, mut at) = (Vec::new(), 2);
            while number(at + 1) && number(at + 2) && !number(at) {
                slaves.push(Reply::List(vec![text(at)?, text(at + 1)?, text(at + 2)?]));
                at += 3;
            }
            Some((Item::Reply(Reply::List(vec![text(0)?, text(1)?, Reply::List(slaves)]), place), at))
        }
        "slave" if number(2) && number(4) => {
            let list = (0..5).map(text).collect::<Option<Vec<_>>>()?;
            Some((Item::Reply(Reply::List(list), place), 5))
        }
        "name" if value(2) == Some("ip") => {
            let mut servers = vec![Vec::new()];
            let mut at = 0;
            while let (Some(key), Some(_)) = (value(at), value(at + 1)) {
                let named =
                    !key.is_empty() && key.len() < 40 && key.chars().all(|c| c.is_ascii_lowercase() || c == '-');
                if !named {
                    break;
                }
                if key == "name" && at > 0 {
                    servers.push(Vec::new());
                }
                servers.last_mut()?.extend([text(at)?, text(at + 1)?]);
                at += 2;
            }
            Some((Item::Reply(Reply::List(servers.into_iter().map(Reply::List).collect()), place), at))
        }
        _ => lines_of_a_reply(rest, before),
    }
}

/// `"slave","10.0.0.1",6379,"connected",131157`: all lists run into one.
fn csv(text: &str) -> Option<Reply> {
    let starts = ["\"slave\",", "\"master\",", "\"name\",\""];
    if !starts.iter().any(|start| text.starts_with(start)) {
        return None;
    }
    let values: Vec<serde_json::Value> = serde_json::from_str(&format!("[{text}]")).ok()?;
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let texts: Vec<Reply> = values.iter().take(2_000).map(|value| Reply::Text(text(value))).collect();
    let (role, rest) = texts.split_first()?;
    match role.text() {
        Some("master") => {
            let (offset, slaves) = rest.split_first()?;
            let slaves = slaves.chunks(3).map(|slave| Reply::List(slave.to_vec())).collect();
            Some(Reply::List(vec![role.clone(), offset.clone(), Reply::List(slaves)]))
        }
        Some("name") => {
            let mut servers: Vec<Vec<Reply>> = Vec::new();
            for pair in texts.chunks(2) {
                if pair.first().and_then(Reply::text) == Some("name") {
                    servers.push(Vec::new());
                }
                servers.last_mut()?.extend_from_slice(pair);
            }
            Some(Reply::List(servers.into_iter().map(Reply::List).collect()))
        }
        _ => Some(Reply::List(texts)),
    }
}

/// An address and a port below each other: `SENTINEL GET-MASTER-ADDR-BY-NAME` in a pipe.
fn lines_of_a_reply(rest: &[Line], before: &[Item]) -> Option<(Item, usize)> {
    let Some(Item::Context(context)) = before.last() else { return None };
    let asked = context.command.to_ascii_lowercase();
    if context.tool != Tool::Redis || !asked.contains("get-master-addr") {
        return None;
    }
    let [host, port, ..] = rest else { return None };
    port.text.trim().parse::<u16>().ok()?;
    let texts = [host, port].map(|line| Reply::Text(line.text.trim().to_owned()));
    Some((Item::Reply(Reply::List(texts.to_vec()), host.place), 2))
}

/// A list of names and values as a record.
pub(in crate::import) fn record(reply: &Reply, place: Place) -> Record {
    let fields = reply.list().chunks(2).filter_map(|pair| {
        let [key, value] = pair else { return None };
        Some(super::Field { key: super::key_of(key.text()?), value: super::value_of(value.text()?), place })
    });
    Record { place, fields: fields.collect() }
}
