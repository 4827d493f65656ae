//! What can be done to a cluster, and how it is said in a run text.

use super::look::{ids, is_up, members};
use super::operator::Operator;
use super::question::Plan;
use crate::cluster::{Cluster, LineOutcome, Process};
use crate::run::Run;
use crate::scenario::{Break, Command, Name, NodeCommand, Pair, Request};
use crate::time::{self, Us};

/// Something that can be done. Nodes by their endpoint number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// A client writes at this node.
    Write(u16),
    /// Its power fails.
    Crash(u16),
    /// It hangs.
    Freeze(u16),
    /// It comes back.
    Start(u16),
    /// It goes on.
    Thaw(u16),
    /// The link is cut.
    Cut(u16, u16),
    /// One way of the link is cut.
    CutWay(u16, u16),
    /// The link is slow: bytes wait.
    Hold(u16, u16),
    /// One way of the link is slow.
    HoldWay(u16, u16),
    /// The link works again.
    Heal(u16, u16),
    /// All links of the node to other nodes are cut, and both ends know.
    Partition(u16),
    /// All links of the node to other nodes are silent, and nobody is told.
    Isolate(u16),
    /// All links work again.
    HealAll,
    /// The slave stops applying.
    Pause(u16),
    /// The slave applies again.
    Resume(u16),
    /// The operator's runbook: promote this one, and point all others to it.
    Failover(u16),
    /// Only promote it.
    Promote(u16),
    /// It is told to follow the master.
    Rejoin(u16),
    /// The time-outs of this length pass, µs.
    Wait(Us),
}

impl Act {
    /// Whether it is a fault, and not what mends one, a client's doing, or an operator's.
    pub fn is_fault(self) -> bool {
        matches!(
            self,
            Act::Crash(_)
                | Act::Freeze(_)
                | Act::Cut(..)
                | Act::CutWay(..)
                | Act::Partition(_)
                | Act::Isolate(_)
                | Act::Pause(_)
        )
    }

    /// How plain it is: among findings of the same length the plainest is shown.
    pub(super) fn weight(self) -> u32 {
        match self {
            Act::Write(_) | Act::Failover(_) | Act::Start(_) => 1,
            Act::Crash(_) | Act::Promote(_) | Act::Rejoin(_) | Act::HealAll | Act::Heal(..) | Act::Thaw(_) => 2,
            Act::Wait(_) => 3,
            Act::Cut(..) => 4,
            Act::Hold(..) | Act::Resume(_) | Act::CutWay(..) => 5,
            Act::Freeze(_) | Act::Pause(_) | Act::HoldWay(..) => 6,
            Act::Partition(_) | Act::Isolate(_) => 7,
        }
    }

    /// In a few words, with the names of the nodes.
    pub fn words(self, cluster: &Cluster) -> String {
        let n = |id: u16| cluster.name(id);
        match self {
            Act::Write(a) => format!("write @{}", n(a)),
            Act::Crash(a) => format!("crash {}", n(a)),
            Act::Freeze(a) => format!("freeze {}", n(a)),
            Act::Start(a) => format!("start {}", n(a)),
            Act::Thaw(a) => format!("thaw {}", n(a)),
            Act::Cut(a, b) => format!("cut {}-{}", n(a), n(b)),
            Act::CutWay(a, b) => format!("cut {}->{}", n(a), n(b)),
            Act::Hold(a, b) => format!("hold {}-{}", n(a), n(b)),
            Act::HoldWay(a, b) => format!("hold {}->{}", n(a), n(b)),
            Act::Heal(a, b) => format!("heal {}-{}", n(a), n(b)),
            Act::Partition(a) => format!("partition {}", n(a)),
            Act::Isolate(a) => format!("isolate {}", n(a)),
            Act::HealAll => "heal all".to_owned(),
            Act::Pause(a) => format!("pause-apply {}", n(a)),
            Act::Resume(a) => format!("resume-apply {}", n(a)),
            Act::Failover(a) => format!("failover to {}", n(a)),
            Act::Promote(a) => format!("promote {}", n(a)),
            Act::Rejoin(a) => format!("rejoin {}", n(a)),
            Act::Wait(us) => format!("wait {}", time::print(us)),
        }
    }

    /// What it means, for the comment above its lines.
    pub(super) fn comment(self, cluster: &Cluster, operator: Operator) -> String {
        let n = |id: u16| cluster.name(id);
        let master = n(cluster.master());
        match self {
            Act::Write(a) if a == cluster.master() => "A client writes.".to_owned(),
            Act::Write(a) => format!("A client that still knows {} as the master writes there.", n(a)),
            Act::Crash(a) => format!("The power of {} fails.", n(a)),
            Act::Freeze(a) => format!("{} hangs.", n(a)),
            Act::Start(a) => format!("{} comes back.", n(a)),
            Act::Thaw(a) => format!("{} goes on.", n(a)),
            Act::Cut(a, b) => format!("The link between {} and {} is cut.", n(a), n(b)),
            Act::CutWay(a, b) => format!("Nothing gets from {} to {} any more.", n(a), n(b)),
            Act::Hold(a, b) => format!("The link between {} and {} is slow.", n(a), n(b)),
            Act::HoldWay(a, b) => format!("The way from {} to {} is slow.", n(a), n(b)),
            Act::Heal(a, b) => format!("The link between {} and {} works again.", n(a), n(b)),
            Act::Partition(a) => format!("No other node reaches {}; clients do.", n(a)),
            Act::Isolate(a) => format!("{} no longer hears the other nodes, nor they it; nobody is told.", n(a)),
            Act::HealAll => "All links work again.".to_owned(),
            Act::Pause(a) => format!("{} receives, and does not apply.", n(a)),
            Act::Resume(a) => format!("{} applies again.", n(a)),
            Act::Failover(a) => failover_comment(cluster, operator, a),
            Act::Promote(a) => format!("Somebody promotes {}.", n(a)),
            Act::Rejoin(a) => format!("The operator lets {} follow {master}.", n(a)),
            Act::Wait(us) => format!("{} pass: what waits for a time-out has waited.", time::print(us)),
        }
    }

    /// The lines that do it now. Those behind the first one count as done where they cannot be.
    pub(super) fn commands(self, run: &Run, plan: &Plan) -> Vec<Command> {
        let cluster = run.cluster();
        let n = |id: u16| Name(cluster.name(id).into());
        let node = |command: NodeCommand, id: u16| vec![Command::Node(command, n(id))];
        let both = |kind: Break, a: u16, b: u16| vec![Command::Break(kind, Pair::Both(n(a), n(b)))];
        let way = |kind: Break, a: u16, b: u16| vec![Command::Break(kind, Pair::OneWay(n(a), n(b)))];
        match self {
            Act::Write(a) => {
                let number = plan.own_number(cluster.history().write_count() + 1);
                let (key, value) = (format!("{}{number}", plan.prefix), number.to_string());
                let target = (a != cluster.master()).then(|| n(a));
                let client = Some(plan.writer.clone());
                vec![Command::Operation { client, request: Request::Write { key, value }, target, local: false }]
            }
            Act::Crash(a) => node(NodeCommand::Crash, a),
            Act::Freeze(a) => node(NodeCommand::Freeze, a),
            Act::Start(a) => node(NodeCommand::Start, a),
            Act::Thaw(a) => node(NodeCommand::Thaw, a),
            Act::Partition(a) => node(NodeCommand::Partition, a),
            Act::Pause(a) => node(NodeCommand::PauseApply, a),
            Act::Resume(a) => node(NodeCommand::ResumeApply, a),
            Act::Cut(a, b) => both(Break::Cut, a, b),
            Act::Hold(a, b) => both(Break::Hold, a, b),
            Act::Heal(a, b) => both(Break::Heal, a, b),
            Act::CutWay(a, b) => way(Break::Cut, a, b),
            Act::HoldWay(a, b) => way(Break::Hold, a, b),
            Act::Isolate(a) => {
                let others = ids(cluster).into_iter().filter(|&other| other != a);
                others.flat_map(|other| both(Break::Hold, a, other)).collect()
            }
            Act::HealAll => vec![Command::HealAll],
            Act::Failover(a) => failover(cluster, plan.operator, a),
            Act::Promote(a) => vec![Command::Promote { node: n(a), drain: false }],
            Act::Rejoin(a) => vec![follow(cluster, a, cluster.master())],
            Act::Wait(_) => Vec::new(),
        }
    }
}

/// The line that lets one node follow another.
pub(super) fn follow(cluster: &Cluster, node: u16, upstream: u16) -> Command {
    let name = |id: u16| Name(cluster.name(id).into());
    Command::Follow { node: name(node), upstream: name(upstream), force: false }
}

/// The runbook: the old master's power is switched off, the slave is promoted, all others follow it. The old master is
/// pointed there too, on its disk, but only while it is known to be off.
fn failover(cluster: &Cluster, operator: Operator, to: u16) -> Vec<Command> {
    let old = cluster.master();
    let name = |id: u16| Name(cluster.name(id).into());
    let down = |id: u16| cluster.member(id).is_some_and(|member| member.process == Process::Down);
    let fences = operator.fences() && !down(old);
    let mut commands = Vec::new();
    if fences {
        commands.push(Command::Node(NodeCommand::Crash, name(old)));
    }
    commands.push(Command::Promote { node: name(to), drain: false });
    let follows = |id: u16| id != to && (id != old || fences || down(old));
    commands.extend(ids(cluster).into_iter().filter(|&id| follows(id)).map(|id| follow(cluster, id, to)));
    commands
}

fn failover_comment(cluster: &Cluster, operator: Operator, to: u16) -> String {
    let (old, new) = (cluster.name(cluster.master()), cluster.name(to));
    let off = cluster.member(cluster.master()).is_some_and(|member| member.process == Process::Down);
    let others = members(cluster).filter(|member| member.node.id != cluster.master() && member.node.id != to);
    let alone = others.filter(|member| is_up(cluster, member.node.id)).count() == 0;
    let choice = if alone { "the only one that runs" } else { "the furthest that runs" };
    match (operator.fences(), off) {
        (true, false) => format!("{old} is out of sight: the operator switches it off and promotes {new}, {choice}."),
        (_, true) => format!("{old} is down: the operator promotes {new}, {choice}."),
        (false, false) => {
            format!("{old} is out of sight: the operator holds it for dead and promotes {new}, {choice}.")
        }
    }
}

/// Does the lines of an act, and no more. False if the first of them cannot be done.
pub(super) fn perform(run: &mut Run, act: Act, plan: &Plan) -> bool {
    match act {
        Act::Wait(us) => {
            let until = run.now() + us;
            run.advance(until, crate::limits::STUDY_EVENTS_MAX)
        }
        _ => {
            let mut done = true;
            for (place, command) in act.commands(run, plan).iter().enumerate() {
                let failed = matches!(run.do_unwritten(command), LineOutcome::Failed(_));
                done &= !failed || place > 0 && !matches!(command, Command::Promote { .. });
            }
            done
        }
    }
}
