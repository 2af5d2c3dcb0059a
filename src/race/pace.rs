//! Equal pace: a step is stretched or shortened along its direction until it has a given KL(old ‖ new).
//!
//! The direction and the optimizer's internal state are unaffected; its next gradient is that at the rescaled point.

use super::Plane;
use crate::math::{Mat2, Vec2};
use crate::optimizer::Problem;

/// The number of doublings of the step before the search gives up.
const DOUBLINGS: u32 = 200;
/// The number of halvings of the interval: more than the bits of an f64 mantissa.
const HALVINGS: u32 = 60;

/// The point on the ray from `x` through `next` at which KL(old ‖ new) is `kl`, never above it; `None` if the ray has
/// no direction or its KL stays below. `metric` is F at `x`.
pub(super) fn rescale(plane: &Plane, metric: &Mat2, x: Vec2, next: Vec2, kl: f64) -> Option<Vec2> {
    let direction = next - x;
    let at = |t: f64| x + direction * t;
    // A point outside the family counts as too far.
    let long = |t: f64| {
        let point = at(t);
        !(plane.contains(point.as_slice()) && plane.kl(x.as_slice(), point.as_slice()) <= kl)
    };
    let guess = (2.0 * kl / direction.dot(&(metric * direction))).sqrt();
    if !(guess.is_finite() && guess > 0.0) {
        return None;
    }
    let (mut low, mut high) = (0.0, guess);
    let mut doublings = 0;
    while !long(high) {
        (low, high) = (high, 2.0 * high);
        doublings += 1;
        if doublings == DOUBLINGS || !high.is_finite() {
            return None;
        }
    }
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if long(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    (low > 0.0).then(|| at(low))
}
