//! The view with its cache, as the loop sees it.

use std::time::Instant;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::{App, Click, Screen};

/// The view and what it has computed so far.
#[derive(Debug, Default)]
pub struct Picture;

impl Picture {
    /// Draws a frame.
    pub fn draw(&mut self, app: &App, area: Rect, buf: &mut Buffer) {
        let text = match &app.screen {
            Screen::Gallery(gallery) => format!("geodescent  {} scenarios", gallery.entries.len()),
            Screen::Show(show) => format!(
                "geodescent  {}  {} {}/{}",
                show.scenario.title,
                if show.timeline.playing() { "playing" } else { "paused" },
                show.timeline.step(),
                show.timeline.last()
            ),
        };
        buf.set_stringn(0, 0, text, usize::from(area.width), app.style.theme.ground());
    }

    /// Computes on until a moment; whether there is more, and whether a new frame would look better.
    pub fn work(&mut self, _app: &App, _until: Instant) -> (bool, bool) {
        (false, false)
    }

    /// What lies at a cell.
    pub fn hit(&self, _app: &App, _area: Rect, _at: (u16, u16)) -> Option<Click> {
        None
    }
}
