//! The members of an ensemble as they arrive, beside the one whose race is shown.
//!
//! What they came to is computed by jobs (`measure::members`); what is drawn of them is the business of `figure`.

use std::time::Duration;

use super::Show;
use crate::measure::{Answer, members};
use crate::race::World;
use crate::race::ensemble::{Ensemble, Run};
use crate::work::Job;

/// The members of an ensemble.
#[derive(Debug)]
pub struct Cloud {
    jobs: Vec<Job<Run>>,
    ensemble: Ensemble,
    seeds: usize,
    /// The world whose members they are.
    world: u64,
    /// How many had arrived when pictures were last asked to change.
    shown: usize,
}

impl Cloud {
    /// Begins to run the members of a world; `None` if it has but one.
    fn of(world: &World) -> Option<Self> {
        let (first, seeds) = (world.scenario.seed, world.scenario.seeds);
        let list: Vec<u64> = (0..seeds as u64).map(|place| first + place).collect();
        (seeds > 1).then(|| Self {
            jobs: members::start(world, &list),
            ensemble: Ensemble::default(),
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

    /// A number that changes when pictures of them are to be drawn again: not with every single one, since all of them have
    /// to be sorted for that.
    #[must_use]
    pub const fn revision(&self) -> (u64, usize) {
        (self.world, self.shown)
    }

    fn gather(&mut self, patience: Duration) {
        for job in &mut self.jobs {
            job.wait(patience).into_iter().for_each(|run| self.ensemble.add(run));
        }
        let arrived = self.ensemble.arrived();
        if !self.unfinished() || arrived >= self.shown + self.shown / 16 + 1 {
            self.shown = arrived;
        }
    }
}

impl Show {
    /// The members of an ensemble; `None` if the race has but one.
    #[must_use]
    pub const fn cloud(&self) -> Option<&Cloud> {
        self.cloud.as_ref()
    }

    /// The place of the member whose race is shown, from 0.
    #[must_use]
    pub const fn member(&self) -> usize {
        self.member
    }

    /// Begins an ensemble again if its world has changed.
    pub(super) fn begin_cloud(&mut self) {
        let base = self.base();
        if self.cloud.as_ref().is_none_or(|cloud| cloud.world != base.revision()) {
            self.cloud = Cloud::of(&base);
        }
    }

    /// The world of the document, whose first member it is.
    fn base(&self) -> World {
        self.history.as_ref().map_or_else(|| self.world.clone(), |history| history.current().world.clone())
    }

    /// The document's world under the seed of the member that is shown.
    pub(super) fn seeded(&self, world: &World) -> World {
        if self.member == 0 { world.clone() } else { world.seeded(world.scenario.seed + self.member as u64) }
    }

    /// Takes the members that have arrived, after waiting for each job for at most `patience`.
    pub(super) fn gather(&mut self, patience: Duration) {
        if let Some(cloud) = self.cloud.as_mut().filter(|cloud| cloud.unfinished()) {
            cloud.gather(patience);
        }
    }

    /// Shows the race of another member, `by` places on. Returns what to tell the user.
    ///
    /// # Errors
    /// If the race has but one seed.
    pub fn pick_member(&mut self, by: isize) -> Result<Option<String>, String> {
        let Some(seeds) = self.cloud.as_ref().map(Cloud::seeds) else {
            return Err("this race has one seed: [run] seeds = 100 makes it an ensemble".to_owned());
        };
        self.member = self.member.saturating_add_signed(by).min(seeds - 1);
        self.show_current();
        Ok(Some(format!("member {} of {seeds}, seed {}", self.member + 1, self.world.scenario.seed)))
    }

    /// The answers to the measures of an ensemble, once all members have arrived.
    pub(super) fn ensemble_answers(&self) -> Option<Vec<Answer>> {
        let cloud = self.cloud.as_ref().filter(|cloud| !cloud.unfinished())?;
        let measures = self.world.scenario.measures.iter().enumerate();
        let mean = |place| cloud.ensemble.measured(place).map(|summary| summary.mean);
        Some(measures.map(|(place, measure)| Answer::new(&self.world, measure, mean(place))).collect())
    }
}
