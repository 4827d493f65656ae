//! What holds in every run, searched for in random ones. A run that fails is printed as a run text.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use replication_playground::cluster::{Cluster, Process, Role};
use replication_playground::facts::Event;
use replication_playground::history::Outcome;
use replication_playground::random;
use replication_playground::referee::{Convergence, Freshness};
use replication_playground::run::Run;
use replication_playground::scenario::{Command, Scenario};
use replication_playground::view;

fn run_of(seed: u64, lines: usize, quiet_end: bool) -> (String, Run) {
    let text = random::run_text(seed, lines, quiet_end);
    let run = Run::new(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    (text, run)
}

/// What must hold at every instant.
fn check_now(cluster: &Cluster) -> Result<(), String> {
    let master = &cluster.member(cluster.master()).unwrap().node;
    for member in cluster.members() {
        let (node, name) = (&member.node, &member.name);
        let progress = node.progress();
        if progress.flushed > progress.received {
            return Err(format!("{name} has flushed what it has not received: {progress:?}"));
        }
        if progress.applied > progress.received {
            return Err(format!("{name} has applied what it has not received: {progress:?}"));
        }
        if member.process == Process::Down && progress.flushed < progress.received {
            return Err(format!("{name} is down and remembers what was not on its disk"));
        }
        if matches!(node.role, Role::Slave { .. })
            && master.sent_to(node.id).is_some_and(|sent| sent > master.position().lsn)
        {
            return Err(format!("the master has sent {name} more than it has"));
        }
    }
    Ok(())
}

/// The last thing that a fault-free end must bring about.
fn check_end(run: &Run) -> Result<(), String> {
    let cluster = run.cluster();
    if !cluster.is_settled() {
        return Err("it does not settle".to_owned());
    }
    for operation in cluster.history().operations().iter() {
        if operation.outcome == Outcome::Pending {
            return Err(format!("a request has no outcome: {operation:?}"));
        }
    }
    for &slave in cluster.slaves() {
        let (slave, master) = (cluster.member(slave).unwrap(), cluster.member(cluster.master()).unwrap());
        if slave.node.position() != master.node.position() {
            return Err(format!(
                "{} is at {:?}, the master at {:?}",
                slave.name,
                slave.node.position(),
                master.node.position()
            ));
        }
        // What a promoted slave had taken for itself, or kept by force, is not in its log: others cannot have it.
        let own = |write: u32| run.referee().is_gone(write);
        for (key, cell) in master.node.disk.store.iter().filter(|(_, cell)| !cell.local && !own(cell.write)) {
            let held = slave.node.disk.store.get(key);
            let differs =
                held.is_none_or(|held| held.write != cell.write && !held.local && !run.referee().is_gone(held.write));
            if differs {
                return Err(format!("{} holds {held:?} and the master {cell:?}", slave.name));
            }
        }
    }
    match run.referee().convergence(cluster) {
        Convergence::Behind(slaves) => Err(format!("these are behind: {slaves:?}")),
        Convergence::Converged | Convergence::Diverged(_) => Ok(()),
    }
}

/// The same runs each time, so that a change is judged by what it changes; PROPTEST_RNG_SEED and PROPTEST_CASES search
/// further.
fn config() -> ProptestConfig {
    let mut config = ProptestConfig::default();
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(2026);
    }
    config
}

proptest! {
    #![proptest_config(config())]


    #[test]
    fn positions_are_in_order_at_every_instant_and_a_healed_cluster_comes_together(seed in any::<u64>()) {
        let (text, mut run) = run_of(seed >> 12, 120, true);
        let last = run.last_line_us();
        while run.next_at().is_some_and(|at| at <= last) {
            run.step();
            if let Err(why) = check_now(run.cluster()) {
                return Err(TestCaseError::fail(format!("at {} µs: {why}\n{text}", run.now())));
            }
        }
        run.play_out();
        if let Err(why) = check_end(&run) {
            return Err(TestCaseError::fail(format!("{why}\n{text}")));
        }
    }

    #[test]
    fn playing_stepping_seeking_and_doing_the_same_by_hand_give_the_same_state(seed in any::<u64>(), cut in 0u64..100) {
        let (text, mut played) = run_of(seed >> 12, 60, false);
        let last = played.last_line_us();
        played.play_to(last);

        let mut stepped = Run::new(&text).unwrap();
        while stepped.next_at().is_some_and(|at| at <= last) {
            stepped.step();
        }
        stepped.play_to(last);
        prop_assert_eq!(stepped.hash(), played.hash(), "stepping differs\n{}", text);

        let mut sought = Run::new(&text).unwrap();
        for at in [last * cut / 100, last * (100 - cut) / 100, last / 3, last] {
            prop_assert!(sought.seek(at, u64::MAX));
            let mut fresh = Run::new(&text).unwrap();
            fresh.play_to(at);
            prop_assert_eq!((sought.now(), sought.hash()), (at, fresh.hash()), "seeking differs\n{}", text);
            sought.advance(last, 17);
        }
        sought.seek(last, u64::MAX);
        prop_assert_eq!(sought.hash(), played.hash(), "seeking differs\n{}", text);

        let by_hand = by_hand(&text, cut);
        prop_assert_eq!(by_hand.hash(), played.hash(), "doing it by hand differs\n{}", text);
        let mut replayed = Run::new(&by_hand.text()).unwrap();
        replayed.play_to(last);
        prop_assert_eq!(replayed.hash(), played.hash(), "the text that was written by hand differs\n{}", text);
    }

    #[test]
    fn a_judged_read_agrees_with_the_history(seed in any::<u64>()) {
        let (text, mut run) = run_of(seed >> 12, 120, false);
        run.play_out();
        let history = run.cluster().history();
        prop_assert_eq!(history.dropped(), 0);
        let master = run.cluster().master();
        let promoted = history.since(0).any(|fact| matches!(fact.event, Event::Promoted { .. } | Event::Follows { .. }));
        for fact in history.since(0) {
            let Event::ReadServed { operation, node, cell } = fact.event else { continue };
            let Some(judgement) = run.referee().judgement(operation).filter(|judged| judged.at_us == fact.at_us && judged.node == node) else { continue };
            let saw = cell.map_or(0, |cell| cell.write);
            prop_assert_eq!(judgement.saw, saw);
            let on_master = node == master && !promoted && !matches!(judgement.freshness, Freshness::Foreign);
            prop_assert!(!on_master || judgement.freshness == Freshness::Fresh, "a read on the master is {:?}\n{}", judgement, text);
            let agrees = (judgement.freshness == Freshness::Fresh) == (saw == judgement.newest)
                || matches!(judgement.freshness, Freshness::Foreign | Freshness::Ahead);
            prop_assert!(agrees, "{:?}\n{}", judgement, text);
        }
    }

    #[test]
    fn every_fact_and_every_message_can_be_told(seed in any::<u64>()) {
        let (_, mut run) = run_of(seed >> 12, 60, false);
        let mut columns = Vec::new();
        for _ in 0..40 {
            run.play_to(run.now() + 100_000);
            let state = view::state(&run, &view::MASTER_SLAVE);
            let known: Vec<u32> = state.writes.iter().map(|write| write.id).collect();
            for write in state.log.strips.iter().flat_map(|strip| &strip.cells).filter_map(|cell| cell.write) {
                prop_assert!(known.contains(&write));
            }
            view::packets(&run, &mut columns);
            prop_assert_eq!(columns.len() % view::model::PACKET_STRIDE, 0);
            for packet in columns.chunks(view::model::PACKET_STRIDE) {
                prop_assert!((0.0..=1.0).contains(&packet[3]));
                prop_assert!(view::packet(&run, packet[0] as u32, &view::MASTER_SLAVE).is_some());
            }
        }
        for sentence in view::story(&run, 0, &view::MASTER_SLAVE) {
            let told = view::plain(&sentence.parts);
            prop_assert!(told.ends_with('.') && told.len() > 8, "{}", told);
        }
    }
}

/// The same run as somebody at the page would do it: the first lines as a text, each later one as a command when
/// its time has come.
fn by_hand(text: &str, percent: u64) -> Run {
    let scenario = Scenario::parse(text).unwrap();
    let lines: Vec<_> = scenario.lines().iter().collect();
    let timed = lines.iter().filter(|line| line.at.is_some()).count();
    let split = lines.len() - timed + timed * percent as usize / 100;
    let first: String = lines.iter().take(split).map(|line| format!("{line}\n")).collect();
    let mut run = Run::new(&first).unwrap();
    for line in lines.iter().skip(split) {
        run.play_to(line.at.unwrap());
        let command: &Command = line.command.as_ref().unwrap();
        run.command(&command.to_string()).unwrap();
    }
    run.play_to(scenario.lines().iter().rev().find_map(|line| line.at).unwrap_or(0));
    run
}
