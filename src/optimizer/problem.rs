//! What an optimizer can ask of a problem: a small trait, the same for a two-parameter family, a policy or a network.
//!
//! Says nothing of families or charts; a family in a chart is one such problem (`race::Plane`).

use std::fmt::Debug;

use super::Motion;
use crate::math::linear::{Cholesky, Singular, positive};
use crate::objective::Draw;

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

    /// The entries, row by row, mutable.
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

/// What an optimizer may need and not every problem offers. The scenario checker rejects an optimizer whose problem
/// lacks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capability {
    /// [`Problem::mirror`]: a pair of dual charts.
    Dual,
    /// [`Problem::empirical_fisher`]: a loss that is a mean over data.
    Data,
}

/// Why coordinates are not a point of the space: `quantity` `broken`, as in `sd` `≤ 0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outside {
    /// What is out of range.
    pub quantity: &'static str,
    /// The bound it violates.
    pub broken: &'static str,
}

/// A loss on a space with a metric, in coordinates.
///
/// Methods with a default are used by few optimizers; the default, for problems without the capability, is NaN, which
/// ends the optimizer as `not-finite`.
pub trait Problem: Debug {
    /// The number of coordinates.
    fn dimension(&self) -> usize;
    /// The full loss at `x`, which must be a point of the space.
    fn loss(&self, x: &[f64]) -> f64;
    /// KL(from ‖ to) of two points of the space, in nats.
    fn kl(&self, from: &[f64], to: &[f64]) -> f64;
    /// Whether `x` is a point of the space.
    fn contains(&self, x: &[f64]) -> bool;
    /// The gradient that step `draw` descends, and the exact Fisher matrix, at a point other than the one the step
    /// started from.
    ///
    /// # Errors
    /// Where `x` is no point.
    fn look(&self, _x: &[f64], _draw: Draw, gradient: &mut [f64], _fisher: &mut Square) -> Result<(), Outside> {
        gradient.fill(f64::NAN);
        Ok(())
    }
    /// The Hessian of the full loss.
    fn hessian(&self, _x: &[f64], out: &mut Square) {
        out.entries_mut().fill(f64::NAN);
    }
    /// Γ(v, v) of the Levi-Civita connection: minus the acceleration of a geodesic through `x` with velocity `v`.
    fn bend(&self, _x: &[f64], _v: &[f64], out: &mut [f64]) {
        out.fill(f64::NAN);
    }
    /// The end of the geodesic that leaves `x` with velocity `v`, after unit time.
    ///
    /// # Errors
    /// If it leaves the space or cannot be integrated: the resulting outcome of the step.
    fn exponential(&self, _x: &[f64], _v: &[f64], out: &mut [f64]) -> Result<(), Motion> {
        out.fill(f64::NAN);
        Ok(())
    }
    /// The point whose dual coordinates are those of `x` minus `rate` times the gradient in the primal chart;
    /// `gradient` is in the coordinates of `x`. Needs [`Capability::Dual`].
    ///
    /// # Errors
    /// If those are not the coordinates of a point.
    fn mirror(&self, _x: &[f64], _gradient: &[f64], _rate: f64, out: &mut [f64]) -> Result<(), Outside> {
        out.fill(f64::NAN);
        Ok(())
    }
    /// The mean over the data (the batch's) of the outer product of each datum's gradient. Needs [`Capability::Data`].
    fn empirical_fisher(&self, _x: &[f64], _draw: Draw, out: &mut Square) {
        out.entries_mut().fill(f64::NAN);
    }
    /// The mean outer product of the scores of `samples` draws from the model at `x`.
    fn sampled_fisher(&self, _x: &[f64], _draw: Draw, _samples: usize, out: &mut Square) {
        out.entries_mut().fill(f64::NAN);
    }
}

/// A problem at one point: what every optimizer needs, computed once per step.
#[derive(Debug)]
pub struct Local<'a> {
    /// The problem.
    pub problem: &'a dyn Problem,
    /// The coordinates.
    pub x: &'a [f64],
    /// The full loss here.
    pub loss: f64,
    /// The gradient to descend, finite: of the full loss, or of this step's batch.
    pub gradient: &'a [f64],
    /// The exact Fisher matrix.
    pub fisher: &'a Square,
    /// Its inverse row by row, if the problem has a form that loses fewer digits than elimination.
    pub inverse: Option<&'a [f64]>,
    /// Identifies the step's random draws.
    pub draw: Draw,
}

impl Local<'_> {
    /// Factors F + λI.
    ///
    /// # Errors
    /// If it is numerically singular: the resulting outcome of the step.
    pub fn factor(&self, damping: f64, factor: &mut Cholesky) -> Result<(), Motion> {
        factor.factor(self.fisher.entries(), damping).map_err(|defect| damped(damping, defect))
    }

    /// Leaves (F + λI)⁻¹ g in `out`.
    ///
    /// # Errors
    /// If F + λI is numerically singular: the resulting outcome of the step.
    pub fn natural(&self, damping: f64, factor: &mut Cholesky, out: &mut [f64]) -> Result<(), Motion> {
        match self.inverse {
            Some(inverse) if damping == 0.0 => {
                for (out, row) in out.iter_mut().zip(inverse.chunks_exact(self.x.len())) {
                    *out = row.iter().zip(self.gradient).map(|(a, b)| a * b).sum();
                }
            }
            _ => {
                self.factor(damping, factor)?;
                factor.solve(self.gradient, out);
            }
        }
        Ok(())
    }

    /// A diagonal entry of F + λI.
    ///
    /// # Errors
    /// If it cannot be divided by: the resulting outcome of the step.
    pub fn diagonal(&self, row: usize, damping: f64) -> Result<f64, Motion> {
        positive(row, self.fisher.at(row, row) + damping).map_err(|defect| damped(damping, defect))
    }
}

/// The outcome of a step that needs (F + λI)⁻¹ where F + λI is singular.
pub(super) fn damped(damping: f64, defect: Singular) -> Motion {
    Motion::Singular { matrix: if damping == 0.0 { "F" } else { "F + λI" }, defect }
}
