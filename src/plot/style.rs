//! How marks and frames become characters: marker sets, racer glyphs, pane frames, safe writes into a buffer.
//!
//! Colours are in `theme`.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style as Cell};
use ratatui::symbols::pixel::{OCTANTS, QUADRANTS};

use super::dots::braille;
use super::look::Depth;
use super::mark::{Ink, Role, Sign};
use super::theme;
use crate::text::{ascii, ascii_cell, clean, printable};

pub use super::look::{Glyphs, Marker, Style};

impl Marker {
    /// The name in flags and settings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Braille => "braille",
            Self::Octant => "octant",
            Self::Half => "half",
            Self::Ascii => "ascii",
        }
    }

    /// The character of a braille mask, in this marker's grid.
    #[must_use]
    pub fn dots(self, mask: u8) -> char {
        match self {
            _ if mask == 0 => ' ',
            Self::Braille => braille(mask),
            Self::Octant => OCTANTS[usize::from(row_major(mask))],
            Self::Half => quadrants(mask),
            Self::Ascii => match (mask & UPPER, mask & !UPPER) {
                (_, 0) => '\'',
                (0, _) => '.',
                _ if mask.count_ones() <= 4 => ':',
                _ => '*',
            },
        }
    }
}

/// The dots of the upper half of a cell.
const UPPER: u8 = 0x01 | 0x02 | 0x08 | 0x10;

/// A braille mask with its bits row by row, as the tables of pixel characters want them.
fn row_major(mask: u8) -> u8 {
    const ORDER: [u8; 8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80];
    ORDER.iter().enumerate().fold(0, |bits, (i, dot)| if mask & dot == 0 { bits } else { bits | 1 << i })
}

/// The quadrants in which a braille mask has dots.
fn quadrants(mask: u8) -> char {
    let parts = [0x01 | 0x02, 0x08 | 0x10, 0x04 | 0x40, 0x20 | 0x80];
    QUADRANTS[parts.iter().enumerate().map(|(i, part)| usize::from(mask & part != 0) << i).sum::<usize>()]
}

/// The block characters that console fonts have.
const HALVES: [char; 5] = ['▀', '▄', '█', '▌', '▐'];

/// The halves of a cell in which a braille mask has dots.
fn halves(mask: u8) -> char {
    match quadrants(mask) {
        whole if HALVES.contains(&whole) => whole,
        _ if mask == 0 => ' ',
        _ => match (mask & UPPER != 0, mask & !UPPER != 0) {
            (true, true) => '█',
            (true, false) => '▀',
            _ => '▄',
        },
    }
}

/// Racer glyphs in ASCII.
const ASCII: [char; 12] = ['o', 'd', 'A', 'H', 'x', 's', 'v', 'q', 'a', 'h', 'y', 'z'];
/// So many racers have glyphs that are nothing but theirs.
const SOLID: usize = 7;
/// Dots on and off along a path where there are no colours, by racer; the first is solid.
const DASHES: [[usize; 2]; 12] =
    [[1, 0], [3, 1], [1, 2], [6, 2], [1, 1], [4, 2], [2, 2], [1, 3], [8, 4], [2, 4], [5, 3], [2, 6]];
/// The first racer with dashes where there are sixteen colours.
const DASHED_16: usize = 3;

impl Style {
    /// Whether everything but dots is ASCII.
    #[must_use]
    pub fn ascii(self) -> bool {
        self.marker == Marker::Ascii || self.glyphs != Glyphs::Any
    }

    /// Whether a character can be shown.
    fn shows(self, c: char) -> bool {
        match (self.marker, self.glyphs) {
            _ if c.is_ascii() => true,
            (Marker::Ascii, _) => false,
            (_, Glyphs::Any) => true,
            (_, Glyphs::Console) => HALVES.contains(&c),
            (_, Glyphs::Narrow) => ('\u{2800}'..='\u{28ff}').contains(&c),
        }
    }

    /// Replaces what cannot be shown, cell by cell of an area: a guarantee that holds whatever drew the cells.
    pub fn restrict(self, area: Rect, buf: &mut Buffer) {
        if !self.ascii() {
            return;
        }
        for at in area.intersection(buf.area).positions() {
            let Some(cell) = buf.cell_mut(at) else { continue };
            let mut seen = cell.symbol().chars();
            match (seen.next(), seen.next()) {
                (Some(c), None) if self.shows(c) => {}
                (Some(c), _) => drop(cell.set_char(ascii_cell(c))),
                (None, _) => {}
            }
        }
    }

    /// Whether there are no colours at all.
    #[must_use]
    pub fn colorless(self) -> bool {
        self.theme.depth == Depth::None
    }

    /// The glyph of a racer.
    #[must_use]
    pub fn glyph(self, racer: usize) -> char {
        if self.ascii() { ASCII[racer % ASCII.len()] } else { theme::glyph(racer) }
    }

    /// The glyph where a racer stands: its digit where no colour tells racers apart.
    #[must_use]
    pub fn head(self, racer: usize) -> char {
        let digit = u32::try_from(racer + 1).ok().and_then(|n| char::from_digit(n, 10));
        digit.filter(|_| self.colorless()).unwrap_or_else(|| self.glyph(racer))
    }

    /// The mark every ten steps.
    #[must_use]
    pub fn step_mark(self, racer: usize) -> char {
        match (self.colorless(), self.ascii()) {
            (true, _) => self.glyph(racer),
            (_, true) => '+',
            _ => '•',
        }
    }

    /// The mark of the start.
    #[must_use]
    pub fn start(self) -> char {
        if self.ascii() { 'O' } else { '○' }
    }

    /// The mark of the optimum.
    #[must_use]
    pub fn optimum(self) -> char {
        if self.ascii() { '@' } else { '◎' }
    }

    /// The mark of a racer that left the family.
    #[must_use]
    pub fn dead(self) -> char {
        if self.ascii() { 'X' } else { '✗' }
    }

    /// Whether the i-th dot of a racer's path is set: dashes tell racers apart where there are no colours, and from the
    /// fourth on where there are sixteen, of which few can be told apart in every palette.
    #[must_use]
    pub fn dash(self, racer: usize, i: usize) -> bool {
        let racer = racer % DASHES.len();
        let [on, off] = DASHES[racer];
        let dashed = match self.theme.depth {
            Depth::None => true,
            Depth::Ansi16 => racer >= DASHED_16,
            Depth::Ansi256 | Depth::True => false,
        };
        !dashed || i % (on + off) < on
    }

    /// The same for the older part of a path, which is dotted where sixteen colours have no paler ones.
    #[must_use]
    pub fn dash_past(self, racer: usize, i: usize) -> bool {
        self.dash(racer, i) && self.thin(i)
    }

    /// Whether the i-th dot of a line is set that is to stand back: every other one where there is no colour for that.
    /// Dim will not do: on white, many terminals paint dim black as black. Coarse dots would leave holes.
    #[must_use]
    pub fn thin(self, i: usize) -> bool {
        let fine = matches!(self.marker, Marker::Braille | Marker::Octant);
        !fine || self.theme.depth != Depth::Ansi16 || i.is_multiple_of(2)
    }

    /// The character of dots of a thin line.
    #[must_use]
    pub fn line(self, mask: u8) -> char {
        match (self.marker, self.glyphs) {
            (Marker::Half, Glyphs::Console) => halves(mask),
            (Marker::Half | Marker::Octant, Glyphs::Narrow) | (Marker::Braille | Marker::Octant, Glyphs::Console) => {
                Marker::Ascii.dots(mask)
            }
            _ => self.marker.dots(mask),
        }
    }

    /// The character of dots of a path: blocks where the weight is bold.
    #[must_use]
    pub fn path(self, mask: u8) -> char {
        if self.bold && !self.ascii() { Marker::Half.dots(mask) } else { self.line(mask) }
    }

    /// A role's style.
    #[must_use]
    pub fn role(self, role: Role) -> Cell {
        self.theme.style(role)
    }

    /// A racer's glyph where it stands: its colour, bold; but not in the eight colours that many terminals paint as
    /// others when they are bold.
    #[must_use]
    pub fn racer_bold(self, racer: usize) -> Cell {
        let style = self.theme.racer(racer, false);
        let brightened = matches!(style.fg, Some(Color::Indexed(0..8)));
        if brightened { style } else { style.add_modifier(Modifier::BOLD) }
    }

    /// The style of a mark.
    #[must_use]
    pub fn ink(self, ink: Ink) -> Cell {
        match ink {
            Ink::Role(role) => self.role(role),
            Ink::Past(racer) | Ink::Ahead(racer) => self.theme.racer(racer, true),
            Ink::Ring(_) if self.colorless() => self.role(Role::Contour),
            Ink::Racer(racer) | Ink::Ring(racer) => self.theme.racer(racer, false),
        }
    }

    /// The character of a sign.
    #[must_use]
    pub fn sign(self, sign: Sign) -> char {
        match sign {
            Sign::Start => self.start(),
            Sign::Optimum => self.optimum(),
            Sign::Head(racer) => self.head(racer),
            Sign::Dead(_) => self.dead(),
            Sign::Bead(racer) => self.step_mark(racer),
            Sign::Racer(racer) => self.glyph(racer),
            Sign::Below(_) if self.ascii() => 'v',
            Sign::Below(_) => '▾',
            Sign::Lowest if self.ascii() => 'x',
            Sign::Lowest => '×',
            Sign::Char(symbol, _) => symbol,
        }
    }

    /// A text in characters that can be shown.
    #[must_use]
    pub fn plain(self, text: &str) -> Cow<'_, str> {
        if !self.ascii() {
            return text.into();
        }
        // The hollow glyphs are signs of their own, too.
        let letter = |c: char| (0..SOLID).find(|racer| theme::glyph(*racer) == c).map_or(c, |racer| ASCII[racer]);
        ascii(&text.chars().map(letter).collect::<String>()).into_owned().into()
    }
}

/// A style that leaves no weight behind of what stood in the cell before: dim lines must not make a title dim.
fn fresh(style: Cell) -> Cell {
    Cell { sub_modifier: Modifier::all().difference(style.add_modifier), ..style }
}

/// Writes one character, one cell wide, if the cell is in the buffer. Colours that the style does not name stay.
pub fn put(buf: &mut Buffer, x: u16, y: u16, symbol: char, style: Cell) {
    if let Some(cell) = buf.cell_mut((x, y)) {
        cell.set_char(symbol).set_style(fresh(style));
    }
}

/// Blanks a rectangle.
pub fn blank(buf: &mut Buffer, area: Rect, style: Style) {
    let (area, whole) = (area.intersection(buf.area), buf.area);
    if area.is_empty() {
        return;
    }
    let mut blank = ratatui::buffer::Cell::EMPTY;
    blank.set_style(style.theme.ground());
    let left = usize::from(area.x - whole.x);
    let rows = buf.content.chunks_exact_mut(usize::from(whole.width)).skip(usize::from(area.y - whole.y));
    for row in rows.take(usize::from(area.height)) {
        row[left..left + usize::from(area.width)].fill(blank.clone());
    }
}

/// Writes a text into at most `width` cells; returns how many it took. Every text is sanitised here.
pub fn text(buf: &mut Buffer, x: u16, y: u16, text: &str, width: usize, style: Cell) -> usize {
    let inside = buf.area;
    if y < inside.top() || y >= inside.bottom() || x < inside.left() || x >= inside.right() {
        return 0;
    }
    let (words, style) = (clean(text), fresh(style));
    if printable(&words) {
        let taken = words.len().min(width).min(usize::from(inside.right() - x));
        let first = buf.index_of(x, y);
        for (cell, symbol) in buf.content[first..first + taken].iter_mut().zip(words.chars()) {
            cell.set_char(symbol).set_style(style);
        }
        return taken;
    }
    let (end, _) = buf.set_stringn(x, y, words, width, style);
    usize::from(end - x)
}

/// The inside a frame.
#[must_use]
pub fn inner(area: Rect) -> Rect {
    if area.width < 2 || area.height < 2 {
        return Rect { width: 0, height: 0, ..area };
    }
    Rect { x: area.x + 1, y: area.y + 1, width: area.width - 2, height: area.height - 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_marker_has_a_character_for_every_mask() {
        for marker in Marker::ALL {
            assert_eq!(marker.dots(0), ' ');
            for mask in 1..=255 {
                assert_ne!(marker.dots(mask), ' ', "{marker:?} {mask}");
            }
        }
        assert_eq!(Marker::Half.dots(0x01 | 0x40), '▌');
        assert_eq!(Marker::Octant.dots(0xff), '█');
    }
}
