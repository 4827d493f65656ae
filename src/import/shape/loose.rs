//! Tables without a rule: CSV, tabs, psql without alignment, columns apart by blanks, rows without a header.

use super::{Field, Item, Record, key_of, table::unique, value_of};
use crate::import::text::{Line, Place};

/// Column names by which such a table is known: one that has two of them is one.
pub(super) const KNOWN: [&str; 46] = [
    "pid",
    "application_name",
    "client_addr",
    "state",
    "sync_state",
    "sync_priority",
    "sent_lsn",
    "write_lsn",
    "flush_lsn",
    "replay_lsn",
    "sent_location",
    "write_location",
    "flush_location",
    "replay_location",
    "write_lag",
    "flush_lag",
    "replay_lag",
    "usename",
    "slot_name",
    "slot_type",
    "active",
    "restart_lsn",
    "pg_is_in_recovery",
    "status",
    "sender_host",
    "cluster",
    "member",
    "host",
    "role",
    "tl",
    "lag_in_mb",
    "slave_io_state",
    "master_host",
    "master_port",
    "slave_io_running",
    "slave_sql_running",
    "file",
    "position",
    "executed_gtid_set",
    "variable_name",
    "value",
    "name",
    "receiver",
    "pg_last_wal_receive_lsn",
    "pg_last_wal_replay_lsn",
    "lsn",
];

/// Reads a table that begins here.
pub(super) fn read(rest: &[Line]) -> Option<(Item, usize)> {
    let first = rest.first()?;
    if let Some(found) = quoted_pairs(rest) {
        return Some(found);
    }
    for separator in ['\t', '|', ',', ';'] {
        let names: Vec<String> = cut(&first.text, separator).iter().map(|name| key_of(name)).collect();
        if is_header(&names) {
            return Some(by_separator(rest, separator, unique(names)));
        }
    }
    let names: Vec<String> = by_blanks(&first.text).iter().map(|(_, name)| key_of(name)).collect();
    if names.len() >= 3 && is_header(&names) && !first.text.contains('|') {
        return Some(columns(rest));
    }
    bare(rest)
}

fn is_header(names: &[String]) -> bool {
    let plain =
        |name: &String| name.len() <= 64 && name.chars().all(|c| c.is_ascii_alphanumeric() || "_@()".contains(c));
    let known = names.iter().filter(|name| KNOWN.contains(&name.as_str())).count();
    names.len() >= 2 && known >= 2 && known * 3 >= names.len() && names.iter().all(plain)
}

fn cut(text: &str, separator: char) -> Vec<String> {
    let Ok(separator) = u8::try_from(separator) else { return Vec::new() };
    if !text.as_bytes().contains(&separator) {
        return Vec::new();
    }
    let quoted = |at: usize| at == 0 || text.as_bytes().get(at - 1) == Some(&separator);
    if !text.match_indices('"').any(|(at, _)| quoted(at)) {
        // A reader of CSV takes longer to make than a line without quotes to cut.
        return text.split(char::from(separator)).map(|cell| cell.trim().to_owned()).collect();
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let row = reader.records().next().and_then(Result::ok);
    row.map(|row| row.iter().map(str::to_owned).collect()).unwrap_or_default()
}

fn by_separator(rest: &[Line], separator: char, keys: Vec<String>) -> (Item, usize) {
    let mut rows = Vec::new();
    let mut taken = 1;
    for line in rest.iter().skip(1) {
        let cells = cut(&line.text, separator);
        // Trailing tabs may be gone.
        if cells.len() > keys.len() || cells.len() * 2 < keys.len() || cells.len() < 2 {
            break;
        }
        rows.push(record(&keys, cells, line.place));
        taken += 1;
    }
    let place = rest.first().map_or(Place { paste: 1, line: 1 }, |line| line.place);
    (Item::Rows { keys, rows, place }, taken)
}

fn record(keys: &[String], cells: Vec<String>, place: Place) -> Record {
    let field = |(key, cell): (&String, String)| Field { key: key.clone(), value: value_of(&cell), place };
    Record { place, fields: keys.iter().zip(cells).map(field).collect() }
}

/// Words that are two blanks or more apart, each with the character at which it begins.
fn by_blanks(text: &str) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut blanks = 2;
    for (at, c) in text.chars().enumerate() {
        if c == ' ' {
            blanks += 1;
            continue;
        }
        match found.last_mut().filter(|_| blanks < 2) {
            Some((_, word)) => {
                word.extend(std::iter::repeat_n(' ', blanks));
                word.push(c);
            }
            None => found.push((at, c.to_string())),
        }
        blanks = 0;
    }
    found
}

/// Columns apart by two blanks or more; a cell may be empty, so each belongs to the header above it.
fn columns(rest: &[Line]) -> (Item, usize) {
    let header = rest.first().map(|line| by_blanks(&line.text)).unwrap_or_default();
    let keys = unique(header.iter().map(|(_, name)| key_of(name)).collect());
    let (mut rows, mut taken) = (Vec::new(), 1);
    for line in rest.iter().skip(1) {
        let words = by_blanks(&line.text);
        if words.len() < 2 || words.len() > keys.len() {
            break;
        }
        let mut cells = vec![String::new(); keys.len()];
        for (number, (at, word)) in words.iter().enumerate() {
            let above = header.iter().rposition(|(start, _)| *start <= at + 1).unwrap_or(0);
            let place = if words.len() == keys.len() { number } else { above };
            if let Some(cell) = cells.get_mut(place) {
                cell.clone_from(word);
            }
        }
        rows.push(record(&keys, cells, line.place));
        taken += 1;
    }
    let place = rest.first().map_or(Place { paste: 1, line: 1 }, |line| line.place);
    (Item::Rows { keys, rows, place }, taken)
}

/// Rows without a header: positions and a state word are known by their looks.
fn bare(rest: &[Line]) -> Option<(Item, usize)> {
    let mut rows = Vec::new();
    for line in rest {
        let separator = ['|', '\t', ','].into_iter().find(|c| line.text.contains(*c));
        let Some(separator) = separator else { break };
        let cells = cut(&line.text, separator);
        if !looks_like_a_sender(&cells) {
            break;
        }
        rows.push(cells);
    }
    let place = rest.first()?.place;
    let taken = rows.len();
    (taken > 0).then_some((Item::Bare { rows, place }, taken))
}

fn looks_like_a_sender(cells: &[String]) -> bool {
    let states = ["streaming", "catchup", "startup", "backup", "stopping"];
    let state = cells.iter().any(|cell| states.contains(&cell.as_str()));
    state && cells.len() >= 2 && cells.len() < 40
}

/// `"Node name","db1"` and so on: one value on each line. What `repmgr` prints for programs.
fn quoted_pairs(rest: &[Line]) -> Option<(Item, usize)> {
    let first = rest.first()?;
    if !first.text.starts_with("\"Node name\",") && !first.text.starts_with("\"Server role\",") {
        return None;
    }
    let mut record = Record { place: first.place, fields: Vec::new() };
    let mut taken = 0;
    for line in rest {
        let cells = cut(&line.text, ',');
        let [key, value, ..] = cells.as_slice() else { break };
        record.fields.push(Field { key: key_of(key), value: value_of(value), place: line.place });
        taken += 1;
    }
    let keys = record.fields.iter().map(|field| field.key.clone()).collect();
    Some((Item::Rows { keys, rows: vec![record], place: first.place }, taken))
}
