//! `replay export`: writes the folder with which Docker Compose plays a text on real servers.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use replication_playground::export;

use crate::files::{Done, print, read};

/// Writes the folder for the text of a file.
pub fn write(file: &Path, folder: &Path) -> Done<ExitCode> {
    let made = export::folder(&read(file)?)?;
    fs::create_dir(folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    for (name, text) in made.files {
        let path = folder.join(name);
        fs::write(&path, text).map_err(|why| format!("{}: {why}", path.display()))?;
    }
    made.notes.iter().for_each(|note| eprintln!("replay: {note}"));
    print(&format!(
        "written to {}; play it there:\n  docker compose up -d && sh play.sh; docker compose down -v\n",
        folder.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}
