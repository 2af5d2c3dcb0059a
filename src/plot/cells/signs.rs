//! Signs and labels over a picture: who stands where when several want one cell.
//!
//! Glyphs are never pushed about: heads in one cell stand in a row. Labels come last; one that has no free place is left
//! out, since a truncated number is a different number.

use ratatui::style::{Color, Modifier, Style as Cell};

use super::ground::Ground;
use super::ink::Sheet;
use crate::plot::Frame;
use crate::plot::look::Depth;
use crate::plot::mark::{Label, Layer, Mark, Place, Point, Role, Sign, Tier};
use crate::plot::pane::Plot;
use crate::plot::style::Style;
use crate::plot::text::width;

/// A cell of the picture.
pub type Spot = (usize, usize);

/// How many columns a bead keeps from other signs.
const APART: usize = 2;
/// How far a label moves outward before places around its anchor are tried.
const OUTWARD: i32 = 5;

/// A character on a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Written {
    /// Its cell, counted row by row.
    pub at: usize,
    /// What it is.
    pub symbol: char,
    /// How it looks.
    pub look: Cell,
}

/// The characters on a picture, at most one a cell.
#[derive(Debug, Default)]
pub struct Signs {
    all: Vec<Written>,
    /// By cells: one more than the place of its character among all of them; 0 where there is none.
    places: Vec<u32>,
}

impl Signs {
    /// None yet, on so many cells.
    #[must_use]
    pub fn over(cells: usize) -> Self {
        Self { all: Vec::new(), places: vec![0; cells] }
    }

    /// The character in a cell.
    #[must_use]
    pub fn at(&self, at: usize) -> Option<&Written> {
        self.places[at].checked_sub(1).map(|place| &self.all[place as usize])
    }

    /// The cells that these and others leave different.
    pub fn changed_from<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = usize> {
        let new = self.all.iter().filter(|own| other.at(own.at) != Some(own));
        let gone = other.all.iter().filter(|other| self.at(other.at).is_none());
        new.chain(gone).map(|written| written.at)
    }

    /// Takes all of them away.
    pub fn clear(&mut self) {
        for written in self.all.drain(..) {
            self.places[written.at] = 0;
        }
    }

    fn put(&mut self, written: Written) {
        match self.places[written.at] {
            0 => {
                self.all.push(written);
                self.places[written.at] = self.all.len() as u32;
            }
            place => self.all[place as usize - 1] = written,
        }
    }
}

/// A picture on which signs are written.
pub struct Pad<'a> {
    /// What has been written.
    signs: &'a mut Signs,
    /// The picture's look.
    style: Style,
    /// Its frame.
    frame: Frame,
    /// What lies under the signs.
    ground: &'a Ground,
    /// The lines.
    lines: &'a Sheet,
}

impl<'a> Pad<'a> {
    /// A pad for a picture with this ground and these lines.
    pub const fn new(
        signs: &'a mut Signs,
        style: Style,
        (frame, ground, lines): (Frame, &'a Ground, &'a Sheet),
    ) -> Self {
        Self { signs, style, frame, ground, lines }
    }

    fn put_on(&mut self, (column, row): Spot, symbol: char, look: Cell, back: Color) {
        self.signs.put(Written { at: row * self.frame.columns + column, symbol, look: look.bg(back) });
    }

    fn put(&mut self, spot: Spot, symbol: char, look: Cell) {
        self.put_on(spot, symbol, look, self.ground.at(spot).common);
    }

    /// Writes a text from a cell on.
    pub fn write(&mut self, (column, row): Spot, text: &str, look: Cell) {
        for (column, symbol) in (column..self.frame.columns).zip(text.chars()) {
            self.put((column, row), symbol, look);
        }
    }

    /// Writes all signs and labels of a plot; where those that are settled `stand` is known.
    pub fn draw(&mut self, plot: &Plot, stand: &[(Spot, Sign)], inside: &[(usize, String)]) {
        let moving = plot.layers.iter().flat_map(|layer| spots(plot, layer, &self.frame));
        let signs: Vec<(Spot, Sign)> = stand.iter().copied().chain(moving).collect();
        self.beads(&signs);
        self.axis(inside, &signs);
        for (spot, sign) in &signs {
            match sign {
                Sign::Char(symbol, ink) => self.put(*spot, *symbol, self.style.ink(*ink)),
                Sign::Lowest => {
                    let look = self.style.role(Role::Text).add_modifier(Modifier::BOLD);
                    self.put(*spot, self.style.sign(*sign), look);
                }
                Sign::Start => self.put(*spot, self.style.start(), self.style.role(Role::Mark)),
                Sign::Optimum => self.put(*spot, self.style.optimum(), self.style.role(Role::Mark)),
                Sign::Head(_) | Sign::Dead(_) | Sign::Bead(_) | Sign::Racer(_) | Sign::Below(_) => {}
            }
        }
        self.heads(&signs);
        let mut painted = Vec::new();
        for layer in plot.layers.iter().filter(|layer| layer.tier == Tier::Signs) {
            for mark in &layer.marks {
                if let Mark::Label(label) = mark {
                    self.label(plot, label, &mut painted);
                }
            }
        }
    }

    fn spot(&self, plot: &Plot, point: Point) -> Option<Spot> {
        spot(plot, point, &self.frame)
    }

    /// One every ten steps, where there is room for it.
    fn beads(&mut self, signs: &[(Spot, Sign)]) {
        let wide = self.frame.columns;
        let mut taken = vec![false; wide * self.frame.rows];
        for ((column, row), _) in signs.iter().filter(|(_, sign)| !matches!(sign, Sign::Bead(_))) {
            taken[row * wide + column] = true;
        }
        for (spot @ (column, row), sign) in signs {
            let Sign::Bead(racer) = *sign else { continue };
            let near = column.saturating_sub(APART)..(column + APART + 1).min(wide);
            let line = &mut taken[row * wide..][..wide];
            if line[near].contains(&true) {
                continue;
            }
            line[*column] = true;
            let (style, look) = (self.style, self.style.theme.racer(racer, false));
            if style.bold && style.theme.depth > Depth::None && !style.ascii() {
                // A hole in the line.
                let hole = Cell::new().fg(style.theme.ground().bg.unwrap_or_default()).add_modifier(Modifier::BOLD);
                self.put_on(*spot, style.step_mark(racer), hole, look.fg.unwrap_or_default());
            } else {
                self.put(*spot, style.step_mark(racer), look);
            }
        }
    }

    /// The labels of the vertical axis on the picture, where no sign stands.
    fn axis(&mut self, inside: &[(usize, String)], signs: &[(Spot, Sign)]) {
        for (row, label) in inside {
            let hidden = |(spot, sign): &(Spot, Sign)| {
                spot.1 == *row && spot.0 < usize::from(width(label)) && !matches!(sign, Sign::Bead(_))
            };
            if !signs.iter().any(hidden) {
                let role = if *row == 0 { Role::Text } else { Role::ContourLabel };
                self.write((0, *row), label, self.style.role(role));
            }
        }
    }

    /// Where racers stand: those of one cell, or whose rows would run into one another, side by side.
    fn heads(&mut self, signs: &[(Spot, Sign)]) {
        let start = signs.iter().find(|(_, sign)| *sign == Sign::Start).map(|(spot, _)| *spot);
        let mut heads: Vec<(Spot, Sign)> = signs
            .iter()
            .filter(|(_, sign)| matches!(sign, Sign::Head(_) | Sign::Dead(_) | Sign::Racer(_) | Sign::Below(_)))
            .copied()
            .collect();
        heads.sort_by_key(|(spot, _)| (spot.1, spot.0));
        let mut heads = heads.as_slice();
        while let Some(((column, row), _)) = heads.first().copied() {
            let beside = |(at, (spot, _)): &(usize, &(Spot, Sign))| spot.1 == row && spot.0 < column + (*at).max(1);
            let (run, rest) = heads.split_at(heads.iter().enumerate().take_while(beside).count());
            let column = if start == Some((column, row)) { column + 2 } else { column };
            let first = column.min(self.frame.columns.saturating_sub(run.len()));
            for (column, (_, sign)) in (first..self.frame.columns).zip(run) {
                let (Sign::Head(racer) | Sign::Dead(racer) | Sign::Racer(racer) | Sign::Below(racer)) = *sign else {
                    continue;
                };
                self.put((column, row), self.style.sign(*sign), self.style.racer_bold(racer));
            }
            heads = rest;
        }
    }

    fn label(&mut self, plot: &Plot, label: &Label, painted: &mut Vec<(Spot, usize)>) {
        let text = self.style.plain(&label.text);
        let long = usize::from(width(&text));
        let mut spots = label.anchors.iter().filter_map(|anchor| self.spot(plot, *anchor));
        let look = self.style.ink(label.ink);
        let found = match label.place {
            Place::On => spots.find_map(|(column, row)| {
                let first = column.checked_sub(long / 2)?;
                let apart = !painted.iter().any(|(other, wide)| close(*other, *wide, (first, row), long));
                (apart && self.free((first, row), long, Round::Alone, 0)).then_some((first, row))
            }),
            Place::Right => spots.find_map(|spot| self.tried(spot, long, &[(2, 0)])),
            Place::Edge => spots.next().map(|(column, row)| (column.min(self.frame.columns.saturating_sub(long)), row)),
            Place::Beside => spots.next().and_then(|spot| {
                let n = long as i32;
                self.tried(spot, long, &[(2, 0), (-n - 1, 0), (3, 0), (4, 0), (5, 0)])
            }),
            Place::Around => spots.next().and_then(|spot| self.around(spot, long, &[])),
            Place::Toward(toward) => spots.next().and_then(|spot| {
                let outward: Vec<(i32, i32)> = (0..OUTWARD).map(|k| outward(toward, long as i32, k)).collect();
                self.around(spot, long, &outward)
            }),
        };
        let Some(spot) = found.filter(|(column, _)| column + long <= self.frame.columns) else { return };
        painted.push((spot, long));
        self.write(spot, &text, look);
    }

    /// The first free place around a cell, after some that are preferred.
    fn around(&self, spot: Spot, long: usize, before: &[(i32, i32)]) -> Option<Spot> {
        let n = long as i32;
        let around = [
            (2, 0),
            (-n - 1, 0),
            (1, -1),
            (1, 1),
            (-n, -1),
            (-n, 1),
            (-n / 2, -1),
            (-n / 2, 1),
            (2, -2),
            (2, 2),
            (-n - 1, -2),
            (-n - 1, 2),
            (3, -3),
            (3, 3),
        ];
        self.tried(spot, long, &[before, &around].concat())
    }

    /// The first of some places from a cell that is free: first where nothing runs, then where shapes do.
    fn tried(&self, (column, row): Spot, long: usize, places: &[(i32, i32)]) -> Option<Spot> {
        let spot = |(dx, dy): &(i32, i32)| {
            let at = |from: usize, by: i32| from.checked_add_signed(by as isize);
            Some((at(column, *dx)?, at(row, *dy)?))
        };
        let mut rounds = [Round::Alone, Round::OverShapes].into_iter();
        rounds.find_map(|round| places.iter().filter_map(spot).find(|spot| self.free(*spot, long, round, 1)))
    }

    /// Whether so many cells, with a margin on either side, are free.
    fn free(&self, (column, row): Spot, long: usize, round: Round, margin: usize) -> bool {
        if row >= self.frame.rows || column + long > self.frame.columns {
            return false;
        }
        let columns = column.saturating_sub(margin)..(column + long + margin).min(self.frame.columns);
        let mut cells = columns.map(|column| (column, row));
        cells.all(|spot| {
            let lines = self.lines.at(spot.0, spot.1);
            let crossed = match round {
                Round::Alone => lines.mask != 0,
                Round::OverShapes => lines.path(),
            };
            !crossed && self.signs.at(spot.1 * self.frame.columns + spot.0).is_none()
        })
    }
}

/// The signs of a layer, if it is one of signs, with their cells.
pub fn spots<'a>(plot: &'a Plot, layer: &'a Layer, frame: &'a Frame) -> impl Iterator<Item = (Spot, Sign)> + 'a {
    let marks = layer.marks.iter().filter(|_| layer.tier == Tier::Signs);
    marks.filter_map(|mark| match mark {
        Mark::Sign(point, sign) => Some((spot(plot, *point, frame)?, *sign)),
        _ => None,
    })
}

fn spot(plot: &Plot, point: Point, frame: &Frame) -> Option<Spot> {
    frame.cell_of(plot.dot(frame, point))
}

/// What a label may cross.
#[derive(Debug, Clone, Copy)]
enum Round {
    Alone,
    OverShapes,
}

/// Where a label begins that moves outward: its middle goes in the direction.
fn outward(toward: [f64; 2], long: i32, k: i32) -> (i32, i32) {
    let middle = |axis: usize, own: f64| toward[axis] * (own + f64::from(k));
    let across = middle(0, 0.5 * f64::from(long) + 1.5) - 0.5 * (f64::from(long) - 1.0);
    (across.round() as i32, middle(1, 1.0).round() as i32)
}

/// Whether two labels would touch.
const fn close(a: Spot, wide: usize, b: Spot, long: usize) -> bool {
    a.0 <= b.0 + long + 1 && b.0 <= a.0 + wide + 1 && a.1.abs_diff(b.1) <= 1
}
