//! A rough geodesic between distant ends: a polygon, relaxed to the least energy.
//!
//! Newton's method on the energy `Σ Δᵀ G Δ/h`, with the metric G at the middle of each piece and h its length before the
//! step, so that vertices do not slide along the curve. Where the Hessian is not positive definite, that of frozen
//! metrics, which is, gives a descent direction. A line search makes every step lower the energy, so the start may be far
//! off. The work is bounded.

use crate::geometry::Place;
use crate::geometry::connection::Spray;
use crate::math::linear::{determinant2, inverse2};
use crate::math::{Mat2, Vec2};

/// The Fisher length and the extent in the chart of a piece.
const SPAN: f64 = 1.0;
const EXTENT: f64 = 0.5;
/// The least and the most pieces of a polygon.
const FEWEST: usize = 4;
const MOST: usize = 800;
/// The least and the most pieces of the polygons that are compared at first; each has at most an extent of [`EXTENT`].
const LOOK: [f64; 2] = [32.0, 256.0];
/// The size of a piece, in pieces of the right size, from which the vertices are spaced anew.
const UNEVEN: f64 = 2.0;
/// The maximum number of Newton steps.
const STEPS: usize = 40;
/// The maximum number of halvings of a step that does not lower the energy.
const HALVINGS: usize = 12;
/// The farthest that a step moves a vertex in the chart, or a tenth of the distance of the ends if that is more.
const REACH: f64 = 2.0;
/// The relative decrease of the energy by a step below which the iteration ends: metrics at the middle of pieces
/// underestimate lengths where the metric is exponential, and the exact relaxation would exploit that.
const CLOSE: f64 = 2e-3;
/// The longest step of finite differences.
const DIFFERENCE: f64 = 1e-4;
/// The bulges of starting polygons, in units of the chart, and their directions.
const BULGES: [f64; 4] = [2.0, 4.0, 8.0, 14.0];
/// The relative difference of lengths between which the smaller polygon is taken.
const ALIKE: f64 = 1e-2;
/// The changes of the first coordinate by that of the second on the way to a hollow.
const SLANTS: [f64; 3] = [0.4, 1.0, 2.0];
const DIRECTIONS: [[f64; 2]; 6] = [[-1.0, -1.0], [1.0, 1.0], [0.0, 1.0], [0.0, -1.0], [1.0, 0.0], [-1.0, 0.0]];

/// The number of pieces that the straight line between two points should have; infinite if it leaves the family.
#[must_use]
pub fn size(spray: &Spray<'_>, start: Vec2, end: Vec2) -> f64 {
    let straight = bulge(start, end, Vec2::zeros(), LOOK[0]);
    Space::new(spray, start)
        .and_then(|space| sizes(&space, &straight))
        .map_or(f64::INFINITY, |sizes| sizes.iter().sum())
}

/// Polygons to start from, the most promising first; there is always one unless all leave the family.
#[must_use]
pub fn candidates(spray: &Spray<'_>, start: Vec2, end: Vec2) -> Vec<Vec<Vec2>> {
    let Some(space) = Space::new(spray, start) else { return Vec::new() };
    let measured = |points: Vec<Vec2>| {
        let length: f64 = lengths(&space, &points)?.iter().sum();
        Some((length, sizes(&space, &points)?.iter().sum::<f64>(), points))
    };
    let mut all: Vec<_> = bulged(start, end).filter_map(measured).collect();
    all.sort_by(|(one, ..), (other, ..)| one.total_cmp(other));
    // Near a boundary at a finite distance nearly all polygons are equally short, those that stray far into it too.
    let shortest = all.first().map_or(f64::NAN, |(length, ..)| *length);
    let alike = all.partition_point(|(length, ..)| *length <= shortest * (1.0 + ALIKE));
    all[..alike].sort_by(|(_, one, _), (_, other, _)| one.total_cmp(other));
    all.into_iter().map(|(.., points)| points).collect()
}

/// The polygon with vertices at equal steps in size; `None` if it leaves the family.
#[must_use]
pub fn respaced(spray: &Spray<'_>, points: &[Vec2]) -> Option<Vec<Vec2>> {
    spaced(&Space::new(spray, points[0])?, points)
}

/// Whether a polygon that is straight, bulges or runs along a hollow is shorter than `length`.
#[must_use]
pub fn undercuts(spray: &Spray<'_>, start: Vec2, end: Vec2, length: f64) -> bool {
    let Some(space) = Space::new(spray, start) else { return false };
    bulged(start, end)
        .chain(dips(spray, start, end))
        .any(|points| lengths(&space, &points).is_some_and(|pieces| pieces.iter().sum::<f64>() < length))
}

/// A polygon near the geodesic, from one of the [`candidates`], with its length; `None` if it leaves the family.
#[must_use]
pub fn relaxed(spray: &Spray<'_>, points: &[Vec2]) -> Option<(f64, Vec<Vec2>)> {
    let space = &Space::new(spray, points[0])?;
    let mut points = spaced(space, points)?;
    let reach = REACH.max(0.1 * (points[points.len() - 1] - points[0]).amax());
    for _ in 0..STEPS {
        let before = lengths(space, &points)?;
        let total: f64 = before.iter().sum();
        let pieces = points.windows(2).zip(&before).map(|(ends, length)| Piece::new(space, ends, *length));
        let pieces: Vec<Piece> = pieces.collect::<Option<_>>()?;
        let lowered = [true, false].into_iter().find_map(|full| {
            let step = direction(&pieces, full)?;
            let farthest = step.iter().map(Vec2::amax).fold(0.0, f64::max);
            let mut share = (reach / farthest).min(1.0);
            (0..HALVINGS).find_map(|_| {
                let next: Vec<Vec2> = points.iter().zip(&step).map(|(x, step)| x + step * share).collect();
                share *= 0.5;
                let after = lengths(space, &next)?;
                let energy: f64 = after.iter().zip(&before).map(|(after, before)| after * after / before).sum();
                (energy < total).then_some((next, energy > total * (1.0 - CLOSE)))
            })
        });
        let Some((next, close)) = lowered else { break };
        let uneven = sizes(space, &next)?.iter().any(|size| *size > UNEVEN);
        points = if uneven { spaced(space, &next)? } else { next };
        if close {
            break;
        }
    }
    Some((lengths(space, &points)?.iter().sum(), points))
}

/// Points along the polygon, one for every piece of the right size.
fn spaced(space: &Space<'_>, points: &[Vec2]) -> Option<Vec<Vec2>> {
    let sizes = sizes(space, points)?;
    let total: f64 = sizes.iter().sum();
    let count = (total.ceil() as usize).clamp(FEWEST, MOST);
    let mut made = vec![points[0]];
    let (mut piece, mut before) = (0, 0.0);
    for i in 1..count {
        let goal = total * i as f64 / count as f64;
        while piece + 1 < sizes.len() && before + sizes[piece] < goal {
            before += sizes[piece];
            piece += 1;
        }
        made.push(points[piece] + (points[piece + 1] - points[piece]) * ((goal - before) / sizes[piece]));
    }
    made.push(points[points.len() - 1]);
    Some(made)
}

/// The pieces' sizes in pieces of the right size.
fn sizes(space: &Space<'_>, points: &[Vec2]) -> Option<Vec<f64>> {
    let extents = points.windows(2).map(|ends| (ends[1] - ends[0]).amax() / EXTENT);
    Some(lengths(space, points)?.iter().zip(extents).map(|(length, extent)| extent.max(length / SPAN)).collect())
}

/// The pieces' Fisher lengths; `None` outside the family.
fn lengths(space: &Space<'_>, points: &[Vec2]) -> Option<Vec<f64>> {
    let length = |ends: &[Vec2]| {
        space.inside((ends[0] + ends[1]) * 0.5)?;
        space.spray.speed((ends[0] + ends[1]) * 0.5, ends[1] - ends[0])
    };
    points.windows(2).map(length).collect()
}

/// The straight polygon of the chart, and others that bulge away from it.
fn bulged(start: Vec2, end: Vec2) -> impl Iterator<Item = Vec<Vec2>> {
    let pieces = ((end - start).amax() / EXTENT).clamp(LOOK[0], LOOK[1]);
    let bulges = BULGES.into_iter().flat_map(|bulge| DIRECTIONS.map(|direction| Vec2::from(direction) * bulge));
    std::iter::once(Vec2::zeros()).chain(bulges).map(move |by| bulge(start, end, by, pieces))
}

/// Polygons along the family's hollow, if it has one.
pub fn dips<'a>(spray: &Spray<'a>, start: Vec2, end: Vec2) -> impl Iterator<Item = Vec<Vec2>> + use<'a> {
    let level = spray.family.hollow().into_iter();
    level.flat_map(move |level| SLANTS.map(|slant| dip(start, end, level, slant)))
}

/// A polygon at a slant to a level of the second coordinate, along it, and at a slant to the end.
fn dip(start: Vec2, end: Vec2, level: f64, slant: f64) -> Vec<Vec2> {
    let way = end[0] - start[0];
    let legs = [start, end].map(|x| slant * (x[1] - level).abs());
    let squeeze = (way.abs() / (legs[0] + legs[1]).max(f64::MIN_POSITIVE)).min(1.0) * way.signum();
    let corners =
        [start, Vec2::new(start[0] + legs[0] * squeeze, level), Vec2::new(end[0] - legs[1] * squeeze, level), end];
    let leg = |ends: &[Vec2]| {
        let (from, step) = (ends[0], ends[1] - ends[0]);
        let pieces = (step.amax() / EXTENT).ceil().clamp(1.0, LOOK[1]) as usize;
        (0..pieces).map(move |i| from + step * (i as f64 / pieces as f64))
    };
    let mut points: Vec<Vec2> = corners.windows(2).flat_map(leg).collect();
    points.push(end);
    points
}

/// The straight polygon of the chart, moved aside by `by` between its ends.
fn bulge(start: Vec2, end: Vec2, by: Vec2, pieces: f64) -> Vec<Vec2> {
    let at = |t: f64| start + (end - start) * t + by * (1.0 - (2.0 * t - 1.0).powi(4));
    (0..=pieces as usize).map(|i| at(i as f64 / pieces.trunc())).collect()
}

/// The domain and the metric for polygons.
struct Space<'a> {
    spray: &'a Spray<'a>,
    /// One end, in the parameters.
    home: Vec2,
}

impl<'a> Space<'a> {
    fn new(spray: &'a Spray<'a>, start: Vec2) -> Option<Self> {
        Some(Self { spray, home: spray.chart.point(start)? })
    }

    /// The parameters at `x`; `None` outside the family and across a line on which the metric is singular.
    fn inside(&self, x: Vec2) -> Option<Vec2> {
        let Spray { family, chart, .. } = *self.spray;
        chart.point(x).filter(|p| family.contains(*p) && family.joined(self.home, *p))
    }

    /// The metric in the chart; `None` outside the family and across a line on which the metric is singular.
    fn metric(&self, x: Vec2) -> Option<Mat2> {
        let Spray { family, chart, .. } = *self.spray;
        let p = self.inside(x)?;
        let place = Place { x, p, jacobian: chart.jacobian(x, p) };
        Some(place.metric(&family.fisher(p))).filter(|metric| metric.iter().all(|entry| entry.is_finite()))
    }
}

/// The gradient and the Hessian of the energy of a piece in its ends, the Hessian also with the metric frozen.
struct Piece {
    slopes: [Vec2; 2],
    /// The blocks start-start, start-end and end-end of the Hessian.
    full: [Mat2; 3],
    frozen: Mat2,
}

impl Piece {
    /// `length` is the piece's length before the step.
    fn new(space: &Space<'_>, ends: &[Vec2], length: f64) -> Option<Self> {
        let (step, middle) = (ends[1] - ends[0], (ends[0] + ends[1]) * 0.5);
        let here = space.metric(middle)?;
        let h = [0, 1].map(|k| (3e-3 / here[(k, k)].sqrt()).min(DIFFERENCE));
        let at = |i: f64, j: f64| space.metric(middle + Vec2::new(i * h[0], j * h[1]));
        let energy = |metric: Mat2| step.dot(&(metric * step));
        let [right, left, up, down] = [at(1.0, 0.0)?, at(-1.0, 0.0)?, at(0.0, 1.0)?, at(0.0, -1.0)?];
        let slopes = [(right - left) / (2.0 * h[0]), (up - down) / (2.0 * h[1])];
        let twice = |one: Mat2, other: Mat2, h: f64| energy(one + other - here * 2.0) / (h * h);
        let cross = at(1.0, 1.0)? + at(-1.0, -1.0)? - right - left - up - down + here * 2.0;
        let corners = energy(cross) / (2.0 * h[0] * h[1]);
        let moved = Mat2::new(twice(right, left, h[0]), corners, corners, twice(up, down, h[1])) * 0.25;
        let mixed = Mat2::from_columns(&slopes.map(|slope| slope * step * 2.0));
        let (frozen, force) = (here * 2.0, Vec2::new(energy(slopes[0]), energy(slopes[1])) * 0.5);
        let pull = frozen * step;
        let (even, odd) = ((mixed + mixed.transpose()) * 0.5, (mixed.transpose() - mixed) * 0.5);
        let full = [frozen - even + moved, moved - frozen + odd, frozen + even + moved];
        let rate = length.recip();
        let slopes = [force - pull, force + pull].map(|slope| slope * rate);
        Some(Self { slopes, full: full.map(|block| block * rate), frozen: frozen * rate })
    }
}

/// The Newton step for all points by block-tridiagonal elimination; `None` if the Hessian is not positive definite.
fn direction(pieces: &[Piece], full: bool) -> Option<Vec<Vec2>> {
    let n = pieces.len();
    let blocks = |piece: &Piece| if full { piece.full } else { [piece.frozen, -piece.frozen, piece.frozen] };
    let (mut pivots, mut rests) = (Vec::with_capacity(n), Vec::with_capacity(n));
    for i in 1..n {
        let mut pivot = blocks(&pieces[i - 1])[2] + blocks(&pieces[i])[0];
        let mut rest = -(pieces[i - 1].slopes[1] + pieces[i].slopes[0]);
        if i > 1 {
            // The block that couples this point to the one before.
            let joint: Mat2 = blocks(&pieces[i - 1])[1];
            let (inverse, before): (Mat2, Vec2) = (pivots[i - 2], rests[i - 2]);
            pivot -= joint.transpose() * inverse * joint;
            rest -= joint.transpose() * inverse * before;
        }
        if pivot[(0, 0)] <= 0.0 || determinant2(&pivot) <= 0.0 {
            return None;
        }
        pivots.push(inverse2(&pivot)?);
        rests.push(rest);
    }
    let mut steps = vec![Vec2::zeros(); n + 1];
    for i in (1..n).rev() {
        let joint = blocks(&pieces[i])[1];
        let next = if i + 1 < n { joint * steps[i + 1] } else { Vec2::zeros() };
        steps[i] = pivots[i - 1] * (rests[i - 1] - next);
    }
    steps.iter().all(|step| step[0].is_finite() && step[1].is_finite()).then_some(steps)
}
