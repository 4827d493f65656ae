//! How each slave stands to its master: in step or behind, by how much, and why.

use serde::Serialize;

use super::evidence::{Fact, Kind, Role, Seen, Stage, Why};
use super::model::Model;
use super::position::{Amount, Position};
use super::read::Reading;
use super::sender::{sender_end, sent};

/// How a slave stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It has all that its master has.
    InStep,
    /// It has applied all that it has received; where its master is nobody knows.
    AppliesAll,
    /// No lag is shown, which does not say that there is none.
    NoLagShown,
    /// It has not acknowledged all yet: it may have it.
    NotAcknowledged,
    /// It is connected, and nothing says how far it is.
    Connected,
    /// It is behind, or cannot follow.
    Behind,
    /// Nothing tells.
    #[default]
    Unknown,
}

/// How a slave stands, by how much it is behind and why.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// How.
    pub state: State,
    /// By how much, at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behind: Option<Amount>,
    /// Of that, what has not arrived: lost if its master does not come back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<Amount>,
    /// Of that, what has arrived and is not applied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unapplied: Option<Amount>,
    /// Why, the strongest reason first.
    pub why: Vec<Why>,
    /// How much later it applies on purpose, ms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
}

/// Two commands are not asked at the same instant: pings in between are no lag. Bytes.
pub(super) const PINGS: u64 = 200;
/// The same for what a Sentinel last heard, which is up to ten seconds old.
const SENTINEL_NOISE: u64 = 2_500;

/// Judges all slaves.
pub(super) fn judge(reading: &Reading, model: &mut Model) {
    let view = |name: &str| model.node(name).map(|node| node.number);
    let masters: Vec<usize> =
        model.nodes.iter().filter(|node| node.role == Role::Master).map(|node| node.number).collect();
    let mut standings: Vec<Standing> = Vec::new();
    for node in &model.nodes {
        if node.role != Role::Slave {
            standings.push(Standing::default());
            continue;
        }
        let upstream = node.follows.first().and_then(|name| view(name));
        standings.push(one(reading, node.number, upstream, &masters));
    }
    let down: Vec<bool> = model.nodes.iter().map(|node| node.down).collect();
    let place = |name: &str| model.nodes.iter().position(|node| node.name == name);
    // What a node does not hand on, those below it do not get.
    let follows: Vec<Option<usize>> =
        model.nodes.iter().map(|node| node.follows.first().and_then(|name| place(name))).collect();
    for (at, upstream) in follows.iter().enumerate() {
        let Some(upstream) = *upstream else { continue };
        let above = standings.get(upstream).cloned().unwrap_or_default();
        let is_down = down.get(upstream) == Some(&true);
        if let Some(standing) = standings.get_mut(at) {
            below(standing, &above, is_down, model.kind);
        }
    }
    for (node, mut standing) in model.nodes.iter_mut().zip(standings) {
        standing.why.sort();
        standing.why.dedup();
        node.standing = standing;
    }
}

fn below(standing: &mut Standing, above: &Standing, upstream_down: bool, kind: Option<Kind>) {
    if upstream_down {
        let lost = standing.why.iter().any(|why| matches!(why, Why::NoLink | Why::Connecting | Why::Network));
        if lost || standing.why.is_empty() {
            standing.why.retain(|why| !matches!(why, Why::NoLink | Why::Connecting | Why::Network));
            standing.why.push(Why::DeadMaster);
            standing.state = State::Behind;
        }
        return;
    }
    let receives_not = [
        Why::NoLink,
        Why::Gap,
        Why::Diverged,
        Why::Down,
        Why::Refused,
        Why::NotReceiving,
        Why::DeadMaster,
        Why::Copying,
        Why::Network,
    ];
    let applies_not = [Why::Stopped, Why::Error, Why::Delayed, Why::Apply];
    let hands_on_applied = matches!(kind, Some(Kind::Mariadb | Kind::Mysql | Kind::Mongodb));
    let stands = above.state == State::Behind
        && (above.why.iter().any(|why| receives_not.contains(why))
            || hands_on_applied && above.why.iter().any(|why| applies_not.contains(why)));
    let blameless = standing.why.is_empty() || standing.why == [Why::Network];
    let nothing_missed = standing.state == State::InStep && above.behind.is_some_and(Amount::is_none);
    if stands && blameless && !nothing_missed {
        standing.why = vec![Why::Upstream];
        standing.state = State::Behind;
    }
}

/// The last thing that was said of the link, and all that was said of applying.
fn reasons(seen: &Seen) -> Vec<Why> {
    let mut found = Vec::new();
    let because: Vec<Why> = seen
        .facts
        .iter()
        .filter_map(|(fact, _)| if let Fact::Because(why) = fact { Some(*why) } else { None })
        .collect();
    let attached = seen.is(|fact| matches!(fact, Fact::LinkUp));
    for why in because {
        // Seen connected from the other side, and not by itself, or the other way round: what is wrong counts.
        found.push(why);
    }
    if let Some(Some(why)) = seen.find(|fact| if let Fact::LogSays(why) = fact { Some(*why) } else { None }) {
        found.push(why);
    }
    if seen.is(|fact| matches!(fact, Fact::NoReceiver)) && !attached {
        found.push(Why::NoLink);
    }
    if seen.is(|fact| matches!(fact, Fact::FollowsDoubtful(_)))
        && !seen.is(|fact| matches!(fact, Fact::Follows(_)))
        && !found.contains(&Why::Down)
    {
        found.push(Why::NoLink);
    }
    found
}

fn one(reading: &Reading, node: usize, upstream: Option<usize>, masters: &[usize]) -> Standing {
    let evidence = &reading.evidence;
    let Some(seen) = evidence.seen(node) else { return Standing::default() };
    let mut standing = Standing { why: reasons(seen), ..Standing::default() };
    // The row that shows most, of several the last one.
    let rows = seen.facts.iter().filter_map(|(fact, _)| match fact {
        Fact::AttachedTo(by, sender) => Some((evidence.of(*by), &**sender)),
        _ => None,
    });
    let sender = rows.max_by_key(|(_, sender)| sender.shown());
    let end = master_end(reading, upstream, masters);
    let noise = if reading.settings.sentinel_offsets { SENTINEL_NOISE } else { PINGS };
    positions(seen, &end, noise, &mut standing);
    if let Some((by, sender)) = sender {
        sent(sender, &sender_end(evidence, by), seen.kind, &mut standing);
    }
    told(seen, &mut standing);
    siblings(reading, node, upstream, &mut standing);
    let delay = seen.find(|fact| if let Fact::Delay(ms) = fact { Some(*ms) } else { None }).filter(|ms| *ms > 0);
    standing.delay_ms = delay;
    let unapplied = standing.unapplied.is_some_and(|amount| !amount.is_none());
    if delay.is_some() && (unapplied || standing.why.contains(&Why::Delayed)) {
        standing.why.retain(|why| *why != Why::Apply);
        standing.why.push(Why::Delayed);
    }
    settle(seen, &mut standing);
    standing
}

/// What is known of the end of the log that a slave follows.
fn master_end(reading: &Reading, upstream: Option<usize>, masters: &[usize]) -> Vec<Position> {
    let evidence = &reading.evidence;
    let mut found = Vec::new();
    let mut note = |node: usize, global: bool| {
        for (fact, _) in evidence.seen(node).map(|seen| seen.facts.as_slice()).unwrap_or_default().iter().rev() {
            if let Fact::At(Stage::Written, position) = fact
                && (global || !matches!(position, Position::Binlog(..)))
                && !found.contains(position)
            {
                found.push(position.clone());
            }
        }
    };
    if let Some(upstream) = upstream {
        note(upstream, true);
    }
    if let ([master], true) = (masters, upstream.is_none_or(|upstream| !masters.contains(&upstream))) {
        note(*master, false);
    }
    found
}

/// Compares what a slave says of itself with the end of its master's log, and with itself.
fn positions(seen: &Seen, end: &[Position], noise: u64, standing: &mut Standing) {
    let all = |stage: Stage| {
        seen.facts.iter().rev().filter_map(move |(fact, _)| match fact {
            Fact::At(at, position) if *at == stage => Some(position),
            _ => None,
        })
    };
    let preferred = |amount: &Option<Amount>| match amount {
        Some(Amount::Transactions(_)) => 0,
        Some(Amount::Bytes(_)) => 1,
        _ => 2,
    };
    let lacks = |stage: Stage| {
        let mut amounts: Vec<Option<Amount>> =
            all(stage).flat_map(|own| end.iter().map(move |end| own.behind(end))).filter(Option::is_some).collect();
        amounts.sort_by_key(preferred);
        amounts.into_iter().next().flatten()
    };
    let ping = |amount: Option<Amount>| match amount {
        Some(Amount::Bytes(bytes)) if bytes <= noise && seen.kind == Some(Kind::Redis) => Some(Amount::Bytes(0)),
        amount => amount,
    };
    standing.missing = ping(lacks(Stage::Received).or_else(|| lacks(Stage::Flushed)));
    let applied = ping(lacks(Stage::Applied));
    if applied.is_some_and(Amount::is_none) {
        standing.missing = standing.missing.filter(|amount| amount.is_none()).or(applied);
    }
    standing.behind = match (applied, standing.missing) {
        (None, missing) => missing,
        (applied, _) => applied,
    };
    // Positions of two pastes are of two instants.
    let at = |stage: Stage| {
        seen.facts.iter().rev().filter_map(move |(fact, place)| match fact {
            Fact::At(at, position) if *at == stage => Some((position, place.paste)),
            _ => None,
        })
    };
    let mut within: Vec<Option<Amount>> = at(Stage::Applied)
        .flat_map(|(own, paste)| at(Stage::Received).filter(move |it| it.1 == paste).map(move |(it, _)| own.behind(it)))
        .filter(Option::is_some)
        .collect();
    within.sort_by_key(preferred);
    standing.unapplied = within.into_iter().next().flatten();
    let some = |amount: Option<Amount>| amount.is_some_and(|amount| !amount.is_none());
    if some(standing.missing) && standing.why.is_empty() {
        standing.why.push(Why::Network);
    }
    if some(standing.unapplied) {
        if standing.behind.is_none_or(Amount::is_none) {
            standing.behind = standing.unapplied;
        }
        if !standing.why.iter().any(|why| matches!(why, Why::Stopped | Why::Error | Why::Delayed)) {
            standing.why.push(Why::Apply);
        }
    }
}

/// Lag that somebody has told in so many words.
fn told(seen: &Seen, standing: &mut Standing) {
    if let Some(lag) = seen.find(|fact| if let Fact::Lag(lag) = fact { Some(*lag) } else { None }) {
        if lag.is_none() {
            if standing.behind.is_none() {
                standing.state = State::NoLagShown;
            }
        } else if standing.behind.is_none_or(Amount::is_none) {
            standing.behind = Some(lag);
            if standing.why.is_empty() {
                standing.why.push(Why::Unknown);
            }
        }
    }
    let own = seen.find(|fact| if let Fact::OwnLag(lag) = fact { Some(*lag) } else { None });
    if let Some(Some(seconds)) = own {
        if seconds > 0 {
            standing.behind = standing
                .behind
                .filter(|amount| !amount.is_none())
                .or(Some(Amount::Milliseconds(seconds.saturating_mul(1_000))));
            if standing.why.is_empty() {
                standing.why.push(Why::Apply);
            }
        } else if standing.state == State::Unknown {
            standing.state = State::NoLagShown;
        }
    }
}

/// Where nobody knows the master's position, the slaves of one master can be compared.
fn siblings(reading: &Reading, node: usize, upstream: Option<usize>, standing: &mut Standing) {
    let evidence = &reading.evidence;
    let position = |node: usize| {
        evidence.seen(node).and_then(|seen| {
            seen.find(|fact| match fact {
                Fact::At(
                    Stage::Applied | Stage::Flushed | Stage::Received,
                    position @ (Position::Lsn(_) | Position::Offset(_)),
                ) => Some(position.clone()),
                _ => None,
            })
        })
    };
    let Some(own) = position(node).filter(|_| standing.behind.is_none()) else { return };
    let follows = |node: usize| {
        let up = evidence.seen(node)?.find(|fact| if let Fact::Follows(up) = fact { Some(*up) } else { None })?;
        Some(evidence.of(up))
    };
    let up = |node: usize| evidence.seen(node).is_some_and(|seen| !super::model::is_down(seen));
    let same = |other: &usize| *other != node && up(*other) && upstream.is_some() && follows(*other) == upstream;
    let others = evidence.all().into_iter().filter(same);
    let furthest = others.filter_map(|other| own.behind(&position(other)?)).max();
    let noise = if reading.settings.sentinel_offsets { SENTINEL_NOISE } else { PINGS };
    if let Some(Amount::Bytes(bytes)) = furthest
        && bytes > noise
    {
        standing.behind = Some(Amount::Bytes(bytes));
        standing.missing = Some(Amount::Bytes(bytes));
        if standing.why.is_empty() {
            standing.why.push(Why::Unknown);
        }
    }
}

/// Says in one word what all of it comes to.
fn settle(seen: &Seen, standing: &mut Standing) {
    let behind = standing.behind.is_some_and(|amount| !amount.is_none());
    if !standing.why.is_empty() {
        standing.state = State::Behind;
        return;
    }
    if standing.state == State::NotAcknowledged && behind {
        return;
    }
    if behind {
        standing.state = State::Behind;
        standing.why.push(Why::Unknown);
    } else if standing.behind.is_some() && standing.missing.is_some() {
        standing.state = State::InStep;
    } else if standing.behind.is_some()
        || standing.unapplied.is_some()
        || seen.is(|fact| matches!(fact, Fact::AppliesAll))
        || seen.kind == Some(Kind::Redis) && seen.at(Stage::Applied).is_some()
    {
        standing.state = State::AppliesAll;
    } else if standing.state == State::Unknown && seen.is(|fact| matches!(fact, Fact::LinkUp | Fact::LogSays(None))) {
        standing.state = State::Connected;
    }
}
