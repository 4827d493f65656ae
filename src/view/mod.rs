//! What a page sees: plain data, drawn from a run, worded here once for every page.

pub mod charts;
pub mod check;
mod hint;
pub mod lesson;
pub mod marks;
pub mod model;
mod packets;
pub mod past;
pub mod report;
pub mod sections;
mod sentence;
pub mod spacetime;
mod state;
mod story;
mod verdicts;
pub mod vocabulary;
mod watch;
pub mod why;

pub use charts::charts;
pub use check::{CheckView, check};
pub use hint::Wanted;
pub use lesson::lesson;
pub use marks::{Marks, differences};
pub use packets::{packet, packets};
pub use past::past;
pub use report::report;
pub use sections::Sections;
pub use sentence::clock;
pub use spacetime::spacetime;
pub use state::{presets, state};
pub use story::{plain, sentence, story};
pub use vocabulary::{MASTER_SLAVE, Vocabulary, Words};
pub use why::why;

/// The hue of a write on the colour wheel, in degrees. Writes that follow each other are far apart; red and amber
/// (325° to 95°) are left out, since they mean “broken” and “behind”.
pub fn hue(write: u32) -> u16 {
    // 142 of 230 is near the golden ratio, and the two have no common divisor but 2.
    let turned = (u64::from(write) * 142) % 230;
    95 + turned as u16
}
