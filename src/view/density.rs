//! The densities: what is aimed at as a fill, each racer's p as a line with its glyph on the peak.
//!
//! The horizontal range is that of the target and of what was seen of the race so far, in round numbers, so that it moves
//! rarely; angles are shown once around. Not its business: how a density is computed (family).

use std::collections::HashMap;
use std::f64::consts::PI;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::bars;
use super::filling::{Filling, Source};
use super::ink::Ink;
use super::pair;
use super::strokes;
use super::style::{frame, inner, put};
use super::text::{width, write};
use super::{Role, Style, axis};
use crate::app::Show;
use crate::family::{Family, Support};
use crate::math::Vec2;
use crate::plot::ticks::ticks;
use crate::scenario::{Pane, Scenario};

/// The height of the pane over the highest peak of the target.
const HEADROOM: f64 = 1.08;
/// How many times higher than the target a racer may make the pane.
const OVERSHOOT: f64 = 2.5;
/// How many times wider than the target's and the start's range racers may make the pane.
const WIDEST: f64 = 2.5;
/// The shares of its peak at which a density ends for the range: a racer's, which has to be in view up to two standard
/// deviations, and the target's, up to three. Long tails would make a needle of what they belong to.
const ENDS: [f64; 2] = [0.13, 0.01];
/// How far data count beyond the middle nine tenths of them, in widths of these on either side.
const STRAY: f64 = 2.0;
/// How many data are sorted for that.
const COUNTED: usize = 10_000;
/// The least distance of two labels of the horizontal axis.
const SPACING: f64 = 9.0;
/// Below this many dots a line is no line but a coloured base.
const LEAST: f64 = 0.8;

/// What the pane keeps from frame to frame while only time moves.
#[derive(Debug, Default)]
pub struct Kept {
    /// The range that is known before anything has moved.
    known: Option<[f64; 2]>,
    /// What is visible of racers' densities, by racer and step.
    cores: HashMap<(usize, usize), [f64; 2]>,
    /// What is filled over a range.
    filled: Option<([f64; 2], Vec<f64>)>,
    /// The racers' curves over a range, and of which distributions they are.
    curves: Vec<([f64; 2], Vec2, Vec<f64>)>,
}

/// Draws the pane.
pub fn draw(show: &Show, style: Style, area: Rect, buf: &mut Buffer) {
    draw_kept(show, style, &mut Kept::default(), area, buf);
}

/// Draws the pane with what is left of the last time.
pub fn draw_kept(show: &Show, style: Style, kept: &mut Kept, area: Rect, buf: &mut Buffer) {
    if show.scenario.family.width() == 2 {
        pair::draw(show, style, area, buf);
        return;
    }
    let source = Source::of(&show.scenario);
    let detail = match source {
        Source::Target(_) => "p(x), target filled",
        Source::Data(_) => "p(x), data filled",
        Source::Nothing => "p(x)",
    };
    frame(buf, area, style, show.focus_now() == Pane::Density, "Density", detail, "");
    let plot = inner(area).intersection(buf.area);
    if plot.is_empty() {
        return;
    }
    if let Support::Outcomes(n) = show.scenario.family.support() {
        let outcomes = (1..=n).map(|outcome| (outcome.to_string(), vec![f64::from(outcome)])).collect();
        bars::draw(show, style, source, outcomes, (area, plot), buf);
    } else if let Some(range) = range(show, kept) {
        draw_lines(show, style, source, (range, kept), (area, plot), buf);
    }
}

/// The racers that are drawn, and where each of them stands.
pub fn standing(show: &Show) -> impl Iterator<Item = (usize, Vec2)> + '_ {
    let on = |racer: &usize| show.on.get(*racer).copied().unwrap_or(true);
    let step = show.timeline.step();
    (0..show.scenario.racers.len()).filter(on).map(move |racer| (racer, show.race.trace(racer).at(step).parameters))
}

fn draw_lines(
    show: &Show,
    style: Style,
    source: Source<'_>,
    (range, kept): ([f64; 2], &mut Kept),
    (area, plot): (Rect, Rect),
    buf: &mut Buffer,
) {
    let family = &*show.scenario.family;
    let (columns, rows) = (usize::from(plot.width), usize::from(plot.height));
    let at = |dot: usize| range[0] + (range[1] - range[0]) * (dot as f64 + 0.5) / (2 * columns) as f64;
    let curve = |p: Vec2| -> Vec<f64> { (0..2 * columns).map(|dot| density(family, p, &[at(dot)])).collect() };
    if !kept.filled.as_ref().is_some_and(|(own, heights)| *own == range && heights.len() == columns) {
        kept.filled = Some((range, source.heights(family, range, columns)));
    }
    let filled = kept.filled.as_ref().map_or(&[][..], |(_, heights)| heights);
    let racers: Vec<(usize, Vec2)> = standing(show).collect();
    kept.curves.resize_with(racers.len(), Default::default);
    for ((_, p), own) in racers.iter().zip(&mut kept.curves) {
        if (own.0, own.1) != (range, *p) || own.2.len() != 2 * columns {
            *own = (range, *p, curve(*p));
        }
    }
    let curves: Vec<(usize, &[f64])> =
        racers.iter().zip(&kept.curves).map(|((racer, _), own)| (*racer, own.2.as_slice())).collect();

    let aim = peak(filled.iter().copied());
    let highest = curves.iter().map(|(_, curve)| peak(curve.iter().copied())).fold(0.0, f64::max);
    let top = HEADROOM * if aim > 0.0 { highest.clamp(aim, OVERSHOOT * aim) } else { highest };
    if !(top > 0.0 && top.is_finite()) {
        return;
    }
    let scale = 4.0 * rows as f64 / top;
    let mut ink = strokes::empty(plot);
    for (racer, curve) in &curves {
        let place = |(dot, p): (usize, &f64)| {
            let height = p * scale;
            let y = if height > LEAST { (4.0 * rows as f64 - height).max(-8.0) } else { f64::NAN };
            [dot as f64 + 0.5, y]
        };
        strokes::add(&mut ink, style, *racer, false, curve.iter().enumerate().map(place));
    }
    let filling = Filling { heights: filled.iter().map(|p| 2.0 * p * scale).collect(), rows };
    filling.paint(style, plot, |column, row| ink.at(column, row).mask != 0, buf);
    strokes::paint(&ink, style, plot, buf);
    draw_name(source.name(), style, &filling, &ink, plot, buf);
    draw_peaks(style, &curves, scale, plot, buf);

    let ticks = ticks(range, columns, SPACING).into_iter().map(|tick| {
        let share = (tick.at - range[0]) / (range[1] - range[0]);
        (1 + (share * columns as f64) as u16, tick.label)
    });
    axis::bottom(buf, area, style, "x", ticks);
}

/// The density, zero where it is no number.
pub fn density(family: &dyn Family, p: Vec2, x: &[f64]) -> f64 {
    let value = family.log_density(p, x).exp();
    if value.is_finite() { value } else { 0.0 }
}

fn peak(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, f64::max)
}

/// The name of what is filled, right of the fill at half the height; nothing where that would cover a line.
fn draw_name(name: &str, style: Style, filling: &Filling, ink: &Ink, plot: Rect, buf: &mut Buffer) {
    let long = width(name);
    let half = plot.height / 2;
    let rows = (0..3).flat_map(|i| [half + i, half.saturating_sub(i + 1)]).filter(|row| *row < plot.height);
    for row in rows {
        let level = 8.0 * f64::from(plot.height - row - 1);
        let Some(edge) = filling.heights.iter().rposition(|height| *height > level) else { continue };
        let x = edge as u16 + 2;
        let free = |x: u16| ink.at(usize::from(x), usize::from(row)).mask == 0;
        if long > 0 && x + long <= plot.width && (x.saturating_sub(1)..x + long).all(free) {
            write(buf, plot, x, row, name, style.role(Role::Dim));
            return;
        }
    }
}

/// A glyph on every peak; where two meet, side by side.
fn draw_peaks(style: Style, curves: &[(usize, &[f64])], scale: f64, plot: Rect, buf: &mut Buffer) {
    let mut taken: Vec<(u16, u16)> = Vec::new();
    for (racer, curve) in curves {
        // The first of equals, so that a plateau has its glyph at its left end in every frame.
        let higher = |best: (usize, f64), next: (usize, f64)| if next.1 > best.1 { next } else { best };
        let (dot, top) = curve.iter().copied().enumerate().fold((0, 0.0), higher);
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
}

/// The horizontal range; none where nothing of it is a number.
fn range(show: &Show, kept: &mut Kept) -> Option<[f64; 2]> {
    let scenario = &show.scenario;
    let family = &*scenario.family;
    if family.support() == Support::Circle {
        return Some([-PI, PI]);
    }
    let mut base = kept.known.or_else(|| known(scenario))?;
    kept.known = Some(base);
    let most = WIDEST * (base[1] - base[0]);
    let middle = 0.5 * (base[0] + base[1]);
    let limits = [middle - 0.5 * most, middle + 0.5 * most];
    for (racer, _) in standing(show) {
        let trace = show.race.trace(racer);
        let seen = trace.last_alive().min(show.timeline.furthest());
        // Steps at multiples of a power of two: one step more never takes back what an earlier one gave.
        let stride = (seen / 8).next_power_of_two();
        for step in (0..=seen).step_by(stride) {
            let core = *kept
                .cores
                .entry((racer, step))
                .or_insert_with(|| visible(family, trace.rows[step].parameters, ENDS[0]));
            if core.iter().all(|x| x.is_finite()) {
                base = [base[0].min(core[0].max(limits[0])), base[1].max(core[1].min(limits[1]))];
            }
        }
    }
    Some(inside(family.support(), rounded(base)))
}

/// Where a density is higher than a share of its peak, within its bulk.
fn visible(family: &dyn Family, p: Vec2, share: f64) -> [f64; 2] {
    const POINTS: i32 = 12;
    let (low, high) = family.bulk(p);
    let height = |x: f64| family.log_density(p, &[x]);
    // Ever closer to the ends and to the middle, where peaks are.
    let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
    let near = |k: i32| (f64::from(k) / f64::from(POINTS)).powi(4) * half;
    let points = (0..=POINTS).flat_map(|k| [middle - near(k), middle + near(k), low + near(k), high - near(k)]);
    let top = points.map(|x| (x, height(x))).filter(|at| at.1.is_finite()).reduce(|a, b| if b.1 > a.1 { b } else { a });
    let Some((peak, top)) = top else { return [low, high] };
    let end = |end: f64| {
        let (mut inside, mut outside) = (peak, end);
        if height(end) >= top + share.ln() {
            return end;
        }
        for _ in 0..24 {
            let x = 0.5 * (inside + outside);
            if height(x) >= top + share.ln() { inside = x } else { outside = x }
        }
        inside
    };
    [end(low), end(high)]
}

/// The range of data: all of them, unless a few lie very far off.
fn spread(values: &[f64]) -> [f64; 2] {
    let stride = values.len().div_ceil(COUNTED).max(1);
    let mut sorted: Vec<f64> = values.iter().copied().step_by(stride).filter(|x| x.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return [f64::NAN; 2] };
    let (low, high) = (sorted[last / 20], sorted[last - last / 20]);
    let all = values.iter().fold([low, high], |[low, high], x| [low.min(*x), high.max(*x)]);
    let stray = STRAY * (high - low);
    if stray > 0.0 { [all[0].max(low - stray), all[1].min(high + stray)] } else { all }
}

/// The range that is known before anything has moved: of the target or the data, and of the start.
fn known(scenario: &Scenario) -> Option<[f64; 2]> {
    let family = &*scenario.family;
    let aim = match Source::of(scenario) {
        Source::Target(p) => Some(visible(family, p, ENDS[1])),
        Source::Data(values) => Some(spread(values)),
        Source::Nothing => None,
    };
    let start = visible(family, scenario.start, ENDS[0]);
    let [low, high] = aim.map_or(start, |[low, high]| {
        // A start that is much wider than what is aimed at does not make a needle of that.
        let most = WIDEST * (high - low);
        [low.min(start[0].max(low - most)), high.max(start[1].min(high + most))]
    });
    ((high - low).is_finite() && high > low).then_some([low, high])
}

/// Outwards to multiples of 1, 2 or 5 times a power of ten near a thirtieth of the range.
fn rounded([low, high]: [f64; 2]) -> [f64; 2] {
    let aim = (high - low) / 30.0;
    let decade = 10_f64.powf(aim.log10().floor());
    let unit = [5.0, 2.0].into_iter().map(|m| m * decade).find(|unit| *unit <= aim).unwrap_or(decade);
    [(low / unit).floor() * unit, (high / unit).ceil() * unit]
}

/// A range cut to where observations live.
fn inside(support: Support, [low, high]: [f64; 2]) -> [f64; 2] {
    match support {
        Support::Positive => [low.max(0.0), high],
        Support::Unit => [low.max(0.0), high.min(1.0)],
        _ => [low, high],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_tails_do_not_count() {
        let [low, high] = visible(
            &*(crate::family::cauchy::INFO.build)(&crate::registry::Settings::default()),
            Vec2::new(1.0, 2.0),
            0.01,
        );
        assert!((low + 18.9).abs() < 0.1 && (high - 20.9).abs() < 0.1, "{low} {high}");
        assert_eq!(spread(&(0..=100).map(f64::from).collect::<Vec<_>>()), [0.0, 100.0]);
        let mut far: Vec<f64> = (0..=100).map(f64::from).collect();
        far.push(1e6);
        assert_eq!(spread(&far)[0], 0.0);
        assert!(spread(&far)[1] < 300.0);
    }

    #[test]
    fn the_range_is_rounded_outwards() {
        let close = |a: [f64; 2], b: [f64; 2]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9);
        assert!(close(rounded([-2.56, 4.42]), [-2.6, 4.6]));
        assert!(close(rounded([0.0, 30.0]), [0.0, 30.0]));
    }
}
