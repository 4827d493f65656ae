//! `replay import`: what a paste tells.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use replication_playground::guarantees;
use replication_playground::import::{self, Import, Note};
use replication_playground::limits;

use crate::files::{Done, print};

/// Reads a paste, and one byte more than may be read: then the reader says so. What is no UTF-8 is shown as unknown.
fn paste(file: &Path) -> Done<String> {
    let most = limits::IMPORT_BYTES_MAX as u64 + 1;
    let mut bytes = Vec::new();
    let name = file.display();
    let done = if file.as_os_str() == "-" {
        io::stdin().take(most).read_to_end(&mut bytes)
    } else {
        File::open(file).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    done.map_err(|why| format!("{name}: {why}"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads the pastes and prints what they tell.
pub fn tell(files: &[PathBuf], json: bool, names: bool) -> Done<ExitCode> {
    let texts = files.iter().map(|file| paste(file)).collect::<Done<Vec<_>>>()?;
    let pastes: Vec<&str> = texts.iter().map(String::as_str).collect();
    let import = import::read(&pastes)?;
    if json {
        print(&(serde_json::to_string_pretty(&import)? + "\n"))?;
    } else {
        print(&words(&import, names))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn words(import: &Import, names: bool) -> String {
    let mut text = String::new();
    section(&mut text, "Cluster", import.cluster_words());
    if names {
        let stands_for = |(name, identities): &(String, Vec<String>)| format!("{name}: {}", identities.join(", "));
        section(&mut text, "Names", import.names().iter().map(stands_for));
    }
    section(&mut text, "If the master died now", std::iter::once(import.answer.promoted.clone()));
    section(
        &mut text,
        "What would be lost, for each slave",
        import.answer.candidates.iter().map(|it| it.words.clone()),
    );
    section(&mut text, "What the meters do not say", import.answer.meters.iter().cloned());
    let promised = guarantees::words(import.preset.name, !import.preset.differs.is_empty());
    section(&mut text, "What the settings promise", promised);
    section(&mut text, "Cannot be known", import.cannot_know.iter().map(|topic| topic.words().to_owned()));
    for (title, notes) in
        [("Read", &import.read), ("Assumed", &import.assumed), ("Not understood", &import.not_understood)]
    {
        section(&mut text, title, notes.iter().map(note));
    }
    let run = import.run_text.as_deref().unwrap_or("");
    section(&mut text, "Run text", run.lines().map(str::to_owned));
    text
}

fn note(note: &Note) -> String {
    format!("paste {}, line {}: {}", note.place.paste, note.place.line, note.text)
}

fn section(text: &mut String, title: &str, lines: impl IntoIterator<Item = String>) {
    let lines: Vec<String> = lines.into_iter().collect();
    if lines.is_empty() {
        return;
    }
    text.push_str(&format!("{title}\n"));
    for line in lines {
        text.push_str(&format!("  {line}\n"));
    }
    text.push('\n');
}
