//! Which questions the terminal has not answered yet, and how long to wait for the answers. Pure: time is passed in.
//!
//! For the end of the program only, when a late answer would be typed into the shell; `link` paces frames by answers.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How long an answer is waited for as long as none has come.
const FIRST: Duration = Duration::from_millis(350);
/// How long one is waited for at most, however long others have taken.
const MOST: Duration = Duration::from_secs(2);
/// An answer may take twice as long as the slowest so far, and this: a terminal that has answered within a millisecond takes many
/// times as long when its machine is busy. Only where an answer is lost is the time spent.
const JITTER: Duration = Duration::from_millis(150);

/// The open questions.
#[derive(Debug)]
pub struct Questions {
    /// When they were asked.
    open: VecDeque<Instant>,
    /// When the last one was.
    last: Option<Instant>,
    /// What the slowest answer has taken.
    pub slowest: Option<Duration>,
    /// More answers have come than were asked for: none can be matched with its question.
    doubled: bool,
    /// A question was left without an answer before there was any.
    silent: bool,
    /// An answer is missing: which question the next ones belong to is not known, so they are no measure.
    doubtful: bool,
}

impl Questions {
    /// Nothing has been asked.
    pub const NONE: Self =
        Self { open: VecDeque::new(), last: None, slowest: None, doubled: false, silent: false, doubtful: false };

    /// A question is about to be sent.
    pub fn asked(&mut self, now: Instant) {
        let older = |asked: &Instant, than| now.saturating_duration_since(*asked) >= than;
        self.silent |= self.slowest.is_none() && self.open.front().is_some_and(|asked| older(asked, FIRST));
        while self.open.front().is_some_and(|asked| older(asked, MOST)) {
            self.open.pop_front();
        }
        self.open.push_back(now);
        self.last = Some(now);
    }

    /// The question is about to be sent once more, since its answer is overdue.
    pub fn asked_again(&mut self, now: Instant) {
        self.asked(now);
        self.doubtful = true;
    }

    /// Nothing that was asked is waited for any more.
    pub fn settled(&mut self) {
        self.open.clear();
        self.doubtful = false;
    }

    /// An answer has come.
    pub fn answered(&mut self, now: Instant) {
        self.silent = false;
        match self.open.pop_front() {
            Some(_) if self.doubtful => self.doubtful = !self.open.is_empty(),
            Some(asked) => {
                let took = now.saturating_duration_since(asked).min(MOST);
                self.slowest = self.slowest.max(Some(took));
            }
            None => self.doubled = true,
        }
    }

    /// Whether an answer is still to be expected.
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
                (0..answers(i)).for_each(|_| questions.answered(now));
            }
            asked.iter().filter(|asked| **asked == at).for_each(|_| questions.asked(now));
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
        questions.asked(start);
        questions.answered(start + ms(5));
        // Lost; asked again after a second, and that is answered.
        questions.asked(start + ms(100));
        questions.asked_again(start + ms(1100));
        questions.answered(start + ms(1105));
        assert!(questions.expected(start + ms(1106)) && !questions.expected(start + ms(1261)), "twice 5 ms and 150");
        questions.settled();
        questions.asked(start + ms(1270));
        assert!(questions.expected(start + ms(1271)));
        questions.answered(start + ms(1275));
        assert!(!questions.expected(start + ms(1275)));
    }

    #[test]
    fn a_terminal_that_never_answers_is_waited_for_once() {
        assert_eq!(waits(&[0], 1, |_| 0), 350);
        assert_eq!(waits(&[0, 33, 800], 1, |_| 0), 0);
    }
}
