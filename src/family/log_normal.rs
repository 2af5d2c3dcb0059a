//! The log-normal family: log x is Gaussian with mean mu and standard deviation sigma.
//!
//! A change of variable that does not involve the parameters preserves divergences, scores and the Fisher metric, so
//! all of these are those of [`Gaussian`] at log x. The family has its own names, the density's factor 1/x and the
//! entropy of x.

use std::sync::Arc;

use rand::Rng;

use super::gaussian::{Expectation, Gaussian, Natural};
use super::{Chart, ChartInfo, Family, FamilyInfo, LogDensity, Scale, Scaled, Shape, Sufficient, Support, Violation};
use crate::math::{Cubic, Mat2, Vec2};

/// The registry row.
pub const INFO: FamilyInfo = FamilyInfo {
    name: "log-normal",
    doc: "exponentials of normal variables, on the positive numbers",
    density: "exp(−(log x − mu)²/(2 sigma²)) / (x sigma √(2π))",
    parameters: ["mu", "sigma"],
    fixed: &[],
    charts: &CHARTS,
    synonyms: &[
        ("log-normal", &["galton", "log-gaussian"]),
        ("mu", &["mean", "meanlog", "location"]),
        ("sigma", &["sd", "std", "sdlog"]),
        ("natural", &["canonical"]),
        ("expectation", &["moments", "dual"]),
    ],
    example: [0.5, 0.8],
    build: |_| Arc::new(LogNormal::new()),
};

static CHARTS: [ChartInfo; 4] = [
    ChartInfo { name: "mu-sigma", axes: ["mu", "sigma"], doc: "the parameters themselves" },
    ChartInfo { name: "mu-log-sigma", axes: ["mu", "log sigma"], doc: "mu, log sigma" },
    ChartInfo { name: "natural", axes: ["mu/sigma²", "−1/(2 sigma²)"], doc: "mu/sigma², −1/(2 sigma²)" },
    ChartInfo { name: "expectation", axes: ["E log x", "E log² x"], doc: "mu, mu² + sigma²" },
];

const CANONICAL: Scaled = Scaled::new(&CHARTS[0], [Scale::Real, Scale::Positive]);

/// The log-normal family.
#[derive(Debug)]
pub struct LogNormal {
    /// The family of log x.
    of_log: Gaussian,
    charts: [Box<dyn Chart>; 4],
}

impl LogNormal {
    /// The family with its charts.
    #[must_use]
    pub fn new() -> Self {
        let outside = Violation { quantity: "E log² x", broken: "≤ (E log x)²", wanted: "> (E log x)²" };
        let charts: [Box<dyn Chart>; 4] = [
            Box::new(CANONICAL),
            Box::new(Scaled::new(&CHARTS[1], [Scale::Real, Scale::Log])),
            Box::new(Natural(&CHARTS[2])),
            Box::new(Expectation { info: &CHARTS[3], outside }),
        ];
        Self { of_log: Gaussian::new(), charts }
    }
}

impl Default for LogNormal {
    fn default() -> Self {
        Self::new()
    }
}

impl Family for LogNormal {
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
        Support::Positive
    }

    fn log_density(&self, p: Vec2, x: &[f64]) -> f64 {
        let log = x[0].ln();
        self.of_log.log_density(p, &[log]) - log
    }

    fn log_density_at(&self, p: Vec2) -> LogDensity<'_> {
        let of_log = self.of_log.log_density_at(p);
        Box::new(move |x| {
            let log = x[0].ln();
            of_log(&[log]) - log
        })
    }

    fn score(&self, p: Vec2, x: &[f64]) -> Vec2 {
        self.of_log.score(p, &[x[0].ln()])
    }

    fn fisher(&self, p: Vec2) -> Mat2 {
        self.of_log.fisher(p)
    }

    fn fisher_slopes(&self, p: Vec2) -> [Mat2; 2] {
        self.of_log.fisher_slopes(p)
    }

    fn skewness(&self, p: Vec2) -> Cubic {
        self.of_log.skewness(p)
    }

    fn curvature(&self, p: Vec2) -> f64 {
        self.of_log.curvature(p)
    }

    fn shape(&self) -> Shape {
        self.of_log.shape()
    }

    fn kl(&self, p: Vec2, q: Vec2) -> f64 {
        self.of_log.kl(p, q)
    }

    fn kl_from(&self, p: Vec2, qs: &[Vec2], out: &mut [f64]) {
        self.of_log.kl_from(p, qs, out);
    }

    fn kl_to(&self, ps: &[Vec2], q: Vec2, out: &mut [f64]) {
        self.of_log.kl_to(ps, q, out);
    }

    fn kl_gradient_first(&self, p: Vec2, q: Vec2) -> Vec2 {
        self.of_log.kl_gradient_first(p, q)
    }

    fn kl_gradient_second(&self, p: Vec2, q: Vec2) -> Vec2 {
        self.of_log.kl_gradient_second(p, q)
    }

    /// E ∂x ∂xᵀ of x = exp(mu + sigma z), whose derivative is (x, x z).
    fn wasserstein(&self, p: Vec2) -> Option<Mat2> {
        let (square, sigma) = ((2.0 * (p[0] + p[1] * p[1])).exp(), p[1]);
        let mixed = 2.0 * sigma;
        Some(Mat2::new(1.0, mixed, mixed, 1.0 + mixed * mixed) * square)
    }

    /// E x² + E y² − 2 E xy of x = exp(mu + sigma z) and its like y, as a sum of two terms that are not negative: with a =
    /// √(E x²) and b = √(E y²), E xy = a b exp(−(σ − σ′)²/2).
    fn wasserstein_distance(&self, p: Vec2, q: Vec2) -> Option<f64> {
        let d = q - p;
        let root = |p: Vec2| (p[0] + p[1] * p[1]).exp();
        let rise = root(p) * (d[0] + d[1] * (p[1] + q[1])).exp_m1();
        Some(rise.hypot((-2.0 * (-0.5 * d[1] * d[1]).exp_m1()).sqrt() * (root(p) * root(q)).sqrt()))
    }

    fn entropy(&self, p: Vec2) -> f64 {
        self.of_log.entropy(p) + p[0]
    }

    fn entropy_slopes(&self, p: Vec2) -> (Vec2, Mat2) {
        let (gradient, hessian) = self.of_log.entropy_slopes(p);
        (gradient + Vec2::new(1.0, 0.0), hessian)
    }

    fn sample(&self, p: Vec2, rng: &mut dyn Rng, x: &mut [f64]) {
        self.of_log.sample(p, rng, x);
        x[0] = x[0].exp();
    }

    fn bulk(&self, p: Vec2) -> (f64, f64) {
        let (low, high) = self.of_log.bulk(p);
        (low.exp().max(f64::MIN_POSITIVE), high.exp().min(f64::MAX))
    }

    fn sufficient(&self) -> Option<&dyn Sufficient> {
        Some(self)
    }
}

/// The logarithms of the data.
fn logs(data: &[f64]) -> Vec<f64> {
    data.iter().map(|x| x.ln()).collect()
}

impl Sufficient for LogNormal {
    /// The mean and the variance of the logarithms.
    fn statistics(&self, data: &[f64]) -> Vec2 {
        self.of_log.statistics(&logs(data))
    }

    fn constant(&self, data: &[f64]) -> f64 {
        logs(data).iter().sum::<f64>() / data.len() as f64
    }

    fn nll(&self, p: Vec2, statistics: Vec2) -> f64 {
        self.of_log.nll(p, statistics)
    }

    fn nll_gradient(&self, p: Vec2, statistics: Vec2) -> Vec2 {
        self.of_log.nll_gradient(p, statistics)
    }
}
