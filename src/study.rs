//! Studies of a cluster by many runs: how probable a stale read is, and how other settings would have done.
//!
//! Both work on copies: what is asked here is in no text, and changes nothing of the run that is on the page.

use crate::cluster::{LineOutcome, Process};
use crate::error::{Code, Error};
use crate::history::{History, Kind, Outcome};
use crate::in_order::median;
use crate::limits;
use crate::meters::{Slot, summed};
use crate::referee::Freshness;
use crate::run::Run;
use crate::scenario::{Command, Name, Request, Scenario, Setting};
use crate::time::{MS, SECOND, Us};

/// Points of the staleness curve.
const POINTS: Us = 25;
/// Writes that are probed for each seed.
const PROBES: u32 = 8;
/// The longest time that is looked at behind a write, µs.
const SPAN_US_MAX: Us = 20 * SECOND;

/// The probability that a read is stale, by the time since the write was acknowledged: for a cluster as it is at one
/// instant, with its settings, its faults and its load, and another chance each time.
#[derive(Debug)]
pub struct Staleness {
    base: Run,
    /// Times since the acknowledgement, µs.
    offsets_us: Vec<Us>,
    /// For each of them: reads that were answered, and those that were stale.
    counts: Vec<(u32, u32)>,
    /// Writes that were not acknowledged, and reads that were not answered.
    failed: u32,
    seeds: u64,
}

/// A point of the curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Time since the acknowledgement, µs.
    pub at_us: Us,
    /// Reads that were answered.
    pub reads: u32,
    /// Of these, the share that was stale; nothing without reads.
    pub share: Option<f64>,
    /// Where the true share lies with a probability of 95 % (Wilson's interval).
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Staleness {
    /// Nothing is known yet. The times go as far as a write needs to reach all slaves, and half as far again; `span_us` sets
    /// another end.
    pub fn new(run: &Run, span_us: Option<Us>) -> Self {
        let span_us = span_us.unwrap_or_else(|| takes_us(run) * 3 / 2).clamp(POINTS, SPAN_US_MAX);
        let offsets_us = (0..POINTS).map(|point| span_us * point / (POINTS - 1)).collect::<Vec<_>>();
        Self { base: run.clone(), counts: vec![(0, 0); offsets_us.len()], offsets_us, failed: 0, seeds: 0 }
    }

    /// Plays with one more seed. False if too much happens in this cluster for a study.
    pub fn add_seed(&mut self) -> bool {
        self.seeds += 1;
        let mut run = self.base.clone();
        run.reseed(self.base.cluster().seed().wrapping_add(self.seeds));
        self.turn(&mut run);
        (0..PROBES).all(|probe| self.probe(&mut run, probe))
    }

    /// A router that goes round begins with another slave for each seed: no chance would change that, and the slave that is
    /// asked so long after a write would always be the same.
    fn turn(&self, run: &mut Run) {
        let slaves = run.cluster().members().filter(|member| !member.removed).count().saturating_sub(1) as u64;
        for _ in 0..self.seeds % slaves.max(1) {
            run.try_out("Reader", Request::Read { key: "staleness".to_owned() });
        }
    }

    fn probe(&mut self, run: &mut Run, probe: u32) -> bool {
        // Not always at the same phase of what goes on in the cluster.
        let begin_us = run.now() + Us::from(probe * 7_919 % 97) * MS;
        if !run.advance(begin_us, limits::STUDY_EVENTS_MAX) {
            return false;
        }
        let key = format!("staleness probe {probe}");
        let write = run.try_out("Prober", Request::Write { key: key.clone(), value: "new".to_owned() });
        if !play_until(run, SPAN_US_MAX, |run| outcome(run, write) != Outcome::Pending) {
            return false;
        }
        if outcome(run, write) != Outcome::Done {
            self.failed += 1;
            return true;
        }
        let acknowledged_us = run.now();
        let mut reads = Vec::new();
        for offset_us in &self.offsets_us {
            if !run.advance(acknowledged_us + offset_us, limits::STUDY_EVENTS_MAX) {
                return false;
            }
            reads.push(run.try_out("Reader", Request::Read { key: key.clone() }));
        }
        let answered = |run: &Run| reads.iter().all(|&read| outcome(run, read) != Outcome::Pending);
        if !play_until(run, SPAN_US_MAX, answered) {
            return false;
        }
        for (read, (answered, stale)) in reads.into_iter().zip(&mut self.counts) {
            match run.referee().judgement(read) {
                Some(judged) => {
                    *answered += 1;
                    *stale += u32::from(matches!(judged.freshness, Freshness::Stale { .. }));
                }
                None => self.failed += 1,
            }
        }
        true
    }

    /// The curve as far as it is known.
    pub fn points(&self) -> Vec<Point> {
        let point = |(&at_us, &(reads, stale)): (&Us, &(u32, u32))| {
            let (low, high) = wilson(stale, reads);
            let share = (reads > 0).then(|| f64::from(stale) / f64::from(reads));
            Point { at_us, reads, share, low, high }
        };
        self.offsets_us.iter().zip(&self.counts).map(point).collect()
    }

    /// Writes that were not acknowledged, and reads that were not answered.
    pub fn failed(&self) -> u32 {
        self.failed
    }

    /// Seeds so far.
    pub fn seeds(&self) -> u64 {
        self.seeds
    }
}

/// Wilson's interval for a share, at 95 %.
fn wilson(part: u32, of: u32) -> (f64, f64) {
    if of == 0 {
        return (0.0, 1.0);
    }
    let (n, z) = (f64::from(of), 1.96);
    let share = f64::from(part) / n;
    let middle = share + z * z / (2.0 * n);
    let spread = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z * z / n;
    (((middle - spread) / scale).max(0.0), ((middle + spread) / scale).min(1.0))
}

/// How long a write needs from its acknowledgement to the last slave that runs, µs.
fn takes_us(run: &Run) -> Us {
    let mut run = run.clone();
    let write = run.try_out("Prober", Request::Write { key: "staleness probe".to_owned(), value: "new".to_owned() });
    play_until(&mut run, SPAN_US_MAX, |run| outcome(run, write) != Outcome::Pending);
    let (acknowledged_us, goal) = (run.now(), run.cluster().member(run.cluster().master()));
    let goal = goal.map_or(0, |master| master.node.position().lsn);
    let runs = |process: Process| process == Process::Up;
    play_until(&mut run, SPAN_US_MAX, |run| {
        let mut nodes = run.cluster().members().filter(|member| !member.removed && runs(member.process));
        nodes.all(|member| member.node.disk.applied >= goal)
    });
    (run.now() - acknowledged_us).max(10 * MS)
}

fn outcome(run: &Run, operation: u32) -> Outcome {
    run.cluster().history().operation(operation).map_or(Outcome::TimedOut, |operation| operation.outcome)
}

/// Plays until something holds, for so long at most. False if too much happens in that time.
fn play_until(run: &mut Run, within_us: Us, holds: impl Fn(&Run) -> bool) -> bool {
    let until = run.now() + within_us;
    for _ in 0..limits::STUDY_EVENTS_MAX {
        if holds(run) {
            return true;
        }
        if run.next_at().is_none_or(|at| at > until) {
            run.advance(until, limits::STUDY_EVENTS_MAX);
            return true;
        }
        run.step();
    }
    false
}

/// A run with one thing changed, to be held beside others.
#[derive(Debug)]
pub struct Variant {
    run: Run,
    until: Us,
    /// Lines of the text that make no sense with the change, and were left out.
    left_out: usize,
}

/// How a run went.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Everything that was measured, as one slot.
    pub total: Slot,
    /// Length of the run, µs.
    pub length_us: Us,
    /// The time in which half of the writes were done at most, µs; nothing without any.
    pub median_write_us: Option<f64>,
    /// Writes that were asked for.
    pub asked: u32,
    /// Acknowledged writes that are lost.
    pub lost: u64,
    /// Writes that have no answer in the end, or got none in time.
    pub blocked: u64,
    /// Lines that were left out.
    pub left_out: usize,
}

impl Variant {
    /// The run of a text with another setting (`replication async`), or with so many slaves (`slaves 4`), and with another
    /// seed if one is given, up to a time.
    ///
    /// # Errors
    ///
    /// The text, or the change, breaks the grammar or a limit.
    pub fn new(text: &str, change: &str, seed: Option<u64>, until: Us) -> Result<Self, Error> {
        let scenario = Scenario::parse(text)?;
        let changed = match change.trim().strip_prefix("slaves ") {
            Some(count) => with_slaves(&scenario, count)?,
            None => with_setting(&scenario, change)?,
        };
        let (scenario, left_out) = readable(&changed)?;
        let mut run = Run::start(scenario)?;
        if let Some(seed) = seed {
            run.reseed(seed);
        }
        Ok(Self { run, until, left_out })
    }

    /// Plays on, as far as so many events go. True when it has come to its end.
    pub fn play(&mut self, events_max: u64) -> bool {
        self.run.advance(self.until, events_max)
    }

    /// Where it is to be played to from now on. Whether anything happens on the way.
    pub fn aim(&mut self, until: Us) -> bool {
        self.until = until;
        self.run.next_at().is_some_and(|at| at <= until)
    }

    /// The run as it stands.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// How it went so far.
    pub fn score(&self) -> Score {
        let (meters, cluster) = (self.run.meters(), self.run.cluster());
        let slots: Vec<Slot> = meters.slots().iter().cloned().chain([meters.open()]).collect();
        let total = summed(&slots);
        let writes = |number: u32| {
            let kind = cluster.history().operation(number).map(|operation| operation.kind);
            matches!(kind, Some(Kind::Write | Kind::Delete))
        };
        let waiting = cluster.pendings().iter().filter(|(number, _)| writes(*number)).count() as u64;
        Score {
            blocked: u64::from(total.writes_timed_out) + waiting,
            median_write_us: median_write_us(cluster.history(), &total),
            asked: cluster.history().write_count(),
            total,
            length_us: self.run.now(),
            lost: self.run.referee().lost_now(self.run.cluster()).len() as u64,
            left_out: self.left_out,
        }
    }
}

/// To the microsecond where every request is in the text; the meters' own, which rounds, under a load.
fn median_write_us(history: &History, total: &Slot) -> Option<f64> {
    if history.load_operations().kept() > 0 {
        return total.write_us(50);
    }
    let all = (0..history.operations().len()).filter_map(|place| history.operations().get(place));
    let done = all.filter(|one| one.write > 0 && matches!(one.outcome, Outcome::Done | Outcome::Unconfirmed));
    let times: Vec<Us> = done.filter_map(|one| Some(one.done_us()? - one.asked_us)).collect();
    median(&times).map(|us| us as f64)
}

/// The text with a setting at the end of its start, and nowhere else but behind each preset, which would undo it.
fn with_setting(scenario: &Scenario, change: &str) -> Result<String, Error> {
    let line = scenario.parse_command(scenario.lines().len(), change)?;
    let Some(Command::Set(setting)) = &line.command else {
        return Err(Error::new(Code::Syntax, "This is no setting").expecting("a setting, or “slaves N”"));
    };
    let same = |other: &Setting| std::mem::discriminant(other) == std::mem::discriminant(setting);
    let mut text = String::new();
    let mut placed = false;
    for line in scenario.lines() {
        if line.at.is_some() && !placed {
            text.push_str(&format!("{change}\n"));
            placed = true;
        }
        if !matches!(&line.command, Some(Command::Set(other)) if same(other)) {
            text.push_str(&format!("{line}\n"));
        }
        if let (Some(at), Some(Command::Set(Setting::Preset(_)))) = (line.at, &line.command) {
            text.push_str(&format!("at {at}us {change}\n"));
        }
    }
    if !placed {
        text.push_str(change);
    }
    Ok(text)
}

/// The text with another number of slaves: the first ones, or new ones behind them.
fn with_slaves(scenario: &Scenario, count: &str) -> Result<String, Error> {
    let most = limits::SLAVES_MAX;
    let count = count.trim().parse::<usize>().ok().filter(|count| (1..=most).contains(count));
    let count = count
        .ok_or_else(|| Error::new(Code::Limit, "This is no number of slaves").expecting(format!("1 to {most}")))?;
    let mut text = String::new();
    for line in scenario.lines() {
        match &line.command {
            Some(Command::Cluster { master, slaves }) => {
                let mut names: Vec<Name> = slaves.iter().take(count).cloned().collect();
                let new = (1..).map(|number| Name(format!("s{number}").into()));
                let free = new.filter(|name| !slaves.contains(name) && name != master);
                names.extend(free.take(count - names.len()));
                let cluster = Command::Cluster { master: master.clone(), slaves: names };
                text.push_str(&format!("{cluster}\n"));
            }
            _ => text.push_str(&format!("{line}\n")),
        }
    }
    Ok(text)
}

/// A text without the lines that cannot be read, and how many these are.
fn readable(text: &str) -> Result<(Scenario, usize), Error> {
    let mut lines: Vec<&str> = text.lines().collect();
    let before = lines.len();
    loop {
        match Scenario::parse(&lines.join("\n")) {
            Ok(scenario) => return Ok((scenario, before - lines.len())),
            Err(error) => match error
                .line
                .map(|line| line as usize)
                .filter(|line| error.code == Code::Name && *line <= lines.len())
            {
                Some(line) if before - lines.len() < limits::STUDY_LINES_LEFT_OUT_MAX => {
                    lines.remove(line - 1);
                }
                _ => return Err(error),
            },
        }
    }
}

impl Run {
    /// A client asks, and no text tells of it: for copies only.
    pub(crate) fn try_out(&mut self, client: &str, request: Request) -> u32 {
        let client = Some(Name(client.into()));
        match self.do_unwritten(&Command::Operation { client, request, target: None, local: false }) {
            LineOutcome::Operation(number) => number,
            _ => 0,
        }
    }
}
