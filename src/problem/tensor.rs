//! A metric at a point of a chart of a family, two by two, with its inverse.

use nalgebra::{DMatrix, dmatrix};

use super::Metric;
use crate::geometry::Place;
use crate::math::linear::{Singular, cholesky, inverse2};
use crate::math::{Mat2, Vec2};

/// 1 − ρ² of the two coordinates below which F⁻¹g in a chart is compared with the parameters' own.
const DEPENDENT: f64 = 1e-6;

/// A metric in a chart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tensor {
    /// The metric.
    pub matrix: Mat2,
    /// Its inverse; `None` if it is singular or the inverse is inaccurate.
    pub inverse: Option<Mat2>,
}

impl Tensor {
    /// A metric in the parameters, in the chart of a place.
    ///
    /// Its inverse is that in the parameters, pushed forward: a chart's own loses digits where its coordinates are nearly
    /// dependent.
    pub fn pulled(place: &Place, metric: &Mat2) -> Self {
        let inverse = inverse2(metric).and_then(|inverse| place.pushed(&inverse));
        Self { matrix: place.metric(metric), inverse }
    }
}

impl Metric for Tensor {
    fn times(&self, v: &[f64], out: &mut [f64]) {
        for (i, out) in out.iter_mut().enumerate() {
            *out = self.matrix[(i, 0)] * v[0] + self.matrix[(i, 1)] * v[1];
        }
    }

    fn diagonal(&self, out: &mut [f64]) {
        out.copy_from_slice(&[self.matrix[(0, 0)], self.matrix[(1, 1)]]);
    }

    fn dense(&self) -> DMatrix<f64> {
        dense(&self.matrix)
    }

    fn solve(&self, damping: f64, b: &[f64], out: &mut [f64]) -> Result<(), Singular> {
        let b = Vec2::new(b[0], b[1]);
        let x = match self.inverse {
            Some(inverse) if damping == 0.0 => inverse * b,
            _ => cholesky(self.matrix, damping)?.solve(&b),
        };
        out.copy_from_slice(x.as_slice());
        Ok(())
    }

    fn invertible(&self, damping: f64) -> Result<(), Singular> {
        cholesky(self.matrix, damping).map(|_| ())
    }
}

/// The same matrix, of a size that is not fixed.
pub(super) fn dense(m: &Mat2) -> DMatrix<f64> {
    dmatrix![m[(0, 0)], m[(0, 1)]; m[(1, 0)], m[(1, 1)]]
}

/// Whether a metric nearly has no inverse in these coordinates: ρ² of their scores is close to 1, or not a number.
pub(super) fn nearly_dependent(metric: &Mat2) -> bool {
    let rho = metric[(0, 1)] / metric[(0, 0)].sqrt() / metric[(1, 1)].sqrt();
    let independent = (1.0 - rho) * (1.0 + rho);
    independent.is_nan() || independent < DEPENDENT
}
