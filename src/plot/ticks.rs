//! Axis ticks: multiples of 1, 2 or 5 times a power of ten.
//!
//! Which labels have room is decided where they are drawn.

use super::text::width;
use crate::format;

/// A tick: its value and its label in the shortest form.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Its position on the axis.
    pub at: f64,
    /// Its label.
    pub label: String,
}

/// The ticks of a range, at most one in each `spacing`-th of `room` (both in cells). Empty if the range is empty or not
/// finite.
#[must_use]
pub fn ticks(range: [f64; 2], room: usize, spacing: f64) -> Vec<Tick> {
    let span = range[1] - range[0];
    if !(span.is_finite() && span > 0.0) || room == 0 {
        return Vec::new();
    }
    let least = span * spacing / room as f64;
    let power = least.log10().floor() as i32;
    // The mantissa is read from the decimal text, so that labels carry no rounding noise.
    let candidates = (power..=power + 1).flat_map(|k| [1, 2, 5].map(|m| (m, k)));
    let Some((m, k)) = candidates.into_iter().find(|&(m, k)| f64::from(m) * 10_f64.powi(k) >= least * 0.999) else {
        return Vec::new();
    };
    let value = |n: i64| {
        let n = n * i64::from(m);
        if k < 0 { n as f64 / 10_f64.powi(-k) } else { n as f64 * 10_f64.powi(k) }
    };
    let step = value(1);
    let (first, last) = ((range[0] / step).ceil(), (range[1] / step).floor());
    // Far from zero the step may vanish in rounding.
    if !(step > 0.0 && step.is_finite() && first.abs().max(last.abs()) < 1e15) {
        return Vec::new();
    }
    (first as i64..=last as i64).map(|n| Tick { at: value(n), label: format::label(value(n)) }).collect()
}

/// The ticks of a range about `spacing` cells apart; closer where fewer than two of their labels would be seen, for one
/// number is no scale. At the end of the axis `name` takes its place.
#[must_use]
pub fn readable(range: [f64; 2], room: u16, spacing: f64, name: &str) -> Vec<Tick> {
    let room = usize::from(room);
    // A label stands between blanks, the name as well and before the corner.
    let end = (room as f64) - if name.is_empty() { 0.0 } else { f64::from(width(name)) + 3.0 };
    let seen = |tick: &&Tick| {
        let at = (tick.at - range[0]) / (range[1] - range[0]) * room as f64;
        let half = 0.5 * f64::from(width(&tick.label)) + 0.5;
        at >= half && at + half <= end
    };
    let mut best = (0, Vec::new());
    for share in [1.0, 0.6, 0.4, 0.3] {
        let found = ticks(range, room, share * spacing);
        let count = found.iter().filter(seen).count();
        if best.1.is_empty() || count > best.0 {
            best = (count, found);
        }
        if best.0 >= 2 {
            break;
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(range: [f64; 2], room: usize, spacing: f64) -> Vec<String> {
        ticks(range, room, spacing).into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn one_number_is_no_scale() {
        let labels = |range, room, name| -> Vec<String> {
            readable(range, room, 16.0, name).into_iter().map(|tick| tick.label).collect()
        };
        assert_eq!(labels([-0.9, 2.6], 46, ""), ["0", "2"]);
        // The second would be under the name.
        assert_eq!(labels([-0.9, 2.3], 46, "mean"), ["0", "1", "2"]);
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(labels([-0.55, 2.95], 94, 14.0), ["0", "1", "2"]);
        assert_eq!(labels([0.1, 2.03], 31, 5.0), ["0.5", "1", "1.5", "2"]);
        assert_eq!(labels([0.25, 0.42], 31, 5.0), ["0.25", "0.3", "0.35", "0.4"]);
        assert_eq!(labels([-2.1e-7, 2.1e-7], 40, 9.0), ["−2e−7", "−1e−7", "0", "1e−7", "2e−7"]);
        assert!(labels([1.0, 1.0], 40, 10.0).is_empty());
        assert!(labels([f64::NAN, 1.0], 40, 10.0).is_empty());
        assert!(labels([1e20, 1e20 + 1e5], 40, 10.0).is_empty());
    }
}
