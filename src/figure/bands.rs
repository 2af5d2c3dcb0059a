//! The trace of an ensemble: of every racer the median of the members that are still running, of one, the chosen if it is on, the band
//! that holds nine of ten and the one that holds half of them.
//!
//! Up to the playhead: what lies ahead is not known yet.

use std::sync::Arc;

use super::columns::Columns;
use super::reading::Reading;
use super::standing::subject;
use super::trace::{across, horizon};
use super::upright::Upright;
use crate::app::Show;
use crate::app::cloud::Cloud;
use crate::plot::mark::{self, Band, Ink, Layer, Mark, Point, Settled, Sign, Spread, Tier};
use crate::plot::pane::{Axis, Labels, Plot};
use crate::plot::text::width as width_of;
use crate::plot::theme::glyph;
use crate::plot::{PaneFigure, Room};
use crate::race::ensemble::{QUANTILES, quantile};

/// Corners, blanks and stretches of line in the title.
const SPARE: u16 = 10;
/// The width of the vertical axis' labels, with the gap after them.
const LABELS: u16 = 6;
/// Below this width they are left out.
const NARROW: u16 = 20;
/// How many decades the axis may span.
const DECADES: f64 = 6.0;

/// The quantiles as they were read last.
#[derive(Debug, Default)]
pub struct Memo {
    key: Option<Key>,
    /// What the numbers are, and whether their axis is logarithmic.
    title: String,
    log: bool,
    /// The losses of every racer's members that are still running, in order, at each step.
    columns: Columns<Vec<Vec<f64>>>,
    /// Of every racer its steps and what its members have in common there.
    racers: Vec<Vec<(usize, Quantiles)>>,
}

/// How many members are still running, and the [`QUANTILES`] of their losses above the least.
#[derive(Debug, Clone, Copy)]
struct Quantiles {
    members: usize,
    quantiles: [f64; 5],
}

#[derive(Debug, Clone, PartialEq)]
struct Key {
    cloud: (u64, usize),
    seen: usize,
    width: u16,
    log: bool,
}

impl Memo {
    fn read(&mut self, show: &Show, cloud: &Cloud, width: u16) {
        let key = Key { cloud: cloud.revision(), seen: show.timeline.furthest(), width, log: show.log };
        if self.key.as_ref() == Some(&key) {
            return;
        }
        let reading = Reading::new(show);
        let least = reading.least;
        // Powers of two, so that a longer race needs no other steps.
        let stride = key.seen.div_ceil(2 * usize::from(width.max(1))).next_power_of_two();
        let steps: Vec<usize> = (0..key.seen).step_by(stride).chain([key.seen]).collect();
        let count = show.world.scenario.racers.len();
        self.columns.read(cloud, &steps, |column, step, run| {
            column.resize(count, Vec::new());
            for (losses, member) in column.iter_mut().zip(&run.racers) {
                losses.extend(member.losses.get(step));
            }
        });
        self.racers = vec![Vec::new(); count];
        for (step, column) in self.columns.iter() {
            for (own, losses) in self.racers.iter_mut().zip(column).filter(|(_, losses)| !losses.is_empty()) {
                // All but those that have just arrived are in order, which this way of sorting makes use of.
                losses.sort_by(f64::total_cmp);
                let quantiles = QUANTILES.map(|share| quantile(losses, share) - least);
                own.push((step, Quantiles { members: losses.len(), quantiles }));
            }
        }
        let quantiles = || self.racers.iter().flatten().flat_map(|(_, band)| band.quantiles);
        self.log = reading.log(show.log, quantiles());
        self.title = reading.title(self.log);
        self.key = Some(key);
    }
}

/// The pane; `None` if the race has but one member, or another quantity is drawn.
#[must_use]
pub fn pane(show: &Show, room: Room, memo: &mut Memo) -> Option<PaneFigure> {
    let cloud = show.cloud().filter(|cloud| cloud.ensemble().arrived() > 0)?;
    if show.quantity.name != crate::problem::quantities::LOSS.name {
        return None;
    }
    let margin = if room.columns < NARROW { 0 } else { LABELS };
    let width = room.columns.saturating_sub(margin);
    memo.read(show, cloud, width);
    let now = show.now();
    let alive = memo.racers.get(subject(show))?.iter().rev().find(|(step, _)| *step <= now)?.1.members;
    let mut figure = PaneFigure {
        name: "Trace".to_owned(),
        right: format!("{alive} of {} alive", cloud.ensemble().arrived()),
        ..PaneFigure::default()
    };
    let free = room.columns.saturating_sub(width_of(&figure.name) + width_of(&figure.right) + SPARE);
    figure.detail = detail(&memo.title, show, free);
    let Some(upright) = range(memo, show, room.rows).filter(|_| width > 0) else { return Some(figure) };
    let end = horizon(show.timeline.furthest(), show.timeline.last());
    figure.plot = Some(Plot {
        x: Axis {
            range: [0.0, end as f64],
            log: false,
            name: if margin > 0 { "step".to_owned() } else { String::new() },
            ticks: if margin > 0 { across(end, width) } else { Vec::new() },
        }
        .into(),
        y: upright.axis().into(),
        labels: if margin > 0 { Labels::Margin(margin) } else { Labels::None },
        grid: true,
        equal: false,
        settled: Settled::default(),
        layers: layers(memo, show, &upright, now),
    });
    Some(figure)
}

/// What is drawn, as long as there is room.
fn detail(title: &str, show: &Show, room: u16) -> String {
    let whose = glyph(subject(show));
    let banded = show.on.get(subject(show)).copied().unwrap_or(true);
    let all = [
        format!("{title}; medians, {whose} q05–q95, q25–q75"),
        format!("{title}; medians, {whose} bands"),
        format!("{title}; medians"),
    ];
    let fits = all.into_iter().skip(if banded { 0 } else { 2 }).find(|words| width_of(words) <= room);
    fits.unwrap_or_else(|| title.to_owned())
}

fn layers(memo: &Memo, show: &Show, upright: &Upright, now: usize) -> Vec<Arc<Layer>> {
    let upto = |racer: usize| memo.racers[racer].iter().filter(move |(step, _)| *step <= now);
    let point = |step: usize, value: f64| -> Option<Point> { Some([step as f64, upright.held(value)?]) };
    let edge = |racer: usize, place: usize| -> Vec<Point> {
        upto(racer).filter_map(|(step, band)| point(*step, band.quantiles[place])).collect()
    };
    let on = (0..memo.racers.len()).filter(|racer| show.on.get(*racer).copied().unwrap_or(true));
    let mut ground = Vec::new();
    let mut lines = Vec::new();
    if show.on.get(subject(show)).copied().unwrap_or(true) {
        let racer = subject(show);
        for (spread, places) in [(Spread::Outer, [0, 4]), (Spread::Inner, [1, 3])] {
            let edges = places.map(|place| edge(racer, place));
            ground.push(Mark::Band(Band { edges, racer, spread }));
        }
    }
    let mut signs = Vec::new();
    for racer in on {
        let median = edge(racer, 2);
        if let Some(end) = median.last() {
            signs.push(Mark::Sign(*end, Sign::Racer(racer)));
        }
        lines.push(Mark::Line(mark::Line::thin(median, Ink::Racer(racer))));
    }
    vec![Layer::new(Tier::Ground, ground), Layer::new(Tier::Lines, lines), Layer::new(Tier::Signs, signs)]
}

/// From the largest quantile drawn to the smallest, a few decades at most. Racers that are off do not count.
fn range(memo: &Memo, show: &Show, rows: u16) -> Option<Upright> {
    let banded = subject(show);
    let of_racer = |racer: usize| if racer == banded { 0..5 } else { 2..3 };
    let all = || {
        let on = |racer: usize| show.on.get(racer).copied().unwrap_or(true);
        let each = memo.racers.iter().enumerate().filter(move |(racer, _)| on(*racer));
        each.flat_map(move |(racer, own)| own.iter().flat_map(move |(_, s)| s.quantiles[of_racer(racer)].to_vec()))
    };
    let high = all().filter(|v| v.is_finite()).fold(f64::NAN, f64::max);
    let positive = all().filter(|v| *v > 0.0).fold(f64::NAN, f64::min);
    if memo.log {
        return Upright::log(positive.max(high / 10_f64.powf(DECADES)), high, rows);
    }
    Upright::from_zero(all().filter(|v| v.is_finite()).fold(0.0, f64::min), high, rows)
}
