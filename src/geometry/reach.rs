//! The distance along a ray up to which a divergence stays within a radius.
//!
//! Not its business: the divergence and the rays (`ball`).

/// The maximum number of evaluations per ray; bracketing takes a few, the rest is more than the tolerance needs.
const MOST: usize = 80;
/// The multiple of the first guess from which a ray counts as unbounded.
const FAR: f64 = 1e5;
/// The tolerance of the end, relative to the radius and to the length of the ray.
const CLOSE: f64 = 1e-11;
/// The points that the next guess is interpolated from.
const POINTS: usize = 5;

/// The end of an interval [0, t] of a ray in which `ratio(t)` is at most one.
///
/// `ratio` is the square root of divergence over radius, which is nearly `t` itself, and `None` outside the family,
/// where the interval ends at the latest. t/ratio, as a function of the ratio, is nearly constant and smooth: its
/// interpolant is followed to a ratio of one (inverse interpolation), within a bracket that is halved where that fails.
pub fn reach(start: f64, ratio: impl Fn(f64) -> Option<f64>) -> f64 {
    let (mut low, mut high) = (0.0, f64::INFINITY);
    let mut known = vec![(0.0, 1.0)];
    let mut t = start;
    let mut step = f64::INFINITY;
    for _ in 0..MOST {
        let found = ratio(t);
        match found {
            Some(r) if r <= 1.0 => low = t,
            _ => high = t,
        }
        let guess = found.filter(|r| r.is_finite()).and_then(|r| {
            known.push((r, t / r));
            known.drain(..known.len().saturating_sub(POINTS));
            guess(&known)
        });
        if low > FAR {
            break;
        }
        let inside = |guess: &f64| *guess > low && *guess < high;
        // Interpolation converges faster than halving, or it is not trusted.
        let next = guess.filter(|(guess, _)| inside(guess) && (guess - t).abs() <= 0.5 * step);
        if let Some((end, _)) = next.filter(|(end, error)| *error <= CLOSE * end) {
            return end;
        }
        if found.is_some_and(|r| (r - 1.0).abs() <= CLOSE) {
            return t;
        }
        if high.is_finite() && high - low <= CLOSE * high {
            break;
        }
        let next = match next {
            Some((guess, _)) if high.is_finite() || guess < 2.0 * low => guess,
            _ if high.is_finite() => 0.5 * (low + high),
            _ => 2.0 * low,
        };
        (t, step) = (next, (next - t).abs());
    }
    low
}

/// Where the interpolant of (ratio, t/ratio) has a ratio of one, and about how far that may be off; `None` if two ratios
/// are equal.
fn guess(known: &[(f64, f64)]) -> Option<(f64, f64)> {
    // Neville's scheme: in the end the first is the interpolant of all, the second that of all but the oldest.
    let mut values: Vec<f64> = known.iter().map(|(_, value)| *value).collect();
    for width in 1..known.len() {
        for i in 0..known.len() - width {
            let ((a, _), (b, _)) = (known[i], known[i + width]);
            values[i] = ((b - 1.0) * values[i] + (1.0 - a) * values[i + 1]) / (b - a);
        }
    }
    let (end, error) = (values[0], (values[0] - values[1]).abs());
    (end.is_finite() && error.is_finite()).then_some((end, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    type Ratio = &'static dyn Fn(f64) -> Option<f64>;

    #[test]
    fn the_end_is_where_the_ratio_is_one() {
        let cases: [(Ratio, f64); 5] = [
            (&Some, 1.0),
            (&|t| Some(t.powi(5) / 32.0), 2.0),
            (&|t| Some(3.0 * t + 1e3 * t * t), 0.030_158_332),
            (&|t| Some((50.0 * t).exp_m1()), 2.0_f64.ln() / 50.0),
            (&|t| (t < 0.7).then_some(t), 0.7),
        ];
        for (ratio, end) in cases {
            let found = reach(1.0, ratio);
            assert!((found - end).abs() < 1e-6 * end.max(1.0), "{found} {end}");
            assert!(ratio(found).is_some_and(|r| r <= 1.0 + 1e-10));
        }
    }

    #[test]
    fn a_ratio_that_never_reaches_one_terminates() {
        assert!(reach(1.0, |_| Some(0.5)) > 1e4);
        assert!(reach(1.0, |_| None) <= CLOSE);
        assert!(reach(1.0, |t| if t < 0.3 { Some(t) } else { Some(f64::INFINITY) }) <= 0.3);
    }
}
