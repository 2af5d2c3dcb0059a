//! Numbers in nested lists, rows of words with a number, and places in them: what tables of a process are written as.

use std::fmt;
use std::ops::Range;

/// A finite number, or a list.
#[derive(Debug, Clone, PartialEq)]
pub enum Nested {
    /// A number.
    Number(f64),
    /// A list.
    List(Vec<Nested>),
}

/// A row of a CSV file: words, and a finite number.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The words, column by column.
    pub words: Vec<Box<str>>,
    /// The number.
    pub value: f64,
}

/// A place in the value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spot {
    /// All of it.
    Whole,
    /// An item of nested lists, by the indices that lead to it.
    Item(Vec<usize>),
    /// A row of a CSV file, counted from 0, not counting the header.
    Row(usize),
    /// A part of a text, in bytes.
    Part(Range<usize>),
}

/// What is wrong with settings that are each in their range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field to blame, by name.
    pub field: &'static str,
    /// The place in its value.
    pub spot: Spot,
    /// What is wrong.
    pub message: String,
    /// What to write instead; may be empty.
    pub help: String,
}

impl Fault {
    /// A fault in a field as a whole.
    #[must_use]
    pub fn of(field: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { field, spot: Spot::Whole, message: message.into(), help: help.into() }
    }

    /// The same at a place in the field's value.
    #[must_use]
    pub fn at(self, spot: Spot) -> Self {
        Self { spot, ..self }
    }
}

impl Nested {
    /// The items of a list; `None` for a number.
    #[must_use]
    pub fn list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            Self::Number(_) => None,
        }
    }

    /// The numbers of a list of numbers; `None` if it is anything else.
    #[must_use]
    pub fn numbers(&self) -> Option<Vec<f64>> {
        let number = |item: &Self| if let Self::Number(value) = item { Some(*value) } else { None };
        self.list()?.iter().map(number).collect()
    }
}

impl fmt::Display for Nested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(value) => write!(f, "{value:?}"),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", items.join(", "))
            }
        }
    }
}
