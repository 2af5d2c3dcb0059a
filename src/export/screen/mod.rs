//! A screen as a picture: its cells as SVG or PNG, with the colours that terminals give them.
//!
//! Where the cells come from is `screen`'s business; curves in data coordinates are `plot`'s. Braille dots, blocks and
//! frames are drawn, so that they meet at the edges of cells in every viewer; everything else is a letter of a font.

mod font;
mod png;
mod shapes;
mod svg;

pub use png::png;
pub use svg::svg;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Modifier;
use unicode_width::UnicodeWidthStr;

use crate::plot::palette::{Palette, Rgb};

/// The width and height of a cell, in the units of SVG and [`shapes`]: CSS pixels, 96 per inch.
const CELL: (u16, u16) = (10, 20);

/// A cell with something in it, and where it is.
struct Glyph<'a> {
    column: u16,
    row: u16,
    /// Columns that it takes.
    width: u16,
    text: &'a str,
    color: Rgb,
    page: Rgb,
    bold: bool,
}

/// The cells of a row from left to right; of a wide character the first one only.
fn row(cells: &Buffer, row: u16, palette: Palette) -> impl Iterator<Item = Glyph<'_>> {
    let area = cells.area;
    let mut column = 0;
    std::iter::from_fn(move || {
        if column >= area.width {
            return None;
        }
        let cell: &Cell = cells.cell((area.x + column, area.y + row))?;
        let text = if cell.symbol().chars().any(char::is_control) { " " } else { cell.symbol() };
        let width = u16::try_from(text.width()).unwrap_or(1).clamp(1, area.width - column);
        let page = palette.page(cell.bg);
        let color = palette.ink(cell.fg);
        let color = if cell.modifier.contains(Modifier::DIM) { color.between(page) } else { color };
        let bold = cell.modifier.contains(Modifier::BOLD);
        let glyph = Glyph { column, row, width, text, color, page, bold };
        column += width;
        Some(glyph)
    })
}
