//! Means of a function at the many points of a picture: rougher than `expectation` gives them, by the same integrals.

use super::expectation::Expectation;
use crate::math::Vec2;

/// The goal of a mean's error in a picture, relative to the mean of |f − a constant|; twenty times that is accepted.
const ENOUGH: f64 = 1e-6;

/// E f at the points of a row; NaN at those that are none and where f has no mean or none that is found.
pub fn means(of: &Expectation, points: &[Vec2], out: &mut [f64]) {
    for (out, p) in out.iter_mut().zip(points) {
        *out = if p[0].is_nan() { f64::NAN } else { of.rough(*p, ENOUGH).unwrap_or(f64::NAN) };
    }
}
