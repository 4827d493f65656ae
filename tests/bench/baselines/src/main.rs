//! One native run: `baselines CONTENDER SLAVES SECONDS KEYS`. Prints what it took, and what it counted.

use baselines::model::{Counts, Size};
use baselines::same::audit::Kept;
use baselines::{desque, minimal, queue, same_desque, same_minimal};
use measure::{Taken, taken};

/// The bare queue does as many events as the model has.
const QUEUE_EVENTS_A_SECOND: u64 = 23_000;
const USAGE: &str = "usage: baselines queue|minimal|desque|minimal-same|desque-same SLAVES SECONDS KEYS";

/// Plays a contender. What the same work left behind is looked at when the time is taken.
fn play(what: &str, size: Size) -> Result<String, String> {
    match what {
        "queue" => {
            let (counts, taken) = taken(|| queue::play(QUEUE_EVENTS_A_SECOND * u64::from(size.seconds)));
            Ok(bare(&taken, counts))
        }
        "minimal" => {
            let (counts, taken) = taken(|| minimal::play(size));
            Ok(bare(&taken, counts))
        }
        "desque" => {
            let (counts, taken) = taken(|| desque::play(size));
            Ok(bare(&taken, counts.map_err(|error| error.to_string())?))
        }
        "minimal-same" => {
            let (same, taken) = taken(|| same_minimal::play(size));
            Ok(kept(&taken, same.audit()?))
        }
        "desque-same" => {
            let (world, taken) = taken(|| same_desque::play(size));
            Ok(kept(&taken, world.map_err(|error| error.to_string())?.state().audit()?))
        }
        _ => Err(format!("no contender {what}; {USAGE}")),
    }
}

fn bare(taken: &Taken, Counts { events, reads, writes, stale, behind }: Counts) -> String {
    let counts = [("events", events), ("reads", reads), ("writes", writes), ("stale", stale), ("behind", behind)];
    taken.line(&counts)
}

fn kept(taken: &Taken, Kept { counts, facts, kept, state }: Kept) -> String {
    let Counts { events, reads, writes, stale, .. } = counts;
    let counts = [("events", events), ("reads", reads), ("writes", writes), ("stale", stale)];
    taken.line(&[&counts[..], &[("facts", facts), ("kept", kept), ("state", state)]].concat())
}

fn main() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, slaves, seconds, keys] = arguments.as_slice() else { return Err(USAGE.into()) };
    let number = |text: &str| text.parse().map_err(|_| format!("{text} is no number"));
    let size = Size { slaves: number(slaves)?, seconds: number(seconds)?, keys: number(keys)? };
    println!("{}", play(what, size)?);
    Ok(())
}
