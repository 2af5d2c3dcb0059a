//! Pairs of states and actions with their advantages, as a step learns from them.

use super::chart::{Chart, Size, Table};
use crate::problem::{Experience, Failure, Normalise, Term};

/// Weighted pairs under a policy of a finite process.
#[derive(Debug)]
pub(super) struct Pairs<'a> {
    pub(super) chart: &'a Chart,
    pub(super) size: Size,
    /// The coordinates of the policy of before, and the policy.
    pub(super) x: &'a [f64],
    pub(super) table: &'a Table,
    /// The pair, its weight and A; the weights sum to 1.
    pub(super) seen: Vec<(usize, f64, f64)>,
    /// Whether they were drawn.
    pub(super) sampled: bool,
}

/// Replaces A of weighted draws by (A − mean)/(sd + ε); fewer than two stay as they are.
pub(super) fn normalise(advantages: &mut [(usize, f64, f64)], sampled: bool, how: Normalise) {
    let n = advantages.len() as f64;
    if sampled && n < 2.0 {
        return;
    }
    let mean: f64 = advantages.iter().map(|(_, w, a)| w * a).sum();
    let variance: f64 = advantages.iter().map(|(_, w, a)| w * (a - mean) * (a - mean)).sum();
    let unbiased = if sampled && how.bessel { n / (n - 1.0) } else { 1.0 };
    let sd = (variance * unbiased).sqrt();
    advantages.iter_mut().for_each(|(_, _, a)| *a = (*a - mean) / (sd + how.eps));
}

impl Experience for Pairs<'_> {
    fn normalise(&mut self, how: Normalise) -> Result<(), Failure> {
        normalise(&mut self.seen, self.sampled, how);
        Ok(())
    }

    fn surrogate(&self, x: &[f64], term: Term, gradient: &mut [f64]) -> Result<f64, Failure> {
        let ratios = self.chart.log_ratios(self.x, self.table, x, self.size);
        let mut y = vec![0.0; ratios.len()];
        let mut mean = 0.0;
        for (pair, weight, advantage) in &self.seen {
            let ratio = ratios[*pair].exp();
            let [value, slope] = term.at(ratio, *advantage);
            mean += weight * value;
            y[*pair] += weight * slope * ratio;
        }
        self.chart.pull(&y, &self.chart.policy(x, self.size), self.size, gradient);
        Ok(mean)
    }
}
