//! Which nodes of a paste are one: whoever answered without saying who it is may be known from another side.

use super::evidence::{Evidence, Fact, Role, Stage, Why};
use super::notes::{Notes, mask};
use super::position::Amount;
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
    by_history(evidence);
    by_server_id(evidence);
    masters_without_names(evidence, notes);
    the_only_master(evidence, notes);
    the_only_slave_left(evidence, notes);
}

/// A master sees its slaves, and these name it. Whoever sees one slave is one node: it has one master.
fn by_what_slaves_follow(evidence: &mut Evidence, notes: &mut Notes) {
    for node in evidence.all() {
        let upstreams = followed(evidence, node);
        let (hidden, named): (Vec<usize>, Vec<usize>) =
            upstreams.into_iter().partition(|upstream| is_anonymous(evidence, *upstream));
        let Some((first, others)) = hidden.split_first() else { continue };
        others.iter().for_each(|other| evidence.unite(*first, *other));
        if let [named] = named.as_slice() {
            let at = place(evidence, *first);
            evidence.unite(*first, *named);
            notes.assume(at, format!("The node that was asked is {}, which its slaves follow", mask(*named)));
        }
    }
}

/// Masters of Redis with one history are one.
fn by_history(evidence: &mut Evidence) {
    let id = |evidence: &Evidence, node: usize| {
        let seen = evidence.seen(node)?;
        seen.find(|fact| if let Fact::History(id) = fact { Some(id.clone()) } else { None })
    };
    for node in evidence.all() {
        let Some(own) = id(evidence, node).filter(|_| is_anonymous(evidence, node)) else { continue };
        let other =
            evidence.all().into_iter().find(|other| *other != node && id(evidence, *other).as_ref() == Some(&own));
        if let Some(other) = other {
            evidence.unite(node, other);
        }
    }
}

/// Masters that answered without a name are one: a cluster has one.
fn masters_without_names(evidence: &mut Evidence, notes: &mut Notes) {
    let fits = |node: &usize| {
        is_anonymous(evidence, *node)
            && !is_role(evidence, *node, Role::Slave)
            && tells_of_itself(evidence, *node)
            && followed(evidence, *node).is_empty()
    };
    let found: Vec<usize> = evidence.all().into_iter().filter(fits).collect();
    let kind = |node: usize| evidence.seen(node).and_then(|seen| seen.kind);
    let Some((first, others)) = found.split_first() else { return };
    let same: Vec<usize> = others.iter().copied().filter(|other| kind(*other) == kind(*first)).collect();
    for other in same {
        let at = place(evidence, other);
        evidence.unite(*first, other);
        notes.assume(
            at,
            format!("The master that was asked is {} as before: nothing says that it is another one", mask(*first)),
        );
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
                // One that is connected is not one that is not.
                let linked = has_no_link(evidence, node) && is_linked(evidence, *other);
                *other != node
                    && same
                    && !linked
                    && fits(evidence, node, *other)
                    && !is_anonymous(evidence, *other)
                    && !tells_of_itself(evidence, *other)
            })
            .collect();
        if let [other] = left.as_slice() {
            let at = place(evidence, node);
            evidence.unite(*other, node);
            notes.assume(at, format!("The slave that was asked is {}, the only one of this master left", mask(*other)));
        }
    }
}

fn is_linked(evidence: &Evidence, node: usize) -> bool {
    evidence.seen(node).is_some_and(|seen| seen.is(|fact| matches!(fact, Fact::LinkUp)))
}

fn has_no_link(evidence: &Evidence, node: usize) -> bool {
    let broken = |fact: &Fact| matches!(fact, Fact::Because(why) if *why != Why::Stopped && *why != Why::Apply && *why != Why::Delayed);
    evidence.seen(node).is_some_and(|seen| seen.is(broken) || seen.is(|fact| matches!(fact, Fact::NoReceiver)))
}

/// Whether what a slave says of itself may be what its master says of this one.
fn fits(evidence: &Evidence, node: usize, other: usize) -> bool {
    let applied = evidence.seen(node).and_then(|seen| seen.at(Stage::Applied));
    let told = evidence.seen(other).and_then(|seen| {
        seen.find(|fact| if let Fact::AttachedTo(_, sender) = fact { sender.applied.as_ref() } else { None })
    });
    let Some((applied, told)) = applied.zip(told) else { return true };
    let near = |amount: Option<Amount>| amount.is_none_or(|amount| amount <= Amount::Bytes(1_000));
    near(applied.behind(told)) && near(told.behind(applied))
}
