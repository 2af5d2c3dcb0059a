//! The Gumbel family of maxima: z = (x − location)/scale has the density exp(−z − exp(−z)).
//!
//! exp(−z) is exponentially distributed, so every expectation here is in terms of Γ and its derivatives.

use std::f64::consts::PI;
use std::sync::{Arc, LazyLock};

use rand::Rng;
use rand_distr::{Distribution, Exp1};

use super::FamilyInfo;
use super::location_scale::{CHARTS, LocationScale, PARAMETERS, Relative, Standard};
use crate::math::special::{EULER, digamma, exp_excess, ln_gamma, ln_gamma_bregman, tetragamma, trigamma};
use crate::math::{Cubic, Vec2};

/// The registry row.
pub const INFO: FamilyInfo = FamilyInfo {
    name: "gumbel",
    doc: "distributions of maxima on the real line",
    density: "exp(−z − exp(−z)) / scale, z = (x−location)/scale",
    parameters: PARAMETERS,
    fixed: &[],
    charts: &CHARTS,
    synonyms: &[
        ("gumbel", &["extreme-value", "gev"]),
        ("location", &["mode", "mu", "loc", "mean"]),
        ("scale", &["beta", "sd", "sigma"]),
    ],
    example: [0.5, 1.2],
    build: |_| Arc::new(LocationScale::new(Gumbel)),
};

/// The standard density; −log x has it, up to location and scale, if x is Weibull.
#[derive(Debug)]
pub(super) struct Gumbel;

/// v = ln E exp(−w) = ln Γ(1 + ratio) − shift, and the Bregman divergence of ln Γ from 1 to the ratio.
fn log_mean(of: Relative) -> (f64, f64) {
    let bregman = ln_gamma_bregman(of.ratio, 1.0, of.excess);
    let ln_gamma_next =
        if of.excess.abs() < 0.5 { bregman - EULER * of.excess + of.excess.ln_1p() } else { ln_gamma(1.0 + of.ratio) };
    (ln_gamma_next - of.shift, bregman)
}

/// E (log e)ᵏ (1 − e)ⁿ for an exponentially distributed e and k, n ≤ 3: E eʲ (log e)ᵏ is the kth derivative of Γ at 1 +
/// j.
///
/// The constants are computed once.
pub(super) fn log_moments(k: usize, n: usize) -> f64 {
    static MADE: LazyLock<[[f64; 4]; 4]> =
        LazyLock::new(|| std::array::from_fn(|k| std::array::from_fn(|n| log_moment(k, n))));
    MADE[k][n]
}

fn log_moment(k: usize, n: usize) -> f64 {
    let binomial = [[1.0, 0.0, 0.0, 0.0], [1.0, -1.0, 0.0, 0.0], [1.0, -2.0, 1.0, 0.0], [1.0, -3.0, 3.0, -1.0]][n];
    let mut factorial = 1.0;
    let term = |(j, sign): (u32, f64)| {
        let x = 1.0 + f64::from(j);
        factorial *= f64::from(j.max(1));
        let (a, b, c) = (digamma(x), trigamma(x), tetragamma(x));
        sign * factorial * [1.0, a, a * a + b, a * a * a + 3.0 * a * b + c][k]
    };
    (0..).zip(binomial).map(term).sum()
}

impl Standard for Gumbel {
    fn info(&self) -> &'static FamilyInfo {
        &INFO
    }

    fn log_density(&self, z: f64) -> f64 {
        -z - (-z).exp()
    }

    fn pull(&self, z: f64) -> f64 {
        -(-z).exp_m1()
    }

    fn pull_slope(&self, z: f64) -> f64 {
        (-z).exp()
    }

    fn fisher(&self) -> [f64; 3] {
        [1.0, EULER - 1.0, (1.0 - EULER) * (1.0 - EULER) + PI * PI / 6.0]
    }

    /// With e = exp(−z) and l = log e, φ = 1 − e and zφ − 1 = −(lφ + 1): moments E lᵏ φⁿ.
    fn skewness(&self) -> Cubic {
        let m = log_moments;
        Cubic([
            m(0, 3),
            -m(1, 3) - m(0, 2),
            m(2, 3) + 2.0 * m(1, 2) + m(0, 1),
            -m(3, 3) - 3.0 * m(2, 2) - 3.0 * m(1, 1) - 1.0,
        ])
    }

    fn divergence(&self, of: Relative) -> f64 {
        // −γ − 1 + shift + γ ratio + e^−shift Γ(1 + ratio) − ln ratio, as a sum of two non-negative terms.
        let (v, bregman) = log_mean(of);
        exp_excess(v) + bregman
    }

    fn slopes(&self, of: Relative) -> Vec2 {
        let growth = log_mean(of).0.exp_m1();
        let slope = digamma(of.ratio);
        Vec2::new(-growth, growth * (slope + 1.0 / of.ratio) + (slope + EULER))
    }

    fn second_derivatives(&self, of: Relative) -> [f64; 3] {
        let (e, r) = (log_mean(of).0.exp(), of.ratio);
        let slope = digamma(r) + 1.0 / r;
        [e, -e * slope, e * (slope * slope + trigamma(r)) + (1.0 - e) / (r * r)]
    }

    fn moments(&self) -> [f64; 2] {
        [EULER, EULER * EULER + PI * PI / 6.0]
    }

    fn entropy(&self) -> f64 {
        1.0 + EULER
    }

    fn sample(&self, rng: &mut dyn Rng) -> f64 {
        let e: f64 = Exp1.sample(rng);
        -e.ln()
    }

    fn bulk(&self) -> (f64, f64) {
        (-1.9327, 6.9073)
    }
}
