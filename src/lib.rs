//! A deterministic simulator of master–slave database replication.
//!
//! Data flows one way, and a room knows only the rooms before it:
//!
//! ```text
//! scenario ──▶ simulator ──▶ facts ──▶ history ──▶ cluster ──▶ referee ──▶ run ──▶ view ──▶ web ──▶ www
//! parse, print  time, chance,  what can   what        what a      was it     plays    what a  bindings
//! limits        network       happen     happened    database    right?     a text   page
//!                                                    does                           sees
//! ```
//!
//! Beside the view, [`check`] plays copies of a run: what can go wrong in it.
//!
//! The cluster notes [`facts`] in the [`history`], which knows nothing of clusters; the referee reads them there.
//!
//! A run is a text ([`scenario`]), and its state at any time is a function of the text: the same text gives the
//! same result, to the last bit, natively and in every browser. [`run::Run`] plays it.

pub mod check;
pub mod chunks;
pub mod cluster;
pub mod conform;
pub mod error;
#[cfg(any(feature = "check", not(target_arch = "wasm32")))]
pub mod export;
pub mod facts;
#[cfg(any(feature = "import", not(target_arch = "wasm32")))]
pub mod guarantees;
pub mod history;
#[cfg(any(feature = "import", not(target_arch = "wasm32")))]
pub mod import;
pub mod in_order;
pub mod lesson;
pub mod limits;
pub mod meters;
pub mod practice;
pub mod random;
pub mod referee;
pub mod run;
pub mod scenario;
pub mod session;
pub mod simulator;
#[cfg(not(target_arch = "wasm32"))]
pub mod still;
pub mod study;
#[cfg(not(target_arch = "wasm32"))]
pub mod swarm;
pub mod time;
pub mod timeline;
pub mod view;

#[cfg(target_arch = "wasm32")]
pub mod web;
