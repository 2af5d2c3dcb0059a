//! The categorical family on three outcomes: (p1, p2), with p3 = 1 − p1 − p2.
//!
//! In the coordinates 2√p it is part of a sphere of radius 2 (Čencov 1982; Amari & Nagaoka 2000, §2.5), with curvature
//! 1/4.

use std::sync::Arc;

use rand::Rng;
use rand_distr::{Distribution, StandardUniform};

use super::{Chart, ChartId, ChartInfo, Family, FamilyInfo, Scale, Scaled, Shape, Sufficient, Support, Violation};
use crate::math::special::{ln_ratio, ratio_excess};
use crate::math::{Cubic, Mat2, Vec2};

/// The registry row.
pub const INFO: FamilyInfo = FamilyInfo {
    name: "categorical",
    doc: "distributions on three outcomes",
    density: "p1, p2, 1−p1−p2 at x = 1, 2, 3",
    parameters: ["p1", "p2"],
    fixed: &[],
    charts: &CHARTS,
    synonyms: &[
        ("categorical", &["multinomial", "discrete", "trinomial"]),
        ("p1", &["p-1", "p"]),
        ("p2", &["p-2", "q"]),
        ("p1-p2", &["probabilities", "simplex", "expectation"]),
        ("softmax", &["logits", "natural", "log-odds"]),
        ("square-root", &["sqrt", "sphere", "hellinger"]),
    ],
    example: [0.5, 0.3],
    build: |_| Arc::new(Categorical::new()),
};

static CHARTS: [ChartInfo; 3] = [
    ChartInfo { name: "p1-p2", axes: ["p1", "p2"], doc: "the probabilities themselves, the expectation chart" },
    ChartInfo { name: "softmax", axes: ["log p1/p3", "log p2/p3"], doc: "log p1/p3, log p2/p3, the natural chart" },
    ChartInfo { name: "square-root", axes: ["2√p1", "2√p2"], doc: "2√p1, 2√p2, on the sphere of radius 2" },
];

/// The categorical family.
#[derive(Debug)]
pub struct Categorical {
    charts: [Box<dyn Chart>; 3],
}

impl Categorical {
    /// The family with its charts.
    #[must_use]
    pub fn new() -> Self {
        Self { charts: [Box::new(Probabilities), Box::new(Softmax), Box::new(SquareRoot)] }
    }

    /// The Fisher matrix in (p1, p2).
    fn information(p: Vec2) -> Mat2 {
        let last = 1.0 / third(p);
        Mat2::new(1.0 / p[0] + last, last, last, 1.0 / p[1] + last)
    }
}

impl Default for Categorical {
    fn default() -> Self {
        Self::new()
    }
}

/// p3 = 1 − p1 − p2, with the rounding error of p1 + p2 (Knuth's two-sum): accurate even if that sum is next to 1.
fn third(p: Vec2) -> f64 {
    let sum = p[0] + p[1];
    let part = sum - p[0];
    let lost = (p[0] - (sum - part)) + (p[1] - part);
    (1.0 - sum) - lost
}

/// The covariance of the indicators of the first two outcomes: the Fisher matrix in the softmax chart.
fn covariance(p: Vec2) -> Mat2 {
    let (last, mixed) = (third(p), -p[0] * p[1]);
    Mat2::new(p[0] * (p[1] + last), mixed, mixed, p[1] * (p[0] + last))
}

/// Why a pair of finite numbers is outside the simplex; `None` if it is inside.
fn outside(p: Vec2) -> Option<Violation> {
    if p[0] <= 0.0 {
        Some(Violation::not_positive("p1"))
    } else if p[1] <= 0.0 {
        Some(Violation::not_positive("p2"))
    } else if p[0] + p[1] >= 1.0 || third(p) <= 0.0 {
        // Both tests, since each of them rounds: 0.7 + 0.3 is 1, and 1 − 0.7 − 0.3 is not 0.
        Some(Violation { quantity: "p1 + p2", broken: "≥ 1", wanted: "< 1" })
    } else {
        None
    }
}

impl Family for Categorical {
    fn info(&self) -> &'static FamilyInfo {
        &INFO
    }

    fn charts(&self) -> &[Box<dyn Chart>] {
        &self.charts
    }

    fn violation(&self, p: Vec2) -> Option<Violation> {
        Probabilities.violation(p)
    }

    fn support(&self) -> Support {
        Support::Outcomes(3)
    }

    fn log_density(&self, p: Vec2, x: &[f64]) -> f64 {
        let probability = match x[0] {
            1.0 => p[0],
            2.0 => p[1],
            _ => third(p),
        };
        probability.ln()
    }

    fn score(&self, p: Vec2, x: &[f64]) -> Vec2 {
        match x[0] {
            1.0 => Vec2::new(1.0 / p[0], 0.0),
            2.0 => Vec2::new(0.0, 1.0 / p[1]),
            _ => Vec2::repeat(-1.0 / third(p)),
        }
    }

    fn fisher(&self, p: Vec2) -> Mat2 {
        Self::information(p)
    }

    fn fisher_inverse(&self, p: Vec2) -> Option<Mat2> {
        Some(covariance(p))
    }

    /// ½(pₖ Fᵢⱼ − δᵢⱼₖ/pₖ) = −½F⁻¹T, as in every expectation chart.
    fn symbols(&self, p: Vec2) -> Option<[Mat2; 2]> {
        let fisher = self.fisher(p) * 0.5;
        let own = p.map(|p| 0.5 / p);
        Some([fisher * p[0] - Mat2::new(own[0], 0.0, 0.0, 0.0), fisher * p[1] - Mat2::new(0.0, 0.0, 0.0, own[1])])
    }

    fn fisher_slopes(&self, p: Vec2) -> [Mat2; 2] {
        let square = |x: f64| 1.0 / (x * x);
        let last = Mat2::repeat(square(third(p)));
        [last - Mat2::new(square(p[0]), 0.0, 0.0, 0.0), last - Mat2::new(0.0, 0.0, 0.0, square(p[1]))]
    }

    fn skewness(&self, p: Vec2) -> Cubic {
        let square = |x: f64| 1.0 / (x * x);
        let last = square(third(p));
        Cubic([square(p[0]) - last, -last, -last, square(p[1]) - last])
    }

    fn curvature(&self, _: Vec2) -> f64 {
        0.25
    }

    fn shape(&self) -> Shape {
        Shape::Sphere
    }

    fn dual_charts(&self) -> Option<[ChartId; 2]> {
        Some([ChartId(1), ChartId::CANONICAL])
    }

    fn kl(&self, p: Vec2, q: Vec2) -> f64 {
        // Σ p ln(p/q) = Σ p (q/p − 1 − ln(q/p)): no term is negative, and each is of second order where p and q nearly
        // agree.
        let d = q - p;
        let term = |p, q, d| p * ratio_excess(q, p, d);
        term(p[0], q[0], d[0]) + term(p[1], q[1], d[1]) + term(third(p), third(q), -(d[0] + d[1]))
    }

    fn kl_gradient_first(&self, p: Vec2, q: Vec2) -> Vec2 {
        let d = p - q;
        let last = ln_ratio(third(p), third(q), -(d[0] + d[1]));
        Vec2::new(ln_ratio(p[0], q[0], d[0]) - last, ln_ratio(p[1], q[1], d[1]) - last)
    }

    fn kl_gradient_second(&self, p: Vec2, q: Vec2) -> Vec2 {
        let d = q - p;
        let last = (d[0] + d[1]) / third(q);
        Vec2::new(d[0] / q[0] + last, d[1] / q[1] + last)
    }

    fn entropy(&self, p: Vec2) -> f64 {
        let last = third(p);
        -(p[0] * p[0].ln() + p[1] * p[1].ln() + last * last.ln())
    }

    fn entropy_slopes(&self, p: Vec2) -> (Vec2, Mat2) {
        let last = third(p);
        let both = -last.recip();
        let gradient = Vec2::new((last / p[0]).ln(), (last / p[1]).ln());
        (gradient, Mat2::new(both - p[0].recip(), both, both, both - p[1].recip()))
    }

    fn sample(&self, p: Vec2, rng: &mut dyn Rng, x: &mut [f64]) {
        let u: f64 = StandardUniform.sample(rng);
        x[0] = if u < p[0] {
            1.0
        } else if u < p[0] + p[1] {
            2.0
        } else {
            3.0
        };
    }

    fn bulk(&self, _: Vec2) -> (f64, f64) {
        (1.0, 3.0)
    }

    fn sufficient(&self) -> Option<&dyn Sufficient> {
        Some(self)
    }
}

impl Sufficient for Categorical {
    /// The relative frequencies of the first and the second outcome.
    fn statistics(&self, data: &[f64]) -> Vec2 {
        let n = data.len() as f64;
        let share = |outcome: f64| data.iter().filter(|x| (**x - outcome).abs() < 0.5).count() as f64 / n;
        Vec2::new(share(1.0), share(2.0))
    }

    fn nll(&self, p: Vec2, statistics: Vec2) -> f64 {
        -(statistics[0] * p[0].ln() + statistics[1] * p[1].ln() + third(statistics) * third(p).ln())
    }

    fn nll_gradient(&self, p: Vec2, statistics: Vec2) -> Vec2 {
        self.kl_gradient_second(statistics, p)
    }
}

/// The canonical chart (p1, p2).
#[derive(Debug)]
struct Probabilities;

impl Chart for Probabilities {
    fn info(&self) -> &'static ChartInfo {
        &CHARTS[0]
    }

    fn violation(&self, x: Vec2) -> Option<Violation> {
        if !x[0].is_finite() {
            Some(Violation::not_finite("p1"))
        } else if !x[1].is_finite() {
            Some(Violation::not_finite("p2"))
        } else {
            outside(x)
        }
    }

    fn to_parameters(&self, x: Vec2) -> Vec2 {
        x
    }

    fn to_coordinates(&self, p: Vec2) -> Vec2 {
        p
    }

    fn jacobian(&self, _: Vec2, _: Vec2) -> Mat2 {
        Mat2::identity()
    }

    fn coordinate_hessians(&self, _: Vec2) -> [Mat2; 2] {
        [Mat2::zeros(); 2]
    }
}

/// The natural chart θ = (log p1/p3, log p2/p3).
#[derive(Debug)]
struct Softmax;

impl Chart for Softmax {
    fn info(&self) -> &'static ChartInfo {
        &CHARTS[1]
    }

    fn violation(&self, x: Vec2) -> Option<Violation> {
        if !x[0].is_finite() {
            Some(Violation::not_finite("log p1/p3"))
        } else if !x[1].is_finite() {
            Some(Violation::not_finite("log p2/p3"))
        } else {
            // Logits may be so far apart that a probability underflows.
            outside(self.to_parameters(x))
        }
    }

    fn to_parameters(&self, x: Vec2) -> Vec2 {
        let top = x[0].max(x[1]).max(0.0);
        let weights = Vec2::new((x[0] - top).exp(), (x[1] - top).exp());
        weights / (weights[0] + weights[1] + (-top).exp())
    }

    fn to_coordinates(&self, p: Vec2) -> Vec2 {
        let last = third(p);
        Vec2::new((p[0] / last).ln(), (p[1] / last).ln())
    }

    fn jacobian(&self, _: Vec2, p: Vec2) -> Mat2 {
        let mixed = -p[0] * p[1];
        Mat2::new(p[0] * (1.0 - p[0]), mixed, mixed, p[1] * (1.0 - p[1]))
    }

    fn coordinate_hessians(&self, p: Vec2) -> [Mat2; 2] {
        let square = |x: f64| 1.0 / (x * x);
        let last = Mat2::repeat(square(third(p)));
        [last - Mat2::new(square(p[0]), 0.0, 0.0, 0.0), last - Mat2::new(0.0, 0.0, 0.0, square(p[1]))]
    }

    fn metric(&self, p: Vec2) -> Option<[Mat2; 2]> {
        Some([covariance(p), Categorical::information(p)])
    }

    /// ½(δᵢₖ δⱼₖ − δᵢₖ pⱼ − δⱼₖ pᵢ).
    fn symbols(&self, p: Vec2) -> Option<[Mat2; 2]> {
        let (first, second) = (-0.5 * p[0], -0.5 * p[1]);
        Some([Mat2::new(0.5 - p[0], second, second, 0.0), Mat2::new(0.0, first, first, 0.5 - p[1])])
    }
}

/// The chart (2√p1, 2√p2).
#[derive(Debug)]
struct SquareRoot;

impl Chart for SquareRoot {
    fn info(&self) -> &'static ChartInfo {
        &CHARTS[2]
    }

    fn violation(&self, x: Vec2) -> Option<Violation> {
        // Squares that underflow or add up to four or more are not probabilities.
        Scaled::new(&CHARTS[2], [Scale::Positive; 2]).violation(x).or_else(|| outside(self.to_parameters(x)))
    }

    fn to_parameters(&self, x: Vec2) -> Vec2 {
        Vec2::new(0.25 * x[0] * x[0], 0.25 * x[1] * x[1])
    }

    fn to_coordinates(&self, p: Vec2) -> Vec2 {
        Vec2::new(2.0 * p[0].sqrt(), 2.0 * p[1].sqrt())
    }

    fn jacobian(&self, x: Vec2, _: Vec2) -> Mat2 {
        Mat2::new(0.5 * x[0], 0.0, 0.0, 0.5 * x[1])
    }

    fn coordinate_hessians(&self, p: Vec2) -> [Mat2; 2] {
        let bend = |x: f64| -0.5 / (x * x.sqrt());
        [Mat2::new(bend(p[0]), 0.0, 0.0, 0.0), Mat2::new(0.0, 0.0, 0.0, bend(p[1]))]
    }

    /// 1 + x xᵀ/x₃² on the sphere x₁² + x₂² + x₃² = 4, and its inverse 1 − x xᵀ/4.
    fn metric(&self, p: Vec2) -> Option<[Mat2; 2]> {
        let (last, mixed) = (third(p), (p[0] * p[1]).sqrt());
        let fisher = Mat2::new(p[0] + last, mixed, mixed, p[1] + last) / last;
        Some([fisher, Mat2::new(p[1] + last, -mixed, -mixed, p[0] + last)])
    }

    /// xₖ Fᵢⱼ/4, as on every sphere of radius 2 in orthographic projection.
    fn symbols(&self, p: Vec2) -> Option<[Mat2; 2]> {
        let [fisher, _] = self.metric(p)?;
        Some([fisher * (0.5 * p[0].sqrt()), fisher * (0.5 * p[1].sqrt())])
    }
}
