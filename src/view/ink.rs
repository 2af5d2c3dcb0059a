//! Lines of several owners over one rectangle of cells: paths, rays and rings, and the colour of shared cells.
//!
//! The panes decide what the lines are; the ground, what lies behind them.

use crate::plot::dots::place;
use crate::plot::mark::{Ink as Mark, Role};
use crate::plot::stroke::Stroke;

/// The lines in one cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Inked {
    /// The dots of all of them.
    pub mask: u8,
    /// The racers with recent dots here, one bit each.
    bright: u64,
    /// The racers with older dots here.
    past: u64,
    /// The racers with rings here.
    rings: u64,
    /// The tones of lines here, one bit each.
    tones: u8,
}

/// The colour of a line or a sign that belongs to no racer, and of one that does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Grey.
    Dim,
    /// Lighter grey.
    Pale,
    /// As text.
    Text,
    /// The accent.
    Accent,
    /// A racer's own.
    Racer(usize),
}

impl Tone {
    /// The mark's colour.
    #[must_use]
    pub const fn ink(self) -> Mark {
        match self {
            Self::Dim => Mark::Role(Role::Dim),
            Self::Pale => Mark::Role(Role::ContourLabel),
            Self::Text => Mark::Role(Role::Text),
            Self::Accent => Mark::Role(Role::Accent),
            Self::Racer(racer) => Mark::Racer(racer),
        }
    }

    /// The tones that belong to no racer; in a shared cell the last one wins.
    const PLAIN: [Self; 4] = [Self::Dim, Self::Pale, Self::Text, Self::Accent];

    fn bit(self) -> u8 {
        Self::PLAIN.iter().position(|tone| *tone == self).map_or(0, |place| 1 << place)
    }
}

/// The owner of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// A racer's path: recent or past.
    Path {
        /// The racer.
        racer: usize,
        /// Whether only its older dots are here.
        past: bool,
    },
    /// A racer's ring.
    Ring {
        /// The racer.
        racer: usize,
    },
    /// No racer's line.
    Tone(Tone),
}

impl Inked {
    /// The owner of the cell at a column and a row. A cell shared by k racers takes them in turn, so that coincident
    /// lines become two-coloured and neither hides the other; recent beats past, a path beats a ring.
    #[must_use]
    pub fn owner(&self, column: usize, row: usize) -> Owner {
        let pick = |bits: u64| {
            let turn = (column / 3 + row) % bits.count_ones().max(1) as usize;
            // Clears the lowest bit once per turn; the lowest one left is the racer.
            (0..turn).fold(bits, |bits, _| bits & bits.wrapping_sub(1)).trailing_zeros() as usize
        };
        let tone = Tone::PLAIN.into_iter().rfind(|tone| self.tones & tone.bit() != 0);
        if let Some(tone) = tone.filter(|_| self.bright | self.past | self.rings == 0) {
            Owner::Tone(tone)
        } else if self.bright | self.past == 0 {
            Owner::Ring { racer: pick(self.rings) }
        } else if self.bright == 0 {
            Owner::Path { racer: pick(self.past), past: true }
        } else {
            Owner::Path { racer: pick(self.bright), past: false }
        }
    }
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The recent part of a path.
    Bright,
    /// The older part.
    Past,
    /// A ring around a point.
    Ring,
    /// An overlay's; no racer's.
    Tone(Tone),
}

/// Lines over a rectangle of cells.
#[derive(Debug, Clone, Default)]
pub struct Ink {
    columns: usize,
    rows: usize,
    cells: Vec<Inked>,
    /// The cells with dots, in the order in which they got them.
    touched: Vec<usize>,
    /// The changes since [`Ink::commit`]: cells and their previous content.
    log: Vec<(usize, Inked)>,
}

impl Ink {
    /// Forgets all lines and takes a size.
    pub fn clear(&mut self, columns: usize, rows: usize) {
        if (self.columns, self.rows) == (columns, rows) {
            self.touched.iter().for_each(|at| self.cells[*at] = Inked::default());
        } else {
            self.cells.clear();
            self.cells.resize(columns * rows, Inked::default());
            (self.columns, self.rows) = (columns, rows);
        }
        self.touched.clear();
        self.log.clear();
    }

    /// Keeps the lines so far.
    pub fn commit(&mut self) {
        self.log.clear();
    }

    /// Takes back the lines since [`Ink::commit`].
    pub fn undo(&mut self) {
        while let Some((at, before)) = self.log.pop() {
            self.cells[at] = before;
            if before.mask == 0 {
                self.touched.pop();
            }
        }
    }

    /// The cells that have changed since [`Ink::commit`], some of them more than once: column, row.
    pub fn changed(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.log.iter().map(|&(at, _)| (at % self.columns, at / self.columns))
    }

    /// Draws a line through places in dot units; `keep(i)` says whether the i-th dot is set. Returns how many dots the
    /// line has, so that a dash pattern can run on.
    pub fn line(
        &mut self,
        points: impl IntoIterator<Item = [f64; 2]>,
        racer: usize,
        kind: Kind,
        keep: impl Fn(usize) -> bool,
    ) -> usize {
        let (columns, rows, bit) = (self.columns, self.rows, 1_u64 << (racer % 64));
        let (cells, touched, log) = (&mut self.cells, &mut self.touched, &mut self.log);
        let mut count = 0;
        let mut stroke = Stroke::new(columns, rows, |i, x, y| {
            count = i + 1;
            if !keep(i) {
                return;
            }
            if let Some((at, dot)) = place(columns, rows, x, y) {
                let cell = &mut cells[at];
                let before = *cell;
                if cell.mask == 0 {
                    touched.push(at);
                }
                cell.mask |= dot;
                match kind {
                    Kind::Bright => cell.bright |= bit,
                    Kind::Past => cell.past |= bit,
                    Kind::Ring => cell.rings |= bit,
                    Kind::Tone(tone) => cell.tones |= tone.bit(),
                }
                if *cell != before {
                    log.push((at, before));
                }
            }
        });
        points.into_iter().for_each(|point| stroke.to(point));
        drop(stroke);
        count
    }

    /// The lines of a cell.
    #[must_use]
    pub fn at(&self, column: usize, row: usize) -> Inked {
        self.cells[row * self.columns + column]
    }

    /// The cells whose lines differ from those of an ink of the same size, some of them twice: column, row.
    pub fn differing<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (usize, usize)> + 'a {
        let cells = self.touched.iter().chain(&other.touched);
        cells.filter(|at| self.cells[**at] != other.cells[**at]).map(|at| (at % self.columns, at / self.columns))
    }

    /// Every cell with lines: column, row, lines.
    pub fn touched(&self) -> impl Iterator<Item = (usize, usize, Inked)> + '_ {
        self.touched.iter().map(|&at| (at % self.columns, at / self.columns, self.cells[at]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_cells_take_turns() {
        let mut ink = Ink::default();
        ink.clear(12, 2);
        for racer in [1, 4] {
            ink.line([[0.5, 1.5], [23.5, 1.5]], racer, Kind::Bright, |_| true);
        }
        ink.line([[0.5, 2.5], [23.5, 2.5]], 2, Kind::Past, |_| true);
        let racers: Vec<usize> = (0..12)
            .map(|column| match ink.at(column, 0).owner(column, 0) {
                Owner::Path { racer, past: false } => racer,
                other => unreachable!("{other:?}"),
            })
            .collect();
        assert_eq!(racers, [1, 1, 1, 4, 4, 4, 1, 1, 1, 4, 4, 4]);
        assert_eq!(ink.at(0, 0).mask.count_ones(), 4);
        assert_eq!(ink.touched().count(), 12);
    }

    #[test]
    fn what_is_taken_back_leaves_what_was_kept() {
        let mut ink = Ink::default();
        ink.clear(12, 2);
        ink.line([[0.5, 1.5], [9.5, 1.5]], 1, Kind::Past, |_| true);
        ink.commit();
        let kept: Vec<_> = ink.touched().collect();
        ink.line([[5.5, 0.5], [5.5, 7.5]], 2, Kind::Bright, |_| true);
        ink.line([[2.5, 3.5], [23.5, 3.5]], 3, Kind::Ring, |_| true);
        assert!(ink.touched().count() > kept.len() && ink.changed().any(|at| at == (2, 1)));
        ink.undo();
        assert_eq!(ink.touched().collect::<Vec<_>>(), kept);
        assert_eq!((ink.at(2, 1).mask, ink.changed().count()), (0, 0));
    }
}
