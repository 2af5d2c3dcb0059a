//! Which values of a field get a contour: 1-2-5 per decade, coarser if that is too many, finer if it is too few.
//!
//! Tracing the lines (`contour`) and colouring the bands (`theme`) happen elsewhere.

/// Mantissas from coarse to fine.
const STEPS: [&[f64]; 6] = [
    &[1.0],
    &[1.0, 3.0],
    &[1.0, 2.0, 5.0],
    &[1.0, 1.5, 2.0, 3.0, 5.0, 7.0],
    &[1.0, 1.2, 1.5, 1.7, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0],
    &[
        1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2.0, 2.2, 2.4, 2.6, 2.8, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0,
        6.5, 7.0, 7.5, 8.0, 8.5, 9.0, 9.5,
    ],
];
/// The mantissas the search starts from.
const USUAL: usize = 2;
/// With fewer levels than this, finer steps are tried.
const FEW: usize = 4;
/// The share of the picture that must lie between the lowest and the highest level.
const SHARE: f64 = 0.002;

/// How many times more of the picture the highest band covers where the lowest is given up rather than it.
const MUCH: usize = 8;

/// Levels of values above the best known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Levels {
    /// In increasing order.
    pub values: Vec<f64>,
}

impl Levels {
    /// The levels of a field of values above the best, at most `most`. Values that are not finite are ignored.
    #[must_use]
    pub fn of(values: impl Iterator<Item = f64>, most: usize) -> Self {
        let mut sorted: Vec<f64> = values.filter(|v| v.is_finite()).collect();
        if sorted.is_empty() || most == 0 {
            return Self::default();
        }
        let last = sorted.len() - 1;
        let margin = ((SHARE * sorted.len() as f64).ceil() as usize).min(last);
        let low = *sorted.select_nth_unstable_by(margin, f64::total_cmp).1;
        let high = *sorted.select_nth_unstable_by(last - margin, f64::total_cmp).1;
        // A range of a few roundings has nothing to show.
        let low = low.max(high * 1e-15).max(f64::MIN_POSITIVE * 1e3);
        if low >= high {
            return Self::default();
        }
        let mut step = USUAL;
        let mut levels = between(low, high, STEPS[step]);
        while levels.len() < FEW && step + 1 < STEPS.len() {
            step += 1;
            levels = between(low, high, STEPS[step]);
        }
        // One or two too many are dropped later.
        while levels.len() > most + most / 4 && step > 0 {
            step -= 1;
            levels = between(low, high, STEPS[step]);
        }
        // Still too many decades: every second, third, … of them.
        let every = if levels.len() > most + most / 4 { levels.len().div_ceil(most) } else { 1 };
        let mut values: Vec<f64> = levels.into_iter().step_by(every).collect();
        while values.len() > most {
            // At the top, unless that covers much more of the picture than the lowest band.
            let count = |inside: &dyn Fn(f64) -> bool| sorted.iter().filter(|value| inside(**value)).count();
            let [first, last] = [values[0], values[values.len() - 1]];
            if count(&|value| value >= last) > MUCH * count(&|value| value < first) {
                values.remove(0);
            } else {
                values.pop();
            }
        }
        Self { values }
    }

    /// The band of a value above the best: how many levels lie at or below it. `None` if it is NaN.
    #[must_use]
    pub fn band(&self, value: f64) -> Option<u8> {
        if value.is_nan() {
            return None;
        }
        let band = self.values.iter().take_while(|&&level| level <= value).count();
        u8::try_from(band).ok()
    }

    /// [`Levels::band`] for many values: most lie in the band of the one before.
    pub fn bander(&self) -> impl FnMut(f64) -> Option<u8> + '_ {
        let (mut low, mut high, mut band) = (f64::INFINITY, f64::NEG_INFINITY, None);
        move |value| {
            if !(value >= low && value < high) {
                band = self.band(value);
                let Some(at) = band.map(usize::from) else {
                    // What comes after is looked up, or it would be nothing as well.
                    (low, high) = (f64::INFINITY, f64::NEG_INFINITY);
                    return None;
                };
                let level = |i: usize| self.values.get(i).copied();
                low = at.checked_sub(1).and_then(level).unwrap_or(f64::NEG_INFINITY);
                high = level(at).unwrap_or(f64::INFINITY);
            }
            band
        }
    }

    /// The number of bands.
    #[must_use]
    pub fn bands(&self) -> usize {
        self.values.len() + 1
    }

    /// The decades among the levels; every level if there is no decade.
    #[must_use]
    pub fn decades(&self) -> Vec<f64> {
        let is_decade = |v: &f64| (v.log10() - v.log10().round()).abs() < 1e-9;
        let decades: Vec<f64> = self.values.iter().copied().filter(is_decade).collect();
        if decades.is_empty() { self.values.clone() } else { decades }
    }

    /// The levels that are 1, 2 or 5 times a power of ten if these are three or more, else the decades.
    #[must_use]
    pub fn round(&self) -> Vec<f64> {
        let is_round = |v: &f64| {
            let mantissa = v / 10_f64.powf((v.log10() + 1e-9).floor());
            STEPS[USUAL].iter().any(|step| (mantissa - step).abs() < 1e-9)
        };
        let round: Vec<f64> = self.values.iter().copied().filter(is_round).collect();
        if round.len() >= 3 { round } else { self.decades() }
    }
}

fn between(low: f64, high: f64, mantissas: &[f64]) -> Vec<f64> {
    let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
    (first..=last)
        .flat_map(|k| mantissas.iter().map(move |m| nice(*m, k)))
        .filter(|level| *level > low && *level < high)
        .collect()
}

/// m × 10^k, correctly rounded: 0.1 and not 0.1 + 1e-17.
fn nice(m: f64, k: i32) -> f64 {
    if k < 0 { m / 10_f64.powi(-k) } else { m * 10_f64.powi(k) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(low: f64, high: f64) -> impl Iterator<Item = f64> {
        (0..=10_000).map(move |i| low * (high / low).powf(f64::from(i) / 10_000.0))
    }

    #[test]
    fn levels_are_one_two_five() {
        assert_eq!(Levels::of(spread(0.015, 15.0), 11).values, [0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0]);
        assert_eq!(Levels::of(spread(0.015, 15.0), 11).decades(), [0.1, 1.0, 10.0]);
        assert_eq!(Levels::of(spread(0.015, 15.0), 7).values, [0.03, 0.1, 0.3, 1.0, 3.0, 10.0]);
        assert!(Levels::of(spread(1e-30, 1e30), 7).values.len() <= 7);
        assert!(Levels::of(spread(1.0, 1.9), 11).values.len() >= 4);
    }

    #[test]
    fn round_levels_are_drawn_where_there_are_three() {
        assert_eq!(Levels::of(spread(0.015, 0.9), 11).round(), [0.02, 0.05, 0.1, 0.2, 0.5]);
        // The fill has finer levels there, of which 0.5 and 1 are round.
        assert_eq!(Levels::of(spread(0.31, 1.4), 11).round(), [1.0]);
    }

    #[test]
    fn values_after_a_gap_have_their_bands() {
        let levels = Levels::of(spread(0.015, 15.0), 11);
        let mut band = levels.bander();
        for value in [0.3, f64::NAN, 0.3, 0.4, f64::NAN, f64::NAN, 7.0, 0.001, f64::NAN, 0.001, 99.0, f64::NAN, 99.0] {
            assert_eq!(band(value), levels.band(value), "{value}");
        }
    }

    #[test]
    fn nothing_comes_of_nothing() {
        assert_eq!(Levels::of([f64::NAN, f64::INFINITY].into_iter(), 11).bands(), 1);
        assert_eq!(Levels::of([2.0; 50].into_iter(), 11).bands(), 1);
        assert_eq!(Levels::default().band(f64::NAN), None);
    }
}
