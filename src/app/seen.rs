//! A show seen in one of its family's charts: what a landscape is drawn of, alone or side by side with others.
//!
//! Adds nothing to the show but where one looks from.

use std::ops::Deref;

use super::{Show, Window};
use crate::math::Vec2;
use crate::scenario::{Overlay, Pane};

/// A show in a chart.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    show: &'a Show,
    /// The chart: a place in the family's table, in place of [`Show::chart`].
    pub chart: usize,
    /// Zoom and pan, in place of [`Show::window`].
    pub window: Window,
    /// The number of the picture where there are several.
    pub number: Option<usize>,
}

impl<'a> Seen<'a> {
    /// The show as it is drawn by itself.
    #[must_use]
    pub fn of(show: &'a Show) -> Self {
        Self { show, chart: show.chart, window: show.window, number: None }
    }

    /// The show in a chart among others.
    #[must_use]
    pub fn beside(show: &'a Show, chart: usize, number: usize) -> Self {
        let window = if chart == show.chart { show.window } else { Window::default() };
        Self { show, chart, window, number: Some(number) }
    }

    /// Whether the picture is the focused one.
    #[must_use]
    pub fn focused(&self) -> bool {
        match self.number {
            Some(_) => self.chart == self.show.chart,
            None => self.show.focus_now() == Pane::Landscape,
        }
    }

    /// Whether an overlay is drawn; the marks every ten steps are too many where pictures are small.
    #[must_use]
    pub fn overlay_now(&self, overlay: Overlay) -> bool {
        (self.number.is_none() || overlay != Overlay::StepMarks) && self.show.overlay_now(overlay)
    }

    /// The end of geodesics where it can be taken hold of: with geodesics on, and side by side, where it is the one point that
    /// stands in every chart, once somebody has put it somewhere.
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
