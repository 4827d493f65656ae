//! The table of guarantees: each run that it links to shows what its cell says, and some of its rows are checked anew.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails should say so at once")]

use std::collections::BTreeSet;
use std::fs;
use std::hash::Hasher;
use std::path::PathBuf;

use replication_playground::check::{Operator, Promise, Question, Search, Standing};
use replication_playground::facts::Portable;
use replication_playground::guarantees;
use replication_playground::run::Run;
use replication_playground::scenario::PRESETS;
use replication_playground::view;
use serde_json::Value;

fn docs() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs")
}

fn rows() -> Vec<Value> {
    let text = fs::read_to_string(docs().join("guarantees.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn word<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_else(|| panic!("no {name} in {value}"))
}

fn number(value: &Value, name: &str) -> u64 {
    value.get(name).and_then(Value::as_u64).unwrap_or_else(|| panic!("no {name} in {value}"))
}

fn cells(row: &Value) -> &Vec<Value> {
    row.get("cells").and_then(Value::as_array).unwrap()
}

/// Whether a run that was played shows that a promise is broken: by its verdict, or by what came of its last requests.
fn shows(run: &Run, promise: Promise) -> bool {
    let verdicts = view::state(run, &view::MASTER_SLAVE).verdicts;
    if let Some(verdict) = verdicts.iter().find(|verdict| verdict.id == promise.name()) {
        return verdict.status == "broken";
    }
    let answers: Vec<String> = run.results().into_iter().map(|result| result.got).filter(|got| got != "ok").collect();
    let last = answers.last().map_or("", String::as_str);
    match promise {
        Promise::WritesGoOn | Promise::ReadsGoOn => last.starts_with("error") || last == "timeout" || last == "pending",
        Promise::NoFailedWrites => answers.iter().any(|got| got.starts_with("error")) && last != "nothing",
        _ => false,
    }
}

#[test]
fn every_linked_run_shows_what_its_cell_says() {
    let mut linked = BTreeSet::new();
    for row in rows() {
        for cell in cells(&row) {
            let what = format!("{} {} {}", word(&row, "preset"), word(&row, "operator"), word(cell, "promise"));
            let broken = cell.get("broken").and_then(Value::as_bool).unwrap();
            assert_eq!(broken, cell.get("run").is_some(), "{what}: a cell is broken if and only if it has a run");
            if !broken {
                continue;
            }
            assert_eq!(word(cell, "way").split(" · ").count() as u64, number(cell, "actions"), "{what}");
            let file = docs().join("guarantees").join(word(cell, "run"));
            let text = fs::read_to_string(&file).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
            assert!(text.contains(&format!("preset {}\n", word(&row, "preset"))), "{what}");
            let mut run = Run::new(&text).unwrap();
            run.play_out();
            let differs: Vec<_> = run.results().into_iter().filter(|result| result.held == Some(false)).collect();
            assert!(differs.is_empty(), "{what}: {differs:?}: make guarantees");
            assert!(shows(&run, Promise::named(word(cell, "promise")).unwrap()), "{what}: make guarantees\n{text}");
            linked.insert(word(cell, "run").to_owned());
        }
    }
    let kept: BTreeSet<String> = fs::read_dir(docs().join("guarantees"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(linked, kept, "a run that no cell links to, or the other way round");
}

#[test]
fn the_table_has_every_preset_and_says_what_the_data_say() {
    let page = fs::read_to_string(docs().join("guarantees.md")).unwrap();
    let rows = rows();
    for preset in PRESETS {
        for faults in [1, 2] {
            let of_it = |row: &&Value| word(row, "preset") == preset.name && number(row, "faults") == faults;
            assert!(rows.iter().any(|row| of_it(&row)), "{} {faults}: make guarantees", preset.name);
        }
    }
    for row in &rows {
        let said = cells(row).iter().map(|cell| match cell.get("run").and_then(Value::as_str) {
            Some(run) => {
                let mark = if cell.get("confirmed").is_some() { " ✓" } else { "" };
                format!("[broken in {}](guarantees/{run}){mark}", number(cell, "actions"))
            }
            None => format!("holds to {}", number(cell, "actions")),
        });
        let wanted: Vec<String> = [format!("`{}`", word(row, "preset")), word(row, "operator").to_owned()]
            .into_iter()
            .chain(said)
            .chain([number(row, "states").to_string()])
            .collect();
        let line =
            |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
        assert!(page.lines().any(|text| line(text) == wanted), "not in the page: {wanted:?}");
    }
}

/// What was seen on real servers counts for the text that was played, and for no other.
#[test]
fn what_is_marked_was_seen_on_a_real_server() {
    let seen = fs::read_to_string(docs().join("guarantees-real.txt")).unwrap();
    let lines: Vec<&str> = seen.lines().filter(|line| !line.starts_with('#')).collect();
    let mut marked = 0;
    for row in rows() {
        for cell in cells(&row) {
            let Some(run) = cell.get("run").and_then(Value::as_str) else { continue };
            let text = fs::read_to_string(docs().join("guarantees").join(run)).unwrap();
            let mut hash = Portable::default();
            hash.take(text.as_str());
            let same = format!("{run} {:016x} same ", hash.finish());
            let told = lines.iter().find_map(|line| line.strip_prefix(&same));
            assert_eq!(cell.get("confirmed").and_then(Value::as_str), told, "{run}: make guarantees-real");
            marked += u32::from(told.is_some());
        }
    }
    assert!(marked > 50, "{marked}: make guarantees-real");
}

/// Rows that are checked anew each time, to a depth that takes a second: shorter ways than the table's must not be there,
/// and those that are as short must be found again.
#[test]
fn a_sample_of_the_table_is_checked_anew() {
    for (preset, operator, depth) in [
        ("pg-async", "careful", 4),
        ("pg-sync-any1", "strict", 4),
        ("mariadb-semisync", "careful", 4),
        ("redis-min-replicas", "nobody", 3),
        ("patroni-async", "built-in", 3),
        ("mongo-majority", "built-in", 3),
    ] {
        let mut question = Question::of_preset(preset, 2).unwrap();
        (question.operator, question.depth) = (Operator::named(operator).unwrap(), depth);
        let mut search = Search::new(&question).unwrap();
        search.run();
        let rows = rows();
        let of_it = |row: &&Value| {
            word(row, "preset") == preset && word(row, "operator") == operator && number(row, "faults") == 1
        };
        let row = rows.iter().find(of_it).unwrap();
        for (promise, standing) in search.standings() {
            let cell = cells(row).iter().find(|cell| word(cell, "promise") == promise.name()).unwrap();
            let actions = number(cell, "actions") as u8;
            let expected = match cell.get("run") {
                Some(_) if actions <= depth => Standing::Broken(actions),
                _ => Standing::NoneUpTo(depth),
            };
            assert_eq!(standing, expected, "{preset} {operator} {}: make guarantees", promise.name());
            if let Some(finding) = search.finding(promise) {
                let file = docs().join("guarantees").join(word(cell, "run"));
                assert_eq!(finding.text, fs::read_to_string(file).unwrap(), "{preset} {operator}: make guarantees");
            }
        }
    }
}

#[test]
fn the_drawing_says_the_same() {
    let text = fs::read_to_string(docs().join("guarantees.svg")).unwrap();
    let drawing = roxmltree::Document::parse(&text).unwrap();
    // In the order of the file: the name of a row, then what its cells say.
    let texts: Vec<&str> =
        drawing.descendants().filter(|node| node.has_tag_name("text")).filter_map(|node| node.text()).collect();
    let drawn = |row: &&Value| number(row, "faults") == 1 && ["careful", "built-in"].contains(&word(row, "operator"));
    let rows = rows();
    let mut seen = 0;
    for row in rows.iter().filter(drawn) {
        let said = cells(row).iter().map(|cell| match cell.get("run") {
            Some(_) => number(cell, "actions").to_string(),
            None => "–".to_owned(),
        });
        let wanted: Vec<String> = std::iter::once(word(row, "preset").to_owned()).chain(said).collect();
        assert!(texts.windows(wanted.len()).any(|some| some == wanted), "not drawn: {wanted:?}: make guarantees");
        seen += 1;
    }
    assert!(seen >= PRESETS.len(), "{seen}");
}

#[test]
fn the_short_table_says_the_same() {
    let long: Vec<Value> = rows().into_iter().filter(|row| number(row, "faults") == 1).collect();
    let mut seen = 0;
    for row in &long {
        let (preset, operator) = (word(row, "preset"), word(row, "operator"));
        let short = guarantees::rows(preset).into_iter().find(|short| short.operator.name() == operator).unwrap();
        assert_eq!(u64::from(short.depth), number(row, "depth"), "{preset}");
        let said: Vec<(String, Option<u64>)> =
            short.promises.iter().map(|(promise, broken)| (promise.name().to_owned(), broken.map(u64::from))).collect();
        let broken =
            |cell: &Value| cell.get("broken").and_then(Value::as_bool).unwrap().then(|| number(cell, "actions"));
        let expected: Vec<_> = cells(row).iter().map(|cell| (word(cell, "promise").to_owned(), broken(cell))).collect();
        assert_eq!(said, expected, "{preset} {operator}");
        seen += 1;
    }
    let all: usize = PRESETS.iter().map(|preset| guarantees::rows(preset.name).len()).sum();
    assert_eq!((seen, all), (long.len(), long.len()));
    assert!(guarantees::words("pg-async", true)[0].contains("no row"));
    assert!(guarantees::words("pg-async", false)[2].contains("“No acknowledged write is lost” (3)"));
}
