//! The landscape: the loss over two coordinates with everything that runs across it.
//!
//! One pass, layer by layer; the topmost owns the cell. Its layers are files: `bounds` (what is in view), `track` (paths in
//! the chart), `ground` (fill and contours), `rings` (ellipses and the KL ball), `marks` (ticks, start, optimum, heads).

mod bounds;
mod ground;
mod marks;
mod rings;
mod track;

use std::ptr::addr_eq;
use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::app::Show;
use crate::geometry::Place;
use crate::math::Vec2;
use crate::plot::number;
use crate::plot::{Field, Frame};
use crate::race::Plane;
use crate::scenario::{Overlay, Pane};

use super::cache::Cache;
use super::ink::{Ink, Kind, Owner};
use super::style::{self, Style};
use super::theme::Role;
use bounds::Bounds;
use ground::{Ground, Label, Parts};
use track::Tracks;

/// Steps of a path that are drawn bright.
const RECENT: usize = 12;
/// Points of a field that are evaluated while a frame is drawn, where a point may be dear and where it is cheap.
const BUDGET: [usize; 2] = [6_000, 40_000];

/// What the landscape keeps from frame to frame.
#[derive(Debug, Default)]
pub struct Kept {
    tracks: Tracks,
    surface: Option<Surface>,
    ground: Option<(GroundKey, Ground)>,
    rings: rings::Kept,
    ink: Ink,
}

/// A loss over a frame.
#[derive(Debug)]
struct Surface {
    plane: Plane,
    chart: usize,
    /// Room for the points of a row.
    points: Vec<Vec2>,
    field: Field,
    /// Counts the refinements and the new fields, so that what was made of a field knows its age.
    age: u64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct GroundKey {
    age: u64,
    style: Style,
    parts: Parts,
}

impl Surface {
    fn new(show: &Show, frame: Frame, age: u64) -> Self {
        let plane = Plane::new(&show.scenario, show.chart);
        Self { plane, chart: show.chart, points: Vec::new(), field: Field::new(frame), age }
    }

    fn fits(&self, show: &Show, frame: &Frame) -> bool {
        addr_eq(Arc::as_ptr(&self.plane.family), Arc::as_ptr(&show.scenario.family))
            && addr_eq(Arc::as_ptr(&self.plane.objective), Arc::as_ptr(&show.scenario.objective))
            && self.chart == show.chart
            && self.field.frame() == frame
    }

    fn advance(&mut self, budget: usize) -> bool {
        if self.field.complete() {
            return false;
        }
        self.age += 1;
        let Self { plane, points, field, .. } = self;
        field.advance(budget, |xs, out| plane.losses(xs, points, out))
    }

    /// The budget of the first pass: losses in closed form are done at once.
    fn budget(&self) -> usize {
        let cheap = self.plane.objective.data().is_none() || self.plane.family.sufficient().is_some();
        BUDGET[usize::from(cheap)]
    }
}

impl Kept {
    pub(super) fn advance(&mut self, budget: usize) -> bool {
        self.surface.as_mut().is_some_and(|surface| surface.advance(budget))
    }

    pub(super) fn complete(&self) -> bool {
        self.surface.as_ref().is_none_or(|surface| surface.field.complete())
    }

    /// Brings field and ground up to date.
    fn prepare(&mut self, show: &Show, style: Style, frame: &Frame) {
        if !self.surface.as_ref().is_some_and(|surface| surface.fits(show, frame)) {
            let age = self.surface.as_ref().map_or(0, |surface| surface.age);
            let mut surface = Surface::new(show, *frame, age + 1);
            surface.advance(surface.budget());
            self.surface = Some(surface);
        }
        let Some(surface) = &self.surface else { return };
        let on = |overlay| show.overlay_now(overlay);
        let parts = Parts { heat: on(Overlay::Heat), contours: on(Overlay::Contours) };
        let key = GroundKey { age: surface.age, style, parts };
        if self.ground.as_ref().is_none_or(|(own, _)| *own != key) {
            let known = show.scenario.objective.optimum().map(|p| show.scenario.objective.value(p));
            let best = known.filter(|v| v.is_finite()).or_else(|| surface.field.least()).unwrap_or(0.0);
            let marks: Vec<_> = marks::fixed(show, frame).into_iter().flatten().collect();
            self.ground = Some((key, Ground::new(&surface.field, best, style, parts, &marks)));
        }
    }
}

/// The inside of the pane and the data that it shows; none where there is nothing to show.
#[must_use]
pub fn frame(show: &Show, area: Rect) -> Option<(Rect, Frame)> {
    frame_with(show, area, &mut Tracks::default())
}

fn frame_with(show: &Show, area: Rect, tracks: &mut Tracks) -> Option<(Rect, Frame)> {
    let inner = style::inner(area);
    if inner.is_empty() {
        return None;
    }
    let core = bounds::core(show)?;
    tracks.update(show, Some(bounds::limit(&core)));
    let Bounds { low, high } = bounds::view(show, &core, tracks)?;
    let (columns, rows) = (usize::from(inner.width), usize::from(inner.height));
    Some((inner, Frame { x: [low[0], high[0]], y: [low[1], high[1]], columns, rows }))
}

/// The distribution at the middle of a cell of the pane, in canonical parameters; none outside of pane and family.
#[must_use]
pub fn point_at(show: &Show, area: Rect, column: u16, row: u16) -> Option<Vec2> {
    let (inner, frame) = frame(show, area)?;
    let (column, row) = (column.checked_sub(inner.x)?, row.checked_sub(inner.y)?);
    if column >= inner.width || row >= inner.height {
        return None;
    }
    let x = Vec2::from(frame.data(f64::from(column) + 0.5, f64::from(row) + 0.5));
    let chart = &**show.scenario.family.charts().get(show.chart)?;
    Place::violation(&*show.scenario.family, chart, x).is_none().then(|| chart.to_parameters(x))
}

/// Draws the pane.
pub fn draw(show: &Show, style: &Style, cache: &mut Cache, area: Rect, buf: &mut Buffer) {
    let (style, area) = (*style, area.intersection(buf.area));
    let kept = &mut cache.landscape;
    let found = frame_with(show, area, &mut kept.tracks);
    let axes = show.scenario.family.charts().get(show.chart).map_or(["", ""], |chart| chart.info().axes);
    let delta = found.and_then(|(_, frame)| rings::radius(show, &frame));
    let detail = format!("{} × {}", axes[0], axes[1]);
    // Corners, the title and its blanks, a stretch of line.
    let room = usize::from(area.width).saturating_sub(17 + detail.width());
    let right = info(show, delta, room);
    style::frame(buf, area, style, show.focus_now() == Pane::Landscape, "Landscape", &detail, &right);
    let Some((inner, frame)) = found else { return };
    kept.prepare(show, style, &frame);
    kept.tracks.place(&frame);
    kept.ink.clear(frame.columns, frame.rows);
    if let Some(delta) = delta {
        kept.rings.ink(show, &kept.tracks, &frame, delta, &mut kept.ink);
    }
    paths(show, style, &kept.tracks, &mut kept.ink);
    let Some((_, ground)) = &kept.ground else { return };
    paint_ground(ground, &frame, inner, buf);
    paint_ink(&kept.ink, ground, style, inner, buf);
    paint_labels(&kept.ink, ground, style, inner, buf);
    marks::draw(show, style, (&kept.tracks, ground), &frame, (area, inner), buf);
}

/// What the upper border says on the right: the longest that fits in `room` columns.
fn info(show: &Show, delta: Option<f64>, room: usize) -> String {
    let on = |overlay| show.overlay_now(overlay);
    let rings = match (on(Overlay::FisherEllipses), on(Overlay::KlBall)) {
        (true, true) => "ellipses and ball KL ",
        (true, false) => "ellipses KL ",
        (false, true) => "ball KL ",
        (false, false) => "",
    };
    let rings = delta.filter(|_| !rings.is_empty()).map(|delta| format!("{rings}{}", number::label(delta)));
    let lines = on(Overlay::Contours).then(|| "contours loss in nats".to_owned());
    let all = [rings.clone(), lines.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let short = all.replace("contours loss in nats", "contours in nats");
    [Some(all), Some(short), rings, lines].into_iter().flatten().find(|text| text.width() <= room).unwrap_or_default()
}

/// Lays the paths up to the playhead.
fn paths(show: &Show, style: Style, tracks: &Tracks, ink: &mut Ink) {
    if !show.overlay_now(Overlay::Paths) {
        return;
    }
    let now = show.timeline.step();
    for racer in (0..show.on.len()).filter(|&racer| show.on[racer]) {
        let Some(track) = tracks.get(racer) else { continue };
        let dots = &track.dots()[..track.dots().len().min(now + 1)];
        // A racer that ended long ago keeps only its older colour.
        let turn = now.saturating_sub(RECENT).min(dots.len().saturating_sub(1));
        let count = ink.line(dots[..=turn].iter().copied(), racer, Kind::Past, |i| style.dash(racer, i));
        if turn + 1 < dots.len() {
            let recent = dots[turn..].iter().copied();
            ink.line(recent, racer, Kind::Bright, |i| style.dash(racer, count + i));
        }
    }
}

fn paint_ground(ground: &Ground, frame: &Frame, inner: Rect, buf: &mut Buffer) {
    for (row, cells) in (inner.y..).zip(ground.cells.chunks_exact(frame.columns)) {
        for (column, base) in (inner.x..).zip(cells) {
            if let Some(cell) = buf.cell_mut((column, row)) {
                // Most cells are blank and were so before; writing a symbol is the dear part.
                if base.symbol != ' ' || cell.symbol() != " " {
                    cell.set_char(base.symbol);
                }
                (cell.fg, cell.bg, cell.modifier) = (base.front, base.back, base.modifier);
            }
        }
    }
}

fn paint_ink(ink: &Ink, ground: &Ground, style: Style, inner: Rect, buf: &mut Buffer) {
    let ring = style.role(Role::Contour);
    for (column, row, inked) in ink.touched() {
        let (symbol, look) = match inked.owner(column, row) {
            Owner::Path { racer, past } => (style.path(inked.mask), style.theme.racer(racer, past)),
            Owner::Ring { .. } if style.colorless() => (style.line(inked.mask), ring),
            Owner::Ring { racer } => (style.line(inked.mask), style.theme.racer(racer, false)),
        };
        let back = ground.behind((column, row));
        if let Some(cell) = buf.cell_mut((inner.x + column as u16, inner.y + row as u16)) {
            cell.set_char(symbol);
            (cell.fg, cell.bg, cell.modifier) = (look.fg.unwrap_or_default(), back, look.add_modifier);
        }
    }
}

/// Labels stand whole or not at all, since half a number is another number: each where no path runs, if there is such a
/// place.
fn paint_labels(ink: &Ink, ground: &Ground, style: Style, inner: Rect, buf: &mut Buffer) {
    let look = style.role(Role::ContourLabel);
    let mut painted: Vec<&Label> = Vec::new();
    for places in &ground.labels {
        let free = |label: &&Label| {
            let inked = (label.column..label.column + label.width).any(|column| ink.at(column, label.row).mask != 0);
            !inked && !painted.iter().any(|other| other.close(label.column, label.row, label.width))
        };
        let Some(label) = places.iter().find(free) else { continue };
        painted.push(label);
        for (column, symbol) in (label.column..).zip(label.text.chars()) {
            marks::put(buf, inner, (column, label.row), symbol, look, ground.behind((column, label.row)));
        }
    }
}
