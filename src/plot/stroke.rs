//! A polyline as a sequence of dots: each dot once, without the corners that make curves look ragged.
//!
//! Storing and colouring the dots happen elsewhere.

use super::dots::clip;

/// Walks along a polyline and emits every dot; consecutive dots are neighbours in one of eight directions.
#[derive(Debug)]
pub struct Stroke<F: FnMut(usize, i64, i64)> {
    size: [f64; 2],
    emit: F,
    count: usize,
    /// Where the next segment starts.
    pen: Option<[f64; 2]>,
    /// The dot before the pending one, already emitted.
    before: Option<(i64, i64)>,
    /// The newest dot: emitted only when the one after it shows that it is not a corner.
    pending: Option<(i64, i64)>,
}

impl<F: FnMut(usize, i64, i64)> Stroke<F> {
    /// A line over `columns` × `rows` cells; `emit(i, x, y)` gets the i-th dot, counted over the whole line.
    #[must_use]
    pub fn new(columns: usize, rows: usize, emit: F) -> Self {
        let size = [2.0 * columns as f64, 4.0 * rows as f64];
        Self { size, emit, count: 0, pen: None, before: None, pending: None }
    }

    /// Continues to a position in dot units. A position that is not finite breaks the line.
    pub fn to(&mut self, to: [f64; 2]) {
        if !(to[0].is_finite() && to[1].is_finite()) {
            self.lift();
            return;
        }
        let start = self.pen.replace(to).unwrap_or(to);
        // Most steps of a long path stay within one dot.
        if self.pending == Some((floor(to[0]), floor(to[1]))) {
            return;
        }
        let Some((from, to)) = clip(start, to, self.size) else { return };
        let length = (to[0] - from[0]).abs().max((to[1] - from[1]).abs());
        let steps = (length.ceil() as usize).max(1);
        // Where a segment begins, the one before has ended.
        let first = usize::from(self.pending.is_some() && from == start);
        for i in first..=steps {
            let t = i as f64 / steps as f64;
            let x = from[0] + t * (to[0] - from[0]);
            let y = from[1] + t * (to[1] - from[1]);
            self.push((floor(x), floor(y)));
        }
    }

    /// Ends the line; what follows starts a new one with the count running on.
    pub fn lift(&mut self) {
        self.flush();
        self.pen = None;
        self.before = None;
    }

    fn push(&mut self, dot: (i64, i64)) {
        if self.pending == Some(dot) {
            return;
        }
        // Positions of a line far outside the frame saturate.
        let adjacent = |a: (i64, i64)| a.0.abs_diff(dot.0) <= 1 && a.1.abs_diff(dot.1) <= 1;
        // A dot whose two neighbours touch each other is a corner.
        let corner = self.pending.is_some() && self.before.is_some_and(adjacent);
        if !corner {
            self.flush();
        }
        self.pending = Some(dot);
    }

    fn flush(&mut self) {
        if let Some(dot) = self.pending.take() {
            (self.emit)(self.count, dot.0, dot.1);
            self.count += 1;
            self.before = Some(dot);
        }
    }
}

impl<F: FnMut(usize, i64, i64)> Drop for Stroke<F> {
    fn drop(&mut self) {
        self.flush();
    }
}

/// Floor by a cast: `f64::floor` is a library call on processors without the instruction.
fn floor(x: f64) -> i64 {
    let whole = x as i64;
    whole.saturating_sub(i64::from(x < whole as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dots(points: &[[f64; 2]]) -> Vec<(i64, i64)> {
        let mut all = Vec::new();
        let mut stroke = Stroke::new(20, 10, |_, x, y| all.push((x, y)));
        points.iter().for_each(|&p| stroke.to(p));
        drop(stroke);
        all
    }

    #[test]
    fn floors_are_floors() {
        for x in [-2.0, -1.5, -1.0, -0.1, -0.0, 0.0, 0.9, 1.0, 7.25, -1e300, 1e300] {
            assert_eq!(floor(x), x.floor() as i64, "{x}");
        }
    }

    #[test]
    fn corners_are_left_out() {
        assert_eq!(dots(&[[0.5, 0.5], [1.5, 0.5], [1.5, 1.5]]), [(0, 0), (1, 1)]);
        assert_eq!(dots(&[[0.5, 0.5], [3.5, 0.5]]), [(0, 0), (1, 0), (2, 0), (3, 0)]);
    }

    #[test]
    fn one_point_is_one_dot_and_far_points_are_clipped() {
        assert_eq!(dots(&[[2.5, 2.5]]), [(2, 2)]);
        assert!(dots(&[[2.5, 2.5], [1e30, 1e30]]).len() < 60);
        assert!(dots(&[[f64::NAN, 0.0], [f64::INFINITY, 1.0]]).is_empty());
    }
}
