//! The self-check along a whole race: at its start, its optimum and points of every racer's path.

use super::{Finding, Means, Quantity, gradient_check, self_check};
use crate::family::ChartId;
use crate::math::Vec2;
use crate::race::World;
use crate::race::{Race, Trace};
use crate::work::{Cancelled, Progress};

/// The maximum number of points of one racer besides its start; longer paths are thinned out evenly, the last point
/// included.
const POINTS: usize = 60;

/// The steps of a trace at which it is checked, evenly spaced from the start to its last point.
fn steps(trace: &Trace) -> Vec<usize> {
    let last = trace.last_alive();
    let mut steps: Vec<usize> = (0..=POINTS).map(|k| last * k / POINTS).collect();
    steps.dedup();
    steps
}

/// Everything that can be checked at a point.
fn findings(world: &World, chart: ChartId, p: Vec2) -> impl Iterator<Item = Finding> {
    let family = &*world.family;
    let own = self_check(family, family.chart(chart), p).findings;
    own.into_iter().chain([gradient_check(family, &*world.objective, p)])
}

/// The largest relative error, in natural units, of the checks along one racer's path by these means, by all if `None`.
///
/// # Errors
/// If nobody wants the result any more.
pub fn worst_error(
    world: &World,
    (racer, trace): (usize, &Trace),
    means: Option<Means>,
    progress: &Progress,
) -> Result<f64, Cancelled> {
    let mut worst = 0.0_f64;
    for step in steps(trace) {
        progress.check()?;
        let found = findings(world, world.scenario.racers[racer].chart, trace.rows.at(step).p());
        let asked =
            found.filter(|finding| finding.conclusive && means.is_none_or(|means| finding.quantity.about().1 == means));
        worst = asked.map(|finding| finding.error).fold(worst, f64::max);
    }
    Ok(worst)
}

/// The position of a finding on a race.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spot {
    /// Where all racers start.
    Start,
    /// The point of least loss.
    Optimum,
    /// A racer, by its index in the file, after a step.
    Row(usize, usize),
}

/// The findings along a race, by quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// The number of points checked.
    pub points: usize,
    /// The worst finding of each quantity that was checked, in the order of [`Quantity::ALL`], and its position.
    pub worst: Vec<(Finding, Spot)>,
    /// The number of inconclusive checks, whose own error is not small relative to the tolerance.
    pub inconclusive: usize,
}

impl Path {
    /// Checks the points of a race that has been run.
    #[must_use]
    pub fn of(world: &World, race: &Race) -> Self {
        let mut path = Self { points: 0, worst: Vec::new(), inconclusive: 0 };
        path.add(world, ChartId::CANONICAL, world.start(), &Spot::Start);
        if let Some(optimum) = world.objective.optimum() {
            path.add(world, ChartId::CANONICAL, optimum, &Spot::Optimum);
        }
        for (racer, trace) in race.traces().enumerate() {
            let chart = world.scenario.racers[racer].chart;
            for step in steps(trace).into_iter().filter(|step| *step > 0) {
                path.add(world, chart, trace.rows.at(step).p(), &Spot::Row(racer, step));
            }
        }
        let place = |finding: &Finding| Quantity::ALL.iter().position(|own| *own == finding.quantity);
        path.worst.sort_by_key(|(finding, _)| place(finding));
        path
    }

    fn add(&mut self, world: &World, chart: ChartId, p: Vec2, spot: &Spot) {
        self.points += 1;
        for finding in findings(world, chart, p) {
            self.inconclusive += usize::from(!finding.conclusive);
            match self.worst.iter_mut().find(|(known, _)| known.quantity == finding.quantity) {
                None => self.worst.push((finding, spot.clone())),
                Some(known) if finding.conclusive && (!known.0.conclusive || finding.share() > known.0.share()) => {
                    *known = (finding, spot.clone());
                }
                Some(_) => {}
            }
        }
    }

    /// Whether no check failed.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.worst.iter().all(|(finding, _)| finding.holds())
    }
}
