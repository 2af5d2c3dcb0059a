//! The geodesic between distant ends without a closed form: ever finer polygons, relaxed to the least energy.
//!
//! Newton's method on the energy `Σ Δᵀ G Δ`, with the metric G at the middle of each piece. Where the Hessian is not
//! positive definite, that of frozen metrics, which is, gives a descent direction. A line search makes every step lower
//! the energy, so the start may be far off. Errors are series in the square of the step, so lengths and points are
//! extrapolated to step zero (Romberg). The work is bounded.

use crate::geometry::Place;
use crate::geometry::connection::Spray;
use crate::math::linear::{determinant2, inverse2};
use crate::math::{Mat2, Vec2};

/// The number of pieces of the first polygon.
const PIECES: usize = 96;
/// The number of pieces of trial polygons.
const LOOK: usize = 32;
/// The number of pieces from which a polygon is not refined.
const FINEST: usize = 32 * PIECES;
/// The Fisher length for which the first polygon is fine enough; longer ones have up to [`COPIES`] times as many
/// pieces.
const SPAN: f64 = 40.0;
const COPIES: f64 = 4.0;
/// The maximum number of Newton steps on the first polygon and on each finer one.
const STEPS: usize = 40;
const FINE_STEPS: usize = 12;
/// The maximum number of halvings of a step that does not lower the energy.
const HALVINGS: usize = 12;
/// The relative decrease of the energy below which the iteration ends.
const CLOSE: f64 = 1e-9;
/// The relative difference of the last two extrapolated lengths at which refinement ends, and the largest that is
/// accepted.
const GOAL: f64 = 1e-11;
const TOLERANCE: f64 = 1e-9;
/// The bulges of starting polygons, in units of the chart, and their directions.
const BULGES: [f64; 4] = [2.0, 4.0, 8.0, 14.0];
const DIRECTIONS: [[f64; 2]; 6] = [[-1.0, -1.0], [1.0, 1.0], [0.0, 1.0], [0.0, -1.0], [1.0, 0.0], [-1.0, 0.0]];

/// A polygon near the shortest geodesic from `start` to `end`, with vertices at equal steps of the parameter; `None` if
/// none is found.
#[must_use]
pub fn rough(spray: &Spray<'_>, start: Vec2, end: Vec2) -> Option<Vec<Vec2>> {
    polygon(&Space::between(spray, start, end)?, start, end)
}

/// Whether a straight or bulging polygon is shorter than `length`.
#[must_use]
pub fn undercuts(spray: &Spray<'_>, start: Vec2, end: Vec2, length: f64) -> bool {
    let Some(space) = Space::between(spray, start, end) else { return false };
    bulged(start, end, LOOK).any(|points| {
        // The length, since the energy depends on how the vertices are spaced.
        let pieces = points.windows(2).map(|ends| energy(&space, ends).map(f64::sqrt));
        pieces.sum::<Option<f64>>().is_some_and(|sum| sum < length)
    })
}

/// The geodesic of the metric near a rough polygon: its length, and its points at equal steps; `None` if it is not
/// found.
#[must_use]
pub fn refined(spray: &Spray<'_>, mut points: Vec<Vec2>) -> Option<(f64, Vec<Vec2>)> {
    let space = Space::between(spray, points[0], points[points.len() - 1])?;
    let (mut levels, mut lengths) = (Vec::new(), Vec::new());
    let (mut length, mut error) = (f64::NAN, f64::INFINITY);
    // All levels but the first have this many pieces or a multiple, so points are extrapolated with one order less.
    let count = 2 * (points.len() - 1);
    while levels.len() < 3 || error > GOAL * length {
        if !levels.is_empty() {
            if points.len() > FINEST {
                break;
            }
            points = halved(&points);
        }
        newton(&space, &mut points)?;
        lengths.push((energy(&space, &points)? * (points.len() - 1) as f64).sqrt());
        levels.push(points.clone());
        let next = extrapolated(&lengths, |length| *length);
        (error, length) = (if length.is_nan() { f64::INFINITY } else { (next - length).abs() }, next);
    }
    if error > TOLERANCE * length {
        return None;
    }
    let at = |i: usize| {
        let shared: Vec<Vec2> = levels[1..].iter().map(|points| points[i * (points.len() - 1) / count]).collect();
        Vec2::new(extrapolated(&shared, |x| x[0]), extrapolated(&shared, |x| x[1]))
    };
    Some((length, (0..=count).map(at).collect()))
}

/// The limit of values whose errors are series in the square of a step that is halved from one to the next (Romberg).
fn extrapolated<T>(values: &[T], of: impl Fn(&T) -> f64) -> f64 {
    let mut row: Vec<f64> = values.iter().map(of).collect();
    let mut ratio = 4.0;
    while row.len() > 1 {
        row = row.windows(2).map(|pair| pair[1] + (pair[1] - pair[0]) / (ratio - 1.0)).collect();
        ratio *= 4.0;
    }
    row.first().copied().unwrap_or(f64::NAN)
}

/// The polygon with each piece bisected, by cubic interpolation.
fn halved(points: &[Vec2]) -> Vec<Vec2> {
    let n = points.len() - 1;
    let middle = |i: usize| {
        if i == 0 || i + 1 == n {
            return (points[i] + points[i + 1]) * 0.5;
        }
        (points[i] + points[i + 1]) * 0.5625 - (points[i - 1] + points[i + 2]) * 0.0625
    };
    (0..=2 * n).map(|i| if i % 2 == 0 { points[i / 2] } else { middle(i / 2) }).collect()
}

/// Newton's method from a nearly relaxed polygon; `None` if it does not converge. Convergence is quadratic, so after a
/// step of 1e-6 the points are accurate to rounding.
fn newton(space: &Space<'_>, points: &mut [Vec2]) -> Option<()> {
    for _ in 0..FINE_STEPS {
        let pieces: Option<Vec<Piece>> = points.windows(2).map(|ends| Piece::new(space, ends)).collect();
        let step = direction(&pieces?, true)?;
        for (x, step) in points.iter_mut().zip(&step) {
            *x += step;
        }
        if step.iter().all(|step| step.amax() <= 1e-6 * space.extent) {
            return Some(());
        }
    }
    None
}

/// A polygon from `start` to `end` near the geodesic.
fn polygon(space: &Space<'_>, start: Vec2, end: Vec2) -> Option<Vec<Vec2>> {
    let (energy_at_first, bulge) = bulged(start, end, PIECES)
        .enumerate()
        .filter_map(|(bulge, points)| Some((energy(space, &points)?, bulge)))
        .min_by(|(one, _), (other, _)| one.total_cmp(other))?;
    let copies = ((energy_at_first * PIECES as f64).sqrt() / SPAN).ceil().clamp(1.0, COPIES);
    let mut points = bulged(start, end, PIECES * copies as usize).nth(bulge)?;
    let mut lowest = energy(space, &points)?;
    for _ in 0..STEPS {
        let pieces: Option<Vec<Piece>> = points.windows(2).map(|ends| Piece::new(space, ends)).collect();
        let pieces = pieces?;
        let lowered = [true, false].into_iter().find_map(|full| {
            let step = direction(&pieces, full)?;
            let mut share = 1.0;
            (0..HALVINGS).find_map(|_| {
                let next: Vec<Vec2> = points.iter().zip(&step).map(|(x, step)| x + step * share).collect();
                share *= 0.5;
                Some((energy(space, &next).filter(|energy| *energy < lowest)?, next))
            })
        });
        let Some((lower, next)) = lowered else { return Some(points) };
        let close = lowest - lower < CLOSE * lowest;
        (lowest, points) = (lower, next);
        if close {
            break;
        }
    }
    Some(points)
}

/// The straight polygon of the chart, and others that bulge away from it.
fn bulged(start: Vec2, end: Vec2, pieces: usize) -> impl Iterator<Item = Vec<Vec2>> {
    let bulges = BULGES.into_iter().flat_map(|bulge| DIRECTIONS.map(|direction| Vec2::from(direction) * bulge));
    std::iter::once(Vec2::zeros()).chain(bulges).map(move |bulge| {
        let at = |t: f64| start + (end - start) * t + bulge * (1.0 - (2.0 * t - 1.0).powi(4));
        (0..=pieces).map(|i| at(i as f64 / pieces as f64)).collect()
    })
}

/// The domain and the metric for polygons.
struct Space<'a> {
    spray: &'a Spray<'a>,
    /// One end, in the parameters.
    home: Vec2,
    /// The distance of the ends in the chart.
    extent: f64,
}

impl<'a> Space<'a> {
    fn between(spray: &'a Spray<'a>, start: Vec2, end: Vec2) -> Option<Self> {
        Some(Self { spray, home: spray.chart.point(start)?, extent: (end - start).amax() })
    }

    /// The metric in the chart; `None` outside the family and across a line on which the metric is singular.
    fn metric(&self, x: Vec2) -> Option<Mat2> {
        let Spray { family, chart, .. } = *self.spray;
        let p = chart.point(x).filter(|p| family.contains(*p) && family.joined(self.home, *p))?;
        let place = Place { x, p, jacobian: chart.jacobian(x, p) };
        Some(place.metric(&family.fisher(p))).filter(|metric| metric.iter().all(|entry| entry.is_finite()))
    }
}

fn energy(space: &Space<'_>, points: &[Vec2]) -> Option<f64> {
    points.windows(2).try_fold(0.0, |sum, ends| {
        let step = ends[1] - ends[0];
        Some(sum + step.dot(&(space.metric((ends[0] + ends[1]) * 0.5)? * step)))
    })
}

/// The gradient and the Hessian of the energy of a piece in its ends, the Hessian also with the metric frozen.
struct Piece {
    slopes: [Vec2; 2],
    /// The blocks start-start, start-end and end-end of the Hessian.
    full: [Mat2; 3],
    frozen: Mat2,
}

impl Piece {
    fn new(space: &Space<'_>, ends: &[Vec2]) -> Option<Self> {
        let (step, middle) = (ends[1] - ends[0], (ends[0] + ends[1]) * 0.5);
        let here = space.metric(middle)?;
        let h = [0, 1].map(|k| (3e-3 / here[(k, k)].sqrt()).min(1e-5 * space.extent));
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
        Some(Self { slopes: [force - pull, force + pull], full, frozen })
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
