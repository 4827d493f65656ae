//! Which nodes of a paste are one: whoever answered without saying who it is may be known from another side.

use super::evidence::{Evidence, Fact, Role};
use super::notes::{Notes, mask};
use super::text::Place;

fn followed(evidence: &Evidence, node: usize) -> Vec<usize> {
    let mut found = Vec::new();
    for (fact, _) in evidence.seen(node).map(|seen| seen.facts.as_slice()).unwrap_or_default() {
        let upstream = match fact {
            Fact::Follows(upstream) | Fact::AttachedTo(upstream, _) | Fact::FollowsDoubtful(upstream) => {
                evidence.of(*upstream)
            }
            _ => continue,
        };
        if !found.contains(&upstream) {
            found.push(upstream);
        }
    }
    found
}

/// All nodes that some node follows.
fn all_followed(evidence: &Evidence) -> Vec<usize> {
    evidence.all().into_iter().flat_map(|node| followed(evidence, node)).collect()
}

fn is_anonymous(evidence: &Evidence, node: usize) -> bool {
    evidence.seen(node).is_some_and(|seen| seen.anonymous)
}

fn tells_of_itself(evidence: &Evidence, node: usize) -> bool {
    evidence
        .seen(node)
        .is_some_and(|seen| seen.is(|fact| matches!(fact, Fact::IsRole(_) | Fact::At(..) | Fact::Slaves(_))))
}

fn is_role(evidence: &Evidence, node: usize, role: Role) -> bool {
    let told = evidence.seen(node).and_then(|seen| {
        seen.find(|fact| match fact {
            Fact::IsRole(role) => Some(*role),
            _ => None,
        })
    });
    told == Some(role)
}

fn place(evidence: &Evidence, node: usize) -> Place {
    evidence.seen(node).and_then(|seen| seen.first).unwrap_or(Place { paste: 1, line: 1 })
}

/// Puts together what must be, or may well be, one node.
pub(super) fn unite(evidence: &mut Evidence, notes: &mut Notes) {
    by_what_slaves_follow(evidence, notes);
    the_only_master(evidence, notes);
    by_server_id(evidence);
    the_only_slave_left(evidence, notes);
}

/// A master sees its slaves, and these name it.
fn by_what_slaves_follow(evidence: &mut Evidence, notes: &mut Notes) {
    for node in evidence.all() {
        let upstreams = followed(evidence, node);
        let [first, second] = upstreams.as_slice() else { continue };
        let (hidden, named) = if is_anonymous(evidence, *first) { (*first, *second) } else { (*second, *first) };
        if is_anonymous(evidence, hidden) && !is_anonymous(evidence, named) && !tells_of_itself(evidence, named) {
            let at = place(evidence, hidden);
            evidence.unite(hidden, named);
            notes.assume(at, format!("The node that was asked is {}, which its slaves follow", mask(named)));
        }
    }
}

/// One master answered without a name, and one node is followed that did not answer.
fn the_only_master(evidence: &mut Evidence, notes: &mut Notes) {
    let all = evidence.all();
    let with_followers = all_followed(evidence);
    let answered = all.iter().copied().filter(|node| {
        is_anonymous(evidence, *node)
            && !is_role(evidence, *node, Role::Slave)
            && tells_of_itself(evidence, *node)
            && followed(evidence, *node).is_empty()
    });
    let answered: Vec<usize> = answered.collect();
    let silent = all.iter().copied().filter(|node| {
        !is_anonymous(evidence, *node)
            && with_followers.contains(node)
            && followed(evidence, *node).is_empty()
            && !tells_of_itself(evidence, *node)
    });
    let silent: Vec<usize> = silent.collect();
    if let ([answered], [silent]) = (answered.as_slice(), silent.as_slice())
        && evidence.seen(*answered).map(|seen| seen.kind) == evidence.seen(*silent).map(|seen| seen.kind)
    {
        let at = place(evidence, *answered);
        evidence.unite(*answered, *silent);
        notes.assume(at, format!("The master that was asked is {}, the only one that is followed", mask(*silent)));
    }
}

/// Servers of MariaDB and MySQL have numbers.
fn by_server_id(evidence: &mut Evidence) {
    let id = |evidence: &Evidence, node: usize| {
        evidence.seen(node).and_then(|seen| {
            seen.find(|fact| match fact {
                Fact::ServerId(id) => Some(*id),
                _ => None,
            })
        })
    };
    for node in evidence.all() {
        let Some(own) = id(evidence, node).filter(|_| is_anonymous(evidence, node)) else { continue };
        let other = evidence.all().into_iter().find(|other| *other != node && id(evidence, *other) == Some(own));
        if let Some(other) = other {
            evidence.unite(node, other);
        }
    }
}

/// A slave answered without a name, and one slave of its master has not answered.
fn the_only_slave_left(evidence: &mut Evidence, notes: &mut Notes) {
    for node in evidence.all() {
        if !is_anonymous(evidence, node) || !is_role(evidence, node, Role::Slave) {
            continue;
        }
        let upstreams = followed(evidence, node);
        let left: Vec<usize> = evidence
            .all()
            .into_iter()
            .filter(|other| {
                let same = followed(evidence, *other).iter().any(|upstream| upstreams.contains(upstream));
                *other != node && same && !is_anonymous(evidence, *other) && !tells_of_itself(evidence, *other)
            })
            .collect();
        if let [other] = left.as_slice() {
            let at = place(evidence, node);
            evidence.unite(*other, node);
            notes.assume(at, format!("The slave that was asked is {}, the only one of this master left", mask(*other)));
        }
    }
}
