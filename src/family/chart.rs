//! Coordinate systems on a family. Their Jacobians are known only here and in the families' own charts.
//!
//! The pull-back of losses and Fisher matrices to a chart is geometry's business (`Place`).

use std::f64::consts::{PI, TAU};
use std::fmt::Debug;

use super::Violation;
use crate::math::{Mat2, Vec2};

/// A row of a family's chart table.
#[derive(Debug)]
pub struct ChartInfo {
    /// The name in scenario files: `mean-log-sd`.
    pub name: &'static str,
    /// The names of the two coordinates on axes: `mean`, `log sd`.
    pub axes: [&'static str; 2],
    /// The coordinates as formulas in the parameters.
    pub doc: &'static str,
}

/// A chart of a family: the number of its row in [`FamilyInfo::charts`](super::FamilyInfo::charts).
///
/// Made only from such a table, so that [`Family::chart`](super::Family::chart) of the same family cannot fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChartId(pub(super) usize);

impl ChartId {
    /// The chart of the canonical parameters, which every family has.
    pub const CANONICAL: Self = Self(0);

    /// The chart of a row in the table of a model that is no family: of a policy or a value function. What is drawn in its
    /// place has as many charts.
    #[must_use]
    pub const fn of_row(row: usize) -> Self {
        Self(row)
    }

    /// The number of the row, from 0.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0
    }
}

/// A coordinate system on a family.
///
/// ```
/// use geodescent::family::find;
/// use geodescent::math::Vec2;
/// use geodescent::registry::Settings;
///
/// let info = find("gaussian").unwrap();
/// let gaussian = (info.build)(&Settings::default());
/// let chart = gaussian.chart(info.chart("mean-variance").unwrap());
/// let p = Vec2::new(0.5, 3.0);
/// let x = chart.to_coordinates(p);
/// assert_eq!(x, Vec2::new(0.5, 9.0));
/// assert_eq!(chart.point(x), Some(p));
/// assert_eq!(chart.point(Vec2::new(0.5, -1.0)), None, "a negative variance");
/// ```
pub trait Chart: Debug + Send + Sync {
    /// The chart's row in its family's table.
    fn info(&self) -> &'static ChartInfo;
    /// Why `x` are not the coordinates of a point of the family, in terms of the chart; `None` if they are.
    fn violation(&self, x: Vec2) -> Option<Violation>;
    /// The canonical parameters at `x`; `None` if `x` is outside the chart.
    fn point(&self, x: Vec2) -> Option<Vec2> {
        self.violation(x).is_none().then(|| self.to_parameters(x))
    }
    /// [`Chart::point`] for many coordinates, with [`NOWHERE`] for `None`: one dynamic call for a whole row of a field.
    /// `out` is cleared first.
    fn points(&self, xs: &[Vec2], out: &mut Vec<Vec2>) {
        out.clear();
        out.extend(xs.iter().map(|x| self.point(*x).unwrap_or(NOWHERE)));
    }
    /// The canonical parameters at `x`, which must be inside the chart.
    fn to_parameters(&self, x: Vec2) -> Vec2;
    /// The coordinates of the point `p`, which must be in the family.
    fn to_coordinates(&self, p: Vec2) -> Vec2;
    /// The Jacobian ∂parameters/∂coordinates at `x`, whose parameters are `p`.
    fn jacobian(&self, x: Vec2, p: Vec2) -> Mat2;
    /// The Hessians ∂²xₖ/∂parameters² of the two coordinates at the point `p`.
    fn coordinate_hessians(&self, p: Vec2) -> [Mat2; 2];
    /// The Fisher matrix in this chart and its inverse at the point `p`, if they have a closed form that is more
    /// accurate than the pull-back from the parameters; `None` otherwise.
    fn metric(&self, _p: Vec2) -> Option<[Mat2; 2]> {
        None
    }
    /// The Christoffel symbols Γᵏᵢⱼ of the Levi-Civita connection in this chart at the point `p`, as `[k][(i, j)]`,
    /// under the same condition as [`Chart::metric`].
    fn symbols(&self, _p: Vec2) -> Option<[Mat2; 2]> {
        None
    }
}

/// Marks a missing point in a row of points.
pub const NOWHERE: Vec2 = Vec2::new(f64::NAN, f64::NAN);

/// The angle in (−π, π] that is congruent to `x` modulo 2π; NaN if `x` is not finite.
#[must_use]
pub fn principal(x: f64) -> f64 {
    if x > -PI && x <= PI {
        return x;
    }
    if !x.is_finite() {
        return f64::NAN;
    }
    let turned = x - TAU * (x / TAU).round();
    // Rounding may leave it just outside, and −π itself becomes π.
    if turned <= -PI { (turned + TAU).min(PI) } else { turned.min(PI) }
}

/// One coordinate as a function of one parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// The parameter itself, any finite number.
    Real,
    /// An angle: any finite number; the parameter is the congruent one in (−π, π].
    Angle,
    /// The parameter itself, above zero.
    Positive,
    /// Its logarithm.
    Log,
    /// Its square.
    Square,
    /// The logarithm of its square.
    LogSquare,
    /// The reciprocal of its square.
    InverseSquare,
    /// The parameter, above zero, minus one.
    LessOne,
    /// The negative of the parameter, which is above zero.
    Negative,
}

impl Scale {
    /// Whether a parameter computed from a coordinate is valid: if the coordinate is out of range, the parameter is not
    /// finite or not above zero. A logarithm so large that the parameter overflows or underflows is out of range as
    /// well.
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

    fn second_derivative(self, p: f64) -> f64 {
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

/// One coordinate of a [`Scaled`] chart: its function of the parameter, and the violation if it is out of range.
#[derive(Debug, Clone, Copy)]
struct Axis {
    /// The function of the parameter.
    scale: Scale,
    /// The violation if it is out of range.
    violation: Violation,
}

impl Axis {
    /// An axis with this scale, whose violation names it `name`.
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

/// A chart each of whose coordinates is a function of one parameter.
#[derive(Debug, Clone, Copy)]
pub struct Scaled {
    info: &'static ChartInfo,
    axes: [Axis; 2],
}

impl Scaled {
    /// The chart of a row; violations name the coordinates as the row's axes do.
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
        // Along a row of a field the second coordinate is constant, so its exponential is computed once.
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

    fn coordinate_hessians(&self, p: Vec2) -> [Mat2; 2] {
        let [first, second] = [0, 1].map(|i| self.axes[i].scale.second_derivative(p[i]));
        [Mat2::new(first, 0.0, 0.0, 0.0), Mat2::new(0.0, 0.0, 0.0, second)]
    }
}
