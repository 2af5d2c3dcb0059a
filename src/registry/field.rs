//! Fields that a scenario may set: name, kind, range, default, one line of doc.
//!
//! Reads no files: `scenario` turns text into [`Settings`] with these tables.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex};

use super::Known;
use crate::expression::Expression;

/// A setting of a family, an objective or an optimizer that a scenario may set.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// The key in the scenario file.
    pub name: &'static str,
    /// The type and the range of its values.
    pub kind: Kind,
    /// The default.
    pub default: Preset,
    /// One line of documentation for `list`, help and docs.
    pub doc: &'static str,
    /// Its names in other programs, which lead to a suggestion.
    pub synonyms: &'static [&'static str],
}

impl From<&Field> for Known<'static> {
    fn from(field: &Field) -> Self {
        Self::with(field.name, field.synonyms)
    }
}

/// The type of a field's value.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A finite number in a range.
    Number(Range),
    /// A whole number between two bounds, both included.
    Integer(u64, u64),
    /// `true` or `false`.
    Flag,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A symmetric positive definite 2×2 matrix.
    Covariance,
    /// One or more finite numbers; in a scenario a list or a column of a CSV file.
    Numbers,
    /// The same, or several columns of a CSV file.
    Columns,
    /// Points of the scenario's model in a CSV file: a column for every canonical parameter, no others.
    Path,
    /// A point of the scenario's family.
    Point,
    /// Observations of the scenario's family: given, read from a CSV file, or drawn.
    Data,
    /// The number of observations a step sees: at least one, at most this many and no more than there are data.
    Batch(u64),
    /// An expression.
    Formula(Variables),
}

/// The variables of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variables {
    /// The canonical parameters of the scenario's family.
    Parameters,
    /// An observation `x` that is a single number.
    Observation,
}

/// A range of numbers; displays as `> 0`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    low: f64,
    low_open: bool,
    high: f64,
    high_open: bool,
}

impl Range {
    /// Numbers above zero.
    pub const POSITIVE: Self = Self { low: 0.0, low_open: true, high: f64::INFINITY, high_open: true };
    /// Zero and above.
    pub const NON_NEGATIVE: Self = Self { low: 0.0, low_open: false, high: f64::INFINITY, high_open: true };
    /// From zero (included) to one (excluded).
    pub const UNIT: Self = Self { low: 0.0, low_open: false, high: 1.0, high_open: true };
    /// Strictly between zero and one.
    pub const OPEN_UNIT: Self = Self { low: 0.0, low_open: true, high: 1.0, high_open: true };

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
        let low = if self.low_open { ">" } else { "≥" };
        write!(f, "{low} {}", self.low)?;
        if self.high.is_finite() {
            let high = if self.high_open { "<" } else { "≤" };
            write!(f, " and {high} {}", self.high)?;
        }
        Ok(())
    }
}

/// Rounds to three significant digits, enough for a learning rate found by a search.
#[must_use]
pub fn three_digits(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}

/// The default of a field.
#[derive(Debug, Clone, Copy)]
pub enum Preset {
    /// The scenario must set it.
    Required,
    /// Not set unless the scenario sets it.
    Unset,
    /// A number.
    Number(f64),
    /// A whole number.
    Integer(u64),
    /// A flag.
    Flag(bool),
    /// A word of the field's choice.
    Choice(&'static str),
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

impl Field {
    /// A number with a default.
    #[must_use]
    pub const fn number(name: &'static str, default: f64, range: Range, doc: &'static str) -> Self {
        Self { name, kind: Kind::Number(range), default: Preset::Number(default), doc, synonyms: &[] }
    }

    /// A number that the scenario must set.
    #[must_use]
    pub const fn required(name: &'static str, range: Range, doc: &'static str) -> Self {
        Self { name, kind: Kind::Number(range), default: Preset::Required, doc, synonyms: &[] }
    }

    /// A whole number from `low` to `high` with a default.
    #[must_use]
    pub const fn integer(name: &'static str, default: u64, low: u64, high: u64, doc: &'static str) -> Self {
        Self { name, kind: Kind::Integer(low, high), default: Preset::Integer(default), doc, synonyms: &[] }
    }

    /// A flag, off by default.
    #[must_use]
    pub const fn flag(name: &'static str, doc: &'static str) -> Self {
        Self { name, kind: Kind::Flag, default: Preset::Flag(false), doc, synonyms: &[] }
    }

    /// One of several words; the first is the default.
    #[must_use]
    pub const fn choice(name: &'static str, words: &'static [&'static str], doc: &'static str) -> Self {
        Self { name, kind: Kind::Choice(words), default: Preset::Choice(words[0]), doc, synonyms: &[] }
    }

    /// The learning rate `lr`, the same for every optimizer except for its default.
    #[must_use]
    pub const fn rate(default: f64) -> Self {
        Self::number("lr", default, Range::POSITIVE, "learning rate").or(&[
            "learning-rate",
            "rate",
            "step-size",
            "stepsize",
            "eta",
            "alpha",
        ])
    }

    /// Adds the field's names in other programs.
    #[must_use]
    pub const fn or(self, synonyms: &'static [&'static str]) -> Self {
        Self { synonyms, ..self }
    }
}

/// The value of a field, set or default.
#[derive(Debug, Clone, PartialEq)]
pub enum Setting {
    /// A finite number in its field's range.
    Number(f64),
    /// A whole number in its field's range.
    Integer(u64),
    /// A flag.
    Flag(bool),
    /// A word of its field's choice.
    Choice(&'static str),
    /// A symmetric positive definite matrix, row by row.
    Covariance([[f64; 2]; 2]),
    /// One or more finite numbers; rows of several numbers are concatenated.
    Numbers(Arc<[f64]>),
    /// Rows of named columns, one row after the other.
    Table(Arc<[&'static str]>, Arc<[f64]>),
    /// The canonical parameters of a point of the family.
    Point([f64; 2]),
    /// An expression in the variables of its field.
    Formula(Arc<Expression>),
}

/// Values for a table of fields, complete and in range; built once, by the scenario checker.
///
/// A field without a value has its default; a required field without a value is a programming error, for which each
/// reader documents its result.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings(Vec<(&'static str, Setting)>);

impl Settings {
    /// The defaults of a table's fields; required fields have none.
    #[must_use]
    pub fn defaults(fields: &[Field]) -> Self {
        Self(fields.iter().filter_map(|field| Some((field.name, field.default.setting()?))).collect())
    }

    /// Sets a field. The value must be of the field's kind and in its range.
    pub fn set(&mut self, field: &Field, value: Setting) {
        match self.0.iter_mut().find(|(name, _)| *name == field.name) {
            Some(slot) => slot.1 = value,
            None => self.0.push((field.name, value)),
        }
    }

    /// The names and values, in the order in which they were first set.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Setting)> + '_ {
        self.0.iter().cloned()
    }

    /// The value of a field; `None` if it is required and missing.
    #[must_use]
    pub fn get(&self, field: &Field) -> Option<Setting> {
        self.0.iter().find(|(name, _)| *name == field.name).map(|slot| slot.1.clone()).or(field.default.setting())
    }

    /// The value of a number field; NaN if it is required and missing.
    #[must_use]
    pub fn number(&self, field: &Field) -> f64 {
        match self.get(field) {
            Some(Setting::Number(value)) => value,
            _ => f64::NAN,
        }
    }

    /// The value of a whole-number field; 0 if it is required and missing.
    #[must_use]
    pub fn integer(&self, field: &Field) -> u64 {
        match self.get(field) {
            Some(Setting::Integer(value)) => value,
            _ => 0,
        }
    }

    /// The value of a flag.
    #[must_use]
    pub fn flag(&self, field: &Field) -> bool {
        matches!(self.get(field), Some(Setting::Flag(true)))
    }

    /// The matrix of a covariance field; the identity if it is required and missing.
    #[must_use]
    pub fn covariance(&self, field: &Field) -> [[f64; 2]; 2] {
        match self.get(field) {
            Some(Setting::Covariance(matrix)) => matrix,
            _ => [[1.0, 0.0], [0.0, 1.0]],
        }
    }

    /// The values of a list field; empty if it is required and missing.
    #[must_use]
    pub fn numbers(&self, field: &Field) -> Arc<[f64]> {
        match self.get(field) {
            Some(Setting::Numbers(values)) => values,
            _ => Arc::new([]),
        }
    }

    /// The names and the rows of a table, one row after the other; empty if it is missing.
    #[must_use]
    pub fn table(&self, field: &Field) -> (Arc<[&'static str]>, Arc<[f64]>) {
        match self.get(field) {
            Some(Setting::Table(names, values)) => (names, values),
            _ => (Arc::new([]), Arc::new([])),
        }
    }

    /// The point of a point field; NaN if it is missing.
    #[must_use]
    pub fn point(&self, field: &Field) -> [f64; 2] {
        match self.get(field) {
            Some(Setting::Point(point)) => point,
            _ => [f64::NAN; 2],
        }
    }

    /// The size of a batch; `None` if every step sees all observations.
    #[must_use]
    pub fn batch(&self, field: &Field) -> Option<usize> {
        match self.get(field) {
            Some(Setting::Integer(size)) => usize::try_from(size).ok(),
            _ => None,
        }
    }

    /// The expression of a formula field; NaN everywhere if it is missing.
    #[must_use]
    pub fn formula(&self, field: &Field) -> Expression {
        match self.get(field) {
            Some(Setting::Formula(expression)) => (*expression).clone(),
            _ => Expression::constant(f64::NAN),
        }
    }

    /// The word chosen for a choice field; empty if it is required and missing.
    #[must_use]
    pub fn choice(&self, field: &Field) -> &'static str {
        match self.get(field) {
            Some(Setting::Choice(word)) => word,
            _ => "",
        }
    }
}

impl Preset {
    /// The default as a setting; `None` if there is none.
    #[must_use]
    pub const fn setting(self) -> Option<Setting> {
        match self {
            Self::Required | Self::Unset => None,
            Self::Number(value) => Some(Setting::Number(value)),
            Self::Integer(value) => Some(Setting::Integer(value)),
            Self::Flag(value) => Some(Setting::Flag(value)),
            Self::Choice(word) => Some(Setting::Choice(word)),
        }
    }
}

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
            // Read only with a scenario's family at hand.
            Kind::Path | Kind::Point | Kind::Data | Kind::Formula(_) => None,
        };
        value.ok_or_else(|| format!("{} must be {}", self.name, self.kind))
    }
}

/// The same text with the lifetime of the program, for names that stand in files: each different one is kept once.
#[must_use]
pub fn intern(name: &str) -> &'static str {
    static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut names = NAMES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(known) = names.get(name) {
        return known;
    }
    let kept: &'static str = Box::leak(name.to_owned().into_boxed_str());
    names.insert(kept);
    kept
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

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(range) => write!(f, "a number {range}"),
            Self::Integer(low, high) => write!(f, "a whole number from {low} to {high}"),
            Self::Flag => write!(f, "true or false"),
            Self::Choice([]) => write!(f, "a name"),
            Self::Choice(words) => write!(f, "one of {}", words.join(", ")),
            Self::Covariance => write!(f, "a symmetric positive definite matrix [[a, b], [b, c]]"),
            Self::Numbers => write!(f, "a list of numbers"),
            Self::Columns => write!(f, "a list of numbers, or columns of a CSV file"),
            Self::Path => write!(f, "points in a CSV file"),
            Self::Point => write!(f, "a point of the family"),
            Self::Data => write!(f, "a list of observations, columns of a CSV file, or `sample`"),
            Self::Batch(high) => write!(f, "a whole number from 1 to {high}"),
            Self::Formula(Variables::Parameters) => write!(f, "an expression in the family's parameters"),
            Self::Formula(Variables::Observation) => write!(f, "an expression in x"),
        }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(value) => write!(f, "{value:?}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::Flag(value) => write!(f, "{value}"),
            Self::Choice(word) => write!(f, "{word}"),
            Self::Covariance([[a, b], [c, d]]) => write!(f, "[[{a:?}, {b:?}], [{c:?}, {d:?}]]"),
            Self::Numbers(values) => write!(f, "{values:?}"),
            Self::Table(names, _) => write!(f, "{names:?}"),
            Self::Point(point) => write!(f, "{point:?}"),
            Self::Formula(expression) => write!(f, "{:?}", expression.text()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matrices_are_read_as_they_are_written() {
        let field =
            Field { name: "covariance", kind: Kind::Covariance, default: Preset::Required, doc: "", synonyms: &[] };
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
