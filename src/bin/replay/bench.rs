//! `replay bench`: how fast a text is played, how much memory that takes, and how long a jump back takes.

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use replication_playground::error::{Code, Error};
use replication_playground::run::Run;
use replication_playground::time::Us;
use replication_playground::timeline::Timeline;

use crate::files::{Done, clock, print, read};
use crate::progress::{EVENTS, Progress};

/// Times that the middle is sought. Odd, so that there is a median.
const SEEKS: usize = 9;
/// A text that is played faster than this is played again until it took so long: a clock is too coarse for it.
const MEASURED_MIN: Duration = Duration::from_millis(300);
/// As often at most.
const PLAYS_MAX: u32 = 10_000;
/// Memory that grows by less tells nothing of an event: what was free before may have been enough.
const GROWTH_BYTES_MIN: u64 = 1 << 20;

/// What was measured.
struct Measured {
    /// Events and lines of the run.
    events: u64,
    /// How long it is, µs of its own time.
    ends_us: Us,
    speed: Speed,
    peak_bytes: Option<u64>,
    event_bytes: Option<u64>,
    keyframes: usize,
    sought_us: Us,
    /// Shortest first.
    seeks: Vec<Duration>,
}

struct Speed {
    events_a_second: f64,
    clock: &'static str,
}

/// Plays a text with keyframes, and prints what that took.
pub fn measure(file: &Path, json: bool) -> Done<ExitCode> {
    let start = Run::new(&read(file)?)?;
    start.scenario().check_end()?;
    let mut progress = Progress::new();
    let before = memory("VmRSS");
    let watch = Stopwatch::start();
    let mut timeline = play(&start, &mut progress);
    let spent = watch.spent();
    let after = memory("VmRSS");
    let peak_bytes = memory("VmHWM");
    let events = timeline.run().steps() - start.steps();
    let ends_us = timeline.run().now();
    if events == 0 {
        let message = "Nothing happens in this text: there is nothing to measure";
        return Err(Error::new(Code::Syntax, message).expecting("a line with a time").into());
    }
    let grown = before.zip(after).map(|(before, after)| after.saturating_sub(before));
    let keyframes = timeline.keyframes();
    let sought_us = ends_us / 2;
    let seeks = seek(&mut timeline, sought_us, ends_us);
    drop(timeline);
    let measured = Measured {
        events,
        ends_us,
        speed: speed(&start, events, spent, &mut progress),
        peak_bytes,
        event_bytes: grown.filter(|&grown| grown >= GROWTH_BYTES_MIN).map(|grown| grown / events),
        keyframes,
        sought_us,
        seeks,
    };
    progress.clear();
    print(&if json { measured.json() } else { measured.plain() })?;
    Ok(ExitCode::SUCCESS)
}

fn play(start: &Run, progress: &mut Progress) -> Timeline {
    let mut timeline = Timeline::of(start.clone());
    while !timeline.play_out_piece(EVENTS) {
        progress.show_run(timeline.run());
    }
    timeline
}

/// How long it takes to go back to a time from the end, several times.
fn seek(timeline: &mut Timeline, to: Us, end: Us) -> Vec<Duration> {
    let mut seeks = Vec::with_capacity(SEEKS);
    for _ in 0..SEEKS {
        let begun = Instant::now();
        timeline.seek(to, u64::MAX);
        seeks.push(begun.elapsed());
        timeline.seek(end, u64::MAX);
    }
    seeks.sort_unstable();
    seeks
}

/// Events a second, of the first play or, if that was short, of as many as it takes.
fn speed(start: &Run, events: u64, first: Spent, progress: &mut Progress) -> Speed {
    let (mut plays, mut spent) = (1, first);
    if first.wall < MEASURED_MIN {
        let watch = Stopwatch::start();
        plays = 0;
        while plays < PLAYS_MAX && (plays == 0 || watch.wall.elapsed() < MEASURED_MIN) {
            play(start, progress);
            plays += 1;
        }
        spent = watch.spent();
    }
    // What a clock of the system counts comes in steps: a small part of the time would be one of them.
    let cpu = spent.cpu.filter(|cpu| *cpu >= MEASURED_MIN / 10);
    let (took, clock) = cpu.map_or((spent.wall, "wall"), |cpu| (cpu, "cpu"));
    let seconds = took.as_secs_f64().max(f64::MIN_POSITIVE);
    Speed { events_a_second: events as f64 * f64::from(plays) / seconds, clock }
}

/// Time that was spent, by the clock on the wall and by the processor.
#[derive(Clone, Copy)]
struct Spent {
    wall: Duration,
    cpu: Option<Duration>,
}

struct Stopwatch {
    wall: Instant,
    cpu: Option<Duration>,
}

impl Stopwatch {
    fn start() -> Self {
        Self { cpu: processor_time(), wall: Instant::now() }
    }

    fn spent(&self) -> Spent {
        let cpu = self.cpu.zip(processor_time()).map(|(before, now)| now.saturating_sub(before));
        Spent { wall: self.wall.elapsed(), cpu }
    }
}

/// What this thread has had of a processor so far, where Linux tells.
fn processor_time() -> Option<Duration> {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

/// A line of what Linux says of this process, in bytes.
fn memory(what: &str) -> Option<u64> {
    memory_in(&fs::read_to_string("/proc/self/status").ok()?, what)
}

fn memory_in(status: &str, what: &str) -> Option<u64> {
    let rest = status.lines().find_map(|line| line.strip_prefix(what)?.strip_prefix(':'))?;
    rest.trim().strip_suffix("kB")?.trim().parse().ok().map(|kilobytes: u64| kilobytes * 1_024)
}

impl Measured {
    fn median(&self) -> Duration {
        self.seeks.get(self.seeks.len() / 2).copied().unwrap_or_default()
    }

    fn worst(&self) -> Duration {
        self.seeks.last().copied().unwrap_or_default()
    }

    fn plain(&self) -> String {
        let Speed { events_a_second, clock: by } = self.speed;
        let by = if by == "cpu" { "of processor time" } else { "by the clock on the wall" };
        let peak = match self.peak_bytes {
            Some(bytes) => format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20)),
            None => "cannot be told on this system".to_owned(),
        };
        let each = match (self.event_bytes, self.peak_bytes) {
            (Some(bytes), _) => format!("{bytes}"),
            (None, Some(_)) => "too few events to tell".to_owned(),
            (None, None) => "cannot be told on this system".to_owned(),
        };
        let milliseconds = |span: Duration| span.as_secs_f64() * 1_000.0;
        format!(
            "events:          {} in {} of simulated time\n\
             events a second: {events_a_second:.0} {by}\n\
             peak memory:     {peak}\n\
             bytes an event:  {each}, with {} keyframes\n\
             seek to {}: median {:.3} ms, worst {:.3} ms, of {}\n",
            self.events,
            clock(self.ends_us),
            self.keyframes,
            clock(self.sought_us),
            milliseconds(self.median()),
            milliseconds(self.worst()),
            self.seeks.len(),
        )
    }

    /// `null` where something cannot be told.
    fn json(&self) -> String {
        let number = |bytes: Option<u64>| bytes.map_or_else(|| "null".to_owned(), |bytes| bytes.to_string());
        let microseconds = |span: Duration| span.as_secs_f64() * 1_000_000.0;
        format!(
            "{{\"events\":{},\"simulatedUs\":{},\"eventsPerSecond\":{:.0},\"clock\":\"{}\",\"peakBytes\":{},\
             \"bytesPerEvent\":{},\"keyframes\":{},\"seekToUs\":{},\"seekMedianUs\":{:.1},\"seekWorstUs\":{:.1},\
             \"seeks\":{}}}\n",
            self.events,
            self.ends_us,
            self.speed.events_a_second,
            self.speed.clock,
            number(self.peak_bytes),
            number(self.event_bytes),
            self.keyframes,
            self.sought_us,
            microseconds(self.median()),
            microseconds(self.worst()),
            self.seeks.len(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_where_it_is_told() {
        let status = "Name:\treplay\nVmPeak:\t    9000 kB\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n";
        assert_eq!(memory_in(status, "VmHWM"), Some(2_048 * 1_024));
        assert_eq!(memory_in(status, "VmRSS"), Some(1_024 * 1_024));
        assert_eq!(memory_in(status, "VmSwap"), None);
        assert_eq!(memory_in("", "VmHWM"), None);
    }
}
