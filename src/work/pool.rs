//! The threads that jobs run on: begun with the first job, as many as there are cores to spare, and never ended.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::thread;

/// A job's work with its output.
type Task = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Pool {
    queue: Mutex<VecDeque<Task>>,
    arrived: Condvar,
    /// The number of threads that could be started.
    threads: OnceLock<usize>,
}

/// The number of threads: one core is the interface's. At least two, so that a short search does not wait for a long
/// one.
pub(super) fn threads() -> usize {
    thread::available_parallelism().map_or(2, usize::from).saturating_sub(1).clamp(2, 8)
}

/// Queues a task.
pub(super) fn run(task: Task) {
    static POOL: OnceLock<Arc<Pool>> = OnceLock::new();
    POOL.get_or_init(|| Pool::start(threads())).take(task);
}

impl Pool {
    /// A pool with so many threads, or as many of them as there can be.
    fn start(threads: usize) -> Arc<Self> {
        let pool = Arc::new(Self::default());
        let serve = |pool: &Arc<Self>| {
            let pool = Arc::clone(pool);
            thread::Builder::new().name("work".to_owned()).spawn(move || pool.serve()).is_ok()
        };
        let started = (0..threads).take_while(|_| serve(&pool)).count();
        let _ = pool.threads.set(started);
        pool
    }

    /// Queues a task. Without threads it is done here and now: whoever starts a job waits for it.
    fn take(&self, task: Task) {
        if self.threads.get() == Some(&0) {
            return task();
        }
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).push_back(task);
        self.arrived.notify_one();
    }

    fn serve(&self) {
        loop {
            let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
            let task = loop {
                match queue.pop_front() {
                    Some(task) => break task,
                    None => queue = self.arrived.wait(queue).unwrap_or_else(PoisonError::into_inner),
                }
            };
            drop(queue);
            task();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn where_no_thread_can_be_started_work_is_done_by_who_wants_it() {
        let (tell, told) = channel();
        Pool::start(0).take(Box::new(move || tell.send(thread::current().id()).unwrap()));
        assert_eq!(told.try_recv(), Ok(thread::current().id()));
    }
}
