//! One scenario on screen: its race, the playhead, and what of it is in view.

use std::collections::BTreeSet;

use crate::math::Vec2;
use crate::race::Race;
use crate::scenario::names::OVERLAYS;
use crate::scenario::{Cue, Overlay, Pane, Scenario};

use super::Timeline;

/// What the trace pane draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// The loss above the best known one.
    Loss,
    /// KL of each step.
    KlStep,
    /// Fisher length of each step.
    FisherStep,
    /// |g|.
    GradientNorm,
    /// Fisher-Rao or, where it has no closed form, √(2 KL) distance to the optimum.
    Distance,
}

impl Quantity {
    /// Every quantity, in the order in which a key goes through them.
    pub const ALL: [Self; 5] = [Self::Loss, Self::KlStep, Self::FisherStep, Self::GradientNorm, Self::Distance];

    /// The name in the pane's title.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Loss => "loss",
            Self::KlStep => "KL step",
            Self::FisherStep => "Fisher step",
            Self::GradientNorm => "gradient",
            Self::Distance => "distance",
        }
    }
}

/// Where the ellipse pane stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// At the start.
    Start,
    /// At the chosen racer.
    Racer,
}

/// The part of the landscape in view, in units of the automatic bounds: these are what it is when untouched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// The centre's shift, in widths and heights of the automatic bounds.
    pub shift: Vec2,
    /// How many times the automatic bounds are enlarged.
    pub zoom: f64,
}

impl Default for Window {
    fn default() -> Self {
        Self { shift: Vec2::zeros(), zoom: 1.0 }
    }
}

/// One scenario on screen.
#[derive(Debug)]
pub struct Show {
    /// The checked scenario.
    pub scenario: Scenario,
    /// Its race, recorded at least to the playhead.
    pub race: Race,
    /// The playhead.
    pub timeline: Timeline,
    /// The chosen racer.
    pub chosen: usize,
    /// Which racers are drawn.
    pub on: Vec<bool>,
    /// The chart that is drawn: a place in the family's table.
    pub chart: usize,
    /// Zoom and pan.
    pub window: Window,
    /// The overlays that are on.
    pub overlays: BTreeSet<Overlay>,
    /// The focused pane.
    pub focus: Pane,
    /// Whether the focused pane fills the screen.
    pub filled: bool,
    /// What the trace pane draws.
    pub quantity: Quantity,
    /// Whether the trace's vertical axis is logarithmic.
    pub log: bool,
    /// Where the ellipse pane stands.
    pub point: Point,
}

impl Show {
    /// A scenario as it opens: at the start, paused, with what its `[view]` says.
    #[must_use]
    pub fn new(scenario: Scenario) -> Self {
        let defaults = || OVERLAYS.iter().filter(|row| row.shown).map(|row| row.overlay).collect();
        Self {
            race: Race::new(&scenario),
            timeline: Timeline::new(scenario.steps),
            chosen: 0,
            on: vec![true; scenario.racers.len()],
            chart: scenario.view.chart,
            window: Window::default(),
            overlays: scenario.view.overlays.as_ref().map_or_else(defaults, |list| list.iter().copied().collect()),
            focus: Pane::Landscape,
            filled: false,
            quantity: Quantity::Loss,
            log: true,
            point: Point::Start,
            scenario,
        }
    }

    /// The cue whose caption stands at the playhead: the last one at or before it.
    #[must_use]
    pub fn cue(&self) -> Option<&Cue> {
        self.scenario.cues.iter().rev().find(|cue| cue.step <= self.timeline.step())
    }

    /// The distribution at which the ellipse pane stands.
    #[must_use]
    pub fn place(&self) -> Vec2 {
        match self.point {
            Point::Start => self.scenario.start,
            Point::Racer => self.race.trace(self.chosen).at(self.timeline.step()).parameters,
        }
    }
}
