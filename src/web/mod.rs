//! The bindings: the only room that names the browser. It holds a run, moves it along with the wall clock, and
//! hands out plain data. Everything that comes in is checked here or in the rooms behind.
//!
//! They are built in three forms: with the run alone, with the checker, and what reads pastes, without a run.

#[cfg(feature = "check")]
mod check;
#[cfg(feature = "play")]
mod lesson;
#[cfg(feature = "import")]
mod paste;
#[cfg(feature = "play")]
mod picture;
#[cfg(any(feature = "play", feature = "import"))]
mod plain;
#[cfg(feature = "play")]
mod player;
#[cfg(feature = "play")]
mod playground;
#[cfg(feature = "play")]
mod practice;
#[cfg(feature = "check")]
mod real;
#[cfg(feature = "play")]
mod rest;
#[cfg(feature = "play")]
mod study;
#[cfg(feature = "play")]
mod text;
#[cfg(feature = "play")]
mod time;

/// Smaller than the one of std, and not slower.
#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

#[cfg(feature = "check")]
pub use check::{Check, CheckNeighbour};
#[cfg(feature = "import")]
pub use paste::read_pastes;
#[cfg(feature = "play")]
pub use playground::Playground;
#[cfg(feature = "play")]
use playground::{TIMER_MS, keep_panics};
#[cfg(feature = "check")]
pub use real::RealServers;
#[cfg(feature = "play")]
pub use rest::rest;
#[cfg(feature = "play")]
pub use study::{StalenessCurve, StalenessPoint, StalenessStudy, VariantRun, VariantScore};
