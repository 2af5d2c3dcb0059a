//! The density pane of families whose observations are pairs: in the plane as ellipses of two standard deviations, for
//! events as bars, for labels as the probability of one over the covariate.
//!
//! The target is filled or dotted, racers are lines. Scalar observations are drawn by `density`.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style as Cell;

use super::density::standing;
use super::filling::{Filling, Source};
use super::style::{frame, inner, put};
use super::{Role, Style, axis, bars};
use crate::app::Show;
use crate::family::Support;
use crate::math::linear::solve2;
use crate::math::{Mat2, Vec2};
use crate::plot::Dots;
use crate::plot::ticks::ticks;
use crate::scenario::Pane;

/// How many standard deviations an ellipse is away from its mean, and how many the pane shows.
const REACH: f64 = 2.0;
const SHOWN: f64 = 2.6;
/// The most data drawn: more would merge into one spot.
const MOST: usize = 4000;
/// The minimum distance between two labels of the horizontal axis.
const SPACING: f64 = 9.0;

/// Draws the pane.
pub fn draw(show: &Show, style: Style, area: Rect, buf: &mut Buffer) {
    let source = Source::of(&show.world);
    let support = show.world.family.support();
    let what = match (support, source) {
        (Support::Labelled, Source::Data(_)) => "p(y = 1 | x), data filled",
        (Support::Labelled, Source::Target(_)) => "p(y = 1 | x), target filled",
        (Support::Labelled, Source::Nothing) => "p(y = 1 | x)",
        (Support::BitPairs, Source::Data(_)) => "p(x1 x2), data filled",
        (Support::BitPairs, Source::Target(_)) => "p(x1 x2), target filled",
        (Support::BitPairs, Source::Nothing) => "p(x1 x2)",
        (_, Source::Data(_)) => "p to 2 sd, data dotted",
        (_, Source::Target(_)) => "p to 2 sd, target filled",
        (_, Source::Nothing) => "p to 2 sd",
    };
    frame(buf, area, style, show.focus_now() == Pane::Density, "Density", what, "");
    let plot = inner(area).intersection(buf.area);
    if plot.is_empty() {
        return;
    }
    match support {
        Support::Labelled => draw_curves(show, style, source, (area, plot), buf),
        Support::BitPairs => {
            let pair = |a: u8, b: u8| (format!("{a}{b}"), vec![f64::from(a), f64::from(b)]);
            bars::draw(show, style, source, vec![pair(0, 0), pair(0, 1), pair(1, 0), pair(1, 1)], (area, plot), buf);
        }
        _ => draw_plane(show, style, source, (area, plot), buf),
    }
}

/// What a rectangle of cells shows, in dots.
struct Window {
    low: Vec2,
    high: Vec2,
    columns: usize,
    rows: usize,
}

impl Window {
    fn dot(&self, x: Vec2) -> [f64; 2] {
        let share = (x - self.low).component_div(&(self.high - self.low));
        [2.0 * self.columns as f64 * share[0], 4.0 * self.rows as f64 * (1.0 - share[1])]
    }

    /// The middle of a cell.
    fn middle(&self, column: usize, row: usize) -> Vec2 {
        let share = Vec2::new((column as f64 + 0.5) / self.columns as f64, 1.0 - (row as f64 + 0.5) / self.rows as f64);
        self.low + share.component_mul(&(self.high - self.low))
    }
}

/// The plane: it covers the target and the start, so that it never moves.
fn window(show: &Show, source: Source<'_>, plot: Rect) -> Option<Window> {
    let family = &*show.world.family;
    let box_of = |p: Vec2| {
        let (mean, covariance) = family.moments(p)?;
        let reach = covariance.diagonal().map(|v| SHOWN * v.sqrt());
        Some((mean - reach, mean + reach))
    };
    let aim = match source {
        Source::Target(p) => box_of(p),
        Source::Data(values) => values.chunks_exact(2).map(|x| Vec2::new(x[0], x[1])).fold(None, |all, x| {
            let (low, high) = all.unwrap_or((x, x));
            Some((low.inf(&x), high.sup(&x)))
        }),
        Source::Nothing => None,
    };
    let start = box_of(show.world.scenario.start)?;
    let (low, high) = aim.map_or(start, |(low, high)| (low.inf(&start.0), high.sup(&start.1)));
    let low = if family.support() == Support::CountPairs { low.map(|x| x.max(-0.5)) } else { low };
    let size = high - low;
    let sound = size.iter().all(|x| *x > 0.0 && x.is_finite());
    sound.then(|| Window { low, high, columns: usize::from(plot.width), rows: usize::from(plot.height) })
}

fn draw_plane(show: &Show, style: Style, source: Source<'_>, (area, plot): (Rect, Rect), buf: &mut Buffer) {
    let family = &*show.world.family;
    let Some(window) = window(show, source, plot) else { return };
    match source {
        Source::Target(p) => {
            if let Some(moments) = family.moments(p) {
                fill(&window, style, moments, plot, buf);
            }
        }
        Source::Data(values) => {
            let mut dots = Dots::new(window.columns, window.rows);
            let stride = (values.len() / 2).div_ceil(MOST).max(1);
            for x in values.chunks_exact(2).step_by(stride) {
                let [x, y] = window.dot(Vec2::new(x[0], x[1]));
                dots.set(x.floor() as i64, y.floor() as i64);
            }
            ink(&dots, style, style.role(Role::Soft), plot, buf);
        }
        Source::Nothing => {}
    }
    let mut heads = Vec::new();
    for (racer, p) in standing(show) {
        let Some((mean, covariance)) = family.moments(p) else { continue };
        let mut dots = Dots::new(window.columns, window.rows);
        outline(&mut dots, &window, mean, &covariance, |i| style.dash(racer, i));
        ink(&dots, style, style.theme.racer(racer, false), plot, buf);
        heads.push((racer, window.dot(mean)));
    }
    for (racer, [x, y]) in heads {
        let (x, y) = ((0.5 * x).floor(), (0.25 * y).floor());
        if x >= 0.0 && y >= 0.0 && x < f64::from(plot.width) && y < f64::from(plot.height) {
            put(buf, plot.x + x as u16, plot.y + y as u16, style.glyph(racer), style.racer_bold(racer));
        }
    }
    bottom(buf, area, style, "x1", [window.low[0], window.high[0]], window.columns);
}

/// An ellipse of [`REACH`] standard deviations.
fn outline(dots: &mut Dots, window: &Window, mean: Vec2, covariance: &Mat2, keep: impl Fn(usize) -> bool) {
    const SIDES: u32 = 96;
    let first = covariance[(0, 0)].sqrt();
    let slope = covariance[(1, 0)] / first;
    let rest = (covariance[(1, 1)] - slope * slope).max(0.0).sqrt();
    let at = |i: u32| {
        let (sin, cos) = (std::f64::consts::TAU * f64::from(i) / f64::from(SIDES)).sin_cos();
        window.dot(mean + REACH * Vec2::new(first * cos, slope * cos + rest * sin))
    };
    let mut count = 0;
    for i in 0..SIDES {
        let (from, to) = (at(i), at(i + 1));
        if from.iter().chain(&to).all(|x| x.is_finite()) {
            count = dots.line(from, to, count, &keep);
        }
    }
}

/// The inside an ellipse as a soft ground, its outline where there are no colours.
fn fill(window: &Window, style: Style, (mean, covariance): (Vec2, Mat2), plot: Rect, buf: &mut Buffer) {
    if !style.theme.fills() {
        let mut dots = Dots::new(window.columns, window.rows);
        outline(&mut dots, window, mean, &covariance, |i| i % 3 == 0);
        ink(&dots, style, style.role(Role::Soft), plot, buf);
        return;
    }
    let soft = style.theme.color(Role::Soft);
    for (row, column) in (0..window.rows).flat_map(|row| (0..window.columns).map(move |column| (row, column))) {
        let d = window.middle(column, row) - mean;
        if d.dot(&solve2(&covariance, &d)) <= REACH * REACH {
            put(buf, plot.x + column as u16, plot.y + row as u16, ' ', Cell::new().bg(soft));
        }
    }
}

/// Writes dots; backgrounds stay.
fn ink(dots: &Dots, style: Style, cell: Cell, plot: Rect, buf: &mut Buffer) {
    for (row, column) in (0..plot.height).flat_map(|row| (0..plot.width).map(move |column| (row, column))) {
        let mask = dots.mask(usize::from(column), usize::from(row));
        if mask != 0 {
            put(buf, plot.x + column, plot.y + row, style.line(mask), cell);
        }
    }
}

fn bottom(buf: &mut Buffer, area: Rect, style: Style, name: &str, range: [f64; 2], columns: usize) {
    let labels = ticks(range, columns, SPACING).into_iter().map(|tick| {
        let share = (tick.at - range[0]) / (range[1] - range[0]);
        (1 + (share * columns as f64) as u16, tick.label)
    });
    axis::bottom(buf, area, style, name, labels);
}

/// The probability of a label one: of the data in each column, or of the target, as a fill; of racers as lines.
fn draw_curves(show: &Show, style: Style, source: Source<'_>, (area, plot): (Rect, Rect), buf: &mut Buffer) {
    let family = &*show.world.family;
    let (low, high) = family.bulk(show.world.scenario.start);
    let (columns, rows) = (usize::from(plot.width), usize::from(plot.height));
    let width = (high - low) / columns as f64;
    if !(width > 0.0 && width.is_finite()) {
        return;
    }
    let at = |dot: f64| low + width * dot;
    let shares: Vec<f64> = match source {
        Source::Target(p) => (0..columns).map(|i| family.probability(p, at(i as f64 + 0.5)).unwrap_or(0.0)).collect(),
        Source::Data(values) => {
            let mut counts = vec![[0.0_f64; 2]; columns];
            for x in values.chunks_exact(2) {
                let column = ((x[0] - low) / width).floor();
                if (0.0..=columns as f64).contains(&column) {
                    let [ones, all] = &mut counts[(column as usize).min(columns - 1)];
                    (*ones, *all) = (*ones + x[1], *all + 1.0);
                }
            }
            counts.into_iter().map(|[ones, all]| if all > 0.0 { ones / all } else { 0.0 }).collect()
        }
        Source::Nothing => vec![0.0; columns],
    };
    let filling = Filling { heights: shares.iter().map(|share| 8.0 * rows as f64 * share).collect(), rows };
    filling.paint(style, plot, |_, _| false, buf);
    for (racer, p) in standing(show) {
        let mut dots = Dots::new(columns, rows);
        let place = |dot: usize| {
            let share = family.probability(p, at(0.5 * dot as f64)).unwrap_or(f64::NAN);
            [dot as f64, 4.0 * rows as f64 * (1.0 - share) - 0.5]
        };
        let mut count = 0;
        for dot in 0..2 * columns {
            let (from, to) = (place(dot), place(dot + 1));
            if from[1].is_finite() && to[1].is_finite() {
                count = dots.line(from, to, count, |i| style.dash(racer, i));
            }
        }
        ink(&dots, style, style.theme.racer(racer, false), plot, buf);
    }
    bottom(buf, area, style, "x", [low, high], columns);
}
