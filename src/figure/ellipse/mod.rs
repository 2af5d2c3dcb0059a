//! The ellipse pane: at one place, with one radius δ, what a Euclidean step allows, what Fisher allows, what KL allows
//! exactly, and where each racer goes next.
//!
//! Rays reach to the ellipse: directions are compared, lengths are numbers. The numbers come from `steps`.

mod steps;

use std::f64::consts::TAU;
use std::sync::Arc;

use super::racers::{radius, share};
use super::words::{Line as Row, dim, label, text};
use crate::app::{Point as Pinned, Show};
use crate::format;
use crate::geometry::ellipse::ellipse;
use crate::math::Vec2;
use crate::plot::mark::{Dash, Entry, Ink, Layer, Line, Mark, Point, Role, Sample, Sign, Tier};
use crate::plot::pane::{Axis, Labels, Plot, Span, Table, Words};
use crate::plot::text::width;
use crate::plot::{Frame, PaneFigure, Room};
use steps::Around;

/// Points of ellipse and circle.
const POINTS: usize = 96;
/// Cells left free around the figure, both sides together.
const FREE: [u16; 2] = [6, 1];
/// An ellipse longer than this many times its width gets axes of its own.
const LONG: f64 = 4.0;
/// The width of the numbers, and the width from which on they are shown.
const NUMBERS: [u16; 2] = [26, 56];
/// Where the columns of numbers end.
const ENDS: [u16; 2] = [17, 25];
/// The share of the circle that must be in view for the legend to name it, and how many dots it must be across.
const SEEN: f64 = 0.25;
const ACROSS: f64 = 8.0;

/// What is known of the pane from frame to frame.
#[derive(Debug, Default)]
pub struct Memo {
    around: Option<Around>,
    /// The shapes, and over which frame.
    shapes: Option<(Frame, Vec<Arc<Layer>>)>,
    /// The rays, and of which racers from which of them.
    rays: Option<(Pointing, [Arc<Layer>; 2])>,
}

/// Which racers are on, where the pane stands, and which racer is chosen.
type Pointing = (Vec<bool>, Pinned, usize);

/// The pane.
#[must_use]
pub fn pane(show: &Show, room: Room, memo: &mut Memo) -> PaneFigure {
    if !memo.around.as_ref().is_some_and(|around| around.fits(show)) {
        *memo = Memo { around: Around::new(show), ..Memo::default() };
    }
    let numbers = columns(show, room);
    let picture = Room { columns: room.columns - numbers.unwrap_or(0), ..room };
    let fitted = memo.around.as_ref().and_then(|around| fit(around, picture));
    let stretch = fitted.map_or(1.0, |(_, stretch)| stretch);
    let detail = detail(show, room, stretch);
    let mut figure = PaneFigure { name: "Ellipse".to_owned(), detail, ..PaneFigure::default() };
    let (Some(around), Some((frame, stretch))) = (&memo.around, fitted) else { return figure };
    if memo.shapes.as_ref().is_none_or(|(own, _)| *own != frame) {
        memo.shapes = Some((frame, shapes(around)));
    }
    let mut layers = memo.shapes.as_ref().map(|(_, layers)| layers.clone()).unwrap_or_default();
    let key = (show.on.clone(), show.point, show.chosen);
    if memo.rays.as_ref().is_none_or(|(own, _)| *own != key) {
        memo.rays = Some((key, rays(show, around)));
    }
    layers.extend(memo.rays.iter().flat_map(|(_, layers)| layers.clone()));
    if let Some(columns) = numbers {
        figure.table = Some((columns, table(show, around, &frame, room)));
    } else {
        layers.push(Layer::new(Tier::Signs, vec![Mark::Legend(legend(around, &frame, true))]));
    }
    let axis = |range: [f64; 2]| Axis { range, log: false, name: String::new(), ticks: Vec::new() };
    figure.plot = Some(Plot {
        x: axis(frame.x),
        y: axis(frame.y),
        labels: Labels::None,
        grid: false,
        equal: stretch == 1.0,
        settled: Vec::new(),
        layers,
    });
    figure
}

/// How many columns the numbers take; `None` if there is no room for them.
fn columns(show: &Show, room: Room) -> Option<u16> {
    let needed = u16::try_from(show.world.scenario.racers.len()).unwrap_or(u16::MAX).saturating_add(1);
    (room.columns >= NUMBERS[1] && room.rows >= needed).then_some(NUMBERS[0])
}

/// The frame in which everything fits, the place in the middle of a cell, and how many times longer a unit of the
/// shorter axis is drawn.
fn fit(around: &Around, room: Room) -> Option<(Frame, f64)> {
    let (columns, rows) = (usize::from(room.columns), usize::from(room.rows));
    if columns == 0 || rows == 0 {
        return None;
    }
    let free = |all: u16, free: u16| f64::from(all.saturating_sub(free).max(1));
    let free = Vec2::new(2.0 * free(room.columns, FREE[0]), 4.0 * free(room.rows, FREE[1]));
    let [low, high] = around.bounds();
    let mut scale = free.component_div(&(high - low));
    let half = around.extent();
    let ratio = half[0] / half[1];
    let mut stretch = 1.0;
    if (1.0 / LONG..=LONG).contains(&ratio) {
        scale = Vec2::repeat(scale.min());
    } else {
        stretch = scale.max() / scale.min();
    }
    let centre = (low + high) * 0.5;
    let reach = Vec2::new(columns as f64 / scale[0], 2.0 * rows as f64 / scale[1]);
    let frame = |centre: Vec2| Frame {
        x: [centre[0] - reach[0], centre[0] + reach[0]],
        y: [centre[1] - reach[1], centre[1] + reach[1]],
        columns,
        rows,
    };
    // By less than a cell, so that rays begin at the sign of the place.
    let [x, y] = frame(centre).dot(around.place.x[0], around.place.x[1]);
    let off = |dot: f64, size: f64| dot - ((dot / size).floor() + 0.5) * size;
    let frame = frame(centre + Vec2::new(off(x, 2.0) / scale[0], -off(y, 4.0) / scale[1]));
    let good =
        frame.x.iter().chain(&frame.y).all(|v| v.is_finite()) && frame.x[0] < frame.x[1] && frame.y[0] < frame.y[1];
    (good && stretch.is_finite()).then_some((frame, stretch))
}

fn point(x: Vec2) -> Point {
    [x[0], x[1]]
}

/// The circle of a Euclidean step.
fn circle(around: &Around) -> Vec<Point> {
    let radius = (2.0 * around.delta).sqrt();
    let angles = (0..=POINTS).map(|i| TAU * i as f64 / POINTS as f64);
    angles.map(|angle| point(around.place.x + Vec2::new(angle.cos(), angle.sin()) * radius)).collect()
}

/// The exact ball as a fill, the circle under and the ellipse among the rays.
fn shapes(around: &Around) -> Vec<Arc<Layer>> {
    let ball = around.outline.iter().map(|x| point(*x)).collect();
    let circle = Line { yields: true, ..Line::thin(circle(around), Ink::Role(Role::Dim)).dashed(Dash::Even) };
    let mut round: Vec<Point> =
        ellipse(&around.metric, around.delta, POINTS).map(|step| point(around.place.x + step)).collect();
    round.extend(round.first().copied());
    vec![
        Layer::new(Tier::Ground, vec![Mark::Area(ball)]),
        Layer::new(Tier::Ground, vec![Mark::Line(circle)]),
        Layer::new(Tier::Lines, vec![Mark::Line(Line::thin(round, Ink::Role(Role::Mark)))]),
    ]
}

/// The rays from the place to the ellipse with the racers' glyphs, and the place itself.
fn rays(show: &Show, around: &Around) -> [Arc<Layer>; 2] {
    let x = around.place.x;
    let (mut lines, mut signs) = (Vec::new(), Vec::new());
    for racer in (0..show.on.len()).filter(|&racer| show.on[racer]) {
        if let Some(Some(step)) = around.steps.get(racer) {
            let end = point(x + step.ray);
            lines.push(Mark::Line(Line::thin(vec![point(x), end], Ink::Racer(racer))));
            signs.push(Mark::Sign(end, Sign::Racer(racer)));
        }
    }
    let place = match show.point {
        Pinned::Start => Sign::Start,
        Pinned::Racer => Sign::Racer(show.chosen),
    };
    signs.push(Mark::Sign(point(x), place));
    [Layer::new(Tier::Lines, lines), Layer::new(Tier::Signs, signs)]
}

/// What the title says: from where, with which δ, in which chart if the pane fills the screen, on which axes; shorter
/// where it has to be.
fn detail(show: &Show, room: Room, stretch: f64) -> String {
    let from = match show.point {
        Pinned::Start => "the start".to_owned(),
        Pinned::Racer => show.world.scenario.racers.get(show.chosen).map_or(String::new(), |racer| racer.label.clone()),
    };
    let delta = format!("δ {}", format::label(show.delta()));
    let names = show.world.family.chart(show.chart).info().axes;
    let chart = if show.filled { format!(", {} × {}", names[0], names[1]) } else { String::new() };
    let axes = if stretch > 1.0 { format!(", axes ×{}", format::rounded(stretch, 2)) } else { String::new() };
    // Corners, blanks, the title and a stretch of line.
    let most = room.columns.saturating_sub(11);
    let all = [
        format!("next steps from {from}, {delta}{chart}{axes}"),
        format!("next steps from {from}, {delta}{axes}"),
        format!("from {from}, {delta}{axes}"),
        format!("{delta}{axes}"),
    ];
    all.into_iter().find(|text| width(text) <= most).unwrap_or(delta)
}

/// What the shapes are: the circle only where enough of it can be seen.
fn legend(around: &Around, frame: &Frame, short: bool) -> Vec<Entry> {
    let entry = |sample, long: String, brief: &str| Entry { sample, text: if short { brief.to_owned() } else { long } };
    let delta = format::label(around.delta);
    let round = circle(around);
    let seen = round.iter().filter(|[x, y]| frame.cell(*x, *y).is_some()).count();
    let radius = (2.0 * around.delta).sqrt();
    let across = 4.0 * frame.columns as f64 * radius / (frame.x[1] - frame.x[0]);
    let mut entries = vec![
        entry(Sample::Fill, format!("KL ≤ {delta}, exact"), "exact"),
        entry(Sample::Line(Dash::Solid, Ink::Role(Role::Mark)), "Fisher ellipse".to_owned(), "Fisher"),
    ];
    if seen as f64 >= SEEN * round.len() as f64 && across >= ACROSS {
        entries.push(entry(Sample::Line(Dash::Even, Ink::Role(Role::Dim)), "circle (F = 1)".to_owned(), "circle"));
    }
    entries
}

/// Legend, numbers and what they are.
fn table(show: &Show, around: &Around, frame: &Frame, room: Room) -> Table {
    let enabled: Vec<usize> = (0..show.on.len()).filter(|&racer| show.on[racer]).collect();
    let height = usize::from(room.rows);
    let mut rows: Vec<Row> = Vec::new();
    if height >= enabled.len() + 5 {
        let sample = |entry: &Entry| Span {
            text: Words::Sample(entry.sample),
            most: 2,
            ..text(0, "").ink(if let Sample::Line(_, ink) = entry.sample { ink } else { Ink::Role(Role::Soft) })
        };
        rows.extend(legend(around, frame, false).iter().map(|entry| vec![sample(entry), text(3, &entry.text)]));
        rows.resize(4, Row::new());
    }
    let racers = &show.world.scenario.racers;
    let owned = racers.iter().any(|racer| radius(racer).is_some());
    let head = if owned { "KL/δ" } else { "KL" };
    rows.push(vec![dim(0, "next step"), dim(ENDS[0], head).right(), dim(ENDS[1], "angle").right()]);
    for racer in enabled {
        let step = around.steps.get(racer).copied().flatten();
        let kl = step.map_or(f64::NAN, |step| step.kl);
        let kl = if owned { share(kl, radius(&racers[racer])) } else { format::value(kl) };
        let angle = step.map(|step| step.angle.to_degrees().round()).filter(|angle| angle.is_finite());
        let angle = angle.map_or_else(|| "–".to_owned(), |angle| format!("{angle}°"));
        let number = text(0, &(racer + 1).to_string()).ink(Ink::Racer(racer));
        let after = width(&(racer + 1).to_string()) + 1;
        let sign = label(after, Sign::Racer(racer), racer);
        rows.push(vec![number, sign, text(ENDS[0], &kl).right(), text(ENDS[1], &angle).right()]);
    }
    if rows.len() + 1 < height {
        let about = if owned { "KL over the racer's own δ" } else { "" };
        rows.push(Row::new());
        rows.push(vec![dim(0, "angle to natural, Fisher")]);
        if rows.len() < height && owned {
            rows.push(vec![dim(0, about)]);
        }
    }
    Table { rows }
}
