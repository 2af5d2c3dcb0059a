//! The scenario: a document, the only source of truth of a race and of what is shown of it.
//!
//! Reads, checks and edits it. Does not run it (race) and does not draw it (view).

pub mod diagnostic;
pub mod measures;
pub mod names;

mod builtin;
mod cells;
mod check;
mod check_data;
mod check_measure;
mod check_model;
mod check_objective;
mod check_race;
mod check_view;
mod dialect;
mod document;
mod edit;
mod reader;
mod sink;
mod source;
mod syntax;
mod table;

use std::sync::Arc;

use crate::family::Family;
use crate::math::Vec2;
use crate::objective::Objective;
use crate::optimizer::OptimizerInfo;
use crate::registry::Settings;

pub use builtin::{BUILTIN, Builtin};
pub use diagnostic::{Place, Problem, Report};
pub use document::Document;
pub use measures::{MEASURES, Measure};
pub use names::{Overlay, Pane};

/// A checked scenario: everything in it is inside of its range and its family.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The title; no control characters.
    pub title: String,
    /// A few sentences for the gallery; may be empty.
    pub notes: String,
    /// The family.
    pub family: Arc<dyn Family>,
    /// The loss.
    pub objective: Arc<dyn Objective>,
    /// The start, in canonical parameters.
    pub start: Vec2,
    /// How many steps the race has.
    pub steps: usize,
    /// The seed of every random draw.
    pub seed: u64,
    /// Whether there is any: data, batches, actions, or draws for a Fisher matrix.
    pub random: bool,
    /// How long steps are.
    pub pace: Pace,
    /// The optimizers, in file order.
    pub racers: Vec<Racer>,
    /// What the file says of the picture.
    pub view: View,
    /// The lecturer's markers, by step.
    pub cues: Vec<Cue>,
    /// What the run is asked, in file order.
    pub measures: Vec<Measure>,
    /// What its reader has to know of it: rows of data that were left out.
    pub remarks: Vec<String>,
}

/// How long the steps of the racers are.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Pace {
    /// As each optimizer has it.
    #[default]
    Own,
    /// Each step is stretched or shortened along its direction until KL(old ‖ new) is this, nats.
    EqualKl(f64),
}

/// One optimizer of a scenario.
#[derive(Debug, Clone)]
pub struct Racer {
    /// Its kind.
    pub kind: &'static OptimizerInfo,
    /// Its fields.
    pub settings: Settings,
    /// The chart it works in: a place in the family's table.
    pub chart: usize,
    /// Its label; unique.
    pub label: String,
}

/// The `[view]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The axes: a place in the family's chart table. Where silent: the model's chart.
    pub chart: usize,
    /// The first coordinate's range.
    pub x: Option<[f64; 2]>,
    /// The second coordinate's range.
    pub y: Option<[f64; 2]>,
    /// The overlays that are on; none: the defaults.
    pub overlays: Option<Vec<Overlay>>,
    /// Steps a second at speed 1×.
    pub speed: f64,
}

impl View {
    /// Steps a second where a scenario does not say.
    pub const SPEED: f64 = 10.0;
    /// The least and the most steps a second.
    pub const SPEEDS: [f64; 2] = [0.1, 1000.0];
}

/// A `[[cue]]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Cue {
    /// Where on the timeline.
    pub step: usize,
    /// The caption.
    pub say: String,
    /// Overlays it turns on.
    pub show: Vec<Overlay>,
    /// Overlays it turns off.
    pub hide: Vec<Overlay>,
    /// The pane it focuses.
    pub focus: Option<Pane>,
    /// Whether playing stops here.
    pub hold: bool,
}
