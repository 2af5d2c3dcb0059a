//! What the terminal shows, and the bytes that make it show a picture.
//!
//! Performs no I/O: the bytes go to the writer's thread.

use super::clamp;
use super::depth::Capabilities;
use super::encode::{clear, encode};
use super::pen::Pen;
use super::shown::Shown;
use crate::view::Canvas;

/// Frames are shown whole by terminals that know these; others ignore them.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// What the terminal shows.
#[derive(Debug)]
pub struct Screen {
    shown: Shown,
    pen: Pen,
    able: Capabilities,
    /// Nothing is known of what the terminal shows.
    lost: bool,
}

impl Screen {
    /// A screen of a size of which nothing is known, on a terminal of which it is known what it can do.
    #[must_use]
    pub fn new(size: (u16, u16), able: Capabilities) -> Self {
        Self { shown: Shown::new(clamp(size)), pen: Pen::RESET, able, lost: true }
    }

    /// The size that is drawn.
    #[must_use]
    pub const fn size(&self) -> (u16, u16) {
        self.shown.size
    }

    /// Whether nothing is known of what the terminal shows, so that the next frame is a full one.
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
            self.shown = Shown::new(size);
        }
        self.lost = true;
    }

    /// Appends the bytes that show a picture of the screen's size: none if nothing changed. Where it has not been
    /// touched it must be what was shown last, unless it has to be shown as a whole anyway.
    pub fn frame(&mut self, out: &mut Vec<u8>, picture: &Canvas) {
        let start = out.len();
        out.extend_from_slice(BEGIN);
        let drawn = out.len();
        if std::mem::take(&mut self.lost) {
            let (pen, ground) = clear(out, picture.buffer(), self.able);
            self.shown.blank(ground);
            self.pen = encode(out, pen, &mut self.shown, (picture, true), self.able);
        } else {
            self.pen = encode(out, self.pen, &mut self.shown, (picture, false), self.able);
        }
        if out.len() == drawn {
            out.truncate(start);
        } else {
            out.extend_from_slice(END);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::empty;
    use super::*;
    use ratatui::style::Style;

    #[test]
    fn nothing_changed_costs_nothing() {
        let mut screen = Screen::new((20, 3), Capabilities::default());
        let mut out = Vec::new();
        let mut buffer = empty((20, 3));
        buffer.set_string(2, 1, "here", Style::new());
        let picture = Canvas::of(buffer);
        screen.frame(&mut out, &picture);
        assert!(String::from_utf8_lossy(&out).contains("here"));
        out.clear();
        screen.frame(&mut out, &picture);
        assert!(out.is_empty());
        screen.lose((20, 3));
        screen.frame(&mut out, &picture);
        assert!(String::from_utf8_lossy(&out).contains("here"));
    }

    #[test]
    fn size_is_bounded_and_may_be_nothing() {
        let able = Capabilities::default();
        assert_eq!(Screen::new((10_000, 10_000), able).size(), super::super::LARGEST);
        let mut out = Vec::new();
        for size in [(0, 0), (0, 5), (5, 0), (1, 1)] {
            Screen::new(size, able).frame(&mut out, &Canvas::of(empty(size)));
        }
    }
}
