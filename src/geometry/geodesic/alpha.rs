//! Geodesics of the α-connections: straight lines of the natural chart (α = 1) or of the expectation chart (α = −1),
//! otherwise computed.
//!
//! Has no lengths: only for α = 0 is a geodesic a shortest curve.

use super::collocation::{self, Curve};
use super::{Geodesic, between};
use crate::family::{Chart, Family};
use crate::geometry::connection::Spray;
use crate::math::Vec2;

/// A geodesic of an α-connection between two points, parameterised affinely by the unit interval.
#[derive(Debug, Clone)]
pub struct Path<'f> {
    ends: [Vec2; 2],
    route: Route<'f>,
}

#[derive(Debug, Clone)]
enum Route<'f> {
    Metric(Box<Geodesic<'f>>),
    Straight { chart: &'f dyn Chart, start: Vec2, step: Vec2 },
    Curved { chart: &'f dyn Chart, curve: Curve },
}

/// The geodesic of the α-connection from `p` to `q` in canonical parameters: α = 1 is the e-geodesic, −1 the
/// m-geodesic, 0 that of the Fisher metric. `None` if none is found.
#[must_use]
pub fn alpha_between(family: &dyn Family, p: Vec2, q: Vec2, alpha: f64) -> Option<Path<'_>> {
    let ends = [p, q];
    if alpha == 0.0 {
        let geodesic = between(family, p, q)?;
        return Some(Path { ends, route: Route::Metric(Box::new(geodesic)) });
    }
    if let Some([natural, expectation]) = family.dual_charts().filter(|_| alpha.abs() == 1.0) {
        let chart = family.chart(if alpha > 0.0 { natural } else { expectation });
        let [start, end] = ends.map(|p| chart.to_coordinates(p));
        return Some(Path { ends, route: Route::Straight { chart, start, step: end - start } });
    }
    if !family.joined(p, q) {
        return None;
    }
    let chart = family.chart(family.shape().chart());
    let [start, end] = ends.map(|p| chart.to_coordinates(p));
    let curve = collocation::between(&Spray { family, chart, alpha }, start, end)?;
    Some(Path { ends, route: Route::Curved { chart, curve } })
}

/// Whether [`alpha_between`] has a closed form on this family; otherwise it searches.
#[must_use]
pub fn is_closed(family: &dyn Family, alpha: f64) -> bool {
    if alpha == 0.0 { family.shape().is_closed() } else { alpha.abs() == 1.0 && family.dual_charts().is_some() }
}

impl Path<'_> {
    /// The point at 0 ≤ t ≤ 1 in canonical parameters; at 0 and 1 exactly the ends.
    #[must_use]
    pub fn point(&self, t: f64) -> Vec2 {
        if t == 0.0 || t == 1.0 {
            return self.ends[usize::from(t == 1.0)];
        }
        match &self.route {
            Route::Metric(geodesic) => geodesic.point(t),
            Route::Straight { chart, start, step } => chart.to_parameters(start + step * t),
            Route::Curved { chart, curve } => chart.to_parameters(curve.at(t)),
        }
    }
}
