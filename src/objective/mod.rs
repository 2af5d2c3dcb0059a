//! Objectives: a loss on a family, its gradient, its Hessian, its optimum.
//!
//! Not its business: charts (a loss is a function of distributions) and how the loss is minimised (`optimizer`).

pub mod bellman;
mod compare;
pub mod data;
pub mod divergence;
mod expectation;
mod flaw;
pub mod formula;
mod integral;
pub mod likelihood;
mod oscillation;
mod rank;
pub mod returns;
pub mod reward;
mod rows;
mod search;
mod span;
mod table;
mod tails;

use std::fmt::Debug;
use std::sync::Arc;

use crate::family::Family;
use crate::math::{Mat2, Vec2};
use crate::registry::{Field, Kind, Known, Preset, Settings};

pub use data::Data;
pub use flaw::Flaw;

/// Builds a loss on a family from its settings; a search for an optimum begins at the point, in canonical parameters.
pub type Build = fn(&Settings, &Arc<dyn Family>, Vec2) -> Arc<dyn Objective>;

/// A row of [`OBJECTIVES`].
#[derive(Debug)]
pub struct ObjectiveInfo {
    /// The kind in scenario files.
    pub name: &'static str,
    /// Its names in other programs.
    pub synonyms: &'static [&'static str],
    /// One line of documentation.
    pub doc: &'static str,
    /// The loss as a formula.
    pub formula: &'static str,
    /// The unit of the loss; `None` if it has none.
    pub unit: Option<&'static str>,
    /// Its fields.
    pub fields: &'static [Field],
    /// What has no rewards of single actions, the kind or the kind with a setting; `None` if there are rewards.
    pub unrewarded: fn(&Settings) -> Option<&'static str>,
    /// Checks settings against each other: returns the offending field and what to write instead.
    pub conflict: fn(&Settings) -> Option<(&'static str, &'static str)>,
    /// What it is a loss of.
    pub of: Of,
}

/// What a kind of objective is a loss of.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    /// Of distributions of a family.
    Family {
        /// The number of densities that a step evaluates, as far as the fields determine it.
        densities: fn(&Settings, &dyn Family) -> usize,
        /// Builds the loss on a family from its fields.
        build: Build,
    },
    /// Of policies; built by `problem::policy`.
    Policy,
    /// Of value functions; built by `problem::value`.
    Value,
}

impl Of {
    /// What it is a loss of, in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Family { .. } => "distributions",
            Self::Policy => "policies",
            Self::Value => "value functions",
        }
    }

    /// Whether two are losses of the same.
    #[must_use]
    pub const fn same(self, other: Self) -> bool {
        matches!(
            (self, other),
            (Self::Family { .. }, Self::Family { .. }) | (Self::Policy, Self::Policy) | (Self::Value, Self::Value)
        )
    }
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

/// Every objective, in the order of lists.
pub const OBJECTIVES: &[&ObjectiveInfo] = &[
    &divergence::FORWARD,
    &divergence::REVERSE,
    &likelihood::INFO,
    &reward::INFO,
    &formula::INFO,
    &returns::INFO,
    &bellman::INFO,
];

/// A loss on a family. `p` are the canonical parameters of a point inside the family.
///
/// ```
/// use std::sync::Arc;
///
/// use geodescent::family::gaussian::Gaussian;
/// use geodescent::math::Vec2;
/// use geodescent::objective::Objective;
/// use geodescent::objective::divergence::{Direction, Divergence};
///
/// let target = Vec2::new(2.0, 1.0);
/// let loss = Divergence::new(Arc::new(Gaussian::new()), target, Direction::Forward);
/// assert_eq!(loss.value(Vec2::new(0.0, 1.0)), 2.0, "nats");
/// assert_eq!(loss.gradient(target), Vec2::zeros());
/// assert_eq!(loss.optimum(), Some(target));
/// ```
pub trait Objective: Debug + Send + Sync {
    /// The objective's row in the registry.
    fn info(&self) -> &'static ObjectiveInfo;
    /// The full loss, in the unit of [`ObjectiveInfo::unit`]; not finite if it has no value.
    fn value(&self, p: Vec2) -> f64;
    /// The full loss at many points, such as a row of a picture; NaN at [`NOWHERE`](crate::family::NOWHERE). `out` is
    /// as long as `points`. Bit-identical to [`Objective::value`], except for expected rewards, which are computed to
    /// the accuracy of a picture.
    fn values(&self, points: &[Vec2], out: &mut [f64]) {
        for (out, p) in out.iter_mut().zip(points) {
            *out = if p[0].is_nan() { f64::NAN } else { self.value(*p) };
        }
    }
    /// Whether [`Objective::values`] for a whole picture take no noticeable time.
    fn cheap(&self) -> bool {
        true
    }
    /// The gradient of the full loss in the canonical parameters.
    fn gradient(&self, p: Vec2) -> Vec2;
    /// Why the loss or its gradient has no value at `p`; `None` if it has one, or if no more is known than that it is
    /// not finite.
    fn flaw(&self, _p: Vec2) -> Option<Flaw> {
        None
    }
    /// The Hessian of the full loss in the canonical parameters; NaN where it does not exist.
    fn hessian(&self, p: Vec2) -> Mat2;
    /// The mean of the outer products of the per-datum gradients, over the data that step `draw` sees; `None` without
    /// data.
    fn empirical_fisher(&self, _p: Vec2, _draw: Draw) -> Option<Mat2> {
        None
    }
    /// The gradient that step `draw` sees, which is a deterministic function of the arguments; `None` if it is the full
    /// gradient.
    fn stochastic_gradient(&self, _p: Vec2, _draw: Draw) -> Option<Vec2> {
        None
    }
    /// The minimum, in canonical parameters; `None` if it is neither known nor found.
    fn optimum(&self) -> Option<Vec2>;
    /// The target distribution, in canonical parameters; `None` if there is none.
    fn target(&self) -> Option<Vec2> {
        None
    }
    /// The rewards of single actions, where the loss is their expectation and nothing else.
    fn rewards(&self) -> Option<&reward::Reward> {
        None
    }
    /// The same loss with another baseline; `None` if it has none.
    fn with_baseline(&self, _baseline: reward::Baseline) -> Option<Arc<dyn Objective>> {
        None
    }
    /// The reward of an observation `x`, where the loss is an expected one; `None` for any other loss.
    fn reward(&self, _x: f64) -> Option<f64> {
        None
    }
    /// About how many steps on a closed form the value and the gradient cost.
    fn cost(&self) -> usize {
        1
    }
    /// The data; `None` if there are none.
    fn data(&self) -> Option<&Data> {
        None
    }
}

/// The key of the random draws of one step. The draws are a function of these numbers only, so they are the same for
/// every racer, and neither seeking nor another racer changes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draw {
    /// The scenario's seed.
    pub seed: u64,
    /// The step, counted from 0.
    pub step: usize,
}
