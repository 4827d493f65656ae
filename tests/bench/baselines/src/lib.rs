//! What the engine is compared with. One model, the bench cluster: a master and its slaves, asynchronous
//! replication, writes to the master, each read to any slave, links that delay but never reorder. The bare contenders
//! only count; the others keep what the engine keeps (see [`same`]).

#[cfg(not(target_arch = "wasm32"))]
pub mod desque;
pub mod exports;
pub mod minimal;
pub mod model;
pub mod queue;
pub mod same;
#[cfg(not(target_arch = "wasm32"))]
pub mod same_desque;
pub mod same_minimal;
