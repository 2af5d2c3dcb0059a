//! How far the paths of each optimizer in several charts are apart: as curves by step, and at the playhead.
//!
//! The gaps come from `race::invariance`.

use super::trace::{across, horizon};
use super::upright::Upright;
use super::veil::hidden;
use super::words::{Line, bold, dim, label, text};
use crate::app::{Charts, Show};
use crate::format::value;
use crate::plot::mark::{self, Ink, Layer, Mark, Place, Point, Settled, Sign, Tier};
use crate::plot::pane::{Axis, Labels, Plot, Table};
use crate::plot::text::width;
use crate::plot::{PaneFigure, Room};
use crate::race::Kin;

/// The width of the vertical axis' labels, with the gap after them.
const LABELS: u16 = 6;
/// Gaps below this are rounding: nothing is drawn of them.
const ROUNDING: f64 = 1e-13;
/// The width of a gap in the table, with the blank before it, and of an order.
const NUMBER: u16 = 8;
const ORDER: u16 = 7;
/// The narrowest table.
const NARROW: u16 = 24;
/// How many decades the curves span at most.
const SPAN: f64 = 1e-4;

/// The gaps by step.
#[must_use]
pub fn curves(show: &Show, charts: &Charts, room: Room) -> PaneFigure {
    let name = "Invariance gap".to_owned();
    let mut figure = PaneFigure { name, detail: "Fisher-Rao, log".to_owned(), ..PaneFigure::default() };
    if show.question().is_some() {
        return hidden(&figure.name, room);
    }
    if room.columns <= LABELS + 4 || room.rows < 3 {
        return figure;
    }
    let (now, seen) = (show.now(), show.timeline.furthest());
    let known = |kin: &Kin| -> Vec<Point> {
        let gaps = kin.gaps().iter().enumerate().take(seen + 1).filter(|(_, gap)| **gap > ROUNDING);
        gaps.map(|(step, gap)| [step as f64, *gap]).collect()
    };
    let lines: Vec<(&Kin, Vec<Point>)> = charts.gaps.kins.iter().map(|kin| (kin, known(kin))).collect();
    let values = || lines.iter().flat_map(|(_, points)| points.iter().map(|point| point[1]));
    let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(0.0, f64::max));
    let Some(upright) = Upright::log(low.max(high * SPAN), high, room.rows) else {
        figure.table = Some((room.columns, Table { rows: vec![Vec::new(), vec![dim(1, "no gap so far")]] }));
        return figure;
    };
    let end = horizon(seen, show.timeline.last());
    // In the middle of the last column, where a glyph still is in the picture.
    let inside = end as f64 * (1.0 - 0.5 / f64::from(room.columns - LABELS));
    let (mut drawn, mut signs) = (Vec::new(), Vec::new());
    for (kin, points) in &lines {
        let split = points.partition_point(|point| point[0] <= now as f64);
        let line = |points: &[Point], ink| Mark::Line(mark::Line::thin(points.to_vec(), ink));
        drawn.push(line(&points[split.saturating_sub(1)..], Ink::Ahead(kin.racer)));
        drawn.push(line(&points[..split], Ink::Racer(kin.racer)));
        if let Some(&[step, gap]) = points[..split].last() {
            signs.extend(head(show, kin, &upright, [step.min(inside), gap]));
        }
    }
    figure.plot = Some(Plot {
        x: Axis {
            range: [0.0, end as f64],
            log: false,
            name: "step".to_owned(),
            ticks: across(end, room.columns - LABELS),
        }
        .into(),
        y: upright.axis().into(),
        labels: Labels::Margin(LABELS),
        grid: true,
        equal: false,
        settled: Settled::default(),
        layers: vec![
            Layer::new(Tier::Ground, vec![Mark::Rule(now as f64)]),
            Layer::new(Tier::Lines, drawn),
            Layer::new(Tier::Signs, signs),
        ],
    });
    figure
}

/// The glyph at the end of a curve, with the racer's name.
fn head(show: &Show, kin: &Kin, upright: &Upright, at: Point) -> Vec<Mark> {
    if upright.row(at[1]) >= f64::from(upright.rows) {
        return Vec::new();
    }
    let name = mark::Label {
        text: show.world.scenario.racers[kin.racer].label.clone(),
        anchors: vec![at],
        place: Place::Around,
        ink: Ink::Racer(kin.racer),
    };
    vec![Mark::Sign(at, Sign::Racer(kin.racer)), Mark::Label(name)]
}

/// The gaps at the playhead, how many times the first is the last, and, on request, the order in which they shrink.
#[must_use]
pub fn table(show: &Show, charts: &Charts, room: Room) -> PaneFigure {
    let name = "Gap at this step".to_owned();
    let figure = PaneFigure { name, ..PaneFigure::default() };
    if show.question().is_some() {
        return hidden(&figure.name, room);
    }
    if room.columns < NARROW || room.rows == 0 {
        return figure;
    }
    let (now, asked) = (show.now(), charts.halved.is_some());
    let order_end = room.columns - 2;
    let gap_end = if asked { order_end - ORDER } else { order_end };
    let names = gap_end.saturating_sub(NUMBER + 3);
    let mut heading: Line = vec![dim(3, compared(show, charts, names)), dim(gap_end, "gap").right()];
    if asked {
        heading.push(dim(order_end, "order").right());
    }
    let gap_of = |kin: &Kin| kin.gaps().get(now).copied().unwrap_or(f64::NAN);
    let mut rows = vec![heading];
    let last = usize::from(room.rows - 1);
    for (i, kin) in charts.gaps.kins.iter().enumerate().take(last.saturating_sub(1)) {
        let racer = &show.world.scenario.racers[kin.racer];
        let also = if kin.members < charts.gaps.charts.len() { " (also run)" } else { "" };
        let whole = format!("{}{also}", racer.label);
        let said = if width(&whole) <= names { &whole } else { &racer.label };
        let mut row = vec![label(1, Sign::Racer(kin.racer), kin.racer), text(3, said).most(names)];
        row.push(bold(gap_end, value(gap_of(kin))).right());
        if asked {
            let order = charts.order_of_gap(i, now).map_or("–".to_owned(), |order| format!("{order:.2}"));
            row.push(bold(order_end, &order).right());
        }
        rows.push(row);
    }
    let gaps = charts.gaps.kins.iter().map(gap_of).filter(|gap| *gap > ROUNDING);
    let (most, least) = gaps.fold((0.0_f64, f64::INFINITY), |(most, least), gap| (most.max(gap), least.min(gap)));
    if most > least && last > 0 {
        let times = most / least;
        let times = if times < 1e5 { format!("{times:.0}×") } else { format!("{}×", value(times)) };
        rows.resize(last, Vec::new());
        rows.push(vec![dim(3, "largest / smallest"), dim(gap_end, &times).right()]);
    }
    PaneFigure { table: Some((room.columns, Table { rows })), ..figure }
}

/// Which charts are compared: by name where there is room, else how many of how many.
fn compared(show: &Show, charts: &Charts, room: u16) -> String {
    let info = show.world.family.info();
    let names: Vec<&str> = charts.gaps.charts.iter().map(|chart| info.chart_info(*chart).name).collect();
    let all = format!("in {}", names.join(", "));
    let count = format!("in {} of {} charts", names.len(), info.charts.len());
    if width(&all) <= room { all } else { count }
}
