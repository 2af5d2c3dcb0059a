//! Error reports on a scenario: position, source line, what was expected, the nearest known name.
//!
//! Errors are found by the checkers and printed by the command line. Every report is safe to print, and its length is
//! bounded however long the file or the list of errors is.

use std::fmt;

use unicode_width::UnicodeWidthStr;

use crate::registry::{Known, nearest};
use crate::text::Safe;

/// The maximum number of errors printed in full.
const MOST: usize = 40;
/// The maximum number of characters in a message or a help line.
const LONGEST: usize = 600;
/// The number of columns shown of a source line.
const WINDOW: usize = 100;

/// Where an error is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In a file; line and column count from 1.
    File {
        /// The file, as the user named it.
        name: String,
        /// The line.
        line: usize,
        /// The column, in characters.
        column: usize,
    },
    /// In an edit, in the user's words.
    Edit(String),
    /// The file as a whole, or no file at all.
    Whole(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { name, line, column } => write!(f, "{}:{line}:{column}", Safe::clipped(name, LONGEST)),
            Self::Edit(text) => write!(f, "{}", Safe::clipped(text, WINDOW)),
            Self::Whole(name) => write!(f, "{}", Safe::clipped(name, LONGEST)),
        }
    }
}

/// A source line cut to a window around the error, with the part to underline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    text: String,
    /// Display columns before the underlined part.
    before: usize,
    /// Display columns of the underlined part.
    width: usize,
}

impl Excerpt {
    /// Cuts `line` around the characters from byte `start` to byte `end` (both clamped to the line).
    #[must_use]
    pub fn new(line: &str, start: usize, end: usize) -> Self {
        let start = boundary(line, start);
        let end = boundary(line, end).max(start);
        let (lead, marked, rest) = (&line[..start], &line[start..end], &line[end..]);
        let fits = line.len() <= 4 * WINDOW && line.width() <= WINDOW;
        let lead = if fits { Safe::new(lead) } else { last(lead, WINDOW / 2) };
        let mark = Safe::clipped(marked, if fits { usize::MAX } else { WINDOW / 3 });
        let room = WINDOW.saturating_sub(lead.as_str().width() + mark.as_str().width());
        let rest = Safe::clipped(rest, if fits { usize::MAX } else { room });
        Self {
            before: lead.as_str().width(),
            width: mark.as_str().width().max(1),
            text: format!("{lead}{mark}{rest}").trim_end().to_owned(),
        }
    }
}

/// The last character boundary at or before `byte`.
fn boundary(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

/// The last characters of a text, cleaned, with `…` in front if anything was cut.
fn last(text: &str, most: usize) -> Safe {
    let mut kept: Vec<char> = text.chars().rev().take(most + 1).collect();
    kept.reverse();
    if kept.len() > most {
        kept.remove(0);
        kept[0] = '…';
    }
    Safe::new(&kept.iter().collect::<String>())
}

/// One error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it is.
    pub place: Place,
    /// What is wrong, in one line.
    pub message: String,
    /// How to fix it: expected values, the nearest name.
    pub help: Vec<String>,
    /// The source line.
    pub excerpt: Option<Excerpt>,
}

impl Problem {
    /// An error without a source line.
    #[must_use]
    pub fn new(place: Place, message: impl Into<String>) -> Self {
        Self { place, message: message.into(), help: Vec::new(), excerpt: None }
    }

    /// Adds a line of help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Message and help in one line, for a status line.
    #[must_use]
    pub fn brief(&self) -> String {
        let mut text = Safe::clipped(&self.message, LONGEST).into_string();
        if let Some(help) = self.help.first() {
            text.push_str("; ");
            text.push_str(Safe::clipped(help, LONGEST).as_str());
        }
        text
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "error: {}", Safe::clipped(&self.message, LONGEST))?;
        let line = match &self.place {
            Place::File { line, .. } => line.to_string(),
            Place::Edit(_) | Place::Whole(_) => String::new(),
        };
        let gutter = line.len().max(1);
        writeln!(f, "{:gutter$}--> {}", "", self.place)?;
        if let Some(excerpt) = &self.excerpt {
            writeln!(f, "{:gutter$} |", "")?;
            writeln!(f, "{line:gutter$} | {}", excerpt.text)?;
            writeln!(
                f,
                "{:gutter$} | {:before$}{:^<width$}",
                "",
                "",
                "^",
                before = excerpt.before,
                width = excerpt.width
            )?;
        }
        for help in &self.help {
            writeln!(f, "{:gutter$} = {}", "", Safe::clipped(help, LONGEST))?;
        }
        Ok(())
    }
}

/// Everything that is wrong with a scenario, in the order of its lines. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    problems: Vec<Problem>,
    /// The number of further errors.
    more: usize,
    note: Option<String>,
}

impl Report {
    /// A report of one error.
    #[must_use]
    pub fn one(problem: Problem) -> Self {
        Self { problems: vec![problem], more: 0, note: None }
    }

    /// A report of several errors; `None` if the list is empty.
    #[must_use]
    pub fn of(problems: Vec<Problem>) -> Option<Self> {
        (!problems.is_empty()).then_some(Self { problems, more: 0, note: None })
    }

    /// Sets the number of further errors, which are only counted.
    #[must_use]
    pub fn and_more(self, more: usize) -> Self {
        Self { more, ..self }
    }

    /// Adds a last line to the whole report.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// The errors.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The first error in one line, for a status line.
    #[must_use]
    pub fn brief(&self) -> String {
        self.problems.first().map(Problem::brief).unwrap_or_default()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.problems.iter().take(MOST).enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        let more = self.problems.len().saturating_sub(MOST) + self.more;
        if more > 0 {
            writeln!(f, "\nand {more} more")?;
        }
        match &self.note {
            Some(note) => writeln!(f, "\nnote: {}", Safe::clipped(note, LONGEST)),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Report {}

/// External text in backticks, cleaned and cut.
#[must_use]
pub fn quote(text: &str) -> String {
    format!("`{}`", Safe::clipped(text, 60))
}

/// Names as a list: "a, b or c".
#[must_use]
pub fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.into_iter().collect();
    match names.as_slice() {
        [] => "nothing".to_owned(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// "did you mean ...?"; `None` if no known name is near.
#[must_use]
pub fn suggestion<'a, K: Into<Known<'a>>>(word: &str, names: impl IntoIterator<Item = K>) -> Option<String> {
    nearest(word, names).map(|name| format!("help: did you mean `{name}`?"))
}
