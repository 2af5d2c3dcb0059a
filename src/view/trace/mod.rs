//! A quantity by step, one line per racer, up to the furthest step ever shown and never beyond.
//!
//! Steps ahead of the playhead are drawn in the colours of the past; steps not yet seen are not revealed, not even by
//! the range of the axes.

mod reading;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

use super::ink::Ink;
use super::scale::{Upright, ticks_upright};
use super::strokes;
use super::style::{border, frame, inner, put};
use super::text::write_right;
use super::{Canvas, Role, Style, axis};
use crate::app::Show;
use crate::plot::ticks::{Tick, ticks};
use crate::scenario::Pane;
use reading::{Line, Reading, read, read_on};

pub use reading::optimum_distance;

/// The width of the vertical axis' labels, with the gap after them.
const LABELS: u16 = 6;
/// Below this width they are left out.
const NARROW: u16 = 20;
/// The minimum distance between two labels of the horizontal axis.
const SPACING: f64 = 14.0;
/// How many values of a line are added permanently at once.
const PIECE: usize = 16;

/// The end of the horizontal axis: the next of 20, 50, 100, 200 ... that holds a step.
pub(super) fn horizon(step: usize) -> usize {
    let mut end: usize = 20;
    while end < step {
        // 20, 50, 100, 200: two and a half times after a two.
        end = if end.to_string().starts_with('2') { end / 2 * 5 } else { end * 2 };
    }
    end
}

/// What the pane keeps from frame to frame while only time moves.
#[derive(Debug, Default)]
pub struct Kept {
    laid: Option<Laid>,
    ink: Ink,
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
    now: usize,
    lines: Vec<Line>,
    bases: Vec<Base>,
    /// The cells of glyphs.
    marks: Vec<(u16, u16)>,
}

/// The part of a line that has been added permanently.
#[derive(Debug, Clone, Copy, Default)]
struct Base {
    /// The number of values, and of dots.
    values: usize,
    dots: usize,
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

/// Draws the pane, reusing what was kept from the last frame.
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
    let lines = read(show, &reading, plot.width);
    let Some(axes) = axes(show, &reading, &lines, plot) else { return };
    let labels = ticks_upright(&axes.upright);
    let mut laid = Laid {
        area,
        plot,
        axes,
        grid: labels.iter().map(|(row, _)| *row).collect(),
        head: 0,
        ahead: false,
        now: 0,
        bases: vec![Base::default(); lines.len()],
        lines,
        marks: Vec::new(),
    };
    strokes::clear(&mut kept.ink, plot);
    laid.lay(show, style, &mut kept.ink);
    for (x, y) in (0..plot.height).flat_map(|y| (0..plot.width).map(move |x| (x, y))) {
        laid.paint_ground(style, (x, y), buf);
    }
    strokes::paint(&kept.ink, style, plot, buf);
    laid.mark(style, buf);
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

/// Advances the pane as it was last drawn; `false` if more has changed than that lines have grown.
pub fn move_on(show: &Show, style: Style, kept: &mut Kept, area: Rect, blank: &Cell, canvas: &mut Canvas) -> bool {
    let Some(mut laid) = kept.laid.take().filter(|laid| laid.area == area) else { return false };
    let reading = Reading::again(show, show.timeline.furthest(), laid.axes.least);
    let same = show.timeline.step() >= laid.now && reading.least == laid.axes.least;
    let grown = same && read_on(show, &reading, laid.plot.width, &mut laid.lines);
    if !grown || axes(show, &reading, &laid.lines, laid.plot) != Some(laid.axes) {
        return false;
    }
    let head = (laid.head, laid.ahead);
    let mut stale = std::mem::take(&mut laid.marks);
    let spot = |(x, y): (usize, usize)| (x as u16, y as u16);
    stale.extend(kept.ink.changed().map(spot));
    kept.ink.undo();
    stale.extend(laid.lay(show, style, &mut kept.ink).into_iter().map(spot));
    stale.extend(kept.ink.changed().map(spot));
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
        strokes::paint_cell(kept.ink.at(spot.0, spot.1), style, spot, laid.plot, buf);
        canvas.touch_cell(at.0, at.1);
    }
    laid.mark(style, canvas.buffer_mut());
    for (x, y) in &laid.marks {
        canvas.touch_cell(laid.plot.x + x, laid.plot.y + y);
    }
    kept.laid = Some(laid);
    true
}

impl Laid {
    /// Lays the lines up to the playhead on what of them has been laid for good, and those ahead of it; returns the
    /// cells that have got dots for good. What stays only for this frame can be taken back.
    fn lay(&mut self, show: &Show, style: Style, ink: &mut Ink) -> Vec<(usize, usize)> {
        let (now, seen) = (show.timeline.step(), show.timeline.furthest());
        // Without colours to set it apart, what is ahead of the playhead is not drawn.
        let drawn = if style.theme.fills() { seen } else { now };
        (self.now, self.ahead) = (now, now < seen);
        self.head = self.axes.column(now, self.plot.width).min(self.plot.width - 1);
        let (axes, plot) = (self.axes, self.plot);
        let place = |&(step, value): &(usize, f64)| {
            [step as f64 / axes.end as f64 * 2.0 * f64::from(plot.width), 4.0 * axes.upright.row(value)]
        };
        let split = |line: &Line| line.values.partition_point(|(step, _)| *step <= now);
        ink.commit();
        for (base, line) in self.bases.iter_mut().zip(&self.lines) {
            // The last value of a thinned line gives way to others.
            while base.values + PIECE + 1 < split(line) {
                let piece = line.values[base.values..=base.values + PIECE].iter().map(place);
                base.dots += strokes::add(ink, style, (line.racer, base.dots), false, piece);
                base.values += PIECE;
            }
        }
        let grown = ink.changed().collect();
        ink.commit();
        for (base, line) in self.bases.iter().zip(&self.lines) {
            // The step at the playhead belongs to both, so that there is no gap.
            let split = split(line);
            let seen = line.values.partition_point(|(step, _)| *step <= drawn);
            if seen > split {
                let ahead = line.values[split.saturating_sub(1)..seen].iter().map(place);
                strokes::add(ink, style, (line.racer, 0), true, ahead);
            }
            let rest = line.values[base.values.min(split)..split].iter().map(place);
            strokes::add(ink, style, (line.racer, base.dots), false, rest);
        }
        grown
    }

    /// Writes what stands under the lines in a cell: one dot in four columns along every label's row, and the playhead
    /// where something lies ahead of it; else the lines' own ends say where it is.
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

    /// Writes the glyphs, and records where.
    fn mark(&mut self, style: Style, buf: &mut Buffer) {
        let lines = &self.lines;
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

/// The labelled steps between the ends of the horizontal axis; denser if there would be none.
fn across(end: usize, width: u16) -> Vec<Tick> {
    let inner = |spacing| -> Vec<Tick> {
        let ticks = ticks([0.0, end as f64], usize::from(width), spacing);
        ticks.into_iter().filter(|tick| tick.at > 0.0 && tick.at < end as f64).collect()
    };
    let wide = inner(SPACING);
    if wide.is_empty() { inner(0.6 * SPACING) } else { wide }
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

/// The ends of racers: a cross at their step, in the row of their last value.
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
}
