//! Special functions, and the differences of their values that information geometry needs.
//!
//! Divergences and Fisher determinants are small differences of large terms. This module has those differences, each in
//! a form without cancellation; the plain functions are by-products. Knows nothing of distributions.

use std::f64::consts::{FRAC_1_SQRT_2, PI, TAU};

use ::special::{Error, Gamma};

use super::root::newton_positive;
use super::stirling::{
    BERNOULLI, SLOPE_SERIES, STIRLING, bend_series, cubed_reciprocals, divided, excess_drop_at, excess_series, lifted,
    polynomial, reciprocals, squared_reciprocals, stirling_bend, stirling_curvature, stirling_rest,
    stirling_rest_bregman, stirling_slope,
};

/// Euler's constant γ = −ψ(1).
pub const EULER: f64 = 0.577_215_664_901_532_9;

/// Relative differences up to which `x − ln(1 + x)` and `e^x − 1 − x` are summed as series.
const NEAR: f64 = 0.1;

/// `x − ln(1 + x)` for x > −1, without cancellation near zero.
///
/// The KL divergence between two scales is this function of their relative difference: quadratic near zero.
#[must_use]
pub fn x_minus_ln1p(x: f64) -> f64 {
    if x.abs() > NEAR { x - x.ln_1p() } else { x_minus_ln1p_series(x) }
}

fn x_minus_ln1p_series(x: f64) -> f64 {
    // ln(1 + x) = 2 artanh(z), z = x/(2 + x); x = 2z + xz.
    let z = x / (2.0 + x);
    let z2 = z * z;
    let series =
        z2 * (1.0 / 3.0 + z2 * (1.0 / 5.0 + z2 * (1.0 / 7.0 + z2 * (1.0 / 9.0 + z2 * (1.0 / 11.0 + z2 / 13.0)))));
    x * z - 2.0 * z * series
}

/// `r − 1 − ln r` at r = a/b for a, b > 0, given also `difference` = a − b. Accurate both where a and b nearly agree
/// and where r is so small that r − 1 rounds to −1.
#[must_use]
pub fn ratio_excess(a: f64, b: f64, difference: f64) -> f64 {
    let x = difference / b;
    if x.abs() > NEAR { x - (a / b).ln() } else { x_minus_ln1p_series(x) }
}

/// `ln(a/b)` for a, b > 0, given also `difference` = a − b; accurate even where the two nearly agree.
#[must_use]
pub fn ln_ratio(a: f64, b: f64, difference: f64) -> f64 {
    let x = difference / b;
    if x.abs() > NEAR { (a / b).ln() } else { x.ln_1p() }
}

/// `e^x − 1 − x`, without cancellation near zero.
#[must_use]
pub fn exp_excess(x: f64) -> f64 {
    if x.abs() > NEAR {
        return x.exp_m1() - x;
    }
    let mut tail = 1.0;
    for n in [11.0, 10.0, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0] {
        tail = 1.0 + tail * x / n;
    }
    0.5 * x * x * tail
}

/// `e^t E₁(t)` for t > 0, where E₁(t) = ∫ e^−s/s ds from t to ∞: −ln t − γ for small t, 1/t for large t (Abramowitz &
/// Stegun 1964, 5.1.11; from t = 1.5 on 5.1.22, by Lentz's method).
#[must_use]
pub fn exp_integral_scaled(t: f64) -> f64 {
    if t < 1.5 {
        let (mut term, mut sum) = (1.0, 0.0);
        for n in 1..40 {
            let n = f64::from(n);
            term *= -t / n;
            sum -= term / n;
        }
        return t.exp() * (sum - t.ln() - EULER);
    }
    let (mut b, mut d) = (t + 1.0, 1.0 / (t + 1.0));
    let (mut c, mut product) = (f64::INFINITY, d);
    for n in 1..200 {
        let a = -f64::from(n * n);
        b += 2.0;
        d = 1.0 / (a * d + b);
        c = b + a / c;
        product *= c * d;
        if (c * d - 1.0).abs() < 1e-16 {
            break;
        }
    }
    product
}

/// Mills' ratio of the normal distribution, P(Z > x)/φ(x), for x ≥ 0, to a relative error of 1e-4: enough for the
/// extent of a picture.
#[must_use]
pub fn mills(x: f64) -> f64 {
    if x < 5.0 {
        return 0.5 * (x * FRAC_1_SQRT_2).compl_error() * (0.5 * x * x).exp() * TAU.sqrt();
    }
    let w = 1.0 / (x * x);
    (1.0 - w * (1.0 - 3.0 * w * (1.0 - 5.0 * w * (1.0 - 7.0 * w)))) / x
}

/// ln Γ(x) for x > 0.
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    Gamma::ln_gamma(x).0
}

/// ψ(x) = d ln Γ/dx for x > 0, to 1e-15 · max(1, |ψ|).
#[must_use]
pub fn digamma(x: f64) -> f64 {
    let (large, steps) = lifted(x);
    large.ln() + stirling_slope(large) - reciprocals(x, steps)
}

/// ln |Γ(x)|, ψ(x) and ψ′(x) for any x; for x ≤ 0 by reflection (Abramowitz & Stegun 6.1.17, 6.3.7, 6.4.7). At the
/// poles 0, −1, −2, ... the value is infinite and the derivatives are NaN.
#[must_use]
pub fn ln_gamma_derivatives(x: f64) -> [f64; 3] {
    if x > 0.0 {
        return [ln_gamma(x), digamma(x), trigamma(x)];
    }
    let (sin, cos) = (PI * (x - x.round())).sin_cos();
    if sin == 0.0 {
        return [f64::INFINITY, f64::NAN, f64::NAN];
    }
    let mirror = 1.0 - x;
    let slope = digamma(mirror) - PI * cos / sin;
    [(PI / sin.abs()).ln() - ln_gamma(mirror), slope, (PI / sin) * (PI / sin) - trigamma(mirror)]
}

/// ψ(x) − ln x < 0 for x > 0: −1/(2x) for large x, −1/x for small x.
#[must_use]
pub fn digamma_minus_ln(x: f64) -> f64 {
    let (large, steps) = lifted(x);
    if steps == 0 {
        return stirling_slope(large);
    }
    (f64::from(steps) / x).ln_1p() + stirling_slope(large) - reciprocals(x, steps)
}

/// ψ′(x) for x > 0.
#[must_use]
pub fn trigamma(x: f64) -> f64 {
    let (large, steps) = lifted(x);
    squared_reciprocals(x, steps) + (1.0 / large + stirling_curvature(large))
}

/// ψ′(x) − 1/x > 0 for x > 0: 1/(2x²) for large x, 1/x² for small x.
///
/// The Fisher information of a gamma distribution about its shape if its mean is known.
#[must_use]
pub fn trigamma_excess(x: f64) -> f64 {
    let (large, steps) = lifted(x);
    if steps == 0 {
        return stirling_curvature(large);
    }
    // 1/large − 1/x = −steps/(x large).
    squared_reciprocals(x, steps) + (stirling_curvature(large) - f64::from(steps) / (x * large))
}

/// ψ″(x) < 0 for x > 0.
#[must_use]
pub fn tetragamma(x: f64) -> f64 {
    let (large, steps) = lifted(x);
    -1.0 / (large * large) - stirling_bend(large) - 2.0 * cubed_reciprocals(x, steps)
}

/// ψ″(x) + 1/x² < 0 for x > 0: −1/x³ for large x, −2/x³ for small x. The derivative of [`trigamma_excess`].
#[must_use]
pub fn tetragamma_excess(x: f64) -> f64 {
    let (large, steps) = lifted(x);
    // 1/x² − 1/large² = steps (x + large)/(x large)².
    let lift = f64::from(steps) * (x + large) / (x * large * x * large);
    lift - stirling_bend(large) - 2.0 * cubed_reciprocals(x, steps)
}

/// ψ(x + d) − ψ(x) for x > 0 and d ≥ 0: accurate however small d is relative to x.
#[must_use]
pub fn digamma_rise(x: f64, d: f64) -> f64 {
    let (large, steps) = lifted(x);
    let terms = (0..steps).rev().map(|k| {
        let y = x + f64::from(k);
        d / y / (y + d)
    });
    let below: f64 = terms.sum();
    // Stirling's ln x − u/2 − u²/12 + u⁴ S(u²) at u = 1/x, as a difference quotient.
    let (u, v) = (1.0 / large, 1.0 / (large + d));
    let (w, z) = (u * u, v * v);
    let (at, quotient) = divided(&SLOPE_SERIES, w, z);
    let tail = (u + v) * (1.0 / 12.0 - ((w + z) * at + z * z * quotient));
    below + (d * u).ln_1p() + d * u * v * (0.5 + tail)
}

/// ψ′(x) − ψ′(x + d) for x > 0 and d ≥ 0: accurate however small d is relative to x.
#[must_use]
pub fn trigamma_drop(x: f64, d: f64) -> f64 {
    let (large, steps) = lifted(x);
    // 1/y² − 1/(y + d)² = d (2y + d)/(y (y + d))².
    let terms = (0..steps).rev().map(|k| {
        let y = x + f64::from(k);
        let z = y + d;
        d * (y + z) / (y * z) / (y * z)
    });
    let below: f64 = terms.sum();
    below + d / (large * (large + d)) + excess_drop_at(large, d)
}

/// e(x) − e(x + d) for e = ψ′(x) − 1/x, x > 0 and d ≥ 0.
#[must_use]
pub fn trigamma_excess_drop(x: f64, d: f64) -> f64 {
    if x >= STIRLING { excess_drop_at(x, d) } else { trigamma_drop(x, d) - d / (x * (x + d)) }
}

/// ψ″(x + d) − ψ″(x) for x > 0 and d ≥ 0: accurate however small d is relative to x.
#[must_use]
pub fn tetragamma_rise(x: f64, d: f64) -> f64 {
    let (large, steps) = lifted(x);
    // 1/y³ − 1/z³ = d (y² + yz + z²)/(yz)³.
    let terms = (0..steps).rev().map(|k| {
        let y = x + f64::from(k);
        let z = y + d;
        2.0 * d * ((y / z) + 1.0 + (z / y)) / (y * z) / (y * z)
    });
    let below: f64 = terms.sum();
    // Stirling's −ψ″ = u² + u³ + u⁴ S(u²) at u = 1/x, as a difference quotient.
    let (u, v) = (1.0 / large, 1.0 / (large + d));
    let (w, z) = (u * u, v * v);
    let (at, quotient) = divided(&bend_series(), w, z);
    let tail = (u + v) * ((w + z) * at + z * z * quotient);
    below + d * u * v * ((u + v) + (w + u * v + z) + tail)
}

/// ψ′(x)² + ψ″(x) > 0 for x > 0: 1/(12 x⁴) for large x, 1/x⁴ for small x.
#[must_use]
pub fn trigamma_square_excess(x: f64) -> f64 {
    let (large, steps) = lifted(x);
    // With s = ψ′² + ψ″, s(x) − s(x + 1) = (2/x²)(ψ′(x) − 1/x − 1/(2x²)) > 0.
    let terms = (0..steps).rev().map(|k| {
        let y = x + f64::from(k);
        let square = y * y;
        2.0 / square * (trigamma_excess(y) - 0.5 / square)
    });
    let below: f64 = terms.sum();
    let u = 1.0 / large;
    let w = u * u;
    let rest = w * polynomial(w, &BERNOULLI);
    // The first coefficient of the series, −1/6, and 1/4 add up to 1/12.
    below + w * (w * (1.0 / 12.0 + w * polynomial(w, &excess_series()[1..])) + rest * (u + rest))
}

/// 2e + x e′ < 0 for e = ψ′(x) − 1/x and x > 0, so that (x² e)′ is x times this: −1/(6x³) for large x, −1/x for small
/// x.
#[must_use]
pub fn trigamma_excess_bend(x: f64) -> f64 {
    let (large, steps) = lifted(x);
    let u = 1.0 / large;
    let w = u * u;
    let bend = w * u * polynomial(w, &excess_series());
    if steps == 0 {
        return bend;
    }
    let n = f64::from(steps);
    let terms = (0..steps).rev().map(|k| 2.0 * f64::from(k) / (x + f64::from(k)).powi(3));
    let below: f64 = terms.sum();
    below - n / large * (n / large) / x + (bend + n * stirling_bend(large))
}

/// ln Γ(x) − x ln x + x for x > 0: ln Γ without the leading terms of Stirling's formula. Its derivative is
/// [`digamma_minus_ln`].
#[must_use]
pub fn ln_gamma_rest(x: f64) -> f64 {
    if x < STIRLING {
        ln_gamma(x) - x * x.ln() + x
    } else {
        0.5 * (std::f64::consts::TAU / x).ln() + 1.0 / (12.0 * x) + stirling_rest(x)
    }
}

/// The Bregman divergence of ln Γ, ln Γ(q) − ln Γ(p) − (q − p) ψ(p), for p, q > 0, given also `difference` = q − p.
///
/// This is the KL divergence KL(p ‖ q) in an exponential family whose log partition function is ln Γ.
#[must_use]
pub fn ln_gamma_bregman(q: f64, p: f64, difference: f64) -> f64 {
    // `ln_gamma_rest` lacks x ln x − x, whose Bregman divergence is q ln(q/p) − q + p.
    ln_gamma_rest_bregman(q, p, difference) + q * ratio_excess(p, q, -difference)
}

/// The Bregman divergence of [`ln_gamma_rest`] for p, q > 0, given also `difference` = q − p.
#[must_use]
pub fn ln_gamma_rest_bregman(q: f64, p: f64, difference: f64) -> f64 {
    if difference.abs() > 0.5 * p {
        return ln_gamma_rest(q) - ln_gamma_rest(p) - difference * digamma_minus_ln(p);
    }
    // Term by term: ln Γ(x) = ln Γ(X) − Σ ln(x + k), X = x + n, with Stirling's series for ln Γ(X).
    let (_, steps) = lifted(p.min(q));
    let shift = f64::from(steps);
    let (large_q, large_p) = (q + shift, p + shift);
    let mut sum = 0.5 * ratio_excess(large_q, large_p, difference)
        + difference * difference / (12.0 * large_p * large_p * large_q)
        + stirling_rest_bregman(large_q, large_p, difference);
    if steps > 0 {
        sum += large_q * ratio_excess(large_p, large_q, -difference) - q * ratio_excess(p, q, -difference);
        for k in 0..steps {
            let k = f64::from(k);
            sum += ratio_excess(q + k, p + k, difference);
        }
    }
    sum
}

/// The x > 0 with ψ(x) = y. Newton's method from the initial value of Minka (2000), "Estimating a Dirichlet
/// distribution", appendix C.
#[must_use]
pub fn inverse_digamma(y: f64) -> f64 {
    let start = if y >= -2.22 { y.exp() + 0.5 } else { -1.0 / (y + EULER) };
    newton_positive(|x| (digamma(x) - y) / trigamma(x), start)
}

/// The x > 0 with ψ(x) − ln x = −c for c > 0: the maximum-likelihood estimate of a gamma distribution's shape (Minka
/// 2002).
#[must_use]
pub fn inverse_digamma_minus_ln(c: f64) -> f64 {
    let start = (3.0 - c + ((c - 3.0) * (c - 3.0) + 24.0 * c).sqrt()) / (12.0 * c);
    // Newton's method on ln(ln x − ψ(x)) as a function of ln x, which is nearly linear with slope −1.
    newton_positive(
        |x| {
            let gap = -digamma_minus_ln(x);
            // d ln gap/d ln x = −x (ψ′ − 1/x)/gap.
            let log_step = -ln_ratio(gap, c, gap - c) * gap / (x * trigamma_excess(x));
            -x * (-log_step).exp_m1()
        },
        start.max(0.5 / c),
    )
}
