//! A show in one of its family's charts: the input of a landscape, alone or side by side with others.
//!
//! Adds nothing to the show but the chart and the window.

use std::ops::Deref;

use super::{Show, Window};
use crate::family::ChartId;
use crate::math::Vec2;
use crate::scenario::{Overlay, Pane};

/// A show in a chart.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    show: &'a Show,
    /// The chart, in place of [`Show::chart`].
    pub chart: ChartId,
    /// Zoom and pan, in place of [`Show::window`].
    pub window: Window,
    /// The number of the picture where there are several.
    pub number: Option<usize>,
}

impl<'a> Seen<'a> {
    /// The show as drawn alone.
    #[must_use]
    pub fn of(show: &'a Show) -> Self {
        Self { show, chart: show.chart, window: show.window, number: None }
    }

    /// The show in a chart among others.
    #[must_use]
    pub fn beside(show: &'a Show, chart: ChartId, number: usize) -> Self {
        let window = if chart == show.chart { show.window } else { Window::default() };
        Self { show, chart, window, number: Some(number) }
    }

    /// The same in the chart whose axes draw this one.
    #[must_use]
    pub fn drawn(&self) -> Self {
        Self { chart: self.show.world.family.drawn_in(self.chart), ..*self }
    }

    /// Whether the picture is the focused one.
    #[must_use]
    pub fn focused(&self) -> bool {
        match self.number {
            Some(_) => self.chart == self.show.world.family.drawn_in(self.show.chart),
            None => self.show.focus_now() == Pane::Landscape,
        }
    }

    /// Whether an overlay is drawn; the marks every ten steps are too many for small pictures.
    #[must_use]
    pub fn overlay_now(&self, overlay: Overlay) -> bool {
        (self.number.is_none() || overlay != Overlay::StepMarks) && self.show.overlay_now(overlay)
    }

    /// The end of geodesics if it can be dragged: with geodesics on; and side by side, where it is the one point that
    /// stands in every chart, once the user has placed it.
    #[must_use]
    pub fn end(&self) -> Option<Vec2> {
        let cursor = self.lens.end.filter(|_| self.number.is_some());
        cursor.or_else(|| self.show.geodesic_end().filter(|_| self.overlay_now(Overlay::Geodesics)))
    }
}

impl Deref for Seen<'_> {
    type Target = Show;

    fn deref(&self) -> &Show {
        self.show
    }
}
