//! The racers' paths in the shown chart, kept and extended as the race is.
//!
//! A path of thousands of steps is converted once, not once a frame.

use std::ptr::addr_eq;
use std::sync::Arc;

use crate::app::Lens;
use crate::family::Family;
use crate::math::Vec2;
use crate::plot::Frame;
use crate::race::Trace;

use super::bounds::Bounds;

/// How many rows of a trace are looked at to see whether it is still the trace that was converted.
const PROBES: usize = 16;

/// The paths of all racers.
#[derive(Debug, Default)]
pub struct Tracks {
    family: Option<Arc<dyn Family>>,
    chart: usize,
    limit: Option<Bounds>,
    frame: Option<Frame>,
    paths: Vec<Track>,
    /// Counts how often a path has begun anew.
    age: u64,
}

/// The path of one racer.
#[derive(Debug, Default, Clone)]
pub struct Track {
    parameters: Vec<Vec2>,
    coordinates: Vec<Vec2>,
    /// The smallest box around the coordinates inside of the limit.
    bounds: Option<Bounds>,
    dots: Vec<[f64; 2]>,
}

impl Tracks {
    /// Brings the paths up to date with the race; coordinates outside of `limit` do not count for their boxes.
    pub fn update(&mut self, show: &Lens<'_>, limit: Option<Bounds>) {
        let family = &show.scenario.family;
        let same = self.family.as_ref().is_some_and(|own| addr_eq(Arc::as_ptr(own), Arc::as_ptr(family)));
        if !same || self.chart != show.chart || self.limit != limit {
            *self = Self {
                family: Some(Arc::clone(family)),
                chart: show.chart,
                limit,
                age: self.age + 1,
                ..Self::default()
            };
        }
        let Some(chart) = family.charts().get(show.chart) else { return };
        self.paths.resize_with(show.race.traces().len(), Track::default);
        for (track, trace) in self.paths.iter_mut().zip(show.race.traces()) {
            if !track.belongs_to(trace) {
                *track = Track::default();
                self.age += 1;
            }
            for row in trace.rows.iter().take(trace.last_alive() + 1).skip(track.parameters.len()) {
                let x = chart.to_coordinates(row.parameters);
                track.parameters.push(row.parameters);
                track.coordinates.push(x);
                if limit.is_none_or(|limit| limit.contains(x)) {
                    track.bounds = Bounds::around(track.bounds, x);
                }
            }
        }
    }

    /// Brings the dots up to date with a frame.
    pub fn place(&mut self, frame: &Frame) {
        let moved = self.frame.as_ref() != Some(frame);
        self.frame = Some(*frame);
        for track in &mut self.paths {
            if moved {
                track.dots.clear();
            }
            track.dots.extend(track.coordinates[track.dots.len()..].iter().map(|x| frame.dot(x[0], x[1])));
        }
    }

    /// As long as this stays, paths have at most grown.
    #[must_use]
    pub const fn age(&self) -> u64 {
        self.age
    }

    /// One racer's path.
    #[must_use]
    pub fn get(&self, racer: usize) -> Option<&Track> {
        self.paths.get(racer)
    }
}

impl Track {
    /// The box around the path as far as it is within the limit.
    #[must_use]
    pub const fn bounds(&self) -> Option<Bounds> {
        self.bounds
    }

    /// The path in dot units, a point a step.
    #[must_use]
    pub fn dots(&self) -> &[[f64; 2]] {
        &self.dots
    }

    /// The path in the chart, a point a step.
    #[must_use]
    pub fn coordinates(&self) -> &[Vec2] {
        &self.coordinates
    }

    fn belongs_to(&self, trace: &Trace) -> bool {
        let n = self.parameters.len();
        let same = |i: usize| trace.rows.get(i).is_some_and(|row| row.parameters == self.parameters[i]);
        let probes = (0..=PROBES).map(|k| k * n.saturating_sub(1) / PROBES);
        n == 0 || (n <= trace.last_alive() + 1 && probes.chain([1.min(n - 1)]).all(same))
    }
}
