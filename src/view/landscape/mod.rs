//! The landscape: the loss over two coordinates with everything that runs across it.
//!
//! One pass, layer by layer; the topmost owns the cell. Its layers are files: `bounds` (what is in view), `surface`
//! (the loss), `track` (paths in the chart), `ground` (fill and contours), `rings` (ellipses along a path), `overlay`
//! (the rest of the geometry), `marks` (ticks, start, optimum, heads).

mod bounds;
mod ground;
mod marks;
mod overlay;
mod rings;
mod surface;
mod track;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr;

use crate::app::Seen;
use crate::format;
use crate::geometry::Place;
use crate::math::Vec2;
use crate::plot::Frame;
use crate::scenario::Overlay;

use super::canvas::Canvas;
use super::ink::{Ink, Kind, Owner};
use super::style::{self, Style};
use super::theme::Role;
use bounds::Bounds;
use ground::{Ground, Label, Parts};
use surface::Surface;
use track::Tracks;

/// Steps of a path that are drawn bright.
const RECENT: usize = 12;
/// How many steps of a path are added permanently at once.
const PIECE: usize = 16;

/// What the landscape keeps from frame to frame.
#[derive(Debug, Default)]
pub struct Kept {
    tracks: Tracks,
    surface: Option<Surface>,
    ground: Option<(GroundKey, Ground)>,
    rings: rings::Kept,
    overlays: overlay::Kept,
    ink: Ink,
    laid: Option<Laid>,
}

/// What was drawn last.
#[derive(Debug)]
struct Laid {
    core: Bounds,
    inside: Bounds,
    frame: Frame,
    area: Rect,
    inner: Rect,
    delta: Option<f64>,
    /// The labels of the vertical axis.
    axis: Vec<(usize, String)>,
    /// The age of the paths.
    age: u64,
    now: usize,
    /// How many steps and dots of each racer's path have been laid for good.
    paths: Vec<[usize; 2]>,
    /// The cells that carry labels and marks.
    marked: Vec<marks::Spot>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct GroundKey {
    age: u64,
    /// The age of the static overlays.
    overlays: u64,
    style: Style,
    parts: Parts,
}

impl Kept {
    pub(super) fn advance(&mut self, budget: usize) -> bool {
        let surface = self.surface.as_mut().is_some_and(|surface| surface.advance(budget));
        let overlays = !surface && self.overlays.advance(budget);
        surface || overlays
    }

    pub(super) fn complete(&self) -> bool {
        self.surface.as_ref().is_none_or(|surface| surface.field.complete()) && self.overlays.complete()
    }

    /// Updates field and ground.
    fn prepare(&mut self, show: &Seen<'_>, style: Style, frame: &Frame, delta: Option<f64>) {
        self.overlays.stand(show, frame, delta);
        if !self.surface.as_ref().is_some_and(|surface| surface.fits(show, frame)) {
            let age = self.surface.as_ref().map_or(0, |surface| surface.age);
            self.surface = Some(Surface::new(show, *frame, age + 1));
        }
        let Some(surface) = &self.surface else { return };
        let on = |overlay| show.overlay_now(overlay);
        let parts = Parts { heat: on(Overlay::Heat), contours: on(Overlay::Contours) };
        let key = GroundKey { age: surface.age, overlays: self.overlays.age(), style, parts };
        if self.ground.as_ref().is_none_or(|(own, _)| *own != key) {
            let known = show.world.objective.optimum().map(|p| show.world.objective.value(p));
            let best = known.filter(|v| v.is_finite()).or_else(|| surface.field.least()).unwrap_or(0.0);
            let marks: Vec<_> = marks::fixed(show, frame).into_iter().flatten().collect();
            let mut ground = Ground::new((&surface.field, self.overlays.sheet()), best, style, parts, &marks);
            self.overlays.draw_still(show, style, frame, &mut ground);
            self.ground = Some((key, ground));
        }
    }
}

/// The inside the pane and the data that it shows; `None` if there is nothing to show.
#[must_use]
pub fn frame(show: &Seen<'_>, area: Rect) -> Option<(Rect, Frame)> {
    frame_with(show, area, &mut Tracks::default())
}

fn frame_with(show: &Seen<'_>, area: Rect, tracks: &mut Tracks) -> Option<(Rect, Frame)> {
    let inner = Some(style::inner(area)).filter(|inner| !inner.is_empty())?;
    let core = bounds::core(show)?;
    tracks.update(show, Some(bounds::limit(&core)));
    Some((inner, frame_of(show, inner, &bounds::inside(show, &core, tracks))?))
}

fn frame_of(show: &Seen<'_>, inner: Rect, inside: &Bounds) -> Option<Frame> {
    let Bounds { low, high } = bounds::view(show, inside)?;
    let (columns, rows) = (usize::from(inner.width), usize::from(inner.height));
    Some(Frame { x: [low[0], high[0]], y: [low[1], high[1]], columns, rows })
}

/// The distribution at the middle of a cell of the pane, in canonical parameters; none outside pane and family.
#[must_use]
pub fn point_at(show: &Seen<'_>, area: Rect, column: u16, row: u16) -> Option<Vec2> {
    let (inner, frame) = frame(show, area)?;
    let (column, row) = (column.checked_sub(inner.x)?, row.checked_sub(inner.y)?);
    if column >= inner.width || row >= inner.height {
        return None;
    }
    let x = Vec2::from(frame.data(f64::from(column) + 0.5, f64::from(row) + 0.5));
    let chart = show.world.family.chart(show.chart);
    Place::violation(&*show.world.family, chart, x).is_none().then(|| chart.to_parameters(x))
}

/// The cell of the geodesics' end, where it can be taken hold of and is in view.
#[must_use]
pub fn end_at(show: &Seen<'_>, area: Rect) -> Option<(u16, u16)> {
    let end = show.end()?;
    let (inner, frame) = frame(show, area)?;
    let x = show.world.family.chart(show.chart).to_coordinates(end);
    let (column, row) = frame.cell(x[0], x[1])?;
    Some((inner.x + u16::try_from(column).ok()?, inner.y + u16::try_from(row).ok()?))
}

/// Draws the pane.
pub fn draw(show: &Seen<'_>, style: &Style, kept: &mut Kept, area: Rect, buf: &mut Buffer) {
    let (style, area) = (*style, area.intersection(buf.area));
    let found = frame_with(show, area, &mut kept.tracks);
    let axes = show.world.family.chart(show.chart).info().axes;
    let delta = found.and_then(|(_, frame)| rings::radius(show, &frame));
    let names = format!("{} × {}", axes[0], axes[1]);
    // Corners, the title and its blanks, a stretch of line.
    let room = |detail: &str| usize::from(area.width).saturating_sub(18 + detail.width());
    // The axes carry names, too: if only one fits, coordinates are better.
    let detail = overlay::coordinates(show).filter(|place| place.width() > room(&names)).unwrap_or(names);
    kept.laid = None;
    if let Some((_, frame)) = &found {
        kept.prepare(show, style, frame, delta);
    }
    let mut words = kept.overlays.words(show, delta);
    words.retain(|word| *word != detail);
    let right = info(show, delta, &words, room(&detail));
    let title = show.number.map_or("Landscape".to_owned(), |number| number.to_string());
    style::frame(buf, area, style, show.focused(), &title, &detail, &right);
    let (Some((inner, frame)), Some(core)) = (found, bounds::core(show)) else { return };
    kept.ink.clear(frame.columns, frame.rows);
    kept.rings.clear();
    let mut laid = Laid {
        core,
        inside: bounds::inside(show, &core, &kept.tracks),
        frame,
        area,
        inner,
        delta,
        axis: marks::axis(show, style, &frame),
        age: kept.tracks.age(),
        now: show.timeline.step(),
        paths: vec![[0; 2]; show.on.len()],
        marked: Vec::new(),
    };
    kept.lay(show, style, &mut laid);
    let Some((_, ground)) = &kept.ground else { return };
    paint_ground(ground, &frame, inner, buf);
    for (column, row, _) in kept.ink.touched() {
        paint(&kept.ink, ground, style, inner, (column, row), buf);
    }
    kept.mark(show, style, &mut laid, buf);
    marks::edges(show, style, &frame, (area, inner), buf);
    kept.laid = Some(laid);
}

/// Advances the pane as it was last drawn; `false` if more has changed than what runs across the landscape.
pub fn move_on(show: &Seen<'_>, style: Style, kept: &mut Kept, area: Rect, canvas: &mut Canvas) -> bool {
    let Some(mut laid) = kept.laid.take() else { return false };
    kept.tracks.update(show, Some(bounds::limit(&laid.core)));
    let inside = bounds::inside(show, &laid.core, &kept.tracks);
    let (age, now) = (kept.tracks.age(), show.timeline.step());
    if (laid.area, laid.inside, laid.age) != (area, inside, age) || now < laid.now || !kept.settled() {
        return false;
    }
    laid.now = now;
    let mut stale = std::mem::take(&mut laid.marked);
    stale.extend(kept.ink.changed());
    kept.ink.undo();
    stale.extend(kept.lay(show, style, &mut laid));
    stale.extend(kept.ink.changed());
    let Some((_, ground)) = &kept.ground else { return false };
    let inner = laid.inner;
    let touch = |canvas: &mut Canvas, spots: &[marks::Spot]| {
        for &(column, row) in spots {
            canvas.touch_cell(inner.x + column as u16, inner.y + row as u16);
        }
    };
    for spot in &stale {
        paint(&kept.ink, ground, style, inner, *spot, canvas.buffer_mut());
    }
    touch(canvas, &stale);
    kept.mark(show, style, &mut laid, canvas.buffer_mut());
    touch(canvas, &laid.marked);
    kept.laid = Some(laid);
    true
}

impl Kept {
    /// Whether the ground is that of the field as it is now.
    fn settled(&self) -> bool {
        let age = self.surface.as_ref().map(|surface| (surface.age, self.overlays.age()));
        age.is_some() && age == self.ground.as_ref().map(|(key, _)| (key.age, key.overlays))
    }

    /// Lays paths and rings up to the playhead on those that have been laid for good; returns the cells that these have
    /// grown by. What stays only for this frame can be taken back.
    fn lay(&mut self, show: &Seen<'_>, style: Style, laid: &mut Laid) -> Vec<marks::Spot> {
        self.ink.commit();
        if let Some(delta) = laid.delta {
            self.rings.ink_beads(show, &self.tracks, &laid.frame, delta, &mut self.ink);
        }
        let on = show.overlay_now(Overlay::Paths);
        let racers: Vec<usize> = (0..show.on.len()).filter(|&racer| on && show.on[racer]).collect();
        let (tracks, frame, now) = (&self.tracks, laid.frame, laid.now);
        let path = |racer: usize| {
            let path = tracks.path(&show.race, racer).filter(|path| path.len() > 0)?;
            let last = now.min(path.len() - 1);
            // A racer that ended long ago keeps only its older colour.
            Some((path, now.saturating_sub(RECENT).min(last), last))
        };
        let dot = |x: Vec2| frame.dot(x[0], x[1]);
        for &racer in &racers {
            let Some((path, turn, _)) = path(racer) else { continue };
            let [steps, count] = &mut laid.paths[racer];
            while *steps + PIECE <= turn {
                let piece = path.points(*steps..=*steps + PIECE).map(dot);
                let start = *count;
                *count += self.ink.line(piece, racer, Kind::Past, |i| style.dash_past(racer, start + i));
                *steps += PIECE;
            }
        }
        let grown = self.ink.changed().collect();
        self.ink.commit();
        if let Some(delta) = laid.delta {
            rings::ink_head(show, &self.tracks, &laid.frame, delta, &mut self.ink);
        }
        self.overlays.follow(show, &laid.frame, laid.delta);
        self.overlays.ink(&mut self.ink);
        for &racer in &racers {
            let Some((path, turn, last)) = path(racer) else { continue };
            let [steps, mut count] = laid.paths[racer];
            let rest = path.points(steps..=turn).map(dot);
            count += self.ink.line(rest, racer, Kind::Past, |i| style.dash_past(racer, count + i));
            if turn < last {
                let recent = path.points(turn..=last).map(dot);
                self.ink.line(recent, racer, Kind::Bright, |i| style.dash(racer, count + i));
            }
        }
        grown
    }

    /// Draws labels and marks, and notes where.
    fn mark(&self, show: &Seen<'_>, style: Style, laid: &mut Laid, buf: &mut Buffer) {
        let Some((_, ground)) = &self.ground else { return };
        let mut pad = marks::Pad { buf, inner: laid.inner, spots: std::mem::take(&mut laid.marked) };
        paint_labels(&self.ink, ground, style, &mut pad);
        self.overlays.sign(style, ground, &self.ink, &mut pad);
        marks::draw(show, style, (&self.tracks, ground), (&laid.frame, &laid.axis), &mut pad);
        laid.marked = pad.spots;
    }
}

/// What the upper border says on the right: the longest that fits in `room` columns. Where overlays have words of their
/// own, as many of these as fit, the most important first.
fn info(show: &Seen<'_>, delta: Option<f64>, words: &[String], room: usize) -> String {
    let on = |overlay| show.overlay_now(overlay);
    let rings = match (on(Overlay::FisherEllipses), on(Overlay::KlBall)) {
        (true, true) => "ellipses and ball KL ",
        (true, false) => "ellipses KL ",
        (false, true) => "ball KL ",
        (false, false) => "",
    };
    let rings = delta.filter(|_| !rings.is_empty()).map(|delta| format!("{rings}{}", format::label(delta)));
    let unit = show.world.objective.info().unit.map_or(String::new(), |unit| format!(" in {unit}"));
    let lines = on(Overlay::Contours).then(|| format!("contours loss{unit}"));
    if !words.is_empty() {
        let mut all = String::new();
        for word in words.iter().chain(&rings).chain(&lines) {
            let comma = if all.is_empty() { "" } else { ", " };
            if all.width() + comma.len() + word.width() <= room {
                all = all + comma + word;
            }
        }
        return all;
    }
    let all = [rings.clone(), lines.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let short = all.strip_suffix(&unit).map(str::to_owned);
    [Some(all), short, rings, lines].into_iter().flatten().find(|text| text.width() <= room).unwrap_or_default()
}

fn paint_ground(ground: &Ground, frame: &Frame, inner: Rect, buf: &mut Buffer) {
    let area = buf.area;
    if area.intersection(inner) != inner {
        return;
    }
    let left = usize::from(inner.x - area.x);
    let rows = buf.content.chunks_exact_mut(usize::from(area.width)).skip(usize::from(inner.y - area.y));
    for (row, cells) in rows.zip(ground.cells.chunks_exact(frame.columns)) {
        for (cell, base) in row[left..].iter_mut().zip(cells) {
            // Most cells are blank and were so before; writing a symbol is the expensive part.
            if base.symbol != ' ' || cell.symbol() != " " {
                cell.set_char(base.symbol);
            }
            (cell.fg, cell.bg, cell.modifier) = (base.front, base.back, base.modifier);
        }
    }
}

/// Writes a cell of the map: its lines, else its ground.
fn paint(ink: &Ink, ground: &Ground, style: Style, inner: Rect, (column, row): marks::Spot, buf: &mut Buffer) {
    let inked = ink.at(column, row);
    let Some(cell) = buf.cell_mut((inner.x + column as u16, inner.y + row as u16)) else { return };
    if inked.mask == 0 {
        if let Some(base) = ground.at((column, row)) {
            cell.set_char(base.symbol);
            (cell.fg, cell.bg, cell.modifier) = (base.front, base.back, base.modifier);
        }
        return;
    }
    let (symbol, look) = match inked.owner(column, row) {
        Owner::Path { racer, past } => (style.path(inked.mask), style.theme.racer(racer, past)),
        Owner::Tone(tone) => (style.line(inked.mask), style.ink(tone.ink())),
        Owner::Ring { .. } if style.colorless() => (style.line(inked.mask), style.role(Role::Contour)),
        Owner::Ring { racer } => (style.line(inked.mask), style.theme.racer(racer, false)),
    };
    cell.set_char(symbol);
    (cell.fg, cell.bg, cell.modifier) = (look.fg.unwrap_or_default(), ground.behind((column, row)), look.add_modifier);
}

/// Labels are whole or left out, since a truncated number is a different number: each where no path runs, if possible.
fn paint_labels(ink: &Ink, ground: &Ground, style: Style, pad: &mut marks::Pad<'_>) {
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
            pad.put((column, label.row), symbol, look, ground.behind((column, label.row)));
        }
    }
}
