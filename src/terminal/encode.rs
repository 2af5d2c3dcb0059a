//! The fewest bytes that turn what the terminal shows into a picture.
//!
//! Foreground, background and weight are sent separately and only when they change; runs of unchanged cells are jumped
//! over, long runs of one look are erased or repeated if the terminal is known to support it. If little changes it is
//! written by colour rather than by row: a jump is cheaper than two colours. `depth` knows what the terminal supports,
//! the canvas where to look.

use std::ops::Range;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Color;

use super::depth::Capabilities;
use super::pen::{Look, Pen, cheaper, decimal, digits, number, style, text, weight};
use super::shown::{Print, Shown, columns, shade};
use crate::view::Canvas;

/// Appends what changes `old` into `new`, of one size, where `new` may differ (everywhere, if it is to be shown as
/// a `whole`), and updates `old`. Returns the pen afterwards.
///
/// A cell that differs must be touched, and of a wide character both cells.
pub fn encode(
    out: &mut Vec<u8>,
    mut pen: Pen,
    old: &mut Shown,
    (new, whole): (&Canvas, bool),
    able: Capabilities,
) -> Pen {
    pen.at = None;
    let area = new.buffer().area;
    let width = usize::from(area.width);
    if width == 0 || old.size != (area.width, area.height) {
        return pen;
    }
    let mut pieces = Vec::new();
    let rows = old.cells.chunks_mut(width).zip(new.buffer().content.chunks(width));
    for (y, (old, new_row)) in rows.enumerate() {
        let mut row = Row { y, old, new: new_row, old_end: 0, new_end: 0, done: 0 };
        if whole {
            row.span(&mut pieces, 0..width);
        } else {
            new.touched(y).for_each(|span| row.span(&mut pieces, span));
        }
    }
    if pieces.len() <= FEW {
        pieces.sort_by_cached_key(|piece| {
            let cell = &new.buffer().content[piece.y * width + piece.x];
            // A blank has no colour but its ground.
            let ink = if text(cell) == " " { (0, 0) } else { (1 + shade(cell.fg), weight(cell).bits()) };
            // The pen's current colours come first.
            let other = (cell.bg != pen.bg, ink.0 > 0 && cell.fg != pen.fg);
            (other.0, shade(cell.bg), other.1, ink, piece.y, piece.x)
        });
    }
    for piece in pieces {
        let row = piece.y * width;
        piece.write(out, &mut pen, &new.buffer().content[row..row + width], able);
    }
    pen
}

/// Up to this many pieces are written by colour.
const FEW: usize = 800;

/// Clears the screen to the ground that most blank cells of a picture have, where the terminal erases in colours, else
/// to its own, and returns the pen and the ground.
pub fn clear(out: &mut Vec<u8>, new: &Buffer, able: Capabilities) -> (Pen, Color) {
    let mut pen = Pen::RESET;
    let mut counts: Vec<(Color, usize)> = Vec::new();
    for cell in new.content.iter().filter(|cell| able.erases_with_ground && text(cell) == " ") {
        match counts.iter_mut().find(|(ground, _)| *ground == cell.bg) {
            Some((_, count)) => *count += 1,
            None => counts.push((cell.bg, 1)),
        }
    }
    let ground = counts.into_iter().max_by_key(|(_, count)| *count).map_or(Color::Reset, |(ground, _)| ground);
    out.extend_from_slice(b"\x1b[0m");
    let mut blank = Cell::EMPTY;
    blank.bg = ground;
    style(out, &mut pen, Look::of(&blank));
    out.extend_from_slice(b"\x1b[2J");
    (pen, ground)
}

/// A row on its way from old to new.
struct Row<'a> {
    y: usize,
    old: &'a mut [Print],
    new: &'a [Cell],
    /// Where the last visible character ends, in the old row and in the new one: wide ones cover the cell after them.
    old_end: usize,
    new_end: usize,
    /// Cells before this one belong to a piece.
    done: usize,
}

impl Row<'_> {
    fn span(&mut self, pieces: &mut Vec<Piece>, span: Range<usize>) {
        if span.start > self.old_end && self.old[span.start - 1].columns() > 1 {
            (self.old_end, self.new_end) = (span.start + 1, span.start + 1);
        }
        for x in span {
            let (was, is) = (&self.old[x], &self.new[x]);
            let differs = !was.shows(is);
            let covered = x < self.old_end;
            if !covered {
                self.old_end = x + was.columns();
            }
            if x >= self.new_end {
                let changed = covered || differs;
                let end = if changed { x + columns(is) } else { self.old_end };
                self.new_end = end.min(self.new.len());
                if changed && x >= self.done {
                    pieces.push(self.piece(x));
                }
            }
            if differs {
                self.old[x] = Print::of(is);
            }
        }
    }

    /// A cell to be written, and with it those after it that look alike.
    fn piece(&mut self, x: usize) -> Piece {
        let is = &self.new[x];
        let alike = |cell: &&Cell| looks_alike(cell, is);
        // Unchanged cells are rewritten only between changed ones.
        let most = self.new[x..].iter().take_while(alike).count();
        let changed = |i: &usize| !self.old[x + i].shows(&self.new[x + i]);
        let run = if columns(is) > 1 { 1 } else { 1 + (1..most).rev().find(changed).unwrap_or(0) };
        self.done = if run > 1 { x + run } else { self.new_end };
        Piece { x, y: self.y, run, end: self.done }
    }
}

/// Cells of a row that look alike.
struct Piece {
    x: usize,
    y: usize,
    /// How many there are.
    run: usize,
    /// The column after them.
    end: usize,
}

impl Piece {
    /// Writes the cells, which are in this row of the new buffer.
    fn write(&self, out: &mut Vec<u8>, pen: &mut Pen, row: &[Cell], able: Capabilities) {
        let &Self { x, y, run, end } = self;
        let (is, y) = (&row[x], narrow(y));
        go(out, pen, row, x, y);
        let look = Look::of(is);
        let blank = look.text == " ";
        let look = if blank { look } else { cheaper(pen, look) };
        style(out, pen, look);
        // After the last column the cursor hangs in the margin: where, depends on the terminal.
        pen.at = (end < row.len()).then_some((narrow(end), y));
        let erases = blank && (able.erases_with_ground || is.bg == Color::Reset);
        if erases && end == row.len() && run > 3 {
            pen.at = Some((narrow(x), y));
            out.extend_from_slice(b"\x1b[K");
        } else if able.repeats && (run - 1) * look.text.len() > 3 + digits(run - 1) {
            out.extend_from_slice(look.text.as_bytes());
            number(out, b"\x1b[", run - 1, b'b');
        } else if erases && run > 2 * (3 + digits(run)) {
            // The cursor stays: the next jump crosses the run.
            pen.at = Some((narrow(x), y));
            number(out, b"\x1b[", run, b'X');
        } else {
            (0..run).for_each(|_| out.extend_from_slice(look.text.as_bytes()));
        }
    }
}

/// Whether two cells look the same and are one column wide.
fn looks_alike(a: &Cell, b: &Cell) -> bool {
    let (a_text, b_text) = (text(a), text(b));
    a_text == b_text && a.bg == b.bg && (b_text == " " || (a.fg == b.fg && weight(a) == weight(b)))
}

/// Moves to a cell by whichever is shortest: rewriting the cells in between, a step, or a jump.
fn go(out: &mut Vec<u8>, pen: &mut Pen, row: &[Cell], x: usize, y: u16) {
    let here = pen.at.map(|(column, line)| (usize::from(column), usize::from(line)));
    let line = usize::from(y);
    let jump = 4 + digits(line + 1) + if x == 0 { 0 } else { digits(x + 1) };
    match here {
        Some((column, at)) if at == line && column == x => return,
        Some((column, at)) if at == line && column < x => {
            let between = &row[column..x];
            if between.len() <= 3 && between.iter().all(|cell| plain(cell, pen)) {
                between.iter().for_each(|cell| out.extend_from_slice(text(cell).as_bytes()));
            } else {
                steps(out, x - column, b'C');
            }
            return;
        }
        Some((_, at)) if at + 1 == line && x < 10 => {
            out.extend_from_slice(b"\r\n");
            if x > 0 {
                steps(out, x, b'C');
            }
            return;
        }
        Some((column, at)) if at < line => {
            let (down, across) = (line - at, x.abs_diff(column));
            let back = x < column && across <= 3;
            let price = |n: usize| if n == 0 { 0 } else { 3 + if n == 1 { 0 } else { digits(n) } };
            if price(down) + if back { across } else { price(across) } < jump {
                steps(out, down, b'B');
                match (back, x < column, across) {
                    (_, _, 0) => {}
                    (true, ..) => (0..across).for_each(|_| out.push(8)),
                    (_, left, _) => steps(out, across, if left { b'D' } else { b'C' }),
                }
                return;
            }
        }
        _ => {}
    }
    out.extend_from_slice(b"\x1b[");
    decimal(out, line + 1);
    if x > 0 {
        out.push(b';');
        decimal(out, x + 1);
    }
    out.push(b'H');
}

/// This many steps in a direction, at least one.
fn steps(out: &mut Vec<u8>, n: usize, direction: u8) {
    if n == 1 {
        out.extend_from_slice(&[0x1b, b'[', direction]);
    } else {
        number(out, b"\x1b[", n, direction);
    }
}

/// Whether a cell is one ASCII character in the pen's style; a blank has no colour but its ground.
fn plain(cell: &Cell, pen: &Pen) -> bool {
    match text(cell).as_bytes() {
        [b' '] => cell.bg == pen.bg,
        [b'!'..=b'~'] => cell.fg == pen.fg && cell.bg == pen.bg && weight(cell) == pen.modifier,
        _ => false,
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
    use ratatui::style::{Modifier, Style};

    use super::super::pen::{QUADRANTS, index};
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
            let named = |color: Color| match color {
                Color::Rgb(r, g, b) => vt100::Color::Rgb(r, g, b),
                Color::Reset => vt100::Color::Default,
                other => vt100::Color::Idx(index(other)),
            };
            // A quadrant and what it leaves free with the colours exchanged are one picture.
            let turned = QUADRANTS.iter().any(|pair| pair.contains(&contents) && pair.contains(&text(cell)));
            if turned && contents != text(cell) {
                prop_assert_eq!((seen.bgcolor(), seen.fgcolor()), (named(cell.fg), named(cell.bg)), "at {},{}", x, y);
                continue;
            }
            prop_assert_eq!(contents, text(cell), "text at {},{}", x, y);
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
        let words = prop_oneof![
            Just("a"),
            Just("⣿"),
            Just("  "),
            Just("漢字"),
            Just("x漢"),
            Just("abcdef"),
            Just("        "),
            Just("─────────"),
            Just("▌▌▐▐▘▟")
        ];
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
        fn terminal_shows_the_buffer_after_every_frame(
            frames in prop::collection::vec(picture(), 1..6),
            able in (any::<bool>(), any::<bool>()),
        ) {
            let able = Capabilities { erases_with_ground: able.0, repeats: able.1 };
            let size = |n| NonZeroU16::new(n).unwrap_or(NonZeroU16::MIN);
            let mut parser = vt100::Parser::new(size(SIZE.1), size(SIZE.0), 0);
            // What the terminal showed before is unknown.
            parser.process(b"\x1b[45mremains\r\nof a shell");
            let mut bytes = Vec::new();
            let (mut pen, ground) = clear(&mut bytes, &frames[0], able);
            let mut old = Shown::new(SIZE);
            old.blank(ground);
            for (i, new) in frames.iter().enumerate() {
                // Whole rows in which something differs, or, at first, everything.
                let mut canvas = Canvas::of(new.clone());
                canvas.settle();
                if i > 0 {
                    let width = usize::from(SIZE.0);
                    for y in (0..SIZE.1).filter(|y| {
                        let row = usize::from(*y) * width..(usize::from(*y) + 1) * width;
                        frames[i - 1].content[row.clone()] != new.content[row]
                    }) {
                        canvas.touch(Rect::new(0, y, SIZE.0, 1));
                    }
                }
                pen = encode(&mut bytes, pen, &mut old, (&canvas, i == 0), able);
                parser.process(&bytes);
                shown(&parser, new)?;
                prop_assert!(old.cells.iter().zip(&new.content).all(|(old, new)| old.shows(new)));
                let mut again = Vec::new();
                encode(&mut again, pen, &mut old, (&canvas, true), able);
                prop_assert!(again.is_empty());
                bytes.clear();
            }
        }
    }
}
