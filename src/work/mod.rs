//! Work beside the interface: plain loops that run on a pool of threads, report how far they are, and end when nobody
//! wants their values any more.
//!
//! What is computed is the business of whoever starts a [`Job`]. Besides `terminal` the only module with threads.

mod news;
mod pool;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

pub use news::{heard, idle, news, on_news};

/// Nobody wants the values of a job any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancelled;

/// How far a job is, and whether its values are still wanted.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<State>);

#[derive(Debug, Default)]
struct State {
    cancelled: AtomicBool,
    done: AtomicUsize,
    total: AtomicUsize,
}

impl Progress {
    /// Continues, or ends the work with `?`. Long loops call it every few milliseconds.
    ///
    /// # Errors
    /// If the job was dropped.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.0.cancelled.load(Ordering::Relaxed) { Err(Cancelled) } else { Ok(()) }
    }

    /// Reports that `done` of `total` parts are finished, and continues as [`Progress::check`] does.
    ///
    /// # Errors
    /// If the job was dropped.
    pub fn report(&self, done: usize, total: usize) -> Result<(), Cancelled> {
        self.0.done.store(done, Ordering::Relaxed);
        self.0.total.store(total, Ordering::Relaxed);
        news::ring();
        self.check()
    }

    /// The parts that are finished, and of how many; `None` before the first report.
    #[must_use]
    pub fn parts(&self) -> Option<(usize, usize)> {
        let (done, total) = (self.0.done.load(Ordering::Relaxed), self.0.total.load(Ordering::Relaxed));
        (total > 0).then_some((done, total))
    }
}

/// Where a job's work puts its values, in order.
#[derive(Debug)]
pub struct Output<T> {
    values: Sender<T>,
    progress: Progress,
}

impl<T> Output<T> {
    /// Delivers a value.
    ///
    /// # Errors
    /// If the job was dropped.
    pub fn send(&self, value: T) -> Result<(), Cancelled> {
        self.progress.check()?;
        self.values.send(value).map_err(|_| Cancelled)?;
        news::ring();
        Ok(())
    }

    /// The job's progress.
    #[must_use]
    pub const fn progress(&self) -> &Progress {
        &self.progress
    }
}

/// Work on the pool, seen from where its values are wanted. Dropping it cancels the work.
///
/// ```
/// use geodescent::work::Job;
///
/// let mut squares = Job::start(|out| (0..5).try_for_each(|i| out.send(i * i)));
/// let mut values = Vec::new();
/// while !squares.finished() {
///     values.extend(squares.wait(std::time::Duration::from_millis(10)));
/// }
/// assert_eq!(values, [0, 1, 4, 9, 16]);
/// ```
#[derive(Debug)]
pub struct Job<T> {
    values: Receiver<T>,
    progress: Progress,
    finished: bool,
}

impl<T: Send + 'static> Job<T> {
    /// Starts work on the pool. Jobs begin in the order in which they were started.
    pub fn start(work: impl FnOnce(&Output<T>) -> Result<(), Cancelled> + Send + 'static) -> Self {
        let (sender, values) = channel();
        let progress = Progress::default();
        let out = Output { values: sender, progress: progress.clone() };
        let running = news::Running::begin();
        pool::run(Box::new(move || {
            if out.progress.check().is_ok() {
                let _ = work(&out);
            }
            // Whoever is told that it has ended is to find its output closed.
            drop(out);
            drop(running);
        }));
        Self { values, progress, finished: false }
    }

    /// The values that have arrived since the last call, after waiting until the work is finished, but at most for
    /// `patience`.
    #[expect(clippy::disallowed_methods, reason = "a caller's patience is real time; no value depends on it")]
    pub fn wait(&mut self, patience: Duration) -> Vec<T> {
        let end = Instant::now() + patience;
        let mut found = Vec::new();
        loop {
            match self.values.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(value) => found.push(value),
                Err(RecvTimeoutError::Timeout) => return found,
                Err(RecvTimeoutError::Disconnected) => {
                    self.finished = true;
                    return found;
                }
            }
        }
    }

    /// Whether the work has ended and all of its values were taken.
    #[must_use]
    pub const fn finished(&self) -> bool {
        self.finished
    }

    /// How far it is.
    #[must_use]
    pub const fn progress(&self) -> &Progress {
        &self.progress
    }
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        self.progress.0.cancelled.store(true, Ordering::Relaxed);
    }
}

/// Does work here and now, without a thread, and returns its values.
pub fn now<T>(work: impl FnOnce(&Output<T>) -> Result<(), Cancelled>) -> Vec<T> {
    let (sender, values) = channel();
    // Its progress is nobody else's: it cannot be cancelled.
    let _ = work(&Output { values: sender, progress: Progress::default() });
    values.try_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_ends_soon_after_it_is_dropped() {
        let (tell, told) = channel();
        let job: Job<()> = Job::start(move |out| {
            let mut rounds = 0_u64;
            let end = loop {
                rounds += 1;
                if let Err(end) = out.progress().report(1, 2) {
                    break end;
                }
            };
            let _ = tell.send(rounds);
            Err(end)
        });
        while job.progress().parts().is_none() {
            std::thread::yield_now();
        }
        assert!(told.try_recv().is_err(), "it runs as long as it is wanted");
        drop(job);
        assert!(told.recv_timeout(Duration::from_secs(20)).is_ok());
    }

    #[test]
    fn work_that_nobody_wants_is_not_begun() {
        let (hold, held) = channel::<()>();
        let held = Arc::new(std::sync::Mutex::new(held));
        // All threads of the pool wait.
        let busy: Vec<Job<()>> = (0..pool::threads())
            .map(|_| {
                let held = Arc::clone(&held);
                Job::start(move |_| {
                    let _ = held.lock().map(|held| held.recv());
                    Ok(())
                })
            })
            .collect();
        let (tell, told) = channel();
        drop(Job::<()>::start(move |_| {
            let _ = tell.send(());
            Ok(())
        }));
        drop(hold);
        drop(busy);
        // The sender is gone without having sent.
        assert!(told.recv_timeout(Duration::from_secs(20)) == Err(RecvTimeoutError::Disconnected));
    }
}
