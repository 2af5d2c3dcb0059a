//! Racers' lines over a pane without its own ground: every cell with dots, in its owner's colour.
//!
//! The lines are collected by `ink`; backgrounds stay as they are.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Style;
use super::ink::{Ink, Inked, Kind, Owner};
use super::style::put;

/// Clears all lines and takes the size of a rectangle.
pub fn clear(ink: &mut Ink, area: Rect) {
    ink.clear(usize::from(area.width), usize::from(area.height));
}

/// Adds a racer's line through places in dot units, or what follows after some dots of it; returns how many dots it
/// has.
pub fn add(
    ink: &mut Ink,
    style: Style,
    (racer, after): (usize, usize),
    past: bool,
    places: impl IntoIterator<Item = [f64; 2]>,
) -> usize {
    let kind = if past { Kind::Past } else { Kind::Bright };
    let set = |dot| if past { style.dash_past(racer, dot) } else { style.dash(racer, dot) };
    ink.line(places, racer, kind, |dot| set(after + dot))
}

/// Writes every cell that has dots, thin in every weight: lines here stand close together. Backgrounds stay.
pub fn paint(ink: &Ink, style: Style, area: Rect, buf: &mut Buffer) {
    for (column, row, lines) in ink.touched() {
        paint_cell(lines, style, (column, row), area, buf);
    }
}

/// Writes one cell, if it has dots.
pub fn paint_cell(lines: Inked, style: Style, (column, row): (usize, usize), area: Rect, buf: &mut Buffer) {
    if lines.mask == 0 {
        return;
    }
    if let (Owner::Path { racer, past }, Ok(x), Ok(y)) =
        (lines.owner(column, row), u16::try_from(column), u16::try_from(row))
    {
        put(buf, area.x + x, area.y + y, style.line(lines.mask), style.theme.racer(racer, past));
    }
}
