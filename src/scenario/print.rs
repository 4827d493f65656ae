//! The run text as it is printed: one way to write each line. Reading what was printed gives the same lines.

use std::fmt;

use super::words::{in_quotes, quote};
use super::{
    Arrivals, Break, Capacity, Command, Durability, Engine, Expect, Failover, Gap, Level, Line, LinkChange, Load,
    LogKeep, Name, NoNode, NodeCommand, OwnWrites, Pair, Quota, Refusal, Rejoin, Relay, Replication, Request, Router,
    Scenario, Setting, SlaveWrites, StartStage, TooFew, Unapplied,
};
use crate::time;

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        if let Some(at) = self.at {
            text.push_str(&format!("at {:<8} ", time::print(at)));
        }
        if let Some(command) = &self.command {
            text.push_str(&command.to_string());
        }
        if let Some(expect) = &self.expect {
            text.push_str(&format!(" -> {expect}"));
        }
        if let Some(comment) = &self.comment {
            if !text.is_empty() {
                text.push_str("  ");
            }
            text.push_str("# ");
            text.push_str(comment);
        }
        f.write_str(text.trim_end())
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Command::Version(version) => write!(f, "version {version}"),
            Command::Cluster { master, slaves } => {
                write!(f, "cluster {master} +")?;
                slaves.iter().try_for_each(|slave| write!(f, " {slave}"))
            }
            Command::Clients(clients) => {
                f.write_str("clients")?;
                clients.iter().try_for_each(|client| write!(f, " {client}"))
            }
            Command::Seed(seed) => write!(f, "seed {seed}"),
            Command::Set(setting) => write!(f, "{setting}"),
            Command::StartBehind { node, entries, stage } => {
                write!(f, "start-behind {node} {entries} entries {}", stage.as_str())
            }
            Command::Link(pair, change) => write!(f, "link {}{change}", pair_text(pair)),
            Command::Operation { client, request, target, local } => {
                client.iter().try_for_each(|client| write!(f, "{client} "))?;
                write!(f, "{request}")?;
                target.iter().try_for_each(|target| write!(f, " @{target}"))?;
                f.write_str(if *local { " level=local" } else { "" })
            }
            Command::Node(command, name) => write!(f, "{} {name}", command.as_str()),
            Command::Delay(name, us) => write!(f, "delay {name} {}", time::print(*us)),
            Command::ApplySpeed(name, Some(rate)) => write!(f, "apply-speed {name} {rate}/s"),
            Command::ApplySpeed(name, None) => write!(f, "apply-speed {name} unlimited"),
            Command::Priority(name, priority) => write!(f, "priority {name} {priority}"),
            Command::Capacity(node, capacity) => {
                let node = node.as_ref().map_or("nodes", Name::as_str);
                match capacity {
                    Some(capacity) => write!(f, "capacity {node} {capacity}"),
                    None => write!(f, "capacity {node} unlimited"),
                }
            }
            Command::Break(kind, pair) => write!(f, "{} {}", kind.as_str(), pair_text(pair)),
            Command::HealAll => f.write_str("heal all"),
            Command::Promote { node, drain } => write!(f, "promote {node}{}", if *drain { " drain" } else { "" }),
            Command::Follow { node, upstream, force } => {
                write!(f, "follow {node} {upstream}{}", if *force { " force" } else { "" })
            }
            Command::Chain(nodes) => {
                f.write_str("chain")?;
                nodes.iter().try_for_each(|node| write!(f, " {node}"))
            }
            Command::Wait { client, slaves, within_us, target } => {
                client.iter().try_for_each(|client| write!(f, "{client} "))?;
                write!(f, "wait {slaves}")?;
                if *within_us > 0 {
                    write!(f, " {}", time::print(*within_us))?;
                }
                target.iter().try_for_each(|target| write!(f, " @{target}"))
            }
            Command::Cancel(client) => {
                client.iter().try_for_each(|client| write!(f, "{client} "))?;
                f.write_str("cancel")
            }
            Command::End => f.write_str("end"),
        }
    }
}

/// A size in the largest unit that leaves a whole number.
fn size(bytes: u32) -> String {
    match bytes {
        bytes if bytes % 1_000_000 == 0 => format!("{}MB", bytes / 1_000_000),
        bytes if bytes % 1_000 == 0 => format!("{}kB", bytes / 1_000),
        bytes => format!("{bytes}B"),
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Setting::Replication(replication) => write!(f, "replication {replication}"),
            Setting::SlaveWrites(policy) => write!(f, "slave-writes {}", policy.as_str()),
            Setting::Router(router) => write!(f, "router {router}"),
            Setting::Timeout(us) => write!(f, "timeout {}", time::print(*us)),
            Setting::Flush(us) => write!(f, "flush {}", time::print(*us)),
            Setting::Durability(durability) => write!(f, "durability {durability}"),
            Setting::LogKeep(LogKeep::Entries(entries)) => write!(f, "log keep {entries}"),
            Setting::LogKeep(LogKeep::All) => f.write_str("log keep all"),
            Setting::LogKeep(LogKeep::Slots) => f.write_str("log keep slots"),
            Setting::Retry(us) => write!(f, "retry {}", time::print(*us)),
            Setting::TooFew(TooFew::Block) => f.write_str("too-few block"),
            Setting::TooFew(TooFew::Degrade(us)) => write!(f, "too-few degrade {}", time::print(*us)),
            Setting::TooFew(TooFew::Error(us)) => write!(f, "too-few error {}", time::print(*us)),
            Setting::Gate(None) => f.write_str("gate off"),
            Setting::Gate(Some(gate)) => write!(f, "gate {} {}", gate.slaves, time::print(gate.within_us)),
            Setting::Gap(gap) => write!(f, "gap {}", gap.as_str()),
            Setting::Relay(relay) => write!(f, "relay {}", relay.as_str()),
            Setting::Unapplied(unapplied) => write!(f, "unapplied {}", unapplied.as_str()),
            Setting::Rejoin(rejoin) => write!(f, "rejoin {}", rejoin.as_str()),
            Setting::LinkTimeout(None) => f.write_str("link-timeout never"),
            Setting::LinkTimeout(Some(us)) => write!(f, "link-timeout {}", time::print(*us)),
            Setting::SendBuffer(bytes) => write!(f, "send-buffer {}", size(*bytes)),
            Setting::Engine(engine) => write!(f, "engine {}", engine.as_str()),
            Setting::SyncSlaves(slaves) if slaves.is_empty() => f.write_str("sync-slaves all"),
            Setting::SyncSlaves(slaves) => {
                f.write_str("sync-slaves")?;
                slaves.iter().try_for_each(|slave| write!(f, " {slave}"))
            }
            Setting::Preset(preset) => write!(f, "preset {}", preset.name()),
            Setting::OwnWrites(OwnWrites::Off) => f.write_str("own-writes off"),
            Setting::OwnWrites(OwnWrites::Master(us)) => write!(f, "own-writes master {}", time::print(*us)),
            Setting::OwnWrites(OwnWrites::Position(us)) => write!(f, "own-writes position {}", time::print(*us)),
            Setting::MaxLag(None) => f.write_str("max-lag off"),
            Setting::MaxLag(Some(us)) => write!(f, "max-lag {}", time::print(*us)),
            Setting::NoNode(no_node) => write!(f, "no-node {}", no_node.as_str()),
            Setting::Failover(failover) => write!(f, "failover {failover}"),
            Setting::Load(None) => f.write_str("load off"),
            Setting::Load(Some(load)) => write!(f, "load {load}"),
        }
    }
}

impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.arrivals {
            Arrivals::Open { rate } => write!(f, "{rate}/s")?,
            Arrivals::Closed { clients, think_us } => write!(f, "{clients} clients think {}", time::print(think_us))?,
        }
        write!(f, " reads {}% keys {}", self.reads_percent, self.keys)?;
        match self.zipf_hundredths {
            0 => f.write_str(" uniform")?,
            s => write!(f, " zipf {}.{:02}", s / 100, s % 100)?,
        }
        write!(f, " value {}B", self.value_bytes)
    }
}

impl fmt::Display for Capacity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [read, write, apply] = [self.read_us, self.write_us, self.apply_us].map(time::print);
        write!(f, "read {read} write {write} apply {apply} workers {} queue {}", self.workers, self.queue)?;
        f.write_str(if self.random { " random" } else { " steady" })
    }
}

impl fmt::Display for Failover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failover::Manual => f.write_str("manual"),
            Failover::Quorum { observers, quorum, down_after_us } => {
                write!(f, "quorum {observers} {quorum} {}", time::print(*down_after_us))
            }
            Failover::Lease { ttl_us, loop_us, max_lag } => {
                write!(f, "lease {} {}", time::print(*ttl_us), time::print(*loop_us))?;
                max_lag.iter().try_for_each(|entries| write!(f, " max-lag {entries}"))
            }
            Failover::Election { timeout_us } => write!(f, "election {}", time::print(*timeout_us)),
        }
    }
}

impl fmt::Display for Replication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Replication::Sync { count, first, level, hidden } = self else { return f.write_str("async") };
        f.write_str(if *first { "sync first " } else { "sync " })?;
        match count {
            Quota::Slaves(count) => write!(f, "{count} {}", level.as_str())?,
            Quota::All => write!(f, "all {}", level.as_str())?,
            Quota::Majority => write!(f, "majority {}", level.as_str())?,
        }
        if *hidden { f.write_str(" hidden") } else { Ok(()) }
    }
}

impl fmt::Display for Router {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Router::Random => f.write_str("random"),
            Router::RoundRobin => f.write_str("round-robin"),
            Router::Nearest => f.write_str("nearest"),
            Router::LeastLag => f.write_str("least-lag"),
            Router::Sticky => f.write_str("sticky"),
            Router::Master => f.write_str("master"),
            Router::Node(name) => write!(f, "@{name}"),
        }
    }
}

impl fmt::Display for Durability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Durability::Sync => f.write_str("sync"),
            Durability::Lazy(us) => write!(f, "lazy {}", time::print(*us)),
            Durability::Snapshots(us) => write!(f, "snapshots {}", time::print(*us)),
            Durability::None => f.write_str("none"),
        }
    }
}

impl fmt::Display for LinkChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(us) = self.latency_us {
            write!(f, " latency {}", time::print(us))?;
        }
        if let Some(us) = self.jitter_us {
            write!(f, " jitter {}", time::print(us))?;
        }
        if let Some(loss) = self.loss {
            write!(f, " loss {}/{}", loss.part, loss.of)?;
        }
        match self.bandwidth {
            Some(0) => f.write_str(" bandwidth unlimited"),
            Some(rate) if rate % 1_000_000 == 0 => write!(f, " bandwidth {}MB/s", rate / 1_000_000),
            Some(rate) if rate % 1_000 == 0 => write!(f, " bandwidth {}kB/s", rate / 1_000),
            Some(rate) => write!(f, " bandwidth {rate}B/s"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Request::Write { key, value } => write!(f, "write {} {}", quote(key), quote(value)),
            Request::Read { key } => write!(f, "read {}", quote(key)),
            Request::Delete { key } => write!(f, "delete {}", quote(key)),
        }
    }
}

impl fmt::Display for Expect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expect::Ok => f.write_str("ok"),
            Expect::Nothing => f.write_str("nothing"),
            Expect::Timeout => f.write_str("timeout"),
            Expect::Warning => f.write_str("warning"),
            Expect::Error(None) => f.write_str("error"),
            Expect::Error(Some(text)) => write!(f, "error: {text}"),
            Expect::Refused(why) => write!(f, "refused: {}", why.as_str()),
            Expect::Text(text) => match text.as_str() {
                "ok" | "nothing" | "timeout" | "warning" | "error" | "error:" | "refused:" => {
                    f.write_str(&in_quotes(text))
                }
                text => f.write_str(&quote(text)),
            },
        }
    }
}

/// A link as the run text names it: `m-s1`, `m->s1`, `nodes`, `clients`.
pub fn pair_text(pair: &Pair) -> String {
    match pair {
        Pair::Both(a, b) => format!("{a}-{b}"),
        Pair::OneWay(a, b) => format!("{a}->{b}"),
        Pair::Nodes => "nodes".to_owned(),
        Pair::Clients => "clients".to_owned(),
    }
}

/// A set of words that stand for the variants of an enum, in the text and back.
macro_rules! words {
    ($type:ty { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $type {
            /// The word of the run text.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The variant that a word of the run text stands for.
            pub(super) fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words!(Level { Received = "received", Flushed = "flushed", Applied = "applied" });
words!(SlaveWrites { Ignored = "ignored", Refused = "refused", Forwarded = "forwarded", Accepted = "accepted" });
words!(Gap { Snapshot = "snapshot", Stop = "stop" });
words!(Relay { Received = "received", Applied = "applied" });
words!(Unapplied { Apply = "apply", Discard = "discard" });
words!(Refusal { Diverged = "diverged", Gap = "gap", Ahead = "ahead" });
words!(StartStage { Missing = "missing", Unflushed = "unflushed", Unapplied = "unapplied", Gap = "gap" });
words!(NoNode { Master = "master", Wait = "wait", Error = "error" });
words!(Rejoin { Discard = "discard", Refuse = "refuse", Rollback = "rollback" });
words!(Engine {
    Plain = "plain",
    Postgres = "postgresql",
    Mariadb = "mariadb",
    Mysql = "mysql",
    Redis = "redis",
    Mongo = "mongodb",
});
words!(Break { Cut = "cut", Hold = "hold", Heal = "heal" });
words!(NodeCommand {
    Crash = "crash",
    Stop = "stop",
    Start = "start",
    Freeze = "freeze",
    Thaw = "thaw",
    Partition = "partition",
    Add = "add",
    Remove = "remove",
    PauseApply = "pause-apply",
    ResumeApply = "resume-apply",
    ReadOnly = "read-only",
    ReadWrite = "read-write",
    TrimLog = "trim-log",
    State = "state",
    Rewind = "rewind",
    Rebuild = "rebuild",
    FillLog = "fill-log",
});
