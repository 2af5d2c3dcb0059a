//! What a race descends: a loss on a family, its gradient, its optimum.
//!
//! Not its business: charts (a loss is a function of distributions) and how the loss is descended (optimizer).

pub mod data;
pub mod divergence;
mod expectation;
pub mod formula;
mod integral;
pub mod likelihood;
mod oscillation;
pub mod reward;
mod rows;
mod search;
mod span;
mod table;

use std::fmt::Debug;
use std::sync::Arc;

use crate::family::Family;
use crate::math::{Mat2, Vec2};
use crate::registry::{Field, Kind, Known, Preset, Settings};

pub use data::Data;
pub use integral::Flaw;

/// A row of [`OBJECTIVES`].
#[derive(Debug)]
pub struct ObjectiveInfo {
    /// The kind in scenario files.
    pub name: &'static str,
    /// What others call it.
    pub synonyms: &'static [&'static str],
    /// One line.
    pub doc: &'static str,
    /// The loss as text.
    pub formula: &'static str,
    /// The unit of the loss; `None` for a plain number.
    pub unit: Option<&'static str>,
    /// Its fields.
    pub fields: &'static [Field],
    /// The number of densities that a step evaluates, as far as the fields determine it.
    pub densities: fn(&Settings, &dyn Family) -> usize,
    /// Builds the loss on a family from its fields; a search for an optimum begins at the point.
    pub build: fn(&Settings, &Arc<dyn Family>, Vec2) -> Arc<dyn Objective>,
}

/// Rows are compared by name, which is unique.
impl PartialEq for ObjectiveInfo {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl ObjectiveInfo {
    /// Whether the loss is a mean over data.
    #[must_use]
    pub fn has_data(&self) -> bool {
        self.fields.iter().any(|field| matches!(field.kind, Kind::Data))
    }
}

impl From<&'static ObjectiveInfo> for Known<'static> {
    fn from(info: &'static ObjectiveInfo) -> Self {
        Self::with(info.name, info.synonyms)
    }
}

/// The size of a mini-batch.
pub const BATCH: Field = Field {
    name: "batch",
    kind: Kind::Batch(1_000_000),
    default: Preset::Unset,
    doc: "how many observations a step sees; by default all, or the exact expectation",
    synonyms: &["batch-size", "minibatch", "mini-batch"],
};

/// Every objective, in the order in which lists show them.
pub const OBJECTIVES: &[&ObjectiveInfo] =
    &[&divergence::FORWARD, &divergence::REVERSE, &likelihood::INFO, &reward::INFO, &formula::INFO];

/// A loss on a family. `p` are canonical parameters of a point inside the family.
pub trait Objective: Debug + Send + Sync {
    /// The objective's row in the registry.
    fn info(&self) -> &'static ObjectiveInfo;
    /// The full loss, in nats where it is a divergence or a likelihood.
    fn value(&self, p: Vec2) -> f64;
    /// The full loss at many points, as they follow in a picture's row; NaN at [`NOWHERE`](crate::family::NOWHERE). To the
    /// bit that of [`Objective::value`], but for expected rewards: those are right to what a picture shows.
    fn values(&self, points: &[Vec2], out: &mut [f64]) {
        for (out, p) in out.iter_mut().zip(points) {
            *out = if p[0].is_nan() { f64::NAN } else { self.value(*p) };
        }
    }
    /// Whether [`Objective::values`] of a whole picture take no time that one could notice.
    fn cheap(&self) -> bool {
        true
    }
    /// Its gradient in the canonical parameters.
    fn gradient(&self, p: Vec2) -> Vec2;
    /// Why the loss or its gradient has no value at `p`, if the objective knows more than that it is not finite.
    fn flaw(&self, _p: Vec2) -> Option<Flaw> {
        None
    }
    /// The matrix of second derivatives of the full loss in the canonical parameters, where they exist.
    fn hessian(&self, p: Vec2) -> Mat2;
    /// The mean over the data that step `draw` sees of the outer product of each datum's gradient; none without data.
    fn empirical_fisher(&self, _p: Vec2, _draw: Draw) -> Option<Mat2> {
        None
    }
    /// The gradient that the step `draw` sees, where it is not the full one; deterministic in its arguments.
    fn stochastic_gradient(&self, _p: Vec2, _draw: Draw) -> Option<Vec2> {
        None
    }
    /// The point of least loss, where it is known exactly or was found.
    fn optimum(&self) -> Option<Vec2>;
    /// The distribution aimed at, where there is one.
    fn target(&self) -> Option<Vec2> {
        None
    }
    /// About how many steps on a closed form the value and the gradient cost.
    fn price(&self) -> usize {
        1
    }
    /// The data, where there are some.
    fn data(&self) -> Option<&Data> {
        None
    }
}

/// Names the random draws of one step, the same for every racer: a function of these numbers and nothing else, so that
/// neither seeking nor another racer changes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draw {
    /// The scenario's seed.
    pub seed: u64,
    /// The step, 0 being the first one made.
    pub step: usize,
}
