//! Special functions.

/// `x − ln(1 + x)` for x > −1, without cancellation near zero.
///
/// KL divergences of scales are this function of the relative difference, and quadratic there.
#[must_use]
pub fn x_minus_ln1p(x: f64) -> f64 {
    if x.abs() > 0.1 {
        return x - x.ln_1p();
    }
    // ln(1 + x) = 2 artanh(z), z = x/(2 + x); x = 2z + xz.
    let z = x / (2.0 + x);
    let z2 = z * z;
    let series =
        z2 * (1.0 / 3.0 + z2 * (1.0 / 5.0 + z2 * (1.0 / 7.0 + z2 * (1.0 / 9.0 + z2 * (1.0 / 11.0 + z2 / 13.0)))));
    x * z - 2.0 * z * series
}
