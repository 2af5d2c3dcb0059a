//! What lies under the paths: the fill by bands of loss, contour lines, their values. Changes only with the field.

use std::ops::Range;
use std::sync::Arc;

use crate::format;
use crate::plot::cells::field_dot;
use crate::plot::contour::{break_narrow, lines};
use crate::plot::levels::Levels;
use crate::plot::mark::{Bands, Ink, Label, Layer, Line, Mark, Place, Role, Tier};
use crate::plot::stroke::Stroke;
use crate::plot::text::width;
use crate::plot::{Dots, Field, Frame};

/// The number of candidate positions for a label.
const PLACES: usize = 6;
/// The columns at the left edge that belong to the labels of the vertical axis.
const EDGE: usize = 6;
/// How many values of a field are sorted to find its levels; at most twice as many.
const RANKED: usize = 40_000;

/// A loss over a frame, as it is shown.
#[derive(Debug)]
pub struct Ground<'a> {
    /// The losses.
    pub field: &'a Arc<Field>,
    /// The frame in cells, which may be coarser than that of the field.
    pub frame: Frame,
    /// The best known loss.
    pub best: f64,
    /// The most bands.
    pub bands: usize,
    /// Cells that labels keep away from.
    pub marks: Vec<(usize, usize)>,
}

impl Ground<'_> {
    fn levels(&self) -> Levels {
        let stride = (self.field.values().len() / RANKED).max(1) | 1;
        Levels::of(self.field.values().iter().step_by(stride).map(|v| v - self.best), self.bands)
    }

    /// The fill.
    #[must_use]
    pub fn fill(&self) -> Bands {
        Bands { field: Arc::clone(self.field), base: self.best, levels: self.levels(), edges: false }
    }

    /// The decades as lines, and their values beside them.
    #[must_use]
    pub fn contours(&self) -> [Arc<Layer>; 2] {
        let (frame, fine) = (self.frame, *self.field.frame());
        let (mut drawn, mut dots) = (Vec::new(), Vec::new());
        for level in self.levels().decades() {
            let mut own = Dots::new(frame.columns, frame.rows);
            for mut line in lines(self.field.grid(), self.best + level) {
                break_narrow(self.field.grid(), self.best + level, &mut line);
                let points: Vec<[f64; 2]> = line.into_iter().map(|at| fine.data_of(field_dot(at))).collect();
                let mut stroke = Stroke::new(frame.columns, frame.rows, |_, x, y| own.set(x, y));
                points.iter().for_each(|[x, y]| stroke.to(frame.dot(*x, *y)));
                drop(stroke);
                drawn.push(Mark::Line(Line::thin(points, Ink::Role(Role::Contour))));
            }
            dots.push((level, own));
        }
        let label = |(i, (level, own)): (usize, &(f64, Dots))| {
            let others =
                dots.iter().enumerate().filter(|(k, _)| *k != i).map(|(_, (_, dots))| dots).collect::<Vec<_>>();
            let text = format::label(*level);
            let anchors = places(usize::from(width(&text)), own, &others, &self.marks)
                .into_iter()
                .map(|(column, row)| middle(&frame, column, row))
                .collect();
            Mark::Label(Label { text, anchors, place: Place::On, ink: Ink::Role(Role::ContourLabel) })
        };
        let labels = dots.iter().enumerate().map(label).collect();
        [Layer::new(Tier::Ground, drawn), Layer::new(Tier::Signs, labels)]
    }
}

/// The middle of a cell.
fn middle(frame: &Frame, column: usize, row: usize) -> [f64; 2] {
    frame.data(column as f64 + 0.5, row as f64 + 0.5)
}

/// Whether two labels would touch: their first cells and widths.
const fn close(a: (usize, usize), wide: usize, b: (usize, usize), long: usize) -> bool {
    a.0 <= b.0 + long + 1 && b.0 <= a.0 + wide + 1 && a.1.abs_diff(b.1) <= 1
}

/// The cells about which a contour's value of a width may be centred, best first: on the line where it is flattest, away
/// from other lines, marks and axis labels.
fn places(width: usize, own: &Dots, others: &[&Dots], marks: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let (columns, rows) = (own.columns(), own.rows());
    let Some(last) = columns.checked_sub(width + 2) else { return Vec::new() };
    let count =
        |dots: &Dots, around: Range<usize>, row: usize| around.filter(|&c| dots.mask(c, row) != 0).count() as i32;
    let mut found: Vec<(i32, (usize, usize))> = Vec::new();
    for row in 1..rows {
        for column in EDGE..=last {
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
