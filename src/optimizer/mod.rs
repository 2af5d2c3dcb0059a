//! Optimizers: one file each, with its state, its equation and its source.
//!
//! An optimizer sees a [`Local`] problem of any dimension; it knows no family, no chart and no picture. The race notices
//! points outside the family and coordinates that are not finite; what an optimizer alone can see (a singular matrix, a
//! divergence that is not finite) it reports as a [`Failure`].

pub mod adagrad;
pub mod adam;
pub mod geodesic;
pub mod mirror_descent;
pub mod natural_actor_critic;
pub mod natural_gradient;
pub mod newton;
pub mod ppo;
pub mod presets;
pub mod recorded;
pub mod rmsprop;
pub mod sgd;
pub mod trpo;

mod schedule;
mod shared;

use std::fmt::Debug;

use crate::registry::{Field, Known, Settings};

use crate::problem::{Capability, Failure, Local, Metric, Outside, Site};

pub use presets::PRESETS;
pub use schedule::{OFFSET, SCHEDULE, Schedule};
pub use shared::{BASELINE, KL_CAP, SHARED, SharedField};

/// The matrix of a metric at a point.
pub type MetricAt = fn(&dyn Site) -> Result<Box<dyn Metric>, Failure>;

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
    /// The field that sets the length of its steps, the first one; `None` if it has none.
    pub rate: Option<Rate>,
    /// The field λ that is added to the diagonal of its matrix.
    pub damping: Option<&'static Field>,
    /// Whether `kl-cap` may shorten its steps.
    pub capped: bool,
    /// How it bounds how far a step may change a policy's probabilities; `None` if it does not.
    pub bounds: Option<Bounds>,
    /// Whether its steps are multiples of F⁻¹∇L, of which Fisher ellipses along the path are the picture.
    pub natural: fn(&Settings) -> bool,
    /// Whether a step is its rate times a vector that depends on the point alone: in the limit of small rates it follows that
    /// field's flow.
    pub flows: fn(&Settings) -> bool,
    /// The field with the points of a path that stands already: it starts with the first and ends with the last.
    pub path: Option<&'static Field>,
    /// Checks settings against each other: returns the offending field and what to write instead.
    pub conflict: fn(&Settings) -> Option<(&'static str, &'static str)>,
    /// The capability that these settings require of a problem, and the key that requires it.
    pub needs: fn(&Settings) -> Option<(&'static str, Capability)>,
    /// Builds the optimizer for a problem of the given dimension.
    pub build: fn(&Settings, usize) -> Box<dyn Optimizer>,
}

/// How an optimizer bounds how far a step may change a policy's probabilities.
#[derive(Debug, Clone, Copy)]
pub enum Bounds {
    /// By their KL, along a ray on which it seeks its step.
    Divergence,
    /// By their ratios ρ to the old ones, action by action, over several epochs a step.
    Ratios {
        /// How far below and above one ρ goes before the clip lets an action go; `None` if it does not clip.
        clips: fn(&Settings) -> Option<[f64; 2]>,
        /// How many epochs a step has at most.
        epochs: fn(&Settings) -> u64,
    },
}

/// The field that sets the length of an optimizer's steps.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// The field, a number.
    pub field: &'static Field,
    /// The power of the step's length that it is proportional to: 1 for a learning rate, 2 for a KL radius.
    pub power: i32,
}

impl Rate {
    /// A learning rate.
    #[must_use]
    pub const fn step(field: &'static Field) -> Self {
        Self { field, power: 1 }
    }
}

impl OptimizerInfo {
    /// Whether a step is sought within a KL radius of its own.
    #[must_use]
    pub const fn trust_region(&self) -> bool {
        matches!(self.bounds, Some(Bounds::Divergence))
    }
}

/// Rows are compared by name, which is unique.
impl PartialEq for OptimizerInfo {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
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
    &ppo::INFO,
    &natural_actor_critic::INFO,
    &newton::INFO,
    &recorded::INFO,
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

/// The outcome of a step that does not end its optimizer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    /// `next` was written.
    Moved,
    /// `next` was written, and no pace stretches or shortens that step.
    Placed,
    /// No acceptable step was found; the point stays.
    NoStep,
    /// There are no more steps.
    Finished,
}

/// An optimizer with its state.
///
/// ```
/// use geodescent::optimizer;
/// use geodescent::registry::Settings;
///
/// let adam = optimizer::find("adam").expect("a known kind");
/// let optimizer = (adam.build)(&Settings::defaults(adam.fields), 2);
/// assert_eq!(optimizer.divisor(), None, "no step was made");
/// ```
pub trait Optimizer: Debug + Send {
    /// Makes one step: reads the problem at `here`, where the loss and the gradient are finite, and writes the new
    /// coordinates to `next`.
    ///
    /// # Errors
    /// Why the step ends the optimizer. Points outside the space and coordinates that are not finite are noticed by the
    /// race.
    fn step(&mut self, here: &Local<'_>, next: &mut [f64]) -> Result<Motion, Failure>;

    /// Makes the same step, and tells every point on its way of those that consist of several.
    ///
    /// # Errors
    /// As [`Optimizer::step`].
    fn walk(&mut self, here: &Local<'_>, next: &mut [f64], _watch: &mut dyn FnMut(&[f64])) -> Result<Motion, Failure> {
        self.step(here, next)
    }

    /// Writes the point to which the step that was just made would have led at `share` of its rate to `next`; `None` if that
    /// is the point at this share of the straight way there.
    fn shorter(&self, _here: &Local<'_>, _share: f64, _next: &mut [f64]) -> Option<Result<(), Outside>> {
        None
    }

    /// A copy with its state, from which steps can be made again.
    fn fork(&self) -> Box<dyn Optimizer>;

    /// What the last step divided by, coordinate by coordinate, for optimizers that use a diagonal in place of a
    /// metric; `None` before the first step.
    fn divisor(&self) -> Option<Vec<f64>> {
        None
    }

    /// The metric other than Fisher's that its steps divide by, by its name; `None` for optimizers that use none.
    fn metric(&self) -> Option<(&'static str, MetricAt)> {
        None
    }

    /// What the last step was made of beside the gradient, coordinate by coordinate, with its symbol in the equation;
    /// empty before the first step, and for optimizers without a memory.
    fn memory(&self) -> Vec<(&'static str, Vec<f64>)> {
        Vec::new()
    }
}
