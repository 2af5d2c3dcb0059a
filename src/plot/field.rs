//! The values of a function over a frame, at four points a cell, found coarse first in as many instalments as it takes.
//!
//! Not its business: what the function is, and what becomes of the values (levels, contour, quadrant).

use super::Frame;
use super::contour::Grid;

/// The distance of neighbours in the first pass.
const COARSEST: usize = 8;

/// A grid of values that is refined on demand. Points outside of the function's domain are NaN.
///
/// The grid has two points a cell in each direction, at the middles of the quarters, and one more on every side, so that
/// contours reach the edge of the frame.
#[derive(Debug, Clone)]
pub struct Field {
    frame: Frame,
    columns: usize,
    rows: usize,
    values: Vec<f64>,
    /// The distance of neighbours in the running pass; zero when there is nothing left to do.
    stride: usize,
    /// The next point of the running pass, row by row.
    next: usize,
}

impl Field {
    /// A field over a frame, of which nothing is known yet.
    #[must_use]
    pub fn new(frame: Frame) -> Self {
        let (columns, rows) = (2 * frame.columns + 2, 2 * frame.rows + 2);
        Self { frame, columns, rows, values: vec![f64::NAN; columns * rows], stride: COARSEST, next: 0 }
    }

    /// The frame.
    #[must_use]
    pub const fn frame(&self) -> &Frame {
        &self.frame
    }

    /// Whether every point is known.
    #[must_use]
    pub const fn complete(&self) -> bool {
        self.stride == 0
    }

    /// Evaluates at most `budget` further points; until the last pass each also stands for its neighbours to the right and
    /// below. Gives back whether there is more to do.
    pub fn advance(&mut self, mut budget: usize, value: impl Fn(f64, f64) -> f64) -> bool {
        while self.stride > 0 {
            let across = self.columns.div_ceil(self.stride);
            let points = across * self.rows.div_ceil(self.stride);
            while self.next < points {
                if budget == 0 {
                    return true;
                }
                let (i, j) = (self.next % across * self.stride, self.next / across * self.stride);
                self.next += 1;
                let known = self.stride < COARSEST && i % (2 * self.stride) == 0 && j % (2 * self.stride) == 0;
                if !known {
                    budget -= 1;
                    self.set(i, j, &value);
                }
            }
            self.stride /= 2;
            self.next = 0;
        }
        false
    }

    fn set(&mut self, i: usize, j: usize, value: &impl Fn(f64, f64) -> f64) {
        let [x, y] = self.data(i as f64, j as f64);
        let v = value(x, y);
        let v = if v.is_finite() { v } else { f64::NAN };
        for row in j..(j + self.stride).min(self.rows) {
            let start = row * self.columns;
            self.values[start + i..start + (i + self.stride).min(self.columns)].fill(v);
        }
    }

    /// The data coordinates of a place on the grid.
    #[must_use]
    pub fn data(&self, i: f64, j: f64) -> [f64; 2] {
        self.frame.data(0.5 * i - 0.25, 0.5 * j - 0.25)
    }

    /// The values at a cell's quarters: upper left, upper right, lower left, lower right.
    #[must_use]
    pub fn cell(&self, column: usize, row: usize) -> [f64; 4] {
        let start = (2 * row + 1) * self.columns + 2 * column + 1;
        let v = &self.values;
        [v[start], v[start + 1], v[start + self.columns], v[start + self.columns + 1]]
    }

    /// The values as a grid for contours.
    #[must_use]
    pub fn grid(&self) -> Grid<'_> {
        Grid { columns: self.columns, values: &self.values }
    }

    /// Every value.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The least value; none where there is none.
    #[must_use]
    pub fn least(&self) -> Option<f64> {
        self.values.iter().copied().filter(|v| v.is_finite()).reduce(f64::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instalments_do_not_change_the_field() {
        let frame = Frame { x: [0.0, 3.0], y: [-1.0, 1.0], columns: 13, rows: 7 };
        let f = |x: f64, y: f64| if x < 1.0 { f64::NAN } else { x * x + y };
        let mut at_once = Field::new(frame);
        assert!(!at_once.advance(usize::MAX, f));
        let mut slowly = Field::new(frame);
        let mut calls = 0;
        while slowly.advance(17, f) {
            calls += 1;
        }
        assert!(calls > 10 && slowly.complete());
        let bits = |field: &Field| field.values().iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&at_once), bits(&slowly));
        let [x, y] = frame.data(9.25, 3.75);
        assert_eq!(at_once.cell(9, 3)[2], f(x, y));
    }

    #[test]
    fn an_empty_frame_is_harmless() {
        let mut field = Field::new(Frame { x: [0.0, 1.0], y: [0.0, 1.0], columns: 0, rows: 0 });
        assert!(!field.advance(usize::MAX, |x, y| x + y));
    }
}
