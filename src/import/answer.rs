//! What would be lost if the master died now, and what the meters of a paste do not say.

use serde::Serialize;

use super::evidence::{Fact, Kind, Role, Why};
use super::judge::State;
use super::model::{Model, Node};
use super::position::Amount;
use super::read::Reading;

/// A slave that could take the master's place.
#[derive(Debug, Clone, Serialize)]
pub struct Candidate {
    /// Its name.
    pub name: String,
    /// Whether it could be promoted at all.
    pub fit: bool,
    /// What would be lost with it, at least, if that can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost: Option<Amount>,
    /// The same in a sentence.
    pub words: String,
}

/// What the pastes say of a failover now.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Answer {
    /// Who would be promoted, and by whom.
    pub promoted: String,
    /// What would be lost, for each slave.
    pub candidates: Vec<Candidate>,
    /// What the meters on the paste do not say.
    pub meters: Vec<String>,
}

/// Answers.
pub(super) fn answer(reading: &Reading, model: &Model) -> Answer {
    let candidates: Vec<Candidate> = model.slaves().map(|node| candidate(model, node)).collect();
    Answer { promoted: promoted(reading, model, &candidates), candidates, meters: meters(reading, model) }
}

/// Why a slave cannot be promoted.
fn unfit(node: &Node) -> Option<&'static str> {
    let has = |why: Why| node.standing.why.contains(&why);
    if node.down || has(Why::Down) {
        Some("it is down")
    } else if has(Why::Copying) {
        Some("it is only being copied")
    } else if has(Why::Diverged) {
        Some(
            "its history is not the master's: what it has, and the master has not, would come back, and the rest be lost",
        )
    } else {
        None
    }
}

fn candidate(model: &Model, node: &Node) -> Candidate {
    let standing = &node.standing;
    let some = |amount: Option<Amount>| amount.filter(|amount| !amount.is_none());
    let name = node.name.clone();
    if let Some(why) = unfit(node) {
        return Candidate { words: format!("{name}: not fit: {why}"), name, fit: false, lost: None };
    }
    let applies_first = matches!(model.kind, Some(Kind::Mariadb | Kind::Mysql));
    // What has arrived is not lost: it is applied first, or, from a relay log, can be.
    let lost = match standing.state {
        State::InStep => Some(Amount::Bytes(0)),
        State::Behind | State::NotAcknowledged => some(standing.missing).or_else(|| {
            if standing.missing.is_some() || some(standing.unapplied).is_some() { None } else { some(standing.behind) }
        }),
        _ => None,
    };
    let unapplied = some(standing.unapplied)
        .or_else(|| some(standing.behind).filter(|_| standing.missing.is_none() && lost.is_none()));
    let mut words = match (standing.state, lost) {
        (State::InStep, _) => "nothing that the paste shows; only what the master writes after it".to_owned(),
        (State::NotAcknowledged, Some(amount)) => format!("up to {}: it has not acknowledged them yet", amount.words()),
        (_, Some(amount)) => format!("{} that it has not received", amount.words()),
        (State::Behind, None) if standing.missing.is_some_and(Amount::is_none) => {
            "nothing that the paste shows: it has received all".to_owned()
        }
        (State::NoLagShown, None) => {
            "no lag is shown; what is below what the tool shows, or never arrived, is not known".to_owned()
        }
        _ => "unknown: the paste does not say where the master is".to_owned(),
    };
    if let Some(amount) = unapplied {
        let text = if applies_first {
            format!("; {} in its relay log are lost as well unless it applies them first", amount.words())
        } else {
            format!("; {} that it has received are applied first", amount.words())
        };
        words.push_str(&text);
    }
    if node.sync == Some("sync") {
        words.push_str(
            "; it is synchronous: no confirmed commit is missing on it, unless the settings let the master go on alone",
        );
    }
    if node.never_promoted {
        words.push_str("; it is set never to be promoted");
    }
    Candidate { words: format!("{name}: {words}"), name, fit: !node.never_promoted, lost }
}

/// How a candidate ranks: known before unknown, less before more. Amounts of different units are not compared.
fn best<'c>(model: &Model, candidates: &'c [Candidate]) -> Option<&'c Candidate> {
    let rank = |candidate: &&Candidate| {
        let node = model.node(&candidate.name);
        let state = node.map_or(3, |node| match node.standing.state {
            State::InStep => 0,
            State::NoLagShown | State::AppliesAll | State::NotAcknowledged | State::Connected => 1,
            State::Behind => 2,
            State::Unknown => 3,
        });
        (state, candidate.lost)
    };
    candidates.iter().filter(|candidate| candidate.fit).min_by_key(rank)
}

fn promoted(reading: &Reading, model: &Model, candidates: &[Candidate]) -> String {
    let who = who(reading, model, candidates);
    if model.master().is_some_and(|node| node.down) { format!("The master is down already. {who}") } else { who }
}

fn who(reading: &Reading, model: &Model, candidates: &[Candidate]) -> String {
    let settings = &reading.settings;
    let Some(best) = best(model, candidates) else {
        return "Nobody that the paste shows could take the master's place.".to_owned();
    };
    let rest = candidates.iter().filter(|candidate| candidate.fit).count();
    let only =
        if rest == 1 { "the only one that is fit" } else { "the one that is furthest, as far as the paste tells" };
    let name = &best.name;
    let nodes = |name: &str| model.node(name);
    if settings.patroni {
        if settings.paused {
            return format!("Nobody: Patroni is paused. By hand, {name} would be {only}.");
        }
        let sync = candidates
            .iter()
            .find(|candidate| candidate.fit && nodes(&candidate.name).is_some_and(|node| node.sync == Some("sync")));
        return match sync {
            Some(sync) => {
                format!("Patroni would promote {}, its synchronous standby, once the lease has ended.", sync.name)
            }
            None => format!(
                "Patroni would promote {name}, {only}, once the lease has ended, if it lags less than maximum_lag_on_failover."
            ),
        };
    }
    if settings.sentinel {
        let first = candidates.iter().filter(|candidate| candidate.fit).min_by_key(|candidate| {
            let priority = nodes(&candidate.name).and_then(|node| node.priority).unwrap_or(100);
            (priority, candidate.name != *name, candidate.name.clone())
        });
        let name = first.map_or(name, |candidate| &candidate.name);
        return format!(
            "Sentinel would promote {name}: of the slaves that answer the one with the lowest priority, then the furthest offset; if a majority of the Sentinels agrees."
        );
    }
    if model.kind == Some(Kind::Mongodb) {
        return format!("The members would elect {name}, {only}, if a majority of those that vote is up.");
    }
    format!("Nobody by itself, as far as the paste tells. By hand, {name} would be {only}.")
}

/// What the meters do not say.
fn meters(reading: &Reading, model: &Model) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut add = |text: String| {
        if !found.contains(&text) {
            found.push(text);
        }
    };
    for node in &model.nodes {
        let Some(seen) = reading.evidence.seen(node.number) else { continue };
        let name = &node.name;
        let own = seen.find(|fact| if let Fact::OwnLag(lag) = fact { Some(*lag) } else { None });
        match own {
            Some(None) => add(format!(
                "{name}: the lag is NULL or unknown. That is not 0: a thread does not run, and nobody measures."
            )),
            Some(Some(0)) => add(format!(
                "{name}: a lag of 0 s says that all that it has received is applied. On a link that hangs nothing arrives, and it stays 0."
            )),
            _ => {}
        }
        let sender = seen.find(|fact| if let Fact::AttachedTo(_, sender) = fact { Some(&**sender) } else { None });
        if let Some(sender) = sender {
            if sender.state.as_deref() == Some("startup") {
                add(format!(
                    "{name}: in the state startup its positions are empty or 0/0. That is no lag of the whole log: it has not begun."
                ));
            } else if sender.sent.is_some() && sender.waits_ms == [None; 3] && node.standing.state == State::Behind {
                add(format!(
                    "{name}: write_lag, flush_lag and replay_lag are empty although it is behind: they are measured when an answer comes."
                ));
            }
        }
        if seen.kind == Some(Kind::Redis)
            && node.role == Role::Slave
            && seen.is(|fact| matches!(fact, Fact::LinkUp))
            && sender.is_none()
        {
            add(format!("{name}: master_link_status stays up on a link that hangs until repl-timeout is over."));
        }
        if node.standing.state == State::NotAcknowledged {
            add(format!("{name}: its offset is what it acknowledged last, once a second. It may have all."));
        }
    }
    if reading.settings.sentinel_offsets {
        add("The offsets of Sentinel are up to ten seconds old. They can be compared among slaves, not with the master.".to_owned());
    }
    if reading.settings.patroni {
        add("Patroni's lag counts what was received, in whole MB, and is as old as the last loop. A slave that receives and does not apply shows 0.".to_owned());
    }
    found
}
