//! Symmetric tensors of order three in two dimensions: third derivatives, the skewness of scores.
//!
//! Knows no connection and no family: what such a tensor means is the caller's business.

use super::{Mat2, Vec2};

/// A symmetric tensor T of order three, as its components T₁₁₁, T₁₁₂, T₁₂₂ and T₂₂₂.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cubic(pub [f64; 4]);

impl Cubic {
    /// The component Tᵢⱼₖ; each index is 0 or 1.
    #[must_use]
    pub const fn at(&self, i: usize, j: usize, k: usize) -> f64 {
        self.0[i + j + k]
    }

    /// The contraction Σₖ Tᵢⱼₖ vₖ, a symmetric matrix.
    #[must_use]
    pub fn along(&self, v: Vec2) -> Mat2 {
        let [a, b, c, d] = self.0;
        let mixed = b * v[0] + c * v[1];
        Mat2::new(a * v[0] + b * v[1], mixed, mixed, c * v[0] + d * v[1])
    }

    /// The pull-back of the tensor: Σ Tₐᵦ꜀ Jₐᵢ Jᵦⱼ J꜀ₖ, where `jacobian` is J = ∂old/∂new.
    #[must_use]
    pub fn pulled(&self, jacobian: &Mat2) -> Self {
        let [e, f] = [jacobian.column(0).into_owned(), jacobian.column(1).into_owned()];
        let (by_e, by_f) = (self.along(e), self.along(f));
        Self([e.dot(&(by_e * e)), e.dot(&(by_f * e)), f.dot(&(by_e * f)), f.dot(&(by_f * f))])
    }
}

impl std::ops::Mul<f64> for Cubic {
    type Output = Self;

    fn mul(self, factor: f64) -> Self {
        Self(self.0.map(|entry| entry * factor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pull_back_is_the_sum_over_all_indices() {
        let (t, j) = (Cubic([2.0, -1.0, 0.5, 3.0]), Mat2::new(1.0, 2.0, -0.5, 0.25));
        let sum = |i: usize, k: usize, l: usize| -> f64 {
            let all = (0..8).map(|n| [n & 1, n >> 1 & 1, n >> 2 & 1]);
            all.map(|[a, b, c]| t.at(a, b, c) * j[(a, i)] * j[(b, k)] * j[(c, l)]).sum()
        };
        let pulled = t.pulled(&j);
        for (n, [i, k, l]) in [[0, 0, 0], [0, 0, 1], [0, 1, 1], [1, 1, 1]].into_iter().enumerate() {
            assert!((pulled.0[n] - sum(i, k, l)).abs() < 1e-14, "{n}");
        }
    }
}
