//! A table of covariates, and the two products that everything is made of: X w and Xᵀ r, in one pass over blocks of rows.

use std::array;
use std::sync::Arc;

use crate::math::linear::dot;

/// The number of rows that are kept in the processor's nearest cache between the two products.
const BLOCK: usize = 32;
/// The number of rows that are added at once.
const SIDE: usize = 4;

/// A table of covariates, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    width: usize,
    values: Arc<[f64]>,
}

impl Table {
    /// Rows of `width` finite numbers one after the other.
    #[must_use]
    pub fn new(width: usize, values: Arc<[f64]>) -> Self {
        Self { width: width.max(1), values }
    }

    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len() / self.width
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The rows.
    #[must_use]
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.values.chunks_exact(self.width)
    }

    /// The numbers of all rows.
    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }

    /// Whether both are one table in memory.
    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.values, &other.values)
    }

    /// A row by its index.
    pub(super) fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.width..][..self.width]
    }

    pub(super) fn map(&self, f: impl Fn(usize, f64) -> f64) -> Self {
        let values = self.rows().flat_map(|row| row.iter().enumerate().map(|(j, x)| f(j, *x))).collect();
        Self { width: self.width, values }
    }

    /// Calls `f` with each row's index and its log odds (1, x)·w.
    pub(super) fn each(&self, w: &[f64], mut f: impl FnMut(usize, f64)) {
        self.blocks(w, |first, _, odds| odds.iter_mut().enumerate().for_each(|(i, odds)| f(first + i, *odds)));
    }

    /// Adds to `out` the rows (1, x), each times what `f` makes of its index and its log odds.
    pub(super) fn add(&self, w: &[f64], out: &mut [f64], mut f: impl FnMut(usize, f64) -> f64) {
        self.blocks(w, |first, rows, odds| {
            odds.iter_mut().enumerate().for_each(|(i, odds)| *odds = f(first + i, *odds));
            add(odds, rows, out);
        });
    }

    /// Calls `f` with blocks of rows: the index of the first, their values, their log odds.
    fn blocks(&self, w: &[f64], mut f: impl FnMut(usize, &[f64], &mut [f64])) {
        for (block, rows) in self.values.chunks(BLOCK * self.width).enumerate() {
            let mut all = [0.0; BLOCK];
            let all = &mut all[..rows.len() / self.width];
            multiply(w, rows, all);
            f(block * BLOCK, rows, all);
        }
    }
}

/// w₀ + Σ wⱼ xⱼ.
pub(super) fn odds(w: &[f64], x: &[f64]) -> f64 {
    pair(w, [x, x])[0]
}

/// The log odds of rows that follow each other.
fn multiply(w: &[f64], rows: &[f64], out: &mut [f64]) {
    // Without columns a row is one number, which no weight meets.
    let width = (w.len() - 1).max(1);
    let mut pairs = rows.chunks_exact(2 * width);
    let mut outs = out.chunks_exact_mut(2);
    for (rows, out) in pairs.by_ref().zip(outs.by_ref()) {
        out.copy_from_slice(&pair(w, rows.split_at(width).into()));
    }
    outs.into_remainder().iter_mut().for_each(|out| *out = odds(w, pairs.remainder()));
}

/// The log odds of two rows, each in four sums that a processor can make side by side. Of more rows it would be slower.
fn pair(w: &[f64], [a, b]: [&[f64]; 2]) -> [f64; 2] {
    let (first, w) = (w[0], &w[1..]);
    let mut sums = [[0.0; 4]; 2];
    for ((w, a), b) in w.chunks_exact(4).zip(a.chunks_exact(4)).zip(b.chunks_exact(4)) {
        for k in 0..4 {
            sums[0][k] += w[k] * a[k];
            sums[1][k] += w[k] * b[k];
        }
    }
    let rest = w.len() / 4 * 4;
    let whole = |x: &[f64], [p, q, r, s]: [f64; 4]| first + dot(&w[rest..], &x[rest..]) + ((p + q) + (r + s));
    [whole(a, sums[0]), whole(b, sums[1])]
}

/// Adds to `out` rows (1, x) that follow each other, each times its factor.
pub(super) fn add(factors: &[f64], rows: &[f64], out: &mut [f64]) {
    let (first, out) = out.split_at_mut(1);
    first[0] += factors.iter().sum::<f64>();
    let width = out.len().max(1);
    let (quads, rests) = (factors.chunks_exact(SIDE), rows.chunks_exact(SIDE * width));
    for (factor, x) in quads.remainder().iter().zip(rests.remainder().chunks_exact(width)) {
        out.iter_mut().zip(x).for_each(|(out, x)| *out += factor * x);
    }
    for (f, rows) in quads.zip(rests) {
        let [a, b, c, d]: [&[f64]; SIDE] = array::from_fn(|row| &rows[row * width..][..width]);
        for (j, out) in out.iter_mut().enumerate() {
            *out += (f[0] * a[j] + f[1] * b[j]) + (f[2] * c[j] + f[3] * d[j]);
        }
    }
}
