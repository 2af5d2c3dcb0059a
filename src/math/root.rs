//! Roots of monotone functions in a bounded number of steps.
//!
//! Does not search for a bracket or a starting point: those are the caller's.

/// The zero of an increasing function between `low` and `high`, to 2⁻⁶⁰ of the interval.
///
/// The function need not change sign: if it is negative everywhere the result is next to `high`, otherwise next to
/// `low`.
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

/// Newton's method for an increasing function of a positive variable; `step` returns f/f′.
///
/// A step never reduces x by more than nine tenths. Ends when a step is below 1e-15 of x, after 60 steps at the latest.
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
