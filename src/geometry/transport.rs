//! Parallel transport: a vector carried along a curve by a connection, and what a closed curve does to it.
//!
//! dvᵏ/dt = −Γᵏᵢⱼ ẋⁱ vʲ. Levi-Civita's transport (α = 0) keeps Fisher lengths and angles and depends on the way; e- and
//! m-transport (α = ±1) of exponential families do not depend on the way, and are adjoint to each other (Amari & Nagaoka
//! 2000, §3.1).

use super::connection::{Connection, Spray};
use super::ellipse::length;
use crate::family::{Chart, Family};
use crate::math::Vec2;
use crate::math::linear::determinant2;

/// Steps of the classical Runge–Kutta method on each piece of a polyline.
const STEPS: usize = 64;

/// The vector that `v` at the first point becomes at the last, carried along a polyline whose pieces are straight in the
/// parameters; none where the connection is none on the way.
#[must_use]
pub fn along_polyline(family: &dyn Family, points: &[Vec2], v: Vec2, alpha: f64) -> Option<Vec2> {
    let canonical: &dyn Chart = &**family.charts().first()?;
    let spray = Spray { family, chart: canonical, alpha };
    points.windows(2).try_fold(v, |v, ends| {
        let step = ends[1] - ends[0];
        carry(&spray, v, |t| (ends[0] + step * t, step))
    })
}

/// The vector that `v` at the start becomes at the end of a curve over the unit interval, given by its points: a geodesic, for
/// instance. The more of it is given the better: between three points the curve is taken for a parabola.
#[must_use]
pub fn along(family: &dyn Family, curve: impl Fn(f64) -> Vec2, v: Vec2, alpha: f64) -> Option<Vec2> {
    let canonical: &dyn Chart = &**family.charts().first()?;
    let spray = Spray { family, chart: canonical, alpha };
    // Velocities by differences of eighth order that stay on the curve: 2e-12 of its length.
    const H: f64 = 1.0 / 512.0;
    let velocity = |t: f64| {
        let t = t.clamp(4.0 * H, 1.0 - 4.0 * H);
        let pair = |k: f64| curve(t + k * H) - curve(t - k * H);
        (pair(1.0) * 672.0 - pair(2.0) * 168.0 + pair(3.0) * 32.0 - pair(4.0) * 3.0) / (840.0 * H)
    };
    carry(&spray, v, |t| (curve(t), velocity(t)))
}

fn carry(spray: &Spray<'_>, v: Vec2, curve: impl Fn(f64) -> (Vec2, Vec2)) -> Option<Vec2> {
    let at = |t: f64| -> Option<(Connection, Vec2)> {
        let (x, velocity) = curve(t);
        Some((spray.connection(x)?, velocity))
    };
    let h = 1.0 / STEPS as f64;
    let mut v = v;
    let mut start = at(0.0)?;
    for i in 0..STEPS {
        let t = i as f64 * h;
        let (middle, end) = (at(t + 0.5 * h)?, at(t + h)?);
        let slope = |(connection, velocity): &(Connection, Vec2), v: Vec2| -connection.apply(*velocity, v);
        let first = slope(&start, v);
        let second = slope(&middle, v + first * (0.5 * h));
        let third = slope(&middle, v + second * (0.5 * h));
        let last = slope(&end, v + third * h);
        v += (first + second * 2.0 + third * 2.0 + last) * (h / 6.0);
        start = end;
    }
    Some(v)
}

/// The angle by which Levi-Civita's transport once around a closed polyline turns vectors, in radians, positive from the
/// first parameter towards the second; the last point need not repeat the first.
///
/// Divided by the enclosed Fisher area it is the curvature's mean (Gauss & Bonnet).
#[must_use]
pub fn holonomy(family: &dyn Family, corners: &[Vec2]) -> Option<f64> {
    let start = *corners.first()?;
    let closed: Vec<Vec2> = corners.iter().copied().chain([start]).collect();
    let metric = family.fisher(start);
    let before = Vec2::x() / length(&metric, &Vec2::x());
    let after = along_polyline(family, &closed, before, 0.0)?;
    let cross = (before[0] * after[1] - before[1] * after[0]) * determinant2(&metric).sqrt();
    Some(cross.atan2(before.dot(&(metric * after))))
}
