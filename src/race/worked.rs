//! One step with its numbers: what the optimizer saw, what it did, and how far that was in the geometry.
//!
//! Reads a recorded trace and asks family and objective again where it was; how it is laid out is the view's business, or
//! that of the export.

use super::{Plane, Race, Row, Status};
use crate::geometry::Place;
use crate::math::linear::inverse2;
use crate::math::{Mat2, Vec2};
use crate::objective::Draw;
use crate::registry::Setting;
use crate::scenario::Scenario;

/// The numbers of one step, in the optimizer's chart.
#[derive(Debug, Clone)]
pub struct Worked {
    /// The step that is made from here.
    pub step: usize,
    /// The names of the coordinates.
    pub axes: [&'static str; 2],
    /// The update as text.
    pub equation: &'static str,
    /// What the scenario sets of it, by name.
    pub settings: Vec<(&'static str, Setting)>,
    /// The coordinates x.
    pub x: Vec2,
    /// ∇L there: of the batch that this step saw, if it saw one.
    pub gradient: Vec2,
    /// Whether that is the gradient of a batch.
    pub sampled: bool,
    /// The Fisher matrix F there.
    pub fisher: Mat2,
    /// F⁻¹∇L; none where F is singular.
    pub natural: Option<Vec2>,
    /// The loss there, nats.
    pub loss: f64,
    /// What the step came to; none where it has not been made.
    pub made: Option<Made>,
}

/// What a step came to.
#[derive(Debug, Clone, Copy)]
pub struct Made {
    /// How it went.
    pub status: Status,
    /// Δx; not finite where the step ended the optimizer.
    pub delta: Vec2,
    /// KL(old ‖ new), nats.
    pub kl: f64,
    /// √(Δxᵀ F Δx).
    pub fisher_length: f64,
    /// The loss after it, nats.
    pub loss: f64,
}

impl Made {
    fn new(before: &Row, after: &Row) -> Self {
        let delta = after.coordinates - before.coordinates;
        Self { status: after.status, delta, kl: after.kl_step, fisher_length: after.fisher_step, loss: after.loss }
    }
}

impl Worked {
    /// The step of a racer from a step of its trace on; where it ended before, its last.
    #[must_use]
    pub fn of(scenario: &Scenario, race: &Race, racer: usize, step: usize) -> Self {
        let (spec, trace) = (&scenario.racers[racer], race.trace(racer));
        let step = step.min(trace.last_alive());
        let before = trace.rows.at(step);
        let plane = Plane::new(scenario, spec.chart);
        let place = Place { x: before.coordinates, ..Place::of(plane.chart(), before.parameters) };
        let batch = plane.objective.stochastic_gradient(place.p, Draw { seed: scenario.seed, step });
        let gradient = place.covector(batch.unwrap_or_else(|| plane.objective.gradient(place.p)));
        let fisher = place.metric(&plane.family.fisher(place.p));
        Self {
            step,
            axes: plane.chart().info().axes,
            equation: spec.kind.equation,
            settings: spec.settings.iter().collect(),
            x: place.x,
            gradient,
            sampled: batch.is_some(),
            fisher,
            natural: inverse2(&fisher).map(|inverse| inverse * gradient),
            loss: before.loss,
            made: trace.rows.get(step + 1).map(|after| Made::new(&before, &after)),
        }
    }
}
