//! The engines that a text can be played on in earnest, and how they are called.

use crate::scenario;

/// An engine that texts are played on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(clap::ValueEnum))]
pub enum Engine {
    /// Redis 7
    Redis,
    /// PostgreSQL 15 or later
    Postgres,
    /// MariaDB 10.11 or later
    Mariadb,
    /// PostgreSQL under Patroni, with etcd
    Patroni,
}

impl Engine {
    /// How the command line calls it.
    pub fn name(self) -> &'static str {
        match self {
            Engine::Redis => "redis",
            Engine::Postgres => "postgres",
            Engine::Mariadb => "mariadb",
            Engine::Patroni => "patroni",
        }
    }

    /// How run texts call it.
    pub fn word(self) -> scenario::Engine {
        match self {
            Engine::Redis => scenario::Engine::Redis,
            Engine::Postgres | Engine::Patroni => scenario::Engine::Postgres,
            Engine::Mariadb => scenario::Engine::Mariadb,
        }
    }

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Engine::Redis => "Redis",
            Engine::Postgres => "PostgreSQL",
            Engine::Mariadb => "MariaDB",
            Engine::Patroni => "Patroni",
        }
    }

    /// The preset of a text that names none.
    pub fn usual_preset(self) -> &'static str {
        match self {
            Engine::Redis => "redis-async",
            Engine::Postgres => "pg-async",
            Engine::Mariadb => "mariadb-async",
            Engine::Patroni => "patroni-async",
        }
    }

    /// Whether its servers are PostgreSQL's.
    pub fn is_postgres(self) -> bool {
        matches!(self, Engine::Postgres | Engine::Patroni)
    }
}
