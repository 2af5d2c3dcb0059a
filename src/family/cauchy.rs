//! The Cauchy family scale/(π (scale² + (x − location)²)).
//!
//! KL after Chyzak & Nielsen (2019), "A closed-form formula for the Kullback-Leibler divergence between Cauchy
//! distributions": symmetric, and a function of the hyperbolic distance.

use std::f64::consts::PI;
use std::sync::Arc;

use rand::Rng;
use rand_distr::{Distribution, Open01};

use super::FamilyInfo;
use super::location_scale::{CHARTS, LocationScale, PARAMETERS, Relative, Standard};
use crate::math::{Cubic, Vec2};

/// The registry row.
pub const INFO: FamilyInfo = FamilyInfo {
    name: "cauchy",
    doc: "Cauchy distributions on the real line, without mean or variance",
    density: "scale / (π (scale² + (x−location)²))",
    parameters: PARAMETERS,
    fixed: &[],
    charts: &CHARTS,
    synonyms: &[
        ("cauchy", &["lorentz", "lorentzian", "breit-wigner"]),
        ("location", &["median", "mu", "x0", "loc", "mean"]),
        ("scale", &["gamma", "sd", "sigma"]),
    ],
    example: [0.5, 1.2],
    build: |_| Arc::new(LocationScale::new(Cauchy)),
};

#[derive(Debug)]
struct Cauchy;

impl Standard for Cauchy {
    fn info(&self) -> &'static FamilyInfo {
        &INFO
    }

    fn log_density(&self, z: f64) -> f64 {
        -(PI * (1.0 + z * z)).ln()
    }

    fn pull(&self, z: f64) -> f64 {
        2.0 * z / (1.0 + z * z)
    }

    fn pull_slope(&self, z: f64) -> f64 {
        let square = 1.0 + z * z;
        2.0 * (1.0 - z * z) / (square * square)
    }

    fn fisher(&self) -> [f64; 3] {
        [0.5, 0.0, 0.5]
    }

    fn skewness(&self) -> Cubic {
        Cubic([0.0; 4])
    }

    fn divergence(&self, of: Relative) -> f64 {
        ((of.excess * of.excess + of.shift * of.shift) / (4.0 * of.ratio)).ln_1p()
    }

    fn slopes(&self, of: Relative) -> Vec2 {
        let sum = of.ratio + 1.0;
        let square = sum * sum + of.shift * of.shift;
        Vec2::new(2.0 * of.shift, (of.excess * sum - of.shift * of.shift) / of.ratio) / square
    }

    fn second_derivatives(&self, of: Relative) -> [f64; 3] {
        // Of ln((r + 1)² + d²) − ln 4r.
        let (d, sum) = (of.shift, of.ratio + 1.0);
        let inverse = 1.0 / (sum * sum + d * d);
        let bend = |a: f64, b: f64| -4.0 * a * b * inverse * inverse;
        [2.0 * inverse + bend(d, d), bend(d, sum), 2.0 * inverse + bend(sum, sum) + 1.0 / (of.ratio * of.ratio)]
    }

    fn moments(&self) -> [f64; 2] {
        [f64::NAN, f64::INFINITY]
    }

    fn entropy(&self) -> f64 {
        (4.0 * PI).ln()
    }

    fn sample(&self, rng: &mut dyn Rng) -> f64 {
        let u: f64 = Open01.sample(rng);
        (PI * (u - 0.5)).tan()
    }

    fn bulk(&self) -> (f64, f64) {
        (-318.309, 318.309)
    }
}
