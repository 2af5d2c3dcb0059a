//! The fewest bytes that turn what the terminal shows into a picture.
//!
//! Foreground, background and weight are sent separately and only when they change; runs of unchanged cells are jumped
//! over, long runs of one look are erased, or repeated if the terminal is known to support it. If little changes, cells
//! are written by colour rather than by row: a jump is cheaper than two colours. Which cells have changed is not decided
//! here (`screen`), nor what the terminal supports (`depth`).

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::Color;

use super::depth::Capabilities;
use super::pen::{Look, Pen, cheaper, columns, decimal, digits, number, shade, style, text, weight};

/// Up to this many pieces are written by colour.
const FEW: usize = 800;

/// Appends what makes the terminal show the changed cells of a picture, given by their indices in ascending order.
/// Returns the pen afterwards.
pub fn encode(out: &mut Vec<u8>, mut pen: Pen, picture: &Buffer, changed: &[usize], able: Capabilities) -> Pen {
    pen.at = None;
    let width = usize::from(picture.area.width).max(1);
    let row = |y: usize| &picture.content[y * width..(y + 1) * width];
    let mut pieces = Vec::with_capacity(changed.len().min(FEW));
    for changed in changed.chunk_by(|a, b| a / width == b / width) {
        let y = changed[0] / width;
        split(&mut pieces, row(y), y, changed);
    }
    if pieces.len() <= FEW {
        pieces.sort_by_cached_key(|piece| {
            let cell = &row(piece.y)[piece.x];
            // A blank has no colour but its background.
            let ink = if text(cell) == " " { (0, 0) } else { (1 + shade(cell.fg), weight(cell).bits()) };
            // The pen's current colours come first.
            let other = (cell.bg != pen.bg, ink.0 > 0 && cell.fg != pen.fg);
            (other.0, shade(cell.bg), other.1, ink, piece.y, piece.x)
        });
    }
    for piece in pieces {
        piece.write(out, &mut pen, row(piece.y), able);
    }
    pen
}

/// The background that most blank cells of a picture have, if the terminal erases with a background; else its own.
pub fn ground(picture: &Buffer, able: Capabilities) -> Color {
    let mut counts: Vec<(Color, usize)> = Vec::new();
    for cell in picture.content.iter().filter(|cell| able.erases_with_ground && text(cell) == " ") {
        match counts.iter_mut().find(|(ground, _)| *ground == cell.bg) {
            Some((_, count)) => *count += 1,
            None => counts.push((cell.bg, 1)),
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map_or(Color::Reset, |(ground, _)| ground)
}

/// Clears the screen to a background, whatever state the terminal's pen is in. Returns the pen afterwards.
pub fn clear(out: &mut Vec<u8>, ground: Color) -> Pen {
    let (mut pen, mut blank) = (Pen::RESET, Cell::EMPTY);
    blank.bg = ground;
    out.extend_from_slice(b"\x1b[0m");
    style(out, &mut pen, Look::of(&blank));
    out.extend_from_slice(b"\x1b[2J");
    pen
}

/// Splits the changed cells of a row, of which there is at least one, into pieces. Unchanged cells are rewritten only
/// between changed ones that look the same.
fn split(pieces: &mut Vec<Piece>, row: &[Cell], y: usize, changed: &[usize]) {
    // Columns before this one belong to a piece.
    let (start, mut done) = (y * row.len(), 0);
    for (i, index) in changed.iter().enumerate() {
        let x = index - start;
        if x < done {
            continue;
        }
        let wide = columns(&row[x]);
        let run = if wide > 1 {
            1
        } else {
            let alike = row[x..].iter().take_while(|cell| looks_alike(cell, &row[x])).count();
            changed[i..].iter().take_while(|other| *other - index < alike).last().map_or(1, |last| last - index + 1)
        };
        done = (x + run.max(wide)).min(row.len());
        pieces.push(Piece { x, y, run, end: done });
    }
}

/// Cells of a row that look alike.
#[derive(Debug)]
struct Piece {
    x: usize,
    y: usize,
    /// How many there are.
    run: usize,
    /// The column after them.
    end: usize,
}

impl Piece {
    /// Writes the cells of the piece, which are in this row.
    fn write(&self, out: &mut Vec<u8>, pen: &mut Pen, row: &[Cell], able: Capabilities) {
        let &Self { x, y, run, end } = self;
        let (is, y) = (&row[x], narrow(y));
        go(out, pen, row, x, y);
        let look = Look::of(is);
        let blank = look.text == " ";
        let look = if blank || !able.turns { look } else { cheaper(pen, look) };
        style(out, pen, look);
        // After the last column the cursor is in the margin: where exactly depends on the terminal.
        pen.at = (end < row.len()).then_some((narrow(end), y));
        let erases = blank && (able.erases_with_ground || is.bg == Color::Reset);
        if erases && end == row.len() && run > 3 {
            pen.at = Some((narrow(x), y));
            out.extend_from_slice(b"\x1b[K");
        } else if able.repeats && (run - 1) * look.text.len() > 3 + digits(run - 1) {
            out.extend_from_slice(look.text.as_bytes());
            number(out, b"\x1b[", run - 1, b'b');
        } else if erases && run > 2 * (3 + digits(run)) {
            // The cursor stays where it is: the next jump crosses the run.
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
            let cost = |n: usize| if n == 0 { 0 } else { 3 + if n == 1 { 0 } else { digits(n) } };
            if cost(down) + if back { across } else { cost(across) } < jump {
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

/// Whether a cell is one ASCII character in the pen's style; a blank has no colour but its background.
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
