//! The kinds of questions, each as a lesson that is written from what the dice say.

use super::Dice;
use crate::time;

/// Writes a lesson of one kind.
pub(super) type Kind = fn(&str, &mut Dice) -> String;

/// Kinds that a level has, the simple ones first.
const LEVELS: [&[Kind]; 4] = [&[read], &[read, write], &[write, survive, rejoin], &[survive, rejoin, write]];

/// The kind of a puzzle.
pub(super) fn draw(preset: &str, level: u8, dice: &mut Dice) -> Kind {
    let elects = preset.starts_with("patroni") || preset.starts_with("mongo") || preset == "redis-sentinel";
    let kinds = LEVELS.get(usize::from(level).saturating_sub(1)).copied().unwrap_or_default();
    let place = dice.0.below(kinds.len() as u64 + u64::from(elects && level > 3)) as usize;
    kinds.get(place).copied().unwrap_or(elected)
}

/// The cluster, and one value that all nodes have.
fn begin(preset: &str, dice: &mut Dice) -> (String, &'static str, String) {
    let key = dice.pick(&["cart", "stock", "order", "seat"]);
    let latency = dice.pick(&[200u64, 400, 600, 900]) * time::MS;
    let head = format!(
        "lesson What happens next?\n\ncluster m + s1 s2\nclients A B\npreset {preset}\ntimeout 5s\nlink nodes latency {}\n\
         link clients latency 100ms\n\nstep The situation\ndo A write {key} old\nuntil value {key} old @s1\n\
         until value {key} old @s2\nuntil after 2s\n",
        time::print(latency)
    );
    (head, key, time::say(latency))
}

/// Something is broken, and how to tell it.
fn fault(dice: &mut Dice) -> (&'static str, &'static str) {
    dice.pick(&[
        ("", "Nothing is broken."),
        ("do hold m-s1\n", "The link between m and s1 is held: it is open, but nothing moves on it."),
        ("do cut m-s1\n", "The link between m and s1 is cut."),
        ("do pause-apply s1\n", "s1 receives, but applying is paused there."),
        ("do delay s1 3s\n", "s1 applies each entry no sooner than 3 s after it was written."),
        ("do crash s1\n", "s1 has lost its power."),
        ("do cut m-s1\ndo cut m-s2\n", "Both links between m and its slaves are cut."),
        ("do crash s1\ndo crash s2\n", "Both slaves have lost their power."),
    ])
}

/// What will a read give?
fn read(preset: &str, dice: &mut Dice) -> String {
    let (head, key, way) = begin(preset, dice);
    let (does, told) = fault(dice);
    let since = dice.pick(&[100u64, 300, 700, 1_200, 2_500]) * time::MS;
    let node = dice.pick(&["s1", "s1", "s2", "m"]);
    format!(
        "{head}{does}do A write {key} new\nuntil after {}\n\
         say All nodes had `{key}` = old. From m to a slave it takes {way}, from a client to a node 100 ms. {told}\n\
         say Then A wrote `{key}` = new, {} ago.\n\
         ask B reads `{key}` from {node} now. What will it get?\n  answer The old value\n    when got old @{node}\n\
         \x20 answer The new value\n    when got new @{node}\n  answer No value\n    when error\n\
         do B read {key} @{node}\nreveal {WHY}\n",
        time::print(since),
        time::say(since)
    )
}

const WHY: &str = "Press “why” beside the answer to see how it came about.";

/// What will a client be told?
fn write(preset: &str, dice: &mut Dice) -> String {
    let (head, key, way) = begin(preset, dice);
    let (does, told) = fault(dice);
    let wait = dice.pick(&[200u64, 2_000, 12_000]) * time::MS;
    let ago = if does.is_empty() { String::new() } else { format!(" That was {} ago.", time::say(wait)) };
    format!(
        "{head}{does}until after {}\n\
         say From m to a slave it takes {way}, from a client to a node 100 ms. {told}{ago}\n\
         ask A writes `{key}` = new, and waits for 5 s. What will it hear?\n  answer Done\n    when write {key} new\n\
         \x20 answer Nothing in that time\n    when timeout\n  answer An error\n    when error\n\
         do A write {key} new\nreveal {WHY}\n",
        time::print(wait)
    )
}

/// Which value survives the loss of the master?
fn survive(preset: &str, dice: &mut Dice) -> String {
    let (head, key, way) = begin(preset, dice);
    let (does, told) = dice.pick(&[
        ("", "Nothing is broken."),
        ("do hold m-s1\n", "The link between m and s1 is held: it is open, but nothing moves on it."),
        ("do cut m-s2\n", "The link between m and s2 is cut."),
        ("do pause-apply s1\n", "s1 receives, but applying is paused there."),
        ("do hold m-s1\ndo hold m-s2\n", "Both links between m and its slaves are held."),
    ]);
    let since = dice.pick(&[150u64, 600, 1_500, 3_000]) * time::MS;
    let (lead, other) = dice.pick(&[("s1", "s2"), ("s2", "s1")]);
    format!(
        "{head}do failover manual\n{does}do A write {key} new\nuntil after {}\n\
         say All nodes had `{key}` = old. From m to a slave it takes {way}. {told}\n\
         say A asked m to write `{key}` = new, {} ago. Now m loses its power.\n\
         ask {lead} is promoted at once, {other} follows it, and B reads `{key}` there 2 s later. What will it get?\n\
         \x20 answer The old value\n    when got old @{lead}\n  answer The new value\n    when got new @{lead}\n\
         do crash m\ndo heal all\ndo promote {lead}\ndo follow {other} {lead}\nuntil after 2s\ndo B read {key} @{lead}\nreveal {WHY}\n",
        time::print(since),
        time::say(since)
    )
}

/// What becomes of the old master, and of what only it may have?
fn rejoin(preset: &str, dice: &mut Dice) -> String {
    let (head, key, _) = begin(preset, dice);
    let writes = dice.pick(&[true, true, false]);
    let (does, told) = if writes {
        ("do B write left 1 @m\n", "B asked m, which does not know of it, to write `left` = 1.")
    } else {
        ("", "Nobody wrote to m.")
    };
    let nowhere = if writes { ", and `left` is nowhere" } else { "" };
    let kept = if writes {
        "  answer It is let in, and `left` stays on it\n    when value left 1 @m\n    when after 15s\n"
    } else {
        ""
    };
    format!(
        "{head}do failover manual\ndo partition m\ndo promote s1\ndo follow s2 s1\n{does}do A write {key} right @s1\n\
         until after 6s\ndo heal all\nuntil after 2s\n\
         say m was cut off from the other nodes, and s1 was promoted; s2 follows it. {told} A asked s1 to write `{key}` = \
         right. Now the network works again.\n\
         ask m is told to follow s1. What happens within 15 s?\n  answer It is refused, and stays as it is\n    when denied m\n\
         \x20 answer It comes into step{nowhere}\n    when converged\n{kept}\
         \x20 answer It stays away, and nobody refuses it\n    when after 16s\ndo follow m s1\nreveal {WHY}\n"
    )
}

/// Who takes the writes when the master is gone?
fn elected(preset: &str, dice: &mut Dice) -> String {
    let (head, _, _) = begin(preset, dice);
    let (does, told) = dice.pick(&[
        ("", "Nothing else is broken."),
        (
            "do cut m-s1\nuntil after 2s\ndo A write extra 1\nuntil after 2s\n",
            "The link between m and s1 was cut, and then A wrote something.",
        ),
        ("do crash s1\n", "s1 has lost its power, too."),
        ("do crash s1\ndo crash s2\n", "Both slaves have lost their power, too."),
        ("do freeze s1\n", "s1 hangs."),
    ]);
    let end = dice.pick(&["crash m", "partition m"]);
    let gone = if end == "crash m" { "loses its power" } else { "is cut off from the other nodes" };
    format!(
        "{head}{does}say {told} Nobody is at hand: whoever notices that the master is gone acts by itself.\n\
         ask m {gone}. Who will take the writes two minutes later?\n  answer s1\n    when promote s1\n  answer s2\n    when promote s2\n\
         \x20 answer Nobody but m, if it can\n    when after 120s\ndo {end}\nreveal {WHY}\n"
    )
}
