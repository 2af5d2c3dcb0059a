//! Marks as cells: a pane becomes characters and colours in a rectangle of a buffer.
//!
//! Layers are kept as they were drawn: what time has not moved is not rasterised again. No pane knows of it: a
//! [`Memo`] recognises layers by their address, and dropping it changes no cell.

mod ground;
mod ink;
mod page;
mod picture;
mod signs;

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Frame;
use super::axis;
use super::border::{border, frame};
use super::mark::{Ink, Role};
use super::pane::{Labels, PaneFigure, Plot, Room, Span, Table, Words};
use super::style::{self, Style, put};
use super::text::{clip, width, write, write_right};
use picture::{Picture, Setting};

pub use ground::field_dot;
pub use page::Page;

/// The room inside the frame of a pane over `area`.
#[must_use]
pub fn room(area: Rect, style: Style) -> Room {
    let inside = style::inner(area);
    let bands = style.theme.bands() - usize::from(style.theme.depth != super::look::Depth::True);
    Room { columns: inside.width, rows: inside.height, bands, finer: 1, fills: style.theme.fills() }
}

/// A pane as it was drawn last, and what is kept of its plot.
#[derive(Debug, Default)]
pub struct Memo {
    page: Page,
    outline: Option<Outline>,
    edge: Edge,
    table: Table,
    picture: Option<Picture>,
    inset: Option<Box<Self>>,
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
    /// What the text leaves to a pane within the pane.
    inset: Option<Rect>,
    /// The frame of the picture: without what stands beside it; where text stands below, it ends with a line of its own.
    framed: Rect,
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

/// Draws a pane with its frame into `area`.
pub fn draw(figure: &PaneFigure, memo: &mut Memo, style: Style, focused: bool, area: Rect, buf: &mut Buffer) {
    memo.draw(figure.clone(), style, focused, area, buf.area).write_to(buf);
}

impl Memo {
    /// Draws a pane with its frame into `area`, as far as that lies in `bounds`, over what was drawn before.
    pub fn draw(&mut self, mut figure: PaneFigure, style: Style, focused: bool, area: Rect, bounds: Rect) -> &Page {
        let outline = Outline::of(&figure, style, area, bounds);
        let stays = self.page.turn(area.intersection(bounds)) && self.outline == Some(outline);
        if !stays {
            self.page.renew(style);
            *self = Self { page: std::mem::take(&mut self.page), outline: Some(outline), ..Self::default() };
        }
        let titles = [figure.name, figure.detail, figure.right];
        let plot = figure.plot.as_ref().zip(outline.picture);
        let frame = plot.map(|(plot, picture)| plot.frame(picture.width.into(), picture.height.into()));
        let rows = plot.zip(frame).map_or_else(Vec::new, |((plot, _), frame)| rows(plot, &frame, style));
        let edge = Edge::of(titles, focused, plot.zip(frame), &rows, (style, area));
        if !stays || edge != self.edge {
            edge.draw(&outline, &mut self.page);
            self.edge = edge;
        }
        let inset = figure.inset.take();
        let table = figure.table.take().map_or_else(|| std::mem::take(&mut figure.below), |(_, table)| table);
        for y in 0..outline.table.height {
            let [was, is] = [&self.table, &table].map(|table| table.rows.get(usize::from(y)));
            if was != is {
                let line = Rect { y: outline.table.y + y, height: 1, ..outline.table };
                self.page.clear(style, line);
                is.into_iter().flatten().for_each(|span| draw_span(span, style, line, self.page.buffer()));
            }
        }
        self.table = table;
        if let Some(((plot, picture), frame)) = plot.zip(frame) {
            let labels = if plot.labels == Labels::Inside { named(plot, &rows, style) } else { Vec::new() };
            let grid = rows.iter().filter(|_| plot.grid).map(|(row, _)| *row).collect();
            let log = [plot.x.log, plot.y.log];
            let setting = Setting { frame, place: picture, style, labels, grid, log };
            self.picture = Some(Picture::draw(self.picture.take(), plot, setting, &mut self.page));
        }
        if let Some((inset, place)) = inset.zip(outline.inset) {
            let memo = self.inset.get_or_insert_default();
            self.page.paste(memo.draw(*inset, style, false, place, bounds));
        }
        &self.page
    }
}

impl Outline {
    fn of(figure: &PaneFigure, style: Style, area: Rect, bounds: Rect) -> Self {
        let inside = style::inner(area).intersection(bounds);
        let beside = figure.table.as_ref().map_or(0, |(columns, _)| (*columns).min(inside.width));
        let below = u16::try_from(figure.below.rows.len()).unwrap_or(u16::MAX);
        // A line above the text, and some of the picture.
        let below = if figure.table.is_none() && below + 1 < inside.height { below } else { 0 };
        let sill = below + u16::from(below > 0);
        let left = Rect { width: inside.width - beside, height: inside.height - sill, ..inside };
        let picture = if figure.plot.is_some() { beside } else { 0 };
        let framed = Rect { height: area.height - sill, width: area.width - picture, ..area };
        let picture = figure.plot.as_ref().map(|plot| {
            let margin = if let Labels::Margin(columns) = plot.labels { columns } else { 0 };
            Rect { x: left.x + margin.min(left.width), width: left.width.saturating_sub(margin), ..left }
        });
        let picture = picture.filter(|picture| !picture.is_empty());
        let table = if below > 0 {
            Rect { y: left.bottom() + 1, height: below, ..inside }
        } else {
            Rect { x: left.right(), width: beside, ..inside }
        };
        let used = figure.table.as_ref().map_or(0, |(_, table)| u16::try_from(table.rows.len()).unwrap_or(u16::MAX));
        let inset = figure.inset.is_some() && figure.plot.is_some() && used < table.height;
        let inset = inset.then(|| Rect { y: table.y + used, height: table.height - used, ..table });
        Self { style, area, inside: left, picture, table, inset, framed }
    }
}

/// The rows of the vertical axis' labels.
fn rows(plot: &Plot, frame: &Frame, style: Style) -> Vec<(usize, String)> {
    let row = |at: f64| frame.row(plot.y.linear(at)).filter(|row| *row > 0 || plot.labels != Labels::Inside);
    plot.y.ticks.iter().filter_map(|tick| Some((row(tick.at)?, style.plain(&tick.label).into_owned()))).collect()
}

/// The labels on the picture: those of the ticks, behind a blank where one has a sign, and the axis' name on top.
fn named(plot: &Plot, ticks: &[(usize, String)], style: Style) -> Vec<(usize, String)> {
    let signed = ticks.iter().any(|(_, label)| label.starts_with(['−', '-']));
    let blank = if signed { " " } else { "" };
    let labels = ticks.iter().map(|(row, label)| (*row, format!("{blank}{label}")));
    let name = Some((0, style.plain(&plot.y.name).into_owned())).filter(|(_, name)| !name.is_empty());
    labels.chain(name).collect()
}

impl Edge {
    fn of(
        titles: [String; 3],
        focused: bool,
        plot: Option<((&Plot, Rect), Frame)>,
        rows: &[(usize, String)],
        (style, area): (Style, Rect),
    ) -> Self {
        let Some(((plot, picture), frame)) = plot else { return Self { focused, titles, ..Self::default() } };
        let at = |at: f64| Some(picture.x - area.x + frame.column(plot.x.linear(at))? as u16);
        let columns = plot.x.ticks.iter().filter_map(|tick| Some((at(tick.at)?, tick.label.clone()))).collect();
        let name = style.plain(&plot.x.name).into_owned();
        Self { focused, titles, rows: rows.to_vec(), labels: Some(plot.labels), name, columns }
    }

    fn draw(&self, outline: &Outline, page: &mut Page) {
        let Outline { style, area, inside, framed, .. } = *outline;
        let shown = page.area();
        for side in sides(shown) {
            page.mark(side);
        }
        let [title, detail, right] = &self.titles;
        frame(page.buffer(), area, style, self.focused, title, detail, right);
        if framed.height != area.height {
            let line = Rect { y: framed.bottom() - 1, height: 1, ..framed }.intersection(shown);
            page.mark(line);
            rule(page.buffer(), line, style, self.focused);
        }
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
            axis::bottom(buf, framed, style, &self.name, self.columns.iter().cloned());
        }
    }
}

/// A line across a frame, from border to border.
fn rule(buf: &mut Buffer, line: Rect, style: Style, focused: bool) {
    let look = border(style, focused);
    let [left, middle, right] = if style.ascii() { ['+', '-', '+'] } else { ['├', '─', '┤'] };
    for x in line.left()..line.right() {
        let symbol = if x == line.left() {
            left
        } else if x + 1 == line.right() {
            right
        } else {
            middle
        };
        put(buf, x, line.y, symbol, look);
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

/// Eighths of a cell from its left.
const EIGHTHS: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// A bar over a share of some cells, in characters alone: it must be seen in a text without colours, too.
fn draw_bar(
    share: f64,
    style: Style,
    look: ratatui::style::Style,
    cells: std::ops::Range<u16>,
    y: u16,
    buf: &mut Buffer,
) {
    let eighths = (share.clamp(0.0, 1.0) * 8.0 * cells.len() as f64).round() as usize;
    let signs = style.ascii() || !style.theme.fills();
    for (i, x) in cells.enumerate() {
        let left = eighths.saturating_sub(8 * i);
        match left {
            0 => break,
            _ if signs && left >= 4 => put(buf, x, y, if style.ascii() { '#' } else { '█' }, look),
            8.. => put(buf, x, y, '█', look),
            _ if style.ascii() => {}
            _ => put(buf, x, y, EIGHTHS[left], look),
        }
    }
}

fn draw_span(span: &Span, style: Style, line: Rect, buf: &mut Buffer) {
    let look = match (span.ink, span.bold) {
        (Ink::Racer(racer), true) => style.racer_bold(racer),
        (ink, true) => style.ink(ink).add_modifier(ratatui::style::Modifier::BOLD),
        (ink, false) => style.ink(ink),
    };
    let across = line.x.saturating_add(span.column)..line.x.saturating_add(span.column.saturating_add(span.most));
    let across = across.start..across.end.min(line.right());
    let plain;
    let text: Cow<'_, str> = match &span.text {
        Words::Fill([band, bands]) => {
            let fill = style.theme.fills().then(|| style.theme.fill(*band, *bands));
            for cell in across.filter_map(|x| fill.map(|fill| (x, fill))) {
                buf[(cell.0, line.y)].set_bg(cell.1);
            }
            return;
        }
        Words::Hatch => {
            for x in across.filter(|x| (x + line.y).is_multiple_of(3)) {
                put(buf, x, line.y, '/', style.role(Role::Faint));
            }
            return;
        }
        Words::Bar(share) => return draw_bar(*share, style, look, across, line.y, buf),
        Words::Dots(mask) => style.line(*mask).to_string().into(),
        Words::Text(text) => {
            plain = style.plain(text);
            clip(&plain, span.most)
        }
        Words::Sign(sign) => style.sign(*sign).to_string().into(),
        Words::Chosen => if style.ascii() { ">" } else { "▌" }.into(),
    };
    if span.right {
        write_right(buf, line, span.column, 0, &text, look);
    } else if width(&text) > 0 {
        write(buf, line, span.column, 0, &text, look);
    }
}
