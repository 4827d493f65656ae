//! One native run of the engine: `engine < RUN`. Prints what it counted, how long it took, and the memory.

use std::io::Read;
use std::time::Instant;

use replication_playground::run::Run;

/// The most memory that this process had, kB: Linux only, else 0.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

fn main() -> Result<(), String> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(|error| error.to_string())?;
    let mut run = Run::new(&text).map_err(|error| error.to_string())?;
    let begun = Instant::now();
    run.play_out();
    let seconds = begun.elapsed().as_secs_f64();
    let (events, reads, stale) = (run.steps(), run.referee().reads(), run.referee().stale_reads());
    println!(r#"{{"seconds":{seconds},"events":{events},"reads":{reads},"stale":{stale},"peakKb":{}}}"#, peak_kb());
    Ok(())
}
