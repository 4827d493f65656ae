//! The parts of the picture, each as the tags that draw it.

use std::fmt::Write;

use super::escaped;
use super::layout::{CARD, HIGH, Layout};
use crate::time;
use crate::view::model::State;
use crate::view::model::{Link, Node, PACKET_KINDS, PACKET_STRIDE, Row};

/// Rows that a card has room for.
const ROWS: usize = 2;
/// Letters of a key, a value or a name that are shown.
const LETTERS: usize = 11;

fn short(text: &str) -> String {
    match text.chars().nth(LETTERS) {
        None => escaped(text),
        Some(_) => escaped(&text.chars().take(LETTERS - 1).collect::<String>()) + "…",
    }
}

fn is_client(state: &State) -> impl Fn(u16) -> bool {
    |id| state.clients.iter().any(|client| client.id == id)
}

/// The links by which nodes follow each other, with how long the way is.
pub(super) fn links(svg: &mut String, state: &State, layout: &Layout) {
    for node in state.nodes.iter().filter(|node| node.role == "slave") {
        let Some(upstream) = node.upstream else { continue };
        let Some([(ax, ay), (bx, by)]) = layout.ends(upstream, node.id, is_client(state)) else { continue };
        let joined = |link: &&Link| (link.a, link.b) == (upstream, node.id) || (link.b, link.a) == (upstream, node.id);
        let link = state.links.iter().find(joined);
        let away = if node.replication == "streaming" { "" } else { " away" };
        let middle = f64::midpoint(ay, by);
        let _ = write!(svg, "<path class=\"link{away}\" d=\"M{ax} {ay}C{ax} {middle} {bx} {middle} {bx} {by}\"/>");
        if let Some(link) = link {
            label(svg, link, (f64::midpoint(ax, bx), middle));
        }
    }
}

fn label(svg: &mut String, link: &Link, (x, y): (f64, f64)) {
    let worst = if link.forth.state == "open" { &link.back } else { &link.forth };
    let (text, class) = match worst.state {
        "open" => (time::say(link.forth.latency_us), "soft"),
        state => (state.to_owned(), "bad"),
    };
    let width = 16.0 + 7.5 * text.chars().count() as f64;
    let _ = write!(
        svg,
        "<rect class=\"pill\" x=\"{}\" y=\"{}\" width=\"{width}\" height=\"22\" rx=\"11\"/>\
         <text class=\"mid small {class}\" x=\"{x}\" y=\"{}\">{}</text>",
        x - width / 2.0,
        y - 11.0,
        y + 4.0,
        escaped(&text)
    );
}

/// What is under way: a round bead for an entry of the log, a small square for a request.
pub(super) fn messages(svg: &mut String, columns: &[f64], layout: &Layout) {
    for packet in columns.chunks_exact(PACKET_STRIDE) {
        let [_, from, to, progress, kind, write, _, state, ..] = *packet else { continue };
        let kind = PACKET_KINDS.get(kind as usize).copied().unwrap_or_default();
        let (from, to) = (from as u16, to as u16);
        let ends = layout.place(from).zip(layout.place(to));
        let Some((x, y)) = ends.and_then(|_| between(layout, from, to, progress)) else { continue };
        let hue = crate::view::hue(write as u32);
        let held = if state > 0.5 && state < 1.5 {
            format!("<circle class=\"held\" cx=\"{x}\" cy=\"{y}\" r=\"16\"/>")
        } else {
            String::new()
        };
        let _ = match kind {
            "entries" | "snapshot" => write!(
                svg,
                "<g style=\"--h:{hue}\">{held}<circle class=\"solid\" cx=\"{x}\" cy=\"{y}\" r=\"12\"/>\
                 <text class=\"on mid\" x=\"{x}\" y=\"{}\">{}</text></g>",
                y + 4.0,
                if write > 0.0 { format!("{write}") } else { String::new() }
            ),
            "write" | "read" | "answer" | "error" => {
                let class = if kind == "error" { "bad" } else { "lid" };
                write!(svg, "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"9\" height=\"9\"/>", x - 4.5, y - 4.5)
            }
            _ => Ok(()),
        };
    }
}

/// A point on the way between two endpoints: on the curve between nodes, on the straight line to a client.
fn between(layout: &Layout, from: u16, to: u16, progress: f64) -> Option<(f64, f64)> {
    let clients = |id: u16| layout.place(id).is_some_and(|(x, _)| x < 50.0);
    let [(ax, ay), (bx, by)] = layout.ends(from, to, clients)?;
    let (t, rest) = (progress, 1.0 - progress);
    if clients(from) || clients(to) {
        return Some((rounded(ax * rest + bx * t), rounded(ay * rest + by * t)));
    }
    let middle = f64::midpoint(ay, by);
    let cubic = |p: [f64; 4]| {
        rest * rest * rest * p[0] + 3.0 * rest * rest * t * p[1] + 3.0 * rest * t * t * p[2] + t * t * t * p[3]
    };
    Some((rounded(cubic([ax, ax, bx, bx])), rounded(cubic([ay, middle, middle, by]))))
}

fn rounded(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// A node: a drum with a dark lid if it takes the writes, a paler one if clients have left it for another master.
pub(super) fn card(svg: &mut String, node: &Node, leads: bool, layout: &Layout) {
    let Some((x, y)) = layout.place(node.id) else { return };
    let (left, right, low) = (x - CARD / 2.0, x + CARD / 2.0, y + HIGH - 10.0);
    let off = if node.process == "up" { "" } else { " off" };
    let lid = match (node.role, node.process) {
        ("master", "up") if leads => "lid",
        ("master", "up") => "lid former",
        _ => "open",
    };
    let half = CARD / 2.0;
    let _ = write!(
        svg,
        "<path class=\"card{off}\" d=\"M{left} {y}V{low}A{half} 10 0 0 0 {right} {low}V{y}\"/>\
         <ellipse class=\"{lid}{off}\" cx=\"{x}\" cy=\"{y}\" rx=\"{half}\" ry=\"10\"/>\
         <text class=\"name\" x=\"{}\" y=\"{}\">{}</text>",
        left + 12.0,
        y + 32.0,
        short(&node.name)
    );
    state_of(svg, node, (left, right, y));
    for (number, row) in (0u32..).zip(node.rows.iter().take(ROWS)) {
        self::row(svg, row, (left + 10.0, y + 60.0 + 30.0 * f64::from(number)));
    }
}

/// Beside the name: how the node is. Below it: where in the log it is.
fn state_of(svg: &mut String, node: &Node, (left, right, y): (f64, f64, f64)) {
    let (said, class) = match (node.process, node.replication) {
        ("down", _) => ("off".to_owned(), "bad"),
        ("frozen", _) => ("frozen".to_owned(), "bad"),
        (_, "denied") => ("refused".to_owned(), "bad"),
        (_, "connecting" | "disconnected") => ("not connected".to_owned(), "bad"),
        _ if node.behind > 0 => (format!("{} behind", node.behind), "late"),
        _ => (String::new(), ""),
    };
    let _ = write!(
        svg,
        "<text class=\"end small {class}\" x=\"{}\" y=\"{}\">{said}</text>\
         <text class=\"small soft\" x=\"{}\" y=\"{}\">pos {}</text>",
        right - 12.0,
        y + 31.0,
        left + 12.0,
        y + 50.0,
        node.applied
    );
}

fn row(svg: &mut String, row: &Row, (x, y): (f64, f64)) {
    let hue = row.write.map_or(0, crate::view::hue);
    let paint = if row.write.is_some() { "tint" } else { "link away" };
    let mark = match row.state {
        "stale" if row.write.is_some() => "old",
        "foreign" => "only here",
        _ => "",
    };
    let missing = if row.write.is_some() { "deleted" } else { "not here" };
    let value = row.value.as_deref().unwrap_or(missing);
    let _ = write!(
        svg,
        "<g style=\"--h:{hue}\"><rect class=\"{paint}\" x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"26\" rx=\"4\"/>\
         <text class=\"small\" x=\"{}\" y=\"{}\">{} <tspan font-weight=\"700\">{}</tspan> <tspan class=\"late\">{mark}</tspan></text>",
        CARD - 20.0,
        x + 8.0,
        y + 17.0,
        short(&row.key),
        short(value)
    );
    if let Some(write) = row.write {
        let _ = write!(
            svg,
            "<circle class=\"solid\" cx=\"{}\" cy=\"{}\" r=\"10\"/><text class=\"on mid\" x=\"{}\" y=\"{}\">{write}</text>",
            x + CARD - 36.0,
            y + 13.0,
            x + CARD - 36.0,
            y + 17.0
        );
    }
    svg.push_str("</g>");
}

/// Those who ask, left of the nodes.
pub(super) fn clients(svg: &mut String, state: &State, layout: &Layout) {
    for client in &state.clients {
        let Some((x, y)) = layout.place(client.id) else { continue };
        let _ = write!(
            svg,
            "<circle class=\"open\" cx=\"{x}\" cy=\"{y}\" r=\"16\"/><text class=\"mid\" x=\"{x}\" y=\"{}\">{}</text>",
            y + 5.0,
            short(&client.name)
        );
    }
}

/// The clock, and what is broken by now.
pub(super) fn foot(svg: &mut String, state: &State, layout: &Layout) {
    let y = layout.height - 14.0;
    let broken = state.verdicts.iter().find(|verdict| verdict.status == "broken");
    let said = broken.map_or(String::new(), |verdict| crate::view::plain(&verdict.summary));
    let most = ((layout.width - 140.0) / 7.0) as usize;
    let said: String = if said.chars().count() > most { String::new() } else { said };
    let _ = write!(
        svg,
        "<text class=\"soft\" x=\"16\" y=\"{y}\">{}</text><text class=\"end small bad\" x=\"{}\" y=\"{y}\">{}</text>",
        crate::view::clock(state.now_us),
        layout.width - 16.0,
        escaped(&said)
    );
}
