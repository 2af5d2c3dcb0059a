//! The densities: the target as a fill, each racer's p as a line with its glyph on the peak.
//!
//! While it plays, a line is left where it is until it has moved by more than an eye would follow; at rest every line
//! is exact. Densities come from `family`, the range from `reach`.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

use super::filling::{Filling, Source};
use super::ink::Ink;
use super::pair;
use super::reach::{self, range};
use super::style::{frame, inner, put};
use super::text::{width, write};
use super::{Canvas, Role, Style, axis, bars, strokes};
use crate::app::Show;
use crate::family::{Family, Support};
use crate::math::Vec2;
use crate::plot::ticks::ticks;
use crate::race::Trace;
use crate::scenario::{Overlay, Pane};

/// The height of the pane over the highest peak of the target.
const HEADROOM: f64 = 1.08;
/// How many times higher than the target a racer may make the pane, and in which parts of the target it grows.
const OVERSHOOT: f64 = 2.5;
const GROWTH: f64 = 0.25;
/// The minimum distance between two labels of the horizontal axis.
const SPACING: f64 = 9.0;
/// Below this many dots a line is drawn as a coloured base.
const LEAST: f64 = 0.8;
/// How many steps a line may stay behind while it plays, as powers of two, and dots by which it must not have moved for
/// that: half a row for eight steps or two, two rows for four. Most lines then move in the same frames, every fourth.
const STILL: [(u32, f64); 3] = [(3, 2.0), (2, 8.0), (1, 2.0)];
/// A density whose bulk is narrower than this many dots is a spike on one of them or between two.
const NARROW: f64 = 4.0;
/// That is not so where at least this share of it is seen at the dots, and at most this at one of them.
const SEEN: f64 = 0.5;
const CROWDED: f64 = 0.25;
/// The spacing, in dots, at which a line is sampled for that.
const LOOK: usize = 5;

/// What the pane keeps from frame to frame while only time moves.
#[derive(Debug, Default)]
pub struct Kept {
    reach: reach::Kept,
    /// What is filled over a range.
    filled: Option<([f64; 2], Vec<f64>)>,
    curves: Vec<Curve>,
    laid: Option<Laid>,
    /// Buffer for the next lines.
    spare: Ink,
}

/// A racer's curve over a range, two points a column.
#[derive(Debug, Default)]
struct Curve {
    racer: usize,
    range: [f64; 2],
    p: Vec2,
    heights: Vec<f64>,
    /// Where it is too narrow for dots: in which half column, and how high. Its heights are chance then.
    spike: Option<(usize, f64)>,
}

/// What was drawn last.
#[derive(Debug)]
struct Laid {
    area: Rect,
    plot: Rect,
    range: [f64; 2],
    top: f64,
    filling: Filling,
    ink: Ink,
    /// The cells of the fill's name and of the glyphs.
    marks: Vec<(u16, u16)>,
}

/// Draws the pane.
pub fn draw(show: &Show, style: Style, area: Rect, buf: &mut Buffer) {
    draw_kept(show, style, &mut Kept::default(), area, buf);
}

/// Draws the pane, reusing what was kept from the last frame.
pub fn draw_kept(show: &Show, style: Style, kept: &mut Kept, area: Rect, buf: &mut Buffer) {
    if show.world.family.width() == 2 {
        kept.laid = None;
        pair::draw(show, style, area, buf);
        return;
    }
    let source = Source::of(&show.world);
    let detail = match source {
        Source::Target(_) => "p(x), target filled",
        Source::Data(_) => "p(x), data filled",
        Source::Nothing => "p(x)",
    };
    kept.laid = None;
    frame(buf, area, style, show.focus_now() == Pane::Density, "Density", detail, "");
    let plot = inner(area).intersection(buf.area);
    if plot.is_empty() {
        return;
    }
    if let Support::Outcomes(n) = show.world.family.support() {
        let outcomes = (1..=n).map(|outcome| (outcome.to_string(), vec![f64::from(outcome)])).collect();
        bars::draw(show, style, source, outcomes, (area, plot), buf);
    } else if let Some(range) = range(show, &mut kept.reach) {
        draw_lines(show, style, (range, kept), (area, plot), buf);
    }
}

/// Advances the pane as it was last drawn; `false` if more has changed than lines and glyphs.
pub fn move_on(show: &Show, style: Style, kept: &mut Kept, area: Rect, blank: &Cell, canvas: &mut Canvas) -> bool {
    let Some(mut laid) = kept.laid.take().filter(|laid| laid.area == area && style.theme.fills()) else { return false };
    let stays = range(show, &mut kept.reach) == Some(laid.range);
    let moved = stays.then(|| kept.follow(show, laid.range, laid.plot));
    let Some(moved) = moved.filter(|_| kept.top() == Some(laid.top)) else { return false };
    if moved {
        let before = std::mem::replace(&mut laid.ink, std::mem::take(&mut kept.spare));
        kept.lay(style, &mut laid);
        let marks = std::mem::take(&mut laid.marks);
        let stale = marks.into_iter().map(|(x, y)| (usize::from(x), usize::from(y)));
        for (column, row) in stale.chain(laid.ink.differing(&before)) {
            let (x, y) = (laid.plot.x + column as u16, laid.plot.y + row as u16);
            let lines = laid.ink.at(column, row);
            let buf = canvas.buffer_mut();
            if let Some(cell) = buf.cell_mut((x, y)) {
                cell.clone_from(blank);
            }
            laid.filling.paint_cell(style, laid.plot, (column, row), lines.mask != 0, buf);
            strokes::paint_cell(lines, style, (column, row), laid.plot, buf);
            canvas.touch_cell(x, y);
        }
        kept.mark(show, style, &mut laid, canvas.buffer_mut());
        for (x, y) in &laid.marks {
            canvas.touch_cell(laid.plot.x + x, laid.plot.y + y);
        }
        kept.spare = before;
    }
    kept.laid = Some(laid);
    true
}

/// The racers that are drawn.
pub fn shown(show: &Show) -> impl Iterator<Item = usize> + '_ {
    (0..show.world.scenario.racers.len()).filter(|racer| show.on.get(*racer).copied().unwrap_or(true))
}

/// The racers that are drawn, and where each of them stands.
pub fn standing(show: &Show) -> impl Iterator<Item = (usize, Vec2)> + '_ {
    let step = show.timeline.step();
    shown(show).map(move |racer| (racer, show.race.trace(racer).at(step).parameters))
}

fn draw_lines(
    show: &Show,
    style: Style,
    (range, kept): ([f64; 2], &mut Kept),
    (area, plot): (Rect, Rect),
    buf: &mut Buffer,
) {
    let columns = usize::from(plot.width);
    kept.follow(show, range, plot);
    let Some(top) = kept.top() else { return };
    let mut laid = Laid {
        area,
        plot,
        range,
        top,
        filling: Filling {
            heights: kept.filled().iter().map(|p| 2.0 * p * scale(plot, top)).collect(),
            rows: usize::from(plot.height),
        },
        ink: std::mem::take(&mut kept.spare),
        marks: Vec::new(),
    };
    kept.lay(style, &mut laid);
    laid.filling.paint(style, plot, |column, row| laid.ink.at(column, row).mask != 0, buf);
    strokes::paint(&laid.ink, style, plot, buf);
    kept.mark(show, style, &mut laid, buf);
    kept.laid = Some(laid);
    if show.overlay_now(Overlay::Data) {
        rug(show, style, range, area, buf);
    }
    let ticks = ticks(range, columns, SPACING).into_iter().map(|tick| {
        let share = (tick.at - range[0]) / (range[1] - range[0]);
        (1 + (share * columns as f64) as u16, tick.label)
    });
    axis::bottom(buf, area, style, "x", ticks);
}

/// Dots by which a density of 1 is high where the pane ends at `top`.
fn scale(plot: Rect, top: f64) -> f64 {
    4.0 * f64::from(plot.height) / top
}

impl Kept {
    fn filled(&self) -> &[f64] {
        self.filled.as_ref().map_or(&[], |(_, heights)| heights)
    }

    /// Updates fill and curves; returns whether a curve has moved.
    fn follow(&mut self, show: &Show, range: [f64; 2], plot: Rect) -> bool {
        let columns = usize::from(plot.width);
        let family = &*show.world.family;
        if !self.filled.as_ref().is_some_and(|(own, heights)| *own == range && heights.len() == columns) {
            self.filled = Some((range, Source::of(&show.world).heights(family, range, columns)));
        }
        let aim = peak(self.filled().iter().copied());
        let dots = Dots { family, range, count: 2 * columns };
        let mut moved = false;
        let racers: Vec<usize> = shown(show).collect();
        self.curves.resize_with(racers.len(), Curve::default);
        for (racer, own) in racers.into_iter().zip(&mut self.curves) {
            let trace = show.race.trace(racer);
            let now = show.timeline.step();
            let fresh = (own.racer, own.range, own.heights.len()) != (racer, range, dots.count);
            let p = if show.timeline.playing() && aim > 0.0 {
                dots.still(trace, now, scale(plot, HEADROOM * aim), Some(&*own).filter(|_| !fresh))
            } else {
                trace.at(now).parameters
            };
            if fresh || own.p != p {
                moved = true;
                (own.racer, own.range, own.p) = (racer, range, p);
                own.heights.clear();
                own.heights.extend((0..dots.count).map(|dot| dots.height(p, dot)));
                own.spike = dots.spike(p, &own.heights);
            }
        }
        moved
    }

    /// The top of the pane, which rarely moves. `None` if every density is zero.
    fn top(&self) -> Option<f64> {
        let aim = peak(self.filled().iter().copied());
        // A spike runs off the top rather than squeeze the rest.
        let lines =
            peak(self.curves.iter().filter(|own| own.spike.is_none()).map(|own| peak(own.heights.iter().copied())));
        let highest = if lines > 0.0 { lines } else { peak(self.curves.iter().filter_map(|own| Some(own.spike?.1))) };
        let unit = if aim > 0.0 { GROWTH * aim } else { 0.5 * 10_f64.powf(highest.log10().floor()) };
        let most = if aim > 0.0 { highest.clamp(aim, OVERSHOOT * aim) } else { highest };
        // Half of the headroom may be used.
        let top = HEADROOM * unit * (most / (1.0 + 0.5 * (HEADROOM - 1.0)) / unit).ceil();
        (top > 0.0 && top.is_finite()).then_some(top)
    }

    /// Lays the lines.
    fn lay(&self, style: Style, laid: &mut Laid) {
        strokes::clear(&mut laid.ink, laid.plot);
        let (scale, rows) = (scale(laid.plot, laid.top), f64::from(laid.plot.height));
        for own in &self.curves {
            let place = |(dot, p): (usize, &f64)| {
                let height = p * scale;
                let y = if height > LEAST { (4.0 * rows - height).max(-8.0) } else { f64::NAN };
                [dot as f64 + 0.5, y]
            };
            if let Some((dot, peak)) = own.spike {
                let ends = [LEAST / scale, peak].map(|p| [dot as f64 + 0.5, (4.0 * rows - p * scale).max(-8.0)]);
                strokes::add(&mut laid.ink, style, (own.racer, 0), false, ends);
            } else {
                strokes::add(&mut laid.ink, style, (own.racer, 0), false, own.heights.iter().enumerate().map(place));
            }
        }
    }

    /// Writes the name of the fill and the glyphs, and notes where.
    fn mark(&self, show: &Show, style: Style, laid: &mut Laid, buf: &mut Buffer) {
        draw_name(Source::of(&show.world).name(), style, laid, buf);
        draw_peaks(style, &self.curves, laid, buf);
    }
}

/// The middles of half columns over a range.
struct Dots<'a> {
    family: &'a dyn Family,
    range: [f64; 2],
    count: usize,
}

impl Dots<'_> {
    fn height(&self, p: Vec2, dot: usize) -> f64 {
        let x = self.range[0] + (self.range[1] - self.range[0]) * (dot as f64 + 0.5) / self.count as f64;
        density(self.family, p, &[x])
    }

    /// The spike of a density too narrow to be sampled at the dots; `None` if it is wide enough.
    fn spike(&self, p: Vec2, heights: &[f64]) -> Option<(usize, f64)> {
        let width = (self.range[1] - self.range[0]) / self.count as f64;
        // A bulk may be expensive.
        if heights.iter().sum::<f64>() * width > SEEN && peak(heights.iter().copied()) * width < CROWDED {
            return None;
        }
        let (low, high) = self.family.bulk(p);
        let dot = (0.5 * (low + high) - self.range[0]) / width;
        if !(high - low < NARROW * width && dot >= 0.0 && dot < self.count as f64) {
            return None;
        }
        let inside = (0..=8).map(|k| low + (high - low) * f64::from(k) / 8.0);
        Some((dot as usize, peak(inside.map(|x| density(self.family, p, &[x])))))
    }

    /// The parameters whose curve is drawn at a step while it plays: those of the step furthest back, at a multiple of
    /// a power of two, from which the line has not moved by as many dots as [`STILL`] says. A function of the step, not
    /// of what was drawn before; `known` is a curve that needs not be computed again.
    fn still(&self, trace: &Trace, now: usize, scale: f64, known: Option<&Curve>) -> Vec2 {
        let here = trace.at(now).parameters;
        let places = || (0..self.count).step_by(LOOK);
        let heights: Vec<f64> = places().map(|dot| scale * self.height(here, dot)).collect();
        let close = |p: Vec2, most: f64| {
            let other = |dot: usize| match known {
                Some(curve) if curve.p == p => curve.heights[dot],
                _ => self.height(p, dot),
            };
            // Dots are square: what counts is the way across the line.
            places().zip(&heights).enumerate().all(|(i, (dot, height))| {
                let left = heights[i.saturating_sub(1)];
                let right = heights[(i + 1).min(heights.len() - 1)];
                let slope = (right - left) / (2.0 * LOOK as f64);
                (scale * other(dot) - height).abs() <= most * (1.0 + slope * slope).sqrt()
            })
        };
        let mut candidates = STILL.into_iter().map(|(k, most)| (trace.at(now >> k << k).parameters, most));
        candidates.find(|(p, most)| *p == here || close(*p, *most)).map_or(here, |(p, _)| p)
    }
}

/// Every datum as a tick on the lower border.
fn rug(show: &Show, style: Style, range: [f64; 2], area: Rect, buf: &mut Buffer) {
    let columns = f64::from(area.width.saturating_sub(2));
    let values = show.world.objective.data().map_or(&[][..], |data| data.values());
    for x in values {
        let column = ((x - range[0]) / (range[1] - range[0]) * columns).floor();
        if column >= 0.0 && column < columns {
            let symbol = if style.ascii() { '+' } else { '┴' };
            put(buf, area.x + 1 + column as u16, area.bottom() - 1, symbol, style.role(Role::Dim));
        }
    }
}

/// The density, zero if it is not a number.
pub fn density(family: &dyn Family, p: Vec2, x: &[f64]) -> f64 {
    let value = family.log_density(p, x).exp();
    if value.is_finite() { value } else { 0.0 }
}

fn peak(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, f64::max)
}

/// The name of what is filled, right of the fill at half the height; nothing if that would cover a line.
fn draw_name(name: &str, style: Style, laid: &mut Laid, buf: &mut Buffer) {
    let (long, plot) = (width(name), laid.plot);
    let half = plot.height / 2;
    let rows = (0..3).flat_map(|i| [half + i, half.saturating_sub(i + 1)]).filter(|row| *row < plot.height);
    for row in rows {
        let level = 8.0 * f64::from(plot.height - row - 1);
        let Some(edge) = laid.filling.heights.iter().rposition(|height| *height > level) else { continue };
        let x = edge as u16 + 2;
        let free = |x: u16| laid.ink.at(usize::from(x), usize::from(row)).mask == 0;
        if long > 0 && x + long <= plot.width && (x.saturating_sub(1)..x + long).all(free) {
            write(buf, plot, x, row, name, style.role(Role::Dim));
            laid.marks.extend((x..x + long).map(|x| (x, row)));
            return;
        }
    }
}

/// A glyph on every peak; where two meet, side by side.
fn draw_peaks(style: Style, curves: &[Curve], laid: &mut Laid, buf: &mut Buffer) {
    let (plot, scale) = (laid.plot, scale(laid.plot, laid.top));
    let mut taken: Vec<(u16, u16)> = Vec::new();
    for Curve { racer, heights, spike, .. } in curves {
        // The first of equals, so that a plateau has its glyph at its left end in every frame.
        let higher = |best: (usize, f64), next: (usize, f64)| if next.1 > best.1 { next } else { best };
        let (dot, top) = spike.unwrap_or_else(|| heights.iter().copied().enumerate().fold((0, 0.0), higher));
        if top * scale <= LEAST {
            continue;
        }
        let row = (f64::from(plot.height) - top * scale / 4.0).max(0.0) as u16;
        let column = (dot / 2) as u16;
        let free = |x: &u16| *x < plot.width && !taken.contains(&(*x, row));
        let near = (0..4).flat_map(|i| [column + i, column.saturating_sub(i)]).find(free).unwrap_or(column);
        let row = row.min(plot.height - 1);
        taken.push((near, row));
        put(buf, plot.x + near, plot.y + row, style.glyph(*racer), style.racer_bold(*racer));
    }
    laid.marks.extend(taken);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::race::World;
    use crate::scenario::Document;

    #[test]
    fn a_density_too_narrow_for_dots_is_a_spike_wherever_it_is() {
        let world = World::open(&Document::builtin("three-charts").expect("built in")).expect("valid");
        let dots = Dots { family: &*world.family, range: [0.0, 10.0], count: 100 };
        let spike = |mean: f64, sd: f64| {
            let p = Vec2::new(mean, sd);
            let heights: Vec<f64> = (0..dots.count).map(|dot| dots.height(p, dot)).collect();
            dots.spike(p, &heights)
        };
        let (dot, peak) = spike(3.0, 1e-3).expect("far narrower than a dot");
        // 1/(sd √(2π)), beside the middle of dot 30.
        assert_eq!(dot, 30);
        assert!((peak / 398.942_280_401_432_7 - 1.0).abs() < 1e-12, "{peak}");
        // A tenth is a dot: so it is wherever it stands between dots, and whatever they hit of it.
        for (k, sd) in (0..20).flat_map(|k| [1e-4, 0.01, 0.02, 0.03, 0.05, 0.06].map(|sd| (k, sd))) {
            let found = spike(3.0 + 0.005 * f64::from(k), sd).expect("narrower than a dot");
            assert!((found.1 * sd * 2.506_628_274_631_000_5 - 1.0).abs() < 1e-9, "{k} {sd}");
        }
        assert_eq!([spike(3.0, 1.0), spike(3.03, 0.07), spike(3.0, 0.1), spike(30.0, 1e-3)], [None; 4]);
    }
}
