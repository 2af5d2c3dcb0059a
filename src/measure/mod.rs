//! Measures of a race's traces, verdicts on them, and the search for the best rate.
//!
//! The registry of measures is `scenario::measures`; they are evaluated here. No value is hard-coded: every number is
//! computed from a race. Long computations run in slices, so that the screen never waits for one.

pub mod answer;
pub mod gap;
pub mod local;
pub mod path;
pub mod tune;

pub use answer::{Answer, Enquiry, ask};
pub use tune::{Tuned, Tuner};
