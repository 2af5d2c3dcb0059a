//! The mixture weight · N(mean1, sd²) + (1 − weight) · N(mean2, sd²) with unknown means.
//!
//! Not an exponential family: F, KL and entropy have no closed form and are integrated. The integrands are analytic on
//! the whole real line, so the trapezoidal rule converges geometrically (Trefethen & Weideman 2014, Theorem 5.1); its
//! step is limited by the zeros of the density, π sd²/|mean2 − mean1| off the real line. F depends on mean2 − mean1
//! only and is singular where that is zero: there one direction does not change the distribution (Amari, Park & Ozeki
//! 2006).

use std::f64::consts::{PI, TAU};
use std::sync::{Arc, OnceLock};

use rand::Rng;
use rand_distr::{Distribution, StandardNormal, StandardUniform};

use super::mixture_chart::GeodesicChart;
use super::mixture_transport;
use super::separation::{Frames, Jet, quotient};
use super::{Chart, ChartId, ChartInfo, Family, FamilyInfo, Linear, Shape, Support, Violation};
use crate::math::special::exp_excess;
use crate::math::{Cubic, Mat2, Vec2};
use crate::registry::{Field, Range, Setting, Settings};

static FIXED: [Field; 2] = [
    Field::required("weight", Range::OPEN_UNIT, "weight of the first component"),
    Field::required("sd", Range::POSITIVE, "standard deviation of both components"),
];

/// The registry row.
pub const INFO: FamilyInfo = FamilyInfo {
    name: "gaussian-mixture",
    doc: "mixtures of two Gaussians with known weight and sd",
    density: "weight N(x; mean1, sd²) + (1−weight) N(x; mean2, sd²)",
    parameters: ["mean1", "mean2"],
    fixed: &FIXED,
    charts: &CHARTS,
    synonyms: &[
        ("gaussian-mixture", &["normal-mixture", "gmm"]),
        ("mean1", &["mu1"]),
        ("mean2", &["mu2"]),
        ("center-separation", &["centre-separation"]),
    ],
    example: [-0.5, 1.5],
    build: |settings| Arc::new(Mixture::new(settings.number(&FIXED[0]), settings.number(&FIXED[1]))),
};

static CHARTS: [ChartInfo; 2] = [
    ChartInfo { name: "mean1-mean2", axes: ["mean1", "mean2"], doc: "the means themselves" },
    ChartInfo { name: "center-separation", axes: ["center", "separation"], doc: "(mean1+mean2)/2, mean2−mean1" },
];

/// The distance from its mean, in standard deviations, beyond which a component is negligible.
pub(super) const REACH: f64 = 9.0;
/// The coarsest step, in standard deviations: exp(−2π²/step²) is negligible.
const COARSE: f64 = 0.5;
/// The maximum number of times the step is divided by √2: enough for separations up to 20.
const FINEST: i32 = 9;
/// If both means differ by less than this, in standard deviations, KL is integrated in a form without cancellation.
const NEAR: f64 = 0.5;

/// The mixtures with a given weight and standard deviation.
#[derive(Debug)]
pub struct Mixture {
    charts: [Box<dyn Chart>; 2],
    weights: [f64; 2],
    sd: f64,
    /// The metric as a function of the separation, tabulated on first use.
    frames: Arc<OnceLock<Frames>>,
    /// One chart for each sign of the separation.
    geodesic_charts: [GeodesicChart; 2],
}

/// The two means in standard deviations from some origin.
type Means = [f64; 2];

/// The step that means up to `separation` standard deviations apart require, as the exponent k in [`COARSE`] ·
/// 2^(−k/2): the error is exp(−2π²/(separation · step)).
pub(super) fn fineness(separation: f64) -> i32 {
    let step = 2.0 * PI * PI / (33.0 * separation.abs());
    (0..FINEST).find(|k| step_of(*k) <= step).unwrap_or(FINEST)
}

fn step_of(fineness: i32) -> f64 {
    COARSE * std::f64::consts::FRAC_1_SQRT_2.powi(fineness)
}

/// The nodes of the trapezoidal rule around two means, and its step.
pub(super) fn nodes(means: Means, fineness: i32) -> (Vec<f64>, f64) {
    let step = step_of(fineness);
    let (low, high) = (means[0].min(means[1]), means[0].max(means[1]));
    let from = |start: f64, end: f64| {
        let count = ((end - start) / step).ceil().max(0.0) as usize;
        (0..=count).map(move |k| start + step * k as f64)
    };
    let nodes = if high - low > 2.0 * REACH {
        from(low - REACH, low + REACH).chain(from(high - REACH, high + REACH)).collect()
    } else {
        from(low - REACH, high + REACH).collect()
    };
    (nodes, step)
}

/// A distribution on its quadrature nodes: node, weight, log density.
struct Table {
    fineness: i32,
    rows: Vec<[f64; 3]>,
}

impl Mixture {
    /// The family with this weight, strictly between 0 and 1, and this standard deviation > 0.
    #[must_use]
    pub fn new(weight: f64, sd: f64) -> Self {
        let weights = [weight, 1.0 - weight];
        let frames = Arc::default();
        Self {
            charts: [
                Box::new(Linear::new(&CHARTS[0], Mat2::identity(), Mat2::identity())),
                Box::new(Linear::new(&CHARTS[1], Mat2::new(0.5, 0.5, -1.0, 1.0), Mat2::new(1.0, -0.5, 1.0, 0.5))),
            ],
            weights,
            sd,
            geodesic_charts: [-1.0, 1.0].map(|side| GeodesicChart::new(weights, sd, side, Arc::clone(&frames))),
            frames,
        }
    }

    /// The means of a point relative to `origin`, in standard deviations.
    fn means(&self, p: Vec2, origin: f64) -> Means {
        [(p[0] - origin) / self.sd, (p[1] - origin) / self.sd]
    }

    /// log p(x) without the normalising constant, in standard deviations.
    fn log_unit(&self, means: Means, x: f64) -> f64 {
        let [a, b] = self.weights;
        let [first, second] = means.map(|mean| -0.5 * (x - mean) * (x - mean));
        if first >= second {
            first + (a + b * (second - first).exp()).ln()
        } else {
            second + (b + a * (first - second).exp()).ln()
        }
    }

    /// The share of each component in the density at x (its responsibility).
    fn shares(&self, means: Means, x: f64) -> [f64; 2] {
        let [a, b] = self.weights;
        let [first, second] = means.map(|mean| -0.5 * (x - mean) * (x - mean));
        [1.0 / (1.0 + b / a * (second - first).exp()), 1.0 / (1.0 + a / b * (first - second).exp())]
    }

    /// The gradient of [`Mixture::log_unit`] in the means: responsibility times deviation of each component.
    fn score_unit(&self, means: Means, x: f64) -> Vec2 {
        let shares = self.shares(means, x);
        let part = |i: usize| if shares[i] > 0.0 { shares[i] * (x - means[i]) } else { 0.0 };
        Vec2::new(part(0), part(1))
    }

    /// The Hessian of [`Mixture::log_unit`] in the means.
    fn score_slopes_unit(&self, means: Means, x: f64) -> Mat2 {
        let (shares, score) = (self.shares(means, x), self.score_unit(means, x));
        let own = |i: usize| if shares[i] > 0.0 { score[i] * (x - means[i]) - shares[i] } else { 0.0 };
        Mat2::new(own(0), 0.0, 0.0, own(1)) - score * score.transpose()
    }

    fn table(&self, means: Means, fineness: i32) -> Table {
        let (nodes, step) = nodes(means, fineness);
        let unit = step / TAU.sqrt();
        let row = |x: f64| {
            let log = self.log_unit(means, x);
            [x, unit * log.exp(), log]
        };
        Table { fineness, rows: nodes.into_iter().map(row).collect() }
    }

    /// KL(p ‖ q), where `table` is that of p.
    fn kl_of(&self, table: &Table, p: Means, q: Means) -> f64 {
        let log_ratio = |row: &[f64; 3]| self.log_unit(q, row[0]) - row[2];
        if near(p, q) {
            // ∫ p (r − 1 − ln r) with r = q/p: of second order in the difference.
            table.rows.iter().map(|row| row[1] * exp_excess(log_ratio(row))).sum()
        } else {
            table.rows.iter().map(|row| -row[1] * log_ratio(row)).sum()
        }
    }

    /// The fineness that both mixtures require.
    fn both(p: Means, q: Means) -> i32 {
        fineness((p[1] - p[0]).abs().max((q[1] - q[0]).abs()))
    }

    fn frames(&self) -> &Frames {
        self.frames.get_or_init(|| Frames::new(self.weights))
    }

    /// E, M and V at a point.
    fn jets(&self, p: Vec2) -> [Jet; 3] {
        self.frames().metric((p[1] - p[0]) / self.sd)
    }

    /// The matrix that maps a change of the two means to its components along c and v.
    fn components(&self) -> Mat2 {
        Mat2::new(self.weights[0], self.weights[1], 1.0, -1.0)
    }

    /// The matrix of E, M and V (or of their derivatives of this `order` in the separation) in the means.
    fn matrix(&self, jets: &[Jet; 3], order: usize) -> Mat2 {
        let [e, m, v] = jets.map(|jet| jet[order]);
        let components = self.components();
        let product = components.transpose() * Mat2::new(e, m, m, v) * components;
        // Exactly symmetric, whatever the order of the products.
        let off = 0.5 * (product[(0, 1)] + product[(1, 0)]);
        Mat2::new(product[(0, 0)], off, off, product[(1, 1)])
    }
}

fn near(p: Means, q: Means) -> bool {
    (p[0] - q[0]).abs() < NEAR && (p[1] - q[1]).abs() < NEAR
}

impl Family for Mixture {
    fn info(&self) -> &'static FamilyInfo {
        &INFO
    }

    fn charts(&self) -> &[Box<dyn Chart>] {
        &self.charts
    }

    fn fixed(&self) -> Settings {
        let mut settings = Settings::default();
        settings.set(&FIXED[0], Setting::Number(self.weights[0]));
        settings.set(&FIXED[1], Setting::Number(self.sd));
        settings
    }

    fn violation(&self, p: Vec2) -> Option<Violation> {
        self.charts[0].violation(p)
    }

    fn support(&self) -> Support {
        Support::Real
    }

    fn log_density(&self, p: Vec2, x: &[f64]) -> f64 {
        self.log_unit(self.means(p, 0.0), x[0] / self.sd) - self.sd.ln() - 0.5 * TAU.ln()
    }

    fn score(&self, p: Vec2, x: &[f64]) -> Vec2 {
        self.score_unit(self.means(p, 0.0), x[0] / self.sd) / self.sd
    }

    fn fisher(&self, p: Vec2) -> Mat2 {
        self.matrix(&self.jets(p), 0) / (self.sd * self.sd)
    }

    fn fisher_slopes(&self, p: Vec2) -> [Mat2; 2] {
        let slope = self.matrix(&self.jets(p), 1) / (self.sd * self.sd * self.sd);
        [-slope, slope]
    }

    fn fisher_jet(&self, p: Vec2) -> (Mat2, [Mat2; 2]) {
        let jets = self.jets(p);
        let square = self.sd * self.sd;
        let slope = self.matrix(&jets, 1) / (square * self.sd);
        (self.matrix(&jets, 0) / square, [-slope, slope])
    }

    fn skewness(&self, p: Vec2) -> Cubic {
        self.frames().cubic((p[1] - p[0]) / self.sd).pulled(&self.components()) * (self.sd * self.sd * self.sd).recip()
    }

    /// K = −(√E)″/√E with derivatives in arc length: with the mean of the mixture shifted so that the metric is
    /// diagonal, its entries E and D = V − M²/E are functions of the separation alone.
    fn curvature(&self, p: Vec2) -> f64 {
        if p[0] == p[1] {
            return f64::NAN;
        }
        let [e, m, v] = self.jets(p);
        let across = quotient(m, m, e);
        let (d, slope) = (v[0] - across[0], v[1] - across[1]);
        let root = e[0].sqrt();
        let first = 0.5 * e[1] / root;
        let second = 0.5 * e[2] / root - 0.25 * e[1] * e[1] / (root * e[0]);
        -(second / d - 0.5 * first * slope / (d * d)) / root
    }

    fn shape(&self) -> Shape {
        // F depends on only one of that chart's coordinates.
        Shape::Curved { chart: ChartId(1) }
    }

    fn geodesic_chart(&self, p: Vec2) -> Option<&dyn Chart> {
        Some(&self.geodesic_charts[usize::from(p[1] > p[0])])
    }

    /// Where the means agree both scores are one function of the observation.
    fn singularity(&self, p: Vec2) -> Option<f64> {
        Some(p[1] - p[0])
    }

    fn hollow(&self) -> Option<f64> {
        let d = self.frames().hollow();
        Some(d * d / (1.0 + 1.0_f64.hypot(d)))
    }

    fn joined(&self, p: Vec2, q: Vec2) -> bool {
        // Not across the line of equal means, nor from a point on it: F is singular there.
        (p[1] - p[0]) * (q[1] - q[0]) > 0.0
    }

    fn kl(&self, p: Vec2, q: Vec2) -> f64 {
        let (own, other) = (self.means(p, p[0]), self.means(q, p[0]));
        self.kl_of(&self.table(own, Self::both(own, other)), own, other)
    }

    fn kl_from(&self, p: Vec2, qs: &[Vec2], out: &mut [f64]) {
        // The table of p serves all q that require the same step.
        let own = self.means(p, p[0]);
        let mut tables: Vec<Table> = Vec::new();
        for (out, q) in out.iter_mut().zip(qs) {
            if q[0].is_nan() {
                *out = f64::NAN;
                continue;
            }
            let other = self.means(*q, p[0]);
            let fineness = Self::both(own, other);
            let place = tables.iter().position(|table| table.fineness == fineness).unwrap_or_else(|| {
                tables.push(self.table(own, fineness));
                tables.len() - 1
            });
            *out = self.kl_of(&tables[place], own, other);
        }
    }

    fn kl_gradient_first(&self, p: Vec2, q: Vec2) -> Vec2 {
        let (own, other) = (self.means(p, p[0]), self.means(q, p[0]));
        let table = self.table(own, Self::both(own, other));
        let part = |row: &[f64; 3]| self.score_unit(own, row[0]) * (row[1] * (row[2] - self.log_unit(other, row[0])));
        table.rows.iter().map(part).sum::<Vec2>() / self.sd
    }

    fn kl_gradient_second(&self, p: Vec2, q: Vec2) -> Vec2 {
        let (own, other) = (self.means(p, p[0]), self.means(q, p[0]));
        let table = self.table(own, Self::both(own, other));
        // ∫ (q − p) score, where ∫ q score = 0, avoids cancellation if the two nearly agree.
        let near = near(own, other);
        let factor = |row: &[f64; 3]| if near { (self.log_unit(other, row[0]) - row[2]).exp_m1() } else { -1.0 };
        let part = |row: &[f64; 3]| self.score_unit(other, row[0]) * (row[1] * factor(row));
        table.rows.iter().map(part).sum::<Vec2>() / self.sd
    }

    fn kl_hessian_first(&self, p: Vec2, q: Vec2) -> Mat2 {
        // ∫ ∂²p ln(p/q) + F(p), since ∫ ∂²p = 0.
        let (own, other) = (self.means(p, p[0]), self.means(q, p[0]));
        let table = self.table(own, Self::both(own, other));
        let part = |row: &[f64; 3]| {
            let score = self.score_unit(own, row[0]);
            let bend = self.score_slopes_unit(own, row[0]) + score * score.transpose();
            bend * (row[1] * (row[2] - self.log_unit(other, row[0])))
        };
        table.rows.iter().map(part).sum::<Mat2>() / (self.sd * self.sd) + self.fisher(p)
    }

    fn kl_hessian_second(&self, p: Vec2, q: Vec2) -> Mat2 {
        let (own, other) = (self.means(p, p[0]), self.means(q, p[0]));
        let table = self.table(own, Self::both(own, other));
        let part = |row: &[f64; 3]| self.score_slopes_unit(other, row[0]) * -row[1];
        table.rows.iter().map(part).sum::<Mat2>() / (self.sd * self.sd)
    }

    fn score_slopes(&self, p: Vec2, x: &[f64]) -> Mat2 {
        self.score_slopes_unit(self.means(p, 0.0), x[0] / self.sd) / (self.sd * self.sd)
    }

    fn cheap(&self) -> bool {
        false
    }

    fn wasserstein(&self, p: Vec2) -> Option<Mat2> {
        let d = (p[1] - p[0]) / self.sd;
        let rule = nodes([0.0, d], fineness(d.abs().min(2.0 * REACH)));
        Some(mixture_transport::metric(self.weights, d, &rule))
    }

    fn entropy(&self, p: Vec2) -> f64 {
        let own = self.means(p, p[0]);
        let table = self.table(own, fineness(own[1]));
        self.sd.ln() + 0.5 * TAU.ln() - table.rows.iter().map(|row| row[1] * row[2]).sum::<f64>()
    }

    fn entropy_slopes(&self, p: Vec2) -> (Vec2, Mat2) {
        // −∫ ∂p ln p and −∫ (∂²p ln p + p ∂ln p ∂ln pᵀ), since ∫ ∂p = 0.
        let own = self.means(p, p[0]);
        let table = self.table(own, fineness(own[1]));
        let (mut gradient, mut hessian) = (Vec2::zeros(), Mat2::zeros());
        for [x, weight, log] in &table.rows {
            let score = self.score_unit(own, *x);
            let outer = score * score.transpose();
            gradient -= score * (weight * log);
            hessian -= (self.score_slopes_unit(own, *x) + outer) * (weight * log) + outer * *weight;
        }
        (gradient / self.sd, hessian / (self.sd * self.sd))
    }

    fn sample(&self, p: Vec2, rng: &mut dyn Rng, x: &mut [f64]) {
        let (u, z): (f64, f64) = (StandardUniform.sample(rng), StandardNormal.sample(rng));
        x[0] = if u < self.weights[0] { p[0] } else { p[1] } + self.sd * z;
    }

    fn components(&self, p: Vec2) -> Option<([f64; 2], f64)> {
        Some(([p[0], p[1]], self.sd))
    }

    fn bulk(&self, p: Vec2) -> (f64, f64) {
        (p[0].min(p[1]) - 3.1 * self.sd, p[0].max(p[1]) + 3.1 * self.sd)
    }
}
