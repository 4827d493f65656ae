//! What those who watch did, real and simulated, by the text's clock.

use std::time::{Duration, SystemTime};

use replication_playground::facts::Event;
use replication_playground::run::Run;
use replication_playground::view;

use crate::files::clock;

/// When lines of a text were played.
pub struct Clock(Vec<(u64, SystemTime)>);

impl Clock {
    /// It is 0 s.
    pub fn begin() -> Self {
        Self(vec![(0, SystemTime::now())])
    }

    /// A line is played at this time of the text.
    pub fn line(&mut self, at_us: u64) {
        self.0.push((at_us, SystemTime::now()));
    }

    /// The text's time at some moment. It stands still between a line's time and the next line if that comes late.
    pub fn read(&self, when: SystemTime) -> u64 {
        let next = self.0.iter().position(|(_, at)| *at > when).unwrap_or(self.0.len());
        let Some((text_us, at)) = next.checked_sub(1).and_then(|last| self.0.get(last)) else { return 0 };
        let since = when.duration_since(*at).unwrap_or(Duration::ZERO);
        let told = text_us + u64::try_from(since.as_micros()).unwrap_or(0);
        self.0.get(next).map_or(told, |(next_us, _)| told.min(*next_us))
    }
}

/// Both stories, one below the other; nothing if nobody watches.
pub fn both(real: &[(SystemTime, String)], text: &Clock, whole: &Run) -> String {
    if whole.cluster().failover().observers().is_empty() {
        return String::new();
    }
    let line =
        |at_us: u64, what: &str| format!("{:>12}  {what}\n", clock(at_us / 1_000 * 1_000).replace("000 s", " s"));
    let real: String = real.iter().map(|(when, what)| line(text.read(*when), what)).collect();
    let facts = whole.cluster().history().since(0).filter(|fact| {
        matches!(
            fact.event,
            Event::Suspected { .. }
                | Event::Chosen { .. }
                | Event::LeaseTaken { .. }
                | Event::Promoted { .. }
                | Event::Follows { .. }
                | Event::SteppedAside { .. }
        )
    });
    let sentences = facts.filter_map(|fact| view::sentence(whole, &fact, &view::MASTER_SLAVE));
    let simulated: String = sentences.map(|sentence| line(sentence.at_us, &view::plain(&sentence.parts))).collect();
    format!("\nthe failover, as those who watch told it\n{real}\nand in the simulator\n{simulated}")
}
