//! Whether jobs have found anything that has not been looked at, and who is woken by it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Whether there is news.
static NEWS: AtomicBool = AtomicBool::new(false);
/// The number of jobs that have begun or wait for a thread.
static RUNNING: AtomicUsize = AtomicUsize::new(0);
/// What is called when there is news.
static BELL: OnceLock<Box<dyn Fn() + Send + Sync>> = OnceLock::new();

/// Has `bell` called from the thread of a job that has found the first thing since [`heard`], has moved on, or was the last
/// to end. Only the first bell counts.
pub fn on_news(bell: impl Fn() + Send + Sync + 'static) {
    let _ = BELL.set(Box::new(bell));
}

/// Whether jobs have found anything, moved on or ended since [`heard`].
#[must_use]
pub fn news() -> bool {
    NEWS.load(Ordering::Acquire)
}

/// What there is of news is looked at now.
pub fn heard() {
    NEWS.store(false, Ordering::Release);
}

/// Whether no job is running.
#[must_use]
pub fn idle() -> bool {
    RUNNING.load(Ordering::Acquire) == 0
}

/// There is news.
pub(super) fn ring() {
    if !NEWS.swap(true, Ordering::AcqRel) {
        call();
    }
}

fn call() {
    if let Some(bell) = BELL.get() {
        bell();
    }
}

/// A job that is running, for as long as this lives.
#[derive(Debug)]
pub(super) struct Running;

impl Running {
    pub(super) fn begin() -> Self {
        RUNNING.fetch_add(1, Ordering::AcqRel);
        Self
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if RUNNING.fetch_sub(1, Ordering::AcqRel) > 1 {
            return ring();
        }
        // Whoever lets news wait for more of it need not wait any longer.
        NEWS.store(true, Ordering::Release);
        call();
    }
}
