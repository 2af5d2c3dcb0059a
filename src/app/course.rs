//! How a show's race is run: in slices between frames or, where it has to be known before it can be drawn, by a job.

use std::time::Duration;

use super::Show;
use crate::race::{Race, World};
use crate::work::Job;

/// How long opening a scenario waits for its race.
const PATIENCE: Duration = Duration::from_millis(2);

/// How a race is run.
#[derive(Debug)]
pub(super) enum Course {
    /// Between frames.
    Here,
    /// By a job: until the plane of its paths is known, the race stands at its start.
    Aside(Job<(World, Race)>),
    /// Not at all: the user has cancelled it.
    Cancelled,
}

impl Course {
    fn of(world: &World) -> Self {
        if world.plane().is_none() {
            return Self::Here;
        }
        let world = world.clone();
        Self::Aside(Job::start(move |out| out.send(world.raced(out.progress())?)))
    }
}

impl Show {
    /// Puts the race at its start and begins to run it.
    pub(super) fn begin(&mut self) {
        (self.race, self.course) = (Race::new(&self.world), Course::of(&self.world));
        self.charts = self.charts.as_ref().map(|charts| charts.renewed(&self.world));
        self.receive(PATIENCE);
    }

    /// Takes the race from the job that runs it, after waiting for it, but at most for `patience`.
    pub(super) fn receive(&mut self, patience: Duration) {
        let Course::Aside(job) = &mut self.course else { return };
        let found = job.wait(patience).pop();
        let finished = job.finished();
        if let Some((world, race)) = found {
            // What was left out of the view meanwhile stays out.
            let scenario = std::mem::replace(&mut self.world, world).scenario;
            (self.world.scenario, self.race, self.course) = (scenario, race, Course::Here);
            self.charts = self.charts.as_ref().map(|charts| charts.renewed(&self.world));
        } else if finished {
            self.course = Course::Cancelled;
        }
    }

    /// Whether a job runs the race.
    #[must_use]
    pub const fn opening(&self) -> bool {
        matches!(self.course, Course::Aside(_))
    }

    /// Cancels the job that runs the race: it stays at its start until the playhead is to move.
    pub fn stay_at_start(&mut self) {
        self.course = Course::Cancelled;
        self.halt();
    }

    /// How far the job is that runs the race: steps, and of how many.
    pub(super) fn opened(&self) -> Option<(usize, usize)> {
        match &self.course {
            Course::Aside(job) => job.progress().parts(),
            Course::Here | Course::Cancelled => None,
        }
    }

    /// Runs a race again that was cancelled.
    pub(super) fn resume(&mut self) {
        if matches!(self.course, Course::Cancelled) {
            self.begin();
        }
    }

    /// Whether all that is left to compute is computed by jobs.
    #[must_use]
    pub fn resting(&self) -> bool {
        let racing = matches!(self.course, Course::Here) && (!self.raced() || self.wanted().is_some());
        !racing && !self.check_due()
    }
}
