//! A point of a family seen in a chart: its coordinates, parameters and Jacobian together.

use crate::family::{Chart, Family, Violation};
use crate::math::linear::inverse2;
use crate::math::{Mat2, Vec2};

fn finite(m: Mat2) -> Option<Mat2> {
    m.iter().all(|entry| entry.is_finite()).then_some(m)
}

/// A point in a chart.
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
    /// Why `x` is no point of the family, in the chart's words where it can say so.
    #[must_use]
    pub fn violation(family: &dyn Family, chart: &dyn Chart, x: Vec2) -> Option<Violation> {
        chart.violation(x).or_else(|| family.violation(chart.to_parameters(x)))
    }

    /// The point with coordinates `x`, which must be inside.
    #[must_use]
    pub fn at(chart: &dyn Chart, x: Vec2) -> Self {
        let p = chart.to_parameters(x);
        Self { x, p, jacobian: chart.jacobian(x, p) }
    }

    /// The point with parameters `p`, in a chart. The parameters are kept as they are, not read back from coordinates.
    #[must_use]
    pub fn of(chart: &dyn Chart, p: Vec2) -> Self {
        let x = chart.to_coordinates(p);
        Self { x, p, jacobian: chart.jacobian(x, p) }
    }

    /// A covector (a gradient) of the parameters, in the chart: Jᵀ g.
    #[must_use]
    pub fn covector(&self, g: Vec2) -> Vec2 {
        self.jacobian.tr_mul(&g)
    }

    /// A metric of the parameters, in the chart: Jᵀ F J.
    #[must_use]
    pub fn metric(&self, f: &Mat2) -> Mat2 {
        let pulled = self.jacobian.tr_mul(&(f * self.jacobian));
        // Symmetric to the last bit, whatever the order of the products.
        let off = 0.5 * (pulled[(0, 1)] + pulled[(1, 0)]);
        Mat2::new(pulled[(0, 0)], off, off, pulled[(1, 1)])
    }

    /// The Fisher matrix of a family in the chart and its inverse, `None` where it is singular: by the chart's own closed forms
    /// where it has them, else F pulled back and F⁻¹ pushed forward, each by itself. To invert the one would lose the digits
    /// that the other has in dual charts.
    #[must_use]
    pub fn fisher(&self, family: &dyn Family, chart: &dyn Chart) -> (Mat2, Option<Mat2>) {
        if let Some([fisher, inverse]) = chart.metric(self.p) {
            return (fisher, finite(inverse));
        }
        let fisher = self.metric(&family.fisher(self.p));
        let inverse = family.fisher_inverse(self.p).zip(inverse2(&self.jacobian)).map(|(inverse, forward)| {
            let pushed = forward * inverse * forward.transpose();
            let off = 0.5 * (pushed[(0, 1)] + pushed[(1, 0)]);
            Mat2::new(pushed[(0, 0)], off, off, pushed[(1, 1)])
        });
        (fisher, inverse.and_then(finite))
    }

    /// A matrix of second derivatives in the parameters, in the chart: `Jᵀ H J + Σ ∂ₖL ∂²pₖ/∂x²`, where `gradient` is ∂L in
    /// the parameters. No tensor: the second term is the chart's.
    #[must_use]
    pub fn hessian(&self, chart: &dyn Chart, gradient: Vec2, hessian: &Mat2) -> Mat2 {
        // From the bends of the coordinates: ∂²p/∂x² = −J · (Jᵀ ∂²x/∂p² J).
        let slope = self.covector(gradient);
        let [first, second] = chart.coordinate_hessians(self.p);
        self.metric(&(hessian - first * slope[0] - second * slope[1]))
    }
}
