//! Optimizers: one file each, with its state, its equation and its source.
//!
//! An optimizer sees a [`Problem`] of any dimension and a [`Local`] look at it; it knows no family, no chart and no
//! picture. The race notices points outside the family and coordinates that are not finite; what an
//! optimizer alone can see (a singular matrix, a divergence that is not finite) it reports in its [`Motion`].

pub mod adagrad;
pub mod adam;
pub mod geodesic;
pub mod mirror_descent;
pub mod natural_gradient;
pub mod newton;
pub mod problem;
pub mod rmsprop;
pub mod sgd;
pub mod trpo;

use std::fmt::Debug;

use crate::math::linear::Singular;
use crate::registry::{Field, Known, Settings};

pub use problem::{Capability, Local, Outside, Problem, Square};

/// A row of [`OPTIMIZERS`].
#[derive(Debug)]
pub struct OptimizerInfo {
    /// The kind in scenario files.
    pub name: &'static str,
    /// Its other names.
    pub synonyms: &'static [&'static str],
    /// One line of documentation.
    pub doc: &'static str,
    /// The update as text.
    pub equation: &'static str,
    /// The paper or reference implementation.
    pub source: &'static str,
    /// Its fields; the keys `[` and `]` change the first one (the learning rate or the radius).
    pub fields: &'static [Field],
    /// Checks settings against each other: returns the offending field and what to write instead.
    pub conflict: fn(&Settings) -> Option<(&'static str, &'static str)>,
    /// The capability that these settings require of a problem, and the key that requires it.
    pub needs: fn(&Settings) -> Option<(&'static str, Capability)>,
    /// Builds the optimizer for a problem of the given dimension.
    pub build: fn(&Settings, usize) -> Box<dyn Optimizer>,
}

impl From<&'static OptimizerInfo> for Known<'static> {
    fn from(info: &'static OptimizerInfo) -> Self {
        Self::with(info.name, info.synonyms)
    }
}

/// Every optimizer, in the order lists show them.
pub const OPTIMIZERS: &[&OptimizerInfo] = &[
    &sgd::INFO,
    &adagrad::INFO,
    &rmsprop::INFO,
    &adam::INFO,
    &natural_gradient::INFO,
    &geodesic::INFO,
    &mirror_descent::INFO,
    &trpo::INFO,
    &newton::INFO,
];

/// The optimizer of that kind.
#[must_use]
pub fn find(name: &str) -> Option<&'static OptimizerInfo> {
    OPTIMIZERS.iter().copied().find(|info| info.name == name)
}

/// For optimizers whose fields cannot contradict each other.
#[must_use]
pub fn no_conflict(_: &Settings) -> Option<(&'static str, &'static str)> {
    None
}

/// For optimizers that work on every problem.
#[must_use]
pub fn no_needs(_: &Settings) -> Option<(&'static str, Capability)> {
    None
}

/// The outcome of a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Motion {
    /// `next` was written.
    Moved,
    /// No acceptable step was found; the point stays.
    NoStep,
    /// A matrix that must be inverted is numerically singular; the optimizer ends.
    Singular {
        /// What the matrix is called: `F`, `F + λI`.
        matrix: &'static str,
        /// What is wrong with it.
        defect: Singular,
    },
    /// The step leaves the space; the optimizer ends. The race itself notices coordinates out of range.
    Outside(Outside),
    /// An intermediate quantity, named here, was not finite; the optimizer ends.
    NotFinite(&'static str),
    /// An integral needed for the step, named here, did not meet its tolerance; the optimizer ends.
    NotIntegrated(&'static str),
}

/// An optimizer with its state.
pub trait Optimizer: Debug + Send {
    /// Makes one step: reads the problem at `here`, where the loss and the gradient are finite, and writes the new
    /// coordinates to `next`.
    fn step(&mut self, here: &Local<'_>, next: &mut [f64]) -> Motion;

    /// What the last step divided by, coordinate by coordinate, for optimizers that use a diagonal in place of a
    /// metric; `None` before the first step.
    fn divisor(&self) -> Option<Vec<f64>> {
        None
    }
}
