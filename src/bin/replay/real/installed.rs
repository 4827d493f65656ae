//! What must be installed of an engine, and how a cluster of its servers is made.

use std::fs;
use std::path::{Path, PathBuf};

use replication_playground::cluster::Cluster;
use replication_playground::export::Engine;

use super::driver::{Driver, Real};
use super::mariadb::Mariadb;
use super::mariadb_server;
use super::patroni::Patroni;
use super::patroni_server;
use super::postgres::Postgres;
use super::postgres_server;
use super::redis::Redis;
use super::site::{Site, Wanted, find};

/// What is needed of an engine, ready to make clusters of.
#[derive(Debug, Clone)]
pub enum Installed {
    /// The server.
    Redis(PathBuf),
    /// The programs, and data to copy.
    Postgres(postgres_server::Programs),
    /// The same.
    Mariadb(mariadb_server::Programs),
    /// The same, and the store.
    Patroni(patroni_server::Programs),
}

/// What names of the presets of an engine begin with.
pub fn preset_prefix(engine: Engine) -> &'static str {
    match engine {
        Engine::Redis => "redis-",
        Engine::Postgres => "pg-",
        Engine::Mariadb => "mariadb-",
        Engine::Patroni => "patroni-",
    }
}

/// Looks for the programs of an engine.
///
/// # Errors
///
/// One is missing: with the command that installs it.
pub fn programs(engine: Engine) -> Real<PathBuf> {
    let (program, found, package) = match engine {
        Engine::Redis => ("redis-server", find("redis-server", &[]), "redis-server redis-sentinel"),
        Engine::Postgres => ("PostgreSQL's initdb", find("initdb", &postgres_folders()), "postgresql"),
        Engine::Mariadb => ("mariadbd", find("mariadbd", &["/usr/sbin".into()]), "mariadb-server"),
        Engine::Patroni => {
            programs(Engine::Postgres)?;
            let etcd = find("etcd", &[]);
            let both = find("patroni", &[]).filter(|_| etcd.is_some());
            (if etcd.is_some() { "patroni" } else { "etcd" }, both, "patroni etcd-server")
        }
    };
    found.ok_or_else(|| {
        format!("{program} is not here. To go on, run\n\n  sudo apt-get install --yes {package}\n\nor what matches it.")
    })
}

/// Makes what all clusters of an engine begin with, below a folder.
///
/// # Errors
///
/// A program is missing; what servers begin with cannot be made.
pub fn prepare(engine: Engine, below: &Path) -> Real<Installed> {
    let program = programs(engine)?;
    let folder = program.parent().unwrap_or(Path::new("/"));
    match engine {
        Engine::Redis => Ok(Installed::Redis(program)),
        Engine::Postgres => Ok(Installed::Postgres(postgres_server::Programs::new(folder, below)?)),
        Engine::Mariadb => Ok(Installed::Mariadb(mariadb_server::Programs::new(&program, below)?)),
        Engine::Patroni => {
            let Installed::Postgres(postgres) = prepare(Engine::Postgres, below)? else {
                return Err("PostgreSQL is not here".to_owned());
            };
            let etcd = find("etcd", &[]).ok_or("etcd is not here")?;
            Ok(Installed::Patroni(patroni_server::Programs { patroni: program, etcd, postgres }))
        }
    }
}

/// Where Debian and others put programs that are not on PATH; the newest version first.
fn postgres_folders() -> Vec<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .filter(|(version, _)| *version >= 15)
        .collect();
    versions.sort();
    versions.into_iter().rev().map(|(_, folder)| folder).collect()
}

impl Installed {
    /// A cluster like the simulated one, still to be launched.
    ///
    /// # Errors
    ///
    /// No free port; the folder cannot be made.
    pub fn cluster(&self, of: &Cluster, folder: &Path, on_demand: bool) -> Real<Box<dyn Driver>> {
        let site = Site::new(Wanted {
            names: of.members().map(|member| member.name.to_string()).collect(),
            failover: of.failover(),
            rules: of.rules().clone(),
            folder: folder.to_owned(),
            timeouts_on_demand: on_demand,
        })?;
        Ok(match self {
            Installed::Redis(program) => Box::new(Redis::new(site, program.clone())),
            Installed::Postgres(programs) => Box::new(Postgres::new(site, programs.clone())),
            Installed::Mariadb(programs) => Box::new(Mariadb::new(site, programs.clone())),
            Installed::Patroni(programs) => Box::new(Patroni::new(site, programs.clone())?),
        })
    }
}
