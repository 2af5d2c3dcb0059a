//! What the traces show of a race: one quantity of each row, thinned where there are more steps than dots.
//!
//! Axes, lines and marks are drawn by the pane.

use crate::app::Show;
use crate::problem::quantities::{Drawn, QuantityInfo};
use crate::race::{self, Quantity, Trace};

/// The quantity drawn: one number per row.
pub struct Reading<'a> {
    quantity: &'static QuantityInfo,
    /// The traces, as they are read.
    racers: Vec<race::Reading<'a>>,
    /// What a policy's loss above the least is.
    shortfall: Option<String>,
    /// What is subtracted from losses: the least, or nothing where that is not known.
    pub least: f64,
    /// Whether it is known.
    known: bool,
}

impl<'a> Reading<'a> {
    pub fn new(show: &'a Show) -> Self {
        let least = show.race.runners().first().map_or(f64::NAN, |runner| race::Reading::new(runner).least());
        Self::again(show, least)
    }

    /// The same where the least loss is known already, or NaN if there is none: the loss at the optimum is constant, and may
    /// be an integral.
    pub fn again(show: &'a Show, least: f64) -> Self {
        let racers: Vec<_> = show.race.runners().iter().map(race::Reading::new).collect();
        let above = (show.quantity.drawn == Drawn::AboveLeast).then(|| show.world.shortfall()).flatten();
        let known = least.is_finite();
        let shortfall = above.map(|words| if known { words } else { "loss −J".to_owned() });
        Self { quantity: show.quantity, racers, least: if known { least } else { 0.0 }, known, shortfall }
    }

    /// Whether the axis is logarithmic: as wished, but for losses below zero where the least is not known. Less the smallest so
    /// far they would end in a zero that means nothing.
    pub fn log(&self, wished: bool, mut values: impl Iterator<Item = f64>) -> bool {
        let whole = self.quantity.drawn == Drawn::AboveLeast && !self.known;
        wished && (!whole || values.all(|value| value > 0.0 || !value.is_finite()))
    }

    /// The value at a step of a racer, or at its last with numbers.
    pub fn of(&self, racer: usize, step: usize) -> f64 {
        let reading = &self.racers[racer];
        let value = reading.at(Quantity::Listed(self.quantity), step.min(reading.trace().last_alive()));
        if self.quantity.drawn == Drawn::AboveLeast { value - self.least } else { value }
    }

    /// The least loss; NaN if it is not known.
    pub const fn known(&self) -> f64 {
        if self.known { self.least } else { f64::NAN }
    }

    /// What the numbers are, and the scale of their axis.
    pub fn title(&self, log: bool) -> String {
        let scale = if log { "log" } else { "linear" };
        if let Some(words) = &self.shortfall {
            return format!("{words}, {scale}");
        }
        let above = self.quantity.drawn == Drawn::AboveLeast && self.least != 0.0;
        let tail = if above { " above the least" } else { "" };
        format!("{}{tail}, {}", self.quantity.label, scale)
    }
}

/// The steps of a trace to draw, from one on: every n-th, and the last.
fn steps(from: usize, last: usize, stride: usize) -> impl Iterator<Item = usize> {
    (from..last).step_by(stride).chain([last])
}

/// The stride that draws at most `most` steps: a million steps must not cost more than the dots they fall on.
fn stride(last: usize, most: usize) -> usize {
    last.div_ceil(most.max(1)).max(1)
}

/// One racer's line: values by step.
#[derive(Debug)]
pub struct Line {
    pub racer: usize,
    pub stride: usize,
    pub values: Vec<(usize, f64)>,
    pub now: f64,
    pub ended: Option<usize>,
    /// The least and the largest of the values that stay, of all finite ones and of the positive ones, and how many stay.
    ends: [[f64; 2]; 2],
    counted: usize,
}

impl Line {
    /// A line without values, of every n-th step.
    fn new(racer: usize, stride: usize) -> Self {
        Self { racer, stride, values: Vec::new(), now: f64::NAN, ended: None, ends: [[f64::NAN; 2]; 2], counted: 0 }
    }

    /// The least and the largest of its finite values, or of the positive ones; NaN if there are none.
    pub fn ends(&mut self, positive: bool) -> [f64; 2] {
        let with = |ends: [[f64; 2]; 2], value: f64| {
            let counts = [value.is_finite(), value.is_finite() && value > 0.0];
            [0, 1].map(|which| {
                let [low, high] = ends[which];
                if counts[which] { [value.min(low), value.max(high)] } else { [low, high] }
            })
        };
        let stay = self.values.len().saturating_sub(1);
        self.ends = self.values[self.counted..stay].iter().fold(self.ends, |ends, (_, value)| with(ends, *value));
        self.counted = stay;
        // The last one may give way to others.
        self.values[stay..].iter().fold(self.ends, |ends, (_, value)| with(ends, *value))[usize::from(positive)]
    }
}

pub fn read(show: &Show, reading: &Reading<'_>, width: u16) -> Vec<Line> {
    let (seen, most) = (show.timeline.furthest(), 4 * usize::from(width));
    let racers = show.race.traces().enumerate().filter(|(racer, _)| show.on.get(*racer).copied().unwrap_or(true));
    let unread = |(racer, trace): (usize, &Trace)| Line::new(racer, stride(trace.last_alive().min(seen), most));
    let mut lines: Vec<Line> = racers.map(unread).collect();
    read_on(show, reading, width, &mut lines);
    lines
}

/// Reads on what time has added to lines of the same races with the same reading; `false` if they have to be read anew.
pub fn read_on(show: &Show, reading: &Reading<'_>, width: u16, lines: &mut [Line]) -> bool {
    let (seen, most) = (show.timeline.furthest(), 4 * usize::from(width));
    lines.iter_mut().all(|line| {
        let trace = show.race.trace(line.racer);
        let last = trace.last_alive().min(seen);
        if stride(last, most) != line.stride || line.values.last().is_some_and(|(read, _)| *read > last) {
            return false;
        }
        if line.values.last().is_none_or(|(read, _)| *read < last) {
            // The last value of a thinned line gives way to others.
            line.values.pop_if(|(read, _)| !read.is_multiple_of(line.stride));
            let next = line.values.last().map_or(0, |(read, _)| read + line.stride);
            let value = |step| (step, reading.of(line.racer, step));
            line.values.extend(steps(next, last, line.stride).map(value));
        }
        line.now = reading.of(line.racer, show.now());
        line.ended = trace.ended_by(show.now()).map(|ending| ending.step);
        true
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_trace_is_thinned_and_keeps_its_last_step() {
        let kept: Vec<usize> = steps(0, 10_000, stride(10_000, 100)).collect();
        assert_eq!((kept.len(), kept.last()), (101, Some(&10_000)));
        assert_eq!(steps(0, 3, stride(3, 100)).collect::<Vec<_>>(), [0, 1, 2, 3]);
    }
}
