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

impl Frame {
    /// A point in dot units (two per column, four per row), from the top left.
    #[must_use]
    pub fn dot(&self, x: f64, y: f64) -> [f64; 2] {
        [
            (x - self.x[0]) / (self.x[1] - self.x[0]) * 2.0 * self.columns as f64,
            (self.y[1] - y) / (self.y[1] - self.y[0]) * 4.0 * self.rows as f64,
        ]
    }

    /// The cell of a point, if it is inside.
    #[must_use]
    pub fn cell(&self, x: f64, y: f64) -> Option<(usize, usize)> {
        let [dx, dy] = self.dot(x, y);
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
