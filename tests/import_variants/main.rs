//! Forms of status that no real server here could print (MySQL 8, MongoDB, Orchestrator), older generations, and what forums,
//! chats and terminals make of a paste. The texts are made up after the facts.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that fails should say so at once"
)]

mod mongo;
mod mysql;
mod others;
mod postgres;

use replication_playground::import::{self, Amount, Import, Role};
use replication_playground::run::Run;

fn read(pastes: &[&str]) -> Import {
    let import = import::read(pastes).unwrap();
    if let Some(text) = &import.run_text {
        Run::new(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    }
    import
}

/// The name of the node that has this address or name.
fn name(import: &Import, identity: &str) -> String {
    let has = |ids: &[String]| ids.iter().any(|id| id == identity || id.split(':').next() == Some(identity));
    let found = import.names().iter().find(|(_, ids)| has(ids));
    found.unwrap_or_else(|| panic!("{identity} is not in {:?}", import.names())).0.clone()
}

/// Each line: who, whom it follows, how it stands, why, by how much. `-` for nothing.
fn cluster(import: &Import, expected: &str) {
    for line in expected.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let node = import.cluster.node(&name(import, words[0])).unwrap();
        let follows =
            node.follows.first().map(|up| import.names().iter().find(|(name, _)| name == up).unwrap().1.clone());
        let follows = follows.unwrap_or_default();
        if words[1] == "-" {
            assert!(matches!(node.role, Role::Master | Role::Arbiter), "{line}: {node:?}");
        } else {
            assert!(
                follows.iter().any(|id| id.split(':').next() == Some(words[1]) || id == words[1]),
                "{line}: {follows:?}"
            );
        }
        if let Some(state) = words.get(2) {
            assert_eq!(format!("{:?}", node.standing.state), *state, "{line}: {:?}", node.standing);
        }
        if let Some(why) = words.get(3).filter(|why| **why != "-") {
            let known: Vec<String> = node.standing.why.iter().map(|why| format!("{why:?}")).collect();
            assert!(known.iter().any(|known| known == why), "{line}: {known:?}");
        }
        if let Some(amount) = words.get(4) {
            assert_eq!(node.standing.behind.map(Amount::words).unwrap_or_default().replace(' ', ""), *amount, "{line}");
        }
    }
}
