//! When a new size is drawn: the first at once, those of a dragged edge when it comes to rest. Pure: time is passed in.

use std::time::{Duration, Instant};

/// An edge is at rest after this time without another size.
const REST: Duration = Duration::from_millis(40);
/// A size that comes this long after the last one does not belong to a dragged edge.
const CALM: Duration = Duration::from_millis(150);
/// An edge that does not come to rest is followed at this interval.
const PATIENCE: Duration = Duration::from_millis(700);

/// New sizes that are not drawn yet.
#[derive(Debug, Default)]
pub struct Storm {
    /// The last size.
    last: Option<Instant>,
    /// When a new size was last drawn, or when the edge began to move after that.
    followed: Option<Instant>,
    due: Option<Instant>,
}

impl Storm {
    /// The terminal has another size.
    pub fn resized(&mut self, now: Instant) {
        let alone = self.last.is_none_or(|last| now.saturating_duration_since(last) >= CALM);
        self.last = Some(now);
        if alone && self.due.is_none() {
            self.followed = Some(now);
            self.due = Some(now);
        } else {
            let most = self.followed.map_or(now, |followed| followed + PATIENCE);
            self.due = Some((now + REST).min(most.max(now)));
        }
    }

    /// When the newest size is to be drawn; `None` if it has been.
    #[must_use]
    pub const fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Whether the newest size is to be drawn now; if so, it counts as drawn.
    pub fn over(&mut self, now: Instant) -> bool {
        let over = self.due.is_some_and(|due| due <= now);
        if over {
            self.due = None;
            self.followed = Some(now);
        }
        over
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sizes at these milliseconds; returns when pictures were drawn.
    fn drawn(sizes: &[u64]) -> Vec<u64> {
        let (start, mut storm, mut all) = (Instant::now(), Storm::default(), Vec::new());
        for ms in 0..=sizes.last().map_or(0, |last| last + 1000) {
            let now = start + Duration::from_millis(ms);
            for _ in sizes.iter().filter(|at| **at == ms) {
                storm.resized(now);
            }
            if storm.over(now) {
                all.push(ms);
            }
        }
        assert_eq!(storm.due(), None);
        all
    }

    #[test]
    fn a_size_that_stands_alone_is_drawn_at_once() {
        assert_eq!(drawn(&[5, 405, 805]), [5, 405, 805]);
        assert_eq!(drawn(&[5, 7]), [5, 47]);
    }

    #[test]
    fn forty_sizes_cost_three_pictures_and_the_last_is_right_soon() {
        for gap in [0, 1, 5, 16, 30, 39] {
            let sizes: Vec<u64> = (0..40).map(|i| 10 + i * gap).collect();
            let (drawn, last) = (drawn(&sizes), sizes[39]);
            assert!(drawn.len() <= 1 + 40 * gap as usize / 700 + 1 && drawn.len() <= 4, "{gap}: {drawn:?}");
            assert!(drawn.last().is_some_and(|at| *at >= last && *at <= last + 40), "{gap}: {drawn:?} {last}");
        }
    }
}
