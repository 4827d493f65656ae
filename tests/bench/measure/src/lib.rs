//! What a native run takes, and the line of JSON that tells it.

use std::time::Instant;

/// What a piece of work took.
#[derive(Debug, Clone, Copy)]
pub struct Taken {
    /// Seconds on the clock of the wall.
    wall: f64,
    /// Seconds that the processor worked for this process, the system's part too; nothing where it cannot be had.
    cpu: Option<f64>,
    /// The most memory that this process had so far, kB: Linux only, else 0.
    peak_kb: u64,
}

/// Does the work, and tells what it took. It stays a function, so that a profiler can be told to look at it alone.
#[inline(never)]
pub fn taken<T>(work: impl FnOnce() -> T) -> (T, Taken) {
    let (begun, cpu_before) = (Instant::now(), cpu_seconds());
    let done = work();
    let cpu = cpu_seconds().zip(cpu_before).map(|(after, before)| after - before);
    (done, Taken { wall: begun.elapsed().as_secs_f64(), cpu, peak_kb: peak_kb() })
}

impl Taken {
    /// One line of JSON: what the work took, and what it counted.
    pub fn line(&self, counts: &[(&str, u64)]) -> String {
        let mut line = format!(r#"{{"wall":{},"peakKb":{}"#, self.wall, self.peak_kb);
        if let Some(cpu) = self.cpu {
            line.push_str(&format!(r#","cpu":{cpu}"#));
        }
        for (name, count) in counts {
            line.push_str(&format!(r#","{name}":{count}"#));
        }
        line.push('}');
        line
    }
}

#[cfg(unix)]
fn cpu_seconds() -> Option<f64> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Some(time.tv_sec as f64 + time.tv_nsec as f64 / 1e9)
}

#[cfg(not(unix))]
fn cpu_seconds() -> Option<f64> {
    None
}

fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
