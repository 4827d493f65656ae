//! What the referee says, worded.

use super::model::{Part, Verdict};
use super::sentence::{Telling, capital, count, shorten};
use super::story::freshness_text;
use super::vocabulary::Words;
use crate::cluster::{Cluster, Member, Process};
use crate::history::Outcome;
use crate::referee::{
    Breach, Convergence, Freshness, GUARANTEES, Guarantee, Judgement, LocalFates, LocalWrite, Loss, LostWrite, Referee,
    holds,
};
use crate::run::Run;
use crate::time::Us;

/// Nodes that a summary names before it only counts.
const NAMED_MAX: usize = 4;

pub(super) fn verdicts(run: &Run, convergence: &Convergence, words: Words) -> Vec<Verdict> {
    let (cluster, referee) = (run.cluster(), run.referee());
    vec![
        fresh_reads(cluster, words, referee),
        no_lost_writes(cluster, words, referee),
        converged(cluster, words, convergence),
        one_history(cluster, words, referee),
        one_master(cluster, words, referee),
    ]
    .into_iter()
    .chain(GUARANTEES.map(|guarantee| session(cluster, words, referee, guarantee)))
    .collect()
}

fn one_master(cluster: &Cluster, words: Words, referee: &Referee) -> Verdict {
    let overlaps = referee.takeovers().overlaps();
    let say = Telling::new(cluster, words);
    let diverged: u32 = overlaps.iter().map(|overlap| overlap.diverged).sum();
    let (status, say) = match (overlaps.len() as u64, diverged) {
        (0, _) => ("held", say.text("There were never two masters.")),
        (times, 0) => {
            let times = capital(&count(times, "time", "times"));
            ("behind", say.text(format!("{times} there were two masters; only one of them took writes then.")))
        }
        (_, writes) => {
            let writes = count(u64::from(writes), "write", "writes");
            (
                "broken",
                say.text(format!("Two masters took writes: {writes} went to the one that others do not follow.")),
            )
        }
    };
    let first = overlaps.iter().find(|overlap| overlap.diverged > 0).or(overlaps.first());
    let (witness, at) = match first {
        None => (Vec::new(), None),
        Some(overlap) => {
            let say = Telling::new(cluster, words)
                .text("From ")
                .at(overlap.from_us)
                .text(" on both ")
                .name(overlap.masters.0);
            let say = say.text(" and ").name(overlap.masters.1).text(" were masters");
            let say = match overlap.until_us {
                Some(until_us) => say.text(", until ").at(until_us).text("."),
                None => say.text(", and they still are."),
            };
            (say.done(), Some(overlap.from_us))
        }
    };
    verdict("one-master", "Only one master at a time", status, say, witness, at)
}

fn session(cluster: &Cluster, words: Words, referee: &Referee, guarantee: Guarantee) -> Verdict {
    let title = match guarantee {
        Guarantee::ReadYourWrites => "Read your writes",
        Guarantee::MonotonicReads => "Monotonic reads",
        Guarantee::MonotonicWrites => "Monotonic writes",
        Guarantee::WritesFollowReads => "Writes follow reads",
        Guarantee::ConsistentPrefix => "Consistent prefix",
    };
    let meaning = match guarantee {
        Guarantee::ReadYourWrites => "A client sees what it wrote",
        Guarantee::MonotonicReads => "A client never sees something older than before",
        Guarantee::MonotonicWrites => "No node has a client’s later write without its earlier ones",
        Guarantee::WritesFollowReads => "No node has a client’s write without what it had read",
        Guarantee::ConsistentPrefix => "Every read shows what the master had at some time",
    };
    let standing = referee.sessions().standing(guarantee);
    let (status, said) = match (standing.checked, standing.broken) {
        (0, _) => ("untested", "not tested yet".to_owned()),
        (1, 0) => ("held", "held in the one check".to_owned()),
        (checked, 0) => ("held", format!("held in all {checked} checks")),
        (1, _) => ("broken", "broken in the one check".to_owned()),
        (checked, broken) => ("broken", format!("broken in {broken} of {checked} checks")),
    };
    let say = Telling::new(cluster, words).text(format!("{meaning}: {said}."));
    let (witness, at) = match standing.first {
        Some(breach) => (breach_witness(cluster, words, &breach), Some(breach.at_us)),
        None => (Vec::new(), None),
    };
    let about = standing.first.map(|breach| breach.operation);
    verdict(guarantee.name(), title, status, say, witness, at).about(about)
}

fn breach_witness(cluster: &Cluster, words: Words, breach: &Breach) -> Vec<Part> {
    let history = cluster.history();
    let Some(asked) = history.operation(breach.operation) else { return Vec::new() };
    let say = Telling::new(cluster, words).text("At ").at(breach.at_us).text(" ").name(asked.client);
    let from = |say: Telling<'_>| match asked.node {
        Some(node) => say.text(" from ").name(node).done(),
        None => say.done(),
    };
    let got = |say: Telling<'_>| match asked.outcome {
        Outcome::Value(Some(cell)) => {
            let at = format!(", position {},", cell.lsn);
            from(say.text(" got ").assignment(cell.write).text(at))
        }
        _ => from(say.text(" got nothing")),
    };
    let mut parts = match breach.guarantee {
        Guarantee::MonotonicWrites | Guarantee::WritesFollowReads => {
            say.text(" was told that ").assignment(asked.write).text(" is done").done()
        }
        _ => got(say),
    };
    let rest = Telling::new(cluster, words);
    let rest = match breach.guarantee {
        Guarantee::ReadYourWrites => {
            rest.text(", although its own ").assignment(breach.missing).text(" was acknowledged before.")
        }
        Guarantee::MonotonicReads => rest.text(", although it had seen ").assignment(breach.missing).text(" before."),
        Guarantee::MonotonicWrites => {
            rest.text(", although its own earlier ").assignment(breach.missing).text(" is lost.")
        }
        Guarantee::WritesFollowReads => {
            rest.text(", although ").assignment(breach.missing).text(", which it had read before, is lost.")
        }
        Guarantee::ConsistentPrefix => rest.text(", which is in no master’s history."),
    };
    parts.extend(rest.done());
    parts
}

fn fresh_reads(cluster: &Cluster, words: Words, referee: &Referee) -> Verdict {
    let (reads, stale) = (referee.reads(), referee.stale_reads());
    let foreign = referee.foreign_reads();
    let (status, summary) = match (reads, stale) {
        (0, _) => ("untested", "Nothing was read yet.".to_owned()),
        _ if foreign > 0 => {
            let stale = if stale > 0 { format!(", and {stale} stale") } else { String::new() };
            let gave = if foreign == 1 { "gave a value" } else { "gave values" };
            ("broken", format!("{foreign} of {} {gave} that no master has{stale}.", count(reads, "read", "reads")))
        }
        (_, 0) => ("held", format!("{}, none of them stale.", capital(&count(reads, "read", "reads")))),
        (1, _) => ("behind", "The only read was stale.".to_owned()),
        _ => ("behind", format!("{stale} of {reads} reads were stale.")),
    };
    let first = referee.first_foreign().filter(|_| foreign > 0).or(referee.first_stale());
    let (witness, at) = match first {
        Some(judgement) if judgement.freshness == Freshness::Foreign => {
            (foreign_witness(cluster, words, judgement), Some(judgement.at_us))
        }
        Some(judgement) => (stale_witness(cluster, words, judgement), Some(judgement.at_us)),
        None => (Vec::new(), None),
    };
    let about = first.map(|judgement| judgement.operation);
    verdict("fresh-reads", "Every read was fresh", status, Telling::new(cluster, words).text(summary), witness, at)
        .about(about)
}

fn foreign_witness(cluster: &Cluster, words: Words, judgement: &Judgement) -> Vec<Part> {
    gave(cluster, words, judgement).text(", which no master has.").done()
}

fn stale_witness(cluster: &Cluster, words: Words, judgement: &Judgement) -> Vec<Part> {
    let say = gave(cluster, words, judgement).text(", but the master had ").assignment(judgement.newest);
    say.text(format!(" by then: {}.", freshness_text(judgement.freshness))).done()
}

/// At what time which node gave a client what.
fn gave<'a>(cluster: &'a Cluster, words: Words, judgement: &Judgement) -> Telling<'a> {
    let history = cluster.history();
    let say =
        Telling::new(cluster, words).text("At ").at(judgement.at_us).text(" ").name(judgement.node).text(" gave ");
    // Of a load only the latest requests are kept.
    let say = match history.operation(judgement.operation) {
        Some(asked) => say.name(asked.client),
        None => say.text("a client of the load"),
    };
    match judgement.saw {
        0 => say.text(" nothing"),
        saw => say.text(" ").assignment(saw),
    }
}

fn no_lost_writes(cluster: &Cluster, words: Words, referee: &Referee) -> Verdict {
    let (acknowledged, lost) = (referee.acknowledged(), referee.lost_now(cluster));
    // What no master has and some node still answers with: whether it is lost, those who bring the nodes together decide.
    let beside = (referee.lost().len().saturating_sub(lost.len()) as u64).saturating_sub(referee.replaced());
    let (status, summary) = match (acknowledged, lost.len() as u64) {
        (0, _) => ("untested", "No write was acknowledged yet.".to_owned()),
        (_, 0) if beside > 0 => {
            let writes = count(acknowledged, "acknowledged write", "acknowledged writes");
            let are = if beside == 1 { "1 is".to_owned() } else { format!("{beside} are") };
            (
                "behind",
                format!(
                    "{}, none of them lost yet: {are} in no master’s log, and on some node all the same.",
                    capital(&writes)
                ),
            )
        }
        (1, 0) => ("held", "The one acknowledged write is safe.".to_owned()),
        (writes, 0) => ("held", format!("All {writes} acknowledged writes are safe.")),
        (_, gone) => {
            let lost = if gone == 1 { "is lost" } else { "are lost" };
            (
                "broken",
                format!("{gone} of {} {lost}.", count(acknowledged, "acknowledged write", "acknowledged writes")),
            )
        }
    };
    let first = lost.first().or_else(|| referee.lost().first().filter(|_| beside > 0));
    let (witness, at) = match first {
        Some(lost) => (lost_witness(cluster, words, lost), Some(lost.at_us)),
        None => (Vec::new(), None),
    };
    let about = first.and_then(|lost| cluster.history().write(lost.write)).map(|write| write.operation);
    verdict(
        "no-lost-writes",
        "No acknowledged write is lost",
        status,
        Telling::new(cluster, words).text(summary),
        witness,
        at,
    )
    .about(about)
}

fn lost_witness(cluster: &Cluster, words: Words, lost: &LostWrite) -> Vec<Part> {
    let say =
        Telling::new(cluster, words).assignment(lost.write).text(" was acknowledged. At ").at(lost.at_us).text(" ");
    let how = match lost.loss {
        Loss::NotFlushed => " had lost it in a crash: it was not on disk yet.",
        Loss::Forgotten => " was stopped in good order and lost it: it keeps nothing on disk (durability none).",
        Loss::NotFollowed => " became the node that others follow, without it.",
        Loss::Replaced => " took over the state of another node, which did not have it.",
        Loss::ThrownAway => " was promoted and threw it away: it had received it, and not applied it.",
        Loss::NotReplicated => " was promoted without it: its log did not have it.",
        Loss::Diverged => ", no longer the master of the others, had taken it.",
        Loss::Removed => ", which had taken it for itself, left the cluster.",
        Loss::Overwritten => ", which had taken it for itself, overwrote it with what the master sent.",
        Loss::Discarded => ", which had taken it for itself, started over with a snapshot of the master.",
    };
    say.name(lost.node).text(how).done()
}

fn converged(cluster: &Cluster, words: Words, convergence: &Convergence) -> Verdict {
    let say = Telling::new(cluster, words);
    let (status, say) = match convergence {
        Convergence::Converged if cluster.history().write_count() == 0 => {
            ("untested", say.text("Nothing was written yet."))
        }
        Convergence::Converged => ("held", say.text("All running nodes hold the same values.")),
        Convergence::Behind(slaves) => {
            let lacking = slaves.iter().take(NAMED_MAX).enumerate().fold(say, |say, (index, (slave, entries))| {
                let say = if index > 0 { say.text(", ") } else { say };
                match entries {
                    0 => say.name(*slave).text(" has entries that the master lacks"),
                    entries => say.name(*slave).text(format!(" {} behind", count(*entries, "entry", "entries"))),
                }
            });
            ("behind", and_more(lacking, slaves.len()).text("."))
        }
        Convergence::Diverged(slaves) => {
            let differing = slaves.iter().take(NAMED_MAX).enumerate().fold(say, |say, (index, (slave, key))| {
                let say = if index > 0 { say.text(", ") } else { say };
                say.name(*slave).text(" has a different value for ").quote(&shorten(cluster.history().key(*key)))
            });
            ("broken", and_more(differing, slaves.len()).text("; replication will not fix it."))
        }
    };
    verdict("convergence", "All nodes hold the same", status, say, Vec::new(), None)
}

fn and_more(say: Telling<'_>, of: usize) -> Telling<'_> {
    if of > NAMED_MAX { say.text(format!(", and {} more", of - NAMED_MAX)) } else { say }
}

fn one_history(cluster: &Cluster, words: Words, referee: &Referee) -> Verdict {
    let say = Telling::new(cluster, words);
    let local = referee.local();
    let (status, say) = match local.len() as u64 {
        0 if cluster.history().write_count() == 0 => ("untested", say.text("Nothing was written yet.")),
        0 => ("held", say.text("Only the master takes writes.")),
        n => {
            let writes = capital(&count(n, "write was", "writes were"));
            let say = say.text(format!("{writes} taken by slaves{}", became(referee, cluster, n)));
            ("broken", say)
        }
    };
    let (witness, at) = match local.first() {
        Some(local) => (local_witness(cluster, words, local), Some(local.at_us)),
        None => (Vec::new(), None),
    };
    let about = local.first().and_then(|local| cluster.history().write(local.write)).map(|write| write.operation);
    verdict("one-history", "Slaves hold only what the master logged", status, say, witness, at).about(about)
}

/// What became of the writes that slaves took.
fn became(referee: &Referee, cluster: &Cluster, all: u64) -> String {
    let LocalFates { everywhere, somewhere, nowhere } = referee.local_fates(cluster);
    let lost = referee.lost_now(cluster);
    let gone = referee.local().iter().filter(|local| lost.iter().any(|lost| lost.write == local.write)).count() as u64;
    if somewhere > 0 {
        return ": this is no master–slave architecture any more.".to_owned();
    }
    if everywhere == all {
        return ", and all running nodes hold that now.".to_owned();
    }
    if nowhere == all && gone == 0 {
        return ", and overwritten since.".to_owned();
    }
    if gone == all {
        return ", and lost since.".to_owned();
    }
    let parts = [(everywhere, "on all running nodes"), (nowhere.saturating_sub(gone), "overwritten"), (gone, "lost")];
    let parts: Vec<String> =
        parts.iter().filter(|(many, _)| *many > 0).map(|(many, what)| format!("{many} {what}")).collect();
    format!("; by now: {}.", parts.join(", "))
}

fn local_witness(cluster: &Cluster, words: Words, local: &LocalWrite) -> Vec<Part> {
    let say = Telling::new(cluster, words).text("At ").at(local.at_us).text(" ").name(local.node).text(" took ");
    let say = say.assignment(local.write).text(" for itself.");
    let history = cluster.history();
    let there = |member: &&Member| !member.removed && member.process != Process::Down;
    let holds = |member: &&Member| holds(&member.node, local.write, history);
    let holders: Vec<u16> =
        cluster.members().filter(there).filter(holds).map(|member| member.node.id).take(NAMED_MAX + 1).collect();
    match holders.as_slice() {
        [] => say.text(" No running node has it now.").done(),
        &[only] if only == local.node => say.text(" No other node has it.").done(),
        all => {
            let say = all.iter().take(NAMED_MAX).enumerate().fold(say.text(" Now it is on "), |say, (index, node)| {
                if index > 0 { say.text(", ").name(*node) } else { say.name(*node) }
            });
            and_more(say, all.len()).text(".").done()
        }
    }
}

fn verdict(
    id: &'static str,
    title: &'static str,
    status: &'static str,
    summary: Telling<'_>,
    witness: Vec<Part>,
    witness_us: Option<Us>,
) -> Verdict {
    let title = summary.words().say(title);
    Verdict { id, title, status, summary: summary.done(), witness, witness_us, witness_operation: None }
}

impl Verdict {
    fn about(self, operation: Option<u32>) -> Self {
        Self { witness_operation: operation, ..self }
    }
}
