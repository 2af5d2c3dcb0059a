//! Policies π(a|s) in a process: the return as a loss, with its exact gradient and Fisher matrices, and samples.

mod axes;
pub mod goal;
pub mod info;

mod lacks;
mod stub;

use std::sync::Arc;

use super::process::Process;

pub use goal::{Baseline, Criterion, Reference, Regulariser, Return, Samples};
pub use info::{POLICIES, PolicyInfo};
pub use stub::Coordinates;

/// A policy's form and the process it acts in, as plain data.
#[derive(Debug, Clone, PartialEq)]
pub struct Agent {
    /// The form of the policy.
    pub form: Form,
    /// Where it acts.
    pub process: Arc<Process>,
}

/// The form of a policy.
#[derive(Debug, Clone, PartialEq)]
pub enum Form {
    /// A probability for every pair of a finite process.
    Softmax,
    /// Logits linear in the features of a pair: a row for every pair, one after the other, each of so many numbers.
    Features(usize, Arc<[f64]>),
    /// u ∼ N(−gain·x, sd²).
    LinearGaussian,
}
