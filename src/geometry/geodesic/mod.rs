//! Geodesics of the Fisher metric: the exponential map, the geodesic between two points, its length.
//!
//! One face over closed forms (`half_plane`, `sphere`, the plane) and numbers (`flow`); which of them holds is said by the
//! family's [`Shape`]. Everything outside is in canonical parameters.

mod flow;
mod half_plane;
mod sphere;

use super::connection::Spray;
use crate::family::{Family, Shape, View};
use crate::math::Vec2;

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
            half_plane::exponential(start, view.push(p, v)).and_then(|step| displaced(&view, start, step))
        }
        Shape::Sphere => sphere::exponential(p, v),
        Shape::Flat(view) => displaced(&view, view.coordinates(p), view.push(p, v)),
        Shape::Curved { chart } => {
            let chart = &**family.charts().get(chart)?;
            let place = super::Place::of(chart, p);
            let w = crate::math::linear::inverse2(&place.jacobian)? * v;
            let [x, _] = flow::exponential(&Spray { family, chart, alpha: 0.0 }, place.x, w)?;
            chart.point(x)
        }
    };
    end.filter(|end| family.contains(*end))
}

/// The parameters at a step from coordinates of a shape.
fn displaced(view: &View, start: Vec2, step: Vec2) -> Option<Vec2> {
    view.parameters(start + step)
}
