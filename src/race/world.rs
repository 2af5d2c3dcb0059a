//! A scenario with what is built from it: the family, the loss, its optimum.
//!
//! Building may search for an optimum and may take a while; checking what a scenario says is the business of
//! `scenario`, running it that of the race.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Race;
use crate::family::{ChartId, Family};
use crate::math::Vec2;
use crate::objective::data::{Purpose, stream_for};
use crate::objective::{Data, Draw, Objective, reward};
use crate::problem::plane::{Projection, Restricted};
use crate::problem::policy::Baseline;
use crate::problem::regression::{Regression, Table, Weights};
use crate::problem::{InChart, Problem};
use crate::registry::{Kind, Setting};
use crate::scenario::{Document, Plane, Racer, Report, Scenario};
use crate::work::{Cancelled, Progress};

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
    /// The family of its model. Of a model with more than two parameters it is the restriction to the plane that is drawn.
    pub family: Arc<dyn Family>,
    /// The loss on it.
    pub objective: Arc<dyn Objective>,
    /// The whole of a model with more than two parameters.
    whole: Option<Whole>,
    revision: u64,
    model_revision: u64,
}

/// A model with more than two parameters, and the plane on which it is drawn.
#[derive(Debug, Clone)]
struct Whole {
    model: Arc<Regression>,
    plane: Arc<Projection>,
}

impl World {
    /// Builds family and loss, which may include a search for its optimum.
    #[must_use]
    pub fn new(scenario: Scenario) -> Self {
        if let Some(model) = regression(&scenario) {
            let plane = plane(&scenario, std::iter::empty());
            return Self::whole(scenario, Whole { model: Arc::new(model), plane: Arc::new(plane) });
        }
        let family = (scenario.model.family.build)(&scenario.model.settings);
        let start = pair(&scenario.start);
        let objective = (scenario.objective.kind.build)(&scenario.objective.settings, &family, start);
        let revision = revision();
        Self { scenario, family, objective, whole: None, revision, model_revision: revision }
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
        let same = (&before.model, &before.objective) == (&scenario.model, &scenario.objective);
        if same && (&before.start, before.view.plane) == (&scenario.start, scenario.view.plane) {
            return Self { scenario, revision: revision(), ..self.clone() };
        }
        Self::new(scenario)
    }

    fn whole(scenario: Scenario, whole: Whole) -> Self {
        let on_plane = Arc::new(Restricted::new(&whole.model, &whole.plane));
        let revision = revision();
        let (family, objective) = (Arc::clone(&on_plane) as Arc<dyn Family>, on_plane as Arc<dyn Objective>);
        Self { scenario, family, objective, whole: Some(whole), revision, model_revision: revision }
    }

    /// The same, drawn on the scenario's plane, which may be that of a race's paths; `None` if its points have two parameters anyway.
    #[must_use]
    pub fn on_plane_of(&self, race: &Race) -> Option<Self> {
        let Whole { model, .. } = self.whole.as_ref()?;
        let points = || race.traces().flat_map(|trace| trace.rows.iter().map(|row| row.parameters));
        let plane = plane(&self.scenario, points().filter(|point| !point.is_empty()));
        let whole = Whole { model: Arc::clone(model), plane: Arc::new(plane) };
        Some(Self::whole(self.scenario.clone(), whole))
    }

    /// The race, run to its end, and the world as it is drawn: with more than two parameters on the plane of the race's paths.
    ///
    /// # Errors
    /// If nobody wants them any more.
    pub fn raced(self, progress: &Progress) -> Result<(Self, Race), Cancelled> {
        let (mut race, steps) = (Race::new(&self), self.scenario.steps);
        for step in 0..=steps {
            race.extend(step);
            progress.report(step, steps)?;
        }
        let world = self.on_plane_of(&race).unwrap_or(self);
        if let Some(plane) = world.plane() {
            race.draw_on(plane);
        }
        Ok((world, race))
    }

    /// The plane on which points with more than two parameters are drawn.
    #[must_use]
    pub fn plane(&self) -> Option<&Arc<Projection>> {
        self.whole.as_ref().map(|whole| &whole.plane)
    }

    /// The number of observations that the loss is a mean over; `None` if it is not one.
    #[must_use]
    pub fn observations(&self) -> Option<usize> {
        match &self.whole {
            Some(whole) => Some(whole.model.observations().count()),
            None => self.objective.data().map(Data::rows),
        }
    }

    /// The start, as a point of the family that is drawn.
    #[must_use]
    pub fn start(&self) -> Vec2 {
        self.plane().map_or_else(|| pair(&self.scenario.start), |plane| plane.project(&self.scenario.start))
    }

    /// The canonical parameters of a point of the family that is drawn.
    #[must_use]
    pub fn lift(&self, p: Vec2) -> Vec<f64> {
        self.plane().map_or_else(|| p.as_slice().to_vec(), |plane| plane.lift(p))
    }

    /// The name of a chart.
    #[must_use]
    pub fn chart_name(&self, chart: ChartId) -> &'static str {
        match &self.whole {
            Some(_) => Weights::ALL[chart.index().min(1)].name(),
            None => self.family.chart(chart).info().name,
        }
    }

    /// What a racer in a chart descends.
    #[must_use]
    pub fn problem(&self, chart: ChartId) -> Arc<dyn Problem> {
        match &self.whole {
            Some(Whole { model, .. }) => Arc::new(model.within(Weights::ALL[chart.index().min(1)])),
            None => Arc::new(self.drawn(chart)),
        }
    }

    /// What a racer descends: in its chart, with its baseline if it has one of its own.
    #[must_use]
    pub fn problem_for(&self, racer: &Racer) -> Arc<dyn Problem> {
        match &self.whole {
            Some(_) => self.problem(racer.chart),
            None => Arc::new(InChart::new(Arc::clone(&self.family), self.objective_for(racer), racer.chart)),
        }
    }

    /// The loss on the family that is drawn, with a racer's baseline if it has one of its own.
    #[must_use]
    pub fn objective_for(&self, racer: &Racer) -> Arc<dyn Objective> {
        let own = racer.baseline.and_then(|baseline| {
            let baseline = if baseline == Baseline::Mean { reward::Baseline::Mean } else { reward::Baseline::None };
            self.objective.with_baseline(baseline)
        });
        own.unwrap_or_else(|| Arc::clone(&self.objective))
    }

    /// The loss in a chart of the family that is drawn.
    #[must_use]
    pub fn drawn(&self, chart: ChartId) -> InChart {
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

/// The regression of a scenario whose design has several columns.
fn regression(scenario: &Scenario) -> Option<Regression> {
    let fixed = scenario.model.family.fixed;
    let (names, values) = fixed.iter().find_map(|field| match scenario.model.settings.get(field) {
        Some(Setting::Table(names, values)) => Some((names, values)),
        _ => None,
    })?;
    let (goal, fields) = (&scenario.objective.settings, scenario.objective.kind.fields);
    let data = fields.iter().find(|field| matches!(field.kind, Kind::Data)).map(|field| goal.numbers(field))?;
    let batch = fields.iter().find(|field| matches!(field.kind, Kind::Batch(_))).and_then(|field| goal.batch(field));
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let data = Data::rows_of(names.len() + 1, data, batch);
    Some(Regression::new(&names, Table::new(names.len(), values), data))
}

/// The plane on which a scenario draws more than two parameters, given the points of its paths.
fn plane<'a>(scenario: &Scenario, points: impl Iterator<Item = &'a [f64]>) -> Projection {
    let start = &scenario.start;
    match scenario.view.plane {
        Plane::Paths => Projection::of_paths(start, points),
        Plane::Coordinates(places) => {
            let names = scenario.model.parameters();
            Projection::of_coordinates(start, places, places.map(|at| names[at])).with_share_of(start, points)
        }
        Plane::Random(seed) => {
            let mut rng = stream_for(Purpose::Plane, Draw { seed, step: 0 });
            Projection::random(start, &mut rng).with_share_of(start, points)
        }
    }
}

fn pair(start: &[f64]) -> Vec2 {
    Vec2::new(start[0], start[1])
}

/// The next number.
pub(super) fn revision() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
