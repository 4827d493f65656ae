//! `replay check`: what can go wrong.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use replication_playground::check::{
    Counts, Ending, Finding, Means, Operator, Promise, Question, Reads, Search, Standing, alternatives,
};
use serde::Serialize;

use crate::files::{Done, print, read};
use crate::progress::Progress;

/// Acts between two looks at the clock.
const SLICE: u32 = 256;

/// What is asked.
#[derive(Args)]
pub struct Asked {
    /// The text of the cluster, or - for standard input: the search goes on from its end.
    #[arg(required_unless_present = "preset", conflicts_with = "preset")]
    file: Option<PathBuf>,
    /// A master and its slaves under this preset, in place of a text.
    #[arg(long)]
    preset: Option<String>,
    /// How many slaves it has.
    #[arg(long, default_value_t = 2, requires = "preset", conflicts_with = "file")]
    slaves: usize,
    /// A promise, more than once for more: no-lost-writes, read-your-writes, monotonic-reads, one-master, convergence,
    /// no-failed-writes, no-unsure-writes, writes-go-on, reads-go-on [default: all but no-unsure-writes].
    #[arg(long = "promise", value_name = "PROMISE")]
    promises: Vec<String>,
    /// Who acts for the cluster: nobody, careful, strict, unfenced, hasty, built-in [default: built-in where the settings
    /// have a failover, else careful].
    #[arg(long)]
    operator: Option<String>,
    /// Faults at the same time, or `any`.
    #[arg(long, default_value = "1")]
    faults: String,
    /// What the adversary can do, with commas between: crash, freeze, cut, hold, partition, pause, one-way, isolate
    /// [default: the first six].
    #[arg(long, value_delimiter = ',')]
    means: Vec<String>,
    /// Where clients read: `master`, or `routed`, as the settings route them.
    #[arg(long, default_value = "master")]
    reads: String,
    /// Actions of a way at most.
    #[arg(long, default_value_t = 5)]
    depth: u8,
    /// States at which the search ends.
    #[arg(long, default_value_t = 500_000)]
    states: u32,
    /// Go on behind the first way that breaks a promise: other ways to lose a write may be longer.
    #[arg(long)]
    all_ways: bool,
    /// Also check what would have prevented it: neighbouring settings and operators, for each broken promise.
    #[arg(long)]
    prevent: bool,
    /// Then play so many random ways too: if one breaks a promise for which the search has found none, the exit status is
    /// 3.
    #[arg(long, default_value_t = 0, value_name = "WAYS")]
    random: u64,
    /// Write the run text of each finding into this folder, as PROMISE.run.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Print everything as one object of JSON.
    #[arg(long)]
    json: bool,
}

/// The question of a command line.
fn question(asked: &Asked) -> Done<Question> {
    let mut question = match (&asked.file, &asked.preset) {
        (Some(file), _) => Question::of_text(&read(file)?)?,
        (None, preset) => Question::of_preset(preset.as_deref().unwrap_or_default(), asked.slaves)?,
    };
    if !asked.promises.is_empty() {
        question.promises = asked.promises.iter().map(|name| Promise::named(name)).collect::<Result<_, _>>()?;
    }
    if let Some(name) = &asked.operator {
        question.operator = Operator::named(name)?;
    }
    question.faults = match asked.faults.as_str() {
        "any" => None,
        number => {
            Some(number.parse().map_err(|_| format!("“{number}” is no number of faults (expected 0 to 9, or any)"))?)
        }
    };
    if !asked.means.is_empty() {
        question.means = Means::named(asked.means.iter().map(String::as_str))?;
    }
    question.reads = Reads::named(&asked.reads)?;
    (question.depth, question.states_max, question.all_ways) = (asked.depth, asked.states, asked.all_ways);
    Ok(question)
}

/// Searches, and prints what was found. Exit status 1 if a promise is broken.
pub fn search(asked: &Asked) -> Done<ExitCode> {
    let question = question(asked)?;
    let mut search = Search::new(&question)?;
    run(&mut search);
    let broken = search.standings().iter().any(|(_, standing)| matches!(standing, Standing::Broken(_)));
    if let Some(folder) = &asked.out {
        fs::create_dir_all(folder).map_err(|why| format!("{}: {why}", folder.display()))?;
        for (name, finding) in named(&search.findings()) {
            let file = folder.join(name);
            fs::write(&file, &finding.text).map_err(|why| format!("{}: {why}", file.display()))?;
        }
    }
    print(&if asked.json { json(&question, &search)? } else { table(&question, &search) })?;
    if asked.prevent && !asked.json {
        print(&prevent(&question, &search)?)?;
    }
    if asked.random > 0 && !cross_check(&search, asked.random)? {
        return Ok(ExitCode::from(3));
    }
    Ok(if broken { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// For each broken promise: which neighbouring settings hold it, and whether writes still go on with one fault.
fn prevent(question: &Question, search: &Search) -> Done<String> {
    let mut out = String::new();
    for (promise, _) in search.standings().into_iter().filter(|(_, standing)| matches!(standing, Standing::Broken(_))) {
        out.push_str(&format!("\nWhat would prevent that {} is broken?\n", promise.name()));
        for other in alternatives(question, promise)? {
            let mut search = Search::new(&other.question)?;
            run(&mut search);
            let said = |wanted: Promise| match search.standings().into_iter().find(|(promise, _)| *promise == wanted) {
                Some((_, Standing::Broken(actions))) => format!("broken in {}", plural(u64::from(actions), "action")),
                Some((_, Standing::NoneUpTo(actions))) => {
                    format!("no way found of up to {}", plural(u64::from(actions), "action"))
                }
                None => String::new(),
            };
            let cost = match promise {
                Promise::WritesGoOn => String::new(),
                _ => format!("; writes-go-on: {}", said(Promise::WritesGoOn)),
            };
            let settings = other.settings.join(", ");
            let words = if settings.is_empty() { other.question.operator.name().to_owned() } else { settings };
            out.push_str(&format!("  {} ({words}): {}{cost}\n", other.words, said(promise)));
        }
    }
    Ok(out)
}

/// Ways in a lot, between two looks at the clock.
const LOT: u64 = 100;

/// Plays random ways. False if one breaks a promise that the search has not broken.
fn cross_check(search: &Search, ways: u64) -> Done<bool> {
    let mut progress = Progress::new();
    let (mut acts, mut missed) = (0, Vec::new());
    for lot in 0..ways.div_ceil(LOT) {
        progress.show(lot * LOT, ways, || format!("{} random ways", lot * LOT));
        let found = search.random_ways(LOT.min(ways - lot * LOT), lot);
        acts += found.acts;
        missed.extend(found.missed);
    }
    progress.clear();
    for (promise, way) in missed.iter().take(20) {
        eprintln!("replay: missed: {}: {}", promise.name(), way.join(" · "));
    }
    let missed = missed.len();
    eprintln!(
        "replay: {ways} random ways of {acts} actions: {missed} break a promise for which the search found no way"
    );
    Ok(missed == 0)
}

/// Searches to the end, with a bar.
pub fn run(search: &mut Search) {
    let mut progress = Progress::new();
    while !search.step(SLICE) {
        let (depth, done, all) = search.progress();
        let states = search.counts().states;
        progress.show(u64::from(done), u64::from(all), || format!("{depth} actions, {states} states"));
    }
}

/// Findings with the names of their files: the promise, and how a write was lost where that was in more than one way.
fn named<'a>(findings: &[&'a Finding]) -> Vec<(String, &'a Finding)> {
    let name = |finding: &&'a Finding| {
        let first = findings.iter().find(|other| other.promise == finding.promise);
        let kind = finding.kind.filter(|_| first.is_some_and(|first| first.kind != finding.kind));
        let kind = kind.map(|kind| format!("-{}", kind.replace(' ', "-"))).unwrap_or_default();
        (format!("{}{kind}.run", finding.promise.name()), *finding)
    };
    findings.iter().map(name).collect()
}

fn plural(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// What was searched, in a line.
fn searched(question: &Question, search: &Search) -> String {
    let Counts { states, transitions, events, unconfirmed, .. } = search.counts();
    let faults = question.faults.map_or("any number of faults".to_owned(), |faults| plural(u64::from(faults), "fault"));
    let ended = match search.ending() {
        Ending::Open | Ending::OutOfStates => format!("the budget of states ended in ways of {}", search.progress().0),
        Ending::Complete => format!("up to {}", plural(u64::from(search.progress().0), "action")),
        Ending::Exhausted => {
            format!("up to {}, and longer ways lead to nothing new", plural(u64::from(search.progress().0), "action"))
        }
    };
    let unconfirmed = match unconfirmed {
        0 => String::new(),
        ways => format!("; {} whose run does not show it, left out", plural(u64::from(ways), "finding")),
    };
    format!(
        "{} at a time, operator {}: {ended}; {}, {}, {} of the engine{unconfirmed}",
        faults,
        question.operator.name(),
        plural(u64::from(states), "state"),
        plural(transitions, "transition"),
        plural(events, "event"),
    )
}

fn table(question: &Question, search: &Search) -> String {
    let mut out = format!("{}\n\n", searched(question, search));
    for (promise, standing) in search.standings() {
        let said = match standing {
            Standing::Broken(steps) => format!("broken in {}", plural(u64::from(steps), "action")),
            Standing::NoneUpTo(steps) => format!("no way found of up to {}", plural(u64::from(steps), "action")),
        };
        out.push_str(&format!("{:<17} {said}", promise.name()));
        let findings = search.findings();
        let mut findings = findings.iter().filter(|finding| finding.promise == promise);
        if let Some(finding) = findings.next() {
            out.push_str(&format!(": {}\n{:<17} {}\n", finding.way.join(" · "), "", finding.why));
            for other in findings {
                let kind = other.kind.unwrap_or("another way");
                out.push_str(&format!("{:<17} also {kind}: {}\n", "", other.way.join(" · ")));
            }
        } else {
            out.push('\n');
        }
    }
    for (promise, way) in search.doubtful() {
        out.push_str(&format!("left out: {}: {}\n", promise.name(), way.join(" · ")));
    }
    for (name, finding) in named(&search.findings()) {
        out.push_str(&format!("\n# --- {name}\n{}", finding.text));
    }
    out
}

/// The answer, for programs.
#[derive(Serialize)]
struct Answer<'a> {
    operator: &'a str,
    /// Nothing for any number.
    faults: Option<u8>,
    depth: u8,
    complete: bool,
    states: u32,
    transitions: u64,
    duplicates: u64,
    unconfirmed: u32,
    promises: Vec<Told<'a>>,
}

#[derive(Serialize)]
struct Told<'a> {
    promise: &'a str,
    broken: bool,
    /// Of the shortest way, or those of the longest ways that were tried.
    actions: u8,
    ways: Vec<Way<'a>>,
}

#[derive(Serialize)]
struct Way<'a> {
    kind: Option<&'a str>,
    way: &'a [String],
    why: &'a str,
    text: &'a str,
}

fn json(question: &Question, search: &Search) -> Done<String> {
    let findings = search.findings();
    let told = |(promise, standing): (Promise, Standing)| {
        let (broken, actions) = match standing {
            Standing::Broken(actions) => (true, actions),
            Standing::NoneUpTo(actions) => (false, actions),
        };
        let of_it = findings.iter().filter(|finding| finding.promise == promise);
        let ways = of_it.map(|it| Way { kind: it.kind, way: &it.way, why: &it.why, text: &it.text });
        Told { promise: promise.name(), broken, actions, ways: ways.collect() }
    };
    let Counts { states, transitions, duplicates, unconfirmed, .. } = search.counts();
    let answer = Answer {
        operator: question.operator.name(),
        faults: question.faults,
        depth: question.depth,
        complete: search.is_complete(),
        states,
        transitions,
        duplicates,
        unconfirmed,
        promises: search.standings().into_iter().map(told).collect(),
    };
    Ok(serde_json::to_string_pretty(&answer)? + "\n")
}
