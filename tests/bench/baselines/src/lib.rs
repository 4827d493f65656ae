//! What the engine is compared with. One model, the bench cluster: a master and its slaves, asynchronous
//! replication, writes to the master, each read to any slave, links that delay but never reorder.

#[cfg(not(target_arch = "wasm32"))]
pub mod desque;
pub mod exports;
pub mod minimal;
pub mod model;
pub mod queue;
