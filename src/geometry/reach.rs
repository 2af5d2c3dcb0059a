//! The distance along a ray up to which a divergence stays within a radius.
//!
//! Not its business: the divergence and the rays (`ball`).

/// The maximum number of evaluations per ray; bracketing takes a few, the rest is more than the tolerance needs.
const MOST: usize = 80;
/// The multiple of the first guess from which a ray counts as unbounded.
const FAR: f64 = 1e5;
/// The tolerance of the end, relative to the radius and to the length of the ray.
const CLOSE: f64 = 1e-11;

/// The end of an interval [0, t] of a ray in which `ratio(t)` is at most one.
///
/// `ratio` is the square root of divergence over radius, which is nearly `t` itself, and `None` outside the family,
/// where the interval ends at the latest. The method is bracketed regula falsi with the Illinois rule (Dowell & Jarratt
/// 1971).
pub fn reach(ratio: impl Fn(f64) -> Option<f64>) -> f64 {
    let (mut low, mut below) = (0.0, -1.0);
    let mut high: Option<(f64, Option<f64>)> = None;
    let mut t = 1.0;
    for _ in 0..MOST {
        match ratio(t).map(|r| r - 1.0) {
            Some(excess) if excess <= 0.0 => {
                // The same end moved twice: halve the value at the other (Illinois rule).
                if let Some((_, Some(above))) = &mut high
                    && low > 0.0
                {
                    *above *= 0.5;
                }
                (low, below) = (t, excess);
            }
            Some(excess) => {
                if matches!(high, Some((_, Some(_)))) {
                    below *= 0.5;
                }
                high = Some((t, excess.is_finite().then_some(excess)));
            }
            None => high = Some((t, None)),
        }
        t = match high {
            None if low > FAR => return low,
            None => low * (1.0 / (1.0 + below)).clamp(1.1, 2.0),
            Some((end, _)) if end - low <= CLOSE * end || below >= -CLOSE => return low,
            Some((end, None)) => 0.5 * (low + end),
            Some((end, Some(above))) => {
                let guess = low - below * (end - low) / (above - below);
                // Rounding may put the guess on an end of the bracket.
                if guess > low && guess < end { guess } else { 0.5 * (low + end) }
            }
        };
    }
    low
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
            let found = reach(ratio);
            assert!((found - end).abs() < 1e-6 * end.max(1.0), "{found} {end}");
            assert!(ratio(found).is_some_and(|r| r <= 1.0 + 1e-10));
        }
    }

    #[test]
    fn a_ratio_that_never_reaches_one_terminates() {
        assert!(reach(|_| Some(0.5)) > 1e4);
        assert!(reach(|_| None) <= CLOSE);
        assert!(reach(|t| if t < 0.3 { Some(t) } else { Some(f64::INFINITY) }) <= 0.3);
    }
}
