//! What a master and a slave are called. Whatever the core says, it says in the words of this table; what comes from outside
//! (keys, values, names, lines of the text, the engines' own errors and meters) is never touched.

use serde::Serialize;

use super::sentence::capital;
use crate::scenario::Engine;

/// Which words are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Vocabulary {
    /// Master and slave, whatever the engine.
    Master,
    /// Primary and replica, whatever the engine.
    Primary,
    /// What the engine of the run calls them.
    #[default]
    Engine,
}

/// What a master, a slave, and slaves are called.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Roles {
    /// One that takes writes.
    pub master: &'static str,
    /// Several of these.
    pub masters: &'static str,
    /// One that follows.
    pub slave: &'static str,
    /// Several of these.
    pub slaves: &'static str,
}

/// Words that are chosen: they live as long as the program.
pub type Words = &'static Roles;

/// The words of this playground's own texts.
pub static MASTER_SLAVE: Roles = Roles { master: "master", masters: "masters", slave: "slave", slaves: "slaves" };
static PRIMARY_REPLICA: Roles = Roles { master: "primary", masters: "primaries", slave: "replica", slaves: "replicas" };
static PRIMARY_STANDBY: Roles = Roles { master: "primary", masters: "primaries", slave: "standby", slaves: "standbys" };
static SOURCE_REPLICA: Roles = Roles { master: "source", masters: "sources", slave: "replica", slaves: "replicas" };
static MASTER_REPLICA: Roles = Roles { master: "master", masters: "masters", slave: "replica", slaves: "replicas" };
static PRIMARY_SECONDARY: Roles =
    Roles { master: "primary", masters: "primaries", slave: "secondary", slaves: "secondaries" };

impl Vocabulary {
    /// The vocabulary of a name: `master`, `primary` or `engine`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "master" => Some(Self::Master),
            "primary" => Some(Self::Primary),
            "engine" => Some(Self::Engine),
            _ => None,
        }
    }

    /// Its words for a cluster with this engine.
    pub fn words(self, engine: Engine) -> Words {
        match (self, engine) {
            (Self::Master, _) | (Self::Engine, Engine::Plain) => &MASTER_SLAVE,
            (Self::Primary, _) | (Self::Engine, Engine::Mariadb) => &PRIMARY_REPLICA,
            (Self::Engine, Engine::Postgres) => &PRIMARY_STANDBY,
            (Self::Engine, Engine::Mysql) => &SOURCE_REPLICA,
            (Self::Engine, Engine::Redis) => &MASTER_REPLICA,
            (Self::Engine, Engine::Mongo) => &PRIMARY_SECONDARY,
        }
    }
}

impl Roles {
    /// Our own words, said in these. Whole words change, with an upper-case letter in front if they had one; what stands
    /// between backticks stays, and so do names such as `slave-writes` or `Seconds_Behind_Master`.
    pub fn say(&self, text: &str) -> String {
        let mut said = String::with_capacity(text.len() + 16);
        let mut code = false;
        let mut rest = text;
        while !rest.is_empty() {
            let length = rest.find(|c: char| !in_word(c)).unwrap_or(rest.len());
            let (word, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
            match self.other(word).filter(|_| !code) {
                Some(other) if word.starts_with(|c: char| c.is_ascii_uppercase()) => said.push_str(&capital(other)),
                other => said.push_str(other.unwrap_or(word)),
            }
            let mut others = behind.chars();
            if let Some(other) = others.next() {
                code ^= other == '`';
                said.push(other);
            }
            rest = others.as_str();
        }
        said
    }

    /// The word for one of ours.
    fn other(&self, word: &str) -> Option<&'static str> {
        match word {
            "master" | "Master" => Some(self.master),
            "masters" | "Masters" => Some(self.masters),
            "slave" | "Slave" => Some(self.slave),
            "slaves" | "Slaves" => Some(self.slaves),
            _ => None,
        }
    }
}

fn in_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}
