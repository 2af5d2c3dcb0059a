//! The Gaussian family N(mean, sd²).
//!
//! Fisher matrix diag(1, 2)/sd², curvature −1/2: half-plane geometry. KL after Kullback (1959), §9.1.

use std::f64::consts::{PI, TAU};
use std::sync::Arc;

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

use super::{
    Chart, ChartInfo, Family, FamilyInfo, LogDensity, Scale, Scaled, Shape, Sufficient, Support, View, Violation,
};
use crate::math::linear::length2;
use crate::math::special::ratio_excess;
use crate::math::{Cubic, Mat2, Vec2};

/// The registry row.
pub const INFO: FamilyInfo = FamilyInfo {
    name: "gaussian",
    doc: "normal distributions on the real line",
    density: "exp(−(x−mean)²/(2 sd²)) / (sd √(2π))",
    parameters: ["mean", "sd"],
    fixed: &[],
    charts: &CHARTS,
    synonyms: &[
        ("gaussian", &["normal", "gauss", "norm"]),
        ("mean", &["mu", "m", "loc", "location"]),
        ("sd", &["sigma", "s", "std", "stdev", "stddev", "standard-deviation", "scale"]),
        ("mean-log-sd", &["log-std", "log-sigma", "mu-log-sigma"]),
        ("mean-variance", &["mu-sigma2", "mean-var", "var"]),
        ("mean-sd", &["mu-sigma", "mean-std"]),
        ("mean-precision", &["mu-tau"]),
        ("natural", &["canonical", "exponential", "theta"]),
        ("expectation", &["moments", "mean-value", "eta", "dual"]),
    ],
    example: [0.5, 1.5],
    build: |_| Arc::new(Gaussian::new()),
};

static CHARTS: [ChartInfo; 7] = [
    ChartInfo { name: "mean-sd", axes: ["mean", "sd"], doc: "the parameters themselves" },
    ChartInfo { name: "mean-log-sd", axes: ["mean", "log sd"], doc: "mean, log sd" },
    ChartInfo { name: "mean-variance", axes: ["mean", "variance"], doc: "mean, sd²" },
    ChartInfo { name: "mean-log-variance", axes: ["mean", "log variance"], doc: "mean, log sd²" },
    ChartInfo { name: "mean-precision", axes: ["mean", "precision"], doc: "mean, 1/sd²" },
    ChartInfo { name: "natural", axes: ["mean/sd²", "−1/(2 sd²)"], doc: "mean/sd², −1/(2 sd²)" },
    ChartInfo { name: "expectation", axes: ["E x", "E x²"], doc: "mean, mean² + sd²" },
];

const CANONICAL: Scaled = Scaled::new(&CHARTS[0], [Scale::Real, Scale::Positive]);

/// The Gaussian family.
#[derive(Debug)]
pub struct Gaussian {
    charts: [Box<dyn Chart>; 7],
}

impl Gaussian {
    /// The family with its charts.
    #[must_use]
    pub fn new() -> Self {
        let scaled = |i: usize, scale| Box::new(Scaled::new(&CHARTS[i], [Scale::Real, scale]));
        Self {
            charts: [
                Box::new(CANONICAL),
                scaled(1, Scale::Log),
                scaled(2, Scale::Square),
                scaled(3, Scale::LogSquare),
                scaled(4, Scale::InverseSquare),
                Box::new(Natural(&CHARTS[5])),
                Box::new(Expectation {
                    info: &CHARTS[6],
                    outside: Violation { quantity: "E x²", broken: "≤ (E x)²", wanted: "> (E x)²" },
                }),
            ],
        }
    }
}

impl Default for Gaussian {
    fn default() -> Self {
        Self::new()
    }
}

impl Family for Gaussian {
    fn info(&self) -> &'static FamilyInfo {
        &INFO
    }

    fn charts(&self) -> &[Box<dyn Chart>] {
        &self.charts
    }

    fn violation(&self, p: Vec2) -> Option<Violation> {
        CANONICAL.violation(p)
    }

    fn contains(&self, p: Vec2) -> bool {
        CANONICAL.point(p).is_some()
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn standardized(&self) -> bool {
        true
    }

    fn log_density(&self, p: Vec2, x: &[f64]) -> f64 {
        let z = (x[0] - p[0]) / p[1];
        -0.5 * z * z - p[1].ln() - 0.5 * TAU.ln()
    }

    fn log_density_at(&self, p: Vec2) -> LogDensity<'_> {
        let log = p[1].ln();
        Box::new(move |x| {
            let z = (x[0] - p[0]) / p[1];
            -0.5 * z * z - log - 0.5 * TAU.ln()
        })
    }

    fn score(&self, p: Vec2, x: &[f64]) -> Vec2 {
        let z = (x[0] - p[0]) / p[1];
        Vec2::new(z, z * z - 1.0) / p[1]
    }

    fn fisher(&self, p: Vec2) -> Mat2 {
        let precision = 1.0 / (p[1] * p[1]);
        Mat2::new(precision, 0.0, 0.0, 2.0 * precision)
    }

    fn fisher_slopes(&self, p: Vec2) -> [Mat2; 2] {
        [Mat2::zeros(), self.fisher(p) * (-2.0 / p[1])]
    }

    fn skewness(&self, p: Vec2) -> Cubic {
        Cubic([0.0, 2.0, 0.0, 8.0]) * (p[1] * p[1] * p[1]).recip()
    }

    fn curvature(&self, _: Vec2) -> f64 {
        -0.5
    }

    fn shape(&self) -> Shape {
        Shape::half_plane([1.0, 0.0, 2.0], View::PLAIN)
    }

    fn kl(&self, p: Vec2, q: Vec2) -> f64 {
        scales(p[1], q[1]).kl(p[0] - q[0])
    }

    fn kl_from(&self, p: Vec2, qs: &[Vec2], out: &mut [f64]) {
        // Along a row of a field sd is constant, and so is the only logarithm.
        let (mut sd, mut terms) = (f64::NAN, scales(p[1], f64::NAN));
        for (out, q) in out.iter_mut().zip(qs) {
            if q[1] != sd {
                (sd, terms) = (q[1], scales(p[1], q[1]));
            }
            *out = terms.kl(p[0] - q[0]);
        }
    }

    fn kl_to(&self, ps: &[Vec2], q: Vec2, out: &mut [f64]) {
        let (mut sd, mut terms) = (f64::NAN, scales(f64::NAN, q[1]));
        for (out, p) in out.iter_mut().zip(ps) {
            if p[1] != sd {
                (sd, terms) = (p[1], scales(p[1], q[1]));
            }
            *out = terms.kl(p[0] - q[0]);
        }
    }

    fn kl_gradient_first(&self, p: Vec2, q: Vec2) -> Vec2 {
        let variance = q[1] * q[1];
        Vec2::new((p[0] - q[0]) / variance, (p[1] - q[1]) * (p[1] + q[1]) / (variance * p[1]))
    }

    fn kl_gradient_second(&self, p: Vec2, q: Vec2) -> Vec2 {
        let variance = q[1] * q[1];
        let delta = q[0] - p[0];
        let excess = (q[1] - p[1]) * (q[1] + p[1]) - delta * delta;
        Vec2::new(delta / variance, excess / (variance * q[1]))
    }

    /// x = mean + sd z, E z = 0, E z² = 1.
    fn wasserstein(&self, _: Vec2) -> Option<Mat2> {
        Some(Mat2::identity())
    }

    fn wasserstein_distance(&self, p: Vec2, q: Vec2) -> Option<f64> {
        Some(length2(&(q - p)))
    }

    fn entropy(&self, p: Vec2) -> f64 {
        0.5 * (2.0 * PI).ln() + 0.5 + p[1].ln()
    }

    fn sample(&self, p: Vec2, rng: &mut dyn Rng, x: &mut [f64]) {
        let z: f64 = StandardNormal.sample(rng);
        x[0] = p[0] + p[1] * z;
    }

    fn bulk(&self, p: Vec2) -> (f64, f64) {
        (p[0] - 3.1 * p[1], p[0] + 3.1 * p[1])
    }

    fn sufficient(&self) -> Option<&dyn Sufficient> {
        Some(self)
    }
}

/// The terms of a divergence that depend on the standard deviations only: 1/s_q and (v_p/v_q − 1) − ln(v_p/v_q).
struct Scales {
    inverse: f64,
    excess: f64,
}

fn scales(p: f64, q: f64) -> Scales {
    let inverse = 1.0 / q;
    let ratio = p * inverse;
    Scales { inverse, excess: ratio_excess(ratio * ratio, 1.0, (p - q) * inverse * (ratio + 1.0)) }
}

impl Scales {
    /// KL(p ‖ q) of Gaussians whose means are `delta` apart.
    fn kl(&self, delta: f64) -> f64 {
        let z = delta * self.inverse;
        0.5 * (self.excess + z * z)
    }
}

impl Sufficient for Gaussian {
    fn statistics(&self, data: &[f64]) -> Vec2 {
        let n = data.len() as f64;
        let mean = data.iter().sum::<f64>() / n;
        let variance = data.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
        Vec2::new(mean, variance)
    }

    fn nll(&self, p: Vec2, statistics: Vec2) -> f64 {
        let delta = p[0] - statistics[0];
        0.5 * (statistics[1] + delta * delta) / (p[1] * p[1]) + p[1].ln() + 0.5 * TAU.ln()
    }

    fn nll_gradient(&self, p: Vec2, statistics: Vec2) -> Vec2 {
        let variance = p[1] * p[1];
        let delta = p[0] - statistics[0];
        Vec2::new(delta / variance, (1.0 - (statistics[1] + delta * delta) / variance) / p[1])
    }
}

/// The Fisher matrix in the natural and in the expectation chart, each the inverse of the other: the covariance of (x,
/// x²) and its inverse, free of cancellation however large |mean|/sd is.
fn dual_metrics(p: Vec2) -> [Mat2; 2] {
    let (m, v) = (p[0], p[1] * p[1]);
    let (ratio, precision) = (m / p[1], 1.0 / v);
    let natural = Mat2::new(v, 2.0 * m * v, 2.0 * m * v, 2.0 * v * (2.0 * m * m + v));
    let mixed = -m * precision * precision;
    [natural, Mat2::new(precision * (1.0 + 2.0 * ratio * ratio), mixed, mixed, 0.5 * precision * precision)]
}

/// The natural chart θ = (mean/sd², −1/(2 sd²)), of x or of a function of x that is Gaussian.
#[derive(Debug)]
pub(super) struct Natural(pub &'static ChartInfo);

impl Chart for Natural {
    fn info(&self) -> &'static ChartInfo {
        self.0
    }

    fn violation(&self, x: Vec2) -> Option<Violation> {
        let [first, second] = self.0.axes;
        if !x[0].is_finite() {
            Some(Violation::not_finite(first))
        } else if !(x[1] < 0.0 && x[1].is_finite()) {
            Some(Violation { quantity: second, broken: "≥ 0", wanted: "< 0" })
        } else {
            None
        }
    }

    fn to_parameters(&self, x: Vec2) -> Vec2 {
        let variance = -0.5 / x[1];
        Vec2::new(x[0] * variance, variance.sqrt())
    }

    fn to_coordinates(&self, p: Vec2) -> Vec2 {
        let precision = 1.0 / (p[1] * p[1]);
        Vec2::new(p[0] * precision, -0.5 * precision)
    }

    fn jacobian(&self, _: Vec2, p: Vec2) -> Mat2 {
        let variance = p[1] * p[1];
        Mat2::new(variance, 2.0 * p[0] * variance, 0.0, variance * p[1])
    }

    fn coordinate_hessians(&self, p: Vec2) -> [Mat2; 2] {
        let precision = 1.0 / (p[1] * p[1]);
        let mixed = -2.0 * precision / p[1];
        let last = 3.0 * precision * precision;
        [Mat2::new(0.0, mixed, mixed, 2.0 * p[0] * last), Mat2::new(0.0, 0.0, 0.0, -last)]
    }

    fn metric(&self, p: Vec2) -> Option<[Mat2; 2]> {
        Some(dual_metrics(p))
    }

    fn symbols(&self, p: Vec2) -> Option<[Mat2; 2]> {
        let (m, v) = (p[0], p[1] * p[1]);
        let (mixed, square) = (v - 2.0 * m * m, m * m);
        Some([Mat2::new(-m, mixed, mixed, -4.0 * m * square), Mat2::new(0.5, m, m, 2.0 * (square + v))])
    }
}

/// The expectation chart η = (E x, E x²), of x or of a function of x that is Gaussian.
#[derive(Debug)]
pub(super) struct Expectation {
    /// The chart's row.
    pub info: &'static ChartInfo,
    /// The violation if the second coordinate is not above the square of the first.
    pub outside: Violation,
}

impl Chart for Expectation {
    fn info(&self) -> &'static ChartInfo {
        self.info
    }

    fn violation(&self, x: Vec2) -> Option<Violation> {
        match (0..2).find(|&i| !x[i].is_finite()) {
            Some(i) => Some(Violation::not_finite(self.info.axes[i])),
            None if x[1] - x[0] * x[0] > 0.0 => None,
            None => Some(self.outside),
        }
    }

    fn to_parameters(&self, x: Vec2) -> Vec2 {
        Vec2::new(x[0], x[0].mul_add(-x[0], x[1]).sqrt())
    }

    fn to_coordinates(&self, p: Vec2) -> Vec2 {
        Vec2::new(p[0], p[0] * p[0] + p[1] * p[1])
    }

    fn jacobian(&self, x: Vec2, p: Vec2) -> Mat2 {
        Mat2::new(1.0, 0.0, -x[0] / p[1], 0.5 / p[1])
    }

    fn coordinate_hessians(&self, _: Vec2) -> [Mat2; 2] {
        [Mat2::zeros(), Mat2::identity() * 2.0]
    }

    fn metric(&self, p: Vec2) -> Option<[Mat2; 2]> {
        let [natural, own] = dual_metrics(p);
        Some([own, natural])
    }

    fn symbols(&self, p: Vec2) -> Option<[Mat2; 2]> {
        let (slope, half) = (p[0] / p[1] / p[1], -0.5 / (p[1] * p[1]));
        Some([Mat2::new(2.0 * slope, half, half, 0.0), Mat2::new(-1.0, slope, slope, 2.0 * half)])
    }
}
