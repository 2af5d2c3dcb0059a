//! A regression in plain or standardised weights.

use std::sync::Arc;

use nalgebra::DMatrix;

use super::site::Here;
use super::table::odds;
use super::{Regression, Table, Weights, label_loss, lacks};
use crate::family::log_odds::{chances, event_kl, log_chance};
use crate::math::linear::dot;
use crate::problem::{Capability, Outside, Problem, Site, solve};

/// The number of Newton steps in which a minimum is found, or is not.
const NEWTON: usize = 100;
/// gᵀH⁻¹g below which a value of order 1 has no digits left to compare.
const FLAT: f64 = 1e-9;
/// The number of rows whose outer products are formed at once.
const BLOCK: usize = 256;

/// The minimum of a convex function, given its value with its gradient and its Hessian: Newton's method with halving, and
/// without where the value has no digits left to tell. `None` if it runs away or the Hessian is singular.
pub(super) fn minimum(
    mut w: Vec<f64>,
    value: impl Fn(&[f64]) -> (f64, Vec<f64>),
    hessian: impl Fn(&[f64]) -> DMatrix<f64>,
) -> Option<Vec<f64>> {
    let mut direction = vec![0.0; w.len()];
    let (mut least, mut gradient) = value(&w);
    let mut before = f64::INFINITY;
    for _ in 0..NEWTON {
        solve(hessian(&w), 0.0, &gradient, &mut direction).ok()?;
        let decrement = dot(&gradient, &direction);
        // Close by, a Newton step squares the error: one that does not is rounding.
        if decrement < FLAT && decrement >= 1e-3 * before || decrement == 0.0 {
            return Some(w);
        }
        before = decrement;
        let at = |halvings: i32| -> Vec<f64> {
            let share = 0.5_f64.powi(halvings);
            w.iter().zip(&direction).map(|(w, d)| w - share * d).collect()
        };
        let better = if decrement < FLAT { Some(at(0)) } else { (0..60).map(at).find(|next| value(next).0 < least) };
        w = better?;
        (least, gradient) = value(&w);
    }
    None
}

/// A regression in coordinates.
#[derive(Debug, Clone)]
pub struct InWeights(pub(super) Arc<Inner>);

#[derive(Debug)]
pub(in crate::problem) struct Inner {
    pub(super) model: Arc<Regression>,
    pub(super) weights: Weights,
    /// The columns whose weights the coordinates are.
    pub(super) design: Table,
    pub(super) rows: Table,
}

impl Inner {
    /// The plain weights of coordinates.
    pub(super) fn parameters(&self, x: &[f64]) -> Vec<f64> {
        match self.weights {
            Weights::Plain => x.to_vec(),
            Weights::Standardised => {
                let spread = &self.model.spread;
                let slopes: Vec<f64> = x[1..].iter().zip(spread).map(|(x, [_, sd])| x / sd).collect();
                let shift: f64 = slopes.iter().zip(spread).map(|(slope, [mean, _])| slope * mean).sum();
                std::iter::once(x[0] - shift).chain(slopes).collect()
            }
        }
    }

    /// The coordinates of plain weights.
    pub(super) fn coordinates(&self, p: &[f64]) -> Vec<f64> {
        match self.weights {
            Weights::Plain => p.to_vec(),
            Weights::Standardised => {
                let spread = &self.model.spread;
                let shift: f64 = p[1..].iter().zip(spread).map(|(p, [mean, _])| p * mean).sum();
                std::iter::once(p[0] + shift).chain(p[1..].iter().zip(spread).map(|(p, [_, sd])| p * sd)).collect()
            }
        }
    }

    /// The loss and its gradient, by themselves.
    pub(super) fn descent(&self, w: &[f64]) -> (f64, Vec<f64>) {
        let (mut loss, mut gradient) = (0.0, vec![0.0; w.len()]);
        self.rows.add(w, &mut gradient, |row, odds| {
            let y = self.model.labels[row];
            loss += label_loss(odds, y);
            residual(odds, y)
        });
        let n = self.rows.len() as f64;
        gradient.iter_mut().for_each(|g| *g /= n);
        (loss / n, gradient)
    }

    /// Σ p(1 − p) x xᵀ over the rows of a table, over their number.
    pub(super) fn fisher(w: &[f64], table: &Table) -> DMatrix<f64> {
        outer(table.rows().map(|x| (chances(odds(w, x)).iter().product::<f64>(), x)), w.len(), table.len() as f64)
    }

    /// Where the gradient of the log-normalizer is `target`.
    pub(super) fn dual_point(&self, from: &[f64], target: &[f64]) -> Option<Vec<f64>> {
        let n = self.design.len() as f64;
        // A(w) − target·w and its gradient.
        let value = |w: &[f64]| {
            let (mut sum, mut gradient) = (0.0, vec![0.0; w.len()]);
            self.design.add(w, &mut gradient, |_, odds| {
                sum -= log_chance(-odds);
                chances(odds)[0]
            });
            gradient.iter_mut().zip(target).for_each(|(g, target)| *g = *g / n - target);
            (sum / n - dot(w, target), gradient)
        };
        minimum(from.to_vec(), value, |w| Self::fisher(w, &self.design))
    }

    /// A row of the data with its label, its columns those of the coordinates.
    pub(super) fn scaled(&self, row: &mut [f64]) {
        if self.weights == Weights::Standardised {
            for (x, [mean, sd]) in row.iter_mut().zip(&self.model.spread) {
                *x = (*x - mean) / sd;
            }
        }
    }
}

/// ∂(−log p(y | η))/∂η = σ(η) − y, without cancellation.
pub(super) fn residual(eta: f64, y: f64) -> f64 {
    let [yes, no] = chances(eta);
    if y > 0.5 { -no } else { yes }
}

/// Σ f (1, x)(1, x)ᵀ / n of factors f ≥ 0.
pub(super) fn outer<'a>(rows: impl Iterator<Item = (f64, &'a [f64])>, size: usize, n: f64) -> DMatrix<f64> {
    let mut sum = DMatrix::zeros(size, size);
    let mut block = DMatrix::zeros(size, BLOCK);
    let mut filled = 0;
    let mut flush = |block: &mut DMatrix<f64>, filled: &mut usize| {
        let part = block.columns(0, *filled);
        sum.gemm(1.0, &part, &part.transpose(), 1.0);
        *filled = 0;
    };
    for (factor, x) in rows {
        let root = factor.sqrt();
        let mut column = block.column_mut(filled);
        column[0] = root;
        for (entry, x) in column.iter_mut().skip(1).zip(x) {
            *entry = root * x;
        }
        filled += 1;
        if filled == BLOCK {
            flush(&mut block, &mut filled);
        }
    }
    flush(&mut block, &mut filled);
    sum / n
}

impl Problem for InWeights {
    fn dimension(&self) -> usize {
        self.0.model.size()
    }

    fn coordinates(&self) -> Vec<String> {
        match self.0.weights {
            Weights::Plain => self.parameters(),
            Weights::Standardised => {
                let first = std::iter::once("at the means".to_owned());
                first.chain(self.0.model.names.iter().map(|name| format!("per sd of {name}"))).collect()
            }
        }
    }

    fn parameters(&self) -> Vec<String> {
        std::iter::once("intercept".to_owned()).chain(self.0.model.names.iter().cloned()).collect()
    }

    fn loss(&self, parameters: &[f64]) -> f64 {
        self.0.model.loss(parameters)
    }

    fn kl(&self, p: &[f64], q: &[f64]) -> f64 {
        let design = &self.0.model.design;
        design.rows().map(|x| event_kl(odds(p, x), odds(q, x))).sum::<f64>() / design.len() as f64
    }

    fn optimum(&self) -> Option<Vec<f64>> {
        self.0.model.optimum()
    }

    fn records_natural_norm(&self) -> bool {
        false
    }

    fn lacks(&self, capability: Capability) -> Option<&'static str> {
        lacks(capability)
    }

    fn locate(&self, parameters: &[f64]) -> Result<Vec<f64>, Outside> {
        let x = self.0.coordinates(parameters);
        self.violation(&x).map_or(Ok(x), Err)
    }

    fn violation(&self, x: &[f64]) -> Option<Outside> {
        let place = x.iter().position(|x| !x.is_finite())?;
        Some(Outside { quantity: self.coordinates().swap_remove(place).into(), broken: "is not finite" })
    }

    fn start(&self, parameters: &[f64]) -> Box<dyn Site> {
        Box::new(Here::new(self, self.0.coordinates(parameters), parameters.to_vec()))
    }

    fn at(&self, x: &[f64]) -> Box<dyn Site> {
        Box::new(Here::new(self, x.to_vec(), self.0.parameters(x)))
    }
}
