//! Interval arithmetic (Moore 1966) in f64, without outward rounding.

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use super::function::raise;

/// The lower and the upper bound; (−∞, ∞) if nothing is known.
pub type Range = [f64; 2];

pub const ANY: Range = [f64::NEG_INFINITY, f64::INFINITY];

pub fn hull(values: &[f64]) -> Range {
    if values.iter().any(|x| x.is_nan()) {
        return ANY;
    }
    [values.iter().copied().fold(f64::INFINITY, f64::min), values.iter().copied().fold(f64::NEG_INFINITY, f64::max)]
}

pub fn plus(a: Range, b: Range) -> Range {
    hull(&[a[0] + b[0], a[1] + b[1]])
}

pub fn minus(a: Range) -> Range {
    [-a[1], -a[0]]
}

pub fn times(a: Range, b: Range) -> Range {
    // Zero times an unbounded factor is zero: the infinity is a bound, not a value.
    let product = |x: f64, y: f64| if x == 0.0 || y == 0.0 { 0.0 } else { x * y };
    hull(&[product(a[0], b[0]), product(a[0], b[1]), product(a[1], b[0]), product(a[1], b[1])])
}

pub fn holds(a: Range, x: f64) -> bool {
    a[0] <= x && x <= a[1]
}

/// The range of 1/x.
pub fn reciprocal(a: Range) -> Range {
    if a[0] > 0.0 || a[1] < 0.0 {
        [1.0 / a[1], 1.0 / a[0]]
    } else if a[0] == 0.0 && a[1] > 0.0 {
        [1.0 / a[1], f64::INFINITY]
    } else if a[1] == 0.0 && a[0] < 0.0 {
        [f64::NEG_INFINITY, 1.0 / a[0]]
    } else {
        ANY
    }
}

/// The range of xⁿ for an integer n.
pub fn whole(a: Range, n: f64) -> Range {
    if n < 0.0 {
        return reciprocal(whole(a, -n));
    }
    let ends = [raise(a[0], n), raise(a[1], n)];
    let even = n % 2.0 == 0.0;
    if even && a[0] <= 0.0 && a[1] >= 0.0 { [0.0, ends[0].max(ends[1])] } else { hull(&ends) }
}

/// The least and the largest |x|.
pub fn sizes(a: Range) -> Range {
    let least = if holds(a, 0.0) { 0.0 } else { a[0].abs().min(a[1].abs()) };
    [least, a[0].abs().max(a[1].abs())]
}

/// The range of cos x.
pub fn cosine(a: Range) -> Range {
    if !(a[1] - a[0] < TAU && a[0].abs() < 1e15) {
        return [-1.0, 1.0];
    }
    let passes = |x: f64| ((a[0] - x) / TAU).ceil() * TAU + x <= a[1];
    let [low, high] = hull(&[a[0].cos(), a[1].cos()]);
    [if passes(PI) { -1.0 } else { low }, if passes(0.0) { 1.0 } else { high }]
}

pub fn sine(a: Range) -> Range {
    cosine([a[0] - FRAC_PI_2, a[1] - FRAC_PI_2])
}

pub fn monotone(a: Range, f: impl Fn(f64) -> f64) -> Range {
    hull(&[f(a[0]), f(a[1])])
}

pub fn even(a: Range, f: impl Fn(f64) -> f64) -> Range {
    let [least, most] = sizes(a);
    hull(&[f(least), f(most)])
}
