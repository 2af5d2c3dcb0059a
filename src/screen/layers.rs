//! The layers over the screen, from the lowest to the topmost: each is drawn here and nowhere else.
//!
//! Which are open, and what keys do in them, is decided in `app::layer`.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::drawing::Drawing;
use super::layout::{self, Charts, Shape};
use super::reading::Reading;
use super::style::blank;
use super::{caption, help, menu};
use crate::app::layer::{Hold, Open};
use crate::app::{App, Captions, Layer, Show};
use crate::scenario::Pane;

/// Draws all layers, and notes what they cover.
pub(super) fn draw(app: &App, on: &mut Drawing) {
    let Drawing { page, laid } = on;
    let area = page.area();
    for open in app.layers.iter() {
        // What lies under a layer is not known afterwards.
        page.forget();
        laid.last = picture(app, open, area, page.buffer());
    }
    if app.layers.hold(Hold::Clicks) {
        laid.cover(area);
    }
}

/// Lays out the topmost layer if that has not been drawn yet: call before handling a key, which may scroll it.
pub fn fit(app: &mut App, area: Rect) {
    let Some(open) = app.layers.top().filter(|open| open.scroll.last.is_none()) else { return };
    let last = picture(app, open, area, &mut Buffer::empty(area));
    fitted(app, last);
}

/// The topmost layer has been drawn: its text can be scrolled so far.
pub fn fitted(app: &mut App, last: usize) {
    if let Some(open) = app.layers.top_mut() {
        open.scroll.fit(last);
    }
}

/// The panes that a box over them should not hide, and how much each matters: what is said of the race is said of its picture
/// and of its numbers.
fn worth(show: &Show, captions: Captions, area: Rect) -> Vec<(Rect, u32)> {
    let rows = caption::rows(show, captions, area);
    if let Some(charts) = &show.charts {
        let Charts { cells, curve, table, racers } = Charts::of(show, charts, layout::frame(area, rows).body);
        return cells
            .into_iter()
            .map(|(_, cell)| (cell, 4))
            .chain([curve, table, racers].map(|pane| (pane, 2)))
            .collect();
    }
    let focus = show.focus_now();
    let weight = |pane: Pane| match pane {
        _ if pane == focus => 4,
        Pane::Landscape => 4,
        Pane::Racers | Pane::Outcomes | Pane::Policy | Pane::Box => 2,
        Pane::Ellipses | Pane::Traces | Pane::Density | Pane::Numbers | Pane::Collapsed => 1,
    };
    let layout = layout::compute(area, &Shape::of(show), rows);
    layout.panes.into_iter().map(|(pane, place)| (place, weight(pane))).collect()
}

/// Draws a layer; returns how far its text can be scrolled.
fn picture(app: &App, open: &Open, area: Rect, buf: &mut Buffer) -> usize {
    let (style, scroll) = (app.style, open.scroll);
    let (show, title) = (app.current(), open.layer.title());
    let read = |reading: Option<Reading>, buf: &mut Buffer| {
        reading.map_or(0, |reading| reading.draw(title, scroll, style, area, buf).1)
    };
    match &open.layer {
        // The gallery's list shows it, or the last row.
        Layer::Filter | Layer::GoTo(_) | Layer::Command(_) => 0,
        Layer::Menu => show.map_or(0, |show| menu::draw(show, title, style, area, buf)),
        Layer::Measures => {
            let panes = |show: &Show| worth(show, app.captions, area);
            read(show.map(|show| Reading::measures(show, style).beside(panes(show))), buf)
        }
        Layer::Rates(found) => read(show.map(|show| Reading::rates(show, found, style)), buf),
        Layer::Help => {
            let panes = show.map_or_else(|| Pane::ALL.to_vec(), |show| show.world.scenario.panes());
            let about = help::About { contexts: app.layers.explained(app.context()), panes };
            help::draw(&about, title, scroll, style, area, buf)
        }
        Layer::Blank => {
            blank(buf, area, style);
            0
        }
    }
}
