//! `replay real ENGINE FILE`: plays a text, and reports.

use std::path::Path;
use std::process::ExitCode;

use super::Options;
use super::compare::Row;
use super::text;
use crate::files::{Done, print, read};
use replication_playground::export::Engine;
use replication_playground::export::prepare;

/// Plays the text of a file.
pub fn play(engine: Engine, file: &Path, options: &Options) -> Done<ExitCode> {
    let prepared = prepare(engine, &read(file)?, options.scale)?;
    super::installed::programs(engine)?;
    let folder = options.folder()?;
    let installed = super::installed::prepare(engine, folder.path())?;
    let watchers = match prepared.run.cluster().failover().observers().len() {
        0 => String::new(),
        _ if engine == Engine::Patroni => ", one etcd".to_owned(),
        count => format!(", {count} Sentinels"),
    };
    let played = text::play(&installed, prepared.run, &folder.path().join("cluster"))?;
    print(&format!("{}, {} servers{watchers}\n", played.version, played.servers))?;
    for note in &prepared.notes {
        print(&format!("note: {note}\n"))?;
    }
    for line in &played.settings {
        print(&format!("  {line}\n"))?;
    }
    print("\n")?;
    print(&table(&played.rows, &prepared.numbers))?;
    print(&played.story)?;
    options.tell_kept(&folder)?;
    if let Some(why) = played.fault {
        return Err(format!("the servers did not do it: {}", with_number(&why, &prepared.numbers)).into());
    }
    let differ = played.rows.iter().filter(|row| row.agrees == Some(false)).count();
    let untold = played.rows.iter().filter(|row| row.agrees.is_none()).count();
    let failed = played.rows.iter().filter(|row| row.held == Some(false)).count();
    let lines = played.rows.len();
    let alike = lines - differ - untold;
    let untold = if untold > 0 { format!(", {untold} that no server tells") } else { String::new() };
    print(&format!(
        "
{lines} lines: {alike} alike, {differ} differ{untold}; {failed} expectations fail on the real servers
"
    ))?;
    Ok(if differ + failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Line by line: what the real client saw beside what the simulated one saw.
fn table(rows: &[Row], numbers: &[usize]) -> String {
    let width = |texts: &dyn Fn(&Row) -> usize, most: usize| rows.iter().map(texts).max().unwrap_or(0).min(most);
    let (text, real) = (width(&|row| row.text.chars().count(), 60), width(&|row| row.real.chars().count(), 40));
    let mut out = format!("line  {:<text$}  {:<real$}  simulated\n", "", "real");
    for row in rows {
        let number = numbers.get(row.line - 1).copied().unwrap_or(0);
        let mark = match (row.agrees, row.held) {
            (Some(false), Some(false)) => "  DIFFERS, and the real one is not as expected",
            (Some(false), _) => "  DIFFERS",
            (_, Some(false)) => "  not as expected",
            _ => "",
        };
        out.push_str(&format!("{number:>4}  {:<text$}  {:<real$}  {}{mark}\n", row.text, row.real, row.simulated));
    }
    out
}

/// A message about a line with the number that the line has in the file.
fn with_number(why: &str, numbers: &[usize]) -> String {
    let parts = why.strip_prefix("line ").and_then(|rest| rest.split_once(':'));
    let Some((played, rest)) = parts.and_then(|(number, rest)| Some((number.parse::<usize>().ok()?, rest))) else {
        return why.to_owned();
    };
    format!("line {}:{rest}", numbers.get(played - 1).copied().unwrap_or(played))
}
