//! One optimizer on one problem: what a step does, whoever records it.
//!
//! Steps are chosen by the optimizer; here they are checked to be finite and inside the space.

use std::sync::Arc;

use super::{Beyond, Status, World, cap, pace};
use crate::objective::{Draw, Flaw};
use crate::optimizer::{Motion, Optimizer, Schedule};
use crate::problem::{Failure, Lengths, Local, Problem, Site};
use crate::scenario::{Pace, Racer};

/// An optimizer where it stands.
#[derive(Debug)]
pub(super) struct Stepper {
    pub(super) problem: Arc<dyn Problem>,
    pub(super) optimizer: Box<dyn Optimizer>,
    pub(super) site: Box<dyn Site>,
    conditions: Conditions,
    /// Buffers for the gradient that a step descends, for the coordinates it leads to and for those it would have led to.
    gradient: Vec<f64>,
    next: Vec<f64>,
    whole: Vec<f64>,
}

/// What a racer's steps depend on beside its problem and its optimizer.
#[derive(Debug, Clone, Copy)]
struct Conditions {
    seed: u64,
    pace: Pace,
    schedule: Schedule,
    /// The number of steps of the race, for schedules.
    steps: usize,
    cap: Option<f64>,
}

/// What a step came to.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It led to the point where the stepper now stands.
    Moved(Lengths),
    /// The point stays.
    Stayed,
    /// There is none: the path ends here.
    Finished,
    /// It is the last: why, and in a few words.
    Ended(Status, String),
    /// It is the last, because it leads out of the space: why, in a few words, and where to.
    Left(String, Beyond),
}

impl Stepper {
    /// A racer under a scenario's conditions at a point given by its canonical parameters.
    pub(super) fn at(problem: Arc<dyn Problem>, world: &World, spec: &Racer, start: &[f64]) -> Self {
        let optimizer = (spec.kind.build)(&spec.settings, problem.dimension());
        let site = problem.start(start);
        let scenario = &world.scenario;
        let conditions = Conditions {
            seed: scenario.seed,
            pace: scenario.pace,
            schedule: spec.schedule,
            steps: scenario.steps,
            cap: spec.kl_cap,
        };
        Self::new(problem, optimizer, site, conditions)
    }

    fn new(
        problem: Arc<dyn Problem>,
        optimizer: Box<dyn Optimizer>,
        site: Box<dyn Site>,
        conditions: Conditions,
    ) -> Self {
        let n = problem.dimension();
        let [gradient, next, whole] = std::array::from_fn(|_| vec![f64::NAN; n]);
        Self { problem, optimizer, site, conditions, gradient, next, whole }
    }

    /// The same with another state of the optimizer at another point.
    pub(super) fn resume(&self, optimizer: Box<dyn Optimizer>, site: Box<dyn Site>) -> Self {
        Self::new(Arc::clone(&self.problem), optimizer, site, self.conditions)
    }

    /// Makes step `step`, 0 being the first.
    pub(super) fn step(&mut self, step: usize) -> Outcome {
        let draw = Draw { seed: self.conditions.seed, step };
        if !self.site.batch_gradient(draw, &mut self.gradient) {
            self.gradient.copy_from_slice(self.site.gradient());
        }
        if let Some(i) = self.gradient.iter().position(|g| !g.is_finite()) {
            let along = &self.problem.coordinates()[i];
            return self.failed(format!("the gradient along {along} is {}", self.gradient[i]));
        }
        let schedule = self.conditions.schedule.factor(step, self.conditions.steps);
        let local = Local { site: &*self.site, gradient: &self.gradient, draw, schedule };
        let mut made = self.optimizer.step(&local, &mut self.next);
        if let Some(kl) = self.conditions.cap {
            made = cap::shorten(&*self.optimizer, &local, made, kl, [&mut self.next, &mut self.whole]);
        }
        match made {
            Ok(Motion::NoStep) => self.stay(),
            Ok(Motion::Moved) => self.moved(self.conditions.pace),
            Ok(Motion::Placed) => self.moved(Pace::Own),
            Ok(Motion::Finished) => Outcome::Finished,
            Err(Failure::Singular { matrix, defect }) => {
                Outcome::Ended(Status::Singular, self.problem.singular(&defect, matrix))
            }
            Err(Failure::Outside(outside)) => Outcome::Ended(Status::LeftFamily, outside.to_string()),
            Err(Failure::NotFinite(quantity)) => self.failed(format!("{quantity} is not finite")),
            Err(Failure::NotIntegrated(quantity)) => {
                let reason = format!("{quantity} was not integrated to its tolerance");
                Outcome::Ended(Status::NotIntegrated, reason)
            }
        }
    }

    /// Goes to the point that the optimizer has chosen, unless it is none.
    fn moved(&mut self, pace: Pace) -> Outcome {
        if !self.next.iter().all(|x| x.is_finite()) {
            return Outcome::Ended(Status::NotFinite, "the step is not finite".to_owned());
        }
        if let Pace::EqualKl(kl) = pace {
            if !pace::rescale(&*self.site, &mut self.next, kl) {
                return self.stay();
            }
        } else if let Some(outside) = self.problem.violation(&self.next) {
            let names = self.problem.coordinates();
            let worst = names.iter().position(|name| *name == outside.quantity);
            let worst = worst.map(|i| (names[i].clone(), self.next[i]));
            return Outcome::Left(outside.to_string(), Beyond { at: self.next.clone(), worst });
        }
        let lengths = self.site.go(&self.next);
        let loss = self.site.loss();
        if loss.is_finite() { Outcome::Moved(lengths) } else { self.failed(format!("the loss is {}", loss + 0.0)) }
    }

    /// It is counted as a cost, since a whole race may consist of them.
    fn stay(&self) -> Outcome {
        self.site.spend(1);
        Outcome::Stayed
    }

    fn failed(&self, found: String) -> Outcome {
        let (status, reason) = self.verdict(found);
        Outcome::Ended(status, reason)
    }

    /// The status and reason for a number that is not finite, in the objective's words if it has any.
    pub(super) fn verdict(&self, found: String) -> (Status, String) {
        match self.site.flaw() {
            Some(flaw @ Flaw::Unresolved) => (Status::NotIntegrated, flaw.to_string()),
            Some(flaw) => (Status::NotFinite, format!("{found}: {flaw}")),
            None => (Status::NotFinite, found),
        }
    }
}
