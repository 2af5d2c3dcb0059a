//! Coordinate systems on a family. Only here, and in the families' own charts, are Jacobians known.
//!
//! What a loss or a Fisher matrix becomes in a chart is geometry's business (`Place`).

use std::fmt::Debug;

use super::Violation;
use crate::math::{Mat2, Vec2};

/// A row of a family's chart table.
#[derive(Debug)]
pub struct ChartInfo {
    /// The name in scenario files: `mean-log-sd`.
    pub name: &'static str,
    /// The two coordinates as axes call them: `mean`, `log sd`.
    pub axes: [&'static str; 2],
    /// The coordinates as formulas of the parameters.
    pub doc: &'static str,
}

/// A coordinate system on a family.
pub trait Chart: Debug + Send + Sync {
    /// The chart's row in its family's table.
    fn info(&self) -> &'static ChartInfo;
    /// Why `x` are the coordinates of no point of the family, in the chart's own words; none where they are.
    fn violation(&self, x: Vec2) -> Option<Violation>;
    /// The canonical parameters at `x`, which must be inside the chart.
    fn to_parameters(&self, x: Vec2) -> Vec2;
    /// The coordinates of the point `p` of the family.
    fn to_coordinates(&self, p: Vec2) -> Vec2;
    /// ∂parameters/∂coordinates at `x`, whose parameters are `p`.
    fn jacobian(&self, x: Vec2, p: Vec2) -> Mat2;
}

/// How one coordinate reads one parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// The parameter itself, any finite number.
    Real,
    /// The parameter itself, above zero.
    Positive,
    /// Its logarithm.
    Log,
    /// Its square.
    Square,
    /// The logarithm of its square.
    LogSquare,
    /// One over its square.
    InverseSquare,
    /// The parameter, above zero, less one.
    LessOne,
    /// The parameter, above zero, with its sign turned.
    Negative,
}

impl Scale {
    fn inside(self, x: f64) -> bool {
        match self {
            Self::Real => x.is_finite(),
            Self::Positive | Self::Square | Self::InverseSquare => x > 0.0 && x.is_finite(),
            // A logarithm so large that the parameter overflows or vanishes is no point either.
            Self::Log | Self::LogSquare | Self::LessOne | Self::Negative => {
                let p = self.parameter(x);
                p > 0.0 && p.is_finite()
            }
        }
    }

    fn parameter(self, x: f64) -> f64 {
        match self {
            Self::Real | Self::Positive => x,
            Self::Log => x.exp(),
            Self::Square => x.sqrt(),
            Self::LogSquare => (0.5 * x).exp(),
            Self::InverseSquare => 1.0 / x.sqrt(),
            Self::LessOne => 1.0 + x,
            Self::Negative => -x,
        }
    }

    fn coordinate(self, p: f64) -> f64 {
        match self {
            Self::Real | Self::Positive => p,
            Self::Log => p.ln(),
            Self::Square => p * p,
            Self::LogSquare => 2.0 * p.ln(),
            Self::InverseSquare => 1.0 / (p * p),
            Self::LessOne => p - 1.0,
            Self::Negative => -p,
        }
    }

    fn slope(self, x: f64, p: f64) -> f64 {
        match self {
            Self::Real | Self::Positive | Self::LessOne => 1.0,
            Self::Negative => -1.0,
            Self::Log => p,
            Self::Square => 0.5 / p,
            Self::LogSquare => 0.5 * p,
            Self::InverseSquare => -0.5 * p / x,
        }
    }
}

/// One coordinate of a [`Scaled`] chart: how it reads its parameter, and what it is when it is out of range.
#[derive(Debug, Clone, Copy)]
pub struct Axis {
    /// How the parameter is read.
    pub scale: Scale,
    /// What to say outside of it.
    pub violation: Violation,
}

impl Axis {
    /// An axis by its scale and the name its violation is told with.
    #[must_use]
    pub const fn new(scale: Scale, name: &'static str) -> Self {
        let violation = match scale {
            Scale::Real | Scale::Log | Scale::LogSquare => Violation::not_finite(name),
            Scale::Positive | Scale::Square | Scale::InverseSquare => Violation::not_positive(name),
            Scale::LessOne => Violation { quantity: name, broken: "≤ −1", wanted: "> −1" },
            Scale::Negative => Violation { quantity: name, broken: "≥ 0", wanted: "< 0" },
        };
        Self { scale, violation }
    }
}

/// A chart that reads each parameter by itself.
#[derive(Debug, Clone, Copy)]
pub struct Scaled {
    /// The chart's row.
    pub info: &'static ChartInfo,
    /// Its two coordinates.
    pub axes: [Axis; 2],
}

impl Scaled {
    /// The chart of a row; faults are told with the row's names of its axes.
    #[must_use]
    pub const fn new(info: &'static ChartInfo, scales: [Scale; 2]) -> Self {
        Self { info, axes: [Axis::new(scales[0], info.axes[0]), Axis::new(scales[1], info.axes[1])] }
    }
}

impl Chart for Scaled {
    fn info(&self) -> &'static ChartInfo {
        self.info
    }

    fn violation(&self, x: Vec2) -> Option<Violation> {
        (0..2).find_map(|i| {
            if self.axes[i].scale.inside(x[i]) {
                None
            } else if x[i].is_finite() {
                Some(self.axes[i].violation)
            } else {
                Some(Violation::not_finite(self.axes[i].violation.quantity))
            }
        })
    }

    fn to_parameters(&self, x: Vec2) -> Vec2 {
        Vec2::new(self.axes[0].scale.parameter(x[0]), self.axes[1].scale.parameter(x[1]))
    }

    fn to_coordinates(&self, p: Vec2) -> Vec2 {
        Vec2::new(self.axes[0].scale.coordinate(p[0]), self.axes[1].scale.coordinate(p[1]))
    }

    fn jacobian(&self, x: Vec2, p: Vec2) -> Mat2 {
        Mat2::new(self.axes[0].scale.slope(x[0], p[0]), 0.0, 0.0, self.axes[1].scale.slope(x[1], p[1]))
    }
}
