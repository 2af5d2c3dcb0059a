//! What an optimizer can ask: a small trait, the same for a two-parameter family, a policy or a network.
//!
//! Says nothing of families or charts; a family in a chart is one such problem (`race::Plane`).

use std::fmt::Debug;

use super::Motion;
use crate::math::linear::{Cholesky, Singular, positive};

/// A square matrix, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Square {
    n: usize,
    entries: Vec<f64>,
}

impl Square {
    /// The zero matrix of size `n`.
    #[must_use]
    pub fn zero(n: usize) -> Self {
        Self { n, entries: vec![0.0; n * n] }
    }

    /// The number of rows.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.n
    }

    /// The entries, row by row.
    #[must_use]
    pub fn entries(&self) -> &[f64] {
        &self.entries
    }

    /// The entries, row by row, to be written.
    pub fn entries_mut(&mut self) -> &mut [f64] {
        &mut self.entries
    }

    /// The entry in row `i`, column `j`.
    #[must_use]
    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.entries[i * self.n + j]
    }

    /// `out = (self + damping I) v`.
    pub fn product(&self, v: &[f64], damping: f64, out: &mut [f64]) {
        for (i, row) in self.entries.chunks_exact(self.n).enumerate() {
            out[i] = row.iter().zip(v).map(|(a, b)| a * b).sum::<f64>() + damping * v[i];
        }
    }
}

/// A loss on a space with a metric, in coordinates.
pub trait Problem: Debug {
    /// The number of coordinates.
    fn dimension(&self) -> usize;
    /// The full loss at `x`, which must be inside.
    fn loss(&self, x: &[f64]) -> f64;
    /// KL(from ‖ to) of two points inside.
    fn kl(&self, from: &[f64], to: &[f64]) -> f64;
    /// Whether `x` is a point.
    fn contains(&self, x: &[f64]) -> bool;
}

/// A problem seen from one point: what every optimizer needs, computed once a step.
#[derive(Debug)]
pub struct Local<'a> {
    /// The problem.
    pub problem: &'a dyn Problem,
    /// The coordinates.
    pub x: &'a [f64],
    /// The full loss here.
    pub loss: f64,
    /// The gradient to descend, finite: the full one, or that of this step's batch.
    pub gradient: &'a [f64],
    /// The exact Fisher matrix.
    pub fisher: &'a Square,
}

impl Local<'_> {
    /// Factors F + λI.
    ///
    /// # Errors
    /// Where it is numerically singular: what the optimizer's step then comes to.
    pub fn factor(&self, damping: f64, factor: &mut Cholesky) -> Result<(), Motion> {
        factor.factor(self.fisher.entries(), damping).map_err(|defect| damped(damping, defect))
    }

    /// A diagonal entry of F + λI.
    ///
    /// # Errors
    /// Where it cannot be divided by: what the optimizer's step then comes to.
    pub fn diagonal(&self, row: usize, damping: f64) -> Result<f64, Motion> {
        positive(row, self.fisher.at(row, row) + damping).map_err(|defect| damped(damping, defect))
    }
}

fn damped(damping: f64, defect: Singular) -> Motion {
    Motion::Singular { matrix: if damping == 0.0 { "F" } else { "F + λI" }, defect }
}
