//! Values that are found one by one: as many as a frame has time for, the rest when there is nothing else to do.
//!
//! Not its business: what the values are. A series is keyed by all that they depend on, so that dropping it changes no
//! finished picture.

use std::fmt;
use std::ptr::addr_eq;
use std::sync::Arc;

use crate::app::Seen;
use crate::family::Family;
use crate::objective::Objective;
use crate::plot::Frame;

/// Closed forms that a frame has time for, by series.
const AT_ONCE: usize = 1_200;
/// How many of them a quadrature counts for, in a frame as between frames.
const QUADRATURE: usize = 16;

/// All that a series depends on.
#[derive(Debug, Clone)]
pub struct Key {
    family: Arc<dyn Family>,
    objective: Arc<dyn Objective>,
    chart: usize,
    numbers: Vec<u64>,
}

impl Key {
    /// The key of a show's family, loss and chart, and of numbers.
    #[must_use]
    pub fn of(show: &Seen<'_>, numbers: &[f64]) -> Self {
        Self {
            family: Arc::clone(&show.scenario.family),
            objective: Arc::clone(&show.scenario.objective),
            chart: show.chart,
            numbers: numbers.iter().map(|x| x.to_bits()).collect(),
        }
    }

    /// The same over a frame.
    #[must_use]
    pub fn over(show: &Seen<'_>, frame: &Frame, numbers: &[f64]) -> Self {
        let [columns, rows] = [frame.columns as f64, frame.rows as f64];
        let all: Vec<f64> = frame.x.into_iter().chain(frame.y).chain([columns, rows]).chain(numbers.to_vec()).collect();
        Self::of(show, &all)
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        addr_eq(Arc::as_ptr(&self.family), Arc::as_ptr(&other.family))
            && addr_eq(Arc::as_ptr(&self.objective), Arc::as_ptr(&other.objective))
            && self.chart == other.chart
            && self.numbers == other.numbers
    }
}

/// How a value is found from its place in the series.
type Work<T> = Box<dyn Fn(usize) -> T>;

/// Values found so far, in order.
pub struct Series<T> {
    key: Option<Key>,
    work: Option<Work<T>>,
    total: usize,
    /// Evaluations a value.
    cost: usize,
    values: Vec<T>,
}

impl<T> Default for Series<T> {
    fn default() -> Self {
        Self { key: None, work: None, total: 0, cost: 1, values: Vec::new() }
    }
}

impl<T> fmt::Debug for Series<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Series({} of {})", self.values.len(), self.total)
    }
}

impl<T> Series<T> {
    /// Makes this the series of a key: `total` values that cost so many evaluations each. What there is of it stays;
    /// of a new one as much is found as a frame has time for. Gives back whether anything changed.
    pub fn follow(&mut self, key: Key, total: usize, cost: usize, work: impl FnOnce() -> Work<T>) -> bool {
        if self.key.as_ref() == Some(&key) {
            return false;
        }
        let cost = cost.max(1) * if key.family.cheap() { 1 } else { QUADRATURE };
        *self = Self { key: Some(key), work: Some(work()), total, cost, values: Vec::with_capacity(total) };
        // What takes longer than a frame has is not even begun in one.
        if self.cost <= AT_ONCE {
            self.advance(AT_ONCE);
        }
        true
    }

    /// Finds further values for about `budget` evaluations, at least one; gives back what it has spent.
    pub fn advance(&mut self, budget: usize) -> usize {
        let Some(work) = &self.work else { return 0 };
        let mut spent = 0;
        while self.values.len() < self.total && spent < budget {
            self.values.push(work(self.values.len()));
            spent += self.cost;
        }
        spent
    }

    /// Forgets everything; gives back whether there was anything.
    pub fn clear(&mut self) -> bool {
        let some = self.key.is_some();
        *self = Self::default();
        some
    }

    /// Whether every value is known.
    #[must_use]
    pub fn complete(&self) -> bool {
        self.values.len() >= self.total
    }

    /// The values so far.
    #[must_use]
    pub fn values(&self) -> &[T] {
        &self.values
    }
}
