//! One step in numbers: what the optimizer saw, what it did, and how long the step was in the geometry.
//!
//! Reads a recorded trace and evaluates family and objective again at its points; layout is handled by `screen` and
//! `export`.

use super::{Race, Row, Status, World};
use crate::geometry::Place;
use crate::math::linear::solve2;
use crate::math::{Mat2, Vec2};
use crate::objective::Draw;
use crate::optimizer::{KL_CAP, Optimizer, Schedule};
use crate::problem::{Problem, Site};
use crate::registry::Setting;
use crate::scenario::Racer;

/// The numbers of one step, in the optimizer's chart.
#[derive(Debug, Clone)]
pub struct Worked {
    /// The step it starts from.
    pub step: usize,
    /// The names of the coordinates.
    pub axes: [&'static str; 2],
    /// The update as text.
    pub equation: &'static str,
    /// The optimizer's settings, by name.
    pub settings: Vec<(&'static str, Setting)>,
    /// The coordinates x.
    pub x: Vec2,
    /// ∇L at x: of this step's batch, if it has one.
    pub gradient: Vec2,
    /// Whether `gradient` is that of a batch.
    pub sampled: bool,
    /// The Fisher matrix F at x.
    pub fisher: Mat2,
    /// F⁻¹∇L; `None` if F is singular.
    pub natural: Option<Vec2>,
    /// The metric that the optimizer uses in place of F, if it does.
    pub other: Option<Other>,
    /// The loss at x, nats.
    pub loss: f64,
    /// The outcome of the step; `None` if it has not been made.
    pub made: Option<Made>,
}

/// A metric that an optimizer uses in place of F.
#[derive(Debug, Clone, Copy)]
pub struct Other {
    /// What it is called.
    pub name: &'static str,
    /// Its matrix G at x; `None` where it could not be integrated.
    pub metric: Option<Mat2>,
    /// G⁻¹∇L; `None` if there is none.
    pub natural: Option<Vec2>,
}

impl Other {
    /// That of an optimizer at a point with a gradient.
    fn of(optimizer: &dyn Optimizer, here: &dyn Site, gradient: Vec2) -> Option<Self> {
        let (name, metric) = optimizer.metric()?;
        let metric = metric(here).ok().map(|metric| metric.dense());
        let metric = metric.filter(|m| m.nrows() == 2).map(|m| Mat2::from_fn(|i, j| m[(i, j)]));
        let natural = metric.map(|metric| solve2(&metric, &gradient)).filter(|v| v.iter().all(|v| v.is_finite()));
        Some(Self { name, metric, natural })
    }
}

/// The outcome of a step.
#[derive(Debug, Clone, Copy)]
pub struct Made {
    /// How it went.
    pub status: Status,
    /// Δx; not finite if the step ended the optimizer.
    pub delta: Vec2,
    /// KL(old ‖ new), nats.
    pub kl: f64,
    /// √(Δxᵀ F Δx).
    pub fisher_length: f64,
    /// The loss after it, nats.
    pub loss: f64,
}

impl Made {
    fn new(before: &Row<'_>, after: &Row<'_>) -> Self {
        let delta = after.x() - before.x();
        Self { status: after.status, delta, kl: after.kl_step, fisher_length: after.fisher_step, loss: after.loss }
    }
}

/// The optimizer's settings, and where they differ the rate of this step and the cap.
fn settings(spec: &Racer, step: usize, steps: usize) -> Vec<(&'static str, Setting)> {
    let rate = spec.kind.rate.filter(|_| spec.schedule != Schedule::Constant);
    let rate = rate.map(|rate| spec.settings.number(rate.field) * spec.schedule.factor(step, steps));
    let more = [("rate of this step", rate), (KL_CAP.name, spec.kl_cap)];
    let more = more.into_iter().filter_map(|(name, value)| Some((name, Setting::Number(value?))));
    spec.settings.iter().chain(more).collect()
}

impl Worked {
    /// The step of a racer that starts from `step`; its last step if it ended before.
    #[must_use]
    pub fn of(world: &World, race: &Race, racer: usize, step: usize) -> Self {
        let (spec, trace) = (&world.scenario.racers[racer], race.trace(racer));
        let step = step.min(trace.last_alive());
        let before = trace.rows.at(step);
        let plane = world.drawn(spec.chart);
        let place = Place { x: before.x(), ..Place::of(plane.chart(), before.p()) };
        let objective = world.objective_for(spec);
        let batch = objective.stochastic_gradient(place.p, Draw { seed: world.scenario.seed, step });
        let gradient = place.covector(batch.unwrap_or_else(|| objective.gradient(place.p)));
        let (fisher, inverse) = place.fisher(&*plane.family, plane.chart());
        Self {
            step,
            axes: plane.chart().info().axes,
            equation: spec.kind.equation,
            settings: settings(spec, step, world.scenario.steps),
            x: place.x,
            gradient,
            sampled: batch.is_some(),
            fisher,
            natural: inverse.map(|inverse| inverse * gradient),
            other: Other::of(&*(spec.kind.build)(&spec.settings, 2), &*plane.at(place.x.as_slice()), gradient),
            loss: before.loss,
            made: trace.rows.get(step + 1).map(|after| Made::new(&before, &after)),
        }
    }
}
