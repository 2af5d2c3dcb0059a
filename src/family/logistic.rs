//! The logistic family: density sech²(z/2)/(4 scale) with z = (x − location)/scale.
//!
//! The divergence has no closed form. It follows from H = E 2 ln(2 cosh(w/2)), w = shift + ratio z, of which E|w| has a
//! closed form and the rest decays like exp(−|w|). Integrating by parts twice, H(shift, ratio) = ratio H(−shift/ratio,
//! 1/ratio), so only ratios ≥ 1 are integrated: there the standard density varies slowly, and one rule serves all
//! pairs.

use std::f64::consts::PI;
use std::sync::Arc;

use rand::Rng;
use rand_distr::{Distribution, Open01};

use super::FamilyInfo;
use super::location_scale::{CHARTS, LocationScale, PARAMETERS, Relative, Standard};
use crate::math::quadrature::Rule;
use crate::math::special::exp_excess;
use crate::math::{Cubic, Vec2};

/// The registry row.
pub const INFO: FamilyInfo = FamilyInfo {
    name: "logistic",
    doc: "logistic distributions on the real line",
    density: "exp(−z) / (scale (1+exp(−z))²), z = (x−location)/scale",
    parameters: PARAMETERS,
    fixed: &[],
    charts: &CHARTS,
    synonyms: &[("location", &["mean", "mu", "loc"]), ("scale", &["s", "sd", "sigma"])],
    example: [0.5, 1.2],
    build: |_| Arc::new(LocationScale::new(Logistic::new())),
};

/// For shifts and relative scale differences below this, the divergence is integrated in a form without cancellation.
const NEAR: f64 = 0.25;
/// Below this, as a sum of second-order terms.
const CLOSE: f64 = 1e-3;

#[derive(Debug)]
struct Logistic {
    /// ∫₀^∞ 2 ln(1 + exp(−t)) f(t) dt.
    tail: Rule,
    /// Nodes z ≥ 0, weights that include g(z), and 1/(1 + exp z): E f = w₀ f(0) + Σ w (f(z) + f(−z)), the sum over z >
    /// 0.
    near: Vec<[f64; 3]>,
}

impl Logistic {
    fn new() -> Self {
        let tail = Rule::half_line(0.09, 38.0).weighted(|t| 2.0 * (-t).exp().ln_1p());
        let line = Rule::real_line(PI, 0.16, 42.0).weighted(|z| standard(z, (-z.abs()).exp()).0);
        let near = line.nodes().iter().filter(|[z, _]| *z >= 0.0).map(|&[z, w]| [z, w, 1.0 / (1.0 + z.exp())]);
        Self { tail, near: near.collect() }
    }

    /// H and its derivatives in shift and ratio, for ratio ≥ 1.
    fn wide(&self, shift: f64, ratio: f64) -> [f64; 3] {
        let inverse = 1.0 / ratio;
        // H is even in the shift. For shifts ≥ 0 the factors of exp(−|z|) below are at most one.
        let c = shift.abs() * inverse;
        let decay = (-c).exp();
        // E|w| = ratio · 2 ln(2 cosh(c/2)).
        let growth = c + 2.0 * decay.ln_1p();
        let slope = (1.0 - decay) / (1.0 + decay);
        let [mut rest, mut by_shift, mut by_ratio] = [0.0; 3];
        for &[t, weight] in self.tail.nodes() {
            let scaled = t * inverse;
            let e = (-scaled).exp();
            // At w = t and at w = −t.
            let (below, above) = (scaled - c, -scaled - c);
            let (g_below, pull_below) = standard(below, if below < 0.0 { decay / e } else { e / decay });
            let (g_above, pull_above) = standard(above, e * decay);
            let (g_below, g_above) = (weight * g_below, weight * g_above);
            rest += g_below + g_above;
            by_shift += g_below * pull_below + g_above * pull_above;
            by_ratio += g_below * pull_below * below + g_above * pull_above * above;
        }
        rest *= inverse;
        let inverse_square = inverse * inverse;
        let by_shift = slope + by_shift * inverse_square;
        [
            ratio * growth + rest,
            if shift < 0.0 { -by_shift } else { by_shift },
            growth - c * slope + by_ratio * inverse_square - rest * inverse,
        ]
    }

    /// H and its derivatives in shift and ratio.
    fn mean(&self, of: Relative) -> [f64; 3] {
        let (shift, ratio) = (of.shift, of.ratio);
        if ratio >= 1.0 {
            return self.wide(shift, ratio);
        }
        let [h, by_shift, by_ratio] = self.wide(-shift / ratio, 1.0 / ratio);
        [ratio * h, -by_shift, h + (shift * by_shift - by_ratio) / ratio]
    }

    /// The divergence of points closer than [`CLOSE`]: E (q/p − 1 − ln q/p), every term of which is of second order.
    fn close_divergence(&self, of: Relative) -> f64 {
        let log = of.excess.ln_1p();
        let sum = |&[z, w, c]: &[f64; 3]| {
            let stretch = of.excess * z;
            let share = if z == 0.0 { 0.5 } else { 1.0 };
            let term = |u: f64| exp_excess(log - log_ratio(u, c));
            share * w * (term(stretch + of.shift) + term(stretch - of.shift))
        };
        self.near.iter().map(sum).sum()
    }

    /// The divergence of points closer than [`NEAR`]: log g(z) − log g(w) from the difference w − z, node by node.
    fn near_divergence(&self, of: Relative) -> f64 {
        if of.shift.abs() < CLOSE && of.excess.abs() < CLOSE {
            return self.close_divergence(of);
        }
        // With u = w − z: u + 2 ln((1 + e^−w)/(1 + e^−z)); a node −z is z with the opposite shift.
        let sum = |&[z, w, c]: &[f64; 3]| {
            let stretch = of.excess * z;
            let share = if z == 0.0 { 0.5 } else { 1.0 };
            share * w * (log_ratio(stretch + of.shift, c) + log_ratio(stretch - of.shift, c))
        };
        (self.near.iter().map(sum).sum::<f64>() - of.excess.ln_1p()).max(0.0)
    }
}

/// log g(z) − log g(z + u) for c = 1/(1 + exp z).
fn log_ratio(u: f64, c: f64) -> f64 {
    u + 2.0 * (c * (-u).exp_m1()).ln_1p()
}

/// g(z) and φ(z) = tanh(z/2), given e = exp(−|z|).
fn standard(z: f64, e: f64) -> (f64, f64) {
    let share = 1.0 / (1.0 + e);
    (e * share * share, ((1.0 - e) * share).copysign(z))
}

impl Standard for Logistic {
    fn info(&self) -> &'static FamilyInfo {
        &INFO
    }

    fn log_density(&self, z: f64) -> f64 {
        let z = z.abs();
        -z - 2.0 * (-z).exp().ln_1p()
    }

    /// Every divergence is an integral.
    fn cheap(&self) -> bool {
        false
    }

    fn pull(&self, z: f64) -> f64 {
        (0.5 * z).tanh()
    }

    fn pull_slope(&self, z: f64) -> f64 {
        2.0 * standard(z, (-z.abs()).exp()).0
    }

    fn fisher(&self) -> [f64; 3] {
        [1.0 / 3.0, 0.0, (3.0 + PI * PI) / 9.0]
    }

    fn skewness(&self) -> Cubic {
        Cubic([0.0, 1.0 / 3.0, 0.0, PI * PI / 3.0])
    }

    fn divergence(&self, of: Relative) -> f64 {
        if of.shift.abs() < NEAR && of.excess.abs() < NEAR {
            return self.near_divergence(of);
        }
        self.mean(of)[0] - 2.0 - of.ratio.ln()
    }

    fn slopes(&self, of: Relative) -> Vec2 {
        let [_, by_shift, by_ratio] = self.mean(of);
        Vec2::new(by_shift, by_ratio - 1.0 / of.ratio)
    }

    /// φ′ = 2g, so these are ∫ 2 g(w) g(z) zᵏ dz, by the rule for the narrower of the two densities.
    fn second_derivatives(&self, of: Relative) -> [f64; 3] {
        let (d, r) = (of.shift, of.ratio);
        let wide = r >= 1.0;
        let mut moments = [0.0; 3];
        for &[node, weight, _] in &self.near {
            let share = if node == 0.0 { 0.5 } else { 1.0 };
            for node in [node, -node] {
                let (z, other) = if wide { ((node - d) / r, (node - d) / r) } else { (node, d + r * node) };
                let term = 2.0 * share * weight * standard(other, (-other.abs()).exp()).0 / r.max(1.0);
                for (power, moment) in (0..).zip(&mut moments) {
                    *moment += term * z.powi(power);
                }
            }
        }
        let [shift, mixed, ratio] = moments;
        [shift, mixed, ratio + 1.0 / (r * r)]
    }

    fn moments(&self) -> [f64; 2] {
        [0.0, PI * PI / 3.0]
    }

    fn entropy(&self) -> f64 {
        2.0
    }

    fn sample(&self, rng: &mut dyn Rng) -> f64 {
        let u: f64 = Open01.sample(rng);
        (u / (1.0 - u)).ln()
    }

    fn bulk(&self) -> (f64, f64) {
        (-6.9068, 6.9068)
    }
}
