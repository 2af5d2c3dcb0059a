//! Geodesics of the Fisher metric and of the α-connections: from a point with a given velocity, and between two points.
//!
//! One interface to closed forms (`half_plane`, `sphere`, the plane), to quadrature if the metric has a symmetry
//! (`clairaut`) and to numerical solutions of the initial value problem (`flow`) and the boundary value problem
//! (`search`); the family's [`Shape`] and [`Family::profile`] decide which one applies. Arguments and results are
//! in canonical parameters.

mod alpha;
mod chain;
mod clairaut;
mod collocation;
mod flow;
mod half_plane;
mod relaxation;
mod search;
mod sphere;

use super::Place;
use super::connection::Spray;
use crate::family::{Chart, ChartId, Family, NOWHERE, Shape, View};
use crate::math::Vec2;
use crate::math::linear::inverse2;

pub use alpha::{Path, alpha_between, is_closed};

/// Why a geodesic has no end point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// It leaves the family before.
    Left,
    /// The integration failed, or the end is not representable as a double.
    Lost,
}

/// The Riemannian exponential map: the point that the geodesic from `p` with velocity `v` reaches after one unit of
/// time, in canonical parameters; `None` if it has no end point ([`follow`] says why).
#[must_use]
pub fn exponential(family: &dyn Family, p: Vec2, v: Vec2) -> Option<Vec2> {
    follow(family, p, v).ok()
}

/// The point that the geodesic from `p` with velocity `v` reaches after one unit of time, in canonical parameters.
///
/// # Errors
/// [`Stop::Left`] if it leaves the family before, [`Stop::Lost`] if it cannot be integrated or its end is not
/// representable.
pub fn follow(family: &dyn Family, p: Vec2, v: Vec2) -> Result<Vec2, Stop> {
    if !v.iter().all(|entry| entry.is_finite()) {
        return Err(Stop::Lost);
    }
    let end = match family.shape() {
        Shape::HalfPlane { view, .. } => half_plane::exponential(view.coordinates(p), view.push(p, v))
            .and_then(|end| view.parameters(end))
            .ok_or(Stop::Lost),
        Shape::Sphere => sphere::exponential(p, v).ok_or(Stop::Left),
        Shape::Flat(view) => view.parameters(view.coordinates(p) + view.push(p, v)).ok_or(Stop::Left),
        Shape::Curved { chart } => match family.profile() {
            Some(profile) => clairaut::exponential(profile, p, v),
            None => flown(family, chart, p, v),
        },
    }?;
    if family.contains(end) { Ok(end) } else { Err(Stop::Lost) }
}

/// [`follow`] by integration in the chart with this index.
fn flown(family: &dyn Family, chart: ChartId, p: Vec2, v: Vec2) -> Result<Vec2, Stop> {
    let chart = family.chart(chart);
    let place = Place::of(chart, p);
    let w = inverse2(&place.jacobian).ok_or(Stop::Lost)? * v;
    let [x, _] = flow::exponential(&Spray { family, chart, alpha: 0.0 }, place.x, w)?;
    chart.point(x).ok_or(Stop::Left)
}

/// The shortest geodesic between two points, parameterised by the unit interval with constant speed.
#[derive(Debug, Clone)]
pub struct Geodesic<'f> {
    ends: [Vec2; 2],
    length: f64,
    route: Route<'f>,
}

/// The representation of a geodesic.
#[derive(Debug, Clone)]
enum Route<'f> {
    HalfPlane { view: View, radius: f64, arc: half_plane::Arc },
    Sphere(sphere::Arc),
    Flat { view: View, start: Vec2, step: Vec2 },
    Turned(clairaut::Curve<'f>),
    Curved { chart: &'f dyn Chart, curve: chain::Chain, backward: bool },
}

/// The shortest geodesic from `p` to `q`, points of the family in canonical parameters; `None` if no geodesic of the
/// family joins them or none is found. With the ends exchanged it is the same curve, with exactly the same length.
#[must_use]
pub fn between(family: &dyn Family, p: Vec2, q: Vec2) -> Option<Geodesic<'_>> {
    if !family.joined(p, q) {
        return None;
    }
    let route = Route::between(family, p, q)?;
    let length = match &route {
        Route::Turned(curve) => curve.length(),
        Route::Curved { curve, .. } => curve.length(),
        // Closed forms are fast enough to be computed again in the canonical order of the ends.
        _ if backward(p, q) => Route::between(family, q, p)?.closed_length(),
        _ => route.closed_length(),
    };
    length.is_finite().then_some(Geodesic { ends: [p, q], length, route })
}

/// The Fisher-Rao distance: the length of [`between`], and between antipodal directions, where that is `None`, the
/// infimum.
#[must_use]
pub fn distance(family: &dyn Family, p: Vec2, q: Vec2) -> Option<f64> {
    match family.profile() {
        Some(profile) => Some(clairaut::Curve::between(profile, p, q).length()).filter(|length| length.is_finite()),
        None => between(family, p, q).map(|geodesic| geodesic.length()),
    }
}

/// Whether two ends are exchanged so that a computation does not depend on their order.
fn backward(p: Vec2, q: Vec2) -> bool {
    (p[0], p[1]) > (q[0], q[1])
}

/// The Riemannian logarithm: the velocity at `p` with which [`exponential`] reaches `q`; `None` as for [`between`].
#[must_use]
pub fn logarithm(family: &dyn Family, p: Vec2, q: Vec2) -> Option<Vec2> {
    between(family, p, q).map(|geodesic| geodesic.velocity())
}

impl<'f> Route<'f> {
    fn between(family: &'f dyn Family, p: Vec2, q: Vec2) -> Option<Self> {
        Some(match family.shape() {
            Shape::HalfPlane { view, radius } => {
                let [start, end] = [p, q].map(|p| view.coordinates(p));
                Self::HalfPlane { view, radius, arc: half_plane::Arc::new(start, end, view.difference(p, q)) }
            }
            Shape::Sphere => Self::Sphere(sphere::Arc::new(p, q)),
            Shape::Flat(view) => Self::Flat { view, start: view.coordinates(p), step: view.difference(p, q) },
            Shape::Curved { chart } => {
                if let Some(profile) = family.profile() {
                    return Some(Self::Turned(clairaut::Curve::between(profile, p, q)));
                }
                let chart = family.chart(chart);
                let backward = backward(p, q);
                let ends = if backward { [q, p] } else { [p, q] };
                let (chart, curve) = search::shortest(family, chart, ends)?;
                Self::Curved { chart, curve, backward }
            }
        })
    }

    /// The length if it has a closed form, otherwise NaN.
    fn closed_length(&self) -> f64 {
        match self {
            Self::HalfPlane { radius, arc, .. } => radius * arc.length(),
            Self::Sphere(arc) => arc.length(),
            Self::Flat { step, .. } => step[0].hypot(step[1]),
            Self::Turned(_) | Self::Curved { .. } => f64::NAN,
        }
    }
}

impl Geodesic<'_> {
    /// The point at the fraction `t` of the length, 0 ≤ t ≤ 1, in canonical parameters; at 0 and 1 exactly the ends.
    #[must_use]
    pub fn point(&self, t: f64) -> Vec2 {
        if t == 0.0 || t == 1.0 {
            return self.ends[usize::from(t == 1.0)];
        }
        match &self.route {
            Route::HalfPlane { view, arc, .. } => view.parameters(arc.point(t)).unwrap_or(NOWHERE),
            Route::Sphere(arc) => arc.point(t),
            Route::Flat { view, start, step } => view.parameters(start + step * t).unwrap_or(NOWHERE),
            Route::Turned(curve) => curve.point(t),
            Route::Curved { chart, curve, backward } => {
                chart.to_parameters(curve.at(if *backward { 1.0 - t } else { t }))
            }
        }
    }

    /// The Fisher-Rao distance of the ends.
    #[must_use]
    pub const fn length(&self) -> f64 {
        self.length
    }

    /// The velocity at the start, in canonical parameters.
    #[must_use]
    pub fn velocity(&self) -> Vec2 {
        let p = self.ends[0];
        match &self.route {
            Route::HalfPlane { view, arc, .. } => view.pull(p, arc.velocity()),
            Route::Sphere(arc) => arc.velocity(),
            Route::Flat { view, step, .. } => view.pull(p, *step),
            Route::Turned(curve) => curve.velocity(p),
            Route::Curved { chart, curve, backward } => {
                let slope = if *backward { -curve.velocity(1.0) } else { curve.velocity(0.0) };
                Place::of(*chart, p).jacobian * slope
            }
        }
    }
}
