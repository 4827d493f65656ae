//! `replay print`: a text as the playground writes it.

use std::path::Path;
use std::process::ExitCode;

use replication_playground::run::Run;

use crate::files::{Done, print, read};

/// Prints a text as the playground writes it.
pub fn write(file: &Path) -> Done<ExitCode> {
    print(&Run::new(&read(file)?)?.text())?;
    Ok(ExitCode::SUCCESS)
}
