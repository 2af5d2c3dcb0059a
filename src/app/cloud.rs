//! The members of an ensemble as they arrive.
//!
//! What they came to is computed by jobs (`measure::members`); what is drawn of them is the business of `figure`.

use std::time::Duration;

use crate::measure::members;
use crate::race::World;
use crate::race::ensemble::{Ensemble, Run};
use crate::work::Job;

/// The members of an ensemble.
#[derive(Debug)]
pub struct Cloud {
    jobs: Vec<Job<Run>>,
    ensemble: Ensemble,
    /// Their seeds in the order in which they arrived.
    order: Vec<u64>,
    seeds: usize,
    /// The world whose members they are.
    world: u64,
    /// How many had arrived when pictures were last asked to change.
    shown: usize,
}

impl Cloud {
    /// Begins to run the members of a world; `None` if it has but one.
    pub(super) fn of(world: &World) -> Option<Self> {
        let (first, seeds) = (world.scenario.seed, world.scenario.seeds);
        let list: Vec<u64> = (0..seeds as u64).map(|place| first + place).collect();
        (seeds > 1).then(|| Self {
            jobs: members::start(world, &list),
            ensemble: Ensemble::default(),
            order: Vec::with_capacity(seeds),
            seeds,
            world: world.revision(),
            shown: 0,
        })
    }

    /// Those that have arrived.
    #[must_use]
    pub const fn ensemble(&self) -> &Ensemble {
        &self.ensemble
    }

    /// Those that arrived after the first `taken`, as they arrived.
    pub fn arrived_after(&self, taken: usize) -> impl Iterator<Item = &Run> {
        self.order[taken.min(self.order.len())..].iter().filter_map(|seed| self.ensemble.run(*seed))
    }

    /// How many there will be.
    #[must_use]
    pub const fn seeds(&self) -> usize {
        self.seeds
    }

    /// Whether some are still to come.
    #[must_use]
    pub fn unfinished(&self) -> bool {
        self.jobs.iter().any(|job| !job.finished())
    }

    /// The world whose members they are.
    pub(super) const fn world(&self) -> u64 {
        self.world
    }

    /// A number that changes when pictures of them are to be drawn again: not with every single one.
    #[must_use]
    pub const fn revision(&self) -> (u64, usize) {
        (self.world, self.shown)
    }

    /// Takes those that have arrived, after waiting for each job for at most `patience`.
    pub(super) fn gather(&mut self, patience: Duration) {
        for job in &mut self.jobs {
            for run in job.wait(patience) {
                self.order.push(run.seed);
                self.ensemble.add(run);
            }
        }
        let arrived = self.ensemble.arrived();
        if !self.unfinished() || arrived > self.shown + self.shown / 16 {
            self.shown = arrived;
        }
    }
}
