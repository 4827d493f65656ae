//! What the logs of Patroni tell of the lease and of roles, in its own words.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::site::Site;

const DAY_MS: u64 = 86_400_000;
/// What is told. All else that it says, it says in each loop.
const TOLD: [&str; 9] = [
    "promoted self to leader",
    "demoted self",
    "demoting self",
    "starting as a secondary",
    "starting as readonly",
    "Demoting self",
    "acquired session lock as a leader",
    "running pg_rewind",
    "failed to update leader lock",
];

/// The stories of all nodes, by time.
pub fn told(site: &Site) -> Vec<(SystemTime, String)> {
    let mut story = Vec::new();
    for n in site.all() {
        let log = site.log_since(n, 0);
        let lines = log.lines().filter_map(line).map(|(when, what)| (when, format!("{}: {what}", site.node(n).name)));
        story.extend(lines);
    }
    story.sort();
    story
}

/// A line that is told: `2026-11-26 21:59:20,123 INFO: promoted self …`, UTC.
fn line(line: &str) -> Option<(SystemTime, &str)> {
    let (head, what) = line.split_once(": ")?;
    if !TOLD.iter().any(|told| what.contains(told)) {
        return None;
    }
    let mut clock = head.split(' ').nth(1)?.split([':', ',']).map(str::parse::<u64>);
    let mut next = || clock.next()?.ok();
    let of_day = ((next()? * 60 + next()?) * 60 + next()?) * 1_000 + next()?;
    Some((today(of_day)?, what))
}

/// When it was so many milliseconds of the day, UTC, within the last day.
pub fn today(of_day: u64) -> Option<SystemTime> {
    let now = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_millis()).ok()?;
    let ago = (now % DAY_MS + DAY_MS - of_day) % DAY_MS;
    Some(UNIX_EPOCH + Duration::from_millis(now - ago))
}
