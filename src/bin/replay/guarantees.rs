//! `replay guarantees`: the table of what each preset holds, checked anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use replication_playground::check::{Operator, Promise, Question, Search, Standing, default_promises};
use replication_playground::scenario::{Failover, PRESETS, Replication};
use serde::{Deserialize, Serialize};

use crate::check;
use crate::confirmed::Confirmations;
use crate::files::{Done, print, read};
use crate::guarantees_picture::picture;

/// What is written.
#[derive(Args)]
pub struct Asked {
    /// The folder: it gets guarantees.md, guarantees.svg, guarantees.json, and the runs in guarantees/.
    folder: PathBuf,
    /// A file for the rows with one fault in short: what `src/guarantees.rs` reads.
    #[arg(long)]
    short: Option<PathBuf>,
    /// Check only these presets; rows of others stay as they are.
    #[arg(long)]
    only: Vec<String>,
    /// Check nothing: write the page anew, with what `guarantees-real` has seen since.
    #[arg(long)]
    page: bool,
}

/// How many faults at the same time, and how many actions at most: with more faults there are more ways.
const BUDGETS: [(u8, u8); 2] = [(1, 6), (2, 5)];

/// A row of the table.
#[derive(Serialize, Deserialize)]
pub struct Row {
    pub preset: String,
    pub operator: String,
    pub faults: u8,
    pub depth: u8,
    states: u32,
    transitions: u64,
    pub cells: Vec<Cell>,
}

/// What is known of one promise.
#[derive(Serialize, Deserialize)]
pub struct Cell {
    promise: String,
    pub broken: bool,
    /// Of the shortest way, or those up to which no way was found.
    pub actions: u8,
    /// What is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    way: Option<String>,
    /// The run, in the folder of the table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    run: Option<String>,
    /// The server's version and the date, if the run came out the same on a real server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    confirmed: Option<String>,
}

/// Checks presets, and writes the table.
pub fn make(asked: &Asked) -> Done<ExitCode> {
    let (mut rows, mut runs) =
        if asked.page || !asked.only.is_empty() { written(&asked.folder)? } else { (Vec::new(), BTreeMap::new()) };
    let wanted = |preset: &str| !asked.page && (asked.only.is_empty() || asked.only.iter().any(|only| only == preset));
    rows.retain(|row| !wanted(&row.preset));
    runs.retain(|_, (preset, _)| !wanted(preset));
    for preset in PRESETS.iter().filter(|preset| wanted(preset.name)) {
        for (faults, depth) in BUDGETS {
            for operator in operators(&Question::of_preset(preset.name, 2)?) {
                let row = row(preset.name, operator, (faults, depth), &mut runs)?;
                print(&format!("{} {} {faults}: {} states\n", row.preset, row.operator, row.states))?;
                rows.push(row);
            }
        }
    }
    let place = |row: &Row| (PRESETS.iter().position(|preset| preset.name == row.preset), row.faults);
    rows.sort_by_key(place);
    write(&asked.folder, &mut rows, &runs)?;
    if let Some(file) = &asked.short {
        fs::write(file, short(&rows))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The table as it is written in its folder.
fn written(folder: &Path) -> Done<(Vec<Row>, Runs)> {
    let rows: Vec<Row> = serde_json::from_str(&fs::read_to_string(folder.join("guarantees.json"))?)?;
    let mut runs = BTreeMap::new();
    for row in &rows {
        for name in row.cells.iter().filter_map(|cell| cell.run.as_ref()) {
            let text = read(&folder.join("guarantees").join(name))?;
            runs.insert(name.clone(), (row.preset.clone(), text));
        }
    }
    Ok((rows, runs))
}

/// Who may act under these settings.
fn operators(question: &Question) -> Vec<Operator> {
    let cluster = question.run.cluster();
    match (cluster.failover(), cluster.rules().replication) {
        (Failover::Manual, Replication::Async) => vec![Operator::Nobody, Operator::Careful],
        (Failover::Manual, Replication::Sync { .. }) => vec![Operator::Nobody, Operator::Careful, Operator::Strict],
        _ => vec![Operator::BuiltIn],
    }
}

/// Runs by the names of their files: the preset, and the text.
type Runs = BTreeMap<String, (String, String)>;

/// Checks one row.
fn row(preset: &'static str, operator: Operator, (faults, depth): (u8, u8), runs: &mut Runs) -> Done<Row> {
    let mut question = Question::of_preset(preset, 2)?;
    (question.operator, question.faults, question.depth) = (operator, Some(faults), depth);
    let mut search = Search::new(&question)?;
    check::run(&mut search);
    let mut cells = Vec::new();
    for (promise, standing) in search.standings() {
        let finding = search.finding(promise);
        let run = finding.map(|finding| {
            let file = |faults: &str| format!("{preset}-{}-{}{faults}.run", operator.name(), promise.name());
            // With more faults it is mostly the same run.
            let same = runs.get(&file("")).is_none_or(|(_, text)| *text == finding.text);
            let name = if same { file("") } else { file(&format!("-{faults}-faults")) };
            runs.insert(name.clone(), (preset.to_owned(), finding.text.clone()));
            name
        });
        let (broken, actions) = match standing {
            Standing::Broken(actions) => (true, actions),
            Standing::NoneUpTo(actions) => (false, actions),
        };
        let way = finding.map(|finding| finding.way.join(" · "));
        cells.push(Cell { promise: promise.name().to_owned(), broken, actions, way, run, confirmed: None });
    }
    let counts = search.counts();
    let (states, transitions) = (counts.states, counts.transitions);
    let (preset, operator) = (preset.to_owned(), operator.name().to_owned());
    Ok(Row { preset, operator, faults, depth, states, transitions, cells })
}

/// Of the rows with one fault what is broken, and in how many actions.
fn short(rows: &[Row]) -> String {
    let line = |row: &Row| {
        let cells = row.cells.iter().map(|cell| if cell.broken { cell.actions.to_string() } else { "-".to_owned() });
        let cells: Vec<String> = cells.collect();
        format!("{} {} {} {}\n", row.preset, row.operator, row.depth, cells.join(" "))
    };
    rows.iter().filter(|row| row.faults == 1).map(line).collect()
}

fn write(folder: &Path, rows: &mut [Row], runs: &Runs) -> Done<()> {
    let confirmations = Confirmations::read(folder)?;
    for cell in rows.iter_mut().flat_map(|row| &mut row.cells) {
        let text = cell.run.as_ref().and_then(|name| Some((name, &runs.get(name)?.1)));
        cell.confirmed = text.and_then(|(name, text)| confirmations.of(name, text));
    }
    let place = folder.join("guarantees");
    // Runs of cells that are no longer broken would stay.
    if place.exists() {
        fs::remove_dir_all(&place)?;
    }
    fs::create_dir_all(&place)?;
    for (name, (_, text)) in runs {
        fs::write(place.join(name), text)?;
    }
    fs::write(folder.join("guarantees.json"), serde_json::to_string_pretty(&rows)? + "\n")?;
    fs::write(folder.join("guarantees.svg"), picture(rows))?;
    fs::write(folder.join("guarantees.md"), page(rows) + &confirmations.section())?;
    print(&format!("{} rows and {} runs in {}\n", rows.len(), runs.len(), folder.display()))?;
    Ok(())
}

const HEAD: &str = "# Guarantees

What each preset holds, for one master and two slaves, by [the checker](checker.md): it played every way of up to so many
actions, and this is the shortest one that breaks the promise, or that none was found. `make guarantees` makes this page.

**How to read it.** A row is a preset and [who acts for it](checker.md#operators) when a node is gone. _Broken in 3_ is a
link to a run of three actions that breaks the promise: paste it into the playground, or play it with `replay run`. _Holds
to 6_ means that no way was found of up to six actions, of so many states as the last column says. An action is a write, a
fault, its end, what the operator does, or that a time-out passes.

**What it does not say.** _Holds_ is no proof: a longer way, another fault (a disk that lies, a clock that jumps), a larger
cluster, or a moment that the search does not stop at may break it. A preset with fewer links is not a better one: what it
holds it pays for, with writes that wait or stop. And it is this simulator that is checked, not the database: where they
are known to differ is told in [True to real databases](true-to-real-databases.md).

**A ✓** behind a link: the run was played on real servers, and each answer was the same. [Below](#on-real-servers) is which
version, when, and what came out otherwise or could not be played.

";

/// The heading of its column.
pub fn heading(promise: Promise) -> &'static str {
    match promise {
        Promise::NoLostWrites => "Lost writes",
        Promise::ReadYourWrites => "Own writes",
        Promise::MonotonicReads => "Back in time",
        Promise::OneMaster => "Two masters",
        Promise::Convergence => "Same in the end",
        Promise::NoFailedWrites | Promise::NoUnsureWrites => "Failed writes",
        Promise::WritesGoOn => "Writes go on",
        Promise::ReadsGoOn => "Reads go on",
    }
}

fn page(rows: &[Row]) -> String {
    let columns: Vec<Vec<String>> = default_promises()
        .map(|promise| vec![heading(promise).to_owned(), promise.title().to_owned(), format!("`{}`", promise.name())])
        .collect();
    let mut out = HEAD.to_owned();
    out.push_str(&section("columns", &table(&["Column", "The promise", "Its name"], &columns)));
    out.push_str("\nClients read at the node that they write to.\n");
    for (faults, _) in BUDGETS {
        let title = if faults == 1 { "One fault at a time" } else { "Two faults at the same time" };
        out.push_str(&format!("\n## {title}\n\n"));
        let headings: Vec<&str> =
            ["Preset", "Operator"].into_iter().chain(default_promises().map(heading)).chain(["States"]).collect();
        let lines = rows.iter().filter(|row| row.faults == faults).map(line).collect::<Vec<_>>();
        out.push_str(&section(if faults == 1 { "one" } else { "two" }, &table(&headings, &lines)));
    }
    out
}

/// Marked, so that the showcase can have it too: see pymdownx.snippets.
fn section(name: &str, text: &str) -> String {
    format!("<!-- --8<-- [start:{name}] -->\n\n{text}\n<!-- --8<-- [end:{name}] -->\n")
}

fn line(row: &Row) -> Vec<String> {
    let cell = |cell: &Cell| match &cell.run {
        Some(run) => {
            let mark = if cell.confirmed.is_some() { " ✓" } else { "" };
            format!("[broken in {}](guarantees/{run}){mark}", cell.actions)
        }
        None => format!("holds to {}", cell.actions),
    };
    let first = [format!("`{}`", row.preset), row.operator.clone()];
    first.into_iter().chain(row.cells.iter().map(cell)).chain([row.states.to_string()]).collect()
}

/// A table of Markdown whose columns are as wide as what is in them.
fn table(headings: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(headings.get(column).map(|heading| heading.chars().count())).max().unwrap_or(3).max(3)
    };
    let line = |cells: &[String]| {
        let padded = cells.iter().enumerate().map(|(column, cell)| format!("{cell:<0$}", width(column)));
        format!("| {} |\n", padded.collect::<Vec<_>>().join(" | "))
    };
    let heads: Vec<String> = headings.iter().map(|heading| (*heading).to_owned()).collect();
    let dashes: Vec<String> = (0..headings.len()).map(|column| "-".repeat(width(column))).collect();
    let body: String = rows.iter().map(|row| line(row)).collect();
    line(&heads) + &line(&dashes) + &body
}
