//! The search for the shortest geodesic where there is neither a closed form nor a symmetry.
//!
//! Near ends: collocation from the straight line of the chart. Distant ends: the shortest of several polygons, relaxed,
//! then a chain of short geodesics.

use std::cell::Cell;

use super::chain::{self, Chain};
use super::collocation;
use super::relaxation;
use crate::family::{Chart, Family};
use crate::geometry::connection::Spray;
use crate::math::Vec2;

/// The size of a straight line, in pieces of a polygon, up to which collocation from it is tried first.
const NEAR: f64 = 4.0;
/// The number of polygons from which a chain is tried until one is found.
const TRIES: usize = 4;
/// The Fisher length from which another geodesic may be shorter than that next to the straight line.
const LONG: f64 = 2.5;

/// The shortest geodesic of the Fisher metric that is found between two points (canonical parameters), with the chart
/// it is in: `chart` or, for distant ends, [`Family::geodesic_chart`].
#[must_use]
pub fn shortest<'f>(family: &'f dyn Family, chart: &'f dyn Chart, ends: [Vec2; 2]) -> Option<(&'f dyn Chart, Chain)> {
    let search = |chart: &'f dyn Chart| {
        let [start, end] = ends.map(|p| chart.to_coordinates(p));
        (Spray { family, chart, alpha: 0.0 }, start, end)
    };
    let (spray, start, end) = search(chart);
    let direct =
        (relaxation::size(&spray, start, end) <= NEAR).then(|| collocation::near(&spray, start, end)).flatten();
    let ground = family.geodesic_chart(ends[0]).unwrap_or(chart);
    let (spray, start, end) = search(ground);
    let far = || {
        let work = Cell::new(chain::WORK);
        let around = relaxation::candidates(&spray, start, end).into_iter().take(TRIES);
        let mut around = around.filter_map(|polygon| relaxation::relaxed(&spray, &polygon));
        // Where there is a hollow, what is shortest before it is relaxed need not be shortest afterwards.
        let dips = relaxation::dips(&spray, start, end);
        let mut ways: Vec<_> = dips.filter_map(|polygon| relaxation::relaxed(&spray, &polygon)).collect();
        if !ways.is_empty() {
            ways.extend(around.by_ref());
            ways.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        }
        ways.into_iter().chain(around).find_map(|(_, polygon)| chain::near(&spray, &polygon, &work))
    };
    match direct {
        // There may be several geodesics; the first one found need not be the shortest.
        Some(curve) if curve.length < LONG || !relaxation::undercuts(&spray, start, end, curve.length) => {
            Some((chart, curve.into()))
        }
        Some(curve) => Some(match far() {
            Some(other) if other.length() < curve.length => (ground, other),
            _ => (chart, curve.into()),
        }),
        None => far().map(|curve| (ground, curve)),
    }
}
