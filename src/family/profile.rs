//! Fisher metrics with a symmetry: a coordinate that no length depends on.
//!
//! Where the metric is `along(r) (dr/r)² + around(r) dφ²`, geodesics have a first integral (Clairaut's), and come down to
//! integrals over r. Here is only what a family knows of its metric; what follows is geometry's business.

use crate::math::Vec2;

/// A metric `along(r) (dr/r)² + around(r) dφ²`, with r > 0 and `around` rising from zero at r = 0.
///
/// Both functions are analytic in ln r within π/4 of the real line.
pub trait Profile {
    /// r at a point of the family.
    fn radius(&self, p: Vec2) -> f64;
    /// φ(q) − φ(p) with all its digits, the shorter way around; exactly the opposite for the ends exchanged.
    fn turn(&self, p: Vec2, q: Vec2) -> f64;
    /// The turn at which two ways around are equally long, where φ is an angle.
    fn half_turn(&self) -> Option<f64> {
        None
    }
    /// The parameters of the point at `growth` times the radius of `p` and `turn` beyond its φ.
    fn moved(&self, p: Vec2, growth: f64, turn: f64) -> Vec2;
    /// A tangent vector at `p` as (dr/r, dφ).
    fn push(&self, p: Vec2, v: Vec2) -> Vec2;
    /// A change (dr/r, dφ) at `p`, in the parameters.
    fn pull(&self, p: Vec2, w: Vec2) -> Vec2;
    /// `along` and `around` at r.
    fn metric(&self, r: f64) -> [f64; 2];
    /// (around(r + step) − around(r))/step for step ≥ 0, without cancellation; the derivative at step = 0.
    fn steepness(&self, r: f64, step: f64) -> f64;
}
