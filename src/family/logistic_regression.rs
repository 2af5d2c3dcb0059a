//! Logistic regression on one covariate, a family of conditional distributions: p(y = 1 | x) = σ(intercept + slope ·
//! x).
//!
//! The covariates are fixed: F, KL and entropy are those of one observation (x, y), averaged over the covariates.
//! Intercept and slope are natural parameters, so T = ∂F, and the natural gradient of a likelihood is Fisher scoring
//! (McCullagh & Nelder 1989, §2.5).

use std::collections::BTreeMap;
use std::sync::Arc;

use rand::{Rng, RngExt};

use super::design::Design;
use super::log_odds::{chance_difference, chances, event_kl, log_chance};
use super::logistic_dual::Means;
use super::{Chart, ChartId, ChartInfo, Family, FamilyInfo, Linear, Shape, Support, Violation};
use crate::math::{Cubic, Mat2, Vec2};
use crate::registry::{Field, Kind, Preset, Setting, Settings};

static DESIGN: Field = Field {
    name: "design",
    kind: Kind::Columns,
    default: Preset::Required,
    doc: "the covariates x, a list, { csv = .., column = .. }, or several columns = [..]",
    synonyms: &["x", "covariates", "inputs", "features"],
};

/// The registry row.
pub const INFO: FamilyInfo = FamilyInfo {
    name: "logistic-regression",
    doc: "labels 0 and 1 with log odds linear in a covariate",
    density: "p(y=1 | x) = 1/(1 + exp(−intercept − slope x))",
    parameters: ["intercept", "slope"],
    fixed: std::slice::from_ref(&DESIGN),
    charts: &CHARTS,
    synonyms: &[
        ("logistic-regression", &["logit", "logreg", "glm"]),
        ("intercept", &["bias", "constant", "b0"]),
        ("slope", &["weight", "coefficient", "b1"]),
        ("intercept-slope", &["natural", "canonical", "weights"]),
        ("standardised", &["standardized"]),
    ],
    example: [0.5, 1.5],
    build: |settings| Arc::new(Regression::new(&settings.numbers(&DESIGN))),
};

static CHARTS: [ChartInfo; 2] = [
    ChartInfo {
        name: "intercept-slope",
        axes: ["intercept", "slope"],
        doc: "the parameters themselves, the natural chart",
    },
    ChartInfo {
        name: "standardised",
        axes: ["at mean x", "per sd of x"],
        doc: "intercept + slope · mean x, slope · sd of x: the log odds at the mean and their change per sd",
    },
];

/// The chart of standardised covariates, with the metric summed over them: in the parameters, covariates far from zero
/// would cancel.
#[derive(Debug)]
struct Standardised {
    linear: Linear,
    design: Design,
}

impl Chart for Standardised {
    fn info(&self) -> &'static ChartInfo {
        self.linear.info()
    }

    fn violation(&self, x: Vec2) -> Option<Violation> {
        self.linear.violation(x)
    }

    fn to_parameters(&self, x: Vec2) -> Vec2 {
        self.linear.to_parameters(x)
    }

    fn to_coordinates(&self, p: Vec2) -> Vec2 {
        self.linear.to_coordinates(p)
    }

    fn jacobian(&self, x: Vec2, p: Vec2) -> Mat2 {
        self.linear.jacobian(x, p)
    }

    fn coordinate_hessians(&self, p: Vec2) -> [Mat2; 2] {
        self.linear.coordinate_hessians(p)
    }

    fn symbols(&self, p: Vec2) -> Option<[Mat2; 2]> {
        Some(self.design.symbols(self.to_coordinates(p)))
    }
}

/// The family over a fixed design.
#[derive(Debug)]
pub struct Regression {
    charts: [Box<dyn Chart>; 2],
    dual: Means,
    design: Arc<[f64]>,
    /// The distinct covariates.
    points: Design,
}

impl Regression {
    /// The family over these covariates, which must be finite.
    #[must_use]
    pub fn new(design: &Arc<[f64]>) -> Self {
        let n = design.len().max(1) as f64;
        let mut counts: BTreeMap<u64, (f64, f64)> = BTreeMap::new();
        for x in design.iter() {
            counts.entry(x.to_bits()).or_insert((*x, 0.0)).1 += 1.0;
        }
        let points: Vec<[f64; 2]> = counts.into_values().map(|(x, count)| [x, count / n]).collect();
        let mean: f64 = points.iter().map(|[x, w]| w * x).sum();
        let variance: f64 = points.iter().map(|[x, w]| w * (x - mean) * (x - mean)).sum();
        // The spread of a design of one point is zero.
        let sd = if variance > 0.0 { variance.sqrt() } else { 1.0 };
        let forward = Mat2::new(1.0, mean, 0.0, sd);
        let backward = Mat2::new(1.0, -mean / sd, 0.0, 1.0 / sd);
        Self {
            charts: [
                Box::new(Linear::new(&CHARTS[0], Mat2::identity(), Mat2::identity())),
                Box::new(Standardised {
                    linear: Linear::new(&CHARTS[1], forward, backward),
                    design: Design(points.iter().map(|[x, w]| [(x - mean) / sd, *w]).collect()),
                }),
            ],
            dual: Means::new(&points, mean, sd),
            design: Arc::clone(design),
            points: Design(points),
        }
    }

    /// The mean of f(x) over the design.
    fn mean(&self, f: impl Fn(f64) -> f64) -> f64 {
        self.points.0.iter().map(|&[x, w]| w * f(x)).sum()
    }

    /// The means of f, x f, x² f and x³ f over the design.
    fn powers(&self, f: impl Fn(f64) -> f64) -> [f64; 4] {
        self.points.0.iter().fold([0.0; 4], |[a, b, c, d], &[x, w]| {
            let part = w * f(x);
            [a + part, b + x * part, c + x * x * part, d + x * x * x * part]
        })
    }
}

fn odds(p: Vec2, x: f64) -> f64 {
    p[0] + p[1] * x
}

impl Family for Regression {
    fn info(&self) -> &'static FamilyInfo {
        &INFO
    }

    fn charts(&self) -> &[Box<dyn Chart>] {
        &self.charts
    }

    fn fixed(&self) -> Settings {
        let mut settings = Settings::default();
        settings.set(&DESIGN, Setting::Numbers(Arc::clone(&self.design)));
        settings
    }

    fn violation(&self, p: Vec2) -> Option<Violation> {
        self.charts[0].violation(p)
    }

    fn support(&self) -> Support {
        Support::Labelled
    }

    fn log_density(&self, p: Vec2, x: &[f64]) -> f64 {
        let eta = odds(p, x[0]);
        log_chance(if x[1] > 0.5 { eta } else { -eta })
    }

    fn score(&self, p: Vec2, x: &[f64]) -> Vec2 {
        let [yes, no] = chances(odds(p, x[0]));
        let residual = if x[1] > 0.5 { no } else { -yes };
        Vec2::new(residual, residual * x[0])
    }

    fn fisher(&self, p: Vec2) -> Mat2 {
        let [a, b, c, _] = self.powers(|x| chances(odds(p, x)).iter().product());
        Mat2::new(a, b, b, c)
    }

    fn fisher_inverse(&self, p: Vec2) -> Option<Mat2> {
        self.points.inverse(p)
    }

    fn symbols(&self, p: Vec2) -> Option<[Mat2; 2]> {
        Some(self.points.symbols(p))
    }

    fn squared_length(&self, p: Vec2, v: Vec2) -> f64 {
        self.points.square(p, v)
    }

    fn fisher_slopes(&self, p: Vec2) -> [Mat2; 2] {
        let third = self.skewness(p);
        [third.along(Vec2::new(1.0, 0.0)), third.along(Vec2::new(0.0, 1.0))]
    }

    fn skewness(&self, p: Vec2) -> Cubic {
        Cubic(self.powers(|x| {
            let [yes, no] = chances(odds(p, x));
            yes * no * (no - yes)
        }))
    }

    fn curvature(&self, p: Vec2) -> f64 {
        self.points.curvature(p)
    }

    fn shape(&self) -> Shape {
        Shape::Curved { chart: ChartId(1) }
    }

    fn dual(&self) -> Option<[&dyn Chart; 2]> {
        Some([&*self.charts[0], &self.dual])
    }

    fn kl(&self, p: Vec2, q: Vec2) -> f64 {
        self.mean(|x| event_kl(odds(p, x), odds(q, x)))
    }

    fn score_slopes(&self, p: Vec2, x: &[f64]) -> Mat2 {
        // Of the observation's own covariate, not averaged over the design.
        let [yes, no] = chances(odds(p, x[0]));
        Mat2::new(1.0, x[0], x[0], x[0] * x[0]) * -(yes * no)
    }

    fn kl_gradient_first(&self, p: Vec2, q: Vec2) -> Vec2 {
        // F(p)(p − q), as in every exponential family in its natural parameters.
        self.fisher(p) * (p - q)
    }

    fn kl_gradient_second(&self, p: Vec2, q: Vec2) -> Vec2 {
        let [a, b, ..] = self.powers(|x| chance_difference(odds(p, x), odds(q, x)));
        Vec2::new(a, b)
    }

    /// The entropy of the label given x, averaged over the design.
    fn entropy(&self, p: Vec2) -> f64 {
        self.mean(|x| {
            let eta = odds(p, x);
            let [yes, no] = chances(eta);
            -(yes * log_chance(eta) + no * log_chance(-eta))
        })
    }

    /// A covariate drawn uniformly from the design, and its label.
    fn sample(&self, p: Vec2, rng: &mut dyn Rng, x: &mut [f64]) {
        let place = rng.random_range(0..self.design.len().max(1));
        x[0] = self.design.get(place).copied().unwrap_or(f64::NAN);
        x[1] = if rng.random::<f64>() < chances(odds(p, x[0]))[0] { 1.0 } else { 0.0 };
    }

    /// The range of the design.
    fn bulk(&self, _: Vec2) -> (f64, f64) {
        let range = |(low, high): (f64, f64), x: &f64| (low.min(*x), high.max(*x));
        self.design.iter().fold((f64::INFINITY, f64::NEG_INFINITY), range)
    }

    fn probability(&self, p: Vec2, x: f64) -> Option<f64> {
        Some(chances(odds(p, x))[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_divergence_of_near_events_is_half_the_squared_fisher_length() {
        for eta in [-30.0, -2.0, 0.3, 25.0] {
            let [p, q] = chances(eta);
            let ratio = event_kl(eta, eta + 1e-5) / (0.5e-10 * p * q);
            assert!((ratio - 1.0).abs() < 1e-4, "{eta}: {ratio}");
        }
    }
}
