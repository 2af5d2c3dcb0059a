//! A grid of braille dots, 2×4 per cell.
//!
//! Only collects dots; the colour of a shared cell is decided when it is drawn into a buffer.

/// The braille bit of a dot: column 0..2, row 0..4.
const BITS: [[u8; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

/// Dots of one layer over a rectangle of cells.
#[derive(Debug, Clone)]
pub struct Dots {
    columns: usize,
    rows: usize,
    masks: Vec<u8>,
}

impl Dots {
    /// An empty layer over `columns` × `rows` cells.
    #[must_use]
    pub fn new(columns: usize, rows: usize) -> Self {
        Self { columns, rows, masks: vec![0; columns * rows] }
    }

    /// The width in cells.
    #[must_use]
    pub const fn columns(&self) -> usize {
        self.columns
    }

    /// The height in cells.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// Sets the dot at a dot column and row; outside the grid nothing happens.
    pub fn set(&mut self, x: i64, y: i64) {
        if let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y))
            && x < 2 * self.columns
            && y < 4 * self.rows
        {
            self.masks[y / 4 * self.columns + x / 2] |= BITS[x % 2][y % 4];
        }
    }

    /// Sets dots of a cell by their braille mask; outside the grid nothing happens.
    pub fn add(&mut self, column: usize, row: usize, mask: u8) {
        if column < self.columns && row < self.rows {
            self.masks[row * self.columns + column] |= mask;
        }
    }

    /// The dots of a cell as a braille mask; zero if it has none.
    #[must_use]
    pub fn mask(&self, column: usize, row: usize) -> u8 {
        self.masks[row * self.columns + column]
    }

    /// A line between two positions in dot units, clipped to the grid; `keep(i)` says whether the i-th dot of the line
    /// is set, counted from `from`. Returns the number of dots passed, so that a dash pattern can continue.
    ///
    /// Positions that are not finite draw nothing.
    pub fn line(&mut self, from: [f64; 2], to: [f64; 2], first: usize, keep: impl Fn(usize) -> bool) -> usize {
        if !from.iter().chain(&to).all(|v| v.is_finite()) {
            return first;
        }
        let Some((from, to)) = clip(from, to, [2.0 * self.columns as f64, 4.0 * self.rows as f64]) else {
            return first;
        };
        let length = (to[0] - from[0]).abs().max((to[1] - from[1]).abs());
        let steps = (length.ceil() as usize).max(1);
        for i in 0..=steps {
            let t = i as f64 / steps as f64;
            if keep(first + i) {
                let x = from[0] + t * (to[0] - from[0]);
                let y = from[1] + t * (to[1] - from[1]);
                self.set(x.floor() as i64, y.floor() as i64);
            }
        }
        first + steps
    }
}

/// The cell of a dot within `columns` × `rows` cells, and its bit in the cell's braille mask.
#[must_use]
pub fn place(columns: usize, rows: usize, x: i64, y: i64) -> Option<(usize, u8)> {
    let (x, y) = (usize::try_from(x).ok()?, usize::try_from(y).ok()?);
    (x < 2 * columns && y < 4 * rows).then(|| (y / 4 * columns + x / 2, BITS[x % 2][y % 4]))
}

/// The same of a position in dot units; none if it is not finite.
#[must_use]
pub fn place_at(columns: usize, rows: usize, [x, y]: [f64; 2]) -> Option<(usize, u8)> {
    // A cast would take NaN for the first dot.
    (x.is_finite() && y.is_finite()).then(|| place(columns, rows, x.floor() as i64, y.floor() as i64))?
}

/// The character of a braille mask.
#[must_use]
pub fn braille(mask: u8) -> char {
    char::from_u32(0x2800 + u32::from(mask)).unwrap_or(' ')
}

/// Liang & Barsky (1984): the part of a segment inside `0..size`, with a margin of one dot.
pub(super) fn clip(from: [f64; 2], to: [f64; 2], size: [f64; 2]) -> Option<([f64; 2], [f64; 2])> {
    let inside = |point: [f64; 2]| (0..2).all(|axis| point[axis] >= -1.0 && point[axis] <= size[axis] + 1.0);
    if inside(from) && inside(to) {
        return Some((from, to));
    }
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for axis in 0..2 {
        let delta = to[axis] - from[axis];
        for (direction, distance) in [(-delta, from[axis] + 1.0), (delta, size[axis] + 1.0 - from[axis])] {
            if direction == 0.0 {
                if distance < 0.0 {
                    return None;
                }
            } else if direction < 0.0 {
                enter = enter.max(distance / direction);
            } else {
                leave = leave.min(distance / direction);
            }
        }
    }
    let at = |t: f64| [from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])];
    (enter <= leave).then(|| (at(enter), at(leave)))
}
