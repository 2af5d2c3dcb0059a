//! Descent directions: −∇L in the drawn chart, and −F⁻¹∇L, on a coarse grid of cells.
//!
//! Directions are those on screen. Lengths are compressed: by the cube root of the length on screen from [`SHORTEST`]
//! to [`REACH`], the longest in view; so their order is preserved, none is cut off and none is too short to be seen.

use std::sync::Arc;

use crate::app::Seen;
use crate::geometry::Place;
use crate::math::Vec2;
use crate::objective::Data;
use crate::plot::Frame;
use crate::plot::mark::{Dash, Mark, Sign};

use super::sketch::{Sketch, TEXT};
use crate::figure::computed::{Computed, Key, each, quick};

/// Cells between arrows.
const SPACING: [usize; 2] = [12, 5];
/// The longest arrow, in dots: it does not reach the next one.
const REACH: f64 = 18.0;
/// The length of the shortest, as a share of that: a shaft has to be seen from the back row.
const SHORTEST: f64 = 0.35;
/// Tips by direction, from the right counter-clockwise: of the gradient and of the natural gradient.
const TIPS: [[char; 8]; 2] = [['→', '↗', '↑', '↖', '←', '↙', '↓', '↘'], ['⇒', '⇗', '⇑', '⇖', '⇐', '⇙', '⇓', '⇘']];

/// Which arrows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrows {
    /// −∇L.
    Gradient,
    /// −F⁻¹∇L.
    Natural,
}

/// How many cells lie between neighbours, and how many there are each way.
#[must_use]
pub const fn counts(frame: &Frame, spacing: [usize; 2]) -> [usize; 2] {
    [frame.columns / spacing[0], frame.rows / spacing[1]]
}

/// The middle of the i-th of the cells on a grid, in data coordinates. The grid is centred in the frame.
#[must_use]
pub fn anchor(frame: &Frame, spacing: [usize; 2], i: usize) -> Vec2 {
    let [across, down] = counts(frame, spacing);
    let at = |k: usize, spacing: usize, count: usize, size: usize| {
        (k as f64 + 0.5) * spacing as f64 + 0.5 * (size - count * spacing) as f64
    };
    let column = at(i % across.max(1), spacing[0], across, frame.columns);
    let row = at(i / across.max(1), spacing[1], down, frame.rows);
    Vec2::from(frame.data(column, row))
}

/// Updates the vectors for a show and a frame.
pub fn follow(vectors: &mut Computed<Option<Vec2>>, which: Arrows, show: &Seen<'_>, frame: &Frame) {
    let frame = *frame;
    let [across, down] = counts(&frame, SPACING);
    let (family, objective) = (Arc::clone(&show.world.family), Arc::clone(&show.world.objective));
    let (chart, data) = (show.chart, objective.data().map_or(1, Data::rows));
    let cost = if family.sufficient().is_some() { 2 } else { 1 + data / 20 };
    let total = across * down;
    vectors.follow(Key::over(show, &frame, &[]), quick(show, total * cost), || {
        each(total, move |i| {
            let chart = family.chart(chart);
            let x = anchor(&frame, SPACING, i);
            if Place::violation(&*family, chart, x).is_some() {
                return None;
            }
            let place = Place::at(chart, x);
            let gradient = place.covector(objective.gradient(place.p));
            let v = match which {
                Arrows::Gradient => gradient,
                Arrows::Natural => place.fisher(&*family, chart).1? * gradient,
            };
            v.iter().all(|v| v.is_finite()).then_some(-v)
        })
    });
}

/// Draws the vectors.
pub fn draw(vectors: &[Option<Vec2>], which: Arrows, sketch: &mut Sketch) {
    let frame = sketch.frame;
    let scale =
        [2.0 * frame.columns as f64 / (frame.x[1] - frame.x[0]), -4.0 * frame.rows as f64 / (frame.y[1] - frame.y[0])];
    let on_screen = |v: &Vec2| [v[0] * scale[0], v[1] * scale[1]];
    let length = |d: [f64; 2]| d[0].hypot(d[1]);
    let longest = vectors.iter().flatten().map(|v| length(on_screen(v))).fold(0.0, f64::max);
    let (ink, dash) = match which {
        Arrows::Gradient => (TEXT, Dash::Solid),
        Arrows::Natural => (TEXT, Dash::Dotted),
    };
    let tips = TIPS[which as usize];
    for (i, v) in vectors.iter().enumerate() {
        let Some(d) = v.as_ref().map(on_screen).filter(|d| length(*d) > 0.0 && length(*d).is_finite()) else {
            continue;
        };
        let from = sketch.dot(anchor(&frame, SPACING, i));
        let reach = REACH * (SHORTEST + (1.0 - SHORTEST) * (length(d) / longest).cbrt()) / length(d);
        let to = [from[0] + d[0] * reach, from[1] + d[1] * reach];
        let [from, to] = [from, to].map(|dot| frame.data_of(dot));
        sketch.path(vec![from, to], ink, dash);
        // Counter-clockwise from the right, rows growing downward.
        let turn = (-d[1]).atan2(d[0]) / std::f64::consts::FRAC_PI_4;
        let tip = tips[(turn.round() as i32).rem_euclid(8) as usize];
        sketch.signs.push(Mark::Sign(to, Sign::Char(tip, ink)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Show;
    use crate::family::ChartId;
    use crate::figure::computed::Pending;
    use crate::race::World;
    use crate::scenario::Document;

    #[test]
    fn arrows_are_differences_of_the_loss() {
        let world = World::open(&Document::builtin("ozone-gamma").expect("a built-in scenario")).expect("a valid one");
        let frame = Frame { x: [0.2, 2.0], y: [-4.0, -1.0], columns: 60, rows: 20 };
        let mut show = Show::new(world);
        for chart in show.world.family.info().chart_ids().take(2) {
            show.chart = chart;
            let frame =
                if chart == ChartId::CANONICAL { Frame { x: [0.5, 6.0], y: [0.01, 0.4], ..frame } } else { frame };
            let mut found = [Computed::default(), Computed::default()];
            for (series, which) in found.iter_mut().zip([Arrows::Gradient, Arrows::Natural]) {
                follow(series, which, &Seen::of(&show), &frame);
                series.finish();
            }
            let (family, objective) = (&show.world.family, &show.world.objective);
            let drawn = family.chart(chart);
            let loss = |x: Vec2| objective.value(drawn.to_parameters(x));
            for (i, (g, n)) in found[0].values().iter().zip(found[1].values()).enumerate() {
                let (Some(g), Some(n)) = (g, n) else { continue };
                let x = anchor(&frame, SPACING, i);
                for (axis, h) in [(0, 1e-5 * x[0].abs()), (1, 1e-5 * x[1].abs())] {
                    let mut step = Vec2::zeros();
                    step[axis] = h;
                    let slope = (loss(x + step) - loss(x - step)) / (2.0 * h);
                    assert!((slope + g[axis]).abs() < 1e-5 * g.norm().max(1.0), "{slope} {g}");
                }
                let metric = Place::at(drawn, x).metric(&family.fisher(drawn.to_parameters(x)));
                assert!((metric * n - g).norm() < 1e-9 * g.norm().max(1.0));
            }
            assert!(found[0].values().iter().flatten().count() > 5);
        }
    }
}
