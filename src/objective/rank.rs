//! Rank shaping: rewards are replaced by weights that depend on their order alone, so that no increasing function of the
//! reward changes a step (Wierstra et al. 2014, §3.1, eq. 18 without its baseline; Ollivier et al. 2017).

use std::cmp::Ordering;

/// Replaces rewards by w(rank) = max(0, ln(n/2 + 1) − ln rank)/Σ − 1/n, the best having rank 1, ties in the order in which
/// they stand. Their sum is 0. All become NaN if one is.
pub fn shape(rewards: &mut [f64]) {
    if rewards.iter().any(|r| r.is_nan()) {
        rewards.fill(f64::NAN);
        return;
    }
    let n = rewards.len() as f64;
    let utility = |rank: usize| ((0.5 * n + 1.0).ln() - (rank as f64).ln()).max(0.0);
    let sum: f64 = (1..=rewards.len()).map(utility).sum();
    let mut order: Vec<usize> = (0..rewards.len()).collect();
    order.sort_by(|a, b| rewards[*b].partial_cmp(&rewards[*a]).unwrap_or(Ordering::Equal));
    for (rank, place) in (1..).zip(order) {
        rewards[place] = utility(rank) / sum - 1.0 / n;
    }
}

#[cfg(test)]
mod tests {
    use super::shape;

    #[test]
    fn only_the_order_matters_and_ties_stay_in_theirs() {
        let shaped = |mut rewards: Vec<f64>| {
            shape(&mut rewards);
            rewards
        };
        let plain = shaped(vec![0.5, -1.0, 2.0, 0.25]);
        assert_eq!(plain, shaped([0.5, -1.0, 2.0, 0.25].map(f64::exp).to_vec()));
        // n = 4: u = ln 3, ln 3/2, 0, 0.
        let sum = 3.0_f64.ln() + 1.5_f64.ln();
        let wanted = [1.5_f64.ln() / sum - 0.25, -0.25, 3.0_f64.ln() / sum - 0.25, -0.25];
        assert!(plain.iter().zip(wanted).all(|(w, wanted)| (w - wanted).abs() < 1e-15), "{plain:?}");
        assert!(plain.iter().sum::<f64>().abs() < 1e-15);
        let tied = shaped(vec![1.0, 1.0]);
        assert!(tied[0] > tied[1]);
        assert!(shaped(vec![1.0, f64::NAN]).iter().all(|w| w.is_nan()));
        assert_eq!(shaped(vec![3.0]), [0.0]);
    }
}
