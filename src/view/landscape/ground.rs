//! What lies under the paths: the fill by bands of loss, contour lines, their values. Changes only with field and style.

use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

use crate::plot::contour;
use crate::plot::levels::Levels;
use crate::plot::quadrant::quarter;
use crate::plot::stroke::Stroke;
use crate::plot::{Dots, Field, number};
use crate::view::style::Style;
use crate::view::theme::Role;

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
    /// The cells, row by row.
    pub cells: Vec<Base>,
    /// The labels.
    pub labels: Vec<Label>,
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
    pub fn new(field: &Field, best: f64, style: Style, parts: Parts, marks: &[(usize, usize)]) -> Self {
        let levels = Levels::of(field.values().iter().map(|v| v - best), style.theme.bands().saturating_sub(1));
        let mut ground = Self { cells: fill(field, best, &levels, style, parts.heat), labels: Vec::new() };
        if parts.contours {
            ground.contours(field, best, &levels, style, marks);
        }
        ground
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
                    let mut stroke = Stroke::new(columns, rows, |_, x, y| dots.set(x, y));
                    line.iter().for_each(|[i, j]| stroke.to([i - 0.5, 2.0 * j - 1.0]));
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
            let others: Vec<&Dots> =
                lines.iter().enumerate().filter(|(k, _)| *k != i).map(|(_, line)| &line.1).collect();
            let label = label(*level, own, &others, &self.labels, marks, style);
            self.labels.extend(label);
        }
    }
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
    for row in 0..rows {
        let mut left = None;
        for column in 0..columns {
            let cell = quarter(field.cell(column, row).map(|value| levels.band(value - best)), left);
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

/// Where a contour's value stands: on the line where it is flattest, away from other lines, labels, marks and axis labels.
fn label(
    level: f64,
    own: &Dots,
    others: &[&Dots],
    labels: &[Label],
    marks: &[(usize, usize)],
    style: Style,
) -> Option<Label> {
    let text = style.plain(&number::label(level));
    let width = text.width();
    let (columns, rows) = (own.columns(), own.rows());
    // The left edge belongs to the vertical axis' labels.
    let (first, last) = (6, columns.checked_sub(width + 2)?);
    let near = |row: usize| row.saturating_sub(1)..(row + 2).min(rows);
    let mut best: Option<(i32, usize, usize)> = None;
    for row in 1..rows {
        for column in first..=last {
            if (column..column + width).all(|c| own.mask(c, row) == 0) {
                continue;
            }
            let around = column - 1..column + width + 1;
            let on_line = around.clone().filter(|&c| own.mask(c, row) != 0).count();
            let steep = near(row).filter(|&r| r != row).flat_map(|r| around.clone().map(move |c| (c, r)));
            let steep = steep.filter(|&(c, r)| own.mask(c, r) != 0).count();
            let crowd = near(row).flat_map(|r| around.clone().map(move |c| (c, r)));
            let crowd = crowd.filter(|&(c, r)| others.iter().any(|dots| dots.mask(c, r) != 0)).count();
            let close =
                |c: usize, r: usize, w: usize| c <= column + width + 1 && column <= c + w + 1 && r.abs_diff(row) <= 1;
            let taken =
                labels.iter().any(|l| close(l.column, l.row, l.width)) || marks.iter().any(|&(c, r)| close(c, r, 1));
            let score = 3 * on_line as i32 - 2 * steep as i32 - 4 * crowd as i32 - if taken { 100 } else { 0 };
            if best.is_none_or(|(most, _, _)| score > most) {
                best = Some((score, column, row));
            }
        }
    }
    best.filter(|(score, _, _)| *score > -20).map(|(_, column, row)| Label { column, row, text, width })
}
