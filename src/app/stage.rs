//! What is shown: what the scenario says, then the cues passed, then the user's hand.
//!
//! A cue takes back what the hand has changed before it, wherever the two are about the same thing; stepping back to
//! before the cue restores it. So entering a cue, leaving it backwards and jumping across it show the same.

use std::collections::BTreeMap;

use super::Window;
use super::timeline::NORMAL;
use crate::family::ChartId;
use crate::scenario::names::{OVERLAYS, OverlayInfo};
use crate::scenario::{Cue, Open, Overlay, Pane, Scenario, Zoom};

/// The cues up to the playhead. Where playback stops, those of the same step wait: of a question that is not answered
/// yet only what does not give the answer away counts.
#[derive(Debug, Clone, Copy)]
pub struct Passed<'a> {
    cues: &'a [Cue],
    /// How many of them have their full effect: all, or all but the last, whose answer is still hidden.
    effective: usize,
    /// Whether there is more to come at this step.
    more: bool,
    /// How many stops at this step lie behind.
    stops: usize,
}

impl<'a> Passed<'a> {
    /// The cues up to a step, of which so many stops have been passed.
    #[must_use]
    pub fn new(all: &'a [Cue], step: usize, passed: usize) -> Self {
        let (first, end) = (all.partition_point(|cue| cue.step < step), all.partition_point(|cue| cue.step <= step));
        let mut stops = 0;
        for (place, cue) in all.iter().enumerate().take(end).skip(first) {
            // A question stops twice: before its answer, and before the next cue.
            if cue.ask.is_some() {
                if stops == passed {
                    return Self { cues: &all[..=place], effective: place, more: true, stops };
                }
                stops += 1;
            }
            if cue.stops() && place + 1 < end {
                if stops == passed {
                    return Self { cues: &all[..=place], effective: place + 1, more: true, stops };
                }
                stops += 1;
            }
        }
        Self { cues: &all[..end], effective: end, more: false, stops }
    }

    /// The question that waits for its answer.
    #[must_use]
    pub fn question(&self) -> Option<&'a Cue> {
        self.cues.get(self.effective)
    }

    /// Whether there is more to come at this step.
    #[must_use]
    pub const fn more(&self) -> bool {
        self.more
    }

    /// How many stops at this step lie behind.
    #[must_use]
    pub const fn stops(&self) -> usize {
        self.stops
    }

    /// The index of the last cue that has its full effect.
    #[must_use]
    pub const fn last(&self) -> Option<usize> {
        self.effective.checked_sub(1)
    }

    /// How many cues have been reached, the question included.
    #[must_use]
    pub const fn reached(&self) -> usize {
        self.cues.len()
    }

    /// What the last cue about a thing says of it, with its index.
    fn find<T>(&self, part: Part, about: impl Fn(&Cue) -> Option<T>) -> Option<(usize, T)> {
        let cues = if part == Part::Answer { &self.cues[..self.effective] } else { self.cues };
        cues.iter().enumerate().rev().find_map(|(index, cue)| Some((index, about(cue)?)))
    }
}

/// When a cue that asks has its effect on a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// With the question.
    Question,
    /// With the answer.
    Answer,
}

/// One thing that scenario, cues and hand may each set; of several of its kind, that with this key.
#[derive(Debug, Clone)]
pub struct Staged<T, K = ()> {
    scenario: T,
    /// The hand's values, by the index of the last cue about this thing at the time; `None` before the first one.
    hand: BTreeMap<Option<usize>, T>,
    part: Part,
    key: K,
    /// What a cue says of it; `None` if nothing.
    about: fn(&Cue, K) -> Option<T>,
}

impl<T: Clone, K: Copy> Staged<T, K> {
    const fn new(scenario: T, part: Part, key: K, about: fn(&Cue, K) -> Option<T>) -> Self {
        Self { scenario, hand: BTreeMap::new(), part, key, about }
    }

    fn cue(&self, passed: Passed<'_>) -> Option<(usize, T)> {
        passed.find(self.part, |cue| (self.about)(cue, self.key))
    }

    /// Its value after these cues.
    #[must_use]
    pub fn after(&self, passed: Passed<'_>) -> T {
        let cue = self.cue(passed);
        let hand = self.hand.get(&cue.as_ref().map(|(index, _)| *index)).cloned();
        hand.or_else(|| cue.map(|(_, value)| value)).unwrap_or_else(|| self.scenario.clone())
    }

    /// The hand sets it, until another cue is about it.
    pub fn set(&mut self, passed: Passed<'_>, value: T) {
        let cue = self.cue(passed).map(|(index, _)| index);
        self.hand.insert(cue, value);
    }
}

/// Everything that is staged.
#[derive(Debug, Clone)]
pub struct Stage {
    /// Whether each overlay is drawn.
    pub overlays: BTreeMap<Overlay, Staged<bool, Overlay>>,
    /// The focused pane.
    pub focus: Staged<Pane>,
    /// Whether it fills the screen.
    pub filled: Staged<bool>,
    /// The drawn chart.
    pub chart: Staged<ChartId>,
    /// Whether all charts stand side by side.
    pub charts: Staged<bool>,
    /// The part of the landscape in view.
    pub window: Staged<Window>,
    /// Whether each racer is drawn.
    pub racers: Vec<Staged<bool, usize>>,
    /// The KL radius δ of ellipses and balls.
    pub delta: Staged<f64>,
    /// Steps per second at speed 1×.
    pub pace: Staged<f64>,
    /// The speed, as an index into the timeline's.
    pub speed: Staged<usize>,
    /// Whether the answers to the measures are open.
    pub measures: Staged<bool>,
    /// The path of the number that the keys of rates change; `None` for the chosen racer's rate.
    pub picked: Staged<Option<String>>,
}

impl Stage {
    /// What a scenario's `[view]` says.
    #[must_use]
    pub fn new(scenario: &Scenario) -> Self {
        let view = &scenario.view;
        let on = |row: &OverlayInfo| view.overlays.as_ref().map_or(row.shown, |list| list.contains(&row.overlay));
        let overlay = |row: &OverlayInfo| (row.overlay, Staged::new(on(row), Part::Answer, row.overlay, overlay));
        let racer = |racer| Staged::new(true, Part::Answer, racer, racer_shown);
        Self {
            overlays: OVERLAYS.iter().map(overlay).collect(),
            focus: Staged::new(scenario.main_pane(), Part::Question, (), focus),
            filled: Staged::new(false, Part::Question, (), |cue, ()| cue.fill),
            chart: Staged::new(view.chart, Part::Question, (), |cue, ()| cue.chart),
            charts: Staged::new(false, Part::Question, (), |cue, ()| cue.charts),
            window: Staged::new(Window::default(), Part::Question, (), window),
            racers: (0..scenario.racers.len()).map(racer).collect(),
            delta: Staged::new(view.delta, Part::Question, (), |cue, ()| cue.delta),
            pace: Staged::new(view.speed, Part::Question, (), |cue, ()| cue.speed),
            // A cue's pace is one at 1×.
            speed: Staged::new(NORMAL, Part::Question, (), |cue, ()| cue.speed.map(|_| NORMAL)),
            measures: Staged::new(false, Part::Answer, (), |cue, ()| cue.open.map(|open| open == Open::Measures)),
            picked: Staged::new(None, Part::Answer, (), |cue, ()| cue.pick.clone().map(Some)),
        }
    }
}

fn overlay(cue: &Cue, overlay: Overlay) -> Option<bool> {
    if cue.show.contains(&overlay) {
        return Some(true);
    }
    cue.hide.contains(&overlay).then_some(false)
}

fn racer_shown(cue: &Cue, racer: usize) -> Option<bool> {
    cue.racers.as_ref().map(|shown| shown.contains(&racer))
}

/// The numbers of a step are a pane: to open them is to focus it, and to close them to focus the landscape again.
fn focus(cue: &Cue, (): ()) -> Option<Pane> {
    cue.focus.or_else(|| match cue.open? {
        Open::Numbers => Some(Pane::Numbers),
        Open::Nothing => Some(Pane::Landscape),
        Open::Measures => None,
    })
}

/// A window on other axes is meaningless.
fn window(cue: &Cue, (): ()) -> Option<Window> {
    match cue.zoom {
        Some(Zoom::Rectangle(rectangle)) => Some(Window { base: Some(rectangle), ..Window::default() }),
        Some(Zoom::Fit) => Some(Window::default()),
        None => cue.chart.map(|_| Window::default()),
    }
}
