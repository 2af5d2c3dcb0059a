//! The scenario: a document, the only source of truth for a race and its picture.
//!
//! Reads, checks and edits scenarios; `race` runs them and `figure` draws them.

pub mod diagnostic;
pub mod edit;
pub mod grid;
pub mod json_schema;
pub mod measures;
pub mod names;
pub mod schema;

mod builtin;
mod cells;
mod check;
mod check_columns;
mod check_cue;
mod check_data;
mod check_fields;
mod check_measure;
mod check_model;
mod check_nested;
mod check_objective;
mod check_process;
mod check_race;
mod check_return;
mod check_start;
mod check_view;
mod dialect;
mod document;
mod reader;
mod records;
mod rows;
mod sample;
mod sink;
mod source;
mod syntax;
mod table;
mod toml_path;

use std::sync::Arc;

use crate::family::{ChartId, FamilyInfo};
use crate::objective::ObjectiveInfo;
use crate::optimizer::{OptimizerInfo, Schedule};
use crate::problem::policy::{Agent, Baseline, Form, PolicyInfo};
use crate::problem::process::Finite;
use crate::problem::value::{LinearValue, ValueInfo};
use crate::registry::{Setting, Settings, intern};
use schema::start::{PROBABILITIES, WEIGHTS};

pub use builtin::{BUILTIN, Builtin};
pub use diagnostic::{Place, Problem, Report};
pub use document::Document;
pub use edit::Edit;
pub use measures::{MEASURES, Measure};
pub use names::{Open, Overlay, OverlaySet, Pane};
pub use sample::Sample;
pub use toml_path::split_path;

/// A checked scenario as plain data: every value is in its range, every point in the family.
///
/// Nothing in it is built or searched for: that is what [`World`](crate::race::World) is for.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// The title; no control characters.
    pub title: String,
    /// A few sentences for the gallery; may be empty.
    pub notes: String,
    /// What a point is: a distribution of a family, a policy, a value function.
    pub model: Model,
    /// The loss.
    pub objective: Goal,
    /// The start, in canonical parameters.
    pub start: Vec<f64>,
    /// The number of steps.
    pub steps: usize,
    /// The seed of every random draw.
    pub seed: u64,
    /// The number of members: the race is run for the seeds `seed`, `seed` + 1, ….
    pub seeds: usize,
    /// Whether anything is drawn at random: data, batches, actions, or samples for a Fisher matrix.
    pub random: bool,
    /// How step lengths are determined.
    pub pace: Pace,
    /// The optimizers, in file order.
    pub racers: Vec<Racer>,
    /// The `[view]` table.
    pub view: View,
    /// The lecturer's cues, sorted by step.
    pub cues: Vec<Cue>,
    /// The measures of the run, in file order.
    pub measures: Vec<Measure>,
    /// Remarks for the user that are not errors, such as skipped rows of data.
    pub remarks: Vec<String>,
}

/// The `[model]` table, with `[process]` where that belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub enum Model {
    /// A family.
    Family(FamilyModel),
    /// A policy in a process.
    Policy(&'static PolicyInfo, Agent),
    /// A value function of a process.
    Value(&'static ValueInfo, LinearValue),
}

impl Model {
    /// The name of its row.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Family(model) => model.family.name,
            Self::Policy(info, _) => info.name,
            Self::Value(info, _) => info.name,
        }
    }

    /// The family; `None` if it is none.
    #[must_use]
    pub const fn family(&self) -> Option<&FamilyModel> {
        if let Self::Family(model) = self { Some(model) } else { None }
    }

    /// The names of the canonical parameters.
    #[must_use]
    pub fn parameters(&self) -> Vec<&'static str> {
        let kept = |names: Vec<String>| names.iter().map(|name| intern(name)).collect();
        match self {
            Self::Family(model) => model.parameters(),
            Self::Policy(_, agent) => kept(agent.parameters()),
            Self::Value(_, value) => kept(value.parameters()),
        }
    }
}

impl Model {
    /// The keys of `[start]` for a point given by its canonical parameters, with their values as TOML, exact when read back.
    #[must_use]
    pub fn written(&self, p: &[f64]) -> Vec<(&'static str, String)> {
        match self {
            Self::Policy(_, Agent { form: Form::Softmax, process }) if process.finite().is_some() => {
                let Some(process) = process.finite() else { return Vec::new() };
                let rows = p.chunks((process.actions.len() - 1).max(1)).map(|row| {
                    let last = 1.0 - row.iter().sum::<f64>();
                    format!("{:?}", [row, &[last]].concat())
                });
                let names = if process.bandit { vec![PROBABILITIES.name] } else { process.states.clone() };
                names.into_iter().zip(rows).collect()
            }
            Self::Policy(_, Agent { form: Form::Features(..), .. }) | Self::Value(..) => {
                vec![(WEIGHTS.name, format!("{p:?}"))]
            }
            Self::Family(_) | Self::Policy(_, Agent { form: Form::Softmax | Form::LinearGaussian, .. }) => {
                self.parameters().into_iter().zip(p.iter().map(|value| format!("{value:?}"))).collect()
            }
        }
    }
}

/// A family and what the scenario fixes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct FamilyModel {
    /// Its row in the registry.
    pub family: &'static FamilyInfo,
    /// Its fixed fields.
    pub settings: Settings,
}

impl FamilyModel {
    /// The names of the canonical parameters: the family's, or those of a design of several columns.
    #[must_use]
    pub fn parameters(&self) -> Vec<&'static str> {
        match self.columns() {
            Some(columns) => std::iter::once(self.family.parameters[0]).chain(columns.iter().copied()).collect(),
            None => self.family.parameters.to_vec(),
        }
    }

    /// The names of the design's columns, if it has several: then the parameters are an intercept and one for each.
    #[must_use]
    pub fn columns(&self) -> Option<Arc<[&'static str]>> {
        self.family.fixed.iter().find_map(|field| match self.settings.get(field) {
            Some(Setting::Table(names, _)) => Some(names),
            _ => None,
        })
    }
}

impl Scenario {
    /// The process of finitely many states in which a policy acts; `None` for anything else.
    #[must_use]
    pub fn process(&self) -> Option<&Finite> {
        if let Model::Policy(_, agent) = &self.model { agent.process.finite() } else { None }
    }

    /// The pane that has the focus when nothing else was said: the map of a grid world, else the landscape.
    #[must_use]
    pub fn main_pane(&self) -> Pane {
        if self.process().is_some_and(|process| process.grid.is_some()) { Pane::Policy } else { Pane::Landscape }
    }

    /// The panes that this race has a use for, in the order Tab visits them.
    #[must_use]
    pub fn panes(&self) -> Vec<Pane> {
        useful(&self.model, &self.racers, self.seeds)
    }
}

/// The panes that such a race has a use for, in the order Tab visits them.
fn useful(model: &Model, racers: &[Racer], seeds: usize) -> Vec<Pane> {
    Pane::ALL.into_iter().filter(|pane| uses(*pane, model, racers, seeds)).collect()
}

/// Whether a race has a use for a pane.
fn uses(pane: Pane, model: &Model, racers: &[Racer], seeds: usize) -> bool {
    let agent = if let Model::Policy(_, agent) = model { Some(agent) } else { None };
    let finite = agent.is_some_and(|agent| agent.process.finite().is_some());
    match pane {
        Pane::Landscape | Pane::Traces | Pane::Racers | Pane::Ellipses | Pane::Numbers => true,
        Pane::Density => matches!(model, Model::Family(_)),
        Pane::Policy => agent.is_some(),
        Pane::Outcomes | Pane::Collapsed => finite && seeds > 1,
        Pane::Box => finite && racers.iter().any(|racer| racer.kind.bounds.is_some()),
    }
}

/// The `[objective]` table: what is minimised.
#[derive(Debug, Clone, PartialEq)]
pub struct Goal {
    /// Its row in the registry.
    pub kind: &'static ObjectiveInfo,
    /// Its fields; data are read or drawn.
    pub settings: Settings,
    /// What the data were drawn from; `None` if they were not drawn.
    pub drawn: Option<Sample>,
}

/// How the racers' step lengths are determined.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Pace {
    /// By each optimizer itself.
    #[default]
    Own,
    /// Each step is stretched or shortened along its direction until KL(old ‖ new) has this value, nats.
    EqualKl(f64),
}

/// One optimizer of a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Racer {
    /// Its row in the registry.
    pub kind: &'static OptimizerInfo,
    /// Its settings.
    pub settings: Settings,
    /// How its learning rate changes from step to step.
    pub schedule: Schedule,
    /// The largest KL(old ‖ new) of a step, nats, to which longer ones are shortened.
    pub kl_cap: Option<f64>,
    /// What is subtracted from the rewards it sees; `None`: what the objective says.
    pub baseline: Option<Baseline>,
    /// The chart it works in.
    pub chart: ChartId,
    /// Its label; unique.
    pub label: String,
}

/// The `[view]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The chart of the axes; by default the model's.
    pub chart: ChartId,
    /// The first coordinate's range.
    pub x: Option<[f64; 2]>,
    /// The second coordinate's range.
    pub y: Option<[f64; 2]>,
    /// The overlays that are on; `None` for the defaults.
    pub overlays: Option<Vec<Overlay>>,
    /// Steps per second at speed 1×.
    pub speed: f64,
    /// The KL radius δ of ellipses and balls, in nats.
    pub delta: f64,
    /// The plane on which a model of more than two parameters is drawn.
    pub plane: Plane,
    /// The chart in whose coordinates that plane lies: the view's, if it names one, else the canonical one.
    pub plane_in: ChartId,
    /// Whether the steps of the trace are spaced by their logarithm.
    pub log_time: bool,
}

/// A plane through the start, on which a model of more than two parameters is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Plane {
    /// That of the first two principal directions of all paths about the start.
    #[default]
    Paths,
    /// Two parameters, by their indices.
    Coordinates([usize; 2]),
    /// Two random directions, by their seed.
    Random(u64),
}

impl View {
    /// The default number of steps per second.
    pub const SPEED: f64 = 10.0;
    /// The default radius, in nats.
    pub const DELTA: f64 = 0.001;
    /// The minimum and maximum radius.
    pub const DELTAS: [f64; 2] = [1e-9, 10.0];
    /// The minimum and maximum steps per second.
    pub const SPEEDS: [f64; 2] = [0.1, 1000.0];

    /// The view of a scenario that says nothing of it.
    #[must_use]
    pub const fn of(chart: ChartId) -> Self {
        Self {
            chart,
            x: None,
            y: None,
            overlays: None,
            speed: Self::SPEED,
            delta: Self::DELTA,
            plane: Plane::Paths,
            plane_in: ChartId::CANONICAL,
            log_time: false,
        }
    }
}

/// A `[[cue]]`: what it says, and what it changes of what is shown. `None` leaves a thing as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cue {
    /// Its step on the timeline.
    pub step: usize,
    /// The caption.
    pub say: String,
    /// The speaker's note.
    pub note: String,
    /// A question: what gives the answer away is hidden until it is revealed.
    pub ask: Option<String>,
    /// Overlays it turns on.
    pub show: Vec<Overlay>,
    /// Overlays it turns off.
    pub hide: Vec<Overlay>,
    /// The pane it focuses.
    pub focus: Option<Pane>,
    /// Whether the focused pane fills the screen.
    pub fill: Option<bool>,
    /// The chart of the axes.
    pub chart: Option<ChartId>,
    /// Whether all charts stand side by side.
    pub charts: Option<bool>,
    /// The racers that are drawn, by their indices.
    pub racers: Option<Vec<usize>>,
    /// The KL radius δ of ellipses and balls, in nats.
    pub delta: Option<f64>,
    /// Steps per second at speed 1×.
    pub speed: Option<f64>,
    /// The part of the landscape in view.
    pub zoom: Option<Zoom>,
    /// What it opens.
    pub open: Option<Open>,
    /// The path of the number that the keys of rates change.
    pub pick: Option<String>,
    /// Whether playback stops here.
    pub hold: bool,
}

impl Cue {
    /// Whether playback stops here: a question waits for its answer.
    #[must_use]
    pub const fn stops(&self) -> bool {
        self.hold || self.ask.is_some()
    }
}

/// A part of the landscape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Zoom {
    /// What the race needs.
    Fit,
    /// A rectangle.
    Rectangle(Rectangle),
}

/// A rectangle in a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rectangle {
    /// The chart.
    pub chart: ChartId,
    /// The first coordinate's range.
    pub x: [f64; 2],
    /// The second coordinate's range.
    pub y: [f64; 2],
}
