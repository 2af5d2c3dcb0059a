//! The geodesic between distant ends: a chain of short geodesics without corners (Milnor 1963, §16).
//!
//! Newton's method on the places of the vertices. A link is a geodesic by collocation that also gives the derivatives of
//! its velocities at the ends, so the equations are block tridiagonal. Links are bisected until each holds to rounding.
//! Vertices need not be equally spaced in Fisher length: where the metric decreases exponentially towards the boundary
//! of the family, links are of equal length in the chart. The work is bounded.

use std::cell::Cell;

use super::collocation::{Curve, Link};
use super::relaxation;
use crate::geometry::connection::Spray;
use crate::math::linear::inverse2;
use crate::math::{Mat2, Vec2};

/// The maximum number of Newton steps, including those after links have been bisected.
const STEPS: usize = 80;
/// The maximum number of halvings of a step that does not lower the energy.
const HALVINGS: usize = 3;
/// The dampings that are tried where Newton's step does not lower the energy, relative to the coupling of neighbours.
const DAMPINGS: [f64; 5] = [1e-3, 1e-2, 0.1, 1.0, 10.0];
/// The step of a vertex, relative to its links, at which the chain has no corners.
const CLOSE: f64 = 1e-9;
/// The step at which it has none if steps lower neither the energy nor themselves: where the metric is tiny, rounding moves
/// vertices along the chain, and the length is accurate to the square.
const STALLED: f64 = 1e-2;
/// The relative gain of a step below which vertices that still move are spaced anew, and how often that may happen: they
/// may have bunched where the metric is small.
const SLOW: f64 = 1e-4;
const SPACINGS: usize = 4;
/// The maximum number of links.
const LINKS: usize = 1600;
/// The work of all attempts for one pair of ends, in searches for a link.
pub const WORK: usize = 40_000;

/// A curve of links, over the unit interval with constant Fisher speed.
#[derive(Debug, Clone)]
pub struct Chain {
    links: Vec<Curve>,
    /// The length up to the end of each link.
    sums: Vec<f64>,
}

impl Chain {
    fn new(links: Vec<Curve>) -> Self {
        let sums = links.iter().scan(0.0, |sum, link| {
            *sum += link.length;
            Some(*sum)
        });
        Self { sums: sums.collect(), links }
    }

    /// The Fisher length.
    #[must_use]
    pub fn length(&self) -> f64 {
        self.sums.last().copied().unwrap_or_default()
    }

    /// The link at a fraction of the length, and the fraction of the link.
    fn at_link(&self, t: f64) -> (&Curve, f64) {
        let goal = t * self.length();
        let i = self.sums.partition_point(|sum| *sum < goal).min(self.links.len() - 1);
        let before = if i == 0 { 0.0 } else { self.sums[i - 1] };
        let link = &self.links[i];
        // A link of length zero is a point.
        let share = if link.length > 0.0 { (goal - before) / link.length } else { t };
        (link, share.clamp(0.0, 1.0))
    }

    /// The coordinates at `t`.
    #[must_use]
    pub fn at(&self, t: f64) -> Vec2 {
        let (link, t) = self.at_link(t);
        link.at(t)
    }

    /// The velocity at `t`.
    #[must_use]
    pub fn velocity(&self, t: f64) -> Vec2 {
        let (link, t) = self.at_link(t);
        let share = if link.length > 0.0 { self.length() / link.length } else { 1.0 };
        link.velocity(t) * share
    }
}

impl From<Curve> for Chain {
    fn from(curve: Curve) -> Self {
        Self::new(vec![curve])
    }
}

/// The geodesic near a polygon whose vertices are neighbours to each other; `None` if it is not found, or if the `work`
/// left, in links, is not enough.
#[must_use]
pub fn near(spray: &Spray<'_>, points: &[Vec2], work: &Cell<usize>) -> Option<Chain> {
    let (mut points, mut links) = begun(spray, points.to_vec(), work)?;
    let (mut gain, mut last, mut spacings) = (1.0, f64::INFINITY, 0);
    for _ in 0..STEPS {
        let step = corners(spray, &links, 0.0)?;
        let worst = (1..points.len() - 1).map(|i| {
            let room = (points[i] - points[i - 1]).amax().min((points[i + 1] - points[i]).amax());
            step[i].amax() / room
        });
        let worst = worst.fold(0.0, f64::max);
        let stalled = worst <= STALLED && worst > 0.5 * last && gain <= 1e-14;
        let close = worst <= CLOSE || stalled;
        last = worst;
        if close {
            let held: Vec<bool> = links.iter().map(|link| link.holds(spray)).collect();
            if held.iter().all(|held| *held) {
                return Some(Chain::new(links.into_iter().map(|link| link.curve).collect()));
            }
            (points, links) = begun(spray, bisected(&links, &held), work)?;
            gain = 1.0;
            continue;
        }
        if worst > STALLED && gain <= SLOW && spacings < SPACINGS {
            (points, links) = begun(spray, relaxation::respaced(spray, &points)?, work)?;
            (gain, spacings) = (1.0, spacings + 1);
            continue;
        }
        let lengths: Vec<f64> = links.iter().map(|link| link.curve.length).collect();
        let before: f64 = lengths.iter().sum();
        let lowered = |step: &[Vec2]| {
            let mut share = 1.0;
            (0..HALVINGS).find_map(|_| {
                let next: Vec<Vec2> = points.iter().zip(step).map(|(x, step)| x + step * share).collect();
                share *= 0.5;
                let links = joined(spray, &next, &links, work)?;
                let energy: f64 = links.iter().zip(&lengths).map(|(link, old)| link.curve.length.powi(2) / old).sum();
                (energy <= before * (1.0 + 1e-12)).then(|| (next, links, 1.0 - energy / before))
            })
        };
        (points, links, gain) = lowered(&step)
            .or_else(|| DAMPINGS.iter().find_map(|damping| lowered(&corners(spray, &links, *damping)?)))?;
    }
    None
}

/// Deducts `cost` from the work left; `None` if that is not enough.
fn spend(work: &Cell<usize>, cost: usize) -> Option<()> {
    work.set(work.get().checked_sub(cost)?);
    Some(())
}

/// The links of a polygon, each found from the one that was in its place.
fn joined(spray: &Spray<'_>, points: &[Vec2], old: &[Link], work: &Cell<usize>) -> Option<Vec<Link>> {
    spend(work, points.len())?;
    points.windows(2).enumerate().map(|(i, ends)| Link::new(spray, [ends[0], ends[1]], old.get(i))).collect()
}

/// The links of a polygon, whose pieces are bisected where they are too long for one.
fn begun(spray: &Spray<'_>, mut points: Vec<Vec2>, work: &Cell<usize>) -> Option<(Vec<Vec2>, Vec<Link>)> {
    spend(work, points.len())?;
    let mut links = Vec::with_capacity(points.len());
    while links.len() + 1 < points.len() {
        let i = links.len();
        match Link::new(spray, [points[i], points[i + 1]], None) {
            Some(link) => links.push(link),
            None if points.len() < LINKS => points.insert(i + 1, (points[i] + points[i + 1]) * 0.5),
            None => return None,
        }
    }
    Some((points, links))
}

/// The vertices of the chain, with one more in the middle of each link that does not hold.
fn bisected(links: &[Link], held: &[bool]) -> Vec<Vec2> {
    let places = |(link, held): (&Link, &bool)| {
        if *held { vec![0.0] } else { vec![0.0, 0.5] }.into_iter().map(|t| link.curve.at(t)).collect::<Vec<_>>()
    };
    let last = links.last().map(|link| link.curve.at(1.0));
    links.iter().zip(held).flat_map(places).chain(last).collect()
}

/// The Newton step for all vertices towards a chain without corners, by block-tridiagonal elimination: directions are
/// continuous.
fn corners(spray: &Spray<'_>, links: &[Link], damping: f64) -> Option<Vec<Vec2>> {
    let n = links.len();
    let rate = |link: &Link, t: f64| Some(spray.speed(link.curve.at(t), link.curve.velocity(t))?.recip());
    let (mut pivots, mut rests, mut couplings) = (Vec::<Mat2>::new(), Vec::<Vec2>::new(), Vec::<Mat2>::new());
    for i in 1..n {
        let (into, out) = (&links[i - 1], &links[i]);
        let [arrived, left] = [rate(into, 1.0)?, rate(out, 0.0)?];
        let damped = Mat2::identity() * (damping * (arrived + left));
        let mut pivot = into.by[1][1] * arrived - out.by[0][0] * left + damped;
        let mut rest = out.curve.velocity(0.0) * left - into.curve.velocity(1.0) * arrived;
        if i > 1 {
            let below = into.by[1][0] * arrived * pivots[i - 2];
            pivot -= below * couplings[i - 2];
            rest -= below * rests[i - 2];
        }
        pivots.push(inverse2(&pivot)?);
        rests.push(rest);
        couplings.push(out.by[0][1] * -left);
    }
    let mut steps = vec![Vec2::zeros(); n + 1];
    for i in (1..n).rev() {
        steps[i] = pivots[i - 1] * (rests[i - 1] - couplings[i - 1] * steps[i + 1]);
    }
    steps.iter().all(|step| step[0].is_finite() && step[1].is_finite()).then_some(steps)
}
