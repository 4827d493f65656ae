//! Random runs, for tests that search for what no example shows. A run that fails is a text like any other.

use std::fmt::Write;

use crate::error::Code;
use crate::limits;
use crate::scenario::{PRESETS, Scenario, quote};
use crate::simulator::{Chance, Stream};

const KEYS: [&str; 6] = ["cart", "stock", "user 7", "<b>", "größe", "k"];
const LINKS: [&str; 8] = ["m-s1", "m->s2", "s2->m", "m-s3", "A-m", "A->s1", "s2->B", "B-m"];

struct Writer {
    chance: Chance,
    text: String,
    values: u64,
}

/// A random run text with this many lines with a time. The same numbers give the same text, always. `quiet_end`
/// adds lines that heal, start and thaw everything, so that the nodes must come together.
pub fn run_text(seed: u64, lines: usize, quiet_end: bool) -> String {
    let mut writer = Writer { chance: Chance::new(seed, Stream::Client(u16::MAX)), text: String::new(), values: 0 };
    writer.header(seed);
    let mut now_ms = 0;
    for _ in 0..lines {
        let command = writer.command();
        now_ms += writer.below(120) * writer.below(3);
        writer.line(now_ms, &command);
    }
    if quiet_end {
        writer.quiet_end(now_ms + 1_000);
    }
    writer.text
}

/// A random text that is never over a limit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fitting {
    /// The text.
    pub text: String,
    /// Lines with a time that it has of those that were wanted.
    pub lines: usize,
    /// What a run text has at most, if these are fewer: `20000 lines` or so many bytes.
    pub limit: Option<String>,
}

/// A text as [`run_text`] writes it, with as many of these lines as a run text can have.
pub fn fitting_text(seed: u64, lines: usize, quiet_end: bool) -> Fitting {
    let is_over = |text: &str| Scenario::parse(text).is_err_and(|error| error.code == Code::Limit);
    let most = lines.min(limits::LINES_MAX);
    let text = run_text(seed, most, quiet_end);
    if !is_over(&text) {
        return Fitting { text, lines: most, limit: None };
    }
    // The text of fewer lines is the beginning of that of more: the greatest number that fits lies between the two.
    let (mut fits, mut over) = (0, most);
    while over - fits > 1 {
        let middle = fits.midpoint(over);
        if is_over(&run_text(seed, middle, quiet_end)) {
            over = middle;
        } else {
            fits = middle;
        }
    }
    let limit = if run_text(seed, over, quiet_end).lines().count() > limits::LINES_MAX {
        format!("{} lines", limits::LINES_MAX)
    } else {
        format!("{} bytes", limits::TEXT_BYTES_MAX)
    };
    Fitting { text: run_text(seed, fits, quiet_end), lines: fits, limit: Some(limit) }
}

impl Writer {
    fn below(&mut self, below: u64) -> u64 {
        self.chance.below(below)
    }

    fn pick<T: Copy>(&mut self, from: &[T], default: T) -> T {
        let index = self.below(from.len() as u64) as usize;
        from.get(index).copied().unwrap_or(default)
    }

    fn add(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = self.text.write_fmt(line);
        self.text.push('\n');
    }

    fn line(&mut self, now_ms: u64, command: &str) {
        self.add(format_args!("at {now_ms}ms {command}"));
    }

    fn header(&mut self, seed: u64) {
        self.add(format_args!("cluster m + s1 s2 s3\nclients A B\nseed {seed}\ntimeout 2s"));
        for _ in 0..3 {
            let setting = self.setting();
            self.add(format_args!("{setting}"));
        }
        for link in ["nodes", "clients"] {
            let (latency, jitter) = (self.below(80) + 1, self.below(40));
            self.add(format_args!("link {link} latency {latency}ms jitter {jitter}ms"));
        }
    }

    fn command(&mut self) -> String {
        match self.below(100) {
            0..=34 => self.write(),
            35..=60 => self.read(),
            61 => self.failover(),
            62 => self.setting(),
            63..=64 => self.wait(),
            65..=69 => self.delete(),
            70..=79 => self.process(),
            80..=87 => self.link_break(),
            88..=91 => self.link_quality(),
            92..=93 => self.apply(),
            94..=95 => self.topology(),
            96 => self.membership(),
            97 => self.load(),
            _ => self.setting(),
        }
    }

    fn client(&mut self) -> &'static str {
        self.pick(&["A ", "B ", ""], "")
    }

    fn node(&mut self) -> &'static str {
        self.pick(&["m", "m", "s1", "s1", "s2", "s2", "s3"], "m")
    }

    fn slave(&mut self) -> &'static str {
        self.pick(&["s1", "s2", "s3"], "s1")
    }

    fn key(&mut self) -> String {
        quote(self.pick(&KEYS, "k"))
    }

    /// The router decides in most cases.
    fn target(&mut self) -> String {
        if self.below(4) > 0 { String::new() } else { format!(" @{}", self.node()) }
    }

    fn write(&mut self) -> String {
        self.values += 1;
        let value = self.values;
        format!("{}write {} v{value}{}", self.client(), self.key(), self.target())
    }

    fn read(&mut self) -> String {
        format!("{}read {}{}", self.client(), self.key(), self.target())
    }

    fn delete(&mut self) -> String {
        format!("{}delete {}{}", self.client(), self.key(), self.target())
    }

    /// Nodes come back more often than they go, so that something runs most of the time.
    fn process(&mut self) -> String {
        let what = self.pick(&["crash", "stop", "start", "start", "start", "freeze", "thaw", "thaw"], "start");
        format!("{what} {}", self.node())
    }

    fn link_break(&mut self) -> String {
        match self.below(10) {
            0..=1 => format!("cut {}", self.pick(&LINKS, "m-s1")),
            2..=4 => format!("hold {}", self.pick(&LINKS, "m-s1")),
            5 => format!("partition {}", self.node()),
            6..=7 => format!("heal {}", self.pick(&LINKS, "m-s1")),
            _ => "heal all".to_owned(),
        }
    }

    fn link_quality(&mut self) -> String {
        let link = self.pick(&LINKS, "m-s1");
        match self.below(3) {
            0 => format!("link {link} latency {}ms jitter {}ms", self.below(300) + 1, self.below(100)),
            1 => format!("link {link} loss {}/100", self.below(30)),
            _ => format!("link {link} bandwidth {}", self.pick(&["1kB/s", "20kB/s", "unlimited"], "unlimited")),
        }
    }

    fn apply(&mut self) -> String {
        let slave = self.slave();
        match self.below(6) {
            4 => format!("apply-speed {slave} {}", self.pick(&["2/s", "20/s", "unlimited"], "unlimited")),
            5 => format!("priority {} {}", self.node(), self.below(4) * 30),
            0 => format!("delay {slave} {}ms", self.below(2_000)),
            1 => format!("delay {slave} 0ms"),
            2 => format!("pause-apply {slave}"),
            _ => format!("resume-apply {slave}"),
        }
    }

    fn membership(&mut self) -> String {
        match self.below(4) {
            0 => format!("remove {}", self.slave()),
            1 => format!("trim-log {}", self.node()),
            _ => format!("add {}", self.slave()),
        }
    }

    fn wait(&mut self) -> String {
        match self.below(3) {
            0 => format!("{}cancel", self.client()),
            _ => format!("{}wait {} {}ms", self.client(), self.below(3) + 1, self.below(900) + 100),
        }
    }

    fn topology(&mut self) -> String {
        match self.below(8) {
            0..=1 => format!("promote {}{}", self.node(), self.pick(&["", " drain"], "")),
            2..=4 => {
                let node = self.node();
                let upstream = self.pick(&["m", "s1", "s2", "s3"], "m");
                let upstream = if upstream == node { if node == "m" { "s1" } else { "m" } } else { upstream };
                format!("follow {node} {upstream}{}", self.pick(&["", "", " force"], ""))
            }
            5 => format!("rewind {}", self.node()),
            6 => format!("rebuild {}", self.slave()),
            _ => self.pick(&["chain m s1 s2", "chain m s2 s3", "chain s1 m s3"], "chain m s1 s2").to_owned(),
        }
    }

    fn load(&mut self) -> String {
        let loads = ["off", "off", "30/s reads 60% keys 5 value 20B", "4 clients think 150ms keys 20 zipf 0.99"];
        let nodes = ["nodes", "m", "s1", "s2"];
        let capacities =
            ["unlimited", "unlimited", "read 5ms write 9ms apply 7ms queue 3", "apply 30ms workers 2 random"];
        match self.below(2) {
            0 => format!("load {}", self.pick(&loads, "off")),
            _ => format!("capacity {} {}", self.pick(&nodes, "m"), self.pick(&capacities, "unlimited")),
        }
    }

    fn failover(&mut self) -> String {
        let ways = [
            "manual",
            "quorum 3 2 500ms",
            "quorum 3 2 500ms",
            "lease 1500ms 400ms",
            "lease 2s 500ms max-lag 2",
            "election 900ms",
            "election 900ms",
        ];
        format!("failover {}", self.pick(&ways, "manual"))
    }

    fn setting(&mut self) -> String {
        match self.below(19) {
            16 => format!("own-writes {}", self.pick(&["off", "master 700ms", "position 300ms"], "off")),
            17 => format!("max-lag {}", self.pick(&["off", "200ms"], "off")),
            18 => format!("no-node {}", self.pick(&["master", "wait", "error"], "master")),
            0 => "replication async".to_owned(),
            1 | 2 => {
                let count = self.pick(&["all", "1", "2"], "all");
                let level = self.pick(&["received", "flushed", "applied"], "applied");
                let first = self.pick(&["", "", "first "], "");
                format!("replication sync {first}{count} {level}{}", self.pick(&["", " hidden"], ""))
            }
            3 => format!("slave-writes {}", self.pick(&["ignored", "refused", "forwarded", "accepted"], "ignored")),
            4 => format!(
                "router {}",
                self.pick(&["random", "round-robin", "nearest", "least-lag", "sticky", "master", "@s2"], "random")
            ),
            5 => format!("durability {}", self.pick(&["sync", "lazy 500ms", "none"], "sync")),
            6 => format!("log keep {}", self.pick(&["all", "slots", "5", "20"], "all")),
            7 => format!("too-few {}", self.pick(&["block", "degrade 400ms", "error 400ms"], "block")),
            8 => format!("gate {}", self.pick(&["off", "off", "1 1s"], "off")),
            9 => format!("gap {}", self.pick(&["snapshot", "stop"], "snapshot")),
            10 => format!("relay {}", self.pick(&["received", "applied"], "received")),
            11 => format!("unapplied {}", self.pick(&["apply", "discard"], "apply")),
            12 => format!("rejoin {}", self.pick(&["discard", "refuse", "rollback"], "discard")),
            13 => format!("link-timeout {}", self.pick(&["never", "600ms"], "never")),
            14 => {
                let index = self.below(PRESETS.len() as u64) as usize;
                format!("preset {}", PRESETS.get(index).map_or("plain", |preset| preset.name))
            }
            _ => format!("flush {}ms", self.below(20)),
        }
    }

    fn quiet_end(&mut self, now_ms: u64) {
        let rules = ["preset plain", "max-lag off", "no-node master", "load off", "capacity nodes unlimited"];
        for command in ["heal all"].iter().chain(&rules) {
            self.line(now_ms, command);
        }
        for node in ["m", "s1", "s2", "s3"] {
            for command in ["thaw", "start"] {
                self.line(now_ms, &format!("{command} {node}"));
            }
            self.line(now_ms, &format!("priority {node} 100"));
        }
        // Whoever was promoted or went astray: in the end all follow s1.
        for command in [
            "add s1",
            "resume-apply s1",
            "delay s1 0ms",
            "apply-speed s1 unlimited",
            "promote s1",
            "follow m s1",
            "follow s2 s1",
            "follow s3 s1",
        ] {
            self.line(now_ms, command);
        }
        for slave in ["m", "s2", "s3"] {
            self.line(now_ms, &format!("resume-apply {slave}"));
            self.line(now_ms, &format!("delay {slave} 0ms"));
            self.line(now_ms, &format!("apply-speed {slave} unlimited"));
        }
    }
}
