//! A square in the parameters with its lowest corner at the start, and a frame that parallel transport carries once around
//! it: it comes back turned by the curvature inside.
//!
//! The side is that of the scenario's first measure of a holonomy; without one, half a Fisher length.

use std::f64::consts::FRAC_PI_2;
use std::sync::Arc;

use crate::app::Seen;
use crate::family::{Chart, Family};
use crate::format;
use crate::geometry::Place;
use crate::geometry::ellipse::{length, whiten};
use crate::geometry::transport::{along_polyline, area, holonomy, square};
use crate::math::Vec2;
use crate::math::linear::inverse2;
use crate::plot::mark::{Dash, Ink};
use crate::scenario::measures::{Question, SIDE};
use crate::scenario::{Overlay, Scenario};

use super::sketch::{ACCENT, PALE, Sketch, TEXT};
use crate::figure::computed::{Computed, Key, each, quick};

/// Places on each side at which the frame is drawn, and points of a side.
const PLACES: usize = 1;
const POINTS: usize = 12;
/// How many divergences it costs, about.
const COST: usize = 1000;
/// The side without a measure, as a Fisher length, and the length of an arm as a share of the side.
const LENGTH: f64 = 0.5;
const ARM: f64 = 0.4;
/// How often a square that leaves the family is halved.
const HALVINGS: i32 = 8;

/// What is kept from frame to frame.
pub type Kept = Computed<Option<Round>>;

/// The square in the drawn chart with what is carried around it.
#[derive(Debug)]
pub struct Round {
    sides: Vec<Vec2>,
    /// The frame at the start, on the way and, last, back at the start, as arms of a Fisher length.
    frames: Vec<(Vec2, [Vec2; 2])>,
    centre: Vec2,
    /// The angle in radians by which it is turned.
    angle: f64,
    /// The square's Fisher area.
    area: f64,
}

/// The side that a scenario measures the holonomy of.
fn measured(scenario: &Scenario) -> Option<f64> {
    let asked = |question| [Question::Holonomy, Question::HolonomyPerArea].contains(&question);
    let measure = scenario.measures.iter().find(|measure| asked(measure.info.question))?;
    Some(measure.settings.number(&SIDE))
}

/// Updates the square.
pub fn follow(kept: &mut Kept, show: &Seen<'_>) {
    if !show.overlay_now(Overlay::Holonomy) {
        return kept.clear();
    }
    let (family, chart, start) = (Arc::clone(&show.world.family), show.chart, show.world.start());
    let side = measured(&show.world.scenario);
    let key = Key::of(show, &[start[0], start[1], side.unwrap_or(f64::NAN)]);
    kept.follow(key, quick(show, COST), || {
        each(1, move |_| {
            let unit = LENGTH / family.fisher(start)[(0, 0)].sqrt();
            let tried = (0..HALVINGS).map(|k| side.unwrap_or(unit) * 0.5_f64.powi(k));
            tried
                .take(if side.is_some() { 1 } else { HALVINGS as usize })
                .find_map(|side| Round::new(&*family, family.chart(chart), start, side))
        })
    });
}

impl Round {
    fn new(family: &dyn Family, chart: &dyn Chart, corner: Vec2, side: f64) -> Option<Self> {
        let corners = square(corner, side);
        let (angle, area) = (holonomy(family, &corners)?, area(family, corner, side)?);
        let ring = |k: usize, n: usize| {
            let (from, to) = (corners[k / n % 4], corners[(k / n + 1) % 4]);
            from + (to - from) * ((k % n) as f64 / n as f64)
        };
        let sides = (0..=4 * POINTS).map(|k| chart.to_coordinates(ring(k, POINTS))).collect();
        let metric = family.fisher(corner);
        let arm = ARM * length(&metric, &Vec2::new(side, 0.0));
        let mut arms = [0.0, FRAC_PI_2].map(|angle| whiten(&metric, angle) * arm);
        let mut frames = Vec::new();
        for k in 0..=4 * PLACES {
            let here = ring(k, PLACES);
            if k > 0 {
                let path = [ring(k - 1, PLACES), here];
                let [first, second] = arms.map(|v| along_polyline(family, &path, v, 0.0));
                arms = [first?, second?];
            }
            let place = Place::of(chart, here);
            let inverse = inverse2(&place.jacobian)?;
            frames.push((place.x, arms.map(|v| inverse * v)));
        }
        let centre = chart.to_coordinates(corner + Vec2::repeat(0.5 * side));
        Some(Self { sides, frames, centre, angle, area })
    }

    /// The angle, the area and what one is over the other.
    fn told(&self) -> String {
        let [angle, area, ratio] = [self.angle, self.area, self.angle / self.area].map(|x| format::rounded(x, 3));
        format!("{angle} rad = {ratio} × area {area}")
    }
}

/// Draws the square, the frame on its way, and how it comes back.
pub fn draw(kept: &Kept, sketch: &mut Sketch) {
    let Some(Some(round)) = kept.values().first() else { return };
    sketch.line(round.sides.iter().copied(), TEXT, Dash::Solid);
    let mut cross = |(x, arms): &(Vec2, [Vec2; 2]), ink: Ink| {
        for (arm, dash) in arms.iter().zip([Dash::Solid, Dash::Dotted]) {
            sketch.line([*x, x + arm], ink, dash);
        }
    };
    let [first, carried @ .., last] = round.frames.as_slice() else { return };
    carried.iter().for_each(|frame| cross(frame, PALE));
    cross(first, TEXT);
    cross(last, ACCENT);
    sketch.name(round.centre, format!("turned {} rad", format::rounded(round.angle, 3)), ACCENT);
    sketch.name(last.0 + last.1[0], "back".to_owned(), ACCENT);
}

/// The title: by how much the frame is turned.
#[must_use]
pub fn words(kept: &Kept) -> Option<String> {
    kept.values().first().map(|round| round.as_ref().map_or("no square in the family".to_owned(), Round::told))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::gaussian::Gaussian;

    /// Angles from an independent integration in Python; the curvature of the Gaussians is −1/2.
    #[test]
    fn the_frame_comes_back_turned_by_half_the_area() {
        let family = Gaussian::new();
        for (side, angle) in [(0.4, -0.080_812_2), (0.2, -0.023_570_2), (0.1, -0.006_428_24)] {
            let corner = Vec2::new(0.0, 1.0);
            let round = Round::new(&family, family.canonical(), corner, side).expect("a square");
            assert!((round.angle - angle).abs() < 6e-8, "{side}");
            assert!((round.angle / round.area + 0.5).abs() < 1e-9);
            let (first, last) = (round.frames[0].1[0], round.frames[round.frames.len() - 1].1[0]);
            // In the metric diag(1, 2) at the corner the turn is that of (v₁, √2 v₂).
            let turn = |v: Vec2| (2.0_f64.sqrt() * v[1]).atan2(v[0]);
            assert!((turn(last) - turn(first) - angle).abs() < 1e-6, "{side}: {}", turn(last) - turn(first));
        }
    }

    #[test]
    fn what_is_told_is_the_angle_over_the_area() {
        let family = Gaussian::new();
        let round = Round::new(&family, family.canonical(), Vec2::new(0.0, 1.0), 1.0).expect("a square");
        // −√2/4 and √2/2.
        assert_eq!(round.told(), "−0.354 rad = −0.5 × area 0.707");
        assert!(Round::new(&family, family.canonical(), Vec2::new(0.0, 1.0), -2.0).is_none());
    }
}
