//! One event by its log odds η, with probability σ(η) = 1/(1 + e⁻ᵑ): accurate where a probability is next to 0 or 1.

use crate::math::special::ratio_excess;

/// (σ(η), 1 − σ(η)), both accurate.
pub(crate) fn chances(eta: f64) -> [f64; 2] {
    let small = (-eta.abs()).exp();
    let [most, least] = [1.0 / (1.0 + small), small / (1.0 + small)];
    if eta >= 0.0 { [most, least] } else { [least, most] }
}

/// log σ(η).
pub(crate) fn log_chance(eta: f64) -> f64 {
    eta.min(0.0) - (-eta.abs()).exp().ln_1p()
}

/// Σ log(1 + s) of numbers from 0 to 1: one logarithm of a product for many of them, which costs no digits where every factor
/// is well above 1; a series where it is not.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LogProduct {
    sum: f64,
    product: f64,
}

impl LogProduct {
    /// The empty sum.
    pub(crate) const NONE: Self = Self { sum: 0.0, product: 1.0 };

    /// Adds log(1 + s).
    pub(crate) fn add(&mut self, s: f64) {
        if s < 1.0 / 16.0 {
            // 2 artanh(s/(2 + s)), whose argument's square is at most 1/1089.
            let z = s / (2.0 + s);
            let q = z * z;
            self.sum += 2.0 * z * (1.0 + q * (1.0 / 3.0 + q * (0.2 + q * (1.0 / 7.0 + q * (1.0 / 9.0 + q / 11.0)))));
        } else {
            self.product *= 1.0 + s;
            if self.product > 1e300 {
                *self = Self { sum: self.total(), ..Self::NONE };
            }
        }
    }

    /// The sum.
    pub(crate) fn total(self) -> f64 {
        self.sum + self.product.ln()
    }
}

/// σ(other) − σ(η) = p (1 − q)(e^(other − η) − 1), or the mirrored form where the exponential would grow. The plain
/// difference would cancel where both are next to one.
pub(crate) fn chance_difference(eta: f64, other: f64) -> f64 {
    let ([p, no_p], [q, no_q]) = (chances(eta), chances(other));
    let step = other - eta;
    if step > 0.0 { -q * no_p * (-step).exp_m1() } else { p * no_q * step.exp_m1() }
}

/// The KL divergence between two Bernoulli distributions, given their log odds.
pub(crate) fn event_kl(eta: f64, other: f64) -> f64 {
    let ([p, no_p], [q, no_q]) = (chances(eta), chances(other));
    let difference = chance_difference(eta, other);
    if p > 0.0 && no_p > 0.0 && q > 0.0 && no_q > 0.0 {
        p * ratio_excess(q, p, difference) + no_p * ratio_excess(no_q, no_p, -difference)
    } else {
        // A probability underflows: by the log odds.
        p * (log_chance(eta) - log_chance(other)) + no_p * (log_chance(-eta) - log_chance(-other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_of_many_has_the_sum_of_their_logarithms() {
        // Alone, where the series ends, where it begins, and as many as overflow a product.
        let alone = [0.0, 1e-300, 3e-9, 0.01, 0.0624, 0.0626, 0.5, 1.0].map(|s| vec![s]);
        let many: Vec<f64> = (0..5000_u32).map(|i| f64::from(i * 7919 % 5000) / 5000.0).collect();
        for all in alone.into_iter().chain([many]) {
            let mut product = LogProduct::NONE;
            all.iter().for_each(|s| product.add(*s));
            // By the system's log(1 + s), added up exactly enough: smallest first.
            let mut each: Vec<f64> = all.iter().map(|s| s.ln_1p()).collect();
            each.sort_by(f64::total_cmp);
            let sum: f64 = each.iter().sum();
            assert!((product.total() - sum).abs() <= 4e-15 * sum, "{}: {} {sum}", all.len(), product.total());
        }
        let mut product = LogProduct::NONE;
        product.add(f64::NAN);
        assert!(product.total().is_nan());
    }
}
