//! Marks as cells: a pane becomes characters and colours in a rectangle of a buffer.
//!
//! Layers are kept as they were drawn: what time has not moved is not rasterised again. No pane knows of it: a
//! [`Memo`] recognises layers by their address, and dropping it changes no cell.

mod ground;
mod ink;
mod lettering;
mod page;
mod picture;
mod signs;

use std::borrow::Cow;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::axis;
use super::border::{border, frame};
use super::mark::{Ink, Role};
use super::pane::{Labels, PaneFigure, Room, Span, Table, Words};
use super::recall::Recall;
use super::style::{self, Style, put};
use super::text::{self, clip, width, write_right};
use lettering::Lettering;
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
    lettering: Recall<lettering::Key, Arc<Lettering>>,
    table: Table,
    picture: Option<Picture>,
    inset: Option<Box<Self>>,
}

/// A row of text, as it was drawn last.
#[derive(Debug, Default)]
pub struct Row {
    page: Page,
    style: Option<Style>,
    spans: Vec<Span>,
}

impl Row {
    /// Draws spans into `area` over those that were drawn before.
    pub fn draw(&mut self, spans: Vec<Span>, style: Style, area: Rect) -> &Page {
        if !self.page.turn(area) || self.style != Some(style) {
            self.page.renew(style);
            self.spans.clear();
        }
        draw_line([&self.spans, &spans], style, area, &mut self.page);
        (self.spans, self.style) = (spans, Some(style));
        &self.page
    }
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
    lettering: Option<Arc<Lettering>>,
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
        let lettering = plot.zip(frame).map(|((plot, picture), frame)| {
            let key = lettering::Key::of(plot, frame, picture.x - area.x, style);
            self.lettering.of(key, |key| key.lettering().into()).clone()
        });
        let edge = Edge { focused, titles, lettering: lettering.clone() };
        if !stays || edge != self.edge {
            edge.draw(&outline, &mut self.page);
            self.edge = edge;
        }
        let inset = figure.inset.take();
        let table = figure.table.take().map_or_else(|| std::mem::take(&mut figure.below), |(_, table)| table);
        for y in 0..outline.table.height {
            let rows = [&self.table, &table].map(|table| table.rows.get(usize::from(y)).map_or(&[][..], Vec::as_slice));
            let line = Rect { y: outline.table.y + y, height: 1, ..outline.table };
            draw_line(rows, style, line, &mut self.page);
        }
        self.table = table;
        if let Some((((plot, picture), frame), lettering)) = plot.zip(frame).zip(lettering) {
            let log = [plot.x.log, plot.y.log];
            let setting = Setting { frame, place: picture, style, lettering, log };
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

impl Edge {
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
        let Some(lettering) = &self.lettering else { return };
        if let Labels::Margin(columns) = lettering.labels {
            page.clear(style, Rect { width: columns.min(inside.width), ..inside });
        }
        let buf = page.buffer();
        for (row, label) in lettering.rows.iter().filter(|_| lettering.labels != Labels::None) {
            let y = inside.y + *row as u16;
            if let Labels::Margin(columns) = lettering.labels {
                write_right(buf, inside, columns - 1, *row as u16, label, style.role(Role::Dim));
            }
            if !style.ascii() || lettering.labels == Labels::Inside {
                put(buf, area.x, y, if style.ascii() { '+' } else { '├' }, border(style, self.focused));
            }
        }
        if !lettering.columns.is_empty() || !lettering.name.is_empty() {
            axis::bottom(buf, framed, style, &lettering.name, lettering.columns.iter().cloned());
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

/// Draws a line of a table over the one before: from the first column on that differs.
fn draw_line([was, is]: [&[Span]; 2], style: Style, line: Rect, page: &mut Page) {
    let alike = was.iter().zip(is).take_while(|(was, is)| was == is).count();
    let altered = was[alike..].iter().chain(&is[alike..]);
    let Some(mut first) = altered.map(|span| covered(span, style).start).min() else { return };
    // What runs into that column is drawn again, as a whole.
    let into = |first: u16| {
        let kept = is[..alike].iter().map(|span| covered(span, style));
        kept.filter(|columns| columns.contains(&first)).map(|columns| columns.start).min()
    };
    while let Some(before) = into(first).filter(|before| *before < first) {
        first = before;
    }
    page.clear(style, Rect { x: line.x.saturating_add(first), width: line.width.saturating_sub(first), ..line });
    for span in is.iter().filter(|span| covered(span, style).end > first) {
        draw_span(span, style, line, page.buffer());
    }
}

/// Writes spans into a row.
pub fn write(spans: &[Span], style: Style, row: Rect, buf: &mut Buffer) {
    spans.iter().for_each(|span| draw_span(span, style, row, buf));
}

/// The columns that a span may write in.
fn covered(span: &Span, style: Style) -> std::ops::Range<u16> {
    let wide = match &span.text {
        Words::Text(text) => width(&style.plain(text)).min(span.most),
        Words::Fill(_) | Words::Hatch | Words::Bar(_) | Words::Dots(_) | Words::Sign(_) | Words::Chosen => span.most,
    };
    if span.right {
        span.column.saturating_sub(wide)..span.column
    } else {
        span.column..span.column.saturating_add(wide)
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
    let words: Cow<'_, str> = match &span.text {
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
        write_right(buf, line, span.column, 0, &words, look);
    } else if width(&words) > 0 {
        text::write(buf, line, span.column, 0, &words, look);
    }
}
