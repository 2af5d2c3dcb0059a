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
