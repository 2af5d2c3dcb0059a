//! The terminal's answers, passed from the reading thread to the interface, which is woken only if it waits for one.
//!
//! `link` interprets them.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Answers that have come and have not been taken yet.
#[derive(Debug, Default)]
pub struct Answers {
    inbox: Mutex<Inbox>,
}

#[derive(Debug, Default)]
struct Inbox {
    came: Vec<Instant>,
    /// Whether the interface waits for the next one.
    awaited: bool,
}

impl Answers {
    /// An answer has come. Returns whether the interface has to be woken for it.
    pub fn come(&self, now: Instant) -> bool {
        let mut inbox = self.inbox.lock().unwrap_or_else(PoisonError::into_inner);
        inbox.came.push(now);
        std::mem::take(&mut inbox.awaited)
    }

    /// Takes the answers received; if there are none, `awaited` says whether to wake for the next one. Returns whether
    /// there were any.
    pub fn take(&self, awaited: bool, mut each: impl FnMut(Instant)) -> bool {
        let mut inbox = self.inbox.lock().unwrap_or_else(PoisonError::into_inner);
        let any = !inbox.came.is_empty();
        inbox.awaited = awaited && !any;
        inbox.came.drain(..).for_each(&mut each);
        any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_waits_is_woken_and_once() {
        let (answers, now) = (Answers::default(), Instant::now());
        assert!(!answers.come(now), "nobody waits");
        let mut taken = 0;
        assert!(answers.take(true, |_| taken += 1), "one was there: nothing to wait for");
        assert!(!answers.come(now) && answers.take(false, |_| taken += 1));
        assert!(!answers.take(true, |_| taken += 1));
        assert!(answers.come(now) && !answers.come(now), "woken once");
        assert!(answers.take(false, |_| taken += 1) && taken == 4);
    }
}
