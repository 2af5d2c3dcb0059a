//! Small symmetric systems. No decomposition here iterates without a bound.
//!
//! Knows no metric and no damping policy: what a matrix means is its caller's business.

use super::{Mat2, Vec2};

/// The solution of `m x = b` for a symmetric 2×2 `m`; not finite where `m` is singular.
#[must_use]
pub fn solve2(m: &Mat2, b: &Vec2) -> Vec2 {
    let det = determinant2(m);
    Vec2::new(m[(1, 1)] * b[0] - m[(0, 1)] * b[1], m[(0, 0)] * b[1] - m[(1, 0)] * b[0]) / det
}

/// The determinant of a 2×2 matrix, right to one rounding of each product where they nearly cancel (Kahan).
#[must_use]
pub fn determinant2(m: &Mat2) -> f64 {
    let w = m[(0, 1)] * m[(1, 0)];
    let error = m[(0, 1)].mul_add(-m[(1, 0)], w);
    m[(0, 0)].mul_add(m[(1, 1)], -w) + error
}

/// The inverse of a 2×2 matrix; none where the determinant is zero or not finite.
#[must_use]
pub fn inverse2(m: &Mat2) -> Option<Mat2> {
    let det = determinant2(m);
    let inverse = Mat2::new(m[(1, 1)], -m[(0, 1)], -m[(1, 0)], m[(0, 0)]) / det;
    (det != 0.0 && inverse.iter().all(|entry| entry.is_finite())).then_some(inverse)
}

/// The Cholesky factor of a small symmetric matrix, with its storage kept from step to step.
#[derive(Debug, Clone)]
pub struct Cholesky {
    n: usize,
    /// The lower triangle, row by row; NaN where the matrix was not positive definite.
    lower: Vec<f64>,
}

impl Cholesky {
    /// Storage for matrices of size `n`.
    #[must_use]
    pub fn new(n: usize) -> Self {
        Self { n, lower: vec![0.0; n * n] }
    }

    /// Factors `matrix + damping I` (row by row). A matrix that is not positive definite gives NaN in all that follows.
    pub fn factor(&mut self, matrix: &[f64], damping: f64) {
        let n = self.n;
        for i in 0..n {
            for j in 0..=i {
                let dot: f64 = (0..j).map(|k| self.lower[i * n + k] * self.lower[j * n + k]).sum();
                self.lower[i * n + j] = if i == j {
                    (matrix[i * n + i] + damping - dot).sqrt()
                } else {
                    (matrix[i * n + j] - dot) / self.lower[j * n + j]
                };
            }
        }
    }

    /// Solves for one right-hand side.
    pub fn solve(&self, b: &[f64], x: &mut [f64]) {
        let n = self.n;
        for i in 0..n {
            let dot: f64 = (0..i).map(|k| self.lower[i * n + k] * x[k]).sum();
            x[i] = (b[i] - dot) / self.lower[i * n + i];
        }
        for i in (0..n).rev() {
            let dot: f64 = (i + 1..n).map(|k| self.lower[k * n + i] * x[k]).sum();
            x[i] = (x[i] - dot) / self.lower[i * n + i];
        }
    }
}
