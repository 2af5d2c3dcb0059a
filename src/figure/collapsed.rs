//! The share of an ensemble's members on a wrong action, step by step, up to the playhead.

use super::columns::Columns;
use super::trace::{across, horizon};
use super::upright::Upright;
use crate::app::Show;
use crate::app::cloud::Cloud;
use crate::plot::mark::{self, Ink, Layer, Mark, Point, Settled, Sign, Tier};
use crate::plot::pane::{Axis, Labels, Plot};
use crate::plot::{PaneFigure, Room};
use crate::problem::Outcome;

/// The width of the vertical axis' labels, with the gap after them.
const LABELS: u16 = 6;
/// The least share that the axis reaches to.
const LEAST: f64 = 0.1;

/// The shares as they were counted last.
#[derive(Debug, Default)]
pub struct Memo {
    key: Option<(u64, usize, usize, u16)>,
    /// Of every racer how many members there are, and how many of them are wrong, at each step.
    columns: Columns<Vec<[usize; 2]>>,
    racers: Vec<Vec<(usize, f64)>>,
}

impl Memo {
    fn read(&mut self, show: &Show, cloud: &Cloud, width: u16) {
        let (world, arrived) = cloud.revision();
        let seen = show.timeline.furthest();
        let key = (world, arrived, seen, width);
        if self.key == Some(key) {
            return;
        }
        // Powers of two, so that a longer race needs no other steps.
        let stride = seen.div_ceil(2 * usize::from(width.max(1))).next_power_of_two();
        let steps: Vec<usize> = (0..seen).step_by(stride).chain([seen]).collect();
        let count = show.world.scenario.racers.len();
        self.columns.read(cloud, &steps, |column, step, run| {
            column.resize(count, [0; 2]);
            for ([all, wrong], member) in column.iter_mut().zip(&run.racers) {
                let glimpse = member.at(step);
                *all += usize::from(glimpse.is_some());
                *wrong += usize::from(glimpse.is_some_and(|glimpse| glimpse.outcome == Some(Outcome::Wrong)));
            }
        });
        self.racers = vec![Vec::new(); count];
        for (step, column) in self.columns.iter() {
            for (own, [all, wrong]) in self.racers.iter_mut().zip(column).filter(|(_, [all, _])| *all > 0) {
                own.push((step, *wrong as f64 / *all as f64));
            }
        }
        self.key = Some(key);
    }
}

/// The pane.
#[must_use]
pub fn pane(show: &Show, room: Room, memo: &mut Memo) -> PaneFigure {
    let detail = "share of seeds on a wrong action".to_owned();
    let mut figure = PaneFigure { name: "Collapsed".to_owned(), detail, ..PaneFigure::default() };
    let width = room.columns.saturating_sub(LABELS);
    let Some(cloud) = show.cloud().filter(|_| width > 0) else { return figure };
    memo.read(show, cloud, width);
    let most = memo.racers.iter().flatten().map(|(_, share)| *share).fold(LEAST, f64::max);
    let Some(upright) = Upright::linear(0.0, most, room.rows) else { return figure };
    let (now, end) = (show.now(), horizon(show.timeline.furthest(), show.timeline.last()));
    let (mut lines, mut signs) = (Vec::new(), Vec::new());
    for (racer, own) in memo.racers.iter().enumerate().filter(|(racer, _)| show.on.get(*racer).copied().unwrap_or(true))
    {
        let upto = own.iter().filter(|(step, _)| *step <= now);
        let points: Vec<Point> = upto.map(|(step, share)| [*step as f64, *share]).collect();
        if let Some(last) = points.last() {
            signs.push(Mark::Sign(*last, Sign::Racer(racer)));
        }
        lines.push(Mark::Line(mark::Line::thin(points, Ink::Racer(racer))));
    }
    figure.plot = Some(Plot {
        x: Axis { range: [0.0, end as f64], log: false, name: "step".to_owned(), ticks: across(end, width) }.into(),
        y: upright.axis().into(),
        labels: Labels::Margin(LABELS),
        grid: true,
        equal: false,
        settled: Settled::default(),
        layers: vec![Layer::new(Tier::Lines, lines), Layer::new(Tier::Signs, signs)],
    });
    figure
}
