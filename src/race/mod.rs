//! The race: a checked scenario becomes a recorded trace, extended on demand and never rewritten.
//!
//! Knows neither time nor keys nor pictures. The same scenario yields the same rows, in whatever slices they are
//! computed.

pub mod ensemble;
pub mod invariance;
pub mod reading;
pub mod rows;
pub mod trace;
pub mod worked;

mod anatomy;
mod cap;
mod pace;
mod row;
mod runner;
mod stepper;
mod world;

use std::sync::Arc;

use crate::problem::plane::Projection;

pub use anatomy::{Attempt, attempt, trust_region};
pub use invariance::{Invariance, Kin};
pub use reading::{Quantity, Reading};
pub use row::{Row, Status};
pub use rows::Rows;
pub use runner::Runner;
pub use trace::{Beyond, Ending, Trace};
pub use worked::Worked;
pub use world::World;

/// All optimizers of a scenario and the rows recorded so far.
#[derive(Debug)]
pub struct Race {
    runners: Vec<Runner>,
    steps: usize,
    revision: u64,
}

impl Race {
    /// A race at its start: one row per optimizer.
    #[must_use]
    pub fn new(world: &World) -> Self {
        let runners = (0..world.scenario.racers.len()).map(|racer| Runner::new(world, racer)).collect();
        Self { runners, steps: world.scenario.steps, revision: world::revision() }
    }

    /// A race run to its end.
    #[must_use]
    pub fn run(world: &World) -> Self {
        let mut race = Self::new(world);
        race.extend(world.scenario.steps);
        race
    }

    /// A number that no other race of the program has.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// Extends every trace to `step` (at most to the scenario's last step; there a path that stood already is followed to
    /// its own end).
    pub fn extend(&mut self, step: usize) {
        let step = step.min(self.steps);
        for runner in &mut self.runners {
            runner.extend(step);
            if step == self.steps {
                runner.follow();
            }
        }
    }

    /// Extends every trace towards `step`, one step at a time, until that has cost about as much as `budget` steps on a
    /// closed form; by at least one step.
    pub fn advance(&mut self, step: usize, budget: usize) {
        let step = step.min(self.steps);
        let spent = |runners: &[Runner]| runners.iter().map(Runner::spent).sum::<usize>();
        let end = spent(&self.runners).saturating_add(budget.max(1));
        while self.reached() < step && spent(&self.runners) < end {
            self.extend(self.reached() + 1);
        }
    }

    /// The number of steps of the race.
    #[must_use]
    pub const fn steps(&self) -> usize {
        self.steps
    }

    /// The number of steps that every optimizer still running has made.
    #[must_use]
    pub fn reached(&self) -> usize {
        self.runners.iter().map(|runner| runner.reached(self.steps)).min().unwrap_or(self.steps)
    }

    /// Draws all points on a plane from now on.
    pub fn draw_on(&mut self, plane: &Arc<Projection>) {
        self.runners.iter_mut().for_each(|runner| runner.draw_on(plane));
    }

    /// The racers, in file order.
    #[must_use]
    pub fn runners(&self) -> &[Runner] {
        &self.runners
    }

    /// The racer of that number.
    #[must_use]
    pub fn runner(&self, racer: usize) -> &Runner {
        &self.runners[racer]
    }

    /// The traces, in file order.
    pub fn traces(&self) -> impl ExactSizeIterator<Item = &Trace> {
        self.runners.iter().map(Runner::trace)
    }

    /// The trace of one racer.
    #[must_use]
    pub fn trace(&self, racer: usize) -> &Trace {
        self.runners[racer].trace()
    }
}
