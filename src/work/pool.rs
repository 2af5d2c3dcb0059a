//! The threads that jobs run on: begun with the first job, as many as there are cores to spare, and never ended.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, OnceLock, PoisonError};
use std::thread;

/// A job's work with its output.
type Task = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Pool {
    queue: Mutex<VecDeque<Task>>,
    arrived: Condvar,
}

/// The number of threads: one core is the interface's. At least two, so that a short search does not wait for a long
/// one.
pub(super) fn threads() -> usize {
    thread::available_parallelism().map_or(2, usize::from).saturating_sub(1).clamp(2, 8)
}

/// Queues a task.
pub(super) fn run(task: Task) {
    static POOL: OnceLock<&'static Pool> = OnceLock::new();
    let pool = POOL.get_or_init(|| {
        let pool: &'static Pool = Box::leak(Box::default());
        for _ in 0..threads() {
            // Without a thread the tasks wait in the queue, as behind others.
            let _ = thread::Builder::new().name("work".to_owned()).spawn(move || serve(pool));
        }
        pool
    });
    pool.queue.lock().unwrap_or_else(PoisonError::into_inner).push_back(task);
    pool.arrived.notify_one();
}

fn serve(pool: &Pool) {
    loop {
        let mut queue = pool.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let task = loop {
            match queue.pop_front() {
                Some(task) => break task,
                None => queue = pool.arrived.wait(queue).unwrap_or_else(PoisonError::into_inner),
            }
        };
        drop(queue);
        task();
    }
}
