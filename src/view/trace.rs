//! A quantity by step, one line a racer, up to the furthest step that was ever shown and never beyond.
//!
//! Steps ahead of the playhead are drawn in the colours of the past; steps not yet seen give nothing away, not even by
//! the range of the axes. Computes no step (race).

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

use super::ink::Ink;
use super::scale::{Upright, ticks_upright};
use super::strokes;
use super::style::{border, frame, inner, put};
use super::text::write_right;
use super::{Canvas, Role, Style, axis};
use crate::app::{Quantity, Show};
use crate::geometry::distance;
use crate::math::Vec2;
use crate::plot::ticks::{Tick, ticks};
use crate::race::{Row, Trace};
use crate::scenario::{Pane, Scenario};

/// What the labels of the vertical axis take, with the gap after them.
const LABELS: u16 = 6;
/// Below this width they are left out.
const NARROW: u16 = 20;
/// The least distance of two labels of the horizontal axis.
const SPACING: f64 = 14.0;

/// The distance of a point to the optimum: Fisher-Rao where it has a closed form, else √(2 KL): a frame that asks for it at
/// every step cannot look for as many geodesics. None without an optimum.
#[must_use]
pub fn optimum_distance(scenario: &Scenario, p: Vec2) -> Option<f64> {
    let optimum = scenario.objective.optimum()?;
    let family = &*scenario.family;
    if distance::is_closed(family) {
        return distance(family, p, optimum);
    }
    Some((2.0 * family.kl(p, optimum)).max(0.0).sqrt())
}

/// What is drawn: a number of each row.
struct Reading<'a> {
    show: &'a Show,
    /// The least loss that is known.
    least: f64,
}

impl<'a> Reading<'a> {
    fn new(show: &'a Show, seen: usize) -> Self {
        let known = show.scenario.objective.optimum().map(|p| show.scenario.objective.value(p));
        let of_trace = |trace: &Trace| steps(trace, seen, 400).map(|s| trace.rows[s].loss).fold(f64::NAN, f64::min);
        let least = known.unwrap_or_else(|| show.race.traces().map(of_trace).fold(f64::NAN, f64::min));
        Self { show, least: if least.is_finite() { least } else { 0.0 } }
    }

    fn of(&self, row: &Row) -> f64 {
        match self.show.quantity {
            Quantity::Loss => row.loss - self.least,
            Quantity::KlStep => row.kl_step,
            Quantity::FisherStep => row.fisher_step,
            Quantity::GradientNorm => row.grad_norm,
            Quantity::Distance => optimum_distance(&self.show.scenario, row.parameters).unwrap_or(f64::NAN),
        }
    }

    fn title(&self) -> String {
        let scenario = &self.show.scenario;
        let name = match self.show.quantity {
            Quantity::Loss if self.least != 0.0 => "loss above the least",
            Quantity::Distance if !distance::is_closed(&*scenario.family) => "√(2 KL) to the optimum",
            Quantity::Distance => "Fisher-Rao distance to the optimum",
            other => other.name(),
        };
        format!("{name}, {}", if self.show.log { "log" } else { "linear" })
    }
}

/// The steps of a trace that are drawn: all of them, or where there are more than `most` every so many and the last. A
/// million steps must not cost more than the dots they fall on.
fn steps(trace: &Trace, seen: usize, most: usize) -> impl Iterator<Item = usize> + use<> {
    let last = trace.last_alive().min(seen);
    let stride = last.div_ceil(most.max(1)).max(1);
    (0..last).step_by(stride).chain(std::iter::once(last))
}

/// The end of the horizontal axis: the next of 20, 50, 100, 200 ... that holds a step.
pub(super) fn horizon(step: usize) -> usize {
    let mut end: usize = 20;
    while end < step {
        // 20, 50, 100, 200: two and a half times after a two.
        end = if end.to_string().starts_with('2') { end / 2 * 5 } else { end * 2 };
    }
    end
}

/// One racer's line: its values by step.
struct Line {
    racer: usize,
    values: Vec<(usize, f64)>,
    now: f64,
    ended: Option<usize>,
}

/// What the pane keeps from frame to frame while only time moves.
#[derive(Debug, Default)]
pub struct Kept {
    laid: Option<Laid>,
    /// Room for the next lines.
    spare: Ink,
}

/// What was drawn last.
#[derive(Debug)]
struct Laid {
    area: Rect,
    plot: Rect,
    axes: Axes,
    /// The rows with a labelled value.
    grid: Vec<u16>,
    /// The column of the playhead, and whether anything seen lies ahead of it.
    head: u16,
    ahead: bool,
    ink: Ink,
    /// The cells of glyphs.
    marks: Vec<(u16, u16)>,
}

/// The axes of the pane.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Axes {
    least: f64,
    upright: Upright,
    /// The step at the right end.
    end: usize,
}

impl Axes {
    fn column(&self, step: usize, width: u16) -> u16 {
        (step as f64 / self.end as f64 * f64::from(width)) as u16
    }
}

/// Draws the pane.
pub fn draw(show: &Show, style: Style, area: Rect, buf: &mut Buffer) {
    draw_kept(show, style, &mut Kept::default(), area, buf);
}

/// Draws the pane with what is left of the last time.
pub fn draw_kept(show: &Show, style: Style, kept: &mut Kept, area: Rect, buf: &mut Buffer) {
    kept.laid = None;
    let reading = Reading::new(show, show.timeline.furthest());
    let focused = show.focus_now() == Pane::Traces;
    frame(buf, area, style, focused, "Trace", &reading.title(), "");
    let inside = inner(area).intersection(buf.area);
    let left = if inside.width < NARROW { 0 } else { LABELS };
    let plot = Rect { x: inside.x + left, width: inside.width.saturating_sub(left), ..inside };
    if plot.is_empty() {
        return;
    }
    let lines = read(show, &reading, plot);
    let Some(axes) = axes(show, &reading, &lines, plot) else { return };
    let labels = ticks_upright(&axes.upright);
    let mut laid = Laid {
        area,
        plot,
        axes,
        grid: labels.iter().map(|(row, _)| *row).collect(),
        head: 0,
        ahead: false,
        ink: std::mem::take(&mut kept.spare),
        marks: Vec::new(),
    };
    laid.lay(show, style, &lines);
    for (x, y) in (0..plot.height).flat_map(|y| (0..plot.width).map(move |x| (x, y))) {
        laid.paint_ground(style, (x, y), buf);
    }
    strokes::paint(&laid.ink, style, plot, buf);
    laid.mark(style, &lines, buf);
    if left > 0 {
        for (row, label) in &labels {
            write_right(buf, inside, LABELS - 1, *row, &style.plain(label), style.role(Role::Dim));
            if !style.ascii() {
                put(buf, area.x, inside.y + row, '├', border(style, focused));
            }
        }
        let at = |step: f64| plot.x - area.x + axes.column(step as usize, plot.width);
        let ticks = across(axes.end, plot.width).into_iter().map(|tick| (at(tick.at), tick.label));
        axis::bottom(buf, area, style, "step", ticks);
    }
    kept.laid = Some(laid);
}

/// Lets time pass in the pane as it was drawn last; false where the axes have changed.
pub fn move_on(show: &Show, style: Style, kept: &mut Kept, area: Rect, blank: &Cell, canvas: &mut Canvas) -> bool {
    let Some(mut laid) = kept.laid.take().filter(|laid| laid.area == area) else { return false };
    let reading = Reading::new(show, show.timeline.furthest());
    let lines = read(show, &reading, laid.plot);
    if axes(show, &reading, &lines, laid.plot) != Some(laid.axes) {
        return false;
    }
    let (before, head) = (std::mem::replace(&mut laid.ink, std::mem::take(&mut kept.spare)), (laid.head, laid.ahead));
    laid.lay(show, style, &lines);
    let marks = std::mem::take(&mut laid.marks);
    let mut stale: Vec<(u16, u16)> = laid.ink.differing(&before).map(|(x, y)| (x as u16, y as u16)).collect();
    stale.extend(marks);
    if head != (laid.head, laid.ahead) {
        stale.extend((0..laid.plot.height).flat_map(|y| [(head.0, y), (laid.head, y)]));
    }
    for (x, y) in stale {
        let (at, buf) = ((laid.plot.x + x, laid.plot.y + y), canvas.buffer_mut());
        if let Some(cell) = buf.cell_mut(at) {
            cell.clone_from(blank);
        }
        laid.paint_ground(style, (x, y), buf);
        let spot = (usize::from(x), usize::from(y));
        strokes::paint_cell(laid.ink.at(spot.0, spot.1), style, spot, laid.plot, buf);
        canvas.touch_cell(at.0, at.1);
    }
    laid.mark(style, &lines, canvas.buffer_mut());
    for (x, y) in &laid.marks {
        canvas.touch_cell(laid.plot.x + x, laid.plot.y + y);
    }
    (kept.spare, kept.laid) = (before, Some(laid));
    true
}

impl Laid {
    /// Lays the lines and places the playhead.
    fn lay(&mut self, show: &Show, style: Style, lines: &[Line]) {
        let (now, seen) = (show.timeline.step(), show.timeline.furthest());
        // Where colours cannot tell what is ahead of the playhead, it is not drawn.
        let drawn = if style.theme.fills() { seen } else { now };
        self.ahead = now < seen;
        self.head = self.axes.column(now, self.plot.width).min(self.plot.width - 1);
        draw_lines(lines, style, &self.axes, (now, drawn), self.plot, &mut self.ink);
    }

    /// Writes what stands under the lines in a cell: one dot in four columns along every label's row, and the playhead where
    /// something lies ahead of it; else the lines' own ends say where it is.
    fn paint_ground(&self, style: Style, (x, y): (u16, u16), buf: &mut Buffer) {
        let [dot, line] = if style.ascii() { ['.', '|'] } else { ['·', '│'] };
        let symbol = if x == self.head && self.ahead {
            line
        } else if x.is_multiple_of(4) && self.grid.contains(&y) {
            dot
        } else {
            return;
        };
        put(buf, self.plot.x + x, self.plot.y + y, symbol, style.role(Role::Faint));
    }

    /// Writes the glyphs, and notes where.
    fn mark(&mut self, style: Style, lines: &[Line], buf: &mut Buffer) {
        let mut put_at = |(x, y): (u16, u16), glyph: char, racer: usize| {
            put(buf, self.plot.x + x, self.plot.y + y, glyph, style.racer_bold(racer));
            self.marks.push((x, y));
        };
        let column = |step: usize| self.axes.column(step, self.plot.width).min(self.plot.width - 1);
        draw_ends(lines, style, &self.axes.upright, &column, &mut put_at);
        draw_heads(lines, style, &self.axes.upright, (self.head, self.plot.width), &mut put_at);
    }
}

fn axes(show: &Show, reading: &Reading<'_>, lines: &[Line], plot: Rect) -> Option<Axes> {
    let upright = range(lines, show.log, plot.height)?;
    Some(Axes { least: reading.least, upright, end: horizon(show.timeline.furthest()) })
}

/// The labelled steps between the ends of the horizontal axis; closer where there would be none.
fn across(end: usize, width: u16) -> Vec<Tick> {
    let inner = |spacing| -> Vec<Tick> {
        let ticks = ticks([0.0, end as f64], usize::from(width), spacing);
        ticks.into_iter().filter(|tick| tick.at > 0.0 && tick.at < end as f64).collect()
    };
    let wide = inner(SPACING);
    if wide.is_empty() { inner(0.6 * SPACING) } else { wide }
}

fn read(show: &Show, reading: &Reading<'_>, plot: Rect) -> Vec<Line> {
    let (seen, most) = (show.timeline.furthest(), 4 * usize::from(plot.width));
    let racers = show.race.traces().enumerate().filter(|(racer, _)| show.on.get(*racer).copied().unwrap_or(true));
    let read = |(racer, trace): (usize, &Trace)| Line {
        racer,
        values: steps(trace, seen, most).map(|step| (step, reading.of(&trace.rows[step]))).collect(),
        now: reading.of(trace.at(show.timeline.step())),
        ended: trace.ended_by(show.timeline.step()).map(|ending| ending.step),
    };
    racers.map(read).collect()
}

/// The vertical axis: from the greatest value down to a decade mark below the median racer's best, or to zero.
fn range(lines: &[Line], log: bool, rows: u16) -> Option<Upright> {
    let finite = |line: &Line| -> [f64; 2] {
        let counts = line.values.iter().map(|(_, v)| *v).filter(|v| v.is_finite() && (!log || *v > 0.0));
        counts.fold([f64::NAN; 2], |[low, high], v| [v.min(low), v.max(high)])
    };
    let ends: Vec<[f64; 2]> = lines.iter().map(finite).filter(|ends| !ends[0].is_nan()).collect();
    let top = ends.iter().fold(f64::NAN, |top, ends| ends[1].max(top));
    if !log {
        let low = ends.iter().fold(0.0, |low: f64, ends| low.min(ends[0]));
        return Upright::linear(low, if top > low { top } else { low + 1.0 }, rows);
    }
    let mut best: Vec<f64> = ends.iter().map(|ends| ends[0]).collect();
    best.sort_by(f64::total_cmp);
    let median = best.get(best.len().saturating_sub(1) / 2)?;
    Upright::log(*median, top, rows)
}

fn draw_lines(lines: &[Line], style: Style, axes: &Axes, (now, drawn): (usize, usize), plot: Rect, ink: &mut Ink) {
    strokes::clear(ink, plot);
    let place = |&(step, value): &(usize, f64)| {
        [step as f64 / axes.end as f64 * 2.0 * f64::from(plot.width), 4.0 * axes.upright.row(value)]
    };
    for line in lines {
        // The step at the playhead belongs to both, so that there is no gap.
        let split = line.values.partition_point(|(step, _)| *step <= now);
        let seen = line.values.partition_point(|(step, _)| *step <= drawn);
        if seen > split {
            let ahead = line.values[split.saturating_sub(1)..seen].iter().map(place);
            strokes::add(ink, style, line.racer, true, ahead);
        }
        strokes::add(ink, style, line.racer, false, line.values[..split].iter().map(place));
    }
}

/// Where racers ended: a cross at their step, in the row of their last value.
fn draw_ends(
    lines: &[Line],
    style: Style,
    upright: &Upright,
    column: &impl Fn(usize) -> u16,
    put: &mut impl FnMut((u16, u16), char, usize),
) {
    for (line, step) in lines.iter().filter_map(|line| Some((line, line.ended?))) {
        if let Some(row) = head_row(line.now, upright) {
            put((column(step), row), style.dead(), line.racer);
        }
    }
}

fn head_row(value: f64, upright: &Upright) -> Option<u16> {
    (!value.is_nan()).then(|| (upright.row(value).max(0.0) as u16).min(upright.rows - 1))
}

/// Glyphs right of the playhead in their true row, side by side, the best last; below the axis an arrow.
fn draw_heads(
    lines: &[Line],
    style: Style,
    upright: &Upright,
    (head, width): (u16, u16),
    put: &mut impl FnMut((u16, u16), char, usize),
) {
    let alive = lines.iter().filter(|line| line.ended.is_none());
    let mut heads: Vec<(u16, &Line)> = alive.filter_map(|line| Some((head_row(line.now, upright)?, line))).collect();
    heads.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.now.total_cmp(&a.1.now)).then(a.1.racer.cmp(&b.1.racer)));
    for row in heads.chunk_by(|a, b| a.0 == b.0) {
        let count = row.len() as u16;
        // Where the playhead is at the right edge the glyphs stand before it.
        let start = (head + 1).min(width.saturating_sub(count));
        for (i, (y, line)) in row.iter().enumerate() {
            let below = upright.row(line.now) >= f64::from(upright.rows);
            let arrow = if style.ascii() { 'v' } else { '▾' };
            let glyph = if below { arrow } else { style.glyph(line.racer) };
            let x = start + i as u16;
            if x < width {
                put((x, *y), glyph, line.racer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_ends_at_round_steps() {
        let ends = [0, 20, 21, 51, 100, 101, 201, 999, 1001, 30_000].map(horizon);
        assert_eq!(ends, [20, 20, 50, 100, 100, 200, 500, 1000, 2000, 50_000]);
    }

    #[test]
    fn a_long_trace_is_thinned_and_keeps_its_last_step() {
        let row = Row {
            status: crate::race::Status::Running,
            loss: 1.0,
            grad_norm: 1.0,
            natural_norm: 1.0,
            euclid_step: 0.0,
            fisher_step: 0.0,
            kl_step: 0.0,
            parameters: Vec2::zeros(),
            coordinates: Vec2::zeros(),
        };
        let trace = Trace { rows: vec![row; 10_001], ending: None };
        let kept: Vec<usize> = steps(&trace, 10_000, 100).collect();
        assert_eq!((kept.len(), kept.last()), (101, Some(&10_000)));
        assert_eq!(steps(&trace, 3, 100).collect::<Vec<_>>(), [0, 1, 2, 3]);
    }
}
