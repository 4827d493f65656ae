//! `replay guarantees-real`: the runs of the table of guarantees on real servers.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use replication_playground::cluster::Rules;
use replication_playground::export::{Engine, engine_of, prepare};
use replication_playground::facts::Event;
use replication_playground::run::Run;
use replication_playground::scenario::{self, Durability};

use super::conform::side_by_side;
use super::held::Folder;
use super::installed::{self, Installed};
use super::{Options, text};
use crate::confirmed::{self, Came, Seen};
use crate::files::{Done, print, read};

/// How often a run is played before it counts as one that comes out otherwise.
const TRIES: usize = 3;

/// What is played.
#[derive(Debug, Args)]
pub struct Asked {
    /// The folder of the table, with its runs in guarantees/: it gets guarantees-real.txt.
    folder: PathBuf,
    /// The day that is written down, such as 2026-11-26.
    #[arg(long)]
    date: String,
    #[command(flatten)]
    options: Options,
}

/// An engine whose programs are here.
type Ready = (Engine, Installed);

/// Plays all runs, and writes what came of them.
pub fn play(asked: &Asked) -> Done<ExitCode> {
    asked.options.begin()?;
    let folder = asked.options.folder()?;
    let mut ready: Vec<Ready> = Vec::new();
    for engine in [Engine::Redis, Engine::Postgres, Engine::Mariadb, Engine::Patroni] {
        // Patroni is played where it is.
        if engine == Engine::Patroni && installed::programs(engine).is_err() {
            continue;
        }
        let below = folder.path().join(engine.name());
        fs::create_dir_all(&below)?;
        super::open_to_all(&below)?;
        ready.push((engine, installed::prepare(engine, &below)?));
    }
    let mut runs: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(asked.folder.join("guarantees"))? {
        runs.push(entry?.path());
    }
    runs.sort();
    let all: Vec<String> = runs.iter().map(|run| name(run)).collect();
    let wanted =
        |name: &str| asked.options.only.as_ref().is_none_or(|only| only.split(',').any(|it| name.contains(it)));
    runs.retain(|run| wanted(&name(run)));
    let seen = side_by_side(&runs, asked.options.jobs, |number, run| {
        let text = read(run).map_err(|why| why.to_string())?;
        let came = judge(&ready, &text, &folder, number, &asked.date);
        let _ = print(&format!("{}: {came:?}\n", name(run)));
        Ok(Seen::new(name(run), &text, came))
    });
    let seen: Vec<Seen> = seen.into_iter().collect::<Result<_, String>>()?;
    confirmed::write(&asked.folder, &all, &seen)?;
    asked.options.tell_kept(&folder)?;
    Ok(ExitCode::SUCCESS)
}

fn name(run: &Path) -> String {
    run.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn judge(ready: &[Ready], text: &str, folder: &Folder, number: usize, date: &str) -> Came {
    if let Some(why) = not_at_all(text) {
        return Came::Unplayed(why.to_owned());
    }
    let Ok(engine) = engine_of(text) else { return Came::Unplayed("it is no database’s".to_owned()) };
    let Some((_, installed)) = ready.iter().find(|(ready, _)| *ready == engine) else {
        return Came::Unplayed(format!("{} is not here", engine.title()));
    };
    let mut came = Came::Unplayed(String::new());
    for number in (0..TRIES).map(|again| format!("{number}-{again}")) {
        let place = folder.path().join(number);
        came = match prepare(engine, text, 1.0) {
            Ok(prepared) => once(installed, prepared.run, &place, date),
            Err(why) => return Came::Unplayed(reason(&why.to_string())),
        };
        let _ = fs::remove_dir_all(&place);
        if matches!(came, Came::Same(_)) {
            return came;
        }
    }
    match power_cut(text) {
        Some(why) if matches!(came, Came::Other(..)) => Came::Unplayed(why),
        _ => came,
    }
}

/// Why a run is of nothing that is started here.
fn not_at_all(text: &str) -> Option<&'static str> {
    let run = Run::new(text).ok()?;
    match run.cluster().rules().engine {
        scenario::Engine::Mysql => Some("MySQL 8 is not started here"),
        scenario::Engine::Mongo => Some("MongoDB is not started here"),
        scenario::Engine::Plain => Some("`plain` is no database"),
        _ => None,
    }
}

fn once(installed: &Installed, run: Run, place: &Path, date: &str) -> Came {
    let played = match text::play(installed, run, place) {
        Ok(played) => played,
        Err(why) => return Came::Unplayed(reason(&why)),
    };
    let version: Vec<&str> = played.version.split_whitespace().take(2).collect();
    let version = format!("{}, {date}", version.join(" ").split('-').next().unwrap_or(""));
    if let Some(why) = played.fault {
        return Came::Other(version, reason(&why));
    }
    let differs = played.rows.iter().find(|row| row.agrees == Some(false) || row.held == Some(false));
    differs.map_or(Came::Same(version.clone()), |row| {
        let (text, real, simulated) = (row.text.split_whitespace(), &row.real, &row.simulated);
        let text = text.collect::<Vec<_>>().join(" ");
        Came::Other(version, format!("`{text}`: real _{real}_, simulated _{simulated}_"))
    })
}

/// What is said in the last line.
fn reason(why: &str) -> String {
    let last = why.lines().last().unwrap_or(why).trim();
    last.split_once(": ").filter(|(head, _)| head.starts_with("line ")).map_or(last, |(_, rest)| rest).to_owned()
}

/// If a run needs that what was not on disk yet is lost: the end of a process loses only what it had not written.
fn power_cut(text: &str) -> Option<String> {
    let mut run = Run::new(text).ok()?;
    run.play_out();
    let loses = |rules: &Rules| matches!(rules.durability, Durability::Lazy(_));
    let lost = |event: &Event| matches!(event, Event::Crashed { lost, .. } if *lost > 0);
    let cuts = loses(run.cluster().rules()) && run.cluster().history().since(0).any(|fact| lost(&fact.event));
    cuts.then(|| "the power fails before the write is on disk; here a process ends, and what it wrote stays".to_owned())
}
