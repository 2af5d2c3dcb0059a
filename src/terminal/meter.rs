//! Traffic on the link: bytes and frames of the last second. Pure: time is passed in.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::app::Traffic;

/// The time window.
const SPAN: Duration = Duration::from_secs(1);

/// The frames sent within the last second.
#[derive(Debug, Default)]
pub struct Meter {
    frames: VecDeque<(Instant, usize)>,
}

impl Meter {
    /// A frame has been sent.
    pub fn add(&mut self, bytes: usize, now: Instant) {
        self.forget(now);
        self.frames.push_back((now, bytes));
    }

    /// What has been sent within the last second.
    pub fn read(&mut self, round_trip: Option<Duration>, now: Instant) -> Traffic {
        self.forget(now);
        Traffic { bytes: self.frames.iter().map(|(_, bytes)| bytes).sum(), frames: self.frames.len(), round_trip }
    }

    fn forget(&mut self, now: Instant) {
        while self.frames.front().is_some_and(|(at, _)| now.saturating_duration_since(*at) >= SPAN) {
            self.frames.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_one_second() {
        let (start, mut meter) = (Instant::now(), Meter::default());
        for i in 0..50_u32 {
            meter.add(100, start + i * Duration::from_millis(50));
        }
        let end = start + 49 * Duration::from_millis(50);
        let told = meter.read(None, end);
        assert_eq!((told.bytes, told.frames), (2000, 20));
        assert_eq!(meter.read(None, end + SPAN).frames, 0);
    }
}
