//! The Fisher matrix of the pairs (s, a) as one distribution, and the natural gradient of the return under it, which needs no
//! matrix (Morimura et al. 2008; Müller, Çaycı & Montúfar 2024).
//!
//! The frequencies μ(s, a) = d(s) π(a|s) that policies have are what a linear programme allows. Within it J rises most, for
//! its KL, if log μ changes by what no values of states explain of the rewards: r(s, a) + γ E λ(s′) − λ(s) with the λ for which that
//! is least, squared, under μ; in the long run γ = 1, and a mean η is subtracted as well.

use std::cell::OnceCell;

use nalgebra::{DMatrix, DVector};

use super::InChart;
use crate::math::linear::Singular;
use crate::problem::Metric;
use crate::problem::policy::chart::Table;
use crate::problem::policy::goal::Criterion;
use crate::problem::policy::metric::Known;
use crate::problem::process::Finite;

/// Rows of a least-squares problem whose weights are this far apart do not see each other: what a lighter one adds to a
/// heavier one is lost in rounding.
const APART: f64 = 1e-20;

/// Numbers of actions less their mean in every state: logits as a pseudo-inverse has them.
pub(super) fn levelled(logits: &[f64], actions: usize) -> Vec<f64> {
    let states = logits.chunks_exact(actions);
    states
        .flat_map(|logits| {
            let mean = logits.iter().sum::<f64>() / actions as f64;
            logits.iter().map(move |logit| logit - mean)
        })
        .collect()
}

/// The change of the logits, of mean 0 in every state, along which J rises most; `None` if the equations are singular.
pub(super) fn direction(process: &Finite, criterion: Criterion, table: &Table, visits: &[f64]) -> Option<Vec<f64>> {
    let (n, k) = (process.states.len(), process.actions.len());
    let discount = if let Criterion::Discounted(discount) = criterion { discount } else { 1.0 };
    // Constants explain nothing in the long run: there the most visited state has λ = 0, and its place is that of η.
    let home = (0..n).max_by(|a, b| visits[*a].total_cmp(&visits[*b])).filter(|_| discount == 1.0);
    let explained = |pair: usize| {
        let mut row = vec![0.0; n];
        row[pair / k] += 1.0;
        process.transitions[pair].iter().for_each(|(to, p)| row[*to] -= discount * p);
        home.into_iter().for_each(|home| row[home] = 1.0);
        row
    };
    let weights = weights(table, visits);
    let rows: Vec<Vec<f64>> = weights.iter().map(|(pair, _)| explained(*pair)).collect();
    let rewards = weights.iter().map(|(pair, weight)| weight * process.rewards[*pair]);
    let lambda = fit(
        DMatrix::from_fn(rows.len(), n, |i, j| weights[i].1 * rows[i][j]),
        DVector::from_iterator(rows.len(), rewards),
    )?;
    let left =
        |(pair, reward): (usize, &f64)| reward - explained(pair).iter().zip(&lambda).map(|(a, l)| a * l).sum::<f64>();
    let left: Vec<f64> = process.rewards.iter().enumerate().map(left).collect();
    Some(levelled(&left, k))
}

/// The pairs in falling order of √μ, with √μ, but for gaps that are wider than they need be.
fn weights(table: &Table, visits: &[f64]) -> Vec<(usize, f64)> {
    let k = table.p.len() / visits.len();
    let weight = |(pair, p): (usize, &f64)| (pair, visits[pair / k].sqrt() * p.sqrt());
    let mut weights: Vec<(usize, f64)> = table.p.iter().enumerate().map(weight).collect();
    weights.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let (mut before, mut scaled) = (1.0, 1.0);
    for (_, weight) in &mut weights {
        scaled *= (*weight / before).max(APART);
        before = *weight;
        *weight = scaled;
    }
    weights
}

/// The solution of least squares whose rows have weights that differ by any number of digits: by Householder reflections
/// with complete pivoting, which keep the digits of each row (Powell & Reid 1969; Cox & Higham 1998); `None` if it is not unique.
fn fit(mut a: DMatrix<f64>, mut b: DVector<f64>) -> Option<Vec<f64>> {
    let (m, n) = a.shape();
    let mut order: Vec<usize> = (0..n).collect();
    for k in 0..n {
        let (row, column) = a.view_range(k.., k..).iamax_full();
        a.swap_columns(k, k + column);
        order.swap(k, k + column);
        a.swap_rows(k, k + row);
        b.swap_rows(k, k + row);
        let pivot = a[(k, k)];
        if pivot == 0.0 || !pivot.is_finite() {
            return None;
        }
        // In units of the pivot no square underflows.
        let mut v = a.column(k).rows(k, m - k) / pivot;
        let norm = v.norm();
        v[0] += norm;
        let scale = 1.0 / (norm * (norm + 1.0));
        for j in k + 1..n {
            let mut column = a.column_mut(j);
            let mut column = column.rows_mut(k, m - k);
            let share = scale * v.dot(&column);
            column.axpy(-share, &v, 1.0);
        }
        let mut rest = b.rows_mut(k, m - k);
        let share = scale * v.dot(&rest);
        rest.axpy(-share, &v, 1.0);
        a[(k, k)] = -pivot * norm;
    }
    let found = a.rows(0, n).solve_upper_triangular(&b.rows(0, n))?;
    let mut x = vec![0.0; n];
    order.iter().zip(&found).for_each(|(at, found)| x[*at] = *found);
    x.iter().all(|x| x.is_finite()).then_some(x)
}

/// The Fisher matrix at a point, formed when it is asked for.
#[derive(Debug)]
pub(super) struct StateAction {
    problem: InChart,
    x: Vec<f64>,
    known: Option<Known>,
    matrix: OnceCell<Box<dyn Metric + Send>>,
}

impl StateAction {
    pub(super) const fn new(problem: InChart, x: Vec<f64>, known: Option<Known>) -> Self {
        Self { problem, x, known, matrix: OnceCell::new() }
    }

    fn matrix(&self) -> &dyn Metric {
        &**self.matrix.get_or_init(|| self.problem.here(&self.x).of_pairs())
    }
}

impl Metric for StateAction {
    fn times(&self, v: &[f64], out: &mut [f64]) {
        self.matrix().times(v, out);
    }

    fn diagonal(&self, out: &mut [f64]) {
        self.matrix().diagonal(out);
    }

    fn dense(&self) -> DMatrix<f64> {
        self.matrix().dense()
    }

    fn solve(&self, damping: f64, b: &[f64], out: &mut [f64]) -> Result<(), Singular> {
        if damping == 0.0 && self.known.as_ref().is_some_and(|known| known.solve(b, out)) {
            return Ok(());
        }
        self.matrix().solve(damping, b, out)
    }

    fn invertible(&self, damping: f64) -> Result<(), Singular> {
        self.matrix().invertible(damping)
    }
}
