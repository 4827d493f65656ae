//! Reads what people paste when they ask for help with replication, and makes a cluster of it.
//!
//! ```text
//! pastes ──▶ text ──▶ shape ──▶ read ──▶ evidence ──▶ model
//!            lines    tables,   what     facts of     nodes, who is behind and why
//!                     records   it says  each node
//! ```
//!
//! Nothing of a paste comes out again: nodes are called `m`, `s1`, `s2`, addresses, names, users and passwords are not in
//! the report nor in the run text. What the names stand for is kept apart: [`Import::names`].

mod answer;
mod cannot;
mod evidence;
mod judge;
mod model;
mod notes;
mod position;
mod preset;
mod read;
mod run_text;
mod sender;
mod shape;
mod text;
mod unite;
mod words;

use serde::Serialize;

use crate::error::Error;
pub use answer::{Answer, Candidate};
pub use cannot::Topic;
pub use evidence::{Kind, Role, Why};
pub use judge::{Standing, State};
pub use model::{Model, Node, Source};
pub use notes::Note;
pub use position::Amount;
pub use preset::Nearest;
pub use text::Place;

/// What was read of some pastes.
#[derive(Debug, Clone, Serialize)]
pub struct Import {
    /// The cluster.
    pub cluster: Model,
    /// What was read.
    pub read: Vec<Note>,
    /// What was assumed.
    pub assumed: Vec<Note>,
    /// What was not understood, or is not read.
    pub not_understood: Vec<Note>,
    /// How many remarks of these three did not fit.
    pub left_out: u64,
    /// What nobody can know from these pastes.
    pub cannot_know: Vec<Topic>,
    /// The preset that is nearest to it.
    pub preset: Nearest,
    /// Who would be promoted, and what would be lost, if the master died now.
    pub answer: Answer,
    /// The cluster as a run text; nothing if no node is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_text: Option<String>,
    /// Lines with a password, which is dropped while reading.
    pub secrets: Vec<Place>,
    /// What the masks stand for: of each node its addresses and names. For the eyes of whoever pasted it.
    #[serde(skip)]
    names: Vec<(String, Vec<String>)>,
}

impl Import {
    /// A line of words for each node: what it is, whom it follows, how it stands.
    pub fn cluster_words(&self) -> Vec<String> {
        words::cluster(&self.cluster)
    }

    /// The pastes without their passwords: of each line that has one, only what it begins with is left.
    pub fn without_secrets(&self, pastes: &[&str]) -> Vec<String> {
        text::without(pastes, &self.secrets)
    }

    /// What the names of the report stand for. This is the only place where anything of the paste comes out again.
    pub fn names(&self) -> &[(String, Vec<String>)] {
        &self.names
    }
}

/// Reads one or more pastes, in any order.
///
/// # Errors
///
/// There are too many of them, or they are too long: see [`crate::limits`].
pub fn read(pastes: &[&str]) -> Result<Import, Error> {
    let lines = text::lines(pastes)?;
    let items = shape::items(&lines);
    let mut reading = read::read(&items);
    unite::unite(&mut reading.evidence, &mut reading.notes);
    let cluster = model::build(&mut reading);
    let preset = preset::nearest(&mut reading, &cluster);
    preset::note_assumptions(&mut reading, &cluster);
    let answer = answer::answer(&reading, &cluster);
    let run_text = run_text::write(&cluster, &preset);
    let evidence = &reading.evidence;
    let mask = |number: usize| {
        let number = evidence.of(number);
        let node = cluster.nodes.iter().find(|node| node.number == number);
        node.map_or_else(|| "a node".to_owned(), |node| node.name.clone())
    };
    reading.notes.put_masks(mask);
    let names = cluster.nodes.iter().map(|node| (node.name.clone(), identities(evidence, node.number))).collect();
    let notes = reading.notes;
    Ok(Import {
        left_out: notes.read.more + notes.assumed.more + notes.unclear.more,
        read: notes.read.notes,
        assumed: notes.assumed.notes,
        not_understood: notes.unclear.notes,
        cannot_know: reading.topics.into_iter().collect(),
        secrets: notes.secrets.into_iter().collect(),
        names,
        preset,
        answer,
        run_text,
        cluster,
    })
}

fn identities(evidence: &evidence::Evidence, node: usize) -> Vec<String> {
    let Some(seen) = evidence.seen(node) else { return Vec::new() };
    let host = |(host, port): &(String, Option<u16>)| match port {
        Some(port) => format!("{host}:{port}"),
        None => host.clone(),
    };
    seen.hosts.iter().map(host).chain(seen.names.iter().cloned()).collect()
}
