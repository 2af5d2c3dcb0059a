//! The landscape in a rectangle of the screen.
//!
//! What it shows is `figure::landscape`.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Style;
use super::laid::{Laid, Map};
use super::style::inner;
use crate::app::Seen;
use crate::figure::landscape::{self, Memo};
use crate::plot::{PaneFigure, cells};

/// What is known of a landscape from frame to frame, and its cells.
#[derive(Debug, Default)]
pub struct Kept {
    pub(super) memo: Memo,
    drawn: cells::Memo,
}

/// Draws the pane, and notes what its cells are.
pub fn draw(show: &Seen<'_>, style: Style, kept: &mut Kept, laid: &mut Laid, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    let figure = landscape::pane(show, cells::room(area, style), &mut kept.memo);
    cells::draw(&figure, &mut kept.drawn, style, show.focused(), area, buf);
    if let Some(plot) = figure.plot {
        let inside = inner(area);
        laid.map(area, Map::new(show, inside, plot.frame(inside.width.into(), inside.height.into())));
    }
}

/// Draws the same picture under another name.
pub fn preview(show: &Seen<'_>, style: Style, kept: &mut Kept, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    let PaneFigure { plot, .. } = landscape::pane(show, cells::room(area, style), &mut kept.memo);
    let figure = PaneFigure { name: "Preview".to_owned(), plot, ..PaneFigure::default() };
    cells::draw(&figure, &mut kept.drawn, style, false, area, buf);
}
