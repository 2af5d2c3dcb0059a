//! Optimizers: one file each, with its state, its equation and its source.
//!
//! An optimizer sees a [`Problem`] of any dimension and a [`Local`] look at it; it knows no family, no chart and no
//! picture. Leaving the family and coordinates that are not finite are the race's business, not an optimizer's; what an
//! optimizer alone can see (a matrix without an inverse, a divergence that is not finite) it says in its [`Motion`].

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
use crate::registry::{Field, Settings};

pub use problem::{Capability, Local, Outside, Problem, Square};

/// A row of [`OPTIMIZERS`].
#[derive(Debug)]
pub struct OptimizerInfo {
    /// The kind in scenario files.
    pub name: &'static str,
    /// One line.
    pub doc: &'static str,
    /// The update as text.
    pub equation: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// Its fields; the first is what the keys `[` and `]` change (the learning rate or the radius).
    pub fields: &'static [Field],
    /// Settings that contradict each other: the field to blame and what to write instead.
    pub conflict: fn(&Settings) -> Option<(&'static str, &'static str)>,
    /// What a problem must have for it with such settings, and the key that asks for it.
    pub needs: fn(&Settings) -> Option<(&'static str, Capability)>,
    /// Makes the optimizer, for a problem of a dimension.
    pub build: fn(&Settings, usize) -> Box<dyn Optimizer>,
}

/// Every optimizer, in the order in which lists show them.
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

/// For optimizers whose fields never contradict each other.
#[must_use]
pub fn no_conflict(_: &Settings) -> Option<(&'static str, &'static str)> {
    None
}

/// For optimizers that every problem will do for.
#[must_use]
pub fn no_needs(_: &Settings) -> Option<(&'static str, Capability)> {
    None
}

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Motion {
    /// `next` was written.
    Moved,
    /// No acceptable step was found; the point stays.
    NoStep,
    /// The inverse of a matrix is needed that is numerically singular; the optimizer ends.
    Singular {
        /// What the matrix is called: `F`, `F + λI`.
        matrix: &'static str,
        /// What is wrong with it.
        defect: Singular,
    },
    /// The step leads out of the space; the optimizer ends. Coordinates out of range the race finds by itself.
    Outside(Outside),
    /// A number on the way to the step, which is named, was not finite; the optimizer ends.
    NotFinite(&'static str),
    /// An integral on the way to the step, which is named, did not meet its tolerance; the optimizer ends.
    NotIntegrated(&'static str),
}

/// An optimizer with its state.
pub trait Optimizer: Debug + Send {
    /// Makes one step: reads the problem at `here`, where the loss and the gradient are finite, and writes the new
    /// coordinates to `next`.
    fn step(&mut self, here: &Local<'_>, next: &mut [f64]) -> Motion;

    /// What the last step divided by, coordinate by coordinate, for optimizers that so take a diagonal in place of a
    /// metric; none before the first step.
    fn divisor(&self) -> Option<Vec<f64>> {
        None
    }
}
