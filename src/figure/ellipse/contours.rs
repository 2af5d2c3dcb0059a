//! The contours of the true loss over the pane, and the pieces of contours that touch the shapes.
//!
//! Of the true one: the contours of a linear loss would be parallel lines, which prove what they assume.

use super::fan::Cell;
use crate::figure::values::{middle, places, trace};
use crate::format;
use crate::plot::cells::field_dot;
use crate::plot::contour::lines;
use crate::plot::mark::{Dash, Ink, Label, Line, Mark, Place, Point, Role};
use crate::plot::text::width;
use crate::plot::ticks::{Tick, ticks};
use crate::plot::{Dots, Field, Frame};

/// How many contours cross the pane at most, and in a pane of fewer than so many columns.
const MOST: usize = 12;
const FEW: usize = 7;
const NARROW: usize = 45;
/// The share of the pane at either end of the losses that does not count for the step between contours: next to the
/// border of a family a loss may have any size.
const TAIL: f64 = 0.02;
/// How many interquartile ranges off the median losses still count for it.
const FENCE: f64 = 3.0;
/// How many dots of a contour are drawn on either side of where it touches a shape, and how far off it may begin.
const PIECE: f64 = 15.0;
const NEAR: f64 = 3.0;

/// The contours, each with its value.
pub struct Contours {
    found: Vec<(Tick, Vec<Vec<Point>>)>,
}

impl Contours {
    /// Those of a field over a frame.
    #[must_use]
    pub fn of(field: &Field, frame: &Frame) -> Self {
        let most = if frame.columns < NARROW { FEW } else { MOST };
        let found = levels(field, most).into_iter().map(|tick| {
            let lines = level(field, tick.at);
            (tick, lines)
        });
        Self { found: found.filter(|(_, lines)| !lines.is_empty()).collect() }
    }

    /// The lines.
    #[must_use]
    pub fn lines(&self) -> Vec<Mark> {
        let line = |points: &Vec<Point>| {
            Mark::Line(Line {
                yields: true,
                ..Line::thin(points.clone(), Ink::Role(Role::Contour)).dashed(Dash::Sparse)
            })
        };
        self.found.iter().flat_map(|(_, lines)| lines.iter().map(line)).collect()
    }

    /// Their values, beside what is drawn in the frame: lines, and signs in some cells.
    #[must_use]
    pub fn values(&self, frame: &Frame, drawn: &Dots, taken: &[Cell]) -> Vec<Mark> {
        let dots = |lines: &Vec<Vec<Point>>| {
            let mut dots = Dots::new(frame.columns, frame.rows);
            lines.iter().for_each(|line| trace(&mut dots, frame, line));
            dots
        };
        let all: Vec<Dots> = self.found.iter().map(|(_, lines)| dots(lines)).collect();
        let label = |(i, (tick, _)): (usize, &(Tick, _))| {
            let others: Vec<&Dots> =
                all.iter().enumerate().filter(|(k, _)| *k != i).map(|(_, dots)| dots).chain([drawn]).collect();
            let found = places(usize::from(width(&tick.label)), 0, &all[i], &others, taken);
            let anchors = found.into_iter().map(|(column, row)| middle(frame, column, row)).collect();
            let ink = Ink::Role(Role::ContourLabel);
            Mark::Label(Label { text: tick.label.clone(), anchors, place: Place::On, ink })
        };
        self.found.iter().enumerate().map(label).collect()
    }
}

/// The round losses that have a contour: the closest steps of 1, 2 or 5 of which no more than `most` lie among most of the
/// losses; beyond these, where equal steps would be a hatch, 1, 2 and 5 of every power of ten.
fn levels(field: &Field, most: usize) -> Vec<Tick> {
    let mut losses: Vec<f64> = field.values().iter().copied().filter(|loss| loss.is_finite()).collect();
    let Some(last) = losses.len().checked_sub(1) else { return Vec::new() };
    let mut at = |share: f64| *losses.select_nth_unstable_by((share * last as f64) as usize, f64::total_cmp).1;
    let [low, first, middle, third, high] = [TAIL, 0.25, 0.5, 0.75, 1.0 - TAIL].map(&mut at);
    let reach = FENCE * (third - first);
    let fence = [low.max(middle - reach), high.min(middle + reach)];
    let even = ticks(fence, most, 1.0);
    let below = powers(-fence[0], -low).into_iter().map(|level| -level);
    let beyond = below.chain(powers(fence[1], high)).map(|at| Tick { at, label: format::label(at) });
    beyond.chain(even).collect()
}

/// 1, 2 and 5 of the powers of ten in a range.
fn powers(low: f64, high: f64) -> Vec<f64> {
    if !(low > 0.0 && high > low) {
        return Vec::new();
    }
    let powers = low.log10().floor() as i32..=high.log10().ceil() as i32;
    let all = powers.flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10_f64.powi(power)));
    all.filter(|level| *level > low && *level < high).collect()
}

/// The contours at a level.
fn level(field: &Field, level: f64) -> Vec<Vec<Point>> {
    let point = |at: [f64; 2]| field.frame().data_of(field_dot(at));
    lines(field.grid(), level).into_iter().map(|line| line.into_iter().map(point).collect()).collect()
}

/// The piece of a contour around a point, at whose loss it is.
#[must_use]
pub fn piece(field: &Field, frame: &Frame, at: Point, loss: f64) -> Option<Vec<Point>> {
    let dot = |[x, y]: Point| frame.dot(x, y);
    let here = dot(at);
    let far = |point: &Point| {
        let [x, y] = dot(*point);
        (x - here[0]).hypot(y - here[1])
    };
    let near = |line: &Vec<Point>| (0..line.len()).min_by(|a, b| far(&line[*a]).total_cmp(&far(&line[*b])));
    let all = level(field, loss).into_iter().filter_map(|line| Some((near(&line)?, line)));
    let (middle, line) = all.min_by(|(i, a), (k, b)| far(&a[*i]).total_cmp(&far(&b[*k])))?;
    if far(&line[middle]) > NEAR {
        return None;
    }
    let within = |point: &&Point| far(point) <= PIECE;
    let before = line[..middle].iter().rev().take_while(within);
    let mut piece: Vec<Point> = before.copied().collect();
    piece.reverse();
    piece.extend(line[middle..].iter().take_while(within));
    Some(piece)
}
