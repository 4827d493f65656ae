//! The engines that texts are played on: what must be installed, what they cannot do, and how a cluster of them is made.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use replication_playground::cluster::Rules;
use replication_playground::scenario::{
    self, Command, Durability, Failover, NodeCommand, Pair, Replication, Setting, SlaveWrites, TooFew,
};

use super::driver::{Driver, Real};
use super::redis::Redis;
use super::site::{Site, Wanted, find};

/// An engine that texts are played on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// Redis 7
    Redis,
}

/// What is installed of an engine.
#[derive(Debug, Clone)]
pub struct Installed {
    engine: Engine,
    server: PathBuf,
}

impl Engine {
    /// How run texts call it.
    pub fn word(self) -> scenario::Engine {
        match self {
            Engine::Redis => scenario::Engine::Redis,
        }
    }

    /// The preset of a text that names none.
    pub fn usual_preset(self) -> &'static str {
        match self {
            Engine::Redis => "redis-async",
        }
    }

    /// What names of its presets begin with.
    pub fn preset_prefix(self) -> &'static str {
        match self {
            Engine::Redis => "redis-",
        }
    }

    /// Looks for its programs.
    ///
    /// # Errors
    ///
    /// One is missing: with the command that installs it.
    pub fn installed(self) -> Real<Installed> {
        let (program, folders, package): (_, Vec<PathBuf>, _) = match self {
            Engine::Redis => ("redis-server", Vec::new(), "redis-server redis-sentinel"),
        };
        let server = find(program, &folders).ok_or_else(|| {
            format!("{program} is not on PATH. To go on, run\n\n  sudo apt-get install --yes {package}\n\nor what matches it elsewhere")
        })?;
        Ok(Installed { engine: self, server })
    }

    /// Why it cannot do what a line says, or be set so; nothing if it can.
    pub fn refuses(self, command: &Command) -> Option<String> {
        let why = match command {
            Command::Set(setting) => return self.refuses_setting(setting),
            Command::Link(_, change) if change.loss.is_some_and(|loss| loss.part > 0) => {
                "links here are TCP proxies: they lose no packets (add latency or jitter instead)"
            }
            Command::Link(Pair::Clients, _) | Command::Break(_, Pair::Clients) => "clients connect directly",
            Command::Link(Pair::Both(a, b) | Pair::OneWay(a, b), _)
            | Command::Break(_, Pair::Both(a, b) | Pair::OneWay(a, b))
                if [a, b].iter().any(|end| end.as_str().starts_with(char::is_uppercase)) =>
            {
                "clients connect directly"
            }
            Command::Break(scenario::Break::Cut, Pair::OneWay(..)) => {
                "a TCP connection is closed both ways (hold one way instead, or cut both)"
            }
            Command::ApplySpeed(..) | Command::Capacity(..) => "how fast a real server works cannot be set",
            Command::Node(NodeCommand::Add | NodeCommand::Remove, _) => {
                "nodes that come and go are not played on real servers"
            }
            Command::Node(what, _) => return self.refuses_node_command(*what).map(str::to_owned),
            Command::Delay(..) if self == Engine::Redis => "Redis has no delayed replicas",
            Command::Wait { .. } if self != Engine::Redis => "only Redis has WAIT",
            Command::Follow { force: true, .. } if self == Engine::Redis => {
                "REPLICAOF has no force: it always throws away"
            }
            Command::Cancel(_) if self == Engine::Redis => "Redis does not wait for replicas",
            Command::Operation { local: true, .. } if self == Engine::Redis => {
                "a Redis master's own word is always enough"
            }
            _ => return None,
        };
        Some(why.to_owned())
    }

    fn refuses_node_command(self, what: NodeCommand) -> Option<&'static str> {
        match (self, what) {
            (Engine::Redis, NodeCommand::PauseApply | NodeCommand::ResumeApply) => {
                Some("a Redis replica cannot pause applying")
            }
            (Engine::Redis, NodeCommand::ReadOnly | NodeCommand::ReadWrite) => {
                Some("a Redis master always takes writes")
            }
            (Engine::Redis, NodeCommand::TrimLog) => Some("Redis keeps its backlog in memory (use fill-log)"),
            (Engine::Redis, NodeCommand::Rewind) => Some("a Redis replica throws its own history away by itself"),
            (Engine::Redis, NodeCommand::Rebuild) => Some("a Redis replica is rebuilt by a restart without its files"),
            _ => None,
        }
    }

    fn refuses_setting(self, setting: &Setting) -> Option<String> {
        let why = match setting {
            Setting::Load(Some(_)) => "a load is not played on real servers: what matters here is each answer",
            Setting::Engine(engine) if *engine != self.word() => "the text is of another engine",
            Setting::Preset(preset) => {
                return preset.settings().iter().find_map(|setting| match setting {
                    Setting::Engine(engine) if *engine != self.word() => {
                        Some(format!("the preset {} is of another engine", preset.name()))
                    }
                    Setting::Engine(_) => None,
                    setting => self.refuses_setting(setting),
                });
            }
            Setting::Failover(Failover::Manual) => return None,
            Setting::Failover(_) => "this kind of failover is not played on real servers",
            Setting::SlaveWrites(SlaveWrites::Ignored | SlaveWrites::Forwarded) => {
                "a real slave refuses a write, or takes it for itself"
            }
            Setting::Replication(Replication::Sync { .. }) if self == Engine::Redis => {
                "Redis never waits for replicas by itself (use WAIT: wait N D)"
            }
            Setting::TooFew(TooFew::Error(_)) => "no engine here answers with an error when too few acknowledge",
            Setting::Gate(Some(_)) if self != Engine::Redis => "only Redis has a gate",
            Setting::SyncSlaves(_) if self == Engine::Redis => "Redis has no list of synchronous replicas",
            Setting::Durability(durability) if self != Engine::Redis && *durability != Durability::Sync => {
                "only Redis answers before a write is on disk"
            }
            _ => return None,
        };
        Some(why.to_owned())
    }
}

impl Installed {
    /// A cluster that is still to be launched.
    ///
    /// # Errors
    ///
    /// No free port; the template cannot be made.
    pub fn cluster(&self, names: Vec<String>, rules: Rules, folder: &Path, on_demand: bool) -> Real<Box<dyn Driver>> {
        let wanted = Wanted { names, rules, folder: folder.to_owned(), timeouts_on_demand: on_demand };
        let site = Site::new(wanted)?;
        Ok(match self.engine {
            Engine::Redis => Box::new(Redis::new(site, self.server.clone())),
        })
    }
}
