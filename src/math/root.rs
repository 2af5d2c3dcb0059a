//! Roots of monotone functions, within a bounded number of steps.
//!
//! Does not look for the interval: the caller knows where the root is.

/// The point between `low` and `high` where a rising function crosses zero, to 2⁻⁶⁰ of the interval.
///
/// Ends of different sign are not required: where the function is below zero everywhere, the answer is near `high`.
pub fn bisect(rising: impl Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    let (mut low, mut high) = (low, high);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if rising(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Newton's method on a rising function of a positive number; `step` gives value over slope.
///
/// A step that would take more than nine tenths of the number away is cut to that. Ends where a step is below one part
/// in 1e15, after 60 at the latest.
pub fn newton_positive(step: impl Fn(f64) -> f64, start: f64) -> f64 {
    let mut x = start;
    for _ in 0..60 {
        let next = (x - step(x)).max(0.1 * x);
        let close = (next - x).abs() <= 1e-15 * x;
        x = next;
        if close {
            break;
        }
    }
    x
}
