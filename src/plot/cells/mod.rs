//! Marks as cells: a pane becomes characters and colours in a rectangle of a buffer.
//!
//! Layers are kept as they were drawn: what time has not moved is not rasterised again. No pane knows of it: a
//! [`Memo`] recognises layers by their address, and dropping it changes no cell.

mod ground;
mod ink;
mod page;
mod signs;

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Frame;
use super::axis;
use super::border::{border, frame};
use super::mark::{Ink, Layer, Mark, Role, Tier};
use super::pane::{Labels, PaneFigure, Plot, Room, Span, Table, Words};
use super::style::{self, Style, put};
use super::text::{clip, width, write, write_right};
use ground::Ground;
use ink::Sheet;
use signs::Pad;

pub use ground::field_dot;
pub use page::Page;

/// The room inside the frame of a pane over `area`.
#[must_use]
pub fn room(area: Rect, style: Style) -> Room {
    let inside = style::inner(area);
    let bands = style.theme.bands() - usize::from(style.theme.depth != super::look::Depth::True);
    Room { columns: inside.width, rows: inside.height, bands }
}

/// A pane as it was drawn last, and what is kept of its plot.
#[derive(Debug, Default)]
pub struct Memo {
    page: Page,
    outline: Option<Outline>,
    edge: Edge,
    table: Table,
    plot: Option<Drawn>,
}

/// Which parts of a pane's rectangle show what.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Outline {
    style: Style,
    /// The rectangle before it was cut to what can be shown.
    area: Rect,
    inside: Rect,
    picture: Option<Rect>,
    table: Rect,
}

/// What stands in a frame and beside its picture.
#[derive(Debug, Clone, Default, PartialEq)]
struct Edge {
    focused: bool,
    titles: [String; 3],
    /// The labels of the vertical axis by their rows.
    rows: Vec<(usize, String)>,
    labels: Option<Labels>,
    name: String,
    /// The labels of the horizontal axis by their columns in the rectangle.
    columns: Vec<(u16, String)>,
}

/// A plot as it was drawn last.
#[derive(Debug)]
struct Drawn {
    key: (Frame, Style, [bool; 2], Vec<usize>),
    ground: Ground,
    grounds: Vec<Arc<Layer>>,
    settled: Sheet,
    layers: Vec<Arc<Layer>>,
    /// All lines: those that are settled and those of the moment.
    lines: Sheet,
    /// Where signs stand.
    signs: Vec<usize>,
}

/// Draws a pane with its frame into `area`.
pub fn draw(figure: &PaneFigure, memo: &mut Memo, style: Style, focused: bool, area: Rect, buf: &mut Buffer) {
    memo.draw(figure, style, focused, area, buf.area).write_to(buf);
}

impl Memo {
    /// Draws a pane with its frame into `area`, as far as that lies in `bounds`, over what was drawn before.
    pub fn draw(&mut self, figure: &PaneFigure, style: Style, focused: bool, area: Rect, bounds: Rect) -> &Page {
        let outline = Outline::of(figure, style, area, bounds);
        let stays = self.page.turn(area.intersection(bounds)) && self.outline == Some(outline);
        if !stays {
            self.page.renew(style);
            *self = Self { page: std::mem::take(&mut self.page), outline: Some(outline), ..Self::default() };
        }
        let plot = figure.plot.as_ref().zip(outline.picture);
        let frame = plot.map(|(plot, picture)| plot.frame(picture.width.into(), picture.height.into()));
        let rows = plot.zip(frame).map_or_else(Vec::new, |((plot, _), frame)| rows(plot, &frame, style));
        let edge = Edge::of(figure, focused, plot.zip(frame), &rows, (style, area));
        if !stays || edge != self.edge {
            edge.draw(&outline, &mut self.page);
            self.edge = edge;
        }
        let table = figure.table.as_ref().map_or(&EMPTY, |(_, table)| table);
        for y in 0..outline.table.height {
            let [was, is] = [&self.table, table].map(|table| table.rows.get(usize::from(y)));
            if was != is {
                let line = Rect { y: outline.table.y + y, height: 1, ..outline.table };
                self.page.clear(style, line);
                is.into_iter().flatten().for_each(|span| draw_span(span, style, line, self.page.buffer()));
            }
        }
        self.table.clone_from(table);
        if let Some(((plot, picture), frame)) = plot.zip(frame) {
            self.plot(plot, style, (frame, picture), &rows);
        }
        &self.page
    }

    fn plot(&mut self, plot: &Plot, style: Style, (frame, picture): (Frame, Rect), rows: &[(usize, String)]) {
        let grid = rows.iter().filter(|_| plot.grid).map(|(row, _)| *row).collect();
        let key = (frame, style, [plot.x.log, plot.y.log], grid);
        let of = |tier: Tier| plot.settled.iter().chain(&plot.layers).filter(move |layer| layer.tier == tier).cloned();
        let grounds: Vec<_> = of(Tier::Ground).collect();
        let stays = |drawn: &Drawn| {
            drawn.key == key
                && drawn.grounds.len() == grounds.len()
                && same(&drawn.grounds, &grounds)
                && drawn.layers.len() <= plot.settled.len()
                && same(&drawn.layers, &plot.settled)
        };
        let kept = self.plot.take().filter(stays);
        let whole = kept.is_none();
        let drawn = self.plot.insert(kept.unwrap_or_else(|| Drawn::new(plot, key, grounds)));
        let mut places =
            if whole { (0..frame.columns * frame.rows).collect() } else { std::mem::take(&mut drawn.signs) };
        drawn.draw_lines(plot, &mut places);
        drawn.paint(style, picture, &places, &mut self.page);
        let labels = if plot.labels == Labels::Inside { named(plot, rows, style) } else { Vec::new() };
        let mut pad = Pad::new(self.page.buffer(), picture, style, (frame, &drawn.ground, &drawn.lines));
        pad.draw(plot, &labels);
        drawn.signs = pad.written();
        if whole {
            self.page.mark(picture);
        } else {
            self.page.mark_in(picture, places.iter().chain(&drawn.signs).copied());
        }
    }
}

/// No rows.
static EMPTY: Table = Table { rows: Vec::new() };

/// Whether the first layers of both are the same.
fn same(a: &[Arc<Layer>], b: &[Arc<Layer>]) -> bool {
    a.iter().zip(b).all(|(a, b)| Arc::ptr_eq(a, b))
}

impl Outline {
    fn of(figure: &PaneFigure, style: Style, area: Rect, bounds: Rect) -> Self {
        let inside = style::inner(area).intersection(bounds);
        let beside = figure.table.as_ref().map_or(0, |(columns, _)| (*columns).min(inside.width));
        let left = Rect { width: inside.width - beside, ..inside };
        let picture = figure.plot.as_ref().map(|plot| {
            let margin = if let Labels::Margin(columns) = plot.labels { columns } else { 0 };
            Rect { x: left.x + margin.min(left.width), width: left.width.saturating_sub(margin), ..left }
        });
        let picture = picture.filter(|picture| !picture.is_empty());
        Self { style, area, inside: left, picture, table: Rect { x: left.right(), width: beside, ..inside } }
    }
}

impl Drawn {
    fn new(plot: &Plot, key: (Frame, Style, [bool; 2], Vec<usize>), grounds: Vec<Arc<Layer>>) -> Self {
        let (frame, style, ..) = key;
        Self {
            ground: Ground::new(plot, &grounds, frame, style, &key.3),
            key,
            grounds,
            settled: Sheet::new(frame.columns, frame.rows),
            layers: Vec::new(),
            lines: Sheet::new(frame.columns, frame.rows),
            signs: Vec::new(),
        }
    }

    /// Brings the lines up to date; adds the cells that may have others.
    fn draw_lines(&mut self, plot: &Plot, places: &mut Vec<usize>) {
        let (frame, style) = (self.key.0, self.key.1);
        let first = places.len();
        for layer in &plot.settled[self.layers.len()..] {
            lay(&mut self.settled, plot, layer, style, &frame);
            self.layers.push(Arc::clone(layer));
        }
        places.append(&mut self.settled.touched);
        places.append(&mut self.lines.touched);
        self.lines.restore(&self.settled, &places[first..]);
        for layer in &plot.layers {
            lay(&mut self.lines, plot, layer, style, &frame);
        }
        places.extend(&self.lines.touched);
    }

    /// Writes ground and lines in some cells.
    fn paint(&self, style: Style, picture: Rect, places: &[usize], page: &mut Page) {
        let (columns, buf) = (self.key.0.columns, page.buffer());
        for &place in places {
            let (column, row) = (place % columns, place / columns);
            let at = buf.index_of(picture.x + column as u16, picture.y + row as u16);
            let (cell, base, lines) = (&mut buf.content[at], &self.ground.cells[place], self.lines.cells()[place]);
            if lines.mask == 0 {
                // Most cells are blank and were so before; writing a symbol is the expensive part.
                if base.symbol != ' ' || cell.symbol() != " " {
                    cell.set_char(base.symbol);
                }
                (cell.fg, cell.bg, cell.modifier) = (base.front, base.back, base.modifier);
                continue;
            }
            let look = style.ink(lines.owner(column, row));
            cell.set_char(if lines.heavy { style.path(lines.mask) } else { style.line(lines.mask) });
            (cell.fg, cell.bg, cell.modifier) = (look.fg.unwrap_or_default(), base.common, look.add_modifier);
        }
    }
}

fn lay(sheet: &mut Sheet, plot: &Plot, layer: &Layer, style: Style, frame: &Frame) {
    for mark in layer.marks.iter().filter(|_| layer.tier == Tier::Lines) {
        if let Mark::Line(line) = mark {
            sheet.line(line, style, frame, |point| plot.dot(frame, point));
        }
    }
}

/// The rows of the vertical axis' labels.
fn rows(plot: &Plot, frame: &Frame, style: Style) -> Vec<(usize, String)> {
    let row = |at: f64| frame.row(plot.y.linear(at)).filter(|row| *row > 0 || plot.labels != Labels::Inside);
    plot.y.ticks.iter().filter_map(|tick| Some((row(tick.at)?, style.plain(&tick.label)))).collect()
}

/// The labels on the picture: those of the ticks, behind a blank where one has a sign, and the axis' name on top.
fn named(plot: &Plot, ticks: &[(usize, String)], style: Style) -> Vec<(usize, String)> {
    let signed = ticks.iter().any(|(_, label)| label.starts_with(['−', '-']));
    let blank = if signed { " " } else { "" };
    let labels = ticks.iter().map(|(row, label)| (*row, format!("{blank}{label}")));
    let name = Some((0, style.plain(&plot.y.name))).filter(|(_, name)| !name.is_empty());
    labels.chain(name).collect()
}

impl Edge {
    fn of(
        figure: &PaneFigure,
        focused: bool,
        plot: Option<((&Plot, Rect), Frame)>,
        rows: &[(usize, String)],
        (style, area): (Style, Rect),
    ) -> Self {
        let titles = [&figure.name, &figure.detail, &figure.right].map(String::clone);
        let Some(((plot, picture), frame)) = plot else { return Self { focused, titles, ..Self::default() } };
        let at = |at: f64| Some(picture.x - area.x + frame.column(plot.x.linear(at))? as u16);
        let columns = plot.x.ticks.iter().filter_map(|tick| Some((at(tick.at)?, tick.label.clone()))).collect();
        let name = style.plain(&plot.x.name);
        Self { focused, titles, rows: rows.to_vec(), labels: Some(plot.labels), name, columns }
    }

    fn draw(&self, outline: &Outline, page: &mut Page) {
        let Outline { style, area, inside, .. } = *outline;
        let shown = page.area();
        for side in sides(shown) {
            page.mark(side);
        }
        let [title, detail, right] = &self.titles;
        frame(page.buffer(), area, style, self.focused, title, detail, right);
        if let Some(Labels::Margin(columns)) = self.labels {
            page.clear(style, Rect { width: columns.min(inside.width), ..inside });
        }
        let buf = page.buffer();
        for (row, label) in self.rows.iter().filter(|_| self.labels != Some(Labels::None)) {
            let y = inside.y + *row as u16;
            if let Some(Labels::Margin(columns)) = self.labels {
                write_right(buf, inside, columns - 1, *row as u16, label, style.role(Role::Dim));
            }
            if !style.ascii() || self.labels == Some(Labels::Inside) {
                put(buf, area.x, y, if style.ascii() { '+' } else { '├' }, border(style, self.focused));
            }
        }
        if !self.columns.is_empty() || !self.name.is_empty() {
            axis::bottom(buf, area, style, &self.name, self.columns.iter().cloned());
        }
    }
}

/// The cells along the sides of a rectangle.
fn sides(area: Rect) -> [Rect; 4] {
    let line = |x, y, width, height| Rect { x, y, width, height };
    [
        line(area.x, area.y, area.width, 1),
        line(area.x, area.bottom().saturating_sub(1), area.width, 1),
        line(area.x, area.y, 1, area.height),
        line(area.right().saturating_sub(1), area.y, 1, area.height),
    ]
}

fn draw_span(span: &Span, style: Style, line: Rect, buf: &mut Buffer) {
    let look = match (span.ink, span.bold) {
        (Ink::Racer(racer), true) => style.racer_bold(racer),
        (ink, true) => style.ink(ink).add_modifier(ratatui::style::Modifier::BOLD),
        (ink, false) => style.ink(ink),
    };
    let (text, look) = match &span.text {
        Words::Text(text) => (clip(&style.plain(text), span.most), look),
        Words::Sign(sign) => (style.sign(*sign).to_string(), look),
        Words::Chosen => (if style.ascii() { ">" } else { "▌" }.to_owned(), look),
        Words::Sample(sample) => {
            let (symbol, look) = signs::sample(*sample, style);
            (symbol.to_string().repeat(usize::from(span.most)), look)
        }
    };
    if span.right {
        write_right(buf, line, span.column, 0, &text, look);
    } else if width(&text) > 0 {
        write(buf, line, span.column, 0, &text, look);
    }
}
