//! The ellipse pane: at one place, with one radius δ, what a Euclidean step allows, what Fisher allows, what KL allows
//! exactly, and where each racer goes next.
//!
//! Rays reach to the ellipse: directions are compared, lengths are numbers. The numbers themselves come from `figure`, the
//! words beside them from `words`.

mod figure;
mod words;

use std::f64::consts::TAU;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style as Cell;

use crate::app::{Point, Show};
use crate::format;
use crate::geometry::ellipse::ellipse;
use crate::math::Vec2;
use crate::plot::Frame;
use crate::plot::dots::Dots;
use crate::plot::quadrant::{Quarter, quarter};
use crate::plot::stroke::Stroke;
use crate::scenario::Pane;

use super::cache::Cache;
use super::ink::{Ink, Kind, Owner};
use super::style::{self, Style};
use super::theme::Role;
use figure::{DELTA, Figure};

/// Points of ellipse and circle.
const POINTS: usize = 96;
/// Cells left free around the figure, both sides together.
const FREE: [usize; 2] = [6, 1];
/// An ellipse longer than this many times its width gets axes of its own.
const LONG: f64 = 4.0;

/// What the ellipse pane keeps from frame to frame.
#[derive(Debug, Default)]
pub struct Kept {
    figure: Option<Figure>,
    /// The fill and the lines that only depend on figure and frame.
    shapes: Option<Shapes>,
    ink: Ink,
}

/// The shapes as cells.
#[derive(Debug)]
struct Shapes {
    frame: Frame,
    fills: bool,
    ball: Vec<Quarter>,
    outline: Dots,
    ellipse: Dots,
    circle: Dots,
}

/// Draws the pane.
pub fn draw(show: &Show, style: &Style, cache: &mut Cache, area: Rect, buf: &mut Buffer) {
    let (style, area) = (*style, area.intersection(buf.area));
    let kept = &mut cache.ellipse;
    if !kept.figure.as_ref().is_some_and(|figure| figure.fits(show)) {
        kept.figure = Figure::new(show);
        kept.shapes = None;
    }
    let inner = style::inner(area);
    let numbers = words::room(inner, show.world.scenario.racers.len());
    let plot = Rect { width: inner.width - numbers.map_or(0, |columns| columns), ..inner };
    let fitted = kept.figure.as_ref().filter(|_| !plot.is_empty()).and_then(|figure| fit(figure, plot));
    let stretch = fitted.map_or(1.0, |(_, stretch)| stretch);
    let focused = show.focus_now() == Pane::Ellipses;
    style::frame(buf, area, style, focused, "Ellipse", &words::detail(show, style, area, stretch), "");
    let (Some(figure), Some((frame, _))) = (&kept.figure, fitted) else { return };
    let fills = style.theme.fills();
    if kept.shapes.as_ref().is_none_or(|shapes| shapes.frame != frame || shapes.fills != fills) {
        kept.shapes = Some(Shapes::new(figure, frame, fills));
    }
    let Some(shapes) = &kept.shapes else { return };
    kept.ink.clear(frame.columns, frame.rows);
    rays(show, figure, &frame, &mut kept.ink);
    paint(shapes, &kept.ink, style, plot, buf);
    glyphs(show, figure, style, shapes, plot, buf);
    if numbers.is_some() {
        words::numbers(show, figure, style, inner, buf);
    } else {
        words::legend(style, plot, buf);
    }
}

/// Whether the pane is what it was when it was drawn last, while only time moves.
#[must_use]
pub fn stands(show: &Show, cache: &Cache) -> bool {
    cache.ellipse.figure.as_ref().is_some_and(|figure| figure.fits(show))
}

/// The frame in which the figure fits, and how many times longer a unit of the shorter axis is drawn.
fn fit(figure: &Figure, plot: Rect) -> Option<(Frame, f64)> {
    let (columns, rows) = (usize::from(plot.width), usize::from(plot.height));
    let room = Vec2::new(
        2.0 * columns.saturating_sub(FREE[0]).max(1) as f64,
        4.0 * rows.saturating_sub(FREE[1]).max(1) as f64,
    );
    let [low, high] = figure.bounds();
    let span = high - low;
    let mut scale = room.component_div(&span);
    let half = figure.extent();
    let ratio = half[0] / half[1];
    let mut stretch = 1.0;
    if (1.0 / LONG..=LONG).contains(&ratio) {
        scale = Vec2::repeat(scale.min());
    } else {
        stretch = scale.max() / scale.min();
    }
    let centre = (low + high) * 0.5;
    let reach = Vec2::new(columns as f64 / scale[0], 2.0 * rows as f64 / scale[1]);
    let frame = Frame {
        x: [centre[0] - reach[0], centre[0] + reach[0]],
        y: [centre[1] - reach[1], centre[1] + reach[1]],
        columns,
        rows,
    };
    let good =
        frame.x.iter().chain(&frame.y).all(|v| v.is_finite()) && frame.x[0] < frame.x[1] && frame.y[0] < frame.y[1];
    (good && stretch.is_finite()).then_some((frame, stretch))
}

impl Shapes {
    fn new(figure: &Figure, frame: Frame, fills: bool) -> Self {
        let (centre, radius) = (figure.place.x, (2.0 * DELTA).sqrt());
        let dots = |points: Vec<Vec2>, keep: fn(usize) -> bool| {
            let mut dots = Dots::new(frame.columns, frame.rows);
            let mut stroke = Stroke::new(frame.columns, frame.rows, |i, x, y| {
                if keep(i) {
                    dots.set(x, y);
                }
            });
            points.iter().chain(points.first()).for_each(|p| stroke.to(frame.dot(p[0], p[1])));
            drop(stroke);
            dots
        };
        let circle = (0..POINTS).map(|i| TAU * i as f64 / POINTS as f64);
        let circle = circle.map(|angle| centre + Vec2::new(angle.cos(), angle.sin()) * radius).collect();
        let round = ellipse(&figure.metric, DELTA, POINTS).map(|step| centre + step).collect();
        Self {
            frame,
            fills,
            ball: if fills { ball(figure, &frame) } else { Vec::new() },
            outline: if fills {
                Dots::new(frame.columns, frame.rows)
            } else {
                dots(figure.outline.clone(), |i| i % 2 == 0)
            },
            ellipse: dots(round, |_| true),
            circle: dots(circle, |i| i % 4 < 2),
        }
    }
}

/// The ball as a fill at four points a cell: those inside the outline, whose rays are so many that its chords are not
/// told from arcs.
fn ball(figure: &Figure, frame: &Frame) -> Vec<Quarter> {
    let outline: Vec<[f64; 2]> = figure.outline.iter().map(|x| frame.dot(x[0], x[1])).collect();
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
    let mut cells = Vec::with_capacity(frame.columns * frame.rows);
    for row in 0..frame.rows {
        let mut left = None;
        for column in 0..frame.columns {
            let at = |dx: usize, dy: usize| inside[(2 * row + dy) * 2 * frame.columns + 2 * column + dx].then_some(0);
            let cell = quarter([at(0, 0), at(1, 0), at(0, 1), at(1, 1)], left);
            left = Some(cell.back);
            cells.push(cell);
        }
    }
    cells
}

/// The rays from the place to the ellipse.
fn rays(show: &Show, figure: &Figure, frame: &Frame, ink: &mut Ink) {
    let x = figure.place.x;
    for racer in (0..show.on.len()).filter(|&racer| show.on[racer]) {
        if let Some(Some(step)) = figure.steps.get(racer) {
            let end = x + step.ray;
            ink.line([frame.dot(x[0], x[1]), frame.dot(end[0], end[1])], racer, Kind::Bright, |_| true);
        }
    }
}

fn paint(shapes: &Shapes, ink: &Ink, style: Style, plot: Rect, buf: &mut Buffer) {
    let ground = style.theme.ground().bg.unwrap_or_default();
    let soft = style.theme.color(Role::Soft);
    let color = |band: Option<u8>| if band.is_some() { soft } else { ground };
    let [solid, dim, edge] = [Role::Text, Role::Dim, Role::Soft].map(|role| style.role(role));
    for (row, y) in (plot.y..plot.bottom()).enumerate() {
        for (column, x) in (plot.x..plot.right()).enumerate() {
            let fill = shapes.ball.get(row * shapes.frame.columns + column);
            let whole = fill.is_none_or(|fill| fill.symbol == ' ');
            let inked = ink.at(column, row);
            let round = shapes.ellipse.mask(column, row);
            let (outline, circle) = (shapes.outline.mask(column, row), shapes.circle.mask(column, row));
            let common = fill.map_or(ground, |fill| color(fill.common));
            let (symbol, look, back) = if inked.mask != 0 {
                let look = match inked.owner(column, row) {
                    Owner::Path { racer, past } => style.theme.racer(racer, past),
                    Owner::Ring { racer } => style.theme.racer(racer, false),
                    Owner::Tone(tone) => style.ink(tone.ink()),
                };
                (style.line(inked.mask | round), look, common)
            } else if round != 0 {
                (style.line(round), solid, common)
            } else if outline != 0 {
                (style.line(outline), edge, common)
            } else if circle != 0 && whole {
                (style.line(circle), dim, common)
            } else {
                match fill {
                    Some(fill) if !whole && !style.ascii() => {
                        (fill.symbol, Cell::new().fg(color(fill.front)), color(fill.back))
                    }
                    _ => (' ', solid, common),
                }
            };
            if let Some(cell) = buf.cell_mut((x, y)) {
                if symbol != ' ' || cell.symbol() != " " {
                    cell.set_char(symbol);
                }
                (cell.fg, cell.bg, cell.modifier) = (look.fg.unwrap_or_default(), back, look.add_modifier);
            }
        }
    }
}

/// The glyphs at the rays' ends, pushed outward where two meet, and the place itself.
fn glyphs(show: &Show, figure: &Figure, style: Style, shapes: &Shapes, plot: Rect, buf: &mut Buffer) {
    let frame = &shapes.frame;
    let x = figure.place.x;
    let centre = frame.dot(x[0], x[1]);
    let ground = style.theme.ground().bg.unwrap_or_default();
    let soft = style.theme.color(Role::Soft);
    let mut put = |at: [f64; 2], symbol: char, look: Cell| {
        let (column, row) = ((at[0] / 2.0).floor(), (at[1] / 4.0).floor());
        if column >= 0.0 && row >= 0.0 && column < f64::from(plot.width) && row < f64::from(plot.height) {
            let fill = shapes.ball.get(row as usize * frame.columns + column as usize);
            let back = if fill.is_some_and(|fill| fill.common.is_some()) { soft } else { ground };
            style::put(buf, plot.x + column as u16, plot.y + row as u16, symbol, look.bg(back));
        }
    };
    let mut taken: Vec<(i64, i64)> = vec![((centre[0] / 2.0).floor() as i64, (centre[1] / 4.0).floor() as i64)];
    for racer in (0..show.on.len()).filter(|&racer| show.on[racer]) {
        let Some(Some(step)) = figure.steps.get(racer) else { continue };
        let mut at = frame.dot(x[0] + step.ray[0], x[1] + step.ray[1]);
        let way = [at[0] - centre[0], at[1] - centre[1]];
        // One cell further at a time.
        let cell = (way[0].abs() / 2.0).max(way[1].abs() / 4.0);
        if !(cell > 0.0 && cell.is_finite()) {
            continue;
        }
        // Outward as far as the plot goes, then above and below the end.
        let outward = (0..8).map(|k| f64::from(k) / cell).map(|t| [at[0] + t * way[0], at[1] + t * way[1]]);
        let beside = (1..8).flat_map(|k| [-4.0, 4.0].map(|dy| [at[0], at[1] + f64::from(k) * dy]));
        let free = |at: &[f64; 2]| {
            let spot = ((at[0] / 2.0).floor() as i64, (at[1] / 4.0).floor() as i64);
            let inside =
                spot.0 >= 0 && spot.1 >= 0 && spot.0 < i64::from(plot.width) && spot.1 < i64::from(plot.height);
            inside && !taken.iter().any(|other| other.1 == spot.1 && (other.0 - spot.0).abs() <= 1)
        };
        if let Some(found) = outward.chain(beside).find(free) {
            at = found;
            taken.push(((at[0] / 2.0).floor() as i64, (at[1] / 4.0).floor() as i64));
        }
        put(at, style.glyph(racer), style.racer_bold(racer));
    }
    match show.point {
        Point::Start => put(centre, style.start(), style.role(Role::Mark)),
        Point::Racer => put(centre, style.glyph(show.chosen), style.racer_bold(show.chosen)),
    }
}

/// δ as it stands in legends.
fn delta() -> String {
    format::label(DELTA)
}
