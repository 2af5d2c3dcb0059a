//! How fast frames may follow each other to the terminal. Pure: time is passed in.
//!
//! A write that returns proves nothing: over SSH more than a megabyte is buffered before the first one blocks. So frames
//! end with a question, and a frame that has been answered has been shown. A terminal that answers at once is asked only
//! once for several small frames: each answer wakes both sides. Without answers, there is a byte budget. Which questions
//! are outstanding is counted by `questions`.

use std::time::{Duration, Instant};

use super::questions::{Answer, Questions};

/// Another frame is sent as long as fewer bytes than this are in flight: a network packet's worth.
const PACKET: usize = 1300;
/// So many bytes may go without a question to a terminal that answers at once.
const UNASKED: usize = PACKET / 2;
/// Frames that may be in flight on a link that is fast but long.
const MOST: usize = 8;
/// Frames that may be in flight before the first answer.
const SOME: usize = 4;
/// An answer that takes this much longer than the fastest one has waited in a queue.
const QUEUED: Duration = Duration::from_millis(25);
/// How long to wait for the first answer. A later one counts all the same.
const FIRST: Duration = Duration::from_millis(400);
/// How long to wait for a terminal that has answered before, while keys still arrive.
const LOST: Duration = Duration::from_secs(10);
/// The question is repeated after four times the usual time of an answer plus this, then after twice as long: answers
/// get lost when a client attaches to a multiplexer.
const LATE: Duration = Duration::from_millis(200);
/// The longest time until the question is repeated.
const AGAIN: Duration = Duration::from_secs(2);
/// Once the terminal answers again, the answers to earlier questions follow each other within this time.
const BURST_OF_ANSWERS: Duration = Duration::from_millis(200);

/// Bytes per second if the terminal does not answer.
pub const BUDGET: f64 = 40_000.0;
/// Bytes per second with `--low-bandwidth`.
pub const FRUGAL: f64 = 4_000.0;
/// Seconds' worth of the budget that may be used at once, so that a key need not wait because of the frame before it.
const BURST: f64 = 1.5;

/// Whether the terminal answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answers {
    /// Not known yet.
    Unknown,
    /// It has.
    Yes,
    /// Not within the time allowed.
    No,
}

/// What is known of the link to the terminal.
#[derive(Debug, Clone)]
pub struct Link {
    answers: Answers,
    /// How many frames may be in flight.
    window: usize,
    /// The bytes that were sent without a question since the last one.
    unasked: usize,
    /// The fastest answer so far, and the last one.
    fastest: Option<Duration>,
    last: Option<Duration>,
    /// When to repeat the question without a frame, and how long after that to repeat it again.
    again: Option<(Instant, Duration)>,
    /// The terminal answers again: what it has not answered by then is lost.
    lost: Option<Instant>,
    /// Whether a key has arrived since the oldest frame in flight was sent.
    alive: bool,
    /// Bytes that may be sent at once, and when that was computed.
    saved: f64,
    since: Option<Instant>,
    /// The user's limit in bytes per second, never exceeded for long.
    limit: Option<f64>,
}

impl Link {
    /// A link of which nothing is known, with the user's limit in bytes per second if there is one.
    #[must_use]
    pub fn new(limit: Option<f64>) -> Self {
        Self {
            answers: Answers::Unknown,
            window: 1,
            unasked: 0,
            fastest: None,
            last: None,
            again: None,
            lost: None,
            alive: false,
            saved: limit.unwrap_or(BUDGET) * BURST,
            since: None,
            limit,
        }
    }

    /// The last round trip.
    #[must_use]
    pub const fn round_trip(&self) -> Option<Duration> {
        self.last
    }

    /// Whether a frame may be sent now; if not, when to look again if nothing happens before: a moment in the future if
    /// [`Self::overdue`] was called first. The user's limit applies to what moves by itself: a frame that answers a key
    /// (`key`) does not wait for it.
    pub fn ready(&mut self, questions: &mut Questions, now: Instant, key: bool) -> Result<(), Option<Instant>> {
        self.give_up(questions, now);
        self.save(now);
        if (self.answers == Answers::No || (self.limit.is_some() && !key)) && self.saved < 0.0 {
            return Err(Some(now + Duration::from_secs_f64((-self.saved / self.rate()).max(0.001))));
        }
        let Some(oldest) = questions.oldest() else { return Ok(()) };
        let (frames, bytes) = questions.outstanding();
        match self.answers {
            Answers::No => Ok(()),
            // The first picture and its refinements need not wait for each other.
            Answers::Unknown if frames < SOME && self.saved >= 0.0 => Ok(()),
            Answers::Unknown => Err(Some(oldest + FIRST)),
            Answers::Yes if frames < self.window && bytes + self.unasked < PACKET => Ok(()),
            Answers::Yes => Err(self.again.map(|(at, _)| at).into_iter().chain(self.lost).min()),
        }
    }

    /// Whether a frame of so many bytes sent now is to end with the question. A terminal that does not answer is asked no
    /// more, except after `full` frames: by then it may be another terminal.
    #[must_use]
    pub fn asks(&self, full: bool, bytes: usize) -> bool {
        full || match self.answers {
            Answers::Unknown => true,
            Answers::Yes => !self.near() || self.unasked + bytes > UNASKED,
            Answers::No => false,
        }
    }

    /// Whether the last answers have all come at once.
    fn near(&self) -> bool {
        self.window == MOST && self.last.is_some_and(|took| took < QUEUED)
    }

    /// A frame is about to be sent, which ends with the question if `asked`.
    pub fn sent(&mut self, questions: &mut Questions, bytes: usize, asked: bool, now: Instant) {
        self.save(now);
        self.saved -= bytes as f64;
        if asked {
            if !questions.waiting() {
                self.alive = false;
                self.again = Some(self.later(now));
            }
            questions.asked(bytes + std::mem::take(&mut self.unasked), now);
        } else if self.answers == Answers::Yes {
            self.unasked += bytes;
        }
    }

    /// The terminal has answered.
    pub fn answered(&mut self, answer: Answer) {
        self.answers = Answers::Yes;
        let Answer::Due { at, took, more } = answer else { return };
        self.again = more.then(|| self.later(at));
        let Some(took) = took else {
            self.lost = more.then(|| at + QUEUED + self.fastest.unwrap_or_default().min(BURST_OF_ANSWERS));
            return;
        };
        let fastest = self.fastest.map_or(took, |fastest| fastest.min(took));
        self.window = if took <= fastest + QUEUED { (self.window + 1).min(MOST) } else { 1 };
        // A link may become slower without there being a queue: the measure follows slowly.
        self.fastest = Some(fastest + fastest / 128);
        self.last = Some(took);
    }

    /// A key has arrived: the link from the terminal is alive.
    pub const fn heard(&mut self) {
        self.alive = true;
    }

    /// Whether to repeat the question without a frame because its answer is overdue; it then counts as asked, with
    /// `bytes` sent.
    pub fn overdue(&mut self, questions: &mut Questions, bytes: usize, now: Instant) -> bool {
        let Some((at, wait)) = self.again.filter(|_| self.answers == Answers::Yes) else { return false };
        if now < at {
            return false;
        }
        let wait = AGAIN.min(2 * wait);
        self.again = Some((now + wait, wait));
        (self.lost, self.window) = (None, 1);
        questions.asked_again(bytes, now);
        true
    }

    /// When an answer to what is sent now will be overdue, and after how long.
    fn later(&self, now: Instant) -> (Instant, Duration) {
        let usual = self.fastest.max(self.last).unwrap_or_default();
        let wait = AGAIN.min(4 * usual + LATE);
        (now + wait, wait)
    }

    /// Forgets what was in flight, for example because another program has had the terminal.
    pub fn forget(&mut self, questions: &mut Questions) {
        questions.forget();
        (self.again, self.lost, self.unasked) = (None, None, 0);
    }

    /// Stops waiting for answers that do not come.
    fn give_up(&mut self, questions: &mut Questions, now: Instant) {
        if self.lost.is_some_and(|lost| lost <= now) {
            self.forget(questions);
        }
        let Some(oldest) = questions.oldest() else { return };
        let waited = now.saturating_duration_since(oldest);
        match self.answers {
            Answers::Unknown if waited >= FIRST => questions.give_up(),
            Answers::Yes if waited >= LOST && self.alive => questions.forget(),
            Answers::No => questions.forget(),
            Answers::Unknown | Answers::Yes => return,
        }
        self.answers = Answers::No;
        (self.again, self.lost, self.unasked) = (None, None, 0);
    }

    fn rate(&self) -> f64 {
        self.limit.unwrap_or(BUDGET)
    }

    fn save(&mut self, now: Instant) {
        let passed = self.since.map_or(0.0, |since| now.saturating_duration_since(since).as_secs_f64());
        self.since = Some(now);
        self.saved = (self.saved + passed * self.rate()).min(self.rate() * BURST);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use super::*;

    /// A link and what was asked over it.
    #[derive(Clone)]
    struct Path {
        link: Link,
        questions: Questions,
    }

    impl Path {
        fn new(limit: Option<f64>) -> Self {
            Self { link: Link::new(limit), questions: Questions::NONE }
        }

        fn ready(&mut self, now: Instant, key: bool) -> Result<(), Option<Instant>> {
            self.link.ready(&mut self.questions, now, key)
        }

        fn sent(&mut self, bytes: usize, asked: bool, now: Instant) {
            self.link.sent(&mut self.questions, bytes, asked, now);
        }

        fn overdue(&mut self, bytes: usize, now: Instant) -> bool {
            self.link.overdue(&mut self.questions, bytes, now)
        }

        fn answered(&mut self, now: Instant) {
            self.questions.answered(now);
            self.questions.take(false).into_iter().for_each(|answer| self.link.answered(answer));
        }
    }

    const FRAME: Duration = Duration::from_millis(33);

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    /// A link with a rate in bytes per second and a round trip, with a terminal that answers: plays frames of `bytes` for
    /// `seconds` and returns how many were sent and the longest time from sending to showing, once the first seconds
    /// are over in which it is not known yet whether there will be answers.
    fn play(rate: f64, round_trip: Duration, bytes: usize, seconds: u64) -> (usize, Duration) {
        let start = Instant::now();
        let mut link = Path::new(None);
        let mut answers: VecDeque<Instant> = VecDeque::new();
        let (mut free, mut sent, mut lag) = (start, 0, Duration::ZERO);
        let mut now = start;
        while now < start + Duration::from_secs(seconds) {
            while answers.front().is_some_and(|at| *at <= now) {
                answers.pop_front();
                link.answered(now);
            }
            if link.ready(now, false).is_ok() {
                free = free.max(now) + Duration::from_secs_f64(bytes as f64 / rate);
                let shown = free + round_trip / 2;
                if now > start + ms(5000) {
                    lag = lag.max(shown - now);
                }
                let asks = link.link.asks(false, bytes);
                answers.extend(asks.then_some(shown + round_trip / 2));
                link.sent(bytes, asks, now);
                sent += 1;
                now += FRAME;
            } else {
                now += ms(1);
            }
        }
        (sent, lag)
    }

    #[test]
    fn lag_is_never_more_than_one_way_and_a_frame() {
        for (rate, round_trip) in [(50_000.0, 80), (50_000.0, 300), (250_000.0, 80), (1e7, 1)] {
            for bytes in [200, 1000, 5000, 20_000, 46_000] {
                let (_, lag) = play(rate, ms(round_trip), bytes, 20);
                let frame = Duration::from_secs_f64(bytes as f64 / rate);
                // A packet's worth may be before it.
                let before = Duration::from_secs_f64((PACKET + bytes.min(PACKET)) as f64 / rate);
                assert!(lag <= ms(round_trip) / 2 + frame + before, "{rate} {round_trip} {bytes}: {lag:?}");
            }
        }
    }

    #[test]
    fn long_links_carry_small_frames_at_full_rate() {
        let (sent, _) = play(250_000.0, ms(150), 200, 20);
        // All but the first few, in which the link is found out.
        assert!(sent > 20 * 30 * 9 / 10, "{sent}");
        let (sent, _) = play(50_000.0, ms(80), 10_000, 20);
        assert!((60..=75).contains(&sent), "one at a time: 0.28 s each: {sent}");
    }

    #[test]
    fn a_terminal_that_never_answers_gets_its_budget() {
        let start = Instant::now();
        let mut link = Path::new(None);
        let (mut now, mut bytes) = (start, 0);
        while now < start + Duration::from_secs(20) {
            if link.ready(now, false).is_ok() {
                link.sent(10_000, link.link.asks(false, 10_000), now);
                bytes += 10_000;
            }
            now += ms(5);
        }
        let most = BUDGET * (20.0 + BURST) + 10_000.0;
        assert!(f64::from(bytes) <= most && f64::from(bytes) > 0.9 * BUDGET * 20.0, "{bytes}");
        assert!(!link.link.asks(false, 300) && link.link.asks(true, 300));
        link.answered(now);
        assert!(link.link.asks(false, 300));
    }

    #[test]
    fn a_stalled_link_gets_questions_and_no_frames() {
        let start = Instant::now();
        let mut link = Path::new(None);
        link.sent(500, true, start);
        link.answered(start + ms(80));
        link.sent(500, true, start + ms(100));
        link.sent(900, true, start + ms(133));
        let (mut asked, mut frames) = (0, 0);
        for tenth in 2..350 {
            let now = start + ms(100 * tenth);
            asked += usize::from(link.overdue(4, now));
            frames += usize::from(link.ready(now, false).is_ok());
        }
        // After 0.5, 1 and then every 2 seconds.
        assert_eq!((asked, frames), (18, 0));
        // It lives: all that was asked is answered, or only what was asked last.
        for answers in [20, 1] {
            let mut link = link.clone();
            (0..answers).for_each(|_| link.answered(start + Duration::from_secs(35)));
            assert!(link.ready(start + Duration::from_secs(35) + ms(200), true).is_ok());
        }
    }

    #[test]
    fn a_terminal_that_answers_at_once_is_asked_once_a_packet() {
        // How many of 300 frames of so many bytes ask, the first few aside, and how many bytes go out once no answer comes.
        let play = |round_trip: u64, bytes: usize| {
            let (start, mut link, mut asked) = (Instant::now(), Path::new(None), 0);
            for frame in 0..300 {
                let now = start + FRAME * frame;
                assert!(link.ready(now, false).is_ok(), "{round_trip} {bytes} {frame}");
                let asks = link.link.asks(false, bytes);
                link.sent(bytes, asks, now);
                if asks {
                    asked += usize::from(frame >= 20);
                    link.answered(now + ms(round_trip));
                }
            }
            let (mut now, mut out) = (start + FRAME * 300, 0);
            while link.ready(now, false).is_ok() && now < start + FRAME * 600 {
                link.sent(bytes, link.link.asks(false, bytes), now);
                (now, out) = (now + FRAME, out + bytes);
            }
            (asked, out)
        };
        let (asked, out) = play(2, 300);
        assert!((93..=94).contains(&asked), "every third: {asked}");
        assert!(out <= PACKET + 300, "{out} bytes into a link that stands still");
        assert_eq!(play(2, 700).0, 280, "more than half a packet is always asked for");
        assert_eq!(play(30, 300).0, 280, "on a long way, too");
    }

    #[test]
    fn a_terminal_that_stops_answering_is_not_lost_for_ever() {
        let start = Instant::now();
        let mut link = Path::new(None);
        link.sent(500, true, start);
        link.answered(start);
        link.sent(5000, true, start);
        assert!(link.ready(start + LOST, false).is_err());
        link.link.heard();
        assert!(link.ready(start + LOST, false).is_ok());
    }

    /// Plays for twenty seconds on a terminal that loses some answers or gives them twice; returns the longest time
    /// without a frame from the first second on. The moment to look again is always one to come: otherwise somebody
    /// would spin.
    fn longest_pause(round_trip: Duration, answers: impl Fn(usize) -> usize) -> Duration {
        let start = Instant::now();
        let mut link = Path::new(None);
        let mut due: VecDeque<Instant> = VecDeque::new();
        let (mut asked, mut next, mut last, mut longest) = (0, start, start, Duration::ZERO);
        let mut now = start;
        while now < start + Duration::from_secs(20) {
            while due.front().is_some_and(|at| *at <= now) {
                due.pop_front();
                link.answered(now);
            }
            let mut ask = link.overdue(4, now);
            match link.ready(now, false) {
                Ok(()) if now >= next => {
                    link.sent(300, true, now);
                    ask = true;
                    longest = longest.max(if now > start + ms(1000) { now - last } else { Duration::ZERO });
                    (last, next) = (now, now + FRAME);
                }
                Ok(()) => {}
                Err(again) => assert!(again.is_some_and(|again| again > now), "looks again at a moment that is past"),
            }
            if ask {
                due.extend(std::iter::repeat_n(now + round_trip, answers(asked)));
                asked += 1;
            }
            now += ms(1);
        }
        longest.max(now - last)
    }

    /// How many answers a question gets, by its number.
    type Fault = fn(usize) -> usize;

    #[test]
    fn lost_and_doubled_answers_stop_nothing_for_long() {
        let faults: [(&str, Fault); 5] = [
            ("one lost", |i| usize::from(i != 20)),
            ("several lost", |i| usize::from(!(20..24).contains(&i))),
            ("one of seven lost", |i| usize::from(i % 7 != 3)),
            ("doubled", |_| 2),
            ("doubled and lost", |i| [2, 1, 0, 1][i % 4]),
        ];
        for (round_trip, (fault, answers)) in
            [2, 50, 300, 500].into_iter().flat_map(|ms| faults.map(|fault| (ms, fault)))
        {
            let pause = longest_pause(ms(round_trip), answers);
            assert!(pause < ms(3000), "{fault} at {round_trip} ms: {pause:?}");
        }
        assert!(longest_pause(ms(2), |i| usize::from(i != 20)) < ms(400));
    }

    #[test]
    fn a_limit_holds_on_any_link() {
        let start = Instant::now();
        let mut link = Path::new(Some(FRUGAL));
        let (mut now, mut bytes) = (start, 0.0);
        while now < start + Duration::from_secs(30) {
            if link.ready(now, false).is_ok() {
                link.sent(700, true, now);
                link.answered(now + ms(1));
                bytes += 700.0;
            }
            now += ms(10);
        }
        assert!(bytes <= FRUGAL * (30.0 + BURST) + 700.0, "{bytes}");
    }
}
