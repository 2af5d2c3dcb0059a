//! A quantity by step, one line per racer, up to the furthest step ever shown and never beyond.
//!
//! Steps ahead of the playhead are marked as such; steps not yet seen are not revealed, not even by the range of the
//! axes. The numbers come from `reading`.

use std::sync::Arc;

use super::reading::{Line, Reading, read, read_on};
use super::upright::Upright;
use crate::app::Show;
use crate::format;
use crate::plot::mark::{self, Ink, Label, Layer, Mark, Place, Point, Settled, Sign, Tier};
use crate::plot::pane::{Axis, Labels, Plot};
use crate::plot::ticks::{Tick, readable};
use crate::plot::{PaneFigure, Recall, Room};
use crate::problem::quantities::QuantityInfo;

/// The width of the vertical axis' labels, with the gap after them.
const LABELS: u16 = 6;
/// Below this width they are left out.
const NARROW: u16 = 20;
/// The minimum distance between two labels of the horizontal axis.
const SPACING: f64 = 14.0;
/// How many values of a line are a layer of their own.
const PIECE: usize = 16;
/// How many decades the axis may span for the sake of the best racer.
const DECADES: f64 = 6.0;
/// The minimum distance between two powers of ten.
const APART: u16 = 8;
/// The fewest steps over which ticks are whole steps.
const TICKED: usize = 5;

/// The end of the horizontal axis: the next of 20, 50, 100, 200 ... that holds a step; in a shorter race a quarter beyond
/// its last step, where the values of winners stand, if that is far enough for ticks.
#[must_use]
pub fn horizon(step: usize, last: usize) -> usize {
    let mut end: usize = 20;
    while end < step {
        // 20, 50, 100, 200: two and a half times after a two.
        end = if end.to_string().starts_with('2') { end / 2 * 5 } else { end * 2 };
    }
    end.min(last.saturating_add(last / 4).max(TICKED))
}

/// The lines as they were read last, and their layers that are finished.
#[derive(Debug, Default)]
pub struct Memo {
    key: Option<Key>,
    least: f64,
    lines: Vec<Line>,
    /// How many values of each line lie in finished layers.
    laid: Vec<usize>,
    settled: Settled,
    /// The axes with their labels.
    across: Recall<Time, Arc<Axis>>,
    upright: Recall<Upright, Arc<Axis>>,
}

/// Where step 0 stands on a logarithmic axis: as far before step 1 as that is before step 2.
const ZEROTH: f64 = 0.5;

/// The horizontal axis: steps from 0 to an end, evenly spaced or by their logarithm.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Time {
    log: bool,
    end: usize,
    width: u16,
    /// Whether it has room for labels.
    labels: bool,
}

impl Time {
    /// Where a step stands.
    fn at(self, step: usize) -> f64 {
        if self.log { (step as f64).max(ZEROTH) } else { step as f64 }
    }

    fn range(self) -> [f64; 2] {
        [self.at(0), self.end as f64]
    }

    /// With its name and labels.
    fn labelled(self) -> Axis {
        match (self.labels, self.log) {
            (false, _) => self.axis("", Vec::new()),
            (true, false) => self.axis("step", self.ticks()),
            (true, true) => self.axis("step, log", self.ticks()),
        }
    }

    fn axis(self, name: &str, ticks: Vec<Tick>) -> Axis {
        Axis { range: self.range(), log: self.log, name: name.to_owned(), ticks }
    }

    /// The column of a step.
    fn column(self, step: usize) -> u16 {
        let axis = self.axis("", Vec::new());
        let [low, high] = axis.span();
        ((axis.linear(self.at(step)) - low) / (high - low) * f64::from(self.width)) as u16
    }

    /// What stands in the middle of a column.
    fn middle(self, column: u16) -> f64 {
        let axis = self.axis("", Vec::new());
        let [low, high] = axis.span();
        let share = (f64::from(column.min(self.width - 1)) + 0.5) / f64::from(self.width);
        axis.inverse(low + share * (high - low))
    }

    /// The labelled steps: powers of ten, or what `across` finds.
    fn ticks(self) -> Vec<Tick> {
        if !self.log {
            return across(self.end, self.width);
        }
        let decades = (0..20).map(|k| 10_f64.powi(k)).take_while(|at| *at < self.end as f64);
        let mut kept: Vec<(u16, Tick)> = Vec::new();
        for at in decades {
            let column = self.column(at as usize);
            if kept.last().is_none_or(|(last, _)| column >= last + APART) {
                kept.push((column, Tick { at, label: format::label(at) }));
            }
        }
        kept.into_iter().map(|(_, tick)| tick).collect()
    }
}

/// What the lines depend on beside time.
#[derive(Debug, Clone, PartialEq)]
struct Key {
    revision: u64,
    on: Vec<bool>,
    quantity: &'static QuantityInfo,
    width: u16,
    log_time: bool,
}

impl Memo {
    /// Reads what time has added.
    fn read<'a>(&mut self, show: &'a Show, width: u16) -> Reading<'a> {
        let log_time = show.world.scenario.view.log_time;
        let (revision, on) = (show.race.revision(), show.on.clone());
        let key = Key { revision, on, quantity: show.quantity, width, log_time };
        let same = self.key.as_ref() == Some(&key);
        let reading = if same { Reading::again(show, self.least) } else { Reading::new(show) };
        let fits = same && read_on(show, &reading, width, &mut self.lines);
        if !fits {
            self.lines = read(show, &reading, width);
            self.forget();
        }
        (self.key, self.least) = (Some(key), reading.known());
        reading
    }

    fn forget(&mut self) {
        self.laid = vec![0; self.lines.len()];
        self.settled = Settled::default();
    }

    /// Makes layers of what lies behind the playhead.
    fn settle(&mut self, now: usize, time: Time) {
        let passed = |line: &Line| line.values.partition_point(|(step, _)| *step <= now);
        // A piece ends with the value at which the next one begins.
        if self.lines.iter().zip(&self.laid).any(|(line, laid)| *laid > 0 && passed(line) <= *laid) {
            self.forget();
        }
        // The last value of a thinned line gives way to others.
        while let Some(at) = (0..self.lines.len()).find(|at| self.laid[*at] + PIECE + 1 < passed(&self.lines[*at])) {
            let (line, laid) = (&self.lines[at], &mut self.laid[at]);
            let piece = points(&line.values[*laid..=*laid + PIECE], time);
            let line = mark::Line { continues: true, ..mark::Line::thin(piece, Ink::Racer(line.racer)) };
            self.settled.push(Tier::Lines, vec![Mark::Line(line)]);
            *laid += PIECE;
        }
    }

    /// What is not finished: the rest up to the playhead, and what lies ahead of it.
    fn moving(&self, now: usize, time: Time) -> Arc<Layer> {
        let mut marks = Vec::with_capacity(self.lines.len());
        for (line, laid) in self.lines.iter().zip(&self.laid) {
            // The step at the playhead belongs to both, so that there is no gap.
            let split = line.values.partition_point(|(step, _)| *step <= now);
            if split < line.values.len() {
                let ahead = points(&line.values[split.saturating_sub(1)..], time);
                marks.push(Mark::Line(mark::Line::thin(ahead, Ink::Ahead(line.racer))));
            }
            let rest = mark::Line::thin(points(&line.values[(*laid).min(split)..split], time), Ink::Racer(line.racer));
            marks.push(Mark::Line(mark::Line { continues: *laid > 0, ..rest }));
        }
        Layer::new(Tier::Lines, marks)
    }
}

fn points(values: &[(usize, f64)], time: Time) -> Vec<Point> {
    values.iter().map(|&(step, value)| [time.at(step), value]).collect()
}

/// The pane.
#[must_use]
pub fn pane(show: &Show, room: Room, memo: &mut Memo) -> PaneFigure {
    let margin = if room.columns < NARROW { 0 } else { LABELS };
    let width = room.columns.saturating_sub(margin);
    let reading = memo.read(show, width);
    let values = memo.lines.iter().flat_map(|line| line.values.iter().map(|(_, value)| *value));
    let log = reading.log(show.log, values);
    let mut figure = PaneFigure { name: "Trace".to_owned(), detail: reading.title(log), ..PaneFigure::default() };
    let (now, seen) = (show.now(), show.timeline.furthest());
    let upright = range(&mut memo.lines, log, room.rows).filter(|_| width > 0);
    let Some(upright) = upright else { return figure };
    let time = Time {
        log: show.world.scenario.view.log_time,
        end: horizon(seen, show.timeline.last()),
        width,
        labels: margin > 0,
    };
    memo.settle(now, time);
    let ahead = (now < seen).then(|| Layer::new(Tier::Ground, vec![Mark::Rule(time.at(now))]));
    let signs = Layer::new(Tier::Signs, signs(&memo.lines, &upright, (now, time)));
    figure.plot = Some(Plot {
        x: memo.across.of(time, |time| time.labelled().into()).clone(),
        y: memo.upright.of(upright, |upright| upright.axis().into()).clone(),
        labels: if margin > 0 { Labels::Margin(margin) } else { Labels::None },
        grid: true,
        equal: false,
        settled: memo.settled.clone(),
        layers: ahead.into_iter().chain([memo.moving(now, time), signs]).collect(),
    });
    figure
}

/// The labelled steps between the ends of the horizontal axis.
#[must_use]
pub fn across(end: usize, width: u16) -> Vec<Tick> {
    let ticks = readable([0.0, end as f64], width, SPACING, "step");
    let inside = |tick: &Tick| tick.at > 0.0 && tick.at < end as f64 && tick.at.fract() == 0.0;
    ticks.into_iter().filter(inside).collect()
}

/// The vertical axis: from the greatest value down to a decade mark below the best racer or, where that would be too
/// far, below the median one's best; or to zero.
fn range(lines: &mut [Line], log: bool, rows: u16) -> Option<Upright> {
    let ends: Vec<[f64; 2]> = lines.iter_mut().map(|line| line.ends(log)).filter(|ends| !ends[0].is_nan()).collect();
    let top = ends.iter().fold(f64::NAN, |top, ends| ends[1].max(top));
    if !log {
        return Upright::from_zero(ends.iter().fold(0.0, |low: f64, ends| low.min(ends[0])), top, rows);
    }
    let mut best: Vec<f64> = ends.iter().map(|ends| ends[0]).collect();
    best.sort_by(f64::total_cmp);
    let (least, median) = (best.first()?, best.get(best.len().saturating_sub(1) / 2)?);
    Upright::log(if (top / least).log10() <= DECADES { *least } else { *median }, top, rows)
}

/// The ends of racers, and the heads right of the playhead in their true row, the best last; below the axis an arrow
/// with the value.
fn signs(lines: &[Line], upright: &Upright, (now, time): (usize, Time)) -> Vec<Mark> {
    let mut signs = Vec::with_capacity(lines.len());
    for (line, step) in lines.iter().filter_map(|line| Some((line, line.ended?))) {
        if let Some(y) = upright.held(line.now) {
            signs.push(Mark::Sign([time.middle(time.column(step)), y], Sign::Dead(line.racer)));
        }
    }
    let mut alive: Vec<&Line> = lines.iter().filter(|line| line.ended.is_none() && !line.now.is_nan()).collect();
    alive.sort_by(|a, b| b.now.total_cmp(&a.now));
    let x = time.middle(time.column(now) + 1);
    for line in alive {
        let Some(y) = upright.held(line.now) else { continue };
        if upright.row(line.now) < f64::from(upright.rows) {
            signs.push(Mark::Sign([x, y], Sign::Racer(line.racer)));
        } else {
            signs.push(Mark::Sign([x, y], Sign::Below(line.racer)));
            signs.push(Mark::Label(Label {
                text: format::value(line.now),
                anchors: vec![[x, y]],
                place: Place::Beside,
                ink: Ink::Racer(line.racer),
            }));
        }
    }
    signs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_ends_at_round_steps() {
        let ends = [0, 20, 21, 51, 100, 101, 201, 999, 1001, 30_000].map(|step| horizon(step, usize::MAX));
        assert_eq!(ends, [20, 20, 50, 100, 100, 200, 500, 1000, 2000, 50_000]);
        assert_eq!([(0, 1), (0, 12), (110, 120), (0, 120)].map(|(step, last)| horizon(step, last)), [5, 15, 150, 20]);
    }
}
