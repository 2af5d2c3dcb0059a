//! The Wasserstein metric of a mixture of two Gaussians.
//!
//! If a mean moves, mass at x moves with the velocity −∂ᵢP/p: the share of that component in the density at x, so that G is
//! the matrix of E rᵢrⱼ of the shares r. It depends on the separation of the means alone, and is singular where that is zero.

use std::f64::consts::TAU;

use crate::math::Mat2;

/// E r rᵀ of the shares of components with these weights, whose means are 0 and `d` standard deviations; `rule` has the
/// nodes of the trapezoidal rule around them and its step.
///
/// With c the variance of either share, which is all that keeps the matrix from being singular.
pub(super) fn metric([a, b]: [f64; 2], d: f64, rule: &(Vec<f64>, f64)) -> Mat2 {
    let c = variance([a, b], d, rule);
    Mat2::new(a * a + c, a * b - c, a * b - c, b * b + c)
}

/// E (r − a)² of the first component's share r.
fn variance([a, b]: [f64; 2], d: f64, (nodes, step): &(Vec<f64>, f64)) -> f64 {
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
