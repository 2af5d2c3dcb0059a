//! Fields: the keys of a scenario's tables, each with kind, range, default, one line of doc.
//!
//! Reads nothing: `scenario` turns text into [`Settings`](super::Settings) with tables of fields.

use std::fmt;

use super::{Known, Range};

/// A key of a scenario: of one of its own tables, or of a family, an objective, an optimizer or a measure.
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
    /// One of these words, or a name of the scenario's model.
    Named(&'static [&'static str], More),
    /// The name of a row of a registry. Where it is required, the row's fields are further keys of the same table.
    Name(Rows),
    /// A list of such names.
    Names(Rows),
    /// Text in quotes.
    Text(Text),
    /// Finite numbers in lists nested so deep, or from a CSV file.
    Nested(usize, File),
    /// A list of texts, as many as two bounds allow, both included.
    Texts(usize, usize),
    /// Two finite numbers, the lower one first.
    Interval,
    /// A table with these keys.
    Table(&'static [Field]),
    /// A table with these keys, or one of these words.
    TableOr(&'static [Field], &'static [&'static str]),
    /// So many tables with these keys, both bounds included.
    Tables(&'static [Field], usize, usize),
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

/// A CSV file in the place of nested lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    /// None.
    No,
    /// A row for every inner list, whatever the columns are called.
    Rows,
    /// These columns by name: words, and last a number.
    Named(&'static [&'static str]),
}

/// Names that a field accepts besides its own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum More {
    /// The canonical parameters of the scenario's model.
    Parameters,
    /// Its charts.
    Charts,
}

/// What a text is for, which decides its length and the characters in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// It is shown in one row.
    Line,
    /// It may have several lines.
    Prose,
    /// It is one character, which may be a tab.
    Separator,
    /// It is a formula.
    Formula,
}

/// A registry, as scenarios name its rows.
#[derive(Debug, Clone, Copy)]
pub struct Rows {
    /// What a row is called in messages.
    pub noun: &'static str,
    /// Every row.
    pub all: fn() -> Vec<Row>,
}

/// A row of a registry, as a scenario names it.
#[derive(Debug, Clone)]
pub struct Row {
    /// The name with its synonyms.
    pub known: Known<'static>,
    /// One line of documentation.
    pub doc: &'static str,
    /// The further keys of the table that names it.
    pub fields: Vec<Field>,
}

/// The default of a field.
#[derive(Debug, Clone, Copy)]
pub enum Preset {
    /// The scenario must set it.
    Required,
    /// The scenario must set it, or another key of the same table with this default, but not both.
    Either,
    /// Not set unless the scenario sets it.
    Unset,
    /// A number.
    Number(f64),
    /// A whole number.
    Integer(u64),
    /// A flag.
    Flag(bool),
    /// A word of the field's choice, or a text.
    Choice(&'static str),
}

impl Field {
    /// A field of any kind.
    #[must_use]
    pub const fn new(name: &'static str, kind: Kind, default: Preset, doc: &'static str) -> Self {
        Self { name, kind, default, doc, synonyms: &[] }
    }

    /// Whether a scenario must set it.
    #[must_use]
    pub const fn is_required(&self) -> bool {
        matches!(self.default, Preset::Required)
    }

    /// A number with a default.
    #[must_use]
    pub const fn number(name: &'static str, default: f64, range: Range, doc: &'static str) -> Self {
        Self::new(name, Kind::Number(range), Preset::Number(default), doc)
    }

    /// A number that the scenario must set.
    #[must_use]
    pub const fn required(name: &'static str, range: Range, doc: &'static str) -> Self {
        Self::new(name, Kind::Number(range), Preset::Required, doc)
    }

    /// A whole number from `low` to `high` with a default.
    #[must_use]
    pub const fn integer(name: &'static str, default: u64, low: u64, high: u64, doc: &'static str) -> Self {
        Self::new(name, Kind::Integer(low, high), Preset::Integer(default), doc)
    }

    /// A flag, off by default.
    #[must_use]
    pub const fn flag(name: &'static str, doc: &'static str) -> Self {
        Self::new(name, Kind::Flag, Preset::Flag(false), doc)
    }

    /// One of several words; the first is the default.
    #[must_use]
    pub const fn choice(name: &'static str, words: &'static [&'static str], doc: &'static str) -> Self {
        Self::new(name, Kind::Choice(words), Preset::Choice(words[0]), doc)
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

impl fmt::Display for More {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", if *self == Self::Parameters { "parameter" } else { "chart" })
    }
}

/// The names, where they are few.
impl fmt::Display for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = (self.all)().iter().map(|row| row.known.name).collect();
        let article = if self.noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        if names.len() <= 6 {
            write!(f, "one of {}", names.join(", "))
        } else {
            write!(f, "the name of {article} {}", self.noun)
        }
    }
}

/// Lists nested once, twice and three times.
const NESTED: [&str; 3] = ["a list of numbers", "lists of numbers", "lists of lists of numbers"];

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(range) => write!(f, "a number {range}"),
            Self::Integer(low, u64::MAX) => write!(f, "a whole number ≥ {low}"),
            Self::Integer(low, high) if low == high => write!(f, "{low}"),
            Self::Integer(low, high) => write!(f, "a whole number from {low} to {high}"),
            Self::Flag => write!(f, "true or false"),
            Self::Choice(words) => write!(f, "one of {}", words.join(", ")),
            Self::Named([], more) => write!(f, "a {more}"),
            Self::Named(words, more) => write!(f, "one of {}, or a {more}", words.join(", ")),
            Self::Name(rows) => rows.fmt(f),
            Self::Names(rows) => write!(f, "a list of {}s", rows.noun),
            Self::Text(Text::Separator) => write!(f, "one ASCII character"),
            Self::Text(_) => write!(f, "text"),
            Self::Texts(..) => write!(f, "a list of texts"),
            Self::Nested(depth, file) => {
                write!(f, "{}", NESTED[(*depth).clamp(1, NESTED.len()) - 1])?;
                match file {
                    File::No => Ok(()),
                    File::Rows => write!(f, ", or rows of a CSV file"),
                    File::Named(columns) => write!(f, ", or the columns {} of a CSV file", columns.join(", ")),
                }
            }
            Self::Interval => write!(f, "two numbers [from, to]"),
            Self::Table(_) => write!(f, "a table"),
            Self::TableOr(_, words) => write!(f, "a table, or {}", words.join(", ")),
            Self::Tables(_, _, usize::MAX) => write!(f, "tables"),
            Self::Tables(_, _, most) => write!(f, "up to {most} tables"),
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
