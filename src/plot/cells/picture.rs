//! The picture of a plot as it was drawn last: only what layers have moved is drawn again.

use std::sync::Arc;

use ratatui::layout::Rect;

use super::ground::Ground;
use super::ink::{Inked, Sheet};
use super::lettering::Lettering;
use super::page::Page;
use super::signs::{self, Pad, Signs, Spot};
use crate::plot::Frame;
use crate::plot::mark::{Layer, Mark, Reached, Sign, Tier};
use crate::plot::pane::Plot;
use crate::plot::style::{Style, put};

/// What a picture depends on beside its layers.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The data in view.
    pub frame: Frame,
    /// Where on the page.
    pub place: Rect,
    /// Its look.
    pub style: Style,
    /// What its axes are lettered with.
    pub lettering: Arc<Lettering>,
    /// Which axes are logarithmic.
    pub log: [bool; 2],
}

/// A picture.
#[derive(Debug)]
pub struct Picture {
    setting: Setting,
    ground: Ground,
    /// The layers that are drawn, beside those that are settled, and how far these had come.
    layers: Vec<Arc<Layer>>,
    settled: Reached,
    /// The signs that are settled, with their cells.
    stand: Vec<(Spot, Sign)>,
    /// The lines that are settled, and all of them.
    below: Sheet,
    lines: Sheet,
    /// The lines of each cell as they are painted.
    painted: Vec<Inked>,
    /// The signs and labels, and those before.
    written: Signs,
    before: Signs,
    /// Room for the cells that may have changed.
    places: Vec<usize>,
}

impl Picture {
    /// Draws a plot over the picture that was drawn last, if there is one.
    pub fn draw(last: Option<Self>, plot: &Plot, setting: Setting, page: &mut Page) -> Self {
        let last = last.filter(|own| own.setting == setting && own.has(Tier::Ground, plot));
        let whole = last.is_none();
        let mut own = last.unwrap_or_else(|| Self::new(plot, setting));
        let mut places = std::mem::take(&mut own.places);
        places.clear();
        let moved = own.draw_lines(plot, &mut places);
        if whole || moved || !own.has(Tier::Signs, plot) {
            if whole {
                places = (0..own.painted.len()).collect();
            }
            // Most lines that are drawn again look as before.
            let (painted, lines) = (&mut own.painted, own.lines.cells());
            places.retain(|at| std::mem::replace(&mut painted[*at], lines[*at]) != lines[*at] || whole);
            std::mem::swap(&mut own.before, &mut own.written);
            own.written.clear();
            let Setting { frame, place, style, .. } = own.setting;
            let mut pad = Pad::new(&mut own.written, style, (frame, &own.ground, &own.lines));
            pad.draw(plot, &own.stand, &own.setting.lettering.inside);
            places.extend(own.written.changed_from(&own.before));
            own.paint(&places, page);
            page.mark_in(place, &places);
        }
        own.places = places;
        own.layers.clone_from(&plot.layers);
        own
    }

    /// Whether the layers of a tier are those that are drawn, beside those that are settled.
    fn has(&self, tier: Tier, plot: &Plot) -> bool {
        let [drawn, new] = [&self.layers, &plot.layers]
            .map(|layers| layers.iter().filter(|layer| layer.tier == tier).map(Arc::as_ptr));
        drawn.eq(new)
    }

    fn new(plot: &Plot, setting: Setting) -> Self {
        let grounds: Vec<_> = plot.layers.iter().filter(|layer| layer.tier == Tier::Ground).cloned().collect();
        let Setting { frame, style, .. } = setting;
        Self {
            ground: Ground::new(plot, &grounds, frame, style, &setting.lettering.grid),
            setting,
            layers: Vec::new(),
            settled: Reached::default(),
            stand: Vec::new(),
            below: Sheet::new(frame.columns, frame.rows),
            lines: Sheet::new(frame.columns, frame.rows),
            painted: vec![Inked::default(); frame.columns * frame.rows],
            written: Signs::over(frame.columns * frame.rows),
            before: Signs::over(frame.columns * frame.rows),
            places: Vec::new(),
        }
    }

    /// Brings the lines up to date. Returns whether any has moved, and adds the cells that had or have it.
    fn draw_lines(&mut self, plot: &Plot, places: &mut Vec<usize>) -> bool {
        let reached = plot.settled.reached();
        if self.settled == reached && self.has(Tier::Lines, plot) {
            return false;
        }
        let grown = plot.settled.since(self.settled);
        if grown.is_none() {
            places.extend(self.below.inked());
            self.below = Sheet::new(self.setting.frame.columns, self.setting.frame.rows);
            self.stand.clear();
        }
        for layer in grown.unwrap_or(plot.settled.layers()) {
            self.stand.extend(signs::spots(plot, layer, &self.setting.frame));
            lay(&mut self.below, plot, layer, &self.setting);
        }
        self.settled = reached;
        places.append(&mut self.below.touched);
        places.append(&mut self.lines.touched);
        self.lines.restore(&self.below, places);
        for layer in &plot.layers {
            lay(&mut self.lines, plot, layer, &self.setting);
        }
        places.extend(&self.lines.touched);
        true
    }

    /// Writes ground, lines and signs in some cells.
    fn paint(&self, places: &[usize], page: &mut Page) {
        let Setting { frame, place, style, .. } = self.setting;
        let buf = page.buffer();
        for &at in places {
            let (column, row) = (at % frame.columns, at / frame.columns);
            let (x, y) = (place.x + column as u16, place.y + row as u16);
            let index = buf.index_of(x, y);
            let (cell, base, lines) = (&mut buf.content[index], &self.ground.cells[at], self.lines.cells()[at]);
            if lines.mask == 0 {
                // Most cells are blank and were so before; writing a symbol is the expensive part.
                if base.symbol != ' ' || cell.symbol() != " " {
                    cell.set_char(base.symbol);
                }
                (cell.fg, cell.bg, cell.modifier) = (base.front, base.back, base.modifier);
            } else {
                let look = style.ink(lines.owner(column, row));
                cell.set_char(if lines.heavy { style.path(lines.mask) } else { style.line(lines.mask) });
                (cell.fg, cell.bg, cell.modifier) = (look.fg.unwrap_or_default(), base.common, look.add_modifier);
            }
            if let Some(written) = self.written.at(at) {
                put(buf, x, y, written.symbol, written.look);
            }
        }
    }
}

/// Draws the lines of a layer.
fn lay(sheet: &mut Sheet, plot: &Plot, layer: &Layer, setting: &Setting) {
    let Setting { frame, style, .. } = setting;
    let dot = |point| plot.dot(frame, point);
    for mark in layer.marks.iter().filter(|_| layer.tier == Tier::Lines) {
        match mark {
            Mark::Line(line) => sheet.line(line, *style, frame, dot),
            Mark::Dots(points, ink) => sheet.dots(points, *ink, frame, dot),
            _ => {}
        }
    }
}
