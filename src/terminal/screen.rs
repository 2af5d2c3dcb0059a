//! What the terminal shows, and the bytes that make it show a picture: a backend for ratatui that writes to memory.
//!
//! Performs no I/O: the bytes go to the writer's thread. The loop draws through [`Screen::frame`] and not through
//! `ratatui::Terminal`, which would compare the picture with a third buffer.

use std::convert::Infallible;
use std::ops::Range;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Size};

use super::depth::Capabilities;
use super::encode::{clear, encode, ground};
use super::pen::{Pen, columns, same};
use super::{clamp, empty};
use crate::plot::cells::Page;

/// Frames are shown whole by terminals that know these; others ignore them.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// What the terminal shows.
///
/// Drawing changes cells, [`Backend::flush`] appends the bytes that show them to the output: nothing if they look as
/// before. The cursor is hidden as long as the terminal is ours (`guard`), so it is neither shown nor hidden here.
///
/// # Examples
/// ```
/// use geodescent::terminal::{Capabilities, Frames};
/// use ratatui::Terminal;
///
/// let mut terminal = Terminal::new(Frames::new((20, 3), Capabilities::default()))?;
/// terminal.draw(|frame| frame.render_widget("here", frame.area()))?;
/// assert!(String::from_utf8_lossy(&terminal.backend_mut().take_output()).contains("here"));
/// # Ok::<(), std::convert::Infallible>(())
/// ```
#[derive(Debug)]
pub struct Screen {
    /// Cells hidden by a wide character to their left are blank.
    shown: Buffer,
    /// The indices of cells that have changed since they were last sent.
    changed: Vec<usize>,
    cursor: Position,
    pen: Pen,
    able: Capabilities,
    /// The revision of the picture that was drawn last.
    drawn: u64,
    /// It is not known what the terminal shows.
    lost: bool,
    output: Vec<u8>,
}

impl Screen {
    /// A screen of a size of which nothing is known, on a terminal with these capabilities.
    #[must_use]
    pub fn new(size: (u16, u16), able: Capabilities) -> Self {
        Self {
            shown: empty(clamp(size)),
            changed: Vec::new(),
            cursor: Position::ORIGIN,
            pen: Pen::RESET,
            able,
            drawn: 0,
            lost: true,
            output: Vec::new(),
        }
    }

    /// Columns and rows that are drawn.
    #[must_use]
    pub const fn size(&self) -> (u16, u16) {
        (self.shown.area.width, self.shown.area.height)
    }

    /// Whether it is not known what the terminal shows, so that the next frame is a full one.
    #[must_use]
    pub const fn lost(&self) -> bool {
        self.lost
    }

    /// Whether the terminal repeats characters, as it has turned out.
    pub const fn repeats(&mut self, repeats: bool) {
        self.able.repeats = repeats;
    }

    /// A new size, or the same after another program has drawn: the next frame is a full one.
    pub fn lose(&mut self, size: (u16, u16)) {
        let size = clamp(size);
        if size != self.size() {
            self.shown = empty(size);
            self.drawn = 0;
        }
        self.changed.clear();
        self.lost = true;
    }

    /// Appends the bytes that show a picture of the screen's size: none if nothing has changed.
    pub fn frame(&mut self, out: &mut Vec<u8>, picture: &Page) {
        let cells = picture.cells();
        if cells.area == self.shown.area {
            match picture.changed_since(self.drawn) {
                Some(changed) => changed.iter().for_each(|index| self.renew(cells, *index)),
                None => (0..cells.content.len()).for_each(|index| self.renew(cells, index)),
            }
            self.drawn = picture.revision();
        }
        std::mem::swap(out, &mut self.output);
        self.send();
        std::mem::swap(out, &mut self.output);
    }

    /// Draws a cell of a picture unless a wide character hides it. ratatui's own comparison finds the same cells, but
    /// measures the width of every character: for a frame that takes longer than all the rest of its way to the terminal.
    fn renew(&mut self, picture: &Buffer, index: usize) {
        let (width, cell) = (usize::from(self.shown.area.width).max(1), &picture.content[index]);
        if same(&self.shown.content[index], cell) {
            return;
        }
        let (x, y) = (index % width, index / width);
        let wide = picture.content[index - x..index].iter().rev().take_while(|cell| columns(cell) > 1).count();
        if wide % 2 == 1 {
            return;
        }
        let beyond = columns(&self.shown.content[index]) > 1 && x + 1 < width;
        self.set(x as u16, y as u16, cell);
        if beyond {
            self.renew(picture, index + 1);
        }
    }

    /// Takes the bytes of the frames that were flushed.
    pub fn take_output(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.output)
    }

    /// Draws one cell.
    fn set(&mut self, x: u16, y: u16, cell: &Cell) {
        let width = usize::from(self.shown.area.width);
        if x >= self.shown.area.width || y >= self.shown.area.height {
            return;
        }
        let row = &mut self.shown.content[usize::from(y) * width..][..width];
        let x = usize::from(x);
        if same(&row[x], cell) {
            return;
        }
        let end = (x + columns(cell)).min(width);
        // Where the last of the characters ended that are overwritten: what it showed beyond is gone.
        let gone = (x..end).map(|x| x + columns(&row[x])).max().unwrap_or(end).min(width);
        row[x].clone_from(cell);
        row[x + 1..end].fill(Cell::EMPTY);
        let start = usize::from(y) * width;
        self.changed.push(start + x);
        self.changed.extend((end..gone).map(|x| start + x));
    }

    /// Appends what has changed to the output.
    fn send(&mut self) {
        let start = self.output.len();
        self.output.extend_from_slice(BEGIN);
        let drawn = self.output.len();
        if std::mem::take(&mut self.lost) {
            let mut blank = Cell::EMPTY;
            blank.bg = ground(&self.shown, self.able);
            self.pen = clear(&mut self.output, blank.bg);
            let differs = |(index, cell)| (!same(cell, &blank)).then_some(index);
            self.changed = self.shown.content.iter().enumerate().filter_map(differs).collect();
        }
        self.changed.sort_unstable();
        self.changed.dedup();
        self.pen = encode(&mut self.output, self.pen, &self.shown, &self.changed, self.able);
        self.changed.clear();
        if self.output.len() == drawn {
            self.output.truncate(start);
        } else {
            self.output.extend_from_slice(END);
        }
    }

    /// Blanks cells by their indices.
    fn blank(&mut self, cells: Range<usize>) {
        let width = self.shown.area.width;
        for index in cells {
            let (x, y) = self.shown.pos_of(index);
            if x < width {
                self.set(x, y, &Cell::EMPTY);
            }
        }
    }
}

impl Backend for Screen {
    type Error = Infallible;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), Infallible>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        content.for_each(|(x, y, cell)| self.set(x, y, cell));
        Ok(())
    }

    fn hide_cursor(&mut self) -> Result<(), Infallible> {
        Ok(())
    }

    fn show_cursor(&mut self) -> Result<(), Infallible> {
        Ok(())
    }

    fn get_cursor_position(&mut self) -> Result<Position, Infallible> {
        Ok(self.cursor)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), Infallible> {
        self.cursor = position.into();
        Ok(())
    }

    fn clear(&mut self) -> Result<(), Infallible> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, region: ClearType) -> Result<(), Infallible> {
        let (width, all) = (usize::from(self.shown.area.width), self.shown.content.len());
        let row = usize::from(self.cursor.y) * width;
        let at = row + usize::from(self.cursor.x).min(width);
        self.blank(match region {
            ClearType::All => 0..all,
            ClearType::AfterCursor => at..all,
            ClearType::BeforeCursor => 0..(at + 1).min(all),
            ClearType::CurrentLine => row..(row + width).min(all),
            ClearType::UntilNewLine => at..(row + width).min(all),
        });
        Ok(())
    }

    fn size(&self) -> Result<Size, Infallible> {
        Ok(self.shown.area.as_size())
    }

    fn window_size(&mut self) -> Result<WindowSize, Infallible> {
        Ok(WindowSize { columns_rows: self.shown.area.as_size(), pixels: Size::ZERO })
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        self.send();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU16;

    use proptest::prelude::*;
    use ratatui::Terminal;
    use ratatui::layout::Rect;
    use ratatui::style::{Color, Modifier, Style};

    use super::super::pen::{QUADRANTS, index, text, weight};
    use super::*;

    #[test]
    fn nothing_changed_costs_nothing() {
        let mut screen = Screen::new((20, 3), Capabilities::default());
        let mut out = Vec::new();
        let mut picture = empty((20, 3));
        picture.set_string(2, 1, "here", Style::new());
        screen.frame(&mut out, &picture.clone().into());
        assert!(String::from_utf8_lossy(&out).contains("here"));
        out.clear();
        screen.frame(&mut out, &picture.clone().into());
        // A blank has no colour but its background.
        picture[(9, 2)].set_fg(Color::Red).modifier.insert(Modifier::BOLD);
        screen.frame(&mut out, &picture.clone().into());
        assert!(out.is_empty());
        screen.lose((20, 3));
        screen.frame(&mut out, &picture.clone().into());
        assert!(String::from_utf8_lossy(&out).contains("here"));
    }

    #[test]
    fn a_cluster_of_characters_is_sent_once() {
        let mut screen = Screen::new((20, 1), Capabilities::default());
        let (mut out, mut picture) = (Vec::new(), empty((20, 1)));
        picture.set_string(2, 0, "e\u{301}\u{302}", Style::new());
        screen.frame(&mut out, &picture.clone().into());
        out.clear();
        screen.frame(&mut out, &picture.clone().into());
        assert!(out.is_empty());
    }

    #[test]
    fn size_is_bounded_and_may_be_nothing() {
        let able = Capabilities::default();
        assert_eq!(Screen::new((10_000, 10_000), able).size(), super::super::LARGEST);
        let mut out = Vec::new();
        for size in [(0, 0), (0, 5), (5, 0), (1, 1)] {
            Screen::new(size, able).frame(&mut out, &empty(size).into());
        }
    }

    const SIZE: (u16, u16) = (17, 5);

    fn compare(parser: &vt100::Parser, buffer: &Buffer) -> Result<(), TestCaseError> {
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

    /// The same with blanks behind wide characters.
    fn well_formed(mut picture: Buffer) -> Buffer {
        let mut hidden = false;
        for cell in &mut picture.content {
            if std::mem::take(&mut hidden) {
                cell.reset();
            } else {
                hidden = columns(cell) > 1;
            }
        }
        picture
    }

    fn parser() -> vt100::Parser {
        let size = |n| NonZeroU16::new(n).unwrap_or(NonZeroU16::MIN);
        let mut parser = vt100::Parser::new(size(SIZE.1), size(SIZE.0), 0);
        // What the terminal showed before is unknown.
        parser.process(b"\x1b[45mremains\r\nof a shell");
        parser
    }

    proptest! {
        #[test]
        fn terminal_shows_the_picture_after_every_frame(
            frames in prop::collection::vec(picture(), 1..6),
            able in (any::<bool>(), any::<bool>()),
        ) {
            let able = Capabilities { erases_with_ground: able.0, repeats: able.1, turns: true };
            let (mut parser, mut screen, mut bytes) = (parser(), Screen::new(SIZE, able), Vec::new());
            for picture in &frames {
                screen.frame(&mut bytes, &picture.clone().into());
                parser.process(&bytes);
                compare(&parser, picture)?;
                let mut again = Vec::new();
                screen.frame(&mut again, &picture.clone().into());
                prop_assert!(again.is_empty());
                bytes.clear();
            }
        }

        /// Through ratatui's own terminal, which clears and compares by itself. Its comparison asks for blanks behind wide
        /// characters (`Buffer::diff_iter`).
        #[test]
        fn it_is_a_backend_of_ratatui(
            frames in prop::collection::vec(picture().prop_map(well_formed), 1..6),
            clear in 0..6_usize,
        ) {
            let able = Capabilities { erases_with_ground: true, repeats: false, turns: true };
            let (mut parser, mut terminal) = (parser(), Terminal::new(Screen::new(SIZE, able)).unwrap());
            for (i, picture) in frames.iter().enumerate() {
                if i == clear {
                    terminal.clear().unwrap();
                }
                terminal.draw(|frame| frame.buffer_mut().clone_from(picture)).unwrap();
                parser.process(&terminal.backend_mut().take_output());
                compare(&parser, picture)?;
            }
        }
    }
}
