//! Parallel transport of a vector along a curve by a connection, and the holonomy of closed curves.
//!
//! dvᵏ/dt = −Γᵏᵢⱼ ẋⁱ vʲ. The Levi-Civita transport (α = 0) preserves Fisher lengths and angles and depends on the path;
//! the e- and m-transport (α = ±1) of exponential families do not depend on the path and are dual to each other (Amari
//! & Nagaoka 2000, §3.1).

use super::connection::{Connection, Spray};
use crate::family::{Chart, Family};
use crate::math::Vec2;
use crate::math::adaptive::integrate;
use crate::math::chebyshev::{Series, nodes};
use crate::math::linear::determinant2;

/// The number of steps of the classical Runge-Kutta method on a smooth curve or a segment of a polyline.
const STEPS: usize = 64;
/// The relative tolerance of the integral of holonomy.
const AREA: f64 = 1e-12;
/// The index in [`SIZES`](crate::math::chebyshev::SIZES) of the rule at whose nodes a curve is evaluated: 32 nodes.
const NODES: usize = 2;

/// Transports `v` from the first point to the last along a polyline whose segments are straight in the parameters; all
/// vectors are in canonical parameters. `None` if the metric is singular, or the family left, on the way.
#[must_use]
pub fn along_polyline(family: &dyn Family, points: &[Vec2], v: Vec2, alpha: f64) -> Option<Vec2> {
    let canonical: &dyn Chart = family.canonical();
    let spray = Spray { family, chart: canonical, alpha };
    points.windows(2).try_fold(v, |v, ends| {
        let step = ends[1] - ends[0];
        carry(&spray, v, |t| (ends[0] + step * t, step))
    })
}

/// Transports `v` along a smooth curve over the unit interval, for instance a geodesic; all in canonical parameters.
/// The curve is interpolated at Chebyshev nodes, and its velocity is that of the interpolant. `None` as for
/// [`along_polyline`].
#[must_use]
pub fn along(family: &dyn Family, curve: impl Fn(f64) -> Vec2, v: Vec2, alpha: f64) -> Option<Vec2> {
    let canonical: &dyn Chart = family.canonical();
    let points: Vec<Vec2> = nodes(NODES).t.iter().map(|t| curve(*t)).collect();
    let place = [0, 1].map(|k| Series::of(&points.iter().map(|x| x[k]).collect::<Vec<_>>()));
    let slope = [place[0].derivative(), place[1].derivative()];
    let at = |series: &[Series; 2], t: f64| Vec2::new(series[0].at(t), series[1].at(t));
    carry(&Spray { family, chart: canonical, alpha }, v, |t| (at(&place, t), at(&slope, t)))
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

/// The Fisher area of a square in the parameters with lowest corner `corner`, to a relative error of about 1e-11;
/// `None` if the square leaves the family.
#[must_use]
pub fn area(family: &dyn Family, corner: Vec2, side: f64) -> Option<f64> {
    let density = |p: Vec2| if family.contains(p) { determinant2(&family.fisher(p)).sqrt() } else { f64::NAN };
    let along = |i: usize| [corner[i], corner[i] + side];
    let column = |x: f64| integrate(&along(1), AREA, |y| [density(Vec2::new(x, y))]).value[0];
    let [area] = integrate(&along(0), AREA, |x| [column(x)]).value;
    area.is_finite().then_some(area)
}

/// The corners of that square in counterclockwise order, from the lowest.
#[must_use]
pub fn square(corner: Vec2, side: f64) -> [Vec2; 4] {
    [[0.0, 0.0], [side, 0.0], [side, side], [0.0, side]].map(|step| corner + Vec2::from(step))
}

/// The angle in radians by which Levi-Civita transport around a closed polyline rotates vectors, including whole turns,
/// positive from the first parameter towards the second. The polyline is closed from the last corner to the first.
/// `None` if it leaves the family.
///
/// Relative to the orthonormal frame whose first vector is along the first parameter the rotation is `−∮ Γ²₁ᵢ dxⁱ √det
/// F / F₁₁` (do Carmo 1976, §4-4). Divided by the enclosed Fisher area it is the mean curvature of the enclosed region
/// (Gauss-Bonnet theorem).
#[must_use]
pub fn holonomy(family: &dyn Family, corners: &[Vec2]) -> Option<f64> {
    let ends = corners.iter().zip(corners.iter().cycle().skip(1));
    let side = |(start, end): (&Vec2, &Vec2)| {
        let step = end - start;
        let turning = |t: f64| {
            let p = start + step * t;
            let connection = family.contains(p).then(|| Connection::at(family, p, 0.0))??;
            let metric = family.fisher(p);
            Some(-connection.apply(Vec2::x(), step)[1] * determinant2(&metric).sqrt() / metric[(0, 0)])
        };
        integrate(&[0.0, 1.0], AREA, |t| [turning(t).unwrap_or(f64::NAN)]).value[0]
    };
    Some(ends.map(side).sum()).filter(|angle: &f64| angle.is_finite())
}
