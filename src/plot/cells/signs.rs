//! Signs and labels over a picture: who stands where when several want one cell.
//!
//! Glyphs are never pushed about: heads in one cell stand in a row. Labels come last; one that has no free place is left
//! out, since a truncated number is a different number.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style as Cell};

use super::ground::Ground;
use super::ink::Sheet;
use crate::plot::Frame;
use crate::plot::look::Depth;
use crate::plot::mark::{Label, Mark, Place, Point, Role, Sign, Tier};
use crate::plot::pane::Plot;
use crate::plot::style::{Style, put};
use crate::plot::text::width;

/// A cell of the picture.
type Spot = (usize, usize);

/// How many columns a bead keeps from other signs.
const APART: usize = 2;
/// How far a label moves outward before places around its anchor are tried.
const OUTWARD: i32 = 5;

/// A picture on which signs are written.
pub struct Pad<'a> {
    /// The buffer, and where the picture is in it.
    buf: &'a mut Buffer,
    /// The rectangle of the picture.
    area: Rect,
    /// Its look.
    style: Style,
    /// Its frame.
    frame: Frame,
    /// What lies under the signs.
    ground: &'a Ground,
    /// The lines.
    lines: &'a Sheet,
    /// The cells that have been written, and whether each has been.
    written: Vec<usize>,
    taken: Vec<bool>,
}

impl<'a> Pad<'a> {
    /// A pad on a rectangle of a buffer with this ground and these lines.
    pub fn new(
        buf: &'a mut Buffer,
        area: Rect,
        style: Style,
        (frame, ground, lines): (Frame, &'a Ground, &'a Sheet),
    ) -> Self {
        let taken = vec![false; frame.columns * frame.rows];
        Self { buf, area, style, frame, ground, lines, written: Vec::new(), taken }
    }

    /// The cells that have been written.
    pub fn written(self) -> Vec<usize> {
        self.written
    }
}

impl Pad<'_> {
    fn put_on(&mut self, (column, row): Spot, symbol: char, look: Cell, back: Color) {
        let at = row * self.frame.columns + column;
        if !std::mem::replace(&mut self.taken[at], true) {
            self.written.push(at);
        }
        put(self.buf, self.area.x + column as u16, self.area.y + row as u16, symbol, look.bg(back));
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

    /// Writes all signs and labels of a plot.
    pub fn draw(&mut self, plot: &Plot, inside: &[(usize, String)]) {
        let layers = || plot.all().filter(|layer| layer.tier == Tier::Signs);
        let marks = || layers().flat_map(|layer| &layer.marks);
        let mut signs: Vec<(Spot, Sign)> = Vec::with_capacity(layers().map(|layer| layer.marks.len()).sum());
        signs.extend(marks().filter_map(|mark| match mark {
            Mark::Sign(point, sign) => Some((self.spot(plot, *point)?, *sign)),
            _ => None,
        }));
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
        for mark in marks() {
            if let Mark::Label(label) = mark {
                self.label(plot, label, &mut painted);
            }
        }
    }

    fn spot(&self, plot: &Plot, point: Point) -> Option<Spot> {
        self.frame.cell_of(plot.dot(&self.frame, point))
    }

    /// One every ten steps, where there is room for it.
    fn beads(&mut self, signs: &[(Spot, Sign)]) {
        let fixed = signs.iter().filter(|(_, sign)| !matches!(sign, Sign::Bead(_)));
        let mut taken: Vec<Spot> = Vec::with_capacity(signs.len());
        taken.extend(fixed.map(|(spot, _)| *spot));
        for (spot, sign) in signs {
            let Sign::Bead(racer) = *sign else { continue };
            if taken.iter().any(|other| other.1 == spot.1 && other.0.abs_diff(spot.0) <= APART) {
                continue;
            }
            taken.push(*spot);
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
        let mut rows: Vec<(Spot, Vec<Sign>)> = Vec::new();
        for (spot, sign) in heads {
            match rows.last_mut() {
                Some((first, run)) if first.1 == spot.1 && spot.0 < first.0 + run.len() => run.push(sign),
                _ => rows.push((spot, vec![sign])),
            }
        }
        for ((column, row), run) in rows {
            let column = if start == Some((column, row)) { column + 2 } else { column };
            let first = column.min(self.frame.columns.saturating_sub(run.len()));
            for (column, sign) in (first..self.frame.columns).zip(run) {
                let (Sign::Head(racer) | Sign::Dead(racer) | Sign::Racer(racer) | Sign::Below(racer)) = sign else {
                    continue;
                };
                self.put((column, row), self.style.sign(sign), self.style.racer_bold(racer));
            }
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
            !crossed && !self.taken[spot.1 * self.frame.columns + spot.0]
        })
    }
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
