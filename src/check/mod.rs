//! What can go wrong: the shortest way in which a cluster breaks a promise, or none of up to so many actions.
//!
//! A [`Question`] names a cluster as it is, what it is held to ([`Promise`]), who acts for it ([`Operator`]), what may fail at
//! the same time, and how far to look. A [`Search`] plays every way of that many actions, breadth first, on copies of the run:
//! acts are done when things are at rest, what is caught in flight is caught by a link that is held, and where a time-out
//! matters, letting it pass is an act of its own. States that differ only in the time, in the numbers of writes or in the
//! names of nodes that could take each other's place are one. What it finds is a run text ([`Finding`]) that plays anywhere.
//!
//! There is no clock in it and no chance: the same question has the same answer and the same counts on every machine. It says
//! “no way was found”, never “there is none”: see `docs/checker.md` for what is not tried.

mod act;
mod adversary;
mod asked;
mod finding;
mod judge;
mod key;
mod look;
mod names;
mod neighbour;
mod operator;
mod pace;
mod prevent;
mod promise;
mod question;
mod random;
mod script;
mod search;
mod state;
mod why;
mod written;

pub use act::Act;
pub use finding::Finding;
pub use neighbour::{Neighbour, neighbours, write_us};
pub use operator::{OPERATORS, Operator};
pub use prevent::{Alternative, alternatives};
pub use promise::{PROMISES, Promise, default_promises};
pub use question::{MEANS, Mean, Means, Question, Reads};
pub use random::RandomWays;
pub use search::{Counts, Ending, Search, Standing};
