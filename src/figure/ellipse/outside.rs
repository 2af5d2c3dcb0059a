//! The part of the pane outside the family: hatched, and labelled where there is room.

use super::fan::Cell;
use crate::app::Show;
use crate::figure::values::middle;
use crate::geometry::Place;
use crate::plot::mark::{Ink, Label, Mark, Place as Where, Role, Sign};
use crate::plot::text::width;
use crate::plot::{Dots, Frame};

/// Every so many cells along a row has a stroke, one further in the next row.
const STROKES: usize = 3;
const NAME: &str = "outside";

/// The cells whose centres lie outside the family.
#[must_use]
pub fn cells(show: &Show, frame: &Frame) -> Vec<Cell> {
    let (family, chart) = (&*show.world.family, show.world.family.chart(show.chart));
    let all = (0..frame.rows).flat_map(|row| (0..frame.columns).map(move |column| (column, row)));
    all.filter(|(column, row)| Place::violation(family, chart, middle(frame, *column, *row).into()).is_some()).collect()
}

/// The hatch over these cells, beside the lines of the shapes.
#[must_use]
pub fn hatch(outside: &[Cell], frame: &Frame, lines: &Dots) -> Vec<Mark> {
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
