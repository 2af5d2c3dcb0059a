//! Small linear systems, by direct methods only, and principal directions.
//!
//! Knows no metric and no damping policy: what a matrix means is the caller's business.

use nalgebra::allocator::Allocator;
use nalgebra::{Cholesky, DMatrix, DVector, DVectorViewMut, DefaultAllocator, Dim, OMatrix, SymmetricEigen};

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

/// [`length2`] of any number of entries.
#[must_use]
pub fn length(v: &[f64]) -> f64 {
    let square: f64 = v.iter().map(|entry| entry * entry).sum();
    if square.is_normal() { square.sqrt() } else { v.iter().fold(0.0, |length: f64, entry| length.hypot(*entry)) }
}

/// The inner product.
#[must_use]
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

/// The two orthonormal directions that vectors of `n` entries lie nearest to, and the share of their squares that lies in them;
/// `None` if all are 0. Of a line the second direction is 0.
#[must_use]
pub fn principal(n: usize, mut vectors: impl Iterator<Item = DVector<f64>>) -> Option<([Vec<f64>; 2], f64)> {
    let first: Vec<DVector<f64>> = vectors.by_ref().take(n).collect();
    // Fewer vectors than entries span a space of fewer dimensions, in which there is less to decompose.
    let basis = (!first.is_empty() && first.len() < n).then(|| DMatrix::from_columns(&first).qr().q());
    let rank = basis.as_ref().map_or(n, DMatrix::ncols);
    let mut scatter = DMatrix::zeros(rank, rank);
    for vector in first.into_iter().chain(vectors) {
        let inside = basis.as_ref().map_or_else(|| vector.clone(), |basis| basis.tr_mul(&vector));
        scatter.syger(1.0, &inside, &inside, 1.0);
    }
    let total = scatter.trace();
    if total.is_nan() || total <= 0.0 {
        return None;
    }
    scatter.fill_upper_triangle_with_lower_triangle();
    let eigen = SymmetricEigen::new(scatter / total);
    let mut order: Vec<usize> = (0..rank).collect();
    order.sort_by(|a, b| eigen.eigenvalues[*b].total_cmp(&eigen.eigenvalues[*a]).then(a.cmp(b)));
    let axis = |place: usize| {
        let Some(at) = order.get(place) else { return vec![0.0; n] };
        let axis = eigen.eigenvectors.column(*at).into_owned();
        let axis = basis.as_ref().map_or_else(|| axis.clone(), |basis| basis * &axis);
        // A direction has no sign: its largest entry is positive.
        let largest = axis.iter().copied().fold(0.0, |a: f64, b| if b.abs() > a.abs() { b } else { a });
        axis.iter().map(|x| if largest < 0.0 { -x } else { *x }).collect()
    };
    let share = order.iter().take(2).map(|at| eigen.eigenvalues[*at]).sum();
    Some(([axis(0), axis(1)], share))
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
    /// What the pivot is compared with: the diagonal entry ([`cholesky`]), the largest entry of the column
    /// ([`eliminate`]).
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

/// Factors `matrix + damping I`, of which the lower triangle is read.
///
/// # Errors
/// If a pivot is at most [`SINGULAR`] times its diagonal entry, or if that entry is not positive and finite.
pub fn cholesky<D: Dim>(mut matrix: OMatrix<f64, D, D>, damping: f64) -> Result<Cholesky<f64, D>, Singular>
where
    DefaultAllocator: Allocator<D, D>,
{
    let n = matrix.nrows();
    for i in 0..n {
        matrix[(i, i)] += damping;
    }
    // A pivot without a square root becomes infinite, so that it is recognisable.
    let factor = Cholesky::new_with_substitute(matrix.clone(), f64::INFINITY);
    let lower = |i, j| factor.as_ref().map_or(f64::INFINITY, |factor| factor.l_dirty()[(i, j)]);
    for row in 0..n {
        let diagonal = positive(row, matrix[(row, row)])?;
        let root: f64 = lower(row, row);
        let before = || (0..row).map(|j| lower(row, j) * lower(row, j)).sum::<f64>();
        let pivot = if root.is_finite() { root * root } else { diagonal - before() };
        // A NaN must be rejected, so the comparison is not negated.
        let above = pivot > SINGULAR * diagonal;
        if !above {
            return Err(Singular { row, diagonal, pivot });
        }
    }
    factor.ok_or(Singular { row: 0, diagonal: f64::NAN, pivot: f64::NAN })
}

/// Solves `(matrix + damping I) x = b` with partial pivoting; the n × n `matrix` need not be positive definite.
///
/// # Errors
/// If a pivot is at most [`SINGULAR`] times the largest entry of its column, or not finite. `x` must not be used then.
pub fn eliminate(mut matrix: DMatrix<f64>, damping: f64, b: &[f64], x: &mut [f64]) -> Result<(), Singular> {
    for i in 0..matrix.nrows() {
        matrix[(i, i)] += damping;
    }
    let largest: Vec<f64> = matrix.column_iter().map(|column| column.amax()).collect();
    let factor = matrix.lu();
    for (row, (pivot, diagonal)) in factor.u().diagonal().iter().copied().zip(largest).enumerate() {
        // A NaN must be rejected, so the comparison is not negated.
        let above = pivot.abs() > SINGULAR * diagonal && pivot.is_finite();
        if !above {
            return Err(Singular { row, diagonal, pivot });
        }
    }
    x.copy_from_slice(b);
    let mut x = DVectorViewMut::from_slice(x, b.len());
    let solved = factor.solve_mut(&mut x);
    debug_assert!(solved, "no pivot is zero");
    Ok(())
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
        let factor = |entries: [f64; 4], damping| cholesky(Mat2::from_row_slice(&entries), damping).map(|_| ());
        for t in [0.0, f64::EPSILON, 4.0 * f64::EPSILON] {
            let singular = factor([1.0, 1.0, 1.0, 1.0 + t], 0.0).expect_err("no inverse");
            assert_eq!((singular.row, singular.diagonal, singular.pivot), (1, 1.0 + t, t));
        }
        assert_eq!(factor([1.0, 1.0, 1.0, 1.0 + 5.0 * f64::EPSILON], 0.0), Ok(()));
        // Damping makes it invertible; neither scale nor small entries matter.
        assert_eq!(factor([1.0, 1.0, 1.0, 1.0], 1e-9), Ok(()));
        assert_eq!(factor([1e-300, 0.0, 0.0, 1e300], 0.0), Ok(()));
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
        let solve = |a: [f64; 9], damping, b: &[f64], x: &mut [f64]| {
            eliminate(DMatrix::from_row_slice(3, 3, &a), damping, b, x)
        };
        let a = [0.0, 2.0, 1.0, 2.0, -1.0, 0.5, 1.0, 0.5, 3.0];
        let (b, mut x) = ([1.0, -2.0, 0.5], [0.0; 3]);
        assert_eq!(solve(a, 0.0, &b, &mut x), Ok(()));
        for (row, b) in a.chunks_exact(3).zip(b) {
            assert!((row.iter().zip(x).map(|(a, x)| a * x).sum::<f64>() - b).abs() < 1e-14);
        }
        assert!(solve([1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0], 0.0, &b, &mut x).is_err());
        assert_eq!(solve([1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0], 0.5, &b, &mut x), Ok(()));
        assert!(solve([f64::NAN; 9], 0.0, &b, &mut x).is_err());
    }

    #[test]
    fn an_invalid_pivot_is_named_in_the_message() {
        let words = |entries: [f64; 4]| {
            cholesky(Mat2::from_row_slice(&entries), 0.0).map(|_| ()).map_err(|singular| singular.words("F"))
        };
        for (diagonal, shown) in [(0.0, "0.0"), (-1.0, "-1.0"), (f64::NAN, "NaN"), (f64::INFINITY, "inf")] {
            assert_eq!(words([1.0, 0.0, 0.0, diagonal]), Err(format!("diagonal entry 2 of F is {shown}")));
        }
        assert_eq!(words([1.0, 1.0, 1.0, 1.0]), Err("pivot 2 of F is 0.0e0 of its diagonal".to_owned()));
        assert!(words([1.0, f64::NAN, f64::NAN, 1.0]).is_err() && words([1.0, 2.0, 2.0, 1.0]).is_err());
    }
}
