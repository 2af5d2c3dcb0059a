//! The filled part of the density pane: target or data, in eighths of a cell with colours, hatched without.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style as Cell;

use super::density::density;
use super::style::put;
use super::{Role, Style};
use crate::family::{Family, Support, principal};
use crate::math::Vec2;
use crate::plot::Dots;
use crate::race::World;

/// Blocks by eighths of a cell.
const EIGHTHS: [char; 8] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇'];
/// The most data counted for a histogram: more make no visible difference in eighths of a row, and a frame has to be
/// fast.
const COUNTED: usize = 20_000;

/// What is filled.
#[derive(Debug, Clone, Copy)]
pub enum Source<'a> {
    /// A distribution of the family.
    Target(Vec2),
    /// A sample.
    Data(&'a [f64]),
    /// No target: only a loss.
    Nothing,
}

impl<'a> Source<'a> {
    /// The target of a scenario.
    #[must_use]
    pub fn of(world: &'a World) -> Self {
        let objective = &world.objective;
        match (objective.target(), objective.data()) {
            (Some(p), _) => Self::Target(p),
            (None, Some(data)) if !data.values().is_empty() => Self::Data(data.values()),
            _ => Self::Nothing,
        }
    }

    /// Its name beside the fill.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Target(_) => "target",
            Self::Data(_) => "data",
            Self::Nothing => "",
        }
    }

    /// Its density in the middle of each of `columns` columns, or its histogram in whole columns.
    #[must_use]
    pub fn heights(self, family: &dyn Family, range: [f64; 2], columns: usize) -> Vec<f64> {
        let width = (range[1] - range[0]) / columns as f64;
        match self {
            Self::Target(p) => {
                (0..columns).map(|column| density(family, p, &[range[0] + width * (column as f64 + 0.5)])).collect()
            }
            Self::Data(values) if family.support() == Support::Circle => {
                let turned: Vec<f64> = values.iter().map(|x| principal(*x)).collect();
                histogram(&turned, range[0], width, columns)
            }
            Self::Data(values) => histogram(values, range[0], width, columns),
            Self::Nothing => vec![0.0; columns],
        }
    }

    /// The share of each of some outcomes.
    #[must_use]
    pub fn shares(self, family: &dyn Family, outcomes: &[Vec<f64>]) -> Vec<f64> {
        match self {
            Self::Target(p) => outcomes.iter().map(|x| density(family, p, x)).collect(),
            Self::Data(values) => {
                let rows = || values.chunks_exact(family.width());
                let share = |outcome: &Vec<f64>| rows().filter(|x| x == outcome).count() as f64 / rows().len() as f64;
                outcomes.iter().map(share).collect()
            }
            Self::Nothing => vec![0.0; outcomes.len()],
        }
    }
}

/// Bins of whole columns, as wide as the Rice rule says (2 ∛n bins over the sample), as a density.
fn histogram(values: &[f64], left: f64, width: f64, columns: usize) -> Vec<f64> {
    let stride = values.len().div_ceil(COUNTED);
    let counted: Vec<f64> = values.iter().copied().step_by(stride.max(1)).collect();
    let low = counted.iter().copied().fold(f64::INFINITY, f64::min);
    let high = counted.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let bins = (2.0 * (counted.len() as f64).cbrt()).ceil();
    let bin = (((high - low) / bins / width).round().max(1.0) as usize).min(columns.max(1));
    let mut counts = vec![0_usize; columns.div_ceil(bin)];
    for x in &counted {
        let column = (x - left) / width;
        if column >= 0.0 && column < columns as f64 {
            counts[column as usize / bin] += 1;
        }
    }
    let unit = counted.len() as f64 * bin as f64 * width;
    (0..columns).map(|column| counts[column / bin] as f64 / unit).collect()
}

/// A fill standing on the lower edge.
#[derive(Debug, Default)]
pub struct Filling {
    /// Its height in each column, in eighths of a cell.
    pub heights: Vec<f64>,
    /// The rows of the pane.
    pub rows: usize,
}

impl Filling {
    /// Writes the fill; `covered` are the cells that will get a line, which are full or empty as a whole.
    pub fn paint(&self, style: Style, area: Rect, covered: impl Fn(usize, usize) -> bool, buf: &mut Buffer) {
        if !style.theme.fills() {
            self.hatch(style, area, buf);
            return;
        }
        for column in 0..self.heights.len() {
            let mut rows = (0..self.rows).rev();
            while let Some(row) = rows.next()
                && self.eighths(column, row) > 0
            {
                self.paint_cell(style, area, (column, row), covered(column, row), buf);
            }
        }
    }

    /// How much of a cell is filled and of those above it.
    fn eighths(&self, column: usize, row: usize) -> usize {
        let height = self.heights[column].round().max(0.0) as usize;
        height.saturating_sub(8 * (self.rows - 1 - row))
    }

    /// Writes one cell of the fill in colour.
    pub fn paint_cell(&self, style: Style, area: Rect, (column, row): (usize, usize), covered: bool, buf: &mut Buffer) {
        let (left, soft) = (self.eighths(column, row), style.theme.color(Role::Soft));
        let (x, y) = (area.x + column as u16, area.y + row as u16);
        if left >= 8 || (left >= 4 && (style.ascii() || covered)) {
            put(buf, x, y, ' ', Cell::new().bg(soft));
        } else if left > 0 && !style.ascii() {
            put(buf, x, y, EIGHTHS[left], Cell::new().fg(soft));
        }
    }

    /// Without colours: every other dot of every other row, and the edge.
    fn hatch(&self, style: Style, area: Rect, buf: &mut Buffer) {
        let mut dots = Dots::new(self.heights.len(), self.rows);
        let bottom = 4 * self.rows as i64;
        for x in 0..2 * self.heights.len() as i64 {
            let height = (self.heights[x as usize / 2] / 2.0).round() as i64;
            for y in 0..height.min(bottom) {
                if y + 1 == height || (y % 2 == 0 && (x + y / 2) % 2 == 0) {
                    dots.set(x, bottom - 1 - y);
                }
            }
        }
        for (row, column) in (0..self.rows).flat_map(|row| (0..self.heights.len()).map(move |column| (row, column))) {
            let mask = dots.mask(column, row);
            if mask != 0 {
                put(buf, area.x + column as u16, area.y + row as u16, style.line(mask), style.role(Role::Soft));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_histogram_is_a_density() {
        let values: Vec<f64> = (0..1000).map(|i| f64::from(i) / 1000.0).collect();
        let heights = histogram(&values, -1.0, 0.05, 60);
        let mass: f64 = heights.iter().map(|h| h * 0.05).sum();
        assert!((mass - 1.0).abs() < 1e-9, "{mass}");
        assert!(heights[..19].iter().all(|h| *h == 0.0));
    }

    #[test]
    fn equal_data_have_a_histogram() {
        assert!(histogram(&[2.0; 5], 0.0, 0.1, 40).iter().all(|h| h.is_finite()));
    }
}
