//! Values computed one by one: as many as a frame has time for, the rest when idle, or as a job if a
//! single one may take longer than a key can wait.
//!
//! The values' meaning is up to the overlay. A series is keyed by everything they depend on, so that dropping it
//! changes no finished picture.

use std::fmt;
use std::time::Duration;

use crate::app::Seen;
use crate::family::ChartId;
use crate::plot::Frame;
use crate::work::Job;

/// Closed forms that a frame has time for, by series.
const AT_ONCE: usize = 1_200;
/// How many of them a quadrature counts as, in a frame and between frames.
const QUADRATURE: usize = 16;
/// How long a frame waits for values from the background: long enough for nearly all searches.
const PATIENCE: Duration = Duration::from_millis(2);
/// How long to wait for them between frames, without busy-waiting.
const PAUSE: Duration = Duration::from_micros(500);

/// Everything a series depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// Of family and loss.
    revision: u64,
    /// Whether the family has closed forms.
    cheap: bool,
    chart: ChartId,
    numbers: Vec<u64>,
}

impl Key {
    /// The key of a show's family, loss and chart, and of numbers.
    #[must_use]
    pub fn of(show: &Seen<'_>, numbers: &[f64]) -> Self {
        Self {
            revision: show.world.model_revision(),
            cheap: show.world.family.cheap(),
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

/// Computes a value from its index in the series.
pub type Work<T> = Box<dyn Fn(usize) -> T + Send>;

/// Where further values come from.
enum Source<T> {
    Here(Work<T>),
    Aside(Job<T>),
}

/// Values found so far, in order.
pub struct Series<T> {
    key: Option<Key>,
    source: Option<Source<T>>,
    total: usize,
    /// Evaluations per value.
    cost: usize,
    values: Vec<T>,
}

impl<T> Default for Series<T> {
    fn default() -> Self {
        Self { key: None, source: None, total: 0, cost: 1, values: Vec::new() }
    }
}

impl<T> fmt::Debug for Series<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Series({} of {})", self.values.len(), self.total)
    }
}

impl<T: Send + 'static> Series<T> {
    /// Makes this the series of a key: `total` values that cost so many evaluations each. What there is of it stays;
    /// of a new one as much is found as a frame has time for. Returns whether anything changed.
    pub fn follow(&mut self, key: Key, total: usize, cost: usize, work: impl FnOnce() -> Work<T>) -> bool {
        if self.key.as_ref() == Some(&key) {
            return false;
        }
        let cost = cost.max(1) * if key.cheap { 1 } else { QUADRATURE };
        self.begin(key, total, cost, Source::Here(work()));
        // Anything that takes longer than a frame is not even started in one.
        if self.cost <= AT_ONCE {
            self.advance(AT_ONCE);
        }
        true
    }

    /// The same for values each of which needs a search: whatever is known after a moment is shown at once.
    pub fn search(&mut self, key: Key, total: usize, work: impl FnOnce() -> Work<T>) {
        if self.key.as_ref() == Some(&key) {
            return;
        }
        let work = work();
        let mut job = Job::start(move |out| (0..total).try_for_each(|i| out.send(work(i))));
        let found = job.wait(PATIENCE);
        self.begin(key, total, 1, Source::Aside(job));
        self.values = found;
    }

    fn begin(&mut self, key: Key, total: usize, cost: usize, source: Source<T>) {
        *self = Self { key: Some(key), source: Some(source), total, cost, values: Vec::with_capacity(total) };
    }

    /// Finds further values for about `budget` evaluations, at least one, or receives those of the background thread;
    /// returns the cost.
    pub fn advance(&mut self, budget: usize) -> usize {
        let before = self.values.len();
        match &mut self.source {
            _ if self.values.len() >= self.total => {}
            None => {}
            Some(Source::Here(work)) => {
                while self.values.len() < self.total && (self.values.len() - before) * self.cost < budget {
                    self.values.push(work(self.values.len()));
                }
            }
            Some(Source::Aside(job)) => {
                self.values.extend(job.wait(PAUSE));
                if job.finished() {
                    // Of work that was cut short the rest will not come.
                    self.total = self.values.len();
                }
            }
        }
        (self.values.len() - before) * self.cost
    }

    /// Forgets everything; returns whether there was anything.
    pub fn clear(&mut self) -> bool {
        let some = self.key.is_some();
        *self = Self::default();
        some
    }
}

impl<T> Series<T> {
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

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{channel, sync_channel};

    use super::*;

    fn key(number: u64) -> Key {
        Key { revision: 0, cheap: true, chart: ChartId::CANONICAL, numbers: vec![number] }
    }

    #[test]
    fn what_is_found_aside_is_what_is_found_here() {
        let (mut here, mut aside) = (Series::default(), Series::default());
        here.follow(key(0), 40, 100, || Box::new(|i| i * i));
        aside.search(key(0), 40, || Box::new(|i| i * i));
        while !here.complete() {
            assert!(here.advance(1) == 100, "one at a time");
        }
        while !aside.complete() {
            aside.advance(1);
        }
        assert_eq!(here.values(), aside.values());
    }

    #[test]
    fn nobody_searches_on_for_a_series_that_is_gone() {
        let (hold, held) = sync_channel::<()>(0);
        let (tell, told) = channel();
        let mut series = Series::default();
        let held = std::sync::Mutex::new(held);
        series.search(key(0), 1000, || {
            Box::new(move |i| {
                let _ = held.lock().map(|held| held.recv());
                let _ = tell.send(i);
            })
        });
        assert!(!series.complete() && series.values().is_empty(), "a frame does not wait for long");
        hold.send(()).expect("somebody searches");
        assert_eq!(told.recv(), Ok(0));
        series.clear();
        // The second value has no receiver; the sender is dropped with the thread.
        let _ = hold.send(());
        assert_eq!(told.into_iter().filter(|i| *i > 1).count(), 0);
    }
}
