//! Swarm testing: random runs of all presets, each with its own choice of faults. Each is healed and mended by the engine's
//! own means, and then its nodes must hold the same, and the verdicts must follow from what they hold.

use crate::cluster::{Cluster, Process};
use crate::facts::Event;
use crate::history::Outcome;
use crate::referee::Convergence;
use crate::run::Run;
use crate::scenario::PRESETS;
use crate::simulator::{Chance, Stream};

/// Kinds of faults: each is in a run or not.
const FAULTS: [&[&str]; 7] = [
    &["crash m", "crash s1", "start m", "start s1", "crash s2", "start s2"],
    &["stop m", "stop s1", "start m", "start s1"],
    &["freeze m", "freeze s1", "thaw m", "thaw s1"],
    &["hold m-s1", "hold m-s2", "heal all", "cut m-s1"],
    &["partition m", "partition s1", "heal all"],
    &["pause-apply s1", "resume-apply s1", "delay s2 500ms", "delay s2 0ms", "trim-log m"],
    &["promote s1", "promote s2", "follow m s1", "follow s2 s1", "follow s1 m"],
];
const NODES: [&str; 3] = ["m", "s1", "s2"];
/// Lines with a time, before all is healed.
const LINES: u64 = 30;

/// A run that did not end as it must.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// Its seed.
    pub seed: u64,
    /// What is wrong.
    pub why: String,
    /// The text, without the lines that do not matter.
    pub text: String,
}

/// The text of the run with this seed.
pub fn text(seed: u64) -> String {
    let mut chance = Chance::new(seed, Stream::Client(u16::MAX - 1));
    let mut pick = |below: usize| chance.below(below as u64) as usize;
    let preset = PRESETS.get(pick(PRESETS.len())).map_or("plain", |preset| preset.name);
    let faults: Vec<&[&str]> = FAULTS.iter().copied().filter(|_| pick(2) == 0).collect();
    let mut text = format!("cluster m + s1 s2\nclients A B\nseed {seed}\npreset {preset}\ntimeout 2s\n");
    let mut at_ms = 0;
    if pick(3) == 0 {
        text.push_str("at 0ms load 20/s reads 50% keys 5 value 20B\n");
    }
    for number in 0..LINES {
        at_ms += pick(400) * pick(4);
        let node = NODES.get(pick(NODES.len())).copied().unwrap_or("m");
        let kind = faults.get(pick(faults.len().max(1))).copied().unwrap_or_default();
        let fault = kind.get(pick(kind.len().max(1))).copied();
        let key = pick(3);
        let client = if pick(2) == 0 { "A" } else { "B" };
        let line = match (pick(6), fault) {
            (0 | 1, Some(fault)) => fault.to_owned(),
            (0..=2, _) => format!("{client} write k{key} v{number}"),
            (3, _) => format!("{client} write k{key} v{number} @{node}"),
            (4, _) => format!("{client} delete k{key}"),
            _ => format!("{client} read k{key} @{node}"),
        };
        text.push_str(&format!("at {at_ms}ms {line}\n"));
    }
    text + &repair(at_ms as u64 + 1_000)
}

/// All is healed, and the nodes are brought together as an operator of the engine would do it: they follow the node that
/// was promoted last, and start over from its state.
fn repair(at_ms: u64) -> String {
    let mut lines = format!("at {at_ms}ms load off\nat {at_ms}ms heal all\nat {at_ms}ms failover manual\n");
    for node in NODES {
        lines.push_str(&format!("at {at_ms}ms thaw {node}\nat {at_ms}ms start {node}\n"));
    }
    let (lead, mend) = (at_ms + 5_000, at_ms + 20_000);
    lines.push_str(&format!("at {lead}ms promote s1\nat {lead}ms follow m s1\nat {lead}ms follow s2 s1\n"));
    for node in NODES {
        lines.push_str(&format!("at {lead}ms delay {node} 0ms\nat {lead}ms resume-apply {node}\n"));
    }
    lines + &format!("at {mend}ms rebuild m\nat {mend}ms rebuild s2\nat {}ms end\n", mend + 120_000)
}

/// Plays a text to its end. What is wrong with it, if something is.
pub fn check(text: &str) -> Option<String> {
    let mut run = match Run::new(text) {
        Ok(run) => run,
        Err(error) => return Some(error.to_string()),
    };
    run.play_out();
    let denied = |event: &Event| matches!(event, Event::Denied { .. });
    match run.referee().convergence(run.cluster()) {
        Convergence::Converged => {}
        _ if excused(run.cluster()) => {}
        apart => {
            let was = run.cluster().history().since(0).any(|fact| denied(&fact.event));
            return Some(format!("{apart:?} at the end{}", if was { ", and some node was denied" } else { "" }));
        }
    }
    told_by_reads(&run).or_else(|| lost_and_held(&run))
}

/// Whether a fact says why the nodes cannot come together: one of them is refused.
fn excused(cluster: &Cluster) -> bool {
    cluster.members().any(|member| !member.removed && member.node.denial_of_upstream().is_some())
}

/// Convergence holds if and only if a read of every key gives the same at all nodes: they are asked.
fn told_by_reads(run: &Run) -> Option<String> {
    let says = run.referee().convergence(run.cluster()) == Convergence::Converged;
    let mut asked = run.clone();
    let (mut same, mut first) = (true, None);
    for key in 0..3 {
        let mut answers = Vec::new();
        for node in up(run.cluster()) {
            let place = asked.cluster().history().operations().len();
            if asked.command(&format!("A read k{key} @{node}")).is_err() {
                return None;
            }
            asked.play_to(asked.now() + 3_000_000);
            let history = asked.cluster().history();
            let Some(operation) = history.operations().get(place) else { continue };
            let Outcome::Value(cell) = operation.outcome else {
                return Some(format!("{node} is up and gives no answer"));
            };
            answers.push(cell.and_then(|cell| history.value(cell.write)).map(std::borrow::Cow::into_owned));
        }
        if answers.windows(2).any(|pair| pair.first() != pair.last()) {
            same = false;
            first.get_or_insert(format!("k{key}: {answers:?}"));
        }
    }
    let loaded = run.text().contains(" load 20/s");
    match (says, same) {
        (true, false) => {
            Some(format!("the verdict is that all hold the same, but they answer {}", first.unwrap_or_default()))
        }
        (false, true) if !loaded => Some("the verdict is that nodes differ, but they answer the same".to_owned()),
        _ => None,
    }
}

fn up(cluster: &Cluster) -> Vec<String> {
    let up = cluster.members().filter(|member| !member.removed && member.process == Process::Up);
    up.map(|member| member.name.as_str().to_owned()).collect()
}

/// No write is called lost that a node answers with; and one that is not called lost is there, or something newer is.
fn lost_and_held(run: &Run) -> Option<String> {
    let (cluster, history) = (run.cluster(), run.cluster().history());
    let lost = run.referee().lost_now(cluster);
    let held = |key: u32| {
        let nodes = cluster.members().filter(|member| !member.removed && member.process == Process::Up);
        nodes.filter_map(move |member| member.node.disk.store.get(key)).map(|cell| cell.write)
    };
    for write in 1..=history.write_count() {
        let Some(record) = history.write(write).filter(|record| record.told_us.is_some()) else { continue };
        let called = lost.iter().any(|lost| lost.write == write);
        let there = held(record.key).any(|other| other == write);
        if called && there {
            return Some(format!("write {write} is called lost, and a node answers with it"));
        }
        // What is logged later may have been asked earlier: only a key that nobody holds at all is a sure case.
        if !called && held(record.key).next().is_none() {
            return Some(format!("write {write} is gone, and not called lost"));
        }
    }
    None
}

/// Plays the run with this seed. If it fails, lines are dropped as long as it fails without them.
pub fn run(seed: u64) -> Option<Failed> {
    let text = text(seed);
    let why = check(&text)?;
    let mut lines: Vec<&str> = text.lines().collect();
    let mut place = 1;
    while place < lines.len() {
        let mut fewer = lines.clone();
        fewer.remove(place);
        if check(&(fewer.join("\n") + "\n")).is_some_and(|other| kind(&other) == kind(&why)) {
            lines = fewer;
        } else {
            place += 1;
        }
    }
    let text = lines.join("\n") + "\n";
    Some(Failed { seed, why: check(&text).unwrap_or(why), text })
}

/// The first words of what is wrong: they tell one fault from another.
fn kind(why: &str) -> &str {
    why.get(..8).unwrap_or(why)
}
