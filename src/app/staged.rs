//! What a show shows at its playhead, and how the hand changes it: `stage` says what counts.

use super::stage::{Passed, Stage};
use super::{Charts, Show, Timeline, Window};
use crate::race::World;
use crate::scenario::names::OVERLAYS;
use crate::scenario::{Cue, Overlay, OverlaySet, Pane};

impl Show {
    /// Shows all charts side by side, or the panes again.
    pub fn set_charts(&mut self, on: bool) {
        let (stage, passed) = self.staging();
        stage.charts.set(passed, on);
        self.lay_out(on);
    }

    pub(super) fn lay_out(&mut self, side_by_side: bool) {
        if side_by_side != self.charts.is_some() {
            self.charts = side_by_side.then(|| Charts::new(&self.world));
        }
    }

    /// Draws the landscape in the chart a number of places on. Another chart is another drawing of the same points:
    /// nothing else changes, except that a window on the old axes is meaningless.
    pub fn turn_chart(&mut self, by: usize) {
        self.chart = match &self.charts {
            Some(charts) => charts.next(self.chart, by),
            None => self.world.family.info().chart_after(self.chart, by),
        };
        let chart = self.chart;
        let (stage, passed) = self.staging();
        stage.chart.set(passed, chart);
        self.set_window(Window::default());
    }

    /// Zooms and pans.
    pub fn set_window(&mut self, window: Window) {
        let (stage, passed) = self.staging();
        stage.window.set(passed, window);
        self.window = window;
    }

    /// Fills the screen with the focused pane, or shows all panes again.
    pub fn set_filled(&mut self, on: bool) {
        let (stage, passed) = self.staging();
        stage.filled.set(passed, on);
        self.filled = on;
    }

    /// Slower (−1) or faster (+1).
    pub fn change_speed(&mut self, by: isize) {
        self.timeline.change_speed(by);
        let speed = self.timeline.place_of_speed();
        let (stage, passed) = self.staging();
        stage.speed.set(passed, speed);
    }

    /// The KL radius δ of ellipses and balls, in nats.
    #[must_use]
    pub fn delta(&self) -> f64 {
        self.stage.delta.after(self.passed())
    }

    /// Sets it.
    pub fn set_delta(&mut self, delta: f64) {
        let (stage, passed) = self.staging();
        stage.delta.set(passed, delta);
    }

    /// Has the keys of rates change the number at a path, or the chosen racer's rate.
    pub(super) fn set_picked(&mut self, path: Option<String>) {
        let (stage, passed) = self.staging();
        stage.picked.set(passed, path);
    }

    /// Whether the answers to the measures are open.
    #[must_use]
    pub fn measures_now(&self) -> bool {
        self.stage.measures.after(self.passed()) && self.question().is_none()
    }

    /// Opens or closes them.
    pub fn set_measures(&mut self, open: bool) {
        let (stage, passed) = self.staging();
        stage.measures.set(passed, open);
    }

    /// Copies into the fields what the stage says at the playhead, whenever another cue is the last.
    pub(super) fn apply_stage(&mut self) {
        let passed = passed(&self.world, &self.timeline, self.stops_passed);
        let now = (passed.reached(), passed.last());
        if self.applied.replace(now) == Some(now) {
            return;
        }
        let stage = &self.stage;
        self.on = stage.racers.iter().map(|staged| staged.after(passed)).collect();
        let drawn = stage.overlays.iter().filter(|(_, staged)| staged.after(passed));
        self.overlays = drawn.map(|(overlay, _)| *overlay).collect();
        (self.filled, self.chart, self.window) =
            (stage.filled.after(passed), stage.chart.after(passed), stage.window.after(passed));
        self.timeline.set_pace(stage.pace.after(passed), stage.speed.after(passed));
        let side_by_side = stage.charts.after(passed);
        self.lay_out(side_by_side);
        if let Some(beside) = &mut self.opened {
            // The table's racers change behind the race that is open.
            beside.clone_from(&self.on);
            self.follow_cell();
        }
    }

    pub(super) fn passed(&self) -> Passed<'_> {
        passed(&self.world, &self.timeline, self.stops_passed)
    }

    /// The stage, for the hand to set something, and the cues up to the playhead.
    fn staging(&mut self) -> (&mut Stage, Passed<'_>) {
        (&mut self.stage, passed(&self.world, &self.timeline, self.stops_passed))
    }

    /// Whether an answer or a cue waits at the playhead's step.
    #[must_use]
    pub fn has_next_stop(&self) -> bool {
        self.passed().more()
    }

    /// The question that waits for its answer at the playhead.
    #[must_use]
    pub fn question(&self) -> Option<&Cue> {
        self.passed().question()
    }

    /// Goes on at the playhead's step: to the answer to its question, or to its next cue; `false` if nothing waits there.
    pub fn next_stop(&mut self) -> bool {
        let more = self.passed().more();
        if more {
            self.halt();
            self.stops_passed = self.passed().stops() + 1;
            self.apply_stage();
        }
        more
    }

    /// The step that the panes draw: the start while a question waits, since later points would give the answer away.
    #[must_use]
    pub fn now(&self) -> usize {
        if self.question().is_some() { 0 } else { self.timeline.step() }
    }

    /// Whoever comes to a step from before it comes to its first stop, whoever comes from behind it to its last.
    pub(super) const fn arrive(&mut self, step: usize) {
        let here = self.timeline.step();
        if step > here {
            self.stops_passed = 0;
        } else if step < here {
            self.stops_passed = usize::MAX;
        }
    }

    /// To the first stop of the start: where the show begins.
    pub(super) fn go_to_start(&mut self) {
        self.timeline.pause();
        self.seek(0);
        self.stops_passed = 0;
        self.apply_stage();
    }

    /// Goes back at the playhead's step: to the cue before, or to the question before its answer; `false` if nothing
    /// was passed there.
    pub fn previous_stop(&mut self) -> bool {
        let stops = self.passed().stops();
        if stops > 0 {
            self.halt();
            self.stops_passed = stops - 1;
            self.apply_stage();
        }
        stops > 0
    }

    /// Whether an overlay is drawn at the playhead.
    #[must_use]
    pub const fn overlay_now(&self, overlay: Overlay) -> bool {
        self.overlays.has(overlay)
    }

    /// The overlays that are drawn at the playhead.
    #[must_use]
    pub const fn overlays_now(&self) -> OverlaySet {
        self.overlays
    }

    /// Turns an overlay on or off by hand.
    pub fn set_overlay(&mut self, overlay: Overlay, on: bool) {
        self.overlays.set(overlay, on);
        let (stage, passed) = self.staging();
        if let Some(staged) = stage.overlays.get_mut(&overlay) {
            staged.set(passed, on);
        }
    }

    /// Turns an overlay off, as if the scenario had said so.
    pub fn leave_out(&mut self, overlay: Overlay) {
        let view = &mut self.world.scenario.view;
        let on =
            OVERLAYS.iter().filter(|row| view.overlays.as_ref().map_or(row.shown, |list| list.contains(&row.overlay)));
        view.overlays = Some(on.map(|row| row.overlay).filter(|other| *other != overlay).collect());
        self.stage = Stage::new(&self.world.scenario);
        self.applied = None;
        self.apply_stage();
    }

    /// The focused pane at the playhead.
    #[must_use]
    pub fn focus_now(&self) -> Pane {
        self.stage.focus.after(self.passed())
    }

    /// Focuses a pane.
    pub fn set_focus(&mut self, pane: Pane) {
        let (stage, passed) = self.staging();
        stage.focus.set(passed, pane);
    }

    /// Turns a racer on or off; `false` if there is none.
    pub fn toggle_racer(&mut self, racer: usize) -> bool {
        let Some(on) = self.on.get(racer).map(|on| !on) else { return false };
        self.on[racer] = on;
        let (stage, passed) = self.staging();
        stage.racers[racer].set(passed, on);
        true
    }

    /// The cue whose caption is shown: the last one up to the playhead, but for a question without its answer.
    #[must_use]
    pub fn cue(&self) -> Option<&Cue> {
        self.world.scenario.cues.get(self.passed().last()?)
    }

    /// The index of the last cue that has been reached, be it a question.
    #[must_use]
    pub fn cue_place(&self) -> Option<usize> {
        self.passed().reached().checked_sub(1)
    }
}

/// The cues up to the playhead, with so many stops of its step behind it.
fn passed<'a>(world: &'a World, timeline: &Timeline, behind: usize) -> Passed<'a> {
    Passed::new(&world.scenario.cues, timeline.step(), behind)
}
