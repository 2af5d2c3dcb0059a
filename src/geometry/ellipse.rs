//! The Fisher ellipse `½ ΔᵀFΔ = δ`, lengths and angles in the Fisher metric at a point of a chart.
//!
//! The ellipse is the second-order approximation of a KL ball; the ball itself is in `ball`.

use std::f64::consts::TAU;

use crate::math::linear::determinant2;
use crate::math::{Mat2, Vec2};

/// The steps Δ from the centre to `n` points of the ellipse `½ ΔᵀFΔ = delta`, once around. Not finite if the metric is
/// not positive definite.
pub fn ellipse(metric: &Mat2, delta: f64, n: usize) -> impl Iterator<Item = Vec2> + use<> {
    let metric = *metric;
    let radius = (2.0 * delta).sqrt();
    (0..n).map(move |i| whiten(&metric, TAU * i as f64 / n as f64) * radius)
}

/// The half width and the half height of the bounding box of the ellipse `½ ΔᵀFΔ = delta`.
#[must_use]
pub fn extent(metric: &Mat2, delta: f64) -> Vec2 {
    let det = determinant2(metric);
    Vec2::new((2.0 * delta * metric[(1, 1)] / det).sqrt(), (2.0 * delta * metric[(0, 0)] / det).sqrt())
}

/// The tangent vector of unit Fisher length whose whitened direction is `angle` in radians: L⁻ᵀ (cos, sin) where F = L
/// Lᵀ.
#[must_use]
pub fn whiten(metric: &Mat2, angle: f64) -> Vec2 {
    let a = metric[(0, 0)].sqrt();
    let b = metric[(0, 1)] / a;
    let c = (determinant2(metric) / metric[(0, 0)]).sqrt();
    let (sin, cos) = angle.sin_cos();
    let y = sin / c;
    Vec2::new((cos - b * y) / a, y)
}

/// The Fisher length √(vᵀFv) of a tangent vector.
#[must_use]
pub fn length(metric: &Mat2, v: &Vec2) -> f64 {
    v.dot(&(metric * v)).sqrt()
}

/// The angle between two tangent vectors in the metric, from 0 to π radians; accurate for small angles too.
#[must_use]
pub fn angle(metric: &Mat2, u: &Vec2, v: &Vec2) -> f64 {
    // The lengths do not matter, but products of them may overflow.
    let (u, v) = (u / length(metric, u), v / length(metric, v));
    let cross = (u[0] * v[1] - u[1] * v[0]) * determinant2(metric).sqrt();
    cross.abs().atan2(u.dot(&(metric * v)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_satisfy_the_equation() {
        let metric = Mat2::new(3.0, 1.2, 1.2, 0.7);
        let mut box_ = Vec2::zeros();
        for step in ellipse(&metric, 0.1, 4096) {
            assert!((0.5 * step.dot(&(metric * step)) - 0.1).abs() < 1e-14);
            box_ = box_.sup(&step);
        }
        assert!((extent(&metric, 0.1) - box_).norm() < 1e-5);
    }

    #[test]
    fn angles_are_those_of_the_whitened_vectors() {
        let metric = Mat2::new(3.0, 1.2, 1.2, 0.7);
        for (a, b) in [(0.3, 0.31), (0.0, 2.0), (1.0, 1.0 + 1e-9), (0.0, 3.0)] {
            let found = angle(&metric, &(whiten(&metric, a) * 7.0), &whiten(&metric, b));
            assert!((found - (b - a)).abs() < 1e-15 + 1e-7 * (b - a), "{found}");
        }
    }

    #[test]
    fn the_start_of_the_three_charts_race() {
        // N(0, 1), loss KL(N(2, ½) ‖ ·): g = (−2, −3.25), F = diag(1, 2), natural direction (2, 1.625).
        let f = Mat2::new(1.0, 0.0, 0.0, 2.0);
        let g = Vec2::new(-2.0, 1.0 - 0.25 - 4.0);
        let (sgd, natural) = (-g, Vec2::new(2.0, 1.625));
        let along = |v: &Vec2| angle(&f, &Vec2::new(1.0, 0.0), v).to_degrees();
        assert!((along(&sgd) - 66.48).abs() < 0.01);
        assert!((along(&natural) - 48.97).abs() < 0.01);
        assert!((angle(&f, &sgd, &natural).to_degrees() - 17.51).abs() < 0.01);
    }
}
