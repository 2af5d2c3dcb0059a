//! Fisher ellipses on a grid, and the coordinate lines of another chart.

use std::sync::Arc;

use crate::app::Seen;
use crate::family::{Chart, ChartId};
use crate::geometry::Place;
use crate::geometry::ellipse::ellipse;
use crate::math::{Mat2, Vec2};
use crate::plot::Frame;
use crate::plot::contour::{Grid, lines};
use crate::plot::mark::Dash;
use crate::plot::ticks::ticks;

use super::arrows::{anchor, counts};
use super::sketch::{DIM, Sketch, TEXT};
use crate::figure::computed::{Computed, Key, each, quick};

/// Cells between ellipses.
const SPACING: [usize; 2] = [14, 7];
/// Points of an ellipse.
const POINTS: usize = 32;
/// The approximate number of lines per coordinate.
const LINES: f64 = 9.0;
/// The share of a coordinate's values at either end that gets no line: near a border they may diverge.
const ENDS: f64 = 0.02;

/// Updates the metrics for a show and a frame.
pub fn follow_ellipses(metrics: &mut Computed<Option<(Vec2, Mat2)>>, show: &Seen<'_>, frame: &Frame) {
    let frame = *frame;
    let [across, down] = counts(&frame, SPACING);
    let (family, chart) = (Arc::clone(&show.world.family), show.chart);
    let total = across * down;
    metrics.follow(Key::over(show, &frame, &[]), quick(show, total), || {
        each(total, move |i| {
            let chart = family.chart(chart);
            let x = anchor(&frame, SPACING, i);
            if Place::violation(&*family, chart, x).is_some() {
                return None;
            }
            let place = Place::at(chart, x);
            Some((x, place.metric(&family.fisher(place.p))))
        })
    });
}

/// Draws the ellipse of each metric.
pub fn draw_ellipses(metrics: &[Option<(Vec2, Mat2)>], delta: f64, sketch: &mut Sketch) {
    for (x, metric) in metrics.iter().flatten() {
        let ring: Vec<Vec2> = ellipse(metric, delta, POINTS).map(|step| x + step).collect();
        sketch.ring(&ring, true, TEXT, Dash::Dotted);
    }
}

/// The chart whose lines are drawn: one of the others.
#[must_use]
pub fn other(show: &Seen<'_>) -> Option<ChartId> {
    let info = show.world.family.info();
    let others = info.charts.len() - 1;
    (others > 0).then(|| info.chart_after(show.chart, 1 + show.lens.grid % others))
}

/// Updates the other chart's coordinates, a row of cell corners each, for a show and a frame.
pub fn follow_lines(rows: &mut Computed<Vec<Vec2>>, show: &Seen<'_>, frame: &Frame) {
    let Some(second) = other(show) else { return rows.clear() };
    let frame = *frame;
    let (family, first) = (Arc::clone(&show.world.family), show.chart);
    let total = frame.rows + 1;
    let key = Key::over(show, &frame, &[second.index() as f64]);
    rows.follow(key, quick(show, total * (frame.columns / 8 + 1)), || {
        each(total, move |row| {
            let [first, second] = [first, second].map(|chart| family.chart(chart));
            let at = |column: usize| {
                let x = Vec2::from(frame.data(column as f64, row as f64));
                let inside = Place::violation(&*family, first, x).is_none();
                let at = || second.to_coordinates(first.to_parameters(x));
                if inside { at() } else { Vec2::repeat(f64::NAN) }
            };
            (0..=frame.columns).map(at).collect()
        })
    });
}

/// Draws the lines of round numbers of each coordinate: of the first dotted, of the second sparse.
pub fn draw_lines(rows: &[Vec<Vec2>], sketch: &mut Sketch) {
    let columns = sketch.frame.columns + 1;
    for (axis, dash) in [(0, Dash::Dotted), (1, Dash::Sparse)] {
        let values: Vec<f64> = rows.iter().flatten().map(|y| y[axis]).collect();
        let Some(range) = bulk(&values) else { continue };
        for tick in ticks(range, 100, 100.0 / LINES) {
            for line in lines(Grid { columns, values: &values }, tick.at) {
                let points = line.into_iter().map(|[i, j]| sketch.frame.data(i, j)).collect();
                sketch.path(points, DIM, dash);
            }
        }
    }
}

/// The range of finite values without their ends.
fn bulk(values: &[f64]) -> Option<[f64; 2]> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    let margin = (ENDS * last as f64) as usize;
    Some([sorted[margin], sorted[last - margin]])
}

/// The title's words on the other chart.
#[must_use]
pub fn words(show: &Seen<'_>) -> Option<String> {
    let chart: &dyn Chart = show.world.family.chart(other(show)?);
    let [first, second] = chart.info().axes;
    Some(format!("grid {first}, {second}"))
}
