//! Everything a picture depends on except time: while it is unchanged, a frame is the previous one plus what has moved.
//!
//! Time is the playhead, how far the race has been run and how far its field has been refined.

use std::borrow::Cow;
use std::collections::BTreeSet;

use ratatui::layout::Rect;

use super::Style;
use super::readout::notice;
use crate::app::gallery::Gallery;
use crate::app::{App, Lens, Point, Quantity, Screen, Show, Window};
use crate::family::ChartId;
use crate::scenario::{Overlay, Pane};

/// Everything the picture of a show depends on except time.
#[derive(Debug)]
pub struct Scene {
    list: Option<List>,
    area: Rect,
    style: Style,
    notice: Option<String>,
    revision: u64,
    chosen: usize,
    on: Vec<bool>,
    chart: ChartId,
    window: Window,
    overlays: BTreeSet<Overlay>,
    focus: Pane,
    filled: bool,
    quantity: Quantity,
    log: bool,
    point: Point,
    lens: Lens,
    cue: Option<usize>,
    held: bool,
}

/// What the picture of a gallery depends on, beside the show in its preview.
#[derive(Debug, PartialEq)]
struct List {
    entries: usize,
    chosen: usize,
    filter: String,
    filtering: bool,
}

impl List {
    fn of(gallery: &Gallery) -> Self {
        let Gallery { entries, chosen, filter, filtering, .. } = gallery;
        Self { entries: entries.len(), chosen: *chosen, filter: filter.clone(), filtering: *filtering }
    }
}

/// The show that only time moves: it fills the screen with nothing over its panes, or is the gallery's preview.
pub fn moving(app: &App) -> Option<&Show> {
    let bare = |show: &Show| !(app.menu || show.answering() || show.offer().is_some() || show.charts.is_some());
    match &app.screen {
        _ if app.help || app.blank => None,
        Screen::Show(show) => Some(&**show).filter(|show| bare(show)),
        Screen::Gallery(gallery) => gallery.preview(),
    }
}

/// The list in which that show is the preview.
fn list(app: &App) -> Option<List> {
    match &app.screen {
        Screen::Show(_) => None,
        Screen::Gallery(gallery) => Some(List::of(gallery)),
    }
}

impl Scene {
    /// The scene of an app; `None` if more than time moves.
    pub fn of(app: &App, area: Rect) -> Option<Self> {
        let show = moving(app)?;
        Some(Self {
            list: list(app),
            area,
            style: app.style,
            notice: notice(app).map(Cow::into_owned),
            revision: show.world.revision(),
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
            cue: show.cue_place(),
            held: show.held(),
        })
    }

    /// Whether this is still the scene of an app.
    pub fn fits(&self, app: &App, area: Rect) -> bool {
        moving(app).is_some_and(|show| {
            self.list == list(app)
                && (self.area, self.style, self.notice.as_deref()) == (area, app.style, notice(app).as_deref())
                && (self.chosen, self.chart, self.filled) == (show.chosen, show.chart, show.filled)
                && (self.quantity, self.log, self.point, self.lens) == (show.quantity, show.log, show.point, show.lens)
                && (self.on == show.on && self.window == show.window)
                && ((self.cue, self.held) == (show.cue_place(), show.held()) && self.focus == show.focus_now())
                && self.overlays == show.overlays_now()
                && self.revision == show.world.revision()
        })
    }
}
