//! Pairs of independent Bernoulli variables: p1, p2.
//!
//! F = diag(1/(p (1−p))): flat, with Euclidean coordinates 2 arcsin √p. The natural parameters are log p/(1−p).

use std::sync::Arc;

use rand::Rng;
use rand_distr::{Distribution, StandardUniform};

use super::product::{Factor, Product};
use super::{Chart, ChartInfo, FamilyInfo, Reading, Support, Violation};
use crate::math::special::{ln_ratio, ratio_excess};
use crate::math::{Mat2, Vec2};

/// The registry row.
pub const INFO: FamilyInfo = FamilyInfo {
    name: "bernoulli-pair",
    doc: "pairs of independent Bernoulli variables",
    density: "Π p^x (1−p)^(1−x)",
    parameters: ["p1", "p2"],
    fixed: &[],
    charts: &CHARTS,
    synonyms: &[
        ("bernoulli-pair", &["bernoulli", "coins", "binomial"]),
        ("p1", &["theta1"]),
        ("p2", &["theta2"]),
        ("logit-p1-logit-p2", &["natural", "logits", "log-odds"]),
        ("p1-p2", &["expectation", "probabilities"]),
    ],
    example: [0.3, 0.6],
    build: |_| Arc::new(Product::<Bernoulli>::new([Box::new(Probabilities), Box::new(Logits)])),
};

static CHARTS: [ChartInfo; 2] = [
    ChartInfo { name: "p1-p2", axes: ["p1", "p2"], doc: "the probabilities themselves, the expectation chart" },
    ChartInfo {
        name: "logit-p1-logit-p2",
        axes: ["logit p1", "logit p2"],
        doc: "log p1/(1−p1), log p2/(1−p2), the natural chart",
    },
];

/// The Bernoulli family.
#[derive(Debug)]
struct Bernoulli;

impl Factor for Bernoulli {
    const INFO: &'static FamilyInfo = &INFO;
    const SUPPORT: Support = Support::BitPairs;
    const FLAT: Reading = Reading::ArcSine;

    fn log_density(t: f64, x: f64) -> f64 {
        x * t.ln() + (1.0 - x) * (-t).ln_1p()
    }

    fn variance(t: f64) -> f64 {
        t * (1.0 - t)
    }

    fn variance_slope(t: f64) -> f64 {
        1.0 - 2.0 * t
    }

    fn kl(t: f64, u: f64) -> f64 {
        t * ratio_excess(u, t, u - t) + (1.0 - t) * ratio_excess(1.0 - u, 1.0 - t, t - u)
    }

    fn natural_step(t: f64, u: f64, difference: f64) -> f64 {
        ln_ratio(t, u, difference) - ln_ratio(1.0 - t, 1.0 - u, -difference)
    }

    fn entropy(t: f64) -> f64 {
        -Self::log_density(t, t)
    }

    fn sample(t: f64, rng: &mut dyn Rng) -> f64 {
        let u: f64 = StandardUniform.sample(rng);
        if u < t { 1.0 } else { 0.0 }
    }

    fn bulk(_: f64) -> (f64, f64) {
        (0.0, 1.0)
    }
}

/// Why two numbers are not both strictly between 0 and 1; `None` if they are.
fn outside(p: Vec2) -> Option<Violation> {
    (0..2).find_map(|i| {
        let quantity = INFO.parameters[i];
        if !p[i].is_finite() {
            Some(Violation::not_finite(quantity))
        } else if p[i] <= 0.0 {
            Some(Violation::not_positive(quantity))
        } else if p[i] >= 1.0 {
            Some(Violation { quantity, broken: "≥ 1", wanted: "< 1" })
        } else {
            None
        }
    })
}

/// The canonical chart (p1, p2).
#[derive(Debug)]
struct Probabilities;

impl Chart for Probabilities {
    fn info(&self) -> &'static ChartInfo {
        &CHARTS[0]
    }

    fn violation(&self, x: Vec2) -> Option<Violation> {
        outside(x)
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

/// The natural chart θ = (log p1/(1−p1), log p2/(1−p2)).
#[derive(Debug)]
struct Logits;

impl Chart for Logits {
    fn info(&self) -> &'static ChartInfo {
        &CHARTS[1]
    }

    fn violation(&self, x: Vec2) -> Option<Violation> {
        let broken = (0..2).find(|&i| !x[i].is_finite());
        // A logit so large that its probability rounds to 0 or 1 is not a point.
        broken.map(|i| Violation::not_finite(CHARTS[1].axes[i])).or_else(|| outside(self.to_parameters(x)))
    }

    fn to_parameters(&self, x: Vec2) -> Vec2 {
        x.map(|x| 1.0 / (1.0 + (-x).exp()))
    }

    fn to_coordinates(&self, p: Vec2) -> Vec2 {
        p.map(|p| p.ln() - (-p).ln_1p())
    }

    fn jacobian(&self, _: Vec2, p: Vec2) -> Mat2 {
        Mat2::new(Bernoulli::variance(p[0]), 0.0, 0.0, Bernoulli::variance(p[1]))
    }

    fn coordinate_hessians(&self, p: Vec2) -> [Mat2; 2] {
        let bend = |p: f64| -Bernoulli::variance_slope(p) / (Bernoulli::variance(p) * Bernoulli::variance(p));
        [Mat2::new(bend(p[0]), 0.0, 0.0, 0.0), Mat2::new(0.0, 0.0, 0.0, bend(p[1]))]
    }
}
