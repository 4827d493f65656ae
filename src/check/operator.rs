//! Who acts for the cluster when a node is gone, by which rules.

use super::act::Act;
use super::look::{astray, ids, is_cut, is_held, is_up, members};
use super::names;
use super::question::{Mean, Plan};
use crate::cluster::{Cluster, Member, Process};
use crate::error::Error;
use crate::scenario::{Quota, Replication};

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// Nobody is promoted.
    Nobody,
    /// When the master is out of sight: switches it off, promotes the furthest slave that runs, points all others to it.
    Careful,
    /// The same, but only while so many slaves run that one of them has every acknowledged write.
    Strict,
    /// As careful, but without switching the old master off: what is out of sight is held for dead.
    Unfenced,
    /// Promotes any slave that runs, at any time.
    Hasty,
    /// The settings fail over by themselves.
    BuiltIn,
}

/// All of them.
pub const OPERATORS: [Operator; 6] =
    [Operator::Nobody, Operator::Careful, Operator::Strict, Operator::Unfenced, Operator::Hasty, Operator::BuiltIn];

impl Operator {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Operator::Nobody => "nobody",
            Operator::Careful => "careful",
            Operator::Strict => "strict",
            Operator::Unfenced => "unfenced",
            Operator::Hasty => "hasty",
            Operator::BuiltIn => "built-in",
        }
    }

    /// The operator of this name.
    ///
    /// # Errors
    ///
    /// There is none: the error says which ones there are, and which one may have been meant.
    pub fn named(name: &str) -> Result<Self, Error> {
        names::find("operator", name, OPERATORS.map(|operator| (operator.name(), operator)).as_slice())
    }

    /// Its rules, in the words of a runbook.
    pub fn runbook(self) -> &'static str {
        match self {
            Operator::Nobody => "Nobody is promoted. Nodes come back as they went.",
            Operator::Careful => {
                "The master is out of sight when it is down, hangs, or no slave reaches it. Then: switch its power off; of \
                 the slaves that run, promote the one that has received most; point all others to it. A node that runs \
                 and follows nobody, or another one, is told to follow the master, the engine's own way."
            }
            Operator::Strict => {
                "As careful, but do not promote as long as so few slaves run that an acknowledged write may be on none of \
                 them: of n slaves of which k must acknowledge, n − k + 1 must run; under asynchronous replication all."
            }
            Operator::Unfenced => {
                "As careful, but nobody can switch the old master off: if it is only cut off, it goes on taking writes."
            }
            Operator::Hasty => "Promote any slave that runs, whenever you like, and point nobody else to it.",
            Operator::BuiltIn => "Nobody acts: the quorum, the lease or the election of the settings does.",
        }
    }

    /// Whether it switches the old master off.
    pub(super) fn fences(self) -> bool {
        matches!(self, Operator::Careful | Operator::Strict)
    }

    /// Whether somebody brings nodes back under the master.
    pub(super) fn tends(self) -> bool {
        !matches!(self, Operator::Nobody | Operator::BuiltIn)
    }
}

/// What the operator would do now.
pub(super) fn acts(cluster: &Cluster, plan: &Plan) -> Vec<Act> {
    let others = || members(cluster).filter(|member| member.node.id != cluster.master());
    match plan.operator {
        Operator::Nobody | Operator::BuiltIn => Vec::new(),
        Operator::Hasty => {
            let up = others().filter(|member| member.process == Process::Up);
            let promoted = up.map(|member| Act::Promote(member.node.id));
            promoted.chain(astray(cluster).into_iter().map(Act::Rejoin)).collect()
        }
        Operator::Careful | Operator::Strict | Operator::Unfenced if out_of_sight(cluster, plan) => {
            let able = || others().filter(|member| member.process == Process::Up && member.node.followed().is_some());
            if plan.operator == Operator::Strict && able().count() < enough_to_be_sure(cluster) {
                return Vec::new();
            }
            let place = |member: &Member| (member.node.position().epoch, member.node.position().lsn);
            let best = able().map(place).max();
            able().filter(|member| Some(place(member)) == best).map(|member| Act::Failover(member.node.id)).collect()
        }
        Operator::Careful | Operator::Strict | Operator::Unfenced => {
            astray(cluster).into_iter().map(Act::Rejoin).collect()
        }
    }
}

/// Whether the operator, who sits with the slaves, does not see the master: it is down, it hangs, or no slave reaches it.
/// What is held is slow and still seen, unless a node can be isolated in silence.
pub(super) fn out_of_sight(cluster: &Cluster, plan: &Plan) -> bool {
    let master = cluster.master();
    let silent = |other: u16| plan.means.has(Mean::Isolate) && is_held(cluster, master, other);
    let mut others = ids(cluster).into_iter().filter(|&other| other != master);
    !is_up(cluster, master) || others.all(|other| is_cut(cluster, master, other) || silent(other))
}

/// So many slaves must run that one of them has every acknowledged write.
fn enough_to_be_sure(cluster: &Cluster) -> usize {
    let slaves = members(cluster).count() - 1;
    match cluster.rules().replication {
        Replication::Sync { count: Quota::Slaves(count), .. } => slaves + 1 - usize::from(count).min(slaves),
        Replication::Sync { count: Quota::Majority, .. } => slaves + 1 - cluster.rules().members / 2,
        Replication::Sync { count: Quota::All, .. } => 1,
        Replication::Async => slaves,
    }
}
