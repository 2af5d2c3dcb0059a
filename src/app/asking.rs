//! What a show computes beside its race, as jobs: answers to its measures, and every racer's best rate.
//!
//! The questions and the search itself are in `measure`.

use std::time::Duration;

use super::{Action, Show};
use crate::measure::{Answer, Tuned, ask, tune};
use crate::race::Race;
use crate::scenario::Edit;
use crate::work::Job;

/// How close to the optimum's loss a racer has to get, and stay, when rates are compared.
const TOLERANCE: f64 = 1e-6;

/// How long a slice of work waits for the values of a job, so that waiting for them is not a busy loop.
pub(super) const PAUSE: Duration = Duration::from_millis(1);

/// What a show computes beside its race.
#[derive(Debug, Default)]
pub struct Asking {
    /// Whether the answers are to be computed.
    wanted: bool,
    /// Whether to show them although the race has not been seen yet.
    revealed: bool,
    answers: Vec<Answer>,
    /// The evaluation of the measures; `None` until they are wanted of a race that has run.
    evaluation: Option<Job<Answer>>,
    search: Option<Job<Tuned>>,
    /// The rates found so far by a search that is running.
    found: Vec<Tuned>,
    /// What a finished search reports: rates to race with, or why there are none.
    news: Option<Result<Vec<Tuned>, String>>,
}

impl Show {
    /// The answers so far, in the order of the file; empty until first requested.
    #[must_use]
    pub fn answers(&self) -> &[Answer] {
        &self.asking.answers
    }

    /// Whether the answers are withheld: they would give away a race that has not been seen to its end.
    #[must_use]
    pub fn withheld(&self) -> bool {
        let unseen = self.timeline.furthest() < self.timeline.last();
        !self.asking.revealed && unseen && !self.world.scenario.measures.is_empty()
    }

    /// Shows answers that are withheld; `false` if none are.
    pub fn reveal(&mut self) -> bool {
        let withheld = self.withheld();
        self.asking.revealed |= withheld;
        withheld
    }

    /// Has the answers computed as soon as the race has run, or no more.
    pub const fn want_answers(&mut self, wanted: bool) {
        self.asking.wanted = wanted;
    }

    /// Starts the search for each racer's best rate; [`Show::news`] has them once they are found.
    ///
    /// # Errors
    /// If there is no document, or the objective has no known optimum.
    pub fn tune(&mut self) -> Result<(), String> {
        self.document().ok_or(super::edit::NO_DOCUMENT)?;
        if self.world.objective.optimum().is_none() {
            return Err("cannot look for rates: this objective has no known optimum".to_owned());
        }
        let (world, racers) = (self.world.clone(), (0..self.world.scenario.racers.len()).collect::<Vec<_>>());
        self.asking.found.clear();
        self.asking.search = Some(Job::start(move |out| tune(&world, &racers, TOLERANCE, out)));
        Ok(())
    }

    /// Applies rates that a search has found, in one edit of the document. Returns what to tell the user.
    ///
    /// # Errors
    /// If the checker objects; then nothing has changed.
    pub fn accept(&mut self, found: &[Tuned]) -> Result<Option<String>, String> {
        let better = |tuned: &Tuned| Some(Edit::Rate { racer: tuned.racer, value: tuned.better()?.0 });
        let edits: Vec<Edit> = found.iter().filter_map(better).collect();
        self.change(&edits, "the best rates".to_owned())?;
        Ok(Some(format!("racing at the best rates · {} undoes", Action::Undo.key())))
    }

    /// Whether a search for rates is running.
    #[must_use]
    pub const fn tuning(&self) -> bool {
        self.asking.search.is_some()
    }

    /// Cancels a search for rates.
    pub fn cancel(&mut self) {
        self.asking.search = None;
    }

    /// What jobs compute at the moment, and how far it is: parts, and of how many.
    #[must_use]
    pub fn progress(&self) -> Option<(&'static str, usize, usize)> {
        let search = self.asking.search.as_ref().map(|job| ("rates", job.progress().parts()));
        let evaluation = self.asking.evaluation.as_ref().filter(|job| self.asking.wanted && !job.finished());
        let evaluation = || evaluation.map(|job| ("measures", job.progress().parts()));
        let race = || self.opening().then(|| ("race", self.opened()));
        let cloud = self.cloud.as_ref().filter(|cloud| cloud.unfinished());
        let members = || cloud.map(|cloud| ("seeds", Some((cloud.ensemble().arrived(), cloud.seeds()))));
        let (what, parts) = search.or_else(evaluation).or_else(race).or_else(members)?;
        parts.map(|(done, total)| (what, done, total))
    }

    /// What a search has found since the last call, or why there is nothing to race with.
    pub fn news(&mut self) -> Option<Result<Vec<Tuned>, String>> {
        self.asking.news.take()
    }

    /// The race has changed: drops its answers and any search for the old one's rates.
    pub(super) fn forget_answers(&mut self) {
        self.asking = Asking {
            wanted: self.asking.wanted,
            revealed: self.asking.revealed,
            news: self.asking.news.take(),
            ..Asking::default()
        };
    }

    /// Whether there is something to compute once the race has run.
    pub(super) fn asked(&self) -> bool {
        let due = || {
            self.cloud.is_none()
                && self.evaluation_due()
                && self.asking.evaluation.as_ref().is_none_or(|job| !job.finished())
        };
        self.asking.search.is_some() || due()
    }

    fn evaluation_due(&self) -> bool {
        self.asking.wanted && !self.withheld() && self.asking.answers.len() < self.world.scenario.measures.len()
    }

    /// Takes what jobs have found, after a short wait; starts the evaluation of the measures if it is due.
    pub(super) fn answer(&mut self) {
        if let Some(search) = &mut self.asking.search {
            self.asking.found.extend(search.wait(PAUSE));
            if search.finished() {
                self.offer_found();
            }
        } else if self.cloud.is_some() {
            if let Some(answers) = self.ensemble_answers().filter(|_| self.evaluation_due()) {
                self.asking.answers = answers;
            }
        } else if self.evaluation_due() {
            let world = &self.world;
            let evaluation = self.asking.evaluation.get_or_insert_with(|| {
                let world = world.clone();
                // The race is the show's; a job runs its own.
                Job::start(move |out| ask(&world, &Race::run(&world), out))
            });
            self.asking.answers.extend(evaluation.wait(PAUSE));
        }
    }

    /// A search has come to its end.
    fn offer_found(&mut self) {
        self.asking.search = None;
        let found = std::mem::take(&mut self.asking.found);
        let any =
            |found: &[Tuned], has: fn(&Tuned) -> Option<(f64, usize)>| found.iter().any(|tuned| has(tuned).is_some());
        self.asking.news = Some(if any(&found, Tuned::better) {
            Ok(found)
        } else if any(&found, |tuned| tuned.best) {
            Err("no rate gets within 1e−6 of the optimum in fewer steps".to_owned())
        } else {
            Err("no rate gets within 1e−6 of the optimum in this race".to_owned())
        });
    }
}
