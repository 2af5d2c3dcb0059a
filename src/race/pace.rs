//! One speed for all: a step is stretched or shortened along its direction until it has a given KL(old ‖ new).
//!
//! The direction, and what an optimizer remembers, stay its own: it sees the gradients of the points where it is put.

use super::Plane;
use crate::math::{Mat2, Vec2};
use crate::optimizer::Problem;

/// Doublings of the step that are tried before it is said that no step is that long.
const DOUBLINGS: u32 = 200;
/// Halvings of the interval: more than a double has digits.
const HALVINGS: u32 = 60;

/// The point on the ray from `x` through `next` at which KL(old ‖ new) is `kl`, never above it; none where the ray has no
/// direction, or its KL stays below. `metric` is F at `x`.
pub(super) fn rescale(plane: &Plane, metric: &Mat2, x: Vec2, next: Vec2, kl: f64) -> Option<Vec2> {
    let direction = next - x;
    let at = |t: f64| x + direction * t;
    // Outside of the family no KL is small.
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
