//! The gamma family: shape a, rate b.
//!
//! Everything here is written in the ratio t of the two means and in h(a) = ln Γ(a) − a ln a + a, so that nothing
//! cancels for large shapes: KL(p ‖ q) = a_q (t − 1 − ln t) + the Bregman divergence of h, two non-negative terms. The
//! natural parameters are (a − 1, −b), the log partition function is ln Γ(a) − a ln b (Amari & Nagaoka 2000, §2.3).

use std::sync::Arc;

use rand::Rng;
use rand_distr::Distribution;
use special::Gamma as _;

use super::{
    Chart, ChartId, ChartInfo, Family, FamilyInfo, LogDensity, Profile, Scale, Scaled, Shape, Sufficient, Support,
    Violation,
};
use crate::math::root::bisect;
use crate::math::special::{
    digamma_minus_ln, inverse_digamma_minus_ln, ln_gamma_rest, ln_gamma_rest_bregman, ratio_excess, tetragamma,
    tetragamma_excess, trigamma, trigamma_excess, trigamma_excess_bend,
};
use crate::math::{Cubic, Mat2, Vec2};

/// The registry row.
pub const INFO: FamilyInfo = FamilyInfo {
    name: "gamma",
    doc: "gamma distributions on the positive numbers",
    density: "rate^shape x^(shape−1) exp(−rate x) / Γ(shape)",
    parameters: ["shape", "rate"],
    fixed: &[],
    charts: &CHARTS,
    synonyms: &[
        ("gamma", &["erlang"]),
        ("shape", &["alpha", "a", "k"]),
        ("rate", &["beta", "b", "lambda", "inverse-scale"]),
        ("log-shape-log-rate", &["log"]),
        ("mean-shape", &["mean"]),
        ("natural", &["canonical"]),
        ("expectation", &["moments", "dual"]),
    ],
    example: [2.0, 1.0],
    build: |_| Arc::new(Gamma::new()),
};

static CHARTS: [ChartInfo; 5] = [
    ChartInfo { name: "shape-rate", axes: ["shape", "rate"], doc: "the parameters themselves" },
    ChartInfo { name: "log-shape-log-rate", axes: ["log shape", "log rate"], doc: "log shape, log rate" },
    ChartInfo { name: "mean-shape", axes: ["mean", "shape"], doc: "shape/rate, shape" },
    ChartInfo { name: "natural", axes: ["shape−1", "−rate"], doc: "shape−1, −rate" },
    ChartInfo { name: "expectation", axes: ["E log x", "E x"], doc: "ψ(shape) − log rate, shape/rate" },
];

/// The gamma family.
#[derive(Debug)]
pub struct Gamma {
    charts: [Box<dyn Chart>; 5],
}

impl Gamma {
    /// The family with its charts.
    #[must_use]
    pub fn new() -> Self {
        let scaled = |i: usize, scales| Box::new(Scaled::new(&CHARTS[i], scales));
        Self {
            charts: [
                scaled(0, [Scale::Positive; 2]),
                scaled(1, [Scale::Log; 2]),
                Box::new(MeanShape),
                scaled(3, [Scale::LessOne, Scale::Negative]),
                Box::new(Expectation),
            ],
        }
    }
}

impl Default for Gamma {
    fn default() -> Self {
        Self::new()
    }
}

/// t − 1 for t = (mean of p)/(mean of q).
fn mean_excess(p: Vec2, q: Vec2) -> f64 {
    let d = p - q;
    (d[0] / q[0]) * (q[1] / p[1]) - d[1] / p[1]
}

/// t = (mean of p)/(mean of q).
fn mean_ratio(p: Vec2, q: Vec2) -> f64 {
    (p[0] / q[0]) * (q[1] / p[1])
}

/// log p(x), given `rest` = `ln_gamma_rest` of the shape.
fn log_density(p: Vec2, rest: f64, x: f64) -> f64 {
    let t = p[1] * x / p[0];
    -rest - x.ln() - p[0] * ratio_excess(t, 1.0, t - 1.0)
}

impl Family for Gamma {
    fn info(&self) -> &'static FamilyInfo {
        &INFO
    }

    fn charts(&self) -> &[Box<dyn Chart>] {
        &self.charts
    }

    fn violation(&self, p: Vec2) -> Option<Violation> {
        self.charts[0].violation(p)
    }

    fn support(&self) -> Support {
        Support::Positive
    }

    fn log_density(&self, p: Vec2, x: &[f64]) -> f64 {
        log_density(p, ln_gamma_rest(p[0]), x[0])
    }

    fn log_density_at(&self, p: Vec2) -> LogDensity<'_> {
        let rest = ln_gamma_rest(p[0]);
        Box::new(move |x| log_density(p, rest, x[0]))
    }

    fn score(&self, p: Vec2, x: &[f64]) -> Vec2 {
        Vec2::new((p[1] * x[0] / p[0]).ln() - digamma_minus_ln(p[0]), p[0] / p[1] - x[0])
    }

    fn fisher(&self, p: Vec2) -> Mat2 {
        let mixed = -1.0 / p[1];
        Mat2::new(trigamma(p[0]), mixed, mixed, p[0] * mixed * mixed)
    }

    /// By way of (log mean, shape), where F is diag(a, e) with e = ψ′(a) − 1/a: free of cancellation.
    fn fisher_inverse(&self, p: Vec2) -> Option<Mat2> {
        let inverse = 1.0 / trigamma_excess(p[0]);
        let slope = p[1] / p[0];
        Some(Mat2::new(1.0, slope, slope, slope * p[1] * trigamma(p[0])) * inverse)
    }

    fn fisher_slopes(&self, p: Vec2) -> [Mat2; 2] {
        let mixed = 1.0 / (p[1] * p[1]);
        [Mat2::new(tetragamma(p[0]), 0.0, 0.0, mixed), Mat2::new(0.0, mixed, mixed, -2.0 * p[0] * mixed / p[1])]
    }

    fn skewness(&self, p: Vec2) -> Cubic {
        // Third derivatives of the log partition function; the natural parameters are affine in the canonical ones.
        let mixed = 1.0 / (p[1] * p[1]);
        Cubic([tetragamma(p[0]), 0.0, mixed, -2.0 * p[0] * mixed / p[1]])
    }

    /// ½F⁻¹T, since the parameters are affine in the natural ones.
    fn symbols(&self, p: Vec2) -> Option<[Mat2; 2]> {
        let half = 0.5 / trigamma_excess(p[0]);
        let (bend, slope) = (tetragamma(p[0]), p[1] / p[0]);
        let mixed = 1.0 / (p[0] * p[1]);
        let first = Mat2::new(bend, mixed, mixed, -1.0 / (p[1] * p[1]));
        let across = trigamma(p[0]) / p[0];
        let second = Mat2::new(slope * bend, across, across, -(1.0 / p[0] + 2.0 * trigamma_excess(p[0])) / p[1]);
        Some([first * half, second * half])
    }

    /// h′/(4 h²) with h = a ψ′(a) − 1, by way of (log mean, shape), where the metric is diag(a, ψ′(a) − 1/a).
    fn curvature(&self, p: Vec2) -> f64 {
        let excess = trigamma_excess(p[0]);
        let h = p[0] * excess;
        (excess + p[0] * tetragamma_excess(p[0])) / (4.0 * h * h)
    }

    fn shape(&self) -> Shape {
        // In log coordinates lengths stay of order one towards the whole boundary of the family.
        Shape::Curved { chart: ChartId(1) }
    }

    fn profile(&self) -> Option<&dyn Profile> {
        Some(self)
    }

    fn kl(&self, p: Vec2, q: Vec2) -> f64 {
        q[0] * ratio_excess(mean_ratio(p, q), 1.0, mean_excess(p, q)) + ln_gamma_rest_bregman(q[0], p[0], q[0] - p[0])
    }

    fn kl_gradient_first(&self, p: Vec2, q: Vec2) -> Vec2 {
        // F(p)(p − q), as in every exponential family whose natural parameters are affine in the canonical ones; ψ′ is
        // split into 1/a and the rest, since the two terms of the means nearly cancel along lines of constant mean.
        let d = p - q;
        let means = d[0] / p[0] - d[1] / p[1];
        Vec2::new(means + trigamma_excess(p[0]) * d[0], -means * (p[0] / p[1]))
    }

    fn kl_gradient_second(&self, p: Vec2, q: Vec2) -> Vec2 {
        let excess = mean_excess(p, q);
        let log_ratio = if excess.abs() < 0.5 { excess.ln_1p() } else { mean_ratio(p, q).ln() };
        Vec2::new(digamma_minus_ln(q[0]) - digamma_minus_ln(p[0]) - log_ratio, excess * (q[0] / q[1]))
    }

    fn entropy(&self, p: Vec2) -> f64 {
        ln_gamma_rest(p[0]) + (p[0] / p[1]).ln() + (1.0 - p[0]) * digamma_minus_ln(p[0])
    }

    fn entropy_slopes(&self, p: Vec2) -> (Vec2, Mat2) {
        // In excesses over 1/shape, which cancel.
        let slope = p[0].recip() + (1.0 - p[0]) * trigamma_excess(p[0]);
        let bend = (1.0 - p[0]) * tetragamma(p[0]) - trigamma(p[0]);
        let rate = p[1].recip();
        (Vec2::new(slope, -rate), Mat2::new(bend, 0.0, 0.0, rate * rate))
    }

    fn sample(&self, p: Vec2, rng: &mut dyn Rng, x: &mut [f64]) {
        x[0] = rand_distr::Gamma::new(p[0], 1.0).map_or(f64::NAN, |unit| unit.sample(rng) / p[1]);
    }

    fn bulk(&self, p: Vec2) -> (f64, f64) {
        let mean = p[0] / p[1];
        if p[0] > 1.0 {
            // Wilson & Hilferty (1931): the cube root of x is nearly Gaussian.
            let cube = |z: f64| (1.0 - 1.0 / (9.0 * p[0]) + z / (3.0 * p[0].sqrt())).max(0.05).powi(3) * mean;
            return (cube(-3.1), cube(3.1));
        }
        // Below, P(x < t/rate) ≈ t^a/Γ(a + 1); above, P(x > t/rate) < e^−t.
        let low = ((0.001_f64.ln() + crate::math::special::ln_gamma(p[0] + 1.0)) / p[0]).exp().max(f64::MIN_POSITIVE);
        let high = bisect(|t| t.inc_gamma(p[0]) - 0.999, 0.0, 7.0);
        (low / p[1], high.max(2.0 * low) / p[1])
    }

    fn sufficient(&self) -> Option<&dyn Sufficient> {
        Some(self)
    }
}

/// r is the shape a, φ the logarithm of the mean: `(a²ψ′(a) − a) (da/a)² + a dφ²`.
impl Profile for Gamma {
    fn radius(&self, p: Vec2) -> f64 {
        p[0]
    }

    fn turn(&self, p: Vec2, q: Vec2) -> f64 {
        // Always computed in the same order, so that it is exactly antisymmetric.
        if (p[0], p[1]) > (q[0], q[1]) { log_mean_ratio(p, q) } else { -log_mean_ratio(q, p) }
    }

    fn moved(&self, p: Vec2, growth: f64, turn: f64) -> Vec2 {
        Vec2::new(p[0] * growth, p[1] * growth * (-turn).exp())
    }

    fn push(&self, p: Vec2, v: Vec2) -> Vec2 {
        let growth = v[0] / p[0];
        Vec2::new(growth, growth - v[1] / p[1])
    }

    fn pull(&self, p: Vec2, w: Vec2) -> Vec2 {
        Vec2::new(p[0] * w[0], p[1] * (w[0] - w[1]))
    }

    fn metric(&self, r: f64) -> [f64; 2] {
        [r * r * trigamma_excess(r), r]
    }

    fn steepness(&self, _: f64, _: f64) -> f64 {
        1.0
    }
}

/// ln((mean of q)/(mean of p)).
fn log_mean_ratio(p: Vec2, q: Vec2) -> f64 {
    let excess = mean_excess(q, p);
    if excess.abs() < 0.5 { excess.ln_1p() } else { (q[0].ln() - p[0].ln()) - (q[1].ln() - p[1].ln()) }
}

impl Sufficient for Gamma {
    /// The mean, and the logarithm of the mean minus the mean of the logarithms.
    fn statistics(&self, data: &[f64]) -> Vec2 {
        let n = data.len() as f64;
        let mean = data.iter().sum::<f64>() / n;
        Vec2::new(mean, data.iter().map(|&x| ratio_excess(x, mean, x - mean)).sum::<f64>() / n)
    }

    fn nll(&self, p: Vec2, statistics: Vec2) -> f64 {
        let (mean, gap) = (statistics[0], statistics[1]);
        let t = p[1] * mean / p[0];
        ln_gamma_rest(p[0]) + mean.ln() - gap + p[0] * (ratio_excess(t, 1.0, t - 1.0) + gap)
    }

    fn nll_gradient(&self, p: Vec2, statistics: Vec2) -> Vec2 {
        let (mean, gap) = (statistics[0], statistics[1]);
        Vec2::new(digamma_minus_ln(p[0]) + gap - (p[1] * mean / p[0]).ln(), mean - p[0] / p[1])
    }
}

/// Why a shape and a rate computed by a chart are not a point: one overflows or underflows. `None` if neither does.
fn unrepresentable(p: Vec2) -> Option<Violation> {
    let inside = |x: f64| x > 0.0 && x.is_finite();
    if !inside(p[0]) {
        Some(Violation { quantity: "shape", broken: "is out of range", wanted: "a positive finite number" })
    } else if !inside(p[1]) {
        Some(Violation { quantity: "rate", broken: "is out of range", wanted: "a positive finite number" })
    } else {
        None
    }
}

/// The Hessian of the mean a/b.
fn mean_hessian(p: Vec2) -> Mat2 {
    let mixed = -1.0 / (p[1] * p[1]);
    Mat2::new(0.0, mixed, mixed, -2.0 * p[0] * mixed / p[1])
}

/// The chart (a/b, a).
#[derive(Debug)]
struct MeanShape;

impl Chart for MeanShape {
    fn info(&self) -> &'static ChartInfo {
        &CHARTS[2]
    }

    fn violation(&self, x: Vec2) -> Option<Violation> {
        Scaled::new(&CHARTS[2], [Scale::Positive; 2]).violation(x).or_else(|| unrepresentable(self.to_parameters(x)))
    }

    fn to_parameters(&self, x: Vec2) -> Vec2 {
        Vec2::new(x[1], x[1] / x[0])
    }

    fn to_coordinates(&self, p: Vec2) -> Vec2 {
        Vec2::new(p[0] / p[1], p[0])
    }

    fn jacobian(&self, x: Vec2, p: Vec2) -> Mat2 {
        Mat2::new(0.0, 1.0, -p[1] / x[0], 1.0 / x[0])
    }

    fn coordinate_hessians(&self, p: Vec2) -> [Mat2; 2] {
        [mean_hessian(p), Mat2::zeros()]
    }

    fn metric(&self, p: Vec2) -> Option<[Mat2; 2]> {
        let (mean, excess) = (p[0] / p[1], trigamma_excess(p[0]));
        let along = p[0] / (mean * mean);
        Some([Mat2::new(along, 0.0, 0.0, excess), Mat2::new(1.0 / along, 0.0, 0.0, 1.0 / excess)])
    }

    fn symbols(&self, p: Vec2) -> Option<[Mat2; 2]> {
        let (mean, excess) = (p[0] / p[1], trigamma_excess(p[0]));
        let (mixed, half) = (0.5 / p[0], 0.5 / excess);
        Some([
            Mat2::new(-1.0 / mean, mixed, mixed, 0.0),
            Mat2::new(-half / (mean * mean), 0.0, 0.0, half * tetragamma_excess(p[0])),
        ])
    }
}

/// The expectation chart η = (E log x, E x); its inverse solves ψ(a) − ln a = E log x − log E x.
#[derive(Debug)]
struct Expectation;

impl Chart for Expectation {
    fn info(&self) -> &'static ChartInfo {
        &CHARTS[4]
    }

    fn violation(&self, x: Vec2) -> Option<Violation> {
        if !x[0].is_finite() {
            Some(Violation::not_finite("E log x"))
        } else if !x[1].is_finite() {
            Some(Violation::not_finite("E x"))
        } else if x[1] <= 0.0 {
            Some(Violation::not_positive("E x"))
        } else if x[1].ln() - x[0] > 0.0 {
            unrepresentable(self.to_parameters(x))
        } else {
            Some(Violation { quantity: "E log x", broken: "≥ log E x", wanted: "< log E x" })
        }
    }

    fn to_parameters(&self, x: Vec2) -> Vec2 {
        let shape = inverse_digamma_minus_ln(x[1].ln() - x[0]);
        Vec2::new(shape, shape / x[1])
    }

    fn to_coordinates(&self, p: Vec2) -> Vec2 {
        let mean = p[0] / p[1];
        Vec2::new(digamma_minus_ln(p[0]) + mean.ln(), mean)
    }

    fn jacobian(&self, x: Vec2, p: Vec2) -> Mat2 {
        let slope = 1.0 / trigamma_excess(p[0]);
        let rate_slope = slope / x[1];
        Mat2::new(slope, -rate_slope, rate_slope, -trigamma(p[0]) * rate_slope * p[1])
    }

    fn coordinate_hessians(&self, p: Vec2) -> [Mat2; 2] {
        [Mat2::new(tetragamma(p[0]), 0.0, 0.0, 1.0 / (p[1] * p[1])), mean_hessian(p)]
    }

    /// F⁻¹ and F of the natural chart.
    fn metric(&self, p: Vec2) -> Option<[Mat2; 2]> {
        let (slope, mean) = (p[1] / p[0], p[0] / p[1]);
        let fisher = Mat2::new(1.0, -slope, -slope, slope * p[1] * trigamma(p[0])) / trigamma_excess(p[0]);
        let mixed = 1.0 / p[1];
        Some([fisher, Mat2::new(trigamma(p[0]), mixed, mixed, mean * mixed)])
    }

    /// By way of (log mean, shape), where F is diagonal; `trigamma_excess_bend` avoids the cancellation for large
    /// shapes.
    fn symbols(&self, p: Vec2) -> Option<[Mat2; 2]> {
        let (a, mean, e) = (p[0], p[0] / p[1], trigamma_excess(p[0]));
        let bend = trigamma_excess_bend(a);
        let share = 1.0 / (a * e);
        let mixed = 0.5 * share * (bend / e - 1.0) / mean;
        let across = (-0.5 - 0.5 * share * (bend / e)) / (mean * mean);
        let first = Mat2::new(-0.5 * tetragamma_excess(a) / (e * e), mixed, mixed, across);
        Some([first, Mat2::new(0.0, 0.5 * share, 0.5 * share, -(1.0 + share) / mean)])
    }
}
