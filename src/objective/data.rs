//! A sample: rows of numbers, and which of them a mini-batch draws.
//!
//! Where the numbers come from (inline, CSV, drawn) is the scenario's business.

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand::seq::SliceRandom;

use super::Draw;

/// Observations, all inside of the family's support.
#[derive(Debug, Clone, PartialEq)]
pub struct Data {
    /// The rows, one after the other.
    values: Vec<f64>,
    width: usize,
    batch: Option<usize>,
}

impl Data {
    /// A sample of single numbers; with `batch`, each step sees that many of them.
    ///
    /// `batch` must be at least 1 and at most the number of rows.
    #[must_use]
    pub fn new(values: Vec<f64>, batch: Option<usize>) -> Self {
        Self::rows_of(1, values, batch)
    }

    /// A sample of rows of `width` numbers, one after the other in `values`.
    #[must_use]
    pub fn rows_of(width: usize, values: Vec<f64>, batch: Option<usize>) -> Self {
        Self { values, width: width.max(1), batch }
    }

    /// How many observations there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.values.len() / self.width
    }

    /// The observations in the order they came in, row after row.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The rows that one step sees, one after the other; none where it sees all.
    ///
    /// An epoch is one shuffle of all rows, cut into batches of equal size; rows left over sit that epoch out. The shuffle
    /// is a function of seed, racer and epoch alone.
    #[must_use]
    pub fn batch(&self, draw: Draw) -> Option<Vec<f64>> {
        let size = self.batch?;
        let batches = self.rows() / size;
        let (epoch, place) = (draw.step / batches, draw.step % batches);
        let mut rows: Vec<&[f64]> = self.values.chunks_exact(self.width).collect();
        rows.shuffle(&mut stream(draw.seed, draw.racer as u64, epoch as u64));
        Some(rows[place * size..(place + 1) * size].concat())
    }
}

/// What a step's random numbers are for: each purpose has a stream of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Which rows a batch has, and samples of data.
    Rows = 0,
    /// The actions of a step under a reward.
    Actions = 1,
    /// Draws from the model for a Fisher matrix.
    Scores = 2,
}

/// The random stream of that name: ChaCha with 8 rounds, the seed as key, racer and epoch as stream and position.
#[must_use]
pub fn stream(seed: u64, racer: u64, epoch: u64) -> ChaCha8Rng {
    named(seed, racer, epoch, Purpose::Rows)
}

/// The random stream of one step for one purpose.
#[must_use]
pub fn stream_for(purpose: Purpose, draw: Draw) -> ChaCha8Rng {
    named(draw.seed, draw.racer as u64, draw.step as u64, purpose)
}

fn named(seed: u64, racer: u64, position: u64, purpose: Purpose) -> ChaCha8Rng {
    let mut key = [0_u8; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&racer.to_le_bytes());
    key[16..24].copy_from_slice(&position.to_le_bytes());
    key[24] = purpose as u8;
    ChaCha8Rng::from_seed(key)
}
