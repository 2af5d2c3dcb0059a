//! Compact storage for the rows of a trace: values that can be recomputed to the last bit are not stored.
//!
//! The meaning of a row is defined in `trace`.

use super::{Row, Status};
use crate::math::Vec2;
use crate::math::linear::length2;

/// The stored part of a row.
#[derive(Debug, Clone, Copy)]
struct Kept {
    loss: f64,
    grad_norm: f64,
    natural_norm: f64,
    fisher_step: f64,
    kl_step: f64,
    coordinates: Vec2,
}

/// Rows in order; row number = step.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    kept: Vec<Kept>,
    status: Vec<Status>,
    /// Empty as long as the coordinates are the parameters, as in the charts that most racers run in.
    parameters: Vec<Vec2>,
}

impl Rows {
    /// The number of rows.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The number of rows that fit without reallocating.
    #[must_use]
    pub const fn capacity(&self) -> usize {
        self.kept.capacity()
    }

    /// Reserves space for exactly `more` further rows.
    pub fn reserve_exact(&mut self, more: usize) {
        self.kept.reserve_exact(more);
        self.status.reserve_exact(more);
    }

    /// Adds a row. Its `euclid_step` is ignored: it is recomputed as the distance of its coordinates from the previous
    /// row's.
    pub fn push(&mut self, row: Row) {
        if self.parameters.is_empty() && !same(row.parameters, row.coordinates) {
            self.parameters.reserve_exact(self.kept.capacity());
            self.parameters.extend(self.kept.iter().map(|kept| kept.coordinates));
            self.parameters.push(row.parameters);
        } else if !self.parameters.is_empty() {
            self.parameters.push(row.parameters);
        }
        let Row { status, loss, grad_norm, natural_norm, fisher_step, kl_step, coordinates, .. } = row;
        self.status.push(status);
        self.kept.push(Kept { loss, grad_norm, natural_norm, fisher_step, kl_step, coordinates });
    }

    /// The row of a step; `None` if it is not recorded.
    #[must_use]
    pub fn get(&self, step: usize) -> Option<Row> {
        (step < self.len()).then(|| self.at(step))
    }

    /// The row of a step.
    ///
    /// # Panics
    /// If it is not recorded.
    #[must_use]
    pub fn at(&self, step: usize) -> Row {
        let Kept { loss, grad_norm, natural_norm, fisher_step, kl_step, coordinates } = self.kept[step];
        let before = step.checked_sub(1).map(|before| self.kept[before].coordinates);
        Row {
            status: self.status[step],
            loss,
            grad_norm,
            natural_norm,
            euclid_step: before.map_or(f64::NAN, |before| length2(&(coordinates - before))),
            fisher_step,
            kl_step,
            parameters: self.parameters.get(step).copied().unwrap_or(coordinates),
            coordinates,
        }
    }

    /// The last row.
    #[must_use]
    pub fn last(&self) -> Option<Row> {
        self.get(self.len().checked_sub(1)?)
    }

    /// All rows, from the start.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Row> + ExactSizeIterator {
        (0..self.len()).map(|step| self.at(step))
    }
}

/// Bitwise equality: −0 differs from 0, and NaN equals itself.
fn same(one: Vec2, other: Vec2) -> bool {
    one.iter().zip(&other).all(|(one, other)| one.to_bits() == other.to_bits())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::race::Runner;
    use crate::race::World;
    use crate::scenario::Document;

    fn bits(row: &Row) -> (Status, [u64; 10]) {
        let [p, x] = [row.parameters, row.coordinates];
        let steps = [row.euclid_step, row.fisher_step, row.kl_step];
        let numbers = [row.loss, row.grad_norm, row.natural_norm, steps[0], steps[1], steps[2], p[0], p[1], x[0], x[1]];
        (row.status, numbers.map(f64::to_bits))
    }

    #[test]
    fn rows_come_back_to_the_last_bit_whenever_the_parameters_part_from_the_coordinates() {
        for parts in [0, 1, 7, 20] {
            let (mut rows, mut pushed) = (Rows::default(), Vec::new());
            for step in 0..20_u8 {
                let n = f64::from(step);
                let coordinates = Vec2::new(0.1 * n * n, (0.3 * n).exp());
                let before: Option<&Row> = pushed.last();
                let row = Row {
                    status: if step % 3 == 1 { Status::NoStep } else { Status::Running },
                    loss: n / 3.0,
                    grad_norm: n / 7.0,
                    natural_norm: if step == 4 { f64::NAN } else { -n },
                    euclid_step: before.map_or(f64::NAN, |before| length2(&(coordinates - before.coordinates))),
                    fisher_step: n / 11.0,
                    kl_step: -0.0,
                    parameters: if step >= parts { coordinates.map(f64::ln_1p) } else { coordinates },
                    coordinates,
                };
                rows.push(row);
                pushed.push(row);
            }
            let kept: Vec<_> = rows.iter().map(|row| bits(&row)).collect();
            assert_eq!(kept, pushed.iter().map(bits).collect::<Vec<_>>(), "{parts}");
            assert_eq!(rows.parameters.is_empty(), parts == 20, "{parts}");
            assert_eq!((rows.get(20), rows.last().map(|row| bits(&row))), (None, kept.last().copied()));
        }
    }

    #[test]
    fn a_row_of_a_race_in_the_family_s_own_parameters_takes_57_bytes() {
        let world = World::open(&Document::builtin("three-charts").expect("built in")).expect("valid");
        let own = |racer: usize| {
            let mut runner = Runner::new(&world, racer);
            runner.extend(20);
            runner.trace().rows.parameters.is_empty()
        };
        // SGD in (mean, sd), in (mean, log sd).
        assert_eq!([own(0), own(1)], [true, false]);
        assert_eq!(size_of::<Kept>() + size_of::<Status>(), 57);
    }
}
