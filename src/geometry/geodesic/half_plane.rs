//! Geodesics of the half-plane `ds² = (du² + dy²)/y²`, accurate for both near and far points.
//!
//! On the hyperboloid (1, u, u² + y²)/y a geodesic is a combination of its ends with hyperbolic sines as weights; no
//! cosine of a distance is inverted. Both ends are stored, since start + step would lose an end that is much smaller.
//! Knows no family.

use crate::math::Vec2;

/// An arc between two points.
#[derive(Debug, Clone, Copy)]
pub struct Arc {
    start: Vec2,
    end: Vec2,
    /// End minus start, without cancellation.
    step: Vec2,
    length: f64,
}

impl Arc {
    /// The arc from `start` to `end`, given also `step` = end − start.
    #[must_use]
    pub fn new(start: Vec2, end: Vec2, step: Vec2) -> Self {
        Self { start, end, step, length: length(start[1], end[1], step) }
    }

    /// The hyperbolic length.
    #[must_use]
    pub const fn length(&self) -> f64 {
        self.length
    }

    /// The point at the fraction `t` of the length.
    #[must_use]
    pub fn point(&self, t: f64) -> Vec2 {
        let part = |t: f64| share(t * self.length, self.length, t);
        // 1/y and u/y are linear on the hyperboloid.
        let (first, last) = (part(1.0 - t) / self.start[1], part(t) / self.end[1]);
        let height = 1.0 / (first + last);
        // From the nearer end, so that a small u stays accurate.
        let across = if first > last {
            self.start[0] + self.step[0] * (last * height)
        } else {
            self.end[0] - self.step[0] * (first * height)
        };
        Vec2::new(across, height)
    }

    /// The velocity at the start if the arc takes one unit of time.
    #[must_use]
    pub fn velocity(&self) -> Vec2 {
        let y = self.start[1];
        let (across, up) = (self.step[0] / y, self.step[1] / y);
        // Along (2a, a² + (1 + b)² − 1) for a step (a, b) from (0, 1), scaled against overflow.
        let size = across.abs().max(up.abs()).max(1.0);
        let direction = Vec2::new(2.0 * across / size, across / size * across + up / size * (up + 2.0));
        let norm = direction[0].hypot(direction[1]);
        if norm == 0.0 { Vec2::zeros() } else { direction * (self.length * y / norm) }
    }
}

/// The distance of points at heights `y` and `z` that are `step` apart: sinh(d/2) = |step|/(2√(y z)).
fn length(y: f64, z: f64, step: Vec2) -> f64 {
    let chord = step[0].hypot(step[1]);
    let sinh = 0.5 * chord / (y.sqrt() * z.sqrt());
    // Beyond 1e100 asinh x = ln 2x to rounding, and the quotient may overflow.
    let half = if sinh < 1e100 { sinh.asinh() } else { chord.ln() - 0.5 * (y.ln() + z.ln()) };
    2.0 * half
}

/// sinh(part)/sinh(whole) for part ≤ whole, or `limit` if both vanish; does not overflow.
fn share(part: f64, whole: f64, limit: f64) -> f64 {
    if whole < 1e-150 {
        return limit;
    }
    (part - whole).exp() * (-2.0 * part).exp_m1() / (-2.0 * whole).exp_m1()
}

/// The point that the geodesic from `start` with velocity `v` reaches after one unit of time; `None` if it overflows or
/// underflows.
#[must_use]
pub fn exponential(start: Vec2, v: Vec2) -> Option<Vec2> {
    let y = start[1];
    let (across, up) = (v[0] / y, v[1] / y);
    let length = across.hypot(up);
    if length == 0.0 {
        return Some(start);
    }
    // With α the angle from the vertical: u = sin α sinh d/D, y = 1/D, D = eᵈ sin²(α/2) + e⁻ᵈ cos²(α/2).
    let (sin, cos) = (across / length, up / length);
    let (small, large) = if cos > 0.0 {
        (sin * sin / (2.0 * (1.0 + cos)), 0.5 * (1.0 + cos))
    } else {
        (0.5 * (1.0 - cos), sin * sin / (2.0 * (1.0 - cos)))
    };
    let denominator = length.exp() * small + (-length).exp() * large;
    // 1/D − 1 with D − 1 = 2 sinh²(d/2) − cos α sinh d, accurate for short steps.
    let half = (0.5 * length).sinh();
    let rise = (length.sinh() * cos - 2.0 * half * half) / denominator;
    let height = if length < 1.0 { y + y * rise } else { y / denominator };
    let end = Vec2::new(start[0] + y * (sin * length.sinh() / denominator), height);
    let inside = end[0].is_finite() && end[1].is_finite() && end[1] > 0.0;
    inside.then_some(end)
}
