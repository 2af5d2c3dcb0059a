//! What a show computes beside its race, in slices between keys: answers to its measures, and everybody's best rate.
//!
//! Which questions there are and how rates are searched for is `measure`'s business.

use super::Show;
use crate::measure::{Answer, Enquiry, Tuner};

/// How near the optimum's loss a racer has to get, and stay, when rates are compared.
const TOLERANCE: f64 = 1e-6;

/// What a show computes beside its race.
#[derive(Debug, Default)]
pub struct Asking {
    /// Whether somebody looks at the answers.
    wanted: bool,
    enquiry: Enquiry,
    tuner: Option<Tuner>,
    /// What a search that has come to its end is to tell.
    news: Option<String>,
}

impl Show {
    /// The answers so far, in the order of the file; none before somebody has wanted them.
    #[must_use]
    pub fn answers(&self) -> &[Answer] {
        self.asking.enquiry.answers()
    }

    /// Whether the answers lie over the panes. While they do they are computed, as soon as there is a race to ask.
    #[must_use]
    pub const fn answering(&self) -> bool {
        self.asking.wanted
    }

    /// Lays the answers over the panes, or takes them away. Gives back whether they were there.
    pub fn want_answers(&mut self, wanted: bool) -> bool {
        std::mem::replace(&mut self.asking.wanted, wanted)
    }

    /// Begins to look for each racer's best rate; [`Show::work`] edits the document once they are found.
    ///
    /// # Errors
    /// Where there is no document, or nothing to get near.
    pub fn tune(&mut self) -> Result<(), String> {
        self.document.as_ref().ok_or(super::edit::NO_DOCUMENT)?;
        if self.scenario.objective.optimum().is_none() {
            return Err("no optimum of this objective is known: there is nothing to get near".to_owned());
        }
        self.asking.tuner = Some(Tuner::new(&self.scenario, 0..self.scenario.racers.len(), TOLERANCE));
        Ok(())
    }

    /// Whether rates are being looked for.
    #[must_use]
    pub const fn tuning(&self) -> bool {
        self.asking.tuner.is_some()
    }

    /// What a search has found out since this was called last.
    pub fn news(&mut self) -> Option<String> {
        self.asking.news.take()
    }

    /// Another race: its answers are others, and a search for the old one's rates is in vain.
    pub(super) fn forget_answers(&mut self) {
        self.asking = Asking { wanted: self.asking.wanted, news: self.asking.news.take(), ..Asking::default() };
    }

    /// Whether there is something to compute once the race is there.
    pub(super) fn asked(&self) -> bool {
        self.asking.tuner.is_some() || (self.asking.wanted && !self.asking.enquiry.complete(&self.scenario))
    }

    /// Computes on for about `budget` steps of a race.
    pub(super) fn answer(&mut self, budget: usize) {
        if let Some(tuner) = &mut self.asking.tuner {
            if !tuner.advance(budget) {
                let told = self.set_best_rates();
                self.asking.news = Some(told.unwrap_or_else(|reason| reason));
            }
        } else if self.asking.wanted {
            self.asking.enquiry.advance(&self.scenario, &self.race, budget);
        }
    }

    /// Edits the document with what the search has found, all rates at once.
    fn set_best_rates(&mut self) -> Result<String, String> {
        let Some(tuner) = self.asking.tuner.take() else { return Ok(String::new()) };
        let best = |tuned: &crate::measure::Tuned| Some((tuned.path(), tuned.best?.0));
        let edits: Vec<(String, f64)> = tuner.found().iter().filter_map(best).collect();
        self.change(&edits)?;
        let steps: Vec<String> = tuner
            .found()
            .iter()
            .filter_map(|tuned| Some(format!("{} in {}", self.scenario.racers[tuned.racer].label, tuned.best?.1)))
            .collect();
        Ok(if steps.is_empty() {
            "no rate gets within 1e−6 of the optimum in this race".to_owned()
        } else {
            format!("best rates, steps to 1e−6: {}", steps.join(", "))
        })
    }
}
