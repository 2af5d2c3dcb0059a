//! Geodesics of the Fisher metric and of the α-connections: from a point with a velocity, and between two points.
//!
//! One face over closed forms (`half_plane`, `sphere`, the plane), integrals where the metric has a symmetry (`clairaut`) and
//! numbers (`flow` from a start, `collocation` between ends); which of them holds is said by the family's [`Shape`] and
//! [`Family::profile`]. Everything outside is in canonical parameters.

mod alpha;
mod clairaut;
mod collocation;
mod flow;
mod half_plane;
mod relaxation;
mod sphere;

use super::Place;
use super::connection::Spray;
use crate::family::{Chart, ChartId, Family, NOWHERE, Shape, View};
use crate::math::Vec2;
use crate::math::linear::inverse2;

pub use alpha::{Path, alpha_between, is_closed};

/// Why a geodesic has no end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// It runs out of the family before.
    Left,
    /// The integration failed, or the end is not representable as a double.
    Lost,
}

/// Where the geodesic that leaves `p` with velocity `v` is after one unit of time, in canonical parameters; `None` where it
/// has no end ([`follow`] says why).
#[must_use]
pub fn exponential(family: &dyn Family, p: Vec2, v: Vec2) -> Option<Vec2> {
    follow(family, p, v).ok()
}

/// Where the geodesic that leaves `p` with velocity `v` is after one unit of time, in canonical parameters.
///
/// # Errors
/// Where it runs out of the family before, and where it cannot be integrated.
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

/// [`follow`] by integration in the chart of that index.
fn flown(family: &dyn Family, chart: ChartId, p: Vec2, v: Vec2) -> Result<Vec2, Stop> {
    let chart = family.chart(chart);
    let place = Place::of(chart, p);
    let w = inverse2(&place.jacobian).ok_or(Stop::Lost)? * v;
    let [x, _] = flow::exponential(&Spray { family, chart, alpha: 0.0 }, place.x, w)?;
    chart.point(x).ok_or(Stop::Left)
}

/// The shortest geodesic between two points, run through in one unit of time.
#[derive(Debug, Clone)]
pub struct Geodesic<'f> {
    ends: [Vec2; 2],
    length: f64,
    route: Route<'f>,
}

/// The geodesic as it was found.
#[derive(Debug, Clone)]
enum Route<'f> {
    HalfPlane { view: View, radius: f64, arc: half_plane::Arc },
    Sphere(sphere::Arc),
    Flat { view: View, start: Vec2, step: Vec2 },
    Turned(clairaut::Curve<'f>),
    Curved { chart: &'f dyn Chart, curve: collocation::Curve, backward: bool },
}

/// The geodesic from `p` to `q`, points of the family in canonical parameters; `None` where the family has none between
/// them, and where none is found. The way back is the same curve, and has the same length to the last bit.
#[must_use]
pub fn between(family: &dyn Family, p: Vec2, q: Vec2) -> Option<Geodesic<'_>> {
    if !family.joined(p, q) {
        return None;
    }
    let route = Route::between(family, p, q)?;
    let length = match &route {
        Route::Turned(curve) => curve.length(),
        Route::Curved { curve, .. } => curve.length,
        // Cheap enough to be computed in one order of the ends, whichever was asked for.
        _ if backward(p, q) => Route::between(family, q, p)?.closed_length(),
        _ => route.closed_length(),
    };
    length.is_finite().then_some(Geodesic { ends: [p, q], length, route })
}

/// The Fisher-Rao distance: the length of [`between`], and where that is `None` for two ways of one length, their length.
#[must_use]
pub fn distance(family: &dyn Family, p: Vec2, q: Vec2) -> Option<f64> {
    match family.profile() {
        Some(profile) => Some(clairaut::Curve::between(profile, p, q).length()).filter(|length| length.is_finite()),
        None => between(family, p, q).map(|geodesic| geodesic.length()),
    }
}

/// Whether two ends are taken in the other order where a computation must not depend on theirs.
fn backward(p: Vec2, q: Vec2) -> bool {
    (p[0], p[1]) > (q[0], q[1])
}

/// The velocity at `p` of the geodesic to `q`, so that [`exponential`] leads there.
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
                let (chart, curve) = collocation::shortest(family, chart, ends)?;
                Self::Curved { chart, curve, backward }
            }
        })
    }

    /// The length of what has a closed form.
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
    /// The point at `t` of the way, equal steps of t being equal lengths; its ends to the last bit.
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
