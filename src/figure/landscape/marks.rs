//! Signs on the landscape: start, optimum, heads, one mark every ten steps, arrows where a path leaves the picture.

use crate::app::Seen;
use crate::math::Vec2;
use crate::plot::Frame;
use crate::plot::mark::{Ink, Label, Mark, Place, Point, Role, Sign};
use crate::plot::pane::Axis;
use crate::plot::ticks::{Tick, readable};
use crate::scenario::Overlay;

use super::track::{Path, Tracks};
use super::triangle;

/// Cells between ticks.
const SPACING: [f64; 2] = [16.0, 5.0];
/// Below this size there are no ticks.
const ROOM: [usize; 2] = [24, 6];
/// Steps between step marks.
pub const EVERY: usize = 10;
/// Columns or rows between two marks of time.
const APART: (usize, usize) = (6, 2);
/// How many steps back the place is sought where a path left the picture.
const BACK: usize = 2000;

/// Start and optimum.
#[must_use]
pub fn fixed(show: &Seen<'_>) -> Vec<Mark> {
    let chart = show.world.family.chart(show.chart);
    let mark = |(p, sign): (Vec2, Sign)| {
        let x = chart.to_coordinates(p);
        Mark::Sign([x[0], x[1]], sign)
    };
    let start = Some((show.world.start(), Sign::Start));
    let optimum = show.world.objective.optimum().map(|p| (p, Sign::Optimum));
    start.into_iter().chain(optimum).map(mark).collect()
}

/// The marks of a step, one on each path that has it.
#[must_use]
pub fn step_marks(show: &Seen<'_>, tracks: &Tracks, step: usize) -> Vec<Mark> {
    let enabled = (0..show.on.len()).filter(|racer| show.on[*racer]);
    let passed = |racer: usize| Some((racer, tracks.path(&show.race, racer)?.get(step)?));
    enabled.filter_map(passed).map(|(racer, x)| Mark::Sign([x[0], x[1]], Sign::Bead(racer))).collect()
}

/// Where racers stand or ended, and where they left the picture.
#[must_use]
pub fn moving(show: &Seen<'_>, tracks: &Tracks, frame: &Frame) -> Vec<Mark> {
    let now = show.now();
    let enabled = (0..show.on.len()).filter(|racer| show.on[*racer]);
    let paths = enabled.filter_map(|racer| Some((racer, tracks.path(&show.race, racer)?, show.race.trace(racer))));
    let mut marks = Vec::with_capacity(show.on.len());
    if show.world.scenario.view.log_time && show.overlay_now(Overlay::Paths) {
        let all = paths.clone().map(|(racer, path, trace)| decades(path, now.min(trace.last_alive()), racer, frame));
        marks.extend(all.flatten());
    }
    for (racer, path, trace) in paths {
        let last = now.min(trace.last_alive());
        let sign = if trace.ended_by(now).is_some() { Sign::Dead(racer) } else { Sign::Head(racer) };
        let stands = path.get(last).map(|x| [x[0], x[1]]);
        marks.extend(way_out(show, path, racer, frame).map(|[_, end]| end).or(stands).map(|at| Mark::Sign(at, sign)));
        if show.overlay_now(Overlay::Paths) {
            marks.extend(
                leaves(path, last, frame).map(|(at, arrow)| Mark::Sign(at, Sign::Char(arrow, Ink::Racer(racer)))),
            );
        }
    }
    marks
}

/// Powers of ten among a path's steps, with their names: not where it still is near the one before, or near its end.
fn decades(path: Path<'_>, last: usize, racer: usize, frame: &Frame) -> Vec<Mark> {
    let cell = |step: usize| path.get(step).and_then(|x| frame.cell(x[0], x[1]));
    let apart = |a: (usize, usize), b: (usize, usize)| a.0.abs_diff(b.0) >= APART.0 || a.1.abs_diff(b.1) >= APART.1;
    let mut taken: Vec<(usize, usize)> = [cell(0), cell(last)].into_iter().flatten().collect();
    let mut marks = Vec::new();
    for power in 1..20 {
        let step = 10_usize.pow(power);
        if step >= last {
            break;
        }
        let Some(place) = cell(step).filter(|place| taken.iter().all(|other| apart(*place, *other))) else { continue };
        let Some(at) = path.get(step).map(|x| [x[0], x[1]]) else { continue };
        taken.push(place);
        let text = if power < 3 { format!("t {step}") } else { format!("t 1e{power}") };
        marks.push(Mark::Sign(at, Sign::Bead(racer)));
        marks.push(Mark::Label(Label { text, anchors: vec![at], place: Place::Around, ink: Ink::Role(Role::Text) }));
    }
    marks
}

/// Where a path has left the picture that is outside now: the place just inside, and an arrow outward.
fn leaves(path: Path<'_>, last: usize, frame: &Frame) -> Option<(Point, char)> {
    let inside = |x: &Vec2| frame.cell(x[0], x[1]).is_some();
    let outside = path.get(last).filter(|x| !inside(x))?;
    let steps = (last.saturating_sub(BACK)..last).rev();
    let (step, from) = steps.filter_map(|step| Some((step, path.get(step)?))).find(|(_, x)| inside(x))?;
    edge(from, path.get(step + 1).unwrap_or(outside), frame)
}

/// The last step of a racer that has left the space, if it is known where it led: from the last point to where it led or, if that
/// is out of view, to the edge of the picture.
#[must_use]
pub fn way_out(show: &Seen<'_>, path: Path<'_>, racer: usize, frame: &Frame) -> Option<[Point; 2]> {
    let beyond = show.race.trace(racer).ended_by(show.now())?.beyond.as_ref()?;
    // On a plane of many parameters the racer's coordinates are not those in view.
    let [first, second] = <[f64; 2]>::try_from(beyond.at.as_slice()).ok().filter(|_| show.world.plane().is_none())?;
    let (family, spec) = (&show.world.family, &show.world.scenario.racers[racer]);
    let to = if spec.chart == show.chart {
        Vec2::new(first, second)
    } else {
        let p = family.chart(spec.chart).to_parameters(Vec2::new(first, second));
        family.chart(show.chart).to_coordinates(p)
    };
    let from = path.get(path.len().checked_sub(1)?).filter(|x| frame.cell(x[0], x[1]).is_some())?;
    let end = match frame.cell(to[0], to[1]) {
        Some(_) => [to[0], to[1]],
        None => edge(from, to, frame)?.0,
    };
    Some([[from[0], from[1]], end])
}

/// Where the straight way from a point in the picture to one that is not crosses its edge: half a cell inside, with an arrow outward.
fn edge(from: Vec2, to: Vec2, frame: &Frame) -> Option<(Point, char)> {
    let ranges = [frame.x, frame.y];
    // The share of the way to the first side that is crossed.
    let crossing = |axis: usize| {
        let [low, high] = ranges[axis];
        let side = if to[axis] > high { high } else { low };
        let share = (side - from[axis]) / (to[axis] - from[axis]);
        (to[axis] > high || to[axis] < low).then_some((share, axis, to[axis] > high))
    };
    let crossings = (0..2).filter_map(crossing);
    let (share, axis, high) = crossings.min_by(|a, b| a.0.total_cmp(&b.0))?;
    let mut at = from + (to - from) * share;
    // Half a cell inside.
    let cell = [(frame.x[1] - frame.x[0]) / frame.columns as f64, (frame.y[1] - frame.y[0]) / frame.rows as f64];
    at[axis] += if high { -0.5 } else { 0.5 } * cell[axis];
    let arrow = match (axis, high) {
        (0, true) => '→',
        (0, false) => '←',
        (_, true) => '↑',
        (_, false) => '↓',
    };
    at.iter().all(|v| v.is_finite()).then_some(([at[0], at[1]], arrow))
}

/// Probabilities that label log-odds, from one half up; below it are their complements.
const ODDS: [(f64, &str, &str); 8] = [
    (0.0, "0.5", "0.5"),
    (FINE, "0.75", "0.25"),
    (2.197_224_577_336_219_6, "0.9", "0.1"),
    (4.595_119_850_134_589, "0.99", "0.01"),
    (6.906_754_778_648_554, "0.999", "0.001"),
    (9.210_240_366_975_85, "1−1e−4", "1e−4"),
    (11.512_915_464_920_228, "1−1e−5", "1e−5"),
    (13.815_509_557_963_773, "1−1e−6", "1e−6"),
];
/// The log-odds of three quarters, which are labelled only where the picture is narrower than so much.
const FINE: f64 = 1.098_612_288_668_109_8;
const NARROW: f64 = 6.0;
/// How an axis of log-odds is called.
const LOG_ODDS: &str = "log odds ";

/// The probability whose log-odds a coordinate is, where a policy of two states and two actions is drawn in them.
#[must_use]
pub fn probability(show: &Seen<'_>, name: &str) -> Option<String> {
    let two = show.world.scenario.process().is_some_and(|process| process.states.len() == 2);
    let of = name.strip_prefix(LOG_ODDS).filter(|_| two)?;
    Some(format!("π({of})"))
}

/// Ticks of log-odds, labelled as probabilities, a few cells apart.
fn odds([low, high]: [f64; 2], cells: usize, spacing: f64) -> Vec<Tick> {
    let of = |sign: f64| {
        move |(at, above, below): &(f64, &str, &str)| Tick {
            at: sign * at,
            label: if sign > 0.0 { *above } else { *below }.to_owned(),
        }
    };
    let below = ODDS[1..].iter().rev().map(of(-1.0));
    let apart = spacing * 0.6 * (high - low) / cells.max(1) as f64;
    let mut kept: Vec<Tick> = Vec::new();
    for tick in below
        .chain(ODDS.iter().map(of(1.0)))
        .filter(|tick| low < tick.at && tick.at < high && (tick.at.abs() != FINE || high - low < NARROW))
    {
        if kept.last().is_none_or(|last| tick.at - last.at >= apart) {
            kept.push(tick);
        }
    }
    kept
}

/// Both axes, without ticks where there is no room for them.
#[must_use]
pub fn axes(show: &Seen<'_>, frame: &Frame) -> [Axis; 2] {
    let names = show.world.family.chart(show.chart).info().axes;
    // The corners of a simplex say more than coordinates.
    let roomy = frame.columns >= ROOM[0] && frame.rows >= ROOM[1] && triangle::bandit(show).is_none();
    let likely = |range: [f64; 2], cells: usize, axis: usize| {
        let name = probability(show, names[axis]).filter(|_| roomy)?;
        Some(Axis { range, log: false, name, ticks: odds(range, cells, SPACING[axis]) })
    };
    let plain = |range: [f64; 2], cells: usize, axis: usize| Axis {
        range,
        log: false,
        name: if roomy { names[axis].to_owned() } else { String::new() },
        ticks: if roomy {
            readable(range, cells as u16, SPACING[axis], if axis == 0 { names[0] } else { "" })
        } else {
            Vec::new()
        },
    };
    let axis = |range, cells, axis| likely(range, cells, axis).unwrap_or_else(|| plain(range, cells, axis));
    [axis(frame.x, frame.columns, 0), axis(frame.y, frame.rows, 1)]
}
