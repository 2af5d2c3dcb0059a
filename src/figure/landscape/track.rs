//! The racers' paths in the shown chart, kept and extended as the race is.
//!
//! A path of thousands of steps is converted once, not once a frame.

use std::ops::RangeInclusive;

use crate::app::Seen;
use crate::family::ChartId;
use crate::math::Vec2;
use crate::race::{Race, Trace};

use super::bounds::Bounds;

/// The paths of all racers.
#[derive(Debug, Default)]
pub struct Tracks {
    /// The race and the chart they are of.
    key: Option<(u64, ChartId)>,
    limit: Option<Bounds>,
    paths: Vec<Track>,
    /// Counts how often a path has been restarted.
    age: u64,
}

/// The path of one racer.
#[derive(Debug, Default, Clone)]
pub struct Track {
    /// How many steps it has.
    len: usize,
    /// Its points in the chart; empty as long as they are the parameters in the trace.
    coordinates: Vec<Vec2>,
    /// The smallest box around the coordinates inside the limit.
    bounds: Option<Bounds>,
}

impl Tracks {
    /// Updates the paths for the race; coordinates outside `limit` do not count for their boxes.
    pub fn update(&mut self, show: &Seen<'_>, limit: Option<Bounds>) {
        let key = Some((show.race.revision(), show.chart));
        if self.key != key || self.limit != limit {
            *self = Self { key, limit, age: self.age + 1, ..Self::default() };
        }
        let chart = show.world.family.chart(show.chart);
        self.paths.resize_with(show.race.traces().len(), Track::default);
        for (track, trace) in self.paths.iter_mut().zip(show.race.traces()) {
            for step in track.len..=trace.last_alive() {
                let p = trace.rows.at(step).p();
                let x = chart.to_coordinates(p);
                track.push(trace, p, x);
                if limit.is_none_or(|limit| limit.contains(x)) {
                    track.bounds = Bounds::around(track.bounds, x);
                }
            }
        }
    }

    /// While this is unchanged, paths have only grown.
    #[must_use]
    pub const fn age(&self) -> u64 {
        self.age
    }

    /// One racer's box.
    #[must_use]
    pub fn bounds(&self, racer: usize) -> Option<Bounds> {
        self.paths.get(racer)?.bounds
    }

    /// One racer's path.
    #[must_use]
    pub fn path<'a>(&'a self, race: &'a Race, racer: usize) -> Option<Path<'a>> {
        let track = self.paths.get(racer)?;
        Some(Path { track, trace: race.trace(racer) })
    }
}

/// The path of a racer in the shown chart, a point a step.
#[derive(Debug, Clone, Copy)]
pub struct Path<'a> {
    track: &'a Track,
    trace: &'a Trace,
}

impl Path<'_> {
    /// How many points it has.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.track.len
    }

    /// Where it is at a step.
    #[must_use]
    pub fn get(&self, step: usize) -> Option<Vec2> {
        (step < self.track.len).then(|| self.at(step))
    }

    /// Its points from a step on, up to another and with it, as far as it goes.
    #[must_use]
    pub fn points(&self, steps: RangeInclusive<usize>) -> Vec<[f64; 2]> {
        let (first, last) = steps.into_inner();
        (first..self.track.len.min(last + 1)).map(|step| self.at(step).into()).collect()
    }

    fn at(&self, step: usize) -> Vec2 {
        let kept = self.track.coordinates.get(step).copied();
        kept.unwrap_or_else(|| self.trace.rows.p(step))
    }
}

impl Track {
    /// Adds the point `x` of a trace, with parameters `p`.
    fn push(&mut self, trace: &Trace, p: Vec2, x: Vec2) {
        if self.coordinates.is_empty() && x != p {
            // The trace's capacity: growth by doubling would fragment memory.
            self.coordinates.reserve_exact(trace.rows.capacity());
            self.coordinates.extend(trace.rows.iter().take(self.len).map(|row| row.p()));
            self.coordinates.push(x);
        } else if !self.coordinates.is_empty() {
            self.coordinates.push(x);
        }
        self.len += 1;
    }
}
