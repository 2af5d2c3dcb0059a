//! Location-scale families g((x − location)/scale)/scale: their charts, scores, Fisher matrices and divergences.
//!
//! Not a family itself. A [`Standard`] knows only its standard density g. The Fisher matrix is a constant matrix over
//! scale² (Lehmann & Casella 1998, §2.5), so each family is a half-plane; a divergence depends only on the [`Relative`]
//! position of its two points.

use std::fmt::Debug;

use rand::Rng;

use super::{Chart, ChartInfo, Family, FamilyInfo, LogDensity, Scale, Scaled, Shape, Support, View, Violation};
use crate::math::linear::length_in2;
use crate::math::{Cubic, Mat2, Vec2};
use crate::registry::Settings;

/// The charts of every location-scale family.
pub static CHARTS: [ChartInfo; 3] = [
    ChartInfo { name: "location-scale", axes: ["location", "scale"], doc: "the parameters themselves" },
    ChartInfo { name: "location-log-scale", axes: ["location", "log scale"], doc: "location, log scale" },
    ChartInfo { name: "location-scale-squared", axes: ["location", "scale²"], doc: "location, scale²" },
];

/// The canonical parameters of every location-scale family.
pub const PARAMETERS: [&str; 2] = ["location", "scale"];

/// The Wasserstein metric of a location-scale family, by the moments E z and E z² of its standard density. Quantiles are
/// linear in the parameters, x = location + scale z, so that it is constant: the family is flat, and the length of the
/// difference of two points is W₂.
fn carried([mean, square]: [f64; 2]) -> Mat2 {
    Mat2::new(1.0, mean, mean, square)
}

/// The position of a point p relative to a point q.
#[derive(Debug, Clone, Copy)]
pub struct Relative {
    /// (location of p − location of q)/(scale of q).
    pub shift: f64,
    /// (scale of p)/(scale of q).
    pub ratio: f64,
    /// The ratio minus one, without cancellation.
    pub excess: f64,
}

impl Relative {
    fn new(p: Vec2, q: Vec2) -> Self {
        Self { shift: (p[0] - q[0]) / q[1], ratio: p[1] / q[1], excess: (p[1] - q[1]) / q[1] }
    }
}

/// A standard density g on the real line.
pub trait Standard: Debug + Send + Sync {
    /// The registry row of the family that it generates.
    fn info(&self) -> &'static FamilyInfo;
    /// The values of the family's fixed settings.
    fn fixed(&self) -> Settings {
        Settings::default()
    }
    /// Whether log g has a kink at zero; elsewhere it is smooth.
    fn has_kink(&self) -> bool {
        false
    }
    /// log g(z).
    fn log_density(&self, z: f64) -> f64;
    /// φ(z) = −d log g/dz.
    fn pull(&self, z: f64) -> f64;
    /// φ′(z), where it exists.
    fn pull_slope(&self, z: f64) -> f64;
    /// E φ², E φ(zφ − 1), E (zφ − 1)²: the entries 11, 12, 22 of the Fisher matrix at scale 1.
    fn fisher(&self) -> [f64; 3];
    /// E φ³, E φ²(zφ − 1), E φ(zφ − 1)², E (zφ − 1)³: the skewness of the score at scale 1.
    fn skewness(&self) -> Cubic;
    /// KL(p ‖ q) = E_g[log g(z) − log g(shift + ratio z)] − log ratio.
    fn divergence(&self, of: Relative) -> f64;
    /// The gradient of [`Standard::divergence`] in (shift, ratio): E φ(w) and E z φ(w) − 1/ratio at w = shift + ratio
    /// z.
    fn slopes(&self, of: Relative) -> Vec2;
    /// The entries 11, 12 and 22 of the Hessian of [`Standard::divergence`] in (shift, ratio): E φ′(w), E z φ′(w) and E
    /// z² φ′(w) + 1/ratio² if φ is differentiable.
    fn second_derivatives(&self, of: Relative) -> [f64; 3];
    /// Whether a divergence takes only a few elementary functions.
    fn cheap(&self) -> bool {
        true
    }
    /// E z and E z², infinite where g has no second moment.
    fn moments(&self) -> [f64; 2];
    /// The entropy of g in nats.
    fn entropy(&self) -> f64;
    /// Draws one observation of g.
    fn sample(&self, rng: &mut dyn Rng) -> f64;
    /// The quantiles of g at 0.001 and 0.999.
    fn bulk(&self) -> (f64, f64);
}

/// The location-scale family of a standard density.
#[derive(Debug)]
pub struct LocationScale<S> {
    standard: S,
    charts: [Box<dyn Chart>; 3],
}

const CANONICAL: Scaled = Scaled::new(&CHARTS[0], [Scale::Real, Scale::Positive]);

impl<S> LocationScale<S> {
    /// The family with its charts.
    pub fn new(standard: S) -> Self {
        let chart = |i: usize, scale| -> Box<dyn Chart> { Box::new(Scaled::new(&CHARTS[i], [Scale::Real, scale])) };
        let charts = [Box::new(CANONICAL), chart(1, Scale::Log), chart(2, Scale::Square)];
        Self { standard, charts }
    }
}

impl<S: Standard> Family for LocationScale<S> {
    fn info(&self) -> &'static FamilyInfo {
        self.standard.info()
    }

    fn charts(&self) -> &[Box<dyn Chart>] {
        &self.charts
    }

    fn fixed(&self) -> Settings {
        self.standard.fixed()
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

    fn kink(&self, p: Vec2) -> Option<f64> {
        self.standard.has_kink().then_some(p[0])
    }

    fn log_density(&self, p: Vec2, x: &[f64]) -> f64 {
        self.standard.log_density((x[0] - p[0]) / p[1]) - p[1].ln()
    }

    fn log_density_at(&self, p: Vec2) -> LogDensity<'_> {
        let log = p[1].ln();
        Box::new(move |x| self.standard.log_density((x[0] - p[0]) / p[1]) - log)
    }

    fn score(&self, p: Vec2, x: &[f64]) -> Vec2 {
        let z = (x[0] - p[0]) / p[1];
        let pull = self.standard.pull(z);
        Vec2::new(pull, z * pull - 1.0) / p[1]
    }

    fn fisher(&self, p: Vec2) -> Mat2 {
        let [location, mixed, scale] = self.standard.fisher();
        Mat2::new(location, mixed, mixed, scale) / (p[1] * p[1])
    }

    fn fisher_slopes(&self, p: Vec2) -> [Mat2; 2] {
        [Mat2::zeros(), self.fisher(p) * (-2.0 / p[1])]
    }

    fn skewness(&self, p: Vec2) -> Cubic {
        self.standard.skewness() * (p[1] * p[1] * p[1]).recip()
    }

    fn cheap(&self) -> bool {
        self.standard.cheap()
    }

    /// The lengths are those of the half-plane of curvature −1, times the square root of the information about the
    /// scale that remains if the location is unknown.
    fn curvature(&self, _: Vec2) -> f64 {
        let [location, mixed, scale] = self.standard.fisher();
        -1.0 / (scale - mixed * mixed / location)
    }

    fn shape(&self) -> Shape {
        Shape::half_plane(self.standard.fisher(), View::PLAIN)
    }

    fn kl(&self, p: Vec2, q: Vec2) -> f64 {
        self.standard.divergence(Relative::new(p, q))
    }

    fn kl_gradient_first(&self, p: Vec2, q: Vec2) -> Vec2 {
        self.standard.slopes(Relative::new(p, q)) / q[1]
    }

    fn kl_gradient_second(&self, p: Vec2, q: Vec2) -> Vec2 {
        let of = Relative::new(p, q);
        let slopes = self.standard.slopes(of);
        -Vec2::new(slopes[0], of.shift * slopes[0] + of.ratio * slopes[1]) / q[1]
    }

    fn kl_hessian_first(&self, p: Vec2, q: Vec2) -> Mat2 {
        let [shift, mixed, ratio] = self.standard.second_derivatives(Relative::new(p, q));
        Mat2::new(shift, mixed, mixed, ratio) / (q[1] * q[1])
    }

    fn kl_hessian_second(&self, p: Vec2, q: Vec2) -> Mat2 {
        let of = Relative::new(p, q);
        let (d, r) = (of.shift, of.ratio);
        let (slopes, [dd, dr, rr]) = (self.standard.slopes(of), self.standard.second_derivatives(of));
        let mixed = slopes[0] + d * dd + r * dr;
        let scale = 2.0 * (d * slopes[0] + r * slopes[1]) + d * d * dd + 2.0 * d * r * dr + r * r * rr;
        Mat2::new(dd, mixed, mixed, scale) / (q[1] * q[1])
    }

    fn score_slopes(&self, p: Vec2, x: &[f64]) -> Mat2 {
        let z = (x[0] - p[0]) / p[1];
        let (pull, slope) = (self.standard.pull(z), self.standard.pull_slope(z));
        let mixed = -z * slope - pull;
        Mat2::new(-slope, mixed, mixed, 1.0 - 2.0 * z * pull - z * z * slope) / (p[1] * p[1])
    }

    fn immovable(&self) -> Option<&'static str> {
        (!self.standard.moments()[1].is_finite()).then_some("E x² is infinite")
    }

    fn wasserstein(&self, _: Vec2) -> Option<Mat2> {
        Some(carried(self.standard.moments()))
    }

    fn wasserstein_distance(&self, p: Vec2, q: Vec2) -> Option<f64> {
        Some(length_in2(&carried(self.standard.moments()), &(q - p)))
    }

    fn entropy(&self, p: Vec2) -> f64 {
        self.standard.entropy() + p[1].ln()
    }

    fn sample(&self, p: Vec2, rng: &mut dyn Rng, x: &mut [f64]) {
        x[0] = p[0] + p[1] * self.standard.sample(rng);
    }

    fn bulk(&self, p: Vec2) -> (f64, f64) {
        let (low, high) = self.standard.bulk();
        (p[0] + p[1] * low, p[0] + p[1] * high)
    }
}
