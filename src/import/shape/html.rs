//! Tables as HTML: `psql -H`, `mysql -H`.

use super::keyed::{keys, unescape};
use super::{Field, Item, Record, key_of, table::unique, value_of};
use crate::import::text::{Line, Place};
use crate::limits;

/// Reads a table that begins here.
pub(super) fn read(rest: &[Line]) -> Option<(Item, usize)> {
    let first = rest.first()?;
    if !first.text.to_ascii_lowercase().contains("<table") {
        return None;
    }
    let (mut header, mut rows, mut taken) = (Vec::new(), Vec::new(), 0);
    let mut current: Vec<String> = Vec::new();
    for line in rest {
        taken += 1;
        let small = line.text.to_ascii_lowercase();
        for part in tags(&line.text, &small) {
            match part {
                Part::Name(text) => header.push(key_of(&text)),
                Part::Value(text) if current.len() < limits::IMPORT_COLUMNS_MAX => current.push(text),
                Part::Value(_) => {}
                Part::RowEnds if current.is_empty() => {}
                Part::RowEnds => rows.push((line.place, std::mem::take(&mut current))),
            }
        }
        if small.contains("</table>") {
            break;
        }
    }
    let header = unique(header);
    let row = |(place, cells): (Place, Vec<String>)| {
        let field = |(key, cell): (&String, String)| Field { key: key.clone(), value: value_of(&cell), place };
        Record { place, fields: header.iter().zip(cells).map(field).collect() }
    };
    let rows: Vec<Record> = rows.into_iter().map(row).collect();
    let keys = if rows.is_empty() { header.clone() } else { keys(&rows) };
    Some((Item::Rows { keys, rows, place: first.place }, taken))
}

enum Part {
    Name(String),
    Value(String),
    RowEnds,
}

/// The cells in a line, and where rows end. `small` is the line in small letters.
fn tags(text: &str, small: &str) -> Vec<Part> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = small.get(at..).and_then(|rest| rest.find('<')).map(|open| at + open) {
        let Some(end) = small.get(open..).and_then(|rest| rest.find('>')).map(|end| open + end) else { break };
        let tag = small.get(open + 1..end).unwrap_or("");
        let name = tag.split(' ').next().unwrap_or("");
        if name == "th" || name == "td" {
            let rest = text.get(end + 1..).unwrap_or("");
            let cell = unescape(rest.split('<').next().unwrap_or("")).replace("&nbsp;", " ");
            found.push(if name == "th" { Part::Name(cell) } else { Part::Value(cell) });
        } else if name == "/tr" {
            found.push(Part::RowEnds);
        }
        at = end + 1;
    }
    found
}
