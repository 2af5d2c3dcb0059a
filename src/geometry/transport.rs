//! Parallel transport: a vector carried along a curve by a connection, and what a closed curve does to it.
//!
//! dvᵏ/dt = −Γᵏᵢⱼ ẋⁱ vʲ. Levi-Civita's transport (α = 0) keeps Fisher lengths and angles and depends on the way; e- and
//! m-transport (α = ±1) of exponential families do not depend on the way, and are adjoint to each other (Amari & Nagaoka
//! 2000, §3.1).

use super::connection::{Connection, Spray};
use crate::family::{Chart, Family};
use crate::math::Vec2;
use crate::math::adaptive::integrate;
use crate::math::chebyshev::{Series, nodes};
use crate::math::linear::determinant2;

/// Steps of the classical Runge–Kutta method on each piece of a polyline.
const STEPS: usize = 64;
/// The relative error of areas.
const AREA: f64 = 1e-12;
/// Which rule of `chebyshev` a curve is asked at: 32 nodes.
const NODES: usize = 2;

/// The vector that `v` at the first point becomes at the last, carried along a polyline whose pieces are straight in the
/// parameters; `None` if the connection is none on the way.
#[must_use]
pub fn along_polyline(family: &dyn Family, points: &[Vec2], v: Vec2, alpha: f64) -> Option<Vec2> {
    let canonical: &dyn Chart = family.canonical();
    let spray = Spray { family, chart: canonical, alpha };
    points.windows(2).try_fold(v, |v, ends| {
        let step = ends[1] - ends[0];
        carry(&spray, v, |t| (ends[0] + step * t, step))
    })
}

/// The vector that `v` at the start becomes at the end of a smooth curve over the unit interval: a geodesic, for instance.
/// The curve is asked at Chebyshev nodes, from which its velocity follows.
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

/// The Fisher area of a square of the parameters from its lowest corner, to about 1e-11 of it; `None` if it leaves the family.
#[must_use]
pub fn area(family: &dyn Family, corner: Vec2, side: f64) -> Option<f64> {
    let density = |p: Vec2| if family.contains(p) { determinant2(&family.fisher(p)).sqrt() } else { f64::NAN };
    let along = |i: usize| [corner[i], corner[i] + side];
    let column = |x: f64| integrate(&along(1), AREA, |y| [density(Vec2::new(x, y))]).value[0];
    let [area] = integrate(&along(0), AREA, |x| [column(x)]).value;
    area.is_finite().then_some(area)
}

/// The corners of that square, once around from the lowest, the first parameter first.
#[must_use]
pub fn square(corner: Vec2, side: f64) -> [Vec2; 4] {
    [[0.0, 0.0], [side, 0.0], [side, side], [0.0, side]].map(|step| corner + Vec2::from(step))
}

/// The angle by which Levi-Civita's transport once around a closed polyline turns vectors, in radians, whole turns included,
/// positive from the first parameter towards the second; the last point need not repeat the first. `None` where the polyline
/// leaves the family.
///
/// Against the frame whose first vector is along the first parameter the turning is `−∮ Γ²₁ᵢ dxⁱ √det F / F₁₁` (do Carmo 1976,
/// §4-4), which is summed. Divided by the enclosed Fisher area it is the curvature's mean (Gauss & Bonnet).
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
