//! The Weibull family: (x/scale)^shape is exponentially distributed.
//!
//! −log x is Gumbel with location −log scale and scale 1/shape, so divergences are those of the Gumbel family (closed
//! form: Bauckhage 2013, *Computing the Kullback-Leibler divergence between two Weibull distributions*). Curvature
//! −6/π².

use std::f64::consts::PI;
use std::sync::Arc;

use rand::Rng;
use rand_distr::{Distribution, Exp1};

use super::gumbel::{Gumbel, log_moments};
use super::location_scale::{Relative, Standard};
use super::{Chart, ChartInfo, Family, FamilyInfo, Reading, Scale, Scaled, Shape, Support, View, Violation};
use crate::math::special::{EULER, digamma, ln_gamma, ln_gamma_bregman, ln_ratio, trigamma};
use crate::math::{Cubic, Mat2, Vec2};

/// The registry row.
pub const INFO: FamilyInfo = FamilyInfo {
    name: "weibull",
    doc: "lifetimes that end with the weakest link, on the positive numbers",
    density: "(shape/scale) (x/scale)^(shape−1) exp(−(x/scale)^shape)",
    parameters: ["shape", "scale"],
    fixed: &[],
    charts: &CHARTS,
    synonyms: &[
        ("weibull", &["frechet"]),
        ("shape", &["k", "c"]),
        ("scale", &["lambda"]),
        ("log-shape-log-scale", &["log"]),
    ],
    example: [1.5, 2.0],
    build: |_| Arc::new(Weibull::new()),
};

static CHARTS: [ChartInfo; 2] = [
    ChartInfo { name: "shape-scale", axes: ["shape", "scale"], doc: "the parameters themselves" },
    ChartInfo { name: "log-shape-log-scale", axes: ["log shape", "log scale"], doc: "log shape, log scale" },
];

const CANONICAL: Scaled = Scaled::new(&CHARTS[0], [Scale::Positive; 2]);

/// The Weibull family.
#[derive(Debug)]
pub struct Weibull {
    charts: [Box<dyn Chart>; 2],
}

impl Weibull {
    /// The family with its charts.
    #[must_use]
    pub fn new() -> Self {
        Self { charts: [Box::new(CANONICAL), Box::new(Scaled::new(&CHARTS[1], [Scale::Log; 2]))] }
    }
}

impl Default for Weibull {
    fn default() -> Self {
        Self::new()
    }
}

/// log (x/scale)^shape.
fn power(p: Vec2, x: f64) -> f64 {
    p[0] * ln_ratio(x, p[1], x - p[1])
}

/// p relative to q, as Gumbel distributions of −log x.
fn relative(p: Vec2, q: Vec2) -> Relative {
    let difference = q - p;
    Relative { shift: q[0] * ln_ratio(q[1], p[1], difference[1]), ratio: q[0] / p[0], excess: difference[0] / p[0] }
}

impl Family for Weibull {
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
        let power = power(p, x[0]);
        power - power.exp() + p[0].ln() - x[0].ln()
    }

    fn score(&self, p: Vec2, x: &[f64]) -> Vec2 {
        let power = power(p, x[0]);
        let growth = power.exp_m1();
        Vec2::new((1.0 - power * growth) / p[0], growth * (p[0] / p[1]))
    }

    fn fisher(&self, p: Vec2) -> Mat2 {
        let mixed = (EULER - 1.0) / p[1];
        let rate = p[0] / p[1];
        Mat2::new(shape_information() / (p[0] * p[0]), mixed, mixed, rate * rate)
    }

    fn fisher_slopes(&self, p: Vec2) -> [Mat2; 2] {
        let mixed = (1.0 - EULER) / (p[1] * p[1]);
        let rate = p[0] / p[1];
        let shape = -2.0 * shape_information() / (p[0] * p[0] * p[0]);
        [Mat2::new(shape, 0.0, 0.0, 2.0 * rate / p[1]), Mat2::new(0.0, mixed, mixed, -2.0 * rate * rate / p[1])]
    }

    /// With e = (x/scale)^shape, l = log e and φ = 1 − e the score is ((1 + lφ)/shape, −φ shape/scale), so its moments
    /// are in terms of E lᵏ φⁿ.
    fn skewness(&self, p: Vec2) -> Cubic {
        let m = log_moments;
        let rate = p[0] / p[1];
        Cubic([
            (1.0 + 3.0 * m(1, 1) + 3.0 * m(2, 2) + m(3, 3)) / (p[0] * p[0] * p[0]),
            -(2.0 * m(1, 2) + m(2, 3)) / (p[0] * p[1]),
            (m(0, 2) + m(1, 3)) * rate / p[1],
            -m(0, 3) * rate * rate * rate,
        ])
    }

    /// ½F⁻¹(…) with the differences taken by hand: with m = γ − 1 and S = m² + D, D = π²/6, what is left at a tiny shape is
    /// of its order.
    fn symbols(&self, p: Vec2) -> Option<[Mat2; 2]> {
        let [shape, scale] = [p[0], p[1]];
        let (m, d) = (EULER - 1.0, PI * PI / 6.0);
        let s = shape_information() / d;
        let mixed = -m * shape / (d * scale);
        let rate = shape / scale;
        Some([
            Mat2::new(-s / shape, mixed, mixed, -shape * rate * rate / d),
            Mat2::new(m * s * scale / (shape * shape * shape), s / shape, s / shape, -1.0 / scale - mixed),
        ])
    }

    fn curvature(&self, _: Vec2) -> f64 {
        -6.0 / (PI * PI)
    }

    fn shape(&self) -> Shape {
        // Location −log scale, scale 1/shape.
        let view = View { readings: [Reading::Inverse, Reading::Log], linear: Mat2::new(0.0, -1.0, 1.0, 0.0) };
        Shape::half_plane(Gumbel.fisher(), view)
    }

    fn kl(&self, p: Vec2, q: Vec2) -> f64 {
        Gumbel.divergence(relative(p, q))
    }

    fn kl_gradient_first(&self, p: Vec2, q: Vec2) -> Vec2 {
        let slopes = Gumbel.slopes(relative(p, q));
        Vec2::new(-slopes[1] * (q[0] / p[0]) / p[0], -slopes[0] * (q[0] / p[1]))
    }

    fn kl_gradient_second(&self, p: Vec2, q: Vec2) -> Vec2 {
        let of = relative(p, q);
        let slopes = Gumbel.slopes(of);
        Vec2::new(slopes[0] * (of.shift / q[0]) + slopes[1] / p[0], slopes[0] * (q[0] / q[1]))
    }

    fn kl_hessian_first(&self, p: Vec2, q: Vec2) -> Mat2 {
        let of = relative(p, q);
        let (slopes, [dd, dr, rr]) = (Gumbel.slopes(of), Gumbel.second_derivatives(of));
        let (shift, ratio) = (-q[0] / p[1], -of.ratio / p[0]);
        let mixed = dr * ratio * shift;
        Mat2::new(
            rr * ratio * ratio - 2.0 * slopes[1] * ratio / p[0],
            mixed,
            mixed,
            dd * shift * shift - slopes[0] * shift / p[1],
        )
    }

    fn kl_hessian_second(&self, p: Vec2, q: Vec2) -> Mat2 {
        let of = relative(p, q);
        let (slopes, [dd, dr, rr]) = (Gumbel.slopes(of), Gumbel.second_derivatives(of));
        // The derivatives of the shift in shape and scale, and of the ratio in shape.
        let (shape, scale, ratio) = (of.shift / q[0], q[0] / q[1], 1.0 / p[0]);
        let mixed = (dd * shape + dr * ratio) * scale + slopes[0] / q[1];
        Mat2::new(
            dd * shape * shape + 2.0 * dr * shape * ratio + rr * ratio * ratio,
            mixed,
            mixed,
            dd * scale * scale - slopes[0] * scale / q[1],
        )
    }

    fn score_slopes(&self, p: Vec2, x: &[f64]) -> Mat2 {
        let power = power(p, x[0]);
        let (e, growth) = (power.exp(), power.exp_m1());
        let (shape, scale) = (power / p[0], -p[0] / p[1]);
        let mixed = growth / p[1] - e * shape * scale;
        Mat2::new(-e * shape * shape - 1.0 / (p[0] * p[0]), mixed, mixed, -e * scale * scale + growth * scale / p[1])
    }

    /// E ∂x ∂xᵀ of x = scale w^(1/shape) with w exponential, whose derivative is x (−ln w/shape², 1/scale): the moments are
    /// Γ(s), Γ′(s) and Γ″(s) at s = 1 + 2/shape.
    fn wasserstein(&self, p: Vec2) -> Option<Mat2> {
        let s = 1.0 + 2.0 / p[0];
        let (gamma, psi) = (ln_gamma(s).exp(), digamma(s));
        let rate = p[1] / (p[0] * p[0]);
        let mixed = -rate * psi;
        Some(Mat2::new(rate * rate * (psi * psi + trigamma(s)), mixed, mixed, 1.0) * gamma)
    }

    /// √(E x² + E y² − 2 E xy), E xy = scale scale′ Γ(1 + 1/shape + 1/shape′), as a sum of two terms that are not negative,
    /// both by differences of ln Γ that do not cancel.
    fn wasserstein_distance(&self, p: Vec2, q: Vec2) -> Option<f64> {
        let root = |p: Vec2| p[1] * (0.5 * ln_gamma(1.0 + 2.0 / p[0])).exp();
        let d = 2.0 * (p[0] - q[0]) / (p[0] * q[0]);
        let [from, to] = [p, q].map(|p| 1.0 + 2.0 / p[0]);
        let rise = ln_gamma_bregman(to, from, d) + d * digamma(from);
        let apart = root(p) * (ln_ratio(q[1], p[1], q[1] - p[1]) + 0.5 * rise).exp_m1();
        // ln Γ is convex: at the middle it is below the mean of its values at the ends.
        let middle = 1.0 + 1.0 / p[0] + 1.0 / q[0];
        let [below, above] = [(from, -0.5 * d), (to, 0.5 * d)].map(|(end, step)| ln_gamma_bregman(end, middle, step));
        let bent = -2.0 * (-0.5 * (below + above)).exp_m1();
        Some(apart.hypot(bent.sqrt() * (root(p) * root(q)).sqrt()))
    }

    fn entropy(&self, p: Vec2) -> f64 {
        EULER * (1.0 - 1.0 / p[0]) + (p[1] / p[0]).ln() + 1.0
    }

    fn entropy_slopes(&self, p: Vec2) -> (Vec2, Mat2) {
        let [shape, scale] = [p[0].recip(), p[1].recip()];
        let gradient = Vec2::new((EULER * shape - 1.0) * shape, scale);
        let bend = (1.0 - 2.0 * EULER * shape) * shape * shape;
        (gradient, Mat2::new(bend, 0.0, 0.0, -scale * scale))
    }

    fn sample(&self, p: Vec2, rng: &mut dyn Rng, x: &mut [f64]) {
        let e: f64 = Exp1.sample(rng);
        x[0] = p[1] * e.powf(1.0 / p[0]);
    }

    fn bulk(&self, p: Vec2) -> (f64, f64) {
        let quantile = |share: f64| p[1] * (-(-share).ln_1p()).powf(1.0 / p[0]);
        (quantile(0.001).max(f64::MIN_POSITIVE), quantile(0.999).min(f64::MAX))
    }
}

/// E (1 + lφ)²: the information about log shape if the scale is known.
fn shape_information() -> f64 {
    (1.0 - EULER) * (1.0 - EULER) + PI * PI / 6.0
}
