//! A vertical axis, logarithmic or linear: from values to rows and which values are labelled.
//!
//! The largest value lies in the middle of the first row, the smallest in the last dot of the last one, so that a line
//! running through the floor is visible.

use crate::format;
use crate::plot::pane::Axis;
use crate::plot::ticks::{Tick, ticks};

/// The minimum distance between two labels, in rows.
const APART: u16 = 2;

/// A vertical axis over some rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Upright {
    log: bool,
    /// The range, of the logarithms where it is logarithmic.
    low: f64,
    high: f64,
    /// The height in cells.
    pub rows: u16,
}

impl Upright {
    /// A logarithmic axis from `high` down to the decade mark at or below `low`, or where that is less than a decade
    /// away to the 1, 2 or 5 there; `None` if they are not numbers above zero.
    #[must_use]
    pub fn log(low: f64, high: f64, rows: u16) -> Option<Self> {
        let (high, exact) = (high.log10(), low.log10());
        let decade = exact.floor();
        let marks = [5.0_f64, 2.0].map(|mantissa| decade + mantissa.log10());
        let near = marks.into_iter().find(|mark| *mark <= exact && high - exact < 1.0);
        let mut low = near.unwrap_or(decade);
        if !(low.is_finite() && high.is_finite()) || rows == 0 {
            return None;
        }
        if high - low < 0.1 {
            low -= 1.0;
        }
        Some(Self { log: true, low, high, rows })
    }

    /// A linear axis; `None` if its ends are not two numbers.
    #[must_use]
    pub fn linear(low: f64, high: f64, rows: u16) -> Option<Self> {
        ((high - low).is_finite() && high > low && rows > 0).then_some(Self { log: false, low, high, rows })
    }

    /// A linear axis from zero, or the lowest value if that is below, up to the highest; where all are one, up to zero or one.
    #[must_use]
    pub fn from_zero(lowest: f64, highest: f64, rows: u16) -> Option<Self> {
        let low = lowest.min(0.0);
        let above = if low < 0.0 { 0.0 } else { 1.0 };
        Self::linear(low, if highest > low { highest } else { above }, rows)
    }

    /// The row of a value, with its fraction; what lies beyond the axis is at most a screen away. NaN stays NaN.
    #[must_use]
    pub fn row(&self, value: f64) -> f64 {
        let value = match (self.log, value > 0.0) {
            (true, true) => value.log10(),
            (true, false) if value.is_nan() => f64::NAN,
            (true, false) => f64::NEG_INFINITY,
            _ => value,
        };
        let share = (self.high - value) / (self.high - self.low);
        let rows = f64::from(self.rows);
        // `clamp` keeps NaN.
        (0.5 + share * (rows - 0.7)).clamp(-rows, 3.0 * rows)
    }

    /// The axis, with its labelled values.
    #[must_use]
    pub fn axis(&self) -> Axis {
        let rows = f64::from(self.rows);
        let span = (self.high - self.low) * rows / (rows - 0.7);
        let high = self.high + 0.5 / rows * span;
        let range = [high - span, high].map(|end| if self.log { 10_f64.powf(end) } else { end });
        let ticks = ticks_upright(self).into_iter().map(|(_, tick)| tick).collect();
        Axis { range, log: self.log, name: String::new(), ticks }
    }

    /// A value, or what stands in the middle of the first or the last row for one beyond it. `None` for NaN.
    #[must_use]
    pub fn held(&self, value: f64) -> Option<f64> {
        let (row, rows) = (self.row(value), f64::from(self.rows));
        let at = |row: f64| {
            let linear = self.high - (row - 0.5) / (rows - 0.7) * (self.high - self.low);
            if self.log { 10_f64.powf(linear) } else { linear }
        };
        match row {
            _ if row.is_nan() => None,
            _ if row < 0.0 => Some(at(0.5)),
            _ if row >= rows => Some(at(rows - 0.5)),
            _ => Some(value),
        }
    }

    fn holds(&self, value: f64) -> Option<u16> {
        let row = self.row(value);
        (row >= 0.0 && row < f64::from(self.rows)).then_some(row as u16)
    }
}

/// A label of at most five characters for a 1, 2, 3 or 5 times a power of ten down to 1e−99.
fn short(value: f64) -> String {
    let label = format::label(value);
    if label.chars().count() > 5 { format!("{value:e}").replace('-', "−") } else { label }
}

/// The labelled values of an axis with their rows: 1-2-5, 1-3 or decades by room, from the lowest up.
fn ticks_upright(axis: &Upright) -> Vec<(u16, Tick)> {
    let found = |values: Vec<Tick>| -> Vec<(u16, Tick)> {
        values.into_iter().filter_map(|tick| Some((axis.holds(tick.at)?, tick))).collect()
    };
    let even = |low: f64, high: f64| {
        let by = |spacing| spread(&found(ticks([low, high], usize::from(axis.rows), spacing)));
        // One number alone does not make a scale.
        let wide = by(f64::from(APART) + 1.0);
        if wide.len() < 2 { by(f64::from(APART) - 0.5) } else { wide }
    };
    if !axis.log {
        return even(axis.low, axis.high);
    }
    let labels = spread(&found(logarithmic(axis)));
    // Less than a decade may have only one round number.
    let fine = if labels.len() < 2 { even(10_f64.powf(axis.low), 10_f64.powf(axis.high)) } else { Vec::new() };
    if fine.len() > labels.len() { fine } else { labels }
}

/// The round numbers of a logarithmic axis.
fn logarithmic(axis: &Upright) -> Vec<Tick> {
    let room = f64::from(axis.rows) / (axis.high - axis.low);
    let mantissas: &[i32] = match room {
        4.2.. => &[1, 2, 5],
        3.6.. => &[1, 3],
        _ => &[1],
    };
    // An even stride of decades: thinning labels one by one would leave gaps of one and of two.
    let stride = [1, 2, 3, 4, 5, 6, 8, 10].into_iter().find(|stride| room * f64::from(*stride) >= f64::from(APART));
    let (low, stride) = (axis.low.floor() as i32, stride.unwrap_or(20));
    let exponents = (low..=axis.high.floor() as i32).filter(|exponent| exponent.rem_euclid(stride) == 0);
    exponents
        .flat_map(|exponent| mantissas.iter().map(move |mantissa| (mantissa, exponent)))
        .map(|(mantissa, exponent)| {
            // Parsed from text: a product would have spurious digits.
            let at = format!("{mantissa}e{exponent}").parse().unwrap_or(f64::NAN);
            Tick { at, label: short(at) }
        })
        .collect()
}

/// As many labels as do not touch, begun at the lower or the upper end: where both give as many, those that span more.
fn spread(labels: &[(u16, Tick)]) -> Vec<(u16, Tick)> {
    let thin = |labels: &mut dyn Iterator<Item = &(u16, Tick)>| {
        let mut kept: Vec<(u16, Tick)> = Vec::new();
        for label in labels {
            if kept.last().is_none_or(|last| last.0.abs_diff(label.0) >= APART) {
                kept.push(label.clone());
            }
        }
        kept
    };
    let (up, mut down) = (thin(&mut labels.iter()), thin(&mut labels.iter().rev()));
    down.reverse();
    let worth = |labels: &[(u16, Tick)]| {
        let span = labels.first().zip(labels.last()).map_or(0, |(first, last)| first.0.abs_diff(last.0));
        (labels.len(), span)
    };
    if worth(&down) > worth(&up) { down } else { up }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: Option<Upright>) -> Vec<(u16, String)> {
        axis.map(|axis| ticks_upright(&axis))
            .unwrap_or_default()
            .into_iter()
            .map(|(row, tick)| (row, tick.label))
            .collect()
    }

    #[test]
    fn decades_are_halved_as_room_allows() {
        let text = |rows| labels(Upright::log(0.11, 2.318, rows)).into_iter().map(|(_, l)| l).collect::<Vec<_>>();
        assert_eq!(text(8), ["0.1", "0.5", "1", "2"]);
        assert_eq!(text(7), ["0.1", "0.5", "2"]);
        assert_eq!(text(6), ["0.1", "0.5", "2"]);
        assert_eq!(text(12), ["0.1", "0.2", "0.5", "1", "2"]);
        assert_eq!(labels(Upright::log(0.11, 2.318, 8)).iter().map(|l| l.0).collect::<Vec<_>>(), [7, 4, 2, 0]);
    }

    #[test]
    fn less_than_a_decade_is_not_drawn_as_a_whole_one() {
        let foot = |low: f64, high: f64| Upright::log(low, high, 4).map(|axis| 10_f64.powf(axis.low));
        for (low, high, mark) in
            [(0.65, 2.3, 0.5), (0.25, 2.3, 0.2), (0.15, 1.2, 0.1), (6e-5, 2e-4, 5e-5), (0.6, 7.0, 0.1)]
        {
            let foot = foot(low, high).expect("an axis");
            assert!((foot / mark - 1.0).abs() < 1e-12, "{low}..{high}: {foot}");
        }
    }

    #[test]
    fn many_decades_are_even() {
        for rows in 5..20 {
            let rows: Vec<u16> = labels(Upright::log(3e-6, 2.3, rows)).into_iter().map(|label| label.0).collect();
            let gaps: Vec<u16> = rows.windows(2).map(|pair| pair[0] - pair[1]).collect();
            assert!(gaps.iter().max() <= gaps.iter().min().map(|least| least + 1).as_ref(), "{rows:?}");
        }
    }

    #[test]
    fn less_than_a_decade_has_a_scale() {
        let text = labels(Upright::log(1.02, 1.9, 7)).into_iter().map(|l| l.1).collect::<Vec<_>>();
        assert_eq!(text, ["1", "1.5"]);
    }

    #[test]
    fn labels_never_touch_and_stay_inside() {
        for rows in 0..30 {
            for (low, high) in [(1e-16, 3.0), (0.9, 1.0), (1.0, 1.0), (1e-300, 1e300), (5.0, 1e5)] {
                for axis in [Upright::log(low, high, rows), Upright::linear(low, high, rows)] {
                    let rows_of: Vec<u16> = labels(axis).into_iter().map(|label| label.0).collect();
                    assert!(rows_of.windows(2).all(|pair| pair[1] + APART <= pair[0]));
                    assert!(rows_of.iter().all(|row| *row < rows));
                }
            }
        }
    }

    #[test]
    fn labels_fit_their_margin() {
        let text = labels(Upright::log(1e-5, 1e7, 30));
        assert!(text.iter().all(|(_, label)| label.chars().count() <= 5), "{text:?}");
    }

    #[test]
    fn no_axis_without_numbers() {
        assert!(Upright::log(f64::NAN, 1.0, 5).is_none());
        assert!(Upright::log(0.0, 1.0, 5).is_none());
        assert!(Upright::linear(0.0, f64::INFINITY, 5).is_none());
        let axis = Upright::log(0.1, 1.0, 5);
        assert!(axis.is_some_and(|axis| axis.row(f64::NAN).is_nan() && axis.row(0.0) == 15.0));
    }
}
