//! The largest KL(old ‖ new) that each region lets through, over all actions: not only those that have an axis.

use super::plane::Policy;

/// The largest KL within a region.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Most {
    /// This, or as near to it as one likes.
    Of(f64),
    /// No more than this: finding the corner would take too long.
    AtMost(f64),
}

/// The most corners of boxes that are visited.
const CORNERS: usize = 400_000;
/// A share of a probability that is rounding.
const ROUNDING: f64 = 1e-12;

/// Within the Fisher ellipsoid ½Σdp(ρ−1)² ≤ δ. KL is convex, so it is largest on its border, and there where only two ratios
/// occur (by Lagrange ρ solves a quadratic equation) and the smaller one belongs to the least probable action. Where the
/// ellipsoid reaches past ρ = 0, KL has no bound.
#[must_use]
pub fn ellipse(policy: &Policy, delta: f64) -> f64 {
    let k = policy.actions;
    let visited = policy.visits.iter().enumerate().filter(|(_, d)| **d > 0.0);
    let most = |(s, d): (usize, &f64)| {
        let p = policy.p[s * k..(s + 1) * k].iter().copied().fold(1.0, f64::min);
        let down = (2.0 * delta / d * (1.0 - p) / p).sqrt();
        if down < 1.0 { d * (-p * (-down).ln_1p() - (1.0 - p) * (down * p / (1.0 - p)).ln_1p()) } else { f64::INFINITY }
    };
    // All of δ spent in one state costs most, for the cost of a state grows faster than what it is given.
    visited.map(most).fold(0.0, f64::max)
}

/// Within low ≤ ρ ≤ high, whatever the policy: all at one of the two ends, with as much mass as sums to 1.
#[must_use]
pub fn any([low, high]: [f64; 2]) -> f64 {
    let share = (1.0 - low) / (high - low);
    if low > 0.0 { -share * high.ln() - (1.0 - share) * low.ln() } else { f64::INFINITY }
}

/// Within low ≤ ρ ≤ high for this policy: KL is convex, so it is largest at a corner, where all ratios of a state but one are
/// at an end.
#[must_use]
pub fn boxed(policy: &Policy, ends: [f64; 2]) -> Most {
    let k = policy.actions;
    let visited: Vec<usize> = (0..policy.visits.len()).filter(|s| policy.visits[*s] > 0.0).collect();
    let corners = visited.len().saturating_mul(k << (k - 1).min(40));
    if corners > CORNERS {
        return Most::AtMost(any(ends));
    }
    let state = |s: &usize| policy.visits[*s] * corner(&policy.p[s * k..(s + 1) * k], ends);
    Most::Of(visited.iter().map(state).sum())
}

/// The largest KL of the corners of one state.
fn corner(p: &[f64], [low, high]: [f64; 2]) -> f64 {
    let low = low.max(0.0);
    let mut most: f64 = 0.0;
    for free in 0..p.len() {
        let others: Vec<f64> = p.iter().enumerate().filter(|(i, _)| *i != free).map(|(_, p)| *p).collect();
        let all: f64 = others.iter().sum();
        for set in 0_u64..1 << others.len() {
            let up: f64 = others.iter().enumerate().filter(|(i, _)| set >> i & 1 == 1).map(|(_, p)| p).sum();
            let ratio = (1.0 - up * high - (all - up) * low) / p[free];
            if ratio < low - ROUNDING || ratio > high + ROUNDING {
                continue;
            }
            // The logarithm of a mass that is 0 costs nothing.
            let cost = |mass: f64, ratio: f64| if mass > ROUNDING { -mass * ratio.ln() } else { 0.0 };
            most = most.max(cost(up, high) + cost(all - up, low) + cost(p[free], ratio.max(low)));
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bandit(p: &[f64]) -> Policy {
        Policy { p: p.to_vec(), advantages: vec![0.0; p.len()], visits: vec![1.0], actions: p.len() }
    }

    fn kl(p: &[f64], ratios: &[f64]) -> f64 {
        p.iter().zip(ratios).map(|(p, ratio)| -p * ratio.ln()).sum()
    }

    #[test]
    fn any_policy_in_a_box_is_that_of_the_closed_form() {
        for (ends, expected) in [([0.8, 1.2], 0.020_410_997), ([0.8, 1.28], 0.027_308_706), ([0.9, 1.1], 0.005_025)] {
            assert!((any(ends) - expected).abs() < 1e-6, "{ends:?}");
        }
        assert!((any([0.8, 1.2]) + 0.96_f64.ln() / 2.0).abs() < 1e-15);
    }

    #[test]
    fn this_policy_in_a_box_is_as_far_as_a_scan_finds() {
        let p = [0.9, 0.09, 0.01];
        let Most::Of(found) = boxed(&bandit(&p), [0.8, 1.2]) else { panic!("few corners") };
        let mut scanned: f64 = 0.0;
        for i in 0..=400 {
            for j in 0..=400 {
                let ratios = [0.8 + 0.001 * f64::from(i), 0.8 + 0.001 * f64::from(j)];
                let rest = (1.0 - p[1] * ratios[0] - p[2] * ratios[1]) / p[0];
                if (0.8..=1.2).contains(&rest) {
                    scanned = scanned.max(kl(&p, &[rest, ratios[0], ratios[1]]));
                }
            }
        }
        assert!((found - scanned).abs() < 1e-9, "{found} {scanned}");
        assert!((found - 0.0025).abs() < 1e-4 && found < any([0.8, 1.2]));
        // Half the mass can go up and half down: nothing is lost to rounding into actions.
        let Most::Of(even) = boxed(&bandit(&[0.25; 4]), [0.8, 1.2]) else { panic!("few corners") };
        assert!((even - any([0.8, 1.2])).abs() < 1e-15);
        assert_eq!(boxed(&bandit(&[1.0 / 64.0; 64]), [0.8, 1.2]), Most::AtMost(any([0.8, 1.2])));
    }

    #[test]
    fn the_ellipsoid_costs_most_where_the_least_probable_goes_down() {
        let p = [0.6, 0.3, 0.1];
        let delta = 0.002;
        let found = ellipse(&bandit(&p), delta);
        let mut scanned: f64 = 0.0;
        for i in 0..200_000 {
            // The ellipse of three probabilities, by an orthonormal pair in the space √p·h with Σph = 0.
            let angle = std::f64::consts::TAU * f64::from(i) / 200_000.0;
            let u = [(0.3_f64 / 0.9).sqrt(), -(0.6_f64 / 0.9).sqrt(), 0.0];
            let v = [(0.6_f64 * 0.1 / 0.9).sqrt(), (0.3_f64 * 0.1 / 0.9).sqrt(), -(0.9_f64).sqrt()];
            let radius = (2.0 * delta).sqrt();
            let ratio = |k: usize| 1.0 + radius * (angle.cos() * u[k] + angle.sin() * v[k]) / p[k].sqrt();
            scanned = scanned.max(kl(&p, &[ratio(0), ratio(1), ratio(2)]));
        }
        assert!((found - scanned).abs() < 1e-9 && found > delta, "{found} {scanned}");
        assert_eq!(ellipse(&bandit(&[0.9, 0.09, 0.01]), 0.01), f64::INFINITY);
    }
}
