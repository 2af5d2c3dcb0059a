//! Small symmetric systems. No decomposition here iterates without a bound.

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
