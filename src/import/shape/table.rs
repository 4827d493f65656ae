//! Tables with a rule below their header: psql in its line styles, mysql, patronictl, repmgr, Markdown.

use super::{Field, Item, Record, key_of, value_of, wrapped};
use crate::import::text::{Line, Place};
use crate::limits;

/// More lines than this no header takes.
const HEADER_LINES_MAX: usize = 24;

/// Reads a table that begins here.
pub(super) fn read(rest: &[Line]) -> Option<(Item, usize)> {
    let first = rest.first()?;
    if is_frame(&first.text) {
        let height = rule_run(rest, 0);
        if height > 1 && !first.text.trim_end().ends_with('+') {
            return wrapped::framed(rest, height);
        }
        return framed(rest);
    }
    let height = (1..=HEADER_LINES_MAX.min(rest.len())).find(|at| is_rule(rest, *at))?;
    let rules = rule_run(rest, height);
    if rules > 1 && rules == height {
        return wrapped::plain(rest, height);
    }
    // A header over several lines is psql's own wrapping; more lines than that belong to something else.
    let header_fits = height == 1 || rest.get(..height)?.iter().all(|line| has_separator(&line.text));
    if !header_fits {
        return None;
    }
    plain(rest, height)
}

fn has_separator(text: &str) -> bool {
    text.contains(['|', '│', '║', ';'])
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '─' | '═' | '━' | '=')
}

fn is_cross(c: char) -> bool {
    matches!(
        c,
        '+' | '┼'
            | '├'
            | '┤'
            | '┬'
            | '┴'
            | '┌'
            | '┐'
            | '└'
            | '┘'
            | '╪'
            | '╬'
            | '╠'
            | '╣'
            | '╔'
            | '╗'
            | '╦'
            | '╩'
    )
}

/// Whether a line is nothing but a rule.
pub(super) fn is_rule_line(text: &str) -> bool {
    let text = text.trim();
    let drawn = |c: char| is_dash(c) || is_cross(c) || matches!(c, '|' | '│' | ' ' | ':');
    // Most lines are no rules, and their first character says so.
    text.starts_with(drawn)
        && text.chars().filter(|c| is_dash(*c)).count() >= 3
        && text.chars().all(drawn)
        && !text.starts_with(':')
}

fn is_rule(rest: &[Line], at: usize) -> bool {
    rest.get(at).is_some_and(|line| is_rule_line(&line.text))
}

/// How many lines from here on are rules.
fn rule_run(rest: &[Line], from: usize) -> usize {
    rest.iter().skip(from).take(HEADER_LINES_MAX).take_while(|line| is_rule_line(&line.text)).count()
}

/// The upper edge of a table with a frame; it may carry a title.
fn is_frame(text: &str) -> bool {
    let text = text.trim();
    let titled = text.starts_with("+ ") && text.ends_with('+') && text.contains("--");
    titled || (text.starts_with(['+', '┌', '╔']) && is_rule_line(text))
}

/// Where the columns of a rule end, in characters of its line.
pub(super) fn bounds(rule: &str) -> Vec<usize> {
    let rule = rule.trim_end();
    let framed = rule.trim_start().starts_with(is_cross);
    let crosses: Vec<usize> =
        rule.chars().enumerate().filter(|(_, c)| is_cross(*c) || *c == '|').map(|(at, _)| at).collect();
    if framed {
        let inner = crosses.get(1..crosses.len().saturating_sub(1)).unwrap_or_default();
        return inner.to_vec();
    }
    if crosses.is_empty() {
        // Columns apart by blanks: each ends right before the next one begins.
        let chars: Vec<char> = rule.chars().collect();
        let begins = |at: &usize| chars.get(*at) != Some(&' ') && chars.get(at - 1) == Some(&' ');
        return (1..chars.len()).filter(begins).map(|at| at - 1).collect();
    }
    crosses
}

/// `a | b` over `---+---`.
pub(super) fn plain(rest: &[Line], height: usize) -> Option<(Item, usize)> {
    let (first, rule) = (rest.first()?, rest.get(height)?);
    let bounds = bounds(&rule.text);
    let header = Cells::cut(&first.text, &bounds, false)?;
    if bounds.is_empty() && (rule.text.trim().len() < 3 || first.text.trim().len() > 200 || first.text.contains(": ")) {
        return None;
    }
    let mut table = Table::new(&header, first.place, &bounds);
    for more in rest.get(1..height)? {
        table.widen(&Cells::cut(&more.text, &bounds, false)?);
    }
    let mut taken = height + 1;
    for line in rest.get(taken..)? {
        if line.text.trim().is_empty() || ends_rows(&line.text) {
            break;
        }
        let Some(cells) = Cells::cut(&line.text, &bounds, false) else { break };
        table.add(cells, line.place);
        taken += 1;
    }
    Some((table.item(), taken))
}

/// The footer of psql, in whatever language, or the next prompt.
fn ends_rows(text: &str) -> bool {
    let text = text.trim_start();
    let footer =
        text.starts_with('(') && text.ends_with(')') && text.get(1..2).is_some_and(|c| c.parse::<u8>().is_ok());
    footer || text.contains("=# ") || text.ends_with("=#") || text.contains("=> ")
}

/// `+---+`, `| a |`, `+---+`, `| 1 |`, `+---+`.
pub(super) fn framed(rest: &[Line]) -> Option<(Item, usize)> {
    let titled = rest.first()?.text.trim_start().starts_with("+ ");
    let header_at = rest.iter().take(4).position(|line| line.text.trim_start().starts_with(['|', '│', '║']))?;
    let header_line = rest.get(header_at)?;
    let rule_at =
        header_at + rest.get(header_at..)?.iter().take(HEADER_LINES_MAX).position(|line| is_rule_line(&line.text))?;
    let bounds = bounds(&rest.get(rule_at)?.text);
    let mut table = Table::new(&Cells::cut(&header_line.text, &bounds, true)?, header_line.place, &bounds);
    for more in rest.get(header_at + 1..rule_at)? {
        table.widen(&Cells::cut(&more.text, &bounds, true)?);
    }
    table.joins_blank = titled;
    let mut taken = rule_at + 1;
    for line in rest.get(taken..)? {
        if is_rule_line(&line.text) {
            taken += 1;
            continue;
        }
        if !line.text.trim_start().starts_with(['|', '│', '║']) {
            break;
        }
        let Some(cells) = Cells::cut(&line.text, &bounds, true) else { break };
        table.add(cells, line.place);
        taken += 1;
    }
    Some((table.item(), taken))
}

/// A line of a table, cut into cells.
pub(super) struct Cells {
    /// Each with the mark that says that it goes on from the line before: `.` within a word, `:` in a new line.
    cells: Vec<(String, Option<char>)>,
}

impl Cells {
    pub(super) fn cut(text: &str, bounds: &[usize], framed: bool) -> Option<Self> {
        let text = text.trim_end();
        let inside = if framed {
            let text = text.trim_start();
            let text = text.strip_prefix(['|', '│', '║'])?;
            text.strip_suffix(['|', '│', '║']).unwrap_or(text)
        } else {
            text
        };
        let parts: Vec<&str> = inside.split(['|', '│', '║']).collect();
        if parts.len() == bounds.len() + 1 {
            let mark = |part: &str| part.starts_with(['.', '…']).then_some('.');
            return Some(Self { cells: parts.iter().map(|part| ((*part).to_owned(), mark(part))).collect() });
        }
        if framed || parts.len() > bounds.len() + 1 {
            return None;
        }
        let chars: Vec<char> = text.chars().collect();
        let mut cells = Vec::new();
        let mut from = 0;
        for end in bounds.iter().copied().chain(std::iter::once(usize::MAX)) {
            let cell: String = chars.iter().take(end).skip(from).collect();
            let mark = from.checked_sub(1).and_then(|at| chars.get(at)).filter(|c| matches!(c, ';' | ':')).copied();
            cells.push((cell, mark.map(|c| if c == ';' { '.' } else { ':' })));
            from = end.saturating_add(1);
        }
        Some(Self { cells })
    }

    fn goes_on(&self) -> bool {
        self.cells.iter().any(|(_, mark)| mark.is_some())
    }

    fn texts(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|(text, _)| text.as_str())
    }
}

/// A table as it grows.
pub(super) struct Table {
    keys: Vec<String>,
    rows: Vec<(Place, Vec<String>)>,
    place: Place,
    widths: Vec<Option<usize>>,
    /// Whether a row whose first cells are blank belongs to the row before.
    joins_blank: bool,
    /// Cells of the last line that said that they go on.
    open: Vec<bool>,
}

impl Table {
    pub(super) fn new(header: &Cells, place: Place, bounds: &[usize]) -> Self {
        let keys = header.texts().map(key_of).collect();
        let mut from = 0;
        let width = |end: &usize| {
            let width = end.saturating_sub(from);
            from = end + 1;
            Some(width)
        };
        let mut widths: Vec<Option<usize>> = bounds.iter().map(width).collect();
        widths.push(None);
        Self { keys, rows: Vec::new(), place, widths, joins_blank: false, open: Vec::new() }
    }

    /// The header goes on in another line.
    fn widen(&mut self, more: &Cells) {
        for (key, text) in self.keys.iter_mut().zip(more.texts()) {
            let text = text.trim().trim_matches(['+', '.', '…']);
            key.push_str(&key_of(text));
        }
    }

    pub(super) fn add(&mut self, cells: Cells, place: Place) {
        let blank = |at: usize| cells.cells.get(at).is_some_and(|(text, _)| text.trim().is_empty());
        let was_open = self.open.iter().any(|open| *open);
        let joins = cells.goes_on() || was_open || self.joins_blank && blank(0) && blank(1);
        let open = cells.cells.iter().enumerate().map(|(at, (text, _))| {
            let full = self.widths.get(at).copied().flatten().is_none_or(|width| text.chars().count() >= width);
            text.trim_end().ends_with(['+', '↵']) && full
        });
        let open: Vec<bool> = open.collect();
        let parts = cells.cells.into_iter().zip(&open).map(|((text, mark), open)| {
            let text = if mark == Some('.') { text.trim_start_matches(['.', '…']).to_owned() } else { text };
            let text = if *open { text.trim_end().trim_end_matches(['+', '↵']).to_owned() } else { text };
            (text, mark)
        });
        match self.rows.last_mut().filter(|_| joins) {
            Some((_, row)) => {
                for ((cell, (more, mark)), was_open) in
                    row.iter_mut().zip(parts).zip(self.open.iter().chain(std::iter::repeat(&false)))
                {
                    join(cell, &more, mark, *was_open);
                }
            }
            None => self.rows.push((place, parts.map(|(text, _)| text).collect())),
        }
        self.open = open;
    }

    pub(super) fn item(self) -> Item {
        let keys = unique(self.keys);
        let row = |(place, cells): (Place, Vec<String>)| {
            let field = |(key, cell): (&String, String)| {
                // How far a member is indented says whom it follows.
                let value = if key == "member" { Some(cell.trim_end().to_owned()) } else { value_of(&cell) };
                Field { key: key.clone(), value, place }
            };
            Record { place, fields: keys.iter().zip(cells).take(limits::IMPORT_COLUMNS_MAX).map(field).collect() }
        };
        Item::Rows { rows: self.rows.into_iter().map(row).collect(), keys: keys.clone(), place: self.place }
    }
}

fn join(cell: &mut String, more: &str, mark: Option<char>, was_open: bool) {
    if more.trim().is_empty() {
        return;
    }
    let text = cell.trim_end();
    if mark == Some('.') {
        let text = text.strip_suffix(['.', '…']).unwrap_or(text);
        *cell = format!("{text}{}", more.trim());
    } else if was_open || mark == Some(':') {
        *cell = format!("{text}\n{more}");
    } else {
        *cell = format!("{text}\n{}", more.trim());
    }
}

/// Two columns of one name become two keys.
pub(super) fn unique(keys: Vec<String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::with_capacity(keys.len());
    for key in keys.into_iter().take(limits::IMPORT_COLUMNS_MAX) {
        let again = seen.iter().filter(|known| **known == key).count();
        seen.push(if again > 0 { format!("{key}_{}", again + 1) } else { key });
    }
    seen
}
