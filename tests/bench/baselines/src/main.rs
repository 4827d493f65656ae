//! One native run: `baselines minimal|queue|desque SLAVES SECONDS KEYS`. Prints what it counted, and how long it took.

use std::time::Instant;

use baselines::model::{Counts, Size};
use baselines::{desque, minimal, queue};

/// The bare queue does as many events as the model has.
const QUEUE_EVENTS_A_SECOND: u64 = 23_000;

fn play(what: &str, size: Size) -> Result<Counts, String> {
    match what {
        "minimal" => Ok(minimal::play(size)),
        "queue" => Ok(queue::play(QUEUE_EVENTS_A_SECOND * u64::from(size.seconds))),
        "desque" => desque::play(size).map_err(|error| error.to_string()),
        _ => Err(format!("no contender {what}")),
    }
}

/// The most memory that this process had, kB: Linux only, else 0.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

fn main() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, slaves, seconds, keys] = arguments.as_slice() else {
        return Err("usage: baselines minimal|queue|desque SLAVES SECONDS KEYS".into());
    };
    let number = |text: &str| text.parse().map_err(|_| format!("{text} is no number"));
    let size = Size { slaves: number(slaves)?, seconds: number(seconds)?, keys: number(keys)? };
    let begun = Instant::now();
    let Counts { events, reads, writes, stale, behind } = play(what, size)?;
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        r#"{{"seconds":{seconds},"events":{events},"reads":{reads},"writes":{writes},"stale":{stale},"behind":{behind},"peakKb":{}}}"#,
        peak_kb()
    );
    Ok(())
}
