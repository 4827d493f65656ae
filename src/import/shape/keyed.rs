//! Records that go downwards, one line for each value: `\x` of psql, `\G` of mysql, XML, `INFO` of Redis.

use super::table::is_rule_line;
use super::{Field, Item, Record, key_of, loose, value_of};
use crate::import::text::{Line, Place, between};
use crate::limits;

/// `-[ RECORD 1 ]---+---`, in whatever line style.
pub(super) fn expanded(rest: &[Line]) -> Option<(Item, usize)> {
    let first = rest.first()?;
    if record_mark(&first.text).is_none() {
        return unmarked(rest);
    }
    let width = first.text.chars().count();
    let (mut rows, mut taken, mut full) = (Vec::<Record>::new(), 0, false);
    for line in rest {
        if record_mark(&line.text).is_some() {
            rows.push(Record { place: line.place, fields: Vec::new() });
        } else if let Some((key, value)) = cells(&line.text) {
            let fields = &mut rows.last_mut()?.fields;
            let room = fields.len() < limits::IMPORT_COLUMNS_MAX;
            match fields.last_mut().filter(|_| key.is_empty()) {
                // A value that goes on in the next line.
                Some(field) => {
                    let text = field.value.get_or_insert_default();
                    text.push('\n');
                    text.push_str(value);
                }
                None if room => fields.push(field(key, value, line.place)),
                None => {}
            }
        } else if !is_rule_line(&line.text) {
            // The terminal has broken a long value at its edge.
            let field =
                rows.last_mut().and_then(|row| row.fields.last_mut()).filter(|_| full && !line.text.is_empty())?;
            field.value.get_or_insert_default().push_str(&line.text);
        }
        full = line.text.chars().count() >= width;
        taken += 1;
        let more = rest.get(taken).is_some_and(|next| {
            let text = &next.text;
            record_mark(text).is_some() || cells(text).is_some() || is_rule_line(text) || full && !text.is_empty()
        });
        if !more {
            break;
        }
    }
    Some((Item::Rows { keys: keys(&rows), rows, place: first.place }, taken))
}

/// The same without the marks: `key | value` lines under known names; a blank line, or the first key, begins another row.
fn unmarked(rest: &[Line]) -> Option<(Item, usize)> {
    let pair = |line: &Line| {
        let (key, value) = cells(&line.text)?;
        let known = loose::KNOWN.contains(&key_of(key).as_str());
        (known && !value.contains('|')).then(|| (key_of(key), value.to_owned()))
    };
    let first = rest.first()?;
    let begins = pair(first)?.0;
    let second = rest.get(1)?;
    pair(second)?;
    let mut rows = vec![Record { place: first.place, fields: Vec::new() }];
    let (mut taken, mut end) = (0, 0);
    for line in rest {
        taken += 1;
        if line.text.is_empty() {
            continue;
        }
        let Some((key, value)) = cells(&line.text) else { break };
        let key = key_of(key);
        if key == begins && rows.last().is_some_and(|row| !row.fields.is_empty()) {
            rows.push(Record { place: line.place, fields: Vec::new() });
        }
        let fields = &mut rows.last_mut()?.fields;
        if fields.len() < limits::IMPORT_COLUMNS_MAX {
            fields.push(field(&key, value, line.place));
        }
        end = taken;
    }
    Some((Item::Rows { keys: keys(&rows), rows, place: first.place }, end))
}

fn record_mark(text: &str) -> Option<()> {
    let text = text.trim();
    let marked = text.contains("[ RECORD ") || text.starts_with("* Record ") || text.starts_with("* RECORD ");
    let starts = text.starts_with(['-', '─', '+', '┌', '├', '╔', '═', '[', '*', '|']);
    (marked && starts).then_some(())
}

fn cells(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_end();
    let framed = text.starts_with(['|', '│', '║']) && text.ends_with(['|', '│', '║']) && text.len() > 1;
    let text = if framed { text.trim_matches(['|', '│', '║']) } else { text };
    let (key, value) = text.split_once(['|', '│', '║'])?;
    (key.len() <= 120).then(|| (key.trim(), value.trim().trim_end_matches('+').trim_end()))
}

fn field(key: &str, value: &str, place: Place) -> Field {
    Field { key: key_of(key), value: value_of(value), place }
}

/// The keys of some rows, in the order in which they first come.
pub(super) fn keys(rows: &[Record]) -> Vec<String> {
    rows.first().map_or_else(Vec::new, |row| row.fields.iter().map(|field| field.key.clone()).collect())
}

/// A field that says: the status had the words `Source_…`.
pub(in crate::import) const SOURCE_WORDS: &str = "words_of_mysql";

/// `*** 1. row ***`, and lines that are left of it when only some were copied.
pub(super) fn vertical(rest: &[Line]) -> Option<(Item, usize)> {
    let first = rest.first()?;
    if !row_mark(&first.text) && !lone_status(&first.text) {
        return None;
    }
    let (mut rows, mut taken) = (vec![Record { place: first.place, fields: Vec::new() }], 0);
    for line in rest {
        let text = line.text.trim();
        let row = rows.last_mut()?;
        if row_mark(text) {
            if !row.fields.is_empty() {
                rows.push(Record { place: line.place, fields: Vec::new() });
            }
        } else if let Some((key, value)) = status_line(text) {
            let known = row.has(&key);
            let fresh = Field { key, value: value_of(value), place: line.place };
            if known {
                // Without their marks: the next row begins where the first key comes again.
                rows.push(Record { place: line.place, fields: vec![fresh] });
            } else if row.fields.len() < limits::IMPORT_COLUMNS_MAX {
                row.fields.push(fresh);
            }
            // Keys have one vocabulary from here on; these words are MySQL's alone.
            if let Some(row) = rows.last_mut().filter(|row| text.starts_with("Source_") && !row.has(SOURCE_WORDS)) {
                row.fields.insert(0, Field { key: SOURCE_WORDS.to_owned(), value: None, place: line.place });
            }
        } else if let Some(field) = row.fields.last_mut().filter(|field| goes_on(field, text)) {
            field.value.get_or_insert_default().push_str(text);
        } else {
            break;
        }
        taken += 1;
    }
    rows.retain(|row| !row.fields.is_empty());
    let item = Item::Rows { keys: keys(&rows), rows, place: first.place };
    Some((item, taken))
}

fn row_mark(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("*****") && text.contains(". row ") && text.ends_with("***")
}

/// A line of a status of MySQL that has lost the lines around it.
fn lone_status(text: &str) -> bool {
    const KNOWN: [&str; 16] = [
        "slave_io_state",
        "slave_io_running",
        "slave_sql_running",
        "master_host",
        "master_log_file",
        "read_master_log_pos",
        "seconds_behind_master",
        "exec_master_log_pos",
        "relay_master_log_file",
        "slave_sql_running_state",
        "connection_name",
        "last_io_error",
        "last_sql_error",
        "using_gtid",
        "executed_gtid_set",
        "retrieved_gtid_set",
    ];
    status_line(text.trim()).is_some_and(|(key, _)| KNOWN.contains(&key.as_str()))
}

/// `Key: value`; the value may hold colons itself, or be empty.
fn status_line(text: &str) -> Option<(String, &str)> {
    let (key, value) = text.split_once(':')?;
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '@' || c == '.';
    let spaced = value.is_empty() || value.starts_with(' ');
    let plain = !key.is_empty() && key.len() <= 64 && key.chars().all(word) && spaced;
    plain.then(|| (key_of(key), value.trim()))
}

/// Long sets of GTIDs go over several lines.
fn goes_on(field: &Field, text: &str) -> bool {
    let set = field.key.ends_with("gtid_set") || field.value.as_ref().is_some_and(|value| value.ends_with(','));
    set && text.len() < 4_000 && text.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, '-' | ':' | ','))
}

/// What `mysql -X` prints.
pub(super) fn xml(rest: &[Line]) -> Option<(Item, usize)> {
    let first = rest.first()?;
    let text = first.text.trim();
    if !text.starts_with("<resultset") && !text.starts_with("<row>") {
        return text
            .starts_with("<?xml")
            .then_some((Item::Rows { keys: Vec::new(), rows: Vec::new(), place: first.place }, 1));
    }
    let (mut rows, mut taken) = (Vec::<Record>::new(), 0);
    for line in rest {
        let text = line.text.trim();
        taken += 1;
        if text == "<row>" {
            rows.push(Record { place: line.place, fields: Vec::new() });
        } else if text == "</resultset>" {
            break;
        } else if let Some(name) = between(text, "<field name=\"", "\"") {
            let value = between(text, "\">", "</field>").map(unescape).unwrap_or_default();
            let row = rows.last_mut().filter(|row| row.fields.len() < limits::IMPORT_COLUMNS_MAX);
            row?.fields.push(field(name, &value, line.place));
        }
    }
    Some((Item::Rows { keys: keys(&rows), rows, place: first.place }, taken))
}

pub(super) fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
}

/// `key:value` lines of Redis and its kin, over all sections of one answer.
pub(super) fn info(rest: &[Line]) -> Option<(Item, usize)> {
    let first = rest.first()?;
    if section(&first.text).is_none() && !known_info(&first.text) {
        return None;
    }
    let mut record = Record { place: first.place, fields: Vec::new() };
    let (mut taken, mut end) = (0, 0);
    for line in rest {
        taken += 1;
        if line.text.is_empty() || section(&line.text).is_some() {
            continue;
        }
        let Some((key, value)) = info_line(&line.text) else { break };
        if record.has(&key) && key == "role" {
            break;
        }
        end = taken;
        if record.fields.len() < 1_000 {
            record.fields.push(Field { key, value: value_of(value), place: line.place });
        }
    }
    (end > 0).then_some((Item::Info(record), end))
}

fn section(text: &str) -> Option<()> {
    let name = text.strip_prefix("# ")?;
    const SECTIONS: [&str; 13] = [
        "Replication",
        "Server",
        "Clients",
        "Memory",
        "Persistence",
        "Stats",
        "CPU",
        "Cluster",
        "Keyspace",
        "Sentinel",
        "Modules",
        "Errorstats",
        "Commandstats",
    ];
    SECTIONS.contains(&name.trim()).then_some(())
}

fn known_info(text: &str) -> bool {
    const KNOWN: [&str; 16] = [
        "role",
        "connected_slaves",
        "master_host",
        "master_port",
        "master_link_status",
        "master_repl_offset",
        "slave_repl_offset",
        "master_replid",
        "slave0",
        "slave1",
        "master_last_io_seconds_ago",
        "redis_version",
        "sentinel_masters",
        "slave_read_repl_offset",
        "slave_priority",
        "repl_backlog_active",
    ];
    info_line(text).is_some_and(|(key, value)| KNOWN.contains(&key.as_str()) && !value.starts_with(' '))
}

/// A comment may stand behind the value.
fn info_line(text: &str) -> Option<(String, &str)> {
    let (key, value) = text.split_once(':')?;
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-' || c == '.';
    if key.is_empty() || key.len() > 64 || !key.chars().all(word) {
        return None;
    }
    let value = value.split(" #").next().unwrap_or(value);
    let value = value.split(['\t', '＃']).next().unwrap_or(value);
    Some((key_of(key), value.trim()))
}
