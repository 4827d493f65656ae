//! The run text: the cluster as the pastes show it, with what slaves lack as the state at its start.

use super::evidence::{Role, Why};
use super::judge::{Standing, State};
use super::model::{Model, Node};
use super::position::Amount;
use super::preset::Nearest;
use super::words;
use crate::limits;
use crate::time;

/// Entries that the greatest lag of one unit becomes.
const ENTRIES: u64 = 40;
/// Entries where nobody knows how many are missing.
const SOME: u64 = 10;

/// What a slave lacks at the start, in entries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Lack {
    missing: u64,
    unflushed: u64,
    unapplied: u64,
    gap: bool,
}

/// Nodes of the text: all that have data.
fn members(model: &Model) -> Vec<&Node> {
    model.nodes.iter().filter(|node| node.role != Role::Arbiter && node.name != "m").take(limits::SLAVES_MAX).collect()
}

/// The text; nothing if no node is known.
pub(super) fn write(model: &Model, nearest: &Nearest) -> Option<String> {
    if model.nodes.is_empty() {
        return None;
    }
    let slaves = members(model);
    let mut names: Vec<&str> = slaves.iter().map(|node| node.name.as_str()).collect();
    let mut text = String::from("# What a paste told, as a run. Nodes have masks for names.\n");
    for node in &model.nodes {
        text.push_str(&format!("#   {}\n", words::node(node)));
    }
    if names.is_empty() {
        text.push_str("#   s1: no slave is known; this one is there so that there is a cluster\n");
        names.push("s1");
    }
    text.push_str(&format!("\ncluster m + {}\npreset {}\n", names.join(" "), nearest.name));
    nearest.differs.iter().for_each(|line| text.push_str(&format!("{line}\n")));
    let (settings, faults) = state(model, &slaves, nearest);
    settings.iter().for_each(|line| text.push_str(&format!("{line}\n")));
    if !faults.is_empty() {
        text.push('\n');
    }
    faults.iter().for_each(|line| text.push_str(&format!("at 0ms     {line}\n")));
    Some(text)
}

fn told_upstream<'m>(model: &'m Model, node: &'m Node) -> &'m str {
    let known = node.follows.first().map_or("m", String::as_str);
    // A second master cannot be followed from the start, if it lives, nor can an arbiter.
    let fits = model.node(known).is_some_and(|up| up.name == "m" || up.role == Role::Slave || up.down);
    if fits && known != node.name { known } else { "m" }
}

/// The node that it follows in the run: of a circle all follow the master.
fn upstream<'m>(model: &'m Model, node: &'m Node) -> &'m str {
    if circles(model, node) { "m" } else { told_upstream(model, node) }
}

/// Settings of the start, and faults at 0.
fn state(model: &Model, slaves: &[&Node], nearest: &Nearest) -> (Vec<String>, Vec<String>) {
    let (mut settings, mut faults) = (Vec::new(), Vec::new());
    let lacks = lacks(model, slaves, nearest);
    for (node, lack) in slaves.iter().zip(&lacks) {
        let (name, up) = (node.name.as_str(), upstream(model, node));
        if up != "m" {
            settings.push(format!("follow {name} {up}"));
        }
        if node.never_promoted {
            settings.push(format!("priority {name} 0"));
        } else if let Some(priority) =
            node.priority.filter(|priority| *priority != 100 && *priority <= limits::PRIORITY_MAX)
        {
            settings.push(format!("priority {name} {priority}"));
        }
        settings.extend(start_lines(name, lack));
        brakes(node, up, lack, &mut settings);
        faults.extend(faults_of(node, up, lack));
    }
    if model.master().is_some_and(|node| node.down) {
        faults.push("crash m".to_owned());
    }
    (settings, faults)
}

/// Whether the nodes that it follows come back to it.
fn circles(model: &Model, node: &Node) -> bool {
    let mut above = told_upstream(model, node);
    for _ in 0..model.nodes.len() {
        match model.node(above) {
            Some(up) if up.name == "m" => return false,
            Some(up) if up.name == node.name => return true,
            Some(up) => above = told_upstream(model, up),
            None => return false,
        }
    }
    true
}

fn start_lines(name: &str, lack: &Lack) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = |entries: u64, stage: &str| lines.push(format!("start-behind {name} {entries} entries {stage}"));
    if lack.missing > 0 {
        line(lack.missing, if lack.gap { "gap" } else { "missing" });
    }
    if lack.unflushed > lack.missing {
        line(lack.unflushed, "unflushed");
    }
    if lack.unapplied > lack.missing.max(lack.unflushed) {
        line(lack.unapplied, "unapplied");
    }
    lines
}

/// What keeps a slave from applying, or slows it down.
fn brakes(node: &Node, up: &str, lack: &Lack, settings: &mut Vec<String>) {
    let (name, standing) = (&node.name, &node.standing);
    let has = |why: Why| standing.why.contains(&why);
    if let Some(ms) = standing.delay_ms {
        settings.push(format!("delay {name} {}", time::print(ms.saturating_mul(1_000).min(limits::SPAN_US_MAX))));
    } else if has(Why::Stopped) || has(Why::Error) {
        settings.push(format!("pause-apply {name}"));
    } else if has(Why::Delayed) {
        settings.push(format!("delay {name} 10m"));
    } else if has(Why::CatchingUp) {
        settings.push(format!("link {up}->{name} bandwidth 500B/s"));
    } else if has(Why::Apply) && lack.unapplied > lack.missing {
        settings.push(format!("apply-speed {name} 5/s"));
    }
}

/// What is broken at 0.
fn faults_of(node: &Node, up: &str, lack: &Lack) -> Vec<String> {
    let (name, standing) = (&node.name, &node.standing);
    let has = |why: Why| standing.why.contains(&why);
    let mut faults = Vec::new();
    if node.down || has(Why::Down) {
        faults.push(format!("crash {name}"));
    } else if has(Why::NoLink) || has(Why::Refused) || has(Why::NotReceiving) || has(Why::Diverged) {
        faults.push(format!("cut {up}-{name}"));
    } else if has(Why::CatchingUp) || has(Why::Copying) {
        // It goes on.
    } else if has(Why::Network) || has(Why::Silent) || has(Why::Unknown) && lack.missing > 0 {
        faults.push(format!("hold {up}->{name}"));
    }
    faults
}

/// The greatest amount of each unit: it becomes [`ENTRIES`].
fn greatest(slaves: &[&Node]) -> [u64; 4] {
    let mut most = [0; 4];
    for node in slaves {
        let standing = &node.standing;
        for amount in [standing.behind, standing.missing, standing.unapplied].into_iter().flatten() {
            let (unit, count) = unit(amount);
            if let Some(slot) = most.get_mut(unit) {
                *slot = count.max(*slot);
            }
        }
    }
    most
}

fn unit(amount: Amount) -> (usize, u64) {
    match amount {
        Amount::Bytes(count) => (0, count),
        Amount::Files(count) => (1, count),
        Amount::Transactions(count) => (2, count),
        Amount::Milliseconds(count) => (3, count),
    }
}

/// An amount in entries: transactions as they are, as long as a run can have so many; others in proportion.
fn entries(amount: Amount, most: &[u64; 4]) -> u64 {
    let (unit, count) = unit(amount);
    let most = most.get(unit).copied().unwrap_or(1).max(1);
    if matches!(amount, Amount::Transactions(_)) && most <= limits::START_BEHIND_MAX {
        return count;
    }
    if count == 0 {
        return 0;
    }
    let scaled = u128::from(count) * u128::from(ENTRIES) / u128::from(most);
    u64::try_from(scaled).unwrap_or(ENTRIES).max(1)
}

fn lacks(model: &Model, slaves: &[&Node], nearest: &Nearest) -> Vec<Lack> {
    let most = greatest(slaves);
    let mut found: Vec<Lack> = slaves.iter().map(|node| lack(&node.standing, &most)).collect();
    let applied_only = ["mariadb", "mysql8", "mongo"].iter().any(|start| nearest.name.starts_with(start));
    // As many rounds as there may be levels: a wider gap is missing further down as well.
    for _ in 0..=slaves.len() {
        let before = found.clone();
        hand_down(model, slaves, applied_only, &mut found);
        widen_gaps(model, slaves, &mut found);
        if found == before {
            return found;
        }
    }
    // Gaps that would have to be wider than each other are none.
    found.iter_mut().for_each(|lack| lack.gap = false);
    hand_down(model, slaves, applied_only, &mut found);
    found
}

/// Nobody has what the node above has not handed on.
fn hand_down(model: &Model, slaves: &[&Node], applied_only: bool, found: &mut [Lack]) {
    let place = |name: &str| slaves.iter().position(|node| node.name == name);
    for _ in 0..slaves.len() {
        for (at, node) in slaves.iter().enumerate() {
            let Some(above) = place(upstream(model, node)).and_then(|place| found.get(place)).copied() else {
                continue;
            };
            let not_applied = above.missing.max(above.unflushed).max(above.unapplied);
            let handed_on = if applied_only { not_applied } else { above.missing };
            if let Some(own) = found.get_mut(at) {
                own.missing = own.missing.max(handed_on);
            }
        }
    }
}

/// A gap is wider than what the others miss of the same log.
fn widen_gaps(model: &Model, slaves: &[&Node], found: &mut [Lack]) {
    for at in 0..found.len() {
        let Some((node, true)) = slaves.get(at).zip(found.get(at).map(|lack| lack.gap)) else { continue };
        let up = upstream(model, node);
        let others = slaves.iter().zip(found.iter()).filter(|(other, lack)| upstream(model, other) == up && !lack.gap);
        let widest = others.map(|(_, lack)| lack.missing).max().unwrap_or(0);
        if let Some(own) = found.get_mut(at) {
            own.missing = own.missing.max(widest + 1).min(limits::START_BEHIND_MAX);
            own.gap = own.missing > widest;
        }
    }
}

fn lack(standing: &Standing, most: &[u64; 4]) -> Lack {
    let of = |amount: Option<Amount>| amount.map_or(0, |amount| entries(amount, most)).min(limits::START_BEHIND_MAX);
    let has = |why: Why| standing.why.contains(&why);
    let applies_not = has(Why::Stopped) || has(Why::Error) || has(Why::Delayed) || has(Why::Apply);
    let mut lack = Lack { missing: of(standing.missing), gap: has(Why::Gap), ..Lack::default() };
    let behind = of(standing.behind);
    if has(Why::Gap) || has(Why::Copying) {
        lack.missing = behind.max(lack.missing).max(SOME);
        return lack;
    }
    if !matches!(standing.state, State::Behind) {
        // What may be there is taken to be there.
        return Lack::default();
    }
    if has(Why::Flush) && !has(Why::Network) {
        lack.unflushed = behind;
    } else if applies_not {
        lack.unapplied = behind.max(of(standing.unapplied)).max(if standing.behind.is_none() { SOME } else { 0 });
    } else {
        lack.missing = lack.missing.max(behind);
    }
    if has(Why::Down) {
        lack = Lack { missing: lack.missing.max(behind), ..Lack::default() };
    }
    lack
}
