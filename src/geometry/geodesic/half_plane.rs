//! Geodesics of the half-plane `ds² = (du² + dy²)/y²`, without loss of digits for near and for far points.
//!
//! On the hyperboloid (1, u, u² + y²)/y geodesics are sums of their ends with weights sinh; no cosine of a distance is ever
//! inverted. Knows no family.

use crate::math::Vec2;

/// An arc from (u, y): everything relative to the start.
#[derive(Debug, Clone, Copy)]
pub struct Arc {
    start: Vec2,
    /// End less start.
    step: Vec2,
    length: f64,
}

impl Arc {
    /// The arc from `start` to `start + step`.
    #[must_use]
    pub fn new(start: Vec2, step: Vec2) -> Self {
        // sinh(d/2) = |Δ|/(2√(y y′)).
        let length = 2.0 * (0.5 * step.norm() / (start[1].sqrt() * (start[1] + step[1]).sqrt())).asinh();
        Self { start, step, length }
    }

    /// The hyperbolic length.
    #[must_use]
    pub const fn length(&self) -> f64 {
        self.length
    }

    /// The point at `t` of the way, as a step from the start.
    #[must_use]
    pub fn step_at(&self, t: f64) -> Vec2 {
        let (y, end) = (self.start[1], self.start[1] + self.step[1]);
        let (first, last) =
            (share((1.0 - t) * self.length, self.length, 1.0 - t), share(t * self.length, self.length, t));
        // 1/y and u/y are linear on the hyperboloid.
        let weight = last / (first * (end / y) + last);
        let height = end / (first * (end / y) + last);
        Vec2::new(self.step[0] * weight, height - y)
    }

    /// The velocity at the start of the arc run through in one unit of time.
    #[must_use]
    pub fn velocity(&self) -> Vec2 {
        let y = self.start[1];
        let (across, up) = (self.step[0] / y, self.step[1] / y);
        let direction = Vec2::new(across, 0.5 * (across * across + up * (up + 2.0))) / (1.0 + up);
        // |direction| = sinh d.
        let scale = if self.length == 0.0 { 1.0 } else { self.length / self.length.sinh() };
        direction * (scale * y)
    }
}

/// sinh(part)/sinh(whole) for part ≤ whole, in the limit `limit` where both vanish; does not overflow.
fn share(part: f64, whole: f64, limit: f64) -> f64 {
    if whole < 1e-150 {
        return limit;
    }
    (part - whole).exp() * (-2.0 * part).exp_m1() / (-2.0 * whole).exp_m1()
}

/// Where the geodesic from `start` with velocity `v` is after one unit of time, as a step from the start; none where it is
/// beyond the largest numbers.
#[must_use]
pub fn exponential(start: Vec2, v: Vec2) -> Option<Vec2> {
    let y = start[1];
    let (across, up) = (v[0] / y, v[1] / y);
    let length = across.hypot(up);
    if length == 0.0 {
        return Some(Vec2::zeros());
    }
    // With α the angle from the vertical: u = sin α sinh d/D, y = 1/D, D = eᵈ sin²(α/2) + e⁻ᵈ cos²(α/2).
    let (sin, cos) = (across / length, up / length);
    let (small, large) = if cos > 0.0 {
        (sin * sin / (2.0 * (1.0 + cos)), 0.5 * (1.0 + cos))
    } else {
        (0.5 * (1.0 - cos), sin * sin / (2.0 * (1.0 - cos)))
    };
    let denominator = length.exp() * small + (-length).exp() * large;
    // 1/D − 1 with D − 1 = 2 sinh²(d/2) − cos α sinh d.
    let half = (0.5 * length).sinh();
    let rise = (length.sinh() * cos - 2.0 * half * half) / denominator;
    let step =
        Vec2::new(sin * length.sinh() / denominator, if length < 1.0 { rise } else { 1.0 / denominator - 1.0 }) * y;
    let inside = step[0].is_finite() && step[1].is_finite() && y + step[1] > 0.0;
    inside.then_some(step)
}
