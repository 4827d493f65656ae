//! The table of guarantees at one look: a drawing for the README.

use std::fmt::Write as _;

use replication_playground::check::default_promises;

use super::guarantees::{Row, heading};

const LIGHT: &str = "--ink:#1c1f26;--soft:#5c6370;--ground:#fff;--line:#e3e6ea;--bad:#b3261e;--bad-ground:#fbe4e2";
const DARK: &str = "--ink:#eceef2;--soft:#9aa3b2;--ground:#15181e;--line:#2b303a;--bad:#ff9a90;--bad-ground:#4a201d";
const RULES: &str = "text{font:13px system-ui,sans-serif;fill:var(--ink)}.soft{fill:var(--soft)}\
    .mid{text-anchor:middle}.end{text-anchor:end}.ground{fill:var(--ground)}.line{stroke:var(--line)}\
    .cell{fill:var(--bad-ground)}.n{fill:var(--bad);font-weight:600}";

/// px.
const NAMES: usize = 204;
const COLUMN: usize = 104;
const ROW: usize = 24;
const HEAD: usize = 44;
const FOOT: usize = 56;

/// Of each preset the row with one fault in which somebody acts for it.
pub fn picture(rows: &[Row]) -> String {
    let rows: Vec<&Row> =
        rows.iter().filter(|row| row.faults == 1 && matches!(row.operator.as_str(), "careful" | "built-in")).collect();
    let (width, body) = (NAMES + COLUMN * default_promises().count() + 12, HEAD + rows.len() * ROW);
    let height = body + FOOT;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\"><title>What each preset holds, and in how many actions it can be broken</title>\
         <style>svg{{{LIGHT}}}@media(prefers-color-scheme:dark){{svg{{{DARK}}}}}{RULES}</style>\
         <rect class=\"ground\" width=\"{width}\" height=\"{height}\"/>"
    );
    for (column, promise) in default_promises().enumerate() {
        text(&mut svg, (middle(column), 26), "soft mid", heading(promise));
    }
    for (place, row) in rows.iter().enumerate() {
        let top = HEAD + place * ROW;
        // Writing to a String cannot fail.
        let _ = write!(svg, "<path class=\"line\" d=\"M0 {top}H{width}\"/>");
        text(&mut svg, (NAMES - 12, top + 17), "end", &row.preset);
        for (column, cell) in row.cells.iter().enumerate() {
            let at = (middle(column), top + 17);
            if cell.broken {
                let (x, y) = (middle(column) - 18, top + 3);
                let _ = write!(svg, "<rect class=\"cell\" x=\"{x}\" y=\"{y}\" width=\"36\" height=\"18\" rx=\"5\"/>");
                text(&mut svg, at, "n mid", &cell.actions.to_string());
            } else {
                text(&mut svg, at, "soft mid", "–");
            }
        }
    }
    let _ = write!(svg, "<path class=\"line\" d=\"M0 {body}H{width}\"/>");
    let depth = rows.iter().map(|row| row.depth).max().unwrap_or_default();
    let red = "A number: the promise can be broken, in so many actions (writes, faults, what an operator does).";
    text(&mut svg, (NAMES - 12, body + 22), "soft", red);
    let dash = format!("–: no way was found of up to {depth} actions. One master, two slaves, one fault at a time.");
    text(&mut svg, (NAMES - 12, body + 42), "soft", &dash);
    svg + "</svg>\n"
}

fn middle(column: usize) -> usize {
    NAMES + COLUMN * column + COLUMN / 2
}

fn text(svg: &mut String, (x, y): (usize, usize), class: &str, words: &str) {
    let _ = write!(svg, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{words}</text>");
}
