//! Fisher ellipses along one racer's path.
//!
//! Ellipses are spaced by 3 √(2δ) of Fisher length: beads that do not touch and that measure the length of the path.

use crate::app::Seen;
use crate::geometry::Place;
use crate::geometry::ellipse::{ellipse, extent};
use crate::optimizer::natural_gradient;
use crate::plot::Frame;
use crate::scenario::Overlay;
use crate::view::ink::{Ink, Kind};

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
struct Beads {
    /// The next step to look at.
    step: usize,
    /// The Fisher length up to there, and at which the next bead is due.
    length: f64,
    due: f64,
    count: usize,
}

/// The beads so far.
#[derive(Debug, Default)]
pub struct Kept {
    beads: Beads,
}

/// The KL radius of ellipses and balls: the smallest at which an ellipse at the start can be told from a dot, or as
/// many entries further in the table as the user asked for, as far as it goes.
#[must_use]
pub fn radius(show: &Seen<'_>, frame: &Frame) -> Option<f64> {
    if frame.columns < LEAST[0] || frame.rows < LEAST[1] {
        return None;
    }
    let family = &*show.world.family;
    let place = Place::of(family.chart(show.chart), show.world.scenario.start);
    let half = extent(&place.metric(&family.fisher(place.p)), 1.0);
    let columns = half[0] / (frame.x[1] - frame.x[0]) * frame.columns as f64;
    let rows = half[1] / (frame.y[1] - frame.y[0]) * frame.rows as f64;
    let least = (0.05 * frame.rows as f64).max(1.5);
    // Both grow with √δ.
    let needed = (least / rows.min(0.5 * columns)).powi(2);
    let place = RADII.iter().position(|delta| *delta >= needed).unwrap_or(RADII.len() - 1);
    let turned = place.saturating_add_signed(isize::from(show.lens.radius)).min(RADII.len() - 1);
    needed.is_finite().then(|| RADII[turned])
}

/// The racer whose path carries the ellipses: the first natural gradient in view, else the chosen one.
#[must_use]
pub fn racer(show: &Seen<'_>) -> Option<usize> {
    let on = |racer: &usize| show.on.get(*racer).copied().unwrap_or(false);
    let natural = |racer: &usize| show.world.scenario.racers[*racer].kind.name == natural_gradient::INFO.name;
    (0..show.world.scenario.racers.len()).filter(on).find(natural).or(Some(show.chosen).filter(on))
}

impl Kept {
    /// Forgets all beads.
    pub fn clear(&mut self) {
        self.beads = Beads::default();
    }

    /// Lays the beads up to the playhead that have not been laid yet, where they are on.
    pub fn ink_beads(&mut self, show: &Seen<'_>, tracks: &Tracks, frame: &Frame, delta: f64, ink: &mut Ink) {
        let Some(racer) = racer(show).filter(|_| show.overlay_now(Overlay::FisherEllipses) && roomy(frame)) else {
            return;
        };
        let trace = show.race.trace(racer);
        let (spacing, beads) = (3.0 * (2.0 * delta).sqrt(), &mut self.beads);
        while beads.step <= show.timeline.step().min(trace.last_alive()) {
            if beads.step > 0 {
                beads.length += trace.rows.at(beads.step).fisher_step;
            }
            if beads.length >= beads.due && beads.count < MOST {
                ring(show, tracks, frame, delta, (racer, beads.step), ink);
                beads.count += 1;
                beads.due = spacing * ((beads.length / spacing).floor() + 1.0);
            }
            beads.step += 1;
        }
    }
}

/// Lays a single ring around the racer, if there is no space for more.
pub fn ink_head(show: &Seen<'_>, tracks: &Tracks, frame: &Frame, delta: f64, ink: &mut Ink) {
    if show.overlay_now(Overlay::FisherEllipses)
        && !roomy(frame)
        && let Some(racer) = racer(show)
    {
        let last = show.timeline.step().min(show.race.trace(racer).last_alive());
        ring(show, tracks, frame, delta, (racer, last), ink);
    }
}

/// Whether there is space for beads along the path.
const fn roomy(frame: &Frame) -> bool {
    frame.columns >= ROOM[0] && frame.rows >= ROOM[1]
}

/// Lays the Fisher ellipse around a step of a racer.
fn ring(show: &Seen<'_>, tracks: &Tracks, frame: &Frame, delta: f64, (racer, step): (usize, usize), ink: &mut Ink) {
    let family = &*show.world.family;
    let chart = family.chart(show.chart);
    let Some(centre) = tracks.path(&show.race, racer).and_then(|path| path.get(step)) else { return };
    let p = show.race.trace(racer).rows.at(step).p();
    let place = Place { x: centre, ..Place::of(chart, p) };
    let mut points: Vec<[f64; 2]> = ellipse(&place.metric(&family.fisher(p)), delta, POINTS)
        .map(|delta| frame.dot(place.x[0] + delta[0], place.x[1] + delta[1]))
        .collect();
    points.extend(points.first().copied());
    ink.line(points, racer, Kind::Ring, |i| i % 2 == 0);
}
