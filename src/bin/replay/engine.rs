//! The engines that a text can be played on in earnest, and how they are called.

use clap::ValueEnum;
use replication_playground::scenario;

/// An engine that texts are played on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// Redis 7
    Redis,
    /// PostgreSQL 15 or later
    Postgres,
    /// MariaDB 10.11 or later
    Mariadb,
}

impl Engine {
    /// How run texts call it.
    pub fn word(self) -> scenario::Engine {
        match self {
            Engine::Redis => scenario::Engine::Redis,
            Engine::Postgres => scenario::Engine::Postgres,
            Engine::Mariadb => scenario::Engine::Mariadb,
        }
    }

    /// Its name.
    pub fn title(self) -> &'static str {
        match self {
            Engine::Redis => "Redis",
            Engine::Postgres => "PostgreSQL",
            Engine::Mariadb => "MariaDB",
        }
    }

    /// The preset of a text that names none.
    pub fn usual_preset(self) -> &'static str {
        match self {
            Engine::Redis => "redis-async",
            Engine::Postgres => "pg-async",
            Engine::Mariadb => "mariadb-async",
        }
    }
}
