//! The values of a function over a frame, at four points a cell, found coarse first in as many instalments as it takes.
//!
//! Not its business: what the function is, and what becomes of the values (levels, contour, quadrant).

use super::Frame;
use super::contour::Grid;
use crate::math::Vec2;

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
    /// The same of the first pass.
    coarsest: usize,
    /// The next row of the running pass.
    next: usize,
    /// Room for the places and values of a row.
    places: Vec<Vec2>,
    found: Vec<f64>,
}

impl Field {
    /// A field over a frame, of which nothing is known yet.
    #[must_use]
    pub fn new(frame: Frame) -> Self {
        let (columns, rows) = (2 * frame.columns + 2, 2 * frame.rows + 2);
        Self {
            frame,
            columns,
            rows,
            values: vec![f64::NAN; columns * rows],
            stride: COARSEST,
            coarsest: COARSEST,
            next: 0,
            places: Vec::new(),
            found: Vec::new(),
        }
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

    /// Evaluates further points, row by row, and stops after the row in which `budget` of them are spent; until the last
    /// pass each also stands for its neighbours to the right and below. `values` finds the values of a row of places; what
    /// it leaves not finite is outside of the domain. Gives back whether there is more to do.
    pub fn advance(&mut self, mut budget: usize, mut values: impl FnMut(&[Vec2], &mut [f64])) -> bool {
        if self.stride == COARSEST && self.next == 0 && budget >= self.values.len() {
            // All at once: no use in a coarse picture.
            (self.stride, self.coarsest) = (1, 1);
        }
        while self.stride > 0 {
            while self.next < self.rows {
                if budget == 0 {
                    return true;
                }
                budget = budget.saturating_sub(self.row(self.next, &mut values));
                self.next += self.stride;
            }
            self.stride /= 2;
            self.next = 0;
        }
        false
    }

    /// Evaluates the points of row `j` that earlier passes did not; gives back how many.
    fn row(&mut self, j: usize, values: &mut impl FnMut(&[Vec2], &mut [f64])) -> usize {
        let stride = self.stride;
        let known = stride < self.coarsest && j.is_multiple_of(2 * stride);
        let (first, step) = if known { (stride, 2 * stride) } else { (0, stride) };
        let ([x0, y], [x1, _]) = (self.data(0.0, j as f64), self.data(1.0, j as f64));
        self.places.clear();
        let places = (first..self.columns).step_by(step).map(|i| Vec2::new(x0 + (x1 - x0) * i as f64, y));
        self.places.extend(places);
        self.found.resize(self.places.len(), f64::NAN);
        values(&self.places, &mut self.found);
        for (i, v) in (first..self.columns).step_by(step).zip(&self.found) {
            let v = if v.is_finite() { *v } else { f64::NAN };
            if stride == 1 {
                self.values[j * self.columns + i] = v;
                continue;
            }
            for row in j..(j + stride).min(self.rows) {
                let start = row * self.columns;
                self.values[start + i..start + (i + stride).min(self.columns)].fill(v);
            }
        }
        self.places.len()
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
        let row = |xs: &[Vec2], out: &mut [f64]| {
            out.iter_mut().zip(xs).for_each(|(out, x)| *out = f(x[0], x[1]));
        };
        let mut at_once = Field::new(frame);
        assert!(!at_once.advance(usize::MAX, row));
        let mut slowly = Field::new(frame);
        let mut calls = 0;
        while slowly.advance(17, row) {
            calls += 1;
        }
        assert!(calls > 10 && slowly.complete());
        let bits = |field: &Field| field.values().iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&at_once), bits(&slowly));
        let [x, y] = frame.data(9.25, 3.75);
        assert!((at_once.cell(9, 3)[2] - f(x, y)).abs() < 1e-12);
    }

    #[test]
    fn an_empty_frame_is_harmless() {
        let mut field = Field::new(Frame { x: [0.0, 1.0], y: [0.0, 1.0], columns: 0, rows: 0 });
        assert!(!field.advance(usize::MAX, |_, _| {}));
    }
}
