//! The fewest bytes that turn one buffer of cells into another.
//!
//! Foreground, background and weight are sent apart and only when they change; runs of unchanged cells are jumped over.

use std::io::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// What the terminal's pen is known to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pen {
    at: Option<(u16, u16)>,
    fg: Color,
    bg: Color,
    modifier: Modifier,
}

/// The weight of a cell: bold, dim or plain, since terminals differ on what bold and dim together are. Nothing else is
/// sent.
const fn weight(cell: &Cell) -> Modifier {
    if cell.modifier.contains(Modifier::BOLD) { Modifier::BOLD } else { cell.modifier.intersection(Modifier::DIM) }
}

impl Pen {
    /// A pen after a reset, of unknown place.
    pub const RESET: Self = Self { at: None, fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };
}

/// Appends what changes `old` into `new`, two buffers of one area; everything if `all`. Gives back the pen afterwards.
pub fn encode(out: &mut Vec<u8>, mut pen: Pen, old: &Buffer, new: &Buffer, all: bool) -> Pen {
    pen.at = None;
    let width = usize::from(new.area.width);
    if width == 0 {
        return pen;
    }
    let rows = old.content.chunks(width).zip(new.content.chunks(width));
    for (y, (old, new)) in (0u16..).zip(rows) {
        row(out, &mut pen, y, old, new, all);
    }
    pen
}

fn row(out: &mut Vec<u8>, pen: &mut Pen, y: u16, old: &[Cell], new: &[Cell], all: bool) {
    // Where the last visible character ends, in the old row and in the new one: wide ones cover the cell after them.
    let (mut old_end, mut new_end) = (0, 0);
    for (x, (was, is)) in old.iter().zip(new).enumerate() {
        let covered = x < old_end;
        if !covered {
            old_end = x + columns(was);
        }
        if x < new_end {
            continue;
        }
        let changed = covered || was != is;
        new_end = if changed { x + columns(is) } else { old_end }.min(new.len());
        if all || changed {
            go(out, pen, new, x, y);
            style(out, pen, is);
            out.extend_from_slice(text(is).as_bytes());
            // After the last column the cursor hangs in the margin: where, depends on the terminal.
            pen.at = (new_end < new.len()).then_some((narrow(new_end), y));
        }
    }
}

/// Moves to a cell by whichever is shorter: writing the cells on the way again, or a jump.
fn go(out: &mut Vec<u8>, pen: &mut Pen, row: &[Cell], x: usize, y: u16) {
    match pen.at {
        Some((column, line)) if line == y && usize::from(column) == x => {}
        Some((column, line)) if line == y && usize::from(column) < x => {
            let between = &row[usize::from(column)..x];
            if between.len() <= 3 && between.iter().all(|cell| plain(cell, pen)) {
                for cell in between {
                    out.extend_from_slice(text(cell).as_bytes());
                }
            } else if between.len() == 1 {
                out.extend_from_slice(b"\x1b[C");
            } else {
                let _ = write!(out, "\x1b[{}C", between.len());
            }
        }
        Some((_, line)) if x == 0 && line + 1 == y => out.extend_from_slice(b"\r\n"),
        _ if x == 0 => drop(write!(out, "\x1b[{}H", y + 1)),
        _ => drop(write!(out, "\x1b[{};{}H", y + 1, x + 1)),
    }
}

/// Whether a cell is one ASCII character in the pen's style.
fn plain(cell: &Cell, pen: &Pen) -> bool {
    let same = cell.fg == pen.fg && cell.bg == pen.bg && weight(cell) == pen.modifier;
    same && matches!(text(cell).as_bytes(), [b' '..=b'~'])
}

fn style(out: &mut Vec<u8>, pen: &mut Pen, cell: &Cell) {
    // A space shows neither colour nor weight: the pen keeps those it has.
    let blank = text(cell) == " ";
    let (fg, modifier) = if blank { (pen.fg, pen.modifier) } else { (cell.fg, weight(cell)) };
    if (fg, cell.bg, modifier) == (pen.fg, pen.bg, pen.modifier) {
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
    if cell.bg != pen.bg {
        next(out);
        color(out, cell.bg, 40);
    }
    out.push(b'm');
    (pen.fg, pen.bg, pen.modifier) = (fg, cell.bg, modifier);
}

/// A colour's parameters; `base` is 30 for the foreground, 40 for the background.
fn color(out: &mut Vec<u8>, color: Color, base: u8) {
    let _ = match color {
        Color::Rgb(r, g, b) => write!(out, "{};2;{r};{g};{b}", base + 8),
        Color::Reset => write!(out, "{}", base + 9),
        other => match index(other) {
            n @ 0..8 => write!(out, "{}", base + n),
            n @ 8..16 => write!(out, "{}", base + 60 + n - 8),
            n => write!(out, "{};5;{n}", base + 8),
        },
    };
}

/// The place of a colour in the palette.
const fn index(color: Color) -> u8 {
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

/// What a cell shows. No control character gets past this point, whatever wrote the cell.
fn text(cell: &Cell) -> &str {
    let symbol = cell.symbol();
    if symbol.is_empty() || symbol.chars().any(char::is_control) { " " } else { symbol }
}

/// How many columns a cell's character takes. The table is asked only for what is neither ASCII, nor a box or block
/// (U+2500 to U+25BF), nor braille: a frame is nearly all of these, and they are narrow.
fn columns(cell: &Cell) -> usize {
    match cell.symbol().as_bytes() {
        [_] | [0xE2, 0x94..=0x96 | 0xA0..=0xA3, _] => 1,
        _ => text(cell).width().max(1),
    }
}

fn narrow(x: usize) -> u16 {
    u16::try_from(x).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU16;

    use proptest::prelude::*;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    const SIZE: (u16, u16) = (17, 5);

    fn shown(parser: &vt100::Parser, buffer: &Buffer) -> Result<(), TestCaseError> {
        for (y, x) in (0..SIZE.1).flat_map(|y| (0..SIZE.0).map(move |x| (y, x))) {
            let cell = &buffer[(x, y)];
            let Some(seen) = parser.screen().cell(y, x) else { continue };
            if seen.is_wide_continuation() {
                continue;
            }
            let contents = if seen.contents().is_empty() { " " } else { seen.contents() };
            prop_assert_eq!(contents, text(cell), "text at {},{}", x, y);
            let named = |color: Color| match color {
                Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
                Color::Reset => vt100::Color::Default,
                other => vt100::Color::Idx(index(other)),
            };
            prop_assert_eq!(seen.bgcolor(), named(cell.bg), "ground at {},{}", x, y);
            if contents != " " {
                prop_assert_eq!(seen.fgcolor(), named(cell.fg), "colour at {},{}", x, y);
                prop_assert_eq!(seen.bold(), weight(cell) == Modifier::BOLD, "bold at {},{}", x, y);
                prop_assert_eq!(seen.dim(), weight(cell) == Modifier::DIM, "dim at {},{}", x, y);
            }
        }
        Ok(())
    }

    fn picture() -> impl Strategy<Value = Buffer> {
        let colors = prop_oneof![
            Just(Color::Reset),
            Just(Color::Indexed(3)),
            Just(Color::Indexed(12)),
            Just(Color::Indexed(200)),
            Just(Color::Rgb(1, 2, 3)),
        ];
        let weights = prop_oneof![Just(Modifier::empty()), Just(Modifier::BOLD), Just(Modifier::DIM)];
        let words = prop_oneof![Just("a"), Just("⣿"), Just("  "), Just("漢字"), Just("x漢"), Just("abcdef")];
        let stroke = (0..SIZE.0, 0..SIZE.1, words, colors.clone(), colors, weights);
        prop::collection::vec(stroke, 0..40).prop_map(|strokes| {
            let mut buffer = Buffer::empty(Rect::new(0, 0, SIZE.0, SIZE.1));
            for (x, y, word, fg, bg, weight) in strokes {
                buffer.set_string(x, y, word, Style::new().fg(fg).bg(bg).add_modifier(weight));
            }
            buffer
        })
    }

    proptest! {
        #[test]
        fn terminal_shows_the_buffer_after_every_frame(frames in prop::collection::vec(picture(), 1..6)) {
            let size = |n| NonZeroU16::new(n).unwrap_or(NonZeroU16::MIN);
            let mut parser = vt100::Parser::new(size(SIZE.1), size(SIZE.0), 0);
            let mut old = Buffer::empty(frames[0].area);
            let mut pen = Pen::RESET;
            for (i, new) in frames.iter().enumerate() {
                let mut bytes = Vec::new();
                pen = encode(&mut bytes, pen, &old, new, i == 0);
                parser.process(&bytes);
                shown(&parser, new)?;
                let mut again = Vec::new();
                encode(&mut again, pen, new, new, false);
                prop_assert!(again.is_empty());
                old = new.clone();
            }
        }
    }
}
