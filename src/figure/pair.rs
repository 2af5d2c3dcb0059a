//! The density pane of families whose observations are pairs: in the plane as ellipses of two standard deviations, for
//! events as bars, for labels as the probability of one over the covariate.
//!
//! The target is filled or dotted, racers are lines. Scalar observations are drawn by `density`.

use super::bars;
use super::reach::across;
use super::source::Source;
use super::standing::standing;
use crate::app::Show;
use crate::family::Support;
use crate::math::{Mat2, Vec2};
use crate::plot::mark::{Bar, Ink, Layer, Line, Mark, Point, Role, Settled, Sign, Tier};
use crate::plot::pane::{Axis, Labels, Plot};
use crate::plot::ticks::readable;
use crate::plot::{PaneFigure, Room};

/// How many standard deviations an ellipse is away from its mean, and how many the pane shows.
const REACH: f64 = 2.0;
const SHOWN: f64 = 2.6;
/// The most data drawn: more would merge into one spot.
const MOST: usize = 4000;
/// Rows between two labels of the vertical axis, and the smallest pane that has them.
const SPACING: f64 = 4.0;
const LABELLED: [u16; 2] = [24, 6];

/// The pane.
#[must_use]
pub fn pane(show: &Show, source: Source<'_>, room: Room) -> PaneFigure {
    let support = show.world.family.support();
    let detail = match (support, source) {
        (Support::Labelled, _) => format!("p(y = 1 | x){}", source.told()),
        (Support::BitPairs, _) => format!("p(x1 x2){}", source.told()),
        (_, Source::Data(_)) => "p to 2 sd, data dotted".to_owned(),
        (_, Source::Target(_) | Source::Nothing) => format!("p to 2 sd{}", source.told()),
    };
    let mut figure = PaneFigure { name: "Density".to_owned(), detail, ..PaneFigure::default() };
    if room.columns == 0 || room.rows == 0 {
        return figure;
    }
    figure.plot = match support {
        Support::Labelled => curves(show, source, room),
        Support::BitPairs => {
            let pair = |a: u8, b: u8| (format!("{a}{b}"), vec![f64::from(a), f64::from(b)]);
            bars::plot(show, source, vec![pair(0, 0), pair(0, 1), pair(1, 0), pair(1, 1)], room)
        }
        _ => plane(show, source, room),
    };
    figure
}

/// The range in view: it covers the target and the start, so that it never moves.
fn window(show: &Show, source: Source<'_>) -> Option<[Vec2; 2]> {
    let family = &*show.world.family;
    let box_of = |p: Vec2| {
        let (mean, covariance) = family.moments(p)?;
        let reach = covariance.diagonal().map(|v| SHOWN * v.sqrt());
        Some((mean - reach, mean + reach))
    };
    let aim = match source {
        Source::Target(p) => box_of(p),
        Source::Data(values) => values.chunks_exact(2).map(|x| Vec2::new(x[0], x[1])).fold(None, |all, x| {
            let (low, high) = all.unwrap_or((x, x));
            Some((low.inf(&x), high.sup(&x)))
        }),
        Source::Nothing => None,
    };
    let start = box_of(show.world.start())?;
    let (low, high) = aim.map_or(start, |(low, high)| (low.inf(&start.0), high.sup(&start.1)));
    let low = if family.support() == Support::CountPairs { low.map(|x| x.max(-0.5)) } else { low };
    let sound = (high - low).iter().all(|x| *x > 0.0 && x.is_finite());
    sound.then_some([low, high])
}

fn plane(show: &Show, source: Source<'_>, room: Room) -> Option<Plot> {
    let family = &*show.world.family;
    let [low, high] = window(show, source)?;
    let fill = match source {
        Source::Target(p) => family.moments(p).map(|(mean, covariance)| Mark::Area(outline(mean, &covariance))),
        Source::Data(values) => {
            let stride = (values.len() / 2).div_ceil(MOST).max(1);
            let points = values.chunks_exact(2).step_by(stride).map(|x| [x[0], x[1]]).collect();
            Some(Mark::Dots(points, Ink::Role(Role::Soft)))
        }
        Source::Nothing => None,
    };
    let (mut lines, mut signs) = (Vec::new(), Vec::new());
    for (racer, p) in standing(show) {
        let Some((mean, covariance)) = family.moments(p) else { continue };
        let mut around = outline(mean, &covariance);
        around.extend(around.first().copied());
        lines.push(Mark::Line(Line::thin(around, Ink::Racer(racer))));
        signs.push(Mark::Sign([mean[0], mean[1]], Sign::Racer(racer)));
    }
    let (columns, rows) = (room.columns, room.rows);
    let labelled = columns >= LABELLED[0] && rows >= LABELLED[1];
    let up = [low[1], high[1]];
    Some(Plot {
        x: across("x1", [low[0], high[0]], columns).into(),
        y: Axis {
            range: up,
            log: false,
            name: if labelled { "x2".to_owned() } else { String::new() },
            ticks: if labelled { readable(up, rows, SPACING, "") } else { Vec::new() },
        }
        .into(),
        labels: if labelled { Labels::Inside } else { Labels::None },
        grid: false,
        equal: false,
        settled: Settled::default(),
        layers: vec![
            Layer::new(Tier::Ground, fill.into_iter().collect()),
            Layer::new(Tier::Lines, lines),
            Layer::new(Tier::Signs, signs),
        ],
    })
}

/// An ellipse of [`REACH`] standard deviations.
fn outline(mean: Vec2, covariance: &Mat2) -> Vec<Point> {
    const SIDES: u32 = 96;
    let first = covariance[(0, 0)].sqrt();
    let slope = covariance[(1, 0)] / first;
    let rest = (covariance[(1, 1)] - slope * slope).max(0.0).sqrt();
    let at = |i: u32| {
        let (sin, cos) = (std::f64::consts::TAU * f64::from(i) / f64::from(SIDES)).sin_cos();
        let x = mean + REACH * Vec2::new(first * cos, slope * cos + rest * sin);
        [x[0], x[1]]
    };
    (0..SIDES).map(at).collect()
}

/// The probability of a label one: of the data in each column, or of the target, as a fill; of racers as lines.
fn curves(show: &Show, source: Source<'_>, room: Room) -> Option<Plot> {
    let family = &*show.world.family;
    let (low, high) = family.bulk(show.world.start());
    let columns = usize::from(room.columns);
    let width = (high - low) / columns as f64;
    if !(width > 0.0 && width.is_finite()) {
        return None;
    }
    let at = |dot: f64| low + width * dot;
    let fill = match source {
        Source::Target(p) => {
            let share = |x: f64| [x, family.probability(p, x).unwrap_or(0.0)];
            Some(Mark::Under((0..columns).map(|i| share(at(i as f64 + 0.5))).collect()))
        }
        Source::Data(values) => {
            let mut counts = vec![[0.0_f64; 2]; columns];
            for x in values.chunks_exact(2) {
                let column = ((x[0] - low) / width).floor();
                if (0.0..=columns as f64).contains(&column) {
                    let [ones, all] = &mut counts[(column as usize).min(columns - 1)];
                    (*ones, *all) = (*ones + x[1], *all + 1.0);
                }
            }
            let bar = |(i, [ones, all]): (usize, [f64; 2])| {
                let height = if all > 0.0 { ones / all } else { 0.0 };
                Bar { x: [at(i as f64), at((i + 1) as f64)], height }
            };
            Some(Mark::Bars(counts.into_iter().enumerate().map(bar).collect()))
        }
        Source::Nothing => None,
    };
    let line = |(racer, p)| {
        let share = |x: f64| [x, family.probability(p, x).unwrap_or(f64::NAN)];
        let points = (0..=2 * columns).map(|dot| share(at(0.5 * dot as f64))).collect();
        Mark::Line(Line::thin(points, Ink::Racer(racer)))
    };
    // Half a dot, so that probabilities of 0 and of 1 are seen.
    let half = 0.125 / f64::from(room.rows);
    Some(Plot {
        x: across("x", [low, high], room.columns).into(),
        y: Axis { range: [-half, 1.0 + half], log: false, name: String::new(), ticks: Vec::new() }.into(),
        labels: Labels::None,
        grid: false,
        equal: false,
        settled: Settled::default(),
        layers: vec![
            Layer::new(Tier::Ground, fill.into_iter().collect()),
            Layer::new(Tier::Lines, standing(show).map(line).collect()),
        ],
    })
}
