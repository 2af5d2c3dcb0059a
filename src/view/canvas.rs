//! A picture that is kept from frame to frame, and which of its cells may have changed.

use std::ops::Range;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

/// A picture, and which of its cells have been touched since [`Canvas::settle`], one bit each.
#[derive(Debug, Default)]
pub struct Canvas {
    buffer: Buffer,
    touched: Vec<u64>,
    /// Words of bits per row.
    words: usize,
}

impl Canvas {
    /// A picture of which every cell is touched.
    #[must_use]
    pub fn of(buffer: Buffer) -> Self {
        let words = usize::from(buffer.area.width).div_ceil(64);
        let touched = vec![0; words * usize::from(buffer.area.height)];
        let area = buffer.area;
        let mut canvas = Self { buffer, touched, words };
        canvas.touch(area);
        canvas
    }

    /// The picture.
    #[must_use]
    pub const fn buffer(&self) -> &Buffer {
        &self.buffer
    }

    /// The picture, for writing; the caller has to touch what it writes.
    pub const fn buffer_mut(&mut self) -> &mut Buffer {
        &mut self.buffer
    }

    /// Marks every cell as untouched.
    pub fn settle(&mut self) {
        self.touched.fill(0);
    }

    /// Touches the cells of a rectangle.
    pub fn touch(&mut self, area: Rect) {
        let area = area.intersection(self.buffer.area);
        let left = usize::from(area.x - self.buffer.area.x);
        let columns = left..left + usize::from(area.width);
        for y in area.top()..area.bottom() {
            let start = usize::from(y - self.buffer.area.y) * self.words;
            for (i, word) in self.touched[start..start + self.words].iter_mut().enumerate() {
                let low = columns.start.saturating_sub(64 * i).min(64);
                let high = columns.end.saturating_sub(64 * i).min(64);
                *word |= ones(high) & !ones(low);
            }
        }
    }

    /// Touches one cell of the picture.
    pub fn touch_cell(&mut self, x: u16, y: u16) {
        let area = self.buffer.area;
        if x >= area.left() && x < area.right() && y >= area.top() && y < area.bottom() {
            let (x, y) = (usize::from(x - area.x), usize::from(y - area.y));
            self.touched[y * self.words + x / 64] |= 1 << (x % 64);
        }
    }

    /// Blanks a rectangle and touches it.
    pub fn clear(&mut self, area: Rect, blank: &Cell) {
        let area = area.intersection(self.buffer.area);
        let width = usize::from(self.buffer.area.width);
        let left = usize::from(area.x - self.buffer.area.x);
        for y in area.top()..area.bottom() {
            let start = usize::from(y - self.buffer.area.y) * width + left;
            self.buffer.content[start..start + usize::from(area.width)].fill(blank.clone());
        }
        self.touch(area);
    }

    /// The touched stretches of a row, counted from the left of the picture.
    pub fn touched(&self, row: usize) -> impl Iterator<Item = Range<usize>> + '_ {
        let words = self.touched[row * self.words..(row + 1) * self.words].iter();
        words.enumerate().flat_map(|(i, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let start = rest.trailing_zeros() as usize;
                if start == 64 {
                    return None;
                }
                let end = start + (rest >> start).trailing_ones() as usize;
                rest &= !ones(end);
                Some(64 * i + start..64 * i + end)
            })
        })
    }
}

/// The lowest `n` bits.
const fn ones(n: usize) -> u64 {
    if n >= 64 { u64::MAX } else { (1 << n) - 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn touched_cells_are_those_of_the_rectangles() {
        for (left, width) in (0..140).step_by(7).flat_map(|left| [1, 5, 63, 64, 65, 140].map(|width| (left, width))) {
            let mut canvas = Canvas::of(Buffer::empty(Rect::new(2, 1, 150, 3)));
            assert_eq!(canvas.touched(2).flatten().count(), 150);
            canvas.settle();
            canvas.touch(Rect::new(2 + left, 2, width, 5));
            canvas.touch_cell(151, 2);
            let last = usize::from(left + width).min(150);
            let expected: Vec<usize> = (usize::from(left)..last).chain((last..150).filter(|x| *x == 149)).collect();
            assert_eq!(canvas.touched(1).flatten().collect::<Vec<_>>(), expected, "{left} {width}");
            assert_eq!(canvas.touched(0).count(), 0);
        }
    }
}
