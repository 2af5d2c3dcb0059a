//! The members of an ensemble: raced on the pool, each asked for every measure.

use std::sync::Arc;
use std::thread::available_parallelism;

use super::answer::answers;
use crate::race::ensemble::Run;
use crate::race::{Race, World};
use crate::work::Job;

/// The member of a seed.
#[must_use]
pub fn run(world: &World, seed: u64) -> Run {
    let world = world.seeded(seed);
    let race = Race::run(&world);
    let values = answers(&world, &race).into_iter().map(|answer| answer.value).collect();
    Run::of(seed, &race, values)
}

/// Jobs that run the members of all seeds, dealt out to as many jobs as there are cores.
#[must_use]
pub fn start(world: &World, seeds: &[u64]) -> Vec<Job<Run>> {
    let world = Arc::new(world.clone());
    let jobs = available_parallelism().map_or(1, usize::from).min(seeds.len().max(1));
    (0..jobs)
        .map(|job| {
            let (world, own) = (Arc::clone(&world), seeds.iter().copied().skip(job).step_by(jobs).collect::<Vec<_>>());
            Job::start(move |out| {
                for (done, seed) in own.iter().enumerate() {
                    out.progress().report(done, own.len())?;
                    out.send(run(&world, *seed))?;
                }
                Ok(())
            })
        })
        .collect()
}
