//! One instant of a run as a picture: an SVG for pages that run no scripts, for READMEs and for what stands there until the
//! playground is loaded. It is drawn from what [`crate::view::state`] gives, as the page is.
//!
//! Text from outside is escaped, and stands in text nodes only. Sizes are in px of the picture's own box, which scales.

mod layout;
mod parts;

use std::fmt::Write;

use crate::run::Run;
use crate::view::{self, Words};
use layout::Layout;

/// The colours of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the reader's system has it.
    #[default]
    Auto,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The theme of a name: `auto`, `light` or `dark`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "auto" => Some(Self::Auto),
            "light" => Some(Self::Light),
            "dark" => Some(Self::Dark),
            _ => None,
        }
    }
}

const LIGHT: &str = "--ink:#1f2430;--soft:#5b6170;--ground:#fbfaf7;--card:#fff;--line:#8d919b;--late:#8a5300;--bad:#c4202b;--sl:.53;--sc:.15;--tl:.94;--tc:.045";
const DARK: &str = "--ink:#e8eaf0;--soft:#a9aebb;--ground:#14171f;--card:#1d212b;--line:#6f7584;--late:#e9b15a;--bad:#ff8078;--sl:.8;--sc:.12;--tl:.36;--tc:.06";
const RULES: &str = "text{font:14px system-ui,sans-serif;fill:var(--ink)}.soft{fill:var(--soft)}.late{fill:var(--late)}\
.bad{fill:var(--bad)}.name{font-weight:700;font-size:17px}.small{font-size:12px}.mid{text-anchor:middle}.end{text-anchor:end}\
.ground{fill:var(--ground)}.card{fill:var(--card);stroke:var(--ink);stroke-width:1.5}.off{stroke-dasharray:5 4;stroke:var(--line)}\
.lid{fill:var(--ink)}.open{fill:var(--card);stroke:var(--ink);stroke-width:1.5}.link{fill:none;stroke:var(--line);stroke-width:1.5}\
.away{stroke-dasharray:5 5}.tint{fill:oklch(var(--tl) var(--tc) var(--h))}.solid{fill:oklch(var(--sl) var(--sc) var(--h))}.former{fill-opacity:.45}.on{fill:var(--ground);font-weight:700;font-size:12px}\
.pill{fill:var(--ground);stroke:var(--line)}.held{fill:none;stroke:oklch(var(--sl) var(--sc) var(--h));stroke-width:1.5;stroke-dasharray:3 3}";

/// A run at the instant at which it stands.
pub fn still(run: &Run, theme: Theme, words: Words) -> String {
    let state = view::state(run, words);
    let layout = Layout::of(&state);
    let mut columns = Vec::new();
    view::packets(run, &mut columns);
    let mut svg = String::new();
    head(&mut svg, &layout, theme, &described(&state));
    parts::links(&mut svg, &state, &layout);
    parts::messages(&mut svg, &columns, &layout);
    for node in &state.nodes {
        let leads = state.nodes.first().is_some_and(|first| first.id == node.id);
        parts::card(&mut svg, node, leads, &layout);
    }
    parts::clients(&mut svg, &state, &layout);
    parts::foot(&mut svg, &state, &layout);
    svg + "</svg>\n"
}

fn head(svg: &mut String, layout: &Layout, theme: Theme, described: &str) {
    let (width, height) = (layout.width, layout.height);
    let colours = match theme {
        Theme::Light => format!("svg{{{LIGHT}}}"),
        Theme::Dark => format!("svg{{{DARK}}}"),
        Theme::Auto => format!("svg{{{LIGHT}}}@media(prefers-color-scheme:dark){{svg{{{DARK}}}}}"),
    };
    // Writing to a String cannot fail.
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\"><title>{}</title><style>{colours}{RULES}</style><rect class=\"ground\" width=\"{width}\" height=\"{height}\"/>",
        escaped(described)
    );
}

/// The picture in a sentence for each node: what a screen reader says.
fn described(state: &view::model::State) -> String {
    let mut said = format!("Replication at {}.", view::clock(state.now_us));
    for node in &state.nodes {
        let rows: Vec<String> =
            node.rows.iter().filter_map(|row| Some(format!("{} = {}", row.key, row.value.as_ref()?))).collect();
        let holds = if rows.is_empty() { "nothing".to_owned() } else { rows.join(", ") };
        let role = if node.role == "master" { state.roles.master } else { state.roles.slave };
        let behind = if node.behind > 0 { format!(", {} behind", node.behind) } else { String::new() };
        let power = if node.process == "up" { "" } else { ", off" };
        said.push_str(&format!(" {}, {role}{power}{behind}: {holds}.", node.name));
    }
    said
}

/// A text as it may stand between tags.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            // No control character may stand in XML, not even escaped.
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => safe.push('\u{fffd}'),
            letter => safe.push(letter),
        }
    }
    safe
}
