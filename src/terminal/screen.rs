//! What the terminal shows and what it is to show: two buffers of cells, and the bytes between them.
//!
//! Writes nothing itself: the bytes go to the writer's thread.

use ratatui::buffer::Buffer;

use super::encode::{Pen, encode};
use super::{clamp, empty};

/// Frames are shown whole by terminals that know these; others ignore them.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";
/// Clears what a smaller or cut picture would leave, in the terminal's own colours.
const CLEAR: &[u8] = b"\x1b[0m\x1b[2J";

/// The two buffers.
#[derive(Debug)]
pub struct Screen {
    shown: Buffer,
    next: Buffer,
    pen: Pen,
    /// Nothing is known of what the terminal shows.
    lost: bool,
}

impl Screen {
    /// A screen of a size of which nothing is known.
    #[must_use]
    pub fn new(size: (u16, u16)) -> Self {
        let size = clamp(size);
        Self { shown: empty(size), next: empty(size), pen: Pen::RESET, lost: true }
    }

    /// The size that is drawn.
    #[must_use]
    pub const fn size(&self) -> (u16, u16) {
        (self.shown.area.width, self.shown.area.height)
    }

    /// Whether nothing is known of what the terminal shows, so that the next frame is a full one.
    #[must_use]
    pub const fn lost(&self) -> bool {
        self.lost
    }

    /// Another size, or the same after somebody else has drawn: the next frame is a full one.
    pub fn lose(&mut self, size: (u16, u16)) {
        let size = clamp(size);
        if size != self.size() {
            (self.shown, self.next) = (empty(size), empty(size));
        }
        self.lost = true;
    }

    /// Draws a frame and appends the bytes that show it: none if nothing changed.
    pub fn frame(&mut self, out: &mut Vec<u8>, draw: impl FnOnce(&mut Buffer)) {
        self.next.reset();
        draw(&mut self.next);
        let lost = std::mem::take(&mut self.lost);
        let start = out.len();
        out.extend_from_slice(BEGIN);
        if lost {
            out.extend_from_slice(CLEAR);
            self.pen = Pen::RESET;
        }
        let drawn = out.len();
        self.pen = encode(out, self.pen, &self.shown, &self.next, lost);
        if out.len() == drawn && !lost {
            out.truncate(start);
        } else {
            out.extend_from_slice(END);
        }
        std::mem::swap(&mut self.shown, &mut self.next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::Style;

    #[test]
    fn nothing_changed_costs_nothing() {
        let mut screen = Screen::new((20, 3));
        let mut out = Vec::new();
        let draw = |buffer: &mut Buffer| {
            buffer.set_string(2, 1, "here", Style::new());
        };
        screen.frame(&mut out, draw);
        assert!(String::from_utf8_lossy(&out).contains("here"));
        out.clear();
        screen.frame(&mut out, draw);
        assert!(out.is_empty());
        screen.lose((20, 3));
        screen.frame(&mut out, draw);
        assert!(String::from_utf8_lossy(&out).contains("here"));
    }

    #[test]
    fn size_is_bounded_and_may_be_nothing() {
        assert_eq!(Screen::new((10_000, 10_000)).size(), super::super::LARGEST);
        let mut out = Vec::new();
        for size in [(0, 0), (0, 5), (5, 0), (1, 1)] {
            Screen::new(size).frame(&mut out, |_| {});
        }
    }
}
