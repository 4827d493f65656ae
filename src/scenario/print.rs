//! The run text as it is printed: one way to write each line. Reading what was printed gives the same lines.

use std::fmt;

use super::words::{in_quotes, quote};
use super::{
    Break, Command, Durability, Expect, Level, Line, LinkChange, NodeCommand, Pair, Replication, Request, Router,
    Scenario, Setting, SlaveWrites,
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
            Command::Link(pair, change) => write!(f, "link {}{change}", pair_text(pair)),
            Command::Operation { client, request, target } => {
                if let Some(client) = client {
                    write!(f, "{client} ")?;
                }
                write!(f, "{request}")?;
                target.iter().try_for_each(|target| write!(f, " @{target}"))
            }
            Command::Node(command, name) => write!(f, "{} {name}", command.as_str()),
            Command::Delay(name, us) => write!(f, "delay {name} {}", time::print(*us)),
            Command::Break(kind, pair) => write!(f, "{} {}", kind.as_str(), pair_text(pair)),
            Command::HealAll => f.write_str("heal all"),
            Command::End => f.write_str("end"),
        }
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
            Setting::LogKeep(Some(entries)) => write!(f, "log keep {entries}"),
            Setting::LogKeep(None) => f.write_str("log keep all"),
            Setting::Retry(us) => write!(f, "retry {}", time::print(*us)),
        }
    }
}

impl fmt::Display for Replication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Replication::Sync { count, level, hidden } = self else { return f.write_str("async") };
        match count {
            Some(count) => write!(f, "sync {count} {}", level.as_str())?,
            None => write!(f, "sync all {}", level.as_str())?,
        }
        if *hidden { f.write_str(" hidden") } else { Ok(()) }
    }
}

impl fmt::Display for Router {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Router::Random => f.write_str("random"),
            Router::RoundRobin => f.write_str("round-robin"),
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
            Expect::Error(None) => f.write_str("error"),
            Expect::Error(Some(text)) => write!(f, "error: {text}"),
            Expect::Text(text) => match text.as_str() {
                "ok" | "nothing" | "timeout" | "error" | "error:" => f.write_str(&in_quotes(text)),
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
    TrimLog = "trim-log",
    State = "state",
});
