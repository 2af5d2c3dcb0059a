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
    use special::Error;

    use super::shape;
    use crate::family;
    use crate::math::{Mat2, Vec2};
    use crate::registry::Settings;

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

    /// Draw `i` of the experiments' stream: SplitMix64 as a counter from 1, through the normal quantile function.
    fn normal(seed: u64, i: u64) -> f64 {
        let z = (i + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(seed);
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let u = ((z ^ (z >> 31)) >> 11) as f64 * 2.0_f64.powi(-53) + 2.0_f64.powi(-54);
        let x = std::f64::consts::SQRT_2 * (2.0 * u - 1.0).inv_error();
        // A step of Newton's method for the last digits.
        let slope = (-0.5 * x * x).exp() / std::f64::consts::TAU.sqrt();
        x - (0.5 * (-x * std::f64::consts::FRAC_1_SQRT_2).compl_error() - u) / slope
    }

    /// Forty natural steps from N(0, 1) in (mean, log sd), 32 draws each; mean and sd after each.
    fn search(reward: fn(f64) -> f64, rate: f64, weigh: fn(&mut [f64])) -> Vec<Vec2> {
        let family = (family::find("gaussian").expect("a family").build)(&Settings::default());
        let mut path = vec![Vec2::new(0.0, 1.0)];
        for step in 0..40 {
            let p = path[step];
            let draws: Vec<f64> = (0..32).map(|i| p[0] + p[1] * normal(40, 32 * step as u64 + i)).collect();
            let mut weights: Vec<f64> = draws.iter().map(|x| reward(*x)).collect();
            weigh(&mut weights);
            let jacobian = Mat2::new(1.0, 0.0, 0.0, p[1]);
            let scores = draws.iter().zip(&weights).map(|(x, w)| family.score(p, &[*x]) * *w);
            let slope = jacobian * scores.sum::<Vec2>();
            let fisher = jacobian * family.fisher(p) * jacobian;
            let along = fisher.try_inverse().expect("regular") * slope * rate;
            path.push(Vec2::new(p[0] + along[0], p[1] * along[1].exp()));
        }
        path
    }

    const HILL: fn(f64) -> f64 = |x| -(x - 2.0) * (x - 2.0);

    /// Computed with the same draws independently of the program, by numpy.
    #[test]
    fn searches_by_ranks_are_those_of_the_same_draws_elsewhere() {
        let mut weights: Vec<f64> = (0..32).map(|i| -f64::from(i)).collect();
        shape(&mut weights);
        for (found, wanted) in weights.iter().zip([0.162_017_37, 0.114_734_4, 0.087_075_641, 0.067_451_437]) {
            assert!((found - wanted).abs() < 5.1e-9, "{found}, not {wanted}");
        }
        assert!(weights[16..].iter().all(|w| (w + 1.0 / 32.0).abs() < 1e-15));
        let path = search(HILL, 0.3, shape);
        let near = |p: Vec2, [mean, sd]: [f64; 2], unit: f64| {
            assert!((p[0] - mean).abs() < 5.1e-8 && (p[1] - sd).abs() < unit, "{p}, not {mean}, {sd}");
        };
        near(path[10], [1.930_793_7, 0.484_220_99], 5.1e-9);
        near(path[40], [1.999_686_8, 0.007_881_985_6], 5.1e-11);
        RAISED.into_iter().for_each(|reward| assert_eq!(search(reward, 0.3, shape), path));
    }

    /// Increasing functions of the hill: exp r, 1000 r − 7, −exp(−r).
    const RAISED: [fn(f64) -> f64; 3] = [|x| HILL(x).exp(), |x| 1000.0 * HILL(x) - 7.0, |x| -(-HILL(x)).exp()];

    /// The Fisher-Rao distance of two Gaussians.
    fn apart(p: Vec2, q: Vec2) -> f64 {
        let a = (0.5 * (p[0] - q[0]).powi(2) + (p[1] - q[1]).powi(2)) / (2.0 * p[1] * q[1]);
        std::f64::consts::SQRT_2 * (1.0 + a).acosh()
    }

    /// Without ranks, the rewards less their mean: no two of the rewards have one path.
    #[test]
    fn searches_by_the_rewards_themselves_go_elsewhere() {
        let plain: fn(&mut [f64]) = |rewards| {
            let mean = rewards.iter().sum::<f64>() / 32.0;
            rewards.iter_mut().for_each(|r| *r = (*r - mean) / 32.0);
        };
        let [own, raised] = [HILL, RAISED[0]].map(|reward| search(reward, 0.1, plain));
        assert!((own[40] - Vec2::new(1.807_457_2, 0.317_059_83)).norm() < 1e-7, "{}", own[40]);
        assert!((raised[40] - Vec2::new(1.186_290_3, 1.062_165_5)).norm() < 1e-7, "{}", raised[40]);
        let gap = own.iter().zip(&raised).map(|(p, q)| apart(*p, *q)).fold(0.0, f64::max);
        assert!((gap - 2.088_830_9).abs() < 5.1e-8, "{gap}");
        let thrown = search(RAISED[1], 0.1, plain)[1];
        assert!((thrown[0] - 392.0).abs() < 0.5 && (thrown[1] / 5e-44 - 1.0).abs() < 0.1, "{thrown}");
        // The last one leaves the family at once: no double is its sd.
        let left = search(RAISED[2], 0.1, plain)[1];
        assert!(left[1] == 0.0 || !left[1].is_finite(), "{left}");
    }
}
