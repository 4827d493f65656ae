//! What engines cannot do: known before anything starts.

use crate::scenario::{
    Break, Command, Durability, Failover, Level, LogKeep, Name, NodeCommand, OwnWrites, Pair, Quota, Replication,
    Setting, SlaveWrites, TooFew,
};

use super::Engine;

impl Engine {
    /// Why it cannot do what a line says, or be set so; nothing if it can.
    pub fn refuses(self, command: &Command) -> Option<String> {
        match command {
            Command::Set(setting) => self.refuses_setting(setting),
            Command::Link(_, change) if change.loss.is_some_and(|loss| loss.part > 0) => {
                Some("links here are TCP proxies, which lose no packets (add latency or jitter instead)".to_owned())
            }
            Command::Link(pair, change) if change.jitter_us.is_some() || change.bandwidth.is_some() => {
                refuses_pair(pair)
            }
            Command::Link(..) => None,
            Command::Break(Break::Cut, Pair::OneWay(..)) => {
                Some("a TCP connection is closed both ways (hold one way instead, or cut both)".to_owned())
            }
            Command::Break(_, pair) => refuses_pair(pair),
            Command::Node(what, _) => self.refuses_node_command(*what).map(str::to_owned),
            command => self.refuses_other(command).map(str::to_owned),
        }
    }

    fn refuses_other(self, command: &Command) -> Option<&'static str> {
        let redis = self == Engine::Redis;
        match command {
            Command::ApplySpeed(..) | Command::Capacity(..) => Some("how fast a real server works cannot be set"),
            Command::Priority(..) if !redis => Some("only Redis Sentinel has priorities"),
            Command::Delay(..) if redis => Some("Redis has no delayed replicas"),
            Command::Delay(..) if self == Engine::Patroni => Some("Patroni writes its servers’ settings itself"),
            Command::Wait { .. } if !redis => Some("only Redis has WAIT"),
            Command::Follow { force: true, .. } if redis => Some("REPLICAOF always throws away: there is no force"),
            Command::Follow { force: true, .. } if self.is_postgres() => {
                Some("PostgreSQL cannot keep what it has beside what it follows (rewind it)")
            }
            Command::Cancel(_) if redis => Some("Redis does not wait for replicas"),
            Command::Operation { local: true, .. } if redis => Some("a Redis master's own word is always enough"),
            _ => None,
        }
    }

    fn refuses_node_command(self, what: NodeCommand) -> Option<&'static str> {
        use NodeCommand::{
            Add, FillLog, PauseApply, ReadOnly, ReadWrite, Rebuild, Remove, ResumeApply, Rewind, TrimLog,
        };
        match (self, what) {
            (_, Add | Remove) => Some("nodes that come and go are not played on real servers"),
            (Engine::Redis, PauseApply | ResumeApply) => Some("a Redis replica cannot pause applying"),
            (Engine::Redis, ReadOnly | ReadWrite) => Some("a Redis master always takes writes"),
            (Engine::Redis, TrimLog) => Some("Redis keeps its backlog in memory (use fill-log)"),
            (Engine::Redis, Rewind | Rebuild) => Some("a Redis replica throws its own history away by itself"),
            (Engine::Patroni, ReadOnly | ReadWrite) => Some("Patroni alone says who takes writes"),
            (Engine::Patroni, Rewind) => Some("Patroni rewinds by itself"),
            (Engine::Postgres | Engine::Mariadb | Engine::Patroni, FillLog) => {
                Some("it keeps all of its log (use trim-log)")
            }
            (Engine::Mariadb, Rewind) => Some("MariaDB cannot rewind (use follow … force)"),
            (Engine::Mariadb, Rebuild) => Some("that is a restored backup: start with a new cluster"),
            _ => None,
        }
    }

    fn refuses_setting(self, setting: &Setting) -> Option<String> {
        let why = match setting {
            Setting::Load(Some(_)) => "a load is not played on real servers: what counts here is each answer",
            Setting::Engine(engine) if *engine != self.word() => "the text is of another engine",
            Setting::Preset(preset) => {
                let mut why = preset.settings().into_iter().filter_map(|setting| self.refuses_setting(&setting));
                return why.next().map(|why| format!("the preset {}: {why}", preset.name()));
            }
            Setting::Failover(Failover::Quorum { .. }) if self != Engine::Redis => "only Redis has Sentinels",
            Setting::Failover(Failover::Lease { .. }) if self == Engine::Patroni => return None,
            Setting::Failover(Failover::Lease { .. }) => "only Patroni takes a lease (replay real patroni)",
            Setting::Failover(Failover::Election { .. }) => "only MongoDB elects by itself",
            Setting::SlaveWrites(SlaveWrites::Ignored | SlaveWrites::Forwarded) => {
                "a real slave refuses a write, or takes it for itself"
            }
            Setting::SlaveWrites(SlaveWrites::Accepted) if self.is_postgres() => "a standby takes no writes",
            Setting::Replication(Replication::Sync { .. }) if self == Engine::Redis => {
                "Redis never waits for replicas by itself (ask for it: wait N D)"
            }
            Setting::Replication(Replication::Sync { count, level, first, .. })
                if self == Engine::Mariadb
                    && (*count, *level, *first) != (Quota::Slaves(1), Level::Received, false) =>
            {
                "semi-sync waits until one slave has received it: replication sync 1 received [hidden]"
            }
            Setting::Replication(Replication::Sync { hidden: false, .. }) if self.is_postgres() => {
                "PostgreSQL shows a write when it is acknowledged: add hidden"
            }
            Setting::OwnWrites(OwnWrites::Position(_)) => "clients here do not wait for a slave",
            Setting::LogKeep(LogKeep::Entries(_)) if self != Engine::Redis => "a number of entries cannot be kept",
            Setting::Replication(Replication::Sync { first: true, .. }) if self == Engine::Patroni => {
                "Patroni chooses its synchronous standbys: replication sync N flushed hidden"
            }
            Setting::LogKeep(LogKeep::Slots) if !self.is_postgres() => "only PostgreSQL has slots",
            Setting::TooFew(TooFew::Error(_)) => "no engine here answers with an error when too few acknowledge",
            Setting::TooFew(TooFew::Degrade(_)) if !matches!(self, Engine::Mariadb | Engine::Patroni) => {
                "only MariaDB goes on without its slaves"
            }
            Setting::Gate(Some(_)) if self != Engine::Redis => "only Redis has a gate",
            Setting::SyncSlaves(names) if self == Engine::Patroni && !names.is_empty() => {
                "Patroni chooses its synchronous standbys"
            }
            Setting::SyncSlaves(names) if self == Engine::Redis && !names.is_empty() => {
                "Redis has no list of synchronous replicas"
            }
            Setting::Durability(durability) if self != Engine::Redis && *durability != Durability::Sync => {
                "it answers when a write is on disk, not before"
            }
            _ => return None,
        };
        Some(why.to_owned())
    }
}

/// What a link may be made to do. Clients connect directly, and can only be made to wait.
fn refuses_pair(pair: &Pair) -> Option<String> {
    is_of_client(pair).then(|| "clients connect directly here: their links can only have a latency".to_owned())
}

/// Whether a link is one of a client.
pub fn is_of_client(pair: &Pair) -> bool {
    let is_client = |end: &Name| end.as_str().starts_with(|first: char| first.is_ascii_uppercase());
    match pair {
        Pair::Clients => true,
        Pair::Nodes => false,
        Pair::Both(a, b) | Pair::OneWay(a, b) => is_client(a) || is_client(b),
    }
}
