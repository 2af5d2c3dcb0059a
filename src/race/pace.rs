//! Equal pace: a step is stretched or shortened along its direction until it has a given KL(old ‖ new).
//!
//! The direction and the optimizer's internal state are unaffected; its next gradient is that at the rescaled point.

use crate::math::linear::dot;
use crate::problem::Site;

/// The number of doublings of the step before the search gives up.
const DOUBLINGS: u32 = 200;
/// The number of halvings of the interval: more than the bits of an f64 mantissa.
const HALVINGS: u32 = 60;

/// Moves `next` along its ray from the site until KL(old ‖ new) is `kl`, never above it; `false` if the ray has no
/// direction or its KL stays below.
pub(super) fn rescale(site: &dyn Site, next: &mut [f64], kl: f64) -> bool {
    let x = site.x();
    let direction: Vec<f64> = next.iter().zip(x).map(|(new, old)| new - old).collect();
    let go = |t: f64, point: &mut [f64]| {
        for ((point, x), d) in point.iter_mut().zip(x).zip(&direction) {
            *point = x + d * t;
        }
    };
    // A point outside the space counts as too far.
    let long = |t: f64, point: &mut [f64]| {
        go(t, point);
        !(site.problem().violation(point).is_none() && site.kl_to(point) <= kl)
    };
    site.metric().times(&direction, next);
    let guess = (2.0 * kl / dot(&direction, next)).sqrt();
    if !(guess.is_finite() && guess > 0.0) {
        return false;
    }
    let (mut low, mut high) = (0.0, guess);
    let mut doublings = 0;
    while !long(high, next) {
        (low, high) = (high, 2.0 * high);
        doublings += 1;
        if doublings == DOUBLINGS || !high.is_finite() {
            return false;
        }
    }
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if long(middle, next) {
            high = middle;
        } else {
            low = middle;
        }
    }
    go(low, next);
    low > 0.0
}
