//! The share of an ensemble's members on a wrong action, step by step, up to the playhead.

use super::outcomes::Count;
use super::trace::{across, horizon};
use super::upright::Upright;
use crate::app::Show;
use crate::app::cloud::Cloud;
use crate::plot::mark::{self, Ink, Layer, Mark, Point, Sign, Tier};
use crate::plot::pane::{Axis, Labels, Plot};
use crate::plot::{PaneFigure, Room};

/// The width of the vertical axis' labels, with the gap after them.
const LABELS: u16 = 6;
/// The place of wrong members in a count.
const WRONG: usize = 2;
/// The least share that the axis reaches to.
const LEAST: f64 = 0.1;

/// The shares as they were counted last.
#[derive(Debug, Default)]
pub struct Memo {
    key: Option<(u64, usize, usize, u16)>,
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
        let stride = seen.div_ceil(2 * usize::from(width.max(1))).max(1);
        let steps: Vec<usize> = (0..seen).step_by(stride).chain([seen]).collect();
        let share = |racer: usize, step: usize| (step, Count::of(cloud, racer, step).share(WRONG));
        let of =
            |racer: usize| steps.iter().map(move |step| share(racer, *step)).filter(|(_, share)| share.is_finite());
        self.racers = (0..show.world.scenario.racers.len()).map(|racer| of(racer).collect()).collect();
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
        x: Axis { range: [0.0, end as f64], log: false, name: "step".to_owned(), ticks: across(end, width) },
        y: upright.axis(),
        labels: Labels::Margin(LABELS),
        grid: true,
        equal: false,
        settled: Vec::new(),
        layers: vec![Layer::new(Tier::Lines, lines), Layer::new(Tier::Signs, signs)],
    });
    figure
}
