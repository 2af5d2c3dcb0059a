//! How the learning rate of an optimizer changes from step to step.

use std::f64::consts::PI;

use crate::registry::{Field, Kind, Preset, Range, Settings};

const CONSTANT: &str = "constant";
const INVERSE: &str = "inverse";
const INVERSE_SQRT: &str = "inverse-sqrt";
const COSINE: &str = "cosine";

/// The key that names the shape.
pub const SCHEDULE: Field = Field::choice(
    "schedule",
    &[CONSTANT, INVERSE, INVERSE_SQRT, COSINE],
    "the rate of step k: lr, lr/(k + offset), lr/√(k + offset), or lr·½(1 + cos π(k−1)/steps)",
)
.or(&["lr-schedule", "annealing", "decay-rule", "scheduler"]);
/// The key that moves a falling rate.
pub const OFFSET: Field = Field::new(
    "offset",
    Kind::Number(Range::NON_NEGATIVE),
    Preset::Number(0.0),
    "added to k in the schedules inverse and inverse-sqrt",
)
.or(&["warmup", "shift"]);

/// The factor of the learning rate as a function of the step.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Schedule {
    /// 1.
    #[default]
    Constant,
    /// 1/(k + offset) (Robbins & Monro 1951).
    Inverse(f64),
    /// 1/√(k + offset).
    InverseSqrt(f64),
    /// ½(1 + cos π(k − 1)/steps) (Loshchilov & Hutter 2017, without restarts).
    Cosine,
}

impl Schedule {
    /// The schedule of these settings, which have [`SCHEDULE`] and [`OFFSET`].
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        let offset = settings.number(&OFFSET);
        match settings.choice(&SCHEDULE) {
            INVERSE => Self::Inverse(offset),
            INVERSE_SQRT => Self::InverseSqrt(offset),
            COSINE => Self::Cosine,
            _ => Self::Constant,
        }
    }

    /// Whether `offset` matters to it.
    #[must_use]
    pub const fn has_offset(self) -> bool {
        matches!(self, Self::Inverse(_) | Self::InverseSqrt(_))
    }

    /// The factor of the rate in step `step` of a race of `steps`, 0 being the first: k is one more.
    ///
    /// ```
    /// use geodescent::optimizer::Schedule;
    ///
    /// assert_eq!(Schedule::Inverse(3.0).factor(0, 100), 0.25);
    /// assert_eq!(Schedule::Cosine.factor(0, 100), 1.0);
    /// assert_eq!(Schedule::Cosine.factor(50, 100), 0.5);
    /// ```
    #[must_use]
    pub fn factor(self, step: usize, steps: usize) -> f64 {
        let k = step as f64 + 1.0;
        match self {
            Self::Constant => 1.0,
            Self::Inverse(offset) => 1.0 / (k + offset),
            Self::InverseSqrt(offset) => 1.0 / (k + offset).sqrt(),
            Self::Cosine => 0.5 * (1.0 + (PI * (step as f64 / steps.max(1) as f64)).cos()),
        }
    }
}
