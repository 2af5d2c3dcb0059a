//! The part of the pane outside the family: its border a line, hatched beyond, and labelled where there is room.

use super::fan::Cell;
use crate::app::Show;
use crate::figure::values::middle;
use crate::geometry::Place;
use crate::math::Vec2;
use crate::plot::contour::{Grid, lines};
use crate::plot::mark::{Ink, Label, Line, Mark, Place as Where, Point, Role, Sign};
use crate::plot::text::width;
use crate::plot::{Dots, Frame};

/// Every so many cells along a row has a stroke, one further in the next row.
const STROKES: usize = 3;
/// The dots between two strokes of a figure with true curves.
const APART: usize = 6;
/// How often a place between inside and outside is halved.
const HALVINGS: usize = 30;
const NAME: &str = "outside";

/// What lies outside the family in a frame.
#[derive(Debug, Default)]
pub struct Outside {
    /// The cells whose centres do.
    pub cells: Vec<Cell>,
    /// Where the family ends.
    pub border: Vec<Vec<Point>>,
    /// Strokes in place of hatched cells, in a figure that has none.
    strokes: Vec<Vec<Point>>,
}

impl Outside {
    /// What does in a frame, whose lines are true curves if `curves`.
    #[must_use]
    pub fn of(show: &Show, frame: &Frame, curves: bool) -> Self {
        let (family, chart) = (&*show.world.family, show.world.family.chart(show.chart));
        let inside = |x: Point| Place::violation(family, chart, x.into()).is_none();
        let all = (0..frame.rows).flat_map(|row| (0..frame.columns).map(move |column| (column, row)));
        let cells = all.filter(|(column, row)| !inside(middle(frame, *column, *row))).collect();
        let strokes = if curves { strokes(frame, &inside) } else { Vec::new() };
        Self { cells, border: border(frame, &inside), strokes }
    }

    /// The border and the hatch, beside the lines of the shapes.
    #[must_use]
    pub fn marks(&self, frame: &Frame, lines: &Dots) -> Vec<Mark> {
        let line = |role: Role| move |line: &Vec<Point>| Mark::Line(Line::thin(line.clone(), Ink::Role(role)));
        let mut marks: Vec<Mark> = self.strokes.iter().map(line(Role::Faint)).collect();
        if self.strokes.is_empty() {
            marks = hatch(&self.cells, frame, lines);
        }
        marks.extend(self.border.iter().map(line(Role::Dim)));
        marks
    }
}

/// Where the family ends, in lines between the corners of cells inside and outside.
fn border(frame: &Frame, inside: &impl Fn(Point) -> bool) -> Vec<Vec<Point>> {
    let columns = frame.columns + 1;
    let corner = |k: usize| frame.data((k % columns) as f64, (k / columns) as f64);
    let values: Vec<f64> =
        (0..columns * (frame.rows + 1)).map(|k| if inside(corner(k)) { 1.0 } else { -1.0 }).collect();
    // The lines cross edges in their middle: what is there is found out.
    let crossing = |[i, j]: Point| {
        let [a, b] = [[i.floor(), j.floor()], [i.ceil(), j.ceil()]].map(|[i, j]| frame.data(i, j));
        if inside(a) { edge(a, b, inside) } else { edge(b, a, inside) }
    };
    lines(Grid { columns, values: &values }, 0.0)
        .into_iter()
        .map(|line| line.into_iter().map(crossing).collect())
        .collect()
}

/// The last place inside on the way from one that is to one that is not.
fn edge(within: Point, beyond: Point, inside: &impl Fn(Point) -> bool) -> Point {
    let (mut within, mut beyond) = (Vec2::from(within), Vec2::from(beyond));
    for _ in 0..HALVINGS {
        let middle = (within + beyond) * 0.5;
        *(if inside(middle.into()) { &mut within } else { &mut beyond }) = middle;
    }
    within.into()
}

/// Strokes from the lower left to the upper right, as far as they lie outside.
fn strokes(frame: &Frame, inside: &impl Fn(Point) -> bool) -> Vec<Vec<Point>> {
    let (across, down) = (2 * frame.columns, 4 * frame.rows);
    let at = |sum: usize, x: usize| frame.data_of([x as f64, sum as f64 - x as f64]);
    let mut strokes = Vec::new();
    for sum in (0..across + down).step_by(APART) {
        let way = sum.saturating_sub(down)..=sum.min(across);
        let mut ends: Option<[Point; 2]> = None;
        let mut before: Option<Point> = None;
        for here in way.map(|x| at(sum, x)) {
            let out = !inside(here);
            ends = match (ends, before) {
                (Some([start, _]), _) if out => Some([start, here]),
                (None, Some(before)) if out => Some([edge(before, here, inside), here]),
                (None, None) if out => Some([here, here]),
                (Some([start, last]), _) => {
                    strokes.push(vec![start, edge(here, last, inside)]);
                    None
                }
                _ => None,
            };
            before = Some(here);
        }
        strokes.extend(ends.map(Vec::from));
    }
    strokes
}

/// The hatch over cells, beside the lines of the shapes.
fn hatch(outside: &[Cell], frame: &Frame, lines: &Dots) -> Vec<Mark> {
    let stroked =
        outside.iter().filter(|(column, row)| (column + row).is_multiple_of(STROKES) && lines.mask(*column, *row) == 0);
    let stroke =
        |(column, row): &Cell| Mark::Sign(middle(frame, *column, *row), Sign::Char('/', Ink::Role(Role::Faint)));
    stroked.map(stroke).collect()
}

/// What the hatch is, nearest to its middle where its row has room.
#[must_use]
pub fn name(outside: &[Cell], frame: &Frame) -> Option<Mark> {
    let long = usize::from(width(NAME));
    let hatched =
        |column: usize, row: usize| outside.binary_search_by_key(&(row, column), |cell| (cell.1, cell.0)).is_ok();
    let fits = |&&(column, row): &&Cell| {
        (column.saturating_sub(1)..=column + long).all(|column| column >= frame.columns || hatched(column, row))
            && column + long <= frame.columns
    };
    let count = outside.len().max(1) as f64;
    let [x, y] = outside.iter().fold([0.0, 0.0], |[x, y], cell| [x + cell.0 as f64 / count, y + cell.1 as f64 / count]);
    let far = |cell: &Cell| ((cell.0 + long / 2) as f64 - x).abs() + 2.0 * (cell.1 as f64 - y).abs();
    let mut places: Vec<Cell> = outside.iter().filter(fits).copied().collect();
    places.sort_by(|a, b| far(a).total_cmp(&far(b)));
    let anchors: Vec<_> = places.into_iter().map(|(column, row)| middle(frame, column + long / 2, row)).collect();
    let label = Label { text: NAME.to_owned(), anchors, place: Where::On, ink: Ink::Role(Role::Dim) };
    (!label.anchors.is_empty()).then_some(Mark::Label(label))
}
