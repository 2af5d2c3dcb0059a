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

/// The name of a shape in a picture of so many columns.
const fn name(shape: Shape, columns: usize) -> &'static str {
    let names = match shape {
        Shape::Circle => ["Euclid", "equal Euclidean step", "equal Euclidean step"],
        Shape::Ellipse => ["Fisher", "equal KL, Fisher", "equal KL (Fisher)"],
        Shape::Ball => ["exact", "exact", "equal KL (exact)"],
    };
    names[(columns >= WIDTHS[0]) as usize + (columns >= WIDTHS[1]) as usize]
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
    for Drawn { shape, dots } in shapes {
        let text = name(*shape, frame.columns);
        let long = usize::from(width(text));
        let places = match shape {
            Shape::Circle => beside(dots, long, busy.place),
            Shape::Ellipse => inside(dots, long, busy.place, 1.0),
            Shape::Ball => inside(dots, long, busy.place, -1.0),
        };
        let free = |&(column, row): &Cell| {
            let cells = column.saturating_sub(1)..(column + long + 1).min(frame.columns);
            let blank = |column: usize| busy.lines.mask(column, row) == 0 && !taken.contains(&(column, row));
            row < frame.rows && column + long <= frame.columns && cells.into_iter().all(blank)
        };
        let Some((column, row)) = places.into_iter().find(free) else { continue };
        taken.extend((column..column + long).map(|column| (column, row)));
        let role = if *shape == Shape::Circle { Role::Dim } else { Role::Text };
        let anchors = vec![middle(frame, column + long / 2, row)];
        marks.push(Mark::Label(Label { text: text.to_owned(), anchors, place: Place::On, ink: Ink::Role(role) }));
    }
    marks
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

/// Places inside of a shape, in its lower (1) or upper (−1) half first, then beside it.
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
    let outside = order.iter().filter_map(|row| Some((*row, ends(dots, *row)?))).flat_map(|(row, [left, right])| {
        let columns = [left.checked_sub(long + 1), Some(right + GAP)];
        columns.into_iter().flatten().map(move |column| (column, row))
    });
    within.chain(outside).collect()
}

/// Places under a shape, over it, beside it.
fn beside(dots: &Dots, long: usize, place: Cell) -> Vec<Cell> {
    let Some([top, bottom]) = rows(dots) else { return Vec::new() };
    let middle = place.0.saturating_sub(long / 2);
    let over = top.checked_sub(1).map(|row| (middle, row));
    let sides =
        (top..=bottom).rev().filter_map(|row| Some((row, ends(dots, row)?))).flat_map(|(row, [left, right])| {
            let columns = [left.checked_sub(long + 1), Some(right + GAP)];
            columns.into_iter().flatten().map(move |column| (column, row))
        });
    std::iter::once((middle, bottom + 1)).chain(over).chain(sides).collect()
}
