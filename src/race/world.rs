//! A scenario with what is built from it: the family, the loss, its optimum.
//!
//! Building may search for an optimum and may take a while; checking what a scenario says is the business of
//! `scenario`, running it that of the race.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::family::{ChartId, Family};
use crate::objective::Objective;
use crate::problem::InChart;
use crate::scenario::{Document, Report, Scenario};

/// A scenario, ready to be raced and drawn.
///
/// ```
/// use geodescent::race::{Race, World};
/// use geodescent::scenario::Document;
///
/// let document = Document::builtin("three-charts").expect("a built-in scenario");
/// let world = World::open(&document).expect("a valid scenario");
/// let race = Race::run(&world);
/// assert_eq!(race.reached(), world.scenario.steps);
/// ```
#[derive(Debug, Clone)]
pub struct World {
    /// What the document says.
    pub scenario: Scenario,
    /// The family of its model.
    pub family: Arc<dyn Family>,
    /// The loss.
    pub objective: Arc<dyn Objective>,
    revision: u64,
    model_revision: u64,
}

impl World {
    /// Builds family and loss, which may include a search for its optimum.
    #[must_use]
    pub fn new(scenario: Scenario) -> Self {
        let family = (scenario.model.family.build)(&scenario.model.settings);
        let start = scenario.start;
        let objective = (scenario.objective.kind.build)(&scenario.objective.settings, &family, start);
        let revision = revision();
        Self { scenario, family, objective, revision, model_revision: revision }
    }

    /// Checks a document and builds its world.
    ///
    /// # Errors
    /// Everything that is wrong with the document.
    pub fn open(document: &Document) -> Result<Self, Report> {
        document.check().map(Self::new)
    }

    /// The world of a scenario that was edited. What the edit leaves alone is not built again.
    #[must_use]
    pub fn edited(&self, scenario: Scenario) -> Self {
        let before = &self.scenario;
        if (&before.model, &before.objective, before.start) == (&scenario.model, &scenario.objective, scenario.start) {
            let (family, objective) = (Arc::clone(&self.family), Arc::clone(&self.objective));
            return Self { scenario, family, objective, revision: revision(), model_revision: self.model_revision };
        }
        Self::new(scenario)
    }

    /// The loss in a chart of the family.
    #[must_use]
    pub fn problem(&self, chart: ChartId) -> InChart {
        InChart::new(Arc::clone(&self.family), Arc::clone(&self.objective), chart)
    }

    /// A number that no other world of the program has, except for clones of this one: whatever was computed from a
    /// world of the same revision is still valid.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// The same for what was computed from family and loss alone: an edit of a racer does not change it.
    #[must_use]
    pub const fn model_revision(&self) -> u64 {
        self.model_revision
    }
}

/// The next number.
pub(super) fn revision() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
