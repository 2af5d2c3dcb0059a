//! What the terminal shows, cell by cell: only compared with frames, never drawn on, so it is stored compactly.

use ratatui::buffer::Cell;
use ratatui::style::Color;
use unicode_width::UnicodeWidthStr;

use super::pen::{index, text, weight};

/// The cells of a screen, row by row.
#[derive(Debug)]
pub struct Shown {
    /// Columns and rows.
    pub size: (u16, u16),
    /// The cells; empty before the first picture.
    pub cells: Vec<Print>,
}

impl Shown {
    /// A screen of a size of which no cell is known.
    #[must_use]
    pub const fn new(size: (u16, u16)) -> Self {
        Self { size, cells: Vec::new() }
    }

    /// Blanks all cells on a background.
    pub fn blank(&mut self, ground: Color) {
        let mut blank = Cell::EMPTY;
        blank.bg = ground;
        self.cells.clear();
        self.cells.resize(usize::from(self.size.0) * usize::from(self.size.1), Print::of(&blank));
    }
}

/// What one cell shows, as far as it is sent.
#[derive(Debug, Clone, Copy)]
pub struct Print {
    /// The bytes of the character, or [`LONG`].
    glyph: u32,
    fg: u32,
    bg: u32,
    weight: u8,
    columns: u8,
}

/// Stands for a character of more than four bytes, of which nothing else is known: it is not valid UTF-8.
const LONG: u32 = u32::MAX;

impl Print {
    /// What shows a cell.
    #[must_use]
    pub fn of(cell: &Cell) -> Self {
        let (glyph, bg) = (glyph(text(cell)), shade(cell.bg));
        if glyph == BLANK {
            // It has no colour but its ground.
            return Self { glyph, fg: 0, bg, weight: 0, columns: 1 };
        }
        let columns = u8::try_from(columns(cell)).unwrap_or(u8::MAX);
        Self { glyph, fg: shade(cell.fg), bg, weight: weight(cell).bits() as u8, columns }
    }

    /// Whether it is known to show a cell.
    #[must_use]
    pub fn shows(&self, cell: &Cell) -> bool {
        let glyph = glyph(text(cell));
        self.glyph == glyph
            && glyph != LONG
            && self.bg == shade(cell.bg)
            && (glyph == BLANK || (self.fg == shade(cell.fg) && self.weight == weight(cell).bits() as u8))
    }

    /// How many columns its character takes.
    #[must_use]
    pub fn columns(&self) -> usize {
        usize::from(self.columns)
    }
}

const BLANK: u32 = b' ' as u32;

/// The bytes of a character in one number, the first of them the lowest.
fn glyph(text: &str) -> u32 {
    match *text.as_bytes() {
        [a] => u32::from_le_bytes([a, 0, 0, 0]),
        [a, b] => u32::from_le_bytes([a, b, 0, 0]),
        [a, b, c] => u32::from_le_bytes([a, b, c, 0]),
        [a, b, c, d] => u32::from_le_bytes([a, b, c, d]),
        _ => LONG,
    }
}

/// A number for each colour, to tell equal ones by.
#[must_use]
pub fn shade(color: Color) -> u32 {
    match color {
        Color::Reset => 0,
        Color::Rgb(r, g, b) => u32::from_be_bytes([1, r, g, b]),
        other => 1 + u32::from(index(other)),
    }
}

/// How many columns a cell's character takes. The table is asked only for what is neither ASCII, nor a box or block
/// (U+2500 to U+25BF), nor braille: a frame is nearly all of these, and they are narrow.
#[must_use]
pub fn columns(cell: &Cell) -> usize {
    match cell.symbol().as_bytes() {
        [_] | [0xE2, 0x94..=0x96 | 0xA0..=0xA3, _] => 1,
        _ => text(cell).width().max(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::{Modifier, Style};

    fn cell(symbol: &str, style: Style) -> Cell {
        let mut cell = Cell::EMPTY;
        cell.set_symbol(symbol).set_style(style);
        cell
    }

    #[test]
    fn two_cells_that_look_different_are_told_apart() {
        let colors = [Color::Reset, Color::Indexed(0), Color::Indexed(1), Color::Rgb(0, 0, 0), Color::Rgb(0, 0, 1)];
        let symbols = ["a", "é", "⣿", "漢", "𝄞"];
        let mut cells = vec![];
        for (symbol, fg, bg) in
            symbols.iter().flat_map(|s| colors.map(|fg| (s, fg))).flat_map(|(s, fg)| colors.map(|bg| (s, fg, bg)))
        {
            cells.push(cell(symbol, Style::new().fg(fg).bg(bg)));
            cells.push(cell(symbol, Style::new().fg(fg).bg(bg).add_modifier(Modifier::BOLD)));
        }
        for (i, print) in cells.iter().map(Print::of).enumerate() {
            let shown: Vec<usize> = (0..cells.len()).filter(|j| print.shows(&cells[*j])).collect();
            assert_eq!(shown, [i]);
        }
    }

    #[test]
    fn a_blank_has_no_colour_but_its_ground() {
        let plain = Print::of(&cell(" ", Style::new().bg(Color::Indexed(4))));
        assert!(
            plain.shows(&cell(
                " ",
                Style::new().bg(Color::Indexed(4)).fg(Color::Indexed(9)).add_modifier(Modifier::BOLD)
            ))
        );
        assert!(!plain.shows(&cell(" ", Style::new().bg(Color::Indexed(5)))));
    }

    #[test]
    fn of_a_cluster_of_characters_nothing_is_known_but_its_width() {
        let cluster = cell("e\u{301}\u{302}", Style::new());
        assert!(!Print::of(&cluster).shows(&cluster));
        assert_eq!(Print::of(&cluster).columns(), 1);
        assert_eq!(size_of::<Print>(), 16);
    }
}
