//! What a lesson says to a try that does not do the task: what was done, and what to do instead.

use serde::Serialize;

use super::sentence::{failure_text, shorten};
use super::vocabulary::Words;
use crate::cluster::Cluster;
use crate::history::Outcome;
use crate::lesson::{Attempt, verb};
use crate::referee::Freshness;
use crate::run::Run;
use crate::scenario::{Command, Name, NodeCommand, Pair, Request, pair_text};

/// What a task asks for, so that a page can fill in its fields and point at the right control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Wanted {
    /// The first word of the line: `write`, `read`, `crash`, `promote`, `replication` …
    pub verb: String,
    /// The whole line.
    pub line: String,
    /// Who asks, for a request.
    pub client: Option<String>,
    /// The key of a request.
    pub key: Option<String>,
    /// The value of a write.
    pub value: Option<String>,
    /// The node: who is asked, or what something is done to; nothing if a router decides.
    pub node: Option<String>,
    /// The two ends of a link.
    pub link: Option<(String, String)>,
}

/// What a line asks for.
pub(super) fn wanted(command: &Command) -> Wanted {
    let text = |name: &Name| name.as_str().to_owned();
    let mut wanted = Wanted {
        verb: verb(command),
        line: command.to_string(),
        client: None,
        key: None,
        value: None,
        node: node_of(command).map(text),
        link: None,
    };
    match command {
        Command::Operation { client, request, .. } => {
            wanted.client = client.as_ref().map(text);
            wanted.key = Some(key_of(request).to_owned());
            if let Request::Write { value, .. } = request {
                wanted.value = Some(value.clone());
            }
        }
        Command::Break(_, Pair::Both(a, b) | Pair::OneWay(a, b)) => wanted.link = Some((text(a), text(b))),
        _ => {}
    }
    wanted
}

fn node_of(command: &Command) -> Option<&Name> {
    match command {
        Command::Operation { target, .. } => target.as_ref(),
        Command::Node(_, node)
        | Command::Promote { node, .. }
        | Command::Follow { node, .. }
        | Command::Delay(node, _)
        | Command::ApplySpeed(node, _) => Some(node),
        _ => None,
    }
}

fn key_of(request: &Request) -> &str {
    match request {
        Request::Write { key, .. } | Request::Read { key } | Request::Delete { key } => key,
    }
}

/// What to say of a try; nothing if it is harmless, or has no end yet.
pub(super) fn hint(attempt: &Attempt, run: &Run, words: Words) -> Option<String> {
    if attempt.is_pending(run) {
        return None;
    }
    let (did, wanted) = (&attempt.did, &attempt.wanted);
    let said = match (did, wanted) {
        (Command::Operation { .. }, Command::Operation { .. }) => request(attempt, run, words),
        _ if verb(did) == verb(wanted) => other(did, wanted),
        _ => other_verb(did, wanted),
    }?;
    Some(words.say(&said))
}

fn request(attempt: &Attempt, run: &Run, words: Words) -> Option<String> {
    let Command::Operation { request: did, target, .. } = &attempt.did else { return None };
    let Command::Operation { request: wanted, target: wanted_at, .. } = &attempt.wanted else { return None };
    let (own, asked) = (key_of(did), key_of(wanted));
    match (did, wanted) {
        (Request::Read { .. }, Request::Write { .. }) => return Some("That was a read. Press Write.".to_owned()),
        (Request::Write { .. }, Request::Read { .. }) => return Some("That was a write. Press Read.".to_owned()),
        (Request::Delete { .. }, Request::Write { .. } | Request::Read { .. }) => {
            return Some("That was a delete.".to_owned());
        }
        _ => {}
    }
    let did_what = if matches!(did, Request::Read { .. }) { "read" } else { "wrote" };
    if own != asked {
        return Some(format!("You {did_what} `{}`. Here it is `{}`.", shorten(own), shorten(asked)));
    }
    at_node(target.as_ref(), wanted_at.as_ref(), matches!(did, Request::Read { .. }), attempt, run)
        .or_else(|| values(did, wanted))
        .or_else(|| outcome(attempt, run, words))
}

fn values(did: &Request, wanted: &Request) -> Option<String> {
    match (did, wanted) {
        (Request::Write { key, value }, Request::Write { value: wanted, .. }) if value != wanted => {
            let (key, value, wanted) = (shorten(key), shorten(value), shorten(wanted));
            Some(format!("You wrote `{key}` = {value}. Write `{key}` = {wanted}."))
        }
        _ => None,
    }
}

/// Whether another node was asked than the task wants.
fn at_node(did: Option<&Name>, wanted: Option<&Name>, reads: bool, attempt: &Attempt, run: &Run) -> Option<String> {
    let cluster = run.cluster();
    let master = cluster.name(cluster.master());
    let field = if reads { "Read from" } else { "Write to" };
    let did_what = if reads { "read from" } else { "wrote to" };
    match (did, wanted) {
        (did, Some(wanted)) => {
            let asked = did.map(Name::as_str).or_else(|| {
                let node = attempt.operation(run)?.node?;
                Some(cluster.name(node))
            })?;
            let differs = asked != wanted.as_str();
            differs.then(|| format!("You {did_what} {asked}. Choose {wanted} under “{field}”."))
        }
        (Some(did), None) if !reads && did.as_str() != master => {
            let heard = match attempt.operation(run)?.outcome {
                Outcome::TimedOut => ": it ignored you",
                Outcome::Failed(_) => ": it refused",
                _ => "",
            };
            Some(format!("You wrote to {did}{heard}. Choose {master}, the master, under “Write to”."))
        }
        _ => None,
    }
}

/// The right request, and still the task is not done: what came of it?
fn outcome(attempt: &Attempt, run: &Run, words: Words) -> Option<String> {
    let (cluster, operation) = (run.cluster(), attempt.operation(run)?);
    match operation.outcome {
        Outcome::Failed(failure) => {
            let why = failure_text(cluster, failure, operation.kind, words);
            let down = operation.node.filter(|node| is_down(cluster, *node));
            Some(match down {
                Some(node) => format!("It failed ({why}): {} is off.", cluster.name(node)),
                None => format!("It failed: {why}."),
            })
        }
        Outcome::TimedOut => Some("Nobody answered in time.".to_owned()),
        Outcome::Value(_) => {
            let judged = run.referee().judgement(attempt.operation?)?;
            match judged.freshness {
                Freshness::Stale { .. } => {
                    Some("That answer was still old. Wait for the entry, and read again.".to_owned())
                }
                Freshness::Fresh => None,
                Freshness::Ahead | Freshness::Foreign => None,
            }
        }
        _ => None,
    }
}

fn is_down(cluster: &Cluster, node: u16) -> bool {
    cluster.member(node).is_some_and(|member| member.process != crate::cluster::Process::Up)
}

/// The same kind of thing, done to something else.
fn other(did: &Command, wanted: &Command) -> Option<String> {
    if did == wanted {
        return None;
    }
    Some(match (did, wanted) {
        (Command::Promote { node: did, .. }, Command::Promote { node, .. }) if did != node => {
            format!("You promoted {did}. Undo takes that back; then promote {node}.")
        }
        (Command::Follow { node: did, upstream, .. }, Command::Follow { node, upstream: wanted, .. }) => {
            format!("{did} follows {upstream} now. Let {node} follow {wanted}.")
        }
        (Command::Node(_, did), Command::Node(_, node)) if did != node => {
            format!("That was {did}. Here it is {node}.")
        }
        (Command::Set(did), Command::Set(wanted)) => format!("You set `{did}`. Here it is `{wanted}`."),
        (Command::Break(_, did), Command::Break(_, link)) if did != link => {
            format!("That was the link {}. Here it is {}.", pair_text(did), pair_text(link))
        }
        _ => return None,
    })
}

/// Another thing altogether: only what stands in the way of the task is worth a word.
fn other_verb(did: &Command, wanted: &Command) -> Option<String> {
    match (did, wanted) {
        (Command::Node(NodeCommand::Stop, did), Command::Node(NodeCommand::Crash, node)) if did == node => Some(
            format!("You stopped {did} in good order. Start it, and switch it off at its card: that cuts the power."),
        ),
        (Command::Node(NodeCommand::Crash | NodeCommand::Stop, did), _) => {
            Some(format!("You switched {did} off. Switch it on again if the task does not want that."))
        }
        (Command::Promote { node, .. }, _) => {
            Some(format!("You promoted {node}. Undo takes that back, if the task does not want it."))
        }
        (Command::Break(_, did), Command::Break(..)) => {
            Some(format!("You changed the link {}. The task: `{wanted}`.", pair_text(did)))
        }
        _ => None,
    }
}
