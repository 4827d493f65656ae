//! What a preset's settings promise, by the table of guarantees: what `replay guarantees` has found, in short.

use crate::check::{Operator, Promise, default_promises};

/// One fault at a time, a master and two slaves; `make guarantees` writes it. A line is a preset, who acts, how many actions at
/// most, and for each promise the actions of the shortest way that breaks it, or `-`.
const TABLE: &str = include_str!("guarantees.txt");

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Who acts when a node is gone.
    pub operator: Operator,
    /// Actions of a way, at most.
    pub depth: u8,
    /// Each promise, and in how many actions it is broken.
    pub promises: Vec<(Promise, Option<u8>)>,
}

/// The rows of a preset.
pub fn rows(preset: &str) -> Vec<Row> {
    let of_preset = |line: &str| {
        let mut words = line.split(' ');
        if words.next() != Some(preset) {
            return None;
        }
        let operator = Operator::named(words.next()?).ok()?;
        let depth = words.next()?.parse().ok()?;
        let promises = default_promises().zip(words.map(|word| word.parse().ok())).collect();
        Some(Row { operator, depth, promises })
    };
    TABLE.lines().filter_map(of_preset).collect()
}

/// What the table says of settings: of the preset, or, if they differ from it, that it says nothing.
pub fn words(preset: &str, differs: bool) -> Vec<String> {
    let rows = rows(preset);
    let Some(first) = rows.first().filter(|_| !differs) else {
        return vec![format!("The table of guarantees has no row for these settings: they differ from {preset}.")];
    };
    let head = format!(
        "If the settings are those of {preset}: with a master, two slaves and one fault at a time, these promises \
         can be broken (in so many actions; ways of up to {} were tried).",
        first.depth
    );
    std::iter::once(head).chain(rows.iter().map(row_words)).collect()
}

fn row_words(row: &Row) -> String {
    let who = match row.operator {
        Operator::Nobody => "If nobody is promoted, broken are",
        Operator::BuiltIn => "With the failover of the settings, broken are",
        Operator::Strict => "With a strict operator, broken are",
        _ => "With a careful operator, broken are",
    };
    let broken: Vec<String> = row
        .promises
        .iter()
        .filter_map(|(promise, actions)| actions.map(|actions| format!("“{}” ({actions})", promise.title())))
        .collect();
    format!("{who}: {}.", if broken.is_empty() { "none, as far as was tried".to_owned() } else { broken.join("; ") })
}
