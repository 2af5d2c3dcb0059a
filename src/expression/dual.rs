//! Second-order dual numbers in two variables: forward-mode automatic differentiation with gradient and Hessian.
//!
//! Has the chain, product and quotient rules; the functions are in `function`.

use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::math::{Mat2, Vec2};

/// A value with its first and second derivatives in two variables.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dual {
    /// The value.
    pub value: f64,
    /// ∂₁, ∂₂.
    pub gradient: Vec2,
    /// ∂₁∂₁, ∂₁∂₂, ∂₂∂₂.
    curvature: [f64; 3],
}

/// The symmetrised outer product of two covectors, as the entries 11, 12 and 22.
fn outer(a: Vec2, b: Vec2) -> [f64; 3] {
    [a[0] * b[0], 0.5 * (a[0] * b[1] + a[1] * b[0]), a[1] * b[1]]
}

impl Dual {
    /// A constant.
    #[must_use]
    pub const fn constant(value: f64) -> Self {
        Self { value, gradient: Vec2::new(0.0, 0.0), curvature: [0.0; 3] }
    }

    /// The variable with this index, 0 or 1, at `value`.
    #[must_use]
    pub fn variable(value: f64, index: usize) -> Self {
        let mut gradient = Vec2::zeros();
        gradient[index] = 1.0;
        Self { gradient, ..Self::constant(value) }
    }

    /// The Hessian.
    #[must_use]
    pub const fn hessian(&self) -> Mat2 {
        let [a, b, c] = self.curvature;
        Mat2::new(a, b, b, c)
    }

    /// f(self), given f, f′ and f″ at `self.value`.
    pub(super) fn chain(self, [value, slope, curvature]: [f64; 3]) -> Self {
        let squares = outer(self.gradient, self.gradient);
        Self {
            value,
            gradient: self.gradient * slope,
            curvature: [0, 1, 2].map(|i| slope * self.curvature[i] + curvature * squares[i]),
        }
    }

    /// f(self, other), given f, its gradient and the entries 11, 12 and 22 of its Hessian there.
    pub(super) fn chain2(self, other: Self, value: f64, slopes: [f64; 2], curvatures: [f64; 3]) -> Self {
        let (g, h) = (self.gradient, other.gradient);
        let (aa, ab, bb) = (outer(g, g), outer(g, h), outer(h, h));
        let second = |i: usize| {
            let bent = curvatures[0] * aa[i] + 2.0 * curvatures[1] * ab[i] + curvatures[2] * bb[i];
            slopes[0] * self.curvature[i] + slopes[1] * other.curvature[i] + bent
        };
        Self { value, gradient: g * slopes[0] + h * slopes[1], curvature: [0, 1, 2].map(second) }
    }

    /// `value` with the mean of the derivatives of `a` and `b`.
    pub(super) fn between(value: f64, a: Self, b: Self) -> Self {
        let curvature = [0, 1, 2].map(|i| 0.5 * (a.curvature[i] + b.curvature[i]));
        Self { value, gradient: (a.gradient + b.gradient) * 0.5, curvature }
    }
}

impl Add for Dual {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            value: self.value + other.value,
            gradient: self.gradient + other.gradient,
            curvature: [0, 1, 2].map(|i| self.curvature[i] + other.curvature[i]),
        }
    }
}

impl Sub for Dual {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Neg for Dual {
    type Output = Self;
    fn neg(self) -> Self {
        Self { value: -self.value, gradient: -self.gradient, curvature: self.curvature.map(|c| -c) }
    }
}

impl Mul for Dual {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let cross = outer(self.gradient, other.gradient);
        let second = |i| self.value * other.curvature[i] + other.value * self.curvature[i] + 2.0 * cross[i];
        Self {
            value: self.value * other.value,
            gradient: other.gradient * self.value + self.gradient * other.value,
            curvature: [0, 1, 2].map(second),
        }
    }
}

impl Div for Dual {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        // From q b = a: q′ b + q b′ = a′, differentiated once more.
        let value = self.value / other.value;
        let gradient = (self.gradient - other.gradient * value) / other.value;
        let cross = outer(gradient, other.gradient);
        let second = |i| (self.curvature[i] - value * other.curvature[i] - 2.0 * cross[i]) / other.value;
        Self { value, gradient, curvature: [0, 1, 2].map(second) }
    }
}
