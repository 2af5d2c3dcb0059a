//! The racers' paths in the shown chart, kept and extended as the race is.
//!
//! A path of thousands of steps is converted once, not once a frame.

use std::ptr::addr_eq;
use std::sync::Arc;

use crate::app::Show;
use crate::family::Family;
use crate::math::Vec2;
use crate::race::Trace;

use super::bounds::Bounds;

/// Steps between two rows of a trace that are noted, and how many of these are looked at to see whether it is still the trace
/// that was converted.
const NOTED: usize = 16;
const PROBES: usize = 16;

/// The paths of all racers.
#[derive(Debug, Default)]
pub struct Tracks {
    family: Option<Arc<dyn Family>>,
    chart: usize,
    limit: Option<Bounds>,
    paths: Vec<Track>,
    /// Counts how often a path has begun anew.
    age: u64,
}

/// The path of one racer.
#[derive(Debug, Default, Clone)]
pub struct Track {
    coordinates: Vec<Vec2>,
    /// The parameters of every [`NOTED`]-th row, of the first step's and of the last one.
    noted: Vec<Vec2>,
    first: Option<Vec2>,
    last: Option<Vec2>,
    /// The smallest box around the coordinates inside of the limit.
    bounds: Option<Bounds>,
}

impl Tracks {
    /// Brings the paths up to date with the race; coordinates outside of `limit` do not count for their boxes.
    pub fn update(&mut self, show: &Show, limit: Option<Bounds>) {
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
            let (from, to) = (track.coordinates.len(), trace.last_alive() + 1);
            // As much room as the trace has: what grows by doubling leaves holes behind.
            track.coordinates.reserve_exact(trace.rows.capacity().saturating_sub(from));
            for (step, row) in trace.rows.iter().enumerate().take(to).skip(from) {
                let x = chart.to_coordinates(row.parameters);
                track.note(step, row.parameters);
                track.coordinates.push(x);
                if limit.is_none_or(|limit| limit.contains(x)) {
                    track.bounds = Bounds::around(track.bounds, x);
                }
            }
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

    /// The path in the chart, a point a step.
    #[must_use]
    pub fn coordinates(&self) -> &[Vec2] {
        &self.coordinates
    }

    fn belongs_to(&self, trace: &Trace) -> bool {
        let n = self.coordinates.len();
        let same = |(step, p): (usize, Vec2)| trace.rows.get(step).is_some_and(|row| row.parameters == p);
        let stride = self.noted.len().div_ceil(PROBES).max(1);
        let noted = self.noted.iter().enumerate().step_by(stride).map(|(i, p)| (i * NOTED, *p));
        let ends = self.first.map(|p| (1, p)).into_iter().chain(self.last.map(|p| (n.saturating_sub(1), p)));
        n == 0 || (n <= trace.last_alive() + 1 && noted.chain(ends).all(same))
    }

    fn note(&mut self, step: usize, p: Vec2) {
        if step.is_multiple_of(NOTED) {
            self.noted.push(p);
        }
        if step == 1 {
            self.first = Some(p);
        }
        self.last = Some(p);
    }
}
