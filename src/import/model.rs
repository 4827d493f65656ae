//! The cluster that the pastes tell of: nodes under their masks, roles, who follows whom, who is behind and why.

use serde::Serialize;

use super::evidence::{Evidence, Fact, Kind, Role, Seen, Stage, Why};
use super::judge::{self, Standing};
use super::notes::{Notes, mask};
use super::read::Reading;
use super::text::Place;

/// How it is known what a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// It says so itself.
    Itself,
    /// Another node or a tool says so.
    Others,
    /// It follows from the rest.
    Assumed,
    /// It is in no paste: somebody must be the master.
    Unseen,
}

/// A node.
#[derive(Debug, Clone, Serialize)]
pub struct Node {
    /// `m`, `s1`, `s2` …
    pub name: String,
    /// What it is.
    pub role: Role,
    /// How that is known.
    pub known: Source,
    /// Whom it follows, by name.
    pub follows: Vec<String>,
    /// Whether that is only what a tool holds, and a mark says that it is not so now.
    pub doubtful: bool,
    /// Whether nothing says whom it follows: then that is assumed.
    pub follows_assumed: bool,
    /// Whether it was found to be down.
    pub down: bool,
    /// How it stands to its master.
    pub standing: Standing,
    /// Which synchronous standby it is: `sync`, `potential`, `quorum`, `async`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync: Option<&'static str>,
    /// Whom a failover takes first, as the engine counts; 0 for never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<u64>,
    /// Whether it is never promoted.
    pub never_promoted: bool,
    #[serde(skip)]
    pub(super) number: usize,
}

/// The cluster.
#[derive(Debug, Clone, Serialize)]
pub struct Model {
    /// Whose status it is, if it can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// The nodes: the master first.
    pub nodes: Vec<Node>,
}

impl Model {
    /// The node with a name.
    pub fn node(&self, name: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.name == name)
    }

    /// The master: of several the first.
    pub fn master(&self) -> Option<&Node> {
        self.nodes.iter().find(|node| node.role == Role::Master)
    }

    /// Nodes that follow another one.
    pub fn slaves(&self) -> impl Iterator<Item = &Node> {
        self.nodes.iter().filter(|node| node.role == Role::Slave)
    }
}

/// What a node is, as far as it was told.
fn told_role(seen: &Seen) -> Option<(Role, Source)> {
    let itself = seen.find(|fact| match fact {
        Fact::IsRole(role) => Some(*role),
        _ => None,
    });
    let others = seen.find(|fact| match fact {
        Fact::CalledRole(role) => Some(*role),
        _ => None,
    });
    itself.map(|role| (role, Source::Itself)).or_else(|| others.map(|role| (role, Source::Others)))
}

/// What the variables of MariaDB and MySQL let guess.
fn guessed_role(seen: &Seen) -> Option<Role> {
    let semi = seen.find(|fact| match fact {
        Fact::SemiMaster { on, clients, gave_up, .. }
            if *on || clients.is_some_and(|count| count > 0) || *gave_up > 0 =>
        {
            Some(Role::Master)
        }
        Fact::SemiSlave(true) => Some(Role::Slave),
        _ => None,
    });
    let read_only = seen.find(|fact| match fact {
        Fact::ReadOnly(read_only) => Some(*read_only),
        _ => None,
    });
    let from_master = seen.find(|fact| match fact {
        Fact::Gtids { slave, .. } => Some(slave.is_some()),
        _ => None,
    });
    let by_variables = match (read_only, from_master) {
        (Some(true), _) => Some(Role::Slave),
        (Some(false), _) | (None, Some(false)) => Some(Role::Master),
        (None, Some(true)) => Some(Role::Slave),
        (None, None) => None,
    };
    semi.or(by_variables)
}

fn role_of(evidence: &Evidence, node: usize, notes: &mut Notes) -> Option<(Role, Source)> {
    let seen = evidence.seen(node)?;
    if let Some(told) = told_role(seen) {
        return Some(told);
    }
    if seen.is(|fact| matches!(fact, Fact::Follows(_) | Fact::AttachedTo(..) | Fact::LogSays(_))) {
        return Some((Role::Slave, Source::Others));
    }
    if seen.is(|fact| matches!(fact, Fact::FollowsDoubtful(_))) {
        return Some((Role::Slave, Source::Assumed));
    }
    let place = seen.first.unwrap_or(Place { paste: 1, line: 1 });
    if let Some(role) = guessed_role(seen) {
        let word = if role == Role::Master { "a master" } else { "a slave" };
        notes.assume(place, format!("{} is {word}, as its variables look", mask(node)));
        return Some((role, Source::Assumed));
    }
    if seen.is(|fact| matches!(fact, Fact::NoReceiver)) {
        notes.assume(place, format!("{} is a slave without a connection: a master has no receiver either", mask(node)));
        return Some((Role::Slave, Source::Assumed));
    }
    let followed = evidence.all().into_iter().any(|other| {
        let follows = |seen: &Seen| {
            seen.is(|fact| matches!(fact, Fact::Follows(up) | Fact::AttachedTo(up, _) if evidence.of(*up) == node))
        };
        other != node && evidence.seen(other).is_some_and(follows)
    });
    let looks = seen.is(|fact| matches!(fact, Fact::LooksLikeMaster));
    let writes = looks || seen.at(Stage::Written).is_some() || seen.is(|fact| matches!(fact, Fact::Slaves(_)));
    if followed || writes {
        notes.assume(place, format!("{} is the master: nothing says that it follows anybody", mask(node)));
        return Some((Role::Master, Source::Assumed));
    }
    None
}

/// Builds the cluster from all that was read.
pub(super) fn build(reading: &mut Reading) -> Model {
    let mut numbers: Vec<(usize, Role, Source)> = Vec::new();
    for node in reading.evidence.all() {
        let told = role_of(&reading.evidence, node, &mut reading.notes);
        let (role, source) = told.unwrap_or((Role::Unknown, Source::Assumed));
        numbers.push((node, role, source));
    }
    the_dead_one(reading, &mut numbers);
    if !numbers.is_empty() && !numbers.iter().any(|(_, role, _)| *role == Role::Master) {
        unseen_master(reading, &mut numbers);
    }
    let kind = numbers.iter().find_map(|(node, ..)| reading.evidence.seen(*node)?.kind);
    let upstreams: Vec<Vec<usize>> =
        numbers.iter().map(|(node, role, _)| upstreams(reading, (*node, *role), &numbers)).collect();
    // The living master first, the one with most followers; then the others as they came.
    let followers = |node: usize| upstreams.iter().filter(|list| list.contains(&node)).count();
    let down = |node: usize| reading.evidence.seen(node).is_some_and(is_down);
    let rank =
        |(node, role, _): &(usize, Role, Source)| (*role != Role::Master, down(*node), usize::MAX - followers(*node));
    let first = numbers.iter().enumerate().min_by_key(|(place, entry)| (rank(entry), *place)).map(|(place, _)| place);
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    if let Some(first) = first {
        order.retain(|place| *place != first);
        order.insert(0, first);
    }
    let leads = order.first().and_then(|place| numbers.get(*place)).is_some_and(|(_, role, _)| *role == Role::Master);
    let mut nodes: Vec<Node> = Vec::new();
    for (rank, place) in order.iter().enumerate() {
        let Some((node, role, source)) = numbers.get(*place).copied() else { continue };
        let seen = reading.evidence.seen(node);
        let priority = seen.and_then(|seen| {
            seen.find(|fact| match fact {
                Fact::Priority(priority) => Some(*priority),
                _ => None,
            })
        });
        nodes.push(Node {
            name: if leads && rank == 0 { "m".to_owned() } else { format!("s{}", rank + usize::from(!leads)) },
            role,
            known: source,
            follows: Vec::new(),
            follows_assumed: !seen
                .is_some_and(|seen| seen.is(|fact| matches!(fact, Fact::Follows(_) | Fact::FollowsDoubtful(_)))),
            doubtful: seen.is_some_and(|seen| {
                seen.is(|fact| matches!(fact, Fact::FollowsDoubtful(_)))
                    && !seen.is(|fact| matches!(fact, Fact::Follows(_)))
            }),
            down: seen.is_some_and(is_down),
            standing: Standing::default(),
            sync: seen.and_then(sync_of),
            priority,
            never_promoted: priority == Some(0)
                || seen.is_some_and(|seen| seen.is(|fact| matches!(fact, Fact::NoFailover))),
            number: node,
        });
    }
    let names: Vec<(usize, String)> = nodes.iter().map(|node| (node.number, node.name.clone())).collect();
    for (node, place) in nodes.iter_mut().zip(&order) {
        let list = upstreams.get(*place).map(Vec::as_slice).unwrap_or_default();
        node.follows = list
            .iter()
            .filter_map(|up| names.iter().find(|(number, _)| number == up).map(|(_, name)| name.clone()))
            .collect();
    }
    let mut model = Model { kind, nodes };
    count_slaves(reading, &model);
    judge::judge(reading, &mut model);
    model
}

pub(super) fn is_down(seen: &Seen) -> bool {
    seen.is(|fact| matches!(fact, Fact::Because(Why::Down)))
}

fn sync_of(seen: &Seen) -> Option<&'static str> {
    let told = seen.find(|fact| match fact {
        Fact::Sync(sync) => Some(sync.as_str()),
        _ => None,
    })?;
    ["sync", "potential", "quorum", "async"].into_iter().find(|word| *word == told)
}

/// If nobody is the master and one node does not answer, that is the one.
fn the_dead_one(reading: &mut Reading, numbers: &mut [(usize, Role, Source)]) {
    if numbers.iter().any(|(_, role, _)| *role == Role::Master) {
        return;
    }
    let evidence = &reading.evidence;
    let dead =
        |(node, role, _): &(usize, Role, Source)| *role == Role::Unknown && evidence.seen(*node).is_some_and(is_down);
    let count = numbers.iter().filter(|entry| dead(entry)).count();
    if let (Some((node, role, _)), 1) = (numbers.iter_mut().find(|entry| dead(entry)), count) {
        *role = Role::Master;
        let place = evidence.seen(*node).and_then(|seen| seen.first).unwrap_or(Place { paste: 1, line: 1 });
        reading
            .notes
            .assume(place, format!("{} is the master: it does not answer, and nobody else is one", mask(*node)));
    }
}

/// Somebody must be the master.
fn unseen_master(reading: &mut Reading, numbers: &mut Vec<(usize, Role, Source)>) {
    let place = Place { paste: 1, line: 1 };
    let Some(node) = reading.evidence.fresh(place) else { return };
    if let Some((first, ..)) = numbers.first()
        && let Some(kind) = reading.evidence.seen(*first).and_then(|seen| seen.kind)
    {
        reading.evidence.note_kind(node, kind);
    }
    numbers.push((node, Role::Master, Source::Unseen));
    reading.notes.assume(place, format!("There is a master, {}, which is in no paste", mask(node)));
}

/// Whom a node follows, the latest first.
fn upstreams(reading: &mut Reading, (node, role): (usize, Role), all: &[(usize, Role, Source)]) -> Vec<usize> {
    let evidence = &reading.evidence;
    if role != Role::Slave {
        return Vec::new();
    }
    let mut found: Vec<usize> = Vec::new();
    let facts = evidence.seen(node).map(|seen| seen.facts.as_slice()).unwrap_or_default();
    for (fact, _) in facts.iter().rev() {
        if let Fact::Follows(upstream) = fact {
            let upstream = evidence.of(*upstream);
            if upstream != node && !found.contains(&upstream) {
                found.push(upstream);
            }
        }
    }
    if found.is_empty() {
        let doubtful = facts.iter().rev().find_map(|(fact, _)| match fact {
            Fact::FollowsDoubtful(upstream) => Some(evidence.of(*upstream)),
            _ => None,
        });
        found.extend(doubtful.filter(|upstream| *upstream != node));
    }
    if found.is_empty() && role == Role::Slave {
        let mut masters = all.iter().filter(|(other, role, _)| *role == Role::Master && *other != node);
        if let (Some((master, ..)), None) = (masters.next(), masters.next()) {
            let place = evidence.seen(node).and_then(|seen| seen.first).unwrap_or(Place { paste: 1, line: 1 });
            found.push(*master);
            reading
                .notes
                .assume(place, format!("{} follows {}: nothing says whom it follows", mask(node), mask(*master)));
        }
    }
    found
}

/// Somebody counts more slaves than the pastes name.
fn count_slaves(reading: &mut Reading, model: &Model) {
    for node in &model.nodes {
        let named = model.nodes.iter().filter(|other| other.follows.contains(&node.name)).count();
        let Some(seen) = reading.evidence.seen(node.number) else { continue };
        let counted = seen.facts.iter().rev().find_map(|(fact, place)| match fact {
            Fact::Slaves(count) => Some((*count, *place)),
            _ => None,
        });
        let more = counted.filter(|(count, _)| usize::try_from(*count).is_ok_and(|count| count > named));
        if let Some((count, place)) = more {
            let text = format!("{} has {count} slaves; {named} of them are named", mask(node.number));
            reading.notes.assume(place, text);
        }
    }
}
