//! The landscape in a rectangle of the screen.
//!
//! What it shows is `figure::landscape`.

use ratatui::layout::Rect;

use super::Style;
use super::laid::{Laid, Map};
use super::style::inner;
use crate::app::Seen;
use crate::figure::landscape::{self, Memo};
use crate::plot::PaneFigure;
use crate::plot::cells::{self, Page};

/// What is known of a landscape from frame to frame, and its cells.
#[derive(Debug, Default)]
pub struct Kept {
    pub(super) memo: Memo,
    drawn: cells::Memo,
}

/// Draws the pane into `area`, as far as that lies in `bounds`, and notes what its cells are.
pub fn draw<'a>(
    show: &Seen<'_>,
    style: Style,
    kept: &'a mut Kept,
    laid: &mut Laid,
    area: Rect,
    bounds: Rect,
) -> &'a Page {
    let (area, show) = (area.intersection(bounds), &show.drawn());
    let figure = landscape::pane(show, cells::room(area, style), &mut kept.memo);
    if let Some(plot) = &figure.plot {
        let inside = inner(area);
        laid.map(area, Map::new(show, inside, plot.frame(inside.width.into(), inside.height.into())));
    }
    kept.drawn.draw(figure, style, show.focused(), area, bounds)
}

/// Draws the same picture under another name.
pub fn preview<'a>(show: &Seen<'_>, style: Style, kept: &'a mut Kept, area: Rect, bounds: Rect) -> &'a Page {
    let (area, show) = (area.intersection(bounds), &show.drawn());
    let PaneFigure { plot, .. } = landscape::pane(show, cells::room(area, style), &mut kept.memo);
    let figure = PaneFigure { name: "Preview".to_owned(), plot, ..PaneFigure::default() };
    kept.drawn.draw(figure, style, false, area, bounds)
}
