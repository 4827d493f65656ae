//! Tables that a terminal has broken at its edge: each row goes over as many lines as the rule does.

use super::{Item, table};
use crate::import::text::Line;

/// The lines of one row as one line. All but the last are as wide as the terminal.
fn joined(lines: &[Line], width: usize) -> Option<Line> {
    let mut text = String::new();
    for (number, line) in (1..).zip(lines) {
        let length = line.text.chars().count();
        if length > width {
            return None;
        }
        text.push_str(&line.text);
        if number < lines.len() {
            text.extend(std::iter::repeat_n(' ', width - length));
        }
    }
    Some(Line { place: lines.first()?.place, text })
}

/// Puts the rows together, from a line on, until something follows that is no row.
fn rows(rest: &[Line], from: usize, height: usize, width: usize) -> Option<(Vec<Line>, usize)> {
    let (mut found, mut at) = (Vec::new(), from);
    while let Some(lines) = rest.get(at..at + height) {
        let first = lines.first()?.text.trim_start();
        let footer = first.is_empty() || first.starts_with('(') || first.contains("=#") || first.contains("=>");
        if footer {
            break;
        }
        found.push(joined(lines, width)?);
        at += height;
    }
    Some((found, at))
}

/// A table of psql.
pub(super) fn plain(rest: &[Line], height: usize) -> Option<(Item, usize)> {
    let width = rest.get(height)?.text.chars().count();
    let broken = Some((Item::Broken(rest.first()?.place), height * 2));
    let Some((mut lines, end)) = rows(rest, 0, height, width) else { return broken };
    let blank = Line { place: rest.first()?.place, text: String::new() };
    lines.push(blank);
    table::plain(&lines, 1).map(|(item, _)| (item, end)).or(broken)
}

/// A table with a frame.
pub(super) fn framed(rest: &[Line], height: usize) -> Option<(Item, usize)> {
    let width = rest.first()?.text.chars().count();
    let broken = Some((Item::Broken(rest.first()?.place), height));
    let Some((lines, end)) = rows(rest, 0, height, width) else { return broken };
    table::framed(&lines).map(|(item, _)| (item, end)).or(broken)
}
