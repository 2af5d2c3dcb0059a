//! The divergences of a triangle p, q, r: KL(p ‖ r) against KL(p ‖ q) + KL(q ‖ r).
//!
//! In an exponential family the difference is the product ⟨θᵣ − θ_q, η_p − η_q⟩. It vanishes if the m-geodesic from p
//! to q meets the e-geodesic from q to r at a right angle: the Pythagorean theorem (Amari & Nagaoka 2000, Theorem 3.8,
//! eq. 3.53).

use crate::family::Family;
use crate::math::Vec2;

/// The divergences of a triangle, in nats.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Triangle {
    /// KL(p ‖ q).
    pub first: f64,
    /// KL(q ‖ r).
    pub second: f64,
    /// KL(p ‖ r).
    pub across: f64,
    /// ⟨θᵣ − θ_q, η_p − η_q⟩ = KL(p ‖ q) + KL(q ‖ r) − KL(p ‖ r): zero at a right angle, positive at an acute one.
    /// `None` if the family is not exponential.
    pub corner: Option<f64>,
}

impl Triangle {
    /// The triangle of three points of the family, in canonical parameters.
    #[must_use]
    pub fn of(family: &dyn Family, p: Vec2, q: Vec2, r: Vec2) -> Self {
        let corner = family.dual_charts().map(|[natural, expectation]| {
            let (natural, expectation) = (family.chart(natural), family.chart(expectation));
            let theta = natural.to_coordinates(r) - natural.to_coordinates(q);
            theta.dot(&(expectation.to_coordinates(p) - expectation.to_coordinates(q)))
        });
        Self { first: family.kl(p, q), second: family.kl(q, r), across: family.kl(p, r), corner }
    }

    /// KL(p ‖ q) + KL(q ‖ r) − KL(p ‖ r) from the three divergences, in nats.
    #[must_use]
    pub fn excess(&self) -> f64 {
        self.first + self.second - self.across
    }
}
