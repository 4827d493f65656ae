//! What happened, in sentences.

use super::model::{Part, Sentence};
use super::sentence::{Telling, count, shorten, span};
use super::vocabulary::Words;
use crate::cluster::{LineOutcome, Member, Role};
use crate::facts::{Event, Fact};
use crate::history::{Kind, Needs, OWN_RECORD, Operation, Outcome};
use crate::limits;
use crate::referee::{Freshness, Guarantee, Judgement};
use crate::run::Run;

type Told<'a> = (&'static str, &'static str, Telling<'a>);

/// Sentences for the facts from `since` on, at most [`limits::VIEW_SENTENCES_MAX`]: the latest ones, if there are
/// more. Facts that say nothing new to a reader have none.
pub fn story(run: &Run, since: u64, words: Words) -> Vec<Sentence> {
    let history = run.cluster().history();
    let from = since.max(history.len().saturating_sub(limits::VIEW_SENTENCES_MAX as u64));
    history.since(from).filter_map(|fact| sentence(run, &fact, words)).collect()
}

/// A fact as a sentence; nothing if it says nothing new to a reader.
pub fn sentence(run: &Run, fact: &Fact, words: Words) -> Option<Sentence> {
    let (kind, weight, telling) = tell(run, fact, words)?;
    let operation = match fact.event {
        Event::Asked { operation, .. } | Event::Finished { operation } => Some(operation),
        Event::WrittenLocally { write, .. } => run.cluster().history().write(write).map(|write| write.operation),
        _ => None,
    };
    Some(Sentence { seq: fact.seq, at_us: fact.at_us, kind, weight, parts: telling.done(), operation })
}

fn tell<'a>(run: &'a Run, fact: &Fact, words: Words) -> Option<Told<'a>> {
    let progress = matches!(fact.event, Event::Received { .. } | Event::Flushed { .. } | Event::Acknowledged { .. });
    // Thousands in a second, that nobody reads: the charts show what they add up to.
    if run.cluster().history().is_of_load(&fact.event) || progress && run.cluster().load().is_some() {
        return None;
    }
    let say = || Telling::new(run.cluster(), words);
    client_fact(run, fact, say())
        .or_else(|| replication_fact(run, fact, say()))
        .or_else(|| other_fact(run, fact, say()))
}

fn client_fact<'a>(run: &'a Run, fact: &Fact, say: Telling<'a>) -> Option<Told<'a>> {
    let cluster = run.cluster();
    let history = cluster.history();
    let told = match fact.event {
        Event::Asked { operation, node } => {
            let asked = history.operation(operation)?;
            let (weight, say) = (if asked.kind == Kind::Read { "detail" } else { "plain" }, say.name(asked.client));
            ("client", weight, asked_of(asked, node, say, history.key(asked.key)))
        }
        Event::Retried { operation, node } => {
            let asked = history.operation(operation)?;
            ("client", "plain", say.name(asked.client).text(" tries ").name(node).text(" instead."))
        }
        Event::ReadServed { operation, node, cell } => {
            let asked = history.operation(operation)?;
            let say = say.name(node).text(" looks ").quote(&shorten(history.key(asked.key))).text(" up: ");
            let say = match cell {
                Some(cell) => say.assignment(cell.write).text("."),
                None => say.text("nothing is there."),
            };
            ("client", "detail", say)
        }
        Event::Finished { operation } => return finished(run, operation, history.operation(operation)?, say),
        Event::AnswerTooLate { operation, failed } => {
            let asked = history.operation(operation)?;
            let say = say.text("An answer comes too late: ").name(asked.client).text(" has given up on ");
            let say = match asked.write {
                0 => say.text("its question."),
                write if failed => say.write(write).text(". It was an error."),
                write => say.write(write).text(". The write stands all the same."),
            };
            ("client", "plain", say)
        }
        Event::WriteIgnored { node, operation } => {
            let write = history.operation(operation)?.write;
            let say = say.name(node).text(" ignores ").write(write);
            ("client", "plain", say.text(": a slave takes updates from its master only, and says nothing."))
        }
        Event::WriteForwarded { node, operation } => {
            let write = history.operation(operation)?.write;
            ("client", "plain", say.name(node).text(" passes ").write(write).text(" on to its master."))
        }
        Event::WrittenLocally { node, write } => {
            let say = say.name(node).text(" takes ").assignment(write);
            (
                "client",
                "broken",
                say.text(" for itself. No other node will see it: this is no master–slave architecture any more."),
            )
        }
        _ => return None,
    };
    Some(told)
}

fn asked_of<'a>(asked: &Operation, node: Option<u16>, say: Telling<'a>, key: &str) -> Telling<'a> {
    let say = match asked.kind {
        Kind::Read => say.text(" reads ").quote(&shorten(key)).text(" from "),
        Kind::Write => say.text(" writes ").assignment(asked.write).text(" to "),
        Kind::Delete => say.text(" deletes ").quote(&shorten(key)).text(" ").write(asked.write).text(" at "),
        Kind::Wait => {
            let (enough, within_us) = match asked.needs {
                Needs::Slaves(enough, within_us) => (enough, within_us),
                _ => (0, 0),
            };
            let enough = count(u64::from(enough), "slave", "slaves");
            say.text(format!(" waits up to {} for {enough} to acknowledge, at ", span(within_us.into())))
        }
    };
    match node {
        Some(node) => say.name(node).text("."),
        None => say.text("nobody: the router finds no node."),
    }
}

fn finished<'a>(run: &Run, number: u32, asked: &Operation, say: Telling<'a>) -> Option<Told<'a>> {
    let took = span(asked.done_us()?.saturating_sub(asked.asked_us));
    let say = say.name(asked.client);
    let what = |say: Telling<'a>| match asked.write {
        0 if asked.kind == Kind::Wait => say.text("its wait"),
        0 => say.text("its read"),
        write => say.write(write),
    };
    let from = |say: Telling<'a>| match asked.node {
        Some(node) => say.text(" from ").name(node),
        None => say,
    };
    let told = match asked.outcome {
        Outcome::Pending => return None,
        Outcome::Done => {
            let say = say.text(" is told that ").write(asked.write).text(format!(" is done, after {took}."));
            with_breach(run, number, ("client", "plain", say))
        }
        Outcome::Unconfirmed => {
            let say = say.text(" is told that ").write(asked.write);
            let say = say.text(format!(" is done on the master, after {took}. Slaves may not have it."));
            with_breach(run, number, ("client", "plain", say))
        }
        Outcome::Count(slaves) => {
            let many = count(u64::from(slaves), "slave has", "slaves have");
            ("client", "plain", say.text(format!(" is told that {many} its writes, after {took}.")))
        }
        Outcome::TimedOut => {
            let say = what(say.text(" gives up on ")).text(": no answer");
            ("client", "plain", from(say).text(format!(" in {took}.")))
        }
        Outcome::Failed(failure) => {
            let say = from(what(say.text(" gets an error for ")));
            ("client", "plain", say.text(": ").failure(failure, asked.kind).text("."))
        }
        Outcome::Value(cell) => {
            let say = match cell {
                Some(cell) => from(say.text(" reads ").assignment(cell.write)),
                None => from(say.text(" reads nothing")),
            };
            let told = match run.referee().judgement(number) {
                Some(judgement) => read_judged(&judgement, say),
                None => ("client", "plain", say.text(".")),
            };
            with_breach(run, number, told)
        }
    };
    Some(told)
}

/// The write that a request is about: its own, or the one that it saw; 0 for none.
pub(super) fn seen_write(asked: &Operation) -> u32 {
    match asked.outcome {
        Outcome::Value(cell) => cell.map_or(0, |cell| cell.write),
        _ => asked.write,
    }
}

/// What an answer broke of its session's guarantees makes it worse than old.
fn with_breach<'a>(run: &Run, number: u32, told: Told<'a>) -> Told<'a> {
    let (kind, weight, say) = told;
    match breach_text(run, number) {
        Some(breach) => (kind, "broken", say.text(format!(" {breach}."))),
        None => (kind, weight, say),
    }
}

/// Which guarantee of its session an answer broke, in a few words.
pub(super) fn breach_text(run: &Run, operation: u32) -> Option<&'static str> {
    let sessions = run.referee().sessions();
    let breach = sessions.breaches_of(operation).find(|breach| breach.guarantee != Guarantee::ConsistentPrefix)?;
    Some(match breach.guarantee {
        Guarantee::ReadYourWrites => "It does not see its own write",
        Guarantee::MonotonicReads => "It had seen a newer one before",
        Guarantee::MonotonicWrites => "An earlier write of its own is lost",
        Guarantee::WritesFollowReads | Guarantee::ConsistentPrefix => "What it had read before is lost",
    })
}

fn read_judged<'a>(judgement: &Judgement, say: Telling<'a>) -> Told<'a> {
    match judgement.freshness {
        Freshness::Fresh => ("client", "plain", say.text(".")),
        Freshness::Stale { .. } => {
            let say = say.text(format!(", which is old: {}. The master showed ", freshness_text(judgement.freshness)));
            ("client", "behind", say.write(judgement.newest).text("."))
        }
        Freshness::Ahead | Freshness::Foreign => {
            let weight = if judgement.freshness == Freshness::Foreign { "broken" } else { "plain" };
            ("client", weight, say.text(format!(": {}.", freshness_text(judgement.freshness))))
        }
    }
}

/// How a read was, in a few words; empty when it was fresh.
pub(super) fn freshness_text(freshness: Freshness) -> String {
    match freshness {
        Freshness::Fresh => String::new(),
        Freshness::Stale { versions, by_us } => {
            format!("{} behind, for {}", count(u64::from(versions), "version", "versions"), span(by_us))
        }
        Freshness::Ahead => "the master did not show it yet".to_owned(),
        Freshness::Foreign => "no master has it".to_owned(),
    }
}

fn replication_fact<'a>(run: &'a Run, fact: &Fact, say: Telling<'a>) -> Option<Told<'a>> {
    let cluster = run.cluster();
    let is_master = |node: u16| cluster.member(node).is_some_and(|member| member.node.role == Role::Master);
    let told = match fact.event {
        Event::Logged { node, lsn, write: OWN_RECORD, .. } => {
            ("replication", "detail", say.name(node).text(format!(" logs a record of its own at position {lsn}.")))
        }
        Event::Logged { node, lsn, write, .. } => {
            ("replication", "detail", say.name(node).text(" logs ").write(write).text(format!(" at position {lsn}.")))
        }
        Event::Received { node, lsn } => {
            ("replication", "detail", say.name(node).text(format!(" has received the log up to position {lsn}.")))
        }
        Event::Flushed { node, lsn } => {
            ("replication", "detail", say.name(node).text(format!(" has flushed its log up to position {lsn}.")))
        }
        Event::Applied { node, write, .. } => {
            let weight = weight_at(run, fact, node, if is_master(node) { "detail" } else { "plain" });
            ("replication", weight, say.name(node).text(" applies ").assignment(write).text("."))
        }
        Event::Acknowledged { node, slave, progress } => {
            let heard = format!(
                ": received {}, flushed {}, applied {}.",
                progress.received, progress.flushed, progress.applied
            );
            ("replication", "detail", say.name(node).text(" hears from ").name(slave).text(heard))
        }
        Event::StreamOpened { node, slave, from, full } => {
            let how = if full { "sends a snapshot and then" } else { "sends" };
            let say = say.name(node).text(format!(" {how} its log behind position {from} to "));
            ("replication", "detail", say.name(slave).text("."))
        }
        Event::Connected { node, peer, lsn, full: false } => {
            let say = say.name(node).text(" connects to ").name(peer);
            ("replication", "plain", say.text(format!(" and continues from position {lsn}.")))
        }
        Event::Connected { node, peer, lsn, full: true } => {
            let say = say.name(node).text(" starts over with a snapshot of ").name(peer);
            let why = format!(" at position {lsn}: the master’s log does not continue its own.");
            ("replication", weight_at(run, fact, node, "plain"), say.text(why))
        }
        Event::Denied { node, peer, why } => {
            let say = say.name(node).text(" cannot follow ").name(peer);
            let say = say.text(": ").quote(why.text(cluster.rules().engine));
            ("replication", "behind", say.text(". It answers reads with what it has."))
        }
        Event::Promoted { node, epoch, lsn, discarded } => {
            let say =
                say.name(node).text(format!(" is promoted: it is the master from position {lsn} on (epoch {epoch})."));
            let thrown = format!(" {} that it had not applied are thrown away.", count(discarded, "entry", "entries"));
            ("fault", weight_at(run, fact, node, "plain"), if discarded > 0 { say.text(thrown) } else { say })
        }
        Event::Suspected { observer, node } => {
            ("fault", "plain", say.name(observer).text(" has not heard of ").name(node).text(" for too long."))
        }
        Event::Chosen { observer, node } => {
            let say = say.text("The observers let ").name(observer).text(" act. It tells ").name(node);
            ("fault", "plain", say.text(" to be the master."))
        }
        Event::LeaseTaken { node } => {
            ("fault", "plain", say.text("Nobody held the lease: ").name(node).text(" has taken it."))
        }
        Event::Stands { node, term } => {
            let say = say.name(node).text(" has not heard of a master for too long, and asks the others to elect it");
            ("fault", "plain", say.text(format!(", in term {term}.")))
        }
        Event::SteppedAside { node } => {
            let aside = " steps aside: it may no longer be the only master, so it takes no more writes.";
            ("fault", "plain", say.name(node).text(aside))
        }
        Event::Follows { node, upstream } => {
            ("fault", "plain", say.name(node).text(" is told to follow ").name(upstream).text("."))
        }
        Event::WillFollow { node, upstream } => {
            let say = say.name(node).text(" is told to follow ").name(upstream);
            (
                "fault",
                "plain",
                say.text(" and will, when it has replayed all that it holds: until then it stays where it is."),
            )
        }
        Event::Rewound { node, lsn } => {
            let took = format!(" throws away what is its own and takes its master’s state, position {lsn}.");
            ("fault", weight_at(run, fact, node, "plain"), say.name(node).text(took))
        }
        Event::Forced { node, lsn } => {
            let forced = format!(" is forced to continue from position {lsn}, and keeps what it has beside that.");
            ("fault", "behind", say.name(node).text(forced))
        }
        Event::RolledBack { node, entries } => {
            let saved = format!(" rolls {} back, and saves them to a file.", count(entries, "entry", "entries"));
            ("replication", "behind", say.name(node).text(saved))
        }
        Event::Degraded { node } => {
            let gave_up =
                " gives up waiting for slaves: from now on it answers as if it were asynchronous, and tells no client.";
            ("replication", "behind", say.name(node).text(gave_up))
        }
        Event::SyncRestored { node } => {
            ("replication", "plain", say.name(node).text(" waits for its slaves again: enough of them have caught up."))
        }
        Event::Disconnected { node, peer } => {
            let weight = if is_master(node) { "detail" } else { "plain" };
            ("network", weight, say.name(node).text(" has lost its connection to ").name(peer).text("."))
        }
        Event::Trimmed { node, lsn } => {
            ("replication", "plain", say.name(node).text(format!(" has dropped its log up to position {lsn}.")))
        }
        _ => return None,
    };
    Some(told)
}

/// What has lost an acknowledged write is worse than it is otherwise.
fn weight_at(run: &Run, fact: &Fact, node: u16, otherwise: &'static str) -> &'static str {
    let lost = run.referee().lost().iter().any(|write| write.node == node && write.at_us == fact.at_us);
    if lost { "broken" } else { otherwise }
}

fn other_fact<'a>(run: &'a Run, fact: &Fact, say: Telling<'a>) -> Option<Told<'a>> {
    let fault = |say: Telling<'a>, text: &str| ("fault", "plain", say.text(text));
    let way = |say: Telling<'a>, from: u16, to: u16, text: &str| {
        let say = say.text("The link from ").name(from).text(" to ").name(to);
        ("network", "plain", say.text(text))
    };
    let watches = |node: u16| run.cluster().member(node).is_none();
    let told = match fact.event {
        Event::Crashed { node, .. } if watches(node) => fault(say.name(node), " crashes. It watches no longer."),
        Event::Stopped { node } if watches(node) => fault(say.name(node), " stops. It watches no longer."),
        Event::Started { node, .. } if watches(node) => fault(say.name(node), " starts, and watches again."),
        Event::Crashed { node, lost: 0, .. } => fault(say.name(node), " crashes. All that it had logged was on disk."),
        Event::Crashed { node, lost, .. } => {
            let what = count(lost, "entry of its log was", "entries of its log were");
            let say = say
                .name(node)
                .text(format!(" crashes: {what} not on disk yet and {} gone.", if lost == 1 { "is" } else { "are" }));
            ("fault", weight_at(run, fact, node, "plain"), say)
        }
        Event::Stopped { node } => fault(say.name(node), " stops in good order."),
        Event::Forgotten { node, lost } => {
            let what = count(lost, "entry of its log is gone", "entries of its log are gone");
            fault(say.name(node), &format!(" keeps nothing on disk: {what}."))
        }
        Event::AwaitsStore { node } => {
            fault(say.name(node), " is told to start: its database starts when it can ask who has the lease.")
        }
        Event::Started { node, epoch } => fault(say.name(node), &format!(" starts, in epoch {epoch}.")),
        Event::Frozen { node } => fault(say.name(node), " hangs: its links stay open, but it does nothing."),
        Event::Thawed { node } => fault(say.name(node), " continues where it hung."),
        Event::Cut { from, to } => way(say, from, to, " is cut: what is sent is refused."),
        Event::Held { from, to } => way(say, from, to, " is held: it stays open, but nothing moves."),
        Event::Healed { from, to } => way(say, from, to, " works again."),
        Event::Added { node } => fault(say.name(node), " joins as a slave, with nothing in it."),
        Event::Removed { node } => {
            ("fault", weight_at(run, fact, node, "plain"), say.name(node).text(" leaves the cluster."))
        }
        Event::Set { line } => {
            let line = run.scenario().lines().get(line as usize)?;
            let weight = if line.at.is_some() { "plain" } else { "detail" };
            ("setting", weight, say.text("Set: ").quote(&line.command.as_ref()?.to_string()).text("."))
        }
        Event::LoadEnded => {
            let many = limits::LOAD_WRITES_MAX;
            ("setting", "plain", say.text(format!("The load ends: it has made the {many} writes that a run may have.")))
        }
        Event::LineFailed { line } => {
            let command = run.scenario().lines().get(line as usize)?.command.as_ref()?;
            let why = match run.outcome(line as usize) {
                Some(LineOutcome::Failed(why)) => why.as_str(),
                _ => "",
            };
            let say = say.text("“").quote(&shorten(&command.to_string())).text("” could not be done: ");
            // It names nodes, and one of them may be named so.
            let named = |member: &Member| say.words().say(&member.name.to_string()) != *member.name.to_string();
            let say = if run.cluster().members().any(named) { say.quote(why) } else { say.text(why) };
            ("setting", "plain", say.text("."))
        }
        _ => return None,
    };
    Some(told)
}

/// Parts as one plain text.
pub fn plain(parts: &[Part]) -> String {
    parts.iter().map(|part| part.text.as_str()).collect()
}
