//! What the shapes are called, written on them: no legend where a name can stand on the thing.

use crate::geometry::lowest::Shape;
use crate::plot::mark::{Ink, Label, Mark, Place, Role};
use crate::plot::text::width;
use crate::plot::{Dots, Frame};

use super::fan::Cell;
use crate::figure::values::middle;

/// From these widths on names are longer.
const WIDTHS: [usize; 2] = [45, 71];
/// Columns between a name and the line of its shape.
const GAP: usize = 2;

/// The names of a shape in a picture of so many columns, the longest first.
fn titles(shape: Shape, columns: usize) -> impl Iterator<Item = &'static str> {
    let titles = match shape {
        Shape::Circle => ["equal Euclidean step", "equal Euclidean step", "Euclid"],
        Shape::Ellipse => ["equal KL (Fisher)", "equal KL, Fisher", "Fisher"],
        Shape::Ball => ["equal KL (exact)", "exact", "exact"],
    };
    titles.into_iter().skip(WIDTHS.into_iter().filter(|width| columns < *width).count())
}

/// A shape in dots.
pub struct Drawn {
    /// Which one.
    pub shape: Shape,
    /// Its line.
    pub dots: Dots,
}

/// Everything that names keep away from.
pub struct Busy<'a> {
    /// The lines.
    pub lines: &'a Dots,
    /// The cells with signs.
    pub signs: &'a [Cell],
    /// The cell of the place.
    pub place: Cell,
}

/// The names of the shapes, each where it finds room; one that does not is left out.
#[must_use]
pub fn names(shapes: &[Drawn], frame: &Frame, busy: &Busy<'_>) -> Vec<Mark> {
    let mut taken: Vec<Cell> = busy.signs.to_vec();
    let mut marks = Vec::new();
    for drawn in shapes {
        let place = |text: &'static str| Some((text, drawn.place(usize::from(width(text)), frame, busy, &taken)?));
        let Some((text, (column, row))) = titles(drawn.shape, frame.columns).find_map(place) else { continue };
        let long = usize::from(width(text));
        taken.extend((column..column + long).map(|column| (column, row)));
        let role = if drawn.shape == Shape::Circle { Role::Dim } else { Role::Text };
        let anchors = vec![middle(frame, column + long / 2, row)];
        marks.push(Mark::Label(Label { text: text.to_owned(), anchors, place: Place::On, ink: Ink::Role(role) }));
    }
    marks
}

impl Drawn {
    /// Where a name of a length stands; `None` if it has no room.
    fn place(&self, long: usize, frame: &Frame, busy: &Busy<'_>, taken: &[Cell]) -> Option<Cell> {
        let free = |(column, row): Cell, margin: usize| {
            let columns = column.saturating_sub(1)..(column + long + 1).min(frame.columns);
            let signs = columns.clone().any(|column| taken.contains(&(column, row)));
            let rows = row.saturating_sub(margin)..(row + margin + 1).min(frame.rows);
            let mut lines = rows.flat_map(|row| columns.clone().map(move |column| busy.lines.mask(column, row)));
            row < frame.rows && column + long <= frame.columns && !signs && lines.all(|mask| mask == 0)
        };
        let find = |places: Vec<Cell>, margin: usize| places.into_iter().find(|place| free(*place, margin));
        let half = match self.shape {
            Shape::Circle => return find(around(&self.dots, long, busy.place), 0),
            Shape::Ellipse => 1.0,
            Shape::Ball => -1.0,
        };
        let places = inside(&self.dots, long, busy.place, half);
        // A name beside the line of another shape would seem to be that one's.
        find(places.clone(), 1).or_else(|| find(places, 0)).or_else(|| find(beside(&self.dots, long), 0))
    }
}

/// The first and the last column of a shape in a row.
fn ends(dots: &Dots, row: usize) -> Option<[usize; 2]> {
    let drawn = |column: &usize| dots.mask(*column, row) != 0;
    Some([(0..dots.columns()).find(drawn)?, (0..dots.columns()).rfind(drawn)?])
}

/// The rows of a shape.
fn rows(dots: &Dots) -> Option<[usize; 2]> {
    let drawn = |row: &usize| ends(dots, *row).is_some();
    Some([(0..dots.rows()).find(drawn)?, (0..dots.rows()).rfind(drawn)?])
}

/// Places inside of a shape, in its lower (1) or upper (−1) half first.
fn inside(dots: &Dots, long: usize, place: Cell, half: f64) -> Vec<Cell> {
    let Some([top, bottom]) = rows(dots) else { return Vec::new() };
    let edge = if half > 0.0 { bottom } else { top };
    let wanted = 0.5 * (edge as f64 + place.1 as f64) + 0.25 * half;
    let mut order: Vec<usize> = (top..=bottom).collect();
    order.sort_by(|a, b| (*a as f64 - wanted).abs().total_cmp(&(*b as f64 - wanted).abs()));
    let within = order.iter().filter_map(|row| Some((*row, ends(dots, *row)?))).flat_map(|(row, [left, right])| {
        let columns = [Some(left + GAP + 1), right.checked_sub(GAP + long), place.0.checked_sub(long / 2)];
        let fits = move |column: &usize| left + GAP < *column && *column + long + 1 < right;
        columns.into_iter().flatten().filter(fits).map(move |column| (column, row))
    });
    within.collect()
}

/// Places left and right of a shape, the lowest first.
fn beside(dots: &Dots, long: usize) -> Vec<Cell> {
    let Some([top, bottom]) = rows(dots) else { return Vec::new() };
    let rows = (top..=bottom).rev().filter_map(|row| Some((row, ends(dots, row)?)));
    let sides = rows.flat_map(|(row, [left, right])| {
        let columns = [left.checked_sub(long + 1), Some(right + GAP)];
        columns.into_iter().flatten().map(move |column| (column, row))
    });
    sides.collect()
}

/// Places under a shape, over it, beside it.
fn around(dots: &Dots, long: usize, place: Cell) -> Vec<Cell> {
    let Some([top, bottom]) = rows(dots) else { return Vec::new() };
    let middle = place.0.saturating_sub(long / 2);
    let over = top.checked_sub(1).map(|row| (middle, row));
    std::iter::once((middle, bottom + 1)).chain(over).chain(beside(dots, long)).collect()
}
