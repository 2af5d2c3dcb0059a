//! Coordinate systems on a family. Only here, and in the families' own charts, are Jacobians known.
//!
//! What a loss or a Fisher matrix becomes in a chart is geometry's business (`Place`).

use std::f64::consts::{PI, TAU};
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
    /// The canonical parameters at `x`; none where `x` is outside of the chart.
    fn point(&self, x: Vec2) -> Option<Vec2> {
        self.violation(x).is_none().then(|| self.to_parameters(x))
    }
    /// [`Chart::point`] of many coordinates, [`NOWHERE`] for none: one dynamic call for a whole row of a field.
    fn points(&self, xs: &[Vec2], out: &mut Vec<Vec2>) {
        out.clear();
        out.extend(xs.iter().map(|x| self.point(*x).unwrap_or(NOWHERE)));
    }
    /// The canonical parameters at `x`, which must be inside the chart.
    fn to_parameters(&self, x: Vec2) -> Vec2;
    /// The coordinates of the point `p` of the family.
    fn to_coordinates(&self, p: Vec2) -> Vec2;
    /// ∂parameters/∂coordinates at `x`, whose parameters are `p`.
    fn jacobian(&self, x: Vec2, p: Vec2) -> Mat2;
    /// ∂²coordinate/∂parameters² at the point `p`, of the first coordinate and of the second.
    fn bends(&self, p: Vec2) -> [Mat2; 2];
    /// The Fisher matrix in this chart and its inverse, where they have a form of their own that loses no digits on the way
    /// through the parameters.
    fn metric(&self, _p: Vec2) -> Option<[Mat2; 2]> {
        None
    }
    /// Levi-Civita's symbols Γᵏᵢⱼ in this chart as `[k][(i, j)]`, as [`Chart::metric`].
    fn symbols(&self, _p: Vec2) -> Option<[Mat2; 2]> {
        None
    }
}

/// Stands for no point in a row of points.
pub const NOWHERE: Vec2 = Vec2::new(f64::NAN, f64::NAN);

/// The angle in (−π, π] that turns as far as `x`; NaN where `x` is not finite.
#[must_use]
pub fn principal(x: f64) -> f64 {
    if x > -PI && x <= PI {
        return x;
    }
    if !x.is_finite() {
        return f64::NAN;
    }
    let turned = x - TAU * (x / TAU).round();
    // Rounding may leave it a hair outside, and −π itself is π.
    if turned <= -PI { (turned + TAU).min(PI) } else { turned.min(PI) }
}

/// How one coordinate reads one parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// The parameter itself, any finite number.
    Real,
    /// An angle: any finite number, of which the parameter is the one in (−π, π] that turns as far.
    Angle,
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
    /// Whether a parameter read from a coordinate is one: where a coordinate is out of range its parameter is not finite or
    /// not above zero. A logarithm so large that the parameter overflows or vanishes is no point either.
    fn admits(self, p: f64) -> bool {
        p.is_finite() && (matches!(self, Self::Real | Self::Angle) || p > 0.0)
    }

    fn parameter(self, x: f64) -> f64 {
        match self {
            Self::Real | Self::Positive => x,
            Self::Angle => principal(x),
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
            Self::Real | Self::Angle | Self::Positive => p,
            Self::Log => p.ln(),
            Self::Square => p * p,
            Self::LogSquare => 2.0 * p.ln(),
            Self::InverseSquare => 1.0 / (p * p),
            Self::LessOne => p - 1.0,
            Self::Negative => -p,
        }
    }

    fn bend(self, p: f64) -> f64 {
        match self {
            Self::Real | Self::Angle | Self::Positive | Self::LessOne | Self::Negative => 0.0,
            Self::Log => -1.0 / (p * p),
            Self::Square => 2.0,
            Self::LogSquare => -2.0 / (p * p),
            Self::InverseSquare => 6.0 / (p * p * p * p),
        }
    }

    fn slope(self, x: f64, p: f64) -> f64 {
        match self {
            Self::Real | Self::Angle | Self::Positive | Self::LessOne => 1.0,
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
struct Axis {
    /// How the parameter is read.
    scale: Scale,
    /// What to say outside of it.
    violation: Violation,
}

impl Axis {
    /// An axis by its scale and the name its violation is told with.
    const fn new(scale: Scale, name: &'static str) -> Self {
        let violation = match scale {
            Scale::Real | Scale::Angle | Scale::Log | Scale::LogSquare => Violation::not_finite(name),
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
    info: &'static ChartInfo,
    axes: [Axis; 2],
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
        if self.point(x).is_some() {
            return None;
        }
        let p = self.to_parameters(x);
        (0..2).find(|&i| !self.axes[i].scale.admits(p[i])).map(|i| {
            let axis = self.axes[i].violation;
            if x[i].is_finite() { axis } else { Violation::not_finite(axis.quantity) }
        })
    }

    fn point(&self, x: Vec2) -> Option<Vec2> {
        let p = self.to_parameters(x);
        let [first, second] = &self.axes;
        (first.scale.admits(p[0]) && second.scale.admits(p[1])).then_some(p)
    }

    fn points(&self, xs: &[Vec2], out: &mut Vec<Vec2>) {
        // Along a row of a field the second coordinate stays, and its exponential is worth keeping.
        let [first, second] = self.axes.map(|axis| axis.scale);
        let (mut y, mut parameter) = (f64::NAN, f64::NAN);
        out.clear();
        out.extend(xs.iter().map(|x| {
            if x[1] != y {
                (y, parameter) = (x[1], second.parameter(x[1]));
            }
            let p = Vec2::new(first.parameter(x[0]), parameter);
            if first.admits(p[0]) && second.admits(parameter) { p } else { NOWHERE }
        }));
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

    fn bends(&self, p: Vec2) -> [Mat2; 2] {
        let [first, second] = [0, 1].map(|i| self.axes[i].scale.bend(p[i]));
        [Mat2::new(first, 0.0, 0.0, 0.0), Mat2::new(0.0, 0.0, 0.0, second)]
    }
}
