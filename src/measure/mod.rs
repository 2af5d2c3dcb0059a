//! What a run is asked: measures of its traces, verdicts on them, and the search for the best rate.
//!
//! Rows and fields of the measures stand in `scenario::measures`; here they get their values. Nothing is typed in: every
//! number is computed from a race. Long questions are answered in slices, so that nobody has to wait for one.

pub mod answer;
pub mod gap;
pub mod local;
pub mod path;
pub mod quantity;
pub mod tune;

pub use answer::{Answer, Enquiry, ask};
pub use tune::{Tuned, Tuner};
