//! One optimizer in its chart, with its trace.
//!
//! How a step is chosen is the optimizer's business; here it is judged: inside the family, finite, or the end.

use super::{Ending, Plane, Row, Status, Trace};
use crate::geometry::Place;
use crate::math::linear::{Cholesky, solve2};
use crate::math::{Mat2, Vec2};
use crate::objective::Draw;
use crate::optimizer::{Local, Motion, Optimizer, Problem, Square};
use crate::scenario::Scenario;

/// A racer on its way.
#[derive(Debug)]
pub struct Runner {
    plane: Plane,
    optimizer: Box<dyn Optimizer>,
    trace: Trace,
    here: Station,
    seed: u64,
    racer: usize,
}

/// What is known of the point where a runner stands.
#[derive(Debug)]
struct Station {
    place: Place,
    loss: f64,
    gradient: Vec2,
    metric: Mat2,
    fisher: Square,
    factor: Cholesky,
    /// √(gᵀF⁻¹g).
    natural_norm: f64,
}

impl Station {
    fn new(plane: &Plane, place: Place) -> Self {
        let mut station = Self {
            place,
            loss: f64::NAN,
            gradient: Vec2::zeros(),
            metric: Mat2::zeros(),
            fisher: Square::zero(plane.dimension()),
            factor: Cholesky::new(plane.dimension()),
            natural_norm: f64::NAN,
        };
        station.look(plane, place);
        station
    }

    fn look(&mut self, plane: &Plane, place: Place) {
        self.place = place;
        self.loss = plane.objective.value(place.p);
        self.gradient = place.covector(plane.objective.gradient(place.p));
        self.metric = place.metric(&plane.family.fisher(place.p));
        let m = &self.metric;
        self.fisher.entries_mut().copy_from_slice(&[m[(0, 0)], m[(0, 1)], m[(1, 0)], m[(1, 1)]]);
        self.natural_norm = match self.factor.factor(self.fisher.entries(), 0.0) {
            Ok(()) => self.gradient.dot(&solve2(m, &self.gradient)).sqrt(),
            Err(_) => f64::NAN,
        };
    }
}

impl Runner {
    /// A racer of a scenario at the start.
    #[must_use]
    pub fn new(scenario: &Scenario, racer: usize) -> Self {
        Self::starting_at(scenario, racer, scenario.start)
    }

    /// A racer of a scenario, fresh, at another point of the family.
    #[must_use]
    pub fn starting_at(scenario: &Scenario, racer: usize, start: Vec2) -> Self {
        let spec = &scenario.racers[racer];
        let plane = Plane::new(scenario, spec.chart);
        let here = Station::new(&plane, Place::of(plane.chart(), start));
        let mut runner = Self {
            optimizer: (spec.kind.build)(&spec.settings, plane.dimension()),
            plane,
            trace: Trace { rows: Vec::with_capacity(scenario.steps.min(1023) + 1), ending: None },
            here,
            seed: scenario.seed,
            racer,
        };
        let row = runner.row(Status::Running, [f64::NAN; 3]);
        runner.trace.rows.push(row);
        if !row.loss.is_finite() {
            runner.end(Status::NotFinite, format!("the loss is {}", row.loss));
        }
        runner
    }

    /// The trace so far.
    #[must_use]
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The last step made; `steps` where the optimizer has ended.
    #[must_use]
    pub fn reached(&self, steps: usize) -> usize {
        if self.trace.ending.is_some() { steps } else { self.trace.rows.len() - 1 }
    }

    /// Steps until row `step` is there or the optimizer has ended.
    pub fn extend(&mut self, step: usize) {
        while self.trace.rows.len() <= step && self.trace.ending.is_none() {
            self.step();
        }
    }

    fn step(&mut self) {
        let draw = Draw { seed: self.seed, racer: self.racer, step: self.trace.rows.len() - 1 };
        let batch = self.plane.objective.stochastic_gradient(self.here.place.p, draw);
        let gradient = batch.map_or(self.here.gradient, |g| self.here.place.covector(g));
        if let Some(i) = (0..2).find(|i| !gradient[*i].is_finite()) {
            let along = self.plane.chart().info().axes[i];
            return self.end(Status::NotFinite, format!("the gradient along {along} is {}", gradient[i]));
        }
        let mut next = self.here.place.x;
        let local = Local {
            problem: &self.plane,
            x: self.here.place.x.as_slice(),
            loss: self.here.loss,
            gradient: gradient.as_slice(),
            fisher: &self.here.fisher,
        };
        match self.optimizer.step(&local, next.as_mut_slice()) {
            Motion::NoStep => {
                let row = self.row(Status::NoStep, [0.0; 3]);
                self.trace.rows.push(row);
            }
            Motion::Singular { matrix, defect } => self.end(Status::Singular, defect.words(matrix)),
            Motion::NotFinite(quantity) => self.end(Status::NotFinite, format!("{quantity} is not finite")),
            Motion::Moved if !next.iter().all(|x| x.is_finite()) => {
                self.end(Status::NotFinite, "the step is not finite".to_owned());
            }
            Motion::Moved => match self.plane.violation(next) {
                Some(violation) => {
                    self.end(Status::LeftFamily, format!("{} {}", violation.quantity, violation.broken));
                }
                None => self.arrive(next),
            },
        }
    }

    fn arrive(&mut self, next: Vec2) {
        let (x, p, metric) = (self.here.place.x, self.here.place.p, self.here.metric);
        self.here.look(&self.plane, Place::at(self.plane.chart(), next));
        let delta = next - x;
        let lengths = [delta.norm(), delta.dot(&(metric * delta)).sqrt(), self.plane.family.kl(p, self.here.place.p)];
        let row = self.row(Status::Running, lengths);
        if row.loss.is_finite() {
            self.trace.rows.push(row);
        } else {
            self.end(Status::NotFinite, format!("the loss is {}", row.loss));
        }
    }

    fn row(&self, status: Status, [euclid_step, fisher_step, kl_step]: [f64; 3]) -> Row {
        let here = &self.here;
        Row {
            status,
            loss: here.loss,
            grad_norm: here.gradient.norm(),
            natural_norm: here.natural_norm,
            euclid_step,
            fisher_step,
            kl_step,
            parameters: here.place.p,
            coordinates: here.place.x,
        }
    }

    fn end(&mut self, status: Status, reason: String) {
        let nothing = Vec2::new(f64::NAN, f64::NAN);
        self.trace.ending = Some(Ending { step: self.trace.rows.len(), status, reason });
        self.trace.rows.push(Row {
            status,
            loss: f64::NAN,
            grad_norm: f64::NAN,
            natural_norm: f64::NAN,
            euclid_step: f64::NAN,
            fisher_step: f64::NAN,
            kl_step: f64::NAN,
            parameters: nothing,
            coordinates: nothing,
        });
    }
}
