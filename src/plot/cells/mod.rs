//! Marks as cells: a pane becomes characters and colours in a rectangle of a buffer.
//!
//! Layers are kept as they were drawn: what time has not moved is not rasterised again. No pane knows of it: a
//! [`Memo`] recognises layers by their address, and dropping it changes no cell.

mod ground;
mod ink;
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

/// The room inside the frame of a pane over `area`.
#[must_use]
pub fn room(area: Rect, style: Style) -> Room {
    let inside = style::inner(area);
    let bands = style.theme.bands() - usize::from(style.theme.depth != super::look::Depth::True);
    Room { columns: inside.width, rows: inside.height, bands, finer: 1 }
}

/// What is kept of a plot from frame to frame.
#[derive(Debug, Default)]
pub struct Memo {
    drawn: Option<Drawn>,
    /// The lines of this frame: those that are kept and those of the moment.
    lines: Sheet,
}

#[derive(Debug)]
struct Drawn {
    key: (Frame, Style, [bool; 2], Vec<usize>),
    ground: Ground,
    grounds: Vec<Arc<Layer>>,
    settled: Sheet,
    layers: Vec<Arc<Layer>>,
}

/// Draws a pane with its frame into `area`.
pub fn draw(figure: &PaneFigure, memo: &mut Memo, style: Style, focused: bool, area: Rect, buf: &mut Buffer) {
    frame(buf, area, style, focused, &figure.name, &figure.detail, &figure.right);
    let inside = style::inner(area).intersection(buf.area);
    if inside.is_empty() {
        return;
    }
    let beside = figure.table.as_ref().map_or(0, |(columns, _)| (*columns).min(inside.width));
    let left = Rect { width: inside.width - beside, ..inside };
    if let Some((_, table)) = &figure.table {
        let right = Rect { x: left.right(), width: beside, ..inside };
        draw_table(table, style, right, buf);
    }
    if let Some(plot) = &figure.plot {
        draw_plot(plot, memo, style, (area, left, focused), buf);
    }
}

fn draw_plot(
    plot: &Plot,
    memo: &mut Memo,
    style: Style,
    (area, inside, focused): (Rect, Rect, bool),
    buf: &mut Buffer,
) {
    let margin = if let Labels::Margin(columns) = plot.labels { columns } else { 0 };
    let picture = Rect { x: inside.x + margin, width: inside.width.saturating_sub(margin), ..inside };
    if picture.is_empty() {
        return;
    }
    let frame = plot.frame(usize::from(picture.width), usize::from(picture.height));
    let ticks = rows(plot, &frame, style);
    memo.prepare(plot, frame, style, &ticks);
    let Memo { drawn: Some(Drawn { ground, .. }), lines } = memo else { return };
    paint(ground, lines, style, (&frame, picture), buf);
    let inside_labels = if plot.labels == Labels::Inside { named(plot, &ticks, style) } else { Vec::new() };
    let mut pad =
        Pad { buf, area: picture, style, frame, ground, lines, taken: vec![false; frame.columns * frame.rows] };
    pad.draw(plot, &inside_labels);
    axes(plot, &frame, &ticks, style, (area, inside, picture, focused), buf);
}

impl Memo {
    /// Brings ground and lines up to date.
    fn prepare(&mut self, plot: &Plot, frame: Frame, style: Style, ticks: &[(usize, String)]) {
        let grid: Vec<usize> = ticks.iter().filter(|_| plot.grid).map(|(row, _)| *row).collect();
        let key = (frame, style, [plot.x.log, plot.y.log], grid);
        let of = |tier: Tier| {
            plot.settled.iter().chain(&plot.layers).filter(move |layer| layer.tier == tier).cloned().collect::<Vec<_>>()
        };
        let (grounds, layers) = (of(Tier::Ground), &plot.settled);
        let same = |a: &[Arc<Layer>], b: &[Arc<Layer>]| a.iter().zip(b).all(|(a, b)| Arc::ptr_eq(a, b));
        let fits = |drawn: &Drawn| drawn.key == key;
        let stays = self.drawn.as_ref().is_some_and(fits);
        if !stays {
            self.drawn = None;
        }
        let drawn = self.drawn.get_or_insert_with(|| Drawn {
            ground: Ground::new(plot, &grounds, frame, style, &key.3),
            key: key.clone(),
            grounds: grounds.clone(),
            settled: Sheet::new(frame.columns, frame.rows),
            layers: Vec::new(),
        });
        if drawn.grounds.len() != grounds.len() || !same(&drawn.grounds, &grounds) {
            drawn.ground = Ground::new(plot, &grounds, frame, style, &drawn.key.3);
            drawn.grounds = grounds;
        }
        if drawn.layers.len() > layers.len() || !same(&drawn.layers, layers) {
            drawn.settled = Sheet::new(frame.columns, frame.rows);
            drawn.layers.clear();
        }
        for layer in &layers[drawn.layers.len()..] {
            lay(&mut drawn.settled, plot, layer, style, &frame);
            drawn.layers.push(Arc::clone(layer));
        }
        self.lines.copy(&drawn.settled);
        for layer in &plot.layers {
            lay(&mut self.lines, plot, layer, style, &frame);
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

/// Writes ground and lines.
fn paint(ground: &Ground, lines: &Sheet, style: Style, (frame, picture): (&Frame, Rect), buf: &mut Buffer) {
    let wide = usize::from(buf.area.width);
    let left = usize::from(picture.x - buf.area.x);
    let rows = buf.content.chunks_exact_mut(wide).skip(usize::from(picture.y - buf.area.y));
    let bases = ground.cells.chunks_exact(frame.columns).zip(lines.cells().chunks_exact(frame.columns));
    for ((row, cells), (bases, inked)) in rows.enumerate().zip(bases) {
        for ((column, cell), (base, lines)) in cells[left..].iter_mut().enumerate().zip(bases.iter().zip(inked)) {
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

/// What of the axes stands beside the picture and in the borders.
fn axes(
    plot: &Plot,
    frame: &Frame,
    ticks: &[(usize, String)],
    style: Style,
    (area, inside, picture, focused): (Rect, Rect, Rect, bool),
    buf: &mut Buffer,
) {
    for (row, label) in ticks.iter().filter(|_| plot.labels != Labels::None) {
        let y = inside.y + *row as u16;
        if let Labels::Margin(columns) = plot.labels {
            write_right(buf, inside, columns - 1, *row as u16, label, style.role(Role::Dim));
        }
        if !style.ascii() || plot.labels == Labels::Inside {
            put(buf, area.x, y, if style.ascii() { '+' } else { '├' }, border(style, focused));
        }
    }
    if plot.x.ticks.is_empty() && plot.x.name.is_empty() {
        return;
    }
    let at = |at: f64| Some(picture.x - area.x + frame.column(plot.x.linear(at))? as u16);
    let labels = plot.x.ticks.iter().filter_map(|tick| Some((at(tick.at)?, tick.label.clone())));
    axis::bottom(buf, area, style, &style.plain(&plot.x.name), labels);
}

fn draw_table(table: &Table, style: Style, area: Rect, buf: &mut Buffer) {
    for (y, row) in (0..area.height).zip(&table.rows) {
        for span in row {
            draw_span(span, style, Rect { y: area.y + y, height: 1, ..area }, buf);
        }
    }
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
