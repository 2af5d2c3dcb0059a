//! Geodesics from the start of the race to an end point: of the Fisher metric, e, m and of the user's α; and a frame
//! transported along the first.
//!
//! The geodesics come from `geometry`. In two dimensions the frame needs no separate equation: parallel transport keeps
//! lengths, angles and orientation, and a geodesic's velocity is parallel along it, so the frame keeps its angle to
//! that.

use std::f64::consts::FRAC_PI_2;
use std::sync::Arc;

use crate::app::Seen;
use crate::family::{Chart, Family};
use crate::format;
use crate::geometry::Place;
use crate::geometry::ellipse::whiten;
use crate::geometry::geodesic::{Path, alpha_between, is_closed};
use crate::math::linear::determinant2;
use crate::math::{Mat2, Vec2};
use crate::plot::mark::Dash;
use crate::scenario::Overlay;

use super::naming::{self, Named};
use super::sketch::{ACCENT, PALE, Sketch, TEXT};
use crate::figure::computed::{Computed, Key, each, quick};

/// Pieces of a curve.
const PIECES: u32 = 48;
/// Points of the frame, including the start.
const PLACES: u32 = 6;
/// How far apart, as a share of the curve, the points are that give the velocity's direction.
const APART: f64 = 1e-4;
/// About how many divergences a curve costs.
const COST: usize = 300;

/// What is kept from frame to frame.
pub type Kept = Computed<Option<Curve>>;

/// One geodesic in the drawn chart.
#[derive(Debug)]
pub struct Curve {
    points: Vec<Vec2>,
    /// Unit vectors at places along it.
    frames: Vec<(Vec2, [Vec2; 2])>,
}

/// The α of each curve, as many as there are.
fn alphas(show: &Seen<'_>) -> Vec<f64> {
    let turned = Some(show.lens.alpha).filter(|alpha| ![-1.0, 0.0, 1.0].contains(alpha));
    let all = [0.0, 1.0, -1.0].into_iter().chain(turned);
    all.take(if show.overlay_now(Overlay::Geodesics) { 4 } else { 1 }).collect()
}

/// Updates the curves.
pub fn follow(kept: &mut Kept, show: &Seen<'_>) {
    let p = show.world.start();
    let on = show.overlay_now(Overlay::Geodesics) || show.overlay_now(Overlay::TransportedFrame);
    let Some(end) = show.geodesic_end().filter(|_| on) else {
        kept.clear();
        return;
    };
    let (family, chart, alphas) = (Arc::clone(&show.world.family), show.chart, alphas(show));
    let numbers: Vec<f64> = [p[0], p[1], end[0], end[1]].into_iter().chain(alphas.iter().copied()).collect();
    let (key, total) = (Key::of(show, &numbers), alphas.len());
    let closed = alphas.iter().all(|alpha| is_closed(&*family, *alpha));
    kept.follow(key, closed && quick(show, total * COST), || {
        each(total, move |i| {
            let path = alpha_between(&*family, p, end, alphas[i])?;
            Some(Curve::new(&*family, family.chart(chart), &path))
        })
    });
}

impl Curve {
    fn new(family: &dyn Family, chart: &dyn Chart, path: &Path<'_>) -> Self {
        let at = |t: f64| {
            let p = path.point(t);
            if family.contains(p) { chart.to_coordinates(p) } else { Vec2::repeat(f64::NAN) }
        };
        let points = (0..=PIECES).map(|k| at(f64::from(k) / f64::from(PIECES))).collect();
        Self { points, frames: frames(family, chart, at) }
    }
}

/// The frame along a geodesic of the metric, given in a chart; it begins along the chart's first coordinate.
fn frames(family: &dyn Family, chart: &dyn Chart, at: impl Fn(f64) -> Vec2) -> Vec<(Vec2, [Vec2; 2])> {
    let mut turn = None;
    let place = |k: u32| {
        let t = f64::from(k) / f64::from(PLACES - 1);
        let x = at(t);
        if !x.iter().all(|v| v.is_finite()) || Place::violation(family, chart, x).is_some() {
            return None;
        }
        let metric = Place::at(chart, x).metric(&family.fisher(chart.to_parameters(x)));
        let angle = direction(&metric, velocity(&at, t));
        let turn = angle - *turn.get_or_insert(angle);
        angle.is_finite().then(|| (x, [whiten(&metric, turn), whiten(&metric, turn + FRAC_PI_2)]))
    };
    (0..PLACES).map_while(place).collect()
}

/// The direction of a curve at `t`, to second order in [`APART`] at its ends, too.
fn velocity(at: impl Fn(f64) -> Vec2, t: f64) -> Vec2 {
    match t {
        0.0 => at(APART) * 4.0 - at(2.0 * APART) - at(0.0) * 3.0,
        1.0 => at(1.0) * 3.0 - at(1.0 - APART) * 4.0 + at(1.0 - 2.0 * APART),
        _ => at(t + APART) - at(t - APART),
    }
}

/// The whitened direction of a tangent vector: what `whiten` makes a unit vector of.
fn direction(metric: &Mat2, v: Vec2) -> f64 {
    let a = metric[(0, 0)].sqrt();
    let c = (determinant2(metric) / metric[(0, 0)]).sqrt();
    (c * v[1]).atan2(a * v[0] + metric[(0, 1)] / a * v[1])
}

/// Draws the curves and the frame that are on; the frame's arms have the Fisher length of ellipses of radius `delta`.
pub fn draw(kept: &Kept, show: &Seen<'_>, delta: Option<f64>, sketch: &mut Sketch) {
    let looks = [
        (TEXT, Dash::Solid, "Fisher-Rao".to_owned()),
        (PALE, Dash::Dashed, "e".to_owned()),
        (PALE, Dash::Dotted, "m".to_owned()),
        (ACCENT, Dash::Sparse, format!("α {}", format::label(show.lens.alpha))),
    ];
    let mut named = Vec::new();
    for (curve, (ink, dash, name)) in kept.values().iter().zip(looks) {
        let Some(curve) = curve else { continue };
        sketch.line(curve.points.iter().copied(), ink, dash);
        named.push(Named { points: curve.points.clone(), name, ink });
    }
    if show.overlay_now(Overlay::Geodesics) {
        naming::name(&named, sketch);
    }
    if let Some(Some(curve)) = kept.values().first().filter(|_| show.overlay_now(Overlay::TransportedFrame)) {
        let length = (2.0 * delta.unwrap_or(show.delta())).sqrt();
        for (x, arms) in &curve.frames {
            for (arm, dash) in arms.iter().zip([Dash::Solid, Dash::Dotted]) {
                sketch.line([*x, x + arm * length], ACCENT, dash);
            }
        }
    }
}

/// Marks the end where the user has put it: with the curves, and side by side in every chart.
pub fn mark_end(kept: &Kept, show: &Seen<'_>, sketch: &mut Sketch) {
    let end = show.lens.end.filter(|_| show.number.is_some() || !kept.values().is_empty());
    if let Some(end) = end {
        sketch.mark(show.world.family.chart(show.chart).to_coordinates(end), '◇', TEXT);
    }
}

/// The coordinates of the end in one of several charts.
#[must_use]
pub fn coordinates(show: &Seen<'_>) -> Option<String> {
    let (end, _) = show.lens.end.zip(show.number)?;
    let x = show.world.family.chart(show.chart).to_coordinates(end);
    Some(format!("◇ {}, {}", format::value(x[0]), format::value(x[1])))
}

/// The title: which curves are drawn, and whether the search for the first of them failed.
#[must_use]
pub fn words(kept: &Kept, show: &Seen<'_>) -> Option<String> {
    if !show.overlay_now(Overlay::Geodesics) {
        return None;
    }
    let text = match (show.geodesic_end(), kept.values().first()) {
        (None, _) => "no end of geodesics",
        (Some(_), Some(None)) => "no geodesic found",
        _ => "geodesics 0, e, m",
    };
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::Show;
    use crate::family::FAMILIES;
    use crate::math::linear::solve2;
    use crate::race::World;
    use crate::registry::Settings;
    use crate::scenario::Document;

    /// −Γ(ẋ, v) of the Levi-Civita connection, from the slopes of F alone.
    fn slope(family: &dyn Family, p: Vec2, velocity: Vec2, v: Vec2) -> Vec2 {
        let slopes = family.fisher_slopes(p);
        // 2 Γₖ(a, b) = ∂ₐF(b, k) + ∂ᵦF(a, k) − ∂ₖF(a, b).
        let along = |a: Vec2| slopes[0] * a[0] + slopes[1] * a[1];
        let third = Vec2::new(velocity.dot(&(slopes[0] * v)), velocity.dot(&(slopes[1] * v)));
        let lowered = (along(velocity) * v + along(v) * velocity - third) * 0.5;
        -solve2(&family.fisher(p), &lowered)
    }

    /// The highest sd on each curve is that of an independent computation in Python.
    #[test]
    fn all_through_a_race_the_curves_join_its_start_and_the_optimum() {
        let mut show = Show::new(World::open(&Document::builtin("m-line").expect("built in")).expect("valid"));
        let mut kept = Kept::default();
        for step in [0, 50, 200] {
            show.seek(step);
            follow(&mut kept, &Seen::of(&show));
            let curves: Vec<&Curve> = kept.values().iter().flatten().collect();
            assert_eq!(curves.len(), 3);
            for (curve, peak) in curves.into_iter().zip([1.457_738, 1.0, 1.802_776]) {
                let [first, last] = [curve.points[0], curve.points[PIECES as usize]];
                assert!((first - Vec2::new(0.0, 1.0)).norm() < 1e-9 && (last - Vec2::new(3.0, 1.0)).norm() < 1e-9);
                let highest = curve.points.iter().map(|x| x[1]).fold(0.0, f64::max);
                assert!((highest - peak).abs() < 1e-3, "{step}: {highest}, not {peak}");
            }
        }
        // The curves do not need the chosen racer to be seen.
        show.on = vec![false];
        follow(&mut kept, &Seen::of(&show));
        assert_eq!(kept.values().len(), 3);
    }

    #[test]
    fn the_frame_is_what_parallel_transport_makes_of_it() {
        const STEPS: u32 = 4000;
        for name in ["gaussian", "categorical", "gamma"] {
            let info = FAMILIES.iter().find(|info| info.name == name).expect("a family");
            let family = (info.build)(&Settings::default());
            let chart = family.canonical();
            let (p, q) = match name {
                "gaussian" => (Vec2::new(0.0, 1.0), Vec2::new(2.0, 0.5)),
                "categorical" => (Vec2::new(0.2, 0.3), Vec2::new(0.6, 0.2)),
                _ => (Vec2::new(2.0, 1.0), Vec2::new(4.0, 3.0)),
            };
            let path = alpha_between(&*family, p, q, 0.0).expect("a geodesic");
            let frames = frames(&*family, chart, |t| path.point(t));
            assert_eq!(frames.len(), PLACES as usize);
            let mut arms = frames[0].1;
            assert!(arms[0][1].abs() < 1e-12, "it begins along the first coordinate");
            let h = 1.0 / f64::from(STEPS);
            for k in 0..STEPS {
                let (start, end) = (path.point(f64::from(k) * h), path.point(f64::from(k + 1) * h));
                let (middle, velocity) = (path.point((f64::from(k) + 0.5) * h), end - start);
                arms = arms.map(|v| {
                    let half = v + slope(&*family, start, velocity, v) * 0.5;
                    v + slope(&*family, middle, velocity, half)
                });
            }
            for (carried, arm) in arms.iter().zip(frames[frames.len() - 1].1) {
                assert!((carried - arm).norm() < 1e-6 * arm.norm(), "{name}: {carried} {arm}");
            }
        }
    }
}
