//! Ranges of numbers.

use std::fmt;

/// A range of numbers; displays as `> 0`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    low: f64,
    low_open: bool,
    high: f64,
    high_open: bool,
}

impl Range {
    /// Every number.
    pub const FINITE: Self = Self { low: f64::NEG_INFINITY, low_open: true, high: f64::INFINITY, high_open: true };
    /// Numbers above zero.
    pub const POSITIVE: Self = Self { low: 0.0, low_open: true, high: f64::INFINITY, high_open: true };
    /// Zero and above.
    pub const NON_NEGATIVE: Self = Self { low: 0.0, low_open: false, high: f64::INFINITY, high_open: true };
    /// From zero (included) to one (excluded).
    pub const UNIT: Self = Self { low: 0.0, low_open: false, high: 1.0, high_open: true };
    /// Strictly between zero and one.
    pub const OPEN_UNIT: Self = Self { low: 0.0, low_open: true, high: 1.0, high_open: true };

    /// From `low` to `high`, both included.
    #[must_use]
    pub const fn between([low, high]: [f64; 2]) -> Self {
        Self { low, low_open: false, high, high_open: false }
    }

    /// The ends, each with whether it is excluded.
    #[must_use]
    pub const fn ends(self) -> [(f64, bool); 2] {
        [(self.low, self.low_open), (self.high, self.high_open)]
    }

    /// Whether a number is finite and lies in the range.
    #[must_use]
    pub fn contains(self, value: f64) -> bool {
        let above = if self.low_open { value > self.low } else { value >= self.low };
        let below = if self.high_open { value < self.high } else { value <= self.high };
        value.is_finite() && above && below
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::FINITE {
            return write!(f, "that is finite");
        }
        // As people write it: 1e-9 in place of nine zeros.
        let number = |x: f64| if x != 0.0 && x.abs() < 1e-4 { format!("{x:e}") } else { x.to_string() };
        let (first, second) = (number(self.low), number(self.high));
        if !self.low_open && !self.high_open {
            return write!(f, "from {first} to {second}");
        }
        write!(f, "{} {first}", if self.low_open { ">" } else { "≥" })?;
        if self.high.is_finite() {
            write!(f, " and {} {second}", if self.high_open { "<" } else { "≤" })?;
        }
        Ok(())
    }
}
