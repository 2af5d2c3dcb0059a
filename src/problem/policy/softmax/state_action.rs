//! The Fisher matrix of the pairs (s, a) as one distribution, and the natural gradient of the return under it, which needs no
//! matrix (Morimura et al. 2008; Müller, Çaycı & Montúfar 2024).
//!
//! The frequencies μ(s, a) = d(s) π(a|s) that policies have are what a linear programme allows. Within it J rises most, for
//! its KL, if log μ changes by what no values of states explain of the rewards: r(s, a) + γ E λ(s′) − λ(s) with the λ for which that
//! is least, squared, under μ; in the long run γ = 1, and a mean η is subtracted as well.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use nalgebra::DMatrix;

use super::InChart;
use crate::math::fronts::{Front, fit};
use crate::math::linear::Singular;
use crate::problem::Metric;
use crate::problem::policy::chart::Table;
use crate::problem::policy::evaluation::Evaluation;
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
///
/// In the long run η is J: a constant is orthogonal to what values of states explain, since states are left as often as they
/// are entered. Values are determined up to a constant there, so that one state has none: the most visited one.
pub(super) fn direction(process: &Finite, criterion: Criterion, table: &Table, worth: &Evaluation) -> Option<Vec<f64>> {
    let (n, k) = (process.states.len(), process.actions.len());
    let (discount, mean, home) = match criterion {
        Criterion::Discounted(discount) => (discount, 0.0, None),
        _ => (1.0, worth.gain, (0..n).max_by(|a, b| worth.visits[*a].total_cmp(&worth.visits[*b]))),
    };
    // The unknowns are numbered without that state.
    let place = |state: usize| match home {
        Some(home) if home == state => None,
        _ => Some(state - usize::from(home.is_some_and(|home| home < state))),
    };
    let weights = weights(table, &worth.visits);
    let front = |state: usize| {
        let pairs = state * k..(state + 1) * k;
        let next = process.transitions[pairs.clone()].iter().flatten().map(|(to, _)| *to);
        let columns: BTreeSet<usize> = next.chain([state]).filter_map(place).collect();
        let columns: Vec<usize> = columns.into_iter().collect();
        let mut entries = vec![0.0; k * (columns.len() + 1)];
        for (pair, row) in pairs.zip(entries.chunks_exact_mut(columns.len() + 1)) {
            let mut add = |to: usize, p: f64| {
                place(to).and_then(|to| columns.binary_search(&to).ok()).into_iter().for_each(|at| row[at] += p);
            };
            add(state, weights[pair]);
            process.transitions[pair].iter().for_each(|(to, p)| add(*to, -weights[pair] * discount * p));
            row[columns.len()] = weights[pair] * (process.rewards[pair] - mean);
        }
        Front::new(columns, entries)
    };
    let lambda = fit((0..n).map(front).collect(), n - usize::from(home.is_some()))?;
    let value = |state: usize| place(state).map_or(0.0, |at| lambda[at]);
    let left = |(pair, reward): (usize, &f64)| {
        let onward: f64 = process.transitions[pair].iter().map(|(to, p)| p * value(*to)).sum();
        reward - mean + discount * onward - value(pair / k)
    };
    let left: Vec<f64> = process.rewards.iter().enumerate().map(left).collect();
    Some(levelled(&left, k))
}

/// √μ of the pairs, but for gaps between one and the next in size that are wider than they need be.
fn weights(table: &Table, visits: &[f64]) -> Vec<f64> {
    let k = table.p.len() / visits.len();
    let mut weights: Vec<f64> = table.p.iter().enumerate().map(|(i, p)| visits[i / k].sqrt() * p.sqrt()).collect();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by(|a, b| weights[*b].total_cmp(&weights[*a]).then(a.cmp(b)));
    let (mut before, mut scaled) = (1.0, 1.0);
    for pair in order {
        scaled *= (weights[pair] / before).max(APART);
        before = weights[pair];
        weights[pair] = scaled;
    }
    weights
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
