//! The landscape in a rectangle of the screen.
//!
//! What it shows is `figure::landscape`.

use ratatui::layout::Rect;

use super::Style;
use super::laid::{Laid, Map};
use super::style::inner;
use crate::app::Seen;
use crate::figure::landscape::{self, Memo};
<<<<<<< ours
use crate::math::Vec2;
use crate::plot::cells::Page;
use crate::plot::{Frame, PaneFigure, Room, cells};
=======
use crate::plot::{PaneFigure, cells};
>>>>>>> theirs

/// What is known of a landscape from frame to frame, and its cells.
#[derive(Debug, Default)]
pub struct Kept {
    pub(super) memo: Memo,
    drawn: cells::Memo,
}

<<<<<<< ours
/// The room inside, where colours do not matter.
fn room(area: Rect) -> Room {
    let inside = inner(area);
    Room { columns: inside.width, rows: inside.height, bands: 0 }
}

/// The inside of the pane and the data that it shows; `None` if there is nothing to show.
#[must_use]
pub fn frame(show: &Seen<'_>, area: Rect) -> Option<(Rect, Frame)> {
    Some((inner(area), landscape::frame(show, room(area))?))
}

/// The distribution at the middle of a cell of the screen, in canonical parameters; `None` outside pane and family.
#[must_use]
pub fn point_at(show: &Seen<'_>, area: Rect, column: u16, row: u16) -> Option<Vec2> {
    let inside = inner(area);
    landscape::point_at(show, room(area), (column.checked_sub(inside.x)?, row.checked_sub(inside.y)?))
}

/// The cell of the geodesics' end, where it can be taken hold of and is in view.
#[must_use]
pub fn end_at(show: &Seen<'_>, area: Rect) -> Option<(u16, u16)> {
    let (column, row) = landscape::end_at(show, room(area))?;
    let inside = inner(area);
    Some((inside.x + u16::try_from(column).ok()?, inside.y + u16::try_from(row).ok()?))
}

/// Draws the pane into `area`, as far as that lies in `bounds`.
pub fn draw<'a>(show: &Seen<'_>, style: Style, kept: &'a mut Kept, area: Rect, bounds: Rect) -> &'a Page {
    let area = area.intersection(bounds);
    let figure = landscape::pane(show, cells::room(area, style), &mut kept.memo);
    kept.drawn.draw(&figure, style, show.focused(), area, bounds)
=======
/// Draws the pane, and notes what its cells are.
pub fn draw(show: &Seen<'_>, style: Style, kept: &mut Kept, laid: &mut Laid, area: Rect, buf: &mut Buffer) {
    let area = area.intersection(buf.area);
    let figure = landscape::pane(show, cells::room(area, style), &mut kept.memo);
    cells::draw(&figure, &mut kept.drawn, style, show.focused(), area, buf);
    if let Some(plot) = figure.plot {
        let inside = inner(area);
        laid.map(area, Map::new(show, inside, plot.frame(inside.width.into(), inside.height.into())));
    }
>>>>>>> theirs
}

/// Draws the same picture under another name.
pub fn preview<'a>(show: &Seen<'_>, style: Style, kept: &'a mut Kept, area: Rect, bounds: Rect) -> &'a Page {
    let area = area.intersection(bounds);
    let PaneFigure { plot, .. } = landscape::pane(show, cells::room(area, style), &mut kept.memo);
    let figure = PaneFigure { name: "Preview".to_owned(), plot, ..PaneFigure::default() };
    kept.drawn.draw(&figure, style, false, area, bounds)
}
