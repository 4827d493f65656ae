//! The golden run, natively.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that fails should say so at once")]

#[path = "golden/mod.rs"]
mod golden;

use replication_playground::run::Run;
use replication_playground::scenario::{Break, Command, NodeCommand};

#[test]
fn the_golden_run_gives_its_hash() {
    assert_eq!(format!("{:016x}", golden::hash_played_in_pieces()), format!("{:016x}", golden::HASH));
    let mut run = Run::new(golden::TEXT).unwrap();
    run.play_out();
    assert_eq!(run.hash(), golden::HASH, "played in one go");
}

#[test]
fn the_golden_run_has_thousands_of_operations_and_every_failure() {
    let mut run = Run::new(golden::TEXT).unwrap();
    let commands: Vec<Command> = run.scenario().lines().iter().filter_map(|line| line.command.clone()).collect();
    run.play_out();
    assert!(run.cluster().history().operations().len() > 2_000);
    for wanted in [
        NodeCommand::Crash,
        NodeCommand::Stop,
        NodeCommand::Start,
        NodeCommand::Freeze,
        NodeCommand::Thaw,
        NodeCommand::Partition,
        NodeCommand::Add,
        NodeCommand::Remove,
        NodeCommand::PauseApply,
        NodeCommand::ResumeApply,
        NodeCommand::TrimLog,
        NodeCommand::Rewind,
        NodeCommand::Rebuild,
    ] {
        assert!(
            commands.iter().any(|command| matches!(command, Command::Node(kind, _) if *kind == wanted)),
            "{wanted:?}"
        );
    }
    let has = |wanted: fn(&Command) -> bool| commands.iter().any(wanted);
    assert!(has(|command| matches!(command, Command::Promote { .. })));
    assert!(has(|command| matches!(command, Command::Follow { force: true, .. })));
    assert!(has(|command| matches!(command, Command::Wait { .. })));
    assert!(has(|command| matches!(command, Command::Cancel(_))));
    assert!(has(|command| matches!(command, Command::Chain(_))));
    assert!(has(|command| matches!(command, Command::ApplySpeed(..))));
    assert!(has(|command| matches!(command, Command::Priority(..))));
    for wanted in ["failover quorum", "failover lease", "failover election", "own-writes position", "no-node wait"] {
        assert!(commands.iter().any(|command| command.to_string().starts_with(wanted)), "{wanted}");
    }
    for wanted in [Break::Cut, Break::Hold, Break::Heal] {
        assert!(
            commands.iter().any(|command| matches!(command, Command::Break(kind, _) if *kind == wanted)),
            "{wanted:?}"
        );
    }
}
