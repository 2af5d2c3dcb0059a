//! Lines of several racers in one rectangle, and what colour a cell takes that several of them cross.
//!
//! In a shared cell all dots are kept and the colour is that of racer number (column/3 + row) mod k of the k racers there:
//! lines that coincide become two-coloured and neither hides the other. Bright beats past. Knows no scale and no race.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Style;
use super::style::put;
use crate::plot::Dots;

/// The dots of every racer over a rectangle of cells, bright and past apart.
#[derive(Debug)]
pub struct Ink {
    layers: Vec<Layer>,
    columns: usize,
    rows: usize,
}

#[derive(Debug)]
struct Layer {
    racer: usize,
    past: bool,
    dots: Dots,
}

impl Ink {
    /// No ink yet.
    #[must_use]
    pub const fn new(columns: usize, rows: usize) -> Self {
        Self { layers: Vec::new(), columns, rows }
    }

    /// A racer's line through places in dot units, bright or past. A place that is not finite breaks it.
    pub fn line(&mut self, style: Style, racer: usize, past: bool, places: impl Iterator<Item = [f64; 2]>) {
        let mut dots = Dots::new(self.columns, self.rows);
        let (mut before, mut count): (Option<[f64; 2]>, usize) = (None, 0);
        for place in places {
            if !place.iter().all(|v| v.is_finite()) {
                before = None;
                continue;
            }
            let from = before.unwrap_or(place);
            count = dots.line(from, place, count, |i| style.dash(racer, i));
            before = Some(place);
        }
        self.layers.push(Layer { racer, past, dots });
    }

    /// Whether a cell has dots.
    #[must_use]
    pub fn is_set(&self, column: usize, row: usize) -> bool {
        column < self.columns && row < self.rows && self.layers.iter().any(|layer| layer.dots.mask(column, row) != 0)
    }

    /// Writes every cell that has dots; backgrounds stay.
    pub fn paint(&self, style: Style, area: Rect, buf: &mut Buffer) {
        for row in 0..self.rows.min(usize::from(area.height)) {
            for column in 0..self.columns.min(usize::from(area.width)) {
                let Some((mask, racer, past)) = self.owner(column, row) else { continue };
                let (x, y) = (area.x + column as u16, area.y + row as u16);
                put(buf, x, y, style.path(mask), style.theme.racer(racer, past));
            }
        }
    }

    /// The dots of a cell, and whose colour it takes.
    fn owner(&self, column: usize, row: usize) -> Option<(u8, usize, bool)> {
        let (mut mask, mut bright, mut past) = (0, 0, 0);
        for layer in &self.layers {
            let dots = layer.dots.mask(column, row);
            if dots != 0 {
                mask |= dots;
                *(if layer.past { &mut past } else { &mut bright }) += 1;
            }
        }
        if mask == 0 {
            return None;
        }
        let (only_past, count) = if bright == 0 { (true, past) } else { (false, bright) };
        let turn = (column / 3 + row) % count;
        self.layers
            .iter()
            .filter(|layer| layer.past == only_past && layer.dots.mask(column, row) != 0)
            .nth(turn)
            .map(|layer| (mask, layer.racer, only_past))
    }
}
