//! The rows of one racer as columns: scalars of every step, points of every step or at intervals.
//!
//! The meaning of a number is defined in `row`. Points that are not stored are found by stepping again
//! ([`Runner::coordinates`](super::Runner::coordinates)).

use std::sync::Arc;

use super::row::drawn;
use super::{Row, Status};
use crate::math::Vec2;
use crate::problem::plane::Projection;

/// The bytes that the points of all racers of a race may take together. Two coordinates a step always fit: their rows are
/// bounded by the scenario.
const BYTES: usize = 256 << 20;

/// How many steps lie between stored points: 1 unless all `rows` of a race, with `numbers` per point, exceed 256 MiB.
#[must_use]
pub const fn interval(rows: usize, numbers: usize) -> usize {
    let bytes = rows.saturating_mul(numbers).saturating_mul(size_of::<f64>());
    let every = bytes.div_ceil(BYTES);
    if every == 0 { 1 } else { every }
}

/// Rows in order; row number = step.
#[derive(Debug, Clone)]
pub struct Rows {
    status: Vec<Status>,
    loss: Vec<f64>,
    grad_norm: Vec<f64>,
    natural_norm: Vec<f64>,
    euclid_step: Vec<f64>,
    fisher_step: Vec<f64>,
    kl_step: Vec<f64>,
    /// The points of steps 0, `every`, 2 `every`, ... one after the other.
    coordinates: Vec<f64>,
    parameters: Vec<f64>,
    every: usize,
    plane: Option<Arc<Projection>>,
}

impl Rows {
    /// No rows, with room for `rows`; points are stored of every `every`-th.
    #[must_use]
    pub fn new(rows: usize, every: usize) -> Self {
        let column = || Vec::with_capacity(rows);
        Self {
            status: Vec::with_capacity(rows),
            loss: column(),
            grad_norm: column(),
            natural_norm: column(),
            euclid_step: column(),
            fisher_step: column(),
            kl_step: column(),
            coordinates: Vec::new(),
            parameters: Vec::new(),
            every: every.max(1),
            plane: None,
        }
    }

    /// The number of rows.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.status.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.status.is_empty()
    }

    /// The number of rows that fit without reallocating.
    #[must_use]
    pub const fn capacity(&self) -> usize {
        self.status.capacity()
    }

    /// The number of steps between stored points.
    #[must_use]
    pub const fn every(&self) -> usize {
        self.every
    }

    /// Whether the point of a step is stored.
    const fn stores(&self, step: usize) -> bool {
        // Nearly always it is, and a division is a good part of a step.
        self.every == 1 || step.is_multiple_of(self.every)
    }

    /// Draws points on a plane from now on.
    pub fn draw_on(&mut self, plane: &Arc<Projection>) {
        self.plane = Some(Arc::clone(plane));
    }

    /// Adds a row. All rows have as many coordinates and parameters as the first.
    pub fn push(&mut self, row: &Row<'_>) {
        if self.is_empty() {
            let points = self.capacity().div_ceil(self.every);
            self.coordinates.reserve_exact(points * row.coordinates.len());
            self.parameters.reserve_exact(points * row.parameters.len());
        }
        if self.stores(self.len()) {
            self.coordinates.extend_from_slice(row.coordinates);
            self.parameters.extend_from_slice(row.parameters);
        }
        self.status.push(row.status);
        self.loss.push(row.loss);
        self.grad_norm.push(row.grad_norm);
        self.natural_norm.push(row.natural_norm);
        self.euclid_step.push(row.euclid_step);
        self.fisher_step.push(row.fisher_step);
        self.kl_step.push(row.kl_step);
    }

    /// The row of a step; `None` if it is not recorded.
    #[must_use]
    pub fn get(&self, step: usize) -> Option<Row<'_>> {
        (step < self.len()).then(|| self.at(step))
    }

    /// The row of a step.
    ///
    /// # Panics
    /// If it is not recorded.
    #[must_use]
    pub fn at(&self, step: usize) -> Row<'_> {
        Row {
            status: self.status[step],
            loss: self.loss[step],
            grad_norm: self.grad_norm[step],
            natural_norm: self.natural_norm[step],
            euclid_step: self.euclid_step[step],
            fisher_step: self.fisher_step[step],
            kl_step: self.kl_step[step],
            coordinates: self.point(&self.coordinates, step),
            parameters: self.point(&self.parameters, step),
            plane: self.plane.as_deref(),
        }
    }

    /// The drawn point of a step, as [`Row::p`] says.
    ///
    /// # Panics
    /// If the step is not recorded.
    #[must_use]
    pub fn p(&self, step: usize) -> Vec2 {
        let parameters = self.point(&self.parameters, step);
        drawn(self.plane.as_deref(), parameters, parameters)
    }

    /// The entries of a step in a column of points; empty if they are not stored.
    fn point<'a>(&self, column: &'a [f64], step: usize) -> &'a [f64] {
        if !self.stores(step) {
            return &[];
        }
        let (place, width) = (step / self.every, column.len() / self.len().div_ceil(self.every));
        &column[place * width..(place + 1) * width]
    }

    /// The last row.
    #[must_use]
    pub fn last(&self) -> Option<Row<'_>> {
        self.get(self.len().checked_sub(1)?)
    }

    /// All rows, from the start.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Row<'_>> + ExactSizeIterator {
        (0..self.len()).map(|step| self.at(step))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row<'a>(step: u8, coordinates: &'a [f64], parameters: &'a [f64]) -> Row<'a> {
        let n = f64::from(step);
        Row {
            status: if step % 3 == 1 { Status::NoStep } else { Status::Running },
            loss: n / 3.0,
            grad_norm: n / 7.0,
            natural_norm: -n,
            euclid_step: n / 13.0,
            fisher_step: n / 11.0,
            kl_step: -0.0,
            parameters,
            coordinates,
            plane: None,
        }
    }

    #[test]
    fn rows_return_what_was_pushed_and_points_at_intervals() {
        for every in [1, 3, 7] {
            let mut rows = Rows::new(4, every);
            let points: Vec<[f64; 3]> = (0..20).map(|i| [f64::from(i), f64::from(i).exp(), 0.5]).collect();
            for (step, x) in points.iter().enumerate() {
                rows.push(&row(step as u8, x, &x[1..]));
            }
            for (step, x) in points.iter().enumerate() {
                let stored = step % every == 0;
                let (x, p) = if stored { (&x[..], &x[1..]) } else { (&[][..], &[][..]) };
                assert_eq!(rows.get(step), Some(row(step as u8, x, p)), "{every} {step}");
            }
            assert_eq!((rows.get(20), rows.last()), (None, rows.get(19)));
        }
    }

    #[test]
    fn points_are_stored_at_every_step_until_they_need_more_than_their_room() {
        assert_eq!([interval(4_000_000, 4), interval(40_000, 130), interval(0, 4)], [1, 1, 1]);
        let (rows, numbers) = (4_000_000, 130);
        let every = interval(rows, numbers);
        assert!(every > 1 && rows / every * numbers * 8 <= BYTES && rows / (every - 1) * numbers * 8 > BYTES);
    }
}
