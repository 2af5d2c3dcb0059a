//! From data to dots: a linear map of a data rectangle onto a rectangle of cells.

/// A data rectangle over a rectangle of cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// The first coordinate's range, left to right.
    pub x: [f64; 2],
    /// The second coordinate's range, bottom to top.
    pub y: [f64; 2],
    /// The width in cells.
    pub columns: usize,
    /// The height in cells.
    pub rows: usize,
}

/// Places that differ by less than this many dots are the same: what lies on the border of a dot must not be on one side
/// as the optimum and on the other as a racer that differs from it by a rounding.
const SAME: f64 = 1e-6;

impl Frame {
    /// A point in dot units (two per column, four per row), from the top left.
    #[must_use]
    pub fn dot(&self, x: f64, y: f64) -> [f64; 2] {
        [
            (x - self.x[0]) / (self.x[1] - self.x[0]) * 2.0 * self.columns as f64 + SAME,
            (self.y[1] - y) / (self.y[1] - self.y[0]) * 4.0 * self.rows as f64 + SAME,
        ]
    }

    /// The data point at a dot.
    #[must_use]
    pub fn data_of(&self, [dx, dy]: [f64; 2]) -> [f64; 2] {
        self.data(0.5 * dx, 0.25 * dy)
    }

    /// The same data in cells that are smaller by a factor.
    #[must_use]
    pub const fn finer(self, by: usize) -> Self {
        Self { columns: self.columns * by, rows: self.rows * by, ..self }
    }

    /// The column of a first coordinate, if it is inside.
    #[must_use]
    pub fn column(&self, x: f64) -> Option<usize> {
        let column = (0.5 * self.dot(x, self.y[1])[0]).floor();
        (column >= 0.0 && column < self.columns as f64).then_some(column as usize)
    }

    /// The row of a second coordinate, if it is inside.
    #[must_use]
    pub fn row(&self, y: f64) -> Option<usize> {
        let row = (0.25 * self.dot(self.x[0], y)[1]).floor();
        (row >= 0.0 && row < self.rows as f64).then_some(row as usize)
    }

    /// The cell of a point, if it is inside.
    #[must_use]
    pub fn cell(&self, x: f64, y: f64) -> Option<(usize, usize)> {
        self.cell_of(self.dot(x, y))
    }

    /// The cell of a dot, if it is inside.
    #[must_use]
    pub fn cell_of(&self, [dx, dy]: [f64; 2]) -> Option<(usize, usize)> {
        let (column, row) = ((dx / 2.0).floor(), (dy / 4.0).floor());
        let inside = column >= 0.0 && row >= 0.0 && column < self.columns as f64 && row < self.rows as f64;
        inside.then_some((column as usize, row as usize))
    }

    /// The data point at a position in cell units (fractions allowed) from the top left.
    #[must_use]
    pub fn data(&self, column: f64, row: f64) -> [f64; 2] {
        [
            self.x[0] + (self.x[1] - self.x[0]) * column / self.columns as f64,
            self.y[1] - (self.y[1] - self.y[0]) * row / self.rows as f64,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_by_a_rounding_stands_in_one_cell() {
        let frame = Frame { x: [0.0, 1.0], y: [0.0, 1.0], columns: 10, rows: 10 };
        for k in 1..10 {
            let border = f64::from(k) / 10.0;
            let beside = [border - 2e-16, border, border + 2e-16];
            assert!(beside.iter().all(|x| frame.column(*x) == frame.column(border)), "{k}");
            assert!(beside.iter().all(|y| frame.row(*y) == frame.row(border)), "{k}");
        }
    }
}
