//! Small linear systems, by direct methods only: nothing here iterates.
//!
//! Knows no metric and no damping policy: what a matrix means is the caller's business.

use super::{Mat2, Vec2};

/// The solution of `m x = b`; NaN if `m` is numerically singular ([`SINGULAR`]).
#[must_use]
pub fn solve2(m: &Mat2, b: &Vec2) -> Vec2 {
    let det = regular2(m);
    Vec2::new(m[(1, 1)] * b[0] - m[(0, 1)] * b[1], m[(0, 0)] * b[1] - m[(1, 0)] * b[0]) / det
}

/// The Euclidean norm of a vector, even if its square underflows or overflows (below 1e-154, above 1e154).
#[must_use]
pub fn length2(v: &Vec2) -> f64 {
    let square = v.norm_squared();
    if square.is_normal() { square.sqrt() } else { v[0].hypot(v[1]) }
}

/// √(vᵀ m v) for a positive definite `m`, rescaled where the squares underflow or overflow; never −0.
#[must_use]
pub fn length_in2(m: &Mat2, v: &Vec2) -> f64 {
    let square = v.dot(&(m * v));
    if square.is_normal() {
        return square.sqrt();
    }
    let size = v.amax();
    if size == 0.0 { 0.0 } else { size * (v / size).dot(&(m * (v / size))).sqrt() }
}

/// √(vᵀ m⁻¹ v) for a positive definite `m`, even if m⁻¹ is out of a double's range; not finite if `m` is singular.
#[must_use]
pub fn dual_length2(m: &Mat2, v: &Vec2) -> f64 {
    let (first, second) = (m[(0, 0)].sqrt(), m[(1, 1)].sqrt());
    let (rho, a, b) = (m[(0, 1)] / first / second, v[0] / first, v[1] / second);
    ((a - rho * b) / ((1.0 - rho) * (1.0 + rho)).sqrt()).hypot(b)
}

/// The determinant by Kahan's fused difference of products: accurate even where the products nearly cancel (Jeannerod,
/// Louvet & Muller 2013).
#[must_use]
pub fn determinant2(m: &Mat2) -> f64 {
    let w = m[(0, 1)] * m[(1, 0)];
    let error = m[(0, 1)].mul_add(-m[(1, 0)], w);
    m[(0, 0)].mul_add(m[(1, 1)], -w) + error
}

/// The inverse; `None` if the matrix is numerically singular ([`SINGULAR`]) or an entry of the inverse is not finite.
#[must_use]
pub fn inverse2(m: &Mat2) -> Option<Mat2> {
    let det = regular2(m);
    let inverse = Mat2::new(m[(1, 1)], -m[(0, 1)], -m[(1, 0)], m[(0, 0)]) / det;
    inverse.iter().all(|entry| entry.is_finite()).then_some(inverse)
}

/// The determinant; NaN if it is lost in rounding.
fn regular2(m: &Mat2) -> f64 {
    let det = determinant2(m);
    if det == 0.0 || det.abs() <= SINGULAR * (m[(0, 0)] * m[(1, 1)]).abs() { f64::NAN } else { det }
}

/// A pivot of at most this fraction of its diagonal entry is rounding error: a matrix with such a pivot is numerically
/// singular.
pub const SINGULAR: f64 = 4.0 * f64::EPSILON;

/// A matrix is numerically singular: its first pivot that is lost in rounding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Singular {
    /// The row of the pivot, counted from 0.
    pub row: usize,
    /// What the pivot is compared with: the diagonal entry ([`Cholesky`]), the largest entry of the column
    /// ([`Elimination`]).
    pub diagonal: f64,
    /// The pivot once the rows before it are eliminated.
    pub pivot: f64,
}

impl Singular {
    /// The reason as a phrase that names the matrix: `pivot 2 of F is 1.1e-17 of its diagonal`.
    #[must_use]
    pub fn words(&self, matrix: &str) -> String {
        let row = self.row + 1;
        if self.diagonal > 0.0 && self.diagonal.is_finite() {
            format!("pivot {row} of {matrix} is {:.1e} of its diagonal", self.pivot / self.diagonal)
        } else {
            format!("diagonal entry {row} of {matrix} is {:?}", self.diagonal)
        }
    }
}

/// The Cholesky factor of a small symmetric matrix; its storage is reused from step to step.
#[derive(Debug, Clone)]
pub struct Cholesky {
    n: usize,
    /// The lower triangle, row by row.
    lower: Vec<f64>,
}

impl Cholesky {
    /// Storage for matrices of size `n`.
    #[must_use]
    pub fn new(n: usize) -> Self {
        Self { n, lower: vec![0.0; n * n] }
    }

    /// Factors `matrix + damping I`; `matrix` is n × n, row by row.
    ///
    /// # Errors
    /// If a pivot is at most [`SINGULAR`] times its diagonal entry, or if that entry is not positive and finite. The
    /// factor must not be used then.
    pub fn factor(&mut self, matrix: &[f64], damping: f64) -> Result<(), Singular> {
        let n = self.n;
        for i in 0..n {
            for j in 0..i {
                let dot: f64 = (0..j).map(|k| self.lower[i * n + k] * self.lower[j * n + k]).sum();
                self.lower[i * n + j] = (matrix[i * n + j] - dot) / self.lower[j * n + j];
            }
            let diagonal = positive(i, matrix[i * n + i] + damping)?;
            let dot: f64 = (0..i).map(|k| self.lower[i * n + k] * self.lower[i * n + k]).sum();
            let pivot = diagonal - dot;
            // A NaN must be rejected, so the comparison is not negated.
            let above = pivot > SINGULAR * diagonal;
            if !above {
                return Err(Singular { row: i, diagonal, pivot });
            }
            self.lower[i * n + i] = pivot.sqrt();
        }
        Ok(())
    }

    /// Solves for one right-hand side, after a successful [`factor`](Self::factor).
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

/// Gaussian elimination for small matrices that need not be positive definite; its storage is reused from step to step.
#[derive(Debug, Clone)]
pub struct Elimination {
    n: usize,
    rows: Vec<f64>,
}

impl Elimination {
    /// Storage for matrices of size `n`.
    #[must_use]
    pub fn new(n: usize) -> Self {
        Self { n, rows: vec![0.0; n * n] }
    }

    /// Solves `(matrix + damping I) x = b` with partial pivoting; `matrix` is n × n, row by row.
    ///
    /// # Errors
    /// If a pivot is at most [`SINGULAR`] times the largest entry of its column, or not finite. `x` must not be used
    /// then.
    pub fn solve(&mut self, matrix: &[f64], damping: f64, b: &[f64], x: &mut [f64]) -> Result<(), Singular> {
        let n = self.n;
        self.rows.copy_from_slice(matrix);
        for i in 0..n {
            self.rows[i * n + i] += damping;
        }
        x.copy_from_slice(b);
        for k in 0..n {
            let largest = (0..n).map(|i| (matrix[i * n + k] + if i == k { damping } else { 0.0 }).abs());
            let largest = largest.fold(0.0, f64::max);
            let size = |i: &usize| self.rows[i * n + k].abs();
            let best = (k..n).max_by(|i, j| size(i).total_cmp(&size(j))).unwrap_or(k);
            let pivot = self.rows[best * n + k];
            // A NaN must be rejected, so the comparison is not negated.
            let above = pivot.abs() > SINGULAR * largest && pivot.is_finite();
            if !above {
                return Err(Singular { row: k, diagonal: largest, pivot });
            }
            for j in 0..n {
                self.rows.swap(k * n + j, best * n + j);
            }
            x.swap(k, best);
            for i in k + 1..n {
                let factor = self.rows[i * n + k] / pivot;
                for j in k..n {
                    self.rows[i * n + j] -= factor * self.rows[k * n + j];
                }
                x[i] -= factor * x[k];
            }
        }
        for i in (0..n).rev() {
            let dot: f64 = (i + 1..n).map(|j| self.rows[i * n + j] * x[j]).sum();
            x[i] = (x[i] - dot) / self.rows[i * n + i];
        }
        Ok(())
    }
}

/// Returns a diagonal entry that is a valid divisor.
///
/// # Errors
/// If the entry is zero, negative or not finite.
pub fn positive(row: usize, diagonal: f64) -> Result<f64, Singular> {
    let sound = diagonal > 0.0 && diagonal.is_finite();
    if sound { Ok(diagonal) } else { Err(Singular { row, diagonal, pivot: diagonal }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_is_singular_if_its_last_pivot_is_rounding_error() {
        // [[1, 1], [1, 1 + t]] has the pivots 1 and t; the limit is 4ε of the diagonal.
        let mut factor = Cholesky::new(2);
        for t in [0.0, f64::EPSILON, 4.0 * f64::EPSILON] {
            let singular = factor.factor(&[1.0, 1.0, 1.0, 1.0 + t], 0.0).expect_err("no inverse");
            assert_eq!((singular.row, singular.diagonal, singular.pivot), (1, 1.0 + t, t));
        }
        assert_eq!(factor.factor(&[1.0, 1.0, 1.0, 1.0 + 5.0 * f64::EPSILON], 0.0), Ok(()));
        // Damping makes it invertible; neither scale nor small entries matter.
        assert_eq!(factor.factor(&[1.0, 1.0, 1.0, 1.0], 1e-9), Ok(()));
        assert_eq!(factor.factor(&[1e-300, 0.0, 0.0, 1e300], 0.0), Ok(()));
    }

    #[test]
    fn lengths_are_finite_where_their_squares_are_out_of_range() {
        let v = Vec2::new(3e-200, -4e-200);
        assert!((length2(&v) / 5e-200 - 1.0).abs() < 1e-15);
        assert!((length2(&Vec2::new(3e200, 4e200)) / 5e200 - 1.0).abs() < 1e-15);
        let m = Mat2::new(4.0, 0.0, 0.0, 9.0);
        assert!((length_in2(&m, &Vec2::new(0.0, -1e-300)) / 3e-300 - 1.0).abs() < 1e-15);
        assert!((length_in2(&m, &Vec2::new(1e200, 0.0)) / 2e200 - 1.0).abs() < 1e-15);
        let zero = Vec2::new(-0.0, 0.0);
        assert!(length2(&zero).is_sign_positive() && length_in2(&-m, &zero).is_sign_positive());
    }

    #[test]
    fn elimination_solves_indefinite_and_rejects_singular_matrices() {
        let mut elimination = Elimination::new(3);
        let a = [0.0, 2.0, 1.0, 2.0, -1.0, 0.5, 1.0, 0.5, 3.0];
        let (b, mut x) = ([1.0, -2.0, 0.5], [0.0; 3]);
        assert_eq!(elimination.solve(&a, 0.0, &b, &mut x), Ok(()));
        for (row, b) in a.chunks_exact(3).zip(b) {
            assert!((row.iter().zip(x).map(|(a, x)| a * x).sum::<f64>() - b).abs() < 1e-14);
        }
        assert!(elimination.solve(&[1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0], 0.0, &b, &mut x).is_err());
        assert_eq!(elimination.solve(&[1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0], 0.5, &b, &mut x), Ok(()));
        assert!(elimination.solve(&[f64::NAN; 9], 0.0, &b, &mut x).is_err());
    }

    #[test]
    fn an_invalid_pivot_is_named_in_the_message() {
        let mut factor = Cholesky::new(2);
        let mut words = |matrix: [f64; 4]| factor.factor(&matrix, 0.0).map_err(|singular| singular.words("F"));
        for (diagonal, told) in [(0.0, "0.0"), (-1.0, "-1.0"), (f64::NAN, "NaN"), (f64::INFINITY, "inf")] {
            assert_eq!(words([1.0, 0.0, 0.0, diagonal]), Err(format!("diagonal entry 2 of F is {told}")));
        }
        assert_eq!(words([1.0, 1.0, 1.0, 1.0]), Err("pivot 2 of F is 0.0e0 of its diagonal".to_owned()));
        assert!(words([1.0, f64::NAN, f64::NAN, 1.0]).is_err() && words([1.0, 2.0, 2.0, 1.0]).is_err());
    }
}
