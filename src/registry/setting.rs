//! The values of fields, set or default.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex};

use super::{Field, Nested, Preset, Record};
use crate::expression::Expression;

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
    /// A text.
    Text(Arc<str>),
    /// Texts.
    Texts(Arc<[&'static str]>),
    /// Finite numbers in nested lists.
    Nested(Arc<Nested>),
    /// Rows of a CSV file: words and a number.
    Records(Arc<[Record]>),
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

    /// The texts of a field; empty if it is missing.
    #[must_use]
    pub fn texts(&self, field: &Field) -> Arc<[&'static str]> {
        match self.get(field) {
            Some(Setting::Texts(texts)) => texts,
            _ => Arc::new([]),
        }
    }

    /// The text of a field; empty if it is missing.
    #[must_use]
    pub fn text(&self, field: &Field) -> Arc<str> {
        match self.get(field) {
            Some(Setting::Text(text)) => text,
            _ => "".into(),
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
            Self::Required | Self::Either | Self::Unset => None,
            Self::Number(value) => Some(Setting::Number(value)),
            Self::Integer(value) => Some(Setting::Integer(value)),
            Self::Flag(value) => Some(Setting::Flag(value)),
            Self::Choice(word) => Some(Setting::Choice(word)),
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
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Texts(texts) => write!(f, "{texts:?}"),
            Self::Nested(numbers) => write!(f, "{numbers}"),
            Self::Records(rows) => write!(f, "{} rows", rows.len()),
        }
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
