//! What stands on the picture: names of regions, of points on the steps, values of the surrogate.
//!
//! `plot` decides which of the places is free; a name that finds none is left out.

use super::scene::Scene;
use super::tries::{Stop, Try, What};
use crate::figure::values::{middle, places};
use crate::format;
use crate::plot::mark::{Ink, Label, Mark, Place, Point, Role};
use crate::plot::text::width;
use crate::plot::ticks::Tick;
use crate::plot::{Dots, Frame};

/// From this epoch on epochs have their names.
const NAMED: usize = 5;
/// From this width on names are in full.
const WIDE: usize = 90;
/// Columns between the middle of a name's end and what it names.
const GAP: usize = 2;
/// Columns of the labels of the vertical axis.
const AXIS: usize = 4;
/// Columns and rows about the end of a way within which it has settled.
const SETTLED: (usize, usize) = (2, 1);
/// So many iterates of conjugate gradient have names.
const ITERATES: usize = 2;

/// What names of regions and contours keep away from.
pub struct Busy<'a> {
    /// The frame.
    pub frame: &'a Frame,
    /// The lines.
    pub lines: Dots,
    /// The cells with signs.
    pub signs: Vec<(usize, usize)>,
}

impl Busy<'_> {
    fn free(&self, column: usize, row: usize) -> bool {
        column < self.frame.columns && self.lines.mask(column, row) == 0 && !self.signs.contains(&(column, row))
    }
}

fn beside(text: String, at: Point, what: What) -> Mark {
    // The way goes on from a shortened step: over or under it a name would be that of the longer one.
    let shortened = matches!(what, What::Candidate(share, _) if share < 1.0);
    let place = if shortened { Place::Beside } else { Place::Around };
    Mark::Label(Label { text, anchors: vec![at], place, ink: Ink::Role(Role::Text) })
}

/// The names of points on the steps: the ends first.
#[must_use]
pub fn steps(scene: &Scene<'_>) -> Vec<Mark> {
    let rank = |what: &What| match what {
        What::Last(_) | What::Candidate(_, true) => 0,
        What::Candidate(..) => 1,
        What::Iterate(_) => 2,
        What::Epoch(_) => 3,
    };
    let mut named: Vec<(i32, Mark)> = Vec::new();
    for found in scene.tries {
        for stop in &found.stops {
            if scene.frame.cell(stop.at[0], stop.at[1]).is_none() {
                continue;
            }
            let text = title(scene, found, stop.what).filter(|_| stop.what.ends() || !crowded(scene, found, stop));
            named.extend(text.map(|text| (rank(&stop.what), beside(text, stop.at, stop.what))));
        }
    }
    named.sort_by_key(|(rank, _)| *rank);
    named.into_iter().map(|(_, mark)| mark).collect()
}

/// Whether a point on the way stands by the last one, where the way has settled: there only the last one has a name.
fn crowded(scene: &Scene<'_>, found: &Try, stop: &Stop) -> bool {
    let cell = |at: Point| scene.frame.cell(at[0], at[1]);
    let near =
        |(a, b): ((usize, usize), (usize, usize))| a.0.abs_diff(b.0) <= SETTLED.0 && a.1.abs_diff(b.1) <= SETTLED.1;
    found.stops.iter().filter(|other| other.what.ends()).any(|end| cell(stop.at).zip(cell(end.at)).is_some_and(near))
}

/// What a point is called in the picture; with several racers of a kind the last one has its racer's name.
fn title(scene: &Scene<'_>, found: &Try, what: What) -> Option<String> {
    let epochs = |found: &Try| found.stops.iter().any(|stop| matches!(stop.what, What::Last(_)));
    let alone = scene.tries.iter().filter(|other| epochs(other) == epochs(found)).count() == 1;
    let named = |own: String| if alone { own } else { scene.labels.get(found.racer).cloned().unwrap_or(own) };
    match what {
        What::Candidate(share, accepted) => {
            let own = if share == 1.0 { "full step".to_owned() } else { format!("×{}", format::rounded(share, 2)) };
            (accepted || share == 1.0).then(|| if accepted { named(own) } else { own })
        }
        What::Iterate(k) => (k <= ITERATES).then(|| format!("CG {k}")),
        What::Epoch(k) => (alone && k >= NAMED).then(|| format!("epoch {k}")),
        What::Last(k) => Some(named(format!("epoch {k}"))),
    }
}

/// The names of the regions.
#[must_use]
pub fn regions(scene: &Scene<'_>, busy: &Busy<'_>) -> Vec<Mark> {
    let (frame, clip) = (busy.frame, scene.clips.clip);
    let wide = frame.columns >= WIDE;
    let label = |text: String, anchors: Vec<(usize, usize)>, role: Role| {
        let anchors = anchors.into_iter().map(|(column, row)| middle(frame, column, row)).collect();
        Mark::Label(Label { text, anchors, place: Place::On, ink: Ink::Role(role) })
    };
    let [low, high] = scene.clips.ends();
    let clips = if wide { format!("clip |ρ−1| ≤ {}", format::label(clip)) } else { scene.clips.name() };
    let mut marks = vec![];
    let below = around_box(frame, [low, high], usize::from(width(&clips)));
    marks.push(label(clips, below, Role::Text));
    if let (Some(high), Some(ends)) = (scene.clips.high, scene.clips.higher()) {
        let text = format!("{} {}", if wide { "clip-higher" } else { "higher" }, format::label(high));
        let places = beside_box(frame, ends, usize::from(width(&text)));
        marks.push(label(text, places, Role::Text));
    }
    let exact = format!("KL ≤ {}, exact", format::label(scene.delta));
    marks.push(label(exact, above(frame, &scene.shapes.ball), Role::Text));
    let (fisher, places) = fisher(busy, &scene.shapes.ellipse);
    marks.push(label(fisher.to_owned(), places, Role::Text));
    let nothing = "below: no policy";
    let bottom = frame.cell(1.0, 0.0).map_or(Vec::new(), |(_, row)| {
        let columns = [frame.columns.saturating_sub(nothing.len() / 2 + 3), nothing.len() / 2 + 3, frame.columns / 2];
        (row + 1..frame.rows).flat_map(|row| columns.map(|column| (column, row))).collect()
    });
    marks.push(label(nothing.to_owned(), bottom, Role::Dim));
    marks
}

/// The cell of a point, or the nearest in the frame.
fn held(frame: &Frame, [x, y]: Point) -> (usize, usize) {
    let [dx, dy] = frame.dot(x, y);
    let cell =
        |dot: f64, size: f64, count: usize| ((dot / size).floor().max(0.0) as usize).min(count.saturating_sub(1));
    (cell(dx, 2.0, frame.columns), cell(dy, 4.0, frame.rows))
}

/// Places about a box: under it, over it, left and right.
fn around_box(frame: &Frame, [low, high]: [f64; 2], long: usize) -> Vec<(usize, usize)> {
    let ((left, bottom), (right, top)) = (held(frame, [low, low]), held(frame, [high, high]));
    let centre = usize::midpoint(left, right);
    let starts = [left + long / 2, centre, right];
    let rows = [bottom + 1, bottom + 2].into_iter().chain(top.checked_sub(1)).chain(top.checked_sub(2));
    let mut places: Vec<_> = rows.flat_map(|row| starts.map(|column| (column, row))).collect();
    places.extend(left.checked_sub(long / 2 + GAP).map(|column| (column, usize::midpoint(top, bottom))));
    places
}

/// Places right of the lower corner of a box, then about it.
fn beside_box(frame: &Frame, ends: [f64; 2], long: usize) -> Vec<(usize, usize)> {
    let [low, high] = ends;
    let (right, bottom) = held(frame, [high, low]);
    let column = right + long / 2 + GAP;
    let mut places: Vec<_> = [bottom, bottom + 1, bottom.saturating_sub(1)].map(|row| (column, row)).to_vec();
    places.extend(around_box(frame, [low, high], long));
    places
}

/// Places over a region, then inside of it from its top down.
fn above(frame: &Frame, border: &[Point]) -> Vec<(usize, usize)> {
    let top =
        border.iter().copied().fold([1.0, f64::NEG_INFINITY], |top, point| if point[1] > top[1] { point } else { top });
    let (column, row) = held(frame, top);
    let rows = row.checked_sub(1).into_iter().chain(row + 1..row + 6);
    rows.flat_map(|row| [0, 4, -4, 8, -8].map(|by| (column.saturating_add_signed(by), row))).collect()
}

/// The name of the ellipse and its places, left of it or right: in full where that is as near as a shorter one.
fn fisher(busy: &Busy<'_>, border: &[Point]) -> (&'static str, Vec<(usize, usize)>) {
    const NAMES: [&str; 2] = ["Fisher ellipse", "Fisher"];
    let frame = busy.frame;
    let end = |a: &&Point, b: &&Point| a[0].total_cmp(&b[0]);
    let (Some(first), Some(last)) = (border.iter().min_by(end), border.iter().max_by(end)) else {
        return (NAMES[0], Vec::new());
    };
    let ((left, row), (right, _)) = (held(frame, *first), held(frame, *last));
    let rows: Vec<usize> = (0..6).flat_map(|by| [row.checked_sub(by), Some(row + by)]).flatten().collect();
    let free = |&(_, (column, row)): &(&str, (usize, usize)), long: usize| {
        let first = column - long / 2;
        let cells = first.saturating_sub(1)..=first + long;
        row < frame.rows && first + long < frame.columns && cells.into_iter().all(|column| busy.free(column, row))
    };
    let sides = |row: usize| {
        NAMES.into_iter().flat_map(move |name| {
            let half = name.len() / 2;
            let before = left.checked_sub(half + GAP).filter(|column| *column >= half + AXIS);
            before.into_iter().chain([right + half + GAP + 1]).map(move |column| (name, (column, row)))
        })
    };
    let mut found = rows.into_iter().flat_map(sides).filter(|place| free(place, place.0.len())).peekable();
    let name = found.peek().map_or(NAMES[0], |(name, _)| *name);
    (name, found.filter(|(own, _)| *own == name).map(|(_, place)| place).collect())
}

/// The values of the surrogate, on its contours.
#[must_use]
pub fn contours(found: &[(Tick, [Point; 2])], dots: &[Dots], busy: &Busy<'_>) -> Vec<Mark> {
    let label = |(i, (tick, _)): (usize, &(Tick, [Point; 2]))| {
        let text = match tick.at {
            0.0 => "surrogate 0".to_owned(),
            value if value > 0.0 => format!("+{}", tick.label),
            _ => tick.label.clone(),
        };
        let others: Vec<&Dots> =
            dots.iter().enumerate().filter(|(k, _)| *k != i).map(|(_, dots)| dots).chain([&busy.lines]).collect();
        let anchors = places(usize::from(width(&text)), AXIS + 1, &dots[i], &others, &busy.signs);
        let anchors = anchors.into_iter().map(|(column, row)| middle(busy.frame, column, row)).collect();
        Mark::Label(Label { text, anchors, place: Place::On, ink: Ink::Role(Role::ContourLabel) })
    };
    found.iter().enumerate().map(label).collect()
}
