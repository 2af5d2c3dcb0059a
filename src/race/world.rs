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
use crate::objective::{Data, Draw, Objective, Of, bellman, reward};
use crate::problem::drawn::{Axes, Drawn};
use crate::problem::plane::{Projection, Restricted};
use crate::problem::policy::{Agent, Baseline, Return};
use crate::problem::process::Process;
use crate::problem::regression::{Regression, Table, Weights};
use crate::problem::value::LinearValue;
use crate::problem::{InChart, Problem};
use crate::registry::{Kind, Setting, intern};
use crate::scenario::{Document, FamilyModel, Model, Plane, Racer, Report, Scenario};
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

/// A model that is not a family of two parameters, and the plane on which it is drawn if it has not two parameters.
#[derive(Debug, Clone)]
struct Whole {
    subject: Subject,
    plane: Option<Arc<Projection>>,
}

/// What is descended.
#[derive(Debug, Clone)]
enum Subject {
    Regression(Arc<Regression>),
    Policy(Agent, Return),
    Value(LinearValue, f64),
}

impl Subject {
    /// That of a scenario; `None` for a family of two parameters.
    fn of(scenario: &Scenario) -> Option<Self> {
        let goal = &scenario.objective.settings;
        match &scenario.model {
            Model::Family(model) => regression(scenario, model).map(|model| Self::Regression(Arc::new(model))),
            Model::Policy(_, agent) => {
                let bandit = agent.process.finite().is_some_and(|process| process.bandit);
                Some(Self::Policy(agent.clone(), Return::of(goal, bandit)))
            }
            Model::Value(_, value) => Some(Self::Value(value.clone(), goal.number(&bellman::DISCOUNT))),
        }
    }

    /// The names of the charts.
    fn charts(&self) -> Vec<&'static str> {
        match self {
            Self::Regression(_) => Weights::ALL.map(Weights::name).to_vec(),
            Self::Policy(agent, _) => agent.charts().iter().map(|chart| chart.name).collect(),
            Self::Value(value, _) => value.charts().iter().map(|chart| chart.name).collect(),
        }
    }

    /// The problem in a chart.
    fn within(&self, chart: ChartId) -> Arc<dyn Problem> {
        match self {
            Self::Regression(model) => Arc::new(model.within(Weights::ALL[chart.index().min(1)])),
            Self::Policy(agent, goal) => agent.within(goal, chart.index()),
            Self::Value(value, discount) => value.within(*discount, chart.index()),
        }
    }

    /// The charts in which it is drawn as it is; `None` if on a plane.
    fn axes(&self) -> Option<Vec<Axes>> {
        match self {
            Self::Regression(_) => None,
            Self::Policy(agent, _) => agent.axes(),
            Self::Value(value, _) => value.axes(),
        }
    }

    fn distribution(&self) -> Option<Arc<dyn Family>> {
        if let Self::Policy(agent, _) = self { agent.distribution() } else { None }
    }
}

impl World {
    /// Builds family and loss, which may include a search for its optimum.
    #[must_use]
    pub fn new(scenario: Scenario) -> Self {
        if let Some(subject) = Subject::of(&scenario) {
            let plane = subject.axes().is_none().then(|| Arc::new(plane(&scenario, &subject, &[])));
            return Self::whole(scenario, Whole { subject, plane });
        }
        let (family, objective) = built(&scenario);
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
        let [old, new] =
            [before, &scenario].map(|scenario| (&scenario.start, scenario.view.plane, scenario.view.plane_in));
        if same && old == new {
            return Self { scenario, revision: revision(), ..self.clone() };
        }
        Self::new(scenario)
    }

    /// The world of another seed, data that are drawn being drawn anew. Where they cannot be drawn, they are those of this
    /// one.
    #[must_use]
    pub fn seeded(&self, seed: u64) -> Self {
        let mut scenario = Scenario { seed, ..self.scenario.clone() };
        let goal = &mut scenario.objective;
        let data = goal.kind.fields.iter().find(|field| matches!(field.kind, Kind::Data));
        if let (Some(sample), Some(field)) = (&goal.drawn, data)
            && let Ok(values) = sample.draw(seed)
        {
            goal.settings.set(field, Setting::Numbers(values.into()));
        }
        self.edited(scenario)
    }

    fn whole(scenario: Scenario, whole: Whole) -> Self {
        let (family, objective) = drawn(&scenario, &whole);
        let revision = revision();
        Self { scenario, family, objective, whole: Some(whole), revision, model_revision: revision }
    }

    /// The same, drawn on the scenario's plane, which may be that of a race's paths; `None` if its points have two parameters anyway.
    #[must_use]
    pub fn on_plane_of(&self, race: &Race) -> Option<Self> {
        let Whole { subject, plane: Some(_) } = self.whole.as_ref()? else { return None };
        let points = race.traces().flat_map(|trace| trace.rows.iter().map(|row| row.parameters));
        let points: Vec<&[f64]> = points.filter(|point| !point.is_empty()).collect();
        let plane = plane(&self.scenario, subject, &points);
        let whole = Whole { subject: subject.clone(), plane: Some(Arc::new(plane)) };
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
        self.whole.as_ref().and_then(|whole| whole.plane.as_ref())
    }

    /// The number of observations that the loss is a mean over; `None` if it is not one.
    #[must_use]
    pub fn observations(&self) -> Option<usize> {
        match &self.whole {
            Some(Whole { subject: Subject::Regression(model), .. }) => Some(model.observations().count()),
            Some(_) => None,
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

    /// The names of the canonical parameters.
    #[must_use]
    pub fn parameters(&self) -> Vec<String> {
        self.problem(ChartId::CANONICAL).parameters()
    }

    /// The name of a chart.
    #[must_use]
    pub fn chart_name(&self, chart: ChartId) -> &'static str {
        match &self.whole {
            Some(whole) => {
                let names = whole.subject.charts();
                names[chart.index().min(names.len() - 1)]
            }
            None => self.family.chart(chart).info().name,
        }
    }

    /// The scenario's problem in a chart.
    #[must_use]
    pub fn problem(&self, chart: ChartId) -> Arc<dyn Problem> {
        match &self.whole {
            Some(whole) => whole.subject.within(chart),
            None => Arc::new(self.drawn(chart)),
        }
    }

    /// What a racer descends: in its chart, with its baseline if it has one of its own.
    #[must_use]
    pub fn problem_for(&self, racer: &Racer) -> Arc<dyn Problem> {
        if let (Some(Whole { subject: Subject::Policy(agent, goal), .. }), Some(baseline)) =
            (&self.whole, racer.baseline)
        {
            return agent.within(&Return { baseline, ..goal.clone() }, racer.chart.index());
        }
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

    /// What a loss above the least is of a policy, in words: `1 − J`, `cost above 0.7`; `None` for any other model, or where
    /// the greatest return is not known.
    #[must_use]
    pub fn shortfall(&self) -> Option<String> {
        let Subject::Policy(agent, _) = &self.whole.as_ref()?.subject else { return None };
        if let Process::LinearQuadratic(process) = &*agent.process {
            return Some(format!("cost above {}", crate::format::rounded(process.least_cost(), 3)));
        }
        Some("best − J".to_owned())
    }

    /// Whether a point that is drawn is a distribution, which has a density.
    #[must_use]
    pub fn has_density(&self) -> bool {
        self.whole.as_ref().is_none_or(|whole| whole.plane.is_none() && whole.subject.distribution().is_some())
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

/// The family of a scenario and the loss on it.
///
/// # Panics
/// If the scenario's objective is no loss of its model, which the checker excludes.
fn built(scenario: &Scenario) -> (Arc<dyn Family>, Arc<dyn Objective>) {
    let (Model::Family(model), Of::Family { build, .. }) = (&scenario.model, scenario.objective.kind.of) else {
        unreachable!("the checker has compared the objective with the model")
    };
    let family = (model.family.build)(&model.settings);
    let objective = build(&scenario.objective.settings, &family, pair(&scenario.start));
    (family, objective)
}

/// What is drawn of a model that is not a family of two parameters.
fn drawn(scenario: &Scenario, whole: &Whole) -> (Arc<dyn Family>, Arc<dyn Objective>) {
    let (kind, Whole { subject, plane }) = (scenario.objective.kind, whole);
    match (subject, plane) {
        (Subject::Regression(model), Some(plane)) => both(Restricted::new(model, plane)),
        (_, Some(plane)) => {
            let problem = subject.within(scenario.view.plane_in);
            both(Drawn::on(Arc::clone(plane), problem, kind, subject.charts().len()))
        }
        (_, None) => {
            let axes = subject.axes().unwrap_or_default();
            let problem = subject.within(ChartId::CANONICAL);
            both(Drawn::of(problem, kind, (scenario.model.name(), &axes), subject.distribution()))
        }
    }
}

/// A value that is both a family and a loss on it.
fn both<T: Family + Objective + 'static>(both: T) -> (Arc<dyn Family>, Arc<dyn Objective>) {
    let both = Arc::new(both);
    (Arc::clone(&both) as Arc<dyn Family>, both as Arc<dyn Objective>)
}

/// The regression of a scenario whose design has several columns.
fn regression(scenario: &Scenario, model: &FamilyModel) -> Option<Regression> {
    let fixed = model.family.fixed;
    let (names, values) = fixed.iter().find_map(|field| match model.settings.get(field) {
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

/// The plane on which a scenario draws a model, given the points of its paths.
fn plane(scenario: &Scenario, subject: &Subject, points: &[&[f64]]) -> Projection {
    let view = &scenario.view;
    if view.plane_in == ChartId::CANONICAL {
        return flat(scenario, &scenario.start, &scenario.model.parameters(), points);
    }
    // In the coordinates of a chart; points that it does not have are no points.
    let problem = subject.within(view.plane_in);
    let located: Vec<Vec<f64>> = points.iter().filter_map(|point| problem.locate(point).ok()).collect();
    let located: Vec<&[f64]> = located.iter().map(Vec::as_slice).collect();
    let start = problem.start(&scenario.start).x().to_vec();
    let names: Vec<&'static str> = problem.coordinates().iter().map(|name| intern(name)).collect();
    flat(scenario, &start, &names, &located).in_chart(problem)
}

/// The plane in coordinates with these names.
fn flat(scenario: &Scenario, start: &[f64], names: &[&'static str], points: &[&[f64]]) -> Projection {
    let points = points.iter().copied();
    match scenario.view.plane {
        Plane::Paths => Projection::of_paths(start, points),
        Plane::Coordinates(places) => {
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
