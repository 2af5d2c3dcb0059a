//! How far apart paths are at the same step, and how that gap vanishes as steps get smaller.
//!
//! Song & Ermon (2018): over a fixed time, natural-gradient paths in different charts are O(η) apart; their flows
//! coincide.

use crate::family::Family;
use crate::geometry::{distance, wasserstein};
use crate::math::Vec2;
use crate::race::invariance::slowed;
use crate::race::{Row, Runner, Trace, World};
use crate::registry::Settings;
use crate::scenario::Pace;
use crate::scenario::measures::APART;
use crate::work::{Cancelled, Progress};

/// The maximum number of rows in the last race that is rerun: they stay in memory while the gap is computed.
const ROWS: usize = 1_000_000;

/// The steps between two looks at whether the result is still wanted.
const SLICE: usize = 64;

/// How far apart two distributions are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apart {
    /// The Fisher-Rao distance.
    FisherRao,
    /// W₂.
    Wasserstein,
}

impl Apart {
    /// What a measure's settings choose.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        if settings.choice(&APART) == "wasserstein" { Self::Wasserstein } else { Self::FisherRao }
    }

    fn spread(self, family: &dyn Family, points: &[Vec2]) -> f64 {
        match self {
            Self::FisherRao => distance::spread(family, points),
            Self::Wasserstein => distance::largest(points, |p, q| wasserstein::distance(family, p, q).ok()),
        }
    }
}

/// The largest distance between racers at the same step of a race that has been run; `None` if there is
/// none. Steps at which a racer has ended are ignored.
///
/// # Errors
/// If nobody wants the result any more.
pub fn gap(world: &World, traces: &[&Trace], apart: Apart, progress: &Progress) -> Result<Option<f64>, Cancelled> {
    let mut largest = f64::NAN;
    for step in 0..traces.iter().map(|trace| trace.rows.len()).min().unwrap_or(0) {
        if step % SLICE == 0 {
            progress.check()?;
        }
        let points: Vec<Vec2> = traces.iter().map(|trace| trace.rows.at(step).p()).collect();
        if points.iter().all(|p| p[0].is_finite()) {
            largest = largest.max(apart.spread(&*world.family, &points));
        }
    }
    Ok(Some(largest).filter(|gap| gap.is_finite()))
}

/// log₂ of the ratio of the last two of the gaps at rate, rate/2, rate/4 ... (halved `halvings` times) over the same
/// time. `None` if a racer has no rate, the pace is equal, the last race would be too long, or the ratio has no finite
/// logarithm.
///
/// # Errors
/// If nobody wants the result any more.
pub fn order(
    world: &World,
    racers: &[usize],
    (halvings, apart): (u64, Apart),
    progress: &Progress,
) -> Result<Option<f64>, Cancelled> {
    let Some(races) = races(world, racers, halvings) else { return Ok(None) };
    let mut world = world.clone();
    let mut gaps = Vec::new();
    for race in 0..races {
        if race > 0 {
            world.scenario.steps *= 2;
            for racer in racers {
                if let Some(slow) = slowed(&world.scenario.racers[*racer], 1) {
                    world.scenario.racers[*racer] = slow;
                }
            }
        }
        gaps.push(largest(&world, racers, apart, progress)?);
    }
    let order = gaps.last_chunk().map(|[before, last]| (before / last).log2());
    Ok(order.filter(|order| order.is_finite()))
}

/// The number of races to run; `None` if they cannot be.
fn races(world: &World, racers: &[usize], halvings: u64) -> Option<usize> {
    let rated = racers.iter().all(|racer| slowed(&world.scenario.racers[*racer], 1).is_some());
    let rows = world.scenario.steps.checked_shl(u32::try_from(halvings).ok()?)?.checked_mul(racers.len())?;
    (rated && world.scenario.pace == Pace::Own && rows <= ROWS).then_some(usize::try_from(halvings).ok()? + 1)
}

/// The largest gap of racers that are run for it; NaN if there is none.
fn largest(world: &World, racers: &[usize], apart: Apart, progress: &Progress) -> Result<f64, Cancelled> {
    let mut runners: Vec<Runner> = racers.iter().map(|racer| Runner::new(world, *racer)).collect();
    let mut largest = f64::NAN;
    for step in 0..=world.scenario.steps {
        progress.check()?;
        runners.iter_mut().for_each(|runner| runner.extend(step));
        let rows: Option<Vec<_>> = runners.iter().map(|runner| runner.trace().rows.get(step)).collect();
        let points: Vec<Vec2> = rows.unwrap_or_default().iter().map(Row::p).collect();
        if !points.is_empty() && points.iter().all(|p| p[0].is_finite()) {
            largest = largest.max(apart.spread(&*world.family, &points));
        }
    }
    Ok(largest)
}
