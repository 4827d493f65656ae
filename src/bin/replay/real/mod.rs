//! `replay real`: the same text on real servers.
//!
//! A text is played by a [`player`], which tells a [`driver`] what to do; there is one driver for each engine. The servers of a
//! cluster, their ports and folders are a [`site`]; the links between them are proxies ([`links`]). What must not outlive this
//! program is [`held`].

mod asked;
mod compare;
mod confirm;
mod conform;
mod differ;
mod driver;
mod file;
mod generate;
mod held;
mod installed;
mod links;
mod mariadb;
mod mariadb_client;
mod mariadb_server;
mod mariadb_state;
mod patroni;
mod patroni_server;
mod patroni_story;
mod player;
mod ports;
mod postgres;
mod postgres_client;
mod postgres_server;
mod postgres_state;
mod processes;
mod redis;
mod redis_server;
mod sentinel;
mod site;
mod steps;
mod story;
mod text;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use crate::files::{Done, print};
use held::Folder;
use replication_playground::export::Engine;

pub use confirm::{Asked as ConfirmAsked, play as confirm};
pub use differ::play as differ;

/// Where and how servers run.
#[derive(Debug, Args)]
pub struct Options {
    /// The folder in which the servers' folder is made; by default a RAM disk, where there is one.
    #[arg(long)]
    dir: Option<PathBuf>,
    /// Keep the servers' folder, with their logs and data, and say where it is.
    #[arg(long)]
    keep: bool,
    /// The first port; by default free ones are looked for.
    #[arg(long)]
    ports: Option<u16>,
    /// Clusters side by side.
    #[arg(long, default_value_t = 1)]
    jobs: usize,
    /// Times the time-outs of the servers (link-timeout, too-few degrade, failover quorum) by this, in the simulator too; the text's own times
    /// stay. Of a text only.
    #[arg(long, default_value_t = 1.0, value_parser = scale)]
    scale: f64,
    /// Only scenarios whose NAME/PRESET has one of these, separated by commas.
    #[arg(long)]
    only: Option<String>,
}

fn scale(word: &str) -> Result<f64, String> {
    match word.parse() {
        Ok(scale) if (0.001..=1.0).contains(&scale) => Ok(scale),
        _ => Err("expected a number from 0.001 to 1".to_owned()),
    }
}

impl Options {
    /// What comes before any server.
    fn begin(&self) -> Done<()> {
        held::end_all_at_signals()?;
        if let Some(first) = self.ports {
            ports::begin_at(first);
        }
        Ok(())
    }

    fn folder(&self) -> Done<Folder> {
        let ram = Path::new("/dev/shm");
        let parent = match &self.dir {
            Some(dir) => dir.clone(),
            None if ram.is_dir() => ram.to_owned(),
            None => std::env::temp_dir(),
        };
        let folder = Folder::new_in(&parent).map_err(|why| format!("{}: {why}", parent.display()))?;
        if self.keep {
            folder.keep();
        }
        open_to_all(folder.path())?;
        Ok(folder)
    }

    fn tell_kept(&self, folder: &Folder) -> Done<()> {
        if self.keep {
            print(&format!("logs and data: {}\n", folder.path().display()))?;
        }
        Ok(())
    }
}

/// Servers may run as users of their own, who must be able to walk through.
fn open_to_all(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o711))
}

/// Plays a text on real servers of an engine, or the scenarios of files.
pub fn play(engine: Engine, files: &[PathBuf], conform: bool, options: &Options) -> Done<ExitCode> {
    options.begin()?;
    if conform {
        return conform::play(engine, files, options);
    }
    match files {
        [file] => file::play(engine, file, options),
        _ => Err("only one text is played at a time".into()),
    }
}
