//! The Wasserstein metric of a mixture of two Gaussians.
//!
//! If a mean moves, mass at x moves with the velocity −∂ᵢP/p: the share of that component in the density at x, so that G is
//! the matrix of E rᵢrⱼ of the shares r. It depends on the separation of the means alone, and is singular where that is zero.

use std::f64::consts::TAU;

use super::mixture::{REACH, fineness, nodes};
use crate::math::Mat2;

/// E r rᵀ of the shares of components with these weights, whose means are `d` standard deviations apart.
///
/// With c the variance of either share, which is all that keeps the matrix from being singular.
pub(super) fn metric([a, b]: [f64; 2], d: f64) -> Mat2 {
    let c = variance([a, b], d);
    Mat2::new(a * a + c, a * b - c, a * b - c, b * b + c)
}

/// E (r − a)² of the first component's share r: by the trapezoidal rule, as the family's other integrals.
fn variance([a, b]: [f64; 2], d: f64) -> f64 {
    let (nodes, step) = nodes([0.0, d], fineness(d.abs().min(2.0 * REACH)));
    let part = |x: &f64| {
        let z = x - d;
        let (first, second) = ((-0.5 * x * x).exp(), (-0.5 * z * z).exp());
        // r − a = ab (1 − e)/(a + be), e = second/first, and the same with 1/e where that is below one.
        let log = d * (x - 0.5 * d);
        let (rise, small) = ((-log.abs()).exp_m1(), (-log.abs()).exp());
        let off = a * b * rise / if log > 0.0 { a * small + b } else { a + b * small };
        (a * first + b * second) * off * off
    };
    step / TAU.sqrt() * nodes.iter().map(part).sum::<f64>()
}
