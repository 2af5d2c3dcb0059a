//! Reads the value of a field from text, such as an argument of the command line.
//!
//! What stands in a scenario is read by its checkers.

use super::{Field, Kind, Setting};

impl Field {
    /// Reads a value of this field from text.
    ///
    /// # Errors
    /// If the text is not a value of the field. The error says what was expected, as a sentence.
    pub fn read(&self, text: &str) -> Result<Setting, String> {
        let value = match self.kind {
            Kind::Number(range) => number(text).filter(|x| range.contains(*x)).map(Setting::Number),
            Kind::Integer(low, high) => whole(text).filter(|n| (low..=high).contains(n)).map(Setting::Integer),
            Kind::Flag => text.parse().ok().map(Setting::Flag),
            Kind::Choice(words) => words.iter().copied().find(|word| *word == text).map(Setting::Choice),
            Kind::Covariance => matrix(text).filter(|m| covariance_fault(m).is_none()).map(Setting::Covariance),
            Kind::Numbers | Kind::Columns => {
                numbers(text).filter(|all| !all.is_empty()).map(|all| Setting::Numbers(all.into()))
            }
            Kind::Batch(high) => whole(text).filter(|n| (1..=high).contains(n)).map(Setting::Integer),
            // Read only in a scenario.
            _ => None,
        };
        value.ok_or_else(|| format!("{} must be {}", self.name, self.kind))
    }
}

/// What makes a matrix invalid as a covariance, as a predicate (`is not symmetric`); `None` if it is valid.
#[must_use]
pub fn covariance_fault(m: &[[f64; 2]; 2]) -> Option<&'static str> {
    let [[a, b], [c, d]] = *m;
    if m.iter().flatten().any(|entry| !entry.is_finite()) {
        Some("has an entry that is not a finite number")
    } else if b != c {
        Some("is not symmetric")
    } else if !(a > 0.0 && d > 0.0 && b.abs() < a.sqrt() * d.sqrt() && a * d - b * b > 0.0) {
        Some("is not positive definite")
    } else {
        None
    }
}

/// Reads a finite number; a minus sign may be U+2212, as in the program's own output. `None` if the text is anything
/// else.
#[must_use]
pub fn number(text: &str) -> Option<f64> {
    text.trim().replace('\u{2212}', "-").parse().ok().filter(|value: &f64| value.is_finite())
}

/// Reads a whole number from 0 on, also as `1e3`. `None` if the text is anything else.
#[must_use]
pub fn whole(text: &str) -> Option<u64> {
    // Up to 2⁵³ every whole number is a double.
    let exact = |value: &f64| value.fract() == 0.0 && (0.0..=9_007_199_254_740_992.0).contains(value);
    text.trim().parse().ok().or_else(|| number(text).filter(exact).map(|value| value as u64))
}

/// Reads `[1, 2.5]`.
fn numbers(text: &str) -> Option<Vec<f64>> {
    let inner = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    inner.split(',').map(number).collect()
}

/// Reads `[[1, 0.5], [0.5, 2]]`.
fn matrix(text: &str) -> Option<[[f64; 2]; 2]> {
    let inner = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    let (first, second) = inner.split_once(']')?;
    let row = |text: &str| -> Option<[f64; 2]> { numbers(text)?.try_into().ok() };
    Some([row(&format!("{first}]"))?, row(second.trim().strip_prefix(',')?)?])
}

/// Rounds to three significant digits, enough for a learning rate found by a search.
#[must_use]
pub fn three_digits(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::super::Preset;
    use super::*;

    #[test]
    fn matrices_are_read_as_they_are_written() {
        let field = Field::new("covariance", Kind::Covariance, Preset::Required, "");
        let read = field.read("[[1, 0.9], [0.9,1.2]]").expect("a covariance");
        assert_eq!(read, Setting::Covariance([[1.0, 0.9], [0.9, 1.2]]));
        assert_eq!(field.read(&read.to_string()).as_ref(), Ok(&read));
        for wrong in
            ["", "[]", "[[1, 0.9], [0.8, 1]]", "[[1, 2], [2, 1]]", "[[1, 0], [0, 1], [0, 0]]", "[[1,0],[0,nan]]"]
        {
            assert!(field.read(wrong).is_err(), "{wrong}");
        }
    }
}
