//! Where the values of contours stand: on their lines, away from everything else.
//!
//! Which of these places is free in the end, `plot` decides.

use std::ops::Range;

use crate::plot::mark::Point;
use crate::plot::stroke::Stroke;
use crate::plot::{Dots, Frame};

/// The number of candidate positions for a label.
const PLACES: usize = 6;

/// Sets the dots of a line.
pub fn trace(dots: &mut Dots, frame: &Frame, points: &[Point]) {
    let mut stroke = Stroke::new(frame.columns, frame.rows, |_, x, y| dots.set(x, y));
    points.iter().for_each(|[x, y]| stroke.to(frame.dot(*x, *y)));
}

/// The middle of a cell.
#[must_use]
pub fn middle(frame: &Frame, column: usize, row: usize) -> [f64; 2] {
    frame.data(column as f64 + 0.5, row as f64 + 0.5)
}

/// Whether two labels would touch: their first cells and widths.
const fn close(a: (usize, usize), wide: usize, b: (usize, usize), long: usize) -> bool {
    a.0 <= b.0 + long + 1 && b.0 <= a.0 + wide + 1 && a.1.abs_diff(b.1) <= 1
}

/// The cells about which a contour's value of a width may be centred, best first: on the line where it is flattest, away
/// from other lines and marks, and not in the first `edge` columns.
#[must_use]
pub fn places(
    width: usize,
    edge: usize,
    own: &Dots,
    others: &[&Dots],
    marks: &[(usize, usize)],
) -> Vec<(usize, usize)> {
    let (columns, rows) = (own.columns(), own.rows());
    let Some(last) = columns.checked_sub(width + 2) else { return Vec::new() };
    let count =
        |dots: &Dots, around: Range<usize>, row: usize| around.filter(|&c| dots.mask(c, row) != 0).count() as i32;
    let mut found: Vec<(i32, (usize, usize))> = Vec::new();
    for row in 1..rows {
        for column in edge.max(1)..=last {
            if own.mask(column + width / 2, row) == 0 {
                continue;
            }
            if marks.iter().any(|mark| close((column, row), width, *mark, 1)) {
                continue;
            }
            let around = column - 1..column + width + 1;
            let beside = [row - 1, (row + 1).min(rows - 1)];
            let steep: i32 = beside.iter().map(|&r| count(own, around.clone(), r)).sum();
            let crowd =
                |dots: &&Dots| (row - 1..(row + 2).min(rows)).map(|r| count(dots, around.clone(), r)).sum::<i32>();
            let crowd: i32 = others.iter().map(crowd).sum();
            found.push((3 * count(own, around.clone(), row) - 2 * steep - 4 * crowd, (column, row)));
        }
    }
    found.sort_by_key(|(score, _)| -score);
    let mut places: Vec<(usize, usize)> = Vec::new();
    for (score, place) in found {
        if score > -20 && places.len() < PLACES && !places.iter().any(|other| close(*other, width, place, width)) {
            places.push(place);
        }
    }
    places.into_iter().map(|(column, row)| (column + width / 2, row)).collect()
}
