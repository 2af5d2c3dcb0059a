//! The shape of one path: lengths, directions, and how far it strays from lines and geodesics.
//!
//! Values are `None` if a geodesic does not exist. A family without a closed-form distance costs a search per step; the
//! checker bounds their number.

use crate::family::ChartId;
use crate::geometry::Place;
use crate::geometry::distance::distance;
use crate::geometry::distance_to_geodesic::distance_to_geodesic;
use crate::math::Vec2;
use crate::race::World;
use crate::race::{Row, Trace};
use crate::work::{Cancelled, Progress};

/// Where a line from the start ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// At the path's last point.
    End,
    /// At the optimum.
    Optimum,
}

impl To {
    /// By its name in scenario files.
    #[must_use]
    pub fn of(word: &str) -> Self {
        if word == "optimum" { Self::Optimum } else { Self::End }
    }

    fn point(self, world: &World, trace: &Trace) -> Option<Vec2> {
        match self {
            Self::End => Some(trace.rows.at(trace.last_alive()).p()),
            Self::Optimum => world.objective.optimum(),
        }
    }
}

fn alive(trace: &Trace) -> impl Iterator<Item = Row<'_>> {
    trace.rows.iter().take(trace.last_alive() + 1)
}

/// The Fisher-Rao length of the polyline of geodesics from step to step; `None` if a side has no distance.
///
/// # Errors
/// If nobody wants the result any more.
pub fn length(world: &World, trace: &Trace, progress: &Progress) -> Result<Option<f64>, Cancelled> {
    let mut sum = 0.0;
    for step in 0..trace.last_alive() {
        progress.check()?;
        let [from, to] = [step, step + 1].map(|step| trace.rows.at(step).p());
        let Some(side) = distance(&*world.family, from, to) else { return Ok(None) };
        sum += side;
    }
    Ok(Some(sum))
}

/// The Fisher-Rao distance from the start to `to`.
#[must_use]
pub fn geodesic_length(world: &World, trace: &Trace, to: To) -> Option<f64> {
    distance(&*world.family, trace.rows.at(0).p(), to.point(world, trace)?)
}

/// The largest Fisher-Rao distance of the path from the geodesic to `to`.
#[must_use]
pub fn off_geodesic(world: &World, trace: &Trace, to: To) -> Option<f64> {
    let (from, to) = (trace.rows.at(0).p(), to.point(world, trace)?);
    let mut largest = 0.0_f64;
    for row in alive(trace) {
        largest = largest.max(distance_to_geodesic(&*world.family, from, to, row.p())?);
    }
    Some(largest)
}

/// The largest distance of the path from the straight line to `to`, divided by that line's length, in a chart of the
/// family.
#[must_use]
pub fn chord_deviation(world: &World, trace: &Trace, chart: ChartId, to: To) -> Option<f64> {
    let chart = world.family.chart(chart);
    let start = chart.to_coordinates(trace.rows.at(0).p());
    let chord = chart.to_coordinates(to.point(world, trace)?) - start;
    let off = |row: Row| (chart.to_coordinates(row.p()) - start).perp(&chord).abs() / chord.norm_squared();
    let largest = alive(trace).map(off).fold(0.0, f64::max);
    (chord.norm_squared() > 0.0).then_some(largest)
}

/// A step as a tangent vector at its starting point, in an orthonormal frame of F whose first axis is the first
/// parameter's. `None` if the step does not exist or has no length.
#[must_use]
pub fn direction(world: &World, racer: usize, trace: &Trace, step: usize) -> Option<Vec2> {
    let (old, new) = (trace.rows.get(step.checked_sub(1)?)?, trace.rows.get(step)?);
    let chart = world.family.chart(world.scenario.racers[racer].chart);
    let tangent = Place::of(chart, old.p()).jacobian * (new.x() - old.x());
    let fisher = world.family.fisher(old.p());
    // Cholesky: F = LLᵀ, and Lᵀv are the components of v.
    let first = fisher[(0, 0)].sqrt();
    let below = fisher[(0, 1)] / first;
    let second = (fisher[(1, 1)] - below * below).sqrt();
    let v = Vec2::new(first * tangent[0] + below * tangent[1], second * tangent[1]);
    (v.norm().is_finite() && v.norm() > 0.0).then_some(v)
}

/// The direction of a racer's step in degrees, from −180 to 180, or the angle between the steps of two racers at the
/// same point, from 0 to 180. `None` if they are at different points.
#[must_use]
pub fn angle(world: &World, racers: &[(usize, &Trace)], step: usize) -> Option<f64> {
    let at = |(racer, trace): (usize, &Trace)| direction(world, racer, trace, step);
    match racers {
        [one] => at(*one).map(|v| v[1].atan2(v[0]).to_degrees()),
        [one, other] => {
            let point = |trace: &Trace| trace.rows.get(step - 1).map(|row| row.p());
            // Vectors at different points have no angle.
            (point(one.1) == point(other.1)).then_some(())?;
            let (v, w) = (at(*one)?, at(*other)?);
            Some(v.perp(&w).abs().atan2(v.dot(&w)).to_degrees())
        }
        _ => None,
    }
}
