//! The member of an ensemble whose race a show runs, and what all of them answer.

use std::time::Duration;

use super::Show;
use super::cloud::Cloud;
use crate::measure::Answer;
use crate::race::World;

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
    fn begin_cloud(&mut self) {
        if self.cloud_due() || (self.cloud.is_some() && self.base().scenario.seeds == 1) {
            self.cloud = Cloud::of(self.base());
        }
    }

    /// Whether there is an ensemble that has not begun: a show that nobody looks at runs none.
    pub(super) fn cloud_due(&self) -> bool {
        let base = self.base();
        let begun = self.cloud.as_ref().is_some_and(|cloud| cloud.world() == base.revision());
        base.scenario.seeds > 1 && !begun
    }

    /// The world of the document, whose first member it is.
    fn base(&self) -> &World {
        self.history.as_ref().map_or(&self.world, |history| &history.current().world)
    }

    /// The document's world under the seed of the member that is shown.
    pub(super) fn seeded(&self, world: &World) -> World {
        if self.member == 0 { world.clone() } else { world.seeded(world.scenario.seed + self.member as u64) }
    }

    /// Takes the members that have arrived, after waiting for each job for at most `patience`.
    pub(super) fn gather(&mut self, patience: Duration) {
        self.begin_cloud();
        if let Some(cloud) = self.cloud.as_mut().filter(|cloud| cloud.unfinished()) {
            cloud.gather(patience);
        }
    }

    /// Shows the race of another member, `by` places on. Returns what to tell the user.
    ///
    /// # Errors
    /// If the race has but one seed.
    pub fn pick_member(&mut self, by: isize) -> Result<Option<String>, String> {
        let seeds = self.base().scenario.seeds;
        if seeds == 1 {
            return Err("this race has one seed: [run] seeds = 100 makes it an ensemble".to_owned());
        }
        self.member = self.member.saturating_add_signed(by).min(seeds - 1);
        self.show_current();
        Ok(Some(format!("member {} of {seeds}, seed {}", self.member + 1, self.world.scenario.seed)))
    }

    /// The answers to the measures of an ensemble, once all members have arrived.
    pub(super) fn ensemble_answers(&self) -> Option<Vec<Answer>> {
        let cloud = self.cloud.as_ref().filter(|cloud| !cloud.unfinished())?;
        let measures = self.world.scenario.measures.iter().enumerate();
        let mean = |place| cloud.ensemble().measured(place).map(|summary| summary.mean);
        Some(measures.map(|(place, measure)| Answer::new(&self.world, measure, mean(place))).collect())
    }
}
