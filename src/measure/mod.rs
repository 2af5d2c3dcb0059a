//! Measures of a race's traces, verdicts on them, and the search for the best rate.
//!
//! The registry of measures is `scenario::measures`; they are evaluated here. No value is hard-coded: every number is
//! computed from a race. Long computations are plain loops that can be run as jobs.

pub mod answer;
pub mod flow;
pub mod gap;
pub mod local;
pub mod members;
pub mod path;
pub mod tune;

pub use answer::{Answer, answers, ask};
pub use tune::{Tuned, tune};
