//! The von Mises family on the circle: the mean direction and the concentration κ.
//!
//! An exponential family in (κ cos mean, κ sin mean) with log partition function ln I₀(κ) (Mardia & Jupp 2000, §3.5.4).
//! In polar coordinates the Fisher matrix is diag(κA, A′) with A = I₁/I₀, and KL(p ‖ q) is the Bregman divergence of ln
//! I₀ plus κ_q A(κ_p)(1 − cos(mean_p − mean_q)). Means are in (−π, π]; charts reduce other angles modulo 2π.

use std::f64::consts::{PI, TAU};
use std::sync::Arc;

use rand::Rng;
use rand_distr::{Distribution, Open01, StandardNormal};

use super::chart::principal;
use super::von_mises_chart::{self, CANONICAL, CHARTS};
use super::{
    Chart, ChartId, Family, FamilyInfo, LogDensity, Profile, Shape, Sufficient, Support, Violation, hessian_curvature,
};
use crate::math::bessel::{Ratio, ln_i0_bregman, ln_i0_scaled, ratio_difference};
use crate::math::{Cubic, Mat2, Vec2};

/// The registry row.
pub const INFO: FamilyInfo = FamilyInfo {
    name: "von-mises",
    doc: "directions on a circle, in radians",
    density: "exp(concentration cos(x−mean)) / (2π I₀(concentration))",
    parameters: ["mean", "concentration"],
    fixed: &[],
    charts: &CHARTS,
    synonyms: &[
        ("von-mises", &["circular-normal", "tikhonov", "circular"]),
        ("mean", &["mu", "direction", "loc"]),
        ("concentration", &["kappa", "k"]),
        ("natural", &["canonical"]),
        ("expectation", &["moments", "dual"]),
    ],
    example: [0.5, 1.5],
    build: |_| Arc::new(VonMises::new()),
};

/// Below this concentration the density is uniform to 1e-9.
const UNIFORM: f64 = 1e-9;
/// Above this concentration the density is normal to 1e-9.
const NORMAL: f64 = 1e9;

/// The von Mises family.
#[derive(Debug)]
pub struct VonMises {
    charts: [Box<dyn Chart>; 4],
}

impl VonMises {
    /// The family with its charts.
    #[must_use]
    pub fn new() -> Self {
        Self { charts: von_mises_chart::all() }
    }
}

impl Default for VonMises {
    fn default() -> Self {
        Self::new()
    }
}

/// 1 − cos x, without cancellation.
fn versine(x: f64) -> f64 {
    let sin = (0.5 * x).sin();
    2.0 * sin * sin
}

/// log p(x), given `normaliser` = ln(e^−κ I₀(κ)).
fn log_density(p: Vec2, normaliser: f64, x: f64) -> f64 {
    -p[1] * versine(x - p[0]) - TAU.ln() - normaliser
}

impl Family for VonMises {
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
        Support::Circle
    }

    fn log_density(&self, p: Vec2, x: &[f64]) -> f64 {
        log_density(p, ln_i0_scaled(p[1]), x[0])
    }

    fn log_density_at(&self, p: Vec2) -> LogDensity<'_> {
        let normaliser = ln_i0_scaled(p[1]);
        Box::new(move |x| log_density(p, normaliser, x[0]))
    }

    fn score(&self, p: Vec2, x: &[f64]) -> Vec2 {
        let angle = x[0] - p[0];
        Vec2::new(p[1] * angle.sin(), Ratio::at(p[1]).gap - versine(angle))
    }

    fn fisher(&self, p: Vec2) -> Mat2 {
        let ratio = Ratio::at(p[1]);
        Mat2::new(p[1] * ratio.value, 0.0, 0.0, ratio.slope)
    }

    fn fisher_slopes(&self, p: Vec2) -> [Mat2; 2] {
        let ratio = Ratio::at(p[1]);
        [Mat2::zeros(), Mat2::new(ratio.value + p[1] * ratio.slope, 0.0, 0.0, ratio.bend)]
    }

    fn skewness(&self, p: Vec2) -> Cubic {
        // The third derivatives of ln I₀(|θ|) along and across the radius, where (A/κ)′ = −(A/κ − A′)/κ.
        let ratio = Ratio::at(p[1]);
        Cubic([0.0, -p[1] * ratio.excess, 0.0, ratio.bend])
    }

    fn curvature(&self, p: Vec2) -> f64 {
        // Across the radius in units of |dθ|, so that nothing underflows for small κ.
        let ratio = Ratio::at(p[1]);
        let fisher = Mat2::new(ratio.slope + ratio.excess, 0.0, 0.0, ratio.slope);
        hessian_curvature(&fisher, &Cubic([0.0, -ratio.excess / p[1], 0.0, ratio.bend]))
    }

    fn shape(&self) -> Shape {
        // Polar coordinates are singular at the uniform distribution; natural ones are not.
        Shape::Curved { chart: ChartId(2) }
    }

    fn profile(&self) -> Option<&dyn Profile> {
        Some(self)
    }

    fn joined(&self, p: Vec2, q: Vec2) -> bool {
        // Between antipodal means every shortest curve passes through the uniform distribution, which is not in the
        // family.
        PI - principal(q[0] - p[0]).abs() > 8.0 * f64::EPSILON
    }

    fn kl(&self, p: Vec2, q: Vec2) -> f64 {
        ln_i0_bregman(q[1], p[1], q[1] - p[1]) + q[1] * Ratio::at(p[1]).value * versine(p[0] - q[0])
    }

    fn kl_gradient_first(&self, p: Vec2, q: Vec2) -> Vec2 {
        let ratio = Ratio::at(p[1]);
        let angle = p[0] - q[0];
        Vec2::new(q[1] * ratio.value * angle.sin(), ratio.slope * ((p[1] - q[1]) + q[1] * versine(angle)))
    }

    fn kl_gradient_second(&self, p: Vec2, q: Vec2) -> Vec2 {
        let value = Ratio::at(p[1]).value;
        let angle = q[0] - p[0];
        Vec2::new(q[1] * value * angle.sin(), ratio_difference(q[1], p[1], q[1] - p[1]) + value * versine(angle))
    }

    fn entropy(&self, p: Vec2) -> f64 {
        TAU.ln() + ln_i0_scaled(p[1]) + p[1] * Ratio::at(p[1]).gap
    }

    fn entropy_slopes(&self, p: Vec2) -> (Vec2, Mat2) {
        let ratio = Ratio::at(p[1]);
        let bend = -ratio.slope - p[1] * ratio.bend;
        (Vec2::new(0.0, -p[1] * ratio.slope), Mat2::new(0.0, 0.0, 0.0, bend))
    }

    /// An angle within π of the mean, by rejection from a wrapped Cauchy density (Best & Fisher 1979).
    fn sample(&self, p: Vec2, rng: &mut dyn Rng, x: &mut [f64]) {
        let kappa = p[1];
        x[0] = if kappa < UNIFORM {
            let u: f64 = Open01.sample(rng);
            p[0] + PI * (2.0 * u - 1.0)
        } else if kappa > NORMAL {
            let z: f64 = StandardNormal.sample(rng);
            p[0] + z / kappa.sqrt()
        } else {
            p[0] + deviation(kappa, rng)
        };
    }

    /// All but 0.2 % of the mass, symmetric about the mean; at most the whole circle.
    fn bulk(&self, p: Vec2) -> (f64, f64) {
        let reach = half_width(p[1]);
        (p[0] - reach, p[0] + reach)
    }

    fn sufficient(&self) -> Option<&dyn Sufficient> {
        Some(self)
    }
}

/// r is the concentration κ, φ the mean: `κ²A′ (dκ/κ)² + κA dφ²`.
impl Profile for VonMises {
    fn radius(&self, p: Vec2) -> f64 {
        p[1]
    }

    fn turn(&self, p: Vec2, q: Vec2) -> f64 {
        principal(q[0] - p[0])
    }

    fn half_turn(&self) -> Option<f64> {
        Some(PI)
    }

    fn moved(&self, p: Vec2, growth: f64, turn: f64) -> Vec2 {
        Vec2::new(principal(p[0] + turn), p[1] * growth)
    }

    fn push(&self, p: Vec2, v: Vec2) -> Vec2 {
        Vec2::new(v[1] / p[1], v[0])
    }

    fn pull(&self, p: Vec2, w: Vec2) -> Vec2 {
        Vec2::new(w[1], p[1] * w[0])
    }

    fn metric(&self, r: f64) -> [f64; 2] {
        let ratio = Ratio::at(r);
        [r * r * ratio.slope, r * ratio.value]
    }

    fn steepness(&self, r: f64, step: f64) -> f64 {
        // The mean of (κA)′ over the step, which is so smooth that five nodes are accurate to rounding for steps of up
        // to r/2.
        const GAUSS_5: [[f64; 2]; 5] = [
            [0.046_910_077_030_668_0, 0.118_463_442_528_094_54],
            [0.230_765_344_947_158_45, 0.239_314_335_249_683_23],
            [0.5, 0.284_444_444_444_444_44],
            [0.769_234_655_052_841_5, 0.239_314_335_249_683_23],
            [0.953_089_922_969_332, 0.118_463_442_528_094_54],
        ];
        let slope = |r: f64| {
            let ratio = Ratio::at(r);
            ratio.value + r * ratio.slope
        };
        if step > 0.5 * r {
            let at = |r: f64| r * Ratio::at(r).value;
            return (at(r + step) - at(r)) / step;
        }
        GAUSS_5.iter().map(|[node, weight]| weight * slope(r + node * step)).sum()
    }
}

/// Draws x − mean for moderate concentrations.
fn deviation(kappa: f64, rng: &mut dyn Rng) -> f64 {
    // ρ = (τ − √2τ)/2κ and 1 − ρ, from them r − 1 for r = (1 + ρ²)/2ρ, each without cancellation.
    let root = (1.0 + 4.0 * kappa * kappa).sqrt();
    let tau = 1.0 + root;
    let sum = tau + (2.0 * tau).sqrt();
    let rho = 2.0 * kappa / sum;
    let rest = (1.0 + 1.0 / (root + 2.0 * kappa) + (2.0 * tau).sqrt()) / sum;
    let excess = rest * rest / (2.0 * rho);
    loop {
        let [turn, height, side]: [f64; 3] = [0, 1, 2].map(|_| Open01.sample(rng));
        let z = (PI * turn).cos();
        // 1 − f for f = (1 + rz)/(r + z), the cosine of the draw.
        let gap = excess * versine(PI * turn) / (excess + (1.0 + z));
        let c = kappa * (excess + gap);
        if c * (2.0 - c) > height || (c / height).ln() + 1.0 - c >= 0.0 {
            let angle = 2.0 * (0.5 * gap).min(1.0).sqrt().asin();
            return if side > 0.5 { angle } else { -angle };
        }
    }
}

/// The angle from the mean beyond which there is 0.1 % of the mass on either side.
fn half_width(kappa: f64) -> f64 {
    const CELLS: u32 = 256;
    let end = PI.min(7.0 / kappa.sqrt());
    let cell = end / f64::from(CELLS);
    let height = |i: u32| (-kappa * versine(cell * (f64::from(i) + 0.5))).exp();
    let outside = 0.002 * (0..CELLS).map(height).sum::<f64>();
    let mut beyond = 0.0;
    for i in (0..CELLS).rev() {
        let own = height(i);
        if beyond + own > outside {
            return cell * (f64::from(i) + 1.0 - (outside - beyond) / own);
        }
        beyond += own;
    }
    end
}

impl Sufficient for VonMises {
    /// The mean direction, and 1 − R̄ where R̄ is the length of the mean of (cos x, sin x).
    fn statistics(&self, data: &[f64]) -> Vec2 {
        let n = data.len() as f64;
        let (sin, cos) = data.iter().map(|x| x.sin_cos()).fold((0.0, 0.0), |sum, at| (sum.0 + at.0, sum.1 + at.1));
        let mean = principal(f64::atan2(sin, cos));
        Vec2::new(mean, data.iter().map(|x| versine(x - mean)).sum::<f64>() / n)
    }

    fn nll(&self, p: Vec2, statistics: Vec2) -> f64 {
        let gap = statistics[1] + (1.0 - statistics[1]) * versine(p[0] - statistics[0]);
        TAU.ln() + ln_i0_scaled(p[1]) + p[1] * gap
    }

    fn nll_gradient(&self, p: Vec2, statistics: Vec2) -> Vec2 {
        let (angle, length) = (p[0] - statistics[0], 1.0 - statistics[1]);
        let gap = statistics[1] + length * versine(angle);
        Vec2::new(p[1] * length * angle.sin(), gap - Ratio::at(p[1]).gap)
    }
}
