//! The numbers of the chosen racer's step: focused, written as LaTeX, and checked against the density while paused.
//!
//! Layout is in `screen`, the step in `race`.

use std::path::PathBuf;

use super::Show;
use crate::export::latex;
use crate::family::ChartId;
use crate::math::Vec2;
use crate::race::Worked;
use crate::scenario::{Document, Pane};
use crate::selfcheck::{Finding, self_check};

impl Show {
    /// Focuses the numbers of the chosen racer's step, or goes back to the landscape.
    pub fn toggle_numbers(&mut self) {
        let shown = self.focus_now() == Pane::Numbers;
        self.set_focus(if shown { Pane::Landscape } else { Pane::Numbers });
    }

    /// The chosen racer's step as LaTeX, and the name of a new file for it.
    #[must_use]
    pub fn numbers(&self) -> (PathBuf, String) {
        let worked = Worked::of(&self.world, &self.race, self.chosen, self.timeline.step());
        let label = self.world.scenario.racers.get(self.chosen).map_or("", |racer| racer.label.as_str());
        let name = |document: &Document| document.sibling(&format!("-step-{}.tex", worked.step));
        let path = self.document().map_or_else(|| PathBuf::from("step.tex"), name);
        (path, latex::step(&worked, &self.world.scenario.title, label))
    }

    /// The chosen racer's point, and its chart.
    fn numbered(&self) -> (Vec2, ChartId) {
        let p = self.race.trace(self.chosen).at(self.timeline.step()).p();
        (p, self.world.scenario.racers.get(self.chosen).map_or(ChartId::CANONICAL, |racer| racer.chart))
    }

    /// Whether the displayed numbers still have to be checked: only while paused, and if the check is unnoticeably
    /// fast.
    pub(super) fn check_due(&self) -> bool {
        let shown = self.focus_now() == Pane::Numbers && !self.timeline.playing() && self.world.family.cheap();
        shown && self.checked.as_ref().is_none_or(|(p, chart, _)| (*p, *chart) != self.numbered())
    }

    /// The worst item of the self-check at the chosen racer's point, relative to its tolerance, once known.
    #[must_use]
    pub fn check(&self) -> Option<&Finding> {
        let known = self.checked.as_ref().filter(|(p, chart, _)| (*p, *chart) == self.numbered());
        known.and_then(|(_, _, finding)| finding.as_ref())
    }

    /// Checks the displayed numbers, if that is due.
    pub(super) fn check_numbers(&mut self) {
        if !self.check_due() {
            return;
        }
        let (p, chart) = self.numbered();
        let family = &*self.world.family;
        let found = self_check(family, family.chart(chart), p).worst().copied();
        self.checked = Some((p, chart, found));
    }
}
