//! Fisher ellipses along one racer's path.
//!
//! Ellipses are spaced by 3 √(2δ) of Fisher length: beads that do not touch and that measure the length of the path.

use crate::app::Seen;
use crate::geometry::Place;
use crate::geometry::ellipse::{ellipse, extent};
use crate::plot::Frame;
use crate::plot::mark::{Dash, Ink, Line, Mark, Settled, Tier};
use crate::scenario::Overlay;

use super::track::Tracks;

/// Points of an ellipse.
const POINTS: usize = 48;
/// The most ellipses along a path.
const MOST: usize = 100;
/// The available radii.
const RADII: [f64; 15] = [1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];
/// Below this size of the map only the head has an ellipse.
const ROOM: [usize; 2] = [60, 16];
/// Below this size there is none.
const LEAST: [usize; 2] = [24, 6];

/// How far the beads have been laid.
#[derive(Debug, Default)]
pub struct Beads {
    /// The next step to look at.
    step: usize,
    /// The Fisher length up to there, and at which the next bead is due.
    length: f64,
    due: f64,
    count: usize,
}

/// The KL radius of ellipses and balls on the map: δ or, where an ellipse of it at the start could not be told from a
/// dot, the smallest of the table that can.
#[must_use]
pub fn radius(show: &Seen<'_>, frame: &Frame) -> Option<f64> {
    if frame.columns < LEAST[0] || frame.rows < LEAST[1] {
        return None;
    }
    let family = &*show.world.family;
    let place = Place::of(family.chart(show.chart), show.world.start());
    let half = extent(&place.metric(&family.fisher(place.p)), 1.0);
    let columns = half[0] / (frame.x[1] - frame.x[0]) * frame.columns as f64;
    let rows = half[1] / (frame.y[1] - frame.y[0]) * frame.rows as f64;
    let least = (0.05 * frame.rows as f64).max(1.5);
    // Both grow with √δ.
    let needed = (least / rows.min(0.5 * columns)).powi(2);
    let seen = RADII.into_iter().find(|delta| *delta >= needed).unwrap_or(RADII[RADII.len() - 1]);
    needed.is_finite().then(|| seen.max(show.delta()))
}

/// The racer whose path carries the ellipses, if they are on: the first natural gradient in view, else the chosen one.
#[must_use]
pub fn racer(show: &Seen<'_>) -> Option<usize> {
    if !show.overlay_now(Overlay::FisherEllipses) {
        return None;
    }
    let on = |racer: &usize| show.on.get(*racer).copied().unwrap_or(false);
    let natural = |racer: &usize| {
        let racer = &show.world.scenario.racers[*racer];
        (racer.kind.natural)(&racer.settings)
    };
    (0..show.world.scenario.racers.len()).filter(on).find(natural).or(Some(show.chosen).filter(on))
}

/// Whether there is space for beads along the path.
#[must_use]
pub const fn roomy(frame: &Frame) -> bool {
    frame.columns >= ROOM[0] && frame.rows >= ROOM[1]
}

impl Beads {
    /// Adds the beads up to the playhead that are new, each a layer.
    pub fn grow(&mut self, show: &Seen<'_>, tracks: &Tracks, (racer, delta): (usize, f64), settled: &mut Settled) {
        let trace = show.race.trace(racer);
        let spacing = 3.0 * (2.0 * delta).sqrt();
        while self.step <= show.now().min(trace.last_alive()) {
            if self.step > 0 {
                self.length += trace.rows.at(self.step).fisher_step;
            }
            if self.length >= self.due && self.count < MOST {
                let marks = ring(show, tracks, delta, (racer, self.step)).into_iter().collect();
                settled.push(Tier::Lines, marks);
                self.count += 1;
                self.due = spacing * ((self.length / spacing).floor() + 1.0);
            }
            self.step += 1;
        }
    }
}

/// A single ring around the racer.
#[must_use]
pub fn head(show: &Seen<'_>, tracks: &Tracks, racer: usize, delta: f64) -> Option<Mark> {
    let last = show.now().min(show.race.trace(racer).last_alive());
    ring(show, tracks, delta, (racer, last))
}

/// The Fisher ellipse around a step of a racer.
fn ring(show: &Seen<'_>, tracks: &Tracks, delta: f64, (racer, step): (usize, usize)) -> Option<Mark> {
    let family = &*show.world.family;
    let centre = tracks.path(&show.race, racer).and_then(|path| path.get(step))?;
    let p = show.race.trace(racer).rows.at(step).p();
    let place = Place { x: centre, ..Place::of(family.chart(show.chart), p) };
    let around = ellipse(&place.metric(&family.fisher(p)), delta, POINTS).map(|by| place.x + by);
    let mut points: Vec<[f64; 2]> = Vec::with_capacity(POINTS + 1);
    points.extend(around.map(|x| [x[0], x[1]]));
    points.extend(points.first().copied());
    Some(Mark::Line(Line::thin(points, Ink::Ring(racer)).dashed(Dash::Dotted)))
}
