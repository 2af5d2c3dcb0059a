//! The modified Bessel functions I₀ and I₁ as directional statistics needs them: ln I₀, the ratio I₁/I₀ and its
//! derivatives.
//!
//! Not a Bessel library: only differences and quotients that keep their relative accuracy from x → 0 to x → 10⁸ and
//! beyond. Below `LARGE`, power series of products of the two functions (Abramowitz & Stegun 1964, 9.6.10; products
//! after 9.1.14), combined so that every term is positive; above, the asymptotic series of I₁/I₀, whose coefficients
//! follow from the Riccati equation A′ = 1 − A/x − A².

use std::f64::consts::TAU;

use super::quadrature::GAUSS_16;
use super::root::newton_positive;

/// The argument from which the asymptotic series is used; there its first omitted term is below 1e-20 of the leading
/// one.
const LARGE: f64 = 40.0;
/// The number of terms of the asymptotic series.
const TERMS: usize = 24;

/// The coefficients c of A(x) = Σ cₖ x⁻ᵏ: 2cₙ = (n − 2) cₙ₋₁ − Σ cᵢ cₙ₋ᵢ, all of one sign after the first.
const RATIO: [f64; TERMS] = ratio_coefficients();

const fn ratio_coefficients() -> [f64; TERMS] {
    let mut c = [1.0; TERMS];
    let mut n = 1;
    while n < TERMS {
        let mut sum = (n as f64 - 2.0) * c[n - 1];
        let mut i = 1;
        while i < n {
            sum -= c[i] * c[n - i];
            i += 1;
        }
        c[n] = 0.5 * sum;
        n += 1;
    }
    c
}

/// A = I₁/I₀ and its derivatives at one x > 0, each accurate to a few ulps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// A, between 0 and 1: x/2 for small x, 1 − 1/(2x) for large x.
    pub value: f64,
    /// 1 − A.
    pub gap: f64,
    /// A′ = 1 − A/x − A² > 0: 1/2 for small x, 1/(2x²) for large x.
    pub slope: f64,
    /// A″, negative.
    pub bend: f64,
    /// A/x − A′ > 0: x²/8 for small x, 1/x for large x.
    pub excess: f64,
}

/// Σₙ yⁿ (2n)!/n!⁴ · wₙ with y = x²/4 for three weights wₙ: 1, ½/(n+1)² and n/(n+1)². The sums are I₀², I₀² A′ and I₀²
/// (A/x − A′); the last equals x (I₀² A′)′.
fn series(x: f64) -> [f64; 3] {
    let y = 0.25 * x * x;
    let (mut term, mut n) = (1.0, 0.0);
    let mut sums = [0.0; 3];
    loop {
        let next = n + 1.0;
        let square = 1.0 / (next * next);
        for (sum, part) in sums.iter_mut().zip([1.0, 0.5 * square, n * square]) {
            *sum += term * part;
        }
        // (2n + 2)(2n + 1)/(n + 1)⁴.
        term *= y * 2.0 * (2.0 * n + 1.0) * square / next;
        n = next;
        // The terms increase before they decrease. The negated condition also ends the loop on NaN.
        if !(n < x || term > 1e-18 * sums[2]) {
            return sums;
        }
    }
}

impl Ratio {
    /// The ratio at x > 0.
    #[must_use]
    pub fn at(x: f64) -> Self {
        if x >= LARGE { Self::asymptotic(x) } else { Self::near(x) }
    }

    fn near(x: f64) -> Self {
        let [square, slope, excess] = series(x);
        let (slope, excess) = (slope / square, excess / square);
        let over = slope + excess;
        let value = x * over;
        // From (I₀² A′)′ = I₀² (A″ + 2AA′).
        let bend = excess / x - 2.0 * value * slope;
        let gap = (slope + over) / (1.0 + value);
        Self { value, gap, slope, bend, excess }
    }

    fn asymptotic(x: f64) -> Self {
        let u = 1.0 / x;
        let (mut gap, mut slope, mut bend) = (0.0, 0.0, 0.0);
        for (k, c) in RATIO.iter().enumerate().skip(1).rev() {
            let k = k as f64;
            gap = gap * u - c;
            slope = slope * u - k * c;
            bend = bend * u + k * (k + 1.0) * c;
        }
        let (gap, slope, bend) = (gap * u, slope * u * u, bend * u * u * u);
        Self { value: 1.0 - gap, gap, slope, bend, excess: u * (1.0 - gap) - slope }
    }
}

/// ln(e^−x I₀(x)) for x ≥ 0: 0 at x = 0, −½ ln(2πx) for large x.
#[must_use]
pub fn ln_i0_scaled(x: f64) -> f64 {
    if x < LARGE {
        return 0.5 * series(x)[0].ln() - x;
    }
    let u = 1.0 / x;
    let tail = RATIO.iter().enumerate().skip(2).rev().fold(0.0, |sum, (k, c)| sum * u - c / (k as f64 - 1.0));
    tail * u - 0.5 * (TAU * x).ln()
}

/// A(q) − A(p) for p, q > 0, given also `difference` = q − p; accurate even where q and p nearly agree.
#[must_use]
pub fn ratio_difference(q: f64, p: f64, difference: f64) -> f64 {
    if is_near(p, difference) {
        return difference * between(p, difference, |_| 1.0);
    }
    let (at_q, at_p) = (Ratio::at(q), Ratio::at(p));
    if at_p.value > 0.5 { at_p.gap - at_q.gap } else { at_q.value - at_p.value }
}

/// The Bregman divergence of ln I₀, ln I₀(q) − ln I₀(p) − (q − p) A(p), for p, q > 0, given also `difference` = q − p.
#[must_use]
pub fn ln_i0_bregman(q: f64, p: f64, difference: f64) -> f64 {
    if is_near(p, difference) {
        return difference * difference * between(p, difference, |t| 1.0 - t);
    }
    ln_i0_scaled(q) - ln_i0_scaled(p) + difference * Ratio::at(p).gap
}

/// Whether A′ is smooth enough between p and p + difference for [`between`].
fn is_near(p: f64, difference: f64) -> bool {
    difference.abs() <= 0.5 * p.max(1.0)
}

/// ∫₀¹ weight(t) A′(p + t·difference) dt, free of cancellation because the integrand has one sign. The poles of A′
/// nearest to the real axis are at ±2.4 i, so 16 Gauss nodes are accurate to rounding for intervals of up to half of
/// max(p, 1).
fn between(p: f64, difference: f64, weight: impl Fn(f64) -> f64) -> f64 {
    let at = |t: f64| weight(t) * Ratio::at(p + t * difference).slope;
    GAUSS_16.iter().map(|[node, w]| 0.5 * w * (at(0.5 - 0.5 * node) + at(0.5 + 0.5 * node))).sum()
}

/// The x > 0 with A(x) = r for 0 < r < 1, given also `gap` = 1 − r. Newton's method from the approximation of Best &
/// Fisher (1981).
#[must_use]
pub fn inverse_ratio(r: f64, gap: f64) -> f64 {
    let start = if r < 0.53 {
        r * (2.0 + r * r * (1.0 + 5.0 / 6.0 * r * r))
    } else if r < 0.85 {
        -0.4 + 1.39 * r + 0.43 / gap
    } else {
        // r³ − 4r² + 3r in terms of the gap.
        1.0 / (gap * (1.0 - gap) * (2.0 + gap))
    };
    newton_positive(
        |x| {
            let at = Ratio::at(x);
            let off = if r > 0.5 { gap - at.gap } else { at.value - r };
            // For large x, A is nearly 1 − 1/(2x): Newton's method is applied to 1/(1 − A), which is nearly linear
            // there.
            if r > 0.85 { off * at.gap / (gap * at.slope) } else { off / at.slope }
        },
        start,
    )
}
