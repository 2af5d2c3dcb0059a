//! The terminal's pen: its colours and weight, and the fewest bytes that change them.
//!
//! `encode` moves it.

use ratatui::buffer::{Cell, CellWidth};
use ratatui::style::{Color, Modifier};

/// The known state of the terminal's pen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pen {
    /// Where it writes next, column and row, if that is known.
    pub at: Option<(u16, u16)>,
    pub fg: Color,
    pub bg: Color,
    pub modifier: Modifier,
}

impl Pen {
    /// A pen after a reset, at an unknown position.
    pub const RESET: Self = Self { at: None, fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };
}

/// The weight of a cell: bold, dim or plain, since terminals differ on the two combined. No other
/// attribute is sent.
pub const fn weight(cell: &Cell) -> Modifier {
    if cell.modifier.contains(Modifier::BOLD) { Modifier::BOLD } else { cell.modifier.intersection(Modifier::DIM) }
}

/// What a cell shows. No control character gets past this point, whatever wrote the cell.
pub fn text(cell: &Cell) -> &str {
    let symbol = cell.symbol();
    if symbol.is_empty() || symbol.chars().any(char::is_control) { " " } else { symbol }
}

/// A number for each colour: equal colours have equal numbers.
pub fn shade(color: Color) -> u32 {
    match color {
        Color::Reset => 0,
        Color::Rgb(r, g, b) => u32::from_be_bytes([1, r, g, b]),
        other => 1 + u32::from(index(other)),
    }
}

/// How many columns a cell's character takes. Unicode's table is consulted only for what is neither ASCII, nor a box or
/// block (U+2500 to U+25BF), nor braille: nearly all of a frame consists of these, and they are narrow.
pub fn columns(cell: &Cell) -> usize {
    match cell.symbol().as_bytes() {
        [_] | [0xE2, 0x94..=0x96 | 0xA0..=0xA3, _] => 1,
        _ => usize::from(text(cell).cell_width().max(1)),
    }
}

/// Whether two cells look the same on screen, as far as they are sent: a blank has no colour but its background.
pub fn same(a: &Cell, b: &Cell) -> bool {
    let symbol = a.symbol();
    symbol == b.symbol() && a.bg == b.bg && (symbol == " " || (a.fg == b.fg && weight(a) == weight(b)))
}

/// What is sent of a cell.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    pub text: &'a str,
    pub fg: Color,
    pub bg: Color,
    pub modifier: Modifier,
}

impl<'a> Look<'a> {
    pub fn of(cell: &'a Cell) -> Self {
        Self { text: text(cell), fg: cell.fg, bg: cell.bg, modifier: weight(cell) }
    }
}

/// Quadrants, each with its complement.
pub const QUADRANTS: [[&str; 2]; 7] =
    [["▘", "▟"], ["▝", "▙"], ["▖", "▜"], ["▗", "▛"], ["▀", "▄"], ["▌", "▐"], ["▚", "▞"]];

/// The same look in fewer bytes: a quadrant equals its complement with the colours swapped.
pub fn cheaper<'a>(pen: &Pen, look: Look<'a>) -> Look<'a> {
    let bytes = look.text.as_bytes();
    if bytes.len() != 3 || bytes[..2] != [0xE2, 0x96] {
        return look;
    }
    let Some(other) = QUADRANTS.iter().find_map(|[a, b]| match look.text {
        text if text == *a => Some(*b),
        text if text == *b => Some(*a),
        _ => None,
    }) else {
        return look;
    };
    let bytes = |fg: Color, bg: Color| usize::from(fg != pen.fg) * cost(fg) + usize::from(bg != pen.bg) * cost(bg);
    if bytes(look.bg, look.fg) < bytes(look.fg, look.bg) {
        Look { text: other, fg: look.bg, bg: look.fg, ..look }
    } else {
        look
    }
}

/// About how many bytes a colour takes.
fn cost(color: Color) -> usize {
    match color {
        Color::Rgb(r, g, b) => 8 + [r, g, b].map(|part| digits(usize::from(part))).iter().sum::<usize>(),
        Color::Reset => 3,
        other => {
            if index(other) < 16 {
                3
            } else {
                6 + digits(usize::from(index(other)))
            }
        }
    }
}

/// How many digits a number has.
pub const fn digits(n: usize) -> usize {
    match n {
        0..=9 => 1,
        10..=99 => 2,
        _ => 3,
    }
}

/// Appends a sequence with one number.
pub fn number(out: &mut Vec<u8>, before: &[u8], n: usize, after: u8) {
    out.extend_from_slice(before);
    decimal(out, n);
    out.push(after);
}

/// Appends a number.
pub fn decimal(out: &mut Vec<u8>, n: usize) {
    if n >= 10 {
        decimal(out, n / 10);
    }
    out.push(b'0' + (n % 10) as u8);
}

/// Changes the pen to a look, in the fewest bytes.
pub fn style(out: &mut Vec<u8>, pen: &mut Pen, look: Look<'_>) {
    // A space shows neither colour nor weight: the pen keeps its own.
    let blank = look.text == " ";
    let (fg, modifier) = if blank { (pen.fg, pen.modifier) } else { (look.fg, look.modifier) };
    if (fg, look.bg, modifier) == (pen.fg, pen.bg, pen.modifier) {
        return;
    }
    out.extend_from_slice(b"\x1b[");
    let start = out.len();
    let next = |out: &mut Vec<u8>| {
        if out.len() > start {
            out.push(b';');
        }
    };
    if modifier != pen.modifier {
        next(out);
        let codes: &[u8] = match (pen.modifier, modifier) {
            (Modifier::DIM, Modifier::BOLD) => b"22;1",
            (Modifier::BOLD, Modifier::DIM) => b"22;2",
            (_, Modifier::BOLD) => b"1",
            (_, Modifier::DIM) => b"2",
            _ => b"22",
        };
        out.extend_from_slice(codes);
    }
    if fg != pen.fg {
        next(out);
        color(out, fg, 30);
    }
    if look.bg != pen.bg {
        next(out);
        color(out, look.bg, 40);
    }
    out.push(b'm');
    (pen.fg, pen.bg, pen.modifier) = (fg, look.bg, modifier);
}

/// A colour's parameters; `base` is 30 for the foreground, 40 for the background.
fn color(out: &mut Vec<u8>, color: Color, base: usize) {
    match color {
        Color::Rgb(r, g, b) => {
            decimal(out, base + 8);
            out.extend_from_slice(b";2");
            for part in [r, g, b] {
                out.push(b';');
                decimal(out, usize::from(part));
            }
        }
        Color::Reset => decimal(out, base + 9),
        other => match usize::from(index(other)) {
            n @ 0..8 => decimal(out, base + n),
            n @ 8..16 => decimal(out, base + 60 + n - 8),
            n => {
                decimal(out, base + 8);
                out.extend_from_slice(b";5;");
                decimal(out, n);
            }
        },
    }
}

/// The index of a colour in the palette.
pub const fn index(color: Color) -> u8 {
    match color {
        Color::Indexed(n) => n,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray | Color::Reset | Color::Rgb(..) => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
    }
}
