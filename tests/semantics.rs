//! What was true in every run of the real databases that was watched, as properties of random runs with random settings
//! and faults. A run that fails is printed as a run text.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use replication_playground::cluster::{Cluster, Member, Process, Role, Upstream};
use replication_playground::facts::Lsn;
use replication_playground::facts::{Event, Fact};
use replication_playground::history::OWN_RECORD;
use replication_playground::history::Outcome;
use replication_playground::random;
use replication_playground::run::Run;
use replication_playground::scenario::{Command, Failover};

fn config() -> ProptestConfig {
    let mut config = ProptestConfig::with_cases(ProptestConfig::default().cases / 2);
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(2026);
    }
    config
}

/// Plays a random run event by event, and lets `check` see each step with the facts that came of it.
fn each_step(seed: u64, mut check: impl FnMut(&Run, &[Fact]) -> Result<(), String>) -> Result<(), TestCaseError> {
    let text = random::run_text(seed >> 12, 120, false);
    let mut run = Run::new(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let (last, mut seen) = (run.last_line_us(), 0);
    while run.next_at().is_some_and(|at| at <= last) {
        run.step();
        let facts: Vec<Fact> = run.cluster().history().since(seen).collect();
        seen = run.cluster().history().len();
        check(&run, &facts).map_err(|why| TestCaseError::fail(format!("at {} µs: {why}\n{text}", run.now())))?;
    }
    Ok(())
}

fn slaves(cluster: &Cluster) -> impl Iterator<Item = (&Member, &Member)> {
    cluster.members().filter(|member| !member.removed).filter_map(|member| match member.node.role {
        Role::Slave { upstream } => Some((member, cluster.member(upstream)?)),
        Role::Master => None,
    })
}

proptest! {
    #![proptest_config(config())]

    /// 1. A slave has applied and flushed at most what it has received, and received at most what was sent to it.
    #[test]
    fn no_position_of_a_slave_is_ahead_of_the_one_before_it(seed in any::<u64>()) {
        each_step(seed, |run, _| {
            for (slave, upstream) in slaves(run.cluster()) {
                let progress = slave.node.progress();
                let streams = matches!(slave.node.upstream(), Upstream::Streaming { .. }) && slave.process == Process::Up;
                let sent = upstream.node.sent_to(slave.node.id).filter(|_| streams).unwrap_or(Lsn::MAX);
                let known = upstream.node.acknowledged_by(slave.node.id).filter(|_| streams);
                if progress.applied > progress.received || progress.flushed > progress.received || progress.received > sent {
                    return Err(format!("{}: {progress:?}, sent {sent}", slave.name));
                }
                if known.is_some_and(|known| known.received > progress.received || known.applied > progress.applied) {
                    return Err(format!("{} is held to be further than it is: {known:?}, {progress:?}", slave.name));
                }
            }
            Ok(())
        })?;
    }

    /// 2. The same position of the same epoch is the same write on all nodes, and a node shows what a prefix of its log
    /// makes, unless it took writes for itself or was forced.
    #[test]
    fn a_node_shows_a_prefix_of_one_history(seed in any::<u64>()) {
        let (mut stained, mut hides) = (BTreeSet::new(), false);
        each_step(seed, |run, facts| {
            for fact in facts {
                match fact.event {
                    Event::WrittenLocally { node, .. } | Event::Forced { node, .. } => { stained.insert(node); }
                    _ => {}
                }
            }
            let mut history: BTreeMap<(u32, Lsn), u32> = BTreeMap::new();
            // A copy of a stained node's state is stained as well.
            let spread = !stained.is_empty();
            for member in run.cluster().members().filter(|member| member.process != Process::Down) {
                for entry in member.node.disk.log.entries(run.cluster().history()) {
                    let known = *history.entry((entry.epoch, entry.lsn)).or_insert(entry.write);
                    if known != entry.write {
                        return Err(format!("{} holds #{} at {} of epoch {}, another node #{known}", member.name, entry.write, entry.lsn, entry.epoch));
                    }
                }
                // A master that hides what waits for slaves may show a later write early, whose client no longer waits.
                hides |= run.cluster().rules().replication.to_string().contains("hidden");
                if spread || hides {
                    continue;
                }
                let log = &member.node.disk.log;
                let mut shown = BTreeMap::new();
                for entry in log.entries(run.cluster().history()).filter(|entry| entry.lsn <= member.node.disk.applied) {
                    // A server's own records show nothing.
                    if entry.write != OWN_RECORD {
                        shown.insert(entry.key, entry.write);
                    }
                }
                for (key, cell) in member.node.disk.store.iter().filter(|(_, cell)| cell.lsn > log.base()) {
                    if shown.get(&key) != Some(&cell.write) {
                        return Err(format!("{} shows #{} for a key, its log makes {:?}", member.name, cell.write, shown.get(&key)));
                    }
                }
            }
            Ok(())
        })?;
    }

    /// 3. A node goes on from the log of another one if, and only if, all that it has is part of that log.
    #[test]
    fn who_goes_on_from_the_log_lacks_nothing_of_its_own(seed in any::<u64>()) {
        each_step(seed, |run, facts| {
            for fact in facts {
                let Event::Connected { node, peer, full: false, .. } = fact.event else { continue };
                let (own, other) = (&run.cluster().member(node).unwrap().node.disk.log, &run.cluster().member(peer).unwrap().node.disk.log);
                let common = own.common(other, run.cluster().history());
                if common.is_some_and(|common| common < own.last().lsn) && other.last().lsn >= own.last().lsn {
                    return Err(format!("node {node} has entries behind {common:?} that node {peer} does not have"));
                }
            }
            Ok(())
        })?;
    }

    /// 4. An acknowledged write survives a promotion if, and only if, the promoted node has it in its log.
    #[test]
    fn an_acknowledged_write_survives_a_promotion_where_it_was_received(seed in any::<u64>()) {
        let mut before: Vec<u32> = Vec::new();
        each_step(seed, |run, facts| {
            let (cluster, referee) = (run.cluster(), run.referee());
            let promoted = facts.iter().find_map(|fact| match fact.event {
                Event::Promoted { node, .. } => Some(node),
                _ => None,
            });
            // One that thaws gets all its orders at once: it may be a slave again in the same instant.
            let promoted = promoted.filter(|&node| cluster.member(node).unwrap().node.role == Role::Master);
            if let Some(node) = promoted {
                let log = &cluster.member(node).unwrap().node.disk.log;
                let held: BTreeSet<u32> = log.entries(run.cluster().history()).map(|entry| entry.write).collect();
                for &write in &before {
                    let kept = !referee.is_gone(write);
                    if log.base() == 0 && kept != held.contains(&write) {
                        return Err(format!("#{write}: kept {kept}, in the log of the promoted node {}", held.contains(&write)));
                    }
                }
            }
            let history = cluster.history();
            let done = |write: &u32| {
                let operation = history.write(*write).map_or(0, |write| write.operation);
                let local = referee.local().iter().any(|local| local.write == *write);
                !local && !referee.is_gone(*write) && history.operation(operation).is_some_and(|asked| asked.outcome == Outcome::Done)
            };
            before = (1..=history.write_count()).filter(done).collect();
            Ok(())
        })?;
    }

    /// 5. Too few acknowledgements never undo a write: a log gets shorter only by a crash, or by another history.
    #[test]
    fn a_log_gets_shorter_only_by_a_crash_or_another_history(seed in any::<u64>()) {
        let mut ends: BTreeMap<u16, Lsn> = BTreeMap::new();
        each_step(seed, |run, facts| {
            let mut excused = BTreeSet::new();
            for fact in facts {
                match fact.event {
                    Event::Crashed { node, .. } | Event::Stopped { node } | Event::Promoted { node, .. } | Event::Rewound { node, .. }
                    | Event::Forced { node, .. } | Event::Connected { node, full: true, .. } | Event::Removed { node } => { excused.insert(node); }
                    _ => {}
                }
            }
            let copied = matches!(last_command(run), Some(Command::Node(..)));
            for member in run.cluster().members() {
                let (id, end) = (member.node.id, member.node.position().lsn);
                let before = ends.insert(id, end).unwrap_or(0);
                if end < before && !excused.contains(&id) && !(copied && member.process == Process::Down) {
                    return Err(format!("the log of {} went back from {before} to {end}", member.name));
                }
            }
            Ok(())
        })?;
    }

    /// 6. Without a detector nobody becomes a master but by a line of the text.
    #[test]
    fn nobody_promotes_itself_without_a_detector(seed in any::<u64>()) {
        each_step(seed, |run, facts| {
            let promoted = facts.iter().any(|fact| matches!(fact.event, Event::Promoted { .. }));
            let told = matches!(last_command(run), Some(Command::Promote { .. }));
            if promoted && run.cluster().failover() == Failover::Manual && !told {
                return Err("somebody promoted itself".to_owned());
            }
            Ok(())
        })?;
    }

    /// 7. A slave that runs answers reads with the master dead.
    #[test]
    fn a_slave_answers_with_the_master_dead(seed in any::<u64>()) {
        let text = random::run_text(seed >> 12, 40, false);
        let mut run = Run::new(&text).unwrap();
        let last = run.last_line_us();
        run.play_to(last);
        for line in ["failover manual", "heal all", "crash m", "start s2", "thaw s2", "link A-s2 latency 1ms jitter 0ms loss 0/1 bandwidth unlimited"] {
            run.command(line).unwrap();
        }
        // What was on its way when it came back may still break its connections.
        run.play_to(last + 10_000_000);
        if run.command("state s2").is_ok_and(|outcome| run.seen(&outcome).contains("process=up")) {
            let read = run.command("A read cart @s2").unwrap();
            run.play_out();
            let seen = run.seen(&read);
            prop_assert!(!seen.starts_with("error") && seen != "timeout", "{seen}\n{}", run.text());
        }
    }
}

/// The line that was done last.
fn last_command(run: &Run) -> Option<&Command> {
    let line = run.scenario().lines().get(run.cursor().checked_sub(1)?)?;
    line.command.as_ref().filter(|_| line.at == Some(run.now()))
}
