//! What lies under lines and signs: fills in quadrants and eighths, contours, the playhead.
//!
//! Made anew when one of its layers changes, which is rare.

use std::sync::Arc;

use ratatui::style::{Color, Modifier, Style as Cell};

use super::ink::walk;
use crate::plot::contour::lines;
use crate::plot::dots::place_at;
use crate::plot::look::Theme;
use crate::plot::mark::{Band, Bands, Bar, Dash, Ink, Layer, Line, Mark, Point, Role, Sign, Spread};
use crate::plot::pane::Plot;
use crate::plot::quadrant::{Quarter, quarter};
use crate::plot::style::Style;
use crate::plot::{Dots, Frame};

/// Blocks by eighths of a cell.
const EIGHTHS: [char; 8] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇'];
/// The columns between two dots of the grid.
const GRID: usize = 4;

/// A finished cell.
#[derive(Debug, Clone, Copy)]
pub struct Base {
    /// What it shows.
    pub symbol: char,
    /// In which colour.
    pub front: Color,
    /// On which.
    pub back: Color,
    /// Bold or dim.
    pub modifier: Modifier,
    /// What stands behind a line in this cell.
    pub common: Color,
}

/// The ground of a plot.
#[derive(Debug)]
pub struct Ground {
    style: Style,
    frame: Frame,
    /// The cells, row by row.
    pub cells: Vec<Base>,
}

impl Ground {
    /// The ground of a plot's layers over a frame; `ticks` are the rows along which dots run.
    #[must_use]
    pub fn new(plot: &Plot, layers: &[Arc<Layer>], frame: Frame, style: Style, ticks: &[usize]) -> Self {
        let page = style.theme.ground();
        let back = page.bg.unwrap_or_default();
        let front = page.fg.unwrap_or_default();
        let empty = Base { symbol: ' ', front, back, modifier: Modifier::empty(), common: back };
        let mut ground = Self { style, frame, cells: vec![empty; frame.columns * frame.rows] };
        for row in ticks {
            for column in (0..frame.columns).step_by(GRID) {
                ground.write(row * frame.columns + column, if style.ascii() { '.' } else { '·' }, Role::Faint);
            }
        }
        for layer in layers {
            ground.layer(plot, layer);
        }
        ground
    }

    /// The cell at a column and a row.
    #[must_use]
    pub fn at(&self, (column, row): (usize, usize)) -> &Base {
        &self.cells[row * self.frame.columns + column]
    }

    fn look(&mut self, at: usize, symbol: char, look: Cell) {
        let cell = &mut self.cells[at];
        (cell.symbol, cell.front, cell.back) = (symbol, look.fg.unwrap_or_default(), cell.common);
        cell.modifier = look.add_modifier;
    }

    fn write(&mut self, at: usize, symbol: char, role: Role) {
        self.look(at, symbol, self.style.role(role));
    }

    /// Draws a layer: its fills, its lines as one, its signs.
    fn layer(&mut self, plot: &Plot, layer: &Layer) {
        let frame = self.frame;
        let dot = |point: Point| plot.dot(&frame, point);
        let mut inked: Vec<(u8, Ink)> = Vec::new();
        for mark in &layer.marks {
            match mark {
                Mark::Bands(bands) => self.bands(bands),
                Mark::Bars(bars) => self.columns(plot, |x| Bar::at(bars, x)),
                Mark::Under(points) => self.columns(plot, |x| height_at(points, x)),
                Mark::Area(points) => self.area(&points.iter().map(|point| dot(*point)).collect::<Vec<_>>()),
                Mark::Band(band) => self.spread(band, dot),
                Mark::Line(line) if line.yields => {
                    let mut own = vec![(0, line.ink); self.cells.len()];
                    walk(line, self.style, &frame, dot, 0, |at, bit| own[at].0 |= bit);
                    let partial: Vec<bool> = self.cells.iter().map(|cell| cell.symbol != ' ').collect();
                    own.iter_mut().zip(partial).filter(|(_, partial)| *partial).for_each(|(own, _)| own.0 = 0);
                    self.lay(&own);
                }
                Mark::Line(line) => {
                    inked.resize(self.cells.len(), (0, line.ink));
                    walk(line, self.style, &frame, dot, 0, |at, bit| {
                        inked[at] = (inked[at].0 | bit, line.ink);
                    });
                }
                Mark::Dots(points, ink) => {
                    inked.resize(self.cells.len(), (0, *ink));
                    for (at, bit) in points.iter().filter_map(|p| place_at(frame.columns, frame.rows, dot(*p))) {
                        inked[at] = (inked[at].0 | bit, *ink);
                    }
                }
                Mark::Rule(x) => {
                    let column = frame.column(plot.x.linear(*x)).unwrap_or(frame.columns - 1);
                    for row in 0..frame.rows {
                        let symbol = if self.style.ascii() { '|' } else { '│' };
                        self.write(row * frame.columns + column, symbol, Role::Faint);
                    }
                }
                Mark::Rug(values) => {
                    for column in values.iter().filter_map(|x| frame.column(plot.x.linear(*x))) {
                        let at = (frame.rows - 1) * frame.columns + column;
                        self.write(at, if self.style.ascii() { '|' } else { '╷' }, Role::Text);
                    }
                }
                Mark::Sign(..) | Mark::Label(_) => {}
            }
        }
        self.lay(&inked);
        for mark in &layer.marks {
            if let Mark::Sign(point, Sign::Char(symbol, ink)) = mark {
                let [x, y] = dot(*point);
                if let Some((column, row)) = frame.cell_of([x, y]) {
                    self.look(row * frame.columns + column, *symbol, self.style.ink(*ink));
                }
            }
        }
    }

    fn lay(&mut self, inked: &[(u8, Ink)]) {
        for (at, (mask, ink)) in inked.iter().enumerate().filter(|(_, (mask, _))| *mask != 0) {
            self.look(at, self.style.line(*mask), self.style.ink(*ink));
        }
    }

    /// A field by bands, in quadrants.
    fn bands(&mut self, bands: &Bands) {
        let Bands { field, base, levels, edges } = bands;
        if !self.style.theme.fills() {
            if *edges {
                self.edges(bands);
            }
            return;
        }
        let colors: Vec<Color> = (0..levels.bands()).map(|band| self.style.theme.fill(band, levels.bands())).collect();
        let color = |band: Option<u8>, theme: Theme| {
            let page = theme.ground().bg.unwrap_or_default();
            band.and_then(|band| colors.get(usize::from(band)).copied()).unwrap_or(page)
        };
        let (theme, mut band) = (self.style.theme, levels.bander());
        for row in 0..self.frame.rows {
            let mut left = None;
            for column in 0..self.frame.columns {
                let cell = quarter(field.cell(column, row).map(|value| band(value - base)), left);
                left = Some(cell.back);
                self.quarter(row * self.frame.columns + column, cell, |band| color(band, theme));
            }
        }
    }

    fn quarter(&mut self, at: usize, cell: Quarter, color: impl Fn(Option<u8>) -> Color) {
        let (base, common) = (&mut self.cells[at], color(cell.common));
        if self.style.ascii() {
            (base.back, base.common) = (common, common);
        } else if cell.symbol == ' ' {
            (base.back, base.common) = (color(cell.back), common);
        } else {
            (base.symbol, base.front) = (cell.symbol, color(cell.front));
            (base.back, base.common) = (color(cell.back), common);
        }
    }

    /// Without a fill, its bands have edges.
    fn edges(&mut self, Bands { field, base, levels, .. }: &Bands) {
        let own = *field.frame();
        let mut inked = vec![(0, Ink::Role(Role::Dim)); self.cells.len()];
        for level in &levels.values {
            for line in lines(field.grid(), base + level) {
                let points = line.into_iter().map(|at| own.data_of(field_dot(at))).collect();
                let line = Line::thin(points, Ink::Role(Role::Dim)).dashed(Dash::Sparse);
                walk(&line, self.style, &self.frame, |[x, y]| own.dot(x, y), 0, |at, bit| inked[at].0 |= bit);
            }
        }
        self.lay(&inked);
    }

    /// What is filled under a function, in eighths of a cell; hatched without colours.
    fn columns(&mut self, plot: &Plot, height: impl Fn(f64) -> f64) {
        let (frame, [low, high]) = (self.frame, plot.x.span());
        let [foot, top] = plot.y.span();
        let at = |column: usize| low + (high - low) * (column as f64 + 0.5) / frame.columns as f64;
        let eighths = 8.0 * frame.rows as f64 / (top - foot);
        let heights: Vec<f64> = (0..frame.columns).map(|column| (height(at(column)) - foot) * eighths).collect();
        if !self.style.theme.fills() {
            return self.hatch(&heights);
        }
        let soft = self.style.theme.color(Role::Soft);
        for (column, height) in heights.iter().enumerate() {
            let whole = height.round().max(0.0) as usize;
            for row in 0..frame.rows {
                let left = whole.saturating_sub(8 * (frame.rows - 1 - row));
                let cell = &mut self.cells[row * frame.columns + column];
                if left >= 4 {
                    cell.common = soft;
                }
                if left >= 8 || (left >= 4 && self.style.ascii()) {
                    (cell.symbol, cell.back) = (' ', soft);
                } else if left > 0 && !self.style.ascii() {
                    (cell.symbol, cell.front) = (EIGHTHS[left], soft);
                }
            }
        }
    }

    /// Every other dot of every other row, and the edge.
    fn hatch(&mut self, heights: &[f64]) {
        let frame = self.frame;
        let mut dots = Dots::new(frame.columns, frame.rows);
        let bottom = 4 * frame.rows as i64;
        for x in 0..2 * frame.columns as i64 {
            let height = (heights[x as usize / 2] / 2.0).round() as i64;
            for y in 0..height.min(bottom) {
                if y + 1 == height || (y % 2 == 0 && (x + y / 2) % 2 == 0) {
                    dots.set(x, bottom - 1 - y);
                }
            }
        }
        let masks = |at: usize| (dots.mask(at % frame.columns, at / frame.columns), Ink::Role(Role::Soft));
        self.lay(&(0..self.cells.len()).map(masks).collect::<Vec<_>>());
    }

    /// The inside of a closed line in dots, at four points a cell; its outline where there are no fills.
    fn area(&mut self, outline: &[[f64; 2]]) {
        let frame = self.frame;
        if !self.style.theme.fills() {
            let mut inked = vec![(0, Ink::Role(Role::Soft)); self.cells.len()];
            let points = outline.iter().chain(outline.first()).copied().collect();
            let line = Line::thin(points, Ink::Role(Role::Soft)).dashed(Dash::Dotted);
            walk(&line, self.style, &frame, |dot| dot, 0, |at, bit| inked[at].0 |= bit);
            return self.lay(&inked);
        }
        self.inside(outline, self.style.theme.color(Role::Soft));
    }

    /// A band of quantiles; without fills the lines about the outer one.
    fn spread(&mut self, band: &Band, dot: impl Fn(Point) -> [f64; 2]) {
        if self.style.theme.fills() {
            let outline: Vec<[f64; 2]> = band.outline().map(dot).collect();
            return self.inside(&outline, self.style.theme.spread(band.racer, band.spread));
        }
        if band.spread == Spread::Inner {
            return;
        }
        let mut inked = vec![(0, Ink::Role(Role::Soft)); self.cells.len()];
        for edge in &band.edges {
            let line = Line::thin(edge.clone(), Ink::Role(Role::Soft)).dashed(Dash::Dotted);
            walk(&line, self.style, &self.frame, &dot, 0, |at, bit| inked[at].0 |= bit);
        }
        self.lay(&inked);
    }

    /// The inside of a closed line in dots, at four points a cell, in a colour.
    fn inside(&mut self, outline: &[[f64; 2]], color: Color) {
        let frame = self.frame;
        let mut inside = vec![false; 4 * frame.columns * frame.rows];
        for (row, points) in inside.chunks_exact_mut((2 * frame.columns).max(1)).enumerate() {
            let y = 2.0 * row as f64 + 1.0;
            let edges = outline.iter().zip(outline.iter().cycle().skip(1)).filter(|(a, b)| (a[1] <= y) != (b[1] <= y));
            let crossings: Vec<f64> = edges.map(|(a, b)| a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])).collect();
            for (column, point) in points.iter_mut().enumerate() {
                let x = column as f64 + 0.5;
                *point = crossings.iter().filter(|crossing| **crossing < x).count() % 2 == 1;
            }
        }
        for row in 0..frame.rows {
            let mut left = None;
            for column in 0..frame.columns {
                let at =
                    |dx: usize, dy: usize| inside[(2 * row + dy) * 2 * frame.columns + 2 * column + dx].then_some(0);
                let cell = quarter([at(0, 0), at(1, 0), at(0, 1), at(1, 1)], left);
                left = Some(cell.back);
                let place = row * frame.columns + column;
                let own = self.cells[place].common;
                self.quarter(place, cell, |band| if band.is_some() { color } else { own });
            }
        }
    }
}

/// The dot of a place on the grid of a field: points are half a cell apart, the first a quarter cell outside.
#[must_use]
pub fn field_dot([i, j]: [f64; 2]) -> [f64; 2] {
    [i - 0.5, 2.0 * j - 1.0]
}

/// The height of a curve at a place, between its points.
fn height_at(points: &[Point], x: f64) -> f64 {
    let next = points.partition_point(|point| point[0] < x);
    match (next.checked_sub(1).and_then(|last| points.get(last)), points.get(next)) {
        (Some(a), Some(b)) => a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0]),
        (None, Some(b)) => b[1],
        (Some(a), None) => a[1],
        (None, None) => 0.0,
    }
}
