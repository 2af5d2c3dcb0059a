//! Fisher metrics with a one-parameter group of isometries: they do not depend on one of two coordinates.
//!
//! If the metric is `along(r) (dr/r)² + around(r) dφ²`, geodesics have a first integral (Clairaut's) and reduce to
//! integrals over r. This module has only the metric; what follows from it is geometry's business.

use crate::math::Vec2;

/// A metric `along(r) (dr/r)² + around(r) dφ²` with r > 0, where `around` increases from zero at r = 0.
///
/// Both functions are analytic in ln r within π/4 of the real line.
///
/// ```
/// use geodescent::family::find;
/// use geodescent::math::Vec2;
/// use geodescent::registry::Settings;
///
/// // r is the shape of a gamma distribution, φ the logarithm of its mean.
/// let gamma = (find("gamma").unwrap().build)(&Settings::default());
/// let profile = gamma.profile().unwrap();
/// let p = Vec2::new(2.0, 1.0);
/// assert_eq!(profile.radius(p), 2.0);
/// assert_eq!(profile.moved(p, 3.0, 0.0), Vec2::new(6.0, 3.0), "another shape, the same mean");
/// assert_eq!(profile.metric(2.0)[1], 2.0);
/// ```
pub trait Profile {
    /// r at the point `p` of the family.
    fn radius(&self, p: Vec2) -> f64;
    /// φ(q) − φ(p) without cancellation, the smaller one in absolute value if φ is an angle; exactly antisymmetric in p
    /// and q.
    fn turn(&self, p: Vec2, q: Vec2) -> f64;
    /// Half the period of φ if it is an angle; `None` otherwise.
    fn half_turn(&self) -> Option<f64> {
        None
    }
    /// The parameters of the point with r = `growth` · r(p) and φ = φ(p) + `turn`.
    fn moved(&self, p: Vec2, growth: f64, turn: f64) -> Vec2;
    /// Maps a tangent vector at `p` from the parameters to (dr/r, dφ).
    fn push(&self, p: Vec2, v: Vec2) -> Vec2;
    /// Maps a tangent vector (dr/r, dφ) at `p` to the parameters: the inverse of [`Profile::push`].
    fn pull(&self, p: Vec2, w: Vec2) -> Vec2;
    /// `along` and `around` at r.
    fn metric(&self, r: f64) -> [f64; 2];
    /// The difference quotient (around(r + step) − around(r))/step for step ≥ 0, without cancellation; the derivative
    /// if step = 0.
    fn steepness(&self, r: f64, step: f64) -> f64;
}
