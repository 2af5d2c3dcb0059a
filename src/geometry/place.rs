//! A point of a family in a chart: its coordinates, parameters and Jacobian together, and the pull-back to the chart.

use crate::family::{Chart, Family, Violation};
use crate::math::linear::inverse2;
use crate::math::{Mat2, Vec2};

fn finite(m: Mat2) -> Option<Mat2> {
    m.iter().all(|entry| entry.is_finite()).then_some(m)
}

/// A point of a family in a chart.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The coordinates in the chart.
    pub x: Vec2,
    /// The canonical parameters.
    pub p: Vec2,
    /// ∂parameters/∂coordinates.
    pub jacobian: Mat2,
}

impl Place {
    /// Why `x` is not a point of the family, in terms of the chart if possible; `None` if it is a point.
    #[must_use]
    pub fn violation(family: &dyn Family, chart: &dyn Chart, x: Vec2) -> Option<Violation> {
        chart.violation(x).or_else(|| family.violation(chart.to_parameters(x)))
    }

    /// The point with coordinates `x`, which must be inside the chart.
    #[must_use]
    pub fn at(chart: &dyn Chart, x: Vec2) -> Self {
        let p = chart.to_parameters(x);
        Self { x, p, jacobian: chart.jacobian(x, p) }
    }

    /// The point with parameters `p`. The parameters are stored as given, not recomputed from the coordinates.
    #[must_use]
    pub fn of(chart: &dyn Chart, p: Vec2) -> Self {
        let x = chart.to_coordinates(p);
        Self { x, p, jacobian: chart.jacobian(x, p) }
    }

    /// The pull-back of a covector (a gradient) in the parameters to the chart: Jᵀ g.
    #[must_use]
    pub fn covector(&self, g: Vec2) -> Vec2 {
        self.jacobian.tr_mul(&g)
    }

    /// The pull-back of a metric in the parameters to the chart: Jᵀ F J.
    #[must_use]
    pub fn metric(&self, f: &Mat2) -> Mat2 {
        let pulled = self.jacobian.tr_mul(&(f * self.jacobian));
        // Exactly symmetric, whatever the order of the products.
        let off = 0.5 * (pulled[(0, 1)] + pulled[(1, 0)]);
        Mat2::new(pulled[(0, 0)], off, off, pulled[(1, 1)])
    }

    /// The Fisher matrix of a family in the chart and its inverse, which is `None` if the matrix is singular.
    ///
    /// By the chart's closed forms if it has them, otherwise F is pulled back and F⁻¹ pushed forward separately: in
    /// dual charts inverting the one would lose accuracy that the other has.
    #[must_use]
    pub fn fisher(&self, family: &dyn Family, chart: &dyn Chart) -> (Mat2, Option<Mat2>) {
        if let Some([fisher, inverse]) = chart.metric(self.p) {
            return (fisher, finite(inverse));
        }
        let fisher = self.metric(&family.fisher(self.p));
        (fisher, family.fisher_inverse(self.p).and_then(|inverse| self.pushed(&inverse)))
    }

    /// The inverse of a metric in the parameters, in the chart: J⁻¹ F⁻¹ J⁻ᵀ; `None` if J is singular or an entry is not
    /// finite.
    #[must_use]
    pub fn pushed(&self, inverse: &Mat2) -> Option<Mat2> {
        let forward = inverse2(&self.jacobian)?;
        let pushed = forward * inverse * forward.transpose();
        let off = 0.5 * (pushed[(0, 1)] + pushed[(1, 0)]);
        finite(Mat2::new(pushed[(0, 0)], off, off, pushed[(1, 1)]))
    }

    /// The Hessian of a function L in the chart, given its gradient and Hessian in the parameters: `Jᵀ H J + Σ ∂ₖL
    /// ∂²pₖ/∂x²`. A Hessian is not a tensor: the second term depends on the chart.
    #[must_use]
    pub fn hessian(&self, chart: &dyn Chart, gradient: Vec2, hessian: &Mat2) -> Mat2 {
        // From the Hessians of the coordinates: ∂²p/∂x² = −J · (Jᵀ ∂²x/∂p² J).
        let slope = self.covector(gradient);
        let [first, second] = chart.coordinate_hessians(self.p);
        self.metric(&(hessian - first * slope[0] - second * slope[1]))
    }
}
