//! The terminal's answers on their way from the thread that reads to the interface, which is woken only if it waits for one.
//!
//! What an answer means is the business of `link`.

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
    /// Whether somebody waits for the next one.
    awaited: bool,
}

impl Answers {
    /// An answer has come. Gives back whether somebody is to be woken for it.
    pub fn come(&self, now: Instant) -> bool {
        let mut inbox = self.inbox.lock().unwrap_or_else(PoisonError::into_inner);
        inbox.came.push(now);
        std::mem::take(&mut inbox.awaited)
    }

    /// Takes what has come; if that is nothing, the next one is `awaited` or not. Gives back whether there was any.
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
