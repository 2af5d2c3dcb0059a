//! Lines that share cells: their dots, and whose colour a shared cell has.

use crate::plot::Frame;
use crate::plot::dots::{place, place_at};
use crate::plot::mark::{Dash, Ink, Line, Point, Role, Weight};
use crate::plot::stroke::Stroke;
use crate::plot::style::Style;

/// The racers that can be told apart in one cell.
const RACERS: usize = 32;

/// The lines in one cell.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Inked {
    /// The dots of all of them.
    pub mask: u8,
    /// The roles of lines here that belong to nobody, one bit each.
    roles: u8,
    /// Whether one of them is heavy.
    pub heavy: bool,
    /// The racers with recent dots here, one bit each.
    bright: u32,
    /// The racers with older dots here.
    past: u32,
    /// The racers with rings here.
    rings: u32,
}

/// The roles that lines may have; in a shared cell the last one wins.
const ROLES: [Role; 6] = [Role::Faint, Role::Dim, Role::ContourLabel, Role::Text, Role::Mark, Role::Accent];

impl Inked {
    /// Whose the cell at a column and a row is. A cell shared by k racers takes them in turn, so that coincident lines
    /// become two-coloured and neither hides the other; recent beats past, a path beats a ring.
    #[must_use]
    pub fn owner(&self, column: usize, row: usize) -> Ink {
        let pick = |bits: u32| {
            let turn = (column / 3 + row) % bits.count_ones().max(1) as usize;
            // Clears the lowest bit once per turn; the lowest one left is the racer.
            (0..turn).fold(bits, |bits, _| bits & bits.wrapping_sub(1)).trailing_zeros() as usize
        };
        let role = (0..ROLES.len()).rfind(|place| self.roles & (1 << place) != 0);
        match role {
            _ if self.bright != 0 => Ink::Racer(pick(self.bright)),
            _ if self.past != 0 => Ink::Past(pick(self.past)),
            _ if self.rings != 0 => Ink::Ring(pick(self.rings)),
            Some(place) => Ink::Role(ROLES[place]),
            None => Ink::Role(Role::Text),
        }
    }

    /// Whether a path runs here, and not only a shape.
    #[must_use]
    pub const fn path(&self) -> bool {
        self.bright | self.past != 0
    }

    fn add(&mut self, dot: u8, line: &Line) {
        self.mask |= dot;
        self.heavy |= line.weight == Weight::Path;
        let bit = |racer: usize| 1 << (racer % RACERS);
        match line.ink {
            Ink::Racer(racer) => self.bright |= bit(racer),
            Ink::Past(racer) | Ink::Ahead(racer) => self.past |= bit(racer),
            Ink::Ring(racer) => self.rings |= bit(racer),
            Ink::Role(role) => self.roles |= ROLES.iter().position(|own| *own == role).map_or(1, |place| 1 << place),
        }
    }
}

/// Lines over a rectangle of cells.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    columns: usize,
    cells: Vec<Inked>,
    /// How many dots each racer's line has, for dashes that run on.
    counts: Vec<(usize, usize)>,
    /// The cells in which lines have been drawn, some more than once, until somebody takes them.
    pub touched: Vec<usize>,
}

impl Sheet {
    /// Nothing yet.
    #[must_use]
    pub fn new(columns: usize, rows: usize) -> Self {
        Self { columns, cells: vec![Inked::default(); columns * rows], ..Self::default() }
    }

    /// Has the lines of another sheet again in some cells, and goes on from there.
    pub fn restore(&mut self, other: &Self, cells: &[usize]) {
        cells.iter().for_each(|at| self.cells[*at] = other.cells[*at]);
        self.counts.clone_from(&other.counts);
    }

    /// The lines of a cell.
    #[must_use]
    pub fn at(&self, column: usize, row: usize) -> Inked {
        self.cells[row * self.columns + column]
    }

    /// Every cell, row by row.
    #[must_use]
    pub fn cells(&self) -> &[Inked] {
        &self.cells
    }

    /// The cells with lines.
    pub fn inked(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.cells.len()).filter(|at| self.cells[*at].mask != 0)
    }

    /// Draws a line.
    pub fn line(&mut self, line: &Line, style: Style, frame: &Frame, dot: impl Fn(Point) -> [f64; 2]) {
        let owner = owner(line.ink);
        let known = self.counts.iter().position(|(racer, _)| Some(*racer) == owner);
        let first = known.map_or(0, |at| self.counts[at].1);
        let first = if line.continues { first } else { 0 };
        let Self { cells, touched, .. } = self;
        let count = walk(line, style, frame, dot, first, |at, bit| {
            cells[at].add(bit, line);
            if touched.last() != Some(&at) {
                touched.push(at);
            }
        });
        if let Some(racer) = owner {
            match known {
                Some(at) => self.counts[at].1 = first + count,
                None => self.counts.push((racer, first + count)),
            }
        }
    }

    /// Draws single dots.
    pub fn dots(&mut self, points: &[Point], ink: Ink, frame: &Frame, dot: impl Fn(Point) -> [f64; 2]) {
        let single = Line::thin(Vec::new(), ink);
        for (at, bit) in points.iter().filter_map(|point| place_at(frame.columns, frame.rows, dot(*point))) {
            self.cells[at].add(bit, &single);
            self.touched.push(at);
        }
    }
}

const fn owner(ink: Ink) -> Option<usize> {
    match ink {
        Ink::Racer(racer) | Ink::Past(racer) => Some(racer),
        Ink::Ahead(_) | Ink::Ring(_) | Ink::Role(_) => None,
    }
}

/// Walks along a line: `emit(cell, bit)` gets each dot that is set and inside. Returns how many dots the line has.
pub fn walk(
    line: &Line,
    style: Style,
    frame: &Frame,
    dot: impl Fn(Point) -> [f64; 2],
    first: usize,
    mut emit: impl FnMut(usize, u8),
) -> usize {
    if matches!(line.ink, Ink::Ahead(_)) && !style.theme.fills() {
        return 0;
    }
    let keep = |i: usize| {
        keeps(line.dash, i)
            && match line.ink {
                Ink::Racer(racer) => style.dash(racer, first + i),
                Ink::Past(racer) | Ink::Ahead(racer) => style.dash_past(racer, first + i),
                Ink::Role(Role::Contour) => style.thin(i),
                Ink::Ring(_) | Ink::Role(_) => true,
            }
    };
    let (columns, rows) = (frame.columns, frame.rows);
    let mut count = 0;
    let mut stroke = Stroke::new(columns, rows, |i, x, y| {
        count = i + 1;
        if keep(i)
            && let Some((at, bit)) = place(columns, rows, x, y)
        {
            emit(at, bit);
        }
    });
    line.points.iter().for_each(|point| stroke.to(dot(*point)));
    drop(stroke);
    count
}

/// Whether the i-th dot of a dashed line is set.
#[must_use]
pub const fn keeps(dash: Dash, i: usize) -> bool {
    match dash {
        Dash::Solid => true,
        Dash::Dotted => i % 2 < 1,
        Dash::Sparse => i % 3 < 1,
        Dash::Dashed => i % 5 < 3,
        Dash::Even => i % 4 < 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::look::{Depth, Glyphs, Ground, Marker, Theme};

    const STYLE: Style = Style {
        theme: Theme { ground: Ground::Dark, depth: Depth::True },
        marker: Marker::Braille,
        bold: false,
        glyphs: Glyphs::Any,
    };

    #[test]
    fn shared_cells_take_turns() {
        let frame = Frame { x: [0.0, 24.0], y: [0.0, 8.0], columns: 12, rows: 2 };
        let mut sheet = Sheet::new(12, 2);
        let mut draw = |ink: Ink, y: f64| {
            let line = Line { points: vec![[0.5, y], [23.5, y]], ..Line::thin(Vec::new(), ink) };
            sheet.line(&line, STYLE, &frame, |p| p);
        };
        draw(Ink::Racer(1), 1.5);
        draw(Ink::Racer(4), 1.5);
        draw(Ink::Past(2), 2.5);
        let racers: Vec<Ink> = (0..12).map(|column| sheet.at(column, 0).owner(column, 0)).collect();
        let expected = [1, 1, 1, 4, 4, 4, 1, 1, 1, 4, 4, 4].map(Ink::Racer);
        assert_eq!(racers, expected);
        assert_eq!(sheet.at(0, 0).mask.count_ones(), 4);
        assert_eq!(sheet.cells().iter().filter(|cell| cell.mask != 0).count(), 12);
    }

    #[test]
    fn single_dots_are_not_joined() {
        let frame = Frame { x: [0.0, 24.0], y: [0.0, 8.0], columns: 12, rows: 2 };
        let mut sheet = Sheet::new(12, 2);
        sheet.dots(&[[0.5, 0.5], [23.5, 7.5], [24.5, 0.5], [f64::NAN, 0.5]], Ink::Past(0), &frame, |p| p);
        assert_eq!(sheet.touched, [0, 23]);
        assert_eq!(sheet.cells().iter().map(|cell| cell.mask.count_ones()).sum::<u32>(), 2);
        assert_eq!(sheet.at(0, 0).owner(0, 0), Ink::Past(0));
    }
}
