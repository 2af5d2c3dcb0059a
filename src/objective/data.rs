//! A sample: rows of numbers, and the mini-batches drawn from them.
//!
//! The origin of the numbers (inline, CSV, drawn) is the scenario's business.

use std::sync::{Arc, Mutex};

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use super::Draw;

/// The number of epochs whose shuffles are cached: racers, shadow races and a seek backwards are rarely in more at a
/// time.
const EPOCHS: usize = 4;

/// Observations, all of them in the support of the family.
#[derive(Debug)]
pub struct Data {
    /// The rows, one after the other.
    values: Arc<[f64]>,
    width: usize,
    batch: Option<usize>,
    /// The shuffles of the most recently used epochs, the latest first. A cache: its contents follow from the seed.
    epochs: Mutex<Vec<Epoch>>,
}

impl Clone for Data {
    fn clone(&self) -> Self {
        Self::rows_of(self.width, Arc::clone(&self.values), self.batch)
    }
}

impl PartialEq for Data {
    fn eq(&self, other: &Self) -> bool {
        (&self.values, self.width, self.batch) == (&other.values, other.width, other.batch)
    }
}

/// The shuffle of one epoch, as far as its batches have been used.
#[derive(Debug)]
struct Epoch {
    seed: u64,
    number: usize,
    /// The indices of the rows; the first `shuffled` are in their final position.
    order: Vec<u32>,
    shuffled: usize,
    rng: ChaCha8Rng,
}

impl Epoch {
    fn new(seed: u64, number: usize, rows: usize) -> Self {
        let draw = Draw { seed, step: number };
        Self { seed, number, order: (0..rows as u32).collect(), shuffled: 0, rng: stream_for(Purpose::Rows, draw) }
    }

    /// The first `count` rows of the shuffle (Durstenfeld 1964), continued incrementally.
    fn first(&mut self, count: usize) -> &[u32] {
        while self.shuffled < count {
            let from = self.rng.random_range(self.shuffled..self.order.len());
            self.order.swap(self.shuffled, from);
            self.shuffled += 1;
        }
        &self.order[..count]
    }
}

impl Data {
    /// A sample of single numbers; with `batch`, each step sees that many of them.
    ///
    /// `batch` must be at least 1 and at most the number of rows.
    #[must_use]
    pub fn new(values: impl Into<Arc<[f64]>>, batch: Option<usize>) -> Self {
        Self::rows_of(1, values, batch)
    }

    /// A sample of rows of `width` numbers, one after the other in `values`.
    #[must_use]
    pub fn rows_of(width: usize, values: impl Into<Arc<[f64]>>, batch: Option<usize>) -> Self {
        Self { values: values.into(), width: width.max(1), batch, epochs: Mutex::default() }
    }

    /// The number of observations.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.values.len() / self.width
    }

    /// The observations in their original order, row after row.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The size of a mini-batch; `None` if every step sees all rows.
    #[must_use]
    pub const fn batch_size(&self) -> Option<usize> {
        self.batch
    }

    /// The rows that one step sees, one after the other; `None` if every step sees all.
    ///
    /// An epoch is one shuffle of all rows, cut into batches of equal size; leftover rows are not used in that epoch.
    /// The shuffle is a function of seed and epoch alone, so every racer sees the same rows at the same step. Except
    /// for the first step of an epoch the time is proportional to the batch, not to the data.
    #[must_use]
    pub fn batch(&self, draw: Draw) -> Option<Vec<f64>> {
        let size = self.batch?;
        let batches = self.rows() / size;
        let (number, place) = (draw.step / batches, draw.step % batches);
        // A thread that panicked left a shuffle that is valid as far as it goes.
        let mut epochs = self.epochs.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let known = epochs.iter().position(|epoch| (epoch.seed, epoch.number) == (draw.seed, number));
        let at = known.unwrap_or_else(|| {
            epochs.truncate(EPOCHS - 1);
            epochs.insert(0, Epoch::new(draw.seed, number, self.rows()));
            0
        });
        epochs[..=at].rotate_right(1);
        let chosen = &epochs[0].first((place + 1) * size)[place * size..];
        let mut rows = Vec::with_capacity(size * self.width);
        for &row in chosen {
            let start = row as usize * self.width;
            rows.extend_from_slice(&self.values[start..start + self.width]);
        }
        Some(rows)
    }
}

/// The purpose of random numbers; each purpose has its own streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The shuffle of an epoch; the step is the epoch's number.
    Rows = 0,
    /// The actions of a step of an expected reward.
    Actions = 1,
    /// Draws from the model for a Fisher matrix.
    Scores = 2,
    /// A sample in place of data.
    Sample = 3,
    /// Draws from the model for a matrix that is only displayed.
    Picture = 4,
    /// The directions of a plane; the step is 0.
    Plane = 5,
}

/// The random stream of one step for one purpose: ChaCha with 8 rounds, keyed by seed, step and purpose.
///
/// It does not depend on the racer, so all racers see the same rows and the same random numbers.
#[must_use]
pub fn stream_for(purpose: Purpose, draw: Draw) -> ChaCha8Rng {
    let mut key = [0_u8; 32];
    key[..8].copy_from_slice(&draw.seed.to_le_bytes());
    key[16..24].copy_from_slice(&(draw.step as u64).to_le_bytes());
    key[24] = purpose as u8;
    ChaCha8Rng::from_seed(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_shuffles_the_rows_of_its_batch_and_no_others() {
        let data = Data::new(vec![0.0; 200_000], Some(32));
        for step in 0..100 {
            assert_eq!(data.batch(Draw { seed: 7, step }).map(|rows| rows.len()), Some(32));
        }
        let epochs = data.epochs.lock().expect("no other thread");
        assert_eq!((epochs.len(), epochs[0].shuffled), (1, 3200));
    }

    #[test]
    fn seeking_does_not_change_batches() {
        let batches = |steps: &[usize]| -> Vec<Vec<f64>> {
            let data = Data::new((0..50).map(f64::from).collect::<Vec<_>>(), Some(4));
            steps.iter().filter_map(|&step| data.batch(Draw { seed: 3, step })).collect()
        };
        let forward: Vec<usize> = (0..120).collect();
        let backward: Vec<usize> = (0..120).rev().collect();
        let mut found = batches(&backward);
        found.reverse();
        assert_eq!(batches(&forward), found);
        // More epochs at a time than are cached.
        let leaping: Vec<usize> = (0..120).map(|i| i * 37 % 120).collect();
        for (step, batch) in leaping.iter().zip(batches(&leaping)) {
            assert_eq!(found[*step], batch);
        }
    }
}
