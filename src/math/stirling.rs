//! Stirling's series of ln Γ and its derivatives, and the recurrences that lead to it.
//!
//! The series is that of Abramowitz & Stegun (1964), 6.1.40, 6.3.18 and 6.4.12, used for arguments ≥ [`STIRLING`], where its
//! first omitted term is below 1e-17. Smaller arguments are shifted up by the recurrences 6.1.15, 6.3.5 and 6.4.6.

/// The argument from which Stirling's series is used.
pub(super) const STIRLING: f64 = 8.0;

/// The Bernoulli numbers B₂, B₄, ..., B₂₂.
pub(super) const BERNOULLI: [f64; 11] = [
    1.0 / 6.0,
    -1.0 / 30.0,
    1.0 / 42.0,
    -1.0 / 30.0,
    5.0 / 66.0,
    -691.0 / 2730.0,
    7.0 / 6.0,
    -3617.0 / 510.0,
    43_867.0 / 798.0,
    -174_611.0 / 330.0,
    854_513.0 / 138.0,
];

/// x shifted up by unit steps until Stirling's series applies, and the number of steps.
pub(super) fn lifted(x: f64) -> (f64, u32) {
    // Outside the domain there is nothing to shift: the logarithms that follow are NaN.
    if x >= STIRLING || x <= 0.0 || x.is_nan() {
        return (x, 0);
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 8")]
    let steps = (STIRLING - x).ceil() as u32;
    (x + f64::from(steps), steps)
}

/// Σ 1/(x + k) over k < steps, the largest term last.
pub(super) fn reciprocals(x: f64, steps: u32) -> f64 {
    (0..steps).rev().map(|k| 1.0 / (x + f64::from(k))).sum()
}

/// Σ 1/(x + k)² over k < steps, the largest term last.
pub(super) fn squared_reciprocals(x: f64, steps: u32) -> f64 {
    let squared = |k| {
        let term = 1.0 / (x + f64::from(k));
        term * term
    };
    (0..steps).rev().map(squared).sum()
}

/// Σ 1/(x + k)³ over k < steps, the largest term last.
pub(super) fn cubed_reciprocals(x: f64, steps: u32) -> f64 {
    (0..steps).rev().map(|k| (x + f64::from(k)).powi(-3)).sum()
}

/// The polynomial by Horner's rule; the constant coefficient comes first.
pub(super) fn polynomial(x: f64, coefficients: &[f64]) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// ψ(x) − ln x for x ≥ [`STIRLING`].
pub(super) fn stirling_slope(x: f64) -> f64 {
    let w = 1.0 / (x * x);
    -0.5 / x - w / 12.0 + stirling_rest_slope(x)
}

/// ψ′(x) − 1/x for x ≥ [`STIRLING`].
pub(super) fn stirling_curvature(x: f64) -> f64 {
    let u = 1.0 / x;
    let w = u * u;
    w * (0.5 + u * polynomial(w, &BERNOULLI))
}

/// −ψ″(x) − 1/x² for x ≥ [`STIRLING`].
pub(super) fn stirling_bend(x: f64) -> f64 {
    let u = 1.0 / x;
    let w = u * u;
    w * u * (1.0 + u * polynomial(w, &bend_series()))
}

/// (2k + 1) B₂ₖ.
pub(super) fn bend_series() -> [f64; 11] {
    let mut slope = 1.0;
    BERNOULLI.map(|b| {
        slope += 2.0;
        b * slope
    })
}

/// (1 − 2k) B₂ₖ.
pub(super) fn excess_series() -> [f64; 11] {
    let mut factor = 1.0;
    BERNOULLI.map(|b| {
        factor -= 2.0;
        b * factor
    })
}

/// `special::trigamma_excess_drop` for x ≥ [`STIRLING`].
pub(super) fn excess_drop_at(x: f64, d: f64) -> f64 {
    // u²/2 + u³ S(u²) at u = 1/x, as a difference quotient.
    let (u, v) = (1.0 / x, 1.0 / (x + d));
    let (w, z) = (u * u, v * v);
    let (at, quotient) = divided(&BERNOULLI, w, z);
    d * u * v * (0.5 * (u + v) + (w + u * v + z) * at + z * v * (u + v) * quotient)
}

/// A polynomial P at x and its divided difference (P(x) − P(y))/(x − y), computed without a division.
pub(super) fn divided(coefficients: &[f64], x: f64, y: f64) -> (f64, f64) {
    coefficients.iter().rev().fold((0.0, 0.0), |(p, q), c| (p * x + c, q * y + p))
}

/// Stirling's series of ln Γ(x) from the term in x⁻³ on.
pub(super) fn stirling_rest(x: f64) -> f64 {
    let u = 1.0 / x;
    let w = u * u;
    let series = [
        -1.0 / 360.0,
        1.0 / 1260.0,
        -1.0 / 1680.0,
        1.0 / 1188.0,
        -691.0 / 360_360.0,
        1.0 / 156.0,
        -3617.0 / 122_400.0,
        43_867.0 / 244_188.0,
        -174_611.0 / 125_400.0,
    ];
    w * u * polynomial(w, &series)
}

/// The Bregman divergence of [`stirling_rest`].
pub(super) fn stirling_rest_bregman(q: f64, p: f64, difference: f64) -> f64 {
    if difference.abs() > 1e-4 * p {
        return stirling_rest(q) - stirling_rest(p) - difference * stirling_rest_slope(p);
    }
    // ½ d² f″(p + d/3) has an error of fourth order in d.
    let u = 1.0 / (p + difference / 3.0);
    let w = u * u;
    0.5 * difference * difference * u * w * w * polynomial(w, &BERNOULLI[1..])
}

/// The coefficients of S in ψ(x) − ln x + 1/(2x) + 1/(12x²) = x⁻⁴ S(x⁻²) for large x.
pub(super) const SLOPE_SERIES: [f64; 9] = [
    1.0 / 120.0,
    -1.0 / 252.0,
    1.0 / 240.0,
    -1.0 / 132.0,
    691.0 / 32_760.0,
    -1.0 / 12.0,
    3617.0 / 8160.0,
    -43_867.0 / 14_364.0,
    174_611.0 / 6600.0,
];

/// The derivative of [`stirling_rest`].
fn stirling_rest_slope(x: f64) -> f64 {
    let w = 1.0 / (x * x);
    w * w * polynomial(w, &SLOPE_SERIES)
}
