//! What lies under the paths: the fill by bands of loss, contour lines, their values. Changes only with field and
//! style.

use std::ops::Range;

use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

use crate::format;
use crate::plot::contour;
use crate::plot::dots::place;
use crate::plot::levels::Levels;
use crate::plot::quadrant::quarter;
use crate::plot::stroke::Stroke;
use crate::plot::{Dots, Field, Frame};
use crate::view::ink::Tone;
use crate::view::style::Style;
use crate::view::theme::{Depth, Role};

use super::overlay::{Line, Sheet, Sketch};

/// The number of candidate positions for a label.
const PLACES: usize = 6;

/// How many values of a field are sorted to find its levels; at most twice as many.
const RANKED: usize = 40_000;

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

/// The value of a contour, where it stands.
#[derive(Debug, Clone)]
pub struct Label {
    /// Its first column.
    pub column: usize,
    /// Its row.
    pub row: usize,
    /// What it says.
    pub text: String,
    /// How many columns it takes.
    pub width: usize,
}

/// The ground of a landscape.
#[derive(Debug, Default)]
pub struct Ground {
    /// How many cells a row has.
    columns: usize,
    /// The cells, row by row.
    pub cells: Vec<Base>,
    /// The labels, a list of places for each level, best first.
    pub labels: Vec<Vec<Label>>,
}

/// What of the ground is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// The fill.
    pub heat: bool,
    /// The contours.
    pub contours: bool,
}

impl Ground {
    /// The ground of a field of losses; `best` is the best known loss, `marks` are cells that labels keep away from.
    #[must_use]
    pub fn new(
        (field, sheet): (&Field, Option<&Sheet>),
        best: f64,
        style: Style,
        parts: Parts,
        marks: &[(usize, usize)],
    ) -> Self {
        let stride = (field.values().len() / RANKED).max(1) | 1;
        let levels = Levels::of(field.values().iter().step_by(stride).map(|v| v - best), most(style));
        let cells = match sheet {
            Some(sheet) => fill(sheet.field(), 0.0, &sheet.levels(most(style)), style, true),
            None => fill(field, best, &levels, style, parts.heat),
        };
        let mut ground = Self { columns: field.frame().columns, cells, labels: Vec::new() };
        if let Some(sheet) = sheet.filter(|_| !style.theme.fills()) {
            // Without a fill, its bands have edges.
            ground.add(&sheet.edges(most(style)), style);
        }
        if parts.contours {
            ground.contours(field, best, &levels, style, marks);
        }
        ground
    }

    /// A cell.
    #[must_use]
    pub fn at(&self, (column, row): (usize, usize)) -> Option<&Base> {
        self.cells.get(row * self.columns + column)
    }

    /// What stands behind lines and marks in a cell.
    #[must_use]
    pub fn behind(&self, (column, row): (usize, usize)) -> Color {
        self.at((column, row)).map_or(Color::Reset, |base| base.common)
    }

    /// Draws lines and signs on what there is.
    pub fn add(&mut self, sketch: &Sketch, style: Style) {
        let (columns, rows) = (sketch.frame.columns, sketch.frame.rows);
        let mut inked: Vec<(u8, Tone)> = vec![(0, Tone::Dim); self.cells.len()];
        for line in &sketch.lines {
            let mut stroke = Stroke::new(columns, rows, |i, x, y| {
                if let Some((at, dot)) = place(columns, rows, x, y).filter(|_| Line::keeps(line.dash, i)) {
                    inked[at] = (inked[at].0 | dot, line.tone);
                }
            });
            line.points.iter().for_each(|point| stroke.to(*point));
        }
        let mut write = |at: usize, symbol: char, tone: Tone| {
            let (look, cell) = (style.ink(tone.ink()), &mut self.cells[at]);
            (cell.symbol, cell.front, cell.back) = (symbol, look.fg.unwrap_or_default(), cell.common);
            cell.modifier = look.add_modifier;
        };
        for (at, (mask, tone)) in inked.iter().enumerate().filter(|(_, (mask, _))| *mask != 0) {
            write(at, style.line(*mask), *tone);
        }
        for sign in &sketch.signs {
            let text = style.plain(&sign.text);
            let Some(spots) = spots(sketch.frame, sign.at, text.chars().count()) else { continue };
            spots.into_iter().zip(text.chars()).for_each(|((x, y), c)| write(y * columns + x, c, sign.tone));
        }
    }

    /// The cells of a text of so many columns around a place in dot units; `None` if it would not be whole.
    #[must_use]
    pub fn spots(&self, at: [f64; 2], width: usize) -> Option<Vec<(usize, usize)>> {
        let rows = self.cells.len() / self.columns.max(1);
        spots(Frame { x: [0.0; 2], y: [0.0; 2], columns: self.columns, rows }, at, width)
    }

    fn contours(&mut self, field: &Field, best: f64, levels: &Levels, style: Style, marks: &[(usize, usize)]) {
        let (columns, rows) = (field.frame().columns, field.frame().rows);
        let lines: Vec<(f64, Dots)> = levels
            .decades()
            .into_iter()
            .map(|level| {
                let mut dots = Dots::new(columns, rows);
                for line in contour::lines(field.grid(), best + level) {
                    // Grid points are half a cell apart, the first a quarter cell outside.
                    let mut stroke = Stroke::new(columns, rows, |i, x, y| {
                        if style.thin(i) {
                            dots.set(x, y);
                        }
                    });
                    for [i, j] in line {
                        stroke.to([i - 0.5, 2.0 * j - 1.0]);
                    }
                }
                (level, dots)
            })
            .collect();
        let look = style.role(Role::Contour);
        for (at, cell) in self.cells.iter_mut().enumerate() {
            let mask = lines.iter().fold(0, |mask, (_, dots)| mask | dots.mask(at % columns, at / columns));
            if mask != 0 {
                cell.symbol = style.line(mask);
                cell.front = look.fg.unwrap_or_default();
                cell.back = cell.common;
                cell.modifier = look.add_modifier;
            }
        }
        for (i, (level, own)) in lines.iter().enumerate() {
            let others = lines.iter().enumerate().filter(|(k, _)| *k != i).map(|(_, line)| &line.1).collect::<Vec<_>>();
            self.labels.push(places(&style.plain(&format::label(*level)), own, &others, marks));
        }
    }
}

fn spots(frame: Frame, at: [f64; 2], width: usize) -> Option<Vec<(usize, usize)>> {
    let (first, row) = ((0.5 * at[0] - 0.5 * (width as f64 - 1.0)).floor(), (0.25 * at[1]).floor());
    let whole = first >= 0.0 && row >= 0.0 && row < frame.rows as f64 && first + width as f64 <= frame.columns as f64;
    whole.then(|| (0..width).map(|i| (first as usize + i, row as usize)).collect())
}

impl Label {
    /// Whether something of a width at a place would touch the label.
    #[must_use]
    pub const fn close(&self, column: usize, row: usize, width: usize) -> bool {
        self.column <= column + width + 1 && column <= self.column + self.width + 1 && self.row.abs_diff(row) <= 1
    }
}

/// The maximum number of levels: as many as there are distinguishable colours.
fn most(style: Style) -> usize {
    if style.theme.depth == Depth::True { style.theme.bands() } else { style.theme.bands() - 1 }
}

/// The fill by bands, or an empty ground.
fn fill(field: &Field, best: f64, levels: &Levels, style: Style, heat: bool) -> Vec<Base> {
    let page = style.theme.ground();
    let (text, ground) = (page.fg.unwrap_or_default(), page.bg.unwrap_or_default());
    let empty = Base { symbol: ' ', front: text, back: ground, modifier: Modifier::empty(), common: ground };
    let (columns, rows) = (field.frame().columns, field.frame().rows);
    if !heat || !style.theme.fills() {
        return vec![empty; columns * rows];
    }
    let colors: Vec<Color> = (0..levels.bands()).map(|band| style.theme.fill(band, levels.bands())).collect();
    let color = |band: Option<u8>| band.and_then(|band| colors.get(usize::from(band)).copied()).unwrap_or(ground);
    let mut cells = Vec::with_capacity(columns * rows);
    let mut band = levels.bander();
    for row in 0..rows {
        let mut left = None;
        for column in 0..columns {
            let cell = quarter(field.cell(column, row).map(|value| band(value - best)), left);
            left = Some(cell.back);
            let common = color(cell.common);
            cells.push(if style.ascii() {
                Base { back: common, common, ..empty }
            } else if cell.symbol == ' ' {
                Base { back: color(cell.back), common, ..empty }
            } else {
                Base { symbol: cell.symbol, front: color(cell.front), back: color(cell.back), common, ..empty }
            });
        }
    }
    cells
}

/// Places for a contour's value: on the line where it is flattest, away from other lines, marks and axis labels.
fn places(text: &str, own: &Dots, others: &[&Dots], marks: &[(usize, usize)]) -> Vec<Label> {
    let width = text.width();
    let (columns, rows) = (own.columns(), own.rows());
    // The left edge belongs to the vertical axis' labels.
    let Some(last) = columns.checked_sub(width + 2) else { return Vec::new() };
    let count =
        |dots: &Dots, around: Range<usize>, row: usize| around.filter(|&c| dots.mask(c, row) != 0).count() as i32;
    let mut found: Vec<(i32, Label)> = Vec::new();
    for row in 1..rows {
        for column in 6..=last {
            if own.mask(column + width / 2, row) == 0 {
                continue;
            }
            let label = Label { column, row, text: String::new(), width };
            if marks.iter().any(|&(column, row)| label.close(column, row, 1)) {
                continue;
            }
            let around = column - 1..column + width + 1;
            let beside = [row - 1, (row + 1).min(rows - 1)];
            let steep: i32 = beside.iter().map(|&r| count(own, around.clone(), r)).sum();
            let crowd =
                |dots: &&Dots| (row - 1..(row + 2).min(rows)).map(|r| count(dots, around.clone(), r)).sum::<i32>();
            let crowd: i32 = others.iter().map(crowd).sum();
            found.push((3 * count(own, around.clone(), row) - 2 * steep - 4 * crowd, label));
        }
    }
    found.sort_by_key(|(score, _)| -score);
    let mut places: Vec<Label> = Vec::new();
    for (score, label) in found {
        if score > -20 && places.len() < PLACES && !places.iter().any(|l| l.close(label.column, label.row, width)) {
            places.push(Label { text: text.to_owned(), ..label });
        }
    }
    places
}
