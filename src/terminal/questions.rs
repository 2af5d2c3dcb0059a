//! Which questions the terminal has not answered yet, and how long an answer may still be expected. Pure: time is passed
//! in.
//!
//! What follows from the answers for the pace of frames is known to `link`.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How long to wait for an answer as long as there has been none.
const FIRST: Duration = Duration::from_millis(350);
/// The longest time to wait for one, however long others have taken.
const MOST: Duration = Duration::from_secs(2);
/// An answer may take twice as long as the slowest so far plus this: a terminal that has answered within a millisecond
/// takes many times as long when its machine is busy. The time is spent only if an answer is lost.
const JITTER: Duration = Duration::from_millis(150);

/// A question that has been sent.
#[derive(Debug, Clone, Copy)]
struct Asked {
    at: Instant,
    /// The bytes that were sent with it.
    bytes: usize,
    /// Frames no longer wait for its answer, which may still come.
    given_up: bool,
}

/// An answer that has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// To a question that was given up or never asked.
    Stray,
    /// To the oldest question that is waited for.
    Due {
        /// When it came.
        at: Instant,
        /// How long it took; `None` if answers have got lost, so that it is not known which question it belongs to.
        took: Option<Duration>,
        /// Whether more questions are waited for.
        more: bool,
    },
}

/// The open questions, and the answers that nobody has taken yet.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "facts, each of which may hold together with any other")]
pub struct Questions {
    /// Oldest first; those that were given up come before the others.
    open: VecDeque<Asked>,
    came: Vec<Answer>,
    /// Whether somebody is to be woken for the next answer.
    awaited: bool,
    /// When the last question was asked.
    last: Option<Instant>,
    /// What the slowest answer has taken.
    slowest: Option<Duration>,
    /// More answers have come than questions were asked: none can be matched with its question.
    doubled: bool,
    /// A question was left without an answer before there was any.
    silent: bool,
    /// A question was asked again because its answer is overdue: answers may be missing.
    doubtful: bool,
}

impl Questions {
    /// Nothing has been asked.
    pub const NONE: Self = Self {
        open: VecDeque::new(),
        came: Vec::new(),
        awaited: false,
        last: None,
        slowest: None,
        doubled: false,
        silent: false,
        doubtful: false,
    };

    /// A question is about to be sent, together with `bytes`.
    pub fn asked(&mut self, bytes: usize, now: Instant) {
        let old = |asked: &Asked| now.saturating_duration_since(asked.at) >= FIRST;
        self.silent |= self.slowest.is_none() && self.open.front().is_some_and(old);
        self.open.push_back(Asked { at: now, bytes, given_up: false });
        self.last = Some(now);
    }

    /// A question is about to be sent once more, because its answer is overdue.
    pub fn asked_again(&mut self, bytes: usize, now: Instant) {
        self.asked(bytes, now);
        self.doubtful = true;
    }

    /// An answer has come. Returns whether somebody has to be woken for it.
    pub fn answered(&mut self, now: Instant) -> bool {
        self.silent = false;
        let answer = match self.open.pop_front() {
            Some(asked) => {
                let took = (!self.doubtful).then(|| now.saturating_duration_since(asked.at));
                self.slowest = self.slowest.max(took.map(|took| took.min(MOST)));
                self.doubtful &= !self.open.is_empty();
                if asked.given_up { Answer::Stray } else { Answer::Due { at: now, took, more: self.waiting() } }
            }
            None => {
                self.doubled = true;
                Answer::Stray
            }
        };
        self.came.push(answer);
        std::mem::take(&mut self.awaited)
    }

    /// Takes the answers that have come; if there are none, `awaited` says whether to wake somebody for the next one.
    pub fn take(&mut self, awaited: bool) -> Vec<Answer> {
        self.awaited = awaited && self.came.is_empty();
        std::mem::take(&mut self.came)
    }

    /// Whether frames wait for an answer.
    #[must_use]
    pub fn waiting(&self) -> bool {
        self.way().next().is_some()
    }

    /// When the oldest question was asked that frames wait for.
    #[must_use]
    pub fn oldest(&self) -> Option<Instant> {
        self.way().next().map(|asked| asked.at)
    }

    /// How many questions frames wait for, and the bytes that were sent with them.
    #[must_use]
    pub fn outstanding(&self) -> (usize, usize) {
        self.way().fold((0, 0), |(count, bytes), asked| (count + 1, bytes + asked.bytes))
    }

    fn way(&self) -> impl Iterator<Item = &Asked> {
        self.open.iter().filter(|asked| !asked.given_up)
    }

    /// Frames wait for no answer any more; those to what was asked so far may still come.
    pub fn give_up(&mut self) {
        self.open.iter_mut().for_each(|asked| asked.given_up = true);
        self.doubtful = false;
    }

    /// What was asked so far will not be answered any more.
    pub fn forget(&mut self) {
        self.open.clear();
        self.doubtful = false;
    }

    /// What the slowest answer has taken.
    #[must_use]
    pub const fn slowest(&self) -> Option<Duration> {
        self.slowest
    }

    /// Whether an answer is still to be expected, so that the end of the program waits for it: the shell would take it
    /// for something typed.
    #[must_use]
    pub fn expected(&self, now: Instant) -> bool {
        let patience = self.slowest.map_or(FIRST, |slowest| MOST.min(2 * slowest + JITTER));
        let recent = self.last.is_some_and(|last| now.saturating_duration_since(last) < patience);
        recent && !self.silent && (self.doubled || !self.open.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    /// How long the end is waited for after questions at these milliseconds, the last of which is the moment of the
    /// end, with so many answers to each after a round trip.
    fn waits(asked: &[u64], round_trip: u64, answers: impl Fn(usize) -> usize) -> u64 {
        let (start, mut questions) = (Instant::now(), Questions::NONE);
        let end = asked.last().copied().unwrap_or_default();
        for at in 0..end + 5000 {
            let now = start + ms(at);
            for (i, _) in asked.iter().enumerate().filter(|(_, asked)| *asked + round_trip == at) {
                for _ in 0..answers(i) {
                    questions.answered(now);
                }
            }
            asked.iter().filter(|asked| **asked == at).for_each(|_| questions.asked(300, now));
            if at >= end && !questions.expected(now) {
                return at - end;
            }
        }
        u64::MAX
    }

    /// How many answers a question gets, by its number.
    type Fault = fn(usize) -> usize;

    fn playing() -> Vec<u64> {
        (0..90).map(|i| 33 * i).collect()
    }

    #[test]
    fn the_end_waits_for_the_last_answer_and_no_longer() {
        for round_trip in [1, 50, 250, 500, 900] {
            assert_eq!(waits(&playing(), round_trip, |_| 1), round_trip);
            assert_eq!(waits(&[0, 5000], round_trip.min(340), |_| 1), round_trip.min(340), "paused");
        }
    }

    #[test]
    fn no_answer_leaks_where_some_are_lost_or_doubled_and_none_is_waited_for_in_vain_for_long() {
        for round_trip in [1, 50, 250, 500, 900] {
            // After a lost one each answer is taken for that of the frame before, 33 ms older.
            let faults: [(&str, Fault, u64); 4] = [
                ("one lost", |i| usize::from(i != 60), 2 * (round_trip + 33) + 160),
                ("one of seven lost", |i| usize::from(i % 7 != 3), 2000),
                ("doubled", |_| 2, 2 * round_trip + 160),
                ("doubled and lost", |i| [2, 1, 0, 1, 1][i % 5], 2000),
            ];
            for (fault, answers, most) in faults {
                let waited = waits(&playing(), round_trip, answers);
                assert!((round_trip..=most).contains(&waited), "{fault} at {round_trip} ms: {waited}");
            }
        }
    }

    #[test]
    fn what_is_known_to_be_lost_makes_nobody_wait() {
        let (start, mut questions) = (Instant::now(), Questions::NONE);
        questions.asked(300, start);
        questions.answered(start + ms(5));
        // Lost; asked again after a second, and that is answered.
        questions.asked(300, start + ms(100));
        questions.asked_again(4, start + ms(1100));
        questions.answered(start + ms(1105));
        assert!(questions.expected(start + ms(1106)) && !questions.expected(start + ms(1261)), "twice 5 ms and 150");
        questions.forget();
        questions.asked(300, start + ms(1270));
        assert!(questions.expected(start + ms(1271)));
        questions.answered(start + ms(1275));
        assert!(!questions.expected(start + ms(1275)));
    }

    #[test]
    fn a_terminal_that_never_answers_is_waited_for_once() {
        assert_eq!(waits(&[0], 1, |_| 0), 350);
        assert_eq!(waits(&[0, 33, 800], 1, |_| 0), 0);
    }

    #[test]
    fn only_who_waits_is_woken_and_once() {
        let (mut questions, now) = (Questions::NONE, Instant::now());
        assert!(!questions.answered(now), "nobody waits");
        assert_eq!(questions.take(true), [Answer::Stray], "one was there: nothing to wait for");
        assert!(!questions.answered(now));
        assert_eq!(questions.take(false).len(), 1);
        assert!(questions.take(true).is_empty());
        assert!(questions.answered(now) && !questions.answered(now), "woken once");
        assert_eq!(questions.take(false).len(), 2);
    }

    #[test]
    fn an_answer_to_a_question_that_was_given_up_measures_no_frame() {
        let (start, mut questions) = (Instant::now(), Questions::NONE);
        questions.asked(5000, start);
        questions.give_up();
        assert!(!questions.waiting() && questions.expected(start + ms(1)));
        questions.asked(300, start + ms(500));
        assert_eq!(questions.outstanding(), (1, 300));
        questions.answered(start + ms(600));
        questions.answered(start + ms(620));
        let due = Answer::Due { at: start + ms(620), took: Some(ms(120)), more: false };
        assert_eq!(questions.take(false), [Answer::Stray, due]);
        assert_eq!(questions.slowest(), Some(ms(600)));
    }
}
