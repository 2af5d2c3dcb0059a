//! The Fisher matrix at a point, in the form that is needed: products, the diagonal, a dense matrix, solutions.
//!
//! Which matrix may be singular, and what to do then, is the caller's business.

use std::fmt::Debug;

use nalgebra::{DMatrix, DVectorViewMut};

use crate::math::linear::{Singular, cholesky};

/// A metric F at a point, symmetric and positive semi-definite; λ is a damping ≥ 0.
///
/// A problem of many coordinates forms no dense F unless [`Metric::dense`], or a method that defaults to it, is called.
///
/// ```
/// use geodescent::problem::Metric;
/// use nalgebra::dmatrix;
///
/// let metric = dmatrix![4.0, 0.0; 0.0, 16.0];
/// let mut natural = [0.0; 2];
/// metric.solve(0.0, &[4.0, 8.0], &mut natural).expect("not singular");
/// assert_eq!(natural, [1.0, 0.5]);
/// ```
pub trait Metric: Debug {
    /// `out = F v`.
    fn times(&self, v: &[f64], out: &mut [f64]);
    /// The diagonal of F.
    fn diagonal(&self, out: &mut [f64]);
    /// F itself.
    fn dense(&self) -> DMatrix<f64>;
    /// `out = (F + λI)⁻¹ b`.
    ///
    /// # Errors
    /// If F + λI is numerically singular.
    fn solve(&self, damping: f64, b: &[f64], out: &mut [f64]) -> Result<(), Singular> {
        solve(self.dense(), damping, b, out)
    }
    /// Whether F + λI has an inverse.
    ///
    /// # Errors
    /// If it is numerically singular.
    fn invertible(&self, damping: f64) -> Result<(), Singular> {
        cholesky(self.dense(), damping).map(|_| ())
    }
}

/// `out = (matrix + λI)⁻¹ b` for a symmetric positive definite matrix.
///
/// # Errors
/// If the sum is numerically singular.
pub fn solve(matrix: DMatrix<f64>, damping: f64, b: &[f64], out: &mut [f64]) -> Result<(), Singular> {
    let factor = cholesky(matrix, damping)?;
    out.copy_from_slice(b);
    factor.solve_mut(&mut DVectorViewMut::from_slice(out, b.len()));
    Ok(())
}

impl Metric for DMatrix<f64> {
    fn times(&self, v: &[f64], out: &mut [f64]) {
        for (out, row) in out.iter_mut().zip(self.row_iter()) {
            *out = row.iter().zip(v).map(|(a, b)| a * b).sum();
        }
    }

    fn diagonal(&self, out: &mut [f64]) {
        out.copy_from_slice(self.diagonal().as_slice());
    }

    fn dense(&self) -> Self {
        self.clone()
    }
}
