//! All that a picture depends on but time: while it stays, a frame is the last one with what has moved.
//!
//! Time is the playhead, how far the race has been run and how far its field has been refined.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ptr::addr_eq;
use std::sync::Arc;

use ratatui::layout::Rect;

use super::Style;
use super::readout::notice;
use crate::app::{App, Lens, Point, Quantity, Screen, Show, Window};
use crate::scenario::{Overlay, Pane, Scenario};

/// What a picture of a show depends on but time.
#[derive(Debug)]
pub struct Scene {
    area: Rect,
    style: Style,
    notice: Option<String>,
    scenario: Scenario,
    chosen: usize,
    on: Vec<bool>,
    chart: usize,
    window: Window,
    overlays: BTreeSet<Overlay>,
    focus: Pane,
    filled: bool,
    quantity: Quantity,
    log: bool,
    point: Point,
    lens: Lens,
    cue: Option<usize>,
}

/// The show, where nothing lies over its panes.
pub fn bare(app: &App) -> Option<&Show> {
    match &app.screen {
        Screen::Show(show) if !(app.help || app.menu || app.blank || show.answering() || show.charts.is_some()) => {
            Some(show)
        }
        _ => None,
    }
}

impl Scene {
    /// The scene of an app; none where more than time moves.
    pub fn of(app: &App, area: Rect) -> Option<Self> {
        let show = bare(app)?;
        Some(Self {
            area,
            style: app.style,
            notice: notice(app).map(Cow::into_owned),
            scenario: show.scenario.clone(),
            chosen: show.chosen,
            on: show.on.clone(),
            chart: show.chart,
            window: show.window,
            overlays: show.overlays_now(),
            focus: show.focus_now(),
            filled: show.filled,
            quantity: show.quantity,
            log: show.log,
            point: show.point,
            lens: show.lens,
            cue: cue(show),
        })
    }

    /// Whether this is still the scene of an app.
    pub fn fits(&self, app: &App, area: Rect) -> bool {
        bare(app).is_some_and(|show| {
            (self.area, self.style, self.notice.as_deref()) == (area, app.style, notice(app).as_deref())
                && (self.chosen, self.chart, self.filled) == (show.chosen, show.chart, show.filled)
                && (self.quantity, self.log, self.point, self.lens) == (show.quantity, show.log, show.point, show.lens)
                && (self.on == show.on && self.window == show.window)
                && (self.cue == cue(show) && self.focus == show.focus_now())
                && self.overlays == show.overlays_now()
                && same(&self.scenario, &show.scenario)
        })
    }
}

/// The place of the cue whose caption stands.
fn cue(show: &Show) -> Option<usize> {
    show.scenario.cues.iter().rposition(|cue| cue.step <= show.timeline.step())
}

/// Families and losses are equal if they are one.
fn same(a: &Scenario, b: &Scenario) -> bool {
    let racers = || {
        a.racers.iter().zip(&b.racers).all(|(a, b)| {
            a.kind.name == b.kind.name && a.settings == b.settings && a.chart == b.chart && a.label == b.label
        })
    };
    addr_eq(Arc::as_ptr(&a.family), Arc::as_ptr(&b.family))
        && addr_eq(Arc::as_ptr(&a.objective), Arc::as_ptr(&b.objective))
        && (a.start, a.steps, a.seed) == (b.start, b.steps, b.seed)
        && (&a.title, &a.view, &a.cues) == (&b.title, &b.view, &b.cues)
        && a.racers.len() == b.racers.len()
        && racers()
}
