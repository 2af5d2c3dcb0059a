//! The Gumbel family of largest values: z = (x − location)/scale has density exp(−z − exp(−z)).
//!
//! exp(−z) is exponentially distributed, so every expectation here is a value of Γ and its derivatives.

use std::f64::consts::PI;
use std::sync::Arc;

use rand::Rng;
use rand_distr::{Distribution, Exp1};

use super::FamilyInfo;
use super::location_scale::{CHARTS, LocationScale, PARAMETERS, Relative, Standard};
use crate::math::Vec2;
use crate::math::special::{EULER, digamma, exp_excess, ln_gamma, ln_gamma_bregman};

/// The registry row.
pub const INFO: FamilyInfo = FamilyInfo {
    name: "gumbel",
    doc: "distributions of largest values on the real line",
    density: "exp(−z − exp(−z)) / scale, z = (x−location)/scale",
    parameters: PARAMETERS,
    fixed: &[],
    charts: &CHARTS,
    example: [0.5, 1.2],
    build: |_| Arc::new(LocationScale::new(Gumbel)),
};

#[derive(Debug)]
struct Gumbel;

/// v = ln E exp(−w) = ln Γ(1 + ratio) − shift, and the Bregman divergence of ln Γ from 1 to the ratio.
fn log_mean(of: Relative) -> (f64, f64) {
    let bregman = ln_gamma_bregman(of.ratio, 1.0, of.excess);
    let ln_gamma_next =
        if of.excess.abs() < 0.5 { bregman - EULER * of.excess + of.excess.ln_1p() } else { ln_gamma(1.0 + of.ratio) };
    (ln_gamma_next - of.shift, bregman)
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

    fn fisher(&self) -> [f64; 3] {
        [1.0, EULER - 1.0, (1.0 - EULER) * (1.0 - EULER) + PI * PI / 6.0]
    }

    fn divergence(&self, of: Relative) -> f64 {
        // −γ − 1 + shift + γ ratio + e^−shift Γ(1 + ratio) − ln ratio, as a sum of two terms that are never negative.
        let (v, bregman) = log_mean(of);
        exp_excess(v) + bregman
    }

    fn slopes(&self, of: Relative) -> Vec2 {
        let growth = log_mean(of).0.exp_m1();
        let slope = digamma(of.ratio);
        Vec2::new(-growth, growth * (slope + 1.0 / of.ratio) + (slope + EULER))
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
