//! The beta family: alpha a, beta b, concentration s = a + b.
//!
//! With h(a) = ln Γ(a) − a ln a + a, KL(p ‖ q) is s_q KL(Bernoulli(a_q/s_q) ‖ Bernoulli(a_p/s_p)) plus the Bregman
//! divergences of h at a and b minus that at s: the leading terms for large parameters cancel analytically. The natural
//! parameters are (a − 1, b − 1), the log partition function is ln B(a, b) (Amari & Nagaoka 2000, §2.3).

use std::sync::Arc;

use rand::Rng;
use rand_distr::Distribution;

use super::beta_metric::{self, fisher};
use super::{
    Chart, ChartId, ChartInfo, Family, FamilyInfo, LogDensity, Scale, Scaled, Shape, Sufficient, Support, Violation,
};
use crate::math::incomplete;
use crate::math::root::bisect;
use crate::math::special::{
    digamma, digamma_minus_ln, digamma_rise, inverse_digamma, ln_gamma_rest, ln_gamma_rest_bregman, ratio_excess,
    tetragamma, tetragamma_rise, trigamma, trigamma_excess,
};
use crate::math::{Cubic, Mat2, Vec2};

/// The registry row.
pub const INFO: FamilyInfo = FamilyInfo {
    name: "beta",
    doc: "beta distributions on the unit interval",
    density: "x^(alpha−1) (1−x)^(beta−1) / B(alpha, beta)",
    parameters: ["alpha", "beta"],
    fixed: &[],
    charts: &CHARTS,
    synonyms: &[
        ("alpha", &["a", "shape1"]),
        ("beta", &["b", "shape2"]),
        ("log-alpha-log-beta", &["log"]),
        ("mean-concentration", &["mean-precision"]),
        ("natural", &["canonical"]),
        ("expectation", &["moments", "dual"]),
    ],
    example: [2.0, 3.0],
    build: |_| Arc::new(Beta::new()),
};

static CHARTS: [ChartInfo; 5] = [
    ChartInfo { name: "alpha-beta", axes: ["alpha", "beta"], doc: "the parameters themselves" },
    ChartInfo { name: "log-alpha-log-beta", axes: ["log alpha", "log beta"], doc: "log alpha, log beta" },
    ChartInfo { name: "mean-concentration", axes: ["mean", "concentration"], doc: "alpha/(alpha+beta), alpha+beta" },
    ChartInfo { name: "natural", axes: ["alpha−1", "beta−1"], doc: "alpha−1, beta−1" },
    ChartInfo {
        name: "expectation",
        axes: ["E log x", "E log(1−x)"],
        doc: "ψ(alpha) − ψ(alpha+beta), ψ(beta) − ψ(alpha+beta)",
    },
];

/// The beta family.
#[derive(Debug)]
pub struct Beta {
    charts: [Box<dyn Chart>; 5],
}

impl Beta {
    /// The family with its charts.
    #[must_use]
    pub fn new() -> Self {
        let scaled = |i: usize, scale| Box::new(Scaled::new(&CHARTS[i], [scale; 2]));
        Self {
            charts: [
                scaled(0, Scale::Positive),
                scaled(1, Scale::Log),
                Box::new(MeanConcentration),
                scaled(3, Scale::LessOne),
                Box::new(Expectation),
            ],
        }
    }
}

impl Default for Beta {
    fn default() -> Self {
        Self::new()
    }
}

/// (ψ(a) − ψ(s), ψ(b) − ψ(s)): the means of log x and log(1 − x).
fn means(p: Vec2) -> Vec2 {
    -Vec2::new(digamma_rise(p[0], p[1]), digamma_rise(p[1], p[0]))
}

/// The Hessians of the two means: ψ″ of the parameter on the diagonal, minus ψ″(s) in every entry.
fn mean_hessians(p: Vec2) -> [Mat2; 2] {
    let whole = -tetragamma(p[0] + p[1]);
    let rise = |own: f64, other: f64| -tetragamma_rise(own, other);
    [Mat2::new(rise(p[0], p[1]), whole, whole, whole), Mat2::new(whole, whole, whole, rise(p[1], p[0]))]
}

/// (r_a − 1, r_b − 1) for the ratios r of the shares a/s and b/s of p to those of q.
fn share_excess(p: Vec2, q: Vec2) -> Vec2 {
    let d = p - q;
    let s = p[0] + p[1];
    let cross = (d[0] * q[1] - d[1] * q[0]) / s;
    Vec2::new(cross / q[0], -cross / q[1])
}

/// The ratio of share i of p to that of q.
fn share_ratio(p: Vec2, q: Vec2, i: usize) -> f64 {
    (p[i] / q[i]) * ((q[0] + q[1]) / (p[0] + p[1]))
}

/// The terms of the log density that do not depend on the observation: the remainder of Stirling's formula and the
/// logarithms of the mean and of 1 − mean.
fn shares(p: Vec2) -> [f64; 3] {
    let s = p[0] + p[1];
    [ln_gamma_rest(s) - ln_gamma_rest(p[0]) - ln_gamma_rest(p[1]), (p[0] / s).ln(), (p[1] / s).ln()]
}

/// log p(x), given [`shares`].
fn log_density(p: Vec2, [rest, first, second]: [f64; 3], x: f64) -> f64 {
    let (left, right) = (x.ln(), (-x).ln_1p());
    rest + p[0] * (left - first) + p[1] * (right - second) - left - right
}

impl Family for Beta {
    fn info(&self) -> &'static FamilyInfo {
        &INFO
    }

    fn charts(&self) -> &[Box<dyn Chart>] {
        &self.charts
    }

    fn violation(&self, p: Vec2) -> Option<Violation> {
        self.charts[0].violation(p).or_else(|| unrepresentable(p))
    }

    fn support(&self) -> Support {
        Support::Unit
    }

    fn mirrored(&self) -> bool {
        true
    }

    fn log_density(&self, p: Vec2, x: &[f64]) -> f64 {
        log_density(p, shares(p), x[0])
    }

    fn log_density_at(&self, p: Vec2) -> LogDensity<'_> {
        let shares = shares(p);
        Box::new(move |x| log_density(p, shares, x[0]))
    }

    fn score(&self, p: Vec2, x: &[f64]) -> Vec2 {
        Vec2::new(x[0].ln(), (-x[0]).ln_1p()) - means(p)
    }

    fn fisher(&self, p: Vec2) -> Mat2 {
        fisher(p)
    }

    fn fisher_inverse(&self, p: Vec2) -> Option<Mat2> {
        Some(beta_metric::inverse(p))
    }

    fn symbols(&self, p: Vec2) -> Option<[Mat2; 2]> {
        Some(beta_metric::symbols(p))
    }

    fn fisher_slopes(&self, p: Vec2) -> [Mat2; 2] {
        mean_hessians(p)
    }

    fn skewness(&self, p: Vec2) -> Cubic {
        // Third derivatives of the log partition function; the natural parameters are the canonical ones minus one.
        let [by_alpha, by_beta] = mean_hessians(p);
        Cubic([by_alpha[(0, 0)], by_alpha[(0, 1)], by_beta[(0, 1)], by_beta[(1, 1)]])
    }

    fn curvature(&self, p: Vec2) -> f64 {
        beta_metric::curvature(p)
    }

    fn shape(&self) -> Shape {
        // In log coordinates lengths stay of order one towards the whole boundary of the family.
        Shape::Curved { chart: ChartId(1) }
    }

    fn kl(&self, p: Vec2, q: Vec2) -> f64 {
        let d = q - p;
        let share = share_excess(p, q);
        let bernoulli: f64 = (0..2).map(|i| q[i] * ratio_excess(share_ratio(p, q, i), 1.0, share[i])).sum();
        bernoulli + ln_gamma_rest_bregman(q[0], p[0], d[0]) + ln_gamma_rest_bregman(q[1], p[1], d[1])
            - ln_gamma_rest_bregman(q[0] + q[1], p[0] + p[1], d[0] + d[1])
    }

    fn kl_gradient_first(&self, p: Vec2, q: Vec2) -> Vec2 {
        // As in every exponential family whose natural parameters are affine in the canonical ones.
        fisher(p) * (p - q)
    }

    fn kl_gradient_second(&self, p: Vec2, q: Vec2) -> Vec2 {
        let share = share_excess(p, q);
        let whole = digamma_minus_ln(q[0] + q[1]) - digamma_minus_ln(p[0] + p[1]);
        let part = |i: usize| {
            let log_ratio = if share[i].abs() < 0.5 { share[i].ln_1p() } else { share_ratio(p, q, i).ln() };
            digamma_minus_ln(q[i]) - digamma_minus_ln(p[i]) - whole - log_ratio
        };
        Vec2::new(part(0), part(1))
    }

    fn entropy(&self, p: Vec2) -> f64 {
        let s = p[0] + p[1];
        let part = |a: f64| ln_gamma_rest(a) + (a / s).ln() - (a - 1.0) * digamma_minus_ln(a);
        part(p[0]) + part(p[1]) - ln_gamma_rest(s) + (s - 2.0) * digamma_minus_ln(s)
    }

    fn entropy_slopes(&self, p: Vec2) -> (Vec2, Mat2) {
        let s = p[0] + p[1];
        // In excesses over 1/x, which cancel.
        let common = (s - 2.0) * trigamma_excess(s) - 2.0 / s;
        let slope = |a: f64| a.recip() - (a - 1.0) * trigamma_excess(a) + common;
        let shared = trigamma(s) + (s - 2.0) * tetragamma(s);
        let bend = |a: f64| shared - trigamma(a) - (a - 1.0) * tetragamma(a);
        (Vec2::new(slope(p[0]), slope(p[1])), Mat2::new(bend(p[0]), shared, shared, bend(p[1])))
    }

    fn sample(&self, p: Vec2, rng: &mut dyn Rng, x: &mut [f64]) {
        x[0] = rand_distr::Beta::new(p[0], p[1]).map_or(f64::NAN, |beta| beta.sample(rng));
    }

    fn bulk(&self, p: Vec2) -> (f64, f64) {
        let s = p[0] + p[1];
        let mean = p[0] / s;
        if s > 1e4 {
            let reach = 3.1 * (mean * (1.0 - mean) / s).sqrt();
            return ((mean - reach).max(0.5 * mean), (mean + reach).min(0.5 * (1.0 + mean)));
        }
        // In log odds, where neither tail is compressed against an end.
        let logistic = |u: f64| 1.0 / (1.0 + (-u).exp());
        let quantile = |mass: f64| logistic(bisect(|u| incomplete::beta(logistic(u), p[0], p[1]) - mass, -300.0, 36.0));
        (quantile(0.001), quantile(0.999))
    }

    fn sufficient(&self) -> Option<&dyn Sufficient> {
        Some(self)
    }
}

impl Sufficient for Beta {
    /// The means of log x and log(1 − x).
    fn statistics(&self, data: &[f64]) -> Vec2 {
        let sum: Vec2 = data.iter().map(|&x| Vec2::new(x.ln(), (-x).ln_1p())).sum();
        sum / data.len() as f64
    }

    fn nll(&self, p: Vec2, statistics: Vec2) -> f64 {
        let s = p[0] + p[1];
        let rest = ln_gamma_rest(p[0]) + ln_gamma_rest(p[1]) - ln_gamma_rest(s);
        let part = |i: usize| p[i] * ((p[i] / s).ln() - statistics[i]) + statistics[i];
        rest + part(0) + part(1)
    }

    fn nll_gradient(&self, p: Vec2, statistics: Vec2) -> Vec2 {
        means(p) - statistics
    }
}

/// Why two parameters computed by a chart are not a point: one of them or their sum overflows or underflows. `None` if
/// none does.
fn unrepresentable(p: Vec2) -> Option<Violation> {
    let wanted = "a positive finite number";
    let inside = |x: f64| x > 0.0 && x.is_finite();
    let found = [("alpha", p[0]), ("beta", p[1]), ("alpha + beta", p[0] + p[1])].into_iter().find(|&(_, x)| !inside(x));
    found.map(|(quantity, _)| Violation { quantity, broken: "is out of range", wanted })
}

/// The chart (a/s, s).
#[derive(Debug)]
struct MeanConcentration;

impl Chart for MeanConcentration {
    fn info(&self) -> &'static ChartInfo {
        &CHARTS[2]
    }

    fn violation(&self, x: Vec2) -> Option<Violation> {
        let scaled = Scaled::new(&CHARTS[2], [Scale::Positive; 2]);
        let below_one = || (x[0] >= 1.0).then_some(Violation { quantity: "mean", broken: "≥ 1", wanted: "< 1" });
        scaled.violation(x).or_else(below_one).or_else(|| unrepresentable(self.to_parameters(x)))
    }

    fn to_parameters(&self, x: Vec2) -> Vec2 {
        Vec2::new(x[0] * x[1], (1.0 - x[0]) * x[1])
    }

    fn to_coordinates(&self, p: Vec2) -> Vec2 {
        let s = p[0] + p[1];
        Vec2::new(p[0] / s, s)
    }

    fn jacobian(&self, x: Vec2, p: Vec2) -> Mat2 {
        // p[1]/x[1], not 1 − mean, which has no accuracy next to a mean of 1.
        Mat2::new(x[1], x[0], -x[1], p[1] / x[1])
    }

    fn coordinate_hessians(&self, p: Vec2) -> [Mat2; 2] {
        let s = p[0] + p[1];
        let cube = s * s * s;
        let mixed = (p[0] - p[1]) / cube;
        [Mat2::new(-2.0 * p[1] / cube, mixed, mixed, 2.0 * p[0] / cube), Mat2::zeros()]
    }

    fn metric(&self, p: Vec2) -> Option<[Mat2; 2]> {
        Some(beta_metric::mean_metric(p))
    }

    fn symbols(&self, p: Vec2) -> Option<[Mat2; 2]> {
        // Near the boundary F is nearly singular in these coordinates; the closed form in (alpha, beta) is more
        // accurate there.
        (p[0].min(p[1]) >= 0.1).then(|| beta_metric::mean_symbols(p))
    }
}

/// The expectation chart η = (E log x, E log(1−x)). Its range, exp η1 + exp η2 < 1, is the interior of the convex hull
/// of the curve (log x, log(1−x)).
#[derive(Debug)]
struct Expectation;

/// 1 − exp η1 − exp η2.
fn hull_gap(x: Vec2) -> f64 {
    let (low, high) = (x[0].min(x[1]), x[0].max(x[1]));
    -high.exp_m1() - low.exp()
}

impl Chart for Expectation {
    fn info(&self) -> &'static ChartInfo {
        &CHARTS[4]
    }

    fn violation(&self, x: Vec2) -> Option<Violation> {
        if !x[0].is_finite() {
            Some(Violation::not_finite("E log x"))
        } else if !x[1].is_finite() {
            Some(Violation::not_finite("E log(1−x)"))
        } else if hull_gap(x) > 0.0 {
            unrepresentable(self.to_parameters(x))
        } else {
            Some(Violation { quantity: "exp(E log x) + exp(E log(1−x))", broken: "≥ 1", wanted: "< 1" })
        }
    }

    fn to_parameters(&self, x: Vec2) -> Vec2 {
        // ψ(a) ≈ ln(a − ½) for large a; then a few of Minka's fixed-point steps, which converge fast for small a.
        let s = 0.5 / hull_gap(x);
        let mut p = Vec2::new(0.5 + x[0].exp() * s, 0.5 + x[1].exp() * s);
        for _ in 0..3 {
            let whole = digamma(p[0] + p[1]);
            p = Vec2::new(inverse_digamma(x[0] + whole), inverse_digamma(x[1] + whole));
        }
        // The damped Newton method on the convex function ln B(a, b) − η·(a, b).
        for _ in 0..60 {
            let residual = means(p) - x;
            let step = beta_metric::inverse(p) * residual;
            let decrement = residual.dot(&step).max(0.0).sqrt();
            let damping = if decrement > 0.25 { 1.0 / (1.0 + decrement) } else { 1.0 };
            let next =
                Vec2::new((p[0] - damping * step[0]).max(0.1 * p[0]), (p[1] - damping * step[1]).max(0.1 * p[1]));
            let close = (0..2).all(|i| (next[i] - p[i]).abs() <= 1e-15 * p[i]);
            p = next;
            if close {
                break;
            }
        }
        p
    }

    fn to_coordinates(&self, p: Vec2) -> Vec2 {
        means(p)
    }

    fn jacobian(&self, _: Vec2, p: Vec2) -> Mat2 {
        beta_metric::inverse(p)
    }

    fn coordinate_hessians(&self, p: Vec2) -> [Mat2; 2] {
        mean_hessians(p)
    }

    /// F⁻¹ and F of the natural chart.
    fn metric(&self, p: Vec2) -> Option<[Mat2; 2]> {
        Some([beta_metric::inverse(p), fisher(p)])
    }

    fn symbols(&self, p: Vec2) -> Option<[Mat2; 2]> {
        Some(beta_metric::dual_symbols(p))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::special::trigamma;

    #[test]
    fn fisher_diagonal_is_the_difference_of_trigammas() {
        let p = Vec2::new(1.5, 4.0);
        assert!((fisher(p)[(0, 0)] - (trigamma(1.5) - trigamma(5.5))).abs() < 1e-15);
    }
}
