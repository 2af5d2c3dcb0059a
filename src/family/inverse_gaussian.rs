//! The inverse Gaussian (Wald) family: the mean and the shape.
//!
//! The Fisher matrix is diag(shape/mean³, 1/(2 shape²)); in w = 1/√mean and v = 1/√shape the metric is (4dw² +
//! 2dv²)/v², a half-plane of curvature −1/2. The natural parameters of the statistics x and 1/x are (−shape/(2 mean²),
//! −shape/2) (Tweedie 1957; Seshadri 1993, chapter 2).

use std::f64::consts::TAU;
use std::sync::Arc;

use rand::Rng;
use rand_distr::{Distribution, Open01, StandardNormal};

use super::{
    Chart, ChartInfo, Family, FamilyInfo, Reading, Scale, Scaled, Shape, Sufficient, Support, View, Violation,
};
use crate::math::root::bisect;
use crate::math::special::{exp_integral_scaled, mills, ratio_excess};
use crate::math::{Cubic, Mat2, Vec2};

/// The registry row.
pub const INFO: FamilyInfo = FamilyInfo {
    name: "inverse-gaussian",
    doc: "first passage times of a drifting Brownian motion",
    density: "√(shape/(2πx³)) exp(−shape (x−mean)²/(2 mean² x))",
    parameters: ["mean", "shape"],
    fixed: &[],
    charts: &CHARTS,
    synonyms: &[
        ("inverse-gaussian", &["wald", "inverse-normal"]),
        ("mean", &["mu", "m"]),
        ("shape", &["lambda"]),
        ("log-mean-log-shape", &["log"]),
        ("natural", &["canonical"]),
        ("expectation", &["moments", "dual"]),
    ],
    example: [1.5, 2.0],
    build: |_| Arc::new(InverseGaussian::new()),
};

static CHARTS: [ChartInfo; 4] = [
    ChartInfo { name: "mean-shape", axes: ["mean", "shape"], doc: "the parameters themselves" },
    ChartInfo { name: "log-mean-log-shape", axes: ["log mean", "log shape"], doc: "log mean, log shape" },
    ChartInfo { name: "natural", axes: ["−shape/(2 mean²)", "−shape/2"], doc: "−shape/(2 mean²), −shape/2" },
    ChartInfo { name: "expectation", axes: ["E x", "E 1/x"], doc: "mean, 1/mean + 1/shape" },
];

const CANONICAL: Scaled = Scaled::new(&CHARTS[0], [Scale::Positive; 2]);

/// The inverse Gaussian family.
#[derive(Debug)]
pub struct InverseGaussian {
    charts: [Box<dyn Chart>; 4],
}

impl InverseGaussian {
    /// The family with its charts.
    #[must_use]
    pub fn new() -> Self {
        let log = Scaled::new(&CHARTS[1], [Scale::Log; 2]);
        Self { charts: [Box::new(CANONICAL), Box::new(log), Box::new(Natural), Box::new(Expectation)] }
    }
}

impl Default for InverseGaussian {
    fn default() -> Self {
        Self::new()
    }
}

/// (x − mean)²/(mean² x).
fn spread(mean: f64, x: f64) -> f64 {
    let off = (x - mean) / mean;
    off * (off / x)
}

impl Family for InverseGaussian {
    fn info(&self) -> &'static FamilyInfo {
        &INFO
    }

    fn charts(&self) -> &[Box<dyn Chart>] {
        &self.charts
    }

    fn violation(&self, p: Vec2) -> Option<Violation> {
        CANONICAL.violation(p)
    }

    fn support(&self) -> Support {
        Support::Positive
    }

    fn log_density(&self, p: Vec2, x: &[f64]) -> f64 {
        0.5 * (p[1] / TAU).ln() - 1.5 * x[0].ln() - 0.5 * p[1] * spread(p[0], x[0])
    }

    fn score(&self, p: Vec2, x: &[f64]) -> Vec2 {
        let cube = p[0] * p[0] * p[0];
        Vec2::new(p[1] * (x[0] - p[0]) / cube, 0.5 * (1.0 / p[1] - spread(p[0], x[0])))
    }

    fn fisher(&self, p: Vec2) -> Mat2 {
        Mat2::new(p[1] / (p[0] * p[0] * p[0]), 0.0, 0.0, 0.5 / (p[1] * p[1]))
    }

    fn fisher_slopes(&self, p: Vec2) -> [Mat2; 2] {
        let by_shape = 1.0 / (p[0] * p[0] * p[0]);
        let cube = p[1] * p[1] * p[1];
        [Mat2::new(-3.0 * p[1] * by_shape / p[0], 0.0, 0.0, 0.0), Mat2::new(by_shape, 0.0, 0.0, -1.0 / cube)]
    }

    fn skewness(&self, p: Vec2) -> Cubic {
        // shape · spread is χ² with one degree of freedom; E (x − mean)³ = 3 mean⁵/shape².
        let cube = 1.0 / (p[0] * p[0] * p[0]);
        Cubic([3.0 * p[1] * cube / p[0], -cube, 0.0, -1.0 / (p[1] * p[1] * p[1])])
    }

    fn curvature(&self, _: Vec2) -> f64 {
        -0.5
    }

    fn shape(&self) -> Shape {
        let view = View { readings: [Reading::InverseRoot; 2], ..View::PLAIN };
        Shape::half_plane([4.0, 0.0, 2.0], view)
    }

    fn kl(&self, p: Vec2, q: Vec2) -> f64 {
        0.5 * (ratio_excess(q[1], p[1], q[1] - p[1]) + q[1] * spread(q[0], p[0]))
    }

    fn kl_gradient_first(&self, p: Vec2, q: Vec2) -> Vec2 {
        let d = p - q;
        let square = p[0] * p[0];
        Vec2::new(0.5 * q[1] * d[0] * (p[0] + q[0]) / (square * q[0] * q[0]), 0.5 * d[1] / (p[1] * p[1]))
    }

    fn kl_gradient_second(&self, p: Vec2, q: Vec2) -> Vec2 {
        let d = q - p;
        Vec2::new(q[1] * d[0] / (q[0] * q[0] * q[0]), 0.5 * (d[1] / (p[1] * q[1]) + spread(q[0], p[0])))
    }

    /// From E log x = log mean − e^t E₁(t) at t = 2 shape/mean.
    fn entropy(&self, p: Vec2) -> f64 {
        0.5 * ((TAU / p[1]).ln() + 1.0) + 1.5 * (p[0].ln() - exp_integral_scaled(2.0 * p[1] / p[0]))
    }

    fn entropy_slopes(&self, p: Vec2) -> (Vec2, Mat2) {
        let [mean, shape] = [p[0], p[1]];
        // g(z) = eᶻE₁(z) with its two derivatives.
        let z = 2.0 * shape / mean;
        let slope = exp_integral_scaled(z) - z.recip();
        let bend = slope + z.recip() * z.recip();
        let square = mean * mean;
        let mixed = 3.0 * (bend * z + slope) / square;
        let gradient = Vec2::new(1.5 * (1.0 + slope * z) / mean, -0.5 / shape - 3.0 * slope / mean);
        let first = -1.5 * (1.0 + bend * z * z + 2.0 * slope * z) / square;
        let second = 0.5 / (shape * shape) - 6.0 * bend / square;
        (gradient, Mat2::new(first, mixed, mixed, second))
    }

    /// By the transformation with two roots of Michael, Schucany & Haas (1976); the smaller root is computed as a
    /// quotient, which does not cancel.
    fn sample(&self, p: Vec2, rng: &mut dyn Rng, x: &mut [f64]) {
        let z: f64 = StandardNormal.sample(rng);
        let u: f64 = Open01.sample(rng);
        let t = 0.5 * z * z * (p[0] / p[1]);
        let root = 1.0 + t + (t * (2.0 + t)).sqrt();
        let drawn = if u * (root + 1.0) <= root { p[0] / root } else { p[0] * root };
        x[0] = drawn;
    }

    fn bulk(&self, p: Vec2) -> (f64, f64) {
        // The quantiles of ln(x/mean); the bracket has all but 1e-9 of the mass.
        let phi = p[1] / p[0];
        let reach = 40.0 + phi.ln().abs();
        let quantile = |share: f64| p[0] * bisect(|t| below(phi, t.exp()) - share, -reach, reach).exp();
        (quantile(0.001).max(f64::MIN_POSITIVE), quantile(0.999).min(f64::MAX))
    }

    fn sufficient(&self) -> Option<&dyn Sufficient> {
        Some(self)
    }
}

/// P(x < r · mean) for shape = phi · mean to about 1e-4: Φ(a) + e^(2 phi) Φ(−b) (Shuster 1968), where the normal
/// densities at a and b differ by the same factor e^(2 phi).
fn below(phi: f64, r: f64) -> f64 {
    let scale = (phi / r).sqrt();
    let (a, b) = (scale * (r - 1.0), scale * (r + 1.0));
    let height = (-0.5 * a * a).exp() / TAU.sqrt();
    let tail = height * mills(a.abs());
    (if a > 0.0 { 1.0 - tail } else { tail }) + height * mills(b)
}

impl Sufficient for InverseGaussian {
    /// The mean, and the mean of 1/x minus 1/mean.
    fn statistics(&self, data: &[f64]) -> Vec2 {
        let n = data.len() as f64;
        let mean = data.iter().sum::<f64>() / n;
        Vec2::new(mean, data.iter().map(|&x| spread(mean, x)).sum::<f64>() / n)
    }

    fn constant(&self, data: &[f64]) -> f64 {
        1.5 * data.iter().map(|x| x.ln()).sum::<f64>() / data.len() as f64
    }

    fn nll(&self, p: Vec2, statistics: Vec2) -> f64 {
        0.5 * ((TAU / p[1]).ln() + p[1] * (statistics[1] + spread(p[0], statistics[0])))
    }

    fn nll_gradient(&self, p: Vec2, statistics: Vec2) -> Vec2 {
        let cube = p[0] * p[0] * p[0];
        let spread = statistics[1] + spread(p[0], statistics[0]);
        Vec2::new(p[1] * (p[0] - statistics[0]) / cube, 0.5 * (spread - 1.0 / p[1]))
    }
}

/// The Fisher matrix in the natural and in the expectation chart, each the inverse of the other: the covariance of (x,
/// 1/x) and its inverse, free of cancellation.
fn dual_metrics(p: Vec2) -> [Mat2; 2] {
    let (mean, ratio) = (p[0], p[1] / p[0]);
    let natural = Mat2::new(mean * mean / ratio, -1.0 / ratio, -1.0 / ratio, (1.0 + 2.0 / ratio) / (p[0] * p[1]));
    let half = 0.5 * ratio * ratio;
    [natural, Mat2::new((ratio + half) / (mean * mean), half, half, half * mean * mean)]
}

/// The natural chart θ = (−shape/(2 mean²), −shape/2).
#[derive(Debug)]
struct Natural;

impl Chart for Natural {
    fn info(&self) -> &'static ChartInfo {
        &CHARTS[2]
    }

    fn violation(&self, x: Vec2) -> Option<Violation> {
        for (x, quantity) in x.iter().zip(CHARTS[2].axes) {
            if !x.is_finite() {
                return Some(Violation::not_finite(quantity));
            }
            if *x >= 0.0 {
                return Some(Violation { quantity, broken: "≥ 0", wanted: "< 0" });
            }
        }
        CANONICAL.violation(self.to_parameters(x))
    }

    fn to_parameters(&self, x: Vec2) -> Vec2 {
        Vec2::new((x[1] / x[0]).sqrt(), -2.0 * x[1])
    }

    fn to_coordinates(&self, p: Vec2) -> Vec2 {
        Vec2::new(-0.5 * (p[1] / p[0]) / p[0], -0.5 * p[1])
    }

    fn jacobian(&self, x: Vec2, p: Vec2) -> Mat2 {
        Mat2::new(-0.5 * p[0] / x[0], 0.5 * p[0] / x[1], 0.0, -2.0)
    }

    fn coordinate_hessians(&self, p: Vec2) -> [Mat2; 2] {
        let mixed = 1.0 / (p[0] * p[0] * p[0]);
        [Mat2::new(-3.0 * p[1] * mixed / p[0], mixed, mixed, 0.0), Mat2::zeros()]
    }

    fn metric(&self, p: Vec2) -> Option<[Mat2; 2]> {
        Some(dual_metrics(p))
    }

    fn symbols(&self, p: Vec2) -> Option<[Mat2; 2]> {
        let [mean, inverse, spread] = [p[0], 1.0 / p[0], 1.0 / p[1]];
        let mixed = -0.5 * (spread + inverse);
        let across = 0.5 * inverse * inverse * (inverse + 3.0 * spread);
        Some([
            Mat2::new(0.5 * mean * (1.0 + 3.0 * mean * spread), mixed, mixed, across),
            Mat2::new(0.5 * mean * mean * mean, -0.5 * mean, -0.5 * mean, 0.5 * inverse + 2.0 * spread),
        ])
    }
}

/// The expectation chart η = (E x, E 1/x).
#[derive(Debug)]
struct Expectation;

impl Chart for Expectation {
    fn info(&self) -> &'static ChartInfo {
        &CHARTS[3]
    }

    fn violation(&self, x: Vec2) -> Option<Violation> {
        match (0..2).find(|&i| !x[i].is_finite()) {
            Some(i) => Some(Violation::not_finite(CHARTS[3].axes[i])),
            None if x[0] <= 0.0 => Some(Violation::not_positive("E x")),
            None if x[0].mul_add(x[1], -1.0) > 0.0 => CANONICAL.violation(self.to_parameters(x)),
            None => Some(Violation { quantity: "E 1/x", broken: "≤ 1/E x", wanted: "> 1/E x" }),
        }
    }

    fn to_parameters(&self, x: Vec2) -> Vec2 {
        Vec2::new(x[0], x[0] / x[0].mul_add(x[1], -1.0))
    }

    fn to_coordinates(&self, p: Vec2) -> Vec2 {
        Vec2::new(p[0], 1.0 / p[0] + 1.0 / p[1])
    }

    fn jacobian(&self, _: Vec2, p: Vec2) -> Mat2 {
        let ratio = p[1] / p[0];
        Mat2::new(1.0, 0.0, -ratio * ratio, -p[1] * p[1])
    }

    fn coordinate_hessians(&self, p: Vec2) -> [Mat2; 2] {
        let [mean, shape] = [p[0], p[1]].map(|x| 2.0 / (x * x * x));
        [Mat2::zeros(), Mat2::new(mean, 0.0, 0.0, shape)]
    }

    fn metric(&self, p: Vec2) -> Option<[Mat2; 2]> {
        let [natural, own] = dual_metrics(p);
        Some([own, natural])
    }

    fn symbols(&self, p: Vec2) -> Option<[Mat2; 2]> {
        let (ratio, inverse) = (p[1] / p[0], 1.0 / p[0]);
        let (half, mixed) = (-0.5 * p[1], -0.5 * ratio * inverse);
        Some([
            Mat2::new(-(1.5 + ratio) * inverse, half, half, 0.0),
            Mat2::new(0.5 * inverse * inverse * inverse, mixed, mixed, -p[1]),
        ])
    }
}
