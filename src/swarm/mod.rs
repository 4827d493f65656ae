//! Swarm testing: random runs of all presets, each with its own choice of faults. Each is healed and mended by the engine's
//! own means, and then its nodes must hold the same, and the verdicts must follow from what they hold.

mod demands;

use crate::run::Run;
use crate::scenario::PRESETS;
use crate::simulator::{Chance, Stream};
use crate::time::{MS, SECOND, Us};

/// Kinds of faults: each is in a run or not.
const FAULTS: [&[&str]; 10] = [
    &["crash m", "crash s1", "start m", "start s1", "crash s2", "start s2"],
    &["stop m", "stop s1", "start m", "start s1"],
    &["freeze m", "freeze s1", "thaw m", "thaw s1"],
    &["hold m-s1", "hold m-s2", "heal all", "cut m-s1"],
    &["partition m", "partition s1", "heal all"],
    &["pause-apply s1", "resume-apply s1", "delay s2 500ms", "delay s2 0ms", "trim-log m"],
    &["promote s1", "promote s2", "follow m s1", "follow s2 s1", "follow s1 m"],
    &["failover quorum 3 2 1s", "failover manual", "failover lease 3s 1s", "failover election 1s"],
    &["rebuild s1", "rewind m", "rebuild s2", "follow s2 s1", "follow s2 m"],
    &["read-only m", "read-write m", "cut A-m", "hold B-m", "heal all"],
];
const NODES: [&str; 3] = ["m", "s1", "s2"];
/// Lines with a time, before all is healed.
const LINES: u64 = 30;
/// How often an operator looks again at what is still apart: as often as there are nodes.
const ROUNDS: usize = NODES.len();
/// How long the engine's own means have to bring the nodes together, and how long it takes at most to copy a node's state,
/// µs.
const MENDED_AFTER_US: Us = 60 * SECOND;

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

/// The text of the run with this seed, up to where all is healed.
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
    text
}

/// All that is broken is repaired, every node runs, and one of them is given the lead: the others follow it, if they can.
fn healed(at_ms: u64) -> String {
    let mut lines = format!("at {at_ms}ms load off\nat {at_ms}ms heal all\nat {at_ms}ms failover manual\n");
    for node in NODES {
        lines.push_str(&format!("at {at_ms}ms thaw {node}\nat {at_ms}ms start {node}\n"));
    }
    let lead = at_ms + 5_000;
    lines.push_str(&format!("at {lead}ms promote s1\nat {lead}ms follow m s1\nat {lead}ms follow s2 s1\n"));
    for node in NODES {
        lines.push_str(&format!("at {lead}ms delay {node} 0ms\nat {lead}ms resume-apply {node}\n"));
    }
    lines
}

/// Plays a text, heals all that it broke, and mends by hand what its engine leaves apart. What is wrong with it, if
/// something is, and the text with what was done.
///
/// # Errors
///
/// What is wrong, and the text.
pub fn check(text: &str) -> Result<(), (String, String)> {
    let unplayable = |error: crate::error::Error| (error.to_string(), text.to_owned());
    let last_ms = Run::new(text).map_err(unplayable)?.last_line_us() / MS;
    let mut run = Run::new(&(text.to_owned() + &healed(last_ms + 1_000))).map_err(unplayable)?;
    run.play_to(run.last_line_us() + MENDED_AFTER_US);
    let wrong = demands::reasons(&run).or_else(|| mend(&mut run)).or_else(|| demands::all(&run));
    wrong.map_or(Ok(()), |why| Err((why, run.text())))
}

/// What an operator's manual says of nodes that the engine itself cannot bring back: one that runs has the lead, and the
/// others start over from its state. Who follows one of those may be left behind by that, so it can take a few rounds.
fn mend(run: &mut Run) -> Option<String> {
    for _ in 0..ROUNDS {
        let lead = demands::lead(run)?;
        let mut lines = Vec::new();
        if !demands::leads(run, &lead) {
            lines.push(format!("promote {lead}"));
        }
        for node in demands::apart(run).into_iter().filter(|node| *node != lead) {
            lines.extend([format!("follow {node} {lead}"), format!("rebuild {node}")]);
            if !demands::runs(run, &node) {
                lines.push(format!("start {node}"));
            }
        }
        if lines.is_empty() {
            return None;
        }
        for line in lines {
            if let Err(error) = run.command(&line) {
                return Some(format!("the operator cannot mend it: {line}: {error}"));
            }
        }
        run.play_to(run.now() + MENDED_AFTER_US);
    }
    None
}

/// Plays the run with this seed. If it fails, lines are dropped as long as it fails without them.
pub fn run(seed: u64) -> Option<Failed> {
    let text = text(seed);
    let (mut why, mut whole) = check(&text).err()?;
    let mut lines: Vec<&str> = text.lines().collect();
    let mut place = 1;
    while place < lines.len() {
        let mut fewer = lines.clone();
        fewer.remove(place);
        match check(&(fewer.join("\n") + "\n")) {
            Err((other, text)) if kind(&other) == kind(&why) => (lines, why, whole) = (fewer, other, text),
            _ => place += 1,
        }
    }
    Some(Failed { seed, why, text: whole })
}

/// What is wrong without names and numbers: it tells one fault from another.
fn kind(why: &str) -> String {
    why.split([':', ',']).next().unwrap_or(why).chars().filter(|letter| !letter.is_ascii_digit()).collect()
}
