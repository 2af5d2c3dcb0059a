//! The values of a function over a frame, at four points per cell, computed at once or coarse first.
//!
//! Where a function is expensive, intermediate values are interpolated where that is safe: the interpolations through
//! six values in a row and through the nearest four must agree to a small share of their spread, which moves a contour
//! by less than the eye can see. Near an edge most of the six lie on one side.
//!
//! What the function is, and what is drawn from the values (`levels`, `contour`, `quadrant`), is decided elsewhere.

use super::Frame;
use super::contour::Grid;
use super::valley;
use crate::math::Vec2;

/// The grid stride of the first pass, and of the first pass for an expensive function.
const COARSEST: usize = 8;
const DEAR: usize = 2 * COARSEST;
/// The widest stride at which values are interpolated, from values twice as far apart: two cells.
const WIDEST: usize = 2;
/// The share of the spread of six values in a row by which two interpolations between them may differ. The better one
/// is taken, whose own error is a small part of that.
const SHARE: f64 = 2e-4;
/// The relative noise floor of the values: what a quadrature leaves.
const NOISE: f64 = 1e-9;

/// A grid of values. Points outside the function's domain are NaN.
///
/// The grid has two points per cell in each direction, at the middles of the quarters, and one more on every side, so
/// that contours reach the edge of the frame.
#[derive(Debug, Clone)]
pub struct Field {
    frame: Frame,
    columns: usize,
    rows: usize,
    values: Vec<f64>,
}

/// A field that is being refined.
struct Refining {
    field: Field,
    /// The grid stride of this pass and of the first.
    stride: usize,
    coarsest: usize,
    /// Whether values are interpolated where that is safe.
    sparing: bool,
    /// Buffers for the columns, positions and values to be evaluated in a row.
    asked: Vec<usize>,
    places: Vec<Vec2>,
    found: Vec<f64>,
}

impl Field {
    /// No values yet.
    fn empty(frame: Frame) -> Self {
        let (columns, rows) = (2 * frame.columns + 2, 2 * frame.rows + 2);
        Self { frame, columns, rows, values: vec![f64::NAN; columns * rows] }
    }

    /// The values of a function over a frame. `values` computes those of positions in a row; what it leaves not finite is
    /// outside the domain.
    ///
    /// # Errors
    /// What `values` returns; the rest of the field is not computed.
    pub fn of<E>(frame: Frame, mut values: impl FnMut(&[Vec2], &mut [f64]) -> Result<(), E>) -> Result<Self, E> {
        let mut field = Self::empty(frame);
        let mut places = vec![Vec2::zeros(); field.columns];
        for j in 0..field.rows {
            let place = field.along(j);
            places.iter_mut().enumerate().for_each(|(i, at)| *at = place(i));
            let row = &mut field.values[j * field.columns..(j + 1) * field.columns];
            values(&places, row)?;
            row.iter_mut().filter(|value| !value.is_finite()).for_each(|value| *value = f64::NAN);
        }
        Ok(field)
    }

    /// The same, coarse first: `level` gets the field after each pass but the last, where each value also stands in for its
    /// neighbours to the right and below. If `sparing`, a value that follows from its neighbours is interpolated.
    ///
    /// # Errors
    /// What `values` or `level` return; the rest of the field is not computed.
    pub fn refined<E>(
        frame: Frame,
        sparing: bool,
        mut values: impl FnMut(&[Vec2], &mut [f64]) -> Result<(), E>,
        mut level: impl FnMut(&Self) -> Result<(), E>,
    ) -> Result<Self, E> {
        let coarsest = if sparing { DEAR } else { COARSEST };
        let mut pass = Refining {
            field: Self::empty(frame),
            stride: coarsest,
            coarsest,
            sparing,
            asked: Vec::new(),
            places: Vec::new(),
            found: Vec::new(),
        };
        pass.rows(0, coarsest, &mut values)?;
        while pass.stride > 1 {
            level(&pass.field)?;
            pass.stride /= 2;
            // First the rows of the pass before, whose values are nearest, then those between.
            for first in [0, pass.stride] {
                pass.rows(first, 2 * pass.stride, &mut values)?;
            }
        }
        Ok(pass.field)
    }

    /// Gives valleys that run between points a floor: points beside one take its value. `values` may get any position.
    ///
    /// # Errors
    /// What `values` returns.
    pub fn deepen<E>(&mut self, mut values: impl FnMut(&[Vec2], &mut [f64]) -> Result<(), E>) -> Result<(), E> {
        let (frame, columns) = (self.frame, self.columns);
        valley::deepen(columns, &mut self.values, |[i, j]| {
            let mut value = [f64::NAN];
            values(&[Vec2::from(place(&frame, i, j))], &mut value)?;
            Ok(value[0])
        })
    }

    /// The positions of a row, by column.
    fn along(&self, j: usize) -> impl Fn(usize) -> Vec2 + use<> {
        let ([x0, y], [x1, _]) = (self.data(0.0, j as f64), self.data(1.0, j as f64));
        move |i| Vec2::new(x0 + (x1 - x0) * i as f64, y)
    }

    /// The frame.
    #[must_use]
    pub const fn frame(&self) -> &Frame {
        &self.frame
    }

    /// The data coordinates of a grid position.
    #[must_use]
    pub fn data(&self, i: f64, j: f64) -> [f64; 2] {
        place(&self.frame, i, j)
    }

    /// The values at a cell's quarters: upper left, upper right, lower left, lower right.
    #[must_use]
    pub fn cell(&self, column: usize, row: usize) -> [f64; 4] {
        let start = (2 * row + 1) * self.columns + 2 * column + 1;
        let v = &self.values;
        [v[start], v[start + 1], v[start + self.columns], v[start + self.columns + 1]]
    }

    /// The values as a grid for contours.
    #[must_use]
    pub fn grid(&self) -> Grid<'_> {
        Grid { columns: self.columns, values: &self.values }
    }

    /// Every value.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The smallest value; `None` if there is none.
    #[must_use]
    pub fn least(&self) -> Option<f64> {
        self.values.iter().copied().filter(|v| v.is_finite()).reduce(f64::min)
    }
}

/// The data coordinates of a grid position over a frame.
fn place(frame: &Frame, i: f64, j: f64) -> [f64; 2] {
    frame.data(0.5 * i - 0.25, 0.5 * j - 0.25)
}

impl Refining {
    /// Computes what earlier passes did not in every `step`-th row from `first`.
    fn rows<E>(
        &mut self,
        first: usize,
        step: usize,
        values: &mut impl FnMut(&[Vec2], &mut [f64]) -> Result<(), E>,
    ) -> Result<(), E> {
        (first..self.field.rows).step_by(step).try_for_each(|j| self.row(j, first > 0, values))
    }

    /// Computes the points of row `j` that earlier passes did not; `between` their rows that is all of them.
    fn row<E>(
        &mut self,
        j: usize,
        between: bool,
        values: &mut impl FnMut(&[Vec2], &mut [f64]) -> Result<(), E>,
    ) -> Result<(), E> {
        let stride = self.stride;
        let known = stride < self.coarsest && !between;
        let (first, step) = if known { (stride, 2 * stride) } else { (0, stride) };
        self.asked.clear();
        for i in (first..self.field.columns).step_by(step) {
            match self.told(i, j, between) {
                Some(value) => self.set(i, j, value),
                None => self.asked.push(i),
            }
        }
        let place = self.field.along(j);
        self.places.clear();
        self.places.extend(self.asked.iter().map(|&i| place(i)));
        self.found.clear();
        self.found.resize(self.places.len(), f64::NAN);
        values(&self.places, &mut self.found)?;
        for at in 0..self.asked.len() {
            let value = self.found[at];
            self.set(self.asked[at], j, if value.is_finite() { value } else { f64::NAN });
        }
        Ok(())
    }

    /// Stores the value of a point, and of those it stands in for.
    fn set(&mut self, i: usize, j: usize, value: f64) {
        let Field { columns, rows, values, .. } = &mut self.field;
        for row in j..(j + self.stride).min(*rows) {
            let start = row * *columns;
            values[start + i..start + (i + self.stride).min(*columns)].fill(value);
        }
    }

    /// A value interpolated from its neighbours: three on either side or, near an edge, fewer on one side and more on
    /// the other; along the row if its neighbours there are known, else along the column.
    fn told(&self, i: usize, j: usize, between: bool) -> Option<f64> {
        let (stride, Field { columns, rows, values, .. }) = (self.stride, &self.field);
        if !self.sparing || stride > WIDEST || stride == self.coarsest {
            return None;
        }
        let (at, end, apart) = if between { (j, *rows, *columns) } else { (i, *columns, 1) };
        // Points at even multiples of the stride are known; this one is at an odd multiple.
        let (before, after) = ((at / stride).div_ceil(2), ((end - 1 - at) / stride).div_ceil(2));
        let here = j * columns + i;
        let known = |first: usize| {
            std::array::from_fn(|k| values[here + 2 * k * stride * apart - (2 * first - 1) * stride * apart])
        };
        match (before, after) {
            (3.., 3..) => tell(known(3), MIDDLE),
            (2, 4..) => tell(known(2), SECOND),
            (1, 5..) => tell(known(1), FIRST),
            (4.., 2) => tell(reversed(known(4)), SECOND),
            (5.., 1) => tell(reversed(known(5)), FIRST),
            _ => None,
        }
    }
}

/// Lagrange weights of six values in a row, and of the nearest four of them, for the value halfway between two of
/// them.
type Weights = [[f64; 6]; 2];
/// For the midpoint between the third and fourth, the second and third, and the first two.
const MIDDLE: Weights = [share([3.0, -25.0, 150.0, 150.0, -25.0, 3.0]), share([0.0, -16.0, 144.0, 144.0, -16.0, 0.0])];
const SECOND: Weights = [share([-7.0, 105.0, 210.0, -70.0, 21.0, -3.0]), share([-16.0, 144.0, 144.0, -16.0, 0.0, 0.0])];
const FIRST: Weights = [share([63.0, 315.0, -210.0, 126.0, -45.0, 7.0]), share([80.0, 240.0, -80.0, 16.0, 0.0, 0.0])];

/// Weights from numerators over 256.
const fn share(parts: [f64; 6]) -> [f64; 6] {
    let [a, b, c, d, e, f] = parts;
    [a / 256.0, b / 256.0, c / 256.0, d / 256.0, e / 256.0, f / 256.0]
}

fn reversed(mut values: [f64; 6]) -> [f64; 6] {
    values.reverse();
    values
}

/// The value at the midpoint from the polynomial through all six; `None` if the one through four disagrees.
fn tell(values: [f64; 6], [six, four]: Weights) -> Option<f64> {
    let by = |weights: [f64; 6]| values.iter().zip(weights).map(|(value, weight)| value * weight).sum::<f64>();
    let (six, four) = (by(six), by(four));
    let [low, high] =
        values.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], v| [v.min(low), v.max(high)]);
    let most = SHARE * (high - low) + NOISE * high.abs().max(low.abs());
    // Anything not finite makes the difference NaN.
    ((six - four).abs() <= most).then_some(six)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    fn refined(frame: Frame, sparing: bool, f: &dyn Fn(f64, f64) -> f64) -> (Field, Vec<Field>, usize) {
        let (mut levels, mut asked) = (Vec::new(), 0);
        let values = |xs: &[Vec2], out: &mut [f64]| {
            asked += xs.len();
            out.iter_mut().zip(xs).for_each(|(out, x)| *out = f(x[0], x[1]));
            Ok::<(), Infallible>(())
        };
        let level = |field: &Field| {
            levels.push(field.clone());
            Ok(())
        };
        let Ok(field) = Field::refined(frame, sparing, values, level);
        (field, levels, asked)
    }

    #[test]
    fn a_field_is_the_same_at_once_and_coarse_first() {
        let frame = Frame { x: [0.0, 3.0], y: [-1.0, 1.0], columns: 13, rows: 7 };
        let f = |x: f64, y: f64| if x < 1.0 { f64::NAN } else { x * x + y };
        let values = |xs: &[Vec2], out: &mut [f64]| {
            out.iter_mut().zip(xs).for_each(|(out, x)| *out = f(x[0], x[1]));
            Ok::<_, Infallible>(())
        };
        let Ok(at_once) = Field::of(frame, values);
        let (slowly, levels, asked) = refined(frame, false, &f);
        assert_eq!((levels.len(), asked), (3, slowly.values().len()), "no point twice");
        let bits = |field: &Field| field.values().iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&at_once), bits(&slowly));
        assert_ne!(bits(&levels[2]), bits(&slowly));
        let [x, y] = frame.data(9.25, 3.75);
        assert!((at_once.cell(9, 3)[2] - f(x, y)).abs() < 1e-12);
    }

    #[test]
    fn a_field_that_nobody_wants_is_not_computed_on() {
        let frame = Frame { x: [0.0, 3.0], y: [-1.0, 1.0], columns: 13, rows: 7 };
        let mut rows = 0;
        let values = |_: &[Vec2], _: &mut [f64]| {
            rows += 1;
            Ok(())
        };
        let found = Field::refined(frame, false, values, |_| Err(()));
        assert_eq!((found.err(), rows), (Some(()), 2), "the first pass");
    }

    #[test]
    fn what_is_told_is_what_would_have_been_found() {
        let frame = Frame { x: [-3.0, 3.0], y: [-2.0, 2.0], columns: 100, rows: 60 };
        let hills = |x: f64, y: f64| (-x * x - y * y).exp() + 0.6 * (-2.0 * (x - 1.5).powi(2) - y * y / 4.0).exp();
        let valley = |x: f64, y: f64| (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2);
        let kink = |x: f64, y: f64| if y < -1.5 { f64::NAN } else { (x - 0.3).abs() + (y + 0.2).abs() };
        let ripples = |x: f64, y: f64| (40.0 * x).sin() * (40.0 * y).cos();
        let all: [&dyn Fn(f64, f64) -> f64; 4] = [&hills, &valley, &kink, &ripples];
        for (f, (name, saved)) in all.into_iter().zip([("hills", 3), ("valley", 3), ("kink", 2), ("ripples", 1)]) {
            let (field, _, asked) = refined(frame, true, f);
            let points = field.values().len();
            assert!(asked <= points / saved, "{name}: {asked} for {points}");
            for (at, value) in field.values().iter().enumerate() {
                let (i, j) = (at % field.columns, at / field.columns);
                let [x, y] = field.data(i as f64, j as f64);
                let spread = [(-3, 0), (3, 0), (0, -3), (0, 3)].map(|(di, dj)| {
                    let [x, y] = field.data(i as f64 + f64::from(di), j as f64 + f64::from(dj));
                    f(x, y)
                });
                let spread = spread.iter().fold(0.0, |most: f64, v| most.max((v - f(x, y)).abs()));
                let same = value.is_nan() && f(x, y).is_nan();
                assert!(same || (value - f(x, y)).abs() <= 1e-3 * spread + 1e-12, "{name} at {x}, {y}: {value}");
            }
        }
    }

    #[test]
    fn an_empty_frame_is_harmless() {
        let frame = Frame { x: [0.0, 1.0], y: [0.0, 1.0], columns: 0, rows: 0 };
        let Ok(field) = Field::of(frame, |_, _| Ok::<_, Infallible>(()));
        assert_eq!(field.values().len(), 4);
        assert!([false, true].into_iter().all(|sparing| refined(frame, sparing, &|_, _| 0.0).0.values() == [0.0; 4]));
    }
}
