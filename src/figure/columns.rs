//! What an ensemble's members have in common at every step of a picture, kept up to date as they arrive and as the playhead
//! moves: neither has all of them read again.

use std::collections::BTreeMap;

use crate::app::cloud::Cloud;
use crate::race::ensemble::Run;

/// Of every step what its members are summed up in.
#[derive(Debug)]
pub struct Columns<T> {
    /// Whose members they are.
    world: Option<u64>,
    /// How many members have been added.
    taken: usize,
    steps: BTreeMap<usize, T>,
}

impl<T> Default for Columns<T> {
    fn default() -> Self {
        Self { world: None, taken: 0, steps: BTreeMap::new() }
    }
}

impl<T: Default> Columns<T> {
    /// Makes these the columns of the steps, which rise, for all members that have arrived; `add` adds one at a step.
    pub fn read(&mut self, cloud: &Cloud, steps: &[usize], add: impl Fn(&mut T, usize, &Run)) {
        let (world, _) = cloud.revision();
        if self.world != Some(world) {
            *self = Self { world: Some(world), ..Self::default() };
        }
        self.steps.retain(|step, _| steps.binary_search(step).is_ok());
        for run in cloud.arrived_after(self.taken) {
            self.steps.iter_mut().for_each(|(step, column)| add(column, *step, run));
        }
        self.taken = cloud.ensemble().arrived();
        for step in steps {
            self.steps.entry(*step).or_insert_with(|| {
                let mut column = T::default();
                cloud.arrived_after(0).for_each(|run| add(&mut column, *step, run));
                column
            });
        }
    }

    /// The columns, in the order of their steps.
    pub fn iter(&mut self) -> impl Iterator<Item = (usize, &mut T)> {
        self.steps.iter_mut().map(|(step, column)| (*step, column))
    }
}
