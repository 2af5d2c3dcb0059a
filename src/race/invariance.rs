//! One optimizer in several charts at once, and how far apart its paths drift: the invariance gap.
//!
//! The gap at a step is the largest Fisher-Rao distance between the points that one optimizer has reached in the
//! charts. It is 0 if the chart does not matter, shrinks with the step size for updates that are invariant to first
//! order (natural gradient, Song & Ermon 2018), and persists if the descent direction itself depends on the chart.

use super::{Runner, World};
use crate::family::{ChartId, Family};
use crate::geometry::distance::spread;
use crate::math::Vec2;
use crate::optimizer::Rate;
use crate::registry::Setting;
use crate::scenario::Racer;

/// The maximum number of charts if the racers share one and the family's are used instead.
const MOST: usize = 4;

/// Every optimizer of a scenario in the same charts.
#[derive(Debug)]
pub struct Invariance {
    /// The charts the racers work in, or the family's first ones if the racers share one.
    pub charts: Vec<ChartId>,
    /// The optimizers, each once however many racers use it.
    pub kins: Vec<Kin>,
}

/// Racers that differ only in their charts.
#[derive(Debug)]
pub struct Kin {
    /// The first of them: an index into the scenario's list.
    pub racer: usize,
    /// The number of them in the scenario.
    pub members: usize,
    runs: Vec<Runner>,
    gaps: Vec<f64>,
}

impl Invariance {
    /// The optimizers of a scenario at the start, their rates halved `halvings` times.
    #[must_use]
    pub fn new(world: &World, halvings: u32) -> Self {
        let charts = charts(world);
        let mut kins: Vec<Kin> = Vec::new();
        for (racer, spec) in world.scenario.racers.iter().enumerate() {
            match kins.iter_mut().find(|kin| alike(&world.scenario.racers[kin.racer], spec)) {
                Some(kin) => kin.members += 1,
                None => {
                    let slow = slowed(spec, halvings).unwrap_or_else(|| spec.clone());
                    let run = |&chart| Runner::instead(world, &Racer { chart, ..slow.clone() });
                    let runs = charts.iter().map(run).collect();
                    kins.push(Kin { racer, members: 1, runs, gaps: Vec::new() });
                }
            }
        }
        Self { charts, kins }
    }

    /// Extends all gaps towards a step, by at most `budget` rows. Returns whether the step was reached.
    pub fn extend(&mut self, family: &dyn Family, step: usize, budget: usize) -> bool {
        let mut left = budget.max(1);
        for kin in &mut self.kins {
            while kin.gaps.len() <= step {
                if left == 0 {
                    return false;
                }
                kin.advance(family);
                left -= 1;
            }
        }
        true
    }

    /// The last step up to which all gaps are known.
    #[must_use]
    pub fn reached(&self) -> usize {
        self.kins.iter().map(|kin| kin.gaps.len().saturating_sub(1)).min().unwrap_or(0)
    }
}

impl Kin {
    /// The gap by step, as far as it is known; NaN if fewer than two runs are left or a distance does not exist.
    #[must_use]
    pub fn gaps(&self) -> &[f64] {
        &self.gaps
    }

    /// The largest gap up to a step; `None` if none is known.
    #[must_use]
    pub fn largest(&self, step: usize) -> Option<f64> {
        let known = self.gaps.iter().take(step + 1).copied().filter(|gap| gap.is_finite());
        known.reduce(f64::max)
    }

    fn advance(&mut self, family: &dyn Family) {
        let step = self.gaps.len();
        for run in &mut self.runs {
            run.extend(step);
        }
        let alive = self.runs.iter().filter(|run| run.trace().last_alive() >= step);
        let points: Vec<Vec2> = alive.map(|run| run.trace().rows.at(step).p()).collect();
        self.gaps.push(spread(family, &points));
    }
}

fn charts(world: &World) -> Vec<ChartId> {
    let mut charts: Vec<ChartId> = world.scenario.racers.iter().map(|racer| racer.chart).collect();
    charts.sort_unstable();
    charts.dedup();
    if charts.len() < 2 {
        charts = world.family.info().chart_ids().take(MOST).collect();
    }
    charts
}

/// A racer whose steps are halved `halvings` times: its rate as often, a KL radius, which is quadratic in the step,
/// twice as often. `None` if it has no rate.
#[must_use]
pub fn slowed(racer: &Racer, halvings: u32) -> Option<Racer> {
    let Rate { field, power } = racer.kind.rate?;
    let share = 0.5_f64.powi(i32::try_from(halvings).unwrap_or(i32::MAX).saturating_mul(power));
    let mut slow = racer.clone();
    slow.settings.set(field, Setting::Number(racer.settings.number(field) * share));
    Some(slow)
}

fn alike(a: &Racer, b: &Racer) -> bool {
    a.kind == b.kind && a.settings == b.settings
}
