//! A screen as lines, for files, pipes and dumb terminals: plain, or with its colours.

use ratatui::buffer::{Buffer, Cell};

use super::pen::{Look, Pen, columns, style};

use super::{clamp, empty};
use crate::app::App;
use crate::screen::{Cache, still};

/// The app's finished screen as plain text.
#[must_use]
pub fn plain(app: &App, size: (u16, u16)) -> String {
    text(&still(app, &mut Cache::default(), empty(clamp(size)).area))
}

/// Cells without escape sequences, trailing spaces trimmed.
#[must_use]
pub fn text(cells: &Buffer) -> String {
    let mut text = String::new();
    for row in rows(cells) {
        let line: String = row.map(Cell::symbol).collect();
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Cells with their colours and weights and no other escape sequence. Each line ends with the colours reset, so
/// that none runs on after it.
#[must_use]
pub fn ansi(cells: &Buffer) -> Vec<u8> {
    let mut out = Vec::new();
    for row in rows(cells) {
        let mut pen = Pen::RESET;
        for cell in row {
            let look = Look::of(cell);
            style(&mut out, &mut pen, look);
            out.extend_from_slice(look.text.as_bytes());
        }
        out.extend_from_slice(if pen == Pen::RESET { b"\n" } else { b"\x1b[0m\n" });
    }
    out
}

/// The rows, without the cells that a wide character before them covers.
fn rows(cells: &Buffer) -> impl Iterator<Item = impl Iterator<Item = &Cell>> {
    let rows = cells.content.chunks(usize::from(cells.area.width).max(1));
    rows.map(|row| {
        let mut rest = row.iter();
        std::iter::from_fn(move || {
            let cell = rest.next()?;
            (1..columns(cell)).for_each(|_| {
                rest.next();
            });
            Some(cell)
        })
    })
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU16;

    use ratatui::style::{Color, Modifier, Style};

    use super::*;

    #[test]
    fn a_line_with_colours_shows_the_cells_and_ends_without_them() {
        let mut cells = empty((8, 2));
        cells.set_string(
            1,
            0,
            "a漢b",
            Style::new().fg(Color::Indexed(9)).bg(Color::Rgb(1, 2, 3)).add_modifier(Modifier::BOLD),
        );
        let bytes = ansi(&cells);
        let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
        assert!(lines[1] == b"        " && lines[0].contains(&b'm'), "{lines:?}");
        let size = |n| NonZeroU16::new(n).unwrap_or(NonZeroU16::MIN);
        let mut parser = vt100::Parser::new(size(2), size(8), 0);
        parser.process(&String::from_utf8_lossy(&bytes[..bytes.len() - 1]).replace('\n', "\r\n").into_bytes());
        assert_eq!(parser.screen().contents().trim_end(), text(&cells).trim_end());
        let seen = |x| parser.screen().cell(0, x).map(|cell| (cell.bgcolor(), cell.bold()));
        assert_eq!(seen(2), Some((vt100::Color::Rgb(1, 2, 3), true)));
        assert_eq!(seen(6).map(|seen| seen.0), Some(vt100::Color::Default));
    }
}
