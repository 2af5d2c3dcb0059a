//! Short ways to say the spans of a table.

use crate::plot::mark::{Ink, Role, Sign};
use crate::plot::pane::{Span, Words};
use crate::plot::text::width;

/// A row of a table.
pub type Line = Vec<Span>;

fn span(column: u16, words: impl Into<String>, role: Role) -> Span {
    let text = Words::Text(words.into());
    Span { column, right: false, most: u16::MAX, text, ink: Ink::Role(role), bold: false }
}

/// The columns of a title that are neither its name nor its detail.
const FRAME: u16 = 6;

/// What a title says behind the name of a pane of so many columns: the first that fits, nothing if none does.
#[must_use]
pub fn titled(name: &str, columns: u16, all: impl IntoIterator<Item = String>) -> String {
    let free = columns.saturating_sub(width(name) + FRAME);
    all.into_iter().find(|words| width(words) <= free).unwrap_or_default()
}

/// A value from a column on.
#[must_use]
pub fn text(column: u16, words: impl Into<String>) -> Span {
    span(column, words, Role::Text)
}

/// What explains.
#[must_use]
pub fn dim(column: u16, words: impl Into<String>) -> Span {
    span(column, words, Role::Dim)
}

/// A value that stands out.
#[must_use]
pub fn bold(column: u16, words: impl Into<String>) -> Span {
    Span { bold: true, ..span(column, words, Role::Text) }
}

/// A racer's sign.
#[must_use]
pub fn label(column: u16, sign: Sign, racer: usize) -> Span {
    Span { column, right: false, most: 1, text: Words::Sign(sign), ink: Ink::Racer(racer), bold: true }
}

/// The mark of what is chosen.
#[must_use]
pub fn chosen(column: u16, racer: usize) -> Span {
    Span { column, right: false, most: 1, text: Words::Chosen, ink: Ink::Racer(racer), bold: false }
}

impl Span {
    /// How many columns its text takes.
    #[must_use]
    pub fn wide(&self) -> u16 {
        if let Words::Text(text) = &self.text { width(text).min(self.most) } else { self.most }
    }

    /// The same, ending before its column.
    #[must_use]
    pub fn right(self) -> Self {
        Self { right: true, ..self }
    }

    /// The same in at most so many columns.
    #[must_use]
    pub fn most(self, most: u16) -> Self {
        Self { most, ..self }
    }

    /// The same in another colour.
    #[must_use]
    pub fn ink(self, ink: Ink) -> Self {
        Self { ink, ..self }
    }
}
