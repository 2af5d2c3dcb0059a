//! Fisher-Rao distance: the length of the shortest geodesic.

use super::geodesic;
use crate::family::Family;
use crate::math::Vec2;

/// Whether [`distance`] has a closed form on this family; otherwise a geodesic is computed.
#[must_use]
pub fn is_closed(family: &dyn Family) -> bool {
    family.shape().is_closed()
}

/// About what a distance costs, in steps of gradient descent on a closed form.
#[must_use]
pub fn cost(family: &dyn Family) -> usize {
    if is_closed(family) { 4 } else { 1000 }
}

/// The Fisher-Rao distance of two points of the family in canonical parameters, exactly symmetric; `None` if no
/// geodesic of the family joins them or none is found.
///
/// Between antipodal directions of the von Mises family it is the infimum of the lengths, which no geodesic inside the
/// family attains.
///
/// Closed forms are those of Atkinson & Mitchell (1981), *Rao's distance measure*, and Burbea (1986), *Informative
/// geometry of probability spaces*.
#[must_use]
pub fn distance(family: &dyn Family, p: Vec2, q: Vec2) -> Option<f64> {
    geodesic::distance(family, p, q)
}

/// The largest Fisher-Rao distance between two of several points; NaN if there are fewer than two, or if no pair has a
/// distance.
#[must_use]
pub fn spread(family: &dyn Family, points: &[Vec2]) -> f64 {
    largest(points, |p, q| distance(family, p, q))
}

/// The same of any distance.
#[must_use]
pub fn largest(points: &[Vec2], apart: impl Fn(Vec2, Vec2) -> Option<f64>) -> f64 {
    let pairs = points.iter().enumerate().flat_map(|(i, p)| points[..i].iter().map(move |q| (*p, *q)));
    pairs.map(|(p, q)| apart(p, q).unwrap_or(f64::NAN)).fold(f64::NAN, f64::max)
}
