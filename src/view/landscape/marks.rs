//! Marks on the landscape: one every ten steps, axis labels, start, optimum, heads.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style as Cell};
use unicode_width::UnicodeWidthStr;

use crate::app::Seen;
use crate::math::Vec2;
use crate::plot::Frame;
use crate::plot::ticks::{Tick, ticks};
use crate::scenario::Overlay;
use crate::view::style::{self, Style};
use crate::view::theme::{Depth, Role};

use super::ground::Ground;
use super::track::Tracks;

/// Cells between ticks.
const SPACING: [f64; 2] = [16.0, 5.0];
/// Below this size there are no ticks.
const ROOM: [usize; 2] = [24, 6];
/// Steps between step marks.
const EVERY: usize = 10;

/// A cell of the map.
pub type Spot = (usize, usize);

/// Writes on the map and records where.
pub struct Pad<'a> {
    /// The picture.
    pub buf: &'a mut Buffer,
    /// Where the map is in it.
    pub inner: Rect,
    /// The cells that have been written.
    pub spots: Vec<Spot>,
}

impl Pad<'_> {
    /// Writes a character of the map on a background.
    pub fn put(&mut self, (column, row): Spot, symbol: char, look: Cell, back: Color) {
        let (Ok(x), Ok(y)) = (u16::try_from(column), u16::try_from(row)) else { return };
        if x < self.inner.width && y < self.inner.height {
            self.spots.push((column, row));
            style::put(self.buf, self.inner.x + x, self.inner.y + y, symbol, look.bg(back));
        }
    }
}

/// The cells of start and optimum, where they are in view.
#[must_use]
pub fn fixed(show: &Seen<'_>, frame: &Frame) -> [Option<Spot>; 2] {
    let chart = show.world.family.chart(show.chart);
    let spot = |p: Vec2| {
        let x = chart.to_coordinates(p);
        frame.cell(x[0], x[1])
    };
    [spot(show.world.scenario.start), show.world.objective.optimum().and_then(spot)]
}

/// Where a racer stands or left the family.
#[derive(Debug, Clone, Copy)]
struct Head {
    racer: usize,
    spot: Spot,
    dead: bool,
}

/// Draws all marks on the map.
pub fn draw(
    show: &Seen<'_>,
    style: Style,
    (tracks, ground): (&Tracks, &Ground),
    (frame, axis): (&Frame, &[(usize, String)]),
    pad: &mut Pad<'_>,
) {
    let fixed = fixed(show, frame);
    let heads = heads(show, tracks, frame);
    step_marks(show, style, (tracks, ground), frame, (&fixed, &heads), pad);
    let taken: Vec<Spot> = fixed.iter().flatten().copied().chain(heads.iter().map(|head| head.spot)).collect();
    labels(style, (axis, ground), &taken, pad);
    let look = style.role(Role::Mark);
    for (spot, symbol) in fixed.into_iter().zip([style.start(), style.optimum()]) {
        if let Some(spot) = spot {
            pad.put(spot, symbol, look, ground.behind(spot));
        }
    }
    for head in heads {
        let symbol = if head.dead { style.dead() } else { style.head(head.racer) };
        pad.put(head.spot, symbol, style.racer_bold(head.racer), ground.behind(head.spot));
    }
}

/// The heads in view, the chosen one last.
fn heads(show: &Seen<'_>, tracks: &Tracks, frame: &Frame) -> Vec<Head> {
    let now = show.timeline.step();
    let enabled = |racer: &usize| show.on.get(*racer).copied().unwrap_or(false);
    let order = (0..show.on.len()).filter(|&racer| racer != show.chosen).chain([show.chosen]);
    order
        .filter(enabled)
        .filter_map(|racer| {
            let trace = show.race.traces().nth(racer)?;
            let x = tracks.path(&show.race, racer)?.get(now.min(trace.last_alive()))?;
            Some(Head { racer, spot: frame.cell(x[0], x[1])?, dead: trace.ended_by(now).is_some() })
        })
        .collect()
}

fn step_marks(
    show: &Seen<'_>,
    style: Style,
    (tracks, ground): (&Tracks, &Ground),
    frame: &Frame,
    (fixed, heads): (&[Option<Spot>], &[Head]),
    pad: &mut Pad<'_>,
) {
    if !show.overlay_now(Overlay::StepMarks) || !show.overlay_now(Overlay::Paths) {
        return;
    }
    let mut taken: Vec<Spot> = fixed.iter().flatten().copied().chain(heads.iter().map(|head| head.spot)).collect();
    for racer in (0..show.on.len()).filter(|&racer| show.on[racer]) {
        let Some(path) = tracks.path(&show.race, racer) else { continue };
        let passed = (EVERY..show.timeline.step().min(path.len())).step_by(EVERY);
        for x in passed.filter_map(|step| path.get(step)) {
            let Some(spot) = frame.cell(x[0], x[1]) else { continue };
            if taken.iter().any(|other| other.1 == spot.1 && other.0.abs_diff(spot.0) <= 2) {
                continue;
            }
            taken.push(spot);
            let look = style.theme.racer(racer, false);
            if style.bold && style.theme.depth > Depth::None && !style.ascii() {
                // A hole in the line.
                let hole = Cell::new().fg(style.theme.ground().bg.unwrap_or_default()).add_modifier(Modifier::BOLD);
                pad.put(spot, style.step_mark(racer), hole, look.fg.unwrap_or_default());
            } else {
                pad.put(spot, style.step_mark(racer), look, ground.behind(spot));
            }
        }
    }
}

/// The vertical axis' labels by row, the name last.
pub fn axis(show: &Seen<'_>, style: Style, frame: &Frame) -> Vec<(usize, String)> {
    let chart = show.world.family.chart(show.chart);
    if frame.columns < ROOM[0] || frame.rows < ROOM[1] {
        return Vec::new();
    }
    let label = |tick: Tick| {
        let (_, row) = frame.cell(frame.x[0], tick.at).filter(|&(_, row)| row > 0)?;
        Some((row, style.plain(&tick.label)))
    };
    let name = (0, style.plain(chart.info().axes[1]));
    ticks(frame.y, frame.rows, SPACING[1]).into_iter().filter_map(label).chain([name]).collect()
}

/// The vertical axis' labels and its name, on the map beside the left border.
fn labels(style: Style, (axis, ground): (&[(usize, String)], &Ground), taken: &[Spot], pad: &mut Pad<'_>) {
    for (row, label) in axis {
        // A truncated number is a different number, and half a name is none.
        if taken.iter().any(|spot| spot.1 == *row && spot.0 < label.width()) {
            continue;
        }
        let look = style.role(if *row == 0 { Role::Text } else { Role::ContourLabel });
        for (column, symbol) in label.chars().enumerate() {
            pad.put((column, *row), symbol, look, ground.behind((column, *row)));
        }
    }
}

/// What of the axes stands in the borders: ticks in the left one, the horizontal axis' labels in the lower one.
pub fn edges(show: &Seen<'_>, style: Style, frame: &Frame, (area, inner): (Rect, Rect), buf: &mut Buffer) {
    if frame.columns < ROOM[0] || frame.rows < ROOM[1] {
        return;
    }
    let chart = show.world.family.chart(show.chart);
    let across = style.plain(chart.info().axes[0]);
    let border = style::border(style, show.focus_now() == crate::scenario::Pane::Landscape);
    for tick in ticks(frame.y, frame.rows, SPACING[1]) {
        if let Some((_, row)) = frame.cell(frame.x[0], tick.at).filter(|&(_, row)| row > 0) {
            style::put(buf, area.x, inner.y + row as u16, if style.ascii() { '+' } else { '├' }, border);
        }
    }
    let bottom = area.bottom() - 1;
    let name = format!(" {across} ");
    let Some(start) = (frame.columns + 2).checked_sub(name.width() + 2).filter(|&start| start > 1) else { return };
    style::text(buf, area.x + start as u16, bottom, &name, name.width(), style.role(Role::Text));
    for tick in ticks(frame.x, frame.columns, SPACING[0]) {
        let Some((column, _)) = frame.cell(tick.at, frame.y[1]) else { continue };
        let label = format!(" {} ", style.plain(&tick.label));
        let Some(first) = (column + 1).checked_sub(label.width() / 2).filter(|&first| first > 0) else { continue };
        if first + label.width() <= start {
            style::text(buf, area.x + first as u16, bottom, &label, label.width(), style.role(Role::Dim));
        }
    }
}
