//! One scenario on screen: its race, the playhead, and the state of the view.
//!
//! Edits of its document are in `edit`; nothing here draws, reads a clock or writes files.

use std::time::Duration;

use crate::family::ChartId;
use crate::math::Vec2;
use crate::problem::quantities::{LOSS, QuantityInfo, drawn};
use crate::race::{Race, World};
use crate::scenario::OverlaySet;
use crate::selfcheck::Finding;

use super::asking::{Asking, PAUSE};
use super::cloud::Cloud;
use super::course::Course;
use super::history::History;
use super::stage::Stage;
use super::{Charts, Lens, Timeline, Window};

/// Where the ellipse pane stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// At the start.
    Start,
    /// At the chosen racer.
    Racer,
}

/// One scenario on screen.
#[derive(Debug)]
pub struct Show {
    /// The versions of its document; `None` for scenarios made in code.
    pub(super) history: Option<History>,
    /// The scenario with its family and its loss.
    pub world: World,
    /// Its race, recorded at least to the playhead.
    pub race: Race,
    /// The playhead.
    pub timeline: Timeline,
    /// The chosen racer.
    pub chosen: usize,
    /// Which racers are drawn.
    pub on: Vec<bool>,
    /// Which overlays are.
    pub(super) overlays: OverlaySet,
    /// The drawn chart.
    pub chart: ChartId,
    /// All charts side by side, while they replace the panes; the drawn chart is the focused one.
    pub charts: Option<Charts>,
    /// Zoom and pan.
    pub window: Window,
    /// What scenario, cues and hand say of all that is shown.
    pub(super) stage: Stage,
    /// How many stops at the playhead's step lie behind.
    pub(super) stops_passed: usize,
    /// The cues whose effect the fields show: how many were reached, and the last with its full effect.
    pub(super) applied: Option<(usize, Option<usize>)>,
    /// Whether the focused pane fills the screen.
    pub filled: bool,
    /// What the trace pane draws.
    pub quantity: &'static QuantityInfo,
    /// Whether the trace's vertical axis is logarithmic.
    pub log: bool,
    /// Where the ellipse pane stands.
    pub point: Point,
    /// The parameters of overlays.
    pub lens: Lens,
    /// The racers that were drawn before one of a table was opened; `None` while none is.
    pub(super) opened: Option<Vec<bool>>,
    /// How its race is run.
    pub(super) course: Course,
    /// Where the playhead is to go once the race has been run that far.
    wanted: Option<usize>,
    /// Whether an edit has left the race at its start: [`Show::settle`] runs it.
    unsettled: bool,
    /// What is computed beside the race.
    pub(super) asking: Asking,
    /// The members of an ensemble, and which of them is shown.
    pub(super) cloud: Option<Cloud>,
    pub(super) member: usize,
    /// The last self-check, with its point and chart.
    pub(super) checked: Option<(Vec2, ChartId, Option<Finding>)>,
    /// The chosen racer's rate as changed by keys since the document was last edited.
    pub(super) pressed: Option<f64>,
}

/// Steps of one racer that a key or a frame may cost: a few milliseconds. The rest is computed in slices.
const AT_ONCE: usize = 20_000;

impl Show {
    /// What the trace pane can draw, in the order in which a key cycles through it.
    #[must_use]
    pub fn quantities(&self) -> Vec<&'static QuantityInfo> {
        drawn(self.race.runners().iter().all(|runner| runner.problem().closed_distance())).collect()
    }

    /// A scenario as it opens: at the start, paused, with what its `[view]` says.
    #[must_use]
    pub fn new(world: World) -> Self {
        let mut show = Self {
            history: None,
            race: Race::new(&world),
            course: Course::Here,
            timeline: Timeline::new(world.scenario.steps, world.scenario.view.speed),
            chosen: 0,
            on: vec![true; world.scenario.racers.len()],
            overlays: OverlaySet::default(),
            chart: world.scenario.view.chart,
            charts: None,
            window: Window::default(),
            stage: Stage::new(&world.scenario),
            stops_passed: 0,
            applied: None,
            filled: false,
            quantity: LOSS,
            log: true,
            point: Point::Start,
            lens: Lens::default(),
            opened: None,
            wanted: None,
            unsettled: false,
            asking: Asking::default(),
            cloud: None,
            member: 0,
            checked: None,
            pressed: None,
            world,
        };
        show.begin();
        show.apply_stage();
        show
    }

    /// Runs about `budget` steps of the race, summed over racers, fewer if they are expensive; once it is finished,
    /// works on its measures and searches instead. Returns whether there is more to do.
    pub fn work(&mut self, budget: usize) -> bool {
        self.gather(if self.raced() { PAUSE } else { Duration::ZERO });
        if self.raced() && self.wanted.is_none() {
            self.answer();
        } else {
            self.run(budget);
        }
        self.check_numbers();
        let furthest = self.timeline.furthest();
        if let Some(charts) = self.charts.as_mut().filter(|charts| charts.unfinished(furthest)) {
            charts.wait(PAUSE);
        }
        self.unfinished()
    }

    fn run(&mut self, budget: usize) {
        self.unsettled = false;
        self.receive(PAUSE);
        if matches!(self.course, Course::Here) {
            self.race.advance(self.world.scenario.steps, budget);
        }
        if let Some(step) = self.wanted {
            self.timeline.seek(step.min(self.race.reached()));
            self.wanted = Some(step).filter(|step| *step > self.race.reached());
            self.apply_stage();
        }
    }

    /// Whether the race is run to its end.
    pub(super) fn raced(&self) -> bool {
        matches!(self.course, Course::Here) && self.race.reached() >= self.world.scenario.steps
    }

    /// Whether the race, a gap in view, a measure, a search or a self-check is still to be computed.
    #[must_use]
    pub fn unfinished(&self) -> bool {
        let gaps = self.charts.as_ref().is_some_and(|charts| charts.unfinished(self.timeline.furthest()));
        let race = !self.raced() && !matches!(self.course, Course::Cancelled);
        let members = self.cloud_due() || self.cloud.as_ref().is_some_and(Cloud::unfinished);
        race || gaps || members || self.asked() || self.check_due()
    }

    /// Toggles the order in which the gaps between charts shrink with the step; `false` if no charts are shown.
    pub fn toggle_order(&mut self) -> bool {
        let Some(charts) = &mut self.charts else { return false };
        charts.toggle_halved(&self.world);
        true
    }

    /// Where the playhead is to be once the race gets there, if it is on its way.
    #[must_use]
    pub const fn wanted(&self) -> Option<usize> {
        self.wanted
    }

    /// Moves the playhead, as far as the race can be run without keeping a key waiting; [`Show::work`] does the rest.
    pub fn seek(&mut self, step: usize) {
        let step = step.min(self.timeline.last());
        self.arrive(step);
        self.resume();
        self.wanted = Some(step);
        self.run(AT_ONCE);
    }

    /// Where the playhead is or is to be.
    pub(super) fn destination(&self) -> usize {
        self.wanted.unwrap_or(self.timeline.step())
    }

    /// Schedules the race to be run again, up to a step, by [`Show::settle`].
    pub(super) fn rerun_to(&mut self, step: usize) {
        self.begin();
        self.forget_answers();
        self.wanted = Some(step.min(self.timeline.last()));
        self.unsettled = true;
    }

    /// Runs the race that an edit has scheduled.
    pub(super) fn catch_up(&mut self) {
        if self.unsettled {
            self.run(AT_ONCE);
        }
    }

    /// Plays or pauses from where the playhead is, cancelling any pending seek.
    pub fn toggle_playing(&mut self) {
        self.wanted = None;
        self.resume();
        if !self.timeline.playing() && self.timeline.step() == self.timeline.last() {
            self.stops_passed = 0;
        }
        self.timeline.toggle();
        self.apply_stage();
    }

    /// Stops the playhead where it is.
    pub(super) fn halt(&mut self) {
        self.wanted = None;
        self.timeline.pause();
    }

    /// Advances the playhead, which stops at cues that hold. Returns whether the picture changed.
    pub fn advance(&mut self, elapsed: Duration) -> bool {
        if !self.timeline.playing() {
            return false;
        }
        let before = (self.timeline.step(), true);
        let cues = &self.world.scenario.cues;
        if self.timeline.advance(elapsed, |step| cues.iter().any(|cue| cue.stops() && cue.step == step)) {
            self.stops_passed = 0;
        }
        if matches!(self.course, Course::Here) {
            self.race.advance(self.timeline.step(), AT_ONCE);
        }
        self.timeline.wait_at(self.race.reached());
        self.apply_stage();
        before != (self.timeline.step(), self.timeline.playing())
    }

    /// Whether playing has stopped, or would, at a cue that holds, with more of the race to come.
    #[must_use]
    pub fn held(&self) -> bool {
        let here = self.timeline.step();
        let holds = || self.world.scenario.cues.iter().any(|cue| cue.stops() && cue.step == here);
        !self.timeline.playing() && (self.passed().more() || (here < self.timeline.last() && holds()))
    }

    /// The step of the next cue; the last step if there is none.
    #[must_use]
    pub fn next_cue(&self) -> usize {
        let here = self.timeline.step();
        self.cue_steps().filter(|step| *step > here).min().unwrap_or(self.timeline.last())
    }

    /// The step of the previous cue; the start if there is none.
    #[must_use]
    pub fn previous_cue(&self) -> usize {
        let here = self.timeline.step();
        self.cue_steps().filter(|step| *step < here).max().unwrap_or(0)
    }

    /// The step at a cell of a timeline of so many cells: that of the first cue there, if one is.
    #[must_use]
    pub fn step_at(&self, cell: u16, of: u16) -> usize {
        let step = (f64::from(cell) / f64::from(of.max(2) - 1) * self.timeline.last() as f64).round() as usize;
        let cue = self.cue_steps().find(|cue| self.timeline.cell(*cue, of) == cell);
        cue.unwrap_or(step)
    }

    fn cue_steps(&self) -> impl Iterator<Item = usize> + '_ {
        self.world.scenario.cues.iter().map(|cue| cue.step.min(self.timeline.last()))
    }

    /// Chooses the racer above (−1) or below (+1); stays at either end.
    pub fn choose(&mut self, by: isize) {
        self.choose_racer(self.chosen.saturating_add_signed(by));
    }

    /// Chooses a racer by its index; the last one if there are fewer.
    pub fn choose_racer(&mut self, racer: usize) {
        self.chosen = racer.min(self.world.scenario.racers.len().saturating_sub(1));
        self.follow_cell();
    }

    /// The point of the ellipse pane, in canonical parameters.
    #[must_use]
    pub fn place(&self) -> Vec2 {
        match self.point {
            Point::Start => self.world.start(),
            Point::Racer => self.race.trace(self.chosen).at(self.now()).p(),
        }
    }
}
