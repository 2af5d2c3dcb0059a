//! One optimizer in several charts at once, and how far apart its paths drift: the invariance gap.
//!
//! The gap at a step is the largest Fisher-Rao distance between the points that one optimizer has reached in the
//! charts. It is 0 if the chart does not matter, shrinks with the step size for updates that are invariant to first
//! order (natural gradient, Song & Ermon 2018), and persists if the descent direction itself depends on the chart.

use std::time::Duration;

use super::World;
use super::runner::start;
use super::stepper::{Outcome, Stepper};
use crate::family::ChartId;
use crate::geometry::distance::spread;
use crate::math::Vec2;
use crate::optimizer::Rate;
use crate::registry::Setting;
use crate::scenario::Racer;
use crate::work::{Cancelled, Job, Output};

/// The maximum number of charts if the racers share one and the family's are used instead.
const MOST: usize = 4;

/// Every optimizer of a scenario in the same charts.
#[derive(Debug)]
pub struct Invariance {
    /// The charts the racers work in, or the family's first ones if the racers share one.
    pub charts: Vec<ChartId>,
    /// The optimizers, each once however many racers use it.
    pub kins: Vec<Kin>,
    /// The gaps of every step, one for each of `kins`.
    job: Job<Vec<f64>>,
}

/// Racers that differ only in their charts.
#[derive(Debug)]
pub struct Kin {
    /// The first of them: an index into the scenario's list.
    pub racer: usize,
    /// The number of them in the scenario.
    pub members: usize,
    gaps: Vec<f64>,
}

impl Invariance {
    /// The optimizers of a scenario, their rates halved `halvings` times, and as many times doubled steps. Their gaps are
    /// computed by a job.
    #[must_use]
    pub fn new(world: &World, halvings: u32) -> Self {
        let charts = charts(world);
        let racers = &world.scenario.racers;
        let mut kins: Vec<Kin> = Vec::new();
        for (racer, spec) in racers.iter().enumerate() {
            match kins.iter_mut().find(|kin| alike(&racers[kin.racer], spec)) {
                Some(kin) => kin.members += 1,
                None => kins.push(Kin { racer, members: 1, gaps: Vec::new() }),
            }
        }
        let slow = |kin: &Kin| slowed(&racers[kin.racer], halvings).unwrap_or_else(|| racers[kin.racer].clone());
        let (specs, own, world) = (kins.iter().map(slow).collect::<Vec<_>>(), charts.clone(), world.clone());
        let job = Job::start(move |out| gaps(&world, &specs, &own, world.scenario.steps << halvings, out));
        Self { charts, kins, job }
    }

    /// Takes the gaps that were found, after waiting for the rest of them, but at most for `patience`.
    pub fn wait(&mut self, patience: Duration) {
        for found in self.job.wait(patience) {
            self.kins.iter_mut().zip(found).for_each(|(kin, gap)| kin.gaps.push(gap));
        }
    }

    /// Whether all gaps up to a step are known.
    #[must_use]
    pub fn reached(&self, step: usize) -> bool {
        self.job.finished() || self.kins.iter().all(|kin| kin.gaps.len() > step)
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
}

/// An optimizer on its way, of which nothing is recorded.
struct Walk {
    stepper: Stepper,
    /// The steps made; `None` at its end.
    made: Option<usize>,
}

impl Walk {
    fn new(world: &World, spec: &Racer) -> Self {
        let stepper = Stepper::at(world.problem_for(spec), world, spec, &start(world, spec));
        let made = stepper.site.loss().is_finite().then_some(0);
        Self { stepper, made }
    }

    /// Makes a step.
    fn step(&mut self) {
        let Some(step) = self.made else { return };
        self.made = match self.stepper.step(step) {
            Outcome::Moved(_) | Outcome::Stayed => Some(step + 1),
            Outcome::Finished | Outcome::Ended(..) | Outcome::Left(..) => None,
        };
    }

    /// Where it is drawn.
    fn point(&self, world: &World) -> Vec2 {
        let p = self.stepper.site.parameters();
        world.plane().map_or_else(|| Vec2::new(p[0], p[1]), |plane| plane.project(p))
    }
}

/// The gap of each racer between charts, step by step.
fn gaps(
    world: &World,
    specs: &[Racer],
    charts: &[ChartId],
    steps: usize,
    out: &Output<Vec<f64>>,
) -> Result<(), Cancelled> {
    let walks = |spec: &Racer| -> Vec<Walk> {
        charts.iter().map(|&chart| Walk::new(world, &Racer { chart, ..spec.clone() })).collect()
    };
    let mut kins: Vec<Vec<Walk>> = specs.iter().map(walks).collect();
    for step in 0..=steps {
        let mut found = Vec::with_capacity(kins.len());
        for walks in &mut kins {
            if step > 0 {
                walks.iter_mut().for_each(Walk::step);
            }
            // A start without a finite loss still is a point.
            let there = walks.iter().filter(|walk| step == 0 || walk.made.is_some());
            let points: Vec<Vec2> = there.map(|walk| walk.point(world)).collect();
            found.push(spread(&*world.family, &points));
            out.progress().check()?;
        }
        out.send(found)?;
    }
    Ok(())
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
