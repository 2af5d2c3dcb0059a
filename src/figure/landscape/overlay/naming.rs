//! The names of several lines: each beside its own line, where the others are furthest away; lines that coincide have one
//! name together.

use super::sketch::{Sketch, TEXT};
use crate::figure::values::{middle, trace};
use crate::math::Vec2;
use crate::plot::mark::{Ink, Label, Mark, Place};
use crate::plot::text::width;
use crate::plot::{Dots, Frame};

/// Places along a line that are looked at, and how many of the best are offered.
const PLACES: usize = 64;
const OFFERED: usize = 16;
/// Two lines coincide if no point of one is further from the other, in dots.
const SAME: f64 = 1.5;
/// Beyond so many rows other lines are far enough away.
const FAR: f64 = 3.0;
/// What a place costs, in rows of distance from other lines: at an end of its line rather than in the middle, and beside the
/// line in its row rather than above or below it.
const ALONG: f64 = 0.5;
const SIDE: f64 = 0.3;

type Cell = (usize, usize);

/// A line and what it is called.
#[derive(Debug)]
pub struct Named {
    /// The line in coordinates of the chart.
    pub points: Vec<Vec2>,
    /// What it is called.
    pub name: String,
    /// Its colour.
    pub ink: Ink,
}

/// A line in cells.
struct Line<'a> {
    named: &'a Named,
    /// Its points in view, in dots, and their cells in order.
    path: Vec<[f64; 2]>,
    way: Vec<Cell>,
    dots: Dots,
}

/// Names lines.
pub fn name(lines: &[Named], sketch: &mut Sketch) {
    let frame = sketch.frame;
    let seen: Vec<Line<'_>> =
        lines.iter().map(|named| Line::new(named, &frame)).filter(|line| !line.way.is_empty()).collect();
    let mut groups: Vec<Vec<&Line<'_>>> = Vec::new();
    for line in &seen {
        match groups.iter_mut().find(|group| group[0].coincides(line)) {
            Some(group) => group.push(line),
            None => groups.push(vec![line]),
        }
    }
    for (place, group) in groups.iter().enumerate() {
        let names: Vec<&str> = group.iter().map(|line| line.named.name.as_str()).collect();
        let text = names.join(", ");
        let others: Vec<Cell> = groups
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != place)
            .flat_map(|(_, group)| group.iter().flat_map(|line| line.way.iter().copied()))
            .collect();
        let long = usize::from(width(&text));
        let found = group[0].places(long, &seen, &others, &frame);
        let anchors = found.into_iter().map(|(column, row)| middle(&frame, column + long / 2, row)).collect();
        let ink = if group.len() > 1 { TEXT } else { group[0].named.ink };
        sketch.signs.push(Mark::Label(Label { text, anchors, place: Place::On, ink }));
    }
}

impl<'a> Line<'a> {
    fn new(named: &'a Named, frame: &Frame) -> Self {
        let points: Vec<_> = named.points.iter().map(|x| [x[0], x[1]]).collect();
        let mut dots = Dots::new(frame.columns, frame.rows);
        trace(&mut dots, frame, &points);
        let inside = |[x, y]: &&[f64; 2]| frame.cell(*x, *y).is_some();
        let path = points.iter().filter(inside).map(|[x, y]| frame.dot(*x, *y)).collect();
        let mut way: Vec<Cell> = points.iter().filter_map(|[x, y]| frame.cell(*x, *y)).collect();
        way.dedup();
        Self { named, path, way, dots }
    }

    fn coincides(&self, other: &Self) -> bool {
        let within = |one: &Self, other: &Self| one.path.iter().all(|point| off(*point, &other.path) <= SAME);
        within(self, other) && within(other, self)
    }

    /// The first cells of places for a name beside the line, the best first.
    fn places(&self, long: usize, all: &[Self], others: &[Cell], frame: &Frame) -> Vec<Cell> {
        let free = |(column, row): Cell| {
            let columns = column.saturating_sub(1)..(column + long + 1).min(frame.columns);
            let inside = row < frame.rows && column + long <= frame.columns;
            inside && columns.clone().all(|column| all.iter().all(|line| line.dots.mask(column, row) == 0))
        };
        let stride = self.way.len().div_ceil(PLACES).max(1);
        let half = self.way.len() as f64 / 2.0;
        let mut found: Vec<(f64, Cell)> = Vec::new();
        for (k, cell) in self.way.iter().enumerate().step_by(stride) {
            let off = ALONG * (k as f64 - half).abs() / half;
            for first in beside(*cell, long).filter(|first| free(*first)) {
                let side = if first.1 == cell.1 { SIDE } else { 0.0 };
                let ends = [0, long / 2, long - 1].map(|shift| (first.0 + shift, first.1));
                let far = ends.iter().map(|cell| apart(*cell, others)).fold(FAR, f64::min);
                found.push((off + side - far, first));
            }
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        found.into_iter().map(|(_, first)| first).take(OFFERED).collect()
    }
}

/// Where a name of a length may begin beside a cell: above, below, right and left of it.
fn beside((column, row): Cell, long: usize) -> impl Iterator<Item = Cell> {
    let centred = column.checked_sub(long / 2);
    let above = centred.zip(row.checked_sub(1));
    let below = centred.map(|column| (column, row + 1));
    let left = column.checked_sub(long + 1).map(|column| (column, row));
    [above, below, Some((column + 2, row)), left].into_iter().flatten()
}

/// How far a point is from a line through others.
fn off([x, y]: [f64; 2], line: &[[f64; 2]]) -> f64 {
    let to = |[[ax, ay], [bx, by]]: [[f64; 2]; 2]| {
        let (dx, dy) = (bx - ax, by - ay);
        let along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy);
        // A piece without length is a point.
        let t = if along.is_nan() { 0.0 } else { along.clamp(0.0, 1.0) };
        (x - ax - t * dx).hypot(y - ay - t * dy)
    };
    let pieces = line.iter().zip(line.iter().cycle().skip(1)).map(|(a, b)| [*a, *b]);
    pieces.map(to).fold(f64::INFINITY, f64::min)
}

/// How far a cell is from the nearest of some others, in rows.
fn apart((column, row): Cell, others: &[Cell]) -> f64 {
    let far = |other: &Cell| (0.5 * column.abs_diff(other.0) as f64).hypot(row.abs_diff(other.1) as f64);
    others.iter().map(far).fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(name: &str, at: impl Fn(f64) -> [f64; 2]) -> Named {
        let points = (0..=80).map(|i| Vec2::from(at(f64::from(i) / 80.0))).collect();
        Named { points, name: name.to_owned(), ink: TEXT }
    }

    /// The names with the rows and columns of their best places.
    fn named(lines: &[Named]) -> Vec<(String, Cell)> {
        let frame = Frame { x: [0.0, 80.0], y: [0.0, 20.0], columns: 80, rows: 20 };
        let mut sketch = Sketch::new(frame);
        name(lines, &mut sketch);
        let label = |mark: Mark| match mark {
            Mark::Label(label) => Some((label.text, frame.cell(label.anchors[0][0], label.anchors[0][1])?)),
            _ => None,
        };
        sketch.signs.into_iter().filter_map(label).collect()
    }

    #[test]
    fn a_name_stands_beside_its_line_where_the_other_is_furthest() {
        // Two lines from one point, and both names near the end where they are apart.
        let found = named(&[line("up", |t| [80.0 * t, 10.0 + 8.0 * t]), line("flat", |t| [80.0 * t, 10.0])]);
        for ((text, (column, row)), line) in found.iter().zip([|x: f64| 18.0 - 8.0 * (x / 80.0) - 8.0, |_| 9.5]) {
            let own = line(*column as f64);
            assert!((*row as f64 - own).abs() <= 2.0 && *column > 25, "{text} at {column}, {row}; its line at {own}");
        }
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn lines_that_coincide_have_one_name() {
        let found =
            named(&[line("e", |t| [80.0 * t, 10.0]), line("m", |t| [80.0 * t, 10.3]), line("0", |t| [80.0 * t, 3.0])]);
        let names: Vec<&str> = found.iter().map(|(text, _)| text.as_str()).collect();
        assert_eq!(names, ["e, m", "0"]);
    }
}
