//! What panes compute for their marks: in the frame if that takes no noticeable time, else as a job, whose values
//! are shown as they arrive.
//!
//! The values' meaning is up to who asks for them. They are keyed by everything they depend on, so that dropping them
//! changes no finished picture.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::app::Seen;
use crate::family::ChartId;
use crate::math::Vec2;
use crate::plot::{Field, Frame};
use crate::work::{Cancelled, Job, Output, now};

/// Closed forms that a frame has time for, and how many of them a quadrature counts as.
const AT_ONCE: usize = 1_200;
const QUADRATURE: usize = 16;
/// How long a frame waits for a job: long enough for nearly all searches and for a coarse picture.
const PATIENCE: Duration = Duration::from_millis(2);
/// How long to wait for a job where there is nothing else to do.
const LONG: Duration = Duration::from_secs(1);
/// The cost of the points of a field, in steps of a race on a closed form, between two looks at whether it is still wanted.
const WORK: usize = 2_000;

/// Everything that values depend on.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// Of family and loss.
    revision: u64,
    chart: ChartId,
    numbers: Vec<u64>,
}

impl Key {
    /// The key of a show's family, loss and chart, and of numbers.
    #[must_use]
    pub fn of(show: &Seen<'_>, numbers: &[f64]) -> Self {
        let numbers = numbers.iter().map(|x| x.to_bits()).collect();
        Self { revision: show.world.model_revision(), chart: show.chart, numbers }
    }

    /// The same over a frame.
    #[must_use]
    pub fn over(show: &Seen<'_>, frame: &Frame, numbers: &[f64]) -> Self {
        let [columns, rows] = [frame.columns as f64, frame.rows as f64];
        let all: Vec<f64> = frame.x.into_iter().chain(frame.y).chain([columns, rows]).chain(numbers.to_vec()).collect();
        Self::of(show, &all)
    }
}

/// Whether a frame has time for so many evaluations on a show's family.
#[must_use]
pub fn quick(show: &Seen<'_>, evaluations: usize) -> bool {
    evaluations * if show.world.family.cheap() { 1 } else { QUADRATURE } <= AT_ONCE
}

/// Values found so far, in order.
pub struct Computed<T> {
    key: Option<Key>,
    job: Option<Job<T>>,
    values: Vec<T>,
    age: u64,
}

/// Values of any type that may still be on their way.
pub trait Pending {
    /// Whether every value is known.
    fn complete(&self) -> bool;
    /// Waits until it is.
    fn finish(&mut self);
}

impl<T> Default for Computed<T> {
    fn default() -> Self {
        Self { key: None, job: None, values: Vec::new(), age: 0 }
    }
}

impl<T> fmt::Debug for Computed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Computed({} values)", self.values.len())
    }
}

impl<T: Send + 'static> Computed<T> {
    /// Makes these the values of a key, which `work` computes: here and now if that is `quick`. What is known of them stays.
    pub fn follow<W>(&mut self, key: Key, quick: bool, work: impl FnOnce() -> W)
    where
        W: FnOnce(&Output<T>) -> Result<(), Cancelled> + Send + 'static,
    {
        if self.key.as_ref() == Some(&key) {
            return self.wait(Duration::ZERO);
        }
        *self = Self { key: Some(key), age: self.age + 1, ..Self::default() };
        if quick {
            self.values = now(work());
        } else {
            self.job = Some(Job::start(work()));
            self.wait(PATIENCE);
        }
    }

    fn wait(&mut self, patience: Duration) {
        let Some(job) = &mut self.job else { return };
        let found = job.wait(patience);
        let finished = job.finished();
        self.age += u64::from(finished || !found.is_empty());
        self.values.extend(found);
        if finished {
            self.job = None;
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        if self.key.is_some() {
            *self = Self { age: self.age + 1, ..Self::default() };
        }
    }
}

impl<T> Computed<T> {
    /// The values so far.
    #[must_use]
    pub fn values(&self) -> &[T] {
        &self.values
    }

    /// Whether every value is known.
    #[must_use]
    pub const fn complete(&self) -> bool {
        self.job.is_none()
    }

    /// Counts the changes: while it is the same, so are the values.
    #[must_use]
    pub const fn age(&self) -> u64 {
        self.age
    }
}

impl<T: Send + 'static> Pending for Computed<T> {
    fn complete(&self) -> bool {
        self.job.is_none()
    }

    fn finish(&mut self) {
        while self.job.is_some() {
            self.wait(LONG);
        }
    }
}

/// How a field is computed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Grain {
    /// In the frame, at once.
    pub quick: bool,
    /// With values interpolated where that is safe.
    pub sparing: bool,
    /// With the floors of narrow valleys.
    pub floors: bool,
}

/// A field over a frame, as fine as it is known.
pub type Raster = Computed<Arc<Field>>;

impl Raster {
    /// Makes this the field of a function with a key; `cost` is that of a point in steps of a race on a closed form.
    pub fn refine<V>(&mut self, key: Key, frame: Frame, grain: Grain, cost: usize, values: impl FnOnce() -> V)
    where
        V: FnMut(&[Vec2], &mut [f64]) + Send + 'static,
    {
        let Grain { quick, sparing, floors } = grain;
        self.follow(key, quick, || {
            let mut values = values();
            move |out: &Output<Arc<Field>>| {
                let part = (WORK / cost.max(1)).max(1);
                let mut values = |xs: &[Vec2], found: &mut [f64]| {
                    xs.chunks(part).zip(found.chunks_mut(part)).try_for_each(|(xs, found)| {
                        values(xs, found);
                        if quick { Ok(()) } else { out.progress().check() }
                    })
                };
                let mut field = if quick {
                    Field::of(frame, &mut values)?
                } else {
                    Field::refined(frame, sparing, &mut values, |level| out.send(Arc::new(level.clone())))?
                };
                if floors {
                    field.deepen(&mut values)?;
                }
                out.send(Arc::new(field))
            }
        });
        // Only the finest is of any use.
        self.values.drain(..self.values.len().saturating_sub(1));
    }

    /// The field; `None` if not even a coarse one is known.
    #[must_use]
    pub fn field(&self) -> Option<&Arc<Field>> {
        self.values.last()
    }
}

/// Computes `total` values from their indices.
pub fn each<T>(
    total: usize,
    value: impl Fn(usize) -> T + Send + 'static,
) -> impl FnOnce(&Output<T>) -> Result<(), Cancelled> + Send + 'static {
    move |out| (0..total).try_for_each(|i| out.send(value(i)))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::sync::mpsc::{channel, sync_channel};

    use super::*;

    fn key(number: u64) -> Key {
        Key { revision: 0, chart: ChartId::CANONICAL, numbers: vec![number] }
    }

    #[test]
    fn what_a_job_finds_is_what_is_found_here() {
        let (mut here, mut aside) = (Computed::default(), Computed::default());
        here.follow(key(0), true, || each(40, |i| i * i));
        aside.follow(key(0), false, || each(40, |i| i * i));
        aside.finish();
        assert!(here.complete() && aside.complete());
        assert_eq!(here.values(), aside.values());
    }

    #[test]
    fn nobody_computes_on_for_values_that_are_not_wanted() {
        let (hold, held) = sync_channel::<()>(0);
        let (tell, told) = channel();
        let mut found = Computed::default();
        let held = Mutex::new(held);
        found.follow(key(0), false, || {
            each(1000, move |i| {
                let _ = held.lock().map(|held| held.recv());
                let _ = tell.send(i);
            })
        });
        assert!(!found.complete() && found.values().is_empty(), "a frame does not wait for long");
        hold.send(()).expect("somebody computes");
        assert_eq!(told.recv(), Ok(0));
        found.clear();
        // The second value has no receiver; the sender is dropped with the work.
        let _ = hold.send(());
        assert_eq!(told.into_iter().filter(|i| *i > 1).count(), 0);
    }

    #[test]
    fn a_field_from_a_job_is_the_field_from_here() {
        let frame = Frame { x: [0.0, 1.0], y: [0.0, 1.0], columns: 40, rows: 20 };
        let values = || |xs: &[Vec2], out: &mut [f64]| out.iter_mut().zip(xs).for_each(|(out, x)| *out = x[0] * x[1]);
        let (mut here, mut aside) = (Raster::default(), Raster::default());
        here.refine(key(0), frame, Grain { quick: true, ..Grain::default() }, 1, values);
        aside.refine(key(0), frame, Grain::default(), 1_000, values);
        aside.finish();
        aside.refine(key(0), frame, Grain::default(), 1_000, values);
        let bits =
            |raster: &Raster| raster.field().expect("a field").values().iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&here), bits(&aside));
    }
}
