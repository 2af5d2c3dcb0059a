//! Geodesics of the Fisher metric and of the α-connections: from a point with a velocity, and between two points.
//!
//! One face over closed forms (`half_plane`, `sphere`, the plane) and numbers (`flow` from a start, `collocation` between
//! ends); which of them holds is said by the family's [`Shape`]. Everything outside is in canonical parameters.

mod alpha;
mod collocation;
mod flow;
mod half_plane;
mod sphere;

use super::Place;
use super::connection::Spray;
use crate::family::{Chart, Family, NOWHERE, Shape, View};
use crate::math::Vec2;
use crate::math::linear::inverse2;

pub use alpha::{Path, alpha_between, is_closed};

/// Where the geodesic that leaves `p` with velocity `v` is after one unit of time, in canonical parameters; none where it
/// runs out of the family before.
#[must_use]
pub fn exponential(family: &dyn Family, p: Vec2, v: Vec2) -> Option<Vec2> {
    if !v.iter().all(|entry| entry.is_finite()) {
        return None;
    }
    let end = match family.shape() {
        Shape::HalfPlane { view, .. } => {
            let start = view.coordinates(p);
            half_plane::exponential(start, view.push(p, v)).and_then(|step| view.parameters(start + step))
        }
        Shape::Sphere => sphere::exponential(p, v),
        Shape::Flat(view) => view.parameters(view.coordinates(p) + view.push(p, v)),
        Shape::Curved { chart } => {
            let chart = &**family.charts().get(chart)?;
            let place = Place::of(chart, p);
            let w = inverse2(&place.jacobian)? * v;
            let [x, _] = flow::exponential(&Spray { family, chart, alpha: 0.0 }, place.x, w)?;
            chart.point(x)
        }
    };
    end.filter(|end| family.contains(*end))
}

/// The shortest geodesic between two points, run through in one unit of time.
#[derive(Debug, Clone)]
pub struct Geodesic<'f> {
    ends: [Vec2; 2],
    route: Route<'f>,
}

/// The geodesic as it was found.
#[derive(Debug, Clone)]
enum Route<'f> {
    HalfPlane { view: View, radius: f64, start: Vec2, arc: half_plane::Arc },
    Sphere(sphere::Arc),
    Flat { view: View, start: Vec2, step: Vec2 },
    Curved { family: &'f dyn Family, chart: &'f dyn Chart, curve: collocation::Curve },
}

/// The geodesic from `p` to `q`, points of the family in canonical parameters; none where the family has none between
/// them, and where none is found.
#[must_use]
pub fn between(family: &dyn Family, p: Vec2, q: Vec2) -> Option<Geodesic<'_>> {
    if !family.joined(p, q) {
        return None;
    }
    let route = match family.shape() {
        Shape::HalfPlane { view, radius } => {
            let start = view.coordinates(p);
            Route::HalfPlane { view, radius, start, arc: half_plane::Arc::new(start, view.difference(p, q)) }
        }
        Shape::Sphere => Route::Sphere(sphere::Arc::new(p, q)),
        Shape::Flat(view) => Route::Flat { view, start: view.coordinates(p), step: view.difference(p, q) },
        Shape::Curved { chart } => {
            let chart = &**family.charts().get(chart)?;
            let [x, y] = [p, q].map(|p| chart.to_coordinates(p));
            let curve = collocation::between(&Spray { family, chart, alpha: 0.0 }, x, y)?;
            Route::Curved { family, chart, curve }
        }
    };
    let geodesic = Geodesic { ends: [p, q], route };
    geodesic.length().is_finite().then_some(geodesic)
}

/// The velocity at `p` of the geodesic to `q`, so that [`exponential`] leads there.
#[must_use]
pub fn logarithm(family: &dyn Family, p: Vec2, q: Vec2) -> Option<Vec2> {
    between(family, p, q).map(|geodesic| geodesic.velocity())
}

impl Geodesic<'_> {
    /// The point at `t` of the way, equal steps of t being equal lengths; its ends to the last bit.
    #[must_use]
    pub fn point(&self, t: f64) -> Vec2 {
        if t == 0.0 || t == 1.0 {
            return self.ends[usize::from(t == 1.0)];
        }
        match &self.route {
            Route::HalfPlane { view, start, arc, .. } => view.parameters(start + arc.step_at(t)).unwrap_or(NOWHERE),
            Route::Sphere(arc) => arc.point(t),
            Route::Flat { view, start, step } => view.parameters(start + step * t).unwrap_or(NOWHERE),
            Route::Curved { chart, curve, .. } => chart.to_parameters(curve.at(t)),
        }
    }

    /// The Fisher-Rao distance of the ends.
    #[must_use]
    pub fn length(&self) -> f64 {
        match &self.route {
            Route::HalfPlane { radius, arc, .. } => radius * arc.length(),
            Route::Sphere(arc) => arc.length(),
            Route::Flat { step, .. } => step.norm(),
            Route::Curved { family, chart, curve } => {
                // The speed is the same everywhere; in the middle the curve is at its best.
                let place = Place::at(*chart, curve.at(0.5));
                super::ellipse::length(&place.metric(&family.fisher(place.p)), &curve.velocity(0.5))
            }
        }
    }

    /// The velocity at the start, in canonical parameters.
    #[must_use]
    pub fn velocity(&self) -> Vec2 {
        let p = self.ends[0];
        match &self.route {
            Route::HalfPlane { view, arc, .. } => view.pull(p, arc.velocity()),
            Route::Sphere(arc) => arc.velocity(),
            Route::Flat { view, step, .. } => view.pull(p, *step),
            Route::Curved { chart, curve, .. } => Place::of(*chart, p).jacobian * curve.velocity(0.0),
        }
    }
}
