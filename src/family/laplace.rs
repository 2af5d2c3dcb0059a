//! The Laplace family exp(−|x − location|/scale)/(2 scale).
//!
//! Fisher matrix diag(1, 1)/scale², though the density has a kink: the score is square integrable.

use std::f64::consts::LN_2;
use std::sync::Arc;

use rand::Rng;
use rand_distr::{Distribution, Exp1};

use super::FamilyInfo;
use super::location_scale::{CHARTS, LocationScale, PARAMETERS, Relative, Standard};
use crate::math::special::{exp_excess, ratio_excess};
use crate::math::{Cubic, Vec2};

/// The registry row.
pub const INFO: FamilyInfo = FamilyInfo {
    name: "laplace",
    doc: "double exponential distributions on the real line",
    density: "exp(−|x−location|/scale) / (2 scale)",
    parameters: PARAMETERS,
    fixed: &[],
    charts: &CHARTS,
    synonyms: &[
        ("laplace", &["double-exponential"]),
        ("location", &["mean", "mu", "loc", "median"]),
        ("scale", &["b", "sd", "sigma"]),
    ],
    example: [0.5, 1.2],
    build: |_| Arc::new(LocationScale::new(Laplace)),
};

#[derive(Debug)]
struct Laplace;

impl Standard for Laplace {
    fn info(&self) -> &'static FamilyInfo {
        &INFO
    }

    fn has_kink(&self) -> bool {
        true
    }

    fn log_density(&self, z: f64) -> f64 {
        -z.abs() - LN_2
    }

    /// Zero at the kink, the mean of its one-sided limits.
    fn pull(&self, z: f64) -> f64 {
        if z == 0.0 { 0.0 } else { z.signum() }
    }

    /// Zero; at the kink it does not exist.
    fn pull_slope(&self, _: f64) -> f64 {
        0.0
    }

    fn fisher(&self) -> [f64; 3] {
        [1.0, 0.0, 1.0]
    }

    fn skewness(&self) -> Cubic {
        Cubic([0.0, 0.0, 0.0, 2.0])
    }

    fn divergence(&self, of: Relative) -> f64 {
        // (r − 1 − ln r) + r (e^−u − 1 + u), where u is the shift in units of p's scale.
        let shift = of.shift.abs() / of.ratio;
        ratio_excess(of.ratio, 1.0, of.excess) + of.ratio * exp_excess(-shift)
    }

    fn slopes(&self, of: Relative) -> Vec2 {
        let shift = of.shift.abs() / of.ratio;
        // 1 − e^−u (1 + u) = e^−u (e^u − 1 − u), in the form without cancellation.
        let both = if shift < 1.0 { (-shift).exp() * exp_excess(shift) } else { 1.0 - (-shift).exp() * (1.0 + shift) };
        Vec2::new(-(-shift).exp_m1() * self.pull(of.shift), of.excess / of.ratio - both)
    }

    fn second_derivatives(&self, of: Relative) -> [f64; 3] {
        // The kink of log g makes φ′ a point mass: these are the derivatives of the gradient above.
        let shift = of.shift.abs() / of.ratio;
        let e = (-shift).exp() / of.ratio;
        [e, -shift * e * self.pull(of.shift), shift * shift * e + 1.0 / (of.ratio * of.ratio)]
    }

    fn moments(&self) -> [f64; 2] {
        [0.0, 2.0]
    }

    fn entropy(&self) -> f64 {
        1.0 + LN_2
    }

    fn sample(&self, rng: &mut dyn Rng) -> f64 {
        let (up, down): (f64, f64) = (Exp1.sample(rng), Exp1.sample(rng));
        up - down
    }

    fn bulk(&self) -> (f64, f64) {
        (-6.215, 6.215)
    }
}
